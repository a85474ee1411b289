//! What the tools write, in our words.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_smithy_types::DateTime;
use finops_domain::advice::{AdviceSource, AdvisedAction, NativeAdvice};
use finops_domain::catalog::{Arn, Catalog};
use finops_domain::id::ResourceKind;
use finops_domain::money::Money;
use finops_domain::scope::Partition;
use jiff::Timestamp;
use rust_decimal::Decimal;

/// Advice of which only the least is known.
pub(crate) fn advice(
    source: AdviceSource,
    id: impl Into<Arc<str>>,
    resource_type: impl Into<Arc<str>>,
    action: AdvisedAction,
) -> NativeAdvice {
    NativeAdvice {
        source,
        advice_id: id.into(),
        sub_account_id: None,
        region_id: None,
        resource_id: None,
        resource_kind: None,
        resource_type: resource_type.into(),
        action,
        current: None,
        recommended: None,
        monthly_savings: None,
        monthly_savings_before_discounts: None,
        monthly_cost: None,
        lookback_days: None,
        reasons: Vec::new(),
        measured: BTreeMap::new(),
        refreshed_at: None,
    }
}

/// An amount as the tools send it, a float, in the decimals that it was written with; `None` for one that is no number.
pub(crate) fn money(amount: f64, currency: Option<&str>) -> Option<Money> {
    // Fifteen significant digits, which is what a float keeps of a decimal.
    Some(Money::new(Decimal::try_from(amount).ok()?.normalize(), currency?))
}

/// Days, as some tools send them as a float.
pub(crate) fn days(days: f64) -> Option<u16> {
    let days = Decimal::try_from(days).ok()?.round();
    u16::try_from(days).ok().filter(|days| *days > 0)
}

/// A time of the SDK, to the second: what is after that is what a float left of it.
pub(crate) fn timestamp(time: Option<&DateTime>) -> Option<Timestamp> {
    Timestamp::from_second(time?.secs()).ok()
}

/// A text that says something.
pub(crate) fn text(text: Option<&str>) -> Option<Arc<str>> {
    text.filter(|text| !text.is_empty()).map(Arc::from)
}

/// What was measured: metric, statistic, value.
pub(crate) fn measured<'a>(values: impl IntoIterator<Item = (Option<&'a str>, Option<&'a str>, f64)>) -> BTreeMap<Arc<str>, Arc<str>> {
    let named = |(name, statistic, value): (Option<&str>, Option<&str>, f64)| {
        let name = [name?, statistic.unwrap_or_default()].join(" ");
        Some((Arc::from(name.trim_end()), Arc::from(value.to_string())))
    };
    values.into_iter().filter_map(named).collect()
}

/// The kind of a resource as our catalog names it, from its ARN.
pub(crate) fn kind_of(arn: &str) -> Option<ResourceKind> {
    let found = Catalog::embedded().recognize_arn(&Arn::parse(arn).ok()?)?;
    found.kind.map(|kind| kind.kind.into())
}

/// A Lambda function's ARN without the version that the tools add to it, `:$LATEST`: inventories know the function alone. Any other
/// ARN as it is.
pub(crate) fn without_version(arn: &str) -> &str {
    // arn:aws:lambda:eu-west-1:111122223333:function:name:$LATEST
    const PARTS: usize = 7;
    let is_function = arn.split(':').nth(2) == Some("lambda") && arn.split(':').nth(5) == Some("function");
    let end = arn.match_indices(':').nth(PARTS - 1).map(|(end, _)| end).filter(|_| is_function);
    end.and_then(|end| arn.get(..end)).unwrap_or(arn)
}

/// The ARN of a resource that a tool names by its short id, where ids of its kind begin in a way of their own and the ARN holds
/// nothing else; the id as it is otherwise.
pub(crate) fn arn_of(id: &str, partition: Partition, region: &str, account: &str) -> String {
    let arn = || {
        let shape = Catalog::embedded().recognize_resource_id(id).filter(|_| !id.starts_with("arn:"))?.kind?.arn?;
        let known = shape.replace("{Partition}", partition.as_str()).replace("{Region}", region).replace("{Account}", account);
        let (before, rest) = known.split_once('{')?;
        let (_, after) = rest.split_once('}')?;
        (!after.contains('{')).then(|| format!("{before}{id}{after}"))
    };
    arn().unwrap_or_else(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_the_decimals_that_they_were_written_with() {
        for (amount, expected) in [(60.74, "60.74"), (0.1, "0.1"), (109.79, "109.79"), (0.0, "0"), (12_345.678_9, "12345.6789")] {
            assert_eq!(money(amount, Some("USD")).map(|money| money.amount.to_string()).as_deref(), Some(expected));
        }
        assert_eq!(money(f64::NAN, Some("USD")), None);
        assert_eq!(money(f64::INFINITY, Some("USD")), None);
        assert_eq!(money(1.0, None), None);
    }

    #[test]
    fn only_a_function_has_a_version_to_lose() {
        let function = "arn:aws:lambda:eu-west-1:111122223333:function:f";
        assert_eq!(without_version(&format!("{function}:$LATEST")), function);
        let group = "arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:1:autoScalingGroupName/web";
        for arn in [function, group, "vol-1", ""] {
            assert_eq!(without_version(arn), arn);
        }
    }

    #[test]
    fn days_are_whole_and_few() {
        assert_eq!((days(14.0), days(0.0), days(-1.0), days(1e9), days(f64::NAN)), (Some(14), None, None, None, None));
    }

    #[test]
    fn a_short_id_becomes_an_arn_where_it_tells_its_kind() {
        let arn = |id| arn_of(id, Partition::Aws, "eu-west-1", "111122223333");
        assert_eq!(arn("vol-0a1b"), "arn:aws:ec2:eu-west-1:111122223333:volume/vol-0a1b");
        assert_eq!(arn("i-0a1b"), "arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b");
        assert_eq!(arn("my-database"), "my-database");
        assert_eq!(arn("arn:aws:rds:eu-west-1:111122223333:db:x"), "arn:aws:rds:eu-west-1:111122223333:db:x");
    }
}
