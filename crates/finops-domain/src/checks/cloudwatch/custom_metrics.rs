//! Custom metrics of CloudWatch that cost much.

use crate::checks::part::{Place, by_place, measures, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct CustomMetrics;

// Custom metrics are charged by the metric and month (0.30 USD for the first 10,000 in us-east-1, less above), under
// the usage type `CW:MetricMonitorUsage`; each combination of dimensions is a metric of its own. Detailed monitoring
// of EC2 instances and Container Insights are charged as custom metrics too.
static META: CheckMeta = CheckMeta {
    id: "cloudwatch.custom-metrics",
    title: "Custom metrics cost much",
    why: "Each combination of a metric's dimensions is charged as a metric of its own, so one dimension with many values multiplies the price.",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
    source_as_of: "2026-11-24",
    services: &["AmazonCloudWatch"],
    parameters: &[
        Parameter { name: "min_monthly_cost", default: "50", unit: "currency/month", about: "Cheaper parts of the spend are left out." },
    ],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::Low,
    risk_note: "An alarm or dashboard may read a metric that looks unread.",
    effort: Effort::Medium,
    steps: &[
        "List the namespaces with most metrics in {region}: `aws cloudwatch list-metrics --region {region} --query 'Metrics[].Namespace'`, and count.",
        "Drop dimensions whose values are ids (requests, users, containers), and metrics that no alarm and no dashboard reads.",
        "Turn off detailed monitoring and Container Insights where nobody looks at them.",
    ],
    rollback: "Publish the metric again: data points of before stay readable for 15 months.",
};

impl Check for CustomMetrics {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let metrics = context.usage().filter(|line| measures(&line.key, "AmazonCloudWatch", |measure| measure == "CW:MetricMonitorUsage"));
        for (place, part) in by_place(metrics, Place::of) {
            if context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost") {
                let title = format!("Custom CloudWatch metrics in {} cost much", place.name());
                let metrics = Evidence::from_bill("metric_months", part.quantity(), "metric-months", part.source());
                output.findings.push(part.investigation(&place, "custom-metrics", title, vec![metrics]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn many_metrics_are_worth_a_look() {
        let run = run("cloudwatch.custom-metrics", &[usage("AmazonCloudWatch", "EUW1-CW:MetricMonitorUsage", "500", "150.00")]);
        assert_eq!(run.findings[0].monthly_cost, dec("150.00"));
        assert!(run.findings[0].savings.is_none());
        assert_eq!(run.findings[0].evidence[1].value, dec("500"));
    }

    #[test]
    fn few_metrics_and_other_charges_are_not() {
        let rows = [
            usage("AmazonCloudWatch", "CW:MetricMonitorUsage", "100", "30.00"),
            usage("AmazonCloudWatch", "CW:AlarmMonitorUsage", "2000", "200.00"),
        ];
        assert!(run("cloudwatch.custom-metrics", &rows).findings.is_empty());
    }
}
