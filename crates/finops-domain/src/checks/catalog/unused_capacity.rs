//! Capacity of any kind that is bought and hardly used, by the saturation metrics of the catalog.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use crate::catalog::{Bought, MetricFacts};
use crate::checks::measured::{Measured, judge};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Evidence, FindingDraft};

#[derive(Debug)]
pub(in crate::checks) struct UnusedCapacity;

static META: CheckMeta = CheckMeta {
    id: "catalog.unused-capacity",
    title: "Bought capacity that is hardly used",
    why: "Where capacity is paid for whether it is used or not, a resource whose every measure stays far below what was bought could be smaller.",
    source: "https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/cost_type_size_number_resources_metrics.html",
    source_as_of: "2026-11-24",
    services: &[],
    parameters: &[
        Parameter { name: "min_days", default: "14", unit: "days", about: "Least measured time to judge by." },
        Parameter { name: "max_used", default: "10", unit: "%", about: "Greatest use, of any measure at any time, that is still called hardly any." },
    ],
    saving: "None: how much smaller it could be depends on the sizes that there are, which a check of the service knows.",
    risk: Risk::Medium,
    risk_note: "A month may not hold the peak that it was bought for.",
    effort: Effort::Medium,
    steps: &[
        "Compare the month's peak with those before it.",
        "Choose the next smaller size, or fewer of it, and leave headroom above the peak.",
        "Change {resource} in {region}, and look at the same metrics a week later.",
    ],
    rollback: "Change it back to the former size.",
};

impl Check for UnusedCapacity {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn judges_resources(&self) -> bool {
        true
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        judge(context, |kind| kind.saturation, |resource| Ok(use_of(resource, context)?.map(|evidence| draft(resource, evidence))))
    }
}

fn draft(resource: &Measured<'_>, evidence: Vec<Evidence>) -> FindingDraft {
    let title = format!("{} {} uses little of what it was bought for", resource.kind.name, resource.place.name());
    FindingDraft {
        resource_kind: Some(resource.kind.kind.into()),
        ..resource.part.investigation(&resource.place, "capacity", title, evidence)
    }
}

/// The evidence that every measure stayed low; `None` where one did not, or where all are zero, which is idle and not small.
fn use_of(resource: &Measured<'_>, context: &CheckContext<'_>) -> Result<Option<Vec<Evidence>>, String> {
    let mut evidence = Vec::new();
    for facts in resource.kind.saturation {
        let Some(percent) = peak_percent(resource, facts, context)? else { continue };
        if percent > context.parameter("max_used") {
            return Ok(None);
        }
        let source = format!("CloudWatch: greatest {} of {} {}", facts.statistic, facts.namespace, facts.metric);
        evidence.push(Evidence { name: format!("peak_{}", evidence.len() + 1), value: percent, unit: "% of what was bought".to_owned(), source, as_of: None });
    }
    let is_used = evidence.iter().any(|peak| peak.value > Decimal::ZERO);
    evidence.push(Evidence::from_parameter("max_used", context.parameter("max_used"), "%"));
    Ok(is_used.then_some(evidence))
}

/// The metric's greatest value as a share of what was bought; `None` where its configuration says that nothing was.
fn peak_percent(resource: &Measured<'_>, facts: &MetricFacts, context: &CheckContext<'_>) -> Result<Option<Decimal>, String> {
    let min_days = context.parameter("min_days");
    let greatest = |values: Vec<f64>| values.into_iter().fold(0.0, f64::max);
    let bought = match facts.bought {
        None | Some(Bought::Percent) => 100.0,
        Some(Bought::Configuration(name)) => {
            let Some(text) = resource.resource.configuration.get(name) else { return Ok(None) };
            text.parse().map_err(|_| format!("its {name} is no number"))?
        }
        Some(Bought::Metric(name)) => greatest(resource.values(&MetricFacts { metric: name, bought: None, ..*facts }, context, min_days)?),
    };
    if bought <= 0.0 {
        return Ok(None);
    }
    let peak = greatest(resource.values(facts, context, min_days)?);
    let percent = Decimal::from_f64(peak / bought * 100.0).ok_or_else(|| format!("{} is no number", facts.metric))?;
    Ok(Some(percent.round_dp(2)))
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, resource, run_measured, series, usage};

    const NODE: &str = "arn:aws:elasticache:us-east-1:111122223333:cluster:cache-1";

    fn run(value: f64) -> crate::checks::CheckRun {
        let charges = [usage("AmazonElastiCache", "NodeUsage:cache.m5.large", "730", "113.88").with_resource(NODE)];
        run_measured("catalog.unused-capacity", &charges, vec![resource(NODE, "2024-01-01T00:00:00Z")], series(NODE, 31, value))
    }

    #[test]
    fn a_low_peak_is_a_question_without_a_saving() {
        let run = run(4.0);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (1, 0), "{:?}", run.not_evaluated);
        let peak = run.findings[0].evidence.iter().find(|evidence| evidence.name == "peak_1").unwrap();
        assert_eq!((peak.value, run.findings[0].savings.is_none()), (dec("4"), true));
    }

    #[test]
    fn a_peak_above_the_limit_or_no_use_at_all_is_none() {
        assert_eq!(run(11.0).findings.len(), 0);
        assert_eq!(run(0.0).findings.len(), 0);
    }
}
