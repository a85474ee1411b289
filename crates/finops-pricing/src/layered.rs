//! The Price List first, and what the program carries for what is missing there.

use std::sync::Arc;

use async_trait::async_trait;
use finops_domain::ports::{PortResult, PriceCatalog};
use finops_domain::price::{PriceKey, UnitPrice};
use finops_domain::utilization::Observed;

use crate::embedded::EmbeddedPrices;
use crate::price_list::reason;

/// A list of prices, and embedded ones for what it does not have; each price says which of them it is from, and of when.
#[derive(Clone, Debug)]
pub struct LayeredPrices {
    list: Arc<dyn PriceCatalog>,
    embedded: EmbeddedPrices,
}

impl LayeredPrices {
    /// Asks `list` first.
    pub fn new(list: Arc<dyn PriceCatalog>, embedded: EmbeddedPrices) -> Self {
        Self { list, embedded }
    }
}

#[async_trait]
impl PriceCatalog for LayeredPrices {
    async fn list_unit_prices(&self, keys: &[PriceKey]) -> PortResult<Vec<Observed<UnitPrice>>> {
        let carried = |key: &PriceKey| self.embedded.find(key).cloned().map(Observed::Value);
        let listed = match self.list.list_unit_prices(keys).await {
            Ok(listed) => listed,
            Err(error) if !keys.iter().any(|key| self.embedded.find(key).is_some()) => return Err(error),
            Err(error) => vec![Observed::Missing(reason(error.kind)); keys.len()],
        };
        let fill = |(key, price): (&PriceKey, Observed<UnitPrice>)| match price {
            Observed::Missing(reason) => carried(key).unwrap_or(Observed::Missing(reason)),
            Observed::Value(_) => price,
        };
        Ok(keys.iter().zip(listed).map(fill).collect())
    }
}

#[cfg(test)]
mod tests {
    use finops_domain::ports::{PortError, PortErrorKind};
    use finops_domain::price::PriceSource;
    use finops_domain::utilization::MissingReason;

    use super::*;

    /// Has the price of one usage type, or fails.
    #[derive(Debug)]
    struct List(Option<&'static str>);

    #[async_trait]
    impl PriceCatalog for List {
        async fn list_unit_prices(&self, keys: &[PriceKey]) -> PortResult<Vec<Observed<UnitPrice>>> {
            let known = self.0.ok_or_else(|| PortError::new(PortErrorKind::Denied, "pricing:GetProducts", "x"))?;
            let price = |key: &PriceKey| {
                if &*key.usage_type != known {
                    return Observed::Missing(MissingReason::NoData);
                }
                let as_of = jiff::civil::date(2026, 11, 20);
                let price =
                    UnitPrice { amount: 1.into(), currency: "USD".into(), unit: "Hrs".into(), source: PriceSource::PriceList, as_of };
                Observed::Value(price)
            };
            Ok(keys.iter().map(price).collect())
        }
    }

    fn keys(usage_types: &[&str]) -> Vec<PriceKey> {
        let key = |usage_type: &&str| PriceKey {
            service_code: "AmazonEC2".into(),
            region_id: "us-east-1".into(),
            usage_type: (*usage_type).into(),
            operation: None,
        };
        usage_types.iter().map(key).collect()
    }

    #[tokio::test]
    async fn the_list_comes_first_and_what_nobody_has_stays_missing() {
        let prices = LayeredPrices::new(Arc::new(List(Some("NatGateway-Hours"))), EmbeddedPrices::new());
        let found = prices.list_unit_prices(&keys(&["NatGateway-Hours", "EBS:VolumeUsage.gp3", "Unheard-Of"])).await.unwrap();
        let sources: Vec<_> = found.iter().map(|price| price.value().map(|price| price.source)).collect();
        assert_eq!(sources, [Some(PriceSource::PriceList), Some(PriceSource::Embedded), None]);
    }

    #[tokio::test]
    async fn without_the_list_the_carried_prices_answer_for_what_they_have() {
        let prices = LayeredPrices::new(Arc::new(List(None)), EmbeddedPrices::new());
        let found = prices.list_unit_prices(&keys(&["NatGateway-Hours", "Unheard-Of"])).await;
        let found = found.unwrap();
        assert!(found[0].value().is_some());
        assert_eq!(found[1], Observed::Missing(MissingReason::Denied));
        assert_eq!(prices.list_unit_prices(&keys(&["Unheard-Of"])).await.unwrap_err().kind, PortErrorKind::Denied);
    }
}
