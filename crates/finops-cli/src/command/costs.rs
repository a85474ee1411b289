//! `finops costs`: the spend part of an analysis, one table at a time.

use finops_domain::checks::JudgedWindow;
use finops_domain::spend::{SpendRow, SpendSummary, summarise};
use finops_local::SystemClock;
use finops_report::{Cell, Column, Table, render_table};
use rust_decimal::Decimal;

use crate::args::CostsArgs;
use crate::config::Config;
use crate::error::CliError;
use crate::exit;
use crate::output::Output;
use crate::source::SourceChoice;

/// What `--by` knows, besides `tag:KEY`.
const VIEWS: &str = "service, category, account, region, charge-category, pricing-category, tag:KEY, day, month, movers, anomalies, forecast, commitments, allocation, reconciliation";

pub(crate) async fn run(args: CostsArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    output.check_formats(&args.format, None)?;
    let source = SourceChoice::of(&args.source, config)?;
    let snapshot = {
        let _progress = output.progress("reading");
        source.snapshot(&SystemClock::new(), config).await?
    };
    let bill =
        snapshot.bill.as_ref().ok_or_else(|| CliError::new("the snapshot holds no cost data").with_hint("collect it again with costs"))?;
    let spend = summarise(bill, JudgedWindow::of(bill, 30).as_ref());
    let table = view(&spend, &args.by)?;
    output.deliver(&args.format, None, |format, options| {
        render_table(&table, format, options).map_err(|error| CliError::usage("could not render the table").with_source(error))
    })?;
    if bill.rows_malformed > 0 {
        output.warning(&format!("{} of {} rows could not be read and are in no figure", bill.rows_malformed, bill.rows_read));
        return Ok(exit::PARTIAL);
    }
    Ok(exit::DONE)
}

fn view(spend: &SpendSummary, by: &str) -> Result<Table, CliError> {
    if let Some(key) = by.strip_prefix("tag:") {
        let rows = spend.by_tag.get(key).ok_or_else(|| {
            let known: Vec<&str> = spend.by_tag.keys().take(20).map(String::as_str).collect();
            CliError::usage(format!("the bill has no tag key `{key}` (known: {})", known.join(", ")))
        })?;
        return Ok(breakdown(key, rows));
    }
    Ok(match by {
        "service" => breakdown("service_name", &spend.by_service),
        "category" => breakdown("service_category", &spend.by_service_category),
        "account" => breakdown("sub_account_id", &spend.by_account),
        "region" => breakdown("region_id", &spend.by_region),
        "charge-category" => breakdown("charge_category", &spend.by_charge_category),
        "pricing-category" => breakdown("pricing_category", &spend.by_pricing_category),
        "day" => days(spend),
        "month" => months(spend),
        "movers" => movers(spend),
        "anomalies" => anomalies(spend),
        "forecast" => forecast(spend),
        "commitments" => commitments(spend),
        "allocation" => allocation(spend),
        "reconciliation" => reconciliation(spend),
        other => return Err(CliError::usage(format!("`{other}` is nothing that costs are shown by (known: {VIEWS})"))),
    })
}

fn breakdown(name: &str, rows: &[SpendRow]) -> Table {
    let mut table = Table::new([
        Column::text(name),
        Column::text("label").from_width(100),
        Column::word("currency"),
        Column::number("effective_cost"),
        Column::number("billed_cost"),
        Column::number("list_cost").from_width(100),
        Column::number("contracted_cost").from_width(130),
        Column::number("share"),
    ]);
    for row in rows {
        table.push([
            Cell::text(&row.key),
            Cell::text_or_empty(row.label.as_deref()),
            Cell::text(row.currency.as_str()),
            Cell::money(row.effective_cost),
            Cell::money(row.billed_cost),
            Cell::money(row.list_cost),
            Cell::money(row.contracted_cost),
            Cell::share(row.share),
        ]);
    }
    table
}

fn days(spend: &SpendSummary) -> Table {
    let mut table =
        Table::new([Column::word("date"), Column::word("currency"), Column::number("effective_cost"), Column::number("billed_cost")]);
    for day in &spend.daily {
        table.push([
            Cell::text(day.date.to_string()),
            Cell::text(day.currency.as_str()),
            Cell::money(day.effective_cost),
            Cell::money(day.billed_cost),
        ]);
    }
    table
}

fn months(spend: &SpendSummary) -> Table {
    let mut table = Table::new([
        Column::word("month"),
        Column::word("currency"),
        Column::number("effective_cost"),
        Column::number("billed_cost"),
        Column::number("change"),
        Column::word("complete"),
    ]);
    for month in &spend.monthly {
        table.push([
            Cell::text(&month.month),
            Cell::text(month.currency.as_str()),
            Cell::money(month.effective_cost),
            Cell::money(month.billed_cost),
            month.change.map_or_else(Cell::empty, Cell::share),
            Cell::text(if month.is_complete { "yes" } else { "no" }),
        ]);
    }
    table
}

fn movers(spend: &SpendSummary) -> Table {
    let mut table = Table::new([
        Column::word("dimension"),
        Column::text("key"),
        Column::word("currency"),
        Column::word("from_month").from_width(100),
        Column::number("from_cost"),
        Column::word("to_month").from_width(100),
        Column::number("to_cost"),
        Column::number("change"),
    ]);
    for mover in &spend.movers {
        table.push([
            Cell::text(&mover.dimension),
            Cell::text(&mover.key),
            Cell::text(mover.currency.as_str()),
            Cell::text(&mover.from_month),
            Cell::money(mover.from_cost),
            Cell::text(&mover.to_month),
            Cell::money(mover.to_cost),
            Cell::change(mover.change),
        ]);
    }
    table
}

fn anomalies(spend: &SpendSummary) -> Table {
    let mut table = Table::new([
        Column::word("date"),
        Column::text("service_name"),
        Column::word("sub_account_id"),
        Column::word("currency"),
        Column::number("cost"),
        Column::number("expected"),
        Column::number("excess"),
        Column::number("score"),
    ]);
    for anomaly in &spend.anomalies {
        table.push([
            Cell::text(anomaly.date.to_string()),
            Cell::text(&anomaly.service_name),
            Cell::text(&anomaly.account_id),
            Cell::text(anomaly.currency.as_str()),
            Cell::money(anomaly.cost),
            Cell::money(anomaly.expected),
            Cell::money(anomaly.excess),
            Cell::decimal(anomaly.score),
        ]);
    }
    table
}

fn forecast(spend: &SpendSummary) -> Table {
    let mut table = Table::new([
        Column::word("month"),
        Column::word("currency"),
        Column::number("actual"),
        Column::number("expected"),
        Column::number("low"),
        Column::number("high"),
        Column::number("level"),
        Column::text("method").from_width(100),
    ]);
    for forecast in &spend.forecast {
        table.push([
            Cell::text(&forecast.month),
            Cell::text(forecast.currency.as_str()),
            Cell::money(forecast.actual),
            Cell::money(forecast.expected),
            Cell::money(forecast.low),
            Cell::money(forecast.high),
            Cell::share(forecast.level),
            Cell::text(&forecast.method),
        ]);
    }
    table
}

fn commitments(spend: &SpendSummary) -> Table {
    let mut table = Table::new([
        Column::word("commitment_type"),
        Column::word("currency"),
        Column::number("used_cost"),
        Column::number("unused_cost"),
        Column::number("utilization"),
        Column::number("coverage"),
    ]);
    for commitment in &spend.commitments {
        table.push([
            Cell::text(&commitment.commitment_type),
            Cell::text(commitment.currency.as_str()),
            Cell::money(commitment.used_cost),
            Cell::money(commitment.unused_cost),
            commitment.utilization.map_or_else(Cell::empty, Cell::share),
            commitment.coverage.map_or_else(Cell::empty, Cell::share),
        ]);
    }
    table
}

/// How much of the usage can be put down to a resource, a tag, a tag key.
fn allocation(spend: &SpendSummary) -> Table {
    let mut table =
        Table::new([Column::text("allocated_by"), Column::word("currency"), Column::number("effective_cost"), Column::number("share")]);
    for allocation in &spend.allocation {
        let mut push = |name: String, cost: Decimal| {
            let share =
                if allocation.usage_cost > Decimal::ZERO { Cell::share((cost / allocation.usage_cost).round_dp(4)) } else { Cell::empty() };
            table.push([Cell::text(name), Cell::text(allocation.currency.as_str()), Cell::money(cost), share]);
        };
        push("all usage".to_owned(), allocation.usage_cost);
        push("a resource id".to_owned(), allocation.with_resource);
        push("any tag".to_owned(), allocation.with_tags);
        for (key, cost) in &allocation.by_tag_key {
            push(format!("tag {key}"), *cost);
        }
    }
    table
}

fn reconciliation(spend: &SpendSummary) -> Table {
    let mut table = Table::new([
        Column::text("name"),
        Column::word("currency"),
        // Reconciled to the last decimal, so shown to the last decimal.
        Column::number("billed_cost"),
        Column::number("effective_cost"),
        Column::text("note").from_width(100),
    ]);
    for line in &spend.reconciliation {
        table.push([
            Cell::text(&line.name),
            Cell::text(line.currency.as_str()),
            Cell::text(line.billed_cost.to_string()),
            Cell::text(line.effective_cost.to_string()),
            Cell::text(&line.note),
        ]);
    }
    table
}
