//! One self-contained page: nothing is loaded from anywhere, charts are drawn here, the only script is ours.

mod charts;
mod findings;
mod sections;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use finops_domain::id::FindingId;
use finops_domain::report::{Recommendation, Report, ReportFinding};
use finops_domain::snapshot::SourceKind;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use crate::RenderOptions;
use crate::figures::{moment, period};
use crate::overview::{DEMONSTRATION, source};
use crate::text::{Accounts, one_line};

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// What all parts of the page need.
struct Page<'a> {
    report: &'a Report,
    accounts: Accounts,
    /// The recommendation that would settle a finding.
    advice: BTreeMap<&'a FindingId, &'a Recommendation>,
    /// Findings that claim the same money as a better one, by that one.
    displaced: BTreeMap<&'a FindingId, Vec<&'a ReportFinding>>,
}

impl<'a> Page<'a> {
    fn of(report: &'a Report, options: &RenderOptions) -> Self {
        let advice = report.recommendations.iter().rev().flat_map(|advice| advice.finding_ids.iter().map(move |id| (id, advice))).collect();
        let mut displaced: BTreeMap<&FindingId, Vec<&ReportFinding>> = BTreeMap::new();
        for finding in &report.findings {
            if let Some(winner) = &finding.displaced_by {
                displaced.entry(winner).or_default().push(finding);
            }
        }
        Self { report, accounts: Accounts::of(report, options), advice, displaced }
    }

    /// Text from the account, as it may be shown; the template escapes markup.
    fn text(&self, text: &str) -> String {
        one_line(&self.accounts.shorten(text))
    }

    /// A source: a link where it is a page, text otherwise.
    fn source(&self, source: &str) -> Markup {
        let shown = self.text(source);
        let is_page = source.starts_with("https://") && shown == source && !source.contains([' ', '"', '<', '>']);
        html! {
            @if is_page { a href=(source) rel="noopener noreferrer" { (shown) } } @else { (shown) }
        }
    }
}

/// The page. It allows its own script by its hash and nothing else.
pub(crate) fn render(report: &Report, options: &RenderOptions) -> String {
    let page = Page::of(report, options);
    let hash = STANDARD.encode(Sha256::digest(SCRIPT.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'"
    );
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="color-scheme" content="light dark";
                title { "AWS FinOps report " (page.text(report.report_id.as_str())) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#findings" { "Skip to the findings" }
                (head(&page))
                main { (sections::all(&page)) }
                footer {
                    "Made " (moment(report.generated_at)) " by finops " (page.text(&report.tool_version))
                    " from " (page.text(&source(report))) ". Savings are a month of 730 hours. Nothing on this page is loaded from elsewhere."
                }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    let mut text = markup.into_string();
    text.push('\n');
    text
}

fn head(page: &Page<'_>) -> Markup {
    let report = page.report;
    let judged = period(report.scope.judged_start, report.scope.judged_end);
    html! {
        header {
            @if report.source.kind == SourceKind::Demo { p class="banner" role="note" { (DEMONSTRATION) } }
            h1 { "AWS FinOps report" }
            p class="muted" {
                (page.text(&source(report)))
                @if let Some(data) = period(report.scope.period_start, report.scope.period_end) { " · data " (data) }
                @if let Some(judged) = judged {
                    " · judged " (judged) @if !report.scope.judged_is_complete { " (the month is not over: figures are scaled up)" }
                }
                " · " (page.text(report.report_id.as_str()))
            }
            @if !report.coverage.complete {
                p class="banner" role="note" { "This report is partial. " a href="#coverage" { "What was not looked at" } }
            }
            nav aria-label="Sections" {
                @if report.spend.is_some() { a href="#spend" { "Spend" } }
                a href="#savings" { "Savings" }
                a href="#recommendations" { "What to do" }
                a href="#findings" { "Findings" }
                a href="#coverage" { "Coverage" }
            }
        }
    }
}
