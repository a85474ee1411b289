//! Public IPv4 addresses that belong to nothing that runs.
//!
//! Facts: since February 2024 every public IPv4 address is $0.005 an hour, `PublicIPv4:IdleAddress` where it is attached
//! to nothing running; before, `ElasticIP:IdleAddress`. Source: <https://aws.amazon.com/vpc/pricing/>, read 2026-05.

use crate::checks::part::{unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::{Confidence, FindingDraft, FindingKind, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct IdlePublicIpv4;

static META: CheckMeta = CheckMeta {
    id: "ec2.idle-public-ipv4",
    title: "Idle public IPv4 addresses",
    why: "An address that is attached to nothing running is billed as idle, at the price of a used one.",
    source: "https://aws.amazon.com/vpc/pricing/",
    source_as_of: "2026-11-24",
    services: &["AmazonVPC", "AmazonEC2"],
    parameters: &[],
    saving: "All that idle addresses cost: the hours that AWS itself bills as idle.",
    risk: Risk::Medium,
    risk_note: "A released address is gone: allow lists and DNS records that name it stop working.",
    effort: Effort::Low,
    steps: &[
        "aws ec2 describe-addresses --region {region} --query 'Addresses[?AssociationId==null]'",
        "Look for the address in DNS records and in partners' allow lists, and for stopped instances that are to start again.",
        "aws ec2 release-address --region {region} --allocation-id ID",
    ],
    rollback: "aws ec2 allocate-address --address may bring a released address back as long as nobody else has it.",
};

impl Check for IdlePublicIpv4 {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let parts = usage_by_resource_or_place(context, |key| {
            matches!(key.measure(), Some("PublicIPv4:IdleAddress" | "ElasticIP:IdleAddress"))
        });
        let draft = |(place, part): (&_, &crate::checks::part::Part<'_>)| {
            let place: &crate::checks::part::Place = place;
            let title = match &place.resource_id {
                Some(_) => format!("Release idle address {}", place.name()),
                None => format!("Release idle public IPv4 addresses in {}", place.name()),
            };
            let hours = crate::finding::Evidence::from_bill("idle_hours", part.quantity(), "hours", part.source());
            FindingDraft {
                kind: FindingKind::Recommendation,
                resource_kind: place.resource_id.as_ref().map(|_| "ec2:elastic-ip".into()),
                formula: Some("window_cost"),
                basis: SavingsBasis::Measured,
                confidence: Confidence::High,
                ..part.investigation(place, "idle-ipv4", title, vec![hours])
            }
        };
        CheckOutput { findings: parts.iter().map(draft).collect(), not_evaluated: unreadable(context, &META).into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{cents, dec, run, usage};

    #[test]
    fn idle_hours_are_saved_whole_and_used_ones_left_alone() {
        let charges = [
            usage("AmazonVPC", "EU-PublicIPv4:IdleAddress", "1460", "7.30").with_region("eu-west-1"),
            usage("AmazonVPC", "EU-PublicIPv4:InUseAddress", "730", "3.65").with_region("eu-west-1"),
        ];
        let run = run("ec2.idle-public-ipv4", &charges);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(cents(&run.findings[0]), dec("7.30"));
        assert_eq!(run.findings[0].region_id, Some("eu-west-1".into()));
    }

    #[test]
    fn a_free_idle_address_saves_nothing() {
        assert!(run("ec2.idle-public-ipv4", &[usage("AmazonVPC", "PublicIPv4:IdleAddress", "730", "0")]).findings.is_empty());
    }

    #[test]
    fn an_address_that_is_in_use_is_in_order() {
        assert!(run("ec2.idle-public-ipv4", &[usage("AmazonVPC", "PublicIPv4:InUseAddress", "730", "3.65")]).findings.is_empty());
    }
}
