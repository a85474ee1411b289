//! Renderers: a [`Report`] becomes text for a terminal, a ticket, a spreadsheet, a browser or another program.
//!
//! Names in a report come from an account and may hold anything. Each format escapes at the one place where it is
//! written, so that no renderer can forget it.
#![warn(missing_docs)]

mod difference;
mod document;
mod explanation;
mod figures;
mod findings_csv;
mod format;
mod html;
mod markdown;
mod overview;
mod parse;
mod reports_list;
mod sarif;
mod table;
mod terminal;
mod text;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use finops_domain::report::Report;

pub use self::difference::render_diff;
pub use self::explanation::render_explain;
pub use self::format::{Format, RenderOptions, UnknownFormat};
pub use self::parse::{ReportParseError, parse_report};
pub use self::reports_list::render_reports_list;
pub use self::table::{Cell, Column, Table, Tone, Value, render_table};

/// A document that could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The thing has no such format.
    #[error("{what} cannot be rendered as {format}; possible: {possible}")]
    Unsupported {
        /// What was to be rendered.
        what: &'static str,
        /// As what.
        format: Format,
        /// What it can be rendered as.
        possible: &'static str,
    },
    /// No finding of the report has this id, or several begin with it.
    #[error("{0}")]
    Finding(String),
    /// JSON could not be written.
    #[error("cannot write JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// CSV could not be written.
    #[error("cannot write CSV: {0}")]
    Csv(#[from] csv::Error),
}

/// Renders a report. The text ends with a line break.
///
/// # Errors
/// Where a serialiser fails.
pub fn render(report: &Report, format: Format, options: &RenderOptions) -> Result<String, RenderError> {
    match format {
        Format::Table => Ok(terminal::write(
            &overview::blocks(report, options, overview::Medium::Terminal),
            &text::Accounts::of(report, options),
            options,
        )),
        Format::Summary => Ok(terminal::write(&overview::summary(report), &text::Accounts::of(report, options), options)),
        Format::Json => json(report),
        Format::Csv => findings_csv::render(report),
        Format::Markdown => {
            Ok(markdown::write(&overview::blocks(report, options, overview::Medium::Markdown), &text::Accounts::of(report, options)))
        }
        Format::Html => Ok(html::render(report, options)),
        Format::Sarif => sarif::render(report),
    }
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, RenderError> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}
