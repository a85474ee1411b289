//! What an account's Cost Explorer says: `cargo run -p finops-cost-explorer --example costs -- [DAYS [RESOURCE_REQUESTS [TAG…]]]`, one
//! JSON document, requests and gaps on standard error.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "that is what it is for")]

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use finops_aws::guard::{Guard, GuardConfig};
use finops_aws::session::{Session, SessionOptions};
use finops_cost_explorer::{CommitmentOptions, CostExplorerOptions, CostExplorerSource};
use finops_domain::ports::{Clock, CostSource, PortError};
use finops_domain::snapshot::Bill;
use finops_resilience::BreakerConfig;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

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
    let days = arguments.next().map_or(Ok(30), |days| days.parse())?;
    let mut options = CostExplorerOptions::new(Timestamp::now(), days);
    options.max_resource_requests = arguments.next().map_or(Ok(0), |requests| requests.parse())?;
    options.tag_keys = arguments.collect();
    if let Ok(accounts) = std::env::var("MAX_ACCOUNTS_ASKED_ALONE") {
        options.max_accounts_asked_alone = accounts.parse()?;
    }
    let config = GuardConfig {
        breaker: BreakerConfig { failure_threshold: 5, open_for: Duration::from_mins(1) },
        quota_share: 0.5,
        max_concurrent: 32,
        attempt_timeout: Duration::from_secs(30),
        cost_ttl: Duration::ZERO,
        max_cost_usd: None,
    };
    let session = SessionOptions {
        profile: None,
        region: None,
        role_name: None,
        external_id: None,
        max_attempts: 2,
        base_backoff: Duration::from_millis(200),
        max_backoff: Duration::from_secs(2),
        connect_timeout: Duration::from_secs(5),
    };
    let session = Arc::new(Session::connect(session, Arc::new(Guard::new(config, None, Arc::new(SystemClock)))).await?);
    let source = CostExplorerSource::new(Arc::clone(&session), options);

    let spend = source.spend(&Bill::queries()).await;
    print_requests("spend", &session);
    let commitments = source.commitments(&CommitmentOptions::default()).await;
    for gap in &commitments.gaps {
        eprintln!("{}: {:?}: {}", gap.operation, gap.status, gap.reason);
    }
    let document = json!({
        "spend": shown(spend)?,
        "history": shown(source.history(90).await)?,
        "commitments": commitments.value,
        "forecast": shown(source.forecast(2).await)?,
        "anomalies": shown(source.anomalies().await)?,
        "rightsizing": shown(source.rightsizing().await)?,
    });
    print_requests("all", &session);
    println!("{document}");
    Ok(())
}

/// The value, or what went wrong.
fn shown<T: Serialize>(answer: Result<T, PortError>) -> Result<Value, Box<dyn Error>> {
    Ok(match answer {
        Ok(value) => serde_json::to_value(value)?,
        Err(error) => json!({"error": finops_domain::ports::Gap::from(&error)}),
    })
}

fn print_requests(what: &str, session: &Session) {
    for (operation, count) in session.guard().meter().counts() {
        eprintln!("{what}: {operation}: {} calls, {} failed, {} USD", count.calls, count.failures, count.cost_usd);
    }
}
