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
import urllib.request
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

import wire
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
        self.process = subprocess.Popen(
            self.arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment, start_new_session=True
        )
        line = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if not found:
            raise RuntimeError(f"{self.arguments[1]} said {line!r}: {self.process.stderr.read()}")
        self.endpoint = found.group()
        return self

    def __exit__(self, *_: Any) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def control(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.endpoint + path, data)) as response:
            return json.load(response)

    def client(self, service: str, region: str = "us-east-1", **more: Any) -> Any:
        keys = {"aws_access_key_id": "111111111111", "aws_secret_access_key": "secret"}
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
    check(len(set(totals)) == 1, totals)
    check(pages == 1, pages)
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
            "Authorization": f"AWS4-HMAC-SHA256 Credential=111111111111/20260101/us-east-1/{signed_as}/aws4_request, SignedHeaders=host, Signature=00",
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
