//! The demonstration account, end to end.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::program::Place;

fn decimal(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

/// The same figures with the same text, whatever scale they were added up in.
fn without_trailing_zeros(value: &Value) -> Value {
    match value {
        Value::String(text) => text.parse::<Decimal>().map_or_else(|_| value.clone(), |number| Value::from(number.normalize().to_string())),
        Value::Array(items) => items.iter().map(without_trailing_zeros).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, field)| (name.clone(), without_trailing_zeros(field))).collect::<serde_json::Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

#[test]
fn demo_prints_an_analysis_marked_as_invented_and_says_how_to_point_it_at_a_bill() {
    let place = Place::new();
    let outcome = place.finops(&["demo"]).ends_with(0);
    assert!(outcome.stdout.to_uppercase().contains("DEMONSTRATION DATA"), "{}", outcome.stdout);
    assert!(outcome.stderr.contains("finops analyze --source bill:PATH"));
}

#[test]
fn json_is_one_document_and_the_same_every_time() {
    let place = Place::new();
    let mut first = place.finops(&["demo", "--format", "json", "--no-save"]).ends_with(0).json();
    let mut second = place.finops(&["analyze", "--source", "demo", "--format", "json", "--no-save"]).ends_with(0).json();
    for report in [&mut first, &mut second] {
        for volatile in ["report_id", "generated_at", "run"] {
            report[volatile] = Value::Null;
        }
    }
    assert_eq!(first, second);
}

#[test]
fn the_account_is_as_large_as_promised() {
    let place = Place::new();
    let report = place.finops(&["demo", "--format", "json", "--no-save"]).ends_with(0).json();
    let count = |list: &str| report["scope"][list].as_array().unwrap().len();
    assert!(count("accounts") >= 4 && count("regions") >= 8 && count("services") >= 60, "{:?}", report["scope"]);
    assert!(report["spend"]["monthly"].as_array().unwrap().len() >= 13);
}

#[test]
fn money_is_honest() {
    let place = Place::new();
    let report = place.finops(&["demo", "--format", "json", "--no-save"]).ends_with(0).json();
    let findings = report["findings"].as_array().unwrap();
    let ids: BTreeSet<&str> = findings.iter().map(|finding| finding["finding_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), findings.len(), "ids are unique");
    let saves = |finding: &&Value| !finding["savings"].is_null();
    let gross: Decimal = findings.iter().filter(saves).map(|finding| decimal(&finding["savings"]["monthly"])).sum();
    let net: Decimal = findings
        .iter()
        .filter(saves)
        .filter(|finding| finding["displaced_by"].is_null())
        .map(|finding| decimal(&finding["savings"]["monthly"]))
        .sum();
    assert_eq!(gross, decimal(&report["savings"]["gross_monthly"]));
    assert_eq!(net, decimal(&report["savings"]["net_monthly"]));
    assert!(net < gross, "some findings compete, or the test says nothing");
    assert_eq!(net, decimal(&report["savings"]["measured"]) + decimal(&report["savings"]["estimated"]));
    for finding in findings {
        if saves(&finding) {
            assert!(decimal(&finding["savings"]["monthly"]) <= decimal(&finding["monthly_cost"]), "{finding}");
        }
        if let Some(winner) = finding["displaced_by"].as_str() {
            assert!(ids.contains(winner));
        }
    }
    let shares = &report["coverage"]["by_money"];
    let sum: Decimal = ["judged", "no_check", "no_data", "denied"].iter().map(|share| decimal(&shares[share])).sum();
    assert_eq!(sum, Decimal::ONE);
}

#[test]
fn the_demonstration_bill_read_from_a_file_gives_the_same_findings_and_money() {
    let place = Place::new();
    place.finops(&["demo", "--export-bill", "bill.csv"]).ends_with(0);
    // A bill has no inventory and no metrics, so what only those tell cannot be found in it, and the report says so.
    let needs_inventory = [
        "catalog.idle-resource",
        "catalog.unused-capacity",
        "ebs.orphan-snapshot",
        "ebs.unattached-volume",
        "ec2.stopped-instance",
        "vpc.unassociated-elastic-ip",
    ];
    let skipped = needs_inventory.join(",");
    let options = ["--format", "json", "--no-save", "--skip-check", skipped.as_str()];
    let direct = place.finops(&[&["demo"], &options[..]].concat()).ends_with(0).json();
    let read = place.analyze(&place.path("bill.csv"), &options).ends_with(0).json();
    assert_eq!(without_trailing_zeros(&direct["spend"]), without_trailing_zeros(&read["spend"]));
    assert_eq!(without_trailing_zeros(&direct["savings"]), without_trailing_zeros(&read["savings"]));
    let ids = |report: &Value| -> BTreeSet<String> {
        report["findings"].as_array().unwrap().iter().map(|finding| finding["finding_id"].to_string()).collect()
    };
    assert_eq!(ids(&direct), ids(&read));
    let whole = place.analyze(&place.path("bill.csv"), &["--format", "json", "--no-save"]).ends_with(0).json();
    let unanswered: BTreeSet<&str> =
        whole["not_evaluated"].as_array().unwrap().iter().map(|not| not["check_id"].as_str().unwrap()).collect();
    assert_eq!(unanswered, BTreeSet::from(needs_inventory));
}

#[test]
fn savings_can_fail_a_pipeline() {
    let place = Place::new();
    place.finops(&["demo", "--quiet", "--fail-on-savings", "1"]).ends_with(4);
    place.finops(&["demo", "--quiet", "--fail-on-savings", "100000000"]).ends_with(0);
    place.finops(&["demo", "--quiet", "--fail-on-new-savings", "1", "--baseline", "latest"]).ends_with(0);
    place.finops(&["demo", "--quiet", "--fail-on-new-savings", "1"]).ends_with(2);
}
