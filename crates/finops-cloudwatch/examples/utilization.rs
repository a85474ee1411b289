//! What CloudWatch measured: `cargo run -p finops-cloudwatch --example utilization -- REGION DAYS [publish] < QUERIES`, where QUERIES
//! has a JSON document a line, as [`Asked`]. Prints the answers likewise; what was called, and what it cost, on standard error. With
//! `publish` it publishes metrics of this run, too.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "that is what it is for")]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::BufRead;
use std::sync::Arc;
use std::time::{Duration, Instant};

use finops_aws::guard::{Guard, GuardConfig};
use finops_aws::session::{Session, SessionOptions};
use finops_cloudwatch::{CloudWatchMetrics, CloudWatchUtilization};
use finops_domain::period::ChargePeriod;
use finops_domain::ports::{Clock, MetricsSink, UtilizationSource};
use finops_domain::run_metrics::RunMetrics;
use finops_domain::utilization::UtilizationQuery;
use finops_resilience::BreakerConfig;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::Deserialize;

/// A query as a line has it.
#[derive(Deserialize)]
struct Asked {
    resource_id: String,
    namespace: String,
    metric_name: String,
    dimensions: BTreeMap<String, String>,
    #[serde(default)]
    open_dimensions: Vec<String>,
    statistic: String,
    period_seconds: u32,
}

impl From<Asked> for UtilizationQuery {
    fn from(asked: Asked) -> Self {
        Self {
            resource_id: asked.resource_id.into(),
            namespace: asked.namespace.into(),
            metric_name: asked.metric_name.into(),
            dimensions: asked.dimensions.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
            open_dimensions: asked.open_dimensions.into_iter().map(Into::into).collect(),
            statistic: asked.statistic.into(),
            period_seconds: asked.period_seconds,
        }
    }
}

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
    let days: i64 = arguments.next().unwrap_or_else(|| "14".to_owned()).parse()?;
    let publishes = arguments.next().is_some_and(|word| word == "publish");
    let config = GuardConfig {
        breaker: BreakerConfig { failure_threshold: 5, open_for: Duration::from_mins(1) },
        quota_share: 0.5,
        max_concurrent: 32,
        attempt_timeout: Duration::from_mins(1),
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
    let started = Instant::now();
    let mut queries: Vec<UtilizationQuery> = Vec::new();
    for line in std::io::stdin().lock().lines() {
        queries.push(serde_json::from_str::<Asked>(&line?)?.into());
    }
    let end = Timestamp::from_second(Timestamp::now().as_second() / 3_600 * 3_600)?;
    let period = ChargePeriod { start: end.checked_sub(SignedDuration::from_hours(days * 24))?, end };
    let source = CloudWatchUtilization::new(Arc::clone(&session), Arc::new(SystemClock));
    let answers = source.utilization(session.account(), &region.as_str().into(), period, &queries).await;
    if let Err(error) = &answers {
        eprintln!("{error}: {}", error.source().map(ToString::to_string).unwrap_or_default());
    }
    for answer in answers.iter().flatten() {
        println!("{}", serde_json::to_string(answer)?);
    }
    let counts = session.guard().meter().counts();
    if publishes {
        let metrics = RunMetrics {
            finished_at: Timestamp::now(),
            analysis_duration: started.elapsed(),
            resources_analyzed: queries.len() as u64,
            recommendations_generated: 0,
            savings: Vec::new(),
            errors: BTreeMap::new(),
            api_calls: counts.values().map(|count| count.calls).sum(),
            api_calls_cached: counts.values().map(|count| count.cached).sum(),
            api_cost_usd: counts.values().map(|count| count.cost_usd).sum::<Decimal>(),
            coverage_ratio: None,
        };
        CloudWatchMetrics::new(Arc::clone(&session)).publish(&metrics).await?;
    }
    for (operation, count) in session.guard().meter().counts() {
        eprintln!("{operation}: {} calls, {} failed, {} USD", count.calls, count.failures, count.cost_usd);
    }
    Ok(())
}
