"""Cost Optimization Hub. It answers in its home region only, for all regions and accounts."""

from __future__ import annotations

import datetime
from typing import Any

from company.resources import MAIN, resource

from scenario import Refused

SERVICES = ("cost_optimization_hub_",)
HOME_REGION = "us-east-1"

RESERVED = {
    "accountScope": "Payer",
    "term": "OneYear",
    "paymentOption": "NoUpfront",
    "reservedInstancesRegion": "us-east-1",
    "upfrontCost": "0",
    "monthlyRecurringCost": "82.4",
    "numberOfInstancesToPurchase": "1",
    "instanceType": "m5.large",
    "sizeFlexEligible": True,
}
PLAN = {"accountScope": "Payer", "term": "OneYear", "paymentOption": "NoUpfront", "hourlyCommitment": "0.21"}
COMPUTE = {"compute": {"vCpu": 1.0, "memorySizeInMB": 2048, "architecture": "X86_64", "platform": "Linux"}}

# Every resource type of the Hub: member of ResourceDetails, action, what it is about, monthly savings and cost, configuration.
HUB = {
    "Ec2Instance": ("ec2Instance", "Stop", "instance-idle", 60.74, 140.16, {"instance": {"type": "m5.xlarge"}}),
    "LambdaFunction": ("lambdaFunction", "Rightsize", "function-large", 7.3, 12.2, COMPUTE),
    "EbsVolume": (
        "ebsVolume",
        "Delete",
        "volume-unattached-old",
        10.0,
        10.0,
        {"storage": {"type": "gp2", "sizeInGb": 100.0}, "performance": {"iops": 300.0, "throughput": 128.0}, "attachmentState": "detached"},
    ),
    "EcsService": ("ecsService", "Rightsize", f"arn:aws:ecs:eu-west-1:{MAIN}:service/main/web", 33.1, 53.4, COMPUTE),
    "Ec2AutoScalingGroup": (
        "ec2AutoScalingGroup",
        "Rightsize",
        f"arn:aws:autoscaling:us-east-1:{MAIN}:autoScalingGroup:1:autoScalingGroupName/web",
        42.0,
        120.0,
        {"instance": {"type": "m5.large"}, "type": "SingleInstanceType"},
    ),
    "Ec2InstanceSavingsPlans": (
        "ec2InstanceSavingsPlans",
        "PurchaseSavingsPlans",
        "",
        55.0,
        153.3,
        {**PLAN, "instanceFamily": "m5", "savingsPlansRegion": "us-east-1"},
    ),
    "ComputeSavingsPlans": ("computeSavingsPlans", "PurchaseSavingsPlans", "", 48.0, 153.3, PLAN),
    "SageMakerSavingsPlans": ("sageMakerSavingsPlans", "PurchaseSavingsPlans", "", 12.0, 40.0, PLAN),
    "Ec2ReservedInstances": (
        "ec2ReservedInstances",
        "PurchaseReservedInstances",
        "",
        51.0,
        140.16,
        {**RESERVED, "service": "AmazonEC2", "offeringClass": "Standard"},
    ),
    "RdsReservedInstances": (
        "rdsReservedInstances",
        "PurchaseReservedInstances",
        "",
        40.0,
        129.94,
        {**RESERVED, "service": "AmazonRDS", "instanceType": "db.m5.large", "databaseEngine": "PostgreSQL"},
    ),
    "OpenSearchReservedInstances": ("openSearchReservedInstances", "PurchaseReservedInstances", "", 30.0, 100.0, RESERVED),
    "RedshiftReservedInstances": ("redshiftReservedInstances", "PurchaseReservedInstances", "", 60.0, 182.0, RESERVED),
    "ElastiCacheReservedInstances": ("elastiCacheReservedInstances", "PurchaseReservedInstances", "", 20.0, 99.0, RESERVED),
    "RdsDbInstanceStorage": (
        "rdsDbInstanceStorage",
        "Upgrade",
        "database-idle",
        0.5,
        11.5,
        {"storageType": "gp2", "allocatedStorageInGb": 100.0},
    ),
    "RdsDbInstance": ("rdsDbInstance", "Stop", "database-idle", 129.94, 129.94, {"instance": {"dbInstanceClass": "db.m5.large"}}),
    "AuroraDbClusterStorage": (
        "auroraDbClusterStorage",
        "Upgrade",
        f"arn:aws:rds:us-east-1:{MAIN}:cluster:ledger",
        9.0,
        60.0,
        {"storageType": "aurora"},
    ),
    "DynamoDbReservedCapacity": (
        "dynamoDbReservedCapacity",
        "PurchaseReservedInstances",
        "",
        8.0,
        47.45,
        {
            "accountScope": "Payer",
            "term": "OneYear",
            "paymentOption": "NoUpfront",
            "numberOfCapacityUnitsToPurchase": "100",
            "capacityUnits": "ReadCapacityUnit-Hrs",
            "upfrontCost": "0",
            "monthlyRecurringCost": "9.1",
        },
    ),
    "MemoryDbReservedInstances": ("memoryDbReservedInstances", "PurchaseReservedInstances", "", 15.0, 70.0, RESERVED),
    "NatGateway": (
        "natGateway",
        "Delete",
        "nat-idle",
        32.85,
        32.85,
        {"activeConnectionCount": 0, "packetsInFromSource": 0, "packetsInFromDestination": 0},
    ),
    "DynamoDBTable": ("dynamoDbTable", "Delete", "table-unused", 47.45, 47.45, None),
    "ElastiCacheCluster": ("elastiCacheCluster", "Delete", f"arn:aws:elasticache:us-east-1:{MAIN}:cluster:sessions", 49.0, 49.0, None),
    "MemoryDBCluster": ("memoryDbCluster", "Delete", f"arn:aws:memorydb:us-east-1:{MAIN}:cluster/carts", 70.0, 70.0, None),
    "DocumentDBCluster": ("documentDbCluster", "Delete", f"arn:aws:rds:us-east-1:{MAIN}:cluster:docs", 200.0, 200.0, None),
    "WorkSpaces": ("workSpaces", "Delete", f"arn:aws:workspaces:us-east-1:{MAIN}:workspace/ws-1", 31.0, 31.0, None),
    "SageMakerEndpoint": ("sageMakerEndpoint", "Delete", f"arn:aws:sagemaker:us-east-1:{MAIN}:endpoint/scores", 84.0, 84.0, None),
}


def hub_items(context: Any) -> list[dict[str, Any]]:
    found = []
    for number, (kind, (_, action, about, saved, cost, _)) in enumerate(HUB.items()):
        bought = action.startswith("Purchase")
        target = {"id": "", "arn": "", "region": "us-east-1"} if not about else None
        if target is None:
            target = (
                {"id": about.rpartition("/")[2], "arn": about, "region": about.split(":")[3]}
                if about.startswith("arn:")
                else resource(about)
            )
        found.append(
            {
                "recommendationId": f"hub-{number:04}",
                "accountId": MAIN,
                "region": target["region"],
                **({} if bought else {"resourceId": target["id"], "resourceArn": target["arn"]}),
                "currentResourceType": kind,
                "recommendedResourceType": kind,
                "estimatedMonthlySavings": saved,
                "estimatedSavingsPercentage": round(100 * saved / cost, 2),
                "estimatedMonthlyCost": cost,
                "currencyCode": "USD",
                "implementationEffort": "VeryLow" if bought else "Low",
                "restartNeeded": action in ("Rightsize", "Stop"),
                "actionType": action,
                "rollbackPossible": action in ("Rightsize", "Stop"),
                "currentResourceSummary": kind,
                "recommendedResourceSummary": action,
                "lastRefreshTimestamp": context.now - datetime.timedelta(hours=20),
                "recommendationLookbackPeriodInDays": 30 if bought else 14,
                "source": "CostExplorer" if bought else "ComputeOptimizer",
            }
        )
    return found


def at_home(context: Any) -> None:
    if context.region != HOME_REGION:
        raise Refused("AccessDeniedException", f"Cost Optimization Hub is not available in {context.region}")


def cost_optimization_hub_ListEnrollmentStatuses(request, context):
    at_home(context)
    accounts = [
        {
            "accountId": account,
            "status": "Active",
            "createdTimestamp": context.now - datetime.timedelta(days=200),
            "lastUpdatedTimestamp": context.now - datetime.timedelta(days=200),
        }
        for account in (MAIN, "222222222222")
        if request.get("accountId", account) == account
    ]
    return {"items": accounts, "includeMemberAccounts": True}


def cost_optimization_hub_GetPreferences(request, context):
    at_home(context)
    return {"savingsEstimationMode": "AfterDiscounts", "memberAccountDiscountVisibility": "All"}


def cost_optimization_hub_ListRecommendations(request, context):
    at_home(context)
    wanted = request.get("filter", {})
    members = {
        "resourceTypes": "currentResourceType",
        "actionTypes": "actionType",
        "regions": "region",
        "accountIds": "accountId",
        "resourceIds": "resourceId",
        "resourceArns": "resourceArn",
        "recommendationIds": "recommendationId",
    }
    found = [
        item for item in hub_items(context) if all(item.get(member) in wanted[name] for name, member in members.items() if wanted.get(name))
    ]
    size, start = request.get("maxResults", 10), int(request.get("nextToken", "0"))
    following = {"nextToken": str(start + size)} if start + size < len(found) else {}
    return {"items": found[start : start + size], **following}


def cost_optimization_hub_GetRecommendation(request, context):
    at_home(context)
    item = next((item for item in hub_items(context) if item["recommendationId"] == request["recommendationId"]), None)
    if item is None:
        raise Refused("ResourceNotFoundException", "The recommendation was not found", fields={"resourceId": request["recommendationId"]})
    member, action, _, saved, cost, configuration = HUB[item["currentResourceType"]]
    details = {"configuration": configuration} if configuration else {}
    if action == "PurchaseSavingsPlans":
        pricing = {
            "monthlySavingsPlansEligibleCost": cost,
            "estimatedMonthlyCommitment": cost - saved,
            "savingsPercentage": 100 * saved / cost,
            "estimatedOnDemandCost": cost,
        }
    elif action == "PurchaseReservedInstances":
        pricing = {
            "estimatedOnDemandCost": cost,
            "monthlyReservationEligibleCost": cost,
            "savingsPercentage": 100 * saved / cost,
            "estimatedMonthlyAmortizedReservationCost": cost - saved,
        }
    else:
        none = {"savingsPlansDiscount": 0.0, "reservedInstancesDiscount": 0.0, "otherDiscount": 0.0}
        pricing = {
            "estimatedCostBeforeDiscounts": cost,
            "estimatedNetUnusedAmortizedCommitments": 0.0,
            "estimatedDiscounts": none,
            "estimatedCostAfterDiscounts": cost,
        }
    details["costCalculation"] = {"pricing": pricing}
    same = ("currentResourceSummary", "recommendedResourceSummary")
    return {
        **{key: value for key, value in item.items() if key not in same},
        "costCalculationLookbackPeriodInDays": item["recommendationLookbackPeriodInDays"],
        "estimatedSavingsOverCostCalculationLookbackPeriod": saved,
        "currentResourceDetails": {member: details},
        "recommendedResourceDetails": {member: details},
    }


def cost_optimization_hub_ListRecommendationSummaries(request, context):
    at_home(context)
    member = {"ResourceType": "currentResourceType", "ActionType": "actionType", "Region": "region", "AccountId": "accountId"}.get(
        request["groupBy"]
    )
    if member is None:
        raise Refused("ValidationException", f"groupBy {request['groupBy']} is not supported")
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in hub_items(context):
        groups.setdefault(item[member], []).append(item)
    return {
        "estimatedTotalDedupedSavings": 700.0,
        "items": [
            {
                "group": group,
                "estimatedMonthlySavings": sum(item["estimatedMonthlySavings"] for item in items),
                "recommendationCount": len(items),
            }
            for group, items in sorted(groups.items())
        ],
        "groupBy": request["groupBy"],
        "currencyCode": "USD",
    }
