//! A product of the Price List as `GetProducts` writes it, and the one price that a list of them comes to.
//!
//! Source of the form: <https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html> and the page
//! on reading the service price list file beside it, read 2026-11-24.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use finops_domain::id::Currency;
use finops_domain::price::{PriceSource, UnitPrice};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::Deserialize;

/// A product and its terms; what is not needed here is not read.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Product {
    #[serde(rename = "product")]
    described: Described,
    #[serde(default)]
    terms: Terms,
    #[serde(rename = "publicationDate")]
    publication_date: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Described {
    #[serde(default)]
    attributes: Attributes,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Attributes {
    operation: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Terms {
    #[serde(default, rename = "OnDemand")]
    on_demand: BTreeMap<String, Term>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Term {
    effective_date: Option<String>,
    #[serde(default)]
    price_dimensions: BTreeMap<String, Tier>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tier {
    unit: Option<String>,
    begin_range: Option<String>,
    #[serde(default)]
    price_per_unit: BTreeMap<String, String>,
}

impl Product {
    /// A product of the text that the Price List gives for one.
    pub(crate) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    fn operation(&self) -> Option<&str> {
        self.described.attributes.operation.as_deref().filter(|operation| !operation.is_empty())
    }

    /// Of each on-demand term the first tier that costs something: a free tier before it is the account's, not the resource's.
    fn prices<'a>(&'a self, currency: &'a str) -> impl Iterator<Item = UnitPrice> + 'a {
        self.terms.on_demand.values().filter_map(move |term| {
            let as_of = self.publication_date.as_deref().and_then(date).or_else(|| term.effective_date.as_deref().and_then(date))?;
            let tiers = term.price_dimensions.values().filter_map(|tier| {
                let amount = Decimal::from_str(tier.price_per_unit.get(currency)?).ok()?;
                let begin = tier.begin_range.as_deref().map_or(Ok(Decimal::ZERO), Decimal::from_str).ok()?;
                (amount > Decimal::ZERO).then_some((begin, amount, tier.unit.as_deref().unwrap_or_default()))
            });
            let (_, amount, unit) = tiers.min_by_key(|(begin, ..)| *begin)?;
            let currency = Currency::from(currency);
            Some(UnitPrice { amount: amount.normalize(), currency, unit: unit.into(), source: PriceSource::PriceList, as_of })
        })
    }
}

fn date(text: &str) -> Option<Date> {
    text.parse::<Timestamp>().ok().map(|time| TimeZone::UTC.to_datetime(time).date())
}

/// The price of an operation; `None` where the products have none, or several that differ.
///
/// Where no product names the operation, those that name none at all count: AWS leaves it out where it makes no difference.
pub(crate) fn unit_price(products: &[Product], operation: Option<&str>, currency: &str) -> Option<UnitPrice> {
    let of = |wanted: Option<&str>| -> Vec<&Product> { products.iter().filter(|product| product.operation() == wanted).collect() };
    let fitting = match operation {
        None => products.iter().collect(),
        Some(operation) => Some(of(Some(operation))).filter(|named| !named.is_empty()).unwrap_or_else(|| of(None)),
    };
    let prices: Vec<UnitPrice> = fitting.into_iter().flat_map(|product| product.prices(currency)).collect();
    let distinct: BTreeSet<(Decimal, &str)> = prices.iter().map(|price| (price.amount, &*price.unit)).collect();
    if distinct.len() > 1 {
        return None;
    }
    prices.into_iter().max_by_key(|price| price.as_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the form of AWS's own example of an answer to `GetProducts`.
    fn product(operation: &str, tiers: &[(&str, &str)]) -> Product {
        let tiers: Vec<String> = tiers
            .iter()
            .enumerate()
            .map(|(index, (begin, price))| {
                format!(
                    r#""RATE.{index}": {{"unit": "Hrs", "endRange": "Inf", "description": "x", "appliesTo": [],
                        "rateCode": "RATE.{index}", "beginRange": "{begin}", "pricePerUnit": {{"USD": "{price}"}}}}"#
                )
            })
            .collect();
        let text = format!(
            r#"{{"product": {{"productFamily": "Compute Instance", "sku": "ABC", "attributes": {{"usagetype": "BoxUsage:m5.large",
                "operation": "{operation}", "regionCode": "us-east-1", "vcpu": "2"}}}}, "serviceCode": "AmazonEC2",
                "terms": {{"OnDemand": {{"ABC.JRTCKXETXF": {{"priceDimensions": {{{}}}, "sku": "ABC",
                "effectiveDate": "2026-11-01T00:00:00Z", "offerTermCode": "JRTCKXETXF", "termAttributes": {{}}}}}},
                "Reserved": {{"ABC.HU7G6KETJZ": {{"priceDimensions": {{"r": {{"unit": "Hrs", "pricePerUnit": {{"USD": "0.01"}}}}}},
                "sku": "ABC", "termAttributes": {{"LeaseContractLength": "1yr"}}}}}}}},
                "version": "20261120", "publicationDate": "2026-11-20T10:00:00Z"}}"#,
            tiers.join(",")
        );
        Product::parse(&text).unwrap()
    }

    fn amount(products: &[Product], operation: Option<&str>) -> Option<String> {
        unit_price(products, operation, "USD").map(|price| price.amount.to_string())
    }

    #[test]
    fn the_on_demand_price_of_the_operation_is_found() {
        let products = [product("RunInstances", &[("0", "0.0960000000")]), product("RunInstances:0002", &[("0", "0.1880000000")])];
        let price = unit_price(&products, Some("RunInstances"), "USD").unwrap();
        assert_eq!((price.amount.to_string().as_str(), &*price.unit, price.as_of.to_string().as_str()), ("0.096", "Hrs", "2026-11-20"));
        assert_eq!(amount(&products, Some("RunInstances:0002")).as_deref(), Some("0.188"));
        assert_eq!(amount(&products, None), None, "two prices and nothing to tell them apart by");
        assert_eq!(amount(&products, Some("RunInstances:0010")), None);
        assert_eq!(unit_price(&products, Some("RunInstances"), "CNY"), None);
    }

    #[test]
    fn a_product_without_operation_is_of_any() {
        let products = [product("", &[("0", "0.08")])];
        assert_eq!(amount(&products, Some("CreateVolume-Gp3")).as_deref(), Some("0.08"));
        assert_eq!(amount(&products, None).as_deref(), Some("0.08"));
    }

    #[test]
    fn the_first_tier_that_costs_something_counts() {
        let tiered = [product("", &[("51200", "0.022"), ("0", "0.0000000000"), ("50", "0.023")])];
        assert_eq!(amount(&tiered, None).as_deref(), Some("0.023"));
        assert_eq!(amount(&[product("", &[("0", "0.0000000000")])], None), None, "what is free has no price");
        let same_twice = [product("A", &[("0", "0.10")]), product("B", &[("0", "0.1000000000")])];
        assert_eq!(amount(&same_twice, None).as_deref(), Some("0.1"));
    }

    #[test]
    fn another_form_is_an_error_and_odd_values_are_no_price() {
        for text in ["", "{}", "[]", "{\"product\": 1}", "null"] {
            assert!(Product::parse(text).is_err(), "{text}");
        }
        assert_eq!(amount(&[product("", &[("0", "cheap")])], None), None);
        assert_eq!(amount(&[product("", &[("?", "0.1")])], None), None);
    }

    #[test]
    fn amounts_are_exact() {
        // A generator of its own: proptest would change the features of what the SDK is built of.
        let mut state = 1_u64;
        for round in 0..2_000_u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let expected = Decimal::from_i128_with_scale(i128::from((state >> 24) + 1), round % 11);
            let found = unit_price(&[product("", &[("0", &format!("{expected:.10}"))])], None, "USD").unwrap();
            assert_eq!(found.amount, expected);
        }
    }

    #[test]
    fn a_text_that_is_cut_off_anywhere_is_an_error() {
        let text =
            r#"{"product": {"attributes": {"operation": "é"}}, "terms": {"OnDemand": {}}, "publicationDate": "2026-11-20T10:00:00Z"}"#;
        assert!(Product::parse(text).is_ok());
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            assert!(Product::parse(&text[..end]).is_err(), "{end}");
        }
    }
}
