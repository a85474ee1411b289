//! Amazon S3. Names and values are the API's. What a bucket holds is told by CloudWatch's storage metrics, not here.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A general purpose bucket. What could not be read of it is `None`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BucketDetails {
    /// `Enabled` or `Suspended`; `Disabled` where it was never switched on.
    pub versioning: Option<Arc<str>>,
    /// Its lifecycle rules; empty where there are none.
    pub lifecycle_rules: Option<Vec<LifecycleRule>>,
    /// What Intelligent-Tiering may archive; empty where nothing.
    pub intelligent_tiering: Option<Vec<IntelligentTiering>>,
    /// Multipart uploads that were begun and not completed: their parts are billed.
    pub incomplete_uploads: Option<IncompleteUploads>,
}

/// A rule that moves or deletes objects by their age.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LifecycleRule {
    /// Its name.
    pub id: Option<Arc<str>>,
    /// Whether it is obeyed.
    pub is_enabled: bool,
    /// Keys that it is for; empty for all.
    pub prefix: Arc<str>,
    /// Whether tags or sizes narrow it further.
    pub is_narrowed: bool,
    /// Classes that it moves current versions to.
    pub transitions: Vec<Transition>,
    /// Days after which current versions expire.
    pub expires_after_days: Option<u32>,
    /// The day on which current versions expire, where it is not by age.
    pub expires_at: Option<Timestamp>,
    /// Classes that it moves old versions to.
    pub noncurrent_transitions: Vec<Transition>,
    /// Days after which old versions are deleted.
    pub noncurrent_expires_after_days: Option<u32>,
    /// Old versions that are kept whatever their age.
    pub newer_noncurrent_versions: Option<u32>,
    /// Days after which multipart uploads that were not completed are deleted.
    pub aborts_uploads_after_days: Option<u32>,
    /// Whether delete markers without versions are removed.
    pub removes_expired_delete_markers: bool,
}

/// A move to another storage class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// `STANDARD_IA`, `INTELLIGENT_TIERING`, `GLACIER`, …
    pub storage_class: Arc<str>,
    /// Age of the object, or days since it was replaced; `None` where the rule names a date.
    pub after_days: Option<u32>,
}

/// Objects that Intelligent-Tiering may move to its archive tiers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IntelligentTiering {
    /// Its name.
    pub id: Arc<str>,
    /// Whether it is obeyed.
    pub is_enabled: bool,
    /// Keys that it is for; empty for all.
    pub prefix: Arc<str>,
    /// Days without access after which objects move to Archive Access.
    pub archive_after_days: Option<u32>,
    /// Days without access after which objects move to Deep Archive Access.
    pub deep_archive_after_days: Option<u32>,
}

/// Multipart uploads that were not completed, of the first page that S3 gives: the first 1,000 by key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IncompleteUploads {
    /// How many.
    pub count: u32,
    /// When the oldest of them was begun.
    pub oldest_at: Option<Timestamp>,
    /// Whether there are more than were counted.
    pub has_more: bool,
}
