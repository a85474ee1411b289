//! Provisioned concurrency of Lambda that served next to nothing.

use rust_decimal::Decimal;

use crate::charge::ChargeKey;
use crate::checks::part::{measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, SavingsBasis};

#[derive(Debug)]
pub(in crate::checks) struct UnusedProvisionedConcurrency;

// AWS Lambda pricing: provisioned concurrency is charged by the GB-second for as long as it is configured
// (`Lambda-Provisioned-Concurrency`, Arm with `-ARM`); what runs in it is charged beside that
// (`Lambda-Provisioned-GB-Second`). Without it the same run costs 1.71 times as much (0.0000166667 against
// 0.0000097222 USD/GB-second, us-east-1, x86), so twice the duration's cost is more than it can come to.
static META: CheckMeta = CheckMeta {
    id: "lambda.unused-provisioned-concurrency",
    title: "Provisioned concurrency that nothing uses",
    why: "Provisioned concurrency is paid for around the clock; where hardly anything runs in it, it only costs.",
    source: "https://aws.amazon.com/lambda/pricing/",
    source_as_of: "2026-11-24",
    services: &["AWSLambda"],
    parameters: &[
        Parameter { name: "max_utilization", default: "0.01", unit: "share", about: "GB-seconds run, divided by GB-seconds provisioned, up to which it counts as unused." },
        Parameter { name: "min_monthly_cost", default: "1", unit: "currency/month", about: "Cheaper functions are left out." },
    ],
    saving: "Cost of the provisioned concurrency, less what its runs cost, once more: they would cost less than double without it.",
    risk: Risk::Low,
    risk_note: "The first requests after a pause start cold.",
    effort: Effort::Low,
    steps: &[
        "Find versions and aliases with it: `aws lambda list-provisioned-concurrency-configs --function-name {resource} --region {region}`.",
        "See that ProvisionedConcurrencyInvocations is as low as the bill says, also in the weeks before.",
        "Remove it: `aws lambda delete-provisioned-concurrency-config --function-name {resource} --qualifier ALIAS --region {region}`; take away its scaling policy as well.",
    ],
    rollback: "`aws lambda put-provisioned-concurrency-config` with the former number.",
};

impl Check for UnusedProvisionedConcurrency {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let is_provisioned = |key: &ChargeKey| measures(key, "AWSLambda", |measure| measure.starts_with("Lambda-Provisioned-Concurrency"));
        let is_duration = |key: &ChargeKey| measures(key, "AWSLambda", |measure| measure.starts_with("Lambda-Provisioned-GB-Second"));
        for (place, part) in usage_by_resource_or_place(context, |key| is_provisioned(key) || is_duration(key)) {
            let (provisioned, duration) = (part.of(is_provisioned), part.of(is_duration));
            let utilization = duration.quantity().checked_div(provisioned.quantity());
            let Some(utilization) = utilization.filter(|share| *share <= context.parameter("max_utilization")) else { continue };
            if context.window.to_month(provisioned.cost()) < context.parameter("min_monthly_cost") {
                continue;
            }
            let is_certain = place.resource_id.is_some() && duration.lines.is_empty();
            output.findings.push(FindingDraft {
                title: format!("Provisioned concurrency of Lambda in {} is not used", place.name()),
                kind: FindingKind::Recommendation,
                subject: place.subject("provisioned-concurrency"),
                resource_id: place.resource_id.clone(),
                resource_kind: place.resource_id.as_ref().map(|_| "lambda:function".into()),
                sub_account_id: place.sub_account_id.clone(),
                region_id: place.region_id.clone(),
                service_name: provisioned.service_name(),
                formula: Some("provisioned_cost - duration_cost"),
                basis: SavingsBasis::Measured,
                confidence: if is_certain { Confidence::High } else { Confidence::Medium },
                evidence: vec![
                    provisioned.cost_evidence("provisioned_cost", &place.currency),
                    Evidence::from_bill("duration_cost", duration.cost(), place.currency.to_string(), duration.source()),
                    Evidence::from_bill("provisioned_gb_seconds", provisioned.quantity(), "GB-seconds", provisioned.source()),
                    Evidence::from_bill("used_gb_seconds", duration.quantity(), "GB-seconds", duration.source()),
                    Evidence::from_bill("utilization", utilization.max(Decimal::ZERO).round_dp(6), "share", "used of provisioned GB-seconds"),
                ],
                claims: provisioned.claims(),
            });
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{cents, dec, run, usage};
    use crate::finding::Confidence;

    const WARM: &str = "arn:aws:lambda:us-east-1:111122223333:function:warm";
    const BUSY: &str = "arn:aws:lambda:us-east-1:111122223333:function:busy";

    #[test]
    fn concurrency_without_a_run_is_saved_whole() {
        // 10 environments of 1 GB for 730 hours: 26,280,000 GB-seconds at 0.0000041667 USD.
        let run = run(
            "lambda.unused-provisioned-concurrency",
            &[usage("AWSLambda", "Lambda-Provisioned-Concurrency", "26280000", "109.50").with_resource(WARM)],
        );
        assert_eq!(cents(&run.findings[0]), dec("109.50"));
        assert_eq!(run.findings[0].savings.as_ref().unwrap().confidence, Confidence::High);
        assert_eq!(run.findings[0].title, "Provisioned concurrency of Lambda in warm is not used");
    }

    #[test]
    fn a_few_runs_cost_more_without_it() {
        let rows = [
            usage("AWSLambda", "EU-Lambda-Provisioned-Concurrency-ARM", "26280000", "87.60").with_resource(WARM),
            usage("AWSLambda", "EU-Lambda-Provisioned-GB-Second-ARM", "100000", "0.78").with_resource(WARM),
        ];
        let run = run("lambda.unused-provisioned-concurrency", &rows);
        // 87.60 less 0.78.
        assert_eq!(cents(&run.findings[0]), dec("86.82"));
        assert_eq!(run.findings[0].savings.as_ref().unwrap().confidence, Confidence::Medium);
    }

    #[test]
    fn each_function_is_judged_by_its_own_runs() {
        let rows = [
            usage("AWSLambda", "Lambda-Provisioned-Concurrency", "1000000", "4.17").with_resource(BUSY),
            usage("AWSLambda", "Lambda-Provisioned-GB-Second", "600000", "5.83").with_resource(BUSY),
            usage("AWSLambda", "Lambda-Provisioned-Concurrency", "1000000", "4.17").with_resource(WARM),
        ];
        let run = run("lambda.unused-provisioned-concurrency", &rows);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(run.findings[0].resource_id.as_ref().unwrap().as_str(), WARM);
    }

    #[test]
    fn runs_without_provisioned_concurrency_do_not_count() {
        let rows = [
            usage("AWSLambda", "Lambda-GB-Second", "9000000", "150.00").with_resource(WARM),
            usage("AWSLambda", "Request", "9000000", "1.80").with_resource(WARM),
        ];
        assert!(run("lambda.unused-provisioned-concurrency", &rows).findings.is_empty());
    }
}
