//! Caches of a Redis OSS version that AWS supports for a surcharge only.
//!
//! Facts: from 2026-02-01 on AWS charges for Redis OSS 4 and 5 on top of the node; the usage type
//! `ElastiCache:ExtendedSupport-NodeUsage:cache.m5.large` is seen in one public bill only: unconfirmed by AWS's pages.
//! Source: <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/extended-support-charges.html>.

use crate::checks::part::{measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct ElastiCacheExtendedSupport;

static META: CheckMeta = CheckMeta {
    id: "elasticache.extended-support",
    title: "Caches in extended support",
    why: "Since February 2026 nodes of Redis OSS 4 and 5 carry a surcharge on top of their price, which rises in the third year.",
    source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/extended-support-charges.html",
    source_as_of: "2026-11-24",
    services: &["AmazonElastiCache"],
    parameters: &[],
    saving: "The whole surcharge as billed; the ordinary price of what runs is on lines of its own and stays.",
    risk: Risk::Medium,
    risk_note: "Clients may rely on what the newer engine does otherwise, and nodes fail over during the upgrade.",
    effort: Effort::High,
    steps: &[
        "aws elasticache describe-cache-clusters --region {region} --query 'CacheClusters[].[CacheClusterId,Engine,EngineVersion]'",
        "Test the client library against Valkey or Redis OSS 7.",
        "aws elasticache modify-replication-group --engine valkey --engine-version VERSION --apply-immediately",
    ],
    rollback: "Restore the backup taken before the upgrade into a new cluster; an engine version cannot be lowered in place.",
};

impl Check for ElastiCacheExtendedSupport {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let parts = usage_by_resource_or_place(context, |key| measures(key, "AmazonElastiCache", |measure| measure.contains("ExtendedSupport")));
        let findings = parts.iter().map(|(place, part)| {
            let title = format!("Upgrade caches in {} out of extended support", place.name());
            let quantity = Evidence::from_bill("extended_support_quantity", part.quantity(), "node-hours", part.source());
            FindingDraft {
                kind: FindingKind::Recommendation,
                resource_kind: place.resource_id.as_ref().map(|_| "elasticache:cluster".into()),
                formula: Some("window_cost"),
                basis: SavingsBasis::Measured,
                confidence: Confidence::High,
                ..part.investigation(place, "extended-support", title, vec![quantity])
            }
        });
        CheckOutput { findings: findings.collect(), not_evaluated: unreadable(context, &META).into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::{cents, dec, run, usage};

    #[test]
    fn the_surcharge_is_saved_and_what_runs_stays() {
        let charges = [
            usage("AmazonElastiCache", "EU-ElastiCache:ExtendedSupport-NodeUsage:cache.m5.large", "730", "91.25").with_resource("arn:aws:elasticache:eu-west-1:111122223333:cluster:shop"),
            usage("AmazonElastiCache", "EU-NodeUsage:cache.m5.large", "730", "73.00").with_resource("arn:aws:elasticache:eu-west-1:111122223333:cluster:shop"),
        ];
        let run = run("elasticache.extended-support", &charges);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(cents(&run.findings[0]), dec("91.25"));
        assert_eq!(run.findings[0].savings.as_ref().unwrap().basis, SavingsBasis::Measured);
    }

    #[test]
    fn a_supported_version_is_in_order() {
        assert!(run("elasticache.extended-support", &[usage("AmazonElastiCache", "EU-NodeUsage:cache.m5.large", "730", "73.00")]).findings.is_empty());
    }

    #[test]
    fn another_services_extended_support_is_not_its_own() {
        assert!(run("elasticache.extended-support", &[usage("AmazonOther", "EU-ElastiCache:ExtendedSupport-NodeUsage:cache.m5.large", "730", "91.25")]).findings.is_empty());
    }
}
