//! What every [`ReportStore`] must do.
//!
//! ```ignore
//! #[tokio::test]
//! async fn keeps_the_port_s_promises() {
//!     finops_domain::conformance::report_store::all(&|| Box::new(MyStore::new()), &sample_report).await;
//! }
//! ```

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use rust_decimal::Decimal;

use crate::id::{Currency, ReportId};
use crate::ports::{PortErrorKind, ReportStore};
use crate::report::{AdvisorSection, Coverage, CoverageByMoney, Report, RunInfo, SCHEMA_VERSION, Scope};
use crate::savings::SavingsTotals;
use crate::snapshot::{SourceInfo, SourceKind};

/// Makes a report of an id; the rest is up to the caller, the fuller the better.
pub type MakeReport<'a> = &'a (dyn Fn(&str) -> Report + Sync);

/// Makes an empty store.
pub type MakeStore<'a> = &'a (dyn Fn() -> Box<dyn ReportStore> + Sync);

/// The whole suite, each part on a store of its own.
pub async fn all(make_store: MakeStore<'_>, make_report: MakeReport<'_>) {
    a_new_store_is_empty(&*make_store()).await;
    what_is_put_is_got(&*make_store(), make_report).await;
    an_absent_report_is_not_found(&*make_store(), make_report).await;
    an_id_of_no_such_form_is_an_invalid_request(&*make_store(), make_report).await;
    the_newest_come_first_up_to_the_limit(&*make_store(), make_report).await;
    a_taken_id_gets_a_suffix_and_nothing_is_replaced(&*make_store(), make_report).await;
    two_writers_at_once_are_both_kept(&*make_store(), make_report).await;
}

/// A store that was never written to has no reports, and that is no error.
pub async fn a_new_store_is_empty(store: &dyn ReportStore) {
    assert_eq!(store.list(10).await.unwrap(), Vec::new());
}

/// A report comes back as it was put, with the id that `put` returned.
pub async fn what_is_put_is_got(store: &dyn ReportStore, make_report: MakeReport<'_>) {
    let report = make_report("finops-analysis-20251124-120000");
    let id = store.put(&report).await.unwrap();
    assert_eq!(id, report.report_id);
    assert_eq!(store.get(&id).await.unwrap(), report);
    assert_eq!(store.list(10).await.unwrap(), vec![report.summary()]);
}

/// A report that is not there is `NotFound`, in an empty store and in one that has others.
pub async fn an_absent_report_is_not_found(store: &dyn ReportStore, make_report: MakeReport<'_>) {
    let absent = ReportId::from("finops-analysis-20200101-000000");
    assert_eq!(store.get(&absent).await.unwrap_err().kind, PortErrorKind::NotFound);
    store.put(&make_report("finops-analysis-20251124-120000")).await.unwrap();
    assert_eq!(store.get(&absent).await.unwrap_err().kind, PortErrorKind::NotFound);
}

/// What is no report id is `InvalidRequest`, never a path out of the store: `../x` and its kin.
pub async fn an_id_of_no_such_form_is_an_invalid_request(store: &dyn ReportStore, make_report: MakeReport<'_>) {
    let malformed = [
        "",
        "..",
        "../x",
        "../../etc/passwd",
        "/etc/passwd",
        "finops-analysis-20251124-120000/../x",
        "finops-analysis-20251124-120000.json",
        "finops-analysis-20251124-120000-",
        "finops-analysis-20251124-120000-1",
        "finops-analysis-20251124-120000-02",
        "finops-analysis-20251124",
        "finops-analysis-2025112４-120000",
        "finops-analysis-20251124-120000\0",
        "Finops-analysis-20251124-120000",
    ];
    for id in malformed {
        assert_eq!(store.get(&ReportId::from(id)).await.unwrap_err().kind, PortErrorKind::InvalidRequest, "get of {id:?}");
        assert_eq!(store.put(&make_report(id)).await.unwrap_err().kind, PortErrorKind::InvalidRequest, "put of {id:?}");
    }
    assert_eq!(store.list(10).await.unwrap(), Vec::new());
}

/// The list is sorted by what the ids say, the newest first, suffixes by their number, and is cut at the limit.
pub async fn the_newest_come_first_up_to_the_limit(store: &dyn ReportStore, make_report: MakeReport<'_>) {
    for id in ["finops-analysis-20251124-120000", "finops-analysis-20251231-235959", "finops-analysis-20251124-115959"] {
        store.put(&make_report(id)).await.unwrap();
    }
    for _ in 2..=10 {
        store.put(&make_report("finops-analysis-20251124-120000")).await.unwrap();
    }
    let ids = |list: Vec<crate::report::ReportSummary>| -> Vec<String> { list.iter().map(|line| line.report_id.to_string()).collect() };
    let newest = ids(store.list(3).await.unwrap());
    assert_eq!(newest, ["finops-analysis-20251231-235959", "finops-analysis-20251124-120000-10", "finops-analysis-20251124-120000-9"]);
    let all = ids(store.list(usize::MAX).await.unwrap());
    assert_eq!(all.len(), 12);
    assert_eq!(all.last().map(String::as_str), Some("finops-analysis-20251124-115959"));
    assert_eq!(store.list(0).await.unwrap(), Vec::new());
}

/// The second report of an id is kept under another, which stands in the document too; the first stays as it was.
pub async fn a_taken_id_gets_a_suffix_and_nothing_is_replaced(store: &dyn ReportStore, make_report: MakeReport<'_>) {
    let first = make_report("finops-analysis-20251124-120000");
    let mut second = first.clone();
    "another".clone_into(&mut second.tool_version);
    assert_eq!(store.put(&first).await.unwrap().as_str(), "finops-analysis-20251124-120000");
    let second_id = store.put(&second).await.unwrap();
    assert_eq!(second_id.as_str(), "finops-analysis-20251124-120000-2");
    assert_eq!(store.put(&second).await.unwrap().as_str(), "finops-analysis-20251124-120000-3");
    assert_eq!(store.get(&first.report_id).await.unwrap(), first);
    second.report_id = second_id.clone();
    assert_eq!(store.get(&second_id).await.unwrap(), second);
    assert_eq!(store.put(&second).await.unwrap().as_str(), "finops-analysis-20251124-120000-4");
}

/// Two writers of the same id at the same time: both reports are kept, whole, under two ids.
pub async fn two_writers_at_once_are_both_kept(store: &dyn ReportStore, make_report: MakeReport<'_>) {
    let mut left = make_report("finops-analysis-20251124-120000");
    let mut right = left.clone();
    "left".clone_into(&mut left.tool_version);
    "right".clone_into(&mut right.tool_version);
    let (left_id, right_id) = both(store.put(&left), store.put(&right)).await;
    (left.report_id, right.report_id) = (left_id.unwrap(), right_id.unwrap());
    assert_ne!(left.report_id, right.report_id);
    assert_eq!(store.get(&left.report_id).await.unwrap(), left);
    assert_eq!(store.get(&right.report_id).await.unwrap(), right);
    assert_eq!(store.list(10).await.unwrap().len(), 2);
}

/// Runs two futures at the same time. Here, since the domain depends on no runtime.
async fn both<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    poll_fn(|context| {
        if a_output.is_none()
            && let Poll::Ready(output) = a.as_mut().poll(context)
        {
            a_output = Some(output);
        }
        if b_output.is_none()
            && let Poll::Ready(output) = b.as_mut().poll(context)
        {
            b_output = Some(output);
        }
        match (a_output.take(), b_output.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (a, b) => {
                (a_output, b_output) = (a, b);
                Poll::Pending
            }
        }
    })
    .await
}

/// A small report of an id, for suites and tests that have none of their own.
pub fn sample_report(id: &str) -> Report {
    let generated_at = "2025-11-24T12:00:00Z".parse().unwrap();
    let source = SourceInfo {
        kind: SourceKind::Bill,
        location: "bill/".to_owned(),
        format: Some("FOCUS 1.2 (AWS)".to_owned()),
        as_of: Some(generated_at),
    };
    let savings = SavingsTotals {
        gross_monthly: Decimal::new(123_456_789, 6),
        net_monthly: Decimal::new(100_000_001, 6),
        net_annual: Decimal::new(1_200_000_012, 6),
        measured: Decimal::new(100_000_001, 6),
        estimated: Decimal::ZERO,
        currency: Currency::from("USD"),
    };
    Report {
        schema_version: SCHEMA_VERSION.to_owned(),
        report_id: ReportId::from(id),
        generated_at,
        tool_version: "0.0.0".to_owned(),
        source,
        scope: Scope::default(),
        coverage: Coverage {
            complete: true,
            by_money: CoverageByMoney::default(),
            cells: Vec::new(),
            malformed_rows: vec!["bill/2025-11.csv:17: BilledCost `€ 5`".to_owned()],
            rows_malformed: 1,
            rows_read: 100,
        },
        spend: None,
        findings: Vec::new(),
        recommendations: Vec::new(),
        savings: savings.clone(),
        savings_by_currency: vec![savings],
        native_advice: crate::advice::NativeAdviceSection::default(),
        not_evaluated: Vec::new(),
        checks_run: vec!["ebs.gp2-volume".into()],
        advisor: AdvisorSection {
            used: false,
            reason: Some("not asked for".to_owned()),
            model_id: None,
            narrative: Vec::new(),
            rejected: Vec::new(),
        },
        run: RunInfo {
            started_at: generated_at,
            duration_seconds: 0.25,
            api_calls: BTreeMap::new(),
            api_cost: Decimal::ZERO,
            api_calls_cached: BTreeMap::new(),
            api_cost_saved: Decimal::ZERO,
        },
    }
}
