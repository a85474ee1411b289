//! Exact sums and counts of rows.

/// Sums in units of 10^-24 (quantity: 10^-15), and row counts.
///
/// Six numbers of 16 bytes; aligned so that they never touch a third cache line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(align(32))]
pub(crate) struct Sums {
    pub(crate) billed: i128,
    pub(crate) effective: i128,
    pub(crate) list: i128,
    pub(crate) contracted: i128,
    pub(crate) quantity: i128,
    pub(crate) counts: Counts,
}

impl Sums {
    /// Adds; `false` where a cost or a count overflows. Quantities stop at the end of the range: their sum over mixed
    /// units means nothing by then.
    #[must_use]
    pub(crate) fn add(&mut self, other: &Self) -> bool {
        let mut fits = true;
        let mut add = |sum: &mut i128, value: i128| match sum.checked_add(value) {
            Some(total) => *sum = total,
            None => fits = false,
        };
        add(&mut self.billed, other.billed);
        add(&mut self.effective, other.effective);
        add(&mut self.list, other.list);
        add(&mut self.contracted, other.contracted);
        self.quantity = self.quantity.saturating_add(other.quantity);
        self.counts.add(other.counts) && fits
    }

    /// The four costs.
    pub(crate) const fn costs(&self) -> [i128; 4] {
        [self.billed, self.effective, self.list, self.contracted]
    }
}

/// How many rows, and how many of them have no list cost and no contracted cost: three counts of 42 bits each, which
/// four million million rows fit into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts(u128);

impl Counts {
    const BITS: u32 = 42;
    const MAX: u64 = (1 << Self::BITS) - 1;

    pub(crate) fn of_row(has_list: bool, has_contracted: bool) -> Self {
        Self(1 << (2 * Self::BITS) | u128::from(!has_list) << Self::BITS | u128::from(!has_contracted))
    }

    /// Adds; `false` where that does not fit. The rows are the highest count and none is larger, so it is they that
    /// overflow, out of the top.
    fn add(&mut self, other: Self) -> bool {
        let sum = self.0 + other.0;
        let fits = sum >> (3 * Self::BITS) == 0;
        if fits {
            self.0 = sum;
        }
        fits
    }

    pub(crate) const fn rows(self) -> u64 {
        (self.0 >> (2 * Self::BITS)) as u64 & Self::MAX
    }

    pub(crate) const fn rows_without_list(self) -> u64 {
        (self.0 >> Self::BITS) as u64 & Self::MAX
    }

    pub(crate) const fn rows_without_contracted(self) -> u64 {
        self.0 as u64 & Self::MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sums_are_small() {
        assert_eq!(size_of::<Sums>(), 96);
    }

    #[test]
    fn too_many_rows_are_noticed() {
        let mut counts = Counts::of_row(false, false);
        for _ in 1..Counts::BITS {
            let twice = counts;
            assert!(counts.add(twice));
        }
        let half = counts;
        assert_eq!([half.rows(), half.rows_without_list(), half.rows_without_contracted()], [1 << 41; 3]);
        assert!(!counts.add(half), "2^42 do not fit");
        assert_eq!(counts, half);
    }

    proptest! {
        #[test]
        fn counts_each_for_itself(rows in proptest::collection::vec(any::<(bool, bool)>(), 0..100)) {
            let mut counts = Counts::default();
            for &(has_list, has_contracted) in &rows {
                prop_assert!(counts.add(Counts::of_row(has_list, has_contracted)));
            }
            prop_assert_eq!(counts.rows(), rows.len() as u64);
            prop_assert_eq!(counts.rows_without_list(), rows.iter().filter(|row| !row.0).count() as u64);
            prop_assert_eq!(counts.rows_without_contracted(), rows.iter().filter(|row| !row.1).count() as u64);
        }
    }
}
