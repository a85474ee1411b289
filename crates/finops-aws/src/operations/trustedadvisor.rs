//! Trusted Advisor. No quota is published.

crate::operations! {
    "TrustedAdvisor", "trustedadvisor";
    /// What its checks are called, and their columns.
    LIST_CHECKS = "ListChecks", |operation| operation.ttl(86_400);
    /// What the checks found.
    LIST_RECOMMENDATIONS = "ListRecommendations", |operation| operation.ttl(3_600);
    /// In which resources.
    LIST_RECOMMENDATION_RESOURCES = "ListRecommendationResources", |operation| operation.ttl(3_600);
}
