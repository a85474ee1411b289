//! Magnetic volumes that cost more than gp3 once their I/O is counted.
//!
//! Facts (us-east-1): magnetic is $0.05 per GB-month and $0.05 per million I/O requests; gp3 is $0.08 per GB-month with 3,000
//! IOPS included. Magnetic is cheaper per GB, so only a volume with much I/O saves.
//! Source: <https://aws.amazon.com/ebs/pricing/> and its previous generation's page, read 2026-05.

use jiff::civil::date;
use rust_decimal::Decimal;

use crate::charge::ChargeKey;
use crate::checks::part::{unreadable, usage_by_resource_or_place};
use crate::checks::unit_price::effective;
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct MagneticVolume;

static META: CheckMeta = CheckMeta {
    id: "ebs.magnetic-volume",
    title: "Magnetic volumes with much I/O",
    why: "Magnetic volumes bill every I/O request and are the slowest there are. With much I/O, gp3 is cheaper and far faster.",
    source: "https://aws.amazon.com/ebs/previous-generation/",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[],
    saving: "Cost of storage and I/O requests less the same GB-months at the bill's own gp3 price, else at AWS's list ratio of 1.6 to \
             magnetic storage. Nothing where that is not less.",
    risk: Risk::Low,
    risk_note: "A volume type is changed in use; the change of a large volume takes hours.",
    effort: Effort::Low,
    steps: &[
        "aws ec2 modify-volume --region {region} --volume-id {resource} --volume-type gp3",
        "Watch `aws ec2 describe-volumes-modifications` until the state is `completed`.",
    ],
    rollback: "Create a magnetic volume from a snapshot.",
};

fn is_storage(key: &ChargeKey) -> bool {
    key.measure() == Some("EBS:VolumeUsage")
}

impl Check for MagneticVolume {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let parts = usage_by_resource_or_place(context, |key| is_storage(key) || key.measure() == Some("EBS:VolumeIOUsage"));
        let draft = |(place, part): (&_, &crate::checks::part::Part<'_>)| {
            let place: &crate::checks::part::Place = place;
            let storage = part.of(is_storage);
            let line = storage.lines.first()?;
            let mut evidence = vec![
                Evidence::from_bill("gb_months", storage.quantity(), "GB-months", storage.source()),
                storage.cost_evidence("storage_cost", &place.currency),
            ];
            let own = effective(context, &line.key, |key| key.measure() == Some("EBS:VolumeUsage.gp3"));
            let (formula, basis) = if let Some(gp3) = own {
                    let source = format!("{} rows of gp3 volumes in the region", gp3.rows);
                    evidence.push(Evidence::from_bill("gp3_price", gp3.price, format!("{}/GB-month", place.currency), source));
                    ("window_cost - gb_months * gp3_price", SavingsBasis::Measured)
                } else {
                    let source = "https://aws.amazon.com/ebs/pricing/ (us-east-1: gp3 0.08, magnetic 0.05 USD per GB-month)";
                    evidence.push(Evidence::from_knowledge("gp3_price_ratio", Decimal::new(16, 1), "gp3/magnetic price", source, date(2026, 5, 1)));
                    ("window_cost - storage_cost * gp3_price_ratio", SavingsBasis::Estimated)
            };
            Some(FindingDraft {
                kind: FindingKind::Recommendation,
                resource_kind: place.resource_id.as_ref().map(|_| "ec2:volume".into()),
                formula: Some(formula),
                basis,
                confidence: Confidence::High,
                ..part.investigation(place, "magnetic", format!("Change magnetic volume {} to gp3", place.name()), evidence)
            })
        };
        CheckOutput { findings: parts.iter().filter_map(draft).collect(), not_evaluated: unreadable(context, &META).into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{cents, dec, run, usage};

    #[test]
    fn much_io_makes_gp3_cheaper() {
        let charges = [
            usage("AmazonEC2", "EBS:VolumeUsage", "100", "5.00").with_resource("vol-1"),
            usage("AmazonEC2", "EBS:VolumeIOUsage", "200000000", "10.00").with_resource("vol-1"),
        ];
        // 15.00 - 5.00 x 1.6
        assert_eq!(cents(&run("ebs.magnetic-volume", &charges).findings[0]), dec("7.00"));
    }

    #[test]
    fn a_quiet_magnetic_volume_is_the_cheapest_there_is() {
        let charges = [
            usage("AmazonEC2", "EBS:VolumeUsage", "100", "5.00").with_resource("vol-1"),
            usage("AmazonEC2", "EBS:VolumeIOUsage", "1000000", "0.05").with_resource("vol-1"),
        ];
        assert!(run("ebs.magnetic-volume", &charges).findings.is_empty());
    }
}
