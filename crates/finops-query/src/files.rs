//! Bill files: which there are, what columns they have, and their rows, batch by batch.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use flate2::read::MultiGzDecoder;

use crate::error::QueryError;
use crate::focus::{FOCUS_COLUMNS, ValueKind};
use crate::values::{ColumnBuilder, is_null_text};
use crate::{parquet_file, table};

/// How many rows a batch has at most; a batch of every column stays well below 50 MB.
pub(crate) const BATCH_ROWS: usize = 8192;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv,
    CsvGz,
    Parquet,
}

/// A file of a bill.
#[derive(Clone, Debug)]
pub(crate) struct BillFile {
    path: PathBuf,
    format: Format,
    /// Its columns, in its order.
    pub(crate) columns: Vec<FileColumn>,
}

/// A column of a file.
#[derive(Clone, Debug)]
pub(crate) struct FileColumn {
    /// As FOCUS spells it, or as the file does.
    pub(crate) name: String,
    /// Of FOCUS's columns what FOCUS says; else what the file says, and text in text files.
    pub(crate) kind: ValueKind,
}

/// Every bill file at a path: the file itself, those in the directory and below it, or all of what a pattern matches; sorted.
pub(crate) fn discover(path: &Path) -> Result<Vec<PathBuf>, QueryError> {
    let text = path.to_string_lossy();
    if !text.contains(['*', '?', '[']) || path.exists() {
        return discover_one(path);
    }
    let matches = glob::glob(&text).map_err(|error| unreadable(path, &error))?;
    let mut files = Vec::new();
    for found in matches {
        files.extend(discover_one(&found.map_err(|error| unreadable(path, &error))?)?);
    }
    if files.is_empty() {
        return Err(unreadable(path, &"nothing matches the pattern"));
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn discover_one(path: &Path) -> Result<Vec<PathBuf>, QueryError> {
    let unreadable = |error: std::io::Error| QueryError::Unreadable { path: path.display().to_string(), reason: error.to_string() };
    if path.metadata().map_err(unreadable)?.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut directories = vec![path.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in directory.read_dir().map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            let kind = entry.file_type().map_err(unreadable)?;
            if kind.is_dir() && !hidden {
                directories.push(entry.path());
            } else if !hidden && !kind.is_dir() && format_of(&entry.path()).is_some() {
                files.push(entry.path());
            }
        }
    }
    if files.is_empty() {
        return Err(QueryError::Unreadable {
            path: path.display().to_string(),
            reason: "there is no .parquet, .csv or .csv.gz file in it".to_owned(),
        });
    }
    files.sort();
    Ok(files)
}

fn format_of(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let ends = |suffix: &str| name.strip_suffix(suffix).is_some();
    if ends(".parquet") {
        Some(Format::Parquet)
    } else if ends(".csv") {
        Some(Format::Csv)
    } else if ends(".csv.gz") || ends(".gz") {
        Some(Format::CsvGz)
    } else {
        None
    }
}

/// The FOCUS column of a name in any case.
pub(crate) fn focus_column(name: &str) -> Option<FileColumn> {
    let (name, kind, _) = FOCUS_COLUMNS.iter().find(|(focus_name, ..)| focus_name.eq_ignore_ascii_case(name))?;
    Some(FileColumn { name: (*name).to_owned(), kind: *kind })
}

impl BillFile {
    /// Reads a file's columns and checks that they are a FOCUS bill's.
    pub(crate) fn open(path: &Path) -> Result<Self, QueryError> {
        let shown = path.display().to_string();
        let format = format_of(path).ok_or_else(|| QueryError::Unreadable {
            path: shown.clone(),
            reason: "its name ends in none of .parquet, .csv and .csv.gz".to_owned(),
        })?;
        let columns = match format {
            Format::Parquet => parquet_file::columns(path)?,
            Format::Csv | Format::CsvGz => {
                let mut reader = open_csv(path, format)?;
                let header = reader.headers().map_err(|error| unreadable(path, &error))?;
                let name_of = |name: &str| name.trim_start_matches('\u{feff}').trim().to_owned();
                header.iter().map(name_of).map(|name| focus_column(&name).unwrap_or(FileColumn { name, kind: ValueKind::Text })).collect()
            }
        };
        check_is_focus(&shown, &columns)?;
        Ok(Self { path: path.to_owned(), format, columns })
    }

    /// Reads the file's rows as the columns of `schema`, NULL where the file lacks one. `sink` says whether to go on.
    pub(crate) fn read(&self, schema: &SchemaRef, sink: &mut dyn FnMut(RecordBatch) -> bool) -> Result<(), QueryError> {
        let sources: Vec<Option<usize>> = schema.fields().iter().map(|field| self.position(field.name())).collect();
        match self.format {
            Format::Parquet => parquet_file::read(&self.path, &sources, schema, sink),
            Format::Csv | Format::CsvGz => self.read_csv(&sources, schema, sink),
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }

    fn read_csv(&self, sources: &[Option<usize>], schema: &SchemaRef, sink: &mut dyn FnMut(RecordBatch) -> bool) -> Result<(), QueryError> {
        let mut reader = open_csv(&self.path, self.format)?;
        let mut builders: Vec<ColumnBuilder> =
            schema.fields().iter().map(|field| ColumnBuilder::new(table::kind_of(field.data_type()))).collect();
        let mut record = csv::StringRecord::new();
        let mut rows = 0;
        loop {
            let more = reader.read_record(&mut record).map_err(|error| unreadable(&self.path, &error))?;
            if more {
                for (builder, source) in builders.iter_mut().zip(sources) {
                    match source.and_then(|source| record.get(source)) {
                        Some(text) if !is_null_text(text) => builder.push_text(text).map_err(|needed| {
                            let column = source.and_then(|source| self.columns.get(source)).map_or("", |column| column.name.as_str());
                            let line = record.position().map_or(0, csv::Position::line);
                            unreadable(&self.path, &format!("line {line}: {column} is `{text}`, which is not {needed}"))
                        })?,
                        _ => builder.push_null(),
                    }
                }
                rows += 1;
            }
            if rows == BATCH_ROWS || (!more && rows > 0) {
                let arrays = builders.iter_mut().map(ColumnBuilder::finish).collect();
                let batch = table::batch(schema, arrays, rows).map_err(|error| unreadable(&self.path, &error))?;
                rows = 0;
                if !sink(batch) {
                    return Ok(());
                }
            }
            if !more {
                return Ok(());
            }
        }
    }
}

pub(crate) fn unreadable(path: &Path, reason: &dyn std::fmt::Display) -> QueryError {
    QueryError::Unreadable { path: path.display().to_string(), reason: reason.to_string() }
}

fn open_csv(path: &Path, format: Format) -> Result<csv::Reader<Box<dyn Read>>, QueryError> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let bytes: Box<dyn Read> = match format {
        Format::CsvGz => Box::new(MultiGzDecoder::new(BufReader::new(file))),
        Format::Csv | Format::Parquet => Box::new(file),
    };
    Ok(csv::ReaderBuilder::new().buffer_capacity(1 << 20).from_reader(bytes))
}

fn check_is_focus(path: &str, columns: &[FileColumn]) -> Result<(), QueryError> {
    let has = |name: &str| columns.iter().any(|column| column.name == name);
    let is_cur = columns.iter().any(|column| {
        let name = column.name.to_lowercase();
        name.starts_with("line_item_") || name.starts_with("lineitem/")
    });
    let not_focus = |reason: &str| Err(QueryError::NotFocus { path: path.to_owned(), reason: reason.to_owned() });
    if is_cur && !has("BilledCost") {
        return not_focus(
            "it is a Cost and Usage Report; SQL reads FOCUS files, which AWS Data Exports writes as FOCUS 1.0 or 1.2 with AWS columns",
        );
    }
    match ["BilledCost", "ChargePeriodStart"].into_iter().find(|name| !has(name)) {
        Some(missing) => not_focus(&format!("it has no column {missing}")),
        None => Ok(()),
    }
}
