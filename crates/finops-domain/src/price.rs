//! Prices: what a unit of something costs, by the names that bills use for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{Currency, RegionId, ServiceCode};

/// What a price is of: the words of a bill's row, so that a list price and what was really paid compare.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PriceKey {
    /// Price List offer code and CUR product code: `AmazonEC2`.
    pub service_code: ServiceCode,
    /// Where.
    pub region_id: RegionId,
    /// Usage type without the region's code: `EBS:VolumeUsage.gp3`, `BoxUsage:m5.large`.
    pub usage_type: Arc<str>,
    /// Where one usage type has several prices: `RunInstances:0002`, `CreateDBInstance:0014`.
    pub operation: Option<Arc<str>>,
}

/// A unit's price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitPrice {
    /// Of one unit; of the first tier where there are tiers.
    pub amount: Decimal,
    /// Its currency.
    pub currency: Currency,
    /// The unit as the source writes it: `GB-Mo`, `Hrs`.
    pub unit: Arc<str>,
    /// Where it is from.
    pub source: PriceSource,
    /// The day on which it was true.
    pub as_of: Date,
}

/// Where a price is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// What the bill's own rows come to.
    Bill,
    /// AWS Price List.
    PriceList,
    /// The prices that this program carries.
    Embedded,
}

/// Prices by what they are of.
pub type PriceBook = BTreeMap<PriceKey, UnitPrice>;
