//! AWS usage types: `USW2-BoxUsage:m5.large` taken apart, and what they tell.

use crate::region::{is_billing_code, leading_region_id};

/// A usage type in its parts, borrowed from the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageType<'a> {
    /// `USW2`, `EU`, `APN1` …; `None` for us-east-1, whose usage types often carry none, and global ones.
    pub region_prefix: Option<&'a str>,
    /// What is measured: `BoxUsage`, `EBS:VolumeUsage.gp2`, `NatGateway-Bytes`.
    pub measure: &'a str,
    /// What follows a colon where that is an instance type or class: `m5.large`, `db.r5.xlarge`.
    pub instance_type: Option<&'a str>,
}

/// Takes a usage type apart.
///
/// The prefix is a region's billing code or id, that of a local or wavelength zone, or `Global`.
///
/// ```
/// use finops_domain::usage_type::parse;
/// let parsed = parse("USW2-BoxUsage:m5.large");
/// assert_eq!((parsed.region_prefix, parsed.measure, parsed.instance_type), (Some("USW2"), "BoxUsage", Some("m5.large")));
/// assert_eq!(parse("EBS:VolumeUsage.gp2").measure, "EBS:VolumeUsage.gp2");
/// ```
pub fn parse(usage_type: &str) -> UsageType<'_> {
    let by_id = leading_region_id(usage_type).and_then(|region| usage_type.split_at_checked(region.len()));
    let (region_prefix, rest) =
        match by_id.map(|(region, rest)| (region, rest.trim_start_matches('-'))).or_else(|| usage_type.split_once('-')) {
            Some(("Global", rest)) if !rest.is_empty() => (None, rest),
            Some((prefix, rest)) if (is_billing_code(prefix) || by_id.is_some()) && !rest.is_empty() => (Some(prefix), rest),
            _ => (None, usage_type),
        };
    match rest.rsplit_once(':') {
        Some((measure, detail)) if is_instance_type(detail) => UsageType { region_prefix, measure, instance_type: Some(detail) },
        _ => UsageType { region_prefix, measure: rest, instance_type: None },
    }
}

/// Whether a text has the form of an instance type or class: dotted parts, the last a size.
pub fn is_instance_type(text: &str) -> bool {
    let Some((family, size)) = text.rsplit_once('.') else { return false };
    let known_size = ["nano", "micro", "small", "medium", "large", "metal", "search", "elasticsearch"].contains(&size)
        || size.ends_with("xlarge")
        // RDS writes `db.m5.xl` and `db.m5.2xl` in its usage types.
        || size.strip_suffix("xl").is_some_and(|count| count.bytes().all(|byte| byte.is_ascii_digit()))
        || size.starts_with("metal-");
    known_size && family.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether usage is of the kind that a Compute Savings Plan covers: EC2 instances, Fargate, Lambda.
///
/// Source: AWS, "What are Savings Plans?" (Compute Savings Plans apply to EC2 instance usage, AWS Fargate
/// and AWS Lambda, regardless of family, size, zone, region, operating system or tenancy), read 2026-11.
/// Spot usage is excluded by its own measure (`SpotUsage`).
pub fn is_compute_savings_plan_eligible(service_code: Option<&str>, usage_type: Option<&str>, instance_type: Option<&str>) -> bool {
    let measure = usage_type.map(|text| parse(text).measure);
    match (service_code, measure) {
        (Some("AmazonEC2"), Some(measure)) => ["BoxUsage", "DedicatedUsage", "HostBoxUsage"].contains(&measure),
        (Some("AmazonEC2"), None) => instance_type.is_some(),
        (Some("AmazonECS" | "AmazonEKS"), Some(measure)) => measure.contains("Fargate"),
        (Some("AWSLambda"), Some(measure)) => measure.starts_with("Lambda-GB-Second") || measure.starts_with("Lambda-Provisioned"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_prefixes_and_instance_types() {
        assert_eq!(parse("BoxUsage:c5.4xlarge"), UsageType { region_prefix: None, measure: "BoxUsage", instance_type: Some("c5.4xlarge") });
        assert_eq!(parse("EU-NatGateway-Bytes").measure, "NatGateway-Bytes");
        assert_eq!(parse("APN1-Multi-AZUsage:db.r5.large").instance_type, Some("db.r5.large"));
        assert_eq!(parse("APN1-Multi-AZUsage:db.r5.large").measure, "Multi-AZUsage");
        assert_eq!(parse("EU-InstanceUsage:db.m4.2xl").instance_type, Some("db.m4.2xl"));
        assert_eq!(parse("EU-InstanceUsage:db.m4.xl").instance_type, Some("db.m4.xl"));
        assert_eq!(parse("DataTransfer-Regional-Bytes").region_prefix, None);
        assert_eq!(parse("EUW1-USE1-AWS-Out-Bytes").measure, "USE1-AWS-Out-Bytes");
        assert_eq!(parse("EBS:VolumeUsage.gp2").instance_type, None);
        assert_eq!(parse("us-east-1-KMS-Keys"), UsageType { region_prefix: Some("us-east-1"), measure: "KMS-Keys", instance_type: None });
        assert_eq!(parse("Global-Requests"), UsageType { region_prefix: None, measure: "Requests", instance_type: None });
    }

    #[test]
    fn spot_is_not_covered_by_a_savings_plan() {
        assert!(is_compute_savings_plan_eligible(Some("AmazonEC2"), Some("EU-BoxUsage:m5.large"), None));
        assert!(!is_compute_savings_plan_eligible(Some("AmazonEC2"), Some("EU-SpotUsage:m5.large"), None));
        assert!(!is_compute_savings_plan_eligible(Some("AmazonRDS"), Some("InstanceUsage:db.m5.large"), None));
    }
}
