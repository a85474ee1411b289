//! One finding, so that it can be checked by hand: evidence, formula, the computation step by step, claims, what to do.

use finops_domain::charge::ChargeKey;
use finops_domain::checks::formula;
use finops_domain::finding::{Evidence, Savings};
use finops_domain::report::{Recommendation, Report, ReportFinding};
use finops_domain::snapshot::SourceKind;
use rust_decimal::Decimal;
use serde_json::json;

use crate::document::Block;
use crate::figures::{money, money_of, quantity};
use crate::overview::{DEMONSTRATION, account, account_names, basis, confidence, monthly_savings, short_id};
use crate::table::{Cell, Column, Table, Tone};
use crate::text::Accounts;
use crate::{Format, RenderError, RenderOptions, markdown, terminal};

/// Renders a finding, named by its id or by the beginning of it, as table, summary (the same), json or markdown.
///
/// # Errors
/// Where no finding or several have the id, the format is another one, or a serialiser fails.
pub fn render_explain(report: &Report, finding_id: &str, format: Format, options: &RenderOptions) -> Result<String, RenderError> {
    let finding = find(report, finding_id)?;
    let accounts = Accounts::of(report, options);
    match format {
        Format::Table | Format::Summary => Ok(terminal::write(&blocks(report, finding), &accounts, options)),
        Format::Markdown => Ok(markdown::write(&blocks(report, finding), &accounts)),
        Format::Json => {
            let recomputed = finding.savings.as_ref().map(|savings| match formula::evaluate(&savings.formula, &savings.evidence) {
                Ok(value) => json!({"monthly": value, "matches": is_same(value, savings.monthly)}),
                Err(error) => json!({"error": error.to_string(), "matches": false}),
            });
            crate::json(&json!({"finding": finding, "recomputed": recomputed, "recommendation": recommendation(report, finding)}))
        }
        Format::Csv | Format::Html | Format::Sarif => {
            Err(RenderError::Unsupported { what: "an explanation", format, possible: "table, json, markdown" })
        }
    }
}

fn find<'a>(report: &'a Report, id: &str) -> Result<&'a ReportFinding, RenderError> {
    if let Some(exact) = report.findings.iter().find(|finding| finding.finding_id.as_str() == id) {
        return Ok(exact);
    }
    let matches: Vec<&ReportFinding> =
        report.findings.iter().filter(|finding| !id.is_empty() && finding.finding_id.as_str().starts_with(id)).collect();
    match matches.as_slice() {
        [one] => Ok(one),
        [] => Err(RenderError::Finding(format!("report {} has no finding `{id}`", report.report_id))),
        many => {
            let ids: Vec<&str> = many.iter().take(5).map(|finding| finding.finding_id.as_str()).collect();
            Err(RenderError::Finding(format!("`{id}` is the beginning of {} findings: {}", many.len(), ids.join(", "))))
        }
    }
}

fn recommendation<'a>(report: &'a Report, finding: &ReportFinding) -> Option<&'a Recommendation> {
    report.recommendations.iter().find(|recommendation| recommendation.finding_ids.contains(&finding.finding_id))
}

/// A step with the finding's own resource and region in it.
///
/// The bill names many resources by ARN, while commands of EC2 and RDS take the id alone, but for flags that say so.
pub(crate) fn filled(step: &str, finding: &ReportFinding) -> String {
    let resource = finding.resource_id.as_ref().map_or(finding.subject.as_str(), |id| id.as_str());
    let flag = step.split("{resource}").next().and_then(|before| before.split_whitespace().next_back()).unwrap_or("");
    let takes_arn = flag.contains("arn") || flag == "--resource-name" || !resource.starts_with("arn:");
    let named = if takes_arn {
        resource
    } else if step.contains("aws ec2 ") {
        resource.rsplit('/').next().unwrap_or(resource)
    } else if step.contains("aws rds ") {
        resource.rsplit(':').next().unwrap_or(resource)
    } else {
        resource
    };
    let named = if step.contains("aws ") { quoted(named) } else { named.to_owned() };
    let region = finding.region_id.as_ref().map_or("REGION", |id| id.as_str());
    step.replace("{region}", region).replace("{resource}", &named)
}

/// A word of a shell command: a name from the account must not become a command of its own.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '.' | '_' | '-' | '@' | '=' | ',' | '+');
    if !word.is_empty() && !word.starts_with('-') && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Whether two amounts are the same but for the last of 28 digits, which a stored report may round.
pub(crate) fn is_same(a: Decimal, b: Decimal) -> bool {
    (a - b).abs() < Decimal::new(1, 9)
}

/// The computation of a saving, as lines: the formula, the formula with values, the result, the comparison.
pub(crate) fn computation(savings: &Savings) -> (Vec<(String, String)>, bool) {
    let mut fields = vec![
        Block::field("Formula", savings.formula.clone()),
        Block::field("With values", substituted(&savings.formula, &savings.evidence)),
    ];
    let matches = match formula::evaluate(&savings.formula, &savings.evidence) {
        Ok(value) => {
            fields.push(Block::field("Computed again", format!("{} {}", quantity(value), savings.currency)));
            let matches = is_same(value, savings.monthly);
            let verdict =
                if matches { "matches".to_owned() } else { format!("DOES NOT MATCH: the report says {}", quantity(savings.monthly)) };
            fields.push(Block::field("Against the report", verdict));
            matches
        }
        Err(error) => {
            fields.push(Block::field("Computed again", format!("NOT POSSIBLE: {error}")));
            false
        }
    };
    (fields, matches)
}

/// The formula with each name replaced by its value.
fn substituted(text: &str, evidence: &[Evidence]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        let (before, on) = rest.split_at(start);
        let length = on.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(on.len());
        let (word, after) = on.split_at(length);
        out.push_str(before);
        match evidence.iter().find(|evidence| evidence.name == word) {
            Some(evidence) => out.push_str(&evidence.value.normalize().to_string()),
            None => out.push_str(word),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A claimed part of the spend in words: the fields that the key names.
pub(crate) fn key_in_words(key: &ChargeKey) -> String {
    let texts: [(&str, Option<String>); 12] = [
        ("service", key.service_name.as_ref().map(ToString::to_string)),
        ("account", key.sub_account_id.as_ref().map(ToString::to_string)),
        ("region", key.region_id.as_ref().map(ToString::to_string)),
        ("charge", key.charge_category.map(|category| category.as_str().to_owned())),
        ("pricing", key.pricing_category.map(|category| category.as_str().to_owned())),
        ("usage type", key.usage_type.as_ref().map(ToString::to_string)),
        ("operation", key.operation.as_ref().map(ToString::to_string)),
        ("instance type", key.instance_type.as_ref().map(ToString::to_string)),
        ("commitment", key.commitment_discount_id.as_ref().map(ToString::to_string)),
        ("commitment status", key.commitment_discount_status.map(|status| format!("{status:?}").to_lowercase())),
        ("resource", key.resource_id.as_ref().map(ToString::to_string)),
        ("tag", key.tag.as_ref().map(|tag| format!("{}={}", tag.key, tag.value))),
    ];
    let parts: Vec<String> = texts.into_iter().filter_map(|(name, value)| Some(format!("{name} {}", value?))).collect();
    if parts.is_empty() { "all spend".to_owned() } else { parts.join(", ") }
}

fn evidence_table(evidence: &[Evidence]) -> Table {
    let mut table =
        Table::new([Column::word("Name"), Column::number("Value"), Column::word("Unit"), Column::text("Source"), Column::word("As of")]);
    for entry in evidence {
        table.push([
            Cell::text(entry.name.as_str()),
            Cell::decimal(entry.value).toned(Tone::Strong),
            Cell::text(entry.unit.as_str()),
            Cell::text(entry.source.as_str()),
            Cell::text_or_empty(entry.as_of.map(|as_of| as_of.to_string())),
        ]);
    }
    table
}

fn blocks(report: &Report, finding: &ReportFinding) -> Vec<Block> {
    let mut blocks = vec![Block::Title(finding.title.clone())];
    if report.source.kind == SourceKind::Demo {
        blocks.push(Block::Notice(DEMONSTRATION.to_owned()));
    }
    let mut fields = vec![Block::field("Finding", finding.finding_id.as_str()), Block::field("Check", finding.check_id.as_str())];
    let named = [
        ("Resource", finding.resource_id.as_ref().map(ToString::to_string)),
        ("Kind", finding.resource_kind.as_ref().map(ToString::to_string)),
        ("Account", finding.account_id.as_ref().map(|id| account(Some(id), &account_names(report)))),
        ("Region", finding.region_id.as_ref().map(ToString::to_string)),
        ("Service", finding.service_name.as_ref().map(ToString::to_string)),
    ];
    fields.extend(named.into_iter().filter_map(|(name, value)| Some(Block::field(name, value?))));
    fields.push(Block::field("Costs a month", money_of(finding.monthly_cost, &finding.currency)));
    match &finding.savings {
        Some(savings) => fields.push(Block::field(
            "Saves a month",
            format!(
                "{} ({}, confidence {}); {} a year",
                money_of(savings.monthly, &savings.currency),
                basis(savings.basis),
                confidence(savings.confidence),
                money(savings.annual)
            ),
        )),
        None => fields.push(Block::field("Saves a month", "not known from the bill alone: to look into")),
    }
    if let Some(reason) = &finding.suppressed {
        fields.push(Block::field("Suppressed", reason.clone()));
    }
    blocks.push(Block::Fields(fields));
    blocks.push(Block::Heading("Evidence".to_owned()));
    let evidence = finding.savings.as_ref().map_or(&finding.evidence, |savings| &savings.evidence);
    blocks.push(Block::Table(evidence_table(evidence)));
    if finding.savings.is_some() && !finding.evidence.is_empty() {
        blocks.push(Block::Table(evidence_table(&finding.evidence)));
    }
    if let Some(savings) = &finding.savings {
        blocks.push(Block::Heading("Computation".to_owned()));
        let (lines, matches) = computation(savings);
        blocks.push(Block::Fields(lines));
        if !matches {
            blocks.push(Block::Notice("The saving does not follow from its evidence. Do not rely on it.".to_owned()));
        }
    }
    if !finding.claims.is_empty() {
        blocks.push(Block::Heading("Spend that it claims, a month".to_owned()));
        let mut table = Table::new([Column::number("Cost"), Column::number("Claimed"), Column::text("Part of the spend")]);
        for claim in &finding.claims {
            table.push([Cell::money(claim.monthly_cost), Cell::money(claim.monthly_savings), Cell::text(key_in_words(&claim.key))]);
        }
        blocks.push(Block::Table(table));
    }
    conflict_blocks(&mut blocks, report, finding);
    if let Some(recommendation) = recommendation(report, finding) {
        blocks.push(Block::Heading(format!("What to do: {}", recommendation.title)));
        blocks.push(Block::Text(recommendation.why.clone()));
        blocks.push(Block::Steps(recommendation.steps.iter().map(|step| filled(step, finding)).collect()));
        blocks.push(Block::Fields(vec![
            Block::field("Risk", format!("{}: {}", recommendation.risk, recommendation.risk_note)),
            Block::field("Effort", recommendation.effort.clone()),
            Block::field("Rollback", filled(&recommendation.rollback, finding)),
            Block::field("Source", recommendation.source.clone()),
        ]));
    }
    blocks
}

/// Who claims the same money.
fn conflict_blocks(blocks: &mut Vec<Block>, report: &Report, finding: &ReportFinding) {
    let name = |other: &ReportFinding| {
        format!("{}: {} ({} a month)", short_id(&other.finding_id), other.title, money_of(monthly_savings(other), &other.currency))
    };
    if let Some(winner) = &finding.displaced_by {
        blocks.push(Block::Heading("Displaced".to_owned()));
        let winner = report.findings.iter().find(|other| other.finding_id == *winner).map_or_else(|| winner.to_string(), name);
        blocks.push(Block::Text(format!(
            "Another finding claims the same money and was preferred, so this one is in no net total. It is {winner}"
        )));
    }
    let displaced: Vec<String> =
        report.findings.iter().filter(|other| other.displaced_by.as_ref() == Some(&finding.finding_id)).map(name).collect();
    if !displaced.is_empty() {
        blocks.push(Block::Heading("Displaces".to_owned()));
        blocks.push(Block::Text("These claim the same money and are in no net total:".to_owned()));
        blocks.push(Block::List(displaced));
    }
}
