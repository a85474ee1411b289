//! Savings are never counted twice, whatever the findings are.

use std::collections::{BTreeMap, BTreeSet};

use finops_domain::charge::{Charge, ChargeGroup, ChargeKey};
use finops_domain::finding::{Claim, Confidence, Finding, FindingKind, Savings, SavingsBasis};
use finops_domain::id::{CheckId, FindingId};
use finops_domain::savings::{may_overlap, resolve_conflicts};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::charges::{bill, month, usage};

const ACCOUNTS: [&str; 2] = ["111111111111", "222222222222"];
const REGIONS: [&str; 2] = ["eu-west-1", "us-east-1"];
const SERVICES: [&str; 2] = ["EC2", "S3"];
const USAGE_TYPES: [&str; 3] = ["BoxUsage", "Storage", "Bytes"];

fn finding(subject: &str, claims: Vec<Claim>) -> Finding {
    let check_id = CheckId::from("test.check");
    let monthly: Decimal = claims.iter().map(|claim| claim.monthly_savings).sum();
    Finding {
        finding_id: FindingId::of(&check_id, None, None, subject),
        check_id,
        title: subject.to_owned(),
        kind: FindingKind::Recommendation,
        subject: subject.to_owned(),
        resource_id: None,
        resource_kind: None,
        sub_account_id: None,
        region_id: None,
        service_name: None,
        monthly_cost: claims.iter().map(|claim| claim.monthly_cost).sum(),
        currency: "USD".into(),
        savings: (monthly > Decimal::ZERO).then(|| Savings {
            monthly,
            annual: monthly * Decimal::from(12),
            currency: "USD".into(),
            basis: SavingsBasis::Measured,
            confidence: Confidence::High,
            formula: "saving".to_owned(),
            evidence: Vec::new(),
        }),
        evidence: Vec::new(),
        claims,
        displaced_by: None,
    }
}

fn claim(key: ChargeKey, cost: i64, saving: i64) -> Claim {
    Claim { key, monthly_cost: Decimal::from(cost), monthly_savings: Decimal::from(saving) }
}

fn resource_key(resource: &str) -> ChargeKey {
    ChargeKey { resource_id: Some(resource.into()), service_name: Some("EC2".into()), ..ChargeKey::of_currency("USD".into()) }
}

fn charge() -> impl Strategy<Value = Charge> {
    let names = (0_usize..2, 0_usize..2, 0_usize..2, 0_usize..3, prop::option::of(0_usize..4));
    (names, 0_i64..100_000).prop_map(|((account, region, service, usage_type, resource), cents)| {
        let mut charge = usage(month("2025-10"), SERVICES[service], Decimal::new(cents, 2));
        charge.sub_account_id = Some(ACCOUNTS[account].into());
        charge.region_id = Some(REGIONS[region].into());
        charge.usage_type = Some(USAGE_TYPES[usage_type].into());
        charge.resource_id = resource.map(|resource| format!("i-{resource}").as_str().into());
        charge
    })
}

/// A column that claims and rows are grouped by.
type Column = fn(&ChargeKey) -> Option<String>;

/// A claim before its cost is known: which columns it names, with which values, and which part it saves.
type Wish = ([Option<usize>; 5], u32);

fn wish() -> impl Strategy<Value = Wish> {
    let column = |weight: f64, count: usize| prop::option::weighted(weight, 0..count);
    let columns = (column(0.9, 2), column(0.9, 2), column(0.95, 2), column(0.7, 3), column(0.6, 4));
    (columns, 1_u32..=100).prop_map(|((a, b, c, d, e), percent)| ([a, b, c, d, e], percent))
}

fn key_of(columns: [Option<usize>; 5]) -> ChargeKey {
    let [account, region, service, usage_type, resource] = columns;
    ChargeKey {
        sub_account_id: account.map(|at| ACCOUNTS[at].into()),
        region_id: region.map(|at| REGIONS[at].into()),
        service_name: service.map(|at| SERVICES[at].into()),
        usage_type: usage_type.map(|at| USAGE_TYPES[at].into()),
        resource_id: resource.map(|at| format!("i-{at}").as_str().into()),
        ..ChargeKey::of_currency("USD".into())
    }
}

fn covers(claim: &ChargeKey, group: &ChargeKey) -> bool {
    (claim.sub_account_id.is_none() || claim.sub_account_id == group.sub_account_id)
        && (claim.region_id.is_none() || claim.region_id == group.region_id)
        && (claim.service_name.is_none() || claim.service_name == group.service_name)
        && (claim.usage_type.is_none() || claim.usage_type == group.usage_type)
        && (claim.resource_id.is_none() || claim.resource_id == group.resource_id)
}

/// Every row once: those with a resource by resource, the others by line.
fn rows(charges: &[Charge]) -> Vec<ChargeGroup> {
    let bill = bill(charges);
    let others = bill.lines.into_iter().filter(|line| line.key.has_resource == Some(false));
    bill.by_resource.into_iter().chain(others).collect()
}

/// Findings whose own claims do not overlap and claim at most what the rows cost.
fn findings_of(rows: &[ChargeGroup], wishes: &[Vec<Wish>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, wishes) in wishes.iter().enumerate() {
        let mut claims: Vec<Claim> = Vec::new();
        for (columns, percent) in wishes {
            let key = key_of(*columns);
            let cost: Decimal = rows.iter().filter(|row| covers(&key, &row.key)).map(|row| row.costs.effective).sum();
            if cost > Decimal::ZERO && !claims.iter().any(|claim| may_overlap(&claim.key, &key)) {
                claims.push(Claim { key, monthly_cost: cost, monthly_savings: cost * Decimal::from(*percent) / Decimal::ONE_HUNDRED });
            }
        }
        findings.push(finding(&format!("finding {number}"), claims));
    }
    findings
}

fn wishes(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Vec<Wish>>> {
    prop::collection::vec(prop::collection::vec(wish(), 0..4), count)
}

fn compete(a: &Finding, b: &Finding) -> bool {
    a.claims.iter().any(|a| {
        b.claims.iter().any(|b| a.monthly_savings > Decimal::ZERO && b.monthly_savings > Decimal::ZERO && may_overlap(&a.key, &b.key))
    })
}

fn net_of(findings: &mut [Finding]) -> Decimal {
    resolve_conflicts(findings).iter().map(|total| total.net_monthly).sum()
}

/// The best compatible choice, by trying all of them.
fn brute_force(findings: &[Finding]) -> Decimal {
    let compatible = |choice: u32| {
        let chosen: Vec<&Finding> =
            findings.iter().enumerate().filter(|(at, _)| choice & (1 << at) != 0).map(|(_, finding)| finding).collect();
        let fits = chosen.iter().enumerate().all(|(at, a)| chosen[at + 1..].iter().all(|b| !compete(a, b)));
        fits.then(|| chosen.iter().filter_map(|finding| finding.savings.as_ref()).map(|savings| savings.monthly).sum::<Decimal>())
    };
    (0..1_u32 << findings.len()).filter_map(compatible).max().unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn net_savings_of_a_group_never_exceed_its_cost(charges in prop::collection::vec(charge(), 1..60), wishes in wishes(1..40)) {
        let rows = rows(&charges);
        let mut findings = findings_of(&rows, &wishes);
        resolve_conflicts(&mut findings);
        let kept = || findings.iter().filter(|finding| finding.displaced_by.is_none()).flat_map(|finding| &finding.claims);
        let groupings: [(&str, Column); 6] = [
            ("all", |_| Some(String::new())),
            ("account", |key| key.sub_account_id.as_ref().map(ToString::to_string)),
            ("region", |key| key.region_id.as_ref().map(ToString::to_string)),
            ("service", |key| key.service_name.as_ref().map(ToString::to_string)),
            ("usage type", |key| key.usage_type.as_ref().map(ToString::to_string)),
            ("resource", |key| key.resource_id.as_ref().map(ToString::to_string)),
        ];
        for (name, column) in groupings {
            let mut cost: BTreeMap<String, Decimal> = BTreeMap::new();
            for row in &rows {
                if let Some(group) = column(&row.key) {
                    *cost.entry(group).or_default() += row.costs.effective;
                }
            }
            let mut saved: BTreeMap<String, Decimal> = BTreeMap::new();
            for claim in kept() {
                if let Some(group) = column(&claim.key) {
                    *saved.entry(group).or_default() += claim.monthly_savings;
                }
            }
            for (group, saving) in saved {
                prop_assert!(saving <= cost[&group], "{} {}: saves {} of {}", name, group, saving, cost[&group]);
            }
        }
    }

    #[test]
    fn what_is_displaced_names_a_kept_rival(charges in prop::collection::vec(charge(), 1..60), wishes in wishes(1..40)) {
        let mut findings = findings_of(&rows(&charges), &wishes);
        let totals = resolve_conflicts(&mut findings);
        for total in &totals {
            prop_assert!(total.net_monthly <= total.gross_monthly);
            prop_assert_eq!(total.measured + total.estimated, total.net_monthly);
            prop_assert_eq!(total.net_annual, total.net_monthly * Decimal::from(12));
        }
        let kept: BTreeMap<&FindingId, &Finding> =
            findings.iter().filter(|finding| finding.displaced_by.is_none()).map(|finding| (&finding.finding_id, finding)).collect();
        for finding in &findings {
            match &finding.displaced_by {
                Some(winner) => {
                    prop_assert!(kept.contains_key(winner), "displaced by a finding that is itself displaced");
                    prop_assert!(compete(finding, kept[winner]));
                }
                None => prop_assert!(kept.values().all(|other| other.finding_id == finding.finding_id || !compete(finding, other))),
            }
        }
    }

    #[test]
    fn few_findings_are_chosen_as_well_as_can_be(charges in prop::collection::vec(charge(), 1..40), wishes in wishes(1..11)) {
        let mut findings = findings_of(&rows(&charges), &wishes);
        let best = brute_force(&findings);
        prop_assert_eq!(net_of(&mut findings), best);
    }

    #[test]
    fn the_order_of_findings_does_not_matter(
        charges in prop::collection::vec(charge(), 1..60),
        (wishes, order) in (1_usize..50).prop_flat_map(|count| (wishes(count..count + 1), Just((0..count).collect::<Vec<_>>()).prop_shuffle())),
    ) {
        let mut findings = findings_of(&rows(&charges), &wishes);
        let mut shuffled: Vec<Finding> = order.iter().map(|at| findings[*at].clone()).collect();
        prop_assert_eq!(net_of(&mut findings), net_of(&mut shuffled));
        let displaced = |findings: &[Finding]| -> BTreeMap<FindingId, Option<FindingId>> {
            findings.iter().map(|finding| (finding.finding_id.clone(), finding.displaced_by.clone())).collect()
        };
        prop_assert_eq!(displaced(&findings), displaced(&shuffled));
        let subjects: BTreeSet<_> = order.iter().map(|at| format!("finding {at}")).collect();
        prop_assert_eq!(shuffled.iter().map(|finding| finding.subject.clone()).collect::<BTreeSet<_>>(), subjects);
    }
}

#[test]
fn the_better_of_two_findings_on_a_resource_is_kept() {
    let mut findings =
        [finding("smaller", vec![claim(resource_key("i-1"), 10, 4)]), finding("idle", vec![claim(resource_key("i-1"), 10, 10)])];
    let totals = resolve_conflicts(&mut findings);
    assert_eq!((totals[0].gross_monthly, totals[0].net_monthly), (Decimal::from(14), Decimal::from(10)));
    assert_eq!(findings[0].displaced_by, Some(findings[1].finding_id.clone()));
    assert_eq!(findings[1].displaced_by, None);
}

#[test]
fn many_small_savings_beat_a_greater_one_that_excludes_them() {
    let service = ChargeKey { service_name: Some("EC2".into()), ..ChargeKey::of_currency("USD".into()) };
    let mut findings = vec![finding("plan", vec![claim(service, 1000, 50)])];
    findings.extend((0..100).map(|number| finding(&format!("i-{number}"), vec![claim(resource_key(&format!("i-{number}")), 10, 1)])));
    assert_eq!(net_of(&mut findings), Decimal::from(100));
    assert!(findings[0].displaced_by.is_some());
}

#[test]
fn a_choice_among_too_many_for_an_exact_one_is_improved_by_exchanges() {
    // Either greedy order errs: by saving, 50 displaces twice 30; by share, five times 12 displace 70.
    let star = |name: &str, center: &[i64], leaf: i64| -> Vec<Finding> {
        let on = |at: usize, saving| claim(resource_key(&format!("{name}-{at}")), 100, saving);
        let center_claims = center.iter().enumerate().map(|(at, saving)| on(at, *saving)).collect();
        let mut findings = vec![finding(&format!("{name} center"), center_claims)];
        findings.extend((1..center.len()).map(|at| finding(&format!("{name} leaf {at}"), vec![on(at, leaf)])));
        findings
    };
    let mut findings = Vec::new();
    let mut hub = Vec::new();
    for number in 0..3 {
        findings.extend(star(&format!("center-{number}"), &[20, 10, 10, 10, 10, 10], 12));
        findings.extend(star(&format!("leaves-{number}"), &[10, 20, 20], 30));
        hub.extend(["center", "leaves"].map(|kind| claim(resource_key(&format!("{kind}-{number}-0")), 100, 1)));
    }
    findings.push(finding("hub", hub));
    assert!(findings.len() > 22);
    assert_eq!(net_of(&mut findings), Decimal::from(3 * 70 + 3 * 60));
}

#[test]
fn ten_thousand_findings_and_one_of_five_thousand_lines_are_resolved() {
    let line = |number: i64| ChargeKey {
        service_name: Some("EC2".into()),
        sub_account_id: Some(format!("{:012}", number % 50).as_str().into()),
        usage_type: Some(format!("BoxUsage:{number}").as_str().into()),
        ..ChargeKey::of_currency("USD".into())
    };
    let mut findings = vec![finding("plan", (0..5_000).map(|number| claim(line(number), 10, 1)).collect())];
    let on = |resource: String, number: i64| ChargeKey {
        sub_account_id: Some(format!("{:012}", number % 50).as_str().into()),
        ..resource_key(&resource)
    };
    findings.extend((0..10_000).map(|number| {
        let claims = ["volume", "snapshot"].map(|kind| claim(on(format!("{kind}-{number}"), number), 10, 1));
        finding(&format!("finding {number}"), claims.to_vec())
    }));
    assert_eq!(net_of(&mut findings), Decimal::from(20_000));
}
