//! The snapshot: everything that was collected, nothing judged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::advice::NativeAdvice;
use crate::charge::{ChargeCategory, ChargeGroup, CurrencyTotal, Dimension, Granularity, MalformedRow, RowFilter, SpendAnswer, SpendQuery};
use crate::coverage::CoverageCell;
use crate::id::SubAccountId;
use crate::period::{ChargePeriod, Month};
use crate::price::PriceBook;
use crate::resource::Resource;
use crate::scope::Account;
use crate::utilization::UtilizationSeries;

/// Everything that a run collected. The only input of [`crate::analysis::analyze`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Where it came from.
    pub source: SourceInfo,
    /// When it was collected.
    pub collected_at: Timestamp,
    /// Charges; `None` where cost data was not asked for or not to be had.
    pub bill: Option<Bill>,
    /// Resources, sorted by account, region, kind, id.
    pub resources: Vec<Resource>,
    /// Utilization of resources, sorted.
    pub utilization: Vec<UtilizationSeries>,
    /// List prices of what the resources are made of.
    #[serde(default, with = "price_pairs")]
    pub prices: PriceBook,
    /// What AWS's own tools recommend, sorted.
    #[serde(default)]
    pub native_advice: Vec<NativeAdvice>,
    /// Names and units of accounts, where a directory knew them.
    #[serde(default)]
    pub accounts: Vec<Account>,
    /// What was looked at.
    pub coverage: Vec<CoverageCell>,
}

impl Snapshot {
    /// A snapshot in which nothing was collected.
    pub fn empty(source: SourceInfo, collected_at: Timestamp) -> Self {
        Self {
            source,
            collected_at,
            bill: None,
            resources: Vec::new(),
            utilization: Vec::new(),
            prices: PriceBook::new(),
            native_advice: Vec::new(),
            accounts: Vec::new(),
            coverage: Vec::new(),
        }
    }
}

/// A book's key is no text, so JSON has it as a list.
mod price_pairs {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::price::PriceBook;

    pub(super) fn serialize<S: Serializer>(book: &PriceBook, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(book)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PriceBook, D::Error> {
        Vec::deserialize(deserializer).map(|pairs: Vec<_>| pairs.into_iter().collect())
    }
}

/// What kind of source a snapshot came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Bill files.
    Bill,
    /// A live AWS account.
    Aws,
    /// The demonstration account: invented data.
    Demo,
    /// A saved snapshot.
    Snapshot,
}

/// Where a snapshot came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SourceInfo {
    /// What kind of source.
    pub kind: SourceKind,
    /// The path, profile or name that was given.
    pub location: String,
    /// The format found there: `FOCUS 1.0 (AWS)`.
    pub format: Option<String>,
    /// Until when the data reaches.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub as_of: Option<Timestamp>,
}

/// A bill, grouped in the ways that the analysis needs. Built from a source's answer to [`Bill::queries`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Monthly, by every dimension but resource and tag.
    pub lines: Vec<ChargeGroup>,
    /// Daily, by account, service, region and charge category.
    pub daily: Vec<ChargeGroup>,
    /// Monthly, by resource and what was used of it; only rows that name a resource.
    pub by_resource: Vec<ChargeGroup>,
    /// Monthly, by tag and charge category; overlapping where a row has several tags.
    pub by_tag: Vec<ChargeGroup>,
    /// Hourly, what a Compute Savings Plan covers or could cover, by pricing category and commitment.
    pub hourly_compute: Vec<ChargeGroup>,
    /// The source's own totals.
    pub totals: Vec<CurrencyTotal>,
    /// First start to last end of any charge.
    pub charge_period: Option<ChargePeriod>,
    /// First start to last end of usage.
    pub usage_period: Option<ChargePeriod>,
    /// Names of accounts.
    pub account_names: BTreeMap<SubAccountId, Arc<str>>,
    /// Rows read, malformed ones included.
    pub rows_read: u64,
    /// Rows that are in no figure since they could not be read.
    pub rows_malformed: u64,
    /// The first of those.
    pub malformed: Vec<MalformedRow>,
    /// The source's format.
    pub format: String,
    /// FOCUS columns that the source lacks.
    pub missing_columns: Vec<String>,
}

impl Bill {
    /// How many resource groups a snapshot holds at most; the smaller rest is added up.
    pub const MAX_RESOURCE_GROUPS: usize = 400_000;
    /// How many tag groups likewise.
    pub const MAX_TAG_GROUPS: usize = 100_000;
    /// How many line groups likewise.
    pub const MAX_LINE_GROUPS: usize = 1_000_000;

    /// The questions that an analysis asks of a bill, in the order in which [`Bill::from_answer`] takes the answers.
    pub fn queries() -> Vec<SpendQuery> {
        use Dimension as D;
        let query = |granularity, group_by: &[Dimension], filter, max_groups| SpendQuery {
            granularity,
            group_by: group_by.to_vec(),
            filter,
            max_groups,
        };
        vec![
            query(
                Granularity::Monthly,
                &[
                    D::SubAccountId,
                    D::RegionId,
                    D::ServiceName,
                    D::ServiceCode,
                    D::ServiceCategory,
                    D::ChargeCategory,
                    D::IsCorrection,
                    D::PricingCategory,
                    D::UsageType,
                    D::Operation,
                    D::InstanceType,
                    D::ChargeDescription,
                    D::PricingUnit,
                    D::PublisherName,
                    D::CommitmentDiscountId,
                    D::CommitmentDiscountType,
                    D::CommitmentDiscountStatus,
                    D::HasResource,
                    D::HasTags,
                ],
                RowFilter::All,
                Some(Self::MAX_LINE_GROUPS),
            ),
            query(Granularity::Daily, &[D::SubAccountId, D::ServiceName, D::RegionId, D::ChargeCategory], RowFilter::All, None),
            query(
                Granularity::Monthly,
                &[
                    D::SubAccountId,
                    D::RegionId,
                    D::ServiceName,
                    D::ServiceCode,
                    D::ChargeCategory,
                    D::PricingCategory,
                    D::UsageType,
                    D::Operation,
                    D::InstanceType,
                    D::PricingUnit,
                    D::CommitmentDiscountStatus,
                    D::ResourceId,
                    D::HasTags,
                ],
                RowFilter::WithResource,
                Some(Self::MAX_RESOURCE_GROUPS),
            ),
            query(Granularity::Monthly, &[D::Tag, D::ChargeCategory], RowFilter::All, Some(Self::MAX_TAG_GROUPS)),
            query(Granularity::Hourly, &[D::PricingCategory, D::CommitmentDiscountType], RowFilter::ComputeSavingsPlanEligible, None),
        ]
    }

    /// A bill without a charge.
    pub fn empty() -> Self {
        Self::from_answer(SpendAnswer {
            tables: Vec::new(),
            totals: Vec::new(),
            charge_period: None,
            usage_period: None,
            account_names: BTreeMap::new(),
            rows_read: 0,
            rows_malformed: 0,
            malformed: Vec::new(),
            format: "none".to_owned(),
            missing_columns: Vec::new(),
            gaps: Vec::new(),
        })
    }

    /// From the first usage to the end of the last day that has any, at most to where its last charge ends.
    ///
    /// A daily bill may hold a fee for the whole month under way: [`Bill::usage_period`] then ends with the month, though
    /// usage does not. A bill of monthly rows reaches to where its rows end.
    pub fn usage_reach(&self) -> Option<ChargePeriod> {
        // A month with no more days than this that usage starts on has monthly rows.
        const MONTHLY_ROWS_DAYS: usize = 2;
        let usage = self.usage_period?;
        let last_instant = Timestamp::from_second(usage.end.as_second() - 1).unwrap_or(usage.end);
        let current = Month::containing(last_instant);
        let (mut now, mut before) = (BTreeSet::new(), BTreeSet::new());
        for group in self.daily.iter().filter(|group| group.key.charge_category == Some(ChargeCategory::Usage)) {
            let Some(date) = group.key.date() else { continue };
            if Month::of(date) == current {
                now.insert(date);
            } else if Month::of(date) == current.previous() {
                before.insert(date);
            }
        }
        let is_daily = now.len().max(before.len()) > MONTHLY_ROWS_DAYS;
        let last_day = now.last().or(before.last()).filter(|_| is_daily);
        let end = last_day.and_then(|day| day.tomorrow().ok()).and_then(|day| TimeZone::UTC.to_timestamp(day.into()).ok());
        Some(ChargePeriod { start: usage.start, end: end.map_or(usage.end, |end| end.min(usage.end)) })
    }

    /// The bill of an answer to [`Bill::queries`]; tables that the source left out are empty.
    pub fn from_answer(answer: SpendAnswer) -> Self {
        let mut tables = answer.tables.into_iter();
        let mut next = || tables.next().unwrap_or_default();
        Self {
            lines: next(),
            daily: next(),
            by_resource: next(),
            by_tag: next(),
            hourly_compute: next(),
            totals: answer.totals,
            charge_period: answer.charge_period,
            usage_period: answer.usage_period,
            account_names: answer.account_names,
            rows_read: answer.rows_read,
            rows_malformed: answer.rows_malformed,
            malformed: answer.malformed,
            format: answer.format,
            missing_columns: answer.missing_columns,
        }
    }
}
