//! What changed between two reports: findings that are new, gone or changed, spend, and what was really saved.
//!
//! A finding that is gone is not yet a saving. It counts as realised as far as the bill shows it: the spend of its
//! service, in the last complete month, has to have fallen, and no more is counted than it fell. That is cautious:
//! growth elsewhere in the service hides a real saving, but nothing is called saved that is still being paid.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::{CheckId, Currency, FindingId, RegionId, ReportId, ResourceId, ServiceName, SubAccountId};
use crate::report::{Report, ReportFinding};
use crate::spend::SpendRow;

/// What changed from one report to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDiff {
    /// The earlier report.
    pub from: ReportRef,
    /// The later one.
    pub to: ReportRef,
    /// Findings that only the later one has, the most valuable first.
    pub new: Vec<DiffFinding>,
    /// Findings that only the earlier one has, although their check ran again, the most valuable first.
    pub gone: Vec<DiffFinding>,
    /// Findings whose saving changed by a cent or more, the greatest change first.
    pub changed: Vec<DiffFinding>,
    /// Findings of the earlier one whose check did not run again or could not judge: neither gone nor there.
    pub not_judged: Vec<DiffFinding>,
    /// Findings that both have with the same saving.
    pub unchanged: usize,
    /// Spend of the last complete month of each, one for each currency.
    pub spend: Vec<SpendChange>,
    /// The same by service, the greatest change first.
    pub spend_by_service: Vec<SpendChange>,
    /// What was really saved, one for each currency.
    pub realised: Vec<RealisedSavings>,
}

/// Which report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRef {
    /// Its id.
    pub report_id: ReportId,
    /// When it was made.
    pub generated_at: Timestamp,
}

/// A finding of either report, or of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffFinding {
    /// Stable over time.
    pub finding_id: FindingId,
    /// Which check.
    pub check_id: CheckId,
    /// As the later report has it, if it does.
    pub title: String,
    /// The account.
    pub account_id: Option<SubAccountId>,
    /// The region.
    pub region_id: Option<RegionId>,
    /// The service.
    pub service_name: Option<ServiceName>,
    /// The resource.
    pub resource_id: Option<ResourceId>,
    /// Of the savings.
    pub currency: Currency,
    /// Monthly saving in the earlier report; `None` where it has none.
    pub savings_before: Option<Decimal>,
    /// Monthly saving in the later report.
    pub savings_after: Option<Decimal>,
}

/// How spend changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpendChange {
    /// The service; `None` for all of them.
    pub service_name: Option<ServiceName>,
    /// Of the figures.
    pub currency: Currency,
    /// The last complete month of the earlier report.
    pub from_month: String,
    /// Its effective cost.
    pub from_cost: Decimal,
    /// The last complete month of the later report; the same one where no month has ended since.
    pub to_month: String,
    /// Its effective cost.
    pub to_cost: Decimal,
    /// Later less earlier.
    pub change: Decimal,
}

/// What became of the savings of findings that are gone, a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RealisedSavings {
    /// Of the figures.
    pub currency: Currency,
    /// What the findings that are gone said could be saved.
    pub claimed: Decimal,
    /// The part that the bill confirms: no more, service by service, than its spend fell.
    pub realised: Decimal,
    /// The rest: spend did not fall as much, no month has ended since, or the service is not known.
    pub unconfirmed: Decimal,
}

/// Compares an earlier report `a` with a later one `b`.
pub fn diff(a: &Report, b: &Report) -> ReportDiff {
    let earlier: BTreeMap<&FindingId, &ReportFinding> = a.findings.iter().map(|finding| (&finding.finding_id, finding)).collect();
    let later: BTreeMap<&FindingId, &ReportFinding> = b.findings.iter().map(|finding| (&finding.finding_id, finding)).collect();
    let ran: BTreeSet<&CheckId> = b.checks_run.iter().collect();
    let mut result = ReportDiff {
        from: ReportRef { report_id: a.report_id.clone(), generated_at: a.generated_at },
        to: ReportRef { report_id: b.report_id.clone(), generated_at: b.generated_at },
        new: Vec::new(),
        gone: Vec::new(),
        changed: Vec::new(),
        not_judged: Vec::new(),
        unchanged: 0,
        spend: Vec::new(),
        spend_by_service: Vec::new(),
        realised: Vec::new(),
    };
    let mut gone = Vec::new();
    for (id, before) in &earlier {
        match later.get(id) {
            Some(after) if differs(before, after) => result.changed.push(entry(Some(before), Some(after), after)),
            Some(_) => result.unchanged += 1,
            None if is_judged(before, b, &ran) => {
                result.gone.push(entry(Some(before), None, before));
                gone.push(*before);
            }
            None => result.not_judged.push(entry(Some(before), None, before)),
        }
    }
    for after in later.iter().filter(|(id, _)| !earlier.contains_key(*id)).map(|(_, after)| *after) {
        result.new.push(entry(None, Some(after), after));
    }
    for list in [&mut result.new, &mut result.gone, &mut result.changed, &mut result.not_judged] {
        list.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.finding_id.cmp(&b.finding_id)));
    }
    (result.spend, result.spend_by_service) = spend_changes(a, b);
    result.realised = realised(&gone, &result.spend_by_service);
    result
}

fn monthly(finding: &ReportFinding) -> Option<Decimal> {
    finding.savings.as_ref().map(|savings| savings.monthly)
}

fn differs(before: &ReportFinding, after: &ReportFinding) -> bool {
    match (monthly(before), monthly(after)) {
        (Some(before), Some(after)) => before.saturating_sub(after).abs() >= Decimal::new(1, 2),
        (before, after) => before.is_some() != after.is_some(),
    }
}

/// Whether the later report would have the finding if it still were one.
fn is_judged(finding: &ReportFinding, later: &Report, ran: &BTreeSet<&CheckId>) -> bool {
    let same_subject = |id: &Option<String>| {
        id.as_deref().is_none_or(|id| id == finding.subject || finding.resource_id.as_ref().is_some_and(|resource| resource.as_str() == id))
    };
    ran.contains(&finding.check_id)
        && !later.not_evaluated.iter().any(|entry| entry.check_id == finding.check_id && same_subject(&entry.resource_id))
}

fn entry(before: Option<&ReportFinding>, after: Option<&ReportFinding>, shown: &ReportFinding) -> DiffFinding {
    DiffFinding {
        finding_id: shown.finding_id.clone(),
        check_id: shown.check_id.clone(),
        title: shown.title.clone(),
        account_id: shown.account_id.clone(),
        region_id: shown.region_id.clone(),
        service_name: shown.service_name.clone(),
        resource_id: shown.resource_id.clone(),
        currency: shown.currency.clone(),
        savings_before: before.and_then(monthly),
        savings_after: after.and_then(monthly),
    }
}

fn weight(finding: &DiffFinding) -> Decimal {
    finding.savings_after.unwrap_or_default().saturating_sub(finding.savings_before.unwrap_or_default()).abs()
}

/// A report's last complete month, its months in order, and its total cost, for a currency.
struct LastMonth<'a> {
    name: &'a str,
    cost: Decimal,
    /// Its place counted from the last month of the bill.
    from_end: usize,
    rows: BTreeMap<&'a str, &'a SpendRow>,
}

impl<'a> LastMonth<'a> {
    fn of(report: &'a Report, currency: &Currency) -> Option<Self> {
        let spend = report.spend.as_ref()?;
        let months: BTreeSet<&str> = spend.monthly.iter().map(|month| month.month.as_str()).collect();
        let last = spend.monthly.iter().rev().find(|month| month.is_complete && month.currency == *currency)?;
        let from_end = months.iter().rev().position(|month| *month == last.month)?;
        let rows = spend.by_service.iter().filter(|row| row.currency == *currency).map(|row| (row.key.as_str(), row)).collect();
        Some(Self { name: &last.month, cost: last.effective_cost, from_end, rows })
    }

    fn cost_of(&self, service: &str) -> Decimal {
        let cost = |row: &&SpendRow| row.monthly_effective_cost.iter().rev().nth(self.from_end).copied();
        self.rows.get(service).and_then(cost).unwrap_or_default()
    }
}

fn spend_changes(a: &Report, b: &Report) -> (Vec<SpendChange>, Vec<SpendChange>) {
    let currencies: BTreeSet<&Currency> = a.spend.iter().flat_map(|spend| spend.total.iter().map(|total| &total.currency)).collect();
    let (mut totals, mut services) = (Vec::new(), Vec::new());
    for currency in currencies {
        let (Some(from), Some(to)) = (LastMonth::of(a, currency), LastMonth::of(b, currency)) else { continue };
        let change = |service_name: Option<ServiceName>, from_cost: Decimal, to_cost: Decimal| SpendChange {
            service_name,
            currency: currency.clone(),
            from_month: from.name.to_owned(),
            from_cost,
            to_month: to.name.to_owned(),
            to_cost,
            change: to_cost.saturating_sub(from_cost),
        };
        totals.push(change(None, from.cost, to.cost));
        let names: BTreeSet<&str> = from.rows.keys().chain(to.rows.keys()).copied().collect();
        services.extend(names.into_iter().map(|name| change(Some(name.into()), from.cost_of(name), to.cost_of(name))));
    }
    services.sort_by(|a, b| b.change.abs().cmp(&a.change.abs()).then_with(|| a.service_name.cmp(&b.service_name)));
    (totals, services)
}

fn realised(gone: &[&ReportFinding], services: &[SpendChange]) -> Vec<RealisedSavings> {
    let mut claimed: BTreeMap<(&Currency, Option<&ServiceName>), Decimal> = BTreeMap::new();
    for finding in gone.iter().filter(|finding| finding.displaced_by.is_none()) {
        if let Some(savings) = &finding.savings {
            let sum = claimed.entry((&savings.currency, finding.service_name.as_ref())).or_default();
            *sum = sum.saturating_add(savings.monthly);
        }
    }
    let mut totals: BTreeMap<&Currency, RealisedSavings> = BTreeMap::new();
    for ((currency, service), amount) in claimed {
        let fell = services
            .iter()
            .find(|change| service.is_some() && change.service_name.as_ref() == service && change.currency == *currency)
            .filter(|change| change.to_month > change.from_month)
            .map_or(Decimal::ZERO, |change| (-change.change).max(Decimal::ZERO));
        let confirmed = amount.min(fell);
        let zero =
            || RealisedSavings { currency: currency.clone(), claimed: Decimal::ZERO, realised: Decimal::ZERO, unconfirmed: Decimal::ZERO };
        let total = totals.entry(currency).or_insert_with(zero);
        total.claimed = total.claimed.saturating_add(amount);
        total.realised = total.realised.saturating_add(confirmed);
        total.unconfirmed = total.unconfirmed.saturating_add(amount.saturating_sub(confirmed));
    }
    totals.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn finding(id: &str, check: &str, monthly: &str) -> Value {
        json!({
            "finding_id": id, "check_id": check, "resource_id": null, "resource_kind": null, "subject": id,
            "account_id": "123456789012", "region_id": "eu-west-1", "service_name": "Amazon EC2", "title": id,
            "kind": "recommendation", "monthly_cost": "500", "currency": "USD", "evidence": [], "claims": [],
            "suppressed": null, "displaced_by": null,
            "savings": {"monthly": monthly, "annual": "0", "currency": "USD", "basis": "measured", "confidence": "high",
                        "formula": "1", "evidence": []},
        })
    }

    /// A report whose last complete month is `month`, followed by one under way, with this cost of Amazon EC2.
    fn report(month: &str, cost: &str, findings: Value, checks: Value) -> Report {
        let totals =
            json!({"gross_monthly": "0", "net_monthly": "0", "net_annual": "0", "measured": "0", "estimated": "0", "currency": "USD"});
        let spend_month = |month: &str, cost: &str, complete: bool| json!({"month": month, "currency": "USD", "billed_cost": cost, "effective_cost": cost, "is_complete": complete, "change": null});
        serde_json::from_value(json!({
            "schema_version": "1.0", "report_id": month, "generated_at": "2025-11-24T12:00:00Z", "tool_version": "0",
            "source": {"kind": "bill", "location": "x", "format": null, "as_of": null},
            "scope": {"accounts": [], "regions": [], "services": [], "period_start": null, "period_end": null,
                      "judged_start": null, "judged_end": null, "judged_is_complete": true},
            "coverage": {"complete": true, "by_money": {"judged": "1", "no_check": "0", "no_data": "0", "denied": "0"},
                         "cells": [], "malformed_rows": [], "rows_malformed": 0, "rows_read": 0},
            "spend": {
                "total": [{"currency": "USD", "billed_cost": "0", "effective_cost": "0", "list_cost": "0", "contracted_cost": "0",
                           "rows": 1, "rows_without_list_cost": 0, "rows_without_contracted_cost": 0,
                           "negotiated_savings": null, "commitment_savings": null}],
                "by_service": [{"key": "Amazon EC2", "label": null, "currency": "USD", "billed_cost": "0", "effective_cost": "0",
                                "list_cost": "0", "contracted_cost": "0", "monthly_effective_cost": [cost, "7"], "share": "1"}],
                "by_service_category": [], "by_account": [], "by_region": [], "by_charge_category": [], "by_pricing_category": [],
                "by_tag": {}, "daily": [], "monthly": [spend_month(month, cost, true), spend_month("2099-01", "7", false)],
                "movers": [], "anomalies": [], "forecast": [], "reconciliation": [], "allocation": [], "commitments": [],
            },
            "findings": findings, "recommendations": [], "savings": totals, "savings_by_currency": [], "not_evaluated": [],
            "checks_run": checks,
            "advisor": {"used": false, "reason": null, "model_id": null, "narrative": [], "rejected": []},
            "run": {"started_at": "2025-11-24T12:00:00Z", "duration_seconds": 0.0, "api_calls": {}, "api_cost": "0"},
        }))
        .unwrap()
    }

    fn ids(findings: &[DiffFinding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.finding_id.as_str()).collect()
    }

    #[test]
    fn tells_new_gone_changed_and_not_judged_apart() {
        let before =
            json!([finding("same", "c", "1"), finding("gone", "c", "10"), finding("grown", "c", "5"), finding("skipped", "d", "3")]);
        let after = json!([finding("same", "c", "1.001"), finding("grown", "c", "6"), finding("new", "c", "2")]);
        let a = report("2025-09", "100", before, json!(["c", "d"]));
        let b = report("2025-10", "100", after, json!(["c"]));
        let diff = diff(&a, &b);
        assert_eq!(ids(&diff.new), ["new"]);
        assert_eq!(ids(&diff.gone), ["gone"]);
        assert_eq!(ids(&diff.changed), ["grown"]);
        assert_eq!(ids(&diff.not_judged), ["skipped"]);
        assert_eq!(diff.unchanged, 1);
    }

    #[test]
    fn a_finding_that_could_not_be_judged_again_is_not_gone() {
        let a = report("2025-09", "100", json!([finding("vol", "c", "10")]), json!(["c"]));
        let mut b = report("2025-10", "50", json!([]), json!(["c"]));
        let entry = |resource: Option<&str>| crate::finding::NotEvaluated {
            check_id: "c".into(),
            resource_id: resource.map(str::to_owned),
            reason: "no data".to_owned(),
        };
        b.not_evaluated = vec![entry(Some("other"))];
        assert_eq!(ids(&diff(&a, &b).gone), ["vol"]);
        b.not_evaluated = vec![entry(Some("vol"))];
        assert_eq!(ids(&diff(&a, &b).not_judged), ["vol"]);
        b.not_evaluated = vec![entry(None)];
        assert!(diff(&a, &b).realised.is_empty());
    }

    #[test]
    fn only_what_the_bill_confirms_is_realised() {
        let a = report("2025-09", "100", json!([finding("x", "c", "30"), finding("y", "c", "20")]), json!(["c"]));
        let of = |month: &str, cost: &str| {
            let result = diff(&a, &report(month, cost, json!([]), json!(["c"])));
            let [only] = result.realised.as_slice() else { panic!("{:?}", result.realised) };
            assert_eq!(only.claimed, Decimal::from(50));
            assert_eq!(only.realised + only.unconfirmed, only.claimed);
            only.realised
        };
        assert_eq!(of("2025-10", "40"), Decimal::from(50));
        assert_eq!(of("2025-10", "65"), Decimal::from(35));
        assert_eq!(of("2025-10", "130"), Decimal::ZERO);
        // The same month again says nothing about what was saved since.
        assert_eq!(of("2025-09", "40"), Decimal::ZERO);
    }

    #[test]
    fn spend_is_compared_by_the_last_complete_month() {
        let a = report("2025-09", "100", json!([]), json!([]));
        let diff = diff(&a, &report("2025-10", "65", json!([]), json!([])));
        let [total] = diff.spend.as_slice() else { panic!("{:?}", diff.spend) };
        assert_eq!((total.from_month.as_str(), total.to_month.as_str(), total.change), ("2025-09", "2025-10", Decimal::from(-35)));
        let [service] = diff.spend_by_service.as_slice() else { panic!("{:?}", diff.spend_by_service) };
        assert_eq!((service.from_cost, service.to_cost), (Decimal::from(100), Decimal::from(65)));
    }

    #[test]
    fn a_report_against_itself_shows_no_change() {
        let a = report("2025-09", "100", json!([finding("x", "c", "30")]), json!(["c"]));
        let diff = diff(&a, &a);
        assert_eq!((diff.new.len(), diff.gone.len(), diff.changed.len(), diff.unchanged), (0, 0, 0, 1));
        assert!(diff.realised.is_empty());
        assert_eq!(diff.spend[0].change, Decimal::ZERO);
    }
}
