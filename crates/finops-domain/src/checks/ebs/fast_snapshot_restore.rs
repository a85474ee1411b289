//! Snapshots that are kept ready for fast restore.

use crate::charge::ChargeKey;
use crate::checks::part::{measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct FastSnapshotRestore;

// Fast snapshot restore is charged by the hour for each snapshot and zone in which it is enabled (0.75 USD per DSU-hour in
// us-east-1: about 540 USD a month each), used or not, under `EBS:FastSnapshotRestore`.
static META: CheckMeta = CheckMeta {
    id: "ebs.fast-snapshot-restore",
    title: "Fast snapshot restore is enabled",
    why: "It is charged by the hour for each snapshot and zone as long as it is enabled, whether anything is restored or not.",
    source: "https://aws.amazon.com/ebs/pricing/",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[Parameter { name: "min_monthly_cost", default: "10", unit: "currency/month", about: "Cheaper parts of the spend are left out." }],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::Medium,
    risk_note: "Volumes from the snapshot are slow at first use again.",
    effort: Effort::Low,
    steps: &[
        "List where it is enabled: `aws ec2 describe-fast-snapshot-restores --region {region}`.",
        "Ask which of them a recovery plan or an image needs, and in which zones.",
        "Disable the rest: `aws ec2 disable-fast-snapshot-restores --availability-zones ZONE --source-snapshot-ids ID --region {region}`.",
    ],
    rollback: "`aws ec2 enable-fast-snapshot-restores`; it takes about an hour for each TiB to be ready.",
};

impl Check for FastSnapshotRestore {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let is_meant = |key: &ChargeKey| measures(key, "AmazonEC2", |measure| measure == "EBS:FastSnapshotRestore");
        for (place, part) in usage_by_resource_or_place(context, is_meant) {
            if context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost") {
                let title = format!("Fast snapshot restore is paid for in {}", place.name());
                let quantity = Evidence::from_bill("dsu_hours", part.quantity(), "DSU-hours", part.source());
                output.findings.push(part.investigation(&place, "fast-snapshot-restore", title, vec![quantity]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn each_hour_of_it_is_worth_a_look() {
        let run = run("ebs.fast-snapshot-restore", &[usage("AmazonEC2", "USW2-EBS:FastSnapshotRestore", "1460", "1095.00")]);
        // Two zones for 730 hours at 0.75 USD.
        assert_eq!(run.findings[0].monthly_cost, dec("1095.00"));
        assert!(run.findings[0].savings.is_none());
    }

    #[test]
    fn kept_snapshots_are_not_meant() {
        assert!(run("ebs.fast-snapshot-restore", &[usage("AmazonEC2", "EBS:SnapshotUsage", "2000", "100.00")]).findings.is_empty());
    }
}
