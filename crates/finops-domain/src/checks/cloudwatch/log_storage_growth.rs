//! Stored logs that only ever grow.

use rust_decimal::Decimal;

use crate::charge::{ChargeCategory, ChargeKey};
use crate::checks::history::{of_month, whole_months};
use crate::checks::part::{Place, by_place, measures, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Evidence, NotEvaluated};

#[derive(Debug)]
pub(in crate::checks) struct LogStorageGrowth;

// A log group keeps its logs for ever unless a retention is set (AWS CloudWatch Logs user guide, "Working with log
// groups and log streams"). Stored logs are charged by the GB-month (0.03 USD in us-east-1) under
// `TimedStorage-ByteHrs`; a GB-month is of a month's length whatever that is, so months compare as they are.
static META: CheckMeta = CheckMeta {
    id: "cloudwatch.log-storage-growth",
    title: "Stored logs only ever grow",
    why: "Logs are kept for ever unless a log group has a retention; storage that grows in every month is its sign.",
    source: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html",
    source_as_of: "2026-11-24",
    services: &["AmazonCloudWatch"],
    parameters: &[
        Parameter { name: "months", default: "3", unit: "months", about: "How many whole months in a row must each hold more than the one before." },
        Parameter { name: "min_growth", default: "0.1", unit: "share", about: "Least growth from the first of them to the last." },
        Parameter { name: "min_monthly_cost", default: "5", unit: "currency/month", about: "Cheaper parts of the spend are left out." },
    ],
    saving: "None: how much of the stored logs is older than anyone needs is not on the bill.",
    risk: Risk::High,
    risk_note: "Logs beyond the retention are deleted for good; some must be kept by law.",
    effort: Effort::Low,
    steps: &[
        "List log groups of {region} without a retention: `aws logs describe-log-groups --region {region} --query 'logGroups[?!retentionInDays]'`.",
        "Agree on how long each is needed; export what must be archived to S3.",
        "Set it: `aws logs put-retention-policy --log-group-name NAME --retention-in-days 30`.",
    ],
    rollback: "A longer retention keeps what is still there; logs already deleted are gone.",
};

impl Check for LogStorageGrowth {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let is_stored = |key: &ChargeKey| measures(key, "AmazonCloudWatch", |measure| measure == "TimedStorage-ByteHrs");
        let stored = by_place(context.usage().filter(|line| is_stored(&line.key)), Place::of);
        if stored.is_empty() {
            return output;
        }
        let wanted: usize = context.parameter("months").try_into().unwrap_or(3).max(2);
        let months = whole_months(context);
        let Some(months) = months.len().checked_sub(wanted).and_then(|skipped| months.get(skipped..)) else {
            let reason = format!("needs {wanted} whole months of history, the bill has {}", months.len());
            output.not_evaluated.push(NotEvaluated { check_id: META.id.into(), resource_id: None, reason });
            return output;
        };
        for (place, part) in stored {
            let of_place = |key: &ChargeKey| {
                is_stored(key)
                    && key.charge_category == Some(ChargeCategory::Usage)
                    && key.is_correction != Some(true)
                    && Place::of(key) == place
            };
            // All that is stored counts, what the free tier pays for as well.
            let quantities: Vec<Decimal> =
                months.iter().map(|month| of_month(&context.bill.lines, *month, of_place).map(|line| line.pricing_quantity).sum()).collect();
            let (Some(first), Some(last)) = (quantities.first().copied(), quantities.last().copied()) else { continue };
            let always = quantities.windows(2).all(|pair| matches!(pair, [earlier, later] if later > earlier));
            let growth = (last - first).checked_div(first).unwrap_or_default().round_dp(4);
            let is_dear = context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost");
            if !always || !is_dear || first <= Decimal::ZERO || growth < context.parameter("min_growth") {
                continue;
            }
            let title = format!("Stored logs in {} grow every month", place.name());
            let evidence = vec![
                Evidence::from_bill("months_of_growth", Decimal::from(months.len()), "months", "whole months compared"),
                Evidence::from_bill("first_month_gb_months", first, "GB-months", part.source()),
                Evidence::from_bill("last_month_gb_months", last, "GB-months", part.source()),
                Evidence::from_bill("growth", growth, "share", "last month against the first"),
            ];
            output.findings.push(part.investigation(&place, "stored-logs", title, evidence));
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::charge::Charge;
    use crate::checks::testing::{dec, run, usage};

    fn stored(month: &str, gb_months: &str) -> Charge {
        let cost = (dec(gb_months) * dec("0.03")).to_string();
        usage("AmazonCloudWatch", "EU-TimedStorage-ByteHrs", gb_months, &cost).in_month(month)
    }

    #[test]
    fn growth_in_every_month_is_worth_a_look() {
        let run = run("cloudwatch.log-storage-growth", &[stored("2025-10", "1000"), stored("2025-11", "1200"), stored("2025-12", "1488")]);
        let finding = &run.findings[0];
        // 1,488 GB at 0.03 USD in 744 hours: 0.06 USD an hour, 730 hours.
        assert_eq!(finding.monthly_cost.round_dp(2), dec("43.80"));
        let growth = finding.evidence.iter().find(|evidence| evidence.name == "growth").unwrap();
        assert_eq!(growth.value, dec("0.488"));
        assert!(finding.savings.is_none());
    }

    #[test]
    fn a_month_of_less_shows_that_logs_are_deleted() {
        let run = run("cloudwatch.log-storage-growth", &[stored("2025-10", "1300"), stored("2025-11", "1200"), stored("2025-12", "1488")]);
        assert!(run.findings.is_empty() && run.not_evaluated.is_empty());
    }

    #[test]
    fn a_bill_that_begins_in_a_month_does_not_make_growth_of_it() {
        // From the middle of October: half of what was stored, and no sign of growth.
        let mut october = stored("2025-10", "500");
        october.charge_period.start = "2025-10-16T00:00:00Z".parse().unwrap();
        let run = run("cloudwatch.log-storage-growth", &[october, stored("2025-11", "1000"), stored("2025-12", "1150")]);
        assert!(run.findings.is_empty());
        assert_eq!(run.not_evaluated[0].reason, "needs 3 whole months of history, the bill has 2");
    }
}
