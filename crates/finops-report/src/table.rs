//! Tables of any content: columns, and cells that know whether they are a number.

use finops_domain::money::round_to_cents;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::document::Block;
use crate::text::Accounts;
use crate::{Format, RenderError, RenderOptions, figures, json, markdown, terminal, text};

/// What a cell holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with all its digits.
    Decimal(Decimal),
    /// An amount: cents for people, all its digits for programs.
    Money(Decimal),
    /// A change of an amount, with its sign.
    Change(Decimal),
    /// A ratio: percent for people, the ratio for programs.
    Share(Decimal),
}

/// How a cell is emphasised where there is colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Not at all.
    #[default]
    Plain,
    /// Less than the rest.
    Quiet,
    /// More than the rest.
    Strong,
    /// As something good.
    Good,
    /// As something to look at.
    Warning,
    /// As something bad.
    Bad,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// How it is emphasised.
    pub tone: Tone,
}

impl Cell {
    /// Nothing.
    pub const fn empty() -> Self {
        Self { value: Value::Empty, tone: Tone::Plain }
    }

    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { value: Value::Text(text.into()), tone: Tone::Plain }
    }

    /// Text, or nothing.
    pub fn text_or_empty(text: Option<impl Into<String>>) -> Self {
        text.map_or_else(Self::empty, Self::text)
    }

    /// A whole number.
    pub const fn integer(number: i64) -> Self {
        Self { value: Value::Integer(number), tone: Tone::Plain }
    }

    /// A number with all its digits.
    pub const fn decimal(number: Decimal) -> Self {
        Self { value: Value::Decimal(number), tone: Tone::Plain }
    }

    /// An amount.
    pub const fn money(amount: Decimal) -> Self {
        Self { value: Value::Money(amount), tone: Tone::Plain }
    }

    /// A change of an amount.
    pub const fn change(amount: Decimal) -> Self {
        Self { value: Value::Change(amount), tone: Tone::Plain }
    }

    /// A ratio.
    pub const fn share(ratio: Decimal) -> Self {
        Self { value: Value::Share(ratio), tone: Tone::Plain }
    }

    /// The same with an emphasis.
    #[must_use]
    pub fn toned(self, tone: Tone) -> Self {
        Self { value: self.value, tone }
    }

    /// For people; raw.
    pub(crate) fn shown(&self) -> String {
        match &self.value {
            Value::Empty => String::new(),
            Value::Text(text) => text.clone(),
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) => figures::quantity(*number),
            Value::Money(amount) => figures::money(*amount),
            Value::Change(amount) => figures::signed_money(*amount),
            Value::Share(ratio) => figures::percent(*ratio),
        }
    }

    fn csv(&self) -> String {
        match &self.value {
            Value::Empty => String::new(),
            Value::Text(text) => text::csv_cell(text),
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) | Value::Share(number) => number.normalize().to_string(),
            Value::Money(amount) | Value::Change(amount) => plain(*amount),
        }
    }

    fn json(&self) -> Json {
        match &self.value {
            Value::Empty => Json::Null,
            Value::Text(text) => Json::from(text.as_str()),
            Value::Integer(number) => Json::from(*number),
            Value::Decimal(number) | Value::Money(number) | Value::Change(number) | Value::Share(number) => Json::from(number.to_string()),
        }
    }
}

/// An amount with all its digits, two decimals at least.
pub(crate) fn plain(amount: Decimal) -> String {
    let short = amount.normalize();
    if short.scale() < 2 { format!("{:.2}", round_to_cents(short)) } else { short.to_string() }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading, which is also its name in JSON and CSV.
    pub name: String,
    /// Whether it stands to the right.
    pub is_number: bool,
    /// Whether its texts may be broken into lines where the terminal is narrow.
    pub wraps: bool,
    /// The terminal width from which on it is shown; 0 for always.
    pub from_width: usize,
}

impl Column {
    /// A column of text that may be broken into lines.
    pub fn text(name: impl Into<String>) -> Self {
        Self { name: name.into(), is_number: false, wraps: true, from_width: 0 }
    }

    /// A column of short texts that stay whole.
    pub fn word(name: impl Into<String>) -> Self {
        Self { wraps: false, ..Self::text(name) }
    }

    /// A column of numbers.
    pub fn number(name: impl Into<String>) -> Self {
        Self { is_number: true, wraps: false, ..Self::text(name) }
    }

    /// The same, but left out of narrower terminals.
    #[must_use]
    pub fn from_width(self, width: usize) -> Self {
        Self { from_width: width, ..self }
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell for each column.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// An empty table.
    pub fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self { columns: columns.into(), rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl Into<Vec<Cell>>) {
        self.rows.push(row.into());
    }

    pub(crate) fn to_csv(&self) -> Result<String, RenderError> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|column| text::csv_cell(&column.name)))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(Cell::csv))?;
        }
        let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// An array of objects; a name that stands twice gets a number.
    pub(crate) fn to_json(&self) -> Json {
        let mut names: Vec<String> = Vec::new();
        for column in &self.columns {
            let mut name = column.name.clone();
            let mut number = 2;
            while names.contains(&name) {
                name = format!("{}_{number}", column.name);
                number += 1;
            }
            names.push(name);
        }
        self.rows
            .iter()
            .map(|row| names.iter().cloned().zip(row.iter().map(Cell::json)).collect::<serde_json::Map<_, _>>())
            .map(Json::from)
            .collect()
    }
}

/// Renders a table as table, summary (the same), json, csv or markdown. Account ids in it are not shortened.
///
/// # Errors
/// Where the format is another one, or a serialiser fails.
pub fn render_table(table: &Table, format: Format, options: &RenderOptions) -> Result<String, RenderError> {
    match format {
        Format::Table | Format::Summary => Ok(terminal::write(&[Block::Table(table.clone())], &Accounts::default(), options)),
        Format::Markdown => Ok(markdown::write(&[Block::Table(table.clone())], &Accounts::default())),
        Format::Csv => table.to_csv(),
        Format::Json => json(&table.to_json()),
        Format::Html | Format::Sarif => Err(RenderError::Unsupported { what: "a table", format, possible: "table, json, csv, markdown" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new([Column::text("name"), Column::number("cost"), Column::number("cost")]);
        table.push([Cell::text("=cmd|' /C calc'!A0"), Cell::money("1234.5".parse().unwrap()), Cell::integer(-3)]);
        table
    }

    #[test]
    fn numbers_stay_numbers_and_text_is_no_formula() {
        let csv = render_table(&table(), Format::Csv, &RenderOptions::default()).unwrap();
        assert_eq!(csv, "name,cost,cost\r\n'=cmd|' /C calc'!A0,1234.50,-3\r\n");
    }

    #[test]
    fn json_keeps_columns_of_the_same_name() {
        let value = table().to_json();
        assert_eq!(value, serde_json::json!([{"name": "=cmd|' /C calc'!A0", "cost": "1234.5", "cost_2": -3}]));
    }

    #[test]
    fn markdown_escapes_the_pipe() {
        let text = render_table(&table(), Format::Markdown, &RenderOptions::default()).unwrap();
        assert!(text.contains("=cmd\\|' /C calc'\\!A0 | 1,234.50 | -3 |"), "{text}");
    }

    #[test]
    fn a_format_that_a_table_has_not_is_refused_by_name() {
        let error = render_table(&table(), Format::Sarif, &RenderOptions::default()).unwrap_err().to_string();
        assert_eq!(error, "a table cannot be rendered as sarif; possible: table, json, csv, markdown");
    }
}
