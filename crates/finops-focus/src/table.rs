//! Groups of rows: keys of small numbers, sums of exact amounts.

use finops_domain::charge::{Dimension, Granularity, RowFilter, SpendQuery};
use hashbrown::HashTable;

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

/// How many slots a row has.
pub(crate) const SLOTS: usize = Slot::TagValue as usize + 1;

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

/// Sums in units of 10^-24 (quantity: 10^-15), and row counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) billed: i128,
    pub(crate) effective: i128,
    pub(crate) list: i128,
    pub(crate) contracted: i128,
    pub(crate) quantity: i128,
    pub(crate) rows: u64,
    pub(crate) rows_without_list: u64,
    pub(crate) rows_without_contracted: u64,
}

impl Sums {
    /// Adds; `false` where a cost overflows. Quantities stop at the end of the range: their sum over mixed units
    /// means nothing by then.
    #[must_use]
    pub(crate) fn add(&mut self, other: &Self) -> bool {
        let mut fits = true;
        let mut add = |sum: &mut i128, value: i128| match sum.checked_add(value) {
            Some(total) => *sum = total,
            None => fits = false,
        };
        add(&mut self.billed, other.billed);
        add(&mut self.effective, other.effective);
        add(&mut self.list, other.list);
        add(&mut self.contracted, other.contracted);
        self.quantity = self.quantity.saturating_add(other.quantity);
        self.rows += other.rows;
        self.rows_without_list += other.rows_without_list;
        self.rows_without_contracted += other.rows_without_contracted;
        fits
    }

    /// The four costs.
    pub(crate) const fn costs(&self) -> [i128; 4] {
        [self.billed, self.effective, self.list, self.contracted]
    }
}

/// A row that waits to be added.
#[derive(Debug)]
pub(crate) struct BatchRow {
    pub(crate) slots: [u32; SLOTS],
    pub(crate) sums: Sums,
    /// See [`RowFilter::ComputeSavingsPlanEligible`].
    pub(crate) is_eligible: bool,
}

/// A group by the hash of its key.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    group: u32,
}

/// The group of no key: there are never so many.
const NO_GROUP: u32 = u32::MAX;

/// The groups of one query.
#[derive(Debug)]
pub(crate) struct Table {
    /// What is grouped by, sorted.
    pub(crate) slots: Vec<Slot>,
    pub(crate) filter: RowFilter,
    keys: Vec<u32>,
    sums: Vec<Sums>,
    index: HashTable<Entry>,
    batch_keys: Vec<u32>,
    found: Vec<Entry>,
    /// Whether any sum overflowed.
    pub(crate) overflowed: bool,
}

impl Table {
    /// The empty table of a query.
    pub(crate) fn of(query: &SpendQuery) -> Self {
        let mut slots: Vec<Slot> = query.group_by.iter().map(|&dimension| Slot::of(dimension)).collect();
        slots.push(Slot::Currency);
        match query.granularity {
            Granularity::Total => {}
            Granularity::Monthly => slots.push(Slot::Month),
            Granularity::Daily => slots.push(Slot::Day),
            Granularity::Hourly => slots.push(Slot::Hour),
        }
        slots.sort_unstable();
        slots.dedup();
        Self::with_slots(slots, query.filter)
    }

    /// An empty table.
    pub(crate) fn with_slots(slots: Vec<Slot>, filter: RowFilter) -> Self {
        Self {
            slots,
            filter,
            keys: Vec::new(),
            sums: Vec::new(),
            index: HashTable::new(),
            batch_keys: Vec::new(),
            found: Vec::new(),
            overflowed: false,
        }
    }

    /// Adds the rows of a batch that are wanted.
    pub(crate) fn add_rows(&mut self, rows: &[BatchRow], wanted: impl Fn(&BatchRow) -> bool) {
        let mut keys = std::mem::take(&mut self.batch_keys);
        let mut sums: Vec<&Sums> = Vec::with_capacity(rows.len());
        keys.clear();
        for row in rows.iter().filter(|row| wanted(row)) {
            keys.extend(self.slots.iter().filter_map(|&slot| row.slots.get(slot as usize)));
            sums.push(&row.sums);
        }
        self.add_batch(&keys, &sums);
        self.batch_keys = keys;
    }

    /// Adds to the groups of keys that lie one after the other.
    ///
    /// In large tables every look-up waits for memory. Taking each step for all keys before the next lets the processor
    /// wait for many at once.
    pub(crate) fn add_batch(&mut self, keys: &[u32], sums: &[&Sums]) {
        let width = self.slots.len().max(1);
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        found.extend(keys.chunks_exact(width).map(|key| Entry { hash: hash(key), group: NO_GROUP }));
        for entry in &mut found {
            let hash = entry.hash;
            entry.group = self.index.find(hash, |known| known.hash == hash).map_or(NO_GROUP, |known| known.group);
        }
        for (entry, key) in found.iter_mut().zip(keys.chunks_exact(width)) {
            if key_of(&self.keys, width, entry.group) != key {
                entry.group = NO_GROUP;
            }
        }
        for (entry, key) in found.iter_mut().zip(keys.chunks_exact(width)) {
            if entry.group == NO_GROUP {
                entry.group = self.group_of(key, entry.hash);
            }
        }
        for (entry, sums) in found.iter().zip(sums) {
            if let Some(total) = self.sums.get_mut(entry.group as usize) {
                self.overflowed |= !total.add(sums);
            }
        }
        self.found = found;
    }

    /// Adds to the group of a key.
    pub(crate) fn add(&mut self, key: &[u32], sums: &Sums) {
        self.add_batch(key, &[sums]);
    }

    /// The group of a key, a new one where there is none.
    fn group_of(&mut self, key: &[u32], hash: u64) -> u32 {
        let width = self.slots.len();
        let keys = &self.keys;
        let is_of_key = |entry: &Entry| entry.hash == hash && key_of(keys, width, entry.group) == key;
        if let Some(entry) = self.index.find(hash, is_of_key) {
            return entry.group;
        }
        let group = u32::try_from(self.sums.len()).unwrap_or(u32::MAX);
        self.keys.extend_from_slice(key);
        self.sums.push(Sums::default());
        self.index.insert_unique(hash, Entry { hash, group }, |entry| entry.hash);
        group
    }

    /// Every group, in the order in which they came up.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&[u32], &Sums)> {
        self.keys.chunks_exact(self.slots.len().max(1)).zip(&self.sums)
    }
}

fn key_of(keys: &[u32], width: usize, group: u32) -> &[u32] {
    let start = group as usize * width;
    keys.get(start..start + width).unwrap_or_default()
}

/// A quick hash of small numbers: multiply, fold. Keys are our own numbers, so nobody can choose them to collide.
fn hash(key: &[u32]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = FACTOR;
    let mut chunks = key.chunks_exact(2);
    for pair in &mut chunks {
        if let &[low, high] = pair {
            hash = fold(hash ^ (u64::from(low) | u64::from(high) << 32), FACTOR);
        }
    }
    for &last in chunks.remainder() {
        hash = fold(hash ^ u64::from(last), FACTOR);
    }
    fold(hash, 0xD6E8_FEB8_6659_FD93)
}

const fn fold(value: u64, factor: u64) -> u64 {
    let product = (value as u128).wrapping_mul(factor as u128);
    (product as u64) ^ ((product >> 64) as u64)
}
