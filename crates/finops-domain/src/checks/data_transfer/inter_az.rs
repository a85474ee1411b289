//! Traffic between availability zones of a region.
//!
//! Facts: $0.01 per GB in each direction, usage type `DataTransfer-Regional-Bytes`; the same type counts traffic over public
//! and elastic addresses within a region. Source: <https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer>, read 2026-11.

use crate::charge::ChargeKey;
use crate::checks::part::{Place, by_place, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Evidence, NotEvaluated};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct InterAz;

static META: CheckMeta = CheckMeta {
    id: "data-transfer.inter-az",
    title: "Traffic between availability zones",
    why: "Traffic between zones is billed in both directions. Much of it can stay in its zone.",
    source: "https://aws.amazon.com/blogs/architecture/overview-of-data-transfer-costs-for-common-architectures/",
    source_as_of: "2026-11-24",
    services: &[],
    parameters: &[Parameter {
        name: "min_monthly_cost",
        default: "50",
        unit: "the bill's currency a month",
        about: "Accounts and regions where it costs less are not named.",
    }],
    saving: "None: the bill says what was transferred and not why. What it costs is what is at stake.",
    risk: Risk::Low,
    risk_note: "Keeping traffic in one zone may weaken what runs in several zones for availability: keep the replicas.",
    effort: Effort::High,
    steps: &[
        "Find the pairs that talk: VPC flow logs with the fields az-id and pkt-dstaddr, grouped in Athena.",
        "Route in the zone: topology-aware routing in Kubernetes, no cross-zone load balancing where it is not needed, rack awareness in Kafka clients.",
        "Use private addresses: traffic over a public or elastic address of the same region is billed as well.",
    ],
    rollback: "Nothing is changed by looking.",
};

fn is_transfer(key: &ChargeKey) -> bool {
    key.measure().is_some_and(|measure| measure == "DataTransfer-Regional-Bytes")
}

impl Check for InterAz {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let minimum = context.parameter("min_monthly_cost");
        let parts = by_place(context.usage().filter(|line| is_transfer(&line.key)), Place::of);
        let dear = parts.iter().filter(|(_, part)| context.window.to_month(part.cost()) >= minimum);
        let findings = dear.map(|(place, part)| {
            let title = format!("Look at traffic between zones in {}", place.name());
            let evidence = vec![
                Evidence::from_bill("transferred", part.quantity(), "GB", part.source()),
                Evidence::from_parameter("min_monthly_cost", minimum, place.currency.to_string()),
            ];
            part.investigation(place, "inter_az", title, evidence)
        });
        let mut not_evaluated: Vec<NotEvaluated> = unreadable(context, &META).into_iter().collect();
        if context.usage().next().is_some() && context.usage().all(|line| line.key.usage_type.is_none()) {
            let reason = "the bill has no usage types".to_owned();
            not_evaluated.push(NotEvaluated { check_id: META.id.into(), resource_id: None, reason });
        }
        CheckOutput { findings: findings.collect(), not_evaluated }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, run_with, usage};
    use crate::finding::FindingKind;

    #[test]
    fn dear_transfer_is_shown_without_a_saving() {
        let charges = [
            usage("AmazonEC2", "DataTransfer-Regional-Bytes", "8000", "80.00").with_resource("i-1"),
            usage("AWSDataTransfer", "DataTransfer-Regional-Bytes", "2000", "20.00"),
            usage("AmazonEC2", "DataTransfer-Out-Bytes", "2000", "180.00"),
        ];
        let run = run("data-transfer.inter-az", &charges);
        assert_eq!(run.findings.len(), 1);
        let finding = &run.findings[0];
        assert_eq!((finding.kind, finding.monthly_cost), (FindingKind::Investigation, dec("100.00")));
        assert!(finding.savings.is_none());
    }

    #[test]
    fn little_transfer_is_in_order_and_the_threshold_can_be_set() {
        let charges = [usage("AmazonEC2", "DataTransfer-Regional-Bytes", "1000", "10.00")];
        assert!(run("data-transfer.inter-az", &charges).findings.is_empty());
        assert_eq!(run_with("data-transfer.inter-az", &charges, &[("min_monthly_cost", "10")]).findings.len(), 1);
    }

    #[test]
    fn a_bill_without_usage_types_is_not_judged() {
        let run = run("data-transfer.inter-az", &[usage("AmazonEC2", "x", "1", "100").without_usage_type()]);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
    }
}
