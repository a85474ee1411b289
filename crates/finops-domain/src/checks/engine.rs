//! Runs checks and turns their drafts into findings, with the money computed, capped and scaled in one place.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::context::{CheckContext, JudgedWindow, LineIndex, merge_window};
use super::{ALL, Check, CheckSelection, formula};
use crate::charge::{ChargeCategory, ChargeGroup, ChargeKey};
use crate::finding::{Claim, Confidence, Evidence, Finding, FindingDraft, NotEvaluated, Savings, SavingsBasis};
use crate::id::{CheckId, FindingId, ResourceId};
use crate::period::HOURS_PER_MONTH;
use crate::price::PriceSource;
use crate::resource_cost::{CostBasis, ResourceCosts, at_list_prices, attributed};
use crate::snapshot::{Bill, Snapshot};

/// What all checks said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckRun {
    /// Findings, the most valuable first, then by id.
    pub findings: Vec<Finding>,
    /// What could not be judged, sorted.
    pub not_evaluated: Vec<NotEvaluated>,
    /// Ids of the checks that ran.
    pub checks_run: Vec<CheckId>,
}

/// Runs the selected checks over the window of a snapshot's bill.
pub fn run_checks(snapshot: &Snapshot, bill: &Bill, window: &JudgedWindow, selection: &CheckSelection) -> CheckRun {
    let mut lines = merge_window(&bill.lines, window);
    let by_resource = merge_window(&bill.by_resource, window);
    let costs = resource_costs(snapshot, &mut lines, by_resource.is_empty(), window);
    let mut resource_index: BTreeMap<&ResourceId, Vec<usize>> = BTreeMap::new();
    for (index, group) in by_resource.iter().enumerate() {
        if let Some(resource_id) = &group.key.resource_id {
            resource_index.entry(resource_id).or_default().push(index);
        }
    }
    let mut line_index: LineIndex<'_> = BTreeMap::new();
    for (index, line) in lines.iter().enumerate() {
        line_index.entry((line.key.sub_account_id.as_ref(), line.key.service_name.as_ref())).or_default().push(index);
    }
    let mut run = CheckRun::default();
    for check in ALL.iter().filter(|check| selection.includes(check.meta().id)) {
        if snapshot.bill.is_none() && !check.judges_resources() {
            let reason = "there is no cost data".to_owned();
            run.not_evaluated.push(NotEvaluated { check_id: CheckId::from(check.meta().id), resource_id: None, reason });
            run.checks_run.push(CheckId::from(check.meta().id));
            continue;
        }
        let context = CheckContext {
            snapshot,
            bill,
            window,
            lines: &lines,
            by_resource: &by_resource,
            resource_costs: &costs,
            resource_index: &resource_index,
            line_index: &line_index,
            selection,
            meta: check.meta(),
        };
        run_check(*check, &context, &mut run);
    }
    run.findings.sort_by(|a, b| {
        monthly(b).cmp(&monthly(a)).then_with(|| b.monthly_cost.cmp(&a.monthly_cost)).then_with(|| a.finding_id.cmp(&b.finding_id))
    });
    run.not_evaluated.sort();
    run.not_evaluated.dedup();
    run
}

/// What resources cost that the bill does not name.
///
/// Where it names none, a line holds the money of all of its kind, so a claim on a resource's share and one on the line are on the same
/// money: the lines must not say any more that they name no resource.
fn resource_costs(snapshot: &Snapshot, lines: &mut [ChargeGroup], names_none: bool, window: &JudgedWindow) -> ResourceCosts {
    if snapshot.bill.is_none() {
        return at_list_prices(&snapshot.resources, &snapshot.prices, window.period);
    }
    if !names_none || snapshot.resources.is_empty() {
        return ResourceCosts::new();
    }
    for line in lines.iter_mut() {
        line.key.has_resource = None;
    }
    attributed(&snapshot.resources, lines, window.period)
}

fn monthly(finding: &Finding) -> Decimal {
    finding.savings.as_ref().map_or(Decimal::ZERO, |savings| savings.monthly)
}

fn run_check(check: &dyn Check, context: &CheckContext<'_>, run: &mut CheckRun) {
    let output = check.run(context);
    let check_id = CheckId::from(check.meta().id);
    run.not_evaluated.extend(output.not_evaluated);
    for draft in output.findings {
        let subject = draft.subject.clone();
        match to_finding(&check_id, draft, context) {
            Ok(Some(finding)) => run.findings.push(finding),
            Ok(None) => {}
            Err(reason) => {
                run.not_evaluated.push(NotEvaluated { check_id: check_id.clone(), resource_id: Some(subject), reason });
            }
        }
    }
    run.checks_run.push(check_id);
}

/// The finding of a draft; `None` where its formula says that nothing is to be saved.
fn to_finding(check_id: &CheckId, draft: FindingDraft, context: &CheckContext<'_>) -> Result<Option<Finding>, String> {
    let window = context.window;
    let costs: Vec<Decimal> = draft.claims.iter().map(|key| cost_of(key, context)).collect();
    let claimed_cost: Decimal = costs.iter().copied().sum();
    let currency = draft.claims.first().map(|key| key.billing_currency.clone()).ok_or("the finding claims no spend")?;
    if draft.claims.iter().any(|key| key.billing_currency != currency) {
        return Err("the finding mixes currencies".to_owned());
    }
    let mut evidence = draft.evidence;
    let basis = basis_of(&draft.claims, context);
    mark(&mut evidence, basis);
    let (savings, evidence) = match draft.formula {
        None => (None, evidence),
        Some(text) => {
            let mut of_engine = vec![
                Evidence::from_bill(
                    "claimed_cost",
                    claimed_cost,
                    currency.to_string(),
                    "effective cost of the spend that the finding claims",
                ),
                Evidence::from_bill("window_hours", Decimal::from(window.hours), "hours", "length of the judged window"),
            ];
            mark(&mut of_engine, basis);
            evidence.extend(of_engine);
            evidence.extend(list_prices(&draft.claims, context));
            let formula = format!("min(claimed_cost, max(0, {text})) * {HOURS_PER_MONTH} / window_hours");
            let monthly = formula::evaluate(&formula, &evidence).map_err(|error| error.to_string())?;
            if monthly <= Decimal::ZERO {
                return Ok(None);
            }
            let annual = monthly * Decimal::from(12);
            let savings = Savings {
                monthly,
                annual,
                currency: currency.clone(),
                basis: if basis == CostBasis::Billed { draft.basis } else { SavingsBasis::Estimated },
                confidence: if basis == CostBasis::Billed { draft.confidence } else { draft.confidence.min(Confidence::Medium) },
                formula,
                evidence,
            };
            (Some(savings), Vec::new())
        }
    };
    let monthly_savings = savings.as_ref().map_or(Decimal::ZERO, |savings| savings.monthly);
    let claims = share_out(draft.claims, &costs, claimed_cost, monthly_savings, window);
    let finding_id = FindingId::of(check_id, draft.sub_account_id.as_ref(), draft.region_id.as_ref(), &draft.subject);
    Ok(Some(Finding {
        finding_id,
        check_id: check_id.clone(),
        title: draft.title,
        kind: draft.kind,
        subject: draft.subject,
        resource_id: draft.resource_id,
        resource_kind: draft.resource_kind,
        sub_account_id: draft.sub_account_id,
        region_id: draft.region_id,
        service_name: draft.service_name,
        monthly_cost: window.to_month(claimed_cost),
        currency,
        savings,
        evidence,
        claims,
        displaced_by: None,
    }))
}

/// How the cost of what is claimed is known: by the weakest of its parts.
fn basis_of(claims: &[ChargeKey], context: &CheckContext<'_>) -> CostBasis {
    let bases = claims.iter().filter_map(|key| context.resource_costs.get(key.resource_id.as_ref()?)).map(|cost| cost.basis);
    bases.max().unwrap_or(CostBasis::Billed)
}

/// Says of evidence that a check took for the bill's where it is really from.
fn mark(evidence: &mut [Evidence], basis: CostBasis) {
    let instead = match basis {
        CostBasis::Billed => return,
        CostBasis::Attributed => "its share, by quantity, of the bill's line: ",
        CostBasis::ListPrice => "at list prices, while it stands: ",
    };
    for one in evidence {
        if let Some(rest) = one.source.strip_prefix("bill: ") {
            one.source = format!("{instead}{rest}");
        }
    }
}

/// The quantities and list prices that a cost was computed from.
fn list_prices(claims: &[ChargeKey], context: &CheckContext<'_>) -> Vec<Evidence> {
    let mut evidence = Vec::new();
    for key in claims {
        let Some(cost) = key.resource_id.as_ref().and_then(|id| context.resource_costs.get(id)) else { continue };
        let priced = cost.lines.iter().zip(&cost.prices).filter(|(line, _)| line.key == *key);
        for (line, price) in priced {
            let usage_type = line.key.usage_type.as_deref().unwrap_or_default();
            let number = evidence.len() / 2 + 1;
            let source = match price.source {
                PriceSource::Bill => "what the bill's rows come to",
                PriceSource::PriceList => "AWS Price List",
                PriceSource::Embedded => "list prices that this program carries",
            };
            evidence.push(Evidence {
                name: format!("quantity_{number}"),
                value: line.pricing_quantity,
                unit: price.unit.to_string(),
                source: format!("inventory: {usage_type} in the window"),
                as_of: None,
            });
            evidence.push(Evidence {
                name: format!("unit_price_{number}"),
                value: price.amount,
                unit: format!("{}/{}", price.currency, price.unit),
                source: format!("{source}: {usage_type}"),
                as_of: Some(price.as_of),
            });
        }
    }
    evidence
}

/// Spreads a saving over what it claims, in proportion to cost, so that no part is claimed for more than it costs.
fn share_out(
    keys: Vec<ChargeKey>,
    costs: &[Decimal],
    claimed_cost: Decimal,
    monthly_savings: Decimal,
    window: &JudgedWindow,
) -> Vec<Claim> {
    let claim = |(key, cost): (ChargeKey, &Decimal)| {
        let monthly_cost = window.to_month(*cost);
        let share = if claimed_cost > Decimal::ZERO { monthly_savings * *cost / claimed_cost } else { Decimal::ZERO };
        Claim { key, monthly_cost, monthly_savings: share.min(monthly_cost) }
    };
    keys.into_iter().zip(costs).map(claim).collect()
}

/// Effective cost in the window of the usage and purchases that a claim's key covers.
fn cost_of(key: &ChargeKey, context: &CheckContext<'_>) -> Decimal {
    let sum = |groups: &mut dyn Iterator<Item = &ChargeGroup>| -> Decimal {
        groups.filter(|group| covers(key, &group.key)).map(|group| group.costs.effective).sum()
    };
    let cost = match &key.resource_id {
        None if key.sub_account_id.is_none() || key.service_name.is_none() => sum(&mut context.lines.iter()),
        None => {
            let indices = context.line_index.get(&(key.sub_account_id.as_ref(), key.service_name.as_ref())).into_iter().flatten();
            sum(&mut indices.filter_map(|index| context.lines.get(*index)))
        }
        Some(resource_id) => {
            let indices = context.resource_index.get(resource_id).into_iter().flatten();
            let estimated = context.resource_costs.get(resource_id).into_iter().flat_map(|cost| &cost.lines);
            sum(&mut indices.filter_map(|index| context.by_resource.get(*index)).chain(estimated))
        }
    };
    cost.max(Decimal::ZERO)
}

/// Whether a claim's key covers a group: every field that the claim names is the group's own.
pub(crate) fn covers(claim: &ChargeKey, group: &ChargeKey) -> bool {
    fn same<T: PartialEq>(claim: Option<&T>, group: Option<&T>) -> bool {
        claim.is_none() || claim == group
    }
    let judged =
        matches!(group.charge_category, None | Some(ChargeCategory::Usage | ChargeCategory::Purchase)) || claim.charge_category.is_some();
    judged
        && claim.billing_currency == group.billing_currency
        && same(claim.billing_account_id.as_ref(), group.billing_account_id.as_ref())
        && same(claim.sub_account_id.as_ref(), group.sub_account_id.as_ref())
        && same(claim.region_id.as_ref(), group.region_id.as_ref())
        && same(claim.service_name.as_ref(), group.service_name.as_ref())
        && same(claim.service_code.as_ref(), group.service_code.as_ref())
        && same(claim.service_category.as_ref(), group.service_category.as_ref())
        && same(claim.charge_category.as_ref(), group.charge_category.as_ref())
        && same(claim.is_correction.as_ref(), group.is_correction.as_ref())
        && same(claim.pricing_category.as_ref(), group.pricing_category.as_ref())
        && same(claim.usage_type.as_ref(), group.usage_type.as_ref())
        && same(claim.operation.as_ref(), group.operation.as_ref())
        && same(claim.instance_type.as_ref(), group.instance_type.as_ref())
        && same(claim.charge_description.as_ref(), group.charge_description.as_ref())
        && same(claim.pricing_unit.as_ref(), group.pricing_unit.as_ref())
        && same(claim.publisher_name.as_ref(), group.publisher_name.as_ref())
        && same(claim.commitment_discount_id.as_ref(), group.commitment_discount_id.as_ref())
        && same(claim.commitment_discount_type.as_ref(), group.commitment_discount_type.as_ref())
        && same(claim.commitment_discount_status.as_ref(), group.commitment_discount_status.as_ref())
        && same(claim.resource_id.as_ref(), group.resource_id.as_ref())
        && same(claim.has_resource.as_ref(), group.has_resource.as_ref())
        && same(claim.has_tags.as_ref(), group.has_tags.as_ref())
}
