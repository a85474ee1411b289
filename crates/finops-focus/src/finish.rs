//! From sums to an answer: expands tags, bounds tables, sorts groups, turns amounts into decimals.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;

use finops_domain::charge::{
    ChargeCategory, ChargeGroup, ChargeKey, CommitmentDiscountStatus, Costs, CurrencyTotal, PricingCategory, RowFilter, SpendAnswer,
    SpendQuery, TagPair,
};
use finops_domain::id::{Currency, SubAccountId};
use finops_domain::period::ChargePeriod;
use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::collector::{Collector, Span, decode_hour};
use crate::interner::{Interner, NULL};
use crate::number::{Finer, QUANTITY_SCALE, SCALE, rescale, to_decimal, without_trailing_zeros};
use crate::table::{GROUPS_AT_ONCE, Groups, KeyedSums, Slot, SlotKind, Sums, Table};
use crate::tags::TagSets;

/// The largest mantissa of a `Decimal`.
const DECIMAL_MAX: u128 = (1 << 96) - 1;

/// The parts of an answer that sums give; the rest is the caller's.
pub(crate) fn answer(mut collector: Collector, queries: &[SpendQuery]) -> SpendAnswer {
    let groups: Vec<Groups> = std::mem::take(&mut collector.tables).into_iter().map(Table::into_groups).collect();
    let texts = Texts::of(&collector.texts);
    let tables: Vec<Bounded> = side_by_side(groups.iter().zip(queries), |(groups, query)| {
        let bounds = Bounds { max_groups: query.max_groups, texts: &texts };
        let key_of = |group, key: &mut Vec<u32>| groups.write_key(group, &collector.combinations, key);
        match by_tag(groups, key_of, &collector.tag_sets) {
            None => bounds.bound(groups.slots.clone(), &groups.sums, key_of),
            Some((slots, by_tag)) => bounds.bound(slots, by_tag.sums(), |group, key| key.extend_from_slice(by_tag.key(group))),
        }
    });
    let decimals = decimals_that_fit(&collector.totals, &tables);
    let mut totals: Vec<CurrencyTotal> = collector
        .totals
        .iter()
        .map(|&(currency, sums)| CurrencyTotal {
            billing_currency: Currency::from(texts.get(currency)),
            costs: costs(&decimals.map_or(sums, |decimals| round(&sums, decimals))),
            rows: sums.counts.rows(),
            rows_without_list_cost: sums.counts.rows_without_list(),
            rows_without_contracted_cost: sums.counts.rows_without_contracted(),
        })
        .collect();
    totals.sort_by(|one, other| one.billing_currency.cmp(&other.billing_currency));

    let filters = groups.iter().map(|groups| groups.filter).collect::<Vec<_>>();
    drop(groups);
    let answers = side_by_side(tables.iter().zip(&filters), |(Bounded { slots, groups }, filter)| {
        let is_whole = *filter == RowFilter::All && !slots.contains(&Slot::TagKey);
        let rounded = decimals.map(|decimals| round_groups(groups, decimals, is_whole.then_some(collector.totals.as_slice()), slots));
        rounded.as_ref().unwrap_or(groups).iter().map(|(key, sums)| group(key, sums, slots, &texts)).collect()
    });
    let account_names: BTreeMap<SubAccountId, Arc<str>> =
        collector.account_names.iter().map(|(&account, &(_, name))| (SubAccountId::from(texts.get(account)), texts.get(name))).collect();
    SpendAnswer {
        tables: answers,
        totals,
        charge_period: collector.charge_span.and_then(period),
        usage_period: collector.usage_span.and_then(period),
        account_names,
        rows_read: collector.rows_read,
        rows_malformed: collector.rows_malformed,
        malformed: Vec::new(),
        format: String::new(),
        missing_columns: Vec::new(),
        gaps: Vec::new(),
    }
}

/// Does the same with each item on a thread of its own, and keeps their order.
fn side_by_side<I: Copy + Send, O: Send>(items: impl Iterator<Item = I>, work: impl Fn(I) -> O + Sync) -> Vec<O> {
    let work = &work;
    thread::scope(|scope| {
        let running: Vec<_> = items.map(|item| (item, scope.spawn(move || work(item)))).collect();
        // What made a thread die is met again here, on the caller's own.
        running.into_iter().map(|(item, thread)| thread.join().unwrap_or_else(|_| work(item))).collect()
    })
}

fn period(span: Span) -> Option<ChargePeriod> {
    Some(ChargePeriod { start: Timestamp::from_second(span.start).ok()?, end: Timestamp::from_second(span.end).ok()? })
}

/// Texts to share, and their rank among each other.
struct Texts {
    texts: Vec<Arc<str>>,
    ranks: Vec<u32>,
}

impl Texts {
    fn of(interner: &Interner) -> Self {
        let texts: Vec<Arc<str>> = (0..interner.len()).map(|id| Arc::from(interner.text(u32::try_from(id).unwrap_or(u32::MAX)))).collect();
        let mut order: Vec<u32> = (1..u32::try_from(texts.len()).unwrap_or(u32::MAX)).collect();
        order.sort_unstable_by(|&one, &other| texts.get(one as usize).cmp(&texts.get(other as usize)));
        let mut ranks = vec![0; texts.len()];
        for (rank, id) in order.into_iter().enumerate() {
            if let Some(place) = ranks.get_mut(id as usize) {
                *place = u32::try_from(rank + 1).unwrap_or(u32::MAX);
            }
        }
        Self { texts, ranks }
    }

    fn get(&self, id: u32) -> Arc<str> {
        self.texts.get(id as usize).cloned().unwrap_or_default()
    }

    /// Numbers that are in the order of what a key's stand for.
    fn ranks_of(&self, key: &[u32], slots: &[Slot]) -> Vec<u32> {
        let rank = |id: u32, slot: Slot| if slot.kind() == SlotKind::Text { self.ranks.get(id as usize).copied().unwrap_or(0) } else { id };
        key.iter().zip(slots).map(|(&id, &slot)| rank(id, slot)).collect()
    }

    /// Two keys in the order of what they stand for.
    fn compare(&self, one: &[u32], other: &[u32], slots: &[Slot]) -> std::cmp::Ordering {
        self.ranks_of(one, slots).cmp(&self.ranks_of(other, slots))
    }
}

/// A table by tag set becomes one by tag: a set counts in the group of each of its tags. `None` for other tables.
fn by_tag(groups: &Groups, key_of: impl Fn(u32, &mut Vec<u32>), tag_sets: &TagSets) -> Option<(Vec<Slot>, KeyedSums)> {
    let position = groups.slots.iter().position(|&slot| slot == Slot::TagSet)?;
    let mut slots = groups.slots.clone();
    slots.remove(position);
    slots.extend([Slot::TagKey, Slot::TagValue]);
    let mut by_tag = KeyedSums::of_width(slots.len());
    let (mut key, mut keys) = (Vec::new(), Vec::new());
    for (group, sums) in (0..).zip(&groups.sums) {
        key.clear();
        key_of(group, &mut key);
        let set = tag_sets.pairs(key.remove(position));
        keys.clear();
        for &(tag_key, tag_value) in set {
            keys.extend_from_slice(&key);
            keys.extend([tag_key, tag_value]);
        }
        by_tag.add(&keys, set.iter().map(|_| sums));
    }
    Some((slots, by_tag))
}

/// Sorted groups, not too many.
struct Bounded {
    slots: Vec<Slot>,
    groups: Vec<(Vec<u32>, Sums)>,
}

struct Bounds<'a> {
    max_groups: Option<usize>,
    texts: &'a Texts,
}

impl Bounds<'_> {
    /// The groups sorted, and where they are too many, the small ones added up without resource and tag. A table that
    /// has neither column stays as it is: there is nothing that could be dropped without losing what was asked.
    fn bound(&self, slots: Vec<Slot>, sums: &[Sums], key_of: impl Fn(u32, &mut Vec<u32>)) -> Bounded {
        let droppable: Vec<usize> = slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| matches!(slot, Slot::ResourceId | Slot::TagKey | Slot::TagValue))
            .map(|(position, _)| position)
            .collect();
        let key_of = |group| {
            let mut key = Vec::with_capacity(slots.len());
            key_of(group, &mut key);
            key
        };
        let sums_of = |group: u32| sums.get(group as usize);
        let effective = |group| sums_of(group).map_or(0, |sums| sums.effective.unsigned_abs());
        let mut numbers: Vec<u32> = (0..).take(sums.len()).collect();
        let Some(kept) = self.max_groups.filter(|&max| sums.len() > max && !droppable.is_empty()) else {
            let groups = numbers.iter().zip(sums).map(|(&group, sums)| (key_of(group), *sums)).collect();
            return self.sorted(slots, groups);
        };
        numbers.select_nth_unstable_by(kept, |&one, &other| {
            let by_cost = effective(other).cmp(&effective(one));
            by_cost.then_with(|| self.texts.compare(&key_of(one), &key_of(other), &slots))
        });
        let mut bounded = KeyedSums::of_width(slots.len());
        let mut keys = Vec::new();
        let (kept, rest) = numbers.split_at_checked(kept).unwrap_or((&numbers, &[]));
        for (numbers, is_kept) in
            kept.chunks(GROUPS_AT_ONCE).map(|kept| (kept, true)).chain(rest.chunks(GROUPS_AT_ONCE).map(|rest| (rest, false)))
        {
            keys.clear();
            for &group in numbers {
                let mut key = key_of(group);
                for &position in droppable.iter().filter(|_| !is_kept) {
                    if let Some(id) = key.get_mut(position) {
                        *id = NULL;
                    }
                }
                keys.append(&mut key);
            }
            bounded.add(&keys, numbers.iter().filter_map(|&group| sums_of(group)));
        }
        let groups = bounded.groups().map(|(key, sums)| (key.to_vec(), *sums)).collect();
        self.sorted(slots, groups)
    }

    fn sorted(&self, slots: Vec<Slot>, groups: Vec<(Vec<u32>, Sums)>) -> Bounded {
        let mut ranked: Vec<_> = groups.into_iter().map(|group| (self.texts.ranks_of(&group.0, &slots), group)).collect();
        ranked.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        Bounded { slots, groups: ranked.into_iter().map(|(_, group)| group).collect() }
    }
}

/// How many decimals all costs can have so that every sum of them is a `Decimal`; `None` where they fit as they are.
///
/// A `Decimal` has 28 digits. Nearly every bill fits whole; one whose amounts have 17 decimals and more beside a sum
/// of hundreds of billions does not.
fn decimals_that_fit(totals: &[(u32, Sums)], tables: &[Bounded]) -> Option<u32> {
    let mut needed = 0;
    let mut largest: u128 = 0;
    let tables = tables.iter().map(|table| table.groups.iter().map(|(_, sums)| sums).collect::<Vec<_>>());
    for sums in std::iter::once(totals.iter().map(|(_, sums)| sums).collect::<Vec<_>>()).chain(tables) {
        let mut absolute = [0_u128; 4];
        for sums in sums {
            for (sum, value) in absolute.iter_mut().zip(sums.costs()) {
                *sum = sum.saturating_add(value.unsigned_abs());
                needed = needed.max(decimals_of(value, needed));
            }
        }
        largest = absolute.into_iter().fold(largest, u128::max);
    }
    let mut decimals = needed;
    let mut mantissa = (0..SCALE - needed).fold(largest, |value, _| value / 10);
    while mantissa >= DECIMAL_MAX / 2 && decimals > 0 {
        mantissa /= 10;
        decimals -= 1;
    }
    (decimals < needed).then_some(decimals)
}

/// How many decimals a value has, or `at_least`.
fn decimals_of(value: i128, at_least: u32) -> u32 {
    if at_least == SCALE { SCALE } else { without_trailing_zeros(value, SCALE).1.max(at_least) }
}

fn round_amount(value: i128, decimals: u32) -> i128 {
    let shift = i64::from(SCALE - decimals);
    rescale(value, -shift, Finer::Round).and_then(|rounded| rescale(rounded, shift, Finer::Round)).unwrap_or(value)
}

fn round(sums: &Sums, decimals: u32) -> Sums {
    Sums {
        billed: round_amount(sums.billed, decimals),
        effective: round_amount(sums.effective, decimals),
        list: round_amount(sums.list, decimals),
        contracted: round_amount(sums.contracted, decimals),
        ..*sums
    }
}

/// Rounds every group, and puts what rounding moved into the first group of its currency, so that sums stay equal.
fn round_groups(groups: &[(Vec<u32>, Sums)], decimals: u32, totals: Option<&[(u32, Sums)]>, slots: &[Slot]) -> Vec<(Vec<u32>, Sums)> {
    let mut groups: Vec<(Vec<u32>, Sums)> = groups.iter().map(|(key, sums)| (key.clone(), round(sums, decimals))).collect();
    let position = slots.iter().position(|&slot| slot == Slot::Currency);
    let currency_of = |key: &[u32]| position.and_then(|position| key.get(position).copied());
    for (currency, total) in totals.unwrap_or_default() {
        let total = round(total, decimals);
        let mut rest = total;
        for (_, sums) in groups.iter().filter(|(key, _)| currency_of(key) == Some(*currency)) {
            rest.billed -= sums.billed;
            rest.effective -= sums.effective;
            rest.list -= sums.list;
            rest.contracted -= sums.contracted;
        }
        if let Some((_, first)) = groups.iter_mut().find(|(key, _)| currency_of(key) == Some(*currency)) {
            first.billed += rest.billed;
            first.effective += rest.effective;
            first.list += rest.list;
            first.contracted += rest.contracted;
        }
    }
    groups
}

fn decimal(value: i128, scale: u32) -> Decimal {
    if let Some(decimal) = to_decimal(value, scale) {
        return decimal;
    }
    let mut decimals = scale;
    loop {
        let shift = i64::from(scale - decimals);
        let rounded = rescale(value, -shift, Finer::Round).unwrap_or(value);
        match to_decimal(rounded, decimals) {
            Some(decimal) => return decimal,
            None if decimals == 0 => return if value < 0 { Decimal::MIN } else { Decimal::MAX },
            None => decimals -= 1,
        }
    }
}

fn costs(sums: &Sums) -> Costs {
    Costs {
        billed: decimal(sums.billed, SCALE),
        effective: decimal(sums.effective, SCALE),
        list: decimal(sums.list, SCALE),
        contracted: decimal(sums.contracted, SCALE),
    }
}

fn group(key: &[u32], sums: &Sums, slots: &[Slot], texts: &Texts) -> ChargeGroup {
    let mut charge_key = ChargeKey::of_currency(Currency::from(""));
    let mut tag = (NULL, NULL);
    for (&slot, &id) in slots.iter().zip(key) {
        let key = &mut charge_key;
        let text = || (id != NULL).then(|| texts.get(id));
        match slot {
            Slot::Currency => key.billing_currency = Currency::from(texts.get(id)),
            Slot::Month | Slot::Day | Slot::Hour => key.period_start = Timestamp::from_second(decode_hour(id) * 3600).ok(),
            Slot::BillingAccountId => key.billing_account_id = text().map(Into::into),
            Slot::SubAccountId => key.sub_account_id = text().map(Into::into),
            Slot::RegionId => key.region_id = text().map(Into::into),
            Slot::ServiceName => key.service_name = text().map(Into::into),
            Slot::ServiceCode => key.service_code = text().map(Into::into),
            Slot::ServiceCategory => key.service_category = text(),
            Slot::ChargeCategory => key.charge_category = ChargeCategory::ALL.into_iter().find(|category| 1 + *category as u32 == id),
            Slot::IsCorrection => key.is_correction = Some(id == 2),
            Slot::PricingCategory => {
                use PricingCategory as P;
                key.pricing_category =
                    [P::Standard, P::Dynamic, P::Committed, P::Other].into_iter().find(|category| 1 + *category as u32 == id);
            }
            Slot::UsageType => key.usage_type = text(),
            Slot::Operation => key.operation = text(),
            Slot::InstanceType => key.instance_type = text(),
            Slot::ChargeDescription => key.charge_description = text(),
            Slot::PricingUnit => key.pricing_unit = text(),
            Slot::PublisherName => key.publisher_name = text(),
            Slot::CommitmentDiscountId => key.commitment_discount_id = text(),
            Slot::CommitmentDiscountType => key.commitment_discount_type = text(),
            Slot::CommitmentDiscountStatus => {
                use CommitmentDiscountStatus as S;
                key.commitment_discount_status = [S::Used, S::Unused].into_iter().find(|status| 1 + *status as u32 == id);
            }
            Slot::ResourceId => key.resource_id = text().map(Into::into),
            Slot::HasResource => key.has_resource = Some(id == 2),
            Slot::HasTags => key.has_tags = Some(id == 2),
            Slot::TagSet => {}
            Slot::TagKey => tag.0 = id,
            Slot::TagValue => tag.1 = id,
        }
    }
    if tag.0 != NULL {
        charge_key.tag = Some(TagPair { key: texts.get(tag.0), value: texts.get(tag.1) });
    }
    ChargeGroup {
        key: charge_key,
        costs: costs(sums),
        pricing_quantity: decimal(sums.quantity, QUANTITY_SCALE),
        rows: sums.counts.rows(),
        rows_without_list_cost: sums.counts.rows_without_list(),
        rows_without_contracted_cost: sums.counts.rows_without_contracted(),
    }
}
