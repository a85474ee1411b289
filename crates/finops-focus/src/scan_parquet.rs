//! Reads Parquet a row group at a time: only the known columns, texts through their dictionaries.

use std::collections::HashSet;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};

use crate::arrow_columns::{KnownFloats, MapColumn, TextColumn, read_amounts, read_instants};
use crate::collector::Collector;
use crate::error::FocusError;
use crate::file::BillFile;
use crate::interner::{Interner, Memo, NULL};
use crate::layout::{AmountField, FieldSource, TagSource, TextField, TimeField, tag_key};
use crate::row::{Amount, Instant, RawRow, Reason};
use crate::tags::{NO_TAGS, TagSets, json_entry, parse_json};

/// As many rows as stay in the processor's second cache with their numbers.
const BATCH: usize = 2048;

fn damaged(name: &str, detail: impl ToString) -> FocusError {
    FocusError::Damaged { file: name.to_owned(), detail: detail.to_string().chars().take(300).collect() }
}

/// The names of the columns.
pub(crate) fn columns(path: &Path, name: &str) -> Result<Vec<String>, FocusError> {
    let file = File::open(path).map_err(|error| FocusError::io(name, error))?;
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(|error| damaged(name, error))?;
    Ok(metadata.schema().fields().iter().map(|field| field.name().clone()).collect())
}

/// A file with its footer read and the types asked for.
#[derive(Debug)]
pub(crate) struct ParquetBill {
    metadata: Arc<ParquetMetaData>,
    schema: SchemaRef,
    /// Whether maps can be read with dictionaries. One that is written in an unusual way cannot, which only costs time.
    has_plain_maps: bool,
    /// The known columns, by position in the file, sorted.
    wanted: Vec<usize>,
}

impl ParquetBill {
    /// Reads the footer.
    pub(crate) fn open(bill: &BillFile) -> Result<Self, FocusError> {
        let name = &bill.name;
        let file = File::open(&bill.path).map_err(|error| FocusError::io(name, error))?;
        let plain = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new().with_skip_arrow_metadata(true))
            .map_err(|error| damaged(name, error))?;
        let mut parquet = Self {
            metadata: Arc::clone(plain.metadata()),
            schema: Arc::clone(plain.schema()),
            has_plain_maps: true,
            wanted: wanted_columns(bill),
        };
        if parquet.reader_metadata(None).is_err() {
            parquet.has_plain_maps = false;
            parquet.reader_metadata(None).map_err(|error| damaged(name, error))?;
        }
        Ok(parquet)
    }

    /// How many row groups there are, and the rows of each.
    pub(crate) fn row_groups(&self) -> Vec<u64> {
        self.metadata.row_groups().iter().map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).collect()
    }

    /// The types to read a row group with: texts as dictionaries, so that each distinct one is looked up once a row group,
    /// not once a row; but only where the file has a dictionary, since making one costs more than it saves.
    fn reader_metadata(&self, row_group: Option<usize>) -> Result<ArrowReaderMetadata, ParquetError> {
        let chunks = row_group.and_then(|number| self.metadata.row_groups().get(number)).map(RowGroupMetaData::columns).unwrap_or_default();
        let without_dictionary: HashSet<&str> = chunks
            .iter()
            .filter(|chunk| chunk.dictionary_page_offset().is_none())
            .filter_map(|chunk| match chunk.column_path().parts() {
                [column] => Some(column.as_str()),
                _ => None,
            })
            .collect();
        let fields: Vec<Arc<Field>> = self
            .schema
            .fields()
            .iter()
            .map(|field| {
                if without_dictionary.contains(field.name().as_str()) {
                    Arc::clone(field)
                } else {
                    with_dictionary(field, self.has_plain_maps)
                }
            })
            .collect();
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true).with_schema(Arc::new(Schema::new(fields)));
        ArrowReaderMetadata::try_new(Arc::clone(&self.metadata), options)
    }

    /// Adds the rows of one row group; `first_row` is the number of rows before it.
    pub(crate) fn scan(
        &self,
        bill: &BillFile,
        number: usize,
        row_group: usize,
        first_row: u64,
        collector: &mut Collector,
    ) -> Result<(), FocusError> {
        let name = &bill.name;
        let file = File::open(&bill.path).map_err(|error| FocusError::io(name, error))?;
        let metadata = self.reader_metadata(Some(row_group)).map_err(|error| damaged(name, error))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata);
        let projection = ProjectionMask::roots(builder.parquet_schema(), self.wanted.iter().copied());
        let batches = builder
            .with_projection(projection)
            .with_row_groups(vec![row_group])
            .with_batch_size(BATCH)
            .build()
            .map_err(|error| damaged(name, error))?;
        let mut batch_reader = BatchReader::of(bill, &self.wanted);
        let mut row = first_row;
        for batch in batches {
            let batch = batch.map_err(|error| damaged(name, error))?;
            batch_reader.read(&batch, collector)?;
            for index in 0..batch.num_rows() {
                row += 1;
                match batch_reader.row(index) {
                    Ok(raw) => collector.add(raw, &bill.layout, (number, row)),
                    Err(reason) => collector.reject(&bill.layout, (number, row), &reason),
                }
            }
        }
        Ok(())
    }
}

/// The field with its texts as dictionaries.
fn with_dictionary(field: &Arc<Field>, in_maps: bool) -> Arc<Field> {
    let data_type = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
        }
        DataType::Map(entries, is_sorted) if in_maps => DataType::Map(with_dictionary(entries, true), *is_sorted),
        DataType::Struct(fields) if in_maps => DataType::Struct(fields.iter().map(|field| with_dictionary(field, true)).collect()),
        _ => return Arc::clone(field),
    };
    Arc::new(field.as_ref().clone().with_data_type(data_type))
}

fn wanted_columns(bill: &BillFile) -> Vec<usize> {
    let layout = &bill.layout;
    let skips_description = layout.text(TextField::UsageType).is_some();
    let mut wanted: Vec<usize> = TextField::ALL
        .iter()
        .filter(|field| !(skips_description && **field == TextField::ChargeDescription))
        .filter_map(|&field| layout.text(field))
        .map(|source| match *source {
            FieldSource::Column(column) | FieldSource::Entry { column, .. } => column,
        })
        .chain(AmountField::ALL.iter().filter_map(|&field| layout.amount(field)))
        .chain(TimeField::ALL.iter().filter_map(|&field| layout.time(field)))
        .collect();
    match layout.tags() {
        TagSource::None => {}
        TagSource::Column(column) => wanted.push(*column),
        TagSource::Columns(columns) => wanted.extend(columns.iter().map(|(_, column)| *column)),
    }
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// The tag set of a row whose tags cannot be read.
const BAD_TAGS: u32 = u32::MAX;

/// Turns the columns of a batch into numbers, then gives rows.
struct BatchReader<'a> {
    bill: &'a BillFile,
    wanted: &'a [usize],
    texts: Vec<(TextField, TextColumn, &'a FieldSource)>,
    amounts: Vec<(AmountField, usize, Vec<Amount>)>,
    floats: KnownFloats,
    starts: Vec<Instant>,
    ends: Vec<Instant>,
    tag_columns: Vec<(String, usize, TextColumn)>,
    tags: Vec<u32>,
    tag_texts: TextColumn,
    map: MapColumn,
    json_sets: Memo<u32>,
    entries: Memo<u32>,
    set: Vec<(u32, u32)>,
    row: RawRow,
}

impl<'a> BatchReader<'a> {
    fn of(bill: &'a BillFile, wanted: &'a [usize]) -> Self {
        let layout = &bill.layout;
        let tag_columns = match layout.tags() {
            TagSource::Columns(columns) => columns.iter().map(|(key, column)| (key.clone(), *column, TextColumn::default())).collect(),
            _ => Vec::new(),
        };
        let skips_description = layout.text(TextField::UsageType).is_some();
        Self {
            bill,
            wanted,
            texts: TextField::ALL
                .iter()
                .filter(|field| !(skips_description && **field == TextField::ChargeDescription))
                .filter_map(|&field| Some((field, TextColumn::default(), layout.text(field)?)))
                .collect(),
            amounts: AmountField::ALL.iter().filter_map(|&field| Some((field, layout.amount(field)?, Vec::new()))).collect(),
            floats: KnownFloats::default(),
            starts: Vec::new(),
            ends: Vec::new(),
            tag_columns,
            tags: Vec::new(),
            tag_texts: TextColumn::default(),
            map: MapColumn::default(),
            json_sets: Memo::default(),
            entries: Memo::default(),
            set: Vec::new(),
            row: RawRow::EMPTY,
        }
    }

    fn type_error(&self, column: usize, array: &ArrayRef, wanted: &'static str) -> FocusError {
        FocusError::ColumnType {
            file: self.bill.name.clone(),
            column: self.bill.columns.get(column).cloned().unwrap_or_default(),
            data_type: array.data_type().to_string(),
            wanted,
        }
    }

    fn read(&mut self, batch: &RecordBatch, collector: &mut Collector) -> Result<(), FocusError> {
        let column = |wanted: &[usize], position: usize| -> Result<ArrayRef, FocusError> {
            let index = wanted.binary_search(&position).unwrap_or(usize::MAX);
            batch.columns().get(index).cloned().ok_or_else(|| damaged(&self.bill.name, "a column is missing"))
        };
        let texts = &mut collector.texts;
        for index in 0..self.texts.len() {
            let Some((_, ids, source)) = self.texts.get_mut(index) else { continue };
            let (position, done, array) = match **source {
                FieldSource::Column(position) => {
                    let array = column(self.wanted, position)?;
                    (position, ids.read(&array, texts), array)
                }
                FieldSource::Entry { column: position, key } => {
                    let array = column(self.wanted, position)?;
                    let done = if let Some(map) = array.as_map_opt() {
                        let wanted_key = texts.intern(key);
                        let mut found = Vec::with_capacity(map.len());
                        let done = self.map.read(map, texts, |_, keys, values| {
                            let place = keys.iter().position(|&key| key == wanted_key);
                            found.push(place.and_then(|place| values.get(place)).copied().unwrap_or(NULL));
                        });
                        ids.ids = found;
                        done
                    } else if let Some(fields) = array.as_struct_opt() {
                        if let Some(entry) = fields.column_by_name(key) {
                            ids.read(entry, texts)
                        } else {
                            ids.ids = vec![NULL; array.len()];
                            Some(())
                        }
                    } else {
                        let done = ids.read(&array, texts);
                        for id in &mut ids.ids {
                            let json = *id;
                            *id = match json {
                                NULL => NULL,
                                _ => self
                                    .entries
                                    .get(json, || json_entry(texts.text(json), &[key]).map_or(NULL, |entry| texts.intern_cell(&entry))),
                            };
                        }
                        done
                    };
                    (position, done, array)
                }
            };
            if done.is_none() {
                return Err(self.type_error(position, &array, "text"));
            }
        }
        self.floats.clear();
        for index in 0..self.amounts.len() {
            let Some((field, position, cells)) = self.amounts.get_mut(index) else { continue };
            let (position, array) = (*position, column(self.wanted, *position)?);
            if read_amounts(*field, &array, &mut self.floats, cells).is_none() {
                return Err(self.type_error(position, &array, "a number"));
            }
        }
        for (field, is_start) in [(TimeField::Start, true), (TimeField::End, false)] {
            let Some(position) = self.bill.layout.time(field) else { continue };
            let array = column(self.wanted, position)?;
            let cells = if is_start { &mut self.starts } else { &mut self.ends };
            if read_instants(&array, cells).is_none() {
                return Err(self.type_error(position, &array, "a date and time"));
            }
        }
        self.read_tags(batch, collector)
    }

    fn read_tags(&mut self, batch: &RecordBatch, collector: &mut Collector) -> Result<(), FocusError> {
        let column = |position: usize| -> Result<ArrayRef, FocusError> {
            let index = self.wanted.binary_search(&position).unwrap_or(usize::MAX);
            batch.columns().get(index).cloned().ok_or_else(|| damaged(&self.bill.name, "a column is missing"))
        };
        self.tags.clear();
        let is_cur = !self.bill.layout.format().is_focus();
        let (texts, sets): (&mut Interner, &mut TagSets) = (&mut collector.texts, &mut collector.tag_sets);
        match self.bill.layout.tags() {
            TagSource::None => self.tags.resize(batch.num_rows(), NO_TAGS),
            TagSource::Column(position) => {
                let array = column(*position)?;
                if let Some(map) = array.as_map_opt() {
                    let (set, tags) = (&mut self.set, &mut self.tags);
                    let empty = texts.intern("");
                    let mut normalised = std::mem::take(&mut self.map.normalised);
                    let done = self.map.read(map, texts, |texts, keys, values| {
                        set.clear();
                        set.extend(keys.iter().zip(values).map(|(&key, &value)| {
                            let key = normalised.get(key, || {
                                let name = tag_key(texts.text(key), is_cur);
                                texts.intern(&name)
                            });
                            (key, if value == NULL { empty } else { value })
                        }));
                        tags.push(sets.intern(set));
                    });
                    self.map.normalised = normalised;
                    if done.is_none() {
                        return Err(self.type_error(*position, &array, "tags"));
                    }
                } else {
                    if self.tag_texts.read(&array, texts).is_none() {
                        return Err(self.type_error(*position, &array, "tags"));
                    }
                    for &json in &self.tag_texts.ids {
                        let id = match json {
                            NULL => NO_TAGS,
                            _ => self.json_sets.get(json, || {
                                let text = texts.text(json).to_owned();
                                parse_json(&text, is_cur, texts, &mut self.set).map_or(BAD_TAGS, |()| sets.intern(&mut self.set))
                            }),
                        };
                        self.tags.push(id);
                    }
                }
            }
            TagSource::Columns(_) => {
                let mut keys = Vec::with_capacity(self.tag_columns.len());
                for (key, position, ids) in &mut self.tag_columns {
                    let index = self.wanted.binary_search(position).unwrap_or(usize::MAX);
                    let array = batch.columns().get(index).ok_or_else(|| damaged(&self.bill.name, "a column is missing"))?;
                    ids.read(array, texts).ok_or_else(|| damaged(&self.bill.name, "a tag column is no text"))?;
                    keys.push(texts.intern(key));
                }
                for index in 0..batch.num_rows() {
                    self.set.clear();
                    for (&key, (_, _, ids)) in keys.iter().zip(&self.tag_columns) {
                        let value = ids.ids.get(index).copied().unwrap_or(NULL);
                        if value != NULL {
                            self.set.push((key, value));
                        }
                    }
                    self.tags.push(sets.intern(&mut self.set));
                }
            }
        }
        Ok(())
    }

    /// Row `index` of the batch that was read last.
    fn row(&mut self, index: usize) -> Result<&RawRow, Reason> {
        for (field, ids, _) in &self.texts {
            if let Some(place) = self.row.texts.get_mut(*field as usize) {
                *place = ids.ids.get(index).copied().unwrap_or(NULL);
            }
        }
        for (field, _, cells) in &self.amounts {
            if let Some(place) = self.row.amounts.get_mut(*field as usize) {
                *place = cells.get(index).copied().unwrap_or(Amount::Null);
            }
        }
        self.row.start = self.starts.get(index).copied().unwrap_or(Instant::Null);
        self.row.end = self.ends.get(index).copied().unwrap_or(Instant::Null);
        self.row.tags = self.tags.get(index).copied().unwrap_or(NO_TAGS);
        if self.row.tags == BAD_TAGS { Err(Reason::Other("Tags is not a JSON object")) } else { Ok(&self.row) }
    }
}
