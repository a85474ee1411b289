//! The time that is asked for, and how fine CloudWatch's data of that time still is.

use finops_domain::period::ChargePeriod;
use jiff::Timestamp;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// How old data may be, in seconds, to be had at a multiple of so many seconds; older data is at multiples of an hour.
///
/// Source: `Period` in <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html>: 60 seconds up to 15
/// days ago, 300 up to 63, 3,600 before that; with another period no data points of that time are returned. Read 2026-11-24.
const KEPT_AT: [(i64, u32); 2] = [(15 * DAY, 60), (63 * DAY, 300)];
const KEPT_AT_LEAST: u32 = 3_600;

/// A span of whole hours, as old as it is.
///
/// Whole hours, so that the same question within the hour is the same request, and the answer that was kept of it will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// First instant.
    pub(crate) start: Timestamp,
    /// First instant after it.
    pub(crate) end: Timestamp,
    /// Age of the first instant, seconds, as it is at the end of this hour: data must not get too old while we ask.
    age_seconds: i64,
}

impl Window {
    /// The hours that a period touches; `None` where it is empty.
    pub(crate) fn of(period: ChargePeriod, now: Timestamp) -> Option<Self> {
        if period.start >= period.end {
            return None;
        }
        let start = period.start.as_second().div_euclid(HOUR) * HOUR;
        let end = hours_up(period.end);
        let age_seconds = hours_up(now) - start;
        Some(Self { start: Timestamp::from_second(start).ok()?, end: Timestamp::from_second(end).ok()?, age_seconds })
    }

    /// The period that data of this window can be had at: the one that was asked for, or the next greater.
    pub(crate) fn kept_period(&self, asked_seconds: u32) -> u32 {
        let step = KEPT_AT.iter().find(|(age, _)| self.age_seconds < *age).map_or(KEPT_AT_LEAST, |(_, step)| *step);
        asked_seconds.max(1).checked_next_multiple_of(step).unwrap_or(u32::MAX / step * step)
    }

    /// How many data points a metric can have in it.
    pub(crate) fn datapoints(&self, period_seconds: u32) -> u64 {
        let seconds = u64::try_from(self.end.as_second() - self.start.as_second()).unwrap_or(0);
        seconds.div_ceil(u64::from(period_seconds.max(1)))
    }
}

fn hours_up(instant: Timestamp) -> i64 {
    let second = instant.as_second() + i64::from(instant.subsec_nanosecond() > 0);
    -(-second).div_euclid(HOUR) * HOUR
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A window that began so many days before the present, and lasts till now.
    pub(crate) fn last_days(days: i64) -> Window {
        let now = Timestamp::from_second(1_795_500_000 / HOUR * HOUR).unwrap();
        let start = Timestamp::from_second(now.as_second() - days * DAY).unwrap();
        Window::of(ChargePeriod { start, end: now }, now).unwrap()
    }

    #[test]
    fn old_data_is_asked_for_as_coarse_as_it_is_kept() {
        assert_eq!(last_days(14).kept_period(60), 60);
        assert_eq!(last_days(14).kept_period(3_600), 3_600);
        assert_eq!(last_days(15).kept_period(60), 300);
        assert_eq!(last_days(30).kept_period(360), 600);
        assert_eq!(last_days(63).kept_period(300), 3_600);
        assert_eq!(last_days(90).kept_period(86_400), 86_400);
    }

    #[test]
    fn data_that_gets_too_old_within_the_hour_is_too_old_already() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let period = ChargePeriod { start: at("2026-11-09T15:00:00Z"), end: at("2026-11-24T14:00:00Z") };
        let early = Window::of(period, at("2026-11-24T14:00:01Z")).unwrap();
        let late = Window::of(period, at("2026-11-24T14:59:59Z")).unwrap();
        assert_eq!(early, late);
        assert_eq!(early.kept_period(60), 300);
    }

    #[test]
    fn whole_hours_are_left_as_they_are_and_others_filled() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let window =
            Window::of(ChargePeriod { start: at("2026-11-01T10:20:00Z"), end: at("2026-11-01T12:00:00.5Z") }, at("2026-11-02T00:00:00Z"));
        let window = window.unwrap();
        assert_eq!((window.start, window.end), (at("2026-11-01T10:00:00Z"), at("2026-11-01T13:00:00Z")));
        assert_eq!(window.datapoints(3_600), 3);
        assert_eq!(window.datapoints(7_200), 2);
        assert_eq!(Window::of(ChargePeriod { start: window.end, end: window.end }, window.end), None);
    }

    proptest! {
        #[test]
        fn a_kept_period_is_never_finer_than_asked_nor_than_kept(days in 0_i64..500, asked in 0_u32..=u32::MAX) {
            let kept = last_days(days.max(1)).kept_period(asked);
            let step = if days >= 63 { 3_600 } else if days >= 15 { 300 } else { 60 };
            prop_assert_eq!(kept % step, 0);
            prop_assert!(kept >= asked || asked > u32::MAX - 3_600);
            prop_assert!(kept < asked.saturating_add(step).max(step + 1));
        }

        /// So that a request never needs to be cut in time: a metric fits in one, however long the window of 15 months is.
        #[test]
        fn a_metric_has_fewer_datapoints_than_a_request_may_ask_for(days in 1_i64..=455, asked in 1_u32..100_000) {
            let window = last_days(days);
            prop_assert!(window.datapoints(window.kept_period(asked)) <= crate::lookup::MAX_DATAPOINTS);
        }
    }
}
