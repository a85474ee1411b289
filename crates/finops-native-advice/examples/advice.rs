//! What AWS's own tools recommend: `cargo run -p finops-native-advice --example advice -- REGION…`, one JSON document a line, gaps on
//! standard error.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "that is what it is for")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use finops_aws::guard::{Guard, GuardConfig};
use finops_aws::session::{Session, SessionOptions};
use finops_domain::id::RegionId;
use finops_domain::ports::{Clock, NativeAdviceSource};
use finops_native_advice::AwsAdvice;
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
    let regions: Vec<RegionId> = std::env::args().skip(1).map(RegionId::from).collect();
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
    let collected = AwsAdvice::new(Arc::clone(&session)).advice(session.account(), &regions).await?;
    for advice in &collected.value {
        println!("{}", serde_json::to_string(advice)?);
    }
    for gap in collected.gaps {
        eprintln!("{:?} {}: {} [{}]", gap.status, gap.operation, gap.reason, gap.remedy.unwrap_or_default());
    }
    for (operation, count) in session.guard().meter().counts() {
        eprintln!("{operation}: {} calls, {} failed", count.calls, count.failures);
    }
    Ok(())
}
