//! What changed between two reports.

use finops_domain::diff::{DiffFinding, ReportDiff, SpendChange};
use finops_domain::id::{RegionId, ResourceId, ServiceName, SubAccountId};
use rust_decimal::Decimal;

use crate::document::Block;
use crate::figures::{count, moment, money, money_of, signed_money, signed_percent};
use crate::table::{Cell, Column, Table, Tone};
use crate::text::Accounts;
use crate::{Format, RenderError, RenderOptions, json, markdown, terminal};

/// Renders a difference as table, summary, json, csv (findings, one a line) or markdown.
///
/// # Errors
/// Where the format is another one, or a serialiser fails.
pub fn render_diff(diff: &ReportDiff, format: Format, options: &RenderOptions) -> Result<String, RenderError> {
    let accounts = || {
        let lists = [&diff.new, &diff.gone, &diff.changed, &diff.not_judged];
        let ids = lists.into_iter().flatten().filter_map(|finding| finding.account_id.as_ref()).map(ToString::to_string);
        if options.show_ids { Accounts::default() } else { Accounts::from_ids(ids) }
    };
    match format {
        Format::Json => json(diff),
        Format::Csv => csv(diff),
        Format::Table => Ok(terminal::write(&blocks(diff, options), &accounts(), options)),
        Format::Summary => Ok(terminal::write(&head(diff), &accounts(), options)),
        Format::Markdown => Ok(markdown::write(&blocks(diff, options), &accounts())),
        Format::Html | Format::Sarif => {
            Err(RenderError::Unsupported { what: "a difference", format, possible: "table, summary, json, csv, markdown" })
        }
    }
}

fn sum(findings: &[DiffFinding], of: impl Fn(&DiffFinding) -> Option<Decimal>) -> Decimal {
    findings.iter().filter_map(of).sum()
}

fn head(diff: &ReportDiff) -> Vec<Block> {
    let mut fields = vec![
        Block::field("From", format!("{}, {}", diff.from.report_id, moment(diff.from.generated_at))),
        Block::field("To", format!("{}, {}", diff.to.report_id, moment(diff.to.generated_at))),
        Block::field(
            "Findings",
            format!("{} new, {} gone, {} changed, {} unchanged", diff.new.len(), diff.gone.len(), diff.changed.len(), diff.unchanged),
        ),
    ];
    if !diff.not_judged.is_empty() {
        fields.push(Block::field(
            "Not judged",
            format!(
                "{} of the earlier report, for their check did not run or lacked data",
                count(diff.not_judged.len(), "finding", "findings")
            ),
        ));
    }
    for change in &diff.spend {
        let ratio = if change.from_cost > Decimal::ZERO {
            format!(" ({})", signed_percent(change.change / change.from_cost))
        } else {
            String::new()
        };
        fields.push(Block::field(
            "Spend",
            format!(
                "{} {} to {} {} {}: {}{ratio}",
                change.from_month,
                money(change.from_cost),
                change.to_month,
                money(change.to_cost),
                change.currency,
                signed_money(change.change)
            ),
        ));
    }
    for realised in &diff.realised {
        fields.push(Block::field(
            "Really saved",
            format!(
                "{} a month of the {} that the gone findings said; {} not confirmed by the bill",
                money_of(realised.realised, &realised.currency),
                money(realised.claimed),
                money(realised.unconfirmed)
            ),
        ));
    }
    vec![Block::Title("What changed between two reports".to_owned()), Block::Fields(fields)]
}

fn blocks(diff: &ReportDiff, options: &RenderOptions) -> Vec<Block> {
    let mut blocks = head(diff);
    let after = |finding: &DiffFinding| finding.savings_after;
    let before = |finding: &DiffFinding| finding.savings_before;
    for (title, findings, total) in [
        ("New", &diff.new, sum(&diff.new, after)),
        ("Gone", &diff.gone, sum(&diff.gone, before)),
        ("Changed", &diff.changed, sum(&diff.changed, after) - sum(&diff.changed, before)),
        ("Not judged again", &diff.not_judged, sum(&diff.not_judged, before)),
    ] {
        if findings.is_empty() {
            continue;
        }
        blocks.push(Block::Heading(format!("{title}: {}, {} a month", count(findings.len(), "finding", "findings"), money(total))));
        let mut table = Table::new([
            Column::word("Id"),
            Column::number("Before"),
            Column::number("After"),
            Column::text("Finding"),
            Column::word("Region").from_width(100),
            Column::word("Check").from_width(120),
        ]);
        for finding in findings.iter().take(options.top) {
            let amount = |amount: Option<Decimal>| amount.map_or_else(Cell::empty, Cell::money);
            table.push([
                Cell::text(crate::overview::short_id(&finding.finding_id)),
                amount(finding.savings_before),
                amount(finding.savings_after),
                Cell::text(finding.title.as_str()),
                Cell::text(finding.region_id.as_ref().map_or("", |region| region.as_str())),
                Cell::text(finding.check_id.as_str()),
            ]);
        }
        blocks.push(Block::Table(table));
        if findings.len() > options.top {
            blocks.push(Block::Text(format!("and {} more", findings.len() - options.top)));
        }
    }
    let changes: Vec<&SpendChange> = diff.spend_by_service.iter().filter(|change| !change.change.is_zero()).collect();
    if !changes.is_empty() {
        blocks.push(Block::Heading("Spend by service".to_owned()));
        let mut table = Table::new([
            Column::text("Service"),
            Column::number("Before"),
            Column::number("After"),
            Column::number("Change"),
            Column::word("Currency"),
        ]);
        for change in changes.iter().take(options.top) {
            let tone = if change.change > Decimal::ZERO { Tone::Warning } else { Tone::Good };
            table.push([
                Cell::text(change.service_name.as_ref().map_or("", |name| name.as_str())),
                Cell::money(change.from_cost),
                Cell::money(change.to_cost),
                Cell::change(change.change).toned(tone),
                Cell::text(change.currency.as_str()),
            ]);
        }
        blocks.push(Block::Table(table));
    }
    blocks
}

fn csv(diff: &ReportDiff) -> Result<String, RenderError> {
    let columns = [
        "change",
        "finding_id",
        "check_id",
        "title",
        "account_id",
        "region_id",
        "service_name",
        "resource_id",
        "currency",
        "savings_before",
        "savings_after",
    ];
    let mut table = Table::new(columns.map(Column::text));
    for (change, findings) in [("new", &diff.new), ("gone", &diff.gone), ("changed", &diff.changed), ("not_judged", &diff.not_judged)] {
        for finding in findings {
            table.push([
                Cell::text(change),
                Cell::text(finding.finding_id.as_str()),
                Cell::text(finding.check_id.as_str()),
                Cell::text(finding.title.as_str()),
                Cell::text_or_empty(finding.account_id.as_ref().map(SubAccountId::as_str)),
                Cell::text_or_empty(finding.region_id.as_ref().map(RegionId::as_str)),
                Cell::text_or_empty(finding.service_name.as_ref().map(ServiceName::as_str)),
                Cell::text_or_empty(finding.resource_id.as_ref().map(ResourceId::as_str)),
                Cell::text(finding.currency.as_str()),
                finding.savings_before.map_or_else(Cell::empty, Cell::money),
                finding.savings_after.map_or_else(Cell::empty, Cell::money),
            ]);
        }
    }
    table.to_csv()
}
