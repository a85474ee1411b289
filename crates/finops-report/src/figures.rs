//! Figures as people read them: thousands separators, shares, trends, dates.

use finops_domain::id::Currency;
use finops_domain::money::round_to_cents;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// `12,345.67`.
pub(crate) fn money(amount: Decimal) -> String {
    grouped(&format!("{:.2}", round_to_cents(amount)))
}

/// `12,345.67 USD`.
pub(crate) fn money_of(amount: Decimal, currency: &Currency) -> String {
    format!("{} {currency}", money(amount))
}

/// `+12,345.67`, `-1.00`, `0.00`.
pub(crate) fn signed_money(amount: Decimal) -> String {
    let text = money(amount);
    if round_to_cents(amount) > Decimal::ZERO { format!("+{text}") } else { text }
}

/// A quantity with all the digits that matter: at most six decimals, no zeros at the end.
pub(crate) fn quantity(value: Decimal) -> String {
    let rounded = value.round_dp(6).normalize();
    if rounded.is_zero() && !value.is_zero() { grouped(&value.normalize().to_string()) } else { grouped(&rounded.to_string()) }
}

/// A ratio as `12.3 %`.
pub(crate) fn percent(ratio: Decimal) -> String {
    format!("{} %", grouped(&format!("{:.1}", ratio.saturating_mul(Decimal::ONE_HUNDRED).round_dp(1))))
}

/// A ratio as `+12.3 %`.
pub(crate) fn signed_percent(ratio: Decimal) -> String {
    let sign = if ratio > Decimal::ZERO { "+" } else { "" };
    format!("{sign}{}", percent(ratio))
}

/// A part of a whole as a ratio; 0 where there is no whole. Never panics, whatever a report's figures are.
pub(crate) fn share(part: Decimal, whole: Decimal) -> Decimal {
    part.checked_div(whole).unwrap_or_default()
}

fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut text = String::from(sign);
    for (at, c) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// `1 finding`, `2 findings`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(&number.to_string()), if number == 1 { one } else { many })
}

/// The UTC day of an instant.
pub(crate) fn day(instant: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(instant).date()
}

/// `2025-11-24 12:00 UTC`.
pub(crate) fn moment(instant: Timestamp) -> String {
    let at = TimeZone::UTC.to_datetime(instant);
    format!("{} {:02}:{:02} UTC", at.date(), at.hour(), at.minute())
}

/// First and last day of a half-open period: `2025-10-01 to 2025-10-31`.
pub(crate) fn period(start: Option<Timestamp>, end: Option<Timestamp>) -> Option<String> {
    let (start, end) = (start?, end?);
    let last = Timestamp::from_second(end.as_second() - 1).unwrap_or(end);
    let (first, last) = (day(start), day(last.max(start)));
    Some(if first == last { first.to_string() } else { format!("{first} to {last}") })
}

/// A line of blocks, the greatest value as a full one, all from zero.
pub(crate) fn sparkline(values: &[Decimal]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let greatest = values.iter().copied().max().unwrap_or_default();
    let block = |value: &Decimal| {
        if greatest <= Decimal::ZERO || *value <= Decimal::ZERO {
            return '▁';
        }
        let level = share(*value, greatest).saturating_mul(Decimal::from(8)).ceil().to_usize().unwrap_or(1).clamp(1, 8);
        BLOCKS.get(level - 1).copied().unwrap_or('▁')
    };
    values.iter().map(block).collect()
}

/// A bar of a share, `width` characters long at 1, filled up with spaces.
pub(crate) fn bar(share: Decimal, width: usize) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let share = share.clamp(Decimal::ZERO, Decimal::ONE);
    let eighths = (share * Decimal::from(width * 8)).round().to_usize().unwrap_or(0);
    let eighths = if share > Decimal::ZERO { eighths.max(1) } else { 0 };
    let mut text = "█".repeat(eighths / 8);
    text.push_str(PARTS.get(eighths % 8).copied().unwrap_or(""));
    let used = eighths.div_ceil(8);
    text.push_str(&" ".repeat(width.saturating_sub(used)));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn figures_are_grouped_and_rounded_for_reading() {
        assert_eq!(money(decimal("-1234567.895")), "-1,234,567.90");
        assert_eq!(money(decimal("999.994")), "999.99");
        assert_eq!(signed_money(decimal("0.001")), "0.00");
        assert_eq!(signed_money(decimal("12")), "+12.00");
        assert_eq!(quantity(decimal("1000.500000")), "1,000.5");
        assert_eq!(quantity(decimal("0.00000012")), "0.00000012");
        assert_eq!(percent(decimal("0.1234")), "12.3 %");
        assert_eq!(signed_percent(decimal("-0.05")), "-5.0 %");
    }

    #[test]
    fn bars_and_sparklines_have_the_length_they_should() {
        assert_eq!(bar(decimal("0.5"), 10), "█████     ");
        assert_eq!(bar(decimal("0.0001"), 4), "▏   ");
        assert_eq!(bar(decimal("7"), 2), "██");
        assert_eq!(bar(decimal("-1"), 2), "  ");
        assert_eq!(sparkline(&[decimal("0"), decimal("5"), decimal("10")]), "▁▄█");
    }

    #[test]
    fn a_period_ends_on_its_last_day() {
        let start = "2025-10-01T00:00:00Z".parse().ok();
        let end = "2025-11-01T00:00:00Z".parse().ok();
        assert_eq!(period(start, end).as_deref(), Some("2025-10-01 to 2025-10-31"));
        assert_eq!(period(None, end), None);
    }
}
