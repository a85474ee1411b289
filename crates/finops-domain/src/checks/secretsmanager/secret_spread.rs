//! Secrets in great number.

use crate::checks::part::{Place, by_place, measures, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::checks::unit_price::months_of;
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct SecretSpread;

// A secret costs 0.40 USD a month, used or not, under `AWSSecretsManager-Secrets`; requests are `AWSSecretsManagerAPIRequest`.
// Parameters of Systems Manager's standard tier are free and can be encrypted, without rotation.
static META: CheckMeta = CheckMeta {
    id: "secretsmanager.secret-spread",
    title: "Many secrets",
    why: "Each secret costs by the month whether it is read or not; plain settings do not need to be secrets.",
    source: "https://aws.amazon.com/secrets-manager/pricing/",
    source_as_of: "2026-11-24",
    services: &["AWSSecretsManager"],
    parameters: &[
        Parameter { name: "max_secrets", default: "25", unit: "secrets", about: "Accounts and regions with this many secrets or fewer are left out." },
    ],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::Medium,
    risk_note: "Something that starts seldom may still need the secret.",
    effort: Effort::Medium,
    steps: &[
        "List the secrets of {region} by LastAccessedDate: `aws secretsmanager list-secrets --region {region}`.",
        "Delete those that nothing has read for a quarter: `aws secretsmanager delete-secret --secret-id ID --recovery-window-in-days 30`.",
        "Merge secrets that are read together; keep plain settings in Parameter Store's free standard tier.",
    ],
    rollback: "Within the recovery window `aws secretsmanager restore-secret`.",
};

impl Check for SecretSpread {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let months = months_of(context.window);
        let held = context.usage().filter(|line| measures(&line.key, "AWSSecretsManager", |measure| measure.contains("AWSSecretsManager-Secret")));
        for (place, part) in by_place(held, Place::of) {
            let average = part.quantity().checked_div(months).unwrap_or_default().round_dp(1);
            if average > context.parameter("max_secrets") {
                let title = format!("There are many secrets in {}", place.name());
                let count = Evidence::from_bill("average_secrets", average, "secrets", part.source());
                output.findings.push(part.investigation(&place, "secrets", title, vec![count]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn many_are_worth_a_look() {
        // A whole month, so that secret-months are secrets.
        let run = run("secretsmanager.secret-spread", &[usage("AWSSecretsManager", "USE1-AWSSecretsManager-Secrets", "60", "24.00").in_month("2025-12")]);
        // 24.00 in 744 hours, in a month of 730.
        assert_eq!(run.findings[0].monthly_cost.round_dp(2), dec("23.55"));
        assert_eq!(run.findings[0].evidence[1].value, dec("60"));
    }

    #[test]
    fn few_are_not_and_requests_do_not_count() {
        let rows = [
            usage("AWSSecretsManager", "USE1-AWSSecretsManager-Secrets", "25", "10.00").in_month("2025-12"),
            usage("AWSSecretsManager", "USE1-AWSSecretsManagerAPIRequest", "9000000", "45.00").in_month("2025-12"),
        ];
        assert!(run("secretsmanager.secret-spread", &rows).findings.is_empty());
    }
}
