//! Snapshots that grow month by month.
//!
//! Facts: snapshots are billed by the GB-month of changed blocks (`EBS:SnapshotUsage`), not by the volume's size; deleting one
//! frees only what no other refers to. So the bill cannot say what a deletion saves.
//! Source: <https://docs.aws.amazon.com/ebs/latest/userguide/ebs-snapshots.html>, read 2026-11.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::charge::{ChargeCategory, ChargeKey};
use crate::checks::part::{Place, by_place, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Evidence, NotEvaluated};
use crate::period::Month;

/// See [`META`].
#[derive(Debug)]
pub(crate) struct SnapshotGrowth;

static META: CheckMeta = CheckMeta {
    id: "ebs.snapshot-growth",
    title: "Snapshots that only grow",
    why: "Snapshots without a rule that deletes them grow for ever. Growth in every month is the sign of that.",
    source: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-snapshots.html",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[
        Parameter { name: "months", default: "3", unit: "months", about: "How many complete months are compared, each with the one before it." },
        Parameter {
            name: "min_growth_percent",
            default: "5",
            unit: "percent",
            about: "Growth from the first to the last of them below this is not named.",
        },
        Parameter {
            name: "min_monthly_cost",
            default: "10",
            unit: "the bill's currency a month",
            about: "Accounts and regions where snapshots cost less are not named.",
        },
    ],
    saving: "None: snapshots share blocks, so the bill does not say what deleting one saves. What all of them cost is what is at stake.",
    risk: Risk::High,
    risk_note: "A deleted snapshot is gone, unless a Recycle Bin rule keeps it.",
    effort: Effort::Medium,
    steps: &[
        "aws ec2 describe-snapshots --region {region} --owner-ids self, sorted by StartTime",
        "Leave those that an image, AWS Backup or Data Lifecycle Manager refers to.",
        "Give every volume a lifecycle policy with a retention; move what must be kept for years to the archive tier.",
        "Set a Recycle Bin rule before deleting.",
    ],
    rollback: "aws ec2 restore-snapshot-from-recycle-bin within the retention of the Recycle Bin rule.",
};

fn is_snapshot(key: &ChargeKey) -> bool {
    key.measure() == Some("EBS:SnapshotUsage")
}

impl Check for SnapshotGrowth {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput { not_evaluated: unreadable(context, &META).into_iter().collect(), ..CheckOutput::default() };
        let parts = by_place(context.usage().filter(|line| is_snapshot(&line.key)), Place::of);
        if parts.is_empty() {
            return output;
        }
        let wanted = usize::try_from(context.parameter("months").trunc().mantissa()).unwrap_or(3).max(2);
        let months = complete_months(context, wanted);
        if months.len() < wanted {
            let reason = format!("growth is judged over {wanted} complete months, and the bill has {}", months.len());
            output.not_evaluated.push(NotEvaluated { check_id: META.id.into(), resource_id: None, reason });
            return output;
        }
        let by_month = gb_months(context, &months);
        for (place, part) in &parts {
            let sizes: Vec<Decimal> =
                months.iter().map(|month| by_month.get(&(place.clone(), *month)).copied().unwrap_or_default()).collect();
            let grows = sizes.iter().zip(sizes.iter().skip(1)).all(|(before, after)| after > before);
            let (Some(first), Some(last)) = (sizes.first(), sizes.last()) else { continue };
            let growth = ((*last - *first) * Decimal::ONE_HUNDRED).checked_div(*first);
            let is_much = growth.is_some_and(|growth| growth >= context.parameter("min_growth_percent"));
            let is_dear = context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost");
            if !(grows && is_much && is_dear) {
                continue;
            }
            let evidence = months.iter().zip(&sizes).map(|(month, size)| {
                let name = format!("gb_months_{}", month.to_string().replace('-', "_"));
                Evidence::from_bill(&name, *size, "GB-months", format!("snapshots in {month}"))
            });
            let title = format!("Snapshots in {} have grown every month", place.name());
            output.findings.push(part.investigation(place, "snapshots", title, evidence.collect()));
        }
        output
    }
}

/// The last complete months of the bill, oldest first: those that usage covers from the first day on and whose end it reaches.
fn complete_months(context: &CheckContext<'_>, wanted: usize) -> Vec<Month> {
    let Some(usage) = context.bill.usage_period else { return Vec::new() };
    let first_day = jiff::tz::TimeZone::UTC.to_datetime(usage.start).date();
    let first = if first_day.day() == 1 { Month::of(first_day) } else { Month::of(first_day).next() };
    let Some(mut last) = context.window.months.last().copied() else { return Vec::new() };
    if !context.window.is_complete {
        last = last.previous();
    }
    let mut months = Vec::new();
    while months.len() < wanted && last >= first {
        months.insert(0, last);
        last = last.previous();
    }
    months
}

fn gb_months(context: &CheckContext<'_>, months: &[Month]) -> BTreeMap<(Place, Month), Decimal> {
    let mut sums = BTreeMap::new();
    for line in &context.bill.lines {
        let is_usage = line.key.charge_category == Some(ChargeCategory::Usage) && line.key.is_correction != Some(true);
        let Some(month) = line.key.month().filter(|month| months.contains(month)) else { continue };
        if is_usage && is_snapshot(&line.key) {
            *sums.entry((Place::of(&line.key), month)).or_insert(Decimal::ZERO) += line.pricing_quantity;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use crate::charge::Charge;
    use crate::checks::testing::{run, usage};
    use crate::finding::FindingKind;

    fn snapshots(quantities: &[(&str, &str, &str)]) -> Vec<Charge> {
        let charge = |(month, quantity, cost): &(&str, &str, &str)| usage("AmazonEC2", "EBS:SnapshotUsage", quantity, cost).in_month(month);
        quantities.iter().map(charge).collect()
    }

    #[test]
    fn growth_in_every_month_is_shown_without_a_saving() {
        let charges = snapshots(&[("2025-10", "1000", "50"), ("2025-11", "1100", "55"), ("2025-12", "1200", "60")]);
        let run = run("ebs.snapshot-growth", &charges);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(run.findings[0].kind, FindingKind::Investigation);
        assert!(run.findings[0].savings.is_none());
        assert!(run.findings[0].evidence.iter().any(|evidence| evidence.name == "gb_months_2025_10"));
    }

    #[test]
    fn one_month_without_growth_is_in_order() {
        let charges = snapshots(&[("2025-10", "1000", "50"), ("2025-11", "1200", "60"), ("2025-12", "1190", "59.5")]);
        let run = run("ebs.snapshot-growth", &charges);
        assert!(run.findings.is_empty() && run.not_evaluated.is_empty());
    }

    #[test]
    fn two_months_are_too_few_to_judge() {
        let charges = snapshots(&[("2025-11", "1000", "50"), ("2025-12", "1200", "60")]);
        let run = run("ebs.snapshot-growth", &charges);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
    }
}
