//! What single resources cost where no bill names them: their share of the lines that they must be in, or list prices.
//!
//! Cost Explorer says what an account paid for `EBS:VolumeUsage.gp3` in a region, and not which volume for how much. What stands there is
//! known from the inventory ([`crate::resource_usage`]), so each gets its share by quantity, at the price that was really paid, and
//! together never more than the line. Without any cost data it is list prices, marked as such.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::catalog::Catalog;
use crate::charge::{ChargeCategory, ChargeGroup, ChargeKey, Costs, PricingCategory};
use crate::id::{RegionId, ResourceId, ServiceName, SubAccountId};
use crate::period::{ChargePeriod, HOURS_PER_MONTH};
use crate::price::{PriceBook, UnitPrice};
use crate::resource::Resource;
use crate::resource_usage::{StandingUsage, standing_usage};
use crate::usage_type;

/// How the cost of a resource is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CostBasis {
    /// The bill names the resource.
    Billed,
    /// Its share, by quantity, of what the bill says of all of its kind in the account and region.
    Attributed,
    /// What it takes while it stands, at list prices.
    ListPrice,
}

/// What one resource costs in the judged window.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceCost {
    /// How that is known.
    pub basis: CostBasis,
    /// What it is made of, with keys that name the resource.
    pub lines: Vec<ChargeGroup>,
    /// The prices that it was computed at, where they are list prices, in the order of `lines`.
    pub prices: Vec<UnitPrice>,
    /// Whether it is the most that it can be: see [`StandingUsage::is_upper_bound`].
    pub is_upper_bound: bool,
}

/// Decimals of a price per unit; cut off, so that shares add up to no more than what was paid.
const PRICE_DECIMALS: u32 = 12;

/// Costs of resources by id.
pub type ResourceCosts = BTreeMap<ResourceId, ResourceCost>;

/// The share of each resource in the lines of a window.
pub fn attributed(resources: &[Resource], lines: &[ChargeGroup], window: ChargePeriod) -> ResourceCosts {
    let paid = Paid::of(lines);
    let mut wanted: BTreeMap<usize, Vec<(&Resource, StandingUsage, Decimal)>> = BTreeMap::new();
    for resource in resources {
        for usage in standing_usage(resource) {
            let Some(line) = paid.find(resource, &usage) else { continue };
            let quantity = quantity_in(window, resource.created_at, usage.quantity_per_month);
            wanted.entry(line).or_default().push((resource, usage, quantity));
        }
    }
    let mut costs = ResourceCosts::new();
    for (line, shares) in wanted {
        let Some(total) = paid.totals.get(line) else { continue };
        let together: Decimal = shares.iter().map(|(_, _, quantity)| *quantity).sum();
        // Never more than was paid, and where less stands than was paid for, what is gone keeps its share.
        let Some(price) = total.on_demand_cost.checked_div(total.quantity.max(together)) else { continue };
        let price = price.round_dp_with_strategy(PRICE_DECIMALS, RoundingStrategy::ToZero);
        for (resource, usage, quantity) in shares {
            let mut key = total.key.clone();
            key.resource_id = Some(resource.resource_id.clone());
            let cost = costs.entry(resource.resource_id.clone()).or_insert_with(|| ResourceCost {
                basis: CostBasis::Attributed,
                lines: Vec::new(),
                prices: Vec::new(),
                is_upper_bound: false,
            });
            cost.lines.push(group(key, quantity, quantity * price));
            cost.is_upper_bound |= usage.is_upper_bound;
        }
    }
    costs
}

/// What resources take while they stand, at list prices; nothing for one of which any price is missing.
pub fn at_list_prices(resources: &[Resource], prices: &PriceBook, window: ChargePeriod) -> ResourceCosts {
    let mut costs = ResourceCosts::new();
    for resource in resources {
        let usage = standing_usage(resource);
        let priced: Vec<(&StandingUsage, &UnitPrice)> = usage.iter().filter_map(|usage| Some((usage, prices.get(&usage.key)?))).collect();
        if priced.is_empty() || priced.len() < usage.len() {
            continue;
        }
        let line = |(usage, price): &(&StandingUsage, &UnitPrice)| {
            let mut key = ChargeKey::of_currency(price.currency.clone());
            key.sub_account_id = Some(resource.sub_account_id.clone());
            key.region_id.clone_from(&resource.region_id);
            key.service_code = Some(usage.key.service_code.clone());
            key.service_name = service_name(&usage.key.service_code);
            key.charge_category = Some(ChargeCategory::Usage);
            key.pricing_category = Some(PricingCategory::Standard);
            key.usage_type = Some(Arc::clone(&usage.key.usage_type));
            key.resource_id = Some(resource.resource_id.clone());
            let quantity = quantity_in(window, resource.created_at, usage.quantity_per_month);
            group(key, quantity, quantity * price.amount)
        };
        costs.insert(
            resource.resource_id.clone(),
            ResourceCost {
                basis: CostBasis::ListPrice,
                lines: priced.iter().map(line).collect(),
                prices: priced.iter().map(|(_, price)| (*price).clone()).collect(),
                is_upper_bound: usage.iter().any(|usage| usage.is_upper_bound),
            },
        );
    }
    costs
}

/// The id by which a bill may know a resource beside its ARN: EC2's rows have `vol-1`.
pub fn short_id(resource_id: &ResourceId) -> Option<ResourceId> {
    let (_, id) = resource_id.as_str().rsplit_once('/')?;
    Catalog::embedded().recognize_resource_id(id).map(|_| ResourceId::from(id))
}

fn service_name(code: &crate::id::ServiceCode) -> Option<ServiceName> {
    let service = Catalog::embedded().service_of_product_code(code.as_str())?;
    Some(ServiceName::from(service.focus_service_names.first().copied().unwrap_or(service.name)))
}

fn group(key: ChargeKey, quantity: Decimal, effective: Decimal) -> ChargeGroup {
    let costs = Costs { effective, billed: effective, list: Decimal::ZERO, contracted: Decimal::ZERO };
    ChargeGroup { key, costs, pricing_quantity: quantity, rows: 1, rows_without_list_cost: 1, rows_without_contracted_cost: 1 }
}

/// What a quantity of a whole month is in a window, from when the resource was made.
fn quantity_in(window: ChargePeriod, created_at: Option<Timestamp>, per_month: Decimal) -> Decimal {
    let start = created_at.map_or(window.start, |created| created.max(window.start));
    let hours = ChargePeriod { start: start.min(window.end), end: window.end }.hours();
    per_month * Decimal::from(hours) / Decimal::from(HOURS_PER_MONTH)
}

/// Account, region, service code and usage type without region code.
type LineId<'a> = (&'a SubAccountId, &'a RegionId, &'a str, &'a str);

/// What was paid for each usage type.
#[derive(Debug, Default)]
struct Paid<'a> {
    index: BTreeMap<LineId<'a>, usize>,
    totals: Vec<Total>,
}

#[derive(Debug)]
struct Total {
    /// What its on-demand rows have in common.
    key: ChargeKey,
    /// Of all rows, those that a commitment covers among them.
    quantity: Decimal,
    /// Of on-demand rows alone: stopping what a commitment covers saves nothing.
    on_demand_cost: Decimal,
}

impl<'a> Paid<'a> {
    fn of(lines: &'a [ChargeGroup]) -> Self {
        let mut paid = Self::default();
        let usage = lines.iter().filter(|line| line.key.charge_category == Some(ChargeCategory::Usage));
        for line in usage.filter(|line| line.key.is_correction != Some(true)) {
            let key = &line.key;
            let (Some(account), Some(region), Some(code), Some(usage_type)) =
                (&key.sub_account_id, &key.region_id, &key.service_code, key.usage_type.as_deref())
            else {
                continue;
            };
            let bare = without_region(usage_type);
            let at = *paid.index.entry((account, region, code.as_str(), bare)).or_insert_with(|| {
                paid.totals.push(Total { key: common_key(key), quantity: Decimal::ZERO, on_demand_cost: Decimal::ZERO });
                paid.totals.len() - 1
            });
            let Some(total) = paid.totals.get_mut(at) else { continue };
            total.quantity += line.pricing_quantity;
            if matches!(key.pricing_category, None | Some(PricingCategory::Standard)) && line.costs.effective > Decimal::ZERO {
                total.on_demand_cost += line.costs.effective;
            }
        }
        paid
    }

    /// The line that a resource's usage must be in, if anything was paid for it on demand.
    fn find(&self, resource: &Resource, usage: &StandingUsage) -> Option<usize> {
        let wanted = (&resource.sub_account_id, &usage.key.region_id, usage.key.service_code.as_str(), &*usage.key.usage_type);
        let at = *self.index.get(&wanted)?;
        self.totals.get(at).filter(|total| total.on_demand_cost > Decimal::ZERO).map(|_| at)
    }
}

/// What rows of one usage type have in common, so that a claim on a share of it covers no other money.
fn common_key(key: &ChargeKey) -> ChargeKey {
    ChargeKey {
        sub_account_id: key.sub_account_id.clone(),
        region_id: key.region_id.clone(),
        service_name: key.service_name.clone(),
        service_code: key.service_code.clone(),
        charge_category: key.charge_category,
        pricing_category: key.pricing_category,
        usage_type: key.usage_type.clone(),
        ..ChargeKey::of_currency(key.billing_currency.clone())
    }
}

/// `EU-EBS:VolumeUsage.gp3` as `EBS:VolumeUsage.gp3`; an instance type stays.
fn without_region(text: &str) -> &str {
    match usage_type::parse(text).region_prefix {
        Some(prefix) => text.get(prefix.len() + 1..).unwrap_or(text),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::testing::{bill, dec, usage};
    use crate::resource::ec2::VolumeDetails;

    fn volume(id: &str, size_gib: u32) -> Resource {
        let id = format!("arn:aws:ec2:us-east-1:111122223333:volume/{id}");
        let mut resource = Resource::new(id, "ec2:volume", "111122223333".into(), Some("us-east-1".into()));
        resource.details = Some(Box::new(VolumeDetails { volume_type: "gp3".into(), size_gib, ..VolumeDetails::default() }.into()));
        resource
    }

    fn december() -> ChargePeriod {
        ChargePeriod { start: "2025-12-01T00:00:00Z".parse().unwrap(), end: "2026-01-01T00:00:00Z".parse().unwrap() }
    }

    fn cost(costs: &ResourceCosts, resource: &Resource) -> Decimal {
        costs.get(&resource.resource_id).map(|cost| cost.lines.iter().map(|line| line.costs.effective).sum()).unwrap_or_default()
    }

    #[test]
    fn what_stands_shares_what_was_paid_and_what_is_gone_keeps_its_part() {
        // 1,000 GB-months were paid; volumes of 300 stand, for 744 of 730 hours.
        let lines = bill(&[usage("AmazonEC2", "EBS:VolumeUsage.gp3", "1000", "80")]).lines;
        let resources = [volume("vol-1", 100), volume("vol-2", 200)];
        let costs = attributed(&resources, &lines, december());
        let hours = Decimal::from(744) / Decimal::from(730);
        assert_eq!(cost(&costs, &resources[0]).round_dp(10), (dec("8") * hours).round_dp(10));
        assert_eq!(cost(&costs, &resources[1]).round_dp(10), (dec("16") * hours).round_dp(10));
    }

    #[test]
    fn together_they_never_cost_more_than_the_line() {
        let lines = bill(&[usage("AmazonEC2", "EBS:VolumeUsage.gp3", "100", "8")]).lines;
        let resources = [volume("vol-1", 100), volume("vol-2", 300)];
        let costs = attributed(&resources, &lines, december());
        let sum: Decimal = resources.iter().map(|resource| cost(&costs, resource)).sum();
        assert!(sum <= dec("8") && sum > dec("7.99"), "{sum}");
    }

    #[test]
    fn what_was_not_charged_costs_nothing() {
        let lines = bill(&[usage("AmazonEC2", "EBS:VolumeUsage.gp2", "100", "10")]).lines;
        assert!(attributed(&[volume("vol-1", 100)], &lines, december()).is_empty());
    }

    #[test]
    fn a_resource_is_priced_whole_or_not_at_all() {
        let mut fast = volume("vol-1", 100);
        let details = VolumeDetails { volume_type: "gp3".into(), size_gib: 100, iops: Some(4_000), ..VolumeDetails::default() };
        fast.details = Some(Box::new(details.into()));
        let price = UnitPrice {
            amount: dec("0.08"),
            currency: "USD".into(),
            unit: "GB-Mo".into(),
            source: crate::price::PriceSource::Embedded,
            as_of: jiff::civil::date(2026, 11, 1),
        };
        let storage = standing_usage(&fast)[0].key.clone();
        let book = PriceBook::from([(storage, price)]);
        assert!(at_list_prices(&[fast], &book, december()).is_empty());
        let costs = at_list_prices(&[volume("vol-2", 730)], &book, december());
        assert_eq!(cost(&costs, &volume("vol-2", 730)), dec("0.08") * dec("744"));
    }

    #[test]
    fn ec2_is_known_to_bills_by_its_short_id() {
        assert_eq!(short_id(&"arn:aws:ec2:us-east-1:111122223333:volume/vol-1".into()), Some("vol-1".into()));
        assert_eq!(short_id(&"arn:aws:dynamodb:us-east-1:111122223333:table/orders".into()), None);
    }
}
