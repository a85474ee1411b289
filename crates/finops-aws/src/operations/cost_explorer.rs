//! AWS Cost Explorer.
//!
//! Price: $0.01 a request, and a page of an answer is a request of its own, so each page costs. Reading by resource costs the same;
//! keeping *hourly* data costs $0.00000033 a day and usage record beside that, from the day it is switched on, whether it is read or
//! not: this program never asks by the hour.
//! Source: <https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing/>, an archived copy read 2026-11-24; that a page is a
//! request of its own is how the operation works, not said there.
//!
//! Quota: AWS publishes no rate; it answers `LimitExceededException` above one. Five a second is an assumption, unconfirmed.
//! An answer is kept for half an hour: the data behind it is refreshed about once a day, unconfirmed.

/// A request that is paid.
const fn paid(operation: crate::operation::Operation) -> crate::operation::Operation {
    operation.price(10_000).quota(5.0, 5.0).ttl(1_800)
}

crate::operations! {
    "Cost Explorer", "ce";
    /// Costs and usage, grouped by at most two keys.
    GET_COST_AND_USAGE = "GetCostAndUsage", |operation| paid(operation);
    /// The same by resource, of the last fourteen days.
    GET_COST_AND_USAGE_WITH_RESOURCES = "GetCostAndUsageWithResources", |operation| paid(operation);
    /// What the next months will cost.
    GET_COST_FORECAST = "GetCostForecast", |operation| paid(operation);
    /// What Cost Anomaly Detection found.
    GET_ANOMALIES = "GetAnomalies", |operation| paid(operation);
    /// How much of what Savings Plans could cover they do.
    GET_SAVINGS_PLANS_COVERAGE = "GetSavingsPlansCoverage", |operation| paid(operation);
    /// How much of the Savings Plans is used.
    GET_SAVINGS_PLANS_UTILIZATION = "GetSavingsPlansUtilization", |operation| paid(operation);
    /// Which Savings Plans to buy.
    GET_SAVINGS_PLANS_PURCHASE_RECOMMENDATION = "GetSavingsPlansPurchaseRecommendation", |operation| paid(operation);
    /// How many of the hours that reservations could cover they do.
    GET_RESERVATION_COVERAGE = "GetReservationCoverage", |operation| paid(operation);
    /// How much of the reservations is used.
    GET_RESERVATION_UTILIZATION = "GetReservationUtilization", |operation| paid(operation);
    /// Which reservations to buy.
    GET_RESERVATION_PURCHASE_RECOMMENDATION = "GetReservationPurchaseRecommendation", |operation| paid(operation);
    /// Which EC2 instances to change or stop.
    GET_RIGHTSIZING_RECOMMENDATION = "GetRightsizingRecommendation", |operation| paid(operation);
}
