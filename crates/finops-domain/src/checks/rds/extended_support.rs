//! Databases of a version that AWS supports for a surcharge only.
//!
//! Facts: the surcharge is per vCPU-hour, $0.10 in the first two years, $0.20 in the third (us-east-1), on lines of its own such as
//! `ExtendedSupport:Yr1-Yr2:MySQL5.7`, beside the instance's. Source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-charges.html>.

use crate::checks::part::{measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct RdsExtendedSupport;

static META: CheckMeta = CheckMeta {
    id: "rds.extended-support",
    title: "Databases in extended support",
    why: "After a major version's standard support ends, AWS charges for each vCPU-hour on top of the instance, and doubles that in the third year.",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-charges.html",
    source_as_of: "2026-11-24",
    services: &["AmazonRDS"],
    parameters: &[],
    saving: "The whole surcharge as billed; the ordinary price of what runs is on lines of its own and stays.",
    risk: Risk::Medium,
    risk_note: "A major version upgrade can break queries and drivers and interrupts the database.",
    effort: Effort::High,
    steps: &[
        "Find the version: aws rds describe-db-instances --region {region} --query 'DBInstances[].[DBInstanceIdentifier,Engine,EngineVersion]'",
        "Restore a snapshot, upgrade the copy, run the application's tests against it.",
        "Upgrade with a blue/green deployment to a version in standard support.",
    ],
    rollback: "Switch back to the blue environment, or restore the snapshot from before the upgrade.",
};

impl Check for RdsExtendedSupport {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let parts = usage_by_resource_or_place(context, |key| measures(key, "AmazonRDS", |measure| measure.contains("ExtendedSupport")));
        let findings = parts.iter().map(|(place, part)| {
            let title = format!("Upgrade databases in {} out of extended support", place.name());
            let quantity = Evidence::from_bill("extended_support_quantity", part.quantity(), "vCPU-hours", part.source());
            FindingDraft {
                kind: FindingKind::Recommendation,
                resource_kind: place.resource_id.as_ref().map(|_| "rds:db".into()),
                formula: Some("window_cost"),
                basis: SavingsBasis::Measured,
                confidence: Confidence::High,
                ..part.investigation(place, "extended-support", title, vec![quantity])
            }
        });
        CheckOutput { findings: findings.collect(), not_evaluated: unreadable(context, &META).into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::{cents, dec, run, usage};

    #[test]
    fn the_surcharge_is_saved_and_what_runs_stays() {
        let charges = [
            usage("AmazonRDS", "EU-ExtendedSupport:Yr1-Yr2:MySQL5.7", "730", "146.00").with_resource("arn:aws:rds:eu-west-1:111122223333:db:shop"),
            usage("AmazonRDS", "EU-InstanceUsage:db.m5.large", "730", "73.00").with_resource("arn:aws:rds:eu-west-1:111122223333:db:shop"),
        ];
        let run = run("rds.extended-support", &charges);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(cents(&run.findings[0]), dec("146.00"));
        assert_eq!(run.findings[0].savings.as_ref().unwrap().basis, SavingsBasis::Measured);
    }

    #[test]
    fn a_supported_version_is_in_order() {
        assert!(run("rds.extended-support", &[usage("AmazonRDS", "EU-InstanceUsage:db.m5.large", "730", "73.00")]).findings.is_empty());
    }

    #[test]
    fn another_services_extended_support_is_not_its_own() {
        assert!(run("rds.extended-support", &[usage("AmazonOther", "EU-ExtendedSupport:Yr1-Yr2:MySQL5.7", "730", "146.00")]).findings.is_empty());
    }
}
