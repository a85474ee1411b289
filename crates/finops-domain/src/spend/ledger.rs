//! A bill made ready for the summaries: its currencies in order, its months, each line with its month.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::charge::{ChargeCategory, ChargeGroup, CurrencyTotal};
use crate::id::Currency;
use crate::period::{ChargePeriod, Month};
use crate::snapshot::Bill;

/// A bill, read once.
pub(super) struct Ledger<'a> {
    pub(super) bill: &'a Bill,
    /// From the first day of usage to the last.
    pub(super) usage: Option<ChargePeriod>,
    /// One for each currency, the greatest effective cost first.
    pub(super) totals: Vec<&'a CurrencyTotal>,
    /// Months that a currency has lines in, sorted.
    months: BTreeMap<&'a Currency, Vec<Month>>,
    /// Lines with their months.
    pub(super) lines: Vec<(Option<Month>, &'a ChargeGroup)>,
}

impl<'a> Ledger<'a> {
    pub(super) fn of(bill: &'a Bill) -> Self {
        let mut totals: Vec<&CurrencyTotal> = bill.totals.iter().collect();
        totals.sort_by(|a, b| b.costs.effective.cmp(&a.costs.effective).then_with(|| a.billing_currency.cmp(&b.billing_currency)));
        let lines: Vec<(Option<Month>, &ChargeGroup)> = bill.lines.iter().map(|line| (line.key.month(), line)).collect();
        let mut months: BTreeMap<&Currency, BTreeSet<Month>> = BTreeMap::new();
        for (month, line) in &lines {
            months.entry(&line.key.billing_currency).or_default().extend(month);
        }
        let months = months.into_iter().map(|(currency, months)| (currency, months.into_iter().collect())).collect();
        Self { bill, usage: bill.usage_reach(), totals, months, lines }
    }

    /// Currencies, the one with the greatest effective cost first.
    pub(super) fn currencies(&self) -> impl Iterator<Item = &'a Currency> + use<'a, '_> {
        self.totals.iter().map(|total| &total.billing_currency)
    }

    /// Months that the bill has of a currency, sorted.
    pub(super) fn months(&self, currency: &Currency) -> &[Month] {
        self.months.get(currency).map_or(&[], Vec::as_slice)
    }

    /// Effective cost of the currency, all of it.
    pub(super) fn effective(&self, currency: &Currency) -> Decimal {
        let total = self.totals.iter().find(|total| total.billing_currency == *currency);
        total.map_or(Decimal::ZERO, |total| total.costs.effective)
    }

    /// Lines of charge category Usage.
    pub(super) fn usage(&self) -> impl Iterator<Item = (Option<Month>, &'a ChargeGroup)> + use<'a, '_> {
        self.lines.iter().copied().filter(|(_, line)| line.key.charge_category == Some(ChargeCategory::Usage))
    }

    /// Whether usage reaches to the month's end.
    pub(super) fn is_complete(&self, month: Month) -> bool {
        self.usage.is_some_and(|usage| month.is_reached_by(usage.end))
    }

    /// Whether usage covers the month from its first day to its last.
    pub(super) fn is_whole(&self, month: Month) -> bool {
        // Usage that begins within the first day is no reason to distrust a month.
        let starts_in_time = |start: jiff::Timestamp| start.as_second() < month.start().as_second() + 86_400;
        self.is_complete(month) && self.usage.is_some_and(|usage| starts_in_time(usage.start))
    }
}

/// `part ÷ whole` rounded to four decimals; 0 where the whole is not positive.
pub(super) fn share(part: Decimal, whole: Decimal) -> Decimal {
    ratio(part, whole).unwrap_or_default()
}

/// `part ÷ whole` rounded to four decimals; `None` where the whole is not positive.
pub(super) fn ratio(part: Decimal, whole: Decimal) -> Option<Decimal> {
    if whole <= Decimal::ZERO {
        return None;
    }
    part.checked_div(whole).map(|ratio| ratio.round_dp(4))
}
