//! The findings as a table in which each one opens to its evidence, formula and steps.

use std::collections::BTreeSet;

use finops_domain::finding::{Evidence, FindingKind};
use finops_domain::report::ReportFinding;
use maud::{Markup, html};
use rust_decimal::Decimal;

use super::Page;
use super::sections::{account_name, chip, column, filters, step_text};
use crate::explanation::{computation, filled, key_in_words};
use crate::figures::{money, money_of, quantity};
use crate::findings_csv::kind;
use crate::overview::{basis, confidence, monthly_savings, short_id};

pub(super) fn section(page: &Page<'_>) -> Markup {
    let findings = &page.report.findings;
    let checks: BTreeSet<String> = findings.iter().map(|finding| page.text(finding.check_id.as_str())).collect();
    let regions: BTreeSet<String> =
        findings.iter().filter_map(|finding| finding.region_id.as_ref()).map(|region| page.text(region.as_str())).collect();
    let states = ["open", "displaced", "suppressed"].map(str::to_owned).to_vec();
    let choices = [
        ("check", "All checks", checks.into_iter().collect::<Vec<_>>()),
        ("region", "All regions", regions.into_iter().collect()),
        ("kind", "All kinds", vec!["recommendation".to_owned(), "investigation".to_owned()]),
        ("state", "All states", states),
    ];
    html! {
        section id="findings" aria-labelledby="findings-title" {
            h2 id="findings-title" { "Findings" }
            div class="card" {
                @if findings.is_empty() { p { "There are none." } } @else {
                    (filters("findings-table", "Filter findings", &choices))
                    div class="scroll" {
                        table class="sortable" id="findings-table" data-entries="body" {
                            thead { tr {
                                (column("Finding", false)) (column("Saves a month", true)) (column("Costs a month", true))
                                (column("Basis", false)) (column("Confidence", false)) (column("Account", false)) (column("Region", false))
                            } }
                            @for finding in findings { (entry(page, finding)) }
                        }
                    }
                }
            }
        }
    }
}

fn entry(page: &Page<'_>, finding: &ReportFinding) -> Markup {
    let state = if finding.displaced_by.is_some() {
        "displaced"
    } else if finding.suppressed.is_some() {
        "suppressed"
    } else {
        "open"
    };
    let savings = finding.savings.as_ref();
    let region = finding.region_id.as_ref().map(|region| page.text(region.as_str()));
    html! {
        tbody class=[(state != "open").then_some("quiet")] id={ "f-" (page.text(finding.finding_id.as_str())) }
            data-check=(page.text(finding.check_id.as_str())) data-region=(region.as_deref().unwrap_or("")) data-kind=(kind(finding.kind)) data-state=(state) {
            tr {
                th scope="row" {
                    (page.text(&finding.title))
                    @if state != "open" { " " span class="chip" { (state) } }
                    @if finding.kind == FindingKind::Investigation { " " span class="chip" { "to look into" } }
                }
                td class="num" data-v=(monthly_savings(finding)) { @if let Some(savings) = savings { (money(savings.monthly)) " " span class="muted" { (savings.currency) } } @else { "–" } }
                td class="num" data-v=(finding.monthly_cost) { (money(finding.monthly_cost)) }
                td { @if let Some(savings) = savings { (basis(savings.basis)) } }
                td { @if let Some(savings) = savings { (confidence(savings.confidence)) } }
                td { @if let Some(id) = &finding.account_id { (account_name(page, id.as_str())) } }
                td class="word" { (region.as_deref().unwrap_or("")) }
            }
            tr class="more" { td colspan="7" { details {
                summary { "Evidence, formula, steps " span class="muted" { code { (short_id(&finding.finding_id)) } " " (page.text(finding.check_id.as_str())) } }
                (detail(page, finding))
            } } }
        }
    }
}

fn evidence(page: &Page<'_>, evidence: &[Evidence]) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "Name" } th scope="col" class="num" { "Value" } th scope="col" { "Unit" } th scope="col" { "Source" } th scope="col" { "As of" } } }
            tbody { @for entry in evidence { tr {
                th scope="row" { code { (page.text(&entry.name)) } }
                td class="num" { (quantity(entry.value)) }
                td { (page.text(&entry.unit)) }
                td { (page.source(&entry.source)) }
                td { @if let Some(as_of) = entry.as_of { (as_of) } }
            } } }
        }
    }
}

fn detail(page: &Page<'_>, finding: &ReportFinding) -> Markup {
    let others = page.displaced.get(&finding.finding_id).map(Vec::as_slice).unwrap_or_default();
    html! {
        div class="detail" {
            h4 { "About" }
            dl {
                @if let Some(id) = &finding.resource_id { dt { "Resource" } dd { code { (page.text(id.as_str())) } } }
                @if let Some(resource_kind) = &finding.resource_kind { dt { "Kind" } dd { (page.text(resource_kind.as_str())) } }
                @if let Some(service) = &finding.service_name { dt { "Service" } dd { (page.text(service.as_str())) } }
                @if let Some(reason) = &finding.suppressed { dt { "Suppressed" } dd { (page.text(reason)) } }
                @if let Some(winner) = &finding.displaced_by {
                    dt { "Displaced by" } dd { a href={ "#f-" (page.text(winner.as_str())) } { (short_id(winner)) } ", which claims the same money" }
                }
                @if !others.is_empty() {
                    dt { "Displaces" } dd { @for other in others { div { a href={ "#f-" (page.text(other.finding_id.as_str())) } { (page.text(&other.title)) } " (" (money_of(monthly_savings(other), &other.currency)) ")" } } }
                }
            }
            h4 { "Evidence" }
            @if let Some(savings) = &finding.savings { (evidence(page, &savings.evidence)) }
            @if !finding.evidence.is_empty() { (evidence(page, &finding.evidence)) }
            @if let Some(savings) = &finding.savings {
                @let (lines, matches) = computation(savings);
                h4 { "Computation" }
                dl { @for (name, value) in &lines { dt { (name) } dd { code { (page.text(value)) } } } }
                @if !matches { p class="banner" { "The saving does not follow from its evidence. Do not rely on it." } }
            }
            @if !finding.claims.is_empty() {
                h4 { "Spend that it claims, a month" }
                ul { @for claim in &finding.claims { li {
                    (money(claim.monthly_savings)) " of " (money_of(claim.monthly_cost, &finding.currency)) ": " (page.text(&key_in_words(&claim.key)))
                } } }
            }
            @if let Some(advice) = page.advice.get(&finding.finding_id) {
                h4 { "What to do: " (page.text(&advice.title)) }
                ol { @for step in &advice.steps { li { (step_text(page, &filled(step, finding))) } } }
                p { (chip("Risk", &page.text(&advice.risk))) " " (page.text(&advice.risk_note)) }
                p { strong { "Rollback: " } (page.text(&filled(&advice.rollback, finding))) }
                p { strong { "Source: " } (page.source(&advice.source)) }
            }
            @if finding.savings.as_ref().is_none_or(|savings| savings.monthly <= Decimal::ZERO) { p class="muted" { "The bill alone does not say how much of this can be saved." } }
        }
    }
}
