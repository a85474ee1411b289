//! Resources as their own service describes them, for the checks that judge those.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::part::{Part, Place};
use super::{CheckContext, CheckOutput};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, NotEvaluated, SavingsBasis};
use crate::id::CheckId;
use crate::resource::{Details, Resource};
use crate::resource_cost::CostBasis;

/// What a check says of a resource, before it is known what that costs.
#[derive(Debug)]
pub(super) struct Verdict {
    /// One sentence, without the resource's name at its end.
    pub(super) title: String,
    /// Why.
    pub(super) evidence: Vec<Evidence>,
    /// How sure.
    pub(super) confidence: Confidence,
    /// Act or look.
    pub(super) kind: FindingKind,
}

/// Judges every resource with details of a type: what is wrong is a finding with all that it costs, what costs nothing is none.
pub(super) fn judge_each<D: Details>(
    context: &CheckContext<'_>,
    what: &str,
    judge: impl Fn(&Resource, &D) -> Result<Option<Verdict>, String>,
) -> CheckOutput {
    judge_with(context, what, judge, |_, _| Vec::new())
}

/// The same where the cost is that of other resources too: those that `also` names.
pub(super) fn judge_with<'a, D: Details>(
    context: &CheckContext<'a>,
    what: &str,
    judge: impl Fn(&Resource, &D) -> Result<Option<Verdict>, String>,
    also: impl Fn(&Resource, &D) -> Vec<&'a Resource>,
) -> CheckOutput {
    let mut output = CheckOutput::default();
    if context.snapshot.resources.is_empty() {
        output.not_evaluated.push(not_evaluated(context, None, "needs an inventory of resources; this source has none"));
        return output;
    }
    for resource in &context.snapshot.resources {
        let Some(details) = resource.details::<D>() else { continue };
        match judge(resource, details) {
            Ok(None) => {}
            Ok(Some(verdict)) => match draft(context, what, resource, &also(resource, details), verdict) {
                Ok(draft) => output.findings.push(draft),
                Err(reason) => output.not_evaluated.push(not_evaluated(context, Some(resource), &reason)),
            },
            Err(reason) => output.not_evaluated.push(not_evaluated(context, Some(resource), &reason)),
        }
    }
    output
}

fn not_evaluated(context: &CheckContext<'_>, resource: Option<&Resource>, reason: &str) -> NotEvaluated {
    let resource_id = resource.map(|resource| resource.resource_id.to_string());
    NotEvaluated { check_id: CheckId::from(context.meta.id), resource_id, reason: reason.to_owned() }
}

fn draft(
    context: &CheckContext<'_>,
    what: &str,
    resource: &Resource,
    also: &[&Resource],
    verdict: Verdict,
) -> Result<FindingDraft, String> {
    let costs = std::iter::once(resource).chain(also.iter().copied()).filter_map(|resource| context.cost_of(resource));
    let (bases, lines): (Vec<CostBasis>, Vec<_>) = costs.unzip();
    let part = Part { lines: lines.into_iter().flatten().collect() };
    let Some(first) = part.lines.first() else {
        return Err("neither the bill nor a price list says what it costs".to_owned());
    };
    let place = Place { resource_id: Some(resource.resource_id.clone()), ..Place::of_resource(&first.key) };
    let is_billed = bases.iter().all(|basis| *basis == CostBasis::Billed);
    let title = format!("{} {}", verdict.title, resource.name.as_deref().unwrap_or(&place.name()));
    let is_act = verdict.kind == FindingKind::Recommendation;
    Ok(FindingDraft {
        kind: verdict.kind,
        resource_kind: Some(resource.kind.clone()),
        formula: is_act.then_some("window_cost"),
        basis: if is_billed { SavingsBasis::Measured } else { SavingsBasis::Estimated },
        confidence: verdict.confidence,
        ..part.investigation(&place, what, title, verdict.evidence)
    })
}

/// Whole days between an instant and when the snapshot was taken, as evidence.
pub(super) fn days_since(context: &CheckContext<'_>, name: &str, since: Timestamp, source: &str) -> Evidence {
    let seconds = context.snapshot.collected_at.as_second() - since.as_second();
    let days = Decimal::from(seconds.max(0) / 86_400);
    Evidence { name: name.to_owned(), value: days, unit: "days".to_owned(), source: format!("inventory: {source}"), as_of: None }
}
