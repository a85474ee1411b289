//! Time: half-open charge periods in UTC, calendar months, and the 730-hour month of savings.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// Hours in the month that savings are stated for: 365 days × 24 h ÷ 12, as AWS's pricing pages use.
pub const HOURS_PER_MONTH: u32 = 730;

/// Half-open span of time, as FOCUS defines it: a charge that starts at `end` is not in it. UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChargePeriod {
    /// First instant in the period.
    pub start: Timestamp,
    /// First instant after the period.
    pub end: Timestamp,
}

impl ChargePeriod {
    /// Length in whole hours, rounded down; 0 when the end is not after the start.
    pub fn hours(&self) -> u32 {
        u32::try_from((self.end.as_second() - self.start.as_second()) / 3600).unwrap_or(0)
    }

    /// Whether an instant lies in the period.
    pub fn contains(&self, instant: Timestamp) -> bool {
        self.start <= instant && instant < self.end
    }
}

/// A calendar month of a bill, UTC. Displays and serialises as `2025-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month that a date lies in.
    pub fn of(date: Date) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// The UTC month that an instant lies in.
    pub fn containing(instant: Timestamp) -> Self {
        Self::of(TimeZone::UTC.to_datetime(instant).date())
    }

    /// The month's first instant, UTC.
    pub fn start(self) -> Timestamp {
        TimeZone::UTC.to_timestamp(self.first_day().to_datetime(Time::midnight())).unwrap_or(Timestamp::MIN)
    }

    /// Whether data that ends at `end`, exclusive, reaches into the month's last day: bills say no more of a closed month.
    pub fn is_reached_by(self, end: Timestamp) -> bool {
        self.next().start().saturating_sub(SignedDuration::from_hours(24)).is_ok_and(|last_day| end > last_day)
    }

    /// The first day; year and month come from a date, so it exists.
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::MIN)
    }

    /// The month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self::of(self.first_day().saturating_add(1.month()))
    }

    /// The month before this one.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(self.first_day().saturating_sub(1.month()))
    }

    /// How many days the month has.
    pub fn days(self) -> i8 {
        self.first_day().days_in_month()
    }

    /// How many hours the month has.
    pub fn hours(self) -> u32 {
        u32::from(self.days().unsigned_abs()) * 24
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// A text that is not a month like `2025-11`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a month like 2025-11")]
pub struct MonthError(String);

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        format!("{text}-01").parse::<Date>().map(Self::of).map_err(|_| MonthError(text.to_owned()))
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn months_step_over_the_year() {
        let december = Month::of(date(2025, 12, 31));
        assert_eq!(december.next().to_string(), "2026-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!("2024-02".parse::<Month>().unwrap().days(), 29);
        assert!("2024-13".parse::<Month>().is_err());
    }

    #[test]
    fn a_period_excludes_its_end() {
        let period = ChargePeriod { start: "2025-11-01T00:00:00Z".parse().unwrap(), end: "2025-11-02T00:00:00Z".parse().unwrap() };
        assert_eq!(period.hours(), 24);
        assert!(period.contains(period.start));
        assert!(!period.contains(period.end));
    }
}
