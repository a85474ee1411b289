//! Coverage: what was looked at, weighted by money, and what was not and why.

use std::collections::{BTreeMap, BTreeSet};

use finops_domain::coverage::{CoverageCell, CoverageStatus};
use finops_domain::report::Report;

use super::{Medium, cell_name, recognized, status};
use crate::RenderOptions;
use crate::document::Block;
use crate::figures::{bar, count};
use crate::table::{Cell, Column, Table};

pub(super) fn blocks(blocks: &mut Vec<Block>, report: &Report, options: &RenderOptions, medium: Medium) {
    let coverage = &report.coverage;
    if report.spend.is_some() {
        by_money(blocks, report, medium);
    }
    let gaps = gaps(report);
    if !gaps.is_empty() || !report.not_evaluated.is_empty() || coverage.rows_malformed > 0 {
        blocks.push(Block::Heading("What was not looked at".to_owned()));
        let mut lines: Vec<String> = gaps.iter().take(options.top).map(|(what, cells)| gap_line(what, cells)).collect();
        if gaps.len() > options.top {
            let rest: usize = gaps.iter().skip(options.top).map(|(_, cells)| cells.len()).sum();
            lines.push(format!("and {} more", count(rest, "cell", "cells")));
        }
        if coverage.rows_malformed > 0 {
            lines.push(format!(
                "{} of {} rows of the bill could not be read: {}",
                coverage.rows_malformed,
                coverage.rows_read,
                coverage.malformed_rows.first().map_or("", String::as_str)
            ));
        }
        lines.extend(not_evaluated_lines(report, options.top));
        blocks.push(Block::List(lines));
    }
}

/// How much could not be looked at, in a sentence.
pub(super) fn partial(report: &Report) -> String {
    let cells = &report.coverage.cells;
    let mut by_status: BTreeMap<CoverageStatus, usize> = BTreeMap::new();
    let is_gap = |cell: &&CoverageCell| !matches!(cell.status, CoverageStatus::Complete | CoverageStatus::NotEnabled);
    for cell in cells.iter().filter(is_gap) {
        *by_status.entry(cell.status).or_default() += 1;
    }
    let parts: Vec<String> = by_status.iter().map(|(of, count)| format!("{count} {}", status(*of))).collect();
    let gaps: usize = by_status.values().sum();
    let all = count(cells.len(), "cell", "cells");
    format!("The report is partial: {gaps} of {all} could not be read whole ({}). See coverage below.", parts.join(", "))
}

fn by_money(blocks: &mut Vec<Block>, report: &Report, medium: Medium) {
    blocks.push(Block::Heading("Coverage, by money".to_owned()));
    let coverage = &report.coverage;
    let mut table = Table::new([Column::word("Part"), Column::number("Share"), Column::text("What it is")]);
    if medium == Medium::Terminal {
        table.columns.insert(2, Column::word("Of the spend"));
    }
    for (name, share, what) in [
        ("Judged", coverage.by_money.judged, "of services that a check looks at"),
        ("No check", coverage.by_money.no_check, "of services that no check looks at yet"),
        ("No data", coverage.by_money.no_data, "a check lacked what it needs"),
        ("Denied", coverage.by_money.denied, "we were not let see it"),
    ] {
        let mut cells = vec![Cell::text(name), Cell::share(share), Cell::text(what)];
        if medium == Medium::Terminal {
            cells.insert(2, Cell::text(bar(share, 20)));
        }
        table.push(cells);
    }
    blocks.push(Block::Table(table));
    let recognition = report.spend.iter().flat_map(|spend| &spend.recognition);
    let sentences: Vec<String> = recognition.map(recognized).collect();
    if !sentences.is_empty() {
        blocks.push(Block::List(sentences));
    }
}

/// What cells have in common that lack the same for the same reason.
type What<'a> = (CoverageStatus, &'a str, Option<&'a str>, Option<&'a str>);

/// Cells that are not complete, those of the same service and reason together; the widest first.
fn gaps(report: &Report) -> Vec<(What<'_>, Vec<&CoverageCell>)> {
    let mut groups: BTreeMap<What<'_>, Vec<&CoverageCell>> = BTreeMap::new();
    for cell in report.coverage.cells.iter().filter(|cell| cell.status != CoverageStatus::Complete) {
        let what = (cell.status, cell.service.as_str(), cell.reason.as_deref(), cell.remedy.as_deref());
        groups.entry(what).or_default().push(cell);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((status, ..), cells)| (*status == CoverageStatus::NotEnabled, std::cmp::Reverse(cells.len())));
    groups
}

fn gap_line((of, service, reason, remedy): &What<'_>, cells: &[&CoverageCell]) -> String {
    let name = match cells {
        [one] => cell_name(one),
        many => {
            let regions: BTreeSet<_> = many.iter().filter_map(|cell| cell.region_id.as_ref()).collect();
            let accounts: BTreeSet<_> = many.iter().filter_map(|cell| cell.sub_account_id.as_ref()).collect();
            let (accounts, regions) = (count(accounts.len(), "account", "accounts"), count(regions.len(), "region", "regions"));
            format!("{service}, {accounts}, {regions}")
        }
    };
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    let remedy = remedy.map(|remedy| format!(" → {remedy}")).unwrap_or_default();
    format!("{name} ({}){reason}{remedy}", status(*of))
}

/// What could not be judged: checks that lack the same in one line, cases of a check and a reason in one line.
fn not_evaluated_lines(report: &Report, top: usize) -> Vec<String> {
    let mut reasons: BTreeMap<&str, BTreeMap<&str, Vec<Option<&str>>>> = BTreeMap::new();
    for entry in &report.not_evaluated {
        let checks = reasons.entry(entry.reason.as_str()).or_default();
        checks.entry(entry.check_id.as_str()).or_default().push(entry.resource_id.as_deref());
    }
    let mut lines = Vec::new();
    for (reason, checks) in reasons {
        let is_of_whole_checks = checks.values().all(|resources| resources.as_slice() == [None]);
        if is_of_whole_checks && checks.len() > 2 {
            lines.push(format!("{} checks: {reason}", checks.len()));
            continue;
        }
        lines.extend(checks.into_iter().map(|(check, resources)| match resources.as_slice() {
            [Some(one)] => format!("{check}, {one}: {reason}"),
            [None] => format!("{check}: {reason}"),
            many => format!("{check}, {}: {reason}", count(many.len(), "case", "cases")),
        }));
    }
    let all = lines.len();
    if all > top {
        lines.truncate(top);
        lines.push(format!("and {} more reasons", all - top));
    }
    lines
}
