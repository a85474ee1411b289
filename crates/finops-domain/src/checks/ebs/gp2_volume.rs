//! gp2 volumes cost more than gp3 volumes of the same size.
//!
//! Facts: gp3 is up to 20 % cheaper per GB than gp2 (AWS, us-east-1: $0.08 and $0.10 per GB-month) and includes 3,000
//! IOPS and 125 MiB/s whatever the size; more IOPS are $0.005 each a month. gp2 gives 3 IOPS per GiB, at most 16,000.
//! Source: <https://aws.amazon.com/ebs/pricing/>, read 2026-05.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use crate::checks::part::{Part, Place, unreadable, usage_by_resource_or_place};
use crate::checks::unit_price::{effective, months_of};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct Gp2Volume;

const PRICES: &str = "https://aws.amazon.com/ebs/pricing/ (us-east-1: gp2 0.10, gp3 0.08 USD per GB-month, 0.005 USD per IOPS-month)";
const PRICES_AS_OF: Date = date(2026, 5, 1);

static META: CheckMeta = CheckMeta {
    id: "ebs.gp2-volume",
    title: "gp2 volumes instead of gp3",
    why: "gp3 volumes cost about a fifth less per GB than gp2 and give 3,000 IOPS at any size. The type is changed while the volume is in use.",
    source: "https://aws.amazon.com/blogs/storage/migrate-your-amazon-ebs-volumes-from-gp2-to-gp3-and-save-up-to-20-on-costs/",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[],
    saving: "Cost of gp2 less the same GB-months at the bill's own gp3 price in the region, else at AWS's list ratio of 0.8. For a \
             volume above 1,000 GiB the IOPS that gp2 gave it above 3,000 are bought back. Throughput above 125 MiB/s, which gp2 has \
             from 170 GiB on, is not: buy it where it is used. Where the bill names no volumes, their sizes and IOPS are unknown.",
    risk: Risk::Low,
    risk_note: "A volume whose workload uses more than 125 MiB/s or more IOPS than are provisioned gets slower until they are raised.",
    effort: Effort::Low,
    steps: &[
        "Look at VolumeReadBytes and VolumeWriteBytes of {resource}: above 125 MiB/s, provision the throughput too.",
        "aws ec2 modify-volume --region {region} --volume-id {resource} --volume-type gp3",
        "Watch `aws ec2 describe-volumes-modifications` until the state is `completed`.",
        "Make gp3 the default in launch templates and storage classes.",
    ],
    rollback: "aws ec2 modify-volume --volume-type gp2, once the modification limits of the volume allow it again.",
};

impl Check for Gp2Volume {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let parts = usage_by_resource_or_place(context, |key| key.measure() == Some("EBS:VolumeUsage.gp2"));
        let findings = parts.iter().filter_map(|(place, part)| draft(context, place, part)).collect();
        CheckOutput { findings, not_evaluated: unreadable(context, &META).into_iter().collect() }
    }
}

fn draft(context: &CheckContext<'_>, place: &Place, part: &Part<'_>) -> Option<FindingDraft> {
    let key = &part.lines.first()?.key;
    let months = months_of(context.window);
    let gib = part.quantity().checked_div(months)?;
    let mut evidence = vec![Evidence::from_bill("gp2_gb_months", part.quantity(), "GB-months", part.source())];
    let own_price = effective(context, key, |key| key.measure() == Some("EBS:VolumeUsage.gp3"));
    match own_price {
        Some(gp3) => {
            let source = format!("{} rows of gp3 volumes in the region", gp3.rows);
            evidence.push(Evidence::from_bill("gp3_price", gp3.price, format!("{}/GB-month", place.currency), source));
        }
        None => evidence.push(Evidence::from_knowledge("gp3_price_ratio", Decimal::new(8, 1), "gp3/gp2 price", PRICES, PRICES_AS_OF)),
    }
    // Only a single volume's size says how many IOPS it had.
    let iops = (Decimal::from(3) * gib).min(Decimal::from(16_000)) - Decimal::from(3_000);
    let needs_iops = place.resource_id.is_some() && iops > Decimal::ZERO;
    if needs_iops {
        evidence.push(Evidence::from_bill("extra_iops_months", iops * months, "IOPS-months", "3 IOPS per GiB of gp2 above gp3's 3,000"));
        evidence.push(Evidence::from_knowledge(
            "iops_price_ratio",
            Decimal::new(625, 4),
            "price of an IOPS-month/GB-month of gp3",
            PRICES,
            PRICES_AS_OF,
        ));
    }
    let formula = match (own_price.is_some(), needs_iops) {
        (true, false) => "window_cost - gp2_gb_months * gp3_price",
        (true, true) => "window_cost - gp2_gb_months * gp3_price - extra_iops_months * gp3_price * iops_price_ratio",
        (false, false) => "window_cost - window_cost * gp3_price_ratio",
        (false, true) => {
            "window_cost - window_cost * gp3_price_ratio \
             - extra_iops_months * window_cost * gp3_price_ratio * iops_price_ratio / gp2_gb_months"
        }
    };
    let basis = if own_price.is_some() && !needs_iops { SavingsBasis::Measured } else { SavingsBasis::Estimated };
    // From 170 GiB on, gp2 can exceed the 125 MiB/s that gp3 includes.
    let is_small = place.resource_id.is_some() && gib < Decimal::from(170);
    let title = match &place.resource_id {
        Some(_) => format!("Change volume {} from gp2 to gp3", place.name()),
        None => format!("Change gp2 volumes in {} to gp3", place.name()),
    };
    Some(FindingDraft {
        kind: FindingKind::Recommendation,
        resource_kind: place.resource_id.as_ref().map(|_| "ec2:volume".into()),
        formula: Some(formula),
        basis,
        confidence: if is_small { Confidence::High } else { Confidence::Medium },
        ..part.investigation(place, "gp2", title, evidence)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::{cents, dec, run, usage};

    #[test]
    fn without_gp3_in_the_bill_the_list_ratio_counts() {
        // 100 GiB of gp2 at 0.10: 10.00; a fifth of it is saved.
        let run = run("ebs.gp2-volume", &[usage("AmazonEC2", "EBS:VolumeUsage.gp2", "100", "10.00").with_resource("vol-1")]);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(cents(&run.findings[0]), dec("2.00"));
        let savings = run.findings[0].savings.as_ref().unwrap();
        assert_eq!((savings.basis, savings.confidence), (SavingsBasis::Estimated, Confidence::High));
    }

    #[test]
    fn the_bills_own_gp3_price_of_the_same_region_counts_first() {
        let charges = [
            usage("AmazonEC2", "EBS:VolumeUsage.gp2", "200", "20.00"),
            usage("AmazonEC2", "EBS:VolumeUsage.gp3", "50", "3.50"),
            usage("AmazonEC2", "EU-EBS:VolumeUsage.gp3", "50", "9.00").with_region("eu-west-1"),
        ];
        let run = run("ebs.gp2-volume", &charges);
        // 20.00 - 200 x 0.07
        assert_eq!(cents(&run.findings[0]), dec("6.00"));
        assert_eq!(run.findings[0].savings.as_ref().unwrap().basis, SavingsBasis::Measured);
        assert_eq!(run.findings[0].resource_id, None);
    }

    #[test]
    fn a_large_volume_buys_its_iops_back() {
        // 730 of December's 744 hours: 2,000 GiB are 1,962.37 GB-months.
        let gb_months = dec("2000") * dec("730") / dec("744");
        let charges =
            [usage("AmazonEC2", "EBS:VolumeUsage.gp2", &gb_months.to_string(), &(gb_months / dec("10")).to_string()).with_resource("vol-1")];
        let run = run("ebs.gp2-volume", &charges);
        // 196.24 x 0.2 = 39.25, less 3,000 IOPS x 0.98118 months x 0.005 = 14.72
        assert_eq!(cents(&run.findings[0]), dec("24.53"));
    }

    #[test]
    fn a_volume_where_gp3_is_no_cheaper_is_in_order() {
        let charges = [
            usage("AmazonEC2", "EBS:VolumeUsage.gp2", "100", "7.00").with_resource("vol-1"),
            usage("AmazonEC2", "EBS:VolumeUsage.gp3", "100", "8.00").with_resource("vol-2"),
        ];
        assert!(run("ebs.gp2-volume", &charges).findings.is_empty());
    }

    #[test]
    fn what_has_a_resource_is_not_claimed_by_its_line_again() {
        let charges = [
            usage("AmazonEC2", "EBS:VolumeUsage.gp2", "100", "10.00").with_resource("vol-1"),
            usage("AmazonEC2", "EBS:VolumeUsage.gp2", "50", "5.00"),
        ];
        let mut run = run("ebs.gp2-volume", &charges);
        let net = crate::savings::resolve_conflicts(&mut run.findings);
        assert_eq!(net[0].net_monthly, dec("3.00"));
        let cost: Decimal = run.findings.iter().map(|finding| finding.monthly_cost).sum();
        assert_eq!((run.findings.len(), cost), (2, dec("15.00")));
    }

    #[test]
    fn a_bill_without_usage_types_is_not_judged() {
        let run = run("ebs.gp2-volume", &[usage("AmazonEC2", "EBS:VolumeUsage.gp2", "100", "10.00").without_usage_type()]);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
    }
}
