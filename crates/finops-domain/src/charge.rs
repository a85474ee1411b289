//! Charges in FOCUS terms: one row of a bill, rows grouped, and the questions one asks of a bill.

pub mod grouping;

use std::collections::BTreeMap;
use std::ops::{Add, AddAssign};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{BillingAccountId, Currency, RegionId, ResourceId, ServiceCode, ServiceName, SubAccountId};
use crate::period::{ChargePeriod, Month};
use crate::ports::Gap;

/// FOCUS ChargeCategory: the highest-level classification of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ChargeCategory {
    /// Charges for what was consumed.
    Usage,
    /// Charges for what was acquired: subscriptions, commitments, upfront and recurring fees.
    Purchase,
    /// Taxes.
    Tax,
    /// Vouchers and other credits; usually negative.
    Credit,
    /// Anything else: refunds, rounding, corrections of former periods.
    Adjustment,
}

impl ChargeCategory {
    /// Every category, in the order that reports list them.
    pub const ALL: [Self; 5] = [Self::Usage, Self::Purchase, Self::Tax, Self::Credit, Self::Adjustment];

    /// The word that FOCUS writes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Usage => "Usage",
            Self::Purchase => "Purchase",
            Self::Tax => "Tax",
            Self::Credit => "Credit",
            Self::Adjustment => "Adjustment",
        }
    }
}

/// FOCUS PricingCategory: how the price of a charge came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PricingCategory {
    /// The agreed on-demand price.
    Standard,
    /// Prices that follow supply and demand: Spot.
    Dynamic,
    /// Prices reduced by a commitment: reservations, savings plans.
    Committed,
    /// None of these.
    Other,
}

impl PricingCategory {
    /// The word that FOCUS writes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standard => "Standard",
            Self::Dynamic => "Dynamic",
            Self::Committed => "Committed",
            Self::Other => "Other",
        }
    }
}

/// FOCUS CommitmentDiscountStatus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CommitmentDiscountStatus {
    /// The commitment was applied to usage.
    Used,
    /// The commitment was paid and nothing used it.
    Unused,
}

/// One row of a bill: the FOCUS columns that the analysis knows.
///
/// An `Option` is FOCUS's null. Costs are in `billing_currency`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Charge {
    /// Start, inclusive, and end, exclusive, of the charge.
    pub charge_period: ChargePeriod,
    /// The account that is invoiced.
    pub billing_account_id: BillingAccountId,
    /// The account that used the service.
    pub sub_account_id: Option<SubAccountId>,
    /// Its name.
    pub sub_account_name: Option<Arc<str>>,
    /// ISO 4217 code of all four costs.
    pub billing_currency: Currency,
    /// What is invoiced, after all discounts, before amortisation.
    pub billed_cost: Decimal,
    /// Amortised cost: prepayments spread over what they cover.
    pub effective_cost: Decimal,
    /// At public list prices; `None` where the source does not say.
    pub list_cost: Option<Decimal>,
    /// At negotiated prices before commitments; `None` where the source does not say.
    pub contracted_cost: Option<Decimal>,
    /// Usage, Purchase, Tax, Credit, Adjustment.
    pub charge_category: ChargeCategory,
    /// FOCUS ChargeClass `Correction`: the row corrects a former billing period.
    pub is_correction: bool,
    /// The provider's own words.
    pub charge_description: Option<Arc<str>>,
    /// How the price came about.
    pub pricing_category: Option<PricingCategory>,
    /// Quantity in `pricing_unit`.
    pub pricing_quantity: Option<Decimal>,
    /// The unit that the price is per.
    pub pricing_unit: Option<Arc<str>>,
    /// FOCUS ServiceName.
    pub service_name: ServiceName,
    /// AWS product code (`x_ServiceCode`, `line_item_product_code`).
    pub service_code: Option<ServiceCode>,
    /// FOCUS ServiceCategory.
    pub service_category: Option<Arc<str>>,
    /// AWS usage type (`x_UsageType`, `line_item_usage_type`): `EU-BoxUsage:m5.large`.
    pub usage_type: Option<Arc<str>>,
    /// AWS operation (`x_Operation`, `line_item_operation`).
    pub operation: Option<Arc<str>>,
    /// Instance type or class where the SKU names one.
    pub instance_type: Option<Arc<str>>,
    /// FOCUS RegionId.
    pub region_id: Option<RegionId>,
    /// FOCUS ResourceId.
    pub resource_id: Option<ResourceId>,
    /// FOCUS PublisherName: who made what was sold.
    pub publisher_name: Option<Arc<str>>,
    /// Id of the commitment that the row belongs to.
    pub commitment_discount_id: Option<Arc<str>>,
    /// The provider's kind of commitment: `Savings Plan`, `Reserved`.
    pub commitment_discount_type: Option<Arc<str>>,
    /// Whether the commitment was used.
    pub commitment_discount_status: Option<CommitmentDiscountStatus>,
    /// Tags as the source writes them; shared, since many rows carry the same.
    pub tags: Arc<BTreeMap<Arc<str>, Arc<str>>>,
}

/// FOCUS's four costs of a row or a group, in one currency that the owner knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// What is invoiced.
    pub billed: Decimal,
    /// Amortised.
    pub effective: Decimal,
    /// At list prices; rows that lack it count as 0 here and in [`ChargeGroup::rows_without_list_cost`].
    pub list: Decimal,
    /// At contracted prices; likewise.
    pub contracted: Decimal,
}

impl Add for Costs {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            billed: self.billed + other.billed,
            effective: self.effective + other.effective,
            list: self.list + other.list,
            contracted: self.contracted + other.contracted,
        }
    }
}

impl AddAssign for Costs {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Costs {
    fn sum<I: Iterator<Item = Self>>(costs: I) -> Self {
        costs.fold(Self::default(), Add::add)
    }
}

/// What rows are grouped by. A field that was not asked for, or that is null in the bill, is `None`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChargeKey {
    /// Always grouped by: amounts of two currencies are never added.
    pub billing_currency: Currency,
    /// Start of the month, day or hour that the charge period starts in; `None` for [`Granularity::Total`].
    pub period_start: Option<Timestamp>,
    /// See [`Charge::billing_account_id`].
    pub billing_account_id: Option<BillingAccountId>,
    /// See [`Charge::sub_account_id`].
    pub sub_account_id: Option<SubAccountId>,
    /// See [`Charge::region_id`].
    pub region_id: Option<RegionId>,
    /// See [`Charge::service_name`].
    pub service_name: Option<ServiceName>,
    /// See [`Charge::service_code`].
    pub service_code: Option<ServiceCode>,
    /// See [`Charge::service_category`].
    pub service_category: Option<Arc<str>>,
    /// See [`Charge::charge_category`].
    pub charge_category: Option<ChargeCategory>,
    /// See [`Charge::is_correction`].
    pub is_correction: Option<bool>,
    /// See [`Charge::pricing_category`].
    pub pricing_category: Option<PricingCategory>,
    /// See [`Charge::usage_type`].
    pub usage_type: Option<Arc<str>>,
    /// See [`Charge::operation`].
    pub operation: Option<Arc<str>>,
    /// See [`Charge::instance_type`].
    pub instance_type: Option<Arc<str>>,
    /// See [`Charge::charge_description`].
    pub charge_description: Option<Arc<str>>,
    /// See [`Charge::pricing_unit`].
    pub pricing_unit: Option<Arc<str>>,
    /// See [`Charge::publisher_name`].
    pub publisher_name: Option<Arc<str>>,
    /// See [`Charge::commitment_discount_id`].
    pub commitment_discount_id: Option<Arc<str>>,
    /// See [`Charge::commitment_discount_type`].
    pub commitment_discount_type: Option<Arc<str>>,
    /// See [`Charge::commitment_discount_status`].
    pub commitment_discount_status: Option<CommitmentDiscountStatus>,
    /// See [`Charge::resource_id`].
    pub resource_id: Option<ResourceId>,
    /// Whether the row names a resource.
    pub has_resource: Option<bool>,
    /// Whether the row carries any tag.
    pub has_tags: Option<bool>,
    /// One of the row's tags, for [`Dimension::Tag`].
    pub tag: Option<TagPair>,
}

impl ChargeKey {
    /// A key that knows only its currency.
    pub fn of_currency(billing_currency: Currency) -> Self {
        Self {
            billing_currency,
            period_start: None,
            billing_account_id: None,
            sub_account_id: None,
            region_id: None,
            service_name: None,
            service_code: None,
            service_category: None,
            charge_category: None,
            is_correction: None,
            pricing_category: None,
            usage_type: None,
            operation: None,
            instance_type: None,
            charge_description: None,
            pricing_unit: None,
            publisher_name: None,
            commitment_discount_id: None,
            commitment_discount_type: None,
            commitment_discount_status: None,
            resource_id: None,
            has_resource: None,
            has_tags: None,
            tag: None,
        }
    }

    /// What the usage type measures, without region prefix and instance type: `EBS:VolumeUsage.gp2`.
    pub fn measure(&self) -> Option<&str> {
        self.usage_type.as_deref().map(|usage_type| crate::usage_type::parse(usage_type).measure)
    }

    /// The UTC day of `period_start`.
    pub fn date(&self) -> Option<Date> {
        self.period_start.map(|start| TimeZone::UTC.to_datetime(start).date())
    }

    /// The UTC month of `period_start`.
    pub fn month(&self) -> Option<Month> {
        self.date().map(Month::of)
    }
}

/// A tag: key and value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TagPair {
    /// The tag's key.
    pub key: Arc<str>,
    /// Its value; empty where the tag has none.
    pub value: Arc<str>,
}

/// Rows of a bill with the same key, added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeGroup {
    /// What the rows have in common.
    pub key: ChargeKey,
    /// Their costs, in the key's currency.
    pub costs: Costs,
    /// Sum of PricingQuantity; in [`ChargeKey::pricing_unit`] where that is grouped by, else of mixed units.
    pub pricing_quantity: Decimal,
    /// How many rows were added.
    pub rows: u64,
    /// How many of them have no ListCost, so that `costs.list` is too low.
    pub rows_without_list_cost: u64,
    /// How many of them have no ContractedCost.
    pub rows_without_contracted_cost: u64,
}

/// A column that rows can be grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each is the field of ChargeKey of the same name")]
pub enum Dimension {
    BillingAccountId,
    SubAccountId,
    RegionId,
    ServiceName,
    ServiceCode,
    ServiceCategory,
    ChargeCategory,
    IsCorrection,
    PricingCategory,
    UsageType,
    Operation,
    InstanceType,
    ChargeDescription,
    PricingUnit,
    PublisherName,
    CommitmentDiscountId,
    CommitmentDiscountType,
    CommitmentDiscountStatus,
    ResourceId,
    HasResource,
    HasTags,
    /// Every tag of the row in turn: a row with three tags counts in three groups, one without in none.
    Tag,
}

/// How finely time is grouped. A row belongs to the month, day or hour in which its charge period starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Granularity {
    /// The whole bill at once.
    Total,
    /// UTC calendar months.
    Monthly,
    /// UTC days.
    Daily,
    /// UTC hours.
    Hourly,
}

/// Which rows a query looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RowFilter {
    /// Every row.
    All,
    /// Rows that name a resource.
    WithResource,
    /// On-demand usage that a Compute Savings Plan would cover, and usage that one covers:
    /// see [`crate::usage_type::is_compute_savings_plan_eligible`]. Charge category Usage only.
    ComputeSavingsPlanEligible,
}

/// A question to a bill: rows, grouped and added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpendQuery {
    /// How finely time is grouped.
    pub granularity: Granularity,
    /// What else is grouped by, besides the currency; no order, no repeats.
    pub group_by: Vec<Dimension>,
    /// Which rows count.
    pub filter: RowFilter,
    /// Above this many groups the source keeps those with the largest absolute effective cost and adds the
    /// others up in groups that have neither resource nor tag; no money is lost. `None` for no bound.
    pub max_groups: Option<usize>,
}

/// The sum of every accepted row of a currency, added up apart from all grouping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrencyTotal {
    /// Whose sum this is.
    pub billing_currency: Currency,
    /// The four sums, exact.
    pub costs: Costs,
    /// Rows added.
    pub rows: u64,
    /// Rows that have no ListCost.
    pub rows_without_list_cost: u64,
    /// Rows that have no ContractedCost.
    pub rows_without_contracted_cost: u64,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MalformedRow {
    /// The file, as the user named it or as it was found.
    pub file: String,
    /// Line in a text file, counted from 1 with the header; row in a Parquet file, counted from 1.
    pub line: u64,
    /// What is wrong, naming the column.
    pub reason: String,
}

/// What a bill says to a list of queries, and of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpendAnswer {
    /// Answer `i` belongs to query `i`; groups are sorted by key.
    pub tables: Vec<Vec<ChargeGroup>>,
    /// The source's own totals, one for each currency, sorted.
    pub totals: Vec<CurrencyTotal>,
    /// From the first start to the last end of any charge; `None` for a bill without rows.
    pub charge_period: Option<ChargePeriod>,
    /// The same of rows of charge category Usage alone: tax and fees may reach to the month's end.
    pub usage_period: Option<ChargePeriod>,
    /// Names of accounts, where the bill has them.
    pub account_names: BTreeMap<SubAccountId, Arc<str>>,
    /// Rows read, malformed ones included.
    pub rows_read: u64,
    /// Rows that could not be read and are in no figure.
    pub rows_malformed: u64,
    /// The first hundred of those.
    pub malformed: Vec<MalformedRow>,
    /// What the source is: `FOCUS 1.0 (AWS)`, `CUR 2.0`, `legacy CUR`.
    pub format: String,
    /// FOCUS columns that the bill lacks and the analysis would have used.
    pub missing_columns: Vec<String>,
    /// What a live source could not ask, sorted; empty for files. What it would have told is missing in detail, not in the sums.
    #[serde(default)]
    pub gaps: Vec<Gap>,
}
