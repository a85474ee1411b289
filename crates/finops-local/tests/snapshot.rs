//! A snapshot comes back as it was saved, and is never written over something else.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;

use finops_domain::charge::{ChargeGroup, ChargeKey, Costs, TagPair};
use finops_domain::coverage::{CoverageCell, CoverageStatus};
use finops_domain::ports::PortErrorKind;
use finops_domain::snapshot::{Bill, Snapshot, SourceInfo, SourceKind};
use finops_local::{load_snapshot, save_snapshot};
use tempfile::TempDir;

fn snapshot() -> Snapshot {
    let mut key = ChargeKey::of_currency("USD".into());
    key.period_start = Some("2025-11-01T00:00:00Z".parse().unwrap());
    key.service_name = Some("Amazon Elastic Compute Cloud".into());
    key.tag = Some(TagPair { key: "team".into(), value: "öl".into() });
    let costs = Costs { billed: "12.3456789012345678".parse().unwrap(), effective: "-0.0000000001".parse().unwrap(), ..Costs::default() };
    let group =
        ChargeGroup { key, costs, pricing_quantity: 730.into(), rows: 3, rows_without_list_cost: 1, rows_without_contracted_cost: 0 };
    Snapshot {
        source: SourceInfo { kind: SourceKind::Bill, location: "bill/".to_owned(), format: None, as_of: None },
        collected_at: "2025-11-24T12:00:00Z".parse().unwrap(),
        prices: BTreeMap::new(),
        native_advice: Vec::new(),
        accounts: Vec::new(),
        bill: Some(Bill {
            lines: vec![group.clone()],
            daily: Vec::new(),
            by_resource: Vec::new(),
            by_tag: vec![group],
            hourly_compute: Vec::new(),
            totals: Vec::new(),
            charge_period: None,
            usage_period: None,
            account_names: BTreeMap::from([("123456789012".into(), "prod".into())]),
            rows_read: 3,
            rows_malformed: 0,
            malformed: Vec::new(),
            format: "FOCUS 1.2 (AWS)".to_owned(),
            missing_columns: Vec::new(),
        }),
        resources: Vec::new(),
        utilization: Vec::new(),
        coverage: vec![CoverageCell {
            sub_account_id: None,
            region_id: None,
            service: "bill".to_owned(),
            status: CoverageStatus::Complete,
            reason: None,
            remedy: None,
        }],
    }
}

#[test]
fn what_is_saved_is_loaded() {
    let root = TempDir::new().unwrap();
    let directory = root.path().join("a/b");
    save_snapshot(&directory, &snapshot()).unwrap();
    assert_eq!(load_snapshot(&directory).unwrap(), snapshot());
    let empty = root.path().join("empty");
    fs::create_dir(&empty).unwrap();
    save_snapshot(&empty, &snapshot()).unwrap();
    assert_eq!(load_snapshot(&empty).unwrap(), snapshot());
    let mut names: Vec<_> = fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["a", "empty"]);
}

#[test]
fn a_directory_that_holds_something_is_refused() {
    let root = TempDir::new().unwrap();
    fs::write(root.path().join("thesis.txt"), "ten years").unwrap();
    assert_eq!(save_snapshot(root.path(), &snapshot()).unwrap_err().kind, PortErrorKind::Refused);
    assert_eq!(fs::read_to_string(root.path().join("thesis.txt")).unwrap(), "ten years");
}

#[test]
fn says_what_is_wrong_with_what_it_cannot_load() {
    let root = TempDir::new().unwrap();
    assert_eq!(load_snapshot(&root.path().join("absent")).unwrap_err().kind, PortErrorKind::NotFound);

    let damaged = root.path().join("damaged");
    save_snapshot(&damaged, &snapshot()).unwrap();
    let file = damaged.join("snapshot.json.gz");
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 9]).unwrap();
    assert_eq!(load_snapshot(&damaged).unwrap_err().kind, PortErrorKind::Corrupt);

    let newer = root.path().join("newer");
    save_snapshot(&newer, &snapshot()).unwrap();
    let manifest = fs::read_to_string(newer.join("manifest.json")).unwrap();
    fs::write(newer.join("manifest.json"), manifest.replace("\"version\": 1", "\"version\": 2")).unwrap();
    assert_eq!(load_snapshot(&newer).unwrap_err().kind, PortErrorKind::InvalidRequest);
}
