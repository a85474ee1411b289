//! What an account's services say of their resources: `cargo run -p finops-inventory --example inventory -- REGION [SERVICE…]`, one
//! JSON document a line, gaps on standard error.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "that is what it is for")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use finops_aws::guard::{Guard, GuardConfig};
use finops_aws::session::{Session, SessionOptions};
use finops_domain::ports::{Clock, ResourceInventory};
use finops_domain::scope::Cell;
use finops_inventory::ServiceInventory;
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
    let mut arguments = std::env::args().skip(1);
    let region = arguments.next().unwrap_or_else(|| "us-east-1".to_owned());
    let services: Vec<String> = arguments.collect();
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
        region: Some(region.clone()),
        role_name: None,
        external_id: None,
        max_attempts: 2,
        base_backoff: Duration::from_millis(200),
        max_backoff: Duration::from_secs(2),
        connect_timeout: Duration::from_secs(5),
    };
    let session = Arc::new(Session::connect(options, Arc::new(Guard::new(config, None, Arc::new(SystemClock)))).await?);
    let inventory = ServiceInventory::new(Arc::clone(&session), (!services.is_empty()).then_some(services));
    for service in inventory.services() {
        let cell = Cell { sub_account_id: session.account().clone(), region_id: region.as_str().into(), service: service.service.into() };
        let collected = inventory.resources(&cell).await?;
        for resource in &collected.value {
            println!("{}", serde_json::to_string(resource)?);
        }
        for gap in collected.gaps {
            eprintln!("{cell}: {}: {}", gap.operation, gap.reason);
        }
    }
    for (operation, count) in session.guard().meter().counts() {
        eprintln!("{operation}: {} calls, {} failed", count.calls, count.failures);
    }
    Ok(())
}
