//! A lister: one list of one service, read to its end.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::DateTime;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use finops_aws::error::port_error;
use finops_aws::operation::Operation;
use finops_aws::pages::for_each_page;
use finops_aws::place::Place;
use finops_domain::id::RegionId;
use finops_domain::ports::{Gap, PortError};
use finops_domain::resource::{InventoryLayer, Resource, ResourceDetails};
use futures::future::BoxFuture;
use jiff::Timestamp;

/// One list of one service. Those of a service are asked at the same time.
#[derive(Clone, Copy)]
pub(crate) struct Lister {
    /// The service as our catalog names it.
    pub(crate) service: &'static str,
    /// Whether one region answers for all.
    pub(crate) is_global: bool,
    /// What it may call, the list itself first: policies and plans are made of it.
    pub(crate) operations: &'static [&'static Operation],
    /// Reads it.
    pub(crate) list: for<'a> fn(&'a Place) -> BoxFuture<'a, Listed>,
}

/// What a lister read, and what it could not.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    pub(crate) resources: Vec<Resource>,
    pub(crate) gaps: Vec<Gap>,
}

impl Listed {
    /// Reads a paginated list; `each` makes resources of a page. What was read before a page that fails is kept.
    pub(crate) async fn pages<T, E>(
        &mut self,
        operation: &Operation,
        place: &Place,
        pages: PaginationStream<Result<T, SdkError<E, Response>>>,
        mut each: impl FnMut(T, &mut Vec<Resource>),
    ) where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let resources = &mut self.resources;
        if let Err(error) = for_each_page(operation, place, pages, |page| each(page, resources)).await {
            self.fail(&error);
        }
    }

    /// The answer of a single request; `None` where it failed, which is then a gap.
    pub(crate) fn answer<T, E>(&mut self, operation: &Operation, place: &Place, answer: Result<T, SdkError<E, Response>>) -> Option<T>
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        answer.map_err(|error| self.fail(&port_error(operation, place, error))).ok()
    }

    /// Notes what could not be read.
    pub(crate) fn fail(&mut self, error: &PortError) {
        self.gaps.push(Gap::from(error));
    }
}

/// A resource as its service describes it, in the place that was asked.
pub(crate) fn described(place: &Place, resource_id: impl Into<String>, kind: &str, details: impl Into<ResourceDetails>) -> Resource {
    let mut resource = described_as(place, resource_id, kind);
    resource.details = Some(Box::new(details.into()));
    resource
}

/// The same of a kind without typed details.
pub(crate) fn described_as(place: &Place, resource_id: impl Into<String>, kind: &str) -> Resource {
    let mut resource = Resource::new(resource_id.into(), kind, place.account.clone(), Some(place.region.clone()));
    resource.seen_by.insert(InventoryLayer::Service);
    resource
}

/// Tags of an SDK's own type, as `(key, value)`.
pub(crate) fn tags<'a>(pairs: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>)>) -> BTreeMap<Arc<str>, Arc<str>> {
    pairs.into_iter().filter_map(|(key, value)| Some((key?.into(), value.unwrap_or_default().into()))).collect()
}

/// Gives a resource its tags, and its name from the tag `Name` where it has no other.
pub(crate) fn tag(resource: &mut Resource, tags: BTreeMap<Arc<str>, Arc<str>>) {
    resource.name = resource.name.take().or_else(|| tags.get("Name").cloned());
    resource.tags = tags;
}

/// An SDK's time.
pub(crate) fn timestamp(time: &DateTime) -> Option<Timestamp> {
    Timestamp::new(time.secs(), i32::try_from(time.subsec_nanos()).ok()?).ok()
}

/// A text of the SDK, shared.
pub(crate) fn text(text: Option<&str>) -> Option<Arc<str>> {
    text.filter(|text| !text.is_empty()).map(Arc::from)
}

/// A count or size of the SDK; what is negative is none.
pub(crate) fn count(number: Option<i32>) -> Option<u32> {
    number.and_then(|number| u32::try_from(number).ok())
}

/// Marks a resource as one of no region.
pub(crate) fn global(mut resource: Resource) -> Resource {
    resource.region_id = None::<RegionId>;
    resource
}
