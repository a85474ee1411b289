//! What rows and groups are known by.

use finops_domain::charge::{Dimension, Granularity, SpendQuery};

/// What a row or group is known by. The order is that of `ChargeKey`'s fields, so keys sort as groups do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(usize)]
pub(crate) enum Slot {
    Currency,
    Month,
    Day,
    Hour,
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
    /// The row's tags as a set; only in tables that still grow.
    TagSet,
    /// One tag's key and value; only in finished tables.
    TagKey,
    TagValue,
}

/// How many slots a combination has.
pub(crate) const COMBINED: usize = 22;

/// How many slots a row has besides its combination.
pub(crate) const OWN: usize = 4;

/// Where a row has a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlotPlace {
    /// In its combination: what few distinct rows differ in.
    Combined(usize),
    /// Beside it: what would make nearly every row a combination of its own.
    Own(usize),
    /// Nowhere.
    None,
}

/// How a slot's number is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlotKind {
    /// Number of a text.
    Text,
    /// Number of a tag set.
    TagSet,
    /// The value itself.
    Plain,
}

impl Slot {
    pub(crate) const fn kind(self) -> SlotKind {
        match self {
            Self::Month
            | Self::Day
            | Self::Hour
            | Self::ChargeCategory
            | Self::IsCorrection
            | Self::PricingCategory
            | Self::CommitmentDiscountStatus
            | Self::HasResource
            | Self::HasTags => SlotKind::Plain,
            Self::TagSet => SlotKind::TagSet,
            _ => SlotKind::Text,
        }
    }

    pub(crate) const fn place(self) -> SlotPlace {
        let number = self as usize;
        match self {
            Self::Currency | Self::Month => SlotPlace::Combined(number),
            Self::Day => SlotPlace::Own(0),
            Self::Hour => SlotPlace::Own(1),
            Self::ResourceId => SlotPlace::Own(2),
            Self::TagSet => SlotPlace::Own(3),
            Self::TagKey | Self::TagValue => SlotPlace::None,
            Self::HasResource | Self::HasTags => SlotPlace::Combined(number - 3),
            _ => SlotPlace::Combined(number - 2),
        }
    }

    /// What a query groups by, sorted.
    pub(crate) fn of_query(query: &SpendQuery) -> Vec<Self> {
        let mut slots: Vec<Self> = query.group_by.iter().map(|&dimension| Self::of(dimension)).collect();
        slots.push(Self::Currency);
        match query.granularity {
            Granularity::Total => {}
            Granularity::Monthly => slots.push(Self::Month),
            Granularity::Daily => slots.push(Self::Day),
            Granularity::Hourly => slots.push(Self::Hour),
        }
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    fn of(dimension: Dimension) -> Self {
        match dimension {
            Dimension::BillingAccountId => Self::BillingAccountId,
            Dimension::SubAccountId => Self::SubAccountId,
            Dimension::RegionId => Self::RegionId,
            Dimension::ServiceName => Self::ServiceName,
            Dimension::ServiceCode => Self::ServiceCode,
            Dimension::ServiceCategory => Self::ServiceCategory,
            Dimension::ChargeCategory => Self::ChargeCategory,
            Dimension::IsCorrection => Self::IsCorrection,
            Dimension::PricingCategory => Self::PricingCategory,
            Dimension::UsageType => Self::UsageType,
            Dimension::Operation => Self::Operation,
            Dimension::InstanceType => Self::InstanceType,
            Dimension::ChargeDescription => Self::ChargeDescription,
            Dimension::PricingUnit => Self::PricingUnit,
            Dimension::PublisherName => Self::PublisherName,
            Dimension::CommitmentDiscountId => Self::CommitmentDiscountId,
            Dimension::CommitmentDiscountType => Self::CommitmentDiscountType,
            Dimension::CommitmentDiscountStatus => Self::CommitmentDiscountStatus,
            Dimension::ResourceId => Self::ResourceId,
            Dimension::HasResource => Self::HasResource,
            Dimension::HasTags => Self::HasTags,
            Dimension::Tag => Self::TagSet,
        }
    }
}

/// The slots of a combination, in the order in which it has them.
pub(crate) const COMBINED_SLOTS: [Slot; COMBINED] = [
    Slot::Currency,
    Slot::Month,
    Slot::BillingAccountId,
    Slot::SubAccountId,
    Slot::RegionId,
    Slot::ServiceName,
    Slot::ServiceCode,
    Slot::ServiceCategory,
    Slot::ChargeCategory,
    Slot::IsCorrection,
    Slot::PricingCategory,
    Slot::UsageType,
    Slot::Operation,
    Slot::InstanceType,
    Slot::ChargeDescription,
    Slot::PricingUnit,
    Slot::PublisherName,
    Slot::CommitmentDiscountId,
    Slot::CommitmentDiscountType,
    Slot::CommitmentDiscountStatus,
    Slot::HasResource,
    Slot::HasTags,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_combination_has_each_of_its_slots_in_one_place() {
        for (place, slot) in COMBINED_SLOTS.into_iter().enumerate() {
            assert_eq!(slot.place(), SlotPlace::Combined(place), "{slot:?}");
        }
        let own = [Slot::Day, Slot::Hour, Slot::ResourceId, Slot::TagSet];
        assert_eq!(own.map(Slot::place), [0, 1, 2, 3].map(SlotPlace::Own));
        assert_eq!(own.len(), OWN);
    }
}
