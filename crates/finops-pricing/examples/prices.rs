//! What the Price List, and what the program carries, say of some keys: `cargo run -p finops-pricing --example prices --
//! SERVICE REGION USAGE_TYPE [OPERATION|-] …`, four arguments a key.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "that is what it is for")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use finops_aws::guard::{Guard, GuardConfig};
use finops_aws::session::{Session, SessionOptions};
use finops_domain::ports::{Clock, PriceCatalog};
use finops_domain::price::PriceKey;
use finops_pricing::{EmbeddedPrices, LayeredPrices, PriceListCatalog};
use finops_resilience::BreakerConfig;
use jiff::Timestamp;

#[derive(Debug)]
struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let key = |words: &[String]| match words {
        [service, region, usage_type, operation] => Some(PriceKey {
            service_code: service.as_str().into(),
            region_id: region.as_str().into(),
            usage_type: usage_type.as_str().into(),
            operation: (operation != "-").then(|| operation.as_str().into()),
        }),
        _ => None,
    };
    let keys: Vec<PriceKey> = arguments.chunks(4).filter_map(key).collect();
    let config = GuardConfig {
        breaker: BreakerConfig { failure_threshold: 5, open_for: Duration::from_mins(1) },
        quota_share: 0.5,
        max_concurrent: 32,
        attempt_timeout: Duration::from_secs(30),
        cost_ttl: Duration::ZERO,
        max_cost_usd: None,
    };
    let options = SessionOptions {
        profile: None,
        region: None,
        role_name: None,
        external_id: None,
        max_attempts: 2,
        base_backoff: Duration::from_millis(200),
        max_backoff: Duration::from_secs(2),
        connect_timeout: Duration::from_secs(5),
    };
    let session = Arc::new(Session::connect(options, Arc::new(Guard::new(config, None, Arc::new(SystemClock)))).await?);
    let list = Arc::new(PriceListCatalog::new(Arc::clone(&session)));
    let prices = LayeredPrices::new(list, EmbeddedPrices::new());
    for (key, price) in keys.iter().zip(prices.list_unit_prices(&keys).await?) {
        println!("{} {} {} {:?}: {price:?}", key.service_code, key.region_id, key.usage_type, key.operation);
    }
    for (operation, count) in session.guard().meter().counts() {
        eprintln!("{operation}: {} calls, {} failed", count.calls, count.failures);
    }
    Ok(())
}
