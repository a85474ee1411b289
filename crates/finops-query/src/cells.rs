//! The engine's values as cells of a result.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType, UInt64Type,
};
use datafusion::arrow::util::display::array_value_to_string;
use datafusion::error::DataFusionError;
use jiff::Timestamp;

use crate::functions::date_of_days;
use crate::result::{Cell, ColumnKind};
use crate::values::decimal_text;

/// What a column of a type holds.
pub(crate) fn kind_of(data_type: &DataType) -> ColumnKind {
    match data_type {
        DataType::Boolean => ColumnKind::Bool,
        DataType::Decimal128(..) => ColumnKind::Decimal,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => ColumnKind::Float,
        DataType::Timestamp(..) => ColumnKind::Timestamp,
        DataType::Date32 | DataType::Date64 => ColumnKind::Date,
        data_type if data_type.is_integer() => ColumnKind::Integer,
        _ => ColumnKind::Text,
    }
}

/// The rows of a batch.
pub(crate) fn cells_of(batch: &RecordBatch) -> Result<Vec<Vec<Cell>>, DataFusionError> {
    let mut rows: Vec<Vec<Cell>> = (0..batch.num_rows()).map(|_| Vec::with_capacity(batch.num_columns())).collect();
    for array in batch.columns() {
        for (row, cell) in rows.iter_mut().zip(column_cells(array)?) {
            row.push(cell);
        }
    }
    Ok(rows)
}

fn column_cells(array: &ArrayRef) -> Result<Vec<Cell>, DataFusionError> {
    fn each<T>(values: impl Iterator<Item = Option<T>>, cell: impl Fn(T) -> Cell) -> Vec<Cell> {
        values.map(|value| value.map_or(Cell::Null, &cell)).collect()
    }
    Ok(match (kind_of(array.data_type()), array.data_type()) {
        (ColumnKind::Bool, _) => each(array.as_boolean().iter(), Cell::Bool),
        (ColumnKind::Decimal, DataType::Decimal128(_, scale)) => {
            each(array.as_primitive::<Decimal128Type>().iter(), |units| Cell::Decimal(decimal_text(units, *scale)))
        }
        (ColumnKind::Float, _) => each(cast(array, &DataType::Float64)?.as_primitive::<Float64Type>().iter(), Cell::Float),
        (ColumnKind::Integer, DataType::UInt64) => {
            each(array.as_primitive::<UInt64Type>().iter(), |number| Cell::Integer(i128::from(number)))
        }
        (ColumnKind::Integer, _) => {
            each(cast(array, &DataType::Int64)?.as_primitive::<Int64Type>().iter(), |number| Cell::Integer(i128::from(number)))
        }
        (ColumnKind::Timestamp, DataType::Timestamp(_, zone)) => {
            let micros = cast(array, &DataType::Timestamp(TimeUnit::Microsecond, zone.clone()))?;
            each(micros.as_primitive::<TimestampMicrosecondType>().iter(), |micros| {
                Timestamp::from_microsecond(micros).map_or(Cell::Null, Cell::Timestamp)
            })
        }
        (ColumnKind::Date, _) => each(cast(array, &DataType::Date32)?.as_primitive::<Date32Type>().iter(), |days| {
            date_of_days(days).map_or(Cell::Null, Cell::Date)
        }),
        _ => (0..array.len())
            .map(|row| if array.is_null(row) { Ok(Cell::Null) } else { Ok(Cell::Text(array_value_to_string(array, row)?)) })
            .collect::<Result<_, DataFusionError>>()?,
    })
}
