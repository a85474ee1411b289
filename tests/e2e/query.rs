//! SQL over a bill and a snapshot.
#![cfg(feature = "sql")]

use crate::program::Place;

#[test]
fn sql_over_the_demonstration_bill_agrees_with_the_report() {
    let place = Place::new();
    let report = place.finops(&["demo", "--format", "json", "--no-save"]).ends_with(0).json();
    let rows = place
        .finops(&[
            "query",
            "SELECT BillingCurrency, SUM(BilledCost) AS billed FROM focus GROUP BY BillingCurrency",
            "--source",
            "demo",
            "--format",
            "json",
        ])
        .ends_with(0)
        .json();
    let billed: rust_decimal::Decimal = rows[0]["billed"].as_str().unwrap().parse().unwrap();
    let total: rust_decimal::Decimal = report["spend"]["total"][0]["billed_cost"].as_str().unwrap().parse().unwrap();
    assert_eq!(billed, total);
}

#[test]
fn parameters_are_bound_and_names_come_in_any_case() {
    let place = Place::new();
    let rows = place
        .finops(&[
            "query",
            "select count(*) as n from FOCUS_DATA_TABLE where chargeperiodstart >= ? and CHARGEPERIODEND <= ?",
            "--source",
            "demo",
            "--param",
            "2026-10-01",
            "--param",
            "2026-11-01",
            "--format",
            "csv",
        ])
        .ends_with(0)
        .stdout;
    let count: u64 = rows.lines().nth(1).unwrap().parse().unwrap();
    assert!(count > 0);
}

#[test]
fn nothing_but_reading_is_done() {
    let place = Place::new();
    for sql in [
        "DROP TABLE focus",
        "COPY focus TO 'x.csv'",
        "CREATE EXTERNAL TABLE t STORED AS CSV LOCATION '/etc/passwd'",
        "SELECT * FROM nowhere",
        "SELECT (",
    ] {
        let outcome = place.finops(&["query", sql, "--source", "demo"]);
        assert!(outcome.code == 1 || outcome.code == 2, "{sql}: {outcome:?}");
        assert!(outcome.stderr.lines().any(|line| line.starts_with("error:")), "{}", outcome.stderr);
    }
    assert!(place.finops(&["query", ".tables", "--source", "demo"]).ends_with(0).stdout.contains("focus"));
}
