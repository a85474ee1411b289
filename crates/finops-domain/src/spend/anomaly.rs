//! Days of usage that cost more than the weeks before let expect.
//!
//! Medians and median absolute deviations, since the mean and the standard deviation are moved by the very outliers that
//! are looked for. They are a dozen lines over a sorted slice; the statistics crates that have them bring an array
//! library along.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Anomaly;
use super::breakdown::NONE;
use super::ledger::Ledger;
use super::trend::{Run, runs, usage_by_day};
use crate::id::{Currency, ServiceName, SubAccountId};
use crate::money::round_to_cents;
use crate::period::Month;

/// Two weeks: each weekday twice. With less, a weekend is an anomaly.
const MIN_HISTORY_DAYS: usize = 14;
/// Four weeks: long enough for a median, short enough to follow a spend that grows.
const HISTORY_DAYS: usize = 28;
/// From three weeks on each weekday is judged by its own median.
const WEEKDAY_HISTORY_DAYS: usize = 21;
/// Iglewicz and Hoaglin, "How to Detect and Handle Outliers" (1993), call a modified z-score above 3.5 an outlier.
const MIN_SCORE: f64 = 3.5;
/// Makes a median absolute deviation comparable to the standard deviation of a normal distribution (same source).
const MAD_TO_STANDARD_DEVIATION: f64 = 1.4826;
/// Deviations from medians of seven weekdays over four weeks come out too small by √(28 ÷ (28 − 7)).
const WEEKDAY_CORRECTION: f64 = 1.154_7;
/// A series that hardly moves has a deviation near 0, and any cent would be an outlier: no deviation is taken for less
/// than a twentieth of what is expected plus one unit of the currency.
const SCALE_FLOOR_RATIO: f64 = 0.05;
/// See [`SCALE_FLOOR_RATIO`].
const SCALE_FLOOR: f64 = 1.0;
/// What is not worth a look: fewer than ten units of the currency above what is expected …
const MIN_EXCESS: f64 = 10.0;
/// … or less than a tenth.
const MIN_EXCESS_RATIO: f64 = 0.10;
/// After a week in a row the higher cost is the new level, no anomaly; what went before is no longer looked at.
const NEW_LEVEL_DAYS: usize = 7;
/// How many are shown of a currency.
const SHOWN: usize = 100;

/// Days that stand out, for each currency, service and account.
pub(super) fn anomalies(ledger: &Ledger<'_>) -> Vec<Anomaly> {
    let runs = runs(ledger);
    let mut series: BTreeMap<&Currency, BTreeMap<(&str, &str), Vec<Decimal>>> = BTreeMap::new();
    for (date, group) in usage_by_day(ledger) {
        let currency = &group.key.billing_currency;
        let Some(run) = runs.get(currency) else { continue };
        let Some(index) = run.index(date) else { continue };
        let service = group.key.service_name.as_ref().map_or(NONE, ServiceName::as_str);
        let account = group.key.sub_account_id.as_ref().map_or(NONE, SubAccountId::as_str);
        let of_currency = series.entry(currency).or_default();
        // A day on which the bill has usage, but none of this service, is a day on which it cost nothing.
        let costs = of_currency.entry((service, account)).or_insert_with(|| vec![Decimal::ZERO; run.len()]);
        if let Some(cost) = costs.get_mut(index) {
            *cost += group.costs.effective;
        }
    }
    let mut anomalies = Vec::new();
    for currency in ledger.currencies() {
        let Some(run) = runs.get(currency) else { continue };
        let mut of_currency = Vec::new();
        for ((service, account), costs) in series.remove(currency).unwrap_or_default() {
            of_currency.extend(outliers(&costs, *run).into_iter().map(|outlier| Anomaly {
                date: outlier.date,
                service_name: service.to_owned(),
                account_id: account.to_owned(),
                currency: currency.clone(),
                cost: outlier.cost,
                expected: outlier.expected,
                excess: outlier.cost - outlier.expected,
                score: outlier.score,
            }));
        }
        of_currency.sort_by_key(|anomaly| (Reverse(anomaly.excess), anomaly.date));
        of_currency.truncate(SHOWN);
        anomalies.extend(of_currency);
    }
    anomalies
}

struct Outlier {
    date: Date,
    cost: Decimal,
    expected: Decimal,
    score: Decimal,
}

fn outliers(costs: &[Decimal], run: Run) -> Vec<Outlier> {
    let values: Vec<f64> = costs.iter().map(|cost| cost.to_f64().unwrap_or_default()).collect();
    if values.iter().all(|value| *value < MIN_EXCESS) {
        return Vec::new();
    }
    let mut outliers = Vec::new();
    let (mut level_since, mut streak) = (0, 0);
    for (at, (date, (cost, value))) in run.days().zip(costs.iter().zip(&values)).enumerate() {
        let history = values.get(level_since.max(at.saturating_sub(HISTORY_DAYS))..at).unwrap_or_default();
        let Some(score) = score_of(*value, history, date, run, &values) else {
            streak = 0;
            continue;
        };
        let decimal = |value: f64| Decimal::from_f64_retain(value).unwrap_or_default();
        outliers.push(Outlier {
            date,
            cost: *cost,
            expected: round_to_cents(decimal(score.expected)),
            score: decimal(score.score).round_dp(1),
        });
        streak += 1;
        if streak == NEW_LEVEL_DAYS {
            level_since = at + 1 - NEW_LEVEL_DAYS;
            streak = 0;
        }
    }
    outliers
}

struct Score {
    expected: f64,
    score: f64,
}

/// How far a day stands out; `None` where it does not, or where that cannot be said.
fn score_of(value: f64, history: &[f64], date: Date, run: Run, values: &[f64]) -> Option<Score> {
    if history.len() < MIN_HISTORY_DAYS {
        return None;
    }
    let (mut expected, deviation) = expectation(history);
    if date.day() == 1 {
        // Monthly fees are charged on the first: it is judged by the first of the month before, or not at all.
        let first_before = run.index(Month::of(date).previous().first_day())?;
        expected = expected.max(*values.get(first_before)?);
    }
    let excess = value - expected;
    let score = excess / deviation.max(SCALE_FLOOR_RATIO * expected + SCALE_FLOOR);
    let stands_out = score >= MIN_SCORE && excess >= MIN_EXCESS.max(MIN_EXCESS_RATIO * expected);
    stands_out.then_some(Score { expected, score })
}

/// What the day after `history` is expected to cost, at least 0, and how far days usually are from that.
fn expectation(history: &[f64]) -> (f64, f64) {
    let by_weekday = history.len() >= WEEKDAY_HISTORY_DAYS;
    let cycle = if by_weekday { 7 } else { 1 };
    // Counted back from the day in question, class 0 is its own weekday.
    let mut classes: Vec<Vec<f64>> = vec![Vec::new(); cycle];
    for (age, value) in (1..).zip(history.iter().rev()) {
        if let Some(class) = classes.get_mut(age % cycle) {
            class.push(*value);
        }
    }
    let medians: Vec<f64> = classes.iter().map(|class| median(class.clone())).collect();
    let deviations = classes.iter().zip(&medians).flat_map(|(class, median)| class.iter().map(move |value| (value - median).abs()));
    let correction = if by_weekday { WEEKDAY_CORRECTION } else { 1.0 };
    let deviation = median(deviations.collect()) * MAD_TO_STANDARD_DEVIATION * correction;
    (medians.first().copied().unwrap_or_default().max(0.0), deviation)
}

/// The middle value, or the mean of the two in the middle; 0 of nothing.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = values.get(middle).copied().unwrap_or_default();
    if values.len().is_multiple_of(2) {
        let lower = middle.checked_sub(1).and_then(|lower| values.get(lower)).copied().unwrap_or_default();
        f64::midpoint(lower, upper)
    } else {
        upper
    }
}
