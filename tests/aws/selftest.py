"""Starts each double and drives it with boto3: every operation of the scenarios once, every fault once. Exit code 0 when all is well.

Usage: selftest.py [double] [moto] [faults] [replay] [seed]; without names all of them.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

import wire
from accounts import access_key_of
from scenario import Scenario

HERE = Path(__file__).parent
TODAY = datetime.datetime.now(datetime.UTC).date()
MONTH = {"Start": str(TODAY - datetime.timedelta(days=30)), "End": str(TODAY)}
WEEK = {"Start": str(TODAY - datetime.timedelta(days=7)), "End": str(TODAY)}
AHEAD = {"Start": str(TODAY), "End": str(TODAY + datetime.timedelta(days=30))}
PLANS = {"SavingsPlansType": "COMPUTE_SP", "TermInYears": "ONE_YEAR", "PaymentOption": "NO_UPFRONT", "LookbackPeriodInDays": "THIRTY_DAYS"}
RECOMMENDATION = "arn:aws:trustedadvisor::111111111111:recommendation/0c1d2e3f-1111-2222-3333-444455556666"

# What operations need to be asked with; others need nothing.
PARAMETERS: dict[tuple[str, str], dict[str, Any]] = {
    ("ce", "GetCostAndUsage"): {
        "TimePeriod": MONTH,
        "Granularity": "DAILY",
        "Metrics": ["UnblendedCost", "AmortizedCost", "UsageQuantity"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}, {"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}],
    },
    ("ce", "GetCostAndUsageWithResources"): {
        "TimePeriod": WEEK,
        "Granularity": "DAILY",
        "Metrics": ["UnblendedCost"],
        "Filter": {"Dimensions": {"Key": "SERVICE", "Values": ["Amazon Elastic Compute Cloud - Compute"]}},
        "GroupBy": [{"Type": "DIMENSION", "Key": "RESOURCE_ID"}],
    },
    ("ce", "GetCostForecast"): {"TimePeriod": AHEAD, "Granularity": "MONTHLY", "Metric": "UNBLENDED_COST"},
    ("ce", "GetUsageForecast"): {"TimePeriod": AHEAD, "Granularity": "MONTHLY", "Metric": "USAGE_QUANTITY"},
    ("ce", "GetAnomalies"): {"DateInterval": {"StartDate": MONTH["Start"]}},
    ("ce", "GetDimensionValues"): {"TimePeriod": MONTH, "Dimension": "SERVICE"},
    ("ce", "GetTags"): {"TimePeriod": MONTH},
    ("ce", "GetCostCategories"): {"TimePeriod": MONTH},
    ("ce", "GetReservationCoverage"): {"TimePeriod": MONTH},
    ("ce", "GetReservationUtilization"): {"TimePeriod": MONTH, "Granularity": "DAILY"},
    ("ce", "GetReservationPurchaseRecommendation"): {"Service": "Amazon Relational Database Service"},
    ("ce", "GetRightsizingRecommendation"): {"Service": "AmazonEC2"},
    ("ce", "GetSavingsPlansCoverage"): {"TimePeriod": MONTH},
    ("ce", "GetSavingsPlansUtilization"): {"TimePeriod": MONTH, "Granularity": "DAILY"},
    ("ce", "GetSavingsPlansUtilizationDetails"): {"TimePeriod": MONTH},
    ("ce", "GetSavingsPlansPurchaseRecommendation"): PLANS,
    ("cost-optimization-hub", "GetRecommendation"): {"recommendationId": "hub-0000"},
    ("cost-optimization-hub", "ListRecommendationSummaries"): {"groupBy": "ResourceType"},
    ("trustedadvisor", "ListRecommendationResources"): {"recommendationIdentifier": RECOMMENDATION},
    ("pricing", "GetAttributeValues"): {"ServiceCode": "AmazonEC2", "AttributeName": "volumeApiName"},
    ("pricing", "GetProducts"): {
        "ServiceCode": "AmazonEC2",
        "Filters": [{"Type": "TERM_MATCH", "Field": "regionCode", "Value": "us-east-1"}],
    },
    ("pricing", "ListPriceLists"): {"ServiceCode": "AmazonEC2", "EffectiveDate": datetime.datetime(2026, 1, 1), "CurrencyCode": "USD"},
    ("resource-explorer-2", "Search"): {"QueryString": "*"},
    ("cloudcontrol", "ListResources"): {"TypeName": "AWS::EC2::Volume"},
    ("cloudcontrol", "GetResource"): {"TypeName": "AWS::EC2::Volume", "Identifier": "vol-00000000000000000"},
}


class Running:
    """A server of this folder, ended with the block."""

    def __init__(self, *arguments: Any, environment: dict[str, str] | None = None) -> None:
        self.arguments = [sys.executable, *map(str, arguments)]
        self.environment = {**os.environ, **(environment or {})}

    def __enter__(self) -> Running:
        # A file, because a pipe that nobody reads would stop the server one day.
        self.said = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            self.arguments, stdout=subprocess.PIPE, stderr=self.said, text=True, env=self.environment, start_new_session=True
        )
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if not found:
            self.process.wait(10)
            self.said.seek(0)
            raise RuntimeError(f"{self.arguments[1]} said {line!r}: {self.said.read()}")
        self.endpoint = found.group()
        return self

    def __exit__(self, *_: Any) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.said.close()

    def control(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.endpoint + path, data)) as response:
            return json.load(response)

    def client(self, service: str, region: str = "us-east-1", **more: Any) -> Any:
        keys = {"aws_access_key_id": access_key_of("111111111111"), "aws_secret_access_key": "secret"}
        config = Config(retries={"total_max_attempts": 1}, read_timeout=3, s3={"addressing_style": "path"})
        return boto3.client(service, region, endpoint_url=self.endpoint, config=config, **{**keys, **more})


def ask(client: Any, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    names = {model: method for method, model in client.meta.method_to_api_mapping.items()}
    return getattr(client, names[operation])(**parameters)


def check(condition: bool, said: Any) -> None:
    if not condition:
        raise AssertionError(said)


# --- The double


def double() -> None:
    for name in ("empty", "company"):
        folder = HERE / "scenarios" / name
        operations = Scenario(folder).operations()
        with Running(HERE / "double.py", folder) as server:
            refused = []
            for service, operation in operations:
                try:
                    answer = ask(server.client(service), operation, PARAMETERS.get((service, operation), {}))
                    check(answer["ResponseMetadata"]["HTTPStatusCode"] == 200, answer)
                except ClientError as error:
                    refused.append(f"{operation}: {error.response['Error']['Code']}")
            violations = server.control("/_double/violations")
            check(violations == [], violations)
            check(len(server.control("/_double/requests")) == len(operations), "requests are counted")
            check(name == "empty" or not refused, refused)
            print(f"double {name}: {len(operations)} operations, {len(refused)} of them refused as AWS does")
            if name == "company":
                company(server)
    wrong_scenario()


def company(server: Running) -> None:
    ce = server.client("ce")
    asked = PARAMETERS["ce", "GetCostAndUsage"]
    totals = []
    for group in (["SERVICE"], ["REGION", "USAGE_TYPE"], ["LINKED_ACCOUNT"], ["RECORD_TYPE"]):
        by = [{"Type": "DIMENSION", "Key": key} for key in group]
        pages, token = 0, {}
        total = 0.0
        while True:
            answer = ce.get_cost_and_usage(**{**asked, "GroupBy": by}, **token)
            pages += 1
            total += sum(float(row["Metrics"]["UnblendedCost"]["Amount"]) for day in answer["ResultsByTime"] for row in day["Groups"])
            if "NextPageToken" not in answer:
                break
            token = {"NextPageToken": answer["NextPageToken"]}
        totals.append(round(total, 6))
        check(pages == (2 if len(group) == 2 else 1), f"{pages} pages by {group}")
    check(len(set(totals)) == 1, totals)
    hub = server.client("cost-optimization-hub")
    kinds = [item for page in hub.get_paginator("list_recommendations").paginate() for item in page["items"]]
    check(len({item["currentResourceType"] for item in kinds}) == 25, kinds)
    for item in kinds:
        hub.get_recommendation(recommendationId=item["recommendationId"])
    try:
        server.client("ce").get_cost_and_usage(TimePeriod=MONTH, Granularity="DAILY", Metrics=["UnblendedCost"], NextPageToken="page-9")
    except ClientError as error:
        check(error.response["Error"]["Code"] == "InvalidNextTokenException", error)
    for operation in ("UpdateEnrollmentStatus", "UpdatePreferences"):
        try:
            ask(hub, operation, {"status": "Active"} if operation == "UpdateEnrollmentStatus" else {})
            raise AssertionError(f"{operation} must not exist")
        except ClientError as error:
            check(error.response["Error"]["Code"] == "UnknownOperationException", error)
    cbor(server)
    violations = server.control("/_double/violations")
    check(violations == [], violations)
    print(f"double company: {totals[0]} USD by every grouping, 25 kinds of Cost Optimization Hub")


def cbor(server: Running) -> None:
    """Compute Optimizer as the Rust SDK asks it."""
    answer = ask_cbor(server, "compute-optimizer", "ComputeOptimizerService", "GetIdleRecommendations", {})
    check(answer["idleRecommendations"][0]["savingsOpportunity"]["estimatedMonthlySavings"]["value"] > 0, answer)
    check(isinstance(answer["idleRecommendations"][0]["lastRefreshTimestamp"], datetime.datetime), answer)


def ask_cbor(server: Running, signed_as: str, target: str, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    request = urllib.request.Request(
        f"{server.endpoint}/service/{target}/operation/{operation}",
        wire.cbor_encode(parameters),
        {
            "smithy-protocol": "rpc-v2-cbor",
            "Content-Type": "application/cbor",
            "Authorization": f"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/{signed_as}/aws4_request, Signature=00",
        },
    )
    with urllib.request.urlopen(request) as response:
        check(response.headers["smithy-protocol"] == "rpc-v2-cbor", response.headers)
        return wire.cbor_decode(response.read())


def wrong_scenario() -> None:
    """Answers that AWS would not send are refused and remembered."""
    wrong = {
        "GetTags": {"Tags": [], "ReturnSize": "none", "TotalSize": 0},
        "GetAnomalies": {},
        "ListCostAllocationTags": {"CostAllocationTags": [{"TagKey": "a", "Type": "Mine", "Status": "Active"}]},
        "GetCostForecast": {"Total": {"Amount": "1", "Unit": "USD", "Sum": "1"}},
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "ce").mkdir()
        for operation, answer in wrong.items():
            (Path(folder) / "ce" / f"{operation}.json").write_text(json.dumps(answer))
        with Running(HERE / "double.py", folder) as server:
            for operation in wrong:
                try:
                    ask(server.client("ce"), operation, PARAMETERS.get(("ce", operation), {}))
                    raise AssertionError(f"{operation}: an answer that AWS would not send went out")
                except ClientError as error:
                    check(error.response["ResponseMetadata"]["HTTPStatusCode"] == 500, error)
            violations = server.control("/_double/violations")
            check(len(violations) == len(wrong), violations)
            print("double: wrong answers are refused:", "; ".join(item["problem"].splitlines()[-1] for item in violations))


# --- moto


def moto() -> None:
    now = datetime.datetime.now(datetime.UTC)
    with tempfile.TemporaryDirectory() as folder:
        clock = Path(folder) / "clock"
        clock.write_text("-70d\n")
        with Running(HERE / "moto_server.py", "--clock", clock) as server:
            ec2 = server.client("ec2")
            ec2.create_volume(AvailabilityZone="us-east-1a", Size=10)
            clock.write_text("+0d\n")
            ec2.create_volume(AvailabilityZone="us-east-1a", Size=10)
            ages = sorted((now - volume["CreateTime"]).days for volume in ec2.describe_volumes()["Volumes"])
            check(ages[0] <= 0 and ages[1] >= 69, ages)
            for key, account in ((access_key_of("222222222222"), "222222222222"), ("AKIAIOSFODNN7EXAMPLE", "111111111111")):
                said = server.client("sts", aws_access_key_id=key).get_caller_identity()["Account"]
                check(said == account, f"{key} is {said}")
            points = [
                {
                    "MetricName": "CPUUtilization",
                    "Dimensions": [{"Name": "InstanceId", "Value": "i-1"}],
                    "Timestamp": now - datetime.timedelta(hours=hour),
                    "Value": 90.0 if hour == 3 else 2.0,
                }
                for hour in range(1, 21)
            ]
            server.client("cloudwatch").put_metric_data(Namespace="AWS/EC2", MetricData=points)
            metric = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Dimensions": points[0]["Dimensions"]}
            queries = [
                {"Id": f"q{n}", "MetricStat": {"Metric": metric, "Period": 172800, "Stat": stat}}
                for n, stat in enumerate(["Average", "p99", "p50", "Maximum"])
            ]
            asked = {"StartTime": now - datetime.timedelta(days=2), "EndTime": now, "MetricDataQueries": queries}
            answer = ask_cbor(server, "monitoring", "GraniteServiceVersion20100801", "GetMetricData", asked)
            values = [result["Values"] for result in answer["MetricDataResults"]]
            check(values == [[6.4], [90.0], [2.0], [90.0]], values)
            print(f"moto: rpc-v2-cbor, percentiles {values}, ages in days {ages}")


# --- Faults

READS: list[tuple[str, str, dict[str, Any]]] = [
    ("ec2", "describe_volumes", {}),  # ec2
    ("rds", "describe_db_instances", {}),  # query
    ("dynamodb", "list_tables", {}),  # json 1.0
    ("logs", "describe_log_groups", {}),  # json 1.1
    ("lambda", "list_functions", {}),  # rest-json
    ("s3", "list_buckets", {}),  # rest-xml
]
REFUSED = {
    "throttle": {"RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException", "SlowDown"},
    "http500": {"InternalFailure"},
    "http503": {"ServiceUnavailable"},
    "denied": {"UnauthorizedOperation", "AccessDenied", "AccessDeniedException"},
    "expired": {"RequestExpired", "ExpiredToken", "ExpiredTokenException"},
    "region_refuses": {"AuthFailure", "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId"},
    "opt_in_required": {"OptInRequired"},
    "skew_refused": {"RequestTimeTooSkewed"},
}


def faults() -> None:
    with (
        Running(HERE / "moto_server.py") as emulator,
        Running(HERE / "double.py", HERE / "scenarios/company") as advice,
        Running(HERE / "faults.py", emulator.endpoint, f"ce,compute-optimizer,cost-optimization-hub={advice.endpoint}") as proxy,
    ):
        ec2 = emulator.client("ec2")
        for _ in range(3):
            ec2.create_volume(AvailabilityZone="us-east-1a", Size=10)
        for name in ("one", "two"):
            emulator.client("logs").create_log_group(logGroupName=name)
        for service, method, parameters in READS:
            getattr(proxy.client(service), method)(**parameters)
        check(proxy.client("ce").get_tags(TimePeriod=MONTH)["Tags"] == ["team"], "routed to the double")
        check([entry["fault"] for entry in proxy.control("/_faults/log")] == [None] * (len(READS) + 1), "nothing is injected unasked")
        for fault, codes in REFUSED.items():
            proxy.control("/_faults/rules", [{"fault": fault, "retry_after_seconds": 0.5}])
            for service, method, parameters in READS:
                try:
                    getattr(proxy.client(service), method)(**parameters)
                    raise AssertionError(f"{fault} did not reach {service}")
                except ClientError as error:
                    check(error.response["Error"]["Code"] in codes, (fault, service, error.response))
                    if fault == "throttle":
                        check(error.response["ResponseMetadata"]["HTTPHeaders"]["x-amz-retry-after"] == "500", error.response)
                    if fault == "denied":
                        check(f"{service}:" in error.response["Error"]["Message"], error)
            print(f"faults: {fault} in {len(READS)} protocols")
        broken(proxy)
        refused_in_cbor(proxy)
        when(proxy)
        lists(proxy)


def broken(proxy: Running) -> None:
    """What ends a call without a right answer: the client must fail, or (html, malformed) must not take it for data."""
    for fault in ({"fault": "reset"}, {"fault": "half"}, {"fault": "delay", "seconds": 4}, {"fault": "malformed"}, {"fault": "html"}):
        ended = []
        for service, method, parameters in READS:
            proxy.control("/_faults/rules", [fault])
            try:
                answer = getattr(proxy.client(service), method)(**parameters)
                answer.pop("ResponseMetadata")
                ended.append(f"{service} {answer!r:.40}")
            except Exception as error:
                ended.append(f"{service} {type(error).__name__}")
        log = proxy.control("/_faults/log")[-len(READS) :]
        check(all(entry["fault"] == fault["fault"] for entry in log), log)
        print(f"faults: {fault['fault']}:", ", ".join(ended))
    proxy.control("/_faults/rules", [{"fault": "skew", "hours": -7}])
    headers = proxy.client("ec2").describe_volumes()["ResponseMetadata"]["HTTPHeaders"]
    behind = datetime.datetime.now(datetime.UTC) - datetime.datetime.strptime(headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(
        tzinfo=datetime.UTC
    )
    check(6.9 < behind.total_seconds() / 3600 < 7.1, headers)
    print("faults: skew", headers["date"])


def refused_in_cbor(proxy: Running) -> None:
    for fault in REFUSED:
        proxy.control("/_faults/rules", [{"fault": fault, "service": "monitoring"}])
        try:
            ask_cbor(proxy, "monitoring", "GraniteServiceVersion20100801", "ListMetrics", {})
            raise AssertionError(f"{fault} did not reach rpc-v2-cbor")
        except urllib.error.HTTPError as error:
            said = wire.cbor_decode(error.read())
            check(said["__type"].rpartition("#")[2] in REFUSED[fault] and said["message"], said)
    print("faults: all refusals in rpc-v2-cbor")


def when(proxy: Running) -> None:
    """Which calls a rule strikes."""

    def struck(rule: dict[str, Any], calls: int = 6, region: str = "us-east-1") -> list[int]:
        proxy.control("/_faults/rules", [{"fault": "http500", **rule}])
        client, failed = proxy.client("ec2", region), []
        for number in range(1, calls + 1):
            try:
                client.describe_volumes()
            except ClientError:
                failed.append(number)
        return failed

    check(struck({}) == [1, 2, 3, 4, 5, 6], "every")
    check(struck({"nth": 3}) == [3], "nth")
    check(struck({"first": 2}) == [1, 2], "first")
    check(struck({"from": 5}) == [5, 6], "from")
    check(struck({"service": "rds"}) == [], "other service")
    check(struck({"service": ["rds", "ec2"], "operation": "DescribeVolumes"}) == [1, 2, 3, 4, 5, 6], "service and operation")
    check(struck({"region": "eu-west-1"}) == [] and len(struck({"region": "eu-west-1"}, region="eu-west-1")) == 6, "region")
    check(struck({"account": "222222222222"}) == [], "account")
    chance = struck({"probability": 0.5, "seed": 3}, calls=12)
    check(chance == struck({"probability": 0.5, "seed": 3}, calls=12) and 0 < len(chance) < 12, chance)
    print("faults: nth, first, from, probability, service, region, account, operation")


def lists(proxy: Running) -> None:
    for service, method, parameters, key in (
        ("ec2", "describe_volumes", {}, "Volumes"),
        ("logs", "describe_log_groups", {}, "logGroups"),
        ("rds", "describe_db_instances", {}, "DBInstances"),
        ("lambda", "list_functions", {}, "Functions"),
        ("cost-optimization-hub", "list_recommendations", {"maxResults": 5}, "items"),
    ):
        client = proxy.client(service)
        proxy.control("/_faults/rules", [{"fault": "endless", "pages": 25}])
        pages = list(client.get_paginator(method).paginate(**parameters))
        check(len(pages) == 25, (service, len(pages)))
        items = [str(item) for answer in pages for item in answer[key]]
        check(len(set(items)) == len(items), (service, items[:3]))
        proxy.control("/_faults/rules", [{"fault": "repeat_token"}])
        try:
            for number, _ in enumerate(client.get_paginator(method).paginate(**parameters)):
                check(number < 5, "the token does not repeat")
            raise AssertionError(f"{service}: the list ended")
        except Exception as error:
            check("same next token" in str(error), error)
        print(f"faults: endless and repeat_token of {service} {method}: {len(items)} items in 25 pages")


# --- Replay


def replay() -> None:
    folder = os.environ.get("FINOPS_RECORDED_AWS")
    if not folder:
        print("replay: skipped, FINOPS_RECORDED_AWS names no folder of recorded sessions")
        return
    session = next(path.parent for path in sorted(Path(folder).glob("**/ec2.DescribeVolumes_1.json")))
    with Running(HERE / "replay.py", session) as server:
        volumes = server.client("ec2").describe_volumes()["Volumes"]
        print(f"replay: {session.name}: {len(volumes)} volumes, {server.control('/_replay/log')}")


# --- Seed


def seed() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock, planted_file = Path(folder) / "clock", Path(folder) / "planted.json"
        clock.write_text("+0d\n")
        with Running(HERE / "moto_server.py", "--clock", clock) as server:
            arguments = [sys.executable, str(HERE / "seed.py"), server.endpoint, "--clock", str(clock)]
            planted = json.loads(subprocess.run(arguments, check=True, stdout=subprocess.PIPE).stdout)
            planted_file.write_text(json.dumps(planted))
            check(len({(item["account"], item["region"], item["id"]) for item in planted}) == len(planted), "planted twice")
            check(clock.read_text() == "+0d\n", "the clock is set back")
            found(server, planted)
            sparse(server, planted)
            accounts = server.client("organizations").list_accounts()["Accounts"]
            check(sorted(account["Id"] for account in accounts) == ["111111111111", "222222222222"], accounts)
        with Running(HERE / "double.py", HERE / "scenarios/company", environment={"FINOPS_PLANTED": str(planted_file)}) as server:
            idle = server.client("compute-optimizer").get_idle_recommendations()["idleRecommendations"]
            arns = {item["arn"] for item in planted if item["waste"]}
            check({item["resourceArn"] for item in idle} <= arns, idle)
            listed = server.client("cloudcontrol").list_resources(TypeName="AWS::S3::Bucket")["ResourceDescriptions"]
            check(len(listed) == 2, listed)
        waste = sum(item["waste"] for item in planted)
        print(f"seed: {waste} wasted and {len(planted) - waste} lookalikes")


def found(server: Running, planted: list[dict[str, Any]]) -> None:
    """What was planted is there, in its account and region, and as old as it should be."""
    now = datetime.datetime.now(datetime.UTC)
    for account, region in sorted({(item["account"], item["region"]) for item in planted}):
        ec2 = server.client("ec2", region, aws_access_key_id=access_key_of(account))
        created = {volume["VolumeId"]: volume["CreateTime"] for volume in ec2.describe_volumes()["Volumes"]}
        for reservation in ec2.describe_instances()["Reservations"]:
            created |= {instance["InstanceId"]: instance["LaunchTime"] for instance in reservation["Instances"]}
        created |= {item["SnapshotId"]: item["StartTime"] for item in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]}
        created |= {item["NatGatewayId"]: item["CreateTime"] for item in ec2.describe_nat_gateways()["NatGateways"]}
        rds = server.client("rds", region, aws_access_key_id=access_key_of(account))
        created |= {item["DBInstanceIdentifier"]: item["InstanceCreateTime"] for item in rds.describe_db_instances()["DBInstances"]}
        kinds = {"ec2:volume", "ec2:instance", "ec2:snapshot", "ec2:natgateway", "rds:db"}
        for item in planted:
            if (item["account"], item["region"]) == (account, region) and item["kind"] in kinds:
                check(item["id"] in created, f"{item} is not there")
                days = (now - created[item["id"]]).total_seconds() / 86400
                check(abs(days - item["age_days"]) < 1, (item, days))


def sparse(server: Running, planted: list[dict[str, Any]]) -> None:
    """The nightly batch is idle on average and busy at p99; the instance without metrics has none."""
    now = datetime.datetime.now(datetime.UTC)
    ids = {item["name"]: item["id"] for item in planted if (item["account"], item["region"]) == ("111111111111", "us-east-1")}
    queries = []
    for number, (name, stat) in enumerate(
        (name, stat) for name in ("instance-idle", "instance-nightly-batch", "instance-without-metrics") for stat in ("Average", "p99")
    ):
        dimensions = [{"Name": "InstanceId", "Value": ids[name]}]
        metric = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Dimensions": dimensions}
        queries.append({"Id": f"q{number}", "MetricStat": {"Metric": metric, "Period": 30 * 86400, "Stat": stat}})
    asked = {"StartTime": now - datetime.timedelta(days=30), "EndTime": now, "MetricDataQueries": queries}
    answer = ask_cbor(server, "monitoring", "GraniteServiceVersion20100801", "GetMetricData", asked)
    values = [round(result["Values"][0], 1) if result["Values"] else None for result in answer["MetricDataResults"]]
    check(values == [1.4, 1.4, 4.8, 92.0, None, None], values)


def main() -> int:
    parts = {part.__name__: part for part in (double, moto, faults, replay, seed)}
    failed = []
    for name in sys.argv[1:] or parts:
        started = time.monotonic()
        try:
            parts[name]()
            print(f"{name}: ok, {time.monotonic() - started:.1f} s", flush=True)
        except Exception:
            traceback.print_exc()
            failed.append(name)
    print("failed: " + ", ".join(failed) if failed else "all well")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
