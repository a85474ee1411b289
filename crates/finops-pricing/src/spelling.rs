//! How the Price List writes a usage type in a region.

use std::borrow::Cow;

use finops_domain::catalog::billing_codes_of_region;
use finops_domain::price::PriceKey;

/// The region whose usage types mostly carry no code.
const WITHOUT_CODE: &str = "us-east-1";

/// The usage type as bills write it: RDS shortens the class, `db.m5.2xl`.
///
/// Source: usage types of AWS's Cost and Usage Reports; see `finops_domain::usage_type::is_instance_type`.
pub(crate) fn as_billed(key: &PriceKey) -> Cow<'_, str> {
    match key.usage_type.strip_suffix("xlarge") {
        Some(stem) if key.service_code.as_str() == "AmazonRDS" => Cow::Owned(format!("{stem}xl")),
        _ => Cow::Borrowed(&key.usage_type),
    }
}

/// Every way to write a key's usage type in its region, the likeliest first.
///
/// Most services begin it with the region's billing code, and with none in us-east-1, some with `USE1` there; KMS begins it with
/// the region's id. Source: <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-region-billing-codes.html>, and
/// for KMS the catalog's usage types.
pub(crate) fn spellings(key: &PriceKey) -> Vec<String> {
    let region = key.region_id.as_str();
    let usage_type = as_billed(key);
    let mut spellings: Vec<String> = Vec::new();
    if region == WITHOUT_CODE {
        spellings.push(usage_type.clone().into_owned());
    }
    spellings.extend(billing_codes_of_region(region).map(|code| format!("{code}-{usage_type}")));
    let by_id = format!("{region}-{usage_type}");
    if key.service_code.as_str() == "awskms" {
        spellings.insert(0, by_id);
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(service: &str, region: &str, usage_type: &str) -> PriceKey {
        PriceKey { service_code: service.into(), region_id: region.into(), usage_type: usage_type.into(), operation: None }
    }

    #[test]
    fn a_usage_type_is_tried_as_the_region_writes_it() {
        assert_eq!(spellings(&key("AmazonEC2", "us-east-1", "BoxUsage:m5.large")), ["BoxUsage:m5.large", "USE1-BoxUsage:m5.large"]);
        assert_eq!(spellings(&key("AmazonEC2", "eu-west-1", "NatGateway-Hours")), ["EU-NatGateway-Hours", "EUW1-NatGateway-Hours"]);
        assert_eq!(spellings(&key("AmazonEC2", "us-west-2", "NatGateway-Hours")), ["USW2-NatGateway-Hours"]);
        assert_eq!(spellings(&key("awskms", "us-west-2", "KMS-Keys")), ["us-west-2-KMS-Keys", "USW2-KMS-Keys"]);
        assert_eq!(spellings(&key("AmazonEC2", "nowhere-1", "NatGateway-Hours")), Vec::<String>::new());
    }

    #[test]
    fn rds_shortens_its_classes() {
        assert_eq!(as_billed(&key("AmazonRDS", "us-east-1", "InstanceUsage:db.m5.2xlarge")), "InstanceUsage:db.m5.2xl");
        assert_eq!(as_billed(&key("AmazonRDS", "us-east-1", "InstanceUsage:db.m5.large")), "InstanceUsage:db.m5.large");
        assert_eq!(as_billed(&key("AmazonEC2", "us-east-1", "BoxUsage:m5.2xlarge")), "BoxUsage:m5.2xlarge");
    }
}
