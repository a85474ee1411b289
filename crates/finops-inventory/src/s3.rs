//! Amazon S3: buckets, wherever they are, and what each is told to do with its objects.

mod bucket;

use std::collections::BTreeMap;

use aws_sdk_s3::Client;
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::s3::{
    GET_BUCKET_LIFECYCLE_CONFIGURATION, GET_BUCKET_LOCATION, GET_BUCKET_VERSIONING, LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS,
    LIST_BUCKETS, LIST_MULTIPART_UPLOADS,
};
use finops_aws::place::Place;
use finops_domain::id::RegionId;
use finops_domain::ports::PortError;
use finops_domain::resource::s3::BucketDetails;
use jiff::Timestamp;

use crate::lister::{Listed, Lister, described, timestamp};
use crate::per_item::{Failures, MAX_ITEMS, in_turn, report_left_out};

pub(crate) const LISTERS: &[Lister] = &[Lister {
    service: "s3",
    is_global: true,
    operations: &[
        &LIST_BUCKETS,
        &GET_BUCKET_LOCATION,
        &GET_BUCKET_LIFECYCLE_CONFIGURATION,
        &GET_BUCKET_VERSIONING,
        &LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS,
        &LIST_MULTIPART_UPLOADS,
    ],
    list: |place| Box::pin(buckets(place)),
}];

/// Buckets of a page, at most. A page's size has to be named, else S3 leaves out the buckets' regions.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html>, not confirmed here.
const PAGE_SIZE: i32 = 10_000;

/// A bucket as the list gives it.
struct Bucket {
    name: String,
    region: Option<RegionId>,
    created_at: Option<Timestamp>,
}

async fn buckets(place: &Place) -> Listed {
    let client = client!(aws_sdk_s3, place);
    let mut listed = Listed::default();
    let mut buckets = Vec::new();
    let pages = client.list_buckets().max_buckets(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&LIST_BUCKETS, place, pages, |page, _| {
            buckets.extend(page.buckets().iter().filter_map(|bucket| {
                let region = bucket.bucket_region().map(RegionId::from);
                Some(Bucket { name: bucket.name()?.to_owned(), region, created_at: bucket.creation_date().and_then(timestamp) })
            }));
        })
        .await;
    let mut failures = Failures::default();
    locate(place, &client, &mut buckets, &mut failures).await;

    let regions: BTreeMap<RegionId, (Place, Client)> = buckets
        .iter()
        .filter_map(|bucket| bucket.region.clone())
        .map(|region| (region.clone(), place.in_region(region)))
        .map(|(region, place)| {
            (region, {
                let client = client!(aws_sdk_s3, place);
                (place, client)
            })
        })
        .collect();
    let asked = buckets.iter().take(MAX_ITEMS).filter_map(|bucket| Some((bucket, regions.get(bucket.region.as_ref()?)?)));
    let calls: Vec<_> = asked
        .map(|(found, (place, client))| async move { (&found.name, Box::pin(bucket::settings(place, client, &found.name)).await) })
        .collect();
    let mut details: BTreeMap<&String, BucketDetails> = BTreeMap::new();
    for (name, settings) in in_turn(calls).await {
        details.insert(name, settings.into_details(&mut failures));
    }
    failures.report(buckets.len().min(MAX_ITEMS), &mut listed);
    report_left_out(&GET_BUCKET_LIFECYCLE_CONFIGURATION, buckets.len(), &mut listed);

    listed.resources.extend(buckets.iter().map(|bucket| {
        let arn = format!("arn:{}:s3:::{}", place.partition, bucket.name);
        let mut resource = described(place, arn, "s3:bucket", details.remove(&bucket.name).unwrap_or_default());
        resource.region_id.clone_from(&bucket.region);
        resource.name = Some(bucket.name.as_str().into());
        resource.created_at = bucket.created_at;
        resource
    }));
    listed
}

/// Asks for the region of buckets whose region the list did not say, as older S3-like services do not.
async fn locate(place: &Place, client: &Client, buckets: &mut [Bucket], failures: &mut Failures) {
    let unknown: Vec<&mut Bucket> = buckets.iter_mut().filter(|bucket| bucket.region.is_none()).take(MAX_ITEMS).collect();
    let calls: Vec<_> = unknown.iter().map(|bucket| location(place, client, bucket.name.clone())).collect();
    let regions = in_turn(calls).await;
    for (bucket, region) in unknown.into_iter().zip(regions) {
        bucket.region = failures.note(region);
    }
}

async fn location(place: &Place, client: &Client, bucket: String) -> Result<RegionId, PortError> {
    let answer = client.get_bucket_location().bucket(bucket).send().await;
    let answer = answer.map_err(|error| port_error(&GET_BUCKET_LOCATION, place, error))?;
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
    Ok(match answer.location_constraint().map(aws_sdk_s3::types::BucketLocationConstraint::as_str) {
        None | Some("") => place.partition.global_region().into(),
        Some("EU") => "eu-west-1".into(),
        Some(region) => region.into(),
    })
}
