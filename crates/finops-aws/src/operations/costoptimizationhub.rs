//! Cost Optimization Hub. No quota is published; it looks at an account once a day.
//!
//! Source: <https://docs.aws.amazon.com/cost-management/latest/userguide/cost-optimization-hub.html>.

crate::operations! {
    "Cost Optimization Hub", "cost-optimization-hub";
    /// Whether it is switched on.
    LIST_ENROLLMENT_STATUSES = "ListEnrollmentStatuses";
    /// Whether its savings are before or after discounts.
    GET_PREFERENCES = "GetPreferences", |operation| operation.ttl(3_600);
    /// Recommendations.
    LIST_RECOMMENDATIONS = "ListRecommendations", |operation| operation.quota(5.0, 5.0).ttl(3_600);
    /// One in detail.
    GET_RECOMMENDATION = "GetRecommendation", |operation| operation.quota(5.0, 5.0).ttl(3_600);
}
