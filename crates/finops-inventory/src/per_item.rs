//! Calls that AWS has only for one resource at a time: a few at once, and what fails in the same way is one gap.

use std::collections::BTreeMap;

use finops_aws::operation::Operation;
use finops_domain::coverage::CoverageStatus;
use finops_domain::ports::{Gap, PortError, PortErrorKind};
use futures::stream::{self, StreamExt};

use crate::lister::Listed;

/// Calls that are under way at once for one list.
const AT_ONCE: usize = 8;

/// Resources of one list that are looked at one by one. At AWS's usual quotas that many take some minutes.
pub(crate) const MAX_ITEMS: usize = 2_000;

/// The answers, in the order of the calls.
pub(crate) async fn in_turn<F: Future>(calls: Vec<F>) -> Vec<F::Output> {
    stream::iter(calls).buffered(AT_ONCE).collect().await
}

/// Nothing, where AWS says by an error that there is nothing.
pub(crate) fn absent_is_none<T: Default>(answer: Result<T, PortError>) -> Result<T, PortError> {
    match answer {
        Err(error) if error.kind == PortErrorKind::NotFound => Ok(T::default()),
        answer => answer,
    }
}

/// What failed of calls for many resources.
#[derive(Debug, Default)]
pub(crate) struct Failures(BTreeMap<(&'static str, CoverageStatus), (usize, Gap)>);

impl Failures {
    /// The answer; `None` where it failed, which is noted.
    pub(crate) fn note<T>(&mut self, answer: Result<T, PortError>) -> Option<T> {
        answer
            .map_err(|error| {
                let gap = Gap::from(&error);
                self.0.entry((error.operation, gap.status)).or_insert((0, gap)).0 += 1;
            })
            .ok()
    }

    /// A gap for each operation and way of failing, with how many of how many resources it is about.
    pub(crate) fn report(self, asked: usize, listed: &mut Listed) {
        listed.gaps.extend(self.0.into_values().map(|(count, mut gap)| {
            gap.reason = format!("{count} of {asked} could not be read, one of them: {}", gap.reason);
            gap
        }));
    }
}

/// Notes that only the first [`MAX_ITEMS`] were looked at one by one.
pub(crate) fn report_left_out(operation: &Operation, found: usize, listed: &mut Listed) {
    if found > MAX_ITEMS {
        let reason = format!("only the first {MAX_ITEMS} of {found} were looked at one by one");
        listed.gaps.push(Gap { operation: operation.action.to_owned(), status: CoverageStatus::Partial, reason, remedy: None });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_in_the_same_way_is_one_gap() {
        let (mut failures, mut listed) = (Failures::default(), Listed::default());
        for bucket in ["a", "b", "c"] {
            let denied = PortError::new(PortErrorKind::Denied, "s3:GetBucketVersioning", bucket);
            assert_eq!(failures.note(Err::<(), _>(denied)), None);
        }
        let slow = PortError::new(PortErrorKind::Throttled, "s3:GetBucketVersioning", "d");
        assert_eq!(failures.note(Err::<(), _>(slow)), None);
        assert_eq!(failures.note(Ok(1)), Some(1));
        failures.report(5, &mut listed);
        assert_eq!(listed.gaps.len(), 2);
        assert!(listed.gaps[0].reason.starts_with("3 of 5 could not be read, one of them: "), "{}", listed.gaps[0].reason);
        assert_eq!(listed.gaps[0].status, CoverageStatus::Denied);
    }

    #[test]
    fn absence_is_no_failure() {
        let missing = PortError::new(PortErrorKind::NotFound, "s3:GetLifecycleConfiguration", "a");
        assert_eq!(absent_is_none(Err::<Vec<u8>, _>(missing)).ok(), Some(Vec::new()));
        let denied = PortError::new(PortErrorKind::Denied, "s3:GetLifecycleConfiguration", "a");
        assert!(absent_is_none(Err::<Vec<u8>, _>(denied)).is_err());
    }
}
