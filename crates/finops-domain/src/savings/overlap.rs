//! Which findings claim the same money.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::charge::ChargeKey;
use crate::finding::Finding;
use crate::id::{RegionId, ResourceId, ServiceName, SubAccountId};

/// Whether two keys may stand for the same rows: no field that both name differs. What a key leaves open is any.
pub fn may_overlap(a: &ChargeKey, b: &ChargeKey) -> bool {
    fn open_or_same<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
        match (a, b) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        }
    }
    a.billing_currency == b.billing_currency
        && open_or_same(a.billing_account_id.as_ref(), b.billing_account_id.as_ref())
        && open_or_same(a.sub_account_id.as_ref(), b.sub_account_id.as_ref())
        && open_or_same(a.region_id.as_ref(), b.region_id.as_ref())
        && open_or_same(a.service_name.as_ref(), b.service_name.as_ref())
        && open_or_same(a.service_code.as_ref(), b.service_code.as_ref())
        && open_or_same(a.service_category.as_ref(), b.service_category.as_ref())
        && open_or_same(a.charge_category.as_ref(), b.charge_category.as_ref())
        && open_or_same(a.is_correction.as_ref(), b.is_correction.as_ref())
        && open_or_same(a.pricing_category.as_ref(), b.pricing_category.as_ref())
        && open_or_same(a.usage_type.as_ref(), b.usage_type.as_ref())
        && open_or_same(a.operation.as_ref(), b.operation.as_ref())
        && open_or_same(a.instance_type.as_ref(), b.instance_type.as_ref())
        && open_or_same(a.charge_description.as_ref(), b.charge_description.as_ref())
        && open_or_same(a.pricing_unit.as_ref(), b.pricing_unit.as_ref())
        && open_or_same(a.publisher_name.as_ref(), b.publisher_name.as_ref())
        && open_or_same(a.commitment_discount_id.as_ref(), b.commitment_discount_id.as_ref())
        && open_or_same(a.commitment_discount_type.as_ref(), b.commitment_discount_type.as_ref())
        && open_or_same(a.commitment_discount_status.as_ref(), b.commitment_discount_status.as_ref())
        && open_or_same(a.resource_id.as_ref(), b.resource_id.as_ref())
        && open_or_same(a.has_resource.as_ref(), b.has_resource.as_ref())
        && open_or_same(a.has_tags.as_ref(), b.has_tags.as_ref())
}

/// For each finding that competes with any: the others, both ways, nothing with itself.
pub(super) type Conflicts = BTreeMap<usize, BTreeSet<usize>>;

/// Claims of one finding, at its index, that have the same values in some columns.
type Bucket<'a> = Vec<(usize, Vec<&'a ChargeKey>)>;

/// The columns that claims are looked up by; those that most claims name.
const COLUMNS: usize = 5;

fn columns(key: &ChargeKey) -> [Option<&str>; COLUMNS] {
    [
        key.service_name.as_ref().map(ServiceName::as_str),
        key.sub_account_id.as_ref().map(SubAccountId::as_str),
        key.region_id.as_ref().map(RegionId::as_str),
        key.usage_type.as_deref(),
        key.resource_id.as_ref().map(ResourceId::as_str),
    ]
}

/// Finds which findings with a saving claim the same money, without comparing each claim with each.
///
/// Claims that name the same columns form a class. Two claims can only overlap where the columns that both their classes
/// name are equal, so each pair of classes is joined on those.
pub(super) fn conflicts_of(findings: &[Finding]) -> Conflicts {
    let mut classes: BTreeMap<[bool; COLUMNS], Vec<(usize, &ChargeKey)>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.savings.is_some()) {
        for claim in finding.claims.iter().filter(|claim| claim.monthly_savings > Decimal::ZERO) {
            classes.entry(columns(&claim.key).map(|value| value.is_some())).or_default().push((index, &claim.key));
        }
    }
    let mut conflicts = Conflicts::new();
    let classes: Vec<_> = classes.into_iter().collect();
    for (at, (a_named, a_claims)) in classes.iter().enumerate() {
        for (b_named, b_claims) in classes.iter().skip(at) {
            let mut common = a_named.iter().zip(b_named).map(|(a, b)| *a && *b);
            let common: [bool; COLUMNS] = std::array::from_fn(|_| common.next().unwrap_or(false));
            let buckets = buckets_of(b_claims, common);
            for (index, key) in a_claims {
                for (other, keys) in buckets.get(&projected(key, common)).into_iter().flatten() {
                    let is_known = index == other || conflicts.get(index).is_some_and(|others| others.contains(other));
                    if !is_known && keys.iter().any(|other_key| may_overlap(key, other_key)) {
                        conflicts.entry(*index).or_default().insert(*other);
                        conflicts.entry(*other).or_default().insert(*index);
                    }
                }
            }
        }
    }
    conflicts
}

fn projected(key: &ChargeKey, common: [bool; COLUMNS]) -> [Option<&str>; COLUMNS] {
    let mut values = columns(key);
    values.iter_mut().zip(common).filter(|(_, is_common)| !is_common).for_each(|(value, _)| *value = None);
    values
}

/// Claims by their values in the common columns. Claims come in the order of their findings.
fn buckets_of<'a>(claims: &[(usize, &'a ChargeKey)], common: [bool; COLUMNS]) -> BTreeMap<[Option<&'a str>; COLUMNS], Bucket<'a>> {
    let mut buckets: BTreeMap<[Option<&str>; COLUMNS], Bucket<'_>> = BTreeMap::new();
    for (index, key) in claims {
        let bucket = buckets.entry(projected(key, common)).or_default();
        match bucket.last_mut() {
            Some((last, keys)) if last == index => keys.push(key),
            _ => bucket.push((*index, vec![key])),
        }
    }
    buckets
}
