//! On-demand list prices of instance types and of the types that take their place, size for size.
//!
//! Two families of a pair have the same vCPUs and about the same memory at each size. Prices are Linux on-demand in
//! us-east-1; only their ratio is used, as it is close to the same in every region.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use crate::charge::{ChargeKey, PricingCategory};
use crate::checks::CheckContext;
use crate::checks::part::{Part, Place, measures};
use crate::checks::unit_price::effective;
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, NotEvaluated, SavingsBasis};

/// A family and the one that takes its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    /// The family as it is: `m4`.
    pub family: &'static str,
    /// What takes its place: `m5`.
    pub successor: &'static str,
    /// The sizes that both have.
    pub sizes: &'static [&'static str],
    /// Hourly price in 1/100,000 USD of a size of `family`: the one whose ratio saves least.
    pub price: i64,
    /// The same of `successor`.
    pub successor_price: i64,
}

const PRICES: &str = "AWS Price List, Amazon EC2 Linux on-demand, us-east-1";
const PRICES_AS_OF: Date = date(2026, 7, 20);

const fn pair(family: &'static str, successor: &'static str, sizes: &'static [&'static str], price: i64, successor_price: i64) -> Pair {
    Pair { family, successor, sizes, price, successor_price }
}

const TO_16: &[&str] = &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const TO_16_WITH_MEDIUM: &[&str] = &["medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const C5: &[&str] = &["large", "xlarge", "2xlarge", "4xlarge", "12xlarge"];
const BURSTABLE: &[&str] = &["nano", "micro", "small", "medium", "large", "xlarge", "2xlarge"];

/// Previous generations and a current one with the same processor architecture.
pub(super) const PREVIOUS_GENERATIONS: &[Pair] = &[
    pair("t1", "t3", &["micro"], 2000, 1040),
    pair("t2", "t3", BURSTABLE, 2300, 2080),
    pair("m1", "m5", &["large", "xlarge"], 17_500, 9600),
    pair("m3", "m5", &["large", "xlarge", "2xlarge"], 13_300, 9600),
    pair("m4", "m5", &["large", "xlarge", "2xlarge", "4xlarge", "16xlarge"], 10_000, 9600),
    pair("c1", "c5", &["xlarge"], 52_000, 17_000),
    pair("c3", "c6i", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"], 10_500, 8500),
    pair("c4", "c6i", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"], 159_100, 136_000),
    pair("r3", "r5", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"], 16_600, 12_600),
    pair("r4", "r5", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"], 13_300, 12_600),
    pair("i2", "i3", &["xlarge", "2xlarge", "4xlarge", "8xlarge"], 170_500, 62_400),
    pair("d2", "d3", &["xlarge", "2xlarge", "4xlarge", "8xlarge"], 138_000, 99_900),
];

/// Families of x86 processors and one of AWS's Graviton processors.
pub(super) const GRAVITON: &[Pair] = &[
    pair("t3", "t4g", BURSTABLE, 4160, 3360),
    pair("t3a", "t4g", BURSTABLE, 7520, 6720),
    pair("m5", "m6g", TO_16, 9600, 7700),
    pair("m5a", "m6g", TO_16, 8600, 7700),
    pair("m5d", "m6gd", TO_16, 11_300, 9040),
    pair("m6i", "m7g", TO_16, 9600, 8160),
    pair("m6a", "m7g", TO_16, 8640, 8160),
    pair("m7i", "m7g", TO_16, 10_080, 8160),
    pair("m7a", "m7g", TO_16_WITH_MEDIUM, 11_592, 8160),
    pair("c5", "c6g", C5, 8500, 6800),
    pair("c5a", "c6g", TO_16, 7700, 6800),
    pair("c5d", "c6gd", C5, 9600, 7680),
    pair("c6i", "c7g", TO_16, 8500, 7250),
    pair("c6a", "c7g", TO_16, 7650, 7250),
    pair("c7i", "c7g", TO_16, 8925, 7250),
    pair("r5", "r6g", TO_16, 12_600, 10_080),
    pair("r5a", "r6g", TO_16, 11_300, 10_080),
    pair("r5d", "r6gd", TO_16, 14_400, 11_520),
    pair("r6i", "r7g", TO_16, 12_600, 10_710),
    pair("r6a", "r7g", TO_16, 11_340, 10_710),
    pair("r7i", "r7g", TO_16, 13_230, 10_710),
];

/// The pair of an instance type, and its successor's name; `None` where no type of the same size takes its place.
pub(super) fn successor(pairs: &'static [Pair], instance_type: &str) -> Option<(&'static Pair, String)> {
    let (family, size) = instance_type.split_once('.')?;
    let pair = pairs.iter().find(|pair| pair.family == family && pair.sizes.contains(&size))?;
    Some((pair, format!("{}.{size}", pair.successor)))
}

/// The instance type of an on-demand Linux instance's hours: `BoxUsage` of the operation `RunInstances`. Windows and
/// licensed systems are `RunInstances:0002` and the like, where most of the price is the licence; Spot and Dedicated
/// hours have usage types of their own; hours that a commitment covers cost no less on another type.
pub(super) fn on_demand_linux(key: &ChargeKey) -> Option<&str> {
    if key.operation.as_deref() == Some("RunInstances") { on_demand_type(key) } else { None }
}

/// The instance type of on-demand hours of any operating system.
fn on_demand_type(key: &ChargeKey) -> Option<&str> {
    let is_on_demand = matches!(key.pricing_category, None | Some(PricingCategory::Standard)) && key.commitment_discount_status.is_none();
    let is_box = measures(key, "AmazonEC2", |measure| measure == "BoxUsage");
    if !(is_on_demand && is_box) {
        return None;
    }
    crate::usage_type::parse(key.usage_type.as_deref()?).instance_type
}

/// The draft of a move to a successor: at the bill's own price of the successor in the region, else at the list ratio.
pub(super) fn move_to_successor(
    context: &CheckContext<'_>,
    place: &Place,
    part: &Part<'_>,
    pairs: &'static [Pair],
    confidence: Confidence,
) -> Option<FindingDraft> {
    let key = &part.lines.first()?.key;
    let instance_type = on_demand_linux(key)?;
    let (pair, successor) = successor(pairs, instance_type)?;
    let mut evidence = vec![Evidence::from_bill("hours", part.quantity(), "hours", part.source())];
    let own = effective(context, key, |key| on_demand_linux(key) == Some(successor.as_str()));
    let formula = if let Some(own) = own {
        let source = format!("{} rows of {successor} in the region", own.rows);
        evidence.push(Evidence::from_bill("successor_price", own.price, format!("{}/hour", place.currency), source));
        "window_cost - hours * successor_price"
    } else {
        let source = format!("{PRICES}: {} and {} of the same size", pair.family, pair.successor);
        let list = |name, price| Evidence::from_knowledge(name, Decimal::new(price, 5), "USD/hour", source.clone(), PRICES_AS_OF);
        evidence.extend([list("list_price", pair.price), list("successor_list_price", pair.successor_price)]);
        "window_cost - window_cost * successor_list_price / list_price"
    };
    let title = match &place.resource_id {
        Some(_) => format!("Move {} from {instance_type} to {successor}", place.name()),
        None => format!("Move {instance_type} instances in {} to {successor}", place.name()),
    };
    Some(FindingDraft {
        kind: FindingKind::Recommendation,
        resource_kind: place.resource_id.as_ref().map(|_| "ec2:instance".into()),
        formula: Some(formula),
        basis: if own.is_some() { SavingsBasis::Measured } else { SavingsBasis::Estimated },
        confidence,
        ..part.investigation(place, instance_type, title, evidence)
    })
}

/// What cannot be judged of instances of these families: those whose operating system the bill does not say, and, where
/// `names_sizes`, those whose size the successor lacks.
pub(super) fn not_evaluated(context: &CheckContext<'_>, check_id: &str, pairs: &'static [Pair], names_sizes: bool) -> Vec<NotEvaluated> {
    let mut reasons = BTreeSet::new();
    for line in context.usage() {
        let Some(name) = on_demand_type(&line.key) else { continue };
        let family = name.split_once('.').map(|(family, _)| family);
        let Some(pair) = pairs.iter().find(|pair| Some(pair.family) == family) else { continue };
        if line.key.operation.is_none() {
            reasons.insert("the bill has no operation for some instance hours, so their operating system is unknown".to_owned());
        } else if names_sizes && on_demand_linux(&line.key).is_some() && successor(pairs, name).is_none() {
            reasons.insert(format!("{} has no size of {name}", pair.successor));
        }
    }
    reasons.into_iter().map(|reason| NotEvaluated { check_id: check_id.into(), resource_id: None, reason }).collect()
}

/// A part split by instance type: an instance may have changed its type in the window.
pub(super) fn by_instance_type<'a>(part: &Part<'a>) -> Vec<Part<'a>> {
    let mut types: Vec<&str> = part.lines.iter().filter_map(|line| on_demand_linux(&line.key)).collect();
    types.sort_unstable();
    types.dedup();
    types.into_iter().map(|name| part.of(|key| on_demand_linux(key) == Some(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_successor_is_cheaper_and_no_family_is_there_twice() {
        for pairs in [PREVIOUS_GENERATIONS, GRAVITON] {
            for (index, pair) in pairs.iter().enumerate() {
                assert!(pair.successor_price < pair.price, "{pair:?}");
                assert!(!pair.sizes.is_empty());
                assert!(pairs.iter().skip(index + 1).all(|other| other.family != pair.family), "{pair:?}");
            }
        }
    }

    #[test]
    fn a_size_that_the_successor_lacks_has_no_successor() {
        assert_eq!(successor(PREVIOUS_GENERATIONS, "m4.large").map(|(_, name)| name), Some("m5.large".to_owned()));
        assert!(successor(PREVIOUS_GENERATIONS, "m4.10xlarge").is_none());
        assert!(successor(GRAVITON, "c5.9xlarge").is_none());
        assert!(successor(GRAVITON, "m5.metal").is_none());
    }
}
