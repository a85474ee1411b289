//! Lines in FOCUS terms.

use std::collections::BTreeMap;
use std::sync::Arc;

use finops_domain::catalog::Catalog;
use finops_domain::charge::{Charge, PricingCategory};
use finops_domain::id::{BillingAccountId, ServiceCode, SubAccountId};
use finops_domain::usage_type;

use super::Line;
use crate::record_type::{commitment_status, facts};
use crate::regions::Regions;
use crate::row::{CostRow, Effective};

/// The service of what no request explains.
const NOT_ITEMIZED: &str = "Not itemized by Cost Explorer";

/// What lines do not know of themselves.
#[derive(Clone, Debug)]
pub(crate) struct Naming {
    /// Whose Cost Explorer was asked: Cost Explorer does not say who is invoiced.
    pub(crate) billing_account: BillingAccountId,
    pub(crate) account_names: BTreeMap<SubAccountId, Arc<str>>,
    pub(crate) regions: Regions,
}

/// The charges of lines.
pub(crate) fn charges(lines: Vec<Line>, naming: &Naming) -> Vec<Charge> {
    let mut codes: BTreeMap<Arc<str>, Option<ServiceCode>> = BTreeMap::new();
    let no_tags = Arc::default();
    lines
        .into_iter()
        .map(|line| {
            let service_code =
                line.service.as_ref().and_then(|service| codes.entry(Arc::clone(service)).or_insert_with(|| service_code(service)).clone());
            charge(line, service_code, naming, &no_tags)
        })
        .collect()
}

/// The product code of what Cost Explorer calls a service; of several the first, which is the service's main one.
fn service_code(name: &str) -> Option<ServiceCode> {
    Catalog::embedded().service_of_name(name)?.product_codes.first().copied().map(ServiceCode::from)
}

type Tags = Arc<BTreeMap<Arc<str>, Arc<str>>>;

fn charge(line: Line, service_code: Option<ServiceCode>, naming: &Naming, tags: &Tags) -> Charge {
    let facts = facts(&line.record_type);
    let usage_type = line.usage_type.filter(|usage_type| !matches!(&**usage_type, "" | "NoUsageType"));
    let parsed = usage_type.as_deref().map(usage_type::parse);
    // Spot usage is on-demand usage by record type, and its own by usage type.
    let is_spot = facts.pricing == Some(PricingCategory::Standard) && parsed.is_some_and(|parsed| parsed.measure.starts_with("SpotUsage"));
    let quantity = line.usage.filter(|_| facts.counts_usage);
    let sub_account_id = line.account.map(SubAccountId::from);
    Charge {
        charge_period: line.period,
        billing_account_id: naming.billing_account.clone(),
        sub_account_name: sub_account_id.as_ref().and_then(|id| naming.account_names.get(id)).cloned(),
        sub_account_id,
        billing_currency: line.currency,
        billed_cost: line.billed,
        effective_cost: line.effective,
        list_cost: None,
        contracted_cost: None,
        charge_category: facts.category,
        is_correction: false,
        charge_description: usage_type.is_none().then_some(line.record_type),
        pricing_category: if is_spot { Some(PricingCategory::Dynamic) } else { facts.pricing },
        pricing_quantity: quantity,
        pricing_unit: quantity.and(line.usage_unit),
        service_name: line.service.unwrap_or_else(|| NOT_ITEMIZED.into()).into(),
        service_code,
        service_category: None,
        operation: None,
        instance_type: parsed.and_then(|parsed| parsed.instance_type).map(Arc::from),
        region_id: usage_type.as_deref().and_then(|usage_type| naming.regions.find(usage_type)),
        usage_type,
        resource_id: line.resource.map(Into::into),
        publisher_name: None,
        commitment_discount_id: None,
        commitment_discount_type: facts.commitment_type.map(Arc::from),
        commitment_discount_status: commitment_status(facts, line.effective),
        tags: Arc::clone(tags),
    }
}

/// Charges that know a tag and little else, from groups of tag × record type: to answer what is asked by tag, beside the others and
/// never added to them. A group without a value has no such tag, and is left out.
pub(crate) fn tag_charges(rows: &[CostRow], effective: Effective, naming: &Naming) -> Vec<Charge> {
    let tagged = |row: &CostRow| {
        let [tag, record_type] = &row.keys;
        let (key, value) = tag.split_once('$').filter(|(_, value)| !value.is_empty())?;
        let line = Line::of(row, effective, record_type, None, None);
        let tags: Tags = Arc::new(BTreeMap::from([(Arc::from(key), Arc::from(value))]));
        Some(charge(line, None, naming, &tags))
    };
    rows.iter().filter_map(tagged).collect()
}
