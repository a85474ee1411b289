//! What one bucket is told to do with its objects.

use std::sync::Arc;

use aws_sdk_s3::Client;
use aws_sdk_s3::types::{
    ExpirationStatus, IntelligentTieringAccessTier, IntelligentTieringConfiguration, IntelligentTieringStatus,
    LifecycleRule as SdkLifecycleRule, TransitionStorageClass,
};
use finops_aws::error::port_error;
use finops_aws::operations::s3::{
    GET_BUCKET_LIFECYCLE_CONFIGURATION, GET_BUCKET_VERSIONING, LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS, LIST_MULTIPART_UPLOADS,
};
use finops_aws::place::Place;
use finops_domain::ports::PortError;
use finops_domain::resource::s3::{BucketDetails, IncompleteUploads, IntelligentTiering, LifecycleRule, Transition};

use crate::lister::{count, text, timestamp};
use crate::per_item::{Failures, absent_is_none};

/// Uploads of a page, at most; only one page is read.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html>.
const UPLOADS: i32 = 1_000;

/// Pages of Intelligent-Tiering configurations: a bucket has at most 1,000, a page 100.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketIntelligentTieringConfigurations.html>.
const TIERING_PAGES: usize = 10;

/// The answers of one bucket.
pub(super) struct Settings {
    lifecycle_rules: Result<Vec<LifecycleRule>, PortError>,
    versioning: Result<Arc<str>, PortError>,
    intelligent_tiering: Result<Vec<IntelligentTiering>, PortError>,
    incomplete_uploads: Result<IncompleteUploads, PortError>,
}

impl Settings {
    pub(super) fn into_details(self, failures: &mut Failures) -> BucketDetails {
        BucketDetails {
            versioning: failures.note(self.versioning),
            lifecycle_rules: failures.note(self.lifecycle_rules),
            intelligent_tiering: failures.note(self.intelligent_tiering),
            incomplete_uploads: failures.note(self.incomplete_uploads),
        }
    }
}

pub(super) async fn settings(place: &Place, client: &Client, bucket: &str) -> Settings {
    let (lifecycle_rules, versioning, intelligent_tiering, incomplete_uploads) = futures::join!(
        lifecycle_rules(place, client, bucket),
        versioning(place, client, bucket),
        intelligent_tiering(place, client, bucket),
        incomplete_uploads(place, client, bucket),
    );
    Settings { lifecycle_rules, versioning, intelligent_tiering, incomplete_uploads }
}

async fn lifecycle_rules(place: &Place, client: &Client, bucket: &str) -> Result<Vec<LifecycleRule>, PortError> {
    let answer = client.get_bucket_lifecycle_configuration().bucket(bucket).send().await;
    let answer = answer.map_err(|error| port_error(&GET_BUCKET_LIFECYCLE_CONFIGURATION, place, error));
    // A bucket without rules answers 404 NoSuchLifecycleConfiguration.
    absent_is_none(answer.map(|answer| answer.rules().iter().map(lifecycle_rule).collect()))
}

async fn versioning(place: &Place, client: &Client, bucket: &str) -> Result<Arc<str>, PortError> {
    let answer = client.get_bucket_versioning().bucket(bucket).send().await;
    let answer = answer.map_err(|error| port_error(&GET_BUCKET_VERSIONING, place, error))?;
    Ok(text(answer.status().map(aws_sdk_s3::types::BucketVersioningStatus::as_str)).unwrap_or_else(|| "Disabled".into()))
}

async fn intelligent_tiering(place: &Place, client: &Client, bucket: &str) -> Result<Vec<IntelligentTiering>, PortError> {
    let mut found = Vec::new();
    let mut token = None;
    for _ in 0..TIERING_PAGES {
        let request = client.list_bucket_intelligent_tiering_configurations().bucket(bucket).set_continuation_token(token);
        let answer = request.send().await;
        let answer = answer.map_err(|error| port_error(&LIST_BUCKET_INTELLIGENT_TIERING_CONFIGURATIONS, place, error))?;
        found.extend(answer.intelligent_tiering_configuration_list().iter().map(tiering));
        token = answer.next_continuation_token().map(str::to_owned);
        if token.is_none() {
            break;
        }
    }
    Ok(found)
}

async fn incomplete_uploads(place: &Place, client: &Client, bucket: &str) -> Result<IncompleteUploads, PortError> {
    let answer = client.list_multipart_uploads().bucket(bucket).max_uploads(UPLOADS).send().await;
    let answer = answer.map_err(|error| port_error(&LIST_MULTIPART_UPLOADS, place, error))?;
    Ok(IncompleteUploads {
        count: u32::try_from(answer.uploads().len()).unwrap_or(u32::MAX),
        oldest_at: answer.uploads().iter().filter_map(|upload| upload.initiated().and_then(timestamp)).min(),
        has_more: answer.is_truncated().unwrap_or(false),
    })
}

fn lifecycle_rule(rule: &SdkLifecycleRule) -> LifecycleRule {
    let filter = rule.filter();
    let and = filter.and_then(|filter| filter.and());
    #[expect(deprecated, reason = "rules of before 2015 have their prefix there")]
    let old_prefix = rule.prefix();
    let prefix = filter.and_then(|filter| filter.prefix()).or_else(|| and.and_then(|and| and.prefix())).or(old_prefix);
    let by_one = filter.is_some_and(|filter| {
        filter.tag().is_some() || filter.object_size_greater_than().is_some() || filter.object_size_less_than().is_some()
    });
    let by_many =
        and.is_some_and(|and| !and.tags().is_empty() || and.object_size_greater_than().is_some() || and.object_size_less_than().is_some());
    let expiration = rule.expiration();
    let noncurrent = rule.noncurrent_version_expiration();
    let transition = |class: Option<&TransitionStorageClass>, days| Transition {
        storage_class: text(class.map(aws_sdk_s3::types::TransitionStorageClass::as_str)).unwrap_or_default(),
        after_days: count(days),
    };
    LifecycleRule {
        id: text(rule.id()),
        is_enabled: *rule.status() == ExpirationStatus::Enabled,
        prefix: text(prefix).unwrap_or_default(),
        is_narrowed: by_one || by_many,
        transitions: rule.transitions().iter().map(|to| transition(to.storage_class(), to.days())).collect(),
        expires_after_days: expiration.and_then(|expiration| count(expiration.days())).filter(|days| *days > 0),
        expires_at: expiration.and_then(|expiration| expiration.date()).and_then(timestamp),
        noncurrent_transitions: rule
            .noncurrent_version_transitions()
            .iter()
            .map(|to| transition(to.storage_class(), to.noncurrent_days()))
            .collect(),
        noncurrent_expires_after_days: noncurrent.and_then(|noncurrent| count(noncurrent.noncurrent_days())),
        newer_noncurrent_versions: noncurrent.and_then(|noncurrent| count(noncurrent.newer_noncurrent_versions())),
        aborts_uploads_after_days: rule.abort_incomplete_multipart_upload().and_then(|abort| count(abort.days_after_initiation())),
        removes_expired_delete_markers: expiration
            .and_then(aws_sdk_s3::types::LifecycleExpiration::expired_object_delete_marker)
            .unwrap_or(false),
    }
}

fn tiering(configuration: &IntelligentTieringConfiguration) -> IntelligentTiering {
    let filter = configuration.filter();
    let prefix = filter.and_then(|filter| filter.prefix().or_else(|| filter.and()?.prefix()));
    let days = |tier: &IntelligentTieringAccessTier| {
        configuration.tierings().iter().find(|tiering| tiering.access_tier() == tier).and_then(|tiering| count(Some(tiering.days())))
    };
    IntelligentTiering {
        id: configuration.id().into(),
        is_enabled: *configuration.status() == IntelligentTieringStatus::Enabled,
        prefix: text(prefix).unwrap_or_default(),
        archive_after_days: days(&IntelligentTieringAccessTier::ArchiveAccess),
        deep_archive_after_days: days(&IntelligentTieringAccessTier::DeepArchiveAccess),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types::{
        AbortIncompleteMultipartUpload, IntelligentTieringFilter, LifecycleExpiration, LifecycleRuleAndOperator, LifecycleRuleFilter,
        NoncurrentVersionExpiration, Tag, Tiering, Transition as SdkTransition,
    };

    use super::*;

    #[test]
    fn a_rule_is_read_with_all_that_it_does() {
        let tag = Tag::builder().key("kind").value("log").build().expect("a tag");
        let and = LifecycleRuleAndOperator::builder().prefix("logs/").tags(tag).build();
        let rule = SdkLifecycleRule::builder()
            .id("old")
            .status(ExpirationStatus::Enabled)
            .filter(LifecycleRuleFilter::builder().and(and).build())
            .transitions(SdkTransition::builder().days(30).storage_class(TransitionStorageClass::StandardIa).build())
            .expiration(LifecycleExpiration::builder().days(365).build())
            .noncurrent_version_expiration(NoncurrentVersionExpiration::builder().noncurrent_days(7).newer_noncurrent_versions(2).build())
            .abort_incomplete_multipart_upload(AbortIncompleteMultipartUpload::builder().days_after_initiation(3).build())
            .build()
            .expect("a rule");
        let expected = LifecycleRule {
            id: Some("old".into()),
            is_enabled: true,
            prefix: "logs/".into(),
            is_narrowed: true,
            transitions: vec![Transition { storage_class: "STANDARD_IA".into(), after_days: Some(30) }],
            expires_after_days: Some(365),
            noncurrent_expires_after_days: Some(7),
            newer_noncurrent_versions: Some(2),
            aborts_uploads_after_days: Some(3),
            ..LifecycleRule::default()
        };
        assert_eq!(lifecycle_rule(&rule), expected);
    }

    #[test]
    fn tiers_of_intelligent_tiering_are_told_apart() {
        let deep = Tiering::builder().days(180).access_tier(IntelligentTieringAccessTier::DeepArchiveAccess).build().expect("a tier");
        let configuration = IntelligentTieringConfiguration::builder()
            .id("cold")
            .status(IntelligentTieringStatus::Enabled)
            .filter(IntelligentTieringFilter::builder().prefix("media/").build())
            .tierings(deep)
            .build()
            .expect("a configuration");
        let found = tiering(&configuration);
        assert_eq!((found.archive_after_days, found.deep_archive_after_days, &*found.prefix), (None, Some(180), "media/"));
    }
}
