//! The prices that the program carries.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use finops_domain::ports::{PortResult, PriceCatalog};
use finops_domain::price::{PriceBook, PriceKey, PriceSource, UnitPrice};
use finops_domain::utilization::{MissingReason, Observed};

use crate::spelling::as_billed;

/// The files, those that win first: the newer one where two have the same key. `docs/prices.md` says where each is from.
const FILES: [&str; 3] = [
    include_str!("../prices/components.csv"),
    include_str!("../prices/ec2-on-demand-linux.csv"),
    include_str!("../prices/rds-on-demand-2021.csv"),
];

/// A snapshot of list prices, compiled in. Each says on which day it was true; some are years old.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedPrices {
    rows: &'static Rows,
}

/// A price, and the short name of where it is from.
type Rows = BTreeMap<PriceKey, (UnitPrice, &'static str)>;

impl EmbeddedPrices {
    /// All of them; read once in the life of the program.
    pub fn new() -> Self {
        static ROWS: LazyLock<Rows> = LazyLock::new(|| {
            let mut rows = Rows::new();
            for (key, price, origin) in FILES.iter().flat_map(|file| file.lines().skip(1)).filter_map(row) {
                rows.entry(key).or_insert((price, origin));
            }
            rows
        });
        Self { rows: &ROWS }
    }

    /// The price of a key: of its operation, else that of the usage type where no operation has one of its own.
    pub fn find(&self, key: &PriceKey) -> Option<&'static UnitPrice> {
        self.entry(key).map(|(price, _)| price)
    }

    /// Where the price of a key is from, by the names of `docs/prices.md`: `karpenter-aws`.
    pub fn origin(&self, key: &PriceKey) -> Option<&'static str> {
        self.entry(key).map(|(_, origin)| *origin)
    }

    /// All prices by key.
    pub fn book(&self) -> PriceBook {
        self.rows.iter().map(|(key, (price, _))| (key.clone(), price.clone())).collect()
    }

    fn entry(self, key: &PriceKey) -> Option<&'static (UnitPrice, &'static str)> {
        let mut key = PriceKey { usage_type: Arc::from(as_billed(key)), ..key.clone() };
        self.rows.get(&key).or_else(|| {
            key.operation = None;
            self.rows.get(&key)
        })
    }
}

impl Default for EmbeddedPrices {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl PriceCatalog for EmbeddedPrices {
    async fn list_unit_prices(&self, keys: &[PriceKey]) -> PortResult<Vec<Observed<UnitPrice>>> {
        let price = |key| self.find(key).cloned().map_or(Observed::Missing(MissingReason::NoData), Observed::Value);
        Ok(keys.iter().map(price).collect())
    }
}

/// A line of a file; no field holds a comma. `None` for a line of another form, which a test forbids.
fn row(line: &'static str) -> Option<(PriceKey, UnitPrice, &'static str)> {
    let fields: Vec<&'static str> = line.split(',').collect();
    let [service, region, usage_type, operation, unit, amount, currency, as_of, origin] = fields.as_slice() else { return None };
    let key = PriceKey {
        service_code: (*service).into(),
        region_id: (*region).into(),
        usage_type: Arc::from(*usage_type),
        operation: Some(*operation).filter(|operation| !operation.is_empty()).map(Arc::from),
    };
    let price = UnitPrice {
        amount: amount.parse().ok()?,
        currency: (*currency).into(),
        unit: Arc::from(*unit),
        source: PriceSource::Embedded,
        as_of: as_of.parse().ok()?,
    };
    Some((key, price, origin))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use finops_domain::catalog::{Catalog, billing_codes_of_region};
    use rust_decimal::Decimal;

    use super::*;

    const HEADER: &str = "service_code,region_id,usage_type,operation,unit,amount,currency,as_of,source";

    fn key(service: &str, region: &str, usage_type: &str, operation: Option<&str>) -> PriceKey {
        let operation = operation.map(Arc::from);
        PriceKey { service_code: service.into(), region_id: region.into(), usage_type: usage_type.into(), operation }
    }

    #[test]
    fn every_line_is_a_price_above_zero_and_each_key_stands_once_in_a_file() {
        for file in FILES {
            assert_eq!(file.lines().next(), Some(HEADER));
            let mut seen = BTreeSet::new();
            for line in file.lines().skip(1) {
                let (key, price, origin) = row(line).unwrap_or_else(|| panic!("not a row: {line}"));
                assert!(price.amount > Decimal::ZERO, "{line}");
                assert!(["USD", "CNY"].contains(&price.currency.as_str()), "{line}");
                assert!(["aws-ebs-pricing", "ec2instances-2021", "infracost-golden", "karpenter-aws"].contains(&origin), "{line}");
                assert!(seen.insert(key), "twice: {line}");
            }
        }
    }

    #[test]
    fn the_catalog_knows_what_each_price_is_of() {
        let mut unknown = BTreeSet::new();
        for key in EmbeddedPrices::new().book().into_keys() {
            assert!(billing_codes_of_region(key.region_id.as_str()).next().is_some(), "{key:?}");
            let found = Catalog::embedded().recognize_usage(key.service_code.as_str(), &key.usage_type);
            if found.and_then(|found| found.dimension).is_none() {
                unknown.insert(format!("{} {}", key.service_code, key.usage_type));
            }
        }
        assert_eq!(unknown, BTreeSet::new());
    }

    #[test]
    fn a_price_is_found_by_operation_else_without() {
        let prices = EmbeddedPrices::new();
        let amount = |key: &PriceKey| prices.find(key).map(|price| price.amount.to_string());
        assert_eq!(amount(&key("AmazonEC2", "us-east-1", "BoxUsage:m5.large", Some("RunInstances"))).as_deref(), Some("0.096"));
        assert_eq!(
            amount(&key("AmazonEC2", "us-east-1", "BoxUsage:m5.large", Some("RunInstances:0002"))),
            None,
            "Windows is another price"
        );
        assert_eq!(amount(&key("AmazonEC2", "us-east-1", "EBS:VolumeUsage.gp3", Some("CreateVolume-Gp3"))).as_deref(), Some("0.08"));
        assert_eq!(amount(&key("AmazonEC2", "eu-west-1", "EBS:VolumeUsage.gp3", None)), None, "no price is taken from another region");
        let application = key("AWSELB", "us-east-1", "LoadBalancerUsage", Some("LoadBalancing:Application"));
        assert_eq!(amount(&application).as_deref(), Some("0.0225"));
    }

    #[test]
    fn the_newer_of_two_files_wins() {
        let prices = EmbeddedPrices::new();
        let in_both = key("AmazonRDS", "us-east-1", "InstanceUsage:db.m5.large", Some("CreateDBInstance:0002"));
        assert_eq!(prices.origin(&in_both), Some("infracost-golden"));
        let old = key("AmazonRDS", "eu-west-1", "InstanceUsage:db.m5.2xlarge", Some("CreateDBInstance:0014"));
        assert_eq!(prices.find(&old).map(|price| price.as_of.year()), Some(2021));
    }
}
