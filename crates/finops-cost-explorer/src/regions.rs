//! In which region a usage type is used.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use finops_domain::catalog::region_of_billing_code;
use finops_domain::id::RegionId;
use finops_domain::usage_type;

use crate::row::CostRow;

/// Regions of usage types, as Cost Explorer says, else as their billing codes do.
///
/// Asked by usage type rather than by service: a usage type is mostly of one region, a service hardly ever.
#[derive(Clone, Debug, Default)]
pub(crate) struct Regions {
    /// `None` is the region of what has none: `global`, `NoRegion`.
    of_usage_type: BTreeMap<Arc<str>, BTreeSet<Option<RegionId>>>,
}

impl Regions {
    /// From rows of usage type × region.
    pub(crate) fn of(rows: &[CostRow]) -> Self {
        let mut regions = Self::default();
        for row in rows {
            let [usage_type, region] = &row.keys;
            let region = (!matches!(&**region, "" | "global" | "NoRegion" | "No Region")).then(|| RegionId::from(Arc::clone(region)));
            regions.of_usage_type.entry(Arc::clone(usage_type)).or_default().insert(region);
        }
        regions
    }

    /// The region; `None` where there is none, or it cannot be told.
    pub(crate) fn find(&self, usage_type: &str) -> Option<RegionId> {
        let seen = self.of_usage_type.get(usage_type);
        if let Some(only) = seen.filter(|seen| seen.len() == 1).and_then(BTreeSet::first) {
            return only.clone();
        }
        let by_code = usage_type::parse(usage_type).region_prefix.and_then(region_of_billing_code).map(RegionId::from);
        by_code.filter(|region| seen.is_none_or(|seen| seen.contains(&Some(region.clone()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::tests_support::row;

    #[test]
    fn cost_explorers_word_counts_before_the_billing_code() {
        let regions = Regions::of(&[
            row(1, ["BoxUsage:m5.large", "us-east-1"], "1"),
            row(1, ["HostedZone", "global"], "1"),
            row(1, ["Requests-Tier1", "us-east-1"], "1"),
            row(1, ["Requests-Tier1", "global"], "1"),
            row(1, ["EU-Both", "eu-west-1"], "1"),
            row(1, ["EU-Both", "global"], "1"),
        ]);
        let find = |usage_type| regions.find(usage_type).map(|region| region.to_string());
        assert_eq!(find("BoxUsage:m5.large").as_deref(), Some("us-east-1"));
        assert_eq!(find("HostedZone"), None);
        assert_eq!(find("Requests-Tier1"), None);
        assert_eq!(find("EU-Both").as_deref(), Some("eu-west-1"));
        assert_eq!(find("APS2-BoxUsage:m5.large").as_deref(), Some("ap-southeast-2"));
        assert_eq!(find("Never-Seen"), None);
    }
}
