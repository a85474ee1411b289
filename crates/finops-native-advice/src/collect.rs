//! What a tool said, and what could not be asked.

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use finops_aws::error::port_error;
use finops_aws::operation::Operation;
use finops_aws::place::Place;
use finops_domain::advice::NativeAdvice;
use finops_domain::coverage::CoverageStatus;
use finops_domain::ports::{Gap, PortError};

/// The answer of one tool.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) advice: Vec<NativeAdvice>,
    pub(crate) gaps: Vec<Gap>,
}

impl Heard {
    /// The answer of a request; `None` where it failed, which is then a gap.
    pub(crate) fn answer<T, E>(&mut self, operation: &Operation, place: &Place, answer: Result<T, SdkError<E, Response>>) -> Option<T>
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        answer.map_err(|error| self.fail(&port_error(operation, place, error))).ok()
    }

    /// Notes what could not be asked.
    pub(crate) fn fail(&mut self, error: &PortError) {
        self.gaps.push(Gap::from(error));
    }

    /// Notes that a tool is not switched on, and what switches it on.
    pub(crate) fn is_off(&mut self, operation: &Operation, reason: impl Into<String>, remedy: Option<&str>) {
        let remedy = remedy.map(str::to_owned);
        self.gaps.push(Gap { operation: operation.action.to_owned(), status: CoverageStatus::NotEnabled, reason: reason.into(), remedy });
    }

    /// Takes what another heard.
    pub(crate) fn extend(&mut self, other: Self) {
        self.advice.extend(other.advice);
        self.gaps.extend(other.gaps);
    }
}
