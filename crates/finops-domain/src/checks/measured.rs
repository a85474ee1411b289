//! Resources beside what was measured of them, for the checks that the catalog's metrics make.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::part::{Part, Place};
use super::{CheckContext, CheckOutput};
use crate::catalog::{Catalog, MetricFacts, ResourceKindFacts};
use crate::finding::{FindingDraft, NotEvaluated};
use crate::id::{CheckId, ResourceId};
use crate::resource::Resource;
use crate::utilization::UtilizationSeries;

/// A resource that is billed, of a kind with metrics of the wanted sort, old enough to be judged.
pub(super) struct Measured<'a> {
    pub(super) resource: &'a Resource,
    pub(super) kind: &'static ResourceKindFacts,
    pub(super) place: Place,
    /// What the bill says of it in the window.
    pub(super) part: Part<'a>,
    series: Vec<&'a UtilizationSeries>,
}

impl Measured<'_> {
    /// The values of a metric in the window; why there are none, or too few.
    pub(super) fn values(&self, facts: &MetricFacts, context: &CheckContext<'_>, min_days: Decimal) -> Result<Vec<f64>, String> {
        let is_wanted = |series: &&&UtilizationSeries| {
            series.metric_name == facts.metric && series.namespace == facts.namespace && series.statistic == facts.statistic
        };
        let series = self.series.iter().find(is_wanted).ok_or_else(|| format!("{} {} was not collected", facts.namespace, facts.metric))?;
        let period = context.window.period;
        let in_window = || series.datapoints.iter().filter(|(at, _)| (period.start..period.end).contains(at));
        let values: Vec<f64> = in_window().map(|(_, value)| *value).collect();
        // Many metrics are published only now and then: what counts is on how many days there was any.
        let days: BTreeSet<i64> = in_window().map(|(at, _)| at.as_second().div_euclid(86_400)).collect();
        let days = Decimal::from(days.len());
        if days < min_days {
            return Err(format!("{} {} has data of {} days, of {min_days} at least", facts.namespace, facts.metric, days));
        }
        Ok(values)
    }
}

/// What a check of metrics says: of each resource a finding, nothing, or why it cannot tell.
pub(super) fn judge(
    context: &CheckContext<'_>,
    metrics: fn(&ResourceKindFacts) -> &'static [MetricFacts],
    of: impl Fn(&Measured<'_>) -> Result<Option<FindingDraft>, String>,
) -> CheckOutput {
    let (resources, not_evaluated) = measured(context, metrics);
    let mut output = CheckOutput { not_evaluated, ..CheckOutput::default() };
    for measured in resources {
        match of(&measured) {
            Ok(draft) => output.findings.extend(draft),
            Err(reason) => output.not_evaluated.push(not_evaluated_of(context, Some(measured.resource), reason)),
        }
    }
    output
}

fn not_evaluated_of(context: &CheckContext<'_>, resource: Option<&Resource>, reason: String) -> NotEvaluated {
    let resource_id = resource.map(|resource| resource.resource_id.to_string());
    NotEvaluated { check_id: CheckId::from(context.meta.id), resource_id, reason }
}

/// Every resource that a check of metrics can judge, and why it cannot judge the others of their kinds.
fn measured<'a>(
    context: &CheckContext<'a>,
    metrics: fn(&ResourceKindFacts) -> &'static [MetricFacts],
) -> (Vec<Measured<'a>>, Vec<NotEvaluated>) {
    if context.snapshot.resources.is_empty() {
        let reason = "needs an inventory of resources and their metrics; this source has none".to_owned();
        return (Vec::new(), vec![not_evaluated_of(context, None, reason)]);
    }
    let catalog = Catalog::embedded();
    let mut series: BTreeMap<&ResourceId, Vec<&UtilizationSeries>> = BTreeMap::new();
    for one in &context.snapshot.utilization {
        series.entry(&one.resource_id).or_default().push(one);
    }
    let (mut found, mut not_evaluated) = (Vec::new(), Vec::new());
    for resource in &context.snapshot.resources {
        let recognized = catalog.recognize_resource_id(resource.resource_id.as_str()).and_then(|found| found.kind);
        let Some(kind) = recognized.or_else(|| catalog.resource_kind(resource.kind.as_str())) else { continue };
        if metrics(kind).is_empty() {
            continue;
        }
        let Some((_, lines)) = context.cost_of(resource) else { continue };
        let Some(first) = lines.first() else { continue };
        let place = Place { resource_id: Some(resource.resource_id.clone()), ..Place::of_resource(&first.key) };
        if resource.created_at.is_some_and(|created| created > context.window.period.start) {
            not_evaluated.push(not_evaluated_of(context, Some(resource), "it is younger than the judged window".to_owned()));
            continue;
        }
        let series = series.get(&resource.resource_id).cloned().unwrap_or_default();
        found.push(Measured { resource, kind, place, part: Part { lines }, series });
    }
    (found, not_evaluated)
}
