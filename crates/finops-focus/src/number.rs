//! Exact amounts: decimals as whole multiples of 10⁻²⁴ in 128 bits.
//!
//! A cost keeps 24 decimals. A text with more is refused rather than rounded, so no figure is ever silently less
//! than what the bill writes. A binary float stands for the shortest decimal that reads back as the same float.

use rust_decimal::Decimal;

/// Decimals that an amount keeps.
pub(crate) const SCALE: u32 = 24;
/// Decimals that a quantity keeps; finer ones are rounded half to even. Quantities reach further up than costs:
/// bytes and requests of a large bill do not fit beside 24 decimals.
pub(crate) const QUANTITY_SCALE: u32 = 15;

/// A trillion: costs above are refused, since sums of them would leave 128 bits.
const LIMIT: i128 = 10_i128.pow(12 + SCALE);

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const POWERS: [i128; 39] = {
    let mut powers = [1_i128; 39];
    let mut index = 1;
    while index < 39 {
        powers[index] = powers[index - 1] * 10;
        index += 1;
    }
    powers
};

/// Ten to a power; `None` above what 128 bits hold.
pub(crate) fn power_of_ten(exponent: u32) -> Option<i128> {
    POWERS.get(exponent as usize).copied()
}

/// Why a text or a float is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberError {
    /// Not a decimal number.
    NotANumber,
    /// More decimals than [`SCALE`].
    TooFine,
    /// Beyond a trillion (of quantities: what 128 bits hold).
    TooLarge,
}

impl NumberError {
    /// For people.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::NotANumber => "is not a number",
            Self::TooFine => "has more than 24 decimals, and is not rounded silently",
            Self::TooLarge => "is too large for an amount",
        }
    }
}

/// What to do with decimals beyond the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finer {
    /// Refuse.
    Refuse,
    /// Round half to even.
    Round,
}

/// Parses `-12.34`, `1.2E-8`, `+.5`, with spaces around, to a whole number of 10^-scale.
pub(crate) fn parse(text: &[u8], scale: u32, finer: Finer) -> Result<i128, NumberError> {
    let text = text.trim_ascii();
    let (is_negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    if let Some((mantissa, decimals)) = few_digits(digits) {
        return match rescale(i128::from(mantissa), i64::from(scale) - decimals, finer)? {
            value if value > limit(scale) => Err(NumberError::TooLarge),
            value => Ok(if is_negative { -value } else { value }),
        };
    }
    let mut mantissa: i128 = 0;
    let mut decimals: i64 = 0;
    let mut any_digit = false;
    let mut after_point = false;
    // Zeros are held back, so that trailing ones cost no room.
    let mut held_zeros: u32 = 0;
    let mut rest = digits;
    let mut exponent: i64 = 0;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'0'..=b'9' => {
                any_digit = true;
                if after_point {
                    decimals += 1;
                }
                if byte == b'0' {
                    held_zeros = held_zeros.saturating_add(u32::from(mantissa != 0));
                } else {
                    let power = power_of_ten(held_zeros + 1).ok_or(NumberError::TooLarge)?;
                    mantissa = mantissa
                        .checked_mul(power)
                        .and_then(|shifted| shifted.checked_add(i128::from(byte - b'0')))
                        .ok_or(NumberError::TooLarge)?;
                    held_zeros = 0;
                }
            }
            b'.' if !after_point => after_point = true,
            b'e' | b'E' if any_digit => {
                exponent = std::str::from_utf8(rest)
                    .ok()
                    .and_then(|text| text.parse::<i32>().ok())
                    .map(i64::from)
                    .ok_or(NumberError::NotANumber)?;
                break;
            }
            _ => return Err(NumberError::NotANumber),
        }
    }
    if !any_digit {
        return Err(NumberError::NotANumber);
    }
    if mantissa == 0 {
        return Ok(0);
    }
    let shift = i64::from(scale) - decimals + exponent + i64::from(held_zeros);
    let value = rescale(mantissa, shift, finer)?;
    if value > limit(scale) {
        return Err(NumberError::TooLarge);
    }
    Ok(if is_negative { -value } else { value })
}

/// The largest number that is taken.
const fn limit(scale: u32) -> i128 {
    if scale == SCALE { LIMIT } else { i128::MAX / 1000 }
}

/// Digits and decimals of a plain number of at most 18 digits, as nearly all are: 64 bits are much quicker than 128.
/// `None` for any other text, good or bad.
fn few_digits(text: &[u8]) -> Option<(u64, i64)> {
    if text.is_empty() || text.len() > 19 {
        return None;
    }
    let (mut mantissa, mut decimals, mut after_point, mut digits) = (0_u64, 0, false, 0);
    for &byte in text {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + u64::from(byte - b'0');
                decimals += i64::from(after_point);
                digits += 1;
            }
            b'.' if !after_point => after_point = true,
            _ => return None,
        }
    }
    (1..=18).contains(&digits).then_some((mantissa, decimals))
}

/// `value` × 10^shift.
pub(crate) fn rescale(value: i128, shift: i64, finer: Finer) -> Result<i128, NumberError> {
    if shift >= 0 {
        let power = u32::try_from(shift).ok().and_then(power_of_ten).ok_or(NumberError::TooLarge)?;
        return value.checked_mul(power).ok_or(NumberError::TooLarge);
    }
    let Some(power) = u32::try_from(-shift).ok().and_then(power_of_ten) else {
        return if finer == Finer::Refuse { Err(NumberError::TooFine) } else { Ok(0) };
    };
    let (quotient, rest) = (value / power, value % power);
    if rest == 0 {
        return Ok(quotient);
    }
    if finer == Finer::Refuse {
        return Err(NumberError::TooFine);
    }
    let twice = rest.unsigned_abs() * 2;
    let away = twice > power.unsigned_abs() || (twice == power.unsigned_abs() && quotient % 2 != 0);
    Ok(if away { quotient + value.signum() } else { quotient })
}

/// The shortest decimal of a float, as a whole number of 10^-scale. What lies below the scale is rounded: a float of
/// 17 digits that needs more than 24 decimals is under a millionth of a cent, and off by more than that itself.
pub(crate) fn from_float(value: f64, scale: u32) -> Result<i128, NumberError> {
    if value == 0.0 {
        return Ok(0);
    }
    // Up to 15 digits a decimal and its float belong to each other, so a quotient that gives the float back proves
    // that the dividend holds its shortest decimal.
    let scaled = (value * 1e10).round();
    #[expect(clippy::float_cmp, reason = "the very float, or the slow way")]
    if scaled.abs() < 1e15 && scaled / 1e10 == value {
        let digits = i128::from(scaled as i64);
        return rescale(digits, i64::from(scale) - 10, Finer::Round);
    }
    if !value.is_finite() {
        return Err(NumberError::NotANumber);
    }
    if value.abs() >= 1e12 && scale == SCALE {
        return Err(NumberError::TooLarge);
    }
    parse(ryu::Buffer::new().format_finite(value).as_bytes(), scale, Finer::Round)
}

/// The decimal of a whole number of 10^-scale without trailing zeros; `None` where it has more than 28 digits.
pub(crate) fn to_decimal(value: i128, scale: u32) -> Option<Decimal> {
    let (value, scale) = without_trailing_zeros(value, scale);
    Decimal::try_from_i128_with_scale(value, scale).ok()
}

/// The same number with the fewest decimals.
///
/// Divisions of 128 bits are dear and there are four sums a group, so powers are tried by halves, and only while the
/// number's factors of two, which each ten has one of, allow it.
pub(crate) fn without_trailing_zeros(value: i128, scale: u32) -> (i128, u32) {
    if value == 0 {
        return (0, 0);
    }
    let (mut value, mut scale) = (value, scale);
    for zeros in [16, 8, 4, 2, 1] {
        // The largest step may fit twice; each other one is what the step before left.
        while zeros <= scale.min(value.trailing_zeros()) {
            let Some(power) = power_of_ten(zeros) else { break };
            let quotient = value / power;
            if quotient * power != value {
                break;
            }
            (value, scale) = (quotient, scale - zeros);
        }
    }
    (value, scale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cost(text: &str) -> Result<i128, NumberError> {
        parse(text.as_bytes(), SCALE, Finer::Refuse)
    }

    #[test]
    fn trailing_zeros_go_and_nothing_else() {
        for (value, scale, short) in [(0, 24, (0, 0)), (10_i128.pow(24), 24, (1, 0)), (10_i128.pow(30), 24, (10_i128.pow(6), 0))] {
            assert_eq!(without_trailing_zeros(value, scale), short);
        }
        assert_eq!(without_trailing_zeros(-1_230_000, 5), (-123, 1));
        assert_eq!(without_trailing_zeros(7 << 60, 24).0 % 2, 0);
    }

    #[test]
    fn reads_decimals_and_exponents_exactly() {
        let unit = 10_i128.pow(SCALE);
        assert_eq!(cost("12"), Ok(12 * unit));
        assert_eq!(cost(" -0.50 "), Ok(-unit / 2));
        assert_eq!(cost("1.2E-8"), Ok(12 * 10_i128.pow(SCALE - 9)));
        assert_eq!(cost("+1.5e+2"), Ok(150 * unit));
        assert_eq!(cost("0.000000000000000000000001"), Ok(1));
        assert_eq!(cost("1.0000000000000000000000000000000000000000000"), Ok(unit));
        assert_eq!(cost("0.0000000000000000000000001"), Err(NumberError::TooFine));
        assert_eq!(cost("1e30"), Err(NumberError::TooLarge));
        for text in ["", "-", ".", "1,5", "1.2.3", "e5", "1e", "NaN", "inf", "0x10", "1_000"] {
            assert_eq!(cost(text), Err(NumberError::NotANumber), "{text}");
        }
        assert_eq!(parse(b"0.0000000000000005", QUANTITY_SCALE, Finer::Round), Ok(0));
        assert_eq!(parse(b"0.0000000000000015", QUANTITY_SCALE, Finer::Round), Ok(2));
    }

    #[test]
    fn a_float_is_its_shortest_decimal() {
        assert_eq!(from_float(0.1, SCALE), cost("0.1"));
        assert_eq!(from_float(0.1 + 0.2, SCALE), cost("0.30000000000000004"));
        assert_eq!(from_float(1.2e-8, SCALE), cost("0.000000012"));
        assert_eq!(from_float(f64::NAN, SCALE), Err(NumberError::NotANumber));
        assert_eq!(from_float(f64::INFINITY, SCALE), Err(NumberError::NotANumber));
        assert_eq!(from_float(1e300, SCALE), Err(NumberError::TooLarge));
    }

    proptest! {
        #[test]
        fn the_shortest_form_is_the_same_number(value in any::<i64>(), zeros in 0_u32..20, scale in 0_u32..=24) {
            let value = i128::from(value) * 10_i128.pow(zeros);
            let (short, decimals) = without_trailing_zeros(value, scale);
            prop_assert_eq!(short * 10_i128.pow(scale - decimals) * i128::from(value != 0), value);
            prop_assert!(decimals == 0 || short % 10 != 0);
        }

        #[test]
        fn agrees_with_rust_decimal(mantissa in -10_i64.pow(17)..10_i64.pow(17), scale in 0_u32..20) {
            let decimal = Decimal::new(mantissa, scale);
            if decimal.abs() < Decimal::from(10_i64.pow(12)) {
                let value = cost(&decimal.to_string()).unwrap();
                prop_assert_eq!(to_decimal(value, SCALE).unwrap(), decimal);
            }
        }

        #[test]
        fn a_float_reads_back(value in -1e9_f64..1e9) {
            let exact = to_decimal(from_float(value, SCALE).unwrap(), SCALE).unwrap();
            prop_assert_eq!(exact.to_string().parse::<f64>().unwrap().to_bits(), value.to_bits());
        }

        #[test]
        fn fast_and_slow_ways_agree(digits in -999_999_999_999_999_i64..999_999_999_999_999) {
            let value = digits as f64 / 1e10;
            prop_assert_eq!(from_float(value, SCALE), parse(ryu::Buffer::new().format_finite(value).as_bytes(), SCALE, Finer::Round));
        }

        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse(&bytes, SCALE, Finer::Refuse);
            let _ = parse(&bytes, QUANTITY_SCALE, Finer::Round);
        }
    }
}
