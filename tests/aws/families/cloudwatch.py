"""Metrics in CloudWatch: what an adapter has to read back, and what it must not.

Usage: families/cloudwatch.py ENDPOINT [--region REGION]. Prints a query a line, as the example `utilization` of finops-cloudwatch
reads them, with what it must answer under `expected`: a number for each data point, or the reason why there are none.

    cloudwatch.py compare QUERIES ANSWERS    says where answers (a line for each query) are others than expected; ends with code 1
"""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3

HOUR = datetime.timedelta(hours=1)
# More than two requests of 500 queries hold.
TABLES = 1_194
# PutMetricData takes up to 1,000 metrics a request.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
BATCH = 1_000


class Data:
    """Data points, put once they are all known."""

    def __init__(self) -> None:
        now = datetime.datetime.now(datetime.timezone.utc)
        self.hour = now.replace(minute=0, second=0, microsecond=0)
        self.by_namespace: dict[str, list[dict[str, Any]]] = {}

    def put(self, namespace: str, name: str, dimensions: dict[str, str], hours_ago: int, value: float, minute: int = 0) -> None:
        time = self.hour - hours_ago * HOUR + datetime.timedelta(minutes=minute)
        pairs = [{"Name": key, "Value": item} for key, item in dimensions.items()]
        datum = {"MetricName": name, "Dimensions": pairs, "Timestamp": time, "Value": value}
        self.by_namespace.setdefault(namespace, []).append(datum)

    def send(self, cloudwatch: Any) -> None:
        for namespace, data in self.by_namespace.items():
            for start in range(0, len(data), BATCH):
                cloudwatch.put_metric_data(Namespace=namespace, MetricData=data[start : start + BATCH])


def seed(client_factory: Callable[[str], Any]) -> list[dict[str, Any]]:
    data, asked = Data(), list[dict[str, Any]]()

    def ask(
        namespace: str, name: str, dimensions: dict[str, str], statistic: str, expected: list[float] | str, *open_dimensions: str
    ) -> None:
        asked.append(
            {
                "resource_id": "/".join(dimensions.values()),
                "namespace": namespace,
                "metric_name": name,
                "dimensions": dimensions,
                "open_dimensions": list(open_dimensions),
                "statistic": statistic,
                "period_seconds": 3600,
                "expected": expected,
            }
        )

    busy = {"InstanceId": "i-0000000000000busy"}
    for minute in range(50):
        data.put("AWS/EC2", "CPUUtilization", busy, 3, 92.0 if minute == 49 else 1.0, minute)
    ask("AWS/EC2", "CPUUtilization", busy, "p99", [92.0])
    ask("AWS/EC2", "CPUUtilization", busy, "p50", [1.0])
    ask("AWS/EC2", "CPUUtilization", busy, "Average", [141 / 50])
    ask("AWS/EC2", "CPUUtilization", {"InstanceId": "i-00000000000silent"}, "p99", "no_data")

    idle = {"DBInstanceIdentifier": "idle"}
    data.put("AWS/RDS", "DatabaseConnections", idle, 5, 0.0)
    data.put("AWS/RDS", "DatabaseConnections", idle, 4, 0.0)
    ask("AWS/RDS", "DatabaseConnections", idle, "Maximum", [0.0, 0.0])

    # Of a topic, and of another cluster: not to be added.
    broker: Callable[[str, str], dict[str, str]] = lambda cluster, number: {"Cluster Name": cluster, "Broker ID": number}
    for number, value in (("1", 10.0), ("2", 20.0), ("3", 30.0)):
        data.put("AWS/Kafka", "BytesInPerSec", broker("events", number), 6, value)
    data.put("AWS/Kafka", "BytesInPerSec", broker("events", "3"), 7, 5.0)
    data.put("AWS/Kafka", "BytesInPerSec", {**broker("events", "1"), "Topic": "orders"}, 6, 1_000.0)
    data.put("AWS/Kafka", "BytesInPerSec", broker("others", "1"), 6, 2_000.0)
    events = {"Cluster Name": "events"}
    ask("AWS/Kafka", "BytesInPerSec", events, "Sum", [5.0, 60.0], "Broker ID")
    ask("AWS/Kafka", "BytesInPerSec", events, "Maximum", [5.0, 30.0], "Broker ID")
    ask("AWS/Kafka", "BytesInPerSec", events, "p99", [5.0, 30.0], "Broker ID")
    ask("AWS/Kafka", "BytesInPerSec", events, "Minimum", [5.0, 10.0], "Broker ID")
    ask("AWS/Kafka", "BytesInPerSec", events, "Average", "not_collected", "Broker ID")
    ask("AWS/Kafka", "BytesInPerSec", {"Cluster Name": "others"}, "Average", [2_000.0], "Broker ID")
    ask("AWS/Kafka", "BytesInPerSec", {"Cluster Name": "unheard-of"}, "Sum", "no_data", "Broker ID")

    instance = {"InstanceId": "i-000000000000agent"}
    more = {"ImageId": "ami-1", "InstanceType": "m7i.large", **instance}
    data.put("CWAgent", "mem_used_percent", more, 2, 81.5)
    for path, kind, value in (("/", "xfs", 40.0), ("/data", "ext4", 73.0), ("/snap/core/1", "squashfs", 100.0)):
        data.put("CWAgent", "disk_used_percent", {**more, "path": path, "fstype": kind, "device": "nvme0n1"}, 2, value)
    ask("CWAgent", "mem_used_percent", instance, "p99", [81.5])
    ask("CWAgent", "disk_used_percent", instance, "Maximum", [73.0])
    ask("CWAgent", "mem_used_percent", busy, "p99", "no_data")

    for table in range(TABLES):
        dimensions = {"TableName": f"table-{table:04}"}
        data.put("AWS/DynamoDB", "ConsumedReadCapacityUnits", dimensions, 1 + table % 20, float(table))
        ask("AWS/DynamoDB", "ConsumedReadCapacityUnits", dimensions, "Sum", [float(table)])
    # The same once more is no further query, and of another resource another answer.
    asked.append({**asked[-1], "resource_id": "again"})

    data.send(client_factory("cloudwatch"))
    return asked


def differences(asked: list[dict[str, Any]], answered: list[Any]) -> Iterator[str]:
    if len(asked) != len(answered):
        yield f"{len(asked)} queries, {len(answered)} answers"
    for query, answer in zip(asked, answered, strict=False):
        series = answer.get("Value")
        got = answer["Missing"] if series is None else [value for _, value in series["datapoints"]]
        if got != query["expected"] or (series and series["resource_id"] != query["resource_id"]):
            yield f"{query['resource_id']} {query['metric_name']} {query['statistic']}: {got}, not {query['expected']}"


def lines(path: str) -> list[Any]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


def main() -> None:
    if sys.argv[1] == "compare":
        found = list(differences(lines(sys.argv[2]), lines(sys.argv[3])))
        print("\n".join(found) or "as expected")
        sys.exit(bool(found))
    region = sys.argv[sys.argv.index("--region") + 1] if "--region" in sys.argv else "us-east-1"
    keys = {"aws_access_key_id": "AKIARTXV5AHDQFINOPS2", "aws_secret_access_key": "x"}
    for query in seed(lambda service: boto3.client(service, endpoint_url=sys.argv[1], region_name=region, **keys)):
        print(json.dumps(query))


if __name__ == "__main__":
    main()
