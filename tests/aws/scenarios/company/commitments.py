"""Savings Plans, reservations, and what Cost Explorer recommends and notices."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from company.resources import MAIN, resource

SERVICES = ("ce_", "savingsplans_")


def savingsplans_DescribeSavingsPlans(request, context):
    plan = {
        "offeringId": "6b2c6a6e-0000-4000-8000-000000000001",
        "savingsPlanId": "d1e2f3a4-0000-4000-8000-000000000002",
        "savingsPlanArn": f"arn:aws:savingsplans::{MAIN}:savingsplan/d1e2f3a4-0000-4000-8000-000000000002",
        "description": "1 year No Upfront Compute Savings Plan",
        "start": (context.now - datetime.timedelta(days=300)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "end": (context.now + datetime.timedelta(days=65)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "state": "active",
        "savingsPlanType": "Compute",
        "paymentOption": "No Upfront",
        "productTypes": ["EC2", "Fargate", "Lambda"],
        "currency": "USD",
        "commitment": "0.14000000",
        "upfrontPaymentAmount": "0.00000000",
        "recurringPaymentAmount": "0.14000000",
        "termDurationInSeconds": 31_536_000,
        "tags": {},
    }
    fits = context.account == MAIN and "active" in request.get("states", ["active"])
    return {"savingsPlans": [plan] if fits else []}


def days(request: dict[str, Any]) -> list[dict[str, str]]:
    start, end = (datetime.date.fromisoformat(request["TimePeriod"][side]) for side in ("Start", "End"))
    if request.get("Granularity") != "DAILY":
        return [request["TimePeriod"]]
    each = [start + datetime.timedelta(days=n) for n in range((end - start).days)]
    return [{"Start": day.isoformat(), "End": (day + datetime.timedelta(days=1)).isoformat()} for day in each]


def plan_use(period: dict[str, str]) -> dict[str, Any]:
    length = (datetime.date.fromisoformat(period["End"]) - datetime.date.fromisoformat(period["Start"])).days
    committed = Decimal("3.36") * length
    return {
        "Utilization": {
            "TotalCommitment": str(committed),
            "UsedCommitment": str(committed),
            "UnusedCommitment": "0",
            "UtilizationPercentage": "100",
        },
        "Savings": {"NetSavings": str(Decimal("1.248") * length), "OnDemandCostEquivalent": str(Decimal("4.608") * length)},
        "AmortizedCommitment": {
            "AmortizedRecurringCommitment": str(committed),
            "AmortizedUpfrontCommitment": "0",
            "TotalAmortizedCommitment": str(committed),
        },
    }


def ce_GetSavingsPlansUtilization(request, context):
    each = [{"TimePeriod": period, **plan_use(period)} for period in days(request)]
    return {"SavingsPlansUtilizationsByTime": each, "Total": plan_use(request["TimePeriod"])}


def ce_GetSavingsPlansUtilizationDetails(request, context):
    plan = savingsplans_DescribeSavingsPlans({}, context)["savingsPlans"]
    details = [
        {
            "SavingsPlanArn": item["savingsPlanArn"],
            "Attributes": {"SavingsPlansType": "ComputeSavingsPlans"},
            **plan_use(request["TimePeriod"]),
        }
        for item in plan
    ]
    return {"SavingsPlansUtilizationDetails": details, "Total": plan_use(request["TimePeriod"]), "TimePeriod": request["TimePeriod"]}


def ce_GetSavingsPlansCoverage(request, context):
    coverage = {"SpendCoveredBySavingsPlans": "4.608", "OnDemandCost": "41.4816", "TotalCost": "46.0896", "CoveragePercentage": "9.998"}
    return {"SavingsPlansCoverages": [{"Attributes": {}, "Coverage": coverage, "TimePeriod": period} for period in days(request)]}


def ce_GetSavingsPlansPurchaseRecommendation(request, context):
    base = {key: request[key] for key in ("SavingsPlansType", "TermInYears", "PaymentOption", "LookbackPeriodInDays")}
    detail = {
        "SavingsPlansDetails": {"OfferingId": "6b2c6a6e-0000-4000-8000-000000000001"},
        "AccountId": MAIN,
        "UpfrontCost": "0",
        "EstimatedROI": "37.1",
        "CurrencyCode": "USD",
        "EstimatedSPCost": "153.3",
        "EstimatedOnDemandCost": "201.3",
        "EstimatedSavingsAmount": "48.0",
        "EstimatedSavingsPercentage": "23.8",
        "HourlyCommitmentToPurchase": "0.21",
        "EstimatedAverageUtilization": "98.2",
        "EstimatedMonthlySavingsAmount": "48.0",
    }
    summary = {
        "CurrencyCode": "USD",
        "EstimatedMonthlySavingsAmount": "48.0",
        "HourlyCommitmentToPurchase": "0.21",
        "TotalRecommendationCount": "1",
    }
    return {
        "Metadata": {"RecommendationId": "sp-1", "GenerationTimestamp": context.now.strftime("%Y-%m-%dT%H:%M:%SZ")},
        "SavingsPlansPurchaseRecommendation": {
            **base,
            "AccountScope": request.get("AccountScope", "PAYER"),
            "SavingsPlansPurchaseRecommendationDetails": [detail],
            "SavingsPlansPurchaseRecommendationSummary": summary,
        },
    }


RESERVED_NOTHING = {"UtilizationPercentage": "0", "PurchasedHours": "0", "TotalActualHours": "0", "UnusedHours": "0", "NetRISavings": "0"}


def ce_GetReservationUtilization(request, context):
    return {
        "UtilizationsByTime": [{"TimePeriod": period, "Groups": [], "Total": RESERVED_NOTHING} for period in days(request)],
        "Total": RESERVED_NOTHING,
    }


def ce_GetReservationCoverage(request, context):
    total = {"CoverageHours": {"OnDemandHours": "240", "ReservedHours": "0", "TotalRunningHours": "240", "CoverageHoursPercentage": "0"}}
    return {"CoveragesByTime": [{"TimePeriod": period, "Groups": [], "Total": total} for period in days(request)], "Total": total}


def ce_GetReservationPurchaseRecommendation(request, context):
    detail = {
        "AccountId": MAIN,
        "InstanceDetails": {
            "RDSInstanceDetails": {
                "Family": "m5",
                "InstanceType": "db.m5.large",
                "Region": "us-east-1",
                "DatabaseEngine": "PostgreSQL",
                "DeploymentOption": "Single-AZ",
                "CurrentGeneration": True,
                "SizeFlexEligible": True,
            }
        },
        "RecommendedNumberOfInstancesToPurchase": "1",
        "AverageUtilization": "100",
        "EstimatedBreakEvenInMonths": "0",
        "CurrencyCode": "USD",
        "EstimatedMonthlySavingsAmount": "40.0",
        "EstimatedMonthlySavingsPercentage": "30.8",
        "EstimatedMonthlyOnDemandCost": "129.94",
        "UpfrontCost": "0",
        "RecurringStandardMonthlyCost": "89.94",
    }
    recommendation = {
        "AccountScope": request.get("AccountScope", "PAYER"),
        "LookbackPeriodInDays": request.get("LookbackPeriodInDays", "SEVEN_DAYS"),
        "TermInYears": request.get("TermInYears", "ONE_YEAR"),
        "PaymentOption": request.get("PaymentOption", "NO_UPFRONT"),
        "RecommendationDetails": [detail],
        "RecommendationSummary": {
            "TotalEstimatedMonthlySavingsAmount": "40.0",
            "TotalEstimatedMonthlySavingsPercentage": "30.8",
            "CurrencyCode": "USD",
        },
    }
    fits = request["Service"] == "Amazon Relational Database Service"
    return {"Metadata": {"RecommendationId": "ri-1"}, "Recommendations": [recommendation] if fits else []}


def ce_GetRightsizingRecommendation(request, context):
    instance = resource("instance-idle")
    recommendation = {
        "AccountId": MAIN,
        "CurrentInstance": {
            "ResourceId": instance["id"],
            "InstanceName": "idle",
            "Tags": [],
            "ResourceDetails": {
                "EC2ResourceDetails": {
                    "HourlyOnDemandRate": "0.192",
                    "InstanceType": "m5.xlarge",
                    "Platform": "Linux/UNIX",
                    "Region": "US East (N. Virginia)",
                }
            },
            "ResourceUtilization": {"EC2ResourceUtilization": {"MaxCpuUtilizationPercentage": "3.1"}},
            "OnDemandHoursInLookbackPeriod": "336",
            "TotalRunningHoursInLookbackPeriod": "336",
            "MonthlyCost": "140.16",
            "CurrencyCode": "USD",
        },
        "RightsizingType": "TERMINATE",
        "TerminateRecommendationDetail": {"EstimatedMonthlySavings": "140.16", "CurrencyCode": "USD"},
        "FindingReasonCodes": ["CPU_OVER_PROVISIONED"],
    }
    return {
        "Metadata": {"LookbackPeriodInDays": "SEVEN_DAYS", "GenerationTimestamp": context.now.strftime("%Y-%m-%dT%H:%M:%SZ")},
        "Summary": {
            "TotalRecommendationCount": "1",
            "EstimatedTotalMonthlySavingsAmount": "140.16",
            "SavingsCurrencyCode": "USD",
            "SavingsPercentage": "100",
        },
        "RightsizingRecommendations": [recommendation],
        "Configuration": request.get("Configuration", {"RecommendationTarget": "SAME_INSTANCE_FAMILY", "BenefitsConsidered": True}),
    }


def ce_GetAnomalies(request, context):
    began = context.today - datetime.timedelta(days=12)
    if request["DateInterval"]["StartDate"] > began.isoformat():
        return {"Anomalies": []}
    anomaly = {
        "AnomalyId": "f0a1b2c3-0000-4000-8000-000000000003",
        "AnomalyStartDate": f"{began}T00:00:00Z",
        "DimensionValue": "EC2 - Other",
        "RootCauses": [
            {
                "Service": "EC2 - Other",
                "Region": "us-east-1",
                "LinkedAccount": MAIN,
                "LinkedAccountName": "company-main",
                "UsageType": "DataTransfer-Regional-Bytes",
                "Impact": {"Contribution": 10.8},
            }
        ],
        "AnomalyScore": {"MaxScore": 0.8, "CurrentScore": 0.7},
        "Impact": {
            "MaxImpact": 0.9,
            "TotalImpact": 10.8,
            "TotalActualSpend": 11.0,
            "TotalExpectedSpend": 0.2,
            "TotalImpactPercentage": 5400.0,
        },
        "MonitorArn": f"arn:aws:ce::{MAIN}:anomalymonitor/a1b2c3d4-0000-4000-8000-000000000004",
    }
    return {"Anomalies": [anomaly]}
