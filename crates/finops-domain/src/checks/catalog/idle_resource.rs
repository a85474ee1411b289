//! Resources of any kind that are billed and that nothing uses, by the activity metrics of the catalog.

use rust_decimal::Decimal;

use crate::checks::measured::{Measured, judge};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, SavingsBasis};
use crate::resource::Resource;
use crate::resource::ec2::NatGatewayDetails;

#[derive(Debug)]
pub(in crate::checks) struct IdleResource;

static META: CheckMeta = CheckMeta {
    id: "catalog.idle-resource",
    title: "Billed, and nothing uses it",
    why: "Most services charge for a resource while it exists. The catalog names for each kind the metrics that are zero exactly when nothing uses it; where all of them were zero for weeks, the charge buys nothing.",
    source: "https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/cost_decomissioning_resources_decommission.html",
    source_as_of: "2026-11-24",
    services: &[],
    parameters: &[Parameter { name: "min_days", default: "14", unit: "days", about: "Least measured time to judge by." }],
    saving: "What the resource cost in the judged months, all of it.",
    risk: Risk::Medium,
    risk_note: "Something may use it once a quarter or in an emergency; metrics of a month cannot tell.",
    effort: Effort::Low,
    steps: &[
        "Ask its owner, by its tags and by who made it.",
        "Keep what it holds where that matters: a snapshot, an export, its configuration.",
        "Delete {resource} in {region}, or stop it where its kind can be stopped.",
    ],
    rollback: "Make it again from its configuration and what was kept; its id will be another one.",
};

impl Check for IdleResource {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn judges_resources(&self) -> bool {
        true
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        judge(context, |kind| kind.activity, |resource| Ok(activity(resource, context)?.map(|evidence| draft(resource, evidence))))
    }
}

/// The evidence that nothing used it; `None` where something did.
fn activity(resource: &Measured<'_>, context: &CheckContext<'_>) -> Result<Option<Vec<Evidence>>, String> {
    let mut evidence = Vec::new();
    for facts in resource.kind.activity {
        let values = resource.values(facts, context, context.parameter("min_days"))?;
        if values.iter().any(|value| *value > 0.0) {
            return Ok(None);
        }
        let source = format!("CloudWatch: {} {} {}, {} datapoints, all zero", facts.namespace, facts.statistic, facts.metric, values.len());
        evidence.push(Evidence { name: name_of(facts.metric), value: Decimal::ZERO, unit: "in the window".to_owned(), source, as_of: None });
    }
    Ok(Some(evidence))
}

/// `BytesOutToDestination` as `bytes_out_to_destination`.
fn name_of(metric: &str) -> String {
    let mut name = String::new();
    let mut was_lowercase = false;
    for letter in metric.chars() {
        if letter.is_uppercase() && was_lowercase {
            name.push('_');
        }
        was_lowercase = letter.is_lowercase();
        name.extend(letter.to_lowercase().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }));
    }
    name
}

/// Whether traffic would take it the moment that there is any: a NAT gateway of another zone.
fn stands_by(resource: &Resource) -> bool {
    resource.details::<NatGatewayDetails>().is_some_and(|gateway| !gateway.route_table_ids.is_empty())
}

fn draft(resource: &Measured<'_>, evidence: Vec<Evidence>) -> FindingDraft {
    let title = format!("{} {} is billed and nothing uses it", resource.kind.name, resource.place.name());
    if stands_by(resource.resource) {
        let title = format!("{title}, but a route leads to it: it may stand by");
        let draft = resource.part.investigation(&resource.place, "idle", title, evidence);
        return FindingDraft { resource_kind: Some(resource.kind.kind.into()), ..draft };
    }
    FindingDraft {
        kind: FindingKind::Recommendation,
        resource_kind: Some(resource.kind.kind.into()),
        formula: Some("window_cost"),
        basis: SavingsBasis::Measured,
        confidence: Confidence::Medium,
        ..resource.part.investigation(&resource.place, "idle", title, evidence)
    }
}

#[cfg(test)]
mod tests {
    use super::name_of;
    use crate::checks::testing::{cents, dec, described, resource, run_measured, series, usage};
    use crate::resource::ec2::NatGatewayDetails;

    const NAT: &str = "arn:aws:ec2:us-east-1:111122223333:natgateway/nat-1";

    fn charges() -> [crate::charge::Charge; 1] {
        [usage("AmazonEC2", "NatGateway-Hours", "730", "32.85").with_resource(NAT)]
    }

    #[test]
    fn zero_on_every_metric_is_idle_and_saves_what_it_costs() {
        let metrics = series(NAT, 31, 0.0);
        let run = run_measured("catalog.idle-resource", &charges(), vec![resource(NAT, "2024-01-01T00:00:00Z")], metrics);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(cents(&run.findings[0]), dec("32.85"));
        assert_eq!(run.findings[0].resource_kind, Some("ec2:natgateway".into()));
        assert_eq!(run.not_evaluated, []);
    }

    #[test]
    fn a_gateway_that_a_route_leads_to_may_stand_by() {
        let details = NatGatewayDetails { route_table_ids: vec!["rtb-1".into()], ..NatGatewayDetails::default() };
        let gateway = described(NAT, "2024-01-01T00:00:00Z", details);
        let run = run_measured("catalog.idle-resource", &charges(), vec![gateway], series(NAT, 31, 0.0));
        assert_eq!((run.findings.len(), run.findings[0].savings.is_none()), (1, true));
    }

    #[test]
    fn one_metric_above_zero_is_use() {
        let mut metrics = series(NAT, 31, 0.0);
        metrics[0].datapoints[3].1 = 0.5;
        let run = run_measured("catalog.idle-resource", &charges(), vec![resource(NAT, "2024-01-01T00:00:00Z")], metrics);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 0));
    }

    #[test]
    fn missing_few_or_young_is_not_zero() {
        for (made, metrics, why) in [
            ("2024-01-01T00:00:00Z", Vec::new(), "was not collected"),
            ("2024-01-01T00:00:00Z", series(NAT, 5, 0.0), "has data of 5 days"),
            ("2025-12-20T00:00:00Z", series(NAT, 31, 0.0), "younger"),
        ] {
            let run = run_measured("catalog.idle-resource", &charges(), vec![resource(NAT, made)], metrics);
            assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
            assert!(run.not_evaluated[0].reason.contains(why), "{}", run.not_evaluated[0].reason);
        }
    }

    #[test]
    fn a_bill_alone_cannot_tell() {
        let run = run_measured("catalog.idle-resource", &charges(), Vec::new(), Vec::new());
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
        assert!(run.not_evaluated[0].resource_id.is_none());
    }

    #[test]
    fn what_is_not_billed_is_no_matter() {
        let run = run_measured("catalog.idle-resource", &[], vec![resource(NAT, "2024-01-01T00:00:00Z")], series(NAT, 31, 0.0));
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 0));
    }

    #[test]
    fn metrics_get_names_that_formulas_can_use() {
        assert_eq!(name_of("BytesOutToDestination"), "bytes_out_to_destination");
        assert_eq!(name_of("HTTPCode_ELB_5XX"), "httpcode_elb_5xx");
    }
}
