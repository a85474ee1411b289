//! What commitments do in the judged window: how far they are used, and how much of the compute usage they cover.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::CommitmentSummary;
use super::breakdown::{NONE, is_committed};
use super::ledger::{Ledger, ratio};
use crate::charge::{ChargeGroup, CommitmentDiscountStatus, PricingCategory};
use crate::checks::JudgedWindow;
use crate::id::{Currency, ServiceCode};
use crate::usage_type::is_compute_savings_plan_eligible;

#[derive(Default)]
struct OfCurrency<'a> {
    /// Used and unused cost by commitment type.
    by_type: BTreeMap<&'a str, (Decimal, Decimal)>,
    covered: Decimal,
    coverable: Decimal,
    price_is_unknown: bool,
}

/// For each currency the kinds of commitments, and `all` of them.
pub(super) fn commitments(ledger: &Ledger<'_>, window: &JudgedWindow) -> Vec<CommitmentSummary> {
    let mut by_currency: BTreeMap<&Currency, OfCurrency<'_>> = BTreeMap::new();
    for (month, line) in ledger.usage() {
        if month.is_some_and(|month| window.months.contains(&month)) && line.key.is_correction != Some(true) {
            by_currency.entry(&line.key.billing_currency).or_default().add(line);
        }
    }
    let mut rows = Vec::new();
    for currency in ledger.currencies() {
        let Some(sums) = by_currency.get(currency) else { continue };
        let coverage = if sums.price_is_unknown { None } else { ratio(sums.covered, sums.covered + sums.coverable) };
        if sums.by_type.is_empty() && coverage.is_none() {
            continue;
        }
        let row = |commitment_type: &str, used_cost: Decimal, unused_cost: Decimal, coverage| CommitmentSummary {
            commitment_type: commitment_type.to_owned(),
            currency: currency.clone(),
            used_cost,
            unused_cost,
            utilization: ratio(used_cost, used_cost + unused_cost),
            coverage,
        };
        let (used, unused) = sums.by_type.values().fold((Decimal::ZERO, Decimal::ZERO), |all, one| (all.0 + one.0, all.1 + one.1));
        rows.push(row("all", used, unused, coverage));
        rows.extend(sums.by_type.iter().map(|(kind, (used, unused))| row(kind, *used, *unused, None)));
    }
    rows
}

impl<'a> OfCurrency<'a> {
    fn add(&mut self, line: &'a ChargeGroup) {
        let key = &line.key;
        let is_unused = key.commitment_discount_status == Some(CommitmentDiscountStatus::Unused);
        if is_committed(key) {
            let (used, unused) = self.by_type.entry(key.commitment_discount_type.as_deref().unwrap_or(NONE)).or_default();
            *(if is_unused { unused } else { used }) += line.costs.effective;
        }
        let service_code = key.service_code.as_ref().map(ServiceCode::as_str);
        let is_eligible = is_compute_savings_plan_eligible(service_code, key.usage_type.as_deref(), key.instance_type.as_deref());
        if is_unused || !is_eligible || key.pricing_category == Some(PricingCategory::Dynamic) {
            return;
        }
        if is_committed(key) {
            match price(line) {
                Some(price) => self.covered += price,
                None => self.price_is_unknown = true,
            }
        } else {
            // What no commitment covers costs what was negotiated.
            self.coverable += price(line).unwrap_or(line.costs.effective);
        }
    }
}

/// Cost before commitments: at contracted prices, else at list prices.
fn price(line: &ChargeGroup) -> Option<Decimal> {
    if line.rows_without_contracted_cost == 0 {
        Some(line.costs.contracted)
    } else {
        (line.rows_without_list_cost == 0).then_some(line.costs.list)
    }
}
