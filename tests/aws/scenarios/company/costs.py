"""Cost Explorer: every answer is computed from the lines below."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scenario import Refused

SERVICES = ("ce_",)
NAMES = {"111111111111": "company-main", "222222222222": "company-shop"}
PAGE_ROWS = 400
# How long Cost Explorer keeps days, and days by resource.
# https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
DAYS_KEPT = 14 * 31
RESOURCE_DAYS_KEPT = 14


@dataclasses.dataclass(frozen=True)
class Line:
    account: str
    region: str
    service: str
    usage_type: str
    operation: str
    daily: str
    unit_price: str
    record: str = "Usage"
    purchase: str = "On Demand Instances"
    team: str = ""
    resource: str = ""
    # From that many days before today on; lets services begin and spend jump.
    since_days: int = 10_000

    def value(self, dimension: str) -> str:
        return {
            "LINKED_ACCOUNT": self.account,
            "REGION": self.region,
            "SERVICE": self.service,
            "USAGE_TYPE": self.usage_type,
            "OPERATION": self.operation,
            "RECORD_TYPE": self.record,
            "PURCHASE_TYPE": self.purchase,
            "RESOURCE_ID": self.resource or "NoResourceId",
            "INSTANCE_TYPE": self.usage_type.partition(":")[2] or "NoInstanceType",
            "AZ": "NoAZ",
        }.get(dimension, f"No{dimension.title().replace('_', '')}")

    def cost(self, day: datetime.date, today: datetime.date) -> Decimal:
        if (today - day).days > self.since_days:
            return Decimal(0)
        weekly = Decimal("0.85") if day.weekday() >= 5 and self.record == "Usage" else Decimal(1)
        noise = int(hashlib.sha256(f"{self}{day.toordinal() % 7}".encode()).hexdigest()[:4], 16) % 7 - 3
        return (Decimal(self.daily) * weekly * (1 + Decimal(noise) / 100)).quantize(Decimal("0.0000000001"), ROUND_HALF_UP)


MAIN, SHOP = "111111111111", "222222222222"
EC2, EC2_OTHER = "Amazon Elastic Compute Cloud - Compute", "EC2 - Other"
RDS, S3, LAMBDA = "Amazon Relational Database Service", "Amazon Simple Storage Service", "AWS Lambda"
LINES = [
    Line(MAIN, "us-east-1", EC2, "BoxUsage:m5.xlarge", "RunInstances", "18.432", "0.192", team="platform"),
    Line(MAIN, "us-east-1", EC2, "BoxUsage:t3.large", "RunInstances", "3.9936", "0.0832", team="data"),
    Line(MAIN, "us-east-1", EC2_OTHER, "EBS:VolumeUsage.gp2", "CreateVolume-Gp2", "6.5753", "0.10", team="platform"),
    Line(MAIN, "us-east-1", EC2_OTHER, "EBS:SnapshotUsage", "CreateSnapshot", "1.6438", "0.05"),
    Line(MAIN, "us-east-1", EC2_OTHER, "NatGateway-Hours", "NatGateway", "2.16", "0.045"),
    Line(MAIN, "us-east-1", EC2_OTHER, "DataTransfer-Regional-Bytes", "InterZone-In", "0.9", "0.01", since_days=12),
    Line(MAIN, "us-east-1", "Amazon Virtual Private Cloud", "PublicIPv4:IdleAddress", "AllocateAddressVPC", "0.36", "0.005"),
    Line(MAIN, "us-east-1", RDS, "InstanceUsage:db.m5.large", "CreateDBInstance:0014", "8.544", "0.178", team="shop"),
    Line(MAIN, "us-east-1", "Amazon Elastic Load Balancing", "LoadBalancerUsage", "LoadBalancing:Application", "1.08", "0.0225"),
    Line(MAIN, "us-east-1", "AmazonCloudWatch", "TimedStorage-ByteHrs", "HourlyStorageMetering", "0.7", "0.03"),
    Line(MAIN, "eu-west-1", EC2, "EU-BoxUsage:m5.large", "RunInstances", "5.136", "0.107", team="platform"),
    Line(MAIN, "eu-west-1", S3, "EU-TimedStorage-ByteHrs", "StandardStorage", "3.0247", "0.023", team="data"),
    Line(MAIN, "eu-west-1", LAMBDA, "EU-Lambda-GB-Second", "Invoke", "0.41", "0.0000166667"),
    Line(SHOP, "us-east-1", EC2, "BoxUsage:c5.2xlarge", "RunInstances", "8.16", "0.34", team="shop"),
    Line(SHOP, "us-east-1", "Amazon DynamoDB", "ReadCapacityUnit-Hrs", "CommittedThroughput", "1.56", "0.00013", team="shop"),
    Line(SHOP, "ap-southeast-2", EC2, "APS2-BoxUsage:m5.large", "RunInstances", "5.76", "0.12", team="shop"),
    Line(SHOP, "ap-southeast-2", EC2_OTHER, "APS2-EBS:VolumeUsage.gp3", "CreateVolume-Gp3", "1.5781", "0.096"),
    Line(SHOP, "ap-southeast-2", "AWS Secrets Manager", "APS2-AWSSecretsManager-Secrets", "", "0.2630", "0.40"),
    Line(MAIN, "us-east-1", EC2, "BoxUsage:m5.xlarge", "RunInstances", "4.608", "0.192", "SavingsPlanCoveredUsage", "Savings Plans"),
    Line(MAIN, "us-east-1", EC2, "BoxUsage:m5.xlarge", "RunInstances", "-4.608", "0.192", "SavingsPlanNegation", "Savings Plans"),
    Line(
        MAIN,
        "us-east-1",
        "Savings Plans for AWS Compute usage",
        "ComputeSP:1yrNoUpfront",
        "",
        "3.36",
        "0.14",
        "SavingsPlanRecurringFee",
        "",
    ),
    Line(MAIN, "NoRegion", "AWS Support (Business)", "Support", "", "3.30", "0", "Support", ""),
    Line(MAIN, "NoRegion", "Tax", "", "", "4.10", "0", "Tax", ""),
    Line(SHOP, "us-east-1", EC2, "BoxUsage:c5.2xlarge", "RunInstances", "-0.50", "0", "Credit", ""),
]


def metric(name: str, line: Line, amount: Decimal) -> dict[str, str]:
    if name in ("UsageQuantity", "NormalizedUsageAmount"):
        price = Decimal(line.unit_price)
        quantity = (amount / price).quantize(Decimal("0.0000000001")) if price and line.record == "Usage" else Decimal(0)
        return {"Amount": str(quantity), "Unit": "N/A"}
    # What a Savings Plan costs is amortised over the usage that it covers.
    if "Amortized" in name:
        amount = {
            "SavingsPlanRecurringFee": Decimal(0),
            "SavingsPlanNegation": Decimal(0),
            "SavingsPlanCoveredUsage": amount * Decimal("3.36") / Decimal("4.608"),
        }.get(line.record, amount)
    return {"Amount": str(amount.quantize(Decimal("0.0000000001"))), "Unit": "USD"}


def fits(expression: dict[str, Any] | None, line: Line) -> bool:
    if not expression:
        return True
    results = []
    if "And" in expression:
        results.append(all(fits(part, line) for part in expression["And"]))
    if "Or" in expression:
        results.append(any(fits(part, line) for part in expression["Or"]))
    if "Not" in expression:
        results.append(not fits(expression["Not"], line))
    for kind in ("Dimensions", "Tags"):
        if kind in expression:
            part = expression[kind]
            value = line.value(part["Key"]) if kind == "Dimensions" else (line.team if part["Key"] == "team" else "")
            if "ABSENT" in part.get("MatchOptions", []):
                results.append(not value)
            else:
                results.append(value in part.get("Values", []))
    return all(results)


def keys(request: dict[str, Any], line: Line) -> tuple[str, ...]:
    found = []
    for group in request.get("GroupBy", []):
        if group["Type"] == "TAG":
            found.append(f"{group['Key']}${line.team if group['Key'] == 'team' else ''}")
        elif group["Type"] == "COST_CATEGORY":
            found.append(f"{group['Key']}$")
        else:
            found.append(line.value(group["Key"]))
    return tuple(found)


def periods(request: dict[str, Any]) -> list[tuple[datetime.date, datetime.date]]:
    start, end = (datetime.date.fromisoformat(request["TimePeriod"][side][:10]) for side in ("Start", "End"))
    if start >= end:
        raise Refused("ValidationException", "Start date (and hour) should be before end date (and hour)")
    found, day = [], start
    while day < end:
        if request.get("Granularity") == "MONTHLY":
            following = min((day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1), end)
        else:
            following = day + datetime.timedelta(days=1)
        found.append((day, following))
        day = following
    return found


def usage(request: dict[str, Any], context: Any, lines: list[Line], kept: int) -> dict[str, Any]:
    if len(request.get("GroupBy", [])) > 2:
        raise Refused("ValidationException", "Number of groupBy must be less than or equal to 2")
    found = periods(request)
    if (context.today - found[0][0]).days > kept:
        raise Refused("ValidationException", f"You haven't enabled historical data beyond {kept // 31 or kept} months")
    results = []
    for start, end in found:
        days = [start + datetime.timedelta(days=n) for n in range((end - start).days)]
        sums: dict[tuple[str, ...], dict[str, Decimal]] = {}
        units: dict[str, str] = {}
        for line in lines:
            if not fits(request.get("Filter"), line):
                continue
            amount = sum((line.cost(day, context.today) for day in days if day <= context.today), Decimal(0))
            if not amount:
                continue
            of_group = sums.setdefault(keys(request, line), {})
            for name in request.get("Metrics", []):
                value = metric(name, line, amount)
                units[name] = value["Unit"]
                of_group[name] = of_group.get(name, Decimal(0)) + Decimal(value["Amount"])
        written = {
            key: {name: {"Amount": str(amount), "Unit": units[name]} for name, amount in of_group.items()}
            for key, of_group in sorted(sums.items())
        }
        grouped = bool(request.get("GroupBy"))
        zero = {name: {"Amount": "0", "Unit": "USD"} for name in request.get("Metrics", [])}
        results.append(
            {
                "TimePeriod": {"Start": start.isoformat(), "End": end.isoformat()},
                "Total": {} if grouped else written.get((), zero),
                "Groups": [{"Keys": list(key), "Metrics": metrics} for key, metrics in written.items()] if grouped else [],
                "Estimated": end > context.today.replace(day=1),
            }
        )
    return paged(request, results)


def paged(request: dict[str, Any], results: list[dict[str, Any]]) -> dict[str, Any]:
    """Whole periods until a page is full, as Cost Explorer does."""
    pages: list[list[dict[str, Any]]] = [[]]
    rows = 0
    for result in results:
        size = max(len(result["Groups"]), 1)
        if rows and rows + size > PAGE_ROWS:
            pages.append([])
            rows = 0
        pages[-1].append(result)
        rows += size
    number = int(request.get("NextPageToken", "page-0").removeprefix("page-"))
    if number >= len(pages):
        raise Refused("InvalidNextTokenException", "The pagination token is invalid")
    accounts = [{"Value": account, "Attributes": {"description": name}} for account, name in NAMES.items()]
    by_account = any(group.get("Key") == "LINKED_ACCOUNT" for group in request.get("GroupBy", []))
    answer: dict[str, Any] = {"ResultsByTime": pages[number], "DimensionValueAttributes": accounts if by_account else []}
    if request.get("GroupBy"):
        answer["GroupDefinitions"] = request["GroupBy"]
    if number + 1 < len(pages):
        answer["NextPageToken"] = f"page-{number + 1}"
    return answer


def ce_GetCostAndUsage(request, context):
    return usage(request, context, LINES, DAYS_KEPT)


def ce_GetCostAndUsageWithResources(request, context):
    instance = "i-0aaaaaaaaaaaaaaa"
    lines = [dataclasses.replace(line, resource=f"{instance}{index}" if line.service == EC2 else "") for index, line in enumerate(LINES)]
    return usage(request, context, lines, RESOURCE_DAYS_KEPT)


def ce_GetCostForecast(request, context):
    found = periods(request)
    if found[0][0] < context.today:
        raise Refused("ValidationException", "Start date must be today or in the future")
    daily = sum((line.cost(context.today, context.today) for line in LINES if line.record == "Usage"), Decimal(0))
    results = []
    for start, end in found:
        mean = daily * (end - start).days
        results.append(
            {
                "TimePeriod": {"Start": start.isoformat(), "End": end.isoformat()},
                "MeanValue": str(mean),
                "PredictionIntervalLowerBound": str(mean * Decimal("0.9")),
                "PredictionIntervalUpperBound": str(mean * Decimal("1.1")),
            }
        )
    return {"Total": {"Amount": str(sum(Decimal(r["MeanValue"]) for r in results)), "Unit": "USD"}, "ForecastResultsByTime": results}


def ce_GetDimensionValues(request, context):
    values = sorted({line.value(request["Dimension"]) for line in LINES})
    described = [
        {"Value": value, "Attributes": {"description": NAMES[value]} if value in NAMES else {}}
        for value in values
        if request.get("SearchString", "") in value
    ]
    return {"DimensionValues": described, "ReturnSize": len(described), "TotalSize": len(described)}


def ce_GetTags(request, context):
    tags = sorted({line.team for line in LINES}) if request.get("TagKey") == "team" else ["team"] if not request.get("TagKey") else []
    return {"Tags": tags, "ReturnSize": len(tags), "TotalSize": len(tags)}
