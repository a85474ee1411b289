//! The waste that was planted, and the truth about it. The expected savings are worked out here from what was planted,
//! not taken from the checks.

mod account;
mod compute;
mod data;
mod network;

use finops_domain::id::{CheckId, ResourceId};
use finops_domain::money::round_to_cents;
use finops_domain::period::HOURS_PER_MONTH;
use rust_decimal::Decimal;

use super::PlantedCase;
use super::ledger::{AGREED_PERCENT, Ledger, Line};
use super::places::{Account, Region};

/// Hours of October 2026.
const HOURS_OF_LAST_MONTH: u32 = 744;

pub(super) fn plant(ledger: &mut Ledger) {
    compute::plant(ledger);
    network::plant(ledger);
    data::plant(ledger);
    account::plant(ledger);
}

/// An amount of the last month in a month of 730 hours, in cents.
fn a_month(amount: Decimal) -> Decimal {
    round_to_cents(amount * Decimal::from(HOURS_PER_MONTH) / Decimal::from(HOURS_OF_LAST_MONTH))
}

/// What a unit really costs in a region, of a list price of us-east-1.
fn agreed_price(price: i64, region: Region) -> Decimal {
    Decimal::new(price * region.price_percent / 100 * AGREED_PERCENT, 11)
}

/// Notes that a check is to find something about the resource of a line; `saving` is of the last month.
fn of_resource(ledger: &mut Ledger, check: &'static str, line: &Line, what: &str, saving: Option<Decimal>, why: &'static str) {
    let resource = line.resource.as_deref().unwrap_or_default();
    ledger.truth.push(PlantedCase {
        check_id: CheckId::from(check),
        sub_account_id: Some(line.account.id.into()),
        region_id: line.region.map(|region| region.id.into()),
        subject: format!("{what} {resource}"),
        resource_id: Some(ResourceId::from(resource)),
        expected_monthly_savings: saving.map(a_month),
        why,
    });
}

/// The same of a part of the spend.
fn of_place(
    ledger: &mut Ledger,
    check: &'static str,
    (account, region): (Option<Account>, Option<Region>),
    subject: &str,
    saving: Option<Decimal>,
    why: &'static str,
) {
    ledger.truth.push(PlantedCase {
        check_id: CheckId::from(check),
        sub_account_id: account.map(|account| account.id.into()),
        region_id: region.map(|region| region.id.into()),
        subject: subject.to_owned(),
        resource_id: None,
        expected_monthly_savings: saving.map(a_month),
        why,
    });
}
