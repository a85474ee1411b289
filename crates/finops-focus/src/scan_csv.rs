//! Reads CSV, plain or in gzip, in one pass and in bounded memory.

use std::cell::Cell;
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

use csv::{ByteRecord, Reader, ReaderBuilder};

use crate::collector::Collector;
use crate::error::FocusError;
use crate::file::{BillFile, Encoding, open_text};
use crate::interner::{Memo, NULL, is_null};
use crate::layout::{AmountField, FieldSource, TagSource, TextField, TimeField};
use crate::number::{Finer, QUANTITY_SCALE, SCALE, parse};
use crate::row::{Amount, Instant, RawRow, Reason};
use crate::tags::{NO_TAGS, json_entry, parse_json};
use crate::time;

/// How long a record may be. AWS's longest are a few kilobytes.
const RECORD_LIMIT: usize = 16 << 20;
const BUFFER: usize = 1 << 16;

/// Stops reading when one record takes more than the limit.
struct Limited<R> {
    inner: R,
    since_record: Rc<Cell<usize>>,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since_record.get() > RECORD_LIMIT {
            return Err(io::Error::new(io::ErrorKind::OutOfMemory, "record too long"));
        }
        let count = self.inner.read(buffer)?;
        self.since_record.set(self.since_record.get() + count);
        Ok(count)
    }
}

type Csv = Reader<Limited<Box<dyn Read>>>;

fn reader(path: &Path, name: &str, encoding: Encoding) -> Result<(Csv, Rc<Cell<usize>>), FocusError> {
    let since_record = Rc::new(Cell::new(0));
    let text = Limited { inner: open_text(path, name, encoding)?, since_record: Rc::clone(&since_record) };
    Ok((ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(BUFFER).from_reader(text), since_record))
}

fn error(name: &str, error: csv::Error, line: u64) -> FocusError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::OutOfMemory => {
            FocusError::RecordTooLong { file: name.to_owned(), line, limit_mib: RECORD_LIMIT >> 20 }
        }
        csv::ErrorKind::Io(error) => FocusError::io(name, error),
        other => FocusError::Damaged { file: name.to_owned(), detail: format!("{other:?}") },
    }
}

/// The names in the header.
pub(crate) fn columns(path: &Path, name: &str, encoding: Encoding) -> Result<Vec<String>, FocusError> {
    let (mut csv, _) = reader(path, name, encoding)?;
    let mut header = ByteRecord::new();
    if !csv.read_byte_record(&mut header).map_err(|cause| error(name, cause, 1))? {
        return Err(FocusError::Empty { file: name.to_owned() });
    }
    header
        .iter()
        .enumerate()
        .map(|(index, cell)| {
            let cell = if index == 0 { cell.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(cell) } else { cell };
            if cell.contains(&0) {
                return Err(FocusError::Encoding { file: name.to_owned(), encoding: "UTF-16 or binary" });
            }
            let cell = std::str::from_utf8(cell)
                .map_err(|_| FocusError::Encoding { file: name.to_owned(), encoding: "Latin-1, another 8-bit encoding or binary" })?;
            Ok(cell.trim().to_owned())
        })
        .collect()
}

/// Adds every row of a file.
pub(crate) fn scan(file: &BillFile, number: usize, collector: &mut Collector) -> Result<(), FocusError> {
    let (mut csv, since_record) = reader(&file.path, &file.name, file.encoding)?;
    let mut record = ByteRecord::new();
    let mut cells = Cells::of(file, collector);
    let mut is_header = true;
    loop {
        since_record.set(0);
        let line = csv.position().line();
        if !csv.read_byte_record(&mut record).map_err(|cause| error(&file.name, cause, line))? {
            return Ok(());
        }
        if std::mem::take(&mut is_header) {
            continue;
        }
        let line = record.position().map_or(line, csv::Position::line);
        match cells.read(&record, collector) {
            Ok(()) => collector.add(&cells.row, &file.layout, (number, line)),
            Err(Reason::FieldCount { found, expected, .. }) => {
                let lines = csv.position().line().saturating_sub(line);
                collector.reject(&file.layout, (number, line), &Reason::FieldCount { found, expected, lines });
            }
            Err(reason) => collector.reject(&file.layout, (number, line), &reason),
        }
    }
}

/// Where the known cells stand, and the row that they make.
struct Cells<'a> {
    texts: Vec<(TextField, &'a FieldSource)>,
    amounts: Vec<(AmountField, usize)>,
    start: Option<usize>,
    end: Option<usize>,
    tags: &'a TagSource,
    tag_keys: Vec<(u32, usize)>,
    columns: usize,
    is_cur: bool,
    row: RawRow,
    /// Tag set of a JSON text; `None` where it is none.
    tag_sets: Memo<Option<u32>>,
    entries: Memo<u32>,
    set: Vec<(u32, u32)>,
}

impl<'a> Cells<'a> {
    fn of(file: &'a BillFile, collector: &mut Collector) -> Self {
        let layout = &file.layout;
        let tag_keys = match layout.tags() {
            TagSource::Columns(columns) => columns.iter().map(|(key, column)| (collector.texts.intern(key), *column)).collect(),
            _ => Vec::new(),
        };
        let skips_description = layout.text(TextField::UsageType).is_some();
        Self {
            texts: TextField::ALL
                .iter()
                .filter(|field| !(skips_description && **field == TextField::ChargeDescription))
                .filter_map(|&field| Some((field, layout.text(field)?)))
                .collect(),
            amounts: AmountField::ALL.iter().filter_map(|&field| Some((field, layout.amount(field)?))).collect(),
            start: layout.time(TimeField::Start),
            end: layout.time(TimeField::End),
            tags: layout.tags(),
            tag_keys,
            columns: layout.columns(),
            is_cur: !layout.format().is_focus(),
            row: RawRow::EMPTY,
            tag_sets: Memo::default(),
            entries: Memo::default(),
            set: Vec::new(),
        }
    }

    fn read(&mut self, record: &ByteRecord, collector: &mut Collector) -> Result<(), Reason> {
        if record.len() != self.columns {
            return Err(Reason::FieldCount { found: record.len(), expected: self.columns, lines: 0 });
        }
        if let Some(column) = record.iter().position(|cell| !cell.is_ascii() && std::str::from_utf8(cell).is_err()) {
            return Err(Reason::Encoding(column));
        }
        // Whole UTF-8 by now; a cell that is not there cannot be, since the count is right.
        let cell = |column: usize| record.get(column).unwrap_or_default();
        let text = |column: usize| std::str::from_utf8(record.get(column).unwrap_or_default()).unwrap_or_default();
        for &(field, source) in &self.texts {
            let id = match *source {
                FieldSource::Column(column) => collector.texts.intern_cell(text(column)),
                FieldSource::Entry { column, key } => match collector.texts.intern_cell(text(column)) {
                    NULL => NULL,
                    json => self
                        .entries
                        .get(json, || json_entry(text(column), &[key]).map_or(NULL, |entry| collector.texts.intern_cell(&entry))),
                },
            };
            if let Some(place) = self.row.texts.get_mut(field as usize) {
                *place = id;
            }
        }
        for &(field, column) in &self.amounts {
            let amount = amount(field, cell(column));
            if let Some(place) = self.row.amounts.get_mut(field as usize) {
                *place = amount;
            }
        }
        self.row.start = self.start.map_or(Instant::Null, |column| instant(cell(column)));
        self.row.end = self.end.map_or(Instant::Null, |column| instant(cell(column)));
        self.row.tags = match self.tags {
            TagSource::None => NO_TAGS,
            TagSource::Column(column) => match collector.texts.intern_cell(text(*column)) {
                NULL => NO_TAGS,
                json => {
                    let (texts, sets, set, is_cur) = (&mut collector.texts, &mut collector.tag_sets, &mut self.set, self.is_cur);
                    let known = self.tag_sets.get(json, || parse_json(text(*column), is_cur, texts, set).ok().map(|()| sets.intern(set)));
                    known.ok_or(Reason::Other("Tags is not a JSON object"))?
                }
            },
            TagSource::Columns(_) => {
                self.set.clear();
                for &(key, column) in &self.tag_keys {
                    let value = collector.texts.intern_cell(text(column));
                    if value != NULL {
                        self.set.push((key, value));
                    }
                }
                collector.tag_sets.intern(&mut self.set)
            }
        };
        Ok(())
    }
}

/// Reads the text of an amount.
pub(crate) fn amount(field: AmountField, cell: &[u8]) -> Amount {
    let cell = cell.trim_ascii();
    if is_null(cell) {
        return Amount::Null;
    }
    let parsed = if field == AmountField::Quantity { parse(cell, QUANTITY_SCALE, Finer::Round) } else { parse(cell, SCALE, Finer::Refuse) };
    parsed.map_or_else(Amount::Bad, Amount::Value)
}

/// Reads the text of an instant.
pub(crate) fn instant(cell: &[u8]) -> Instant {
    let cell = cell.trim_ascii();
    if is_null(cell) { Instant::Null } else { time::parse(cell).map_or(Instant::Bad, Instant::Value) }
}
