//! io1 and io2 volumes whose IOPS a gp3 volume could give for less.
//!
//! Facts (us-east-1): io1 and io2 are $0.125 per GB-month and $0.065 per IOPS-month; gp3 is $0.08 per GB-month with 3,000
//! IOPS and 125 MiB/s, then $0.005 per IOPS-month and $0.04 per MiB/s-month; at most 500 IOPS per GiB. gp3 reached 80,000
//! IOPS in September 2025, 16,000 before; the default limit is the old one, which holds everywhere.
//! Source: <https://aws.amazon.com/ebs/pricing/>, read 2026-05.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use crate::charge::ChargeKey;
use crate::checks::part::{Part, Place, unreadable, usage_by_resource_or_place};
use crate::checks::unit_price::{effective, months_of};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, NotEvaluated, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct IoVolumeFewIops;

const PRICES: &str = "https://aws.amazon.com/ebs/pricing/ (us-east-1: io1 and io2 0.125, gp3 0.08 USD per GB-month; \
                      gp3 0.005 USD per IOPS-month, 0.04 USD per MiB/s-month)";
const PRICES_AS_OF: Date = date(2026, 5, 1);

static META: CheckMeta = CheckMeta {
    id: "ebs.io1-io2-few-iops",
    title: "Provisioned-IOPS volumes that gp3 could serve",
    why: "An IOPS of io1 or io2 costs thirteen times as much as one of gp3. Up to 16,000 IOPS a gp3 volume gives the same.",
    source: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[Parameter {
        name: "max_iops",
        default: "16000",
        unit: "IOPS",
        about: "Volumes with more provisioned IOPS are left alone. gp3 reaches 80,000 where AWS has raised its limit.",
    }],
    saving: "Cost of storage and IOPS less the same GB-months of gp3 at the bill's own price, else at AWS's list ratio, less IOPS above \
             3,000 and the throughput (0.25 MiB/s per IOPS, at most 1,000) above 125 MiB/s.",
    risk: Risk::Medium,
    risk_note: "io2 is more durable (99.999 %) and has steadier latency; a database that needs either must stay.",
    effort: Effort::Medium,
    steps: &[
        "Ask the owner of {resource} whether io2's durability or sub-millisecond latency is needed.",
        "aws ec2 modify-volume --region {region} --volume-id {resource} --volume-type gp3 --iops N --throughput M with the IOPS it has",
        "Compare VolumeQueueLength and latency before and after.",
    ],
    rollback: "aws ec2 modify-volume back to io1 or io2 with the former IOPS, once the modification limits allow it again.",
};

fn is_storage(key: &ChargeKey) -> bool {
    matches!(key.measure(), Some("EBS:VolumeUsage.piops" | "EBS:VolumeUsage.io2"))
}

fn is_iops(key: &ChargeKey) -> bool {
    key.measure().is_some_and(|measure| measure == "EBS:VolumeP-IOPS.piops" || measure.starts_with("EBS:VolumeP-IOPS.io2"))
}

impl Check for IoVolumeFewIops {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput { not_evaluated: unreadable(context, &META).into_iter().collect(), ..CheckOutput::default() };
        for (place, part) in usage_by_resource_or_place(context, |key| is_storage(key) || is_iops(key)) {
            match draft(context, &place, &part) {
                Ok(draft) => output.findings.extend(draft),
                Err(reason) => output.not_evaluated.push(NotEvaluated {
                    check_id: META.id.into(),
                    resource_id: place.resource_id.as_ref().map(ToString::to_string),
                    reason,
                }),
            }
        }
        output
    }
}

fn draft(context: &CheckContext<'_>, place: &Place, part: &Part<'_>) -> Result<Option<FindingDraft>, String> {
    let (storage, iops) = (part.of(is_storage), part.of(is_iops));
    let months = months_of(context.window);
    let (Some(line), Some(average_iops)) = (storage.lines.first(), iops.quantity().checked_div(months)) else { return Ok(None) };
    if iops.lines.is_empty() || iops.quantity() > storage.quantity() * Decimal::from(500) {
        return Ok(None);
    }
    if average_iops > context.parameter("max_iops") {
        // Of one volume that is an answer; of many it may be the sum of small ones.
        let is_one = place.resource_id.is_some();
        let reason = format!("the bill names no volumes in {}, so the IOPS of each are unknown", place.name());
        return if is_one { Ok(None) } else { Err(reason) };
    }
    let included = if place.resource_id.is_some() { Decimal::from(3_000) * months } else { Decimal::ZERO };
    let throughput = (average_iops / Decimal::from(4)).min(Decimal::from(1_000)) - Decimal::from(125);
    let extra_throughput = if place.resource_id.is_some() { throughput } else { average_iops / Decimal::from(4) };
    let list = |name, value, unit| Evidence::from_knowledge(name, value, unit, PRICES, PRICES_AS_OF);
    let mut evidence = vec![
        Evidence::from_bill("gb_months", storage.quantity(), "GB-months", storage.source()),
        Evidence::from_bill("iops_months", iops.quantity(), "IOPS-months", iops.source()),
        Evidence::from_bill("extra_iops_months", (iops.quantity() - included).max(Decimal::ZERO), "IOPS-months", "IOPS above those that gp3 includes"),
        Evidence::from_bill(
            "extra_throughput_months",
            extra_throughput.max(Decimal::ZERO) * months,
            "MiB/s-months",
            "0.25 MiB/s for each IOPS above those that gp3 includes",
        ),
        list("iops_price_ratio", Decimal::new(625, 4), "price of an IOPS-month/GB-month of gp3"),
        list("throughput_price_ratio", Decimal::new(5, 1), "price of a MiB/s-month/GB-month of gp3"),
    ];
    let own = effective(context, &line.key, |key| key.measure() == Some("EBS:VolumeUsage.gp3"));
    let formula = if let Some(gp3) = own {
            let source = format!("{} rows of gp3 volumes in the region", gp3.rows);
            evidence.push(Evidence::from_bill("gp3_price", gp3.price, format!("{}/GB-month", place.currency), source));
            "window_cost - gp3_price * (gb_months + extra_iops_months * iops_price_ratio + extra_throughput_months * throughput_price_ratio)"
    } else {
            evidence.push(storage.cost_evidence("storage_cost", &place.currency));
            evidence.push(list("gp3_price_ratio", Decimal::new(64, 2), "gp3/io1 price of a GB-month"));
            "window_cost - storage_cost * gp3_price_ratio \
             * (gb_months + extra_iops_months * iops_price_ratio + extra_throughput_months * throughput_price_ratio) / gb_months"
    };
    let title = match &place.resource_id {
        Some(_) => format!("Change provisioned-IOPS volume {} to gp3", place.name()),
        None => format!("Change provisioned-IOPS volumes in {} to gp3", place.name()),
    };
    Ok(Some(FindingDraft {
        kind: FindingKind::Recommendation,
        resource_kind: place.resource_id.as_ref().map(|_| "ec2:volume".into()),
        formula: Some(formula),
        basis: SavingsBasis::Estimated,
        confidence: Confidence::Medium,
        ..part.investigation(place, "piops", title, evidence)
    }))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{cents, dec, run, usage};

    fn volume(id: &str, gb: &str, storage: &str, iops: &str, iops_cost: &str) -> [crate::charge::Charge; 2] {
        [
            usage("AmazonEC2", "EBS:VolumeUsage.piops", gb, storage).with_resource(id),
            usage("AmazonEC2", "EBS:VolumeP-IOPS.piops", iops, iops_cost).with_resource(id),
        ]
    }

    #[test]
    fn few_iops_are_cheaper_on_gp3() {
        let months = dec("730") / dec("744");
        let iops = (dec("4000") * months).to_string();
        let run = run("ebs.io1-io2-few-iops", &volume("vol-1", "100", "12.50", &iops, "255.11"));
        // 267.61 - 0.08 x (100 + 1,000 x 0.98118 x 0.0625 + 875 x 0.98118 x 0.5) = 267.61 - 8 - 4.906 - 34.341
        assert_eq!(cents(&run.findings[0]), dec("220.36"));
        assert_eq!(run.findings[0].monthly_cost, dec("267.61"));
    }

    #[test]
    fn many_iops_stay() {
        let run = run("ebs.io1-io2-few-iops", &volume("vol-1", "1000", "125", "40000", "2600"));
        assert!(run.findings.is_empty() && run.not_evaluated.is_empty());
    }

    #[test]
    fn many_iops_of_unnamed_volumes_cannot_be_judged() {
        let charges = volume("", "1000", "125", "40000", "2600").map(|mut charge| {
            charge.resource_id = None;
            charge
        });
        let run = run("ebs.io1-io2-few-iops", &charges);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
    }

    #[test]
    fn a_volume_with_more_iops_per_gib_than_gp3_allows_stays() {
        let run = run("ebs.io1-io2-few-iops", &volume("vol-1", "10", "1.25", "9000", "585"));
        assert!(run.findings.is_empty());
    }
}
