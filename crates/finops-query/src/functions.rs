//! Functions that the engine lacks or that would overflow: `DATE_DIFF`, and the product of two decimals.

use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, Decimal128Array, Int64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Decimal128Type, TimeUnit, TimestampMicrosecondType, i256};
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, TypeSignature, Volatility};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::values::{PRECISION, SCALE};

/// The function that `DATE_DIFF` and `DATEDIFF` become.
pub(crate) const DATE_DIFF: &str = "finops_date_diff";
/// The function that the product of two decimals becomes.
pub(crate) const MULTIPLY: &str = "finops_multiply";

/// Both.
pub(crate) fn functions() -> Vec<ScalarUDF> {
    let any = |count| Signature::new(TypeSignature::Any(count), Volatility::Immutable);
    vec![ScalarUDF::from(DateDiff { signature: any(3) }), ScalarUDF::from(Multiply { signature: any(2) })]
}

/// How many boundaries of a unit lie between two times, as DuckDB counts.
#[derive(Debug, PartialEq, Eq, Hash)]
struct DateDiff {
    signature: Signature,
}

impl ScalarUDFImpl for DateDiff {
    fn name(&self) -> &str {
        DATE_DIFF
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> EngineResult<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> EngineResult<ColumnarValue> {
        let rows = arguments.number_rows;
        let [unit, start, end] = arguments.args.as_slice() else {
            return Err(DataFusionError::Plan("DATE_DIFF takes a unit and two times".to_owned()));
        };
        let units = cast(&unit.to_array(rows)?, &DataType::Utf8)?;
        let micros = |value: &ColumnarValue| -> EngineResult<_> {
            let array = cast(&value.to_array(rows)?, &DataType::Timestamp(TimeUnit::Microsecond, None))?;
            Ok(array.as_primitive::<TimestampMicrosecondType>().clone())
        };
        let (starts, ends) = (micros(start)?, micros(end)?);
        let differences = units.as_string::<i32>().iter().zip(starts.iter()).zip(ends.iter()).map(|((unit, start), end)| {
            let (Some(unit), Some(start), Some(end)) = (unit, start, end) else { return Ok(None) };
            let difference = ordinal(unit, end).zip(ordinal(unit, start)).map(|(end, start)| end - start);
            difference.map(Some).ok_or_else(|| DataFusionError::Execution(format!("DATE_DIFF does not know the unit `{unit}`")))
        });
        Ok(ColumnarValue::Array(Arc::new(differences.collect::<EngineResult<Int64Array>>()?)))
    }
}

/// The number of a time's year, month, day … on an unbroken count.
fn ordinal(unit: &str, micros: i64) -> Option<i64> {
    let date_time: DateTime = TimeZone::UTC.to_datetime(Timestamp::from_microsecond(micros).ok()?);
    let (year, month) = (i64::from(date_time.year()), i64::from(date_time.month()) - 1);
    let second = micros.div_euclid(1_000_000);
    let day = second.div_euclid(86_400);
    match unit.trim_end_matches('s') {
        "year" => Some(year),
        "quarter" => Some(year * 4 + month / 3),
        "month" => Some(year * 12 + month),
        // Weeks start on Monday; 1970-01-01 was a Thursday.
        "week" => Some((day + 3).div_euclid(7)),
        "day" => Some(day),
        "hour" => Some(second.div_euclid(3600)),
        "minute" => Some(second.div_euclid(60)),
        "second" => Some(second),
        _ => None,
    }
}

/// The calendar date of a number of days after 1970-01-01.
pub(crate) fn date_of_days(days: i32) -> Option<Date> {
    let instant = Timestamp::from_second(i64::from(days) * 86_400).ok()?;
    Some(TimeZone::UTC.to_datetime(instant).date())
}

/// The exact product of two decimals, rounded to [`SCALE`] digits: two bills' columns have 18 each, and 36 leave no room.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Multiply {
    signature: Signature,
}

impl ScalarUDFImpl for Multiply {
    fn name(&self) -> &str {
        MULTIPLY
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> EngineResult<DataType> {
        Ok(DataType::Decimal128(PRECISION, SCALE))
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> EngineResult<ColumnarValue> {
        let rows = arguments.number_rows;
        let [left, right] = arguments.args.as_slice() else {
            return Err(DataFusionError::Plan("a product has two factors".to_owned()));
        };
        let (left, right) = (left.to_array(rows)?, right.to_array(rows)?);
        let scale = match (left.data_type(), right.data_type()) {
            (DataType::Decimal128(_, left), DataType::Decimal128(_, right)) => i32::from(*left) + i32::from(*right),
            (left, right) => return Err(DataFusionError::Plan(format!("{left} and {right} are not both decimals"))),
        };
        let factors = left.as_primitive::<Decimal128Type>().iter().zip(right.as_primitive::<Decimal128Type>().iter());
        let products = factors.map(|(left, right)| match left.zip(right) {
            None => Ok(None),
            Some((left, right)) => {
                let product = product(left, right, scale - i32::from(SCALE));
                product.map(Some).ok_or_else(|| DataFusionError::Execution("a product of decimals is too large".to_owned()))
            }
        });
        let products = products.collect::<EngineResult<Decimal128Array>>()?;
        Ok(ColumnarValue::Array(Arc::new(products.with_precision_and_scale(PRECISION, SCALE)?)))
    }
}

/// `left * right / 10^surplus`, halves away from zero.
fn product(left: i128, right: i128, surplus: i32) -> Option<i128> {
    let exact = i256::from_i128(left).checked_mul(i256::from_i128(right))?;
    let power = i256::from_i128(10).checked_pow(surplus.unsigned_abs())?;
    if surplus <= 0 {
        return exact.checked_mul(power)?.to_i128();
    }
    let half = power.checked_div(i256::from_i128(2))?;
    let towards = if exact < i256::ZERO { exact.checked_sub(half)? } else { exact.checked_add(half)? };
    towards.checked_div(power)?.to_i128()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_round_halves_away_from_zero() {
        assert_eq!(product(15, 5, 1), Some(8));
        assert_eq!(product(-15, 5, 1), Some(-8));
        assert_eq!(product(14, 1, 1), Some(1));
        assert_eq!(product(3, 2, -1), Some(60));
        assert_eq!(product(i128::MAX, i128::MAX, 1), None);
    }
}
