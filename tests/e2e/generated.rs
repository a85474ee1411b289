//! Bills written by programs that are not ours; `cargo xtask test` makes them by `tests/generate_bills.sh`.

use std::path::{Path, PathBuf};

use rust_decimal::Decimal;

use crate::bill::{sums, total};
use crate::program::Place;

fn files(folder: &str) -> Vec<PathBuf> {
    let Some(directory) = std::env::var_os("FINOPS_GENERATED_BILLS") else {
        eprintln!("FINOPS_GENERATED_BILLS names no directory; skipped");
        return Vec::new();
    };
    let entries = std::fs::read_dir(Path::new(&directory).join(folder)).unwrap();
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|extension| extension == "csv")).collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} holds no bill");
    files
}

#[test]
fn focus_of_three_providers_gives_its_own_sums() {
    let place = Place::new();
    for path in files("focus").iter().filter(|path| path.to_string_lossy().contains("cost_and_usage")) {
        let report = place.analyze(path, &["--format", "json", "--no-save"]).ends_with(0).json();
        for (field, column) in [
            ("billed_cost", "BilledCost"),
            ("effective_cost", "EffectiveCost"),
            ("list_cost", "ListCost"),
            ("contracted_cost", "ContractedCost"),
        ] {
            for (currency, sum) in sums(path, column, "BillingCurrency") {
                assert_eq!(total(&report, &currency, field), sum, "{} {column}", path.display());
            }
        }
    }
}

#[test]
fn the_contract_commitment_dataset_is_no_bill_and_that_is_said() {
    let place = Place::new();
    for path in files("focus").iter().filter(|path| path.to_string_lossy().contains("contract_commitment")) {
        let outcome = place.analyze(path, &["--no-save"]).ends_with(1);
        assert!(outcome.stderr.contains("contract_commitment") && outcome.stdout.is_empty(), "{}", outcome.stderr);
    }
}

#[test]
fn legacy_cur_gives_its_own_unblended_sum() {
    let place = Place::new();
    for path in files("cur") {
        let report = place.analyze(&path, &["--format", "json", "--no-save"]).ends_with(0).json();
        for (currency, sum) in sums(&path, "lineItem/UnblendedCost", "lineItem/CurrencyCode") {
            assert_eq!(total(&report, &currency, "billed_cost"), sum, "{}", path.display());
        }
        let findings = report["findings"].as_array().unwrap();
        assert!(findings.iter().all(|finding| finding["monthly_cost"].as_str().unwrap().parse::<Decimal>().unwrap() >= Decimal::ZERO));
    }
}
