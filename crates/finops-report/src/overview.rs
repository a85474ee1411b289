//! What a report says, as a document: the same for a terminal and for a ticket.

mod advice;
mod coverage;
mod spend;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use finops_domain::coverage::{CoverageCell, CoverageStatus};
use finops_domain::finding::{Confidence, FindingKind, SavingsBasis};
use finops_domain::id::{Currency, FindingId, SubAccountId};
use finops_domain::report::{Report, ReportFinding};
use finops_domain::savings::SavingsTotals;
use finops_domain::snapshot::SourceKind;
use finops_domain::spend::{Recognition, UnrecognizedSpend};
use rust_decimal::Decimal;

use crate::RenderOptions;
use crate::document::Block;
use crate::figures::{count, moment, money, money_of, percent, period};
use crate::table::{Cell, Column, Table, Tone};

/// Where a document is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Medium {
    /// In a terminal: bars help.
    Terminal,
    /// In a ticket: bars of unequal letters would not.
    Markdown,
}

/// What stands over everything that is made of the demonstration account.
pub(crate) const DEMONSTRATION: &str = "DEMONSTRATION DATA: an invented account. No figure here is anyone's bill.";

/// The words for a source's kind.
pub(crate) const fn source_kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Bill => "bill",
        SourceKind::Aws => "AWS account",
        SourceKind::Demo => "demonstration account",
        SourceKind::Snapshot => "snapshot",
    }
}

/// The word for how a saving was arrived at.
pub(crate) const fn basis(basis: SavingsBasis) -> &'static str {
    match basis {
        SavingsBasis::Measured => "measured",
        SavingsBasis::Estimated => "estimated",
    }
}

/// The word for how sure a saving is.
pub(crate) const fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// The word for how far a cell was looked at.
pub(crate) const fn status(status: CoverageStatus) -> &'static str {
    match status {
        CoverageStatus::Complete => "complete",
        CoverageStatus::Partial => "partial",
        CoverageStatus::Denied => "denied",
        CoverageStatus::Throttled => "throttled",
        CoverageStatus::NotEnabled => "not enabled",
        CoverageStatus::Failed => "failed",
    }
}

/// Where a source is and in which format.
pub(crate) fn source(report: &Report) -> String {
    let format = report.source.format.as_ref().map(|format| format!(", {format}")).unwrap_or_default();
    format!("{}: {}{format}", source_kind(report.source.kind), report.source.location)
}

/// The first eight characters of an id: enough to name it.
pub(crate) fn short_id(id: &FindingId) -> String {
    id.as_str().chars().take(8).collect()
}

/// The saving of a finding; 0 for an investigation.
pub(crate) fn monthly_savings(finding: &ReportFinding) -> Decimal {
    finding.savings.as_ref().map_or(Decimal::ZERO, |savings| savings.monthly)
}

/// Names of accounts by id.
pub(crate) fn account_names(report: &Report) -> BTreeMap<&SubAccountId, &str> {
    report.scope.accounts.iter().filter_map(|account| Some((&account.sub_account_id, account.name.as_deref()?))).collect()
}

/// An account for people: its name and its id.
pub(crate) fn account(id: Option<&SubAccountId>, names: &BTreeMap<&SubAccountId, &str>) -> String {
    match (id, id.and_then(|id| names.get(id))) {
        (Some(id), Some(name)) => format!("{name} ({id})"),
        (Some(id), None) => id.to_string(),
        (None, _) => String::new(),
    }
}

/// Where a cell is: account, region, service.
pub(crate) fn cell_name(cell: &CoverageCell) -> String {
    let account = cell.sub_account_id.as_ref().map_or("all accounts", |id| id.as_str());
    let region = cell.region_id.as_ref().map_or("all regions", |id| id.as_str());
    format!("{}, {account}, {region}", cell.service)
}

/// Whether figures of several currencies stand side by side.
fn is_mixed(report: &Report) -> bool {
    let mut currencies: Vec<&Currency> = report.findings.iter().map(|finding| &finding.currency).collect();
    currencies.extend(report.spend.iter().flat_map(|spend| spend.total.iter().map(|total| &total.currency)));
    currencies.sort();
    currencies.dedup();
    currencies.len() > 1
}

/// A few lines.
pub(crate) fn summary(report: &Report) -> Vec<Block> {
    let mut blocks = vec![Block::Title(format!("AWS FinOps report {}", report.report_id))];
    if report.source.kind == SourceKind::Demo {
        blocks.push(Block::Notice(DEMONSTRATION.to_owned()));
    }
    let mut fields = vec![Block::field("Source", source(report))];
    if let Some(judged) = judged(report) {
        fields.push(Block::field("Judged", judged));
    }
    for total in report.spend.iter().flat_map(|spend| &spend.total) {
        fields.push(Block::field(
            "Spend",
            format!("{} effective, {} billed", money_of(total.effective_cost, &total.currency), money(total.billed_cost)),
        ));
    }
    fields.extend(savings_totals(report).into_iter().map(|totals| Block::field("Savings", net(totals))));
    fields.push(Block::field(
        "Findings",
        format!(
            "{}, {}",
            count(report.findings.len(), "finding", "findings"),
            count(report.recommendations.len(), "recommendation", "recommendations")
        ),
    ));
    if let Some(first) = report.recommendations.first() {
        fields.push(Block::field("First to do", format!("{}: {} a month", first.title, money_of(first.monthly_savings, &first.currency))));
    }
    let judged = percent(report.coverage.by_money.judged);
    let missing = if report.coverage.complete { "nothing is missing" } else { "PARTIAL: see the full report for what is missing" };
    fields.push(Block::field("Coverage", format!("{judged} of the spend judged, {missing}")));
    blocks.push(Block::Fields(fields));
    blocks
}

/// The whole report.
pub(crate) fn blocks(report: &Report, options: &RenderOptions, medium: Medium) -> Vec<Block> {
    let mut blocks = header(report);
    if let Some(spend) = &report.spend {
        spend::blocks(&mut blocks, report, spend, options, medium);
    }
    savings_blocks(&mut blocks, report);
    recommendation_blocks(&mut blocks, report, options, medium);
    finding_blocks(&mut blocks, report, options);
    advice::blocks(&mut blocks, report, options);
    advisor_blocks(&mut blocks, report);
    coverage::blocks(&mut blocks, report, options, medium);
    next_steps(&mut blocks, report, options, medium);
    blocks
}

fn header(report: &Report) -> Vec<Block> {
    let mut blocks = vec![Block::Title(format!("AWS FinOps report {}", report.report_id))];
    if report.source.kind == SourceKind::Demo {
        blocks.push(Block::Notice(DEMONSTRATION.to_owned()));
    }
    if !report.coverage.complete {
        blocks.push(Block::Notice(coverage::partial(report)));
    }
    let mut fields = vec![Block::field("Source", source(report))];
    if let Some(data) = period(report.scope.period_start, report.scope.period_end) {
        let as_of = report.source.as_of.map(|as_of| format!(", as of {}", moment(as_of))).unwrap_or_default();
        fields.push(Block::field("Data", format!("{data}{as_of}")));
    }
    if let Some(judged) = judged(report) {
        fields.push(Block::field("Judged", judged));
    }
    let scope = &report.scope;
    fields.push(Block::field(
        "Scope",
        format!(
            "{}, {}, {}",
            count(scope.accounts.len(), "account", "accounts"),
            count(scope.regions.len(), "region", "regions"),
            count(scope.services.len(), "service", "services")
        ),
    ));
    fields.push(Block::field("Made", format!("{} by finops {}", moment(report.generated_at), report.tool_version)));
    blocks.push(Block::Fields(fields));
    blocks
}

fn judged(report: &Report) -> Option<String> {
    let judged = period(report.scope.judged_start, report.scope.judged_end)?;
    let whole = match (report.source.kind, report.scope.judged_is_complete) {
        (_, true) => "whole months",
        (SourceKind::Aws, false) => "the last days up to now",
        (_, false) => "the month is not over: figures are scaled up",
    };
    Some(format!("{judged}, {whole}"))
}

fn heading(title: &str, all: usize, top: usize) -> String {
    if all > top { format!("{title} (the first {top} of {all})") } else { title.to_owned() }
}

/// Totals of every currency, the report's first one first.
pub(crate) fn savings_totals(report: &Report) -> Vec<&SavingsTotals> {
    let others = report.savings_by_currency.iter().filter(|totals| totals.currency != report.savings.currency);
    std::iter::once(&report.savings).chain(others).collect()
}

fn net(totals: &SavingsTotals) -> String {
    format!(
        "{} a month net: {} measured, {} estimated; {} a year",
        money_of(totals.net_monthly, &totals.currency),
        money(totals.measured),
        money(totals.estimated),
        money(totals.net_annual)
    )
}

/// How many findings claim money that another one claims, and how many a suppression covers.
pub(crate) fn displaced_and_suppressed(report: &Report) -> (usize, usize) {
    let displaced = report.findings.iter().filter(|finding| finding.displaced_by.is_some()).count();
    let suppressed = report.findings.iter().filter(|finding| finding.suppressed.is_some()).count();
    (displaced, suppressed)
}

fn savings_blocks(blocks: &mut Vec<Block>, report: &Report) {
    blocks.push(Block::Heading("Savings".to_owned()));
    let (displaced, suppressed) = displaced_and_suppressed(report);
    let mut fields = Vec::new();
    for totals in savings_totals(report) {
        let currency = &totals.currency;
        fields
            .push(Block::field("Net", format!("{} a month, {} a year", money_of(totals.net_monthly, currency), money(totals.net_annual))));
        fields.push(Block::field("  measured", format!("{}, from the bill alone", money_of(totals.measured, currency))));
        fields
            .push(Block::field("  estimated", format!("{}, rests on a price list or an assumption", money_of(totals.estimated, currency))));
        let twice = totals.gross_monthly.saturating_sub(totals.net_monthly);
        fields.push(Block::field(
            "Gross",
            format!(
                "{}, of which {} is claimed by more than one finding ({} displaced)",
                money_of(totals.gross_monthly, currency),
                money(twice),
                count(displaced, "finding", "findings")
            ),
        ));
    }
    if suppressed > 0 {
        fields.push(Block::field("Suppressed", count(suppressed, "finding", "findings")));
    }
    blocks.push(Block::Fields(fields));
}

fn recommendation_blocks(blocks: &mut Vec<Block>, report: &Report, options: &RenderOptions, medium: Medium) {
    if report.recommendations.is_empty() {
        return;
    }
    blocks.push(Block::Heading(heading("What to do", report.recommendations.len(), options.top)));
    let mut table = Table::new([
        Column::number("Saves a month"),
        Column::word("Priority"),
        Column::word("Risk"),
        Column::word("Effort"),
        Column::number("Findings"),
        Column::text("Recommendation"),
    ]);
    for recommendation in report.recommendations.iter().take(options.top) {
        table.push([
            Cell::text(money_of(recommendation.monthly_savings, &recommendation.currency)).toned(Tone::Good),
            Cell::text(recommendation.priority.clone()).toned(if recommendation.priority == "high" { Tone::Strong } else { Tone::Plain }),
            Cell::text(recommendation.risk.clone()).toned(level(&recommendation.risk)),
            Cell::text(recommendation.effort.clone()).toned(level(&recommendation.effort)),
            Cell::integer(i64::try_from(recommendation.finding_ids.len()).unwrap_or(i64::MAX)),
            Cell::text(recommendation.title.clone()),
        ]);
    }
    blocks.push(Block::Table(table));
    if medium == Medium::Markdown {
        for recommendation in report.recommendations.iter().take(options.top) {
            blocks.push(Block::Heading(recommendation.title.clone()));
            blocks.push(Block::Text(recommendation.why.clone()));
            blocks.push(Block::Steps(recommendation.steps.clone()));
            blocks.push(Block::Fields(vec![
                Block::field("Risk", format!("{}: {}", recommendation.risk, recommendation.risk_note)),
                Block::field("Rollback", recommendation.rollback.clone()),
                Block::field("Source", recommendation.source.clone()),
            ]));
        }
    }
}

fn level(word: &str) -> Tone {
    match word {
        "high" => Tone::Bad,
        "medium" => Tone::Warning,
        _ => Tone::Plain,
    }
}

fn finding_blocks(blocks: &mut Vec<Block>, report: &Report, options: &RenderOptions) {
    if report.findings.is_empty() {
        blocks.push(Block::Heading("Findings".to_owned()));
        blocks.push(Block::Text(format!("None. {} ran.", count(report.checks_run.len(), "check", "checks"))));
        return;
    }
    let names = account_names(report);
    let open: Vec<&ReportFinding> =
        report.findings.iter().filter(|finding| finding.displaced_by.is_none() && finding.suppressed.is_none()).collect();
    for (kind, title) in [(FindingKind::Recommendation, "Findings"), (FindingKind::Investigation, "To look into")] {
        let of_kind: Vec<&&ReportFinding> = open.iter().filter(|finding| finding.kind == kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        blocks.push(Block::Heading(heading(title, of_kind.len(), options.top)));
        let amount = if kind == FindingKind::Recommendation { "Saves a month" } else { "Costs a month" };
        let mut columns = vec![Column::word("Id"), Column::number(amount), Column::text("Finding"), Column::word("Region").from_width(100)];
        if kind == FindingKind::Recommendation {
            columns.insert(2, Column::word("Basis"));
            columns.insert(3, Column::word("Confidence").from_width(140));
        }
        columns.push(Column::text("Account").from_width(120));
        columns.push(Column::word("Check").from_width(150));
        let mut table = Table::new(columns);
        for finding in of_kind.iter().take(options.top) {
            let region = finding.region_id.as_ref().map_or("", |region| region.as_str());
            let amount = finding.savings.as_ref().map_or(finding.monthly_cost, |savings| savings.monthly);
            let mut cells = vec![Cell::text(short_id(&finding.finding_id)), Cell::text(money_of(amount, &finding.currency))];
            if kind == FindingKind::Recommendation {
                cells.push(Cell::text(finding.savings.as_ref().map_or("", |savings| basis(savings.basis))));
                cells.push(Cell::text(finding.savings.as_ref().map_or("", |savings| confidence(savings.confidence))));
            }
            cells.push(Cell::text(finding.title.clone()));
            cells.push(Cell::text(region));
            cells.push(Cell::text(account(finding.account_id.as_ref(), &names)));
            cells.push(Cell::text(finding.check_id.as_str()));
            table.push(cells);
        }
        blocks.push(Block::Table(table));
    }
    let (displaced, suppressed) = displaced_and_suppressed(report);
    if displaced + suppressed > 0 {
        blocks.push(Block::Text(format!(
            "Not listed: {displaced} that claim money which a better finding claims, {suppressed} that a suppression covers."
        )));
    }
}

fn advisor_blocks(blocks: &mut Vec<Block>, report: &Report) {
    if report.advisor.used && !report.advisor.narrative.is_empty() {
        let model = report.advisor.model_id.as_deref().unwrap_or("a language model");
        blocks.push(Block::Heading(format!("The advisor says ({model}, checked against the evidence)")));
        blocks.push(Block::List(report.advisor.narrative.clone()));
    }
}

/// How much of the spend is of services that the catalog knows, in a sentence.
pub(crate) fn recognized(recognition: &Recognition) -> String {
    let all = [recognition.other_publishers_cost, recognition.unrecognized_cost]
        .into_iter()
        .try_fold(recognition.recognized_cost, Decimal::checked_add)
        .unwrap_or(Decimal::MAX);
    let share = |part: Decimal| percent(part.checked_div(all).unwrap_or_default());
    let mut text = format!("{} of the {} spend is of services in the catalog", share(recognition.recognized_cost), recognition.currency);
    if !recognition.other_publishers_cost.is_zero() {
        let _ = write!(text, ", {} of others than AWS", share(recognition.other_publishers_cost));
    }
    if recognition.unrecognized_cost.is_zero() {
        return text;
    }
    let _ = write!(text, "; not recognised: {}", share(recognition.unrecognized_cost));
    let name = |one: &UnrecognizedSpend| {
        let name = one.service_name.as_ref().or(one.service_code.as_ref()).map_or("(no name)", String::as_str);
        format!("{name} {}", money(one.effective_cost))
    };
    let names: Vec<String> = recognition.unrecognized.iter().take(3).map(name).collect();
    if !names.is_empty() {
        let more = recognition.unrecognized.len().saturating_sub(names.len());
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        let _ = write!(text, " ({}{more})", names.join(", "));
    }
    text
}

fn next_steps(blocks: &mut Vec<Block>, report: &Report, options: &RenderOptions, medium: Medium) {
    if medium == Medium::Markdown || !options.is_saved {
        return;
    }
    blocks.push(Block::Heading("Next".to_owned()));
    let mut lines = Vec::new();
    if let Some(first) = report.findings.first() {
        lines.push(format!("finops explain {}: evidence, formula and steps of a finding", short_id(&first.finding_id)));
    }
    lines.push(format!("finops get-report --report-id {} -o report.html: everything, with charts, in one file", report.report_id));
    blocks.push(Block::List(lines));
}
