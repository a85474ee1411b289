//! What guards every request: answers kept, circuit breaker, concurrency, rate limit, meter, time limit, in that order.
//!
//! The guards sit in the HTTP client, below the SDK's own retries, so that each attempt passes them: a retried request is counted,
//! paid and limited as often as it is sent. Above them stand the SDK's retries, which have one owner: `RetryConfig` in
//! [`crate::session`].

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use finops_domain::ports::{ApiCalls, ApiLedger, Clock};
use finops_resilience::{AnswerCache, BreakerConfig, Breakers, CallCount, CallMeter, RateLimits};
use rust_decimal::Decimal;
use tokio::sync::Semaphore;

use crate::answer;
use crate::label::Label;
use crate::operation::Operation;
use crate::throttle::{is_throttled, retry_after};

/// A request of an operation that is in no table: nobody has said that it only reads.
#[derive(Debug, thiserror::Error)]
#[error("{service} {operation} is not among the operations that this program calls")]
pub(crate) struct NotInTable {
    pub(crate) service: String,
    pub(crate) operation: String,
}

/// Settings of the guards.
#[derive(Clone, Copy, Debug)]
pub struct GuardConfig {
    /// When a breaker opens, and for how long.
    pub breaker: BreakerConfig,
    /// What part of a published quota is taken at most, 0 to 1: the account's own workloads share it.
    pub quota_share: f64,
    /// Requests under way at any time, over all accounts and regions.
    pub max_concurrent: usize,
    /// How long one attempt may take, from sending to the answer's last byte.
    pub attempt_timeout: Duration,
    /// How long an answer that costs money is kept; free ones have times of their own in the table.
    pub cost_ttl: Duration,
    /// What the run may spend on API calls, USD.
    pub max_cost_usd: Option<Decimal>,
}

/// The guards of a run; shared by all its clients.
#[derive(Debug)]
pub struct Guard {
    config: GuardConfig,
    cache: Option<Arc<AnswerCache>>,
    clock: Arc<dyn Clock>,
    breakers: Breakers,
    limits: RateLimits,
    slots: Semaphore,
    meter: CallMeter,
    /// Who asks: what one principal was answered is not another's to see.
    identity: std::sync::OnceLock<String>,
}

impl Guard {
    /// Guards with nothing counted yet. Without a cache every request is sent.
    pub fn new(config: GuardConfig, cache: Option<Arc<AnswerCache>>, clock: Arc<dyn Clock>) -> Self {
        Self {
            breakers: Breakers::new(config.breaker),
            limits: RateLimits::new(config.quota_share),
            slots: Semaphore::new(config.max_concurrent.max(1)),
            meter: CallMeter::new(config.max_cost_usd),
            identity: std::sync::OnceLock::new(),
            config,
            cache,
            clock,
        }
    }

    /// What was called and what it cost.
    pub fn meter(&self) -> &CallMeter {
        &self.meter
    }

    /// The circuit breakers.
    pub fn breakers(&self) -> &Breakers {
        &self.breakers
    }

    /// The answers that were kept.
    pub fn cache(&self) -> Option<&AnswerCache> {
        self.cache.as_deref()
    }

    /// Says who asks; the first word counts.
    pub(crate) fn identify(&self, identity: String) {
        let _ = self.identity.set(identity);
    }

    fn time_to_live(&self, operation: &Operation) -> Option<Duration> {
        let own = operation.time_to_live()?;
        Some(if operation.price_micro_usd > 0 { self.config.cost_ttl } else { own }).filter(|ttl| !ttl.is_zero())
    }

    async fn call(&self, inner: &SharedHttpConnector, request: HttpRequest) -> Result<Response, ConnectorError> {
        let Some(label) = request.extension::<Label>().cloned() else {
            // Credential providers talk for themselves.
            return inner.call(request).await;
        };
        let action = label.operation.action;
        let key = self.cache.as_ref().zip(self.time_to_live(label.operation)).and_then(|(cache, ttl)| {
            let identity = self.identity.get()?;
            Some((cache, ttl, answer::key(&label, identity, &request)?))
        });
        let price = label.operation.price_usd() * Decimal::from(label.units);
        if let Some((cache, _, key)) = &key
            && let Some(answer) = cache.get(key, self.clock.now()).and_then(|kept| answer::read(&kept.bytes))
        {
            self.meter.cached(action, price);
            return Ok(answer);
        }
        let place = format!("{}/{}/{}", label.account, label.region, label.operation.service);
        let mut admission = self.breakers.admit(&place).map_err(|open| ConnectorError::other(Box::new(open), None))?;
        let _slot = self.slots.acquire().await.map_err(|closed| ConnectorError::other(Box::new(closed), None))?;
        let limit = format!("{}/{}/{action}", label.account, label.region);
        self.limits.acquire(&limit, label.operation.quota).await;
        // While this request waited its turn, others may have found the service down.
        admission.confirm().map_err(|open| ConnectorError::other(Box::new(open), None))?;
        if let Err(over) = self.meter.reserve(action, price) {
            admission.neutral();
            return Err(ConnectorError::other(Box::new(over), None));
        }
        match tokio::time::timeout(self.config.attempt_timeout, whole_answer(inner, request)).await {
            Err(_) => {
                admission.failed();
                self.meter.failed(action);
                Err(ConnectorError::timeout(Box::new(NoAnswer { seconds: self.config.attempt_timeout.as_secs() })))
            }
            Ok(Err(error)) => {
                admission.failed();
                self.meter.failed(action);
                Err(error)
            }
            Ok(Ok(response)) => {
                let status = response.status().as_u16();
                if is_throttled(&response) {
                    admission.throttled();
                    self.meter.throttled(action);
                    self.limits.throttled(&limit, retry_after(&response));
                } else if status >= 500 {
                    admission.failed();
                    self.meter.failed(action);
                } else if status >= 300 {
                    admission.neutral();
                    self.meter.failed(action);
                    self.limits.succeeded(&limit);
                } else {
                    admission.succeeded();
                    self.limits.succeeded(&limit);
                    if let Some((cache, ttl, key)) = key {
                        cache.put(&key, action, &answer::write(&response), ttl, price, self.clock.now());
                    }
                }
                Ok(response)
            }
        }
    }
}

impl ApiLedger for Guard {
    fn calls(&self) -> BTreeMap<String, ApiCalls> {
        let of = |count: CallCount| ApiCalls {
            sent: count.calls,
            failed: count.failures + count.throttled,
            cached: count.cached,
            cost_usd: count.cost_usd,
            saved_usd: count.saved_usd,
        };
        self.meter.counts().into_iter().map(|(operation, count)| (operation, of(count))).collect()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no answer within {seconds} s")]
struct NoAnswer {
    seconds: u64,
}

/// Sends a request and reads the answer to its end, so that one which breaks off is a failed attempt and not half a list.
async fn whole_answer(inner: &SharedHttpConnector, request: HttpRequest) -> Result<Response, ConnectorError> {
    let mut response = inner.call(request).await?;
    let body = std::mem::replace(response.body_mut(), SdkBody::taken());
    let bytes = ByteStream::new(body).collect().await.map_err(|error| ConnectorError::io(BoxError::from(error)))?;
    let bytes = bytes.into_bytes();
    let is_xml = response.headers().get("content-type").is_some_and(|of| of.contains("xml"));
    // The SDK takes XML that breaks off for a shorter list.
    if is_xml && response.status().is_success() && !answer::is_whole_xml(&bytes) {
        return Err(ConnectorError::io(BoxError::from("the answer breaks off within its XML")));
    }
    *response.body_mut() = SdkBody::from(bytes);
    Ok(response)
}

/// The SDK's HTTP client with the guards around each request.
pub(crate) struct GuardedHttpClient {
    inner: SharedHttpClient,
    guard: Arc<Guard>,
}

impl GuardedHttpClient {
    pub(crate) fn new(inner: SharedHttpClient, guard: Arc<Guard>) -> Self {
        Self { inner, guard }
    }
}

impl fmt::Debug for GuardedHttpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedHttpClient").finish_non_exhaustive()
    }
}

impl HttpClient for GuardedHttpClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(GuardedConnector { inner, guard: Arc::clone(&self.guard) })
    }
}

#[derive(Debug)]
struct GuardedConnector {
    inner: SharedHttpConnector,
    guard: Arc<Guard>,
}

impl HttpConnector for GuardedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (inner, guard) = (self.inner.clone(), Arc::clone(&self.guard));
        HttpConnectorFuture::new(async move { guard.call(&inner, request).await })
    }
}
