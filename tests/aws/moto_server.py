"""moto's server, for the AWS SDK for Rust.

Usage: moto_server.py [--port PORT] [--clock FILE]. The first line of output tells the address. With `--clock` its time is what
that file says ("-70d"), so that resources get old; where that does not work here, it says "no faked time" and ends with code 3.

moto is the emulator that none of us wrote; three things are added around it, none of them changes what its state says:
- rpc-v2-cbor, the only protocol that the Rust SDK speaks to CloudWatch, becomes JSON for moto, and its answer CBOR;
- GetMetricData computes percentiles (moto answers p99 with HTTP 500) and finds a metric by its name instead of by a walk
  over all data points for each query;
- account ids are known beforehand: an access key that moto did not make belongs to the account that it encodes, else to
  111111111111 (see accounts.py), and the accounts that Organizations creates are 222222222222, 333333333333 and so on.
"""

from __future__ import annotations

import argparse
import bisect
import io
import json
import logging
import os
import re
import sys
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

# Else some 1,300 images and snapshots belong to the account from the start.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")

import moto.iam.models
import moto.organizations.utils
from botocore.awsrequest import HeadersDict
from botocore.parsers import JSONParser
from botocore.serialize import JSONSerializer
from moto.cloudwatch.models import CloudWatchBackend, MetricDatum, Statistics
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app

import accounts
import faketime
import lifeline
import wire


class SpeaksCbor:
    """A WSGI application around moto's."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/moto-api/reset":
            created_accounts.clear()
        if environ.get("HTTP_SMITHY_PROTOCOL") != "rpc-v2-cbor":
            return self.inner(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = HeadersDict({"authorization": environ.get("HTTP_AUTHORIZATION", "")})
        request = wire.Request(environ["REQUEST_METHOD"], environ["PATH_INFO"], headers, body)
        answer = self.translated(request, environ)
        start_response(f"{answer.status} moto", list(answer.headers.items()))
        return [answer.body]

    def translated(self, request: wire.Request, environ: dict[str, Any]) -> wire.Answer:
        asked = wire.identify(request)
        as_json = JSONSerializer().serialize_to_request(wire.parameters(request, asked), asked.model)
        inner = {
            **environ,
            "PATH_INFO": "/",
            "RAW_URI": "/",
            "REQUEST_URI": "/",
            "CONTENT_TYPE": as_json["headers"]["Content-Type"],
            "HTTP_X_AMZ_TARGET": as_json["headers"]["X-Amz-Target"],
            "CONTENT_LENGTH": str(len(as_json["body"])),
            "wsgi.input": io.BytesIO(as_json["body"]),
        }
        chunks, status, headers = run_wsgi_app(self.inner, inner)
        status, body = int(status.split()[0]), b"".join(chunks)
        if status < 300:
            parsed = JSONParser().parse(
                {"status_code": status, "headers": HeadersDict(headers.items()), "body": body}, asked.model.output_shape
            )
            parsed.pop("ResponseMetadata", None)
            return wire.serialise(asked, parsed)
        try:
            said = json.loads(body)
            code = said["__type"].rpartition("#")[2]
        except (ValueError, KeyError):
            # moto's HTML for an operation that it lacks, or that it failed in, goes through as it is.
            return wire.Answer(status, {"Content-Type": headers.get("Content-Type", "text/html")}, body)
        return wire.error(asked, code, said.get("message") or said.get("Message") or "", status)


walk_all = CloudWatchBackend.get_metric_data


def get_metric_data(self: CloudWatchBackend, queries: list[dict[str, Any]], start_time: Any, end_time: Any, scan_by: str = "") -> Any:
    """As moto does, by an index; what has an expression is left to moto."""
    if start_time >= end_time or not all("MetricStat" in query for query in queries):
        return walk_all(self, queries, start_time, end_time, scan_by)
    start_time, end_time = start_time.replace(microsecond=0), end_time.replace(microsecond=0)
    by_metric = indexed(self)
    results = []
    for query in queries:
        stat = query["MetricStat"]
        metric, period = stat["Metric"], timedelta(seconds=int(stat["Period"]))
        dimensions = frozenset((item["Name"], item["Value"]) for item in metric.get("Dimensions", []))
        buckets: dict[int, list[Any]] = defaultdict(list)
        data = by_metric.get((metric["Namespace"], metric["MetricName"], dimensions), [])
        first = bisect.bisect_left(data, start_time, key=lambda datum: datum.timestamp)
        for datum in data[first:]:
            if datum.timestamp >= end_time:
                break
            if not stat.get("Unit") or datum.unit == stat["Unit"]:
                buckets[(datum.timestamp - start_time) // period].append(datum)
        points = [(start_time + index * period, statistic(stat["Stat"], bucket)) for index, bucket in sorted(buckets.items())]
        if scan_by != "TimestampAscending":
            points.reverse()
        if query.get("ReturnData", True):
            label = query.get("Label") or f"{metric['MetricName']} {stat['Stat']}"
            results.append(
                {
                    "id": query["Id"],
                    "label": label,
                    "timestamps": [time for time, _ in points],
                    "values": [value for _, value in points],
                    "status_code": "Complete",
                }
            )
    return results


def indexed(backend: CloudWatchBackend) -> dict[Any, list[Any]]:
    data = backend.get_all_metrics()
    known = getattr(backend, "finops_index", None)
    if known is None or known[0] != len(data):
        index = defaultdict(list)
        for datum in data:
            key = (datum.namespace, datum.name, frozenset((item.name, item.value) for item in datum.dimensions))
            index[key].append(datum)
        for points in index.values():
            points.sort(key=lambda datum: datum.timestamp)
        known = backend.finops_index = (len(data), index)
    return known[1]


def statistic(name: str, data: list[Any]) -> float:
    percentile = re.fullmatch(r"p(\d+(?:\.\d+)?)", name)
    if percentile is None:
        computed = Statistics([name], data[0].timestamp)
        computed.metric_data = data
        return computed.get_statistics_for_type(name)
    # CloudWatch has percentiles only of single values, or of sets whose values are all the same.
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Percentiles
    values = sorted(datum.value for datum in data if isinstance(datum, MetricDatum))
    values += sorted(datum.max for datum in data if not isinstance(datum, MetricDatum) and datum.max == datum.min)
    values.sort()
    return values[min(int(len(values) * float(percentile.group(1)) / 100), len(values) - 1)] if values else 0.0


CloudWatchBackend.get_metric_data = get_metric_data

account_of_known_key = moto.iam.models.get_account_id_from


def account_of_key(access_key: str) -> str:
    known = account_of_known_key(access_key)
    return accounts.account_of(access_key) if known == moto.iam.models.DEFAULT_ACCOUNT_ID else known


def next_account_id() -> str:
    # The first question is for the account that the organization is made in.
    for digit in "123456789":
        if digit * 12 not in created_accounts:
            created_accounts.add(digit * 12)
            return digit * 12
    return random_account_id()


created_accounts: set[str] = set()
random_account_id = moto.organizations.utils.make_random_account_id
moto.iam.models.get_account_id_from = account_of_key
moto.organizations.utils.make_random_account_id = next_account_id


def main() -> None:
    parser = argparse.ArgumentParser(description="moto's server, for the AWS SDK for Rust.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--clock", type=Path)
    arguments = parser.parse_args()
    if arguments.clock:
        try:
            faketime.restart_under(arguments.clock)
        except faketime.NoFakedTime as reason:
            print(f"no faked time: {reason}", flush=True)
            sys.exit(3)
    lifeline.hold()
    # A line for each request helps nobody; what goes wrong is still said.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app = SpeaksCbor(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", arguments.port, app, threaded=True, request_handler=MotoRequestHandler)
    # Some of moto's answers hold URLs of itself.
    os.environ["MOTO_PORT"] = str(server.port)
    print(f"listening on http://127.0.0.1:{server.port}", flush=True)
    # Without a poll interval, which faked time would have to scale.
    server.serve_forever(poll_interval=None)


if __name__ == "__main__":
    main()
