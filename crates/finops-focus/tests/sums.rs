//! Figures of a bill against a second way to add it up.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use finops_domain::charge::{Costs, Dimension, Granularity, RowFilter, SpendAnswer, SpendQuery};
use finops_domain::ports::CostSource;
use finops_domain::snapshot::Bill;
use finops_focus::FocusCostSource;
use rust_decimal::Decimal;

fn answer(path: &Path) -> SpendAnswer {
    let source = FocusCostSource::open(path.to_str().unwrap()).unwrap();
    let answer = futures::executor::block_on(source.spend(&Bill::queries())).unwrap();
    assert_eq!(source.info().format.as_ref(), Some(&answer.format));
    assert_eq!(source.info().as_of, answer.usage_period.map(|period| period.end));
    answer
}

fn decimal(text: &str) -> Decimal {
    if text.is_empty() || text == "NULL" {
        return Decimal::ZERO;
    }
    Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).unwrap()
}

/// Sums of columns, with the csv crate and decimals alone.
fn naive(path: &Path, columns: &[&str]) -> Vec<Decimal> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let places: Vec<usize> = columns.iter().map(|column| header.iter().position(|name| name == *column).unwrap()).collect();
    let mut sums = vec![Decimal::ZERO; columns.len()];
    for record in reader.records() {
        let record = record.unwrap();
        for (sum, &place) in sums.iter_mut().zip(&places) {
            *sum += decimal(&record[place]);
        }
    }
    sums
}

fn assert_tables_equal_totals(answer: &SpendAnswer, queries: &[SpendQuery]) {
    assert_eq!(answer.tables.len(), queries.len());
    for (table, query) in answer.tables.iter().zip(queries) {
        assert!(table.windows(2).all(|pair| pair[0].key < pair[1].key), "sorted, each key once");
        if query.filter != RowFilter::All || query.group_by.contains(&Dimension::Tag) {
            continue;
        }
        let mut sums: BTreeMap<_, (Costs, u64)> = BTreeMap::new();
        for group in table {
            let entry = sums.entry(group.key.billing_currency.clone()).or_default();
            entry.0 += group.costs;
            entry.1 += group.rows;
        }
        let totals: BTreeMap<_, _> =
            answer.totals.iter().map(|total| (total.billing_currency.clone(), (total.costs, total.rows))).collect();
        assert_eq!(sums, totals);
    }
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn assert_focus_csv(path: &Path) -> SpendAnswer {
    let answer = answer(path);
    assert_eq!(answer.rows_malformed, 0, "{:?}", answer.malformed);
    assert_tables_equal_totals(&answer, &Bill::queries());
    let total: Costs = answer.totals.iter().map(|total| total.costs).sum();
    let expected = naive(path, &["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"]);
    assert_eq!(vec![total.billed, total.effective, total.list, total.contracted], expected);
    answer
}

#[test]
fn a_focus_1_0_bill_of_several_providers() {
    let answer = assert_focus_csv(&data("focus_1_0.csv"));
    assert!(answer.format.starts_with("FOCUS 1.0 (") && answer.format.contains("AWS"), "{}", answer.format);
    let mut by_code: Vec<_> = answer.tables[0].iter().filter_map(|group| group.key.service_code.clone()).collect();
    by_code.dedup();
    assert!(by_code.iter().any(|code| code.as_str() == "AWSQueueService"), "{by_code:?}");
    assert!(answer.tables[0].iter().any(|group| group.key.charge_description.is_some()));
    assert!(!answer.tables[3].is_empty());
}

#[test]
fn a_focus_1_2_bill_with_commitments() {
    let answer = assert_focus_csv(&data("focus_1_2.csv"));
    assert_eq!(answer.format, "FOCUS 1.2 (AWS)");
    assert!(answer.tables[0].iter().any(|group| group.key.instance_type.as_deref() == Some("m6i.large")));
    assert!(answer.tables[2].iter().all(|group| group.key.resource_id.is_some()));
    assert!(!answer.tables[4].is_empty());
    assert!(!answer.account_names.is_empty());
}

#[test]
fn a_legacy_cur() {
    let path = data("legacy_cur.csv");
    let answer = answer(&path);
    assert_eq!(answer.rows_malformed, 0, "{:?}", answer.malformed);
    assert_eq!(answer.format, "legacy CUR");
    assert_tables_equal_totals(&answer, &Bill::queries());
    assert_eq!(vec![answer.totals[0].costs.billed], naive(&path, &["lineItem/UnblendedCost"]));
    assert!(answer.tables[0].iter().any(|group| group.key.service_name.as_ref().is_some_and(|name| name.as_str() == "AWS CloudTrail")));
}

#[test]
fn sample_bills_where_there_are_any() {
    let Some(folder) = std::env::var_os("FINOPS_TEST_DATA").map(PathBuf::from) else { return };
    for entry in std::fs::read_dir(folder.join("focus")).unwrap() {
        assert_focus_csv(&entry.unwrap().path());
    }
    for entry in std::fs::read_dir(folder.join("cur")).unwrap() {
        let path = entry.unwrap().path();
        let answer = answer(&path);
        assert_tables_equal_totals(&answer, &Bill::queries());
        let total: Costs = answer.totals.iter().map(|total| total.costs).sum();
        assert_eq!(vec![total.billed], naive(&path, &["lineItem/UnblendedCost"]));
    }
}

#[test]
fn a_bound_drops_resources_and_no_money() {
    let path = data("focus_1_2.csv");
    let query = |max_groups| SpendQuery {
        granularity: Granularity::Monthly,
        group_by: vec![Dimension::ResourceId, Dimension::ServiceName],
        filter: RowFilter::All,
        max_groups,
    };
    let queries = [query(None), query(Some(5))];
    let source = FocusCostSource::open(path.to_str().unwrap()).unwrap();
    let answer = source.answer(&queries).unwrap();
    assert_tables_equal_totals(&answer, &queries);
    assert!(answer.tables[1].len() < answer.tables[0].len());
    let largest = answer.tables[0].iter().max_by_key(|group| group.costs.effective.abs()).unwrap();
    assert!(answer.tables[1].contains(largest));
    assert_eq!(answer.tables[1].iter().filter(|group| group.key.resource_id.is_some()).count(), 5);
}
