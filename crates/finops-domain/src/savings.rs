//! Savings without double counting: findings that claim the same money compete, and the best compatible set wins.

mod overlap;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use self::overlap::may_overlap;
use self::overlap::{Conflicts, conflicts_of};
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
/// How often a greedy choice is gone over for exchanges that save more; it seldom takes more than two.
const EXCHANGE_ROUNDS: usize = 16;

/// Marks findings that claim money which a better compatible choice claims, by setting `displaced_by`, and adds up.
///
/// One total for each currency, sorted. `findings` keep their order.
pub fn resolve_conflicts(findings: &mut [Finding]) -> Vec<SavingsTotals> {
    let conflicts = conflicts_of(findings);
    for component in components(&conflicts) {
        let chosen = best_choice(&component, &conflicts, findings);
        for index in component.iter().copied().filter(|index| !chosen.contains(index)) {
            let rivals = conflicts.get(&index).into_iter().flatten().filter(|other| chosen.contains(other));
            let rivals =
                rivals.filter_map(|other| findings.get(*other).map(|finding| (saving_of(findings, *other), Reverse(&finding.finding_id))));
            let winner_id: Option<FindingId> = rivals.max().map(|(_, Reverse(id))| id.clone());
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

/// Connected parts of the conflict graph, each sorted.
fn components(conflicts: &Conflicts) -> Vec<Vec<usize>> {
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

/// The compatible subset of `part` with the greatest saving: exact for small parts; for large ones the better of two greedy
/// choices, improved by exchanges as long as that helps. Ties go to the smaller finding id, so that the order of
/// `findings` does not matter.
fn best_choice(part: &[usize], conflicts: &Conflicts, findings: &[Finding]) -> BTreeSet<usize> {
    let mut candidates: Vec<Candidate<'_>> = part.iter().map(|index| Candidate::of(*index, conflicts, findings)).collect();
    candidates.sort_by(|a, b| b.saving.cmp(&a.saving).then_with(|| a.id.cmp(&b.id)));
    if candidates.len() <= EXACT_LIMIT {
        return exact_choice(&candidates);
    }
    let by_saving = exchanged(greedy(&candidates), &candidates);
    let mut by_share = candidates.clone();
    by_share.sort_by_cached_key(|candidate| (Reverse(candidate.saving / Decimal::from(candidate.others.len() + 1)), candidate.id.clone()));
    let by_share = exchanged(greedy(&by_share), &candidates);
    let sum = |chosen: &BTreeSet<usize>| -> Decimal { chosen.iter().map(|index| saving_of(findings, *index)).sum() };
    if sum(&by_share) > sum(&by_saving) { by_share } else { by_saving }
}

/// A finding that competes with others.
#[derive(Clone)]
struct Candidate<'a> {
    index: usize,
    id: FindingId,
    saving: Decimal,
    others: &'a BTreeSet<usize>,
}

impl<'a> Candidate<'a> {
    fn of(index: usize, conflicts: &'a Conflicts, findings: &[Finding]) -> Self {
        static NONE: BTreeSet<usize> = BTreeSet::new();
        let id = findings.get(index).map_or_else(|| FindingId::from(""), |finding| finding.finding_id.clone());
        Self { index, id, saving: saving_of(findings, index), others: conflicts.get(&index).unwrap_or(&NONE) }
    }

    fn fits(&self, chosen: &BTreeSet<usize>) -> bool {
        self.others.is_disjoint(chosen)
    }
}

fn greedy(candidates: &[Candidate<'_>]) -> BTreeSet<usize> {
    let mut chosen = BTreeSet::new();
    for candidate in candidates {
        if candidate.fits(&chosen) {
            chosen.insert(candidate.index);
        }
    }
    chosen
}

/// Improves a choice: what saves more than the chosen findings that it competes with takes their place, and so do several
/// that compete with the same single one and save more together.
fn exchanged(mut chosen: BTreeSet<usize>, candidates: &[Candidate<'_>]) -> BTreeSet<usize> {
    let by_index: BTreeMap<usize, &Candidate<'_>> = candidates.iter().map(|candidate| (candidate.index, candidate)).collect();
    for _ in 0..EXCHANGE_ROUNDS {
        let mut is_better = false;
        for candidate in candidates {
            let (out, taken): (Vec<usize>, Vec<usize>) = if chosen.contains(&candidate.index) {
                (vec![candidate.index], freed_by(candidate, &chosen, &by_index))
            } else {
                (candidate.others.intersection(&chosen).copied().collect(), vec![candidate.index])
            };
            let sum = |indices: &[usize]| -> Decimal { indices.iter().filter_map(|index| by_index.get(index)).map(|one| one.saving).sum() };
            if sum(&taken) > sum(&out) {
                for index in &out {
                    chosen.remove(index);
                }
                chosen.extend(taken);
                is_better = true;
            }
        }
        if !is_better {
            break;
        }
    }
    // An exchange may have freed what it did not take in.
    for candidate in candidates {
        if candidate.fits(&chosen) {
            chosen.insert(candidate.index);
        }
    }
    chosen
}

/// What could be chosen without a chosen candidate: findings that compete with nothing else that is, nor with one another.
fn freed_by(out: &Candidate<'_>, chosen: &BTreeSet<usize>, by_index: &BTreeMap<usize, &Candidate<'_>>) -> Vec<usize> {
    let is_free = |index: &&usize| by_index.get(index).is_some_and(|other| other.others.intersection(chosen).take(2).count() == 1);
    let free: BTreeSet<usize> = out.others.iter().filter(is_free).copied().collect();
    if free.len() < 2 {
        return Vec::new();
    }
    let mut taken = BTreeSet::new();
    let mut freed: Vec<&Candidate<'_>> = free.iter().filter_map(|index| by_index.get(index).copied()).collect();
    freed.sort_by(|a, b| b.saving.cmp(&a.saving).then_with(|| a.id.cmp(&b.id)));
    for candidate in freed {
        if candidate.fits(&taken) {
            taken.insert(candidate.index);
        }
    }
    taken.into_iter().collect()
}

/// Depth first, with or without each candidate in turn, where what is left can still beat the best.
fn exact_choice(candidates: &[Candidate<'_>]) -> BTreeSet<usize> {
    struct Search<'a> {
        /// Each candidate, and the sum of the savings from it on.
        candidates: Vec<(&'a Candidate<'a>, Decimal)>,
        best: (Decimal, BTreeSet<usize>),
    }
    impl Search<'_> {
        fn visit(&mut self, at: usize, sum: Decimal, chosen: &mut BTreeSet<usize>) {
            if sum > self.best.0 {
                self.best = (sum, chosen.clone());
            }
            let Some((candidate, rest)) = self.candidates.get(at).copied() else { return };
            if sum + rest <= self.best.0 {
                return;
            }
            if candidate.fits(chosen) {
                chosen.insert(candidate.index);
                self.visit(at + 1, sum + candidate.saving, chosen);
                chosen.remove(&candidate.index);
            }
            self.visit(at + 1, sum, chosen);
        }
    }
    let mut rest = Decimal::ZERO;
    let mut with_rest: Vec<(&Candidate<'_>, Decimal)> = Vec::new();
    for candidate in candidates.iter().rev() {
        rest += candidate.saving;
        with_rest.push((candidate, rest));
    }
    with_rest.reverse();
    let mut search = Search { candidates: with_rest, best: (Decimal::ZERO, BTreeSet::new()) };
    search.visit(0, Decimal::ZERO, &mut BTreeSet::new());
    search.best.1
}
