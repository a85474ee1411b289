//! What the month under way and the next will cost.
//!
//! Exponential smoothing by `augurs-ets`, which has no seasons: the weekly one is divided out before and multiplied in
//! after. Only models with additive errors: for the others that crate draws random numbers, and the same bill must
//! always give the same forecast.

use std::collections::BTreeMap;

use augurs_core::{Fit, Predict};
use augurs_ets::AutoETS;
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Forecast;
use super::ledger::Ledger;
use super::trend::{Run, days_between, runs, usage_by_day};
use crate::charge::{ChargeCategory, Costs};
use crate::id::Currency;
use crate::money::round_to_cents;
use crate::period::Month;

/// Four of five months end up in the interval: wide enough to plan with, narrow enough to notice.
const LEVEL: f64 = 0.8;
/// Quantile of the normal distribution for that level.
const LEVEL_QUANTILE: f64 = 1.281_55;
/// Two weeks, so that each weekday was seen twice.
const MIN_DAYS: usize = 14;
/// Older days say little of the next two months.
const MAX_DAYS: usize = 182;
/// Four weeks, so that a weekday's factor is a mean of four.
const MIN_DAYS_FOR_WEEKDAYS: usize = 28;
/// A trend of fewer days than this, carried on for two months, would be an adventure.
const MIN_POINTS_FOR_TREND: usize = 56;
/// Months of a monthly series: a drift has two steps then.
const MIN_MONTHS: usize = 3;
/// With a year of months smoothing can be fitted; with fewer, the last month and the mean change say all there is.
const MIN_MONTHS_FOR_SMOOTHING: usize = 12;
/// The last day of a bill is often not all there: below this part of the two weeks before it is not learned from.
const PARTIAL_DAY_RATIO: f64 = 0.5;
/// How many days the usage of a currency may end before the bill's does.
const MAX_LAG_DAYS: i64 = 3;

/// For each currency with enough history: the month under way, or the next one, and the one after.
pub(super) fn forecast(ledger: &Ledger<'_>) -> Vec<Forecast> {
    let Some(usage) = ledger.usage else { return Vec::new() };
    let last_instant = jiff::Timestamp::from_second(usage.end.as_second() - 1).unwrap_or(usage.end);
    let current = Month::containing(last_instant);
    let first = if ledger.is_complete(current) { current.next() } else { current };
    let targets = [first, first.next()];
    let runs = runs(ledger);
    let of_currency = |currency| {
        let months = MonthlyCosts::of(ledger, currency);
        let from_days = || {
            let run = runs.get(currency)?;
            let lag = days_between(run.last, jiff::tz::TimeZone::UTC.to_datetime(last_instant).date());
            if lag <= MAX_LAG_DAYS { from_days(&daily_values(ledger, currency, *run), *run, targets) } else { None }
        };
        // A daily series that is too short says less than whole months before it.
        let expected = from_days().or_else(|| from_months(ledger, &months, targets))?;
        let tax_ratio = months.tax_ratio(ledger, first.previous());
        Some(
            targets
                .into_iter()
                .zip(expected.months)
                .map(move |(month, rest)| months.to_forecast(currency, month, rest, tax_ratio, &expected.method))
                .collect::<Vec<_>>(),
        )
    };
    ledger.currencies().filter_map(of_currency).flatten().collect()
}

/// Usage of a month: what is expected, and the interval's ends.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    point: f64,
    low: f64,
    high: f64,
}

impl Span {
    fn add(&mut self, other: Self) {
        self.point += other.point;
        self.low += other.low;
        self.high += other.high;
    }

    fn scaled(self, factor: f64) -> Self {
        Self { point: self.point * factor, low: self.low * factor, high: self.high * factor }
    }

    /// What of it is still to come when `seen` is on the bill.
    fn beyond(self, seen: f64) -> Self {
        Self { point: (self.point - seen).max(0.0), low: (self.low - seen).max(0.0), high: (self.high - seen).max(0.0) }
    }
}

/// What usage the bill does not have yet is expected in the two months.
struct Expected {
    months: [Span; 2],
    method: String,
}

/// Effective cost by month of one currency.
struct MonthlyCosts {
    all: BTreeMap<Month, Decimal>,
    usage: BTreeMap<Month, Decimal>,
    tax: BTreeMap<Month, Decimal>,
}

impl MonthlyCosts {
    fn of(ledger: &Ledger<'_>, currency: &Currency) -> Self {
        let mut costs = Self { all: BTreeMap::new(), usage: BTreeMap::new(), tax: BTreeMap::new() };
        for (month, line) in ledger.lines.iter().filter(|(_, line)| line.key.billing_currency == *currency) {
            let Some(month) = *month else { continue };
            *costs.all.entry(month).or_default() += line.costs.effective;
            match line.key.charge_category {
                Some(ChargeCategory::Usage) => *costs.usage.entry(month).or_default() += line.costs.effective,
                Some(ChargeCategory::Tax) => *costs.tax.entry(month).or_default() += line.costs.effective,
                _ => {}
            }
        }
        costs
    }

    fn usage_of(&self, month: Month) -> f64 {
        self.usage.get(&month).and_then(Decimal::to_f64).unwrap_or_default()
    }

    fn tax_of(&self, month: Month) -> f64 {
        self.tax.get(&month).and_then(Decimal::to_f64).unwrap_or_default()
    }

    /// Tax ÷ usage of a whole month; 0 where there is none.
    fn tax_ratio(&self, ledger: &Ledger<'_>, month: Month) -> f64 {
        let (tax, usage) = (self.tax_of(month), self.usage_of(month));
        if ledger.is_whole(month) && tax > 0.0 && usage > 0.0 { tax / usage } else { 0.0 }
    }

    fn to_forecast(&self, currency: &Currency, month: Month, rest: Span, tax_ratio: f64, method: &str) -> Forecast {
        let actual = self.all.get(&month).copied().unwrap_or_default();
        let more = |rest: f64| {
            let tax = (tax_ratio * (self.usage_of(month) + rest) - self.tax_of(month)).max(0.0);
            let more = Decimal::from_f64_retain(rest + tax).unwrap_or_default();
            round_to_cents(actual + round_to_cents(more))
        };
        let tax = if tax_ratio > 0.0 { format!("; tax at {:.2} % of usage", tax_ratio * 100.0) } else { String::new() };
        Forecast {
            month: month.to_string(),
            currency: currency.clone(),
            actual,
            expected: more(rest.point),
            low: more(rest.low),
            high: more(rest.high),
            level: Decimal::new(8, 1),
            method: format!("{method}{tax}"),
        }
    }
}

fn daily_values(ledger: &Ledger<'_>, currency: &Currency, run: Run) -> Vec<f64> {
    let mut costs = vec![Costs::default(); run.len()];
    for (date, group) in usage_by_day(ledger).filter(|(_, group)| group.key.billing_currency == *currency) {
        if let Some(sum) = run.index(date).and_then(|index| costs.get_mut(index)) {
            *sum += group.costs;
        }
    }
    costs.iter().map(|sum| sum.effective.to_f64().unwrap_or_default()).collect()
}

/// From a daily series: the days that are left of each month, added up as if they erred together. That is wider than
/// independent errors would be, never too narrow.
fn from_days(values: &[f64], run: Run, targets: [Month; 2]) -> Option<Expected> {
    let mut history = values;
    let mut last = run.last;
    let (newest, before) = values.split_last()?;
    let recent = before.get(before.len().saturating_sub(MIN_DAYS)..)?;
    let usual = recent.iter().sum::<f64>() / recent.len().max(1) as f64;
    let mut partial = 0.0;
    if *newest < PARTIAL_DAY_RATIO * usual {
        (history, last, partial) = (before, last.yesterday().ok()?, *newest);
    }
    if history.len() < MIN_DAYS {
        return None;
    }
    history = history.get(history.len().saturating_sub(MAX_DAYS)..)?;
    let weekdays = weekday_factors(history);
    // The factor of the day after `last` is the first one.
    let factor = |ahead: usize| weekdays.get(ahead % 7).copied().unwrap_or(1.0);
    let level: Vec<f64> = history.iter().rev().enumerate().map(|(age, value)| value / factor(6 - age % 7)).rev().collect();
    let horizon_end = targets.last()?.next().first_day();
    let horizon = usize::try_from(days_between(last, horizon_end) - 1).ok()?;
    let (spans, model) = project(&level, horizon);
    let of_month = |month: Month| {
        let mut sum = Span::default();
        for (ahead, span) in spans.iter().enumerate() {
            let date = last.checked_add((i64::try_from(ahead).unwrap_or(0) + 1).days()).unwrap_or(Date::MAX);
            if Month::of(date) == month {
                sum.add(span.scaled(factor(ahead)));
            }
        }
        if Month::of(run.last) == month { sum.beyond(partial) } else { sum }
    };
    let season = if weekdays.is_empty() { "" } else { " with weekday factors" };
    let method = format!("{model}{season} on {} days of usage to {last}", history.len());
    Some(Expected { months: targets.map(of_month), method })
}

/// How the seven days that follow compare to the mean day, by the last whole weeks; empty where there is too little
/// history, or a day that cost nothing.
fn weekday_factors(history: &[f64]) -> Vec<f64> {
    if history.len() < MIN_DAYS_FOR_WEEKDAYS || history.iter().any(|value| *value <= 0.0) {
        return Vec::new();
    }
    let weeks = history.len() / 7;
    let recent = history.get(history.len() - weeks * 7..).unwrap_or_default();
    let mean = recent.iter().sum::<f64>() / recent.len() as f64;
    let of_day = |day: usize| recent.iter().skip(day).step_by(7).sum::<f64>() / weeks as f64 / mean;
    (0..7).map(of_day).collect()
}

/// From whole months: usage a day, so that a short February is no dip.
fn from_months(ledger: &Ledger<'_>, costs: &MonthlyCosts, targets: [Month; 2]) -> Option<Expected> {
    let [first, _] = targets;
    let mut rates = Vec::new();
    let mut month = first.previous();
    while ledger.is_whole(month) && costs.usage.contains_key(&month) {
        rates.push(costs.usage_of(month) / f64::from(month.days()));
        month = month.previous();
    }
    if rates.len() < MIN_MONTHS {
        return None;
    }
    rates.reverse();
    let (spans, model) = if rates.len() < MIN_MONTHS_FOR_SMOOTHING { (drift(&rates, 2)?, "drift") } else { project(&rates, 2) };
    let of_month = |(month, span): (Month, &Span)| span.scaled(f64::from(month.days())).beyond(costs.usage_of(month));
    let mut spans = targets.into_iter().zip(&spans).map(of_month);
    let months = [spans.next()?, spans.next()?];
    Some(Expected { months, method: format!("{model} on {} months of usage to {}", rates.len(), first.previous()) })
}

/// The next values of a series, and the name of the model. Never negative where the series is not.
fn project(values: &[f64], horizon: usize) -> (Vec<Span>, &'static str) {
    let (min, max) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), value| (min.min(*value), max.max(*value)));
    // A series that does not move has no likelihood to maximise.
    let is_constant = max - min <= max.abs() * 1e-9;
    let smoothed = if is_constant { None } else { smooth(values, horizon) };
    let (mut spans, model) = match smoothed {
        Some(spans) => (spans, "exponential smoothing (AutoETS, additive errors)"),
        None if is_constant => (flat(values, horizon), "constant"),
        None => (flat(values, horizon), "mean of the last four weeks"),
    };
    if min >= 0.0 {
        spans = spans.into_iter().map(|span| span.beyond(0.0)).collect();
    }
    (spans, model)
}

fn smooth(values: &[f64], horizon: usize) -> Option<Vec<Span>> {
    if values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let spec = if values.len() >= MIN_POINTS_FOR_TREND { "AZN" } else { "ANN" };
    let forecast = AutoETS::new(1, spec).ok()?.fit(values).ok()?.predict(horizon, LEVEL).ok()?;
    let intervals = forecast.intervals?;
    let ends = intervals.lower.into_iter().zip(intervals.upper);
    let spans: Vec<Span> = forecast.point.into_iter().zip(ends).map(|(point, (low, high))| Span { point, low, high }).collect();
    let is_sound = |span: &Span| span.point.is_finite() && span.low <= span.point && span.point <= span.high && span.high.is_finite();
    (spans.len() == horizon && spans.iter().all(is_sound)).then_some(spans)
}

/// The mean of the last values, and as far around it as they lie.
fn flat(values: &[f64], horizon: usize) -> Vec<Span> {
    let recent = values.get(values.len().saturating_sub(MIN_DAYS_FOR_WEEKDAYS)..).unwrap_or(values);
    let count = recent.len().max(1) as f64;
    let mean = recent.iter().sum::<f64>() / count;
    let variance = recent.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let reach = LEVEL_QUANTILE * (variance * (1.0 + 1.0 / count)).sqrt();
    vec![Span { point: mean, low: mean - reach, high: mean + reach }; horizon]
}

/// The last value and the mean change: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 5.2 and 5.5.
fn drift(values: &[f64], horizon: usize) -> Option<Vec<Span>> {
    let (first, last) = (*values.first()?, *values.last()?);
    let steps = values.len().checked_sub(1).filter(|steps| *steps >= 2)? as f64;
    let slope = (last - first) / steps;
    let changes = values.iter().zip(values.iter().skip(1)).map(|(before, after)| after - before);
    let variance = changes.map(|change| (change - slope).powi(2)).sum::<f64>() / (steps - 1.0);
    let span = |ahead: usize| {
        let ahead = ahead as f64;
        let point = last + slope * ahead;
        let reach = LEVEL_QUANTILE * (variance * ahead * (1.0 + ahead / steps)).sqrt();
        Span { point, low: point - reach, high: point + reach }
    };
    let spans = (1..=horizon).map(span);
    let is_positive = values.iter().all(|value| *value >= 0.0);
    Some(spans.map(|span| if is_positive { span.beyond(0.0) } else { span }).collect())
}
