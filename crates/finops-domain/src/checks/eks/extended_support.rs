//! Clusters of a Kubernetes version that AWS supports for a surcharge only.
//!
//! Facts: a cluster is $0.10 an hour (`AmazonEKS-Hours:perCluster`); in extended support $0.50 are added, on a line of its own
//! (`AmazonEKS-Hours:extendedSupport`), which makes AWS's $0.60. Source: <https://aws.amazon.com/eks/pricing/>, and bills that show both lines.

use crate::checks::part::{measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct EksExtendedSupport;

static META: CheckMeta = CheckMeta {
    id: "eks.extended-support",
    title: "EKS clusters in extended support",
    why: "Fourteen months after its release a Kubernetes version leaves standard support, and the cluster costs six times as much: 0.60 instead of 0.10 USD an hour.",
    source: "https://aws.amazon.com/eks/pricing/",
    source_as_of: "2026-11-24",
    services: &["AmazonEKS"],
    parameters: &[],
    saving: "The whole surcharge as billed; the ordinary price of what runs is on lines of its own and stays.",
    risk: Risk::Medium,
    risk_note: "Removed Kubernetes APIs and old add-ons stop working after the upgrade.",
    effort: Effort::High,
    steps: &[
        "aws eks list-insights --region {region} --cluster-name NAME shows what the upgrade would break.",
        "Upgrade the control plane one minor version at a time: aws eks update-cluster-version.",
        "Upgrade add-ons and node groups after each.",
        "Set the upgrade policy to STANDARD: aws eks update-cluster-config --upgrade-policy supportType=STANDARD.",
    ],
    rollback: "A control plane cannot go back: make a new cluster of the old version and deploy there.",
};

impl Check for EksExtendedSupport {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let parts = usage_by_resource_or_place(context, |key| measures(key, "AmazonEKS", |measure| measure.contains("extendedSupport")));
        let findings = parts.iter().map(|(place, part)| {
            let title = format!("Upgrade clusters in {} out of extended support", place.name());
            let quantity = Evidence::from_bill("extended_support_quantity", part.quantity(), "cluster-hours", part.source());
            FindingDraft {
                kind: FindingKind::Recommendation,
                resource_kind: place.resource_id.as_ref().map(|_| "eks:cluster".into()),
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
            usage("AmazonEKS", "EU-AmazonEKS-Hours:extendedSupport", "730", "365.00").with_resource("arn:aws:eks:eu-west-1:111122223333:cluster/shop"),
            usage("AmazonEKS", "EU-AmazonEKS-Hours:perCluster", "730", "73.00").with_resource("arn:aws:eks:eu-west-1:111122223333:cluster/shop"),
        ];
        let run = run("eks.extended-support", &charges);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(cents(&run.findings[0]), dec("365.00"));
        assert_eq!(run.findings[0].savings.as_ref().unwrap().basis, SavingsBasis::Measured);
    }

    #[test]
    fn a_supported_version_is_in_order() {
        assert!(run("eks.extended-support", &[usage("AmazonEKS", "EU-AmazonEKS-Hours:perCluster", "730", "73.00")]).findings.is_empty());
    }

    #[test]
    fn another_services_extended_support_is_not_its_own() {
        assert!(run("eks.extended-support", &[usage("AmazonOther", "EU-AmazonEKS-Hours:extendedSupport", "730", "365.00")]).findings.is_empty());
    }
}
