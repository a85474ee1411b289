//! A bill's files: every format gives the file's own totals, to the last decimal.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::program::Place;

pub(crate) const HEADER: &str = "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,ChargeCategory,ServiceName,ChargePeriodStart,ChargePeriodEnd,BillingAccountId,BillingPeriodStart,BillingPeriodEnd\n";

fn row(cost: &str, currency: &str, category: &str) -> String {
    format!(
        "{cost},{cost},{cost},{cost},{currency},{category},AmazonEC2,2025-10-01T00:00:00Z,2025-10-02T00:00:00Z,1,2025-10-01T00:00:00Z,2025-11-01T00:00:00Z\n"
    )
}

pub(crate) fn total(report: &Value, currency: &str, field: &str) -> Decimal {
    let totals = report["spend"]["total"].as_array().unwrap();
    let total = totals.iter().find(|total| total["currency"] == currency).unwrap();
    total[field].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_bill_keeps_currencies_apart_and_every_decimal() {
    let place = Place::new();
    let text = [
        HEADER,
        &row("0.00000000012345", "USD", "Usage"),
        &row("10", "USD", "Usage"),
        &row("-0.5", "USD", "Credit"),
        &row("7.77", "EUR", "Usage"),
    ]
    .concat();
    let bill = place.write("bill.csv", text);
    let report = place.analyze(&bill, &["--format", "json"]).ends_with(0).json();
    assert_eq!(total(&report, "USD", "billed_cost"), "9.50000000012345".parse().unwrap());
    assert_eq!(total(&report, "EUR", "billed_cost"), "7.77".parse().unwrap());
}

#[test]
fn a_malformed_row_is_counted_and_named_and_the_rest_is_analysed() {
    let place = Place::new();
    let text = [HEADER, &row("1", "USD", "Usage"), &row("abc", "USD", "Usage"), &row("2", "USD", "Usage")].concat();
    let bill = place.write("bill.csv", text);
    let outcome = place.analyze(&bill, &["--format", "json"]).ends_with(3);
    let report = outcome.json();
    assert_eq!(total(&report, "USD", "billed_cost"), Decimal::from(3));
    assert_eq!(report["coverage"]["rows_malformed"], 1);
    let said = report["coverage"]["malformed_rows"][0].as_str().unwrap();
    assert!(said.contains("bill.csv:3") && said.contains("BilledCost"), "{said}");
    assert_eq!(report["coverage"]["complete"], false);
    assert!(outcome.stderr.contains("could not be read"));
}

#[test]
fn a_hive_partitioned_export_is_one_bill() {
    let place = Place::new();
    place.write("export/BILLING_PERIOD=2025-10/part-0.csv", [HEADER, &row("1.1", "USD", "Usage")].concat());
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all([HEADER, &row("2.2", "USD", "Usage").replace("2025-10", "2025-11")].concat().as_bytes()).unwrap();
    place.write("export/BILLING_PERIOD=2025-11/part-0.csv.gz", gzip.finish().unwrap());
    let report = place.analyze(&place.path("export"), &["--format", "json"]).ends_with(0).json();
    assert_eq!(total(&report, "USD", "billed_cost"), "3.3".parse().unwrap());
    let globbed = place.analyze(&place.path("export/*/part-0.csv*"), &["--format", "json"]).ends_with(0).json();
    assert_eq!(total(&globbed, "USD", "billed_cost"), "3.3".parse().unwrap());
}

/// Sums of a column by currency, with nothing but a CSV reader.
pub(crate) fn sums(path: &Path, cost: &str, currency: &str) -> BTreeMap<String, Decimal> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (cost, currency) = (at(cost), at(currency));
    let mut sums: BTreeMap<String, Decimal> = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let value = record[cost].trim();
        let value = if value.is_empty() || value == "NULL" { Decimal::ZERO } else { value.parse().unwrap() };
        *sums.entry(record[currency].to_owned()).or_default() += value;
    }
    sums
}

/// Sample bills that the repository does not ship; the folder beside it has them on some machines.
#[test]
fn real_bills_give_their_own_sums() {
    let folder =
        std::env::var_os("FINOPS_TEST_DATA").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), Into::into);
    let bills = [
        (
            "focus/focus_1_0_multicloud_sample.csv",
            "BillingCurrency",
            vec![
                ("billed_cost", "BilledCost"),
                ("effective_cost", "EffectiveCost"),
                ("list_cost", "ListCost"),
                ("contracted_cost", "ContractedCost"),
            ],
        ),
        (
            "focus/focus_1_2_aws.csv",
            "BillingCurrency",
            vec![
                ("billed_cost", "BilledCost"),
                ("effective_cost", "EffectiveCost"),
                ("list_cost", "ListCost"),
                ("contracted_cost", "ContractedCost"),
            ],
        ),
        (
            "cur/legacy_cur_anonymous.csv",
            "lineItem/CurrencyCode",
            vec![("billed_cost", "lineItem/UnblendedCost"), ("list_cost", "pricing/publicOnDemandCost")],
        ),
    ];
    let place = Place::new();
    for (file, currency, columns) in bills {
        let path = folder.join(file);
        if !path.exists() {
            eprintln!("{} is not here; skipped", path.display());
            continue;
        }
        let report = place.analyze(&path, &["--format", "json", "--no-save"]).ends_with(0).json();
        for (field, column) in columns {
            for (code, sum) in sums(&path, column, currency) {
                assert_eq!(total(&report, &code, field), sum, "{file} {column}");
            }
        }
        for line in report["spend"]["reconciliation"].as_array().unwrap().iter().filter(|line| line["name"] == "difference") {
            assert_eq!(line["billed_cost"].as_str().unwrap().parse::<Decimal>().unwrap(), Decimal::ZERO, "{file}");
        }
        for recognition in report["spend"]["recognition"].as_array().unwrap() {
            let share: Decimal = recognition["unrecognized_share"].as_str().unwrap().parse().unwrap();
            assert!(share <= Decimal::new(1, 3), "{file}: {recognition}");
            assert_eq!(recognition["arns"], recognition["arns_recognized"], "{file}");
        }
    }
}
