//! The checks find every planted case of the demonstration account, and nothing else.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use finops_domain::analysis::{Analysis, AnalysisOptions, analyze};
use finops_domain::checks::{ALL, CheckSelection};
use finops_domain::money::round_to_cents;
use finops_domain::ports::CostSource;
use finops_domain::snapshot::{Bill, Snapshot};
use finops_memory::demo::{DemoSource, PlantedCase};
use rust_decimal::Decimal;

static SOURCE: LazyLock<DemoSource> = LazyLock::new(DemoSource::new);

type Key = (String, Option<String>, Option<String>, String);

async fn analysis_and_truth() -> (Analysis, Vec<PlantedCase>) {
    let source = &*SOURCE;
    let bill = Bill::from_answer(source.spend(&Bill::queries()).await.unwrap());
    let snapshot = Snapshot {
        bill: Some(bill),
        resources: source.inventory().to_vec(),
        utilization: source.measurements().to_vec(),
        ..Snapshot::empty(source.info(), "2026-11-01T06:00:00Z".parse().unwrap())
    };
    let options = AnalysisOptions { days: 30, selection: CheckSelection::default() };
    (analyze(&snapshot, &options), source.truth().to_vec())
}

#[tokio::test]
async fn the_checks_find_every_planted_case_and_nothing_else() {
    let (analysis, truth) = analysis_and_truth().await;
    let known: BTreeSet<&str> = ALL.iter().map(|check| check.meta().id).collect();
    let mut expected: BTreeMap<Key, Option<Decimal>> = BTreeMap::new();
    for case in truth.iter().filter(|case| known.contains(case.check_id.as_str())) {
        let key = (
            case.check_id.to_string(),
            case.sub_account_id.as_ref().map(ToString::to_string),
            case.region_id.as_ref().map(ToString::to_string),
            case.subject.clone(),
        );
        assert!(expected.insert(key, case.expected_monthly_savings).is_none(), "planted twice: {case:?}");
    }
    let mut found: BTreeMap<Key, Option<Decimal>> = BTreeMap::new();
    for finding in &analysis.checks.findings {
        let key = (
            finding.check_id.to_string(),
            finding.sub_account_id.as_ref().map(ToString::to_string),
            finding.region_id.as_ref().map(ToString::to_string),
            finding.subject.clone(),
        );
        let savings = finding.savings.as_ref().map(|savings| round_to_cents(savings.monthly));
        assert!(found.insert(key, savings).is_none(), "found twice: {}", finding.title);
    }
    let differences: Vec<String> = expected
        .iter()
        .filter_map(|(key, savings)| match found.get(key) {
            None => Some(format!("not found: {key:?} {savings:?}")),
            Some(other) if other != savings => Some(format!("other saving: {key:?} expected {savings:?}, found {other:?}")),
            Some(_) => None,
        })
        .chain(
            found.iter().filter(|(key, _)| !expected.contains_key(*key)).map(|(key, savings)| format!("not planted: {key:?} {savings:?}")),
        )
        .collect();
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
    assert_eq!(analysis.checks.not_evaluated, []);
}

#[test]
fn every_check_has_a_planted_case() {
    let planted: BTreeSet<&str> = SOURCE.truth().iter().map(|case| case.check_id.as_str()).collect();
    let missing: Vec<&str> = ALL.iter().map(|check| check.meta().id).filter(|id| !planted.contains(id)).collect();
    assert!(missing.is_empty(), "nothing planted for {missing:?}");
}

#[tokio::test]
async fn the_savings_are_of_a_size_that_one_meets() {
    let (analysis, _) = analysis_and_truth().await;
    let in_window = SOURCE.charges().iter().filter(|charge| charge.charge_period.start >= analysis.window.as_ref().unwrap().period.start);
    let spend: Decimal = in_window.map(|charge| charge.effective_cost).sum();
    let net: Decimal = analysis.savings.iter().map(|savings| savings.net_monthly).sum();
    println!(
        "{} charges, {} findings, spend {spend:.2}, savings {:?}",
        SOURCE.charges().len(),
        analysis.checks.findings.len(),
        analysis.savings
    );
    assert!(analysis.checks.findings.len() >= 120);
    assert!(spend > Decimal::from(200_000) && spend < Decimal::from(400_000), "{spend}");
    let share = net / spend;
    assert!(share > Decimal::new(3, 2) && share < Decimal::new(20, 2), "{share}");
}
