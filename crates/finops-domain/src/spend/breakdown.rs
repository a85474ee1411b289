//! The totals of a bill and its spend by one column at a time.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::ledger::{Ledger, share};
use super::{SpendRow, SpendTotal};
use crate::charge::{ChargeCategory, ChargeGroup, ChargeKey, CommitmentDiscountStatus, Costs, PricingCategory};
use crate::id::{Currency, SubAccountId};
use crate::period::Month;

/// A year and the same month of the year before.
const MONTHS_SHOWN: usize = 13;
/// Tag keys shown: more than that nobody reads, and a bill may have thousands.
const TAG_KEYS_SHOWN: usize = 50;
/// Values shown of a tag key.
const TAG_VALUES_SHOWN: usize = 50;
/// Stands for what the bill leaves open.
pub(super) const NONE: &str = "(none)";

/// The four costs of each currency, and what is already saved.
pub(super) fn totals(ledger: &Ledger<'_>) -> Vec<SpendTotal> {
    let mut saved: BTreeMap<&Currency, Saved> = BTreeMap::new();
    for (_, line) in ledger.usage() {
        saved.entry(&line.key.billing_currency).or_default().add(line);
    }
    let row = |total: &&crate::charge::CurrencyTotal| {
        let saved = saved.get(&total.billing_currency).copied().unwrap_or_default();
        SpendTotal {
            currency: total.billing_currency.clone(),
            billed_cost: total.costs.billed,
            effective_cost: total.costs.effective,
            list_cost: total.costs.list,
            contracted_cost: total.costs.contracted,
            rows: total.rows,
            rows_without_list_cost: total.rows_without_list_cost,
            rows_without_contracted_cost: total.rows_without_contracted_cost,
            negotiated_savings: (!saved.negotiated_is_unknown).then_some(saved.negotiated),
            commitment_savings: (!saved.committed_is_unknown).then_some(saved.committed),
        }
    };
    ledger.totals.iter().map(row).collect()
}

#[derive(Clone, Copy, Default)]
struct Saved {
    negotiated: Decimal,
    negotiated_is_unknown: bool,
    committed: Decimal,
    committed_is_unknown: bool,
}

impl Saved {
    fn add(&mut self, line: &ChargeGroup) {
        let (key, costs) = (&line.key, line.costs);
        if key.commitment_discount_status == Some(CommitmentDiscountStatus::Unused) {
            self.committed -= costs.effective;
            return;
        }
        if key.pricing_category != Some(PricingCategory::Dynamic) {
            self.negotiated += costs.list - costs.contracted;
            self.negotiated_is_unknown |= line.rows_without_list_cost > 0 || line.rows_without_contracted_cost > 0;
        }
        if is_committed(key) {
            self.committed += costs.contracted - costs.effective;
            self.committed_is_unknown |= line.rows_without_contracted_cost > 0;
        }
    }
}

/// Whether a commitment was applied to the rows of a key, or is the reason for them.
pub(super) fn is_committed(key: &ChargeKey) -> bool {
    key.pricing_category == Some(PricingCategory::Committed)
        || key.commitment_discount_id.is_some()
        || key.commitment_discount_type.is_some()
        || key.commitment_discount_status.is_some()
}

/// A row under way.
#[derive(Clone, Default)]
struct Sum {
    costs: Costs,
    monthly: BTreeMap<Month, Decimal>,
}

impl Sum {
    fn add(&mut self, month: Option<Month>, costs: Costs) {
        self.costs += costs;
        if let Some(month) = month {
            *self.monthly.entry(month).or_default() += costs.effective;
        }
    }

    fn add_sum(&mut self, other: &Self) {
        self.costs += other.costs;
        for (month, cost) in &other.monthly {
            *self.monthly.entry(*month).or_default() += *cost;
        }
    }

    fn subtract(&mut self, other: &Self) {
        self.costs.billed -= other.costs.billed;
        self.costs.effective -= other.costs.effective;
        self.costs.list -= other.costs.list;
        self.costs.contracted -= other.costs.contracted;
        for (month, cost) in &other.monthly {
            *self.monthly.entry(*month).or_default() -= *cost;
        }
    }

    fn into_row(self, key: &str, label: Option<String>, currency: &Currency, ledger: &Ledger<'_>) -> SpendRow {
        let months = ledger.months(currency);
        let shown = months.iter().skip(months.len().saturating_sub(MONTHS_SHOWN));
        SpendRow {
            key: key.to_owned(),
            label,
            currency: currency.clone(),
            billed_cost: self.costs.billed,
            effective_cost: self.costs.effective,
            list_cost: self.costs.list,
            contracted_cost: self.costs.contracted,
            monthly_effective_cost: shown.map(|month| self.monthly.get(month).copied().unwrap_or_default()).collect(),
            share: share(self.costs.effective, ledger.effective(currency)),
        }
    }
}

/// The whole bill by one column.
pub(super) fn by<'a>(ledger: &Ledger<'a>, column: impl Fn(&'a ChargeKey) -> Option<&'a str>) -> Vec<SpendRow> {
    labelled(ledger, column, |_| None)
}

/// The whole bill by account, with the accounts' names.
pub(super) fn by_account(ledger: &Ledger<'_>) -> Vec<SpendRow> {
    let names = &ledger.bill.account_names;
    labelled(ledger, |key| key.sub_account_id.as_ref().map(SubAccountId::as_str), |account| names.get(account).map(ToString::to_string))
}

fn labelled<'a>(
    ledger: &Ledger<'a>,
    column: impl Fn(&'a ChargeKey) -> Option<&'a str>,
    label: impl Fn(&str) -> Option<String>,
) -> Vec<SpendRow> {
    let mut sums: BTreeMap<&Currency, BTreeMap<&str, Sum>> = BTreeMap::new();
    for (month, line) in &ledger.lines {
        let of_currency = sums.entry(&line.key.billing_currency).or_default();
        of_currency.entry(column(&line.key).unwrap_or(NONE)).or_default().add(*month, line.costs);
    }
    let mut rows = Vec::new();
    for currency in ledger.currencies() {
        let of_currency = sums.remove(currency).unwrap_or_default();
        let mut of_currency: Vec<SpendRow> =
            of_currency.into_iter().map(|(key, sum)| sum.into_row(key, label(key), currency, ledger)).collect();
        of_currency.sort_by(greatest_first);
        rows.extend(of_currency);
    }
    rows
}

fn greatest_first(a: &SpendRow, b: &SpendRow) -> std::cmp::Ordering {
    b.effective_cost.cmp(&a.effective_cost).then_with(|| a.key.cmp(&b.key))
}

/// Usage by tag: see [`super::SpendSummary::by_tag`].
pub(super) fn by_tag(ledger: &Ledger<'_>) -> BTreeMap<String, Vec<SpendRow>> {
    let mut usage: BTreeMap<&Currency, Sum> = BTreeMap::new();
    for (month, line) in ledger.usage() {
        usage.entry(&line.key.billing_currency).or_default().add(month, line.costs);
    }
    let mut by_key: BTreeMap<&str, BTreeMap<&Currency, BTreeMap<&str, Sum>>> = BTreeMap::new();
    let mut is_cut = false;
    for group in ledger.bill.by_tag.iter().filter(|group| group.key.charge_category == Some(ChargeCategory::Usage)) {
        let Some(tag) = &group.key.tag else {
            is_cut = true;
            continue;
        };
        let value = if tag.value.is_empty() { "(empty)" } else { &*tag.value };
        let of_currency = by_key.entry(&tag.key).or_default().entry(&group.key.billing_currency).or_default();
        of_currency.entry(value).or_default().add(group.key.month(), group.costs);
    }
    // A source that holds more tags than a snapshot keeps has added up the small ones without their names.
    let remark = is_cut.then(|| "with values that were too small to be kept apart".to_owned());
    let mut keys: Vec<(Reverse<Decimal>, &str)> =
        by_key.iter().map(|(key, values)| (Reverse(widest_share(values, &usage)), *key)).collect();
    keys.sort();
    let mut tags = BTreeMap::new();
    for (_, key) in keys.into_iter().take(TAG_KEYS_SHOWN) {
        let mut values = by_key.remove(key).unwrap_or_default();
        let mut rows = Vec::new();
        for currency in ledger.currencies() {
            let of_currency = values.remove(currency).unwrap_or_default();
            let mut untagged = usage.get(currency).cloned().unwrap_or_default();
            for sum in of_currency.values() {
                untagged.subtract(sum);
            }
            rows.extend(tag_rows(of_currency, currency, ledger));
            rows.push(untagged.into_row("(untagged)", remark.clone(), currency, ledger));
        }
        tags.insert(key.to_owned(), rows);
    }
    tags
}

/// The greatest share of a currency's usage that carries a tag key.
fn widest_share(values: &BTreeMap<&Currency, BTreeMap<&str, Sum>>, usage: &BTreeMap<&Currency, Sum>) -> Decimal {
    let share_in = |(currency, values): (&&Currency, &BTreeMap<&str, Sum>)| {
        let tagged: Decimal = values.values().map(|sum| sum.costs.effective).sum();
        share(tagged, usage.get(*currency).map_or(Decimal::ZERO, |sum| sum.costs.effective))
    };
    values.iter().map(share_in).max().unwrap_or_default()
}

fn tag_rows(values: BTreeMap<&str, Sum>, currency: &Currency, ledger: &Ledger<'_>) -> Vec<SpendRow> {
    let mut values: Vec<(&str, Sum)> = values.into_iter().collect();
    values.sort_by(|(a_key, a), (b_key, b)| b.costs.effective.cmp(&a.costs.effective).then_with(|| a_key.cmp(b_key)));
    let rest = values.split_off(values.len().min(TAG_VALUES_SHOWN));
    let mut rows: Vec<SpendRow> = values.into_iter().map(|(value, sum)| sum.into_row(value, None, currency, ledger)).collect();
    if !rest.is_empty() {
        let mut others = Sum::default();
        for (_, sum) in &rest {
            others.add_sum(sum);
        }
        rows.push(others.into_row("(other values)", Some(format!("{} values", rest.len())), currency, ledger));
    }
    rows
}
