//! Puts the report together from a snapshot and what was judged of it.

use std::collections::{BTreeMap, BTreeSet};

use finops_domain::analysis::Analysis;
use finops_domain::charge::{ChargeCategory, ChargeGroup};
use finops_domain::checks::{self, JudgedWindow};
use finops_domain::coverage::CoverageStatus;
use finops_domain::finding::Finding;
use finops_domain::id::{CheckId, Currency, ReportId, SubAccountId};
use finops_domain::ports::ApiCalls;
use finops_domain::report::{
    AccountLabel, AdvisorSection, Coverage, CoverageByMoney, Report, ReportFinding, RunInfo, SCHEMA_VERSION, Scope,
};
use finops_domain::savings::SavingsTotals;
use finops_domain::snapshot::{Bill, Snapshot};
use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::recommend::recommendations;

/// What the report says of the run itself.
#[derive(Clone, Debug)]
pub(crate) struct RunFacts {
    pub(crate) started_at: Timestamp,
    pub(crate) ended_at: Timestamp,
    pub(crate) tool_version: String,
    pub(crate) api_calls: BTreeMap<String, ApiCalls>,
}

fn count(calls: &BTreeMap<String, ApiCalls>, of: fn(&ApiCalls) -> u64) -> BTreeMap<String, u64> {
    calls.iter().map(|(operation, calls)| (operation.clone(), of(calls))).filter(|(_, count)| *count > 0).collect()
}

pub(crate) fn assemble(snapshot: &Snapshot, analysis: Analysis, facts: &RunFacts) -> Report {
    let savings = main_savings(&analysis);
    let recommendations = recommendations(&analysis.checks.findings, &savings);
    let coverage = coverage(snapshot, &analysis);
    let window_days = analysis.window.as_ref().map(|window| window.hours / 24);
    let native_advice = finops_domain::advice::merge(&analysis.checks.findings, &snapshot.native_advice, window_days);
    Report {
        schema_version: SCHEMA_VERSION.to_owned(),
        report_id: report_id(facts.started_at),
        generated_at: facts.ended_at,
        tool_version: facts.tool_version.clone(),
        source: snapshot.source.clone(),
        scope: scope(snapshot, analysis.window.as_ref()),
        coverage,
        spend: analysis.spend,
        findings: analysis.checks.findings.into_iter().map(to_report_finding).collect(),
        recommendations,
        savings,
        savings_by_currency: analysis.savings,
        native_advice,
        not_evaluated: analysis.checks.not_evaluated,
        checks_run: analysis.checks.checks_run,
        advisor: AdvisorSection {
            used: false,
            reason: Some("no advisor is configured".to_owned()),
            model_id: None,
            narrative: Vec::new(),
            rejected: Vec::new(),
        },
        run: RunInfo {
            started_at: facts.started_at,
            duration_seconds: (facts.ended_at.as_millisecond() - facts.started_at.as_millisecond()).max(0) as f64 / 1000.0,
            api_calls: count(&facts.api_calls, |calls| calls.sent),
            api_cost: facts.api_calls.values().map(|calls| calls.cost_usd).sum(),
            api_calls_cached: count(&facts.api_calls, |calls| calls.cached),
            api_cost_saved: facts.api_calls.values().map(|calls| calls.saved_usd).sum(),
        },
    }
}

fn report_id(at: Timestamp) -> ReportId {
    ReportId::from(at.strftime("finops-analysis-%Y%m%d-%H%M%S").to_string())
}

/// The savings of the currency with the greatest spend; nothing of it where no finding saves any.
fn main_savings(analysis: &Analysis) -> SavingsTotals {
    let spent = analysis.spend.as_ref().and_then(|spend| spend.total.first()).map(|total| total.currency.clone());
    let currency = spent.or_else(|| analysis.savings.first().map(|savings| savings.currency.clone()));
    let currency = currency.unwrap_or_else(|| Currency::from("USD"));
    let found = analysis.savings.iter().find(|savings| savings.currency == currency).cloned();
    found.unwrap_or(SavingsTotals {
        gross_monthly: Decimal::ZERO,
        net_monthly: Decimal::ZERO,
        net_annual: Decimal::ZERO,
        measured: Decimal::ZERO,
        estimated: Decimal::ZERO,
        currency,
    })
}

fn scope(snapshot: &Snapshot, window: Option<&JudgedWindow>) -> Scope {
    let (mut accounts, mut regions, mut services) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    if let Some(bill) = &snapshot.bill {
        for line in &bill.lines {
            accounts.extend(line.key.sub_account_id.clone());
            regions.extend(line.key.region_id.clone());
            services.extend(line.key.service_name.clone());
        }
    }
    for resource in &snapshot.resources {
        accounts.insert(resource.sub_account_id.clone());
        regions.extend(resource.region_id.clone());
    }
    let period = snapshot.bill.as_ref().and_then(|bill| bill.charge_period);
    let name_of = |id: &SubAccountId| {
        let known = snapshot.accounts.iter().find(|account| account.sub_account_id == *id).and_then(|account| account.name.clone());
        known.or_else(|| snapshot.bill.as_ref()?.account_names.get(id).cloned()).map(|name| name.to_string())
    };
    accounts.extend(snapshot.accounts.iter().map(|account| account.sub_account_id.clone()));
    Scope {
        accounts: accounts.into_iter().map(|account| AccountLabel { name: name_of(&account), sub_account_id: account }).collect(),
        regions: regions.into_iter().collect(),
        services: services.into_iter().collect(),
        period_start: period.map(|period| period.start),
        period_end: period.map(|period| period.end),
        judged_start: window.map(|window| window.period.start),
        judged_end: window.map(|window| window.period.end),
        judged_is_complete: window.is_some_and(|window| window.is_complete),
    }
}

fn coverage(snapshot: &Snapshot, analysis: &Analysis) -> Coverage {
    let is_gap = |status| !matches!(status, CoverageStatus::Complete | CoverageStatus::NotEnabled);
    let bill = snapshot.bill.as_ref();
    let malformed = bill.map(|bill| bill.malformed.as_slice()).unwrap_or_default();
    Coverage {
        complete: !snapshot.coverage.iter().any(|cell| is_gap(cell.status)),
        by_money: bill.zip(analysis.window.as_ref()).map(|(bill, window)| by_money(bill, window, analysis)).unwrap_or_default(),
        cells: snapshot.coverage.clone(),
        malformed_rows: malformed.iter().map(|row| format!("{}:{}: {}", row.file, row.line, row.reason)).collect(),
        rows_malformed: bill.map_or(0, |bill| bill.rows_malformed),
        rows_read: bill.map_or(0, |bill| bill.rows_read),
    }
}

/// How much of the window's positive spend was judged, in the currency with the greatest spend: shares of different
/// currencies cannot be added.
fn by_money(bill: &Bill, window: &JudgedWindow, analysis: &Analysis) -> CoverageByMoney {
    let currency = main_savings(analysis).currency;
    let is_judged = |line: &&ChargeGroup| {
        line.key.billing_currency == currency
            && line.key.month().is_some_and(|month| window.months.contains(&month))
            && matches!(line.key.charge_category, Some(ChargeCategory::Usage | ChargeCategory::Purchase))
            && line.costs.effective > Decimal::ZERO
    };
    let gave_up: BTreeSet<&CheckId> =
        analysis.checks.not_evaluated.iter().filter(|not| not.resource_id.is_none()).map(|not| &not.check_id).collect();
    let mut judges: BTreeMap<&str, bool> = BTreeMap::new();
    for check_id in &analysis.checks.checks_run {
        let services = checks::find(check_id.as_str()).map(|check| check.meta().services).unwrap_or_default();
        for service in services {
            *judges.entry(service).or_default() |= !gave_up.contains(check_id);
        }
    }
    let (mut total, mut judged, mut no_data) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    for line in bill.lines.iter().filter(is_judged) {
        total += line.costs.effective;
        match line.key.service_code.as_ref().and_then(|code| judges.get(code.as_str())) {
            Some(true) => judged += line.costs.effective,
            Some(false) => no_data += line.costs.effective,
            None => {}
        }
    }
    if total <= Decimal::ZERO {
        return CoverageByMoney::default();
    }
    let share = |part: Decimal| (part / total).round_dp(4);
    let (judged, no_data) = (share(judged), share(no_data));
    CoverageByMoney { judged, no_data, no_check: Decimal::ONE - judged - no_data, denied: Decimal::ZERO }
}

fn to_report_finding(finding: Finding) -> ReportFinding {
    ReportFinding {
        finding_id: finding.finding_id,
        check_id: finding.check_id,
        resource_id: finding.resource_id,
        resource_kind: finding.resource_kind,
        subject: finding.subject,
        account_id: finding.sub_account_id,
        region_id: finding.region_id,
        service_name: finding.service_name,
        title: finding.title,
        kind: finding.kind,
        monthly_cost: finding.monthly_cost,
        currency: finding.currency,
        savings: finding.savings,
        evidence: finding.evidence,
        claims: finding.claims,
        suppressed: None,
        displaced_by: finding.displaced_by,
    }
}
