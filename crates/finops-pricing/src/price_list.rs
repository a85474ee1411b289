//! The AWS Price List as a catalog of prices.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_pricing::types::{Filter, FilterType};
use finops_aws::client;
use finops_aws::operations::pricing::GET_PRODUCTS;
use finops_aws::pages::for_each_page;
use finops_aws::place::Place;
use finops_aws::session::Session;
use finops_domain::id::RegionId;
use finops_domain::ports::{PortError, PortErrorKind, PortResult, PriceCatalog};
use finops_domain::price::{PriceKey, UnitPrice};
use finops_domain::scope::Partition;
use finops_domain::utilization::{MissingReason, Observed};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};

use crate::product::{Product, unit_price};
use crate::spelling::{as_billed, spellings};

/// Questions that are asked at the same time.
const CONCURRENT: usize = 8;

/// The greatest page: <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html>, read 2026-11-24.
const PAGE_SIZE: i32 = 100;

/// Regions where the Price List answers, for the whole partition, the first by default.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/billing.html> (AWS Price List) and
/// <https://docs.amazonaws.cn/en_us/awsaccountbilling/latest/aboutv2/price-changes.html>, read 2026-11-24. GovCloud has none.
const ENDPOINTS: [&str; 3] = ["us-east-1", "eu-central-1", "ap-south-1"];
const ENDPOINTS_CN: [&str; 1] = ["cn-northwest-1"];

/// On-demand prices of the AWS Price List.
///
/// One question for each service, region and usage type, whatever operations are asked of it, and another where AWS writes the usage
/// type in another way there. The prices are list prices in the partition's currency: USD, and CNY in China.
#[derive(Clone, Debug)]
pub struct PriceListCatalog {
    session: Arc<Session>,
}

impl PriceListCatalog {
    /// The Price List as the session's own account sees it.
    pub fn new(session: Arc<Session>) -> Self {
        Self { session }
    }

    async fn place(&self) -> PortResult<Place> {
        let endpoints: &[&str] = match self.session.partition() {
            Partition::Aws => &ENDPOINTS,
            Partition::AwsCn => &ENDPOINTS_CN,
            Partition::AwsUsGov => &[],
        };
        let near = endpoints.iter().find(|region| **region == self.session.region().as_str()).or(endpoints.first());
        let Some(region) = near else {
            let error = PortError::new(PortErrorKind::NotEnabled, GET_PRODUCTS.action, self.session.partition().to_string());
            return Err(error.with_source("the Price List has no endpoint in this partition"));
        };
        Ok(self.session.place(self.session.account(), &RegionId::from(*region)).await)
    }
}

#[async_trait]
impl PriceCatalog for PriceListCatalog {
    async fn list_unit_prices(&self, keys: &[PriceKey]) -> PortResult<Vec<Observed<UnitPrice>>> {
        let place = self.place().await?;
        let questions: BTreeSet<PriceKey> = keys.iter().map(question).collect();
        let asked: Vec<BoxFuture<'_, _>> = questions.into_iter().map(|question| answer(&place, question).boxed()).collect();
        let answers: BTreeMap<PriceKey, PortResult<Vec<Product>>> = stream::iter(asked).buffer_unordered(CONCURRENT).collect().await;
        let prices = keys.iter().map(|key| match answers.get(&question(key)) {
            Some(Ok(products)) => unit_price(products, key.operation.as_deref(), currency_of(key))
                .map_or(Observed::Missing(MissingReason::NoData), Observed::Value),
            Some(Err(error)) => Observed::Missing(reason(error.kind)),
            None => Observed::Missing(MissingReason::NotCollected),
        });
        let prices = prices.collect();
        let is_nothing_read = !answers.is_empty() && answers.values().all(Result::is_err);
        match answers.into_values().find_map(Result::err) {
            Some(error) if is_nothing_read => Err(error),
            _ => Ok(prices),
        }
    }
}

/// What one question is about: the key of no operation, since the answer holds those of all.
fn question(key: &PriceKey) -> PriceKey {
    PriceKey { usage_type: as_billed(key).into(), operation: None, ..key.clone() }
}

async fn answer(place: &Place, question: PriceKey) -> (PriceKey, PortResult<Vec<Product>>) {
    let products = products(place, &question).await;
    (question, products)
}

fn currency_of(key: &PriceKey) -> &'static str {
    match Partition::of_region(key.region_id.as_str()) {
        Partition::AwsCn => "CNY",
        Partition::Aws | Partition::AwsUsGov => "USD",
    }
}

/// Why a price is missing where asking for it ended so.
pub(crate) fn reason(kind: PortErrorKind) -> MissingReason {
    match kind {
        PortErrorKind::Denied | PortErrorKind::Refused => MissingReason::Denied,
        PortErrorKind::NotFound => MissingReason::NoData,
        _ => MissingReason::Failed,
    }
}

/// The products of the first spelling that has any.
async fn products(place: &Place, key: &PriceKey) -> PortResult<Vec<Product>> {
    for spelling in spellings(key) {
        let products = products_of(place, key, &spelling).await?;
        if !products.is_empty() {
            return Ok(products);
        }
    }
    Ok(Vec::new())
}

async fn products_of(place: &Place, key: &PriceKey, usage_type: &str) -> PortResult<Vec<Product>> {
    let filter = |field: &str, value: &str| Filter::builder().r#type(FilterType::TermMatch).field(field).value(value).build();
    let filters = [filter("regionCode", key.region_id.as_str()), filter("usagetype", usage_type)];
    let filters: Result<Vec<Filter>, _> = filters.into_iter().collect();
    let filters = filters
        .map_err(|error| PortError::new(PortErrorKind::InvalidRequest, GET_PRODUCTS.action, usage_type.to_owned()).with_source(error))?;
    let pages = client!(aws_sdk_pricing, place)
        .get_products()
        .service_code(key.service_code.as_str())
        .set_filters(Some(filters))
        .format_version("aws_v1")
        .max_results(PAGE_SIZE)
        .into_paginator()
        .send();
    let mut products = Vec::new();
    let mut unreadable = None;
    for_each_page(&GET_PRODUCTS, place, pages, |page| {
        for text in page.price_list() {
            match Product::parse(text) {
                Ok(product) => products.push(product),
                Err(error) => unreadable = Some(error),
            }
        }
    })
    .await?;
    // A product that is not understood could have had another price.
    match unreadable {
        Some(error) => Err(PortError::new(PortErrorKind::Corrupt, GET_PRODUCTS.action, usage_type.to_owned()).with_source(error)),
        None => Ok(products),
    }
}
