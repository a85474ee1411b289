//! Reading a list to its end, page by page, keeping what was read when a page fails.

use std::error::Error;

use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use finops_domain::ports::PortError;

use crate::error::port_error;
use crate::operation::Operation;
use crate::place::Place;

/// Pages that a list may have. A service that answers more than this goes round in circles.
const MAX_PAGES: usize = 20_000;

/// Reads all pages, and gives each to `each`, which returns whether to go on.
///
/// # Errors
/// Where a page could not be read; the pages before it were given to `each`. Where a service answers the same token twice in a row,
/// the SDK's paginators end the list without an error, so what is behind that token is not seen.
pub async fn for_each_page<T, E>(
    operation: &Operation,
    place: &Place,
    mut pages: PaginationStream<Result<T, SdkError<E, Response>>>,
    mut each: impl FnMut(T),
) -> Result<(), PortError>
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    for _ in 0..MAX_PAGES {
        match pages.next().await {
            None => return Ok(()),
            Some(Ok(page)) => each(page),
            Some(Err(error)) => return Err(port_error(operation, place, error)),
        }
    }
    let kind = finops_domain::ports::PortErrorKind::Corrupt;
    Err(PortError::new(kind, operation.action, place.to_string()).with_source(format!("the list did not end after {MAX_PAGES} pages")))
}
