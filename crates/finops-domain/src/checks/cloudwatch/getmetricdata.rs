//! Metrics read out of CloudWatch by the request.

use crate::checks::part::{Place, by_place, measures, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct GetMetricData;

// `GetMetricData` has no free tier and is charged by the metric requested (0.01 USD for 1,000 in us-east-1), under the
// usage type `CW:GMD-Metrics`. Consoles and alarms do not cause it; monitoring products that poll do.
static META: CheckMeta = CheckMeta {
    id: "cloudwatch.getmetricdata",
    title: "Metrics polled with GetMetricData",
    why: "GetMetricData is charged by the metric requested; a monitoring product that polls every metric each minute pays for each again.",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
    source_as_of: "2026-11-24",
    services: &["AmazonCloudWatch"],
    parameters: &[
        Parameter { name: "min_monthly_cost", default: "20", unit: "currency/month", about: "Cheaper parts of the spend are left out." },
    ],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::Low,
    risk_note: "A dashboard of the monitoring product may lose metrics.",
    effort: Effort::Low,
    steps: &[
        "Find who polls: CloudTrail data events of GetMetricData, or the monitoring product's AWS integration.",
        "Restrict the integration to the namespaces that are looked at, or poll less often.",
        "Compare with metric streams, which are charged by the update and push.",
    ],
    rollback: "Widen the integration's filter again.",
};

impl Check for GetMetricData {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let polled = context.usage().filter(|line| measures(&line.key, "AmazonCloudWatch", |measure| measure == "CW:GMD-Metrics"));
        for (place, part) in by_place(polled, Place::of) {
            if context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost") {
                let title = format!("CloudWatch metrics in {} are polled at a price", place.name());
                let requested = Evidence::from_bill("metrics_requested", part.quantity(), "metrics", part.source());
                output.findings.push(part.investigation(&place, "getmetricdata", title, vec![requested]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn polling_is_worth_a_look() {
        let run = run("cloudwatch.getmetricdata", &[usage("AmazonCloudWatch", "USW2-CW:GMD-Metrics", "8000000", "80.00")]);
        assert_eq!(run.findings[0].monthly_cost, dec("80.00"));
        assert!(run.findings[0].savings.is_none());
    }

    #[test]
    fn a_little_of_it_and_other_requests_are_not() {
        let rows = [usage("AmazonCloudWatch", "CW:GMD-Metrics", "1", "0.01"), usage("AmazonCloudWatch", "CW:Requests", "9000000", "90.00")];
        assert!(run("cloudwatch.getmetricdata", &rows).findings.is_empty());
    }
}
