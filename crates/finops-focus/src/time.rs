//! Instants as bills write them.

/// Seconds since 1970 of a text: `2024-09-18T22:00:00Z`, `2024-09-18 22:00:00`, `….000Z`, `… UTC`, `…+00:00`,
/// `2024-09-18`; without a zone it is UTC, as FOCUS demands. Parts of a second are dropped: nothing is billed by them.
pub(crate) fn parse(text: &[u8]) -> Option<i64> {
    let text = text.trim_ascii();
    let (date, rest) = text.split_at_checked(10)?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date else { return None };
    let year = number(&[y1, y2, y3, y4])?;
    let (month, day) = (number(&[m1, m2])?, number(&[d1, d2])?);
    let days = days_from_civil(year, month, day)?;
    let Some((separator, clock)) = rest.split_first() else { return Some(days * 86_400) };
    if !matches!(separator, b'T' | b't' | b' ') {
        return None;
    }
    let (minutes, rest) = clock.split_at_checked(5)?;
    let &[h1, h2, b':', n1, n2] = minutes else { return None };
    let (hour, minute) = (number(&[h1, h2])?, number(&[n1, n2])?);
    let (second, rest) = match rest {
        [b':', s1, s2, rest @ ..] => (number(&[*s1, *s2])?, rest),
        rest => (0, rest),
    };
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let rest = match rest {
        [b'.', rest @ ..] => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            rest.get(digits..)?
        }
        rest => rest,
    };
    let offset = match rest.trim_ascii() {
        b"" | b"Z" | b"z" | b"UTC" => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', n1, n2] | [sign @ (b'+' | b'-'), h1, h2, n1, n2] => {
            let offset = number(&[*h1, *h2])? * 3600 + number(&[*n1, *n2])? * 60;
            if *sign == b'-' { -offset } else { offset }
        }
        _ => return None,
    };
    Some(days * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0_i64, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))
}

/// Days since 1970 of a Gregorian date; `None` where there is no such day.
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=length).contains(&day) || !(1900..=9000).contains(&year) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
}

/// The first day of the month that a day lies in, both in days since 1970.
pub(crate) fn month_start(days: i64) -> i64 {
    let shifted = days + 719_468;
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    days - (day_of_year - (153 * shifted_month + 2) / 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    #[test]
    fn every_spelling_means_the_same_instant() {
        let expected = "2024-09-18T22:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
        for text in [
            "2024-09-18T22:00:00Z",
            "2024-09-18 22:00:00",
            "2024-09-18T22:00:00.000Z",
            "2024-09-18 22:00:00.000 UTC",
            "2024-09-18 22:00:00 UTC",
            "2024-09-18T22:00Z",
            "2024-09-19T00:00:00+02:00",
        ] {
            assert_eq!(parse(text.as_bytes()), Some(expected), "{text}");
        }
        for text in ["", "2024-13-01", "2024-02-30T00:00:00Z", "18.09.2024", "2024-09-18T25:00:00Z", "2024-09-18T22:00:00 CET"] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_jiff(seconds in -2_000_000_000_i64..200_000_000_000) {
            let instant = jiff::Timestamp::from_second(seconds).unwrap();
            prop_assert_eq!(parse(instant.to_string().as_bytes()), Some(seconds));
            let date: Date = TimeZone::UTC.to_datetime(instant).date();
            let first = TimeZone::UTC.to_timestamp(date.first_of_month().to_datetime(jiff::civil::Time::midnight())).unwrap();
            prop_assert_eq!(month_start(seconds.div_euclid(86_400)) * 86_400, first.as_second());
        }

        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse(&bytes);
        }
    }
}
