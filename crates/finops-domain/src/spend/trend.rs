//! Spend over time: by day and by month.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::ledger::{Ledger, ratio};
use super::{MonthSpend, PeriodSpend};
use crate::charge::{ChargeCategory, ChargeGroup, Costs};
use crate::id::Currency;
use crate::period::Month;

/// A month with no more days of usage than this has monthly rows, whose day says nothing.
const MONTHLY_ROWS_DAYS: usize = 2;

/// Daily groups of charge category Usage, with their days.
pub(super) fn usage_by_day<'a>(ledger: &Ledger<'a>) -> impl Iterator<Item = (Date, &'a ChargeGroup)> + use<'a> {
    let usage = ledger.bill.daily.iter().filter(|group| group.key.charge_category == Some(ChargeCategory::Usage));
    usage.filter_map(|group| group.key.date().map(|date| (date, group)))
}

/// The last days of usage without a gap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) first: Date,
    pub(super) last: Date,
}

impl Run {
    /// How many days.
    pub(super) fn len(self) -> usize {
        self.index(self.last).map_or(0, |index| index + 1)
    }

    /// Which day of the run a date is, from 0.
    pub(super) fn index(self, date: Date) -> Option<usize> {
        if date > self.last { None } else { usize::try_from(days_between(self.first, date)).ok() }
    }

    /// The days, in order.
    pub(super) fn days(self) -> impl Iterator<Item = Date> {
        self.first.series(1.day()).take_while(move |date| *date <= self.last)
    }
}

/// Whole days from one date to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// For each currency the last days of its daily series that follow on one another.
pub(super) fn runs<'a>(ledger: &Ledger<'a>) -> BTreeMap<&'a Currency, Run> {
    let mut days: BTreeMap<&Currency, BTreeSet<Date>> = BTreeMap::new();
    for (date, group) in usage_by_day(ledger) {
        days.entry(&group.key.billing_currency).or_default().insert(date);
    }
    let run = |(currency, days): (&'a Currency, BTreeSet<Date>)| {
        let daily_months = daily_months(days.iter().copied());
        let mut latest_first = days.into_iter().rev();
        let last = latest_first.next().filter(|last| daily_months.contains(&Month::of(*last)))?;
        let mut first = last;
        for day in latest_first {
            if first.yesterday().ok() != Some(day) || !daily_months.contains(&Month::of(day)) {
                break;
            }
            first = day;
        }
        Some((currency, Run { first, last }))
    };
    days.into_iter().filter_map(run).collect()
}

/// Usage of each day, without the days of months that have monthly rows.
pub(super) fn daily(ledger: &Ledger<'_>) -> Vec<PeriodSpend> {
    let mut days: BTreeMap<&Currency, BTreeMap<Date, Costs>> = BTreeMap::new();
    for (date, group) in usage_by_day(ledger) {
        *days.entry(&group.key.billing_currency).or_default().entry(date).or_default() += group.costs;
    }
    let mut rows = Vec::new();
    for currency in ledger.currencies() {
        let of_currency = days.remove(currency).unwrap_or_default();
        let daily_months = daily_months(of_currency.keys().copied());
        let kept = of_currency.into_iter().filter(|(date, _)| daily_months.contains(&Month::of(*date)));
        rows.extend(kept.map(|(date, costs)| PeriodSpend {
            date,
            currency: currency.clone(),
            billed_cost: costs.billed,
            effective_cost: costs.effective,
        }));
    }
    rows
}

/// The months in which the days of usage say something: those with more than two, and a month that has just begun where
/// the days follow on those of such a month.
fn daily_months(days: impl Iterator<Item = Date>) -> BTreeSet<Month> {
    let mut by_month: BTreeMap<Month, BTreeSet<Date>> = BTreeMap::new();
    for day in days {
        by_month.entry(Month::of(day)).or_default().insert(day);
    }
    let mut daily = BTreeSet::new();
    for (month, days) in &by_month {
        let last_of_previous = month.first_day().yesterday().ok();
        let follows = daily.contains(&month.previous())
            && days.contains(&month.first_day())
            && by_month.get(&month.previous()).is_some_and(|days| last_of_previous.is_some_and(|last| days.contains(&last)));
        if days.len() > MONTHLY_ROWS_DAYS || follows {
            daily.insert(*month);
        }
    }
    daily
}

/// All charges of each month.
pub(super) fn monthly(ledger: &Ledger<'_>) -> Vec<MonthSpend> {
    let mut months: BTreeMap<(&Currency, Month), Costs> = BTreeMap::new();
    for (month, line) in &ledger.lines {
        if let Some(month) = month {
            *months.entry((&line.key.billing_currency, *month)).or_default() += line.costs;
        }
    }
    let mut rows = Vec::new();
    for currency in ledger.currencies() {
        for month in ledger.months(currency) {
            let costs = months.get(&(currency, *month)).copied().unwrap_or_default();
            let before = months.get(&(currency, month.previous())).filter(|_| ledger.is_whole(month.previous()));
            let change = before.filter(|_| ledger.is_complete(*month)).and_then(|before| {
                let more: Decimal = costs.effective - before.effective;
                ratio(more, before.effective)
            });
            rows.push(MonthSpend {
                month: month.to_string(),
                currency: currency.clone(),
                billed_cost: costs.billed,
                effective_cost: costs.effective,
                is_complete: ledger.is_complete(*month),
                change,
            });
        }
    }
    rows
}
