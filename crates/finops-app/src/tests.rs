//! What a run does when its ports fail, and what it does not ask of them.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use finops_domain::analysis::AnalysisOptions;
use finops_domain::charge::{SpendAnswer, SpendQuery};
use finops_domain::checks::CheckSelection;
use finops_domain::coverage::CoverageStatus;
use finops_domain::id::ReportId;
use finops_domain::ports::{Clock, CostSource, PortError, PortErrorKind, PortResult, ReportStore, ResourceInventory};
use finops_domain::report::{Report, ReportSummary};
use finops_domain::resource::Resource;
use finops_domain::snapshot::{SourceInfo, SourceKind};
use finops_domain::utilization::UtilizationSeries;
use jiff::Timestamp;

use crate::analyze::{AnalyzeError, AnalyzeRequest, analyze};
use crate::collect::Sources;

mockall::mock! {
    #[derive(Debug)]
    Costs {}
    #[async_trait]
    impl CostSource for Costs {
        fn info(&self) -> SourceInfo;
        async fn spend(&self, queries: &[SpendQuery]) -> PortResult<SpendAnswer>;
    }
}

mockall::mock! {
    #[derive(Debug)]
    Inventory {}
    #[async_trait]
    impl ResourceInventory for Inventory {
        async fn resources(&self) -> PortResult<Vec<Resource>>;
        async fn utilization(&self) -> PortResult<Vec<UtilizationSeries>>;
    }
}

mockall::mock! {
    #[derive(Debug)]
    Store {}
    #[async_trait]
    impl ReportStore for Store {
        fn location(&self) -> String;
        async fn put(&self, report: &Report) -> PortResult<ReportId>;
        async fn get(&self, report_id: &ReportId) -> PortResult<Report>;
        async fn list(&self, limit: usize) -> PortResult<Vec<ReportSummary>>;
    }
}

/// A clock that moves on by a second with every look.
#[derive(Debug)]
struct TickingClock(Mutex<i64>);

impl TickingClock {
    fn new() -> Self {
        // 2025-11-24T12:00:00Z
        Self(Mutex::new(1_763_985_600))
    }
}

impl Clock for TickingClock {
    fn now(&self) -> Timestamp {
        let mut second = self.0.lock().unwrap();
        *second += 1;
        Timestamp::from_second(*second - 1).unwrap()
    }
}

fn sources(costs: Option<MockCosts>, inventory: Option<MockInventory>) -> Sources {
    Sources {
        costs: costs.map(|costs| Arc::new(costs) as Arc<dyn CostSource>),
        inventory: inventory.map(|inventory| Arc::new(inventory) as Arc<dyn ResourceInventory>),
        info: SourceInfo { kind: SourceKind::Bill, location: "bill.csv".to_owned(), format: None, as_of: None },
    }
}

fn request() -> AnalyzeRequest {
    AnalyzeRequest { options: AnalysisOptions { days: 30, selection: CheckSelection::default() }, tool_version: "test".to_owned() }
}

fn empty_answer(rows_malformed: u64) -> SpendAnswer {
    SpendAnswer {
        tables: vec![Vec::new(); 5],
        totals: Vec::new(),
        charge_period: None,
        usage_period: None,
        account_names: std::collections::BTreeMap::new(),
        rows_read: rows_malformed,
        rows_malformed,
        malformed: Vec::new(),
        format: "FOCUS 1.2".to_owned(),
        missing_columns: Vec::new(),
    }
}

#[tokio::test]
async fn a_bill_is_read_once_for_all_questions() {
    let mut costs = MockCosts::new();
    costs.expect_spend().times(1).returning(|queries| {
        assert!(queries.len() > 1);
        Ok(empty_answer(0))
    });
    let outcome = analyze(&sources(Some(costs), None), None, &TickingClock::new(), &request()).await.unwrap();
    assert!(outcome.report.coverage.complete, "what a bill cannot say is no gap of this run");
    assert_eq!(outcome.report.report_id.as_str(), "finops-analysis-20251124-120000");
}

#[tokio::test]
async fn a_source_that_fails_is_an_error_with_its_cause() {
    let mut costs = MockCosts::new();
    costs.expect_spend().returning(|_| Err(PortError::new(PortErrorKind::Corrupt, "CostSource.spend", "bill.csv")));
    let error = analyze(&sources(Some(costs), None), None, &TickingClock::new(), &request()).await.unwrap_err();
    let AnalyzeError::Source(cause) = error;
    assert_eq!(cause.kind, PortErrorKind::Corrupt);
}

#[tokio::test]
async fn malformed_rows_make_the_coverage_partial() {
    let mut costs = MockCosts::new();
    costs.expect_spend().returning(|_| Ok(empty_answer(3)));
    let report = analyze(&sources(Some(costs), None), None, &TickingClock::new(), &request()).await.unwrap().report;
    assert!(!report.coverage.complete);
    assert_eq!(report.coverage.rows_malformed, 3);
}

#[tokio::test]
async fn an_inventory_that_fails_is_a_gap_and_the_rest_goes_on() {
    for (kind, status) in [
        (PortErrorKind::Denied, CoverageStatus::Denied),
        (PortErrorKind::Throttled, CoverageStatus::Throttled),
        (PortErrorKind::NotEnabled, CoverageStatus::NotEnabled),
        (PortErrorKind::TimedOut, CoverageStatus::Failed),
    ] {
        let mut costs = MockCosts::new();
        costs.expect_spend().returning(|_| Ok(empty_answer(0)));
        let mut inventory = MockInventory::new();
        inventory.expect_resources().returning(move || Err(PortError::new(kind, "ResourceInventory.resources", "test")));
        inventory.expect_utilization().returning(|| Ok(Vec::new()));
        let report = analyze(&sources(Some(costs), Some(inventory)), None, &TickingClock::new(), &request()).await.unwrap().report;
        let cell = report.coverage.cells.iter().find(|cell| cell.service == "inventory").unwrap();
        assert_eq!(cell.status, status);
        assert!(cell.reason.is_some() && cell.remedy.is_some());
    }
}

#[tokio::test]
async fn without_cost_data_no_cost_is_asked_for_and_that_is_said() {
    let report = analyze(&sources(None, None), None, &TickingClock::new(), &request()).await.unwrap().report;
    assert!(report.spend.is_none(), "missing is never zero");
    assert!(report.coverage.cells.iter().any(|cell| cell.service == "cost data" && cell.status == CoverageStatus::NotEnabled));
}

#[tokio::test]
async fn the_report_is_put_once_and_bears_the_id_that_the_store_gave() {
    let mut costs = MockCosts::new();
    costs.expect_spend().returning(|_| Ok(empty_answer(0)));
    let mut store = MockStore::new();
    store.expect_put().times(1).returning(|report| Ok(ReportId::from(format!("{}-2", report.report_id))));
    let store: Arc<dyn ReportStore> = Arc::new(store);
    let outcome = analyze(&sources(Some(costs), None), Some(&store), &TickingClock::new(), &request()).await.unwrap();
    assert_eq!(outcome.report.report_id.as_str(), "finops-analysis-20251124-120000-2");
    assert!(outcome.store_error.is_none());
}

#[tokio::test]
async fn a_store_that_fails_does_not_lose_the_report() {
    let mut costs = MockCosts::new();
    costs.expect_spend().returning(|_| Ok(empty_answer(0)));
    let mut store = MockStore::new();
    store.expect_put().returning(|_| Err(PortError::new(PortErrorKind::Denied, "ReportStore.put", "/full")));
    let store: Arc<dyn ReportStore> = Arc::new(store);
    let outcome = analyze(&sources(Some(costs), None), Some(&store), &TickingClock::new(), &request()).await.unwrap();
    assert_eq!(outcome.store_error.map(|error| error.kind), Some(PortErrorKind::Denied));
    assert!(outcome.report.findings.is_empty());
}
