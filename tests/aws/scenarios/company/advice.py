"""Compute Optimizer and Trusted Advisor."""

from __future__ import annotations

import datetime
from typing import Any

from company.resources import MAIN, resource

from scenario import Refused

SERVICES = ("compute_optimizer_", "trustedadvisor_")


def savings(amount: float, percent: float = 100.0) -> dict[str, Any]:
    return {
        "savingsOpportunityPercentage": percent,
        "estimatedMonthlySavings": {"currency": "USD", "value": amount},
    }


def both(amount: float, percent: float = 100.0) -> dict[str, Any]:
    """At list price, and after the account's discounts."""
    return {"savingsOpportunity": savings(amount, percent), "savingsOpportunityAfterDiscounts": savings(round(amount * 0.9, 2), percent)}


def here(items: list[dict[str, Any]], context: Any, arn: str) -> list[dict[str, Any]]:
    """Compute Optimizer answers for the region that is asked."""
    return [item for item in items if item[arn].split(":")[3] == context.region and context.account == MAIN]


def compute_optimizer_GetEnrollmentStatus(request, context):
    return {
        "status": "Active",
        "memberAccountsEnrolled": True,
        "lastUpdatedTimestamp": context.now - datetime.timedelta(days=200),
        "numberOfMemberAccountsOptedIn": 1,
    }


def compute_optimizer_GetIdleRecommendations(request, context):
    rows = [
        ("instance-idle", "EC2Instance", "Idle", 60.74, [("CPU", 1.9), ("NetworkInBytesPerSecond", 210.0)]),
        ("volume-unattached-old", "EBSVolume", "Unattached", 10.0, [("VolumeReadOpsPerSecond", 0.0)]),
        ("nat-idle", "NatGateway", "Unused", 32.85, [("ActiveConnectionCount", 0.0), ("PacketsInFromSource", 0.0)]),
        ("database-idle", "RDSDBInstance", "Idle", 129.94, [("DatabaseConnections", 0.0)]),
        ("table-unused", "DynamoDBTable", "Unused", 47.45, [("ConsumedReadCapacityUnits", 0.0)]),
    ]
    found = [
        {
            "resourceArn": resource(name)["arn"],
            "resourceId": resource(name)["id"],
            "resourceType": kind,
            "accountId": MAIN,
            "finding": finding,
            "findingDescription": f"The {kind} is {finding.lower()}.",
            **both(amount),
            "utilizationMetrics": [{"name": metric, "statistic": "Maximum", "value": value} for metric, value in metrics],
            "lookBackPeriodInDays": 14.0,
            "lastRefreshTimestamp": context.now - datetime.timedelta(hours=9),
            "tags": [],
        }
        for name, kind, finding, amount, metrics in rows
    ]
    return {"idleRecommendations": here(found, context, "resourceArn"), "errors": []}


def compute_optimizer_GetEC2InstanceRecommendations(request, context):
    instance = {
        "instanceArn": resource("instance-idle")["arn"],
        "accountId": MAIN,
        "instanceName": "idle",
        "currentInstanceType": "m5.xlarge",
        "finding": "Overprovisioned",
        "findingReasonCodes": ["CPUOverprovisioned"],
        "utilizationMetrics": [{"name": "Cpu", "statistic": "Maximum", "value": 3.1}],
        "lookBackPeriodInDays": 14.0,
        "recommendationOptions": [
            {
                "instanceType": "t3.medium",
                "projectedUtilizationMetrics": [{"name": "Cpu", "statistic": "Maximum", "value": 12.4}],
                "platformDifferences": ["Hypervisor", "NetworkInterface", "StorageInterface"],
                "performanceRisk": 1.0,
                "rank": 1,
                **both(109.79, 78.3),
                "migrationEffort": "VeryLow",
            }
        ],
        "recommendationSources": [{"recommendationSourceArn": resource("instance-idle")["arn"], "recommendationSourceType": "Ec2Instance"}],
        "lastRefreshTimestamp": context.now - datetime.timedelta(hours=9),
        "currentPerformanceRisk": "VeryLow",
        "instanceState": "running",
        "idle": "True",
        "tags": [{"key": "team", "value": "platform"}],
    }
    return {"instanceRecommendations": here([instance], context, "instanceArn"), "errors": []}


def compute_optimizer_GetEBSVolumeRecommendations(request, context):
    volume = {
        "volumeArn": resource("volume-gp2")["arn"],
        "accountId": MAIN,
        "currentConfiguration": {
            "volumeType": "gp2",
            "volumeSize": 500,
            "volumeBaselineIOPS": 1500,
            "volumeBurstIOPS": 3000,
            "rootVolume": False,
        },
        "finding": "NotOptimized",
        "utilizationMetrics": [{"name": "VolumeReadOpsPerSecond", "statistic": "Maximum", "value": 40.0}],
        "lookBackPeriodInDays": 14.0,
        "volumeRecommendationOptions": [
            {
                "configuration": {
                    "volumeType": "gp3",
                    "volumeSize": 500,
                    "volumeBaselineIOPS": 3000,
                    "volumeBaselineThroughput": 125,
                    "rootVolume": False,
                },
                "performanceRisk": 1.0,
                "rank": 1,
                **both(10.0, 20.0),
            }
        ],
        "lastRefreshTimestamp": context.now - datetime.timedelta(hours=9),
        "currentPerformanceRisk": "VeryLow",
        "tags": [],
    }
    return {"volumeRecommendations": here([volume], context, "volumeArn"), "errors": []}


def compute_optimizer_GetLambdaFunctionRecommendations(request, context):
    function = {
        "functionArn": resource("function-large")["arn"] + ":$LATEST",
        "functionVersion": "$LATEST",
        "accountId": MAIN,
        "currentMemorySize": 3008,
        "numberOfInvocations": 120_000,
        "utilizationMetrics": [{"name": "Memory", "statistic": "Maximum", "value": 212.0}],
        "lookbackPeriodInDays": 14.0,
        "lastRefreshTimestamp": context.now - datetime.timedelta(hours=9),
        "finding": "NotOptimized",
        "findingReasonCodes": ["MemoryOverprovisioned"],
        "memorySizeRecommendationOptions": [{"rank": 1, "memorySize": 512, **both(7.3, 60.0)}],
        "currentPerformanceRisk": "VeryLow",
        "tags": [],
    }
    return {"lambdaFunctionRecommendations": here([function], context, "functionArn")}


def compute_optimizer_GetRDSDatabaseRecommendations(request, context):
    database = {
        "resourceArn": resource("database-idle")["arn"],
        "accountId": MAIN,
        "engine": "postgres",
        "engineVersion": "16.3",
        "currentDBInstanceClass": "db.m5.large",
        "currentStorageConfiguration": {"storageType": "gp2", "allocatedStorage": 100},
        "idle": "True",
        "instanceFinding": "Overprovisioned",
        "storageFinding": "NotOptimized",
        "instanceFindingReasonCodes": ["CPUOverprovisioned"],
        "currentInstancePerformanceRisk": "VeryLow",
        "storageFindingReasonCodes": ["NewGenerationStorageTypeAvailable"],
        "instanceRecommendationOptions": [{"dbInstanceClass": "db.t3.medium", "performanceRisk": 1.0, "rank": 1, **both(77.38, 59.6)}],
        "storageRecommendationOptions": [
            {"storageConfiguration": {"storageType": "gp3", "allocatedStorage": 100}, "rank": 1, **both(0.0, 0.0)},
        ],
        "utilizationMetrics": [{"name": "DatabaseConnections", "statistic": "Maximum", "value": 0.0}],
        "lookbackPeriodInDays": 14.0,
        "lastRefreshTimestamp": context.now - datetime.timedelta(hours=9),
        "tags": [],
    }
    return {"rdsDBRecommendations": here([database], context, "resourceArn"), "errors": []}


def compute_optimizer_GetAutoScalingGroupRecommendations(request, context):
    return {"autoScalingGroupRecommendations": [], "errors": []}


def compute_optimizer_GetECSServiceRecommendations(request, context):
    service = {
        "serviceArn": f"arn:aws:ecs:eu-west-1:{MAIN}:service/main/web",
        "accountId": MAIN,
        "currentServiceConfiguration": {
            "memory": 4096,
            "cpu": 2048,
            "taskDefinitionArn": f"arn:aws:ecs:eu-west-1:{MAIN}:task-definition/web:7",
        },
        "utilizationMetrics": [{"name": "Cpu", "statistic": "Maximum", "value": 11.0}],
        "lookbackPeriodInDays": 14.0,
        "launchType": "Fargate",
        "lastRefreshTimestamp": context.now - datetime.timedelta(hours=9),
        "finding": "Overprovisioned",
        "findingReasonCodes": ["CPUOverprovisioned", "MemoryOverprovisioned"],
        "serviceRecommendationOptions": [{"memory": 2048, "cpu": 512, **both(33.1, 62.0)}],
        "currentPerformanceRisk": "VeryLow",
        "tags": [],
    }
    return {"ecsServiceRecommendations": here([service], context, "serviceArn"), "errors": []}


def compute_optimizer_GetLicenseRecommendations(request, context):
    return {"licenseRecommendations": [], "errors": []}


# --- Trusted Advisor

CHECK = "arn:aws:trustedadvisor:::check/DAvU99Dc4C"
ADVISOR = f"arn:aws:trustedadvisor::{MAIN}:recommendation/0c1d2e3f-1111-2222-3333-444455556666"


def trustedadvisor_ListChecks(request, context):
    return {
        "checkSummaries": [
            {
                "id": "DAvU99Dc4C",
                "arn": CHECK,
                "name": "Underutilized Amazon EBS Volumes",
                "description": "Checks Amazon EBS volume configurations and warns when volumes appear to be underutilized.",
                "pillars": ["cost_optimizing"],
                "awsServices": ["Amazon Elastic Block Store (EBS)"],
                "source": "ta_check",
                "metadata": {
                    "0": "Region/AZ",
                    "1": "Volume ID",
                    "2": "Volume Name",
                    "3": "Volume Type",
                    "4": "Volume Size",
                    "5": "Monthly Storage Cost",
                },
            }
        ]
    }


def trustedadvisor_ListRecommendations(request, context):
    item = {
        "id": ADVISOR.rpartition("/")[2],
        "arn": ADVISOR,
        "type": "standard",
        "checkArn": CHECK,
        "status": "warning",
        "pillars": ["cost_optimizing"],
        "source": "ta_check",
        "awsServices": ["Amazon Elastic Block Store (EBS)"],
        "name": "Underutilized Amazon EBS Volumes",
        "resourcesAggregates": {"okCount": 3, "warningCount": 1, "errorCount": 0},
        "pillarSpecificAggregates": {"costOptimizing": {"estimatedMonthlySavings": 10.0, "estimatedPercentMonthlySavings": 0.01}},
        "lastUpdatedAt": context.now - datetime.timedelta(hours=30),
    }
    fits = request.get("pillar", "cost_optimizing") == "cost_optimizing" and context.account == MAIN
    return {"recommendationSummaries": [item] if fits else []}


def trustedadvisor_ListRecommendationResources(request, context):
    if request["recommendationIdentifier"] not in (ADVISOR, ADVISOR.rpartition("/")[2]):
        raise Refused("ResourceNotFoundException", "The recommendation does not exist", 404)
    volume = resource("volume-unattached-old")
    return {
        "recommendationResourceSummaries": [
            {
                "id": "7777",
                "arn": f"{ADVISOR}/recommendation-resource/7777",
                "awsResourceId": volume["id"],
                "regionCode": volume["region"],
                "status": "warning",
                "metadata": {"0": volume["region"], "1": volume["id"], "2": "", "3": "General Purpose (SSD)", "4": "100", "5": "$10.00"},
                "lastUpdatedAt": context.now - datetime.timedelta(hours=30),
                "exclusionStatus": "included",
                "recommendationArn": ADVISOR,
            }
        ]
    }
