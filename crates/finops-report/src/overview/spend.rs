//! The spend part of the document.

use finops_domain::id::SubAccountId;
use finops_domain::report::Report;
use finops_domain::spend::{SpendRow, SpendSummary, SpendTotal};
use rust_decimal::Decimal;

use super::{Medium, account, account_names, heading, is_mixed};
use crate::RenderOptions;
use crate::document::Block;
use crate::figures::{bar, count, money, money_of, percent, quantity, share, signed_percent, sparkline};
use crate::table::{Cell, Column, Table, Tone};

pub(super) fn blocks(blocks: &mut Vec<Block>, report: &Report, spend: &SpendSummary, options: &RenderOptions, medium: Medium) {
    blocks.push(Block::Heading("Spend".to_owned()));
    let mut fields: Vec<(String, String)> = spend.total.iter().flat_map(total_fields).collect();
    for total in &spend.total {
        fields.extend(month_field(spend, total));
    }
    fields.extend(forecast_fields(spend));
    for line in spend.reconciliation.iter().filter(|line| line.name == "difference") {
        fields.push(Block::field(
            "Reconciled",
            format!("{} difference between the source's own total and the sum of its parts", money_of(line.effective_cost, &line.currency)),
        ));
    }
    for commitment in spend.commitments.iter().filter(|commitment| commitment.commitment_type == "all") {
        let utilization = commitment.utilization.map(|share| format!("{} used, ", percent(share))).unwrap_or_default();
        let coverage = commitment.coverage.map(|share| format!(", {} of compute covered", percent(share))).unwrap_or_default();
        let unused = money_of(commitment.unused_cost, &commitment.currency);
        fields.push(Block::field("Commitments", format!("{utilization}{unused} unused{coverage}")));
    }
    for allocation in spend.allocation.iter().filter(|allocation| allocation.usage_cost > Decimal::ZERO) {
        let of_usage = |part: Decimal| percent(share(part, allocation.usage_cost));
        fields.push(Block::field(
            "Allocation",
            format!("{} of usage has a tag, {} names a resource", of_usage(allocation.with_tags), of_usage(allocation.with_resource)),
        ));
    }
    blocks.push(Block::Fields(fields));
    let mixed = is_mixed(report);
    for (title, rows, top) in [
        ("By service", &spend.by_service, options.top),
        ("By account", &spend.by_account, options.top.min(5)),
        ("By region", &spend.by_region, options.top.min(5)),
    ] {
        if !rows.is_empty() {
            blocks.push(Block::Heading(heading(title, rows.len(), top)));
            blocks.push(Block::Table(breakdown(rows, top, mixed, medium)));
        }
    }
    if !spend.movers.is_empty() {
        blocks.push(Block::Heading("Changed most".to_owned()));
        let names = account_names(report);
        let mut table = Table::new([
            Column::text("What"),
            Column::word("From"),
            Column::number("Cost"),
            Column::word("To"),
            Column::number("Cost"),
            Column::number("Change"),
        ]);
        for mover in spend.movers.iter().take(options.top.min(6)) {
            let tone = if mover.change > Decimal::ZERO { Tone::Warning } else { Tone::Good };
            table.push([
                Cell::text(format!(
                    "{} {}",
                    mover.dimension,
                    if mover.dimension == "account" { account(Some(&mover.key.as_str().into()), &names) } else { mover.key.clone() }
                )),
                Cell::text(mover.from_month.clone()),
                Cell::money(mover.from_cost),
                Cell::text(mover.to_month.clone()),
                Cell::money(mover.to_cost),
                Cell::change(mover.change).toned(tone),
            ]);
        }
        blocks.push(Block::Table(table));
    }
    if !spend.anomalies.is_empty() {
        let top = options.top.min(6);
        blocks.push(Block::Heading(heading("Unusual days", spend.anomalies.len(), top)));
        let names = account_names(report);
        let mut table = Table::new([
            Column::word("Day"),
            Column::text("Service"),
            Column::text("Account"),
            Column::number("Cost"),
            Column::number("Expected"),
            Column::number("Excess"),
        ]);
        for anomaly in spend.anomalies.iter().take(top) {
            let id = SubAccountId::from(anomaly.account_id.as_str());
            table.push([
                Cell::text(anomaly.date.to_string()),
                Cell::text(anomaly.service_name.clone()),
                Cell::text(account(Some(&id), &names)),
                Cell::money(anomaly.cost),
                Cell::money(anomaly.expected),
                Cell::change(anomaly.excess).toned(Tone::Warning),
            ]);
        }
        blocks.push(Block::Table(table));
    }
}

fn total_fields(total: &SpendTotal) -> Vec<(String, String)> {
    let currency = &total.currency;
    let incomplete = if total.rows_without_list_cost > 0 {
        format!(" ({} without one)", count(usize::try_from(total.rows_without_list_cost).unwrap_or(usize::MAX), "row", "rows"))
    } else {
        String::new()
    };
    let mut fields = vec![
        Block::field("Effective", format!("{}, commitments spread over their use", money_of(total.effective_cost, currency))),
        Block::field("Billed", money_of(total.billed_cost, currency)),
        Block::field("List price", format!("{}{incomplete}", money_of(total.list_cost, currency))),
    ];
    let mut saved = Vec::new();
    if let Some(amount) = total.negotiated_savings {
        saved.push(format!("{} by negotiated rates", money_of(amount, currency)));
    }
    if let Some(amount) = total.commitment_savings {
        saved.push(format!("{} by commitments", money_of(amount, currency)));
    }
    if !saved.is_empty() {
        fields.push(Block::field("Already saved", saved.join(", ")));
    }
    fields
}

fn month_field(spend: &SpendSummary, total: &SpendTotal) -> Option<(String, String)> {
    let months: Vec<_> = spend.monthly.iter().filter(|month| month.currency == total.currency).collect();
    let costs: Vec<Decimal> = months.iter().map(|month| month.effective_cost).collect();
    let last = months.iter().rev().find(|month| month.is_complete).or(months.last())?;
    let change = last.change.map(|change| format!(" ({} on the month before)", signed_percent(change))).unwrap_or_default();
    let trend = if costs.len() > 1 { format!("{}  ", sparkline(&costs)) } else { String::new() };
    let current =
        months.last().filter(|month| !month.is_complete).map(|month| format!("; {} so far {}", month.month, money(month.effective_cost)));
    Some(Block::field(
        "Months",
        format!("{trend}{} {}{change}{}", last.month, money_of(last.effective_cost, &last.currency), current.unwrap_or_default()),
    ))
}

fn forecast_fields(spend: &SpendSummary) -> Vec<(String, String)> {
    let field = |forecast: &finops_domain::spend::Forecast| {
        let level = quantity(forecast.level.saturating_mul(Decimal::ONE_HUNDRED));
        let (low, high) = (money(forecast.low), money(forecast.high));
        Block::field(
            "Forecast",
            format!("{} {} ({level} % interval {low} to {high})", forecast.month, money_of(forecast.expected, &forecast.currency)),
        )
    };
    spend.forecast.iter().map(field).collect()
}

fn breakdown(rows: &[SpendRow], top: usize, mixed: bool, medium: Medium) -> Table {
    let mut columns = vec![Column::text("Name"), Column::number("Effective cost")];
    if mixed {
        columns.push(Column::word("Currency"));
    }
    columns.push(Column::number("Share"));
    if medium == Medium::Terminal {
        columns.push(Column::word("Of the total"));
    }
    columns.push(Column::word("Months"));
    columns.push(Column::number("Billed cost").from_width(120));
    columns.push(Column::number("List cost").from_width(140));
    let mut table = Table::new(columns);
    for row in rows.iter().take(top) {
        let name =
            row.label.as_ref().filter(|label| **label != row.key).map_or_else(|| row.key.clone(), |label| format!("{label} ({})", row.key));
        let mut cells = vec![Cell::text(name), Cell::money(row.effective_cost).toned(Tone::Strong)];
        if mixed {
            cells.push(Cell::text(row.currency.as_str()));
        }
        cells.push(Cell::share(row.share));
        if medium == Medium::Terminal {
            cells.push(Cell::text(bar(row.share, 16)));
        }
        cells.push(Cell::text(sparkline(&row.monthly_effective_cost)));
        cells.push(Cell::money(row.billed_cost));
        cells.push(Cell::money(row.list_cost));
        table.push(cells);
    }
    table
}
