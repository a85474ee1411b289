//! The demonstration account: the bill, the inventory and the measurements of a company that does not exist, with waste
//! planted on purpose and the truth about it.
//!
//! Everything is generated from a fixed seed, with integers, so that it is the same in every run. The prices are those
//! of us-east-1 in 2026 where a line says so, else rounded ones of the same order; other regions are dearer by a flat
//! factor. None of it is anyone's data, and everything that shows it has to say that it is a demonstration.

mod calendar;
mod commitments;
mod fleet;
mod ledger;
mod metrics;
mod network;
mod operations;
mod places;
mod random;
mod services;
mod source;
mod storage;
mod waste;

use finops_domain::charge::Charge;
use finops_domain::id::{CheckId, RegionId, ResourceId, SubAccountId};
use finops_domain::resource::Resource;
use finops_domain::utilization::UtilizationSeries;
use rust_decimal::Decimal;

pub use self::source::DemoSource;

/// The invented account.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoAccount {
    /// Thirteen months of charges: by the month, and by the day for the last two months.
    pub charges: Vec<Charge>,
    /// Resources, sorted by account, region, kind and id.
    pub resources: Vec<Resource>,
    /// What was measured of them, sorted by resource and metric.
    pub utilization: Vec<UtilizationSeries>,
    /// What the checks are to find, and nothing else.
    pub truth: Vec<PlantedCase>,
}

/// Waste that was planted, and what a check is to say of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlantedCase {
    /// Which check is to find it.
    pub check_id: CheckId,
    /// In which account.
    pub sub_account_id: Option<SubAccountId>,
    /// In which region.
    pub region_id: Option<RegionId>,
    /// What the finding is to be about.
    pub subject: String,
    /// The resource, where it is about one.
    pub resource_id: Option<ResourceId>,
    /// The saving of a month of 730 hours, rounded to cents; `None` for an investigation.
    pub expected_monthly_savings: Option<Decimal>,
    /// Why it is waste.
    pub why: &'static str,
}

/// Any number does; another would give other ids and sizes.
const SEED: u64 = 0x00f1_2026_1031;

/// Makes the account. The same in every run.
pub fn account() -> DemoAccount {
    let mut ledger = ledger::Ledger::new(SEED);
    fleet::write(&mut ledger);
    storage::write(&mut ledger);
    network::write(&mut ledger);
    operations::write(&mut ledger);
    waste::plant(&mut ledger);
    operations::write_commitments(&mut ledger);
    operations::write_fees(&mut ledger);
    metrics::measure(&mut ledger);
    let ledger::Ledger { charges, mut resources, mut utilization, mut truth, .. } = ledger;
    resources.sort_by(|a, b| {
        (&a.sub_account_id, &a.region_id, &a.kind, &a.resource_id).cmp(&(&b.sub_account_id, &b.region_id, &b.kind, &b.resource_id))
    });
    utilization.sort_by(|a, b| (&a.resource_id, &a.metric_name).cmp(&(&b.resource_id, &b.metric_name)));
    truth.sort();
    DemoAccount { charges, resources, utilization, truth }
}
