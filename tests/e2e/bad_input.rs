//! Bad input gets one clear message, the right exit code, and leaves nothing half written.

use std::io::Write;

use crate::bill::HEADER;
use crate::program::Place;

/// The run fails with this code, prints no result, one error, and keeps no report.
#[track_caller]
fn refuses(place: &Place, arguments: &[&str], code: i32, said: &[&str]) {
    let outcome = place.finops(arguments).ends_with(code);
    assert_eq!(outcome.stdout, "", "no half result");
    for part in said {
        assert!(outcome.stderr.contains(part), "`{part}` is not in:\n{}", outcome.stderr);
    }
    assert_eq!(outcome.stderr.lines().filter(|line| line.starts_with("error:")).count(), 1, "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
    let kept = std::fs::read_dir(place.store().join("reports")).map_or(0, Iterator::count);
    assert_eq!(kept, 0);
}

#[test]
fn no_such_path() {
    let place = Place::new();
    refuses(&place, &["analyze", "--source", "bill:nowhere.csv"], 1, &["nowhere.csv"]);
}

#[test]
fn an_empty_file_and_a_directory_without_a_bill() {
    let place = Place::new();
    place.write("empty.csv", "");
    refuses(&place, &["analyze", "--source", "bill:empty.csv"], 1, &["empty.csv"]);
    place.write("docs/readme.txt", "nothing");
    refuses(&place, &["analyze", "--source", "bill:docs"], 1, &["docs"]);
}

#[test]
fn missing_columns_are_named_with_the_file() {
    let place = Place::new();
    place.write("half.csv", "BilledCost,EffectiveCost,BillingCurrency\n1,1,USD\n");
    refuses(&place, &["analyze", "--source", "bill:half.csv"], 1, &["half.csv", "ChargePeriodStart"]);
    place.write("other.csv", "name,age\nAnn,3\n");
    refuses(&place, &["analyze", "--source", "bill:other.csv"], 1, &["other.csv"]);
}

#[test]
fn a_parquet_file_that_was_cut_off() {
    let place = Place::new();
    place.write("cut.parquet", b"PAR1\x15\x04\x15\x10");
    refuses(&place, &["analyze", "--source", "bill:cut.parquet"], 1, &["cut.parquet"]);
}

#[test]
fn a_gzip_file_that_was_cut_off() {
    let place = Place::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let row = "1,1,1,1,USD,Usage,AmazonEC2,2025-10-01T00:00:00Z,2025-10-02T00:00:00Z,1,2025-10-01T00:00:00Z,2025-11-01T00:00:00Z\n";
    gzip.write_all(HEADER.as_bytes()).unwrap();
    for _ in 0..5000 {
        gzip.write_all(row.as_bytes()).unwrap();
    }
    let whole = gzip.finish().unwrap();
    place.write("cut.csv.gz", &whole[..whole.len() / 2]);
    refuses(&place, &["analyze", "--source", "bill:cut.csv.gz"], 1, &["cut.csv.gz"]);
}

#[test]
fn an_encoding_that_is_not_utf8() {
    let place = Place::new();
    let utf16: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    place.write("utf16.csv", [&[0xff, 0xfe], utf16.as_slice()].concat());
    refuses(&place, &["analyze", "--source", "bill:utf16.csv"], 1, &["utf16.csv"]);
}

#[test]
fn usage_that_makes_no_sense() {
    let place = Place::new();
    for days in ["-5", "0", "366", "many"] {
        refuses(&place, &["demo", "--days", days], 2, &["--days"]);
    }
    refuses(&place, &["analyze", "--source", "ftp:x"], 2, &["bill:PATH"]);
    refuses(&place, &["demo", "--format", "docx"], 2, &["docx", "json"]);
    refuses(&place, &["demo", "--check", "ebs.nothing"], 2, &["ebs.nothing", "ebs.gp2-volume"]);
    refuses(&place, &["demo", "-o", "report.docx"], 2, &["report.docx"]);
}

#[test]
fn a_store_that_cannot_be_written_loses_no_result() {
    let place = Place::new();
    // A file where the directory should be is refused for every user, root too.
    place.write("occupied", "x");
    let outcome = place.finops(&["demo", "--format", "json", "--store", "occupied/reports"]).ends_with(1);
    assert!(outcome.json()["findings"].is_array(), "the result is printed all the same");
    assert!(outcome.stderr.contains("could not be saved") && outcome.stderr.contains("--no-save"), "{}", outcome.stderr);
}

#[test]
fn a_damaged_report_and_an_id_that_is_a_path() {
    let place = Place::new();
    let id = "finops-analysis-20251124-120000";
    place.write(&format!("store/reports/{id}.json"), "{\"schema_version\": \"1.0\", \"rep");
    let outcome = place.finops(&["get-report", "--report-id", id]).ends_with(1);
    assert!(outcome.stderr.contains(id), "{}", outcome.stderr);
    let outcome = place.finops(&["get-report", "--report-id", "not-an-id"]).ends_with(1);
    assert!(outcome.stderr.contains("an id looks like"), "{}", outcome.stderr);
    let outcome = place.finops(&["get-report", "--report-id", "finops-analysis-20200101-000000"]).ends_with(1);
    assert!(outcome.stderr.contains("list-reports"), "{}", outcome.stderr);
}

#[test]
fn a_configuration_with_an_unknown_key() {
    let place = Place::new();
    place.write("finops.toml", "dayz = 3\n");
    refuses(&place, &["demo"], 2, &["finops.toml", "dayz", "days"]);
}
