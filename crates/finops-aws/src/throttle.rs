//! How AWS asks to slow down.

use std::time::Duration;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_runtime_api::http::Response;

/// Error codes by which services ask to slow down: those of the SDK's own classifier, and Cost Explorer's
/// `LimitExceededException`, which the SDK does not retry.
///
/// Source: <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html> (LimitExceededException: "You
/// made too many calls in a short period of time"), read 2026-11-24.
const CODES: [&str; 16] = [
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "LimitExceededException",
    "PriorRequestNotComplete",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "ThrottlingExceptionException",
    "TooManyRequests",
    "TooManyRequestsException",
    "TransactionInProgressException",
];

pub(crate) fn is_throttle_code(code: &str) -> bool {
    CODES.contains(&code)
}

/// Whether an error's answer asks to slow down. The body is read already.
pub(crate) fn is_throttled(response: &Response) -> bool {
    let status = response.status().as_u16();
    if status == 429 {
        return true;
    }
    if (200..400).contains(&status) {
        return false;
    }
    let in_header = response.headers().get("x-amzn-errortype").map(|code| code.split(':').next().unwrap_or(code));
    if let Some(code) = in_header {
        return is_throttle_code(code.rsplit('#').next().unwrap_or(code));
    }
    let body = String::from_utf8_lossy(response.body().bytes().unwrap_or_default());
    CODES.iter().any(|code| {
        // As JSON and as XML write it.
        body.contains(&format!("{code}\"")) || body.contains(&format!("<Code>{code}</Code>"))
    })
}

/// When the answer says to come back: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>.
pub(crate) fn retry_after(response: &Response) -> Option<Duration> {
    let header = |name| response.headers().get(name).and_then(|text| text.trim().parse::<u64>().ok());
    header("x-amz-retry-after").map(Duration::from_millis).or_else(|| header("retry-after").map(Duration::from_secs))
}

/// Tells the SDK to retry what it would not: Cost Explorer's way of throttling.
#[derive(Debug)]
pub(crate) struct CostExplorerThrottles;

impl ClassifyRetry for CostExplorerThrottles {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response() {
            Some(response) if is_throttled(response) => RetryAction::throttling_error(),
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "throttle codes that the SDK does not know"
    }
}
