//! Adds rows up: one collector a thread, merged at the end.

use std::collections::BTreeMap;
use std::thread;

use finops_domain::charge::{ChargeCategory, RowFilter, SpendQuery};
use finops_domain::usage_type::is_compute_savings_plan_eligible;
use foldhash::fast::FixedState;

use crate::interner::{Interner, NULL};
use crate::layout::{Layout, TextField};
use crate::row::{FocusRow, Instant, Memos, RawRow, Reason};
use crate::table::{BatchRow, COMBINED, COMBINED_SLOTS, Counts, Keys, OWN, Slot, SlotKind, SlotPlace, Sums, Table};
use crate::tags::{NO_TAGS, TagSets};
use crate::{cur, focus, time};

/// How many malformed rows are kept with their reason.
pub(crate) const MALFORMED_KEPT: usize = 100;

/// How many rows are added at a time: as many as stay in the processor's second cache with their sums.
const BATCH_ROWS: usize = 512;

type HashMap<K, V> = hashbrown::HashMap<K, V, FixedState>;

/// Where a row stands: number of the file, line.
pub(crate) type Place = (usize, u64);

/// Seconds from a first start to a last end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) start: i64,
    pub(crate) end: i64,
}

impl Span {
    fn widen(span: &mut Option<Self>, other: Self) {
        *span = Some(span.map_or(other, |span| Self { start: span.start.min(other.start), end: span.end.max(other.end) }));
    }
}

/// Sums of the rows seen so far.
#[derive(Debug)]
pub(crate) struct Collector {
    pub(crate) texts: Interner,
    pub(crate) tag_sets: TagSets,
    memos: Memos,
    /// What the rows so far have in the slots that few distinct rows differ in.
    pub(crate) combinations: Keys,
    pub(crate) tables: Vec<Table>,
    batch: Vec<BatchRow>,
    /// The combinations of the batch.
    batch_keys: Vec<u32>,
    /// By currency.
    pub(crate) totals: Vec<(u32, Sums)>,
    pub(crate) charge_span: Option<Span>,
    pub(crate) usage_span: Option<Span>,
    /// Account and name, and where that was last said.
    pub(crate) account_names: HashMap<u32, (Place, u32)>,
    pub(crate) providers: Vec<u32>,
    pub(crate) rows_read: u64,
    pub(crate) rows_malformed: u64,
    pub(crate) malformed: BTreeMap<Place, String>,
    pub(crate) overflowed: bool,
}

impl Collector {
    pub(crate) fn new(queries: &[SpendQuery]) -> Self {
        Self {
            texts: Interner::default(),
            tag_sets: TagSets::default(),
            memos: Memos::default(),
            combinations: Keys::of_width(COMBINED),
            tables: queries.iter().map(Table::of).collect(),
            batch: Vec::with_capacity(BATCH_ROWS),
            batch_keys: Vec::with_capacity(BATCH_ROWS * COMBINED),
            totals: Vec::new(),
            charge_span: None,
            usage_span: None,
            account_names: HashMap::default(),
            providers: Vec::new(),
            rows_read: 0,
            rows_malformed: 0,
            malformed: BTreeMap::new(),
            overflowed: false,
        }
    }

    /// Counts a row that cannot be read.
    pub(crate) fn reject(&mut self, layout: &Layout, place: Place, reason: &Reason) {
        self.rows_read += 1;
        self.rows_malformed += 1;
        if self.malformed.len() < MALFORMED_KEPT || self.malformed.last_key_value().is_some_and(|(last, _)| place < *last) {
            self.malformed.insert(place, reason.text(layout.format()));
            if self.malformed.len() > MALFORMED_KEPT {
                self.malformed.pop_last();
            }
        }
    }

    /// Adds a row, or counts it as malformed.
    pub(crate) fn add(&mut self, raw: &RawRow, layout: &Layout, place: Place) {
        let is_focus = layout.format().is_focus();
        let columns =
            if is_focus { ("ChargePeriodStart", "ChargePeriodEnd") } else { ("line_item_usage_start_date", "line_item_usage_end_date") };
        let start = match raw.start {
            Instant::Value(start) => start,
            Instant::Null => return self.reject(layout, place, &Reason::Missing(columns.0)),
            Instant::Bad => return self.reject(layout, place, &Reason::Time(columns.0)),
        };
        let end = match raw.end {
            Instant::Value(end) => end,
            Instant::Null => start,
            Instant::Bad => return self.reject(layout, place, &Reason::Time(columns.1)),
        };
        let currency = raw.text(TextField::BillingCurrency);
        if currency == NULL {
            let column = if is_focus { "BillingCurrency" } else { "line_item_currency_code" };
            return self.reject(layout, place, &Reason::Missing(column));
        }
        let mapped = if is_focus {
            focus::map(raw, layout, &mut self.texts, &mut self.memos)
        } else {
            cur::map(raw, layout, &mut self.texts, &mut self.memos)
        };
        match mapped {
            Ok(row) => self.accept(raw, &row, start, end, place),
            Err(reason) => self.reject(layout, place, &reason),
        }
    }

    fn accept(&mut self, raw: &RawRow, row: &FocusRow, start: i64, end: i64, place: Place) {
        self.rows_read += 1;
        let sums = Sums {
            billed: row.billed,
            effective: row.effective,
            list: row.list.unwrap_or(0),
            contracted: row.contracted.unwrap_or(0),
            quantity: row.quantity.unwrap_or(0),
            counts: Counts::of_row(row.list.is_some(), row.contracted.is_some()),
        };
        let currency = raw.text(TextField::BillingCurrency);
        match self.totals.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, total)) => self.overflowed |= !total.add(&sums),
            None => self.totals.push((currency, sums)),
        }

        let span = Span { start, end: end.max(start) };
        Span::widen(&mut self.charge_span, span);
        if row.category == ChargeCategory::Usage {
            Span::widen(&mut self.usage_span, span);
        }
        let account = raw.text(TextField::SubAccountId);
        let name = raw.text(TextField::SubAccountName);
        if account != NULL && name != NULL {
            self.account_names.insert(account, (place, name));
        }
        let provider = raw.text(TextField::ProviderName);
        if provider != NULL && !self.providers.contains(&provider) {
            self.providers.push(provider);
        }

        let day = start.div_euclid(86_400);
        let (combination, own) = slots(raw, row, start, day);
        self.batch_keys.extend_from_slice(&combination);
        self.batch.push(BatchRow { own, sums });
        if self.batch.len() >= BATCH_ROWS {
            self.flush();
        }
    }

    /// Adds the rows that wait. To be called after the last row.
    pub(crate) fn flush(&mut self) {
        let mut numbers = Vec::with_capacity(self.batch.len());
        self.combinations.numbers(&self.batch_keys, &mut numbers);
        for table in &mut self.tables {
            let filter = table.filter;
            table.note(&self.combinations, |combination| passes(combination, filter, &self.texts));
            table.add_rows(&self.batch, &numbers);
        }
        self.batch.clear();
        self.batch_keys.clear();
    }

    /// Takes over what another collector of the same queries has.
    pub(crate) fn merge(&mut self, other: Self) {
        let texts = &mut self.texts;
        let text_ids: Vec<u32> = (0..other.texts.len())
            .map(|id| if id == 0 { NULL } else { texts.intern(other.texts.text(u32::try_from(id).unwrap_or(u32::MAX))) })
            .collect();
        let text = |id: u32| text_ids.get(id as usize).copied().unwrap_or(NULL);
        let mut set = Vec::new();
        let set_ids: Vec<u32> = (0..other.tag_sets.len())
            .map(|id| {
                set.clear();
                let pairs = other.tag_sets.pairs(u32::try_from(id).unwrap_or(u32::MAX));
                set.extend(pairs.iter().map(|&(key, value)| (text(key), text(value))));
                self.tag_sets.intern(&mut set)
            })
            .collect();
        let translate = |kind, id: u32| match kind {
            SlotKind::Text => text(id),
            SlotKind::TagSet => set_ids.get(id as usize).copied().unwrap_or(NO_TAGS),
            SlotKind::Plain => id,
        };
        let keys: Vec<u32> = other
            .combinations
            .iter()
            .flat_map(|key| key.iter().zip(COMBINED_SLOTS))
            .map(|(&id, slot)| translate(slot.kind(), id))
            .collect();
        let mut combinations = Vec::with_capacity(other.combinations.len());
        for keys in keys.chunks(BATCH_ROWS * COMBINED) {
            self.combinations.numbers(keys, &mut combinations);
        }
        drop(keys);
        thread::scope(|scope| {
            for (table, others) in self.tables.iter_mut().zip(other.tables) {
                let (known, combinations, texts, translate) = (&self.combinations, &combinations, &*texts, &translate);
                // Large tables take seconds, and none needs another.
                scope.spawn(move || {
                    let filter = table.filter;
                    table.note(known, |combination| passes(combination, filter, texts));
                    table.merge(others, combinations, translate);
                });
            }
        });
        for (currency, sums) in other.totals {
            let currency = text(currency);
            match self.totals.iter_mut().find(|(known, _)| *known == currency) {
                Some((_, total)) => self.overflowed |= !total.add(&sums),
                None => self.totals.push((currency, sums)),
            }
        }
        if let Some(span) = other.charge_span {
            Span::widen(&mut self.charge_span, span);
        }
        if let Some(span) = other.usage_span {
            Span::widen(&mut self.usage_span, span);
        }
        for (account, (place, name)) in other.account_names {
            let entry = self.account_names.entry(text(account)).or_insert((place, text(name)));
            if place > entry.0 {
                *entry = (place, text(name));
            }
        }
        for provider in other.providers {
            let provider = text(provider);
            if !self.providers.contains(&provider) {
                self.providers.push(provider);
            }
        }
        self.rows_read += other.rows_read;
        self.rows_malformed += other.rows_malformed;
        self.malformed.extend(other.malformed);
        while self.malformed.len() > MALFORMED_KEPT {
            self.malformed.pop_last();
        }
        self.overflowed |= other.overflowed;
    }

    /// Whether any sum overflowed.
    pub(crate) fn has_overflowed(&self) -> bool {
        self.overflowed || self.tables.iter().any(|table| table.overflowed)
    }
}

/// Whether rows of a combination are wanted.
fn passes(combination: &[u32], filter: RowFilter, texts: &Interner) -> bool {
    let id = |slot: Slot| match slot.place() {
        SlotPlace::Combined(place) => combination.get(place).copied().unwrap_or(NULL),
        SlotPlace::Own(_) | SlotPlace::None => NULL,
    };
    let text = |slot| (id(slot) != NULL).then(|| texts.text(id(slot)));
    match filter {
        RowFilter::All => true,
        RowFilter::WithResource => id(Slot::HasResource) == flag(true),
        RowFilter::ComputeSavingsPlanEligible => {
            id(Slot::ChargeCategory) == 1 + ChargeCategory::Usage as u32
                && id(Slot::ServiceCode) != NULL
                && is_compute_savings_plan_eligible(text(Slot::ServiceCode), text(Slot::UsageType), text(Slot::InstanceType))
        }
    }
}

/// What a row is known by: its combination, and what it has for its own.
fn slots(raw: &RawRow, row: &FocusRow, start: i64, day: i64) -> ([u32; COMBINED], [u32; OWN]) {
    let mut combination = [NULL; COMBINED];
    let mut own = [NULL; OWN];
    let mut set = |slot: Slot, value: u32| {
        let place = match slot.place() {
            SlotPlace::Combined(place) => combination.get_mut(place),
            SlotPlace::Own(place) => own.get_mut(place),
            SlotPlace::None => None,
        };
        if let Some(place) = place {
            *place = value;
        }
    };
    set(Slot::Currency, raw.text(TextField::BillingCurrency));
    set(Slot::Month, encode_hour(time::month_start(day) * 24));
    set(Slot::Day, encode_hour(day * 24));
    set(Slot::Hour, encode_hour(start.div_euclid(3600)));
    set(Slot::BillingAccountId, raw.text(TextField::BillingAccountId));
    set(Slot::SubAccountId, raw.text(TextField::SubAccountId));
    set(Slot::RegionId, raw.text(TextField::RegionId));
    set(Slot::ServiceName, row.service_name);
    set(Slot::ServiceCode, row.service_code);
    set(Slot::ServiceCategory, raw.text(TextField::ServiceCategory));
    set(Slot::ChargeCategory, 1 + row.category as u32);
    set(Slot::IsCorrection, flag(row.is_correction));
    set(Slot::PricingCategory, row.pricing.map_or(NULL, |category| 1 + category as u32));
    set(Slot::UsageType, raw.text(TextField::UsageType));
    set(Slot::Operation, raw.text(TextField::Operation));
    set(Slot::InstanceType, row.instance_type);
    set(Slot::ChargeDescription, row.description);
    set(Slot::PricingUnit, raw.text(TextField::PricingUnit));
    set(Slot::PublisherName, raw.text(TextField::PublisherName));
    set(Slot::CommitmentDiscountId, row.commitment_id);
    set(Slot::CommitmentDiscountType, row.commitment_type);
    set(Slot::CommitmentDiscountStatus, row.status.map_or(NULL, |status| 1 + status as u32));
    let resource = raw.text(TextField::ResourceId);
    set(Slot::ResourceId, resource);
    set(Slot::HasResource, flag(resource != NULL));
    set(Slot::HasTags, flag(raw.tags != NO_TAGS));
    set(Slot::TagSet, raw.tags);
    (combination, own)
}

/// Yes or no, neither of them null.
fn flag(value: bool) -> u32 {
    1 + u32::from(value)
}

/// Hours since 1970 so that their order as unsigned numbers is theirs.
fn encode_hour(hours: i64) -> u32 {
    i32::try_from(hours).unwrap_or(i32::MAX).cast_unsigned() ^ 0x8000_0000
}

/// The hours again.
pub(crate) fn decode_hour(encoded: u32) -> i64 {
    i64::from((encoded ^ 0x8000_0000).cast_signed())
}
