//! Arrow columns as numbers of ours: text ids, exact amounts, instants.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, DictionaryArray, Int64Array, MapArray, PrimitiveArray};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type, Int32Type, Int64Type, TimeUnit,
};

use crate::interner::{Interner, Memo, NULL};
use crate::layout::AmountField;
use crate::number::{Finer, NumberError, QUANTITY_SCALE, SCALE, from_float, rescale};
use crate::row::{Amount, Instant};
use crate::scan_csv;

/// The ids of a text column, and the dictionary that was translated last.
#[derive(Default)]
pub(crate) struct TextColumn {
    pub(crate) ids: Vec<u32>,
    dictionary: Option<ArrayRef>,
    translated: Vec<u32>,
}

impl TextColumn {
    /// Reads a column of texts; `None` where it is none.
    pub(crate) fn read(&mut self, array: &ArrayRef, texts: &mut Interner) -> Option<()> {
        self.ids.clear();
        if let Some(dictionary) = array.as_any().downcast_ref::<DictionaryArray<Int32Type>>() {
            let values = dictionary.values();
            let strings = values.as_string_opt::<i32>()?;
            let is_known = self.dictionary.as_ref().and_then(|known| known.as_string_opt::<i32>()).is_some_and(|known| {
                known.len() == strings.len()
                    && known.value_data().as_ptr() == strings.value_data().as_ptr()
                    && known.value_offsets().as_ptr() == strings.value_offsets().as_ptr()
            });
            if !is_known {
                self.translated.clear();
                texts.intern_cells(strings.iter(), &mut self.translated);
                self.dictionary = Some(Arc::clone(values));
            }
            let keys = dictionary.keys();
            let translate = |key: i32| usize::try_from(key).ok().and_then(|key| self.translated.get(key)).copied().unwrap_or(NULL);
            if keys.null_count() == 0 {
                self.ids.extend(keys.values().iter().map(|&key| translate(key)));
            } else {
                self.ids.extend(keys.iter().map(|key| key.map_or(NULL, translate)));
            }
            return Some(());
        }
        // Account ids written as numbers, texts written as bytes.
        let strings = match array.data_type() {
            DataType::Utf8 => Arc::clone(array),
            _ => cast(array, &DataType::Utf8).ok()?,
        };
        texts.intern_cells(strings.as_string_opt::<i32>()?.iter(), &mut self.ids);
        Some(())
    }
}

/// Reads columns of type map, row by row as pairs of ids.
#[derive(Default)]
pub(crate) struct MapColumn {
    keys: TextColumn,
    values: TextColumn,
    /// Tag keys as reports name them.
    pub(crate) normalised: Memo<u32>,
}

impl MapColumn {
    pub(crate) fn read(&mut self, map: &MapArray, texts: &mut Interner, mut each: impl FnMut(&mut Interner, &[u32], &[u32])) -> Option<()> {
        self.keys.read(map.keys(), texts)?;
        // An empty value is a value here, so only a missing one is null.
        self.values.read(map.values(), texts)?;
        let offsets = map.value_offsets();
        for (index, range) in offsets.windows(2).enumerate() {
            let &[start, end] = range else { continue };
            let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
            if map.is_null(index) {
                each(texts, &[], &[]);
            } else {
                each(texts, self.keys.ids.get(start..end)?, self.values.ids.get(start..end)?);
            }
        }
        Some(())
    }
}

/// The float that each row of a batch had last, and its decimal: the costs of a row are often one and the same number.
#[derive(Default)]
pub(crate) struct KnownFloats {
    known: Vec<(u64, Amount)>,
}

impl KnownFloats {
    /// Forgets all, for the next batch.
    pub(crate) fn clear(&mut self) {
        self.known.clear();
    }

    /// The decimals of a column of costs.
    fn read(&mut self, values: &PrimitiveArray<Float64Type>, cells: &mut Vec<Amount>) {
        // No number: never met in a row, as the bits of a null are not looked at.
        self.known.resize(values.len(), (f64::NAN.to_bits(), Amount::Bad(NumberError::NotANumber)));
        cells.extend(values.iter().zip(&mut self.known).map(|(value, known)| {
            let Some(value) = value else { return Amount::Null };
            if known.0 != value.to_bits() {
                *known = (value.to_bits(), amount(from_float(value, SCALE)));
            }
            known.1
        }));
    }
}

fn amount(result: Result<i128, NumberError>) -> Amount {
    result.map_or_else(Amount::Bad, Amount::Value)
}

/// Reads a column of numbers; `None` where it is none.
pub(crate) fn read_amounts(field: AmountField, array: &ArrayRef, floats: &mut KnownFloats, cells: &mut Vec<Amount>) -> Option<()> {
    cells.clear();
    let (scale, finer) = if field == AmountField::Quantity { (QUANTITY_SCALE, Finer::Round) } else { (SCALE, Finer::Refuse) };
    match array.data_type() {
        DataType::Float64 => {
            let values = array.as_primitive_opt::<Float64Type>()?;
            if field == AmountField::Quantity {
                cells.extend(values.iter().map(|value| value.map_or(Amount::Null, |value| amount(from_float(value, scale)))));
            } else {
                floats.read(values, cells);
            }
        }
        DataType::Float32 => {
            // The shortest decimal of the single float, not of the double that it widens to.
            let values = array.as_primitive_opt::<Float32Type>()?;
            cells.extend(values.iter().map(|value| {
                value.map_or(Amount::Null, |value| amount(crate::number::parse(value.to_string().as_bytes(), scale, Finer::Round)))
            }));
        }
        DataType::Decimal128(_, decimals) => {
            let values = array.as_primitive_opt::<Decimal128Type>()?;
            let shift = i64::from(scale) - i64::from(*decimals);
            cells.extend(values.iter().map(|value| value.map_or(Amount::Null, |value| amount(rescale(value, shift, finer)))));
        }
        DataType::Decimal256(_, decimals) => {
            let values = array.as_primitive_opt::<Decimal256Type>()?;
            let shift = i64::from(scale) - i64::from(*decimals);
            cells.extend(values.iter().map(|value| {
                value.map_or(Amount::Null, |value| {
                    amount(value.to_i128().ok_or(NumberError::TooLarge).and_then(|value| rescale(value, shift, finer)))
                })
            }));
        }
        kind if kind.is_integer() => {
            let values = cast(array, &DataType::Int64).ok()?;
            let values = values.as_primitive_opt::<Int64Type>()?;
            cells.extend(values.iter().map(|value| value.map_or(Amount::Null, |value| amount(rescale(value.into(), scale.into(), finer)))));
        }
        DataType::Null => cells.resize(array.len(), Amount::Null),
        _ => {
            let values = cast(array, &DataType::Utf8).ok()?;
            let values = values.as_string_opt::<i32>()?;
            cells.extend(values.iter().map(|value| value.map_or(Amount::Null, |value| scan_csv::amount(field, value.as_bytes()))));
        }
    }
    Some(())
}

/// Reads a column of instants; `None` where it is none.
pub(crate) fn read_instants(array: &ArrayRef, cells: &mut Vec<Instant>) -> Option<()> {
    cells.clear();
    match array.data_type() {
        DataType::Timestamp(unit, _) => {
            let per_second: i64 = match unit {
                TimeUnit::Second => 1,
                TimeUnit::Millisecond => 1_000,
                TimeUnit::Microsecond => 1_000_000,
                TimeUnit::Nanosecond => 1_000_000_000,
            };
            let values = array.to_data();
            let raw = Int64Array::from(values.into_builder().data_type(DataType::Int64).build().ok()?);
            cells.extend(raw.iter().map(|value| value.map_or(Instant::Null, |value| in_range(value.div_euclid(per_second)))));
        }
        DataType::Date32 => {
            let values = array.as_primitive_opt::<Date32Type>()?;
            cells.extend(values.iter().map(|value| value.map_or(Instant::Null, |days| in_range(i64::from(days) * 86_400))));
        }
        DataType::Date64 => {
            let values = array.as_primitive_opt::<Date64Type>()?;
            cells.extend(values.iter().map(|value| value.map_or(Instant::Null, |millis| in_range(millis.div_euclid(1000)))));
        }
        DataType::Null => cells.resize(array.len(), Instant::Null),
        _ => {
            let values = cast(array, &DataType::Utf8).ok()?;
            let values = values.as_string_opt::<i32>()?;
            cells.extend(values.iter().map(|value| value.map_or(Instant::Null, |value| scan_csv::instant(value.as_bytes()))));
        }
    }
    Some(())
}

/// An instant of the years that a text can name too.
fn in_range(seconds: i64) -> Instant {
    if (-2_208_988_800..221_845_392_000).contains(&seconds) { Instant::Value(seconds) } else { Instant::Bad }
}
