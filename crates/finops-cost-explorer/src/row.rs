//! A group of Cost Explorer's answer, read.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_costexplorer::types::{DateInterval, MetricValue, ResultByTime};
use finops_domain::id::Currency;
use finops_domain::period::ChargePeriod;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

/// What is invoiced.
pub(crate) const UNBLENDED_COST: &str = "UnblendedCost";
/// Prepayments spread over what they cover.
pub(crate) const AMORTIZED_COST: &str = "AmortizedCost";
/// The same after the account's own discounts, which else are rows of their own.
pub(crate) const NET_AMORTIZED_COST: &str = "NetAmortizedCost";
/// How much was used; in no unit where a group has several.
pub(crate) const USAGE_QUANTITY: &str = "UsageQuantity";

/// One group of one day or month: its two keys and what they cost.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CostRow {
    pub(crate) period: ChargePeriod,
    pub(crate) keys: [Arc<str>; 2],
    pub(crate) amounts: Amounts,
}

/// What a group cost.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Amounts {
    pub(crate) currency: Currency,
    pub(crate) billed: Decimal,
    pub(crate) amortized: Decimal,
    /// `None` where it was not asked for.
    pub(crate) net_amortized: Option<Decimal>,
    pub(crate) usage: Decimal,
    /// `None` where the group has several units, or none.
    pub(crate) usage_unit: Option<Arc<str>>,
}

/// Which of Cost Explorer's metrics is the effective cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effective {
    Amortized,
    NetAmortized,
}

impl Effective {
    /// The net cost where the account has it: only then it is not zero throughout.
    pub(crate) fn of(rows: &[CostRow]) -> Self {
        let has_net = |row: &CostRow| row.amounts.net_amortized.is_some_and(|net| !net.is_zero());
        if rows.iter().any(has_net) { Self::NetAmortized } else { Self::Amortized }
    }
}

impl Amounts {
    pub(crate) fn effective(&self, effective: Effective) -> Decimal {
        match effective {
            Effective::Amortized => self.amortized,
            Effective::NetAmortized => self.net_amortized.unwrap_or(self.amortized),
        }
    }

    fn read(metrics: &HashMap<String, MetricValue>) -> Result<Self, Unreadable> {
        let amount = |name: &'static str| metrics.get(name).map(|value| decimal(value.amount().unwrap_or("0"))).transpose();
        let unit = |name: &str| metrics.get(name).and_then(MetricValue::unit).filter(|unit| !["", "N/A"].contains(unit));
        let missing = |name: &'static str| Unreadable(format!("a group has no {name}"));
        Ok(Self {
            currency: unit(UNBLENDED_COST).unwrap_or("USD").into(),
            billed: amount(UNBLENDED_COST)?.ok_or_else(|| missing(UNBLENDED_COST))?,
            amortized: amount(AMORTIZED_COST)?.ok_or_else(|| missing(AMORTIZED_COST))?,
            net_amortized: amount(NET_AMORTIZED_COST)?,
            usage: amount(USAGE_QUANTITY)?.unwrap_or_default(),
            usage_unit: unit(USAGE_QUANTITY).map(Arc::from),
        })
    }
}

/// An answer that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unreadable(pub(crate) String);

/// The groups of a page.
pub(crate) fn rows_of(results: &[ResultByTime]) -> Result<Vec<CostRow>, Unreadable> {
    let mut rows = Vec::new();
    for result in results {
        let period = result.time_period().ok_or_else(|| Unreadable("a result has no period".to_owned())).and_then(period_of)?;
        for group in result.groups() {
            let key = |index: usize| group.keys().get(index).map_or("", String::as_str).into();
            let metrics = group.metrics().ok_or_else(|| Unreadable("a group has no metrics".to_owned()))?;
            rows.push(CostRow { period, keys: [key(0), key(1)], amounts: Amounts::read(metrics)? });
        }
    }
    Ok(rows)
}

/// A decimal as Cost Explorer writes it, `1.2E-7` among them.
pub(crate) fn decimal(text: &str) -> Result<Decimal, Unreadable> {
    let text = text.trim();
    text.parse().or_else(|_| Decimal::from_scientific(text)).map_err(|_| Unreadable(format!("`{text}` is not an amount")))
}

/// An interval of days or of instants.
pub(crate) fn period_of(interval: &DateInterval) -> Result<ChargePeriod, Unreadable> {
    let instant = |text: &str| instant_of(text).ok_or_else(|| Unreadable(format!("`{text}` is not a day")));
    Ok(ChargePeriod { start: instant(interval.start())?, end: instant(interval.end())? })
}

/// The start of a day, or an instant.
pub(crate) fn instant_of(text: &str) -> Option<Timestamp> {
    let day = text.parse::<Date>().ok().filter(|_| !text.contains('T'));
    match day {
        Some(day) => midnight(day),
        None => text.parse().ok(),
    }
}

/// The first instant of a day, UTC.
pub(crate) fn midnight(day: Date) -> Option<Timestamp> {
    TimeZone::UTC.to_timestamp(day.into()).ok()
}

#[cfg(test)]
mod tests {
    use aws_sdk_costexplorer::types::Group;

    use super::*;

    #[test]
    fn amounts_are_read_to_their_last_decimal() {
        assert_eq!(decimal("0.0000166667").unwrap().to_string(), "0.0000166667");
        assert_eq!(decimal("1.25E-7").unwrap().to_string(), "0.000000125");
        assert_eq!(decimal("-4.608").unwrap(), Decimal::new(-4_608, 3));
        assert!(decimal("N/A").is_err());
    }

    #[test]
    fn a_group_without_a_metric_is_not_read_as_zero() {
        let value = |amount: &str, unit: &str| MetricValue::builder().amount(amount).unit(unit).build();
        let result = |metrics: &[(&str, MetricValue)]| {
            let metrics = metrics.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            let group = Group::builder().keys("AWS Lambda").keys("EU-Request").set_metrics(Some(metrics)).build();
            let days = DateInterval::builder().start("2026-11-01").end("2026-11-02").build().unwrap();
            ResultByTime::builder().time_period(days).groups(group).build()
        };
        let (unblended, amortized) = ((UNBLENDED_COST, value("0.1", "USD")), (AMORTIZED_COST, value("0.2", "USD")));
        assert!(rows_of(&[result(std::slice::from_ref(&unblended))]).is_err());
        let rows = rows_of(&[result(&[unblended, amortized, (USAGE_QUANTITY, value("3", "N/A"))])]).unwrap();
        let [row] = <[_; 1]>::try_from(rows).unwrap();
        assert_eq!(row.keys, ["AWS Lambda".into(), "EU-Request".into()]);
        assert_eq!(row.period.hours(), 24);
        assert_eq!((row.amounts.usage, row.amounts.usage_unit, row.amounts.net_amortized), (Decimal::from(3), None, None));
    }

    #[test]
    fn days_and_instants_are_told_apart() {
        assert_eq!(instant_of("2026-11-24"), instant_of("2026-11-24T00:00:00Z"));
        assert_eq!(instant_of("yesterday"), None);
    }
}

#[cfg(test)]
pub(crate) mod tests_support {
    use jiff::civil::date;

    use super::*;

    /// A row of a day of November 2026, whose effective cost is its billed cost.
    pub(crate) fn row(day: i8, keys: [&str; 2], amount: &str) -> CostRow {
        let day = date(2026, 11, day);
        CostRow {
            period: ChargePeriod { start: midnight(day).unwrap(), end: midnight(day.tomorrow().unwrap()).unwrap() },
            keys: keys.map(Arc::from),
            amounts: Amounts {
                currency: "USD".into(),
                billed: amount.parse().unwrap(),
                amortized: amount.parse().unwrap(),
                net_amortized: None,
                usage: Decimal::ONE,
                usage_unit: Some("Hrs".into()),
            },
        }
    }
}
