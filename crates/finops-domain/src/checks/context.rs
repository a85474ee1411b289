//! What a check may see: the spend of the judged window, already merged over its months.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{CheckMeta, CheckSelection};
use crate::charge::{ChargeCategory, ChargeGroup, ChargeKey, Costs};
use crate::id::{CheckId, Currency, ResourceId, ServiceName, SubAccountId};
use crate::period::{ChargePeriod, HOURS_PER_MONTH, Month};
use crate::resource::Resource;
use crate::resource_cost::{CostBasis, ResourceCosts, short_id};
use crate::snapshot::{Bill, Snapshot, SourceKind};

/// The months that are judged: bills close by the month, so a window is made of whole ones where the bill has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedWindow {
    /// From the first month's start, or the bill's, to the last month's end, or the usage's.
    pub period: ChargePeriod,
    /// The months, oldest first; never empty.
    pub months: Vec<Month>,
    /// Whether the bill reaches to the end of the last month.
    pub is_complete: bool,
    /// Hours of `period`, at least 1: what savings are scaled by.
    pub hours: u32,
}

impl JudgedWindow {
    /// The window that covers the last `days` of a bill: as many whole months as that takes, ending with the last
    /// complete one; the month under way only where there is no complete one, or where the bill has less of that than of
    /// the month under way. `None` for a bill without usage.
    pub fn of(bill: &Bill, days: u16) -> Option<Self> {
        let usage = bill.usage_reach().or(bill.charge_period)?;
        let first = Month::containing(usage.start);
        let last_instant = jiff::Timestamp::from_second(usage.end.as_second() - 1).unwrap_or(usage.end);
        let current = Month::containing(last_instant);
        let is_closed = current.is_reached_by(usage.end);
        // Of a bill that begins with the last days of a month, more is known of the month under way.
        let before_current = current.start().as_second() - usage.start.as_second();
        let is_scrap = current.previous() == first && before_current < usage.end.as_second() - current.start().as_second();
        let is_whole = usage.start <= first.start();
        let last = if is_closed || current == first || (is_scrap && !is_whole) { current } else { current.previous() };
        let wanted = u32::from(days).div_ceil(31).max(1);
        let mut months = vec![last];
        while (months.len() as u32) < wanted && months.first().is_some_and(|month| *month > first) {
            let earlier = months.first().map_or(last, |month| month.previous());
            months.insert(0, earlier);
        }
        let start = months.first().map_or(usage.start, |month| month.start()).max(usage.start);
        let is_complete = last != current || is_closed;
        let end = if is_complete { last.next().start() } else { usage.end };
        let period = ChargePeriod { start, end };
        Some(Self { period, months, is_complete, hours: period.hours().max(1) })
    }

    /// The window of a live account: all that its bill has, which is as many days as were asked for.
    fn rolling(usage: ChargePeriod) -> Self {
        let (first, last) = (Month::containing(usage.start), Month::containing(usage.end));
        let mut months = vec![first];
        while let Some(month) = months.last().copied().filter(|month| *month < last) {
            months.push(month.next());
        }
        // Its first and last month are parts of months, so none of them can be compared with another.
        Self { period: usage, months, is_complete: false, hours: usage.hours().max(1) }
    }

    /// The last `days` before an instant: what is judged where there is no bill.
    pub fn before(end: jiff::Timestamp, days: u16) -> Self {
        let start = end.saturating_sub(jiff::SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(end);
        Self::rolling(ChargePeriod { start, end })
    }

    /// The window of a snapshot's bill: of a live account all that there is of it, else [`Self::of`].
    pub fn of_snapshot(snapshot: &Snapshot, bill: &Bill, days: u16) -> Option<Self> {
        match snapshot.source.kind {
            SourceKind::Aws => bill.usage_period.or(bill.charge_period).map(Self::rolling),
            SourceKind::Bill | SourceKind::Demo | SourceKind::Snapshot => Self::of(bill, days),
        }
    }

    /// What an amount of this window is in a month of [`HOURS_PER_MONTH`] hours.
    pub fn to_month(&self, amount: Decimal) -> Decimal {
        amount * Decimal::from(HOURS_PER_MONTH) / Decimal::from(self.hours)
    }
}

/// Where the lines of an account and a service are in [`CheckContext::lines`].
pub(super) type LineIndex<'a> = BTreeMap<(Option<&'a SubAccountId>, Option<&'a ServiceName>), Vec<usize>>;

/// What a check may see.
#[derive(Debug)]
pub struct CheckContext<'a> {
    /// Everything that was collected.
    pub snapshot: &'a Snapshot,
    /// Its bill.
    pub bill: &'a Bill,
    /// The months that are judged.
    pub window: &'a JudgedWindow,
    /// [`Bill::lines`] of the window, of every charge category, merged over its months (`period_start` is `None`).
    pub lines: &'a [ChargeGroup],
    /// [`Bill::by_resource`] of the window, likewise.
    pub by_resource: &'a [ChargeGroup],
    pub(super) resource_costs: &'a ResourceCosts,
    pub(super) resource_index: &'a BTreeMap<&'a ResourceId, Vec<usize>>,
    pub(super) line_index: &'a LineIndex<'a>,
    pub(super) selection: &'a CheckSelection,
    pub(super) meta: &'static CheckMeta,
}

impl<'a> CheckContext<'a> {
    /// Lines of charge category Usage that are no corrections of former periods, and cost something.
    pub fn usage(&self) -> impl Iterator<Item = &'a ChargeGroup> + use<'a> {
        self.lines.iter().filter(|line| is_judged_usage(line))
    }

    /// Resource groups of charge category Usage that cost something.
    pub fn resource_usage(&self) -> impl Iterator<Item = &'a ChargeGroup> + use<'a> {
        self.by_resource.iter().filter(|line| is_judged_usage(line))
    }

    /// The same of one resource.
    pub fn usage_of(&self, resource_id: &ResourceId) -> impl Iterator<Item = &'a ChargeGroup> + use<'a> {
        let by_resource = self.by_resource;
        let places = self.resource_index.get(resource_id).cloned().unwrap_or_default();
        places.into_iter().filter_map(move |index| by_resource.get(index)).filter(|line| is_judged_usage(line))
    }

    /// What a resource of the inventory costs in the window: as the bill names it, by its ARN or its id, else by its share of the
    /// lines or at list prices. `None` where nothing tells.
    pub fn cost_of(&self, resource: &Resource) -> Option<(CostBasis, Vec<&'a ChargeGroup>)> {
        let short = short_id(&resource.resource_id);
        let billed = [Some(&resource.resource_id), short.as_ref()].into_iter().flatten();
        for id in billed {
            let lines: Vec<&ChargeGroup> = self.usage_of(id).collect();
            if !lines.is_empty() {
                return Some((CostBasis::Billed, lines));
            }
        }
        let costs = self.resource_costs;
        costs.get(&resource.resource_id).map(|cost| (cost.basis, cost.lines.iter().collect()))
    }

    /// The value of one of this check's parameters.
    pub fn parameter(&self, name: &str) -> Decimal {
        let set = self.selection.parameters.get(&(CheckId::from(self.meta.id), name.to_owned())).copied();
        let default = || {
            let parameter = self.meta.parameters.iter().find(|parameter| parameter.name == name);
            parameter.and_then(|parameter| parameter.default.parse().ok()).unwrap_or_default()
        };
        set.unwrap_or_else(default)
    }

    /// The currencies of the window, sorted.
    pub fn currencies(&self) -> Vec<Currency> {
        let mut currencies: Vec<Currency> = self.lines.iter().map(|line| line.key.billing_currency.clone()).collect();
        currencies.sort();
        currencies.dedup();
        currencies
    }

    /// Costs of a month, of the lines that a predicate keeps, in one currency.
    pub fn month_costs(&self, month: Month, currency: &Currency, keep: impl Fn(&ChargeKey) -> bool) -> Costs {
        let of_month = self.bill.lines.iter().filter(|line| line.key.month() == Some(month));
        of_month.filter(|line| line.key.billing_currency == *currency && keep(&line.key)).map(|line| line.costs).sum()
    }
}

fn is_judged_usage(line: &ChargeGroup) -> bool {
    line.key.charge_category == Some(ChargeCategory::Usage) && line.key.is_correction != Some(true) && line.costs.effective > Decimal::ZERO
}

/// Groups of the window's months, merged over them, sorted by key.
pub(super) fn merge_window(groups: &[ChargeGroup], window: &JudgedWindow) -> Vec<ChargeGroup> {
    let mut merged: BTreeMap<ChargeKey, ChargeGroup> = BTreeMap::new();
    for group in groups.iter().filter(|group| group.key.month().is_some_and(|month| window.months.contains(&month))) {
        let mut key = group.key.clone();
        key.period_start = None;
        match merged.get_mut(&key) {
            None => {
                merged.insert(key.clone(), ChargeGroup { key, ..group.clone() });
            }
            Some(sum) => {
                sum.costs += group.costs;
                sum.pricing_quantity += group.pricing_quantity;
                sum.rows += group.rows;
                sum.rows_without_list_cost += group.rows_without_list_cost;
                sum.rows_without_contracted_cost += group.rows_without_contracted_cost;
            }
        }
    }
    merged.into_values().collect()
}
