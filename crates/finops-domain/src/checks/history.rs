//! The months of a bill up to the judged window.

use super::CheckContext;
use crate::charge::{ChargeGroup, ChargeKey};
use crate::period::Month;

/// The whole months of the bill, oldest first, up to the last judged one. A first month that the bill enters late
/// and a last one that it does not reach the end of are left out: less of a month looks like less usage.
pub(super) fn whole_months(context: &CheckContext<'_>) -> Vec<Month> {
    let (Some(last), Some(usage)) = (context.window.months.last().copied(), context.bill.usage_period) else { return Vec::new() };
    let last = if context.window.is_complete { last } else { last.previous() };
    let start = jiff::tz::TimeZone::UTC.to_datetime(usage.start);
    let first = Month::of(start.date());
    let enters_late = start > first.first_day().to_datetime(jiff::civil::Time::midnight());
    let mut month = if enters_late { first.next() } else { first };
    let mut months = Vec::new();
    while month <= last {
        months.push(month);
        month = month.next();
    }
    months
}

/// Months before the judged window in which the bill has usage, whole or not.
pub(super) fn earlier_months(context: &CheckContext<'_>) -> Vec<Month> {
    let (Some(first_judged), Some(usage)) = (context.window.months.first().copied(), context.bill.usage_period) else { return Vec::new() };
    let mut month = Month::of(jiff::tz::TimeZone::UTC.to_datetime(usage.start).date());
    let mut months = Vec::new();
    while month < first_judged {
        months.push(month);
        month = month.next();
    }
    months
}

/// The groups of a month whose keys a predicate keeps.
pub(super) fn of_month(groups: &[ChargeGroup], month: Month, keep: impl Fn(&ChargeKey) -> bool) -> impl Iterator<Item = &ChargeGroup> {
    groups.iter().filter(move |group| group.key.month() == Some(month) && keep(&group.key))
}
