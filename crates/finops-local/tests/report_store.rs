//! The store on the disk keeps the port's promises, and those of a file system that fails.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use finops_domain::conformance::report_store::{self, sample_report};
use finops_domain::id::ReportId;
use finops_domain::ports::{PortErrorKind, ReportStore};
use finops_local::LocalReportStore;
use tempfile::TempDir;

const ID: &str = "finops-analysis-20251124-120000";

fn names_in(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn keeps_the_port_s_promises() {
    let root = TempDir::new().unwrap();
    let new_directory = || tempfile::tempdir_in(root.path()).unwrap().keep().join("store");
    report_store::all(&|| Box::new(LocalReportStore::new(new_directory())), &sample_report).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_stores_that_write_the_same_id_at_once_keep_every_report_whole() {
    let directory = TempDir::new().unwrap();
    let barrier = Arc::new(tokio::sync::Barrier::new(16));
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..16 {
        let (store, barrier) = (LocalReportStore::new(directory.path()), Arc::clone(&barrier));
        writers.spawn(async move {
            let mut report = sample_report(ID);
            report.tool_version = format!("writer {number}");
            barrier.wait().await;
            report.report_id = store.put(&report).await.unwrap();
            report
        });
    }
    let written = writers.join_all().await;
    let store = LocalReportStore::new(directory.path());
    let ids: BTreeSet<&ReportId> = written.iter().map(|report| &report.report_id).collect();
    assert_eq!(ids.len(), 16);
    for report in &written {
        assert_eq!(store.get(&report.report_id).await.unwrap(), *report);
    }
    assert_eq!(names_in(&directory.path().join("reports")).len(), 16);
}

#[tokio::test]
async fn a_damaged_report_is_corrupt_and_leaves_the_list_to_the_others() {
    let directory = TempDir::new().unwrap();
    let store = LocalReportStore::new(directory.path());
    store.put(&sample_report(ID)).await.unwrap();
    let damaged = store.put(&sample_report("finops-analysis-20251125-120000")).await.unwrap();
    let path = store.path_of(&damaged).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, &text[..text.len() / 2]).unwrap();
    let renamed = ReportId::from("finops-analysis-20251126-120000");
    fs::copy(store.path_of(&ID.into()).unwrap(), store.path_of(&renamed).unwrap()).unwrap();

    assert_eq!(store.get(&damaged).await.unwrap_err().kind, PortErrorKind::Corrupt);
    assert_eq!(store.get(&renamed).await.unwrap_err().kind, PortErrorKind::Corrupt);
    let listed = store.list(1).await.unwrap();
    assert_eq!(listed.iter().map(|line| line.report_id.as_str()).collect::<Vec<_>>(), [ID]);
}

#[tokio::test]
async fn what_a_killed_run_left_is_no_report_and_goes_once_it_is_old() {
    let directory = TempDir::new().unwrap();
    let reports = directory.path().join("reports");
    fs::create_dir(&reports).unwrap();
    fs::write(reports.join(".unfinished-a.json"), "{\"schema_ver").unwrap();
    let old = fs::File::create(reports.join(".unfinished-b.json")).unwrap();
    old.set_modified(std::time::SystemTime::now() - std::time::Duration::from_hours(48)).unwrap();
    let store = LocalReportStore::new(directory.path());
    assert!(store.list(10).await.unwrap().is_empty());
    store.put(&sample_report(ID)).await.unwrap();
    assert_eq!(names_in(&reports), [".unfinished-a.json", "finops-analysis-20251124-120000.json"]);
}

#[tokio::test]
async fn a_store_that_is_a_file_is_refused_and_left_alone() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("store");
    fs::write(&path, "mine").unwrap();
    let store = LocalReportStore::new(&path);
    store.put(&sample_report(ID)).await.unwrap_err();
    store.list(1).await.unwrap_err();
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    assert_eq!(names_in(directory.path()), ["store"]);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_directory_that_cannot_be_written_is_denied_and_nothing_is_half_written() {
    use std::os::unix::fs::PermissionsExt;

    let directory = TempDir::new().unwrap();
    let reports = directory.path().join("reports");
    fs::create_dir(&reports).unwrap();
    fs::set_permissions(&reports, fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser may write there all the same, but not make a directory in the kernel's own tree.
    let is_superuser = fs::write(reports.join("probe"), "").is_ok();
    let place = if is_superuser { Path::new("/sys") } else { directory.path() };
    let error = LocalReportStore::new(place).put(&sample_report(ID)).await.unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Denied);
    assert!(std::error::Error::source(&error).is_some());
    if !is_superuser {
        assert!(names_in(&reports).is_empty());
    }
}
