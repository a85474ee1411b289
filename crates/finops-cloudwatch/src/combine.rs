//! One series out of those of several dimensions: of a cluster out of its brokers', of an instance out of its disks'.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// Data points, sorted by time, each time once.
pub(crate) type Datapoints = Vec<(Timestamp, f64)>;

/// How values of one time become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Combination {
    /// The sum of the parts is that of the whole.
    Sum,
    /// The greatest: of a maximum the maximum; of a percentile an upper bound, since the busiest part stands for all.
    Greatest,
    /// The least.
    Least,
}

impl Combination {
    /// How a statistic is combined; `None` where its parts do not say what the whole is: an average needs to know their weights, a
    /// trimmed mean all values, and how many samples there were says nothing of the resource.
    pub(crate) fn of(statistic: &str) -> Option<Self> {
        match statistic {
            "Sum" => Some(Self::Sum),
            "Maximum" => Some(Self::Greatest),
            "Minimum" => Some(Self::Least),
            _ => statistic.strip_prefix('p').and_then(|percent| percent.parse::<f64>().ok()).map(|_| Self::Greatest),
        }
    }

    /// The parts as one.
    pub(crate) fn combine(self, parts: &[&Datapoints]) -> Datapoints {
        let mut whole: BTreeMap<Timestamp, f64> = BTreeMap::new();
        for (time, value) in parts.iter().copied().flatten() {
            whole.entry(*time).and_modify(|so_far| *so_far = self.both(*so_far, *value)).or_insert(*value);
        }
        whole.into_iter().collect()
    }

    fn both(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Sum => a + b,
            Self::Greatest => a.max(b),
            Self::Least => a.min(b),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn series(points: &[(i64, f64)]) -> Datapoints {
        points.iter().map(|(hour, value)| (Timestamp::from_second(hour * 3_600).unwrap(), *value)).collect()
    }

    #[test]
    fn each_statistic_in_its_way() {
        let (a, b) = (series(&[(1, 1.0), (2, 5.0)]), series(&[(0, 7.0), (2, 3.0)]));
        let combined = |statistic: &str| Combination::of(statistic).unwrap().combine(&[&a, &b]);
        assert_eq!(combined("Sum"), series(&[(0, 7.0), (1, 1.0), (2, 8.0)]));
        assert_eq!(combined("Maximum"), series(&[(0, 7.0), (1, 1.0), (2, 5.0)]));
        assert_eq!(combined("p99.9"), combined("Maximum"));
        assert_eq!(combined("Minimum"), series(&[(0, 7.0), (1, 1.0), (2, 3.0)]));
    }

    #[test]
    fn what_cannot_be_combined_says_so() {
        for statistic in ["Average", "SampleCount", "tm99", "p", "pr(1:2)", "IQM"] {
            assert_eq!(Combination::of(statistic), None, "{statistic}");
        }
    }

    proptest! {
        #[test]
        fn the_order_of_the_parts_does_not_matter(
            a in prop::collection::btree_map(0_i64..50, -100_i32..100, 0..20),
            b in prop::collection::btree_map(0_i64..50, -100_i32..100, 0..20),
            statistic in prop::sample::select(vec!["Sum", "Maximum", "Minimum", "p50"]),
        ) {
            let of = |points: std::collections::BTreeMap<i64, i32>| {
                series(&points.into_iter().map(|(hour, value)| (hour, f64::from(value))).collect::<Vec<_>>())
            };
            let (a, b) = (of(a), of(b));
            let combination = Combination::of(statistic).unwrap();
            let whole = combination.combine(&[&a, &b]);
            prop_assert_eq!(&whole, &combination.combine(&[&b, &a]));
            prop_assert!(whole.is_sorted_by(|one, next| one.0 < next.0));
            prop_assert_eq!(combination.combine(&[&a]), a);
        }
    }
}
