//! Savings without double counting: findings that claim the same money compete, and the best compatible set wins.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::charge::ChargeKey;
use crate::finding::{Finding, SavingsBasis};
use crate::id::{Currency, FindingId};

/// The savings of a report in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SavingsTotals {
    /// All findings added up, also those that claim the same money.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub gross_monthly: Decimal,
    /// The best compatible choice: what can really be saved.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub net_monthly: Decimal,
    /// Twelve times that.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub net_annual: Decimal,
    /// The part of `net_monthly` that follows from the bill alone.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub measured: Decimal,
    /// The part that rests on knowledge or an assumption.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub estimated: Decimal,
    /// Of all of them.
    pub currency: Currency,
}

/// Up to this many findings that compete with one another, the best choice is found exactly; above, greedily.
const EXACT_LIMIT: usize = 22;

/// Marks findings that claim money which a better compatible choice claims, by setting `displaced_by`, and adds up.
///
/// One total for each currency, sorted. `findings` keep their order.
pub fn resolve_conflicts(findings: &mut [Finding]) -> Vec<SavingsTotals> {
    let conflicts = conflicts_of(findings);
    for component in components(&conflicts) {
        let chosen = best_choice(&component, &conflicts, findings);
        for index in component.iter().copied().filter(|index| !chosen.contains(index)) {
            let winner = conflicts.get(&index).into_iter().flatten().copied().filter(|other| chosen.contains(other));
            let best = winner.max_by_key(|other| (saving_of(findings, *other), std::cmp::Reverse(*other)));
            let winner_id: Option<FindingId> = best.and_then(|best| findings.get(best)).map(|finding| finding.finding_id.clone());
            if let Some(finding) = findings.get_mut(index) {
                finding.displaced_by = winner_id;
            }
        }
    }
    totals(findings)
}

/// Adds up the savings of findings whose conflicts are resolved: one total for each currency, sorted.
pub fn totals(findings: &[Finding]) -> Vec<SavingsTotals> {
    let mut by_currency: BTreeMap<Currency, SavingsTotals> = BTreeMap::new();
    for finding in findings {
        let Some(savings) = &finding.savings else { continue };
        let zero = || SavingsTotals {
            gross_monthly: Decimal::ZERO,
            net_monthly: Decimal::ZERO,
            net_annual: Decimal::ZERO,
            measured: Decimal::ZERO,
            estimated: Decimal::ZERO,
            currency: savings.currency.clone(),
        };
        let total = by_currency.entry(savings.currency.clone()).or_insert_with(zero);
        total.gross_monthly += savings.monthly;
        if finding.displaced_by.is_none() {
            total.net_monthly += savings.monthly;
            total.net_annual += savings.annual;
            match savings.basis {
                SavingsBasis::Measured => total.measured += savings.monthly,
                SavingsBasis::Estimated => total.estimated += savings.monthly,
            }
        }
    }
    by_currency.into_values().collect()
}

fn saving_of(findings: &[Finding], index: usize) -> Decimal {
    findings.get(index).and_then(|finding| finding.savings.as_ref()).map_or(Decimal::ZERO, |savings| savings.monthly)
}

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

/// For each finding with a saving, the others that claim the same money. Both ways, nothing with itself.
fn conflicts_of(findings: &[Finding]) -> BTreeMap<usize, BTreeSet<usize>> {
    // Claims that name a service can only meet claims of that service, or claims that name none.
    let mut by_service: BTreeMap<Option<&str>, Vec<(usize, &ChargeKey)>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| finding.savings.is_some()) {
        for claim in finding.claims.iter().filter(|claim| claim.monthly_savings > Decimal::ZERO) {
            let service = claim.key.service_name.as_ref().map(crate::id::ServiceName::as_str);
            by_service.entry(service).or_default().push((index, &claim.key));
        }
    }
    let mut conflicts: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut add = |a: usize, b: usize| {
        if a != b {
            conflicts.entry(a).or_default().insert(b);
            conflicts.entry(b).or_default().insert(a);
        }
    };
    let unnamed = by_service.get(&None).cloned().unwrap_or_default();
    for (service, claims) in &by_service {
        // Within a service, claims on different resources never meet; those without a resource may meet any.
        let mut by_resource: BTreeMap<Option<&str>, Vec<(usize, &ChargeKey)>> = BTreeMap::new();
        for (index, key) in claims {
            by_resource.entry(key.resource_id.as_ref().map(crate::id::ResourceId::as_str)).or_default().push((*index, *key));
        }
        let open = by_resource.get(&None).cloned().unwrap_or_default();
        for (resource, group) in &by_resource {
            for (at, (a, a_key)) in group.iter().enumerate() {
                let same = group.iter().skip(at + 1);
                let others = if resource.is_some() { open.as_slice() } else { &[] };
                for (b, b_key) in same.chain(others) {
                    if may_overlap(a_key, b_key) {
                        add(*a, *b);
                    }
                }
                if service.is_some() {
                    for (b, b_key) in &unnamed {
                        if may_overlap(a_key, b_key) {
                            add(*a, *b);
                        }
                    }
                }
            }
        }
    }
    conflicts
}

/// Connected parts of the conflict graph, each sorted.
fn components(conflicts: &BTreeMap<usize, BTreeSet<usize>>) -> Vec<Vec<usize>> {
    let mut seen = BTreeSet::new();
    let mut parts = Vec::new();
    for start in conflicts.keys() {
        if !seen.insert(*start) {
            continue;
        }
        let (mut part, mut queue) = (vec![*start], vec![*start]);
        while let Some(index) = queue.pop() {
            for neighbour in conflicts.get(&index).into_iter().flatten() {
                if seen.insert(*neighbour) {
                    part.push(*neighbour);
                    queue.push(*neighbour);
                }
            }
        }
        part.sort_unstable();
        parts.push(part);
    }
    parts
}

/// The compatible subset with the greatest saving: exact for small parts, the better of two greedy orders for large ones.
fn best_choice(part: &[usize], conflicts: &BTreeMap<usize, BTreeSet<usize>>, findings: &[Finding]) -> BTreeSet<usize> {
    if part.len() <= EXACT_LIMIT {
        return exact_choice(part, conflicts, findings);
    }
    let greedy = |order: Vec<usize>| -> (Decimal, BTreeSet<usize>) {
        let mut chosen = BTreeSet::new();
        for index in order {
            if conflicts.get(&index).is_none_or(|others| others.is_disjoint(&chosen)) {
                chosen.insert(index);
            }
        }
        (chosen.iter().map(|index| saving_of(findings, *index)).sum(), chosen)
    };
    let degree = |index: &usize| conflicts.get(index).map_or(0, BTreeSet::len);
    let mut by_saving = part.to_vec();
    by_saving.sort_by_key(|index| (std::cmp::Reverse(saving_of(findings, *index)), *index));
    let mut by_share = part.to_vec();
    by_share.sort_by_key(|index| (std::cmp::Reverse(saving_of(findings, *index) / Decimal::from(degree(index) + 1)), *index));
    let (first, second) = (greedy(by_saving), greedy(by_share));
    if second.0 > first.0 { second.1 } else { first.1 }
}

fn exact_choice(part: &[usize], conflicts: &BTreeMap<usize, BTreeSet<usize>>, findings: &[Finding]) -> BTreeSet<usize> {
    struct Search<'a> {
        conflicts: &'a BTreeMap<usize, BTreeSet<usize>>,
        savings: Vec<(usize, Decimal)>,
        best: (Decimal, BTreeSet<usize>),
    }
    impl Search<'_> {
        fn visit(&mut self, at: usize, sum: Decimal, chosen: &mut BTreeSet<usize>) {
            if sum > self.best.0 {
                self.best = (sum, chosen.clone());
            }
            let rest: Decimal = self.savings.iter().skip(at).map(|(_, saving)| *saving).sum();
            let Some((index, saving)) = self.savings.get(at).copied() else { return };
            if sum + rest <= self.best.0 {
                return;
            }
            if self.conflicts.get(&index).is_none_or(|others| others.is_disjoint(chosen)) {
                chosen.insert(index);
                self.visit(at + 1, sum + saving, chosen);
                chosen.remove(&index);
            }
            self.visit(at + 1, sum, chosen);
        }
    }
    let mut savings: Vec<(usize, Decimal)> = part.iter().map(|index| (*index, saving_of(findings, *index))).collect();
    savings.sort_by_key(|(index, saving)| (std::cmp::Reverse(*saving), *index));
    let mut search = Search { conflicts, savings, best: (Decimal::ZERO, BTreeSet::new()) };
    search.visit(0, Decimal::ZERO, &mut BTreeSet::new());
    search.best.1
}
