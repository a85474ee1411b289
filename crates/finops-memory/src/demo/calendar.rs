//! The thirteen months of the demonstration account: eleven billed by the month, the last two by the day.

use finops_domain::period::{ChargePeriod, Month};
use jiff::civil::{Date, Time, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A span that charges are stated for.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_field_names, reason = "FOCUS calls it so")]
pub(super) struct Period {
    pub(super) charge_period: ChargePeriod,
    /// Of the thirteen, counted from 0.
    pub(super) month: i64,
    pub(super) days: i64,
    pub(super) days_in_month: i64,
    /// Days of the month before the period.
    pub(super) days_before: i64,
    /// Days of it that are a Saturday or a Sunday.
    pub(super) weekend_days: i64,
    pub(super) first_day: Date,
}

pub(super) const FIRST_DAY: Date = date(2025, 10, 1);
pub(super) const FIRST_DAILY: Date = date(2026, 9, 1);
pub(super) const MONTHS: i64 = 13;
/// The last month's index.
pub(super) const LAST: i64 = MONTHS - 1;

pub(super) fn midnight(day: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Every period, in order.
pub(super) fn periods() -> Vec<Period> {
    let mut periods = Vec::new();
    let mut month = Month::of(FIRST_DAY);
    for index in 0..MONTHS {
        let (first, days) = (month.first_day(), i64::from(month.days()));
        if first < FIRST_DAILY {
            periods.push(period(first, days, index, days, 0));
        } else {
            for before in 0..days {
                periods.push(period(first.saturating_add(before.days()), 1, index, days, before));
            }
        }
        month = month.next();
    }
    periods
}

fn period(first_day: Date, days: i64, month: i64, days_in_month: i64, days_before: i64) -> Period {
    let is_weekend = |offset: &i64| matches!(first_day.saturating_add(offset.days()).weekday(), Weekday::Saturday | Weekday::Sunday);
    let weekend_days = i64::try_from((0..days).filter(is_weekend).count()).unwrap_or(0);
    let charge_period = ChargePeriod { start: midnight(first_day), end: midnight(first_day.saturating_add(days.days())) };
    Period { charge_period, month, days, days_in_month, days_before, weekend_days, first_day }
}
