//! SARIF 2.1.0, the format of code scanning: a rule for each check, a result for each finding.

use std::collections::BTreeMap;

use finops_domain::checks;
use finops_domain::finding::FindingKind;
use finops_domain::id::{CheckId, RegionId, SubAccountId};
use finops_domain::report::{Report, ReportFinding};
use serde_json::{Value, json};

use crate::figures::{money, money_of};
use crate::table::plain;
use crate::text::one_line;
use crate::{RenderError, overview};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The document. Findings that are displaced or suppressed are in it, marked as suppressed.
pub(crate) fn render(report: &Report) -> Result<String, RenderError> {
    let mut rules: Vec<&str> = report.checks_run.iter().map(CheckId::as_str).collect();
    rules.extend(report.findings.iter().map(|finding| finding.check_id.as_str()));
    rules.sort_unstable();
    rules.dedup();
    let index: BTreeMap<&str, usize> = rules.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let results: Vec<Value> = report.findings.iter().map(|finding| result(finding, &index)).collect();
    let end = report.run.started_at.saturating_add(jiff::SignedDuration::from_secs(report.run.duration_seconds as i64));
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "finops",
                "version": report.tool_version,
                "rules": rules.iter().map(|id| rule(id, report)).collect::<Vec<_>>(),
            }},
            "automationDetails": {"id": format!("finops/{}", report.report_id)},
            "invocations": [{
                "executionSuccessful": true,
                "startTimeUtc": report.run.started_at.to_string(),
                "endTimeUtc": end.unwrap_or(report.run.started_at).to_string(),
                "toolExecutionNotifications": notifications(report),
            }],
            "results": results,
        }],
    });
    crate::json(&document)
}

fn rule(id: &str, report: &Report) -> Value {
    let advice = || {
        let finding = report.findings.iter().find(|finding| finding.check_id.as_str() == id)?;
        report.recommendations.iter().find(|recommendation| recommendation.finding_ids.contains(&finding.finding_id))
    };
    // A report of another version may name a check that this program does not know.
    let Some(check) = checks::find(id) else {
        let title = advice().map_or_else(|| id.to_owned(), |advice| advice.title.clone());
        return json!({"id": id, "shortDescription": {"text": one_line(&title)}});
    };
    let meta = check.meta();
    let steps: Vec<String> = meta.steps.iter().enumerate().map(|(at, step)| format!("{}. {step}", at + 1)).collect();
    json!({
        "id": id,
        "name": id,
        "shortDescription": {"text": meta.title},
        "fullDescription": {"text": meta.why},
        "helpUri": meta.source,
        "help": {"text": format!("{}\nRisk: {}\nRollback: {}", steps.join("\n"), meta.risk_note, meta.rollback)},
        "properties": {"tags": ["finops"], "saving": meta.saving},
    })
}

fn result(finding: &ReportFinding, index: &BTreeMap<&str, usize>) -> Value {
    let money = finding.savings.as_ref().map_or_else(
        || format!("It costs {} a month.", money_of(finding.monthly_cost, &finding.currency)),
        |savings| format!("Saves {} {} a month ({}).", money(savings.monthly), savings.currency, overview::basis(savings.basis)),
    );
    let name = finding.resource_id.as_ref().map_or(finding.subject.as_str(), |id| id.as_str());
    let path: Vec<&str> =
        [finding.account_id.as_ref().map(SubAccountId::as_str), finding.region_id.as_ref().map(RegionId::as_str), Some(name)]
            .into_iter()
            .flatten()
            .collect();
    let mut suppressions = Vec::new();
    if let Some(reason) = &finding.suppressed {
        suppressions.push(json!({"kind": "external", "status": "accepted", "justification": one_line(reason)}));
    }
    if let Some(winner) = &finding.displaced_by {
        suppressions.push(json!({
            "kind": "external", "status": "accepted",
            "justification": format!("finding {winner} claims the same money and saves more"),
        }));
    }
    // The standard allows a level other than none only for failures.
    let (kind, level) = match finding.kind {
        FindingKind::Recommendation => ("fail", "warning"),
        FindingKind::Investigation => ("review", "none"),
    };
    json!({
        "ruleId": finding.check_id.as_str(),
        "ruleIndex": index.get(finding.check_id.as_str()),
        "level": level,
        "kind": kind,
        "message": {"text": format!("{}. {money}", one_line(finding.title.trim_end_matches('.')))},
        "locations": [{"logicalLocations": [{
            "name": one_line(name),
            "fullyQualifiedName": one_line(&path.join("/")),
            "kind": "resource",
        }]}],
        "partialFingerprints": {"findingId/v1": finding.finding_id.as_str()},
        "suppressions": suppressions,
        "properties": {
            "monthly_savings": finding.savings.as_ref().map(|savings| plain(savings.monthly)),
            "monthly_cost": plain(finding.monthly_cost),
            "currency": finding.currency.as_str(),
        },
    })
}

fn notifications(report: &Report) -> Vec<Value> {
    let entry = |entry: &finops_domain::finding::NotEvaluated| {
        let what = entry.resource_id.as_ref().map(|id| format!(", {id}")).unwrap_or_default();
        json!({"level": "note", "message": {"text": one_line(&format!("{}{what}: {}", entry.check_id, entry.reason))}})
    };
    report.not_evaluated.iter().map(entry).collect()
}
