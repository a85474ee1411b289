//! What changed most from one month to the next.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Mover;
use super::breakdown::NONE;
use super::ledger::Ledger;
use crate::charge::ChargeKey;
use crate::id::{Currency, ServiceName, SubAccountId};
use crate::period::Month;

/// How many are shown of each dimension.
const SHOWN: usize = 10;

/// Services and accounts that changed most between the last two whole months, which follow on one another.
pub(super) fn movers(ledger: &Ledger<'_>) -> Vec<Mover> {
    let mut movers = Vec::new();
    for currency in ledger.currencies() {
        let months = ledger.months(currency);
        let Some(to) = months.iter().copied().filter(|month| ledger.is_whole(*month)).max() else { continue };
        let from = to.previous();
        if !months.contains(&from) || !ledger.is_whole(from) {
            continue;
        }
        movers.extend(of_dimension(ledger, currency, from, to, "service", |key| key.service_name.as_ref().map(ServiceName::as_str)));
        movers.extend(of_dimension(ledger, currency, from, to, "account", |key| key.sub_account_id.as_ref().map(SubAccountId::as_str)));
    }
    movers
}

fn of_dimension<'a>(
    ledger: &Ledger<'a>,
    currency: &Currency,
    from: Month,
    to: Month,
    dimension: &str,
    column: impl Fn(&'a ChargeKey) -> Option<&'a str>,
) -> Vec<Mover> {
    let mut costs: BTreeMap<&str, (Decimal, Decimal)> = BTreeMap::new();
    for (month, line) in ledger.lines.iter().filter(|(_, line)| line.key.billing_currency == *currency) {
        if *month == Some(from) {
            costs.entry(column(&line.key).unwrap_or(NONE)).or_default().0 += line.costs.effective;
        } else if *month == Some(to) {
            costs.entry(column(&line.key).unwrap_or(NONE)).or_default().1 += line.costs.effective;
        }
    }
    let mover = |(key, (from_cost, to_cost)): (&str, (Decimal, Decimal))| Mover {
        dimension: dimension.to_owned(),
        key: key.to_owned(),
        currency: currency.clone(),
        from_month: from.to_string(),
        from_cost,
        to_month: to.to_string(),
        to_cost,
        change: to_cost - from_cost,
    };
    let mut movers: Vec<Mover> = costs.into_iter().map(mover).filter(|mover| !mover.change.is_zero()).collect();
    movers.sort_by_key(|mover| Reverse(mover.change.abs()));
    movers.truncate(SHOWN);
    movers
}
