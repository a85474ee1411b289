//! The parts of the page, from the figures at the top to the coverage at the end.

use std::collections::BTreeMap;

use finops_domain::coverage::CoverageStatus;
use finops_domain::report::Recommendation;
use finops_domain::spend::{SpendRow, SpendSummary};
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::{Page, charts, findings};
use crate::figures::{count, money, money_of, percent, quantity, share, signed_money, signed_percent};
use crate::overview::{cell_name, displaced_and_suppressed, recognized, savings_totals, status};

pub(super) fn all(page: &Page<'_>) -> Markup {
    html! {
        (tiles(page))
        @if let Some(spend) = &page.report.spend { (spend_section(page, spend)) }
        (savings(page))
        (recommendations(page))
        (findings::section(page))
        (advisor(page))
        (coverage(page))
    }
}

fn tile(name: &str, figure: &str, unit: &str, note: &str, class: &str) -> Markup {
    html! {
        div class={ "tile " (class) } {
            div class="name" { (name) }
            div class="figure" { (figure) " " small { (unit) } }
            div class="note" { (note) }
        }
    }
}

fn tiles(page: &Page<'_>) -> Markup {
    let report = page.report;
    let savings = &report.savings;
    let ratio = last_month(report.spend.as_ref(), savings.currency.as_str())
        .map(|cost| format!("{} of the last month's spend", percent(share(savings.net_monthly, cost))))
        .unwrap_or_default();
    html! {
        div class="tiles" {
            (tile("Can be saved a month", &money(savings.net_monthly), savings.currency.as_str(), &ratio, "good"))
            @if let Some(total) = report.spend.as_ref().and_then(|spend| spend.total.first()) {
                (tile("Effective cost", &money(total.effective_cost), total.currency.as_str(), &format!("billed {}", money(total.billed_cost)), ""))
                @if let Some(saved) = total.commitment_savings {
                    @let negotiated = total.negotiated_savings.map(|amount| format!("and {} by negotiated rates", money(amount))).unwrap_or_default();
                    (tile("Saved by commitments", &money(saved), total.currency.as_str(), &negotiated, ""))
                }
            }
            @let (displaced, suppressed) = displaced_and_suppressed(report);
            (tile("Findings", &report.findings.len().to_string(), "", &format!("{displaced} displaced, {suppressed} suppressed"), ""))
            (tile("Spend that was judged", &percent(report.coverage.by_money.judged), "", if report.coverage.complete { "nothing is missing" } else { "partial" }, ""))
        }
    }
}

fn last_month(spend: Option<&SpendSummary>, currency: &str) -> Option<Decimal> {
    let months = spend?.monthly.iter().rev().filter(|month| month.currency.as_str() == currency);
    months.filter(|month| month.is_complete).map(|month| month.effective_cost).find(|cost| *cost > Decimal::ZERO)
}

fn spend_section(page: &Page<'_>, spend: &SpendSummary) -> Markup {
    let main = charts::currencies(spend).into_iter().next();
    html! {
        section id="spend" aria-labelledby="spend-title" {
            h2 id="spend-title" { "Where the money goes" }
            @if let Some(currency) = &main {
                div class="grid" {
                    @if let Some(chart) = charts::daily(spend, currency) {
                        div class="card w8" { h3 { "Usage by day, " (currency) } div class="scroll" { (chart) } }
                    }
                    @if let Some(chart) = charts::monthly(&spend.monthly, currency) {
                        div class="card w4" { h3 { "All charges by month, " (currency) } (chart) }
                    }
                    @if let Some(chart) = charts::services(spend, currency, |text| page.text(text)) {
                        div class="card w6" { h3 { "Services, " (currency) } div class="scroll" { (chart) } }
                    }
                    div class="card w6" { h3 { "In figures" } (figures(page, spend)) }
                }
            }
            div class="grid" {
                div class="card w12" { (breakdown(page, "By service", "services", &spend.by_service, true)) }
                div class="card w6" { (breakdown(page, "By account", "accounts", &spend.by_account, false)) }
                div class="card w6" { (breakdown(page, "By region", "regions", &spend.by_region, false)) }
                @if !spend.movers.is_empty() { div class="card w6" { (movers(page, spend)) } }
                @if !spend.anomalies.is_empty() { div class="card w6" { (anomalies(page, spend)) } }
            }
            details class="card" {
                summary { "By category, charge, pricing and tag; how the total follows from the source's own" }
                div class="grid" {
                    div class="w6" { (breakdown(page, "By service category", "categories", &spend.by_service_category, false)) }
                    div class="w6" { (breakdown(page, "By charge category", "charges", &spend.by_charge_category, false)) }
                    div class="w6" { (breakdown(page, "By pricing category", "pricing", &spend.by_pricing_category, false)) }
                    @for (index, (key, rows)) in spend.by_tag.iter().enumerate() {
                        div class="w6" { (breakdown(page, &format!("By tag {}", page.text(key)), &format!("tag-{index}"), rows, false)) }
                    }
                    div class="w12" { (reconciliation(page, spend)) }
                }
            }
        }
    }
}

fn figures(page: &Page<'_>, spend: &SpendSummary) -> Markup {
    html! {
        dl {
            @for total in &spend.total {
                dt { "List price" } dd { (money_of(total.list_cost, &total.currency))
                    @if total.rows_without_list_cost > 0 { span class="muted" { " (" (total.rows_without_list_cost) " rows have none)" } } }
                dt { "Contracted" } dd { (money_of(total.contracted_cost, &total.currency)) }
                dt { "Effective" } dd { (money_of(total.effective_cost, &total.currency)) }
                dt { "Billed" } dd { (money_of(total.billed_cost, &total.currency)) }
            }
            @for month in spend.monthly.iter().rev().filter(|month| month.is_complete).take(1) {
                dt { "Last month" } dd { (month.month) ": " (money_of(month.effective_cost, &month.currency))
                    @if let Some(change) = month.change { " " span class=(if change > Decimal::ZERO { "up" } else { "down" }) { "(" (signed_percent(change)) ")" } } }
            }
            @for forecast in &spend.forecast {
                dt { "Forecast " (forecast.month) } dd { (money_of(forecast.expected, &forecast.currency))
                    div class="muted" { (quantity(forecast.level.saturating_mul(Decimal::ONE_HUNDRED))) " % interval " (money(forecast.low)) " to " (money(forecast.high)) "; " (page.text(&forecast.method)) } }
            }
            @for commitment in &spend.commitments {
                dt { "Commitments, " (page.text(&commitment.commitment_type)) } dd {
                    @if let Some(share) = commitment.utilization { (percent(share)) " used, " }
                    (money_of(commitment.unused_cost, &commitment.currency)) " unused"
                    @if let Some(share) = commitment.coverage { ", " (percent(share)) " of compute covered" }
                }
            }
            @for allocation in spend.allocation.iter().filter(|allocation| allocation.usage_cost > Decimal::ZERO) {
                dt { "Allocation" } dd {
                    (percent(share(allocation.with_tags, allocation.usage_cost))) " of usage has a tag, "
                    (percent(share(allocation.with_resource, allocation.usage_cost))) " names a resource"
                }
            }
        }
    }
}

/// The head of a column that the script can sort by.
pub(super) fn column(name: &str, is_number: bool) -> Markup {
    html! { th scope="col" class=[is_number.then_some("num")] data-numeric[is_number] { (name) } }
}

fn breakdown(page: &Page<'_>, title: &str, id: &str, rows: &[SpendRow], is_wide: bool) -> Markup {
    let table = format!("by-{id}");
    html! {
        h3 { (title) }
        @if is_wide && rows.len() > 8 { (filters(&table, "Filter by name", &[])) }
        div class="scroll" {
            table class="sortable" id=(table) {
                thead { tr {
                    (column("Name", false)) (column("Effective", true))
                    @if is_wide { (column("Billed", true)) (column("List", true)) }
                    (column("Share", true))
                    @if is_wide { th scope="col" data-plain { "Months" } }
                } }
                tbody {
                    @for row in rows {
                        tr {
                            th scope="row" {
                                @match row.label.as_ref().filter(|label| **label != row.key) {
                                    Some(label) => { (page.text(label)) " " span class="muted" { (page.text(&row.key)) } }
                                    None => (page.text(&row.key)),
                                }
                            }
                            td class="num" data-v=(row.effective_cost) { (money(row.effective_cost)) " " span class="muted" { (row.currency) } }
                            @if is_wide {
                                td class="num" data-v=(row.billed_cost) { (money(row.billed_cost)) }
                                td class="num" data-v=(row.list_cost) { (money(row.list_cost)) }
                            }
                            td class="num share" data-v=(row.share) {
                                span class="meter" aria-hidden="true" { span style={ "width:" ((row.share.clamp(Decimal::ZERO, Decimal::ONE) * Decimal::ONE_HUNDRED).round_dp(1)) "%" } {} }
                                span class="portion" { (percent(row.share)) }
                            }
                            @if is_wide { td { (charts::spark(&row.monthly_effective_cost)) } }
                        }
                    }
                }
            }
        }
    }
}

/// A search field and choices for a table; shown once the script runs.
pub(super) fn filters(table: &str, label: &str, choices: &[(&str, &str, Vec<String>)]) -> Markup {
    html! {
        form class="filters" role="search" aria-label=(label) data-filters=(table) hidden {
            input type="search" placeholder=(label) aria-label=(label);
            @for (name, all, values) in choices {
                select name=(name) aria-label=(all) {
                    option value="" { (all) }
                    @for value in values { option value=(value) { (value) } }
                }
            }
            span role="status" aria-live="polite" {}
        }
    }
}

/// An account's name and id.
pub(super) fn account_name(page: &Page<'_>, id: &str) -> Markup {
    let label = page.report.scope.accounts.iter().find(|account| account.sub_account_id.as_str() == id);
    html! {
        @if let Some(name) = label.and_then(|label| label.name.as_ref()) { (page.text(name)) " " }
        span class="muted word" { (page.text(id)) }
    }
}

fn movers(page: &Page<'_>, spend: &SpendSummary) -> Markup {
    html! {
        h3 { "Changed most" }
        div class="scroll" { table class="sortable" {
            thead { tr { (column("What", false)) (column("Before", true)) (column("After", true)) (column("Change", true)) } }
            tbody { @for mover in &spend.movers { tr {
                th scope="row" { @if mover.dimension == "account" { (account_name(page, &mover.key)) } @else { (page.text(&mover.key)) } " " span class="muted" { (page.text(&mover.dimension)) } }
                td class="num" data-v=(mover.from_cost) title=(mover.from_month) { (money(mover.from_cost)) }
                td class="num" data-v=(mover.to_cost) title=(mover.to_month) { (money(mover.to_cost)) }
                td class={ "num " (if mover.change > Decimal::ZERO { "up" } else { "down" }) } data-v=(mover.change) { (signed_money(mover.change)) " " (mover.currency) }
            } } }
        } }
    }
}

fn anomalies(page: &Page<'_>, spend: &SpendSummary) -> Markup {
    html! {
        h3 { "Unusual days" }
        div class="scroll" { table class="sortable" {
            thead { tr { (column("Day", false)) (column("Service", false)) (column("Account", false)) (column("Cost", true)) (column("Expected", true)) (column("Excess", true)) } }
            tbody { @for anomaly in &spend.anomalies { tr {
                th scope="row" class="word" { (anomaly.date) }
                td { (page.text(&anomaly.service_name)) }
                td { (account_name(page, &anomaly.account_id)) }
                td class="num" data-v=(anomaly.cost) { (money(anomaly.cost)) }
                td class="num" data-v=(anomaly.expected) { (money(anomaly.expected)) }
                td class="num up" data-v=(anomaly.excess) { (signed_money(anomaly.excess)) " " (anomaly.currency) }
            } } }
        } }
    }
}

fn reconciliation(page: &Page<'_>, spend: &SpendSummary) -> Markup {
    html! {
        h3 { "Reconciliation" }
        div class="scroll" { table {
            thead { tr { th scope="col" { "Line" } th scope="col" class="num" { "Billed" } th scope="col" class="num" { "Effective" } th scope="col" { "Note" } } }
            tbody { @for line in &spend.reconciliation { tr {
                th scope="row" { (page.text(&line.name)) }
                td class="num" { (money_of(line.billed_cost, &line.currency)) }
                td class="num" { (money_of(line.effective_cost, &line.currency)) }
                td { (page.text(&line.note)) }
            } } }
        } }
    }
}

fn savings(page: &Page<'_>) -> Markup {
    let (displaced, suppressed) = displaced_and_suppressed(page.report);
    html! {
        section id="savings" aria-labelledby="savings-title" {
            h2 id="savings-title" { "What can be saved" }
            div class="grid" {
                @if let Some(chart) = charts::waterfall(&page.report.savings) {
                    div class="card w7" { h3 { "From gross to net, " (page.report.savings.currency) " a month" } div class="scroll" { (chart) } }
                }
                div class="card w5" {
                    h3 { "In figures" }
                    @for totals in savings_totals(page.report) {
                        dl {
                            dt { "Net a month" } dd { strong { (money_of(totals.net_monthly, &totals.currency)) } }
                            dt { "Net a year" } dd { (money_of(totals.net_annual, &totals.currency)) }
                            dt { "Measured" } dd { (money_of(totals.measured, &totals.currency)) div class="muted" { "follows from the bill alone" } }
                            dt { "Estimated" } dd { (money_of(totals.estimated, &totals.currency)) div class="muted" { "rests on a price list or an assumption" } }
                            dt { "Gross" } dd { (money_of(totals.gross_monthly, &totals.currency)) div class="muted" {
                                (money(totals.gross_monthly.saturating_sub(totals.net_monthly))) " is claimed by more than one finding; " (count(displaced, "finding was", "findings were")) " displaced" } }
                        }
                    }
                    @if suppressed > 0 { p class="muted" { (count(suppressed, "finding is", "findings are")) " suppressed." } }
                }
            }
        }
    }
}

/// A step; commands in their own letters.
pub(super) fn step_text(page: &Page<'_>, step: &str) -> Markup {
    html! { @if step.starts_with("aws ") { code { (page.text(step)) } } @else { (page.text(step)) } }
}

/// A word of low, medium, high; also readable without its colour.
pub(super) fn chip(name: &str, word: &str) -> Markup {
    let class = match word {
        "high" => "chip bad",
        "medium" => "chip warn",
        "low" => "chip good",
        _ => "chip",
    };
    html! { span class=(class) { (name) " " (word) } }
}

fn recommendations(page: &Page<'_>) -> Markup {
    html! {
        section id="recommendations" aria-labelledby="recommendations-title" {
            h2 id="recommendations-title" { "What to do" }
            @if page.report.recommendations.is_empty() { p { "There is nothing to recommend." } }
            @for recommendation in &page.report.recommendations { (recommendation_card(page, recommendation)) }
        }
    }
}

fn recommendation_card(page: &Page<'_>, recommendation: &Recommendation) -> Markup {
    html! {
        article class="card recommendation" {
            div class="head" {
                h3 { (page.text(&recommendation.title)) }
                span class="saves" { (money_of(recommendation.monthly_savings, &recommendation.currency)) " a month" }
            }
            p { (page.text(&recommendation.why)) }
            p {
                span class="chip" { "Priority " (page.text(&recommendation.priority)) } " "
                (chip("Risk", &page.text(&recommendation.risk))) " "
                (chip("Effort", &page.text(&recommendation.effort))) " "
                span class="chip" { (count(recommendation.finding_ids.len(), "finding", "findings")) }
                @if let Some(days) = recommendation.payback_days.filter(|days| *days > 0) { " " span class="chip" { "Paid back in " (days) " days" } }
            }
            details {
                summary { "Steps, risk and rollback" }
                ol { @for step in &recommendation.steps { li { (step_text(page, step)) } } }
                dl {
                    dt { "Risk" } dd { (page.text(&recommendation.risk_note)) }
                    dt { "Rollback" } dd { (page.text(&recommendation.rollback)) }
                    dt { "Source" } dd { (page.source(&recommendation.source)) }
                }
            }
        }
    }
}

fn advisor(page: &Page<'_>) -> Markup {
    let advisor = &page.report.advisor;
    html! {
        @if advisor.used && !advisor.narrative.is_empty() {
            section aria-labelledby="advisor-title" {
                h2 id="advisor-title" { "The advisor says" }
                div class="card" {
                    p class="muted" { "By " (page.text(advisor.model_id.as_deref().unwrap_or("a language model"))) ". Each statement was checked against the evidence; "
                        (count(advisor.rejected.len(), "statement was", "statements were")) " rejected." }
                    ul { @for statement in &advisor.narrative { li { (page.text(statement)) } } }
                }
            }
        }
    }
}

fn coverage(page: &Page<'_>) -> Markup {
    let coverage = &page.report.coverage;
    let shares = [
        ("s1", "Judged", coverage.by_money.judged, "of services that at least one check looks at"),
        ("s2", "No check", coverage.by_money.no_check, "of services that no check looks at yet"),
        ("s3", "No data", coverage.by_money.no_data, "a check lacked what it needs"),
        ("s4", "Denied", coverage.by_money.denied, "we were not let see it"),
    ];
    let mut groups: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for entry in &page.report.not_evaluated {
        groups.entry((entry.check_id.as_str(), entry.reason.as_str())).or_default().extend(entry.resource_id.as_deref());
    }
    html! {
        section id="coverage" aria-labelledby="coverage-title" {
            h2 id="coverage-title" { "What was looked at" }
            div class="grid" {
                div class="card w5" {
                    h3 { "By money" }
                    div class="stack" aria-hidden="true" {
                        @for (class, _, share, _) in &shares { span class=(class) style={ "width:" ((share.clamp(&Decimal::ZERO, &Decimal::ONE) * Decimal::ONE_HUNDRED).round_dp(1)) "%" } {} }
                    }
                    dl { @for (class, name, share, what) in &shares {
                        dt { span class={ "key " (class) } aria-hidden="true" {} (name) } dd { (percent(*share)) " " span class="muted" { (what) } }
                    } }
                    @for recognition in page.report.spend.iter().flat_map(|spend| &spend.recognition) { p { (page.text(&recognized(recognition))) "." } }
                    p class="muted" { (coverage.rows_read) " rows read, " (coverage.rows_malformed) " of them unreadable. " (count(page.report.checks_run.len(), "check", "checks")) " ran." }
                }
                div class="card w7" {
                    h3 { "What was not looked at" }
                    @let gaps: Vec<_> = coverage.cells.iter().filter(|cell| cell.status != CoverageStatus::Complete).collect();
                    @if gaps.is_empty() && groups.is_empty() && coverage.malformed_rows.is_empty() { p { "Nothing is missing." } }
                    ul {
                        @for cell in gaps { li {
                            strong { (page.text(&cell_name(cell))) } ": " (status(cell.status))
                            @if let Some(reason) = &cell.reason { ", " (page.text(reason)) }
                            @if let Some(remedy) = &cell.remedy { div class="muted" { "→ " (page.text(remedy)) } }
                        } }
                        @for ((check, reason), resources) in &groups { li {
                            code { (page.text(check)) } ": " (page.text(reason))
                            @if !resources.is_empty() { details { summary { (count(resources.len(), "case", "cases")) }
                                ul { @for resource in resources { li { code { (page.text(resource)) } } } } } }
                        } }
                        @for row in &coverage.malformed_rows { li { "Unreadable row " code { (page.text(row)) } } }
                    }
                }
            }
        }
    }
}
