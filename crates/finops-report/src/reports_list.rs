//! The list of saved reports.

use finops_domain::report::ReportSummary;

use crate::figures::moment;
use crate::overview::source_kind;
use crate::table::{Cell, Column, Table, Tone};
use crate::{Format, RenderError, RenderOptions, json, render_table};

/// Renders a list of reports as table, summary (the same), json, csv or markdown, in the order that it has.
///
/// # Errors
/// Where the format is another one, or a serialiser fails.
pub fn render_reports_list(reports: &[ReportSummary], format: Format, options: &RenderOptions) -> Result<String, RenderError> {
    match format {
        Format::Json => return json(&reports),
        Format::Html | Format::Sarif => {
            return Err(RenderError::Unsupported { what: "a list of reports", format, possible: "table, json, csv, markdown" });
        }
        Format::Table | Format::Summary | Format::Csv | Format::Markdown => {}
    }
    if reports.is_empty() && matches!(format, Format::Table | Format::Summary | Format::Markdown) {
        return Ok("No saved reports. `finops analyze` makes one.\n".to_owned());
    }
    // A program reads names, a person headings.
    let name = |name: &str, heading: &str| if format == Format::Csv { name.to_owned() } else { heading.to_owned() };
    let mut table = Table::new([
        Column::word(name("report_id", "Report")),
        Column::word(name("generated_at", "Made")).from_width(110),
        Column::word(name("source", "Source")).from_width(140),
        Column::text(name("location", "Location")).from_width(150),
        Column::number(name("findings", "Findings")),
        Column::number(name("net_monthly_savings", "Saves a month")),
        Column::word(name("currency", "")),
        Column::word(name("coverage", "Coverage")),
    ]);
    for report in reports {
        let (coverage, tone) = if report.complete { ("complete", Tone::Plain) } else { ("partial", Tone::Warning) };
        table.push([
            Cell::text(report.report_id.as_str()),
            Cell::text(if format == Format::Csv { report.generated_at.to_string() } else { moment(report.generated_at) }),
            Cell::text(source_kind(report.source.kind)),
            Cell::text(report.source.location.as_str()),
            Cell::integer(i64::try_from(report.finding_count).unwrap_or(i64::MAX)),
            Cell::money(report.savings.net_monthly).toned(Tone::Good),
            Cell::text(report.savings.currency.as_str()),
            Cell::text(coverage).toned(tone),
        ]);
    }
    render_table(&table, format, options)
}
