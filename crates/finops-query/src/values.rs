//! Values of a bill as the engine holds them: exact decimals, UTC timestamps, text.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, BooleanBuilder, Decimal128Builder, StringBuilder, TimestampMicrosecondBuilder};
use datafusion::arrow::compute::kernels::cast_utils::string_to_timestamp_nanos;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use rust_decimal::Decimal;

use crate::focus::ValueKind;

/// Digits of a decimal, before and after the point.
pub(crate) const PRECISION: u8 = 38;
/// Digits after the point. FOCUS asks providers for no scale; the bills of AWS, Microsoft and Oracle that were looked at
/// have up to 15, so 18 leaves room, and 20 digits remain before the point. Further digits are rounded, halves away from zero.
pub(crate) const SCALE: i8 = 18;

/// The type that holds values of a kind.
pub(crate) fn data_type(kind: ValueKind) -> DataType {
    match kind {
        ValueKind::Text | ValueKind::Json => DataType::Utf8,
        ValueKind::Decimal => DataType::Decimal128(PRECISION, SCALE),
        ValueKind::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
        ValueKind::Bool => DataType::Boolean,
    }
}

/// What SQL calls that type.
pub(crate) fn sql_type(data_type: &DataType) -> String {
    match data_type {
        DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8 => "VARCHAR".to_owned(),
        DataType::Decimal128(precision, scale) => format!("DECIMAL({precision},{scale})"),
        DataType::Timestamp(..) => "TIMESTAMP".to_owned(),
        DataType::Boolean => "BOOLEAN".to_owned(),
        DataType::Float64 => "DOUBLE".to_owned(),
        DataType::Int64 => "BIGINT".to_owned(),
        other => other.to_string(),
    }
}

/// Reads a decimal as FOCUS writes one, `-1.5e-7` included, into units of 10^-[`SCALE`].
pub(crate) fn parse_decimal(text: &str) -> Option<i128> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if (whole.is_empty() && fraction.is_empty()) || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // The position of the last digit that is kept, counted from the first digit.
    let kept = i64::try_from(whole.len()).ok()? + i64::from(exponent) + i64::from(SCALE);
    let mut units: i128 = 0;
    let mut position: i64 = 0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        if position < kept {
            units = units.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
        } else if position == kept && byte >= b'5' {
            units = units.checked_add(1)?;
        }
        position += 1;
    }
    if units != 0 {
        for _ in position..kept {
            units = units.checked_mul(10)?;
        }
    }
    (units < 10_i128.pow(u32::from(PRECISION))).then_some(if negative { -units } else { units })
}

/// Units of 10^-scale as text without trailing zeros.
pub(crate) fn decimal_text(units: i128, scale: i8) -> String {
    let negative = units < 0;
    let mut digits = units.unsigned_abs().to_string();
    if scale > 0 {
        let scale = usize::from(scale.unsigned_abs());
        if digits.len() <= scale {
            digits = format!("{}{digits}", "0".repeat(scale + 1 - digits.len()));
        }
        let point = digits.len() - scale;
        let (whole, fraction) = digits.split_at(point);
        let fraction = fraction.trim_end_matches('0');
        digits = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    } else if units != 0 {
        digits.push_str(&"0".repeat(usize::from(scale.unsigned_abs())));
    }
    if negative { format!("-{digits}") } else { digits }
}

/// Reads a time as FOCUS bills write one: with `T` or a space, with or without `Z`, an offset or a fraction, or a date alone.
pub(crate) fn parse_timestamp(text: &str) -> Option<i64> {
    string_to_timestamp_nanos(text.trim()).ok().map(|nanos| nanos.div_euclid(1000))
}

/// Whether a text stands for null in a text file: nothing, or the word that SQL's exports write.
pub(crate) fn is_null_text(text: &str) -> bool {
    text.is_empty() || text == "NULL" || text == "null"
}

/// Collects the values of one column.
#[derive(Debug)]
pub(crate) enum ColumnBuilder {
    Text(StringBuilder),
    Decimal(Decimal128Builder),
    Timestamp(TimestampMicrosecondBuilder),
    Bool(BooleanBuilder),
}

impl ColumnBuilder {
    pub(crate) fn new(kind: ValueKind) -> Self {
        match kind {
            ValueKind::Text | ValueKind::Json => Self::Text(StringBuilder::new()),
            ValueKind::Decimal => Self::Decimal(Decimal128Builder::new().with_data_type(data_type(kind))),
            ValueKind::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new()),
            ValueKind::Bool => Self::Bool(BooleanBuilder::new()),
        }
    }

    pub(crate) fn push_null(&mut self) {
        match self {
            Self::Text(builder) => builder.append_null(),
            Self::Decimal(builder) => builder.append_null(),
            Self::Timestamp(builder) => builder.append_null(),
            Self::Bool(builder) => builder.append_null(),
        }
    }

    /// Adds what a text means; says what it should have been if it means nothing.
    pub(crate) fn push_text(&mut self, text: &str) -> Result<(), &'static str> {
        match self {
            Self::Text(builder) => builder.append_value(text),
            Self::Decimal(builder) => builder.append_value(parse_decimal(text.trim()).ok_or("a decimal")?),
            Self::Timestamp(builder) => builder.append_value(parse_timestamp(text).ok_or("a date and time")?),
            Self::Bool(builder) => builder.append_value(text.trim().to_lowercase().parse().map_err(|_| "true or false")?),
        }
        Ok(())
    }

    /// Adds a text, or null.
    pub(crate) fn push_str(&mut self, text: Option<&str>) {
        match (self, text) {
            (Self::Text(builder), text) => builder.append_option(text),
            (other, _) => other.push_null(),
        }
    }

    /// Adds a decimal, or null.
    pub(crate) fn push_decimal(&mut self, value: Option<Decimal>) {
        let text = value.map(|value| value.to_string());
        match (self, text) {
            (Self::Decimal(builder), Some(text)) => builder.append_option(parse_decimal(&text)),
            (other, _) => other.push_null(),
        }
    }

    /// Adds an instant, or null.
    pub(crate) fn push_instant(&mut self, instant: Option<jiff::Timestamp>) {
        match (self, instant) {
            (Self::Timestamp(builder), instant) => builder.append_option(instant.map(jiff::Timestamp::as_microsecond)),
            (other, _) => other.push_null(),
        }
    }

    pub(crate) fn finish(&mut self) -> ArrayRef {
        match self {
            Self::Text(builder) => Arc::new(builder.finish()),
            Self::Decimal(builder) => Arc::new(builder.finish()),
            Self::Timestamp(builder) => Arc::new(builder.finish()),
            Self::Bool(builder) => Arc::new(builder.finish()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse_decimal(text).map(|units| decimal_text(units, SCALE))
    }

    #[test]
    fn decimals_are_exact_and_exponents_are_read() {
        assert_eq!(read("0.00000080000").as_deref(), Some("0.0000008"));
        assert_eq!(read("-139.73892696000000").as_deref(), Some("-139.73892696"));
        assert_eq!(read("4.5E-7").as_deref(), Some("0.00000045"));
        assert_eq!(read("1e3").as_deref(), Some("1000"));
        assert_eq!(read("-1.5e+2").as_deref(), Some("-150"));
        assert_eq!(read("0.0000000000000000005").as_deref(), Some("0.000000000000000001"));
        assert_eq!(read("1e-30").as_deref(), Some("0"));
        assert_eq!(read("99999999999999999999").as_deref(), Some("99999999999999999999"));
        assert_eq!(read("999999999999999999999"), None);
        for nonsense in ["", ".", "1,5", "abc", "--1", "1e", "0x1"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn times_are_read_in_every_form_that_bills_write() {
        let expected = parse_timestamp("2024-09-01T00:00:00Z");
        assert!(expected.is_some());
        for same in ["2024-09-01", "2024-09-01 00:00:00", "2024-09-01T00:00:00.000Z", "2024-09-01T02:00:00+02:00"] {
            assert_eq!(parse_timestamp(same), expected, "{same}");
        }
        assert_eq!(parse_timestamp("September"), None);
    }
}
