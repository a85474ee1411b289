//! Parquet bills: columns brought to the kinds that FOCUS has, whatever type the writer chose.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, MapArray, RecordBatch, StringBuilder, new_null_array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float32Type, Float64Type, SchemaRef, TimeUnit, TimestampMicrosecondType};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::error::DataFusionError;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::error::QueryError;
use crate::files::{BATCH_ROWS, FileColumn, focus_column, unreadable};
use crate::focus::ValueKind;
use crate::table;
use crate::values::{ColumnBuilder, data_type};

/// The columns of a file.
pub(crate) fn columns(path: &Path) -> Result<Vec<FileColumn>, QueryError> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(path, &error))?;
    let column_of = |name: &str, of_file: &DataType| {
        focus_column(name).unwrap_or_else(|| FileColumn { name: name.to_owned(), kind: own_kind(of_file) })
    };
    Ok(builder.schema().fields().iter().map(|field| column_of(field.name(), field.data_type())).collect())
}

/// The kind of a column that FOCUS does not know.
fn own_kind(of_file: &DataType) -> ValueKind {
    match of_file {
        DataType::Boolean => ValueKind::Bool,
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => ValueKind::Timestamp,
        of_file if of_file.is_numeric() => ValueKind::Decimal,
        _ => ValueKind::Text,
    }
}

/// Reads the columns at `sources` as those of `schema`.
pub(crate) fn read(
    path: &Path,
    sources: &[Option<usize>],
    schema: &SchemaRef,
    sink: &mut dyn FnMut(RecordBatch) -> bool,
) -> Result<(), QueryError> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| unreadable(path, &error))?;
    let mut roots: Vec<usize> = sources.iter().copied().flatten().collect();
    roots.sort_unstable();
    roots.dedup();
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots.iter().copied());
    let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS).build().map_err(|error| unreadable(path, &error))?;
    for rows in reader {
        let rows = rows.map_err(|error| unreadable(path, &error))?;
        let arrays = schema.fields().iter().zip(sources).map(|(field, source)| {
            let place = source.and_then(|source| roots.binary_search(&source).ok());
            match place.and_then(|place| rows.columns().get(place)) {
                Some(array) => {
                    convert(array, field.data_type()).map_err(|error| unreadable(path, &format!("column {}: {error}", field.name())))
                }
                None => Ok(new_null_array(field.data_type(), rows.num_rows())),
            }
        });
        let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
        let batch = table::batch(schema, arrays, rows.num_rows()).map_err(|error| unreadable(path, &error))?;
        if !sink(batch) {
            return Ok(());
        }
    }
    Ok(())
}

fn convert(array: &ArrayRef, wanted: &DataType) -> Result<ArrayRef, DataFusionError> {
    let own = array.data_type();
    if own == wanted {
        return Ok(Arc::clone(array));
    }
    if let DataType::Dictionary(_, values) = own {
        return convert(&cast(array, values)?, wanted);
    }
    match table::kind_of(wanted) {
        ValueKind::Text | ValueKind::Json => match own {
            DataType::Map(..) => map_as_json(array.as_map()),
            own if own.is_nested() => by_text(array, wanted),
            _ => Ok(cast(array, wanted)?),
        },
        ValueKind::Decimal => match own {
            // The shortest decimal that reads back as the same float: what the writer meant.
            DataType::Float64 => through_text(array.as_primitive::<Float64Type>().iter(), wanted),
            DataType::Float32 => through_text(array.as_primitive::<Float32Type>().iter(), wanted),
            own if own.is_numeric() => Ok(cast(array, wanted)?),
            _ => by_text(array, wanted),
        },
        ValueKind::Timestamp => match own {
            DataType::Timestamp(_, zone) => {
                // The instant is UTC whatever zone the column names.
                let micros = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, zone.clone()))?;
                Ok(Arc::new(micros.as_primitive::<TimestampMicrosecondType>().clone().with_timezone_opt(None::<Arc<str>>)))
            }
            DataType::Date32 | DataType::Date64 => Ok(cast(array, wanted)?),
            _ => by_text(array, wanted),
        },
        ValueKind::Bool => Ok(cast(array, &data_type(ValueKind::Bool))?),
    }
}

fn through_text<T: ToString>(values: impl Iterator<Item = Option<T>>, wanted: &DataType) -> Result<ArrayRef, DataFusionError> {
    let mut builder = ColumnBuilder::new(table::kind_of(wanted));
    for value in values {
        push(&mut builder, value.map(|value| value.to_string()).as_deref())?;
    }
    Ok(builder.finish())
}

fn by_text(array: &ArrayRef, wanted: &DataType) -> Result<ArrayRef, DataFusionError> {
    let mut builder = ColumnBuilder::new(table::kind_of(wanted));
    for row in 0..array.len() {
        let text = if array.is_null(row) { None } else { Some(array_value_to_string(array, row)?) };
        push(&mut builder, text.as_deref().filter(|text| !text.is_empty()))?;
    }
    Ok(builder.finish())
}

fn push(builder: &mut ColumnBuilder, text: Option<&str>) -> Result<(), DataFusionError> {
    if let Some(text) = text {
        return builder.push_text(text).map_err(|needed| DataFusionError::Execution(format!("`{text}` is not {needed}")));
    }
    builder.push_null();
    Ok(())
}

/// AWS writes Tags as a map; queries see the JSON object that FOCUS's text files have.
fn map_as_json(maps: &MapArray) -> Result<ArrayRef, DataFusionError> {
    let mut builder = StringBuilder::new();
    for row in 0..maps.len() {
        if maps.is_null(row) {
            builder.append_null();
            continue;
        }
        let entries = maps.value(row);
        let (keys, values) = (entries.column(0), entries.column(1));
        let mut object = serde_json::Map::new();
        for entry in 0..entries.len() {
            let value = if values.is_null(entry) {
                serde_json::Value::Null
            } else {
                serde_json::Value::String(array_value_to_string(values, entry)?)
            };
            object.insert(array_value_to_string(keys, entry)?, value);
        }
        builder.append_value(serde_json::Value::Object(object).to_string());
    }
    Ok(Arc::new(builder.finish()))
}
