//! SQL over a FOCUS bill and a snapshot.
//!
//! [`QueryEngine`] answers questions in SQL: of a bill, which is the table `focus`, also under the names that FOCUS's own
//! material uses (`focus_data`, `focus_data_table`), in FOCUS's column names in any case; and of what a snapshot and a report
//! hold. This is the only crate that knows the engine beneath, DataFusion; what it means is brought near to DuckDB:
//!
//! - costs, quantities and prices are exact decimals with 18 digits after the point; a division gives a floating-point number;
//! - times are UTC, and text that is compared with a time or a number is read as one, as are parameters;
//! - nulls sort last, upwards and downwards; `GROUP BY ALL`, `QUALIFY` and trailing commas are understood;
//! - JSON columns (`Tags`, `SkuPriceDetails`) are text; `Tags['key']` and `Tags["key"]` give a member, and so do
//!   `JSON_EXTRACT`, `JSON_EXTRACT_STRING`, `->`, `->>` and MySQL's `JSON_UNQUOTE` and `JSON_CONTAINS_PATH`;
//! - a bill's own columns (`x_…`) in text files are text; cast what is a number.
#![warn(missing_docs)]

mod cells;
mod engine;
mod error;
mod files;
mod focus;
mod functions;
mod json;
mod parquet_file;
mod planner;
mod result;
mod rows;
mod statement;
mod table;
mod values;

pub use engine::QueryEngine;
pub use error::QueryError;
pub use result::{Cell, Column, ColumnInfo, ColumnKind, ParamValue, QueryResult, TableInfo};
