//! Bills as cost source: FOCUS 1.0 to 1.4, AWS CUR 2.0 and legacy CUR, in Parquet, CSV and CSV in gzip.
//!
//! [`FocusCostSource::open`] finds the files and recognises their format by their columns; its answer to all queries
//! takes one pass. Sums are exact decimals. A row that cannot be read is counted with file, line and reason.
#![warn(missing_docs)]

mod arrow_columns;
mod collector;
mod cur;
mod error;
mod file;
mod find;
mod finish;
mod focus;
mod interner;
mod layout;
mod number;
mod row;
mod scan_csv;
mod scan_parquet;
mod source;
mod table;
mod tags;
mod time;
mod write;

pub use error::FocusError;
pub use file::{BillFile, Encoding};
pub use layout::{AmountField, FieldSource, Format, Layout, TagSource, TextField, TimeField};
pub use source::FocusCostSource;
pub use write::write_focus_csv;
