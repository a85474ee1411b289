//! Charts as SVG, drawn where the page is made. Coordinates are floats; the money in labels is not.

use std::collections::{BTreeMap, BTreeSet};

use finops_domain::id::Currency;
use finops_domain::savings::SavingsTotals;
use finops_domain::spend::{MonthSpend, SpendSummary};
use jiff::civil::Date;
use maud::{Markup, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::figures::{money, money_of};

fn float(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or(0.0)
}

/// Steps of 1, 2 or 5 times a power of ten, four or five of them up to `greatest` or just above.
fn ticks(greatest: f64) -> Vec<f64> {
    if !greatest.is_finite() || greatest <= 0.0 {
        return vec![0.0, 1.0];
    }
    let rough = greatest / 4.0;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].iter().map(|factor| factor * power).find(|step| *step >= rough * 0.999).unwrap_or(power * 10.0);
    let steps = (greatest / step).ceil().clamp(1.0, 10.0) as u32;
    (0..=steps).map(|at| f64::from(at) * step).collect()
}

/// `1.5k`, `20M`: for an axis.
fn short(amount: f64) -> String {
    let (value, unit) = match amount.abs() {
        amount_size if amount_size >= 1e9 => (amount / 1e9, "B"),
        amount_size if amount_size >= 1e6 => (amount / 1e6, "M"),
        amount_size if amount_size >= 1e3 => (amount / 1e3, "k"),
        _ => (amount, ""),
    };
    let text = if unit.is_empty() && value.fract().abs() > 0.001 { format!("{value:.2}") } else { format!("{value:.1}") };
    format!("{}{unit}", text.strip_suffix(".0").unwrap_or(&text))
}

fn at(value: f64) -> String {
    format!("{value:.1}")
}

struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    greatest: f64,
}

impl Plot {
    fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * (value.max(0.0) / self.greatest).min(1.0)
    }

    fn grid(&self, ticks: &[f64]) -> Markup {
        html! {
            @for tick in ticks {
                line class="gridline" x1=(at(self.left)) x2=(at(self.right)) y1=(at(self.y(*tick))) y2=(at(self.y(*tick))) {}
                text x=(at(self.left - 8.0)) y=(at(self.y(*tick) + 4.0)) text-anchor="end" { (short(*tick)) }
            }
        }
    }
}

/// Days of a currency as an area, unusual ones marked.
pub(super) fn daily(spend: &SpendSummary, currency: &Currency) -> Option<Markup> {
    let mut days: BTreeMap<Date, Decimal> = BTreeMap::new();
    for day in spend.daily.iter().filter(|day| day.currency == *currency) {
        *days.entry(day.date).or_default() += day.effective_cost;
    }
    let (first, last) = (*days.keys().next()?, *days.keys().next_back()?);
    if days.len() < 2 {
        return None;
    }
    let greatest_day = days.iter().max_by_key(|(_, cost)| **cost)?;
    let ticks = ticks(float(*greatest_day.1));
    let plot = Plot { left: 52.0, right: 748.0, top: 14.0, bottom: 206.0, greatest: *ticks.last()? };
    let span = f64::from((last - first).get_days()).max(1.0);
    let x = |date: Date| plot.left + (plot.right - plot.left) * f64::from((date - first).get_days()) / span;
    let points: Vec<String> = days.iter().map(|(date, cost)| format!("{:.1},{:.1}", x(*date), plot.y(float(*cost)))).collect();
    let area = format!("M{:.1},{:.1} L{} L{:.1},{:.1} Z", plot.left, plot.bottom, points.join(" L"), plot.right, plot.bottom);
    let anomalies: BTreeMap<Date, Decimal> =
        spend.anomalies.iter().filter(|anomaly| anomaly.currency == *currency).fold(BTreeMap::new(), |mut all, anomaly| {
            *all.entry(anomaly.date).or_default() += anomaly.excess;
            all
        });
    // At most about eight labels, at the starts of months where there are that many, else of weeks.
    let starts: Vec<Date> = days.keys().copied().filter(|day| day.day() == 1).collect();
    let labelled: Vec<Date> = if starts.len() >= 3 {
        starts.iter().copied().step_by(starts.len().div_ceil(8).max(1)).collect()
    } else {
        days.keys().copied().step_by(days.len().div_ceil(7).max(1)).collect()
    };
    let title = "Effective cost of usage by day";
    let description = format!(
        "{} days from {first} to {last}; the most expensive is {} with {}; {} unusual days are marked.",
        days.len(),
        greatest_day.0,
        money_of(*greatest_day.1, currency),
        anomalies.len()
    );
    Some(html! {
        svg class="chart" viewBox="0 0 760 236" role="img" aria-labelledby="daily-title daily-description" {
            title id="daily-title" { (title) }
            desc id="daily-description" { (description) }
            (plot.grid(&ticks))
            path class="area" d=(area) {}
            polyline class="trend" points=(points.join(" ")) {}
            @for day in &labelled {
                text x=(at(x(*day).clamp(plot.left + 18.0, plot.right - 18.0))) y="226" text-anchor="middle" { (day.strftime("%-d %b")) }
            }
            @for (day, excess) in &anomalies {
                @if let Some(cost) = days.get(day) {
                    circle class="dot" cx=(at(x(*day))) cy=(at(plot.y(float(*cost)))) r="6" {
                        title { (day) ": " (money_of(*excess, currency)) " more than expected" }
                    }
                }
            }
        }
    })
}

/// Months of a currency as bars, one that is not over as a hatched one.
pub(super) fn monthly(months: &[MonthSpend], currency: &Currency) -> Option<Markup> {
    let months: Vec<&MonthSpend> = months.iter().filter(|month| month.currency == *currency).collect();
    let months = months.get(months.len().saturating_sub(13)..)?;
    let greatest = months.iter().map(|month| float(month.effective_cost)).fold(0.0, f64::max);
    let ticks = ticks(greatest);
    let plot = Plot { left: 46.0, right: 372.0, top: 14.0, bottom: 206.0, greatest: *ticks.last()? };
    let slot = (plot.right - plot.left) / (months.len() as f64).max(1.0);
    let width = (slot * 0.66).min(46.0);
    let names: Vec<String> = months.iter().map(|month| format!("{} {}", month.month, money(month.effective_cost))).collect();
    let every = months.len().div_ceil(6).max(1);
    if months.is_empty() {
        return None;
    }
    Some(html! {
        svg class="chart" viewBox="0 0 380 236" role="img" aria-labelledby="monthly-title monthly-description" {
            title id="monthly-title" { "Effective cost by month" }
            desc id="monthly-description" { (names.join("; ")) " " (currency) }
            (plot.grid(&ticks))
            @for (index, month) in months.iter().enumerate() {
                @let centre = plot.left + slot * (index as f64 + 0.5);
                @let top = plot.y(float(month.effective_cost));
                rect class=(if month.is_complete { "bar" } else { "bar partial" }) x=(at(centre - width / 2.0)) y=(at(top)) width=(at(width)) height=(at(plot.bottom - top)) rx="3" {
                    title { (month.month) ": " (money_of(month.effective_cost, currency)) @if !month.is_complete { ", not over yet" } }
                }
                @if (months.len() - 1 - index).is_multiple_of(every) {
                    text x=(at(centre)) y="226" text-anchor="middle" { (month.month) }
                }
            }
        }
    })
}

/// From what all findings say to what can really be saved.
pub(super) fn waterfall(totals: &SavingsTotals) -> Option<Markup> {
    if totals.gross_monthly <= Decimal::ZERO {
        return None;
    }
    let ticks = ticks(float(totals.gross_monthly));
    let plot = Plot { left: 56.0, right: 552.0, top: 26.0, bottom: 206.0, greatest: *ticks.last()? };
    let twice = totals.gross_monthly - totals.net_monthly;
    let slot = (plot.right - plot.left) / 4.0;
    let width = 74.0;
    let (gross, net) = (float(totals.gross_monthly), float(totals.net_monthly));
    let measured = float(totals.measured);
    // Name, amount, lower and upper end, look.
    let bars = [
        ("Gross", totals.gross_monthly, 0.0, gross, "neutral"),
        ("Claimed twice", -twice, net, gross, "bad"),
        ("Measured", totals.measured, 0.0, measured, "good"),
        ("Estimated", totals.estimated, measured, net, "good second"),
    ];
    let currency = &totals.currency;
    let description = format!(
        "Gross {}, claimed by more than one finding {}, net {}: measured {}, estimated {}, {currency} a month.",
        money(totals.gross_monthly),
        money(twice),
        money(totals.net_monthly),
        money(totals.measured),
        money(totals.estimated)
    );
    let net_y = at(plot.y(net));
    Some(html! {
        svg class="chart" viewBox="0 0 560 236" role="img" aria-labelledby="waterfall-title waterfall-description" {
            title id="waterfall-title" { "Savings a month, from gross to net" }
            desc id="waterfall-description" { (description) }
            (plot.grid(&ticks))
            line class="link" x1=(at(plot.left + slot)) x2=(at(plot.right)) y1=(net_y) y2=(net_y) {}
            @for (index, (name, amount, low, high, look)) in bars.iter().enumerate() {
                @let centre = plot.left + slot * (index as f64 + 0.5);
                @let (top, bottom) = (plot.y(*high), plot.y(*low));
                rect class=(look) x=(at(centre - width / 2.0)) y=(at(top)) width=(at(width)) height=(at((bottom - top).max(1.0))) rx="3" {
                    title { (name) ": " (money_of(*amount, currency)) }
                }
                text class="strong" x=(at(centre)) y=(at(top - 7.0)) text-anchor="middle" { (money(*amount)) }
                text x=(at(centre)) y="226" text-anchor="middle" { (name) }
            }
        }
    })
}

/// The greatest services as bars, the rest as one.
pub(super) fn services(spend: &SpendSummary, currency: &Currency, safe: impl Fn(&str) -> String) -> Option<Markup> {
    const MOST: usize = 8;
    let rows: Vec<_> = spend.by_service.iter().filter(|row| row.currency == *currency && row.effective_cost > Decimal::ZERO).collect();
    let mut bars: Vec<(String, Decimal)> =
        rows.iter().take(MOST).map(|row| (safe(row.label.as_deref().unwrap_or(&row.key)), row.effective_cost)).collect();
    let rest: Decimal = rows.iter().skip(MOST).map(|row| row.effective_cost).sum();
    if rest > Decimal::ZERO {
        bars.push((format!("{} other services", rows.len() - MOST), rest));
    }
    let greatest = bars.iter().map(|(_, cost)| float(*cost)).fold(0.0, f64::max);
    if bars.is_empty() || greatest <= 0.0 {
        return None;
    }
    let (left, right, step) = (236.0, 466.0, 26.0);
    let height = step * bars.len() as f64 + 4.0;
    let description = bars.iter().map(|(name, cost)| format!("{name} {}", money(*cost))).collect::<Vec<_>>().join("; ");
    Some(html! {
        svg class="chart services" viewBox={ "0 0 560 " (at(height)) } role="img" aria-labelledby="services-title services-description" {
            title id="services-title" { "Effective cost by service" }
            desc id="services-description" { (description) " " (currency) }
            @for (index, (name, cost)) in bars.iter().enumerate() {
                @let top = step * index as f64 + 4.0;
                @let width = ((right - left) * float(*cost) / greatest).max(1.0);
                text x=(at(left - 10.0)) y=(at(top + 14.0)) text-anchor="end" { (cut(name, 29)) title { (name) } }
                rect class="bar" x=(at(left)) y=(at(top)) width=(at(width)) height="18" rx="3" { title { (name) ": " (money_of(*cost, currency)) } }
                text class="strong" x=(at(left + width + 8.0)) y=(at(top + 14.0)) { (money(*cost)) }
            }
        }
    })
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

/// A small trend for a table's row.
pub(super) fn spark(values: &[Decimal]) -> Markup {
    let greatest = values.iter().map(|value| float(*value)).fold(0.0, f64::max);
    if values.len() < 2 || greatest <= 0.0 {
        return html! {};
    }
    let step = 80.0 / (values.len() as f64 - 1.0);
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(index, value)| format!("{:.1},{:.1}", 2.0 + step * index as f64, 20.0 - 18.0 * (float(*value).max(0.0) / greatest)))
        .collect();
    let shown: Vec<String> = values.iter().map(|value| money(*value)).collect();
    html! {
        svg class="spark" viewBox="0 0 84 22" role="img" aria-label={ "Months, oldest first: " (shown.join("; ")) } {
            polyline class="trend" points=(points.join(" ")) {}
        }
    }
}

/// The currencies of a report's spend, the greatest first.
pub(super) fn currencies(spend: &SpendSummary) -> Vec<Currency> {
    let mut seen = BTreeSet::new();
    spend.total.iter().map(|total| total.currency.clone()).filter(|currency| seen.insert(currency.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_steps_that_reach_over_the_greatest_value() {
        assert_eq!(ticks(437.0), [0.0, 200.0, 400.0, 600.0]);
        assert_eq!(ticks(0.0), [0.0, 1.0]);
        for greatest in [0.003, 1.0, 7.7, 99.0, 1234.5, 9e9] {
            let ticks = ticks(greatest);
            assert!(*ticks.last().unwrap() >= greatest && ticks.len() <= 7, "{greatest}: {ticks:?}");
        }
        assert_eq!([short(1500.0), short(2e6), short(0.25), short(40.0)], ["1.5k", "2M", "0.25", "40"]);
    }
}
