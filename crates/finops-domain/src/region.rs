//! The codes by which bills name regions.

/// Billing code and region.
///
/// Source: AWS, "AWS Region billing codes" (docs.aws.amazon.com/global-infrastructure/latest/regions/aws-region-billing-codes.html),
/// read 2026-11-24. `EUW1` is not on that page; some services' usage types have it.
const BILLING_CODES: [(&str, &str); 40] = [
    ("AFS1", "af-south-1"),
    ("APE1", "ap-east-1"),
    ("APE2", "ap-east-2"),
    ("APN1", "ap-northeast-1"),
    ("APN2", "ap-northeast-2"),
    ("APN3", "ap-northeast-3"),
    ("APS1", "ap-southeast-1"),
    ("APS2", "ap-southeast-2"),
    ("APS3", "ap-south-1"),
    ("APS4", "ap-southeast-3"),
    ("APS5", "ap-south-2"),
    ("APS6", "ap-southeast-4"),
    ("APS7", "ap-southeast-5"),
    ("APS8", "ap-southeast-6"),
    ("APS9", "ap-southeast-7"),
    ("CAN1", "ca-central-1"),
    ("CAN2", "ca-west-1"),
    ("CNN1", "cn-north-1"),
    ("CNW1", "cn-northwest-1"),
    ("CPT1", "af-south-1"),
    ("EU", "eu-west-1"),
    ("EUC1", "eu-central-1"),
    ("EUC2", "eu-central-2"),
    ("EUN1", "eu-north-1"),
    ("EUS1", "eu-south-1"),
    ("EUS2", "eu-south-2"),
    ("EUW1", "eu-west-1"),
    ("EUW2", "eu-west-2"),
    ("EUW3", "eu-west-3"),
    ("ILC1", "il-central-1"),
    ("MEC1", "me-central-1"),
    ("MES1", "me-south-1"),
    ("MXC1", "mx-central-1"),
    ("SAE1", "sa-east-1"),
    ("UGE1", "us-gov-east-1"),
    ("UGW1", "us-gov-west-1"),
    ("USE1", "us-east-1"),
    ("USE2", "us-east-2"),
    ("USW1", "us-west-1"),
    ("USW2", "us-west-2"),
];

/// The region that a billing code stands for, a region's own id among them; that of the region that a local or wavelength zone belongs to, where the code
/// begins with it.
///
/// ```
/// use finops_domain::catalog::region_of_billing_code;
/// assert_eq!(region_of_billing_code("APS3"), Some("ap-south-1"));
/// assert_eq!(region_of_billing_code("USE1WL1ATL1"), Some("us-east-1"));
/// assert_eq!(region_of_billing_code("XYZ1"), None);
/// ```
pub fn region_of_billing_code(code: &str) -> Option<&'static str> {
    if let Some((_, region)) = BILLING_CODES.iter().find(|(_, region)| *region == code) {
        return Some(region);
    }
    let of = |code: &str| BILLING_CODES.binary_search_by_key(&code, |(known, _)| known).ok().and_then(|index| BILLING_CODES.get(index));
    of(code).or_else(|| of(code.get(..4)?)).map(|(_, region)| *region)
}

/// The codes that a region's usage types may begin with, the usual one first.
///
/// Those of us-east-1 mostly have none, some `USE1`.
///
/// ```
/// use finops_domain::catalog::billing_codes_of_region;
/// assert_eq!(billing_codes_of_region("eu-west-1").collect::<Vec<_>>(), ["EU", "EUW1"]);
/// assert_eq!(billing_codes_of_region("nowhere-1").next(), None);
/// ```
pub fn billing_codes_of_region(region_id: &str) -> impl Iterator<Item = &'static str> {
    BILLING_CODES.iter().filter(move |(_, region)| *region == region_id).map(|(code, _)| *code)
}

/// The region id that a text begins with, as KMS writes it: `us-east-1-KMS-Keys`.
pub(crate) fn leading_region_id(text: &str) -> Option<&'static str> {
    let is_first = |region: &&str| text.strip_prefix(*region).is_some_and(|rest| rest.starts_with('-'));
    BILLING_CODES.iter().map(|(_, region)| *region).find(is_first)
}

/// Whether a text has the form of a billing code: a region's, or a zone's such as `LAX1` and `USE1WL1ATL1`.
pub(crate) fn is_billing_code(text: &str) -> bool {
    let is_zone = |text: &str| {
        let (letters, digits) = text.split_at_checked(3).unwrap_or((text, ""));
        letters.len() == 3 && letters.bytes().all(|byte| byte.is_ascii_uppercase()) && matches!(digits.as_bytes(), [b'1'..=b'9'])
    };
    region_of_billing_code(text).is_some() || is_zone(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_sorted() {
        assert!(BILLING_CODES.is_sorted_by_key(|(code, _)| *code));
    }

    #[test]
    fn zones_are_codes_too() {
        for code in ["EU", "USW2", "LAX1", "USE1WL1ATL1"] {
            assert!(is_billing_code(code), "{code}");
        }
        for text in ["DataTransfer", "TS", "IA", "EBS:VolumeUsage.gp2", "Requests", "", "Lambda", "ABCD1"] {
            assert!(!is_billing_code(text), "{text}");
        }
    }
}
