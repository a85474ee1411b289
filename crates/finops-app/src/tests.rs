//! What a run does when its ports fail, and what it does not ask of them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use finops_domain::analysis::AnalysisOptions;
use finops_domain::charge::{SpendAnswer, SpendQuery};
use finops_domain::checks::CheckSelection;
use finops_domain::coverage::CoverageStatus;
use finops_domain::id::{RegionId, ReportId, SubAccountId};
use finops_domain::ports::{
    AccountDirectory, Clock, Collected, CostSource, Gap, PortError, PortErrorKind, PortResult, ReportStore, ResourceInventory,
};
use finops_domain::report::{Report, ReportSummary};
use finops_domain::resource::Resource;
use finops_domain::scope::{Account, Cell, InventoryService};
use finops_domain::snapshot::{SourceInfo, SourceKind};
use jiff::Timestamp;

use crate::analyze::{AnalyzeError, AnalyzeRequest, analyze};
use crate::collect::{Estate, EstateScope, Sources, collect};

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
        fn name(&self) -> &'static str;
        fn services(&self) -> Vec<InventoryService>;
        async fn resources(&self, cell: &Cell) -> PortResult<Collected<Vec<Resource>>>;
    }
}

mockall::mock! {
    #[derive(Debug)]
    Directory {}
    #[async_trait]
    impl AccountDirectory for Directory {
        async fn accounts(&self) -> PortResult<Collected<Vec<Account>>>;
        async fn enabled_regions(&self, account: &SubAccountId) -> PortResult<Vec<RegionId>>;
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
        estate: inventory.map(|inventory| estate(vec![inventory], EstateScope { regions: Some(vec!["eu-west-1".into()]), ..scope() })),
        ledger: None,
        info: SourceInfo { kind: SourceKind::Bill, location: "bill.csv".to_owned(), format: None, as_of: None },
    }
}

fn scope() -> EstateScope {
    EstateScope { accounts: None, regions: None, global_region: "us-east-1".into(), days: 30, max_concurrent: 4, deadline: None }
}

/// Two accounts; eu-west-1 and us-east-1 are enabled.
fn estate(inventories: Vec<MockInventory>, scope: EstateScope) -> Estate {
    let mut directory = MockDirectory::new();
    let account = |id: &str| Account { sub_account_id: id.into(), name: None, organizational_unit: None };
    directory.expect_accounts().returning(move || Ok(Collected::complete(vec![account("111122223333"), account("444455556666")])));
    directory.expect_enabled_regions().returning(|_| Ok(vec!["eu-west-1".into(), "us-east-1".into()]));
    Estate {
        directory: Arc::new(directory),
        inventories: inventories.into_iter().map(|inventory| Arc::new(inventory) as Arc<dyn ResourceInventory>).collect(),
        utilization: None,
        prices: None,
        advice: None,
        scope,
    }
}

/// An inventory of one regional and one global service.
fn inventory() -> MockInventory {
    let mut inventory = MockInventory::new();
    inventory.expect_name().return_const("services");
    let services = vec![InventoryService { service: "ec2", is_global: false }, InventoryService { service: "cloudfront", is_global: true }];
    inventory.expect_services().return_const(services);
    inventory
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
        gaps: Vec::new(),
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
        let mut inventory = inventory();
        inventory.expect_resources().returning(move |cell| match &*cell.service {
            "ec2" => Err(PortError::new(kind, "ec2:DescribeVolumes", cell.to_string())),
            _ => Ok(Collected::default()),
        });
        let report = analyze(&sources(Some(costs), Some(inventory)), None, &TickingClock::new(), &request()).await.unwrap().report;
        let of = |service| report.coverage.cells.iter().filter(move |cell| cell.service == service);
        assert!(of("ec2").all(|cell| cell.status == status && cell.reason.is_some() && cell.remedy.is_some()));
        assert!(of("cloudfront").all(|cell| cell.status == CoverageStatus::Complete));
        assert_eq!((of("ec2").count(), of("cloudfront").count()), (2, 2), "one cell for each account, failed or not");
    }
}

#[tokio::test]
async fn every_cell_is_asked_once_and_a_global_service_in_one_region() {
    let mut inventory = inventory();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    inventory.expect_resources().returning(move |cell| {
        seen.lock().unwrap().push(cell.to_string());
        Ok(Collected::default())
    });
    let sources = Sources { estate: Some(estate(vec![inventory], scope())), ..sources(None, None) };
    analyze(&sources, None, &TickingClock::new(), &request()).await.unwrap();
    let mut asked = asked.lock().unwrap().clone();
    asked.sort();
    let expected = [
        "cloudfront in 111122223333, us-east-1",
        "cloudfront in 444455556666, us-east-1",
        "ec2 in 111122223333, eu-west-1",
        "ec2 in 111122223333, us-east-1",
        "ec2 in 444455556666, eu-west-1",
        "ec2 in 444455556666, us-east-1",
    ];
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn a_region_that_is_not_enabled_is_said_and_not_asked() {
    let mut inventory = inventory();
    inventory.expect_resources().returning(|cell| {
        assert_ne!(cell.region_id.as_str(), "me-south-1");
        Ok(Collected::default())
    });
    let wanted = EstateScope { regions: Some(vec!["me-south-1".into(), "eu-west-1".into()]), ..scope() };
    let sources = Sources { estate: Some(estate(vec![inventory], wanted)), ..sources(None, None) };
    let report = analyze(&sources, None, &TickingClock::new(), &request()).await.unwrap().report;
    let not_enabled =
        report.coverage.cells.iter().filter(|cell| cell.region_id.as_ref().is_some_and(|region| region.as_str() == "me-south-1"));
    assert!(not_enabled.clone().all(|cell| cell.status == CoverageStatus::NotEnabled));
    assert_eq!(not_enabled.count(), 2);
}

#[tokio::test]
async fn what_one_list_could_not_read_is_a_gap_beside_what_the_others_did() {
    let mut inventory = inventory();
    inventory.expect_resources().returning(|cell| {
        let error = PortError::new(PortErrorKind::Denied, "ec2:DescribeVolumes", "x").with_source("UnauthorizedOperation: no");
        let instance = Resource::new("arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "ec2:instance", cell.sub_account_id.clone(), None);
        let value = if &*cell.service == "ec2" { vec![instance] } else { Vec::new() };
        Ok(Collected { value, gaps: vec![Gap::from(&error)] })
    });
    let mut estate = estate(vec![inventory], scope());
    estate.scope.accounts = Some(vec!["111122223333".into()]);
    let snapshot = collect(&Sources { estate: Some(estate), ..sources(None, None) }, &TickingClock::new()).await.unwrap();
    assert_eq!(snapshot.resources.len(), 1, "the same resource from two cells is one");
    let gap = snapshot.coverage.iter().find(|cell| cell.service == "ec2").unwrap();
    assert_eq!(gap.status, CoverageStatus::Denied);
    assert_eq!(gap.reason.as_deref(), Some("ec2:DescribeVolumes: access denied: UnauthorizedOperation: no"));
}

/// Never answers.
#[derive(Debug)]
struct StuckInventory;

#[async_trait]
impl ResourceInventory for StuckInventory {
    fn name(&self) -> &'static str {
        "services"
    }

    fn services(&self) -> Vec<InventoryService> {
        vec![InventoryService { service: "ec2", is_global: false }]
    }

    async fn resources(&self, _cell: &Cell) -> PortResult<Collected<Vec<Resource>>> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_deadline_what_is_there_is_analysed() {
    let mut working = inventory();
    working.expect_resources().returning(|cell| {
        let id = format!("arn:aws:ec2:{}:{}:instance/i-1", cell.region_id, cell.sub_account_id);
        Ok(Collected::complete(vec![Resource::new(id, "ec2:instance", cell.sub_account_id.clone(), Some(cell.region_id.clone()))]))
    });
    let mut estate = estate(vec![working], EstateScope { deadline: Some(Duration::from_mins(1)), ..scope() });
    estate.inventories.push(Arc::new(StuckInventory));
    let snapshot = collect(&Sources { estate: Some(estate), ..sources(None, None) }, &TickingClock::new()).await.unwrap();
    assert_eq!(snapshot.resources.len(), 4);
    let late = snapshot.coverage.iter().filter(|cell| cell.status == CoverageStatus::Failed);
    assert!(late.clone().all(|cell| cell.reason.as_ref().is_some_and(|reason| reason.contains("deadline"))));
    assert_eq!(late.count(), 4);
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
