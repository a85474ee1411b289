//! For the families' tests.

use super::standing_usage;
use crate::catalog::Catalog;
use crate::resource::{Resource, ResourceDetails};

/// What a resource with these details is billed for, as usage type and quantity; the catalog has to know each usage type.
pub(super) fn usage(kind: &str, details: impl Into<ResourceDetails>) -> Vec<(String, String)> {
    let mut resource = Resource::new("x-1", kind, "111122223333".into(), Some("eu-west-1".into()));
    resource.details = Some(Box::new(details.into()));
    let usage = standing_usage(&resource);
    for one in &usage {
        let key = &one.key;
        let recognized = Catalog::embedded().recognize_usage(key.service_code.as_str(), &format!("EU-{}", key.usage_type));
        assert!(recognized.and_then(|found| found.dimension).is_some(), "the catalog does not know {key:?}");
    }
    usage.iter().map(|one| (one.key.usage_type.to_string(), one.quantity_per_month.normalize().to_string())).collect()
}

/// The same, as a test writes it.
pub(super) fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, quantity)| ((*name).to_owned(), (*quantity).to_owned())).collect()
}
