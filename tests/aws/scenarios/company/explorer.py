"""Resource Explorer, Cloud Control and the Price List."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from scenario import Refused

SERVICES = ("resource_explorer_2_", "cloudcontrol_", "pricing_")
INDEX_REGION = "us-east-1"
VIEW = f"arn:aws:resource-explorer-2:{INDEX_REGION}:111111111111:view/all-resources/1111aaaa-22bb-33cc-44dd-5555eeee6666"
PAGE = 20


def planted() -> list[dict[str, Any]]:
    file = os.environ.get("FINOPS_PLANTED")
    if file:
        return json.loads(Path(file).read_text())
    return [
        {
            "name": f"volume-{n}",
            "kind": "ec2:volume",
            "account": "111111111111",
            "region": "us-east-1",
            "id": f"vol-0{n:016x}",
            "arn": f"arn:aws:ec2:us-east-1:111111111111:volume/vol-0{n:016x}",
        }
        for n in range(45)
    ]


def page(items: list[Any], request: dict[str, Any], size: int = PAGE) -> tuple[list[Any], dict[str, str]]:
    start = int(request.get("NextToken", "0"))
    following = {"NextToken": str(start + size)} if start + size < len(items) else {}
    return items[start : start + size], following


def resource_explorer_2_Search(request, context):
    if request.get("ViewArn", VIEW) != VIEW or context.region != INDEX_REGION:
        raise Refused("UnauthorizedException", "Unauthorized", 401)
    found = [
        {
            "Arn": item["arn"],
            "OwningAccountId": item["account"],
            "Region": item["region"],
            "ResourceType": item["kind"],
            "Service": item["kind"].partition(":")[0],
            "LastReportedAt": context.now,
            "Properties": [],
        }
        for item in planted()
    ]
    shown, following = page(found, request)
    return {"Resources": shown, "ViewArn": VIEW, "Count": {"TotalResources": len(found), "Complete": True}, **following}


# Kinds that the double lists over Cloud Control; any other is refused as AWS refuses one without a list handler.
CLOUD_CONTROL = {"AWS::EC2::Volume": "ec2:volume", "AWS::Logs::LogGroup": "logs:log-group", "AWS::S3::Bucket": "s3:bucket"}


def cloud_control(request: dict[str, Any], context: Any) -> list[dict[str, str]]:
    kind = CLOUD_CONTROL.get(request["TypeName"])
    if not kind:
        raise Refused("UnsupportedActionException", f"Resource type {request['TypeName']} does not support LIST action")
    return [
        {"Identifier": item["id"], "Properties": json.dumps({"Id": item["id"], "Tags": []})}
        for item in planted()
        if (item["kind"], item["account"], item["region"]) == (kind, context.account, context.region)
    ]


def cloudcontrol_ListResources(request, context):
    shown, following = page(cloud_control(request, context), request)
    return {"TypeName": request["TypeName"], "ResourceDescriptions": shown, **following}


def cloudcontrol_GetResource(request, context):
    for item in cloud_control(request, context):
        if item["Identifier"] == request["Identifier"]:
            return {"TypeName": request["TypeName"], "ResourceDescription": item}
    raise Refused(
        "ResourceNotFoundException", f"Resource of type '{request['TypeName']}' with identifier '{request['Identifier']}' was not found."
    )


# Prices of us-east-1 as of 2025; the shape is what matters here, not the figure.
PRODUCTS = [
    ("AmazonEC2", "Storage", {"regionCode": "us-east-1", "volumeApiName": "gp2", "usagetype": "EBS:VolumeUsage.gp2"}, "GB-Mo", "0.10"),
    ("AmazonEC2", "Storage", {"regionCode": "us-east-1", "volumeApiName": "gp3", "usagetype": "EBS:VolumeUsage.gp3"}, "GB-Mo", "0.08"),
    ("AmazonEC2", "Storage", {"regionCode": "eu-west-1", "volumeApiName": "gp2", "usagetype": "EU-EBS:VolumeUsage.gp2"}, "GB-Mo", "0.11"),
    (
        "AmazonEC2",
        "Compute Instance",
        {
            "regionCode": "us-east-1",
            "instanceType": "m5.xlarge",
            "operatingSystem": "Linux",
            "tenancy": "Shared",
            "preInstalledSw": "NA",
            "capacitystatus": "Used",
            "usagetype": "BoxUsage:m5.xlarge",
        },
        "Hrs",
        "0.192",
    ),
    ("AmazonEC2", "NAT Gateway", {"regionCode": "us-east-1", "usagetype": "NatGateway-Hours"}, "Hrs", "0.045"),
    (
        "AmazonRDS",
        "Database Instance",
        {
            "regionCode": "us-east-1",
            "instanceType": "db.m5.large",
            "databaseEngine": "PostgreSQL",
            "deploymentOption": "Single-AZ",
            "usagetype": "InstanceUsage:db.m5.large",
        },
        "Hrs",
        "0.178",
    ),
]


def pricing_GetProducts(request, context):
    wanted = {item["Field"]: item["Value"] for item in request.get("Filters", [])}
    found = []
    for number, (service, family, attributes, unit, price) in enumerate(PRODUCTS):
        all_attributes = {"servicecode": service, "productFamily": family, **attributes}
        if service == request["ServiceCode"] and all(all_attributes.get(field) == value for field, value in wanted.items()):
            sku, term = f"SKU{number:013}", "JRTCKXETXF"
            dimension = {
                "unit": unit,
                "beginRange": "0",
                "endRange": "Inf",
                "description": f"${price} per {unit}",
                "appliesTo": [],
                "rateCode": f"{sku}.{term}.6YS6EN2CT7",
                "pricePerUnit": {"USD": f"{price}000000"},
            }
            product = {"productFamily": family, "attributes": {"servicecode": service, **attributes}, "sku": sku}
            on_demand = {
                f"{sku}.{term}": {
                    "sku": sku,
                    "offerTermCode": term,
                    "effectiveDate": "2025-01-01T00:00:00Z",
                    "termAttributes": {},
                    "priceDimensions": {dimension["rateCode"]: dimension},
                }
            }
            found.append(
                json.dumps(
                    {
                        "product": product,
                        "serviceCode": service,
                        "terms": {"OnDemand": on_demand},
                        "version": "20250101000000",
                        "publicationDate": "2025-01-01T00:00:00Z",
                    }
                )
            )
    shown, following = page(found, request, request.get("MaxResults", 100))
    return {"FormatVersion": "aws_v1", "PriceList": shown, **following}


def pricing_DescribeServices(request, context):
    attributes = {}
    for service, _, of_product, _, _ in PRODUCTS:
        attributes.setdefault(service, {"productFamily", "servicecode"}).update(of_product)
    services = [
        {"ServiceCode": service, "AttributeNames": sorted(names)}
        for service, names in sorted(attributes.items())
        if request.get("ServiceCode", service) == service
    ]
    return {"Services": services, "FormatVersion": "aws_v1"}


def pricing_GetAttributeValues(request, context):
    values = {attributes.get(request["AttributeName"]) for service, _, attributes, _, _ in PRODUCTS if service == request["ServiceCode"]}
    return {"AttributeValues": [{"Value": value} for value in sorted(values - {None})]}
