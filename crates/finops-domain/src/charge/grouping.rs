//! Rows grouped and added up in the plainest way: what a source answers that has all its rows in memory, and the reference that
//! other sources are held against.

use std::cmp::Reverse;
use std::collections::BTreeMap;
#[expect(clippy::disallowed_types, reason = "only looked up in: see Groups")]
use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::{
    Charge, ChargeCategory, ChargeGroup, ChargeKey, Costs, CurrencyTotal, Dimension, Granularity, RowFilter, SpendAnswer, SpendQuery,
    TagPair,
};
use crate::id::{Currency, ServiceCode, SubAccountId};
use crate::period::ChargePeriod;
use crate::usage_type::is_compute_savings_plan_eligible;

/// What rows in memory say to a list of queries, and of themselves; all of them could be read.
pub fn answer(charges: &[Charge], queries: &[SpendQuery], format: impl Into<String>) -> SpendAnswer {
    SpendAnswer {
        tables: tables(charges, queries),
        totals: totals(charges),
        charge_period: span(charges.iter()),
        usage_period: span(charges.iter().filter(|charge| charge.charge_category == ChargeCategory::Usage)),
        account_names: account_names(charges),
        rows_read: charges.len() as u64,
        rows_malformed: 0,
        malformed: Vec::new(),
        format: format.into(),
        missing_columns: Vec::new(),
        gaps: Vec::new(),
    }
}

/// The first name of each account that has one.
fn account_names(charges: &[Charge]) -> BTreeMap<SubAccountId, Arc<str>> {
    let mut names = BTreeMap::new();
    for charge in charges {
        if let (Some(id), Some(name)) = (&charge.sub_account_id, &charge.sub_account_name)
            && !names.contains_key(id)
        {
            names.insert(id.clone(), name.clone());
        }
    }
    names
}

/// The sum of all rows of each currency, sorted.
pub fn totals(charges: &[Charge]) -> Vec<CurrencyTotal> {
    let mut totals: BTreeMap<Currency, CurrencyTotal> = BTreeMap::new();
    for charge in charges {
        if !totals.contains_key(&charge.billing_currency) {
            let billing_currency = charge.billing_currency.clone();
            let empty = CurrencyTotal {
                billing_currency: billing_currency.clone(),
                costs: Costs::default(),
                rows: 0,
                rows_without_list_cost: 0,
                rows_without_contracted_cost: 0,
            };
            totals.insert(billing_currency, empty);
        }
        if let Some(total) = totals.get_mut(&charge.billing_currency) {
            total.costs += costs_of(charge);
            total.rows += 1;
            total.rows_without_list_cost += u64::from(charge.list_cost.is_none());
            total.rows_without_contracted_cost += u64::from(charge.contracted_cost.is_none());
        }
    }
    totals.into_values().collect()
}

/// From the first start to the last end; `None` without rows.
pub fn span<'a>(mut charges: impl Iterator<Item = &'a Charge>) -> Option<ChargePeriod> {
    let first = charges.next()?.charge_period;
    Some(charges.fold(first, |span, charge| ChargePeriod {
        start: span.start.min(charge.charge_period.start),
        end: span.end.max(charge.charge_period.end),
    }))
}

fn costs_of(charge: &Charge) -> Costs {
    Costs {
        billed: charge.billed_cost,
        effective: charge.effective_cost,
        list: charge.list_cost.unwrap_or_default(),
        contracted: charge.contracted_cost.unwrap_or_default(),
    }
}

/// Table `i` answers query `i`, its groups sorted by key.
///
/// Each is made on a thread of its own: there are few, and the large ones take equally long.
pub fn tables(charges: &[Charge], queries: &[SpendQuery]) -> Vec<Vec<ChargeGroup>> {
    std::thread::scope(|scope| {
        let running: Vec<_> = queries.iter().map(|query| scope.spawn(|| table(charges, query))).collect();
        // A thread that died is asked again here, where its panic is the caller's.
        running.into_iter().zip(queries).map(|(thread, query)| thread.join().unwrap_or_else(|_| table(charges, query))).collect()
    })
}

type Tags = BTreeMap<Arc<str>, Arc<str>>;

/// Whether two rows agree in everything that can be grouped by, but for the time.
fn is_of_same_line(a: &Charge, b: &Charge) -> bool {
    a.usage_type == b.usage_type
        && a.resource_id == b.resource_id
        && a.sub_account_id == b.sub_account_id
        && a.region_id == b.region_id
        && a.service_name == b.service_name
        && a.service_code == b.service_code
        && a.service_category == b.service_category
        && a.billing_account_id == b.billing_account_id
        && a.billing_currency == b.billing_currency
        && a.charge_category == b.charge_category
        && a.is_correction == b.is_correction
        && a.pricing_category == b.pricing_category
        && a.operation == b.operation
        && a.instance_type == b.instance_type
        && a.charge_description == b.charge_description
        && a.pricing_unit == b.pricing_unit
        && a.publisher_name == b.publisher_name
        && a.commitment_discount_id == b.commitment_discount_id
        && a.commitment_discount_type == b.commitment_discount_type
        && a.commitment_discount_status == b.commitment_discount_status
        && Arc::ptr_eq(&a.tags, &b.tags)
}

fn table(charges: &[Charge], query: &SpendQuery) -> Vec<ChargeGroup> {
    let by_tag = query.group_by.contains(&Dimension::Tag);
    let mut groups = Groups::default();
    // Rows that share one set of tags are added up before each of its tags is: a set is the same only where it is shared.
    let mut tag_sets: BTreeMap<*const Tags, (&Tags, Groups)> = BTreeMap::new();
    let mut before: Option<(&Charge, Option<Timestamp>)> = None;
    for charge in charges.iter().filter(|charge| passes(query.filter, charge)) {
        let start = period_start(charge.charge_period.start, query.granularity);
        // Neighbouring rows are mostly of one line of the bill; their key need not be made again.
        let repeats = before.is_some_and(|(row, row_start)| row_start == start && is_of_same_line(row, charge));
        before = Some((charge, start));
        let groups = if by_tag {
            &mut tag_sets.entry(Arc::as_ptr(&charge.tags)).or_insert_with(|| (&charge.tags, Groups::default())).1
        } else {
            &mut groups
        };
        if !(repeats && groups.add_to_latest(charge)) {
            groups.add_charge(ChargeKey { period_start: start, ..key_of(charge, query) }, charge);
        }
    }
    for (tags, set) in tag_sets.into_values() {
        for group in set.groups {
            for (name, value) in tags {
                let key = ChargeKey { tag: Some(TagPair { key: name.clone(), value: value.clone() }), ..group.key.clone() };
                groups.add(ChargeGroup { key, ..group.clone() });
            }
        }
    }
    let mut groups = groups.groups;
    if let Some(max_groups) = query.max_groups
        && groups.len() > max_groups
    {
        groups = fold_small_groups(groups, max_groups);
    }
    groups.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    groups
}

/// Keeps the `max_groups` largest by absolute effective cost, of equal ones those with the lesser key, and adds the
/// others up without their resource and tag.
fn fold_small_groups(mut groups: Vec<ChargeGroup>, max_groups: usize) -> Vec<ChargeGroup> {
    groups.sort_unstable_by(|a, b| Reverse(a.costs.effective.abs()).cmp(&Reverse(b.costs.effective.abs())).then_with(|| a.key.cmp(&b.key)));
    let rest = groups.split_off(max_groups);
    let mut folded = Groups::default();
    for mut group in rest {
        group.key.resource_id = None;
        group.key.tag = None;
        folded.add(group);
    }
    // A kept group may have had neither from the start.
    for group in groups {
        folded.add(group);
    }
    folded.groups
}

/// Groups in the order in which they came up.
#[derive(Default)]
#[allow(clippy::struct_field_names, reason = "the groups are what there is of them")]
struct Groups {
    groups: Vec<ChargeGroup>,
    #[expect(clippy::disallowed_types, reason = "only looked up in: the groups stand in the order of the rows")]
    index: HashMap<ChargeKey, usize, foldhash::fast::FixedState>,
    /// Neighbouring rows of a bill often share their key, and comparing is quicker than hashing.
    latest: usize,
}

impl Groups {
    fn add_charge(&mut self, key: ChargeKey, charge: &Charge) {
        self.add(ChargeGroup {
            key,
            costs: costs_of(charge),
            pricing_quantity: charge.pricing_quantity.unwrap_or_default(),
            rows: 1,
            rows_without_list_cost: u64::from(charge.list_cost.is_none()),
            rows_without_contracted_cost: u64::from(charge.contracted_cost.is_none()),
        });
    }

    /// Adds a row of the group that was added to last; `false` where there is none yet.
    fn add_to_latest(&mut self, charge: &Charge) -> bool {
        let Some(sum) = self.groups.get_mut(self.latest) else { return false };
        sum.costs += costs_of(charge);
        sum.pricing_quantity += charge.pricing_quantity.unwrap_or_default();
        sum.rows += 1;
        sum.rows_without_list_cost += u64::from(charge.list_cost.is_none());
        sum.rows_without_contracted_cost += u64::from(charge.contracted_cost.is_none());
        true
    }

    fn add(&mut self, group: ChargeGroup) {
        if self.groups.get(self.latest).is_none_or(|latest| latest.key != group.key) {
            if let Some(found) = self.index.get(&group.key) {
                self.latest = *found;
            } else {
                self.latest = self.groups.len();
                self.index.insert(group.key.clone(), self.latest);
                self.groups.push(group);
                return;
            }
        }
        if let Some(sum) = self.groups.get_mut(self.latest) {
            sum.costs += group.costs;
            sum.pricing_quantity += group.pricing_quantity;
            sum.rows += group.rows;
            sum.rows_without_list_cost += group.rows_without_list_cost;
            sum.rows_without_contracted_cost += group.rows_without_contracted_cost;
        }
    }
}

fn passes(filter: RowFilter, charge: &Charge) -> bool {
    match filter {
        RowFilter::All => true,
        RowFilter::WithResource => charge.resource_id.is_some(),
        RowFilter::ComputeSavingsPlanEligible => {
            charge.charge_category == ChargeCategory::Usage
                && is_compute_savings_plan_eligible(
                    charge.service_code.as_ref().map(ServiceCode::as_str),
                    charge.usage_type.as_deref(),
                    charge.instance_type.as_deref(),
                )
        }
    }
}

/// The key of a row, without its tag.
fn key_of(charge: &Charge, query: &SpendQuery) -> ChargeKey {
    let mut key = ChargeKey::of_currency(charge.billing_currency.clone());
    key.period_start = period_start(charge.charge_period.start, query.granularity);
    for dimension in &query.group_by {
        match dimension {
            Dimension::BillingAccountId => key.billing_account_id = Some(charge.billing_account_id.clone()),
            Dimension::SubAccountId => key.sub_account_id.clone_from(&charge.sub_account_id),
            Dimension::RegionId => key.region_id.clone_from(&charge.region_id),
            Dimension::ServiceName => key.service_name = Some(charge.service_name.clone()),
            Dimension::ServiceCode => key.service_code.clone_from(&charge.service_code),
            Dimension::ServiceCategory => key.service_category.clone_from(&charge.service_category),
            Dimension::ChargeCategory => key.charge_category = Some(charge.charge_category),
            Dimension::IsCorrection => key.is_correction = Some(charge.is_correction),
            Dimension::PricingCategory => key.pricing_category = charge.pricing_category,
            Dimension::UsageType => key.usage_type.clone_from(&charge.usage_type),
            Dimension::Operation => key.operation.clone_from(&charge.operation),
            Dimension::InstanceType => key.instance_type.clone_from(&charge.instance_type),
            Dimension::ChargeDescription => key.charge_description.clone_from(&charge.charge_description),
            Dimension::PricingUnit => key.pricing_unit.clone_from(&charge.pricing_unit),
            Dimension::PublisherName => key.publisher_name.clone_from(&charge.publisher_name),
            Dimension::CommitmentDiscountId => key.commitment_discount_id.clone_from(&charge.commitment_discount_id),
            Dimension::CommitmentDiscountType => key.commitment_discount_type.clone_from(&charge.commitment_discount_type),
            Dimension::CommitmentDiscountStatus => key.commitment_discount_status = charge.commitment_discount_status,
            Dimension::ResourceId => key.resource_id.clone_from(&charge.resource_id),
            Dimension::HasResource => key.has_resource = Some(charge.resource_id.is_some()),
            Dimension::HasTags => key.has_tags = Some(!charge.tags.is_empty()),
            Dimension::Tag => {}
        }
    }
    key
}

fn period_start(start: Timestamp, granularity: Granularity) -> Option<Timestamp> {
    let civil = TimeZone::UTC.to_datetime(start);
    let midnight = |date: Date| date.to_datetime(Time::midnight());
    let floor: DateTime = match granularity {
        Granularity::Total => return None,
        Granularity::Monthly => midnight(civil.date().first_of_month()),
        Granularity::Daily => midnight(civil.date()),
        Granularity::Hourly => civil.date().at(civil.hour(), 0, 0, 0),
    };
    TimeZone::UTC.to_timestamp(floor).ok()
}
