//! What goes into a query beside its text, and what comes out.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A value for a `?`.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamValue {
    /// SQL's NULL.
    Null,
    /// Text; compared with a time or a number, it is read as one.
    Text(String),
    /// A number.
    Number(Decimal),
    /// True or false.
    Bool(bool),
}

impl From<&str> for ParamValue {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for ParamValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// What a column of a result holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the kind of Cell of the same name")]
pub enum ColumnKind {
    Text,
    Decimal,
    Integer,
    Float,
    Bool,
    Timestamp,
    Date,
}

/// A column of a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The alias as the query writes it, or the column's name as FOCUS writes it, or the expression.
    pub name: String,
    /// What its cells hold, where they are not null.
    pub kind: ColumnKind,
}

/// A value of a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// SQL's NULL.
    Null,
    /// Text.
    Text(String),
    /// An exact decimal as text, without trailing zeros.
    Decimal(String),
    /// A whole number.
    Integer(i128),
    /// A floating-point number: what a division gives, as in DuckDB.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// An instant; displays in UTC.
    Timestamp(Timestamp),
    /// A calendar date.
    Date(Date),
}

impl fmt::Display for Cell {
    /// NULL displays as nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) | Self::Decimal(text) => f.pad(text),
            Self::Integer(number) => f.pad(&number.to_string()),
            Self::Float(number) => f.pad(&number.to_string()),
            Self::Bool(value) => f.pad(if *value { "true" } else { "false" }),
            Self::Timestamp(instant) => f.pad(&instant.to_string()),
            Self::Date(date) => f.pad(&date.to_string()),
        }
    }
}

/// The rows that a query gives.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryResult {
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The rows; each has as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// Whether rows were left off at the engine's row limit.
    pub truncated: bool,
}

/// A table that queries can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInfo {
    /// Its name.
    pub name: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// What its rows are.
    pub description: &'static str,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnInfo {
    /// Its name, as results write it; queries may write it in any case.
    pub name: String,
    /// What it holds, as SQL says it: `VARCHAR`, `DECIMAL(38,18)`, `TIMESTAMP`.
    pub sql_type: String,
    /// Whether any file or row of the table's has the column; one that none has is NULL throughout.
    pub present: bool,
}
