//! Reports that were kept: listed, read, converted, compared, explained.

use crate::program::Place;

fn saved_id(stderr: &str) -> String {
    let start = stderr.find("finops-analysis-").unwrap();
    stderr[start..].split_whitespace().next().unwrap().to_owned()
}

#[test]
fn a_report_is_kept_listed_and_read_back() {
    let place = Place::new();
    let first = place.finops(&["demo", "--format", "json"]).ends_with(0);
    let id = saved_id(&first.stderr);
    let second = saved_id(&place.finops(&["demo", "--format", "summary"]).ends_with(0).stderr);
    assert_ne!(id, second, "two runs never share a report");
    let list = place.finops(&["list-reports", "--limit", "1", "--format", "json"]).ends_with(0).json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["report_id"], second.as_str());
    let read = place.finops(&["get-report", "--report-id", &id, "--format", "json"]).ends_with(0);
    assert_eq!(read.json(), first.json());
}

#[test]
fn a_report_converts_into_every_format() {
    let place = Place::new();
    let mut arguments = vec!["demo", "--no-save"];
    for file in ["r.json", "r.csv", "r.md", "r.html", "r.sarif", "r.txt"] {
        arguments.extend(["-o", file]);
    }
    place.finops(&arguments).ends_with(0);
    for file in ["r.csv", "r.md", "r.html", "r.sarif", "r.txt"] {
        let written = std::fs::read_to_string(place.path(file)).unwrap();
        let again = format!("again-{file}");
        place.finops(&["convert", "r.json", "-o", &again]).ends_with(0);
        assert_eq!(std::fs::read_to_string(place.path(&again)).unwrap(), written, "{file}");
    }
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(place.path("r.sarif")).unwrap()).unwrap();
    assert_eq!(json["version"], "2.1.0");
}

#[test]
fn every_finding_is_explained_and_recomputed() {
    let place = Place::new();
    let report = place.finops(&["demo", "--format", "json"]).ends_with(0).json();
    let mut explained = std::collections::BTreeSet::new();
    for finding in report["findings"].as_array().unwrap() {
        // One of each check: each explanation is a whole run of the program.
        if !explained.insert(finding["check_id"].to_string()) {
            continue;
        }
        let id = finding["finding_id"].as_str().unwrap();
        let text = place.finops(&["explain", id]).ends_with(0).stdout;
        assert!(text.contains(finding["check_id"].as_str().unwrap()), "{text}");
        if !finding["savings"].is_null() {
            assert!(text.contains("claimed_cost") && text.contains("730"), "evidence and formula:\n{text}");
        }
    }
    assert!(explained.len() >= 25, "{explained:?}");
    place.finops(&["explain", "zzzz"]).ends_with(2);
}

#[test]
fn a_report_differs_from_itself_in_nothing() {
    let place = Place::new();
    place.finops(&["demo", "--quiet", "-o", "a.json", "--no-save"]).ends_with(0);
    place.finops(&["demo", "--quiet", "-o", "b.json", "--no-save", "--skip-check", "ebs.gp2-volume"]).ends_with(0);
    let same = place.finops(&["diff", "a.json", "a.json", "--format", "json"]).ends_with(0).json();
    assert_eq!(same["new"].as_array().map(Vec::len), Some(0), "{same}");
    let other = place.finops(&["diff", "b.json", "a.json", "--format", "json"]).ends_with(0).json();
    let new = other["new"].as_array().unwrap();
    assert!(!new.is_empty() && new.iter().all(|finding| finding["check_id"] == "ebs.gp2-volume"), "{other}");
}

#[test]
fn two_runs_at_once_keep_both_reports() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| place.finops(&["demo", "--quiet", "--format", "summary"]).ends_with(0));
        }
    });
    let list = place.finops(&["list-reports", "--format", "json"]).ends_with(0).json();
    assert_eq!(list.as_array().unwrap().len(), 4);
}

#[test]
fn a_snapshot_analysed_later_gives_the_same_analysis() {
    let place = Place::new();
    place.finops(&["collect", "--source", "demo", "-o", "snapshot"]).ends_with(0);
    let direct = place.finops(&["demo", "--format", "json", "--no-save"]).ends_with(0).json();
    let later = place.finops(&["analyze", "--source", "snapshot:snapshot", "--format", "json", "--no-save"]).ends_with(0).json();
    assert_eq!(direct["findings"], later["findings"]);
    assert_eq!(direct["spend"], later["spend"]);
}

#[test]
fn the_rest_of_the_commands_answer() {
    let place = Place::new();
    let checks = place.finops(&["checks", "list", "--format", "json"]).ends_with(0).json();
    assert!(checks.as_array().unwrap().len() >= 25);
    let shown = place.finops(&["checks", "show", "ebs.gp2-volume"]).ends_with(0).stdout;
    assert!(shown.contains("https://"), "{shown}");
    for shell in ["bash", "zsh", "fish"] {
        assert!(place.finops(&["completions", shell]).ends_with(0).stdout.contains("analyze"));
    }
    for by in [
        "service",
        "category",
        "account",
        "region",
        "charge-category",
        "pricing-category",
        "day",
        "month",
        "movers",
        "anomalies",
        "forecast",
        "commitments",
        "allocation",
        "reconciliation",
    ] {
        let rows = place.finops(&["costs", "--source", "demo", "--by", by, "--format", "json"]).ends_with(0).json();
        assert!(!rows.as_array().unwrap().is_empty(), "{by}");
    }
    place.finops(&["costs", "--source", "demo", "--by", "moon"]).ends_with(2);
}
