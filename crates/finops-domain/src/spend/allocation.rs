//! How much of the usage spend can be put down to a resource or an owner.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Allocation;
use super::ledger::Ledger;
use crate::charge::ChargeCategory;
use crate::id::Currency;

/// For each currency: usage, and the parts of it that name a resource and carry tags.
pub(super) fn allocate(ledger: &Ledger<'_>) -> Vec<Allocation> {
    let mut usage: BTreeMap<&Currency, (Decimal, Decimal, Decimal)> = BTreeMap::new();
    for (_, line) in ledger.usage() {
        let (all, with_resource, with_tags) = usage.entry(&line.key.billing_currency).or_default();
        *all += line.costs.effective;
        if line.key.has_resource == Some(true) {
            *with_resource += line.costs.effective;
        }
        if line.key.has_tags == Some(true) {
            *with_tags += line.costs.effective;
        }
    }
    let mut by_key: BTreeMap<&Currency, BTreeMap<String, Decimal>> = BTreeMap::new();
    for group in ledger.bill.by_tag.iter().filter(|group| group.key.charge_category == Some(ChargeCategory::Usage)) {
        let Some(tag) = &group.key.tag else { continue };
        let of_currency = by_key.entry(&group.key.billing_currency).or_default();
        match of_currency.get_mut(&*tag.key) {
            Some(cost) => *cost += group.costs.effective,
            None => {
                of_currency.insert(tag.key.to_string(), group.costs.effective);
            }
        }
    }
    let of_currency = |currency: &Currency| {
        let (usage_cost, with_resource, with_tags) = usage.get(currency).copied()?;
        let by_tag_key = by_key.remove(currency).unwrap_or_default();
        Some(Allocation { currency: currency.clone(), usage_cost, with_resource, with_tags, by_tag_key })
    };
    ledger.currencies().filter_map(of_currency).collect()
}
