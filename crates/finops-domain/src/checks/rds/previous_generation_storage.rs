//! Magnetic database storage that costs more than general purpose SSD once its I/O is counted.
//!
//! Facts (us-east-1): magnetic is $0.10 per GB-month and $0.10 per million I/O requests; gp2 and gp3 are $0.115 per GB-month
//! each and bill no requests, in Single-AZ; in Multi-AZ both double. gp2 to gp3 saves nothing on RDS, as the price per GB is the
//! same, unlike EBS; so gp2 is in order here. Source: <https://aws.amazon.com/rds/mysql/pricing/>, read 2026-05.

use jiff::civil::date;
use rust_decimal::Decimal;

use crate::charge::ChargeKey;
use crate::checks::part::{Part, Place, measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct PreviousGenerationStorage;

static META: CheckMeta = CheckMeta {
    id: "rds.previous-generation-storage",
    title: "Databases on magnetic storage",
    why: "Magnetic storage bills every I/O request and is the slowest there is. With enough I/O, gp3 is cheaper and far faster.",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
    source_as_of: "2026-11-24",
    services: &["AmazonRDS"],
    parameters: &[],
    saving: "Cost of storage and I/O requests less the same GB-months at AWS's list ratio of gp3 to magnetic, 1.15. Nothing where that \
             is not less.",
    risk: Risk::Medium,
    risk_note: "Changing from magnetic storage interrupts a Single-AZ database for a few minutes, and storage cannot be made smaller.",
    effort: Effort::Medium,
    steps: &[
        "Choose a maintenance window; take a snapshot.",
        "aws rds modify-db-instance --region {region} --db-instance-identifier NAME --storage-type gp3 (smallest size 20 GiB)",
    ],
    rollback: "Restore the snapshot. AWS no longer recommends magnetic storage for anything new.",
};

fn is_storage(key: &ChargeKey) -> bool {
    measures(key, "AmazonRDS", |measure| matches!(measure, "RDS:StorageUsage" | "RDS:Multi-AZ-StorageUsage"))
}

fn is_io(key: &ChargeKey) -> bool {
    measures(key, "AmazonRDS", |measure| matches!(measure, "RDS:StorageIOUsage" | "RDS:Multi-AZ-StorageIOUsage"))
}

impl Check for PreviousGenerationStorage {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let parts = usage_by_resource_or_place(context, |key| is_storage(key) || is_io(key));
        let findings = parts.iter().filter_map(|(place, part)| draft(place, part)).collect();
        CheckOutput { findings, not_evaluated: unreadable(context, &META).into_iter().collect() }
    }
}

fn draft(place: &Place, part: &Part<'_>) -> Option<FindingDraft> {
    let storage = part.of(is_storage);
    storage.lines.first()?;
    let source = "https://aws.amazon.com/rds/mysql/pricing/ (us-east-1: gp3 0.115, magnetic 0.10 USD per GB-month)";
    let evidence = vec![
        storage.cost_evidence("storage_cost", &place.currency),
        Evidence::from_bill("gb_months", storage.quantity(), "GB-months", storage.source()),
        Evidence::from_knowledge("gp3_price_ratio", Decimal::new(115, 2), "gp3/magnetic price", source, date(2026, 5, 1)),
    ];
    Some(FindingDraft {
        kind: FindingKind::Recommendation,
        resource_kind: place.resource_id.as_ref().map(|_| "rds:db".into()),
        formula: Some("window_cost - storage_cost * gp3_price_ratio"),
        basis: SavingsBasis::Estimated,
        confidence: Confidence::Medium,
        ..part.investigation(place, "magnetic", format!("Move magnetic database storage to gp3: {}", place.name()), evidence)
    })
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{cents, dec, run, usage};

    #[test]
    fn magnetic_storage_with_much_io_saves() {
        let charges = [
            usage("AmazonRDS", "RDS:StorageUsage", "100", "10.00").with_resource("db-1"),
            usage("AmazonRDS", "RDS:StorageIOUsage", "200000000", "20.00").with_resource("db-1"),
        ];
        // 30.00 - 10.00 x 1.15
        assert_eq!(cents(&run("rds.previous-generation-storage", &charges).findings[0]), dec("18.50"));
    }

    #[test]
    fn gp2_costs_what_gp3_costs_on_rds() {
        let charges = [
            usage("AmazonRDS", "RDS:GP2-Storage", "100", "11.50").with_resource("db-1"),
            usage("AmazonRDS", "RDS:Multi-AZ-GP2-Storage", "100", "23.00").with_resource("db-2"),
        ];
        assert!(run("rds.previous-generation-storage", &charges).findings.is_empty());
    }

    #[test]
    fn quiet_magnetic_storage_is_cheaper_as_it_is() {
        assert!(run("rds.previous-generation-storage", &[usage("AmazonRDS", "RDS:StorageUsage", "100", "10.00")]).findings.is_empty());
    }
}
