//! Logs that cost much to take in.

use crate::checks::part::{Part, Place, by_place, measures, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;
use jiff::civil::date;
use rust_decimal::Decimal;

#[derive(Debug)]
pub(in crate::checks) struct LogIngestion;

// Usage types: `DataProcessing-Bytes` for logs put into the Standard class, `VendedLog-Bytes` for logs that AWS services
// deliver (flow logs, resolver query logs). The Infrequent Access class takes logs in for half of the Standard price
// (0.25 against 0.50 USD/GB in us-east-1; AWS CloudWatch pricing); its usage types end otherwise and are not looked at.
static META: CheckMeta = CheckMeta {
    id: "cloudwatch.log-ingestion",
    title: "Log ingestion costs much",
    why: "Taking logs in costs far more than keeping them, so debug output and flow logs are soon a large part of a bill.",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
    source_as_of: "2026-11-24",
    services: &["AmazonCloudWatch"],
    parameters: &[
        Parameter { name: "min_monthly_cost", default: "50", unit: "currency/month", about: "Cheaper parts of the spend are left out." },
        Parameter { name: "min_share", default: "0.01", unit: "share", about: "Least share of the account's usage cost in the same currency." },
    ],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::Medium,
    risk_note: "Logs that are not written cannot be read later; the Infrequent Access class lacks metric filters, subscriptions and live tail.",
    effort: Effort::Medium,
    steps: &[
        "Find the log groups that take in most in {region}: metric AWS/Logs IncomingBytes by LogGroupName.",
        "Lower the log level of what writes them, drop fields, sample.",
        "Deliver flow logs to S3 where nobody queries them in CloudWatch.",
        "Create log groups that need no metric filters, subscriptions or alarms in the Infrequent Access class; the class of a group cannot be changed later.",
    ],
    rollback: "Raise the log level again, or create the log group in the Standard class.",
};

impl Check for LogIngestion {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let accounts = by_place(context.usage(), Place::of_account);
        let is_ingestion = |measure: &str| measure == "DataProcessing-Bytes" || measure == "VendedLog-Bytes";
        let taken_in = context.usage().filter(|line| measures(&line.key, "AmazonCloudWatch", is_ingestion));
        for (place, part) in by_place(taken_in, Place::of) {
            let account = Place { region_id: None, ..place.clone() };
            let account_cost = accounts.get(&account).map(Part::cost).unwrap_or_default();
            let share = part.cost().checked_div(account_cost).unwrap_or_default().round_dp(4);
            let is_large = context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost");
            if !is_large || share < context.parameter("min_share") {
                continue;
            }
            let title = format!("Taking in logs in {} costs much", place.name());
            let standard = part.of(|key| measures(key, "AmazonCloudWatch", |measure| measure == "DataProcessing-Bytes"));
            let evidence = vec![
                Evidence::from_bill("ingested_gb", part.quantity(), "GB", part.source()),
                standard.cost_evidence("standard_class_cost", &place.currency),
                Evidence::from_bill("share_of_account", share, "share", "effective cost of the account's usage"),
                Evidence::from_knowledge("infrequent_access_price_ratio", Decimal::new(5, 1), "ratio", META.source, date(2026, 11, 24)),
            ];
            output.findings.push(part.investigation(&place, "log-ingestion", title, evidence));
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn large_ingestion_is_worth_a_look() {
        let rows = [
            usage("AmazonCloudWatch", "EU-DataProcessing-Bytes", "200", "114.00"),
            usage("AmazonCloudWatch", "EU-VendedLog-Bytes", "100", "57.00"),
            usage("AmazonEC2", "EU-BoxUsage:m5.large", "730", "829.00"),
        ];
        let run = run("cloudwatch.log-ingestion", &rows);
        assert_eq!(run.findings.len(), 1);
        let finding = &run.findings[0];
        assert_eq!(finding.monthly_cost, dec("171.00"));
        let value = |name: &str| finding.evidence.iter().find(|evidence| evidence.name == name).unwrap().value;
        // 171 of 1,000.
        assert_eq!(value("share_of_account"), dec("0.171"));
        assert_eq!(value("ingested_gb"), dec("300"));
        assert_eq!(value("standard_class_cost"), dec("114.00"));
    }

    #[test]
    fn logs_that_are_a_trifle_of_the_account_are_not() {
        let rows =
            [usage("AmazonCloudWatch", "DataProcessing-Bytes", "200", "100.00"), usage("AmazonEC2", "BoxUsage:m5.large", "1", "99900.00")];
        assert!(run("cloudwatch.log-ingestion", &rows).findings.is_empty());
    }

    #[test]
    fn logs_already_in_the_infrequent_access_class_and_stored_logs_are_not() {
        let rows = [
            usage("AmazonCloudWatch", "DataProcessingIA-Bytes", "800", "200.00"),
            usage("AmazonCloudWatch", "TimedStorage-ByteHrs", "9000", "270.00"),
        ];
        assert!(run("cloudwatch.log-ingestion", &rows).findings.is_empty());
    }
}
