//! What the SDK says went wrong, in the words of the ports.

use std::error::Error;
use std::fmt;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use finops_domain::ports::{PortError, PortErrorKind};
use finops_resilience::{BreakerOpen, OverBudget};

use crate::operation::Operation;
use crate::place::Place;
use crate::throttle::is_throttle_code;

/// Characters of a foreign answer that an error repeats.
const SHOWN_CHARS: usize = 80;

/// What AWS answered.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {message}")]
struct Answer {
    code: String,
    message: String,
}

/// An answer that is none of AWS's.
#[derive(Debug, thiserror::Error)]
#[error("the endpoint answered HTTP {status} with something that is no AWS answer: `{beginning}`")]
struct ForeignAnswer {
    status: u16,
    beginning: String,
}

/// The error of a request that the SDK gave up on.
pub fn port_error<E>(operation: &Operation, place: &Place, error: SdkError<E, Response>) -> PortError
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let of = |kind| PortError::new(kind, operation.action, place.to_string());
    match error {
        SdkError::ServiceError(error) => {
            let status = error.raw().status().as_u16();
            let code = error.err().code().map(str::to_owned);
            let Some(code) = code else {
                let foreign = foreign(error.raw());
                return of(PortErrorKind::Unavailable).with_source(foreign);
            };
            let kind = kind_of(&code, status);
            let message = error.err().message().unwrap_or("no message").to_owned();
            let mut answer = of(kind).with_source(Answer { code, message });
            answer.remedy = remedy(kind, operation);
            answer
        }
        SdkError::ResponseError(error) => of(PortErrorKind::Corrupt).with_source(foreign(error.raw())),
        SdkError::TimeoutError(_) => of(PortErrorKind::TimedOut),
        SdkError::DispatchFailure(error) => {
            let Some(connector) = error.as_connector_error() else { return of(PortErrorKind::Unavailable) };
            let text = chain(connector);
            let kind = match refusal(connector) {
                Some(kind) => kind,
                // A provider of credentials failed, and not the service.
                None if text.contains("loading credentials") => PortErrorKind::Denied,
                None if connector.is_timeout() => PortErrorKind::TimedOut,
                None => PortErrorKind::Unavailable,
            };
            let mut error = of(kind).with_source(Causes(text));
            error.remedy = (kind == PortErrorKind::Refused).then(|| "raise `--max-api-cost`, or run without what costs".to_owned());
            error
        }
        other => {
            let text = chain(&other);
            // Credentials are found before the request is sent, and their absence is not the service's fault.
            let kind = if text.contains("credential") { PortErrorKind::Denied } else { PortErrorKind::InvalidRequest };
            of(kind).with_source(Causes(text))
        }
    }
}

/// A chain of causes that is only text any more.
#[derive(Debug)]
struct Causes(String);

impl fmt::Display for Causes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Causes {}

fn chain(error: &(dyn Error + 'static)) -> String {
    let mut texts = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        cause = error.source();
    }
    texts.join(": ")
}

/// What our own guards refused, if it was they.
fn refusal(error: &(dyn Error + 'static)) -> Option<PortErrorKind> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<BreakerOpen>() {
            return Some(PortErrorKind::Unavailable);
        }
        if error.is::<OverBudget>() || error.is::<crate::guard::NotInTable>() {
            return Some(PortErrorKind::Refused);
        }
        cause = error.source();
    }
    None
}

fn foreign(response: &Response) -> ForeignAnswer {
    let bytes = response.body().bytes().unwrap_or_default();
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(SHOWN_CHARS * 4)).unwrap_or_default());
    let beginning: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN_CHARS).collect();
    ForeignAnswer { status: response.status().as_u16(), beginning }
}

/// Codes of common errors: <https://docs.aws.amazon.com/general/latest/gr/CommonErrors.html>-style pages of the services, and
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>, read 2026-11-24.
fn kind_of(code: &str, status: u16) -> PortErrorKind {
    const DENIED: [&str; 14] = [
        "AccessDenied",
        "AccessDeniedException",
        "AccessDeniedFault",
        "AuthFailure",
        "AuthorizationError",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "NotAuthorized",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnauthorizedException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    ];
    const NOT_ENABLED: [&str; 8] = [
        "AWSOrganizationsNotInUseException",
        "DataUnavailableException",
        "NotOptedInException",
        "OptInRequired",
        "OptInRequiredException",
        "SubscriptionRequiredException",
        "UnsupportedOperation",
        "UnsupportedOperationException",
    ];
    let code = code.rsplit('#').next().unwrap_or(code);
    if is_throttle_code(code) || status == 429 {
        PortErrorKind::Throttled
    } else if DENIED.contains(&code) || status == 401 || (status == 403 && !NOT_ENABLED.contains(&code)) {
        PortErrorKind::Denied
    } else if NOT_ENABLED.contains(&code) {
        PortErrorKind::NotEnabled
    } else if status == 404 || code.contains("NotFound") {
        PortErrorKind::NotFound
    } else if status >= 500 {
        PortErrorKind::Unavailable
    } else {
        PortErrorKind::InvalidRequest
    }
}

fn remedy(kind: PortErrorKind, operation: &Operation) -> Option<String> {
    match kind {
        PortErrorKind::Denied => Some(format!(r#"allow it: {{"Effect": "Allow", "Action": "{}", "Resource": "*"}}"#, operation.action)),
        PortErrorKind::Throttled => Some("run again later, or with fewer accounts and regions at once".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_apart() {
        assert_eq!(kind_of("UnauthorizedOperation", 403), PortErrorKind::Denied);
        assert_eq!(kind_of("com.amazonaws.x#AccessDeniedException", 400), PortErrorKind::Denied);
        assert_eq!(kind_of("RequestLimitExceeded", 503), PortErrorKind::Throttled);
        assert_eq!(kind_of("OptInRequiredException", 403), PortErrorKind::NotEnabled);
        assert_eq!(kind_of("ResourceNotFoundException", 400), PortErrorKind::NotFound);
        assert_eq!(kind_of("InternalError", 500), PortErrorKind::Unavailable);
        assert_eq!(kind_of("ValidationException", 400), PortErrorKind::InvalidRequest);
    }
}
