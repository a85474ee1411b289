//! The book that the demonstration account's parts are written into.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use finops_domain::charge::{Charge, ChargeCategory, CommitmentDiscountStatus, PricingCategory};
use finops_domain::id::{RegionId, ResourceId, ServiceCode, ServiceName, SubAccountId};
use finops_domain::resource::{InventoryLayer, Resource, ResourceDetails};
use finops_domain::utilization::UtilizationSeries;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::PlantedCase;
use super::calendar::{self, LAST, Period};
use super::places::{Account, Place, ROOT, Region, SANDBOX};
use super::random::Random;
use super::services::Service;

/// Tags as a charge carries them.
pub(super) type Tags = Arc<BTreeMap<Arc<str>, Arc<str>>>;

/// What the organisation's agreement with AWS leaves of list prices, in percent.
pub(super) const AGREED_PERCENT: i64 = 96;

/// A commitment that usage can be covered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Commitment {
    pub(super) id: &'static str,
    /// `Savings Plan` or `Reserved`.
    pub(super) kind: &'static str,
}

/// How a line is priced.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pricing {
    OnDemand,
    /// At 38 % of the list price.
    Spot,
    /// By a commitment, at this percentage of the list price.
    Covered(Commitment, i64),
}

/// How much there is of a line over time.
#[derive(Clone, Copy, Debug)]
pub(super) enum Amount {
    /// Thousandths a day, every day.
    EveryDay(i64),
    /// Thousandths a working day; weekends have 55 % of it, and each month 1 % more than the one before.
    Traffic(i64),
    /// Thousandths of a unit that is billed by the month, prorated over its days: GB-months, keys, secrets.
    Monthly(i64),
    /// The same in the last month; the months before have this many per mille less each.
    Growing(i64, i64),
}

/// One thing that is billed, over all the months.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) account: Account,
    pub(super) region: Option<Region>,
    pub(super) service: &'static Service,
    pub(super) usage_type: String,
    pub(super) operation: &'static str,
    pub(super) instance_type: Option<String>,
    pub(super) description: String,
    pub(super) unit: &'static str,
    pub(super) resource: Option<String>,
    pub(super) tags: Tags,
    /// List price of a unit in billionths of a dollar.
    pub(super) price: i64,
    pub(super) amount: Amount,
    pub(super) pricing: Pricing,
    /// The first month that it is billed in.
    pub(super) since: i64,
    /// The last one.
    pub(super) until: i64,
    pub(super) category: ChargeCategory,
    pub(super) publisher: &'static str,
    /// Whether the organisation's discount applies.
    pub(super) is_discounted: bool,
}

impl Line {
    /// On-demand usage at a price of us-east-1, which the region's level is put to; the usage type gets its prefix.
    pub(super) fn new(place: Place, service: &'static Service, usage: &str, unit: &'static str, price: i64, amount: Amount) -> Self {
        let (account, region) = place;
        let price = price * region.price_percent / 100;
        Self {
            account,
            region: Some(region),
            service,
            usage_type: format!("{}{usage}", region.prefix),
            operation: "",
            instance_type: None,
            description: format!("{} per {unit} of {usage} in {}", dollars(price), region.id),
            unit,
            resource: None,
            tags: tags_of(account),
            price,
            amount,
            pricing: Pricing::OnDemand,
            since: 0,
            until: LAST,
            category: ChargeCategory::Usage,
            publisher: "Amazon Web Services",
            is_discounted: true,
        }
    }

    pub(super) fn operation(mut self, operation: &'static str) -> Self {
        self.operation = operation;
        self
    }

    pub(super) fn instance_type(mut self, instance_type: &str) -> Self {
        self.instance_type = Some(instance_type.to_owned());
        self
    }

    pub(super) fn resource(mut self, resource: &str) -> Self {
        self.resource = Some(resource.to_owned());
        self
    }

    pub(super) fn until(mut self, month: i64) -> Self {
        self.until = month;
        self
    }

    pub(super) fn priced(mut self, pricing: Pricing) -> Self {
        self.pricing = pricing;
        self
    }

    /// Marks the line as a commitment's own.
    pub(super) fn priced_by(&mut self, commitment: Commitment) {
        self.pricing = Pricing::Covered(commitment, 100);
    }

    pub(super) fn since(mut self, month: i64) -> Self {
        self.since = month;
        self
    }
}

/// `$0.08` of billionths.
fn dollars(price: i64) -> String {
    format!("${}", Decimal::new(price, 9).normalize())
}

/// The tags that the organisation's policy asks for; the sandbox does not keep to it.
pub(super) fn tags_of(account: Account) -> Tags {
    if account == SANDBOX {
        return Tags::default();
    }
    let tag = |key: &str, value: &str| (Arc::from(key), Arc::from(value));
    Arc::new(BTreeMap::from([tag("Environment", account.environment), tag("Owner", account.owner), tag("CostCenter", account.cost_center)]))
}

/// Everything that has been written so far.
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) charges: Vec<Charge>,
    pub(super) resources: Vec<Resource>,
    pub(super) utilization: Vec<UtilizationSeries>,
    pub(super) truth: Vec<PlantedCase>,
    pub(super) random: Random,
    pub(super) periods: Vec<Period>,
    /// Effective cost of what each commitment covered, by period.
    pub(super) covered: BTreeMap<Commitment, Vec<Decimal>>,
    texts: HashMap<String, Arc<str>>,
    tag_sets: Vec<Tags>,
}

impl Ledger {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            charges: Vec::with_capacity(280_000),
            resources: Vec::new(),
            utilization: Vec::new(),
            truth: Vec::new(),
            random: Random::new(seed),
            periods: calendar::periods(),
            covered: BTreeMap::new(),
            texts: HashMap::new(),
            tag_sets: Vec::new(),
        }
    }

    /// One copy of each text.
    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let new: Arc<str> = Arc::from(text);
        self.texts.insert(text.to_owned(), new.clone());
        new
    }

    /// A row with the line's words and no money.
    fn blank(&mut self, line: &Line) -> Charge {
        let (category, commitment) = match line.pricing {
            Pricing::OnDemand => (PricingCategory::Standard, None),
            Pricing::Spot => (PricingCategory::Dynamic, None),
            Pricing::Covered(commitment, _) => (PricingCategory::Committed, Some(commitment)),
        };
        let first = self.periods.first().map(|period| period.charge_period);
        Charge {
            charge_period: first
                .unwrap_or(finops_domain::period::ChargePeriod { start: Timestamp::UNIX_EPOCH, end: Timestamp::UNIX_EPOCH }),
            billing_account_id: self.text(ROOT.id).into(),
            sub_account_id: Some(self.text(line.account.id).into()),
            sub_account_name: Some(self.text(line.account.name)),
            billing_currency: self.text("USD").into(),
            billed_cost: Decimal::ZERO,
            effective_cost: Decimal::ZERO,
            list_cost: Some(Decimal::ZERO),
            contracted_cost: Some(Decimal::ZERO),
            charge_category: line.category,
            is_correction: false,
            charge_description: Some(self.text(&line.description)),
            pricing_category: Some(category),
            pricing_quantity: None,
            pricing_unit: Some(self.text(line.unit)),
            service_name: ServiceName::new(self.text(line.service.name)),
            service_code: Some(ServiceCode::new(self.text(line.service.code))),
            service_category: Some(self.text(line.service.category)),
            usage_type: (!line.usage_type.is_empty()).then(|| self.text(&line.usage_type)),
            operation: (!line.operation.is_empty()).then(|| self.text(line.operation)),
            instance_type: line.instance_type.as_deref().map(|text| self.text(text)),
            region_id: line.region.map(|region| RegionId::new(self.text(region.id))),
            resource_id: line.resource.as_deref().map(|text| ResourceId::new(self.text(text))),
            publisher_name: Some(self.text(line.publisher)),
            commitment_discount_id: commitment.map(|commitment| self.text(commitment.id)),
            commitment_discount_type: commitment.map(|commitment| self.text(commitment.kind)),
            commitment_discount_status: commitment.map(|_| CommitmentDiscountStatus::Used),
            tags: self.shared(&line.tags),
        }
    }

    /// The one set of tags of this content that all rows share.
    fn shared(&mut self, tags: &Tags) -> Tags {
        if let Some(known) = self.tag_sets.iter().find(|known| *known == tags) {
            return known.clone();
        }
        self.tag_sets.push(tags.clone());
        tags.clone()
    }

    /// Writes a line's rows, one for each period.
    pub(super) fn add(&mut self, line: &Line) {
        let blank = self.blank(line);
        for index in 0..self.periods.len() {
            let Some(period) = self.periods.get(index).copied().filter(|period| (line.since..=line.until).contains(&period.month)) else {
                continue;
            };
            let quantity = quantity_in(line.amount, &period);
            if quantity == 0 {
                continue;
            }
            let costs = costs_of(line, quantity);
            if let Pricing::Covered(commitment, _) = line.pricing {
                let length = self.periods.len();
                let sums = self.covered.entry(commitment).or_insert_with(|| vec![Decimal::ZERO; length]);
                if let Some(sum) = sums.get_mut(index) {
                    *sum += costs.effective;
                }
            }
            self.charges.push(Charge {
                charge_period: period.charge_period,
                billed_cost: costs.billed,
                effective_cost: costs.effective,
                list_cost: Some(costs.list),
                contracted_cost: Some(costs.contracted),
                pricing_quantity: Some(Decimal::new(quantity, 3)),
                ..blank.clone()
            });
        }
    }

    /// Writes one row of a line: so many thousandths on one day.
    pub(super) fn add_on(&mut self, line: &Line, day: jiff::civil::Date, quantity: i64) {
        let Some(period) = self.periods.iter().find(|period| period.first_day == day).copied() else { return };
        let (mut row, costs) = (self.blank(line), costs_of(line, quantity));
        row.charge_period = period.charge_period;
        row.billed_cost = costs.billed;
        row.effective_cost = costs.effective;
        row.list_cost = Some(costs.list);
        row.contracted_cost = Some(costs.contracted);
        row.pricing_quantity = Some(Decimal::new(quantity, 3));
        self.charges.push(row);
    }

    /// Writes one row of a line over one period, with these costs.
    pub(super) fn add_row(&mut self, line: &Line, period: finops_domain::period::ChargePeriod, billed: Decimal, effective: Decimal) {
        let mut row = self.blank(line);
        row.charge_period = period;
        row.billed_cost = billed;
        row.effective_cost = effective;
        let list = billed.max(effective);
        row.list_cost = Some(list);
        row.contracted_cost = Some(list);
        row.pricing_quantity = Some(Decimal::ONE);
        self.charges.push(row);
    }

    /// Puts a resource into the inventory; it was made at some hour of the month `since`, or long before for 0.
    pub(super) fn resource(&mut self, kind: &'static str, line: &Line, name: &str, configuration: &[(&str, &str)]) {
        let Some(resource_id) = line.resource.as_deref() else { return };
        let hours = if line.since == 0 { self.random.between(24, 24 * 900) } else { -self.random.between(0, 24) - (line.since * 730) };
        let created = calendar::midnight(calendar::FIRST_DAY).saturating_sub(SignedDuration::from_hours(hours)).ok();
        let configuration = configuration.iter().map(|(key, value)| (self.text(key), self.text(value))).collect();
        let resource = Resource {
            resource_id: ResourceId::new(self.text(resource_id)),
            kind: self.text(kind).into(),
            sub_account_id: SubAccountId::new(self.text(line.account.id)),
            region_id: line.region.map(|region| RegionId::new(self.text(region.id))),
            name: Some(Arc::from(name)),
            created_at: created,
            configuration,
            tags: (*line.tags).clone(),
            details: None,
            seen_by: BTreeSet::from([InventoryLayer::Service]),
        };
        self.resources.push(resource);
    }

    /// Says what the service itself knows of the resource that was put in last.
    pub(super) fn describe(&mut self, details: impl Into<ResourceDetails>) {
        if let Some(resource) = self.resources.last_mut() {
            resource.details = Some(Box::new(details.into()));
        }
    }

    /// Fourteen days of an average, in tenths.
    pub(super) fn utilization(&mut self, resource: &str, namespace: &str, metric: &str, low_tenths: i64, high_tenths: i64) {
        let end = self.periods.last().map_or(Timestamp::UNIX_EPOCH, |period| period.charge_period.end);
        let datapoints = (0..14)
            .filter_map(|day| {
                let at = end.saturating_sub(SignedDuration::from_hours(24 * (14 - day))).ok()?;
                let tenths = i32::try_from(self.random.between(low_tenths, high_tenths)).ok()?;
                Some((at, f64::from(tenths) / 10.0))
            })
            .collect();
        let resource_id = ResourceId::new(self.text(resource));
        self.utilization.push(UtilizationSeries {
            resource_id,
            namespace: namespace.to_owned(),
            metric_name: metric.to_owned(),
            statistic: "Average".to_owned(),
            period_seconds: 86_400,
            datapoints,
        });
    }
}

/// The four costs of a quantity of a line.
fn costs_of(line: &Line, quantity: i64) -> finops_domain::charge::Costs {
    let percent = |percent: i64| Decimal::from_i128_with_scale(i128::from(quantity) * i128::from(line.price) * i128::from(percent), 14);
    let list = percent(100);
    let contracted = if line.is_discounted { percent(AGREED_PERCENT) } else { list };
    let (billed, effective, contracted) = match line.pricing {
        Pricing::OnDemand => (contracted, contracted, contracted),
        Pricing::Spot => (percent(38), percent(38), percent(38)),
        Pricing::Covered(_, rate) => (Decimal::ZERO, percent(rate), contracted),
    };
    finops_domain::charge::Costs { billed, effective, list, contracted }
}

/// Thousandths of a unit in a period.
fn quantity_in(amount: Amount, period: &Period) -> i64 {
    // Rounded so that the days of a month add up to the month.
    let prorated =
        |month: i64| month * (period.days_before + period.days) / period.days_in_month - month * period.days_before / period.days_in_month;
    match amount {
        Amount::EveryDay(day) => day * period.days,
        Amount::Traffic(day) => {
            let effective_days = (period.days - period.weekend_days) * 100 + period.weekend_days * 55;
            day * effective_days * (100 - (LAST - period.month)) / 10_000
        }
        Amount::Monthly(month) => prorated(month),
        Amount::Growing(month, per_mille) => prorated(month * (1000 - per_mille * (LAST - period.month)).max(0) / 1000),
    }
}

/// What a line costs in the last month: what the truth table starts from.
pub(super) fn last_month_cost(line: &Line) -> Decimal {
    let periods = calendar::periods();
    let last = periods.iter().filter(|period| period.month == LAST && (line.since..=line.until).contains(&period.month));
    last.map(|period| costs_of(line, quantity_in(line.amount, period)).effective).sum()
}
