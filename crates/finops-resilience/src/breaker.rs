//! Circuit breakers: a service that keeps failing is left alone for a while, then asked once.
//!
//! The three states and their names are those of resilience4j (<https://resilience4j.readme.io/docs/circuitbreaker>) and
//! Polly (<https://www.pollydocs.org/strategies/circuit-breaker.html>). As in Polly's original breaker
//! (<https://github.com/App-vNext/Polly/wiki/Circuit-Breaker>) it is failures in a row that open it: the calls of one
//! cell are too few for a failure rate.

mod circuit;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use self::circuit::{Circuit, Ticket, Verdict};

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerConfig {
    /// Failures in a row that open it; 0 counts as 1. `CIRCUIT_BREAKER_THRESHOLD`, 5 where nothing is said.
    pub failure_threshold: u32,
    /// How long it stays open before one request may try. `CIRCUIT_BREAKER_TIMEOUT_SECONDS`, 60 s where nothing is
    /// said.
    pub open_for: Duration,
}

/// What a breaker does with the next request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BreakerState {
    /// Lets it through.
    Closed,
    /// Refuses it, until its time is over; the first request after that makes it half-open.
    Open,
    /// Lets one at a time through, as a probe, and refuses the others.
    HalfOpen,
}

impl fmt::Display for BreakerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        })
    }
}

/// One breaker's change of state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Whose.
    pub key: Arc<str>,
    /// Before.
    pub from: BreakerState,
    /// After.
    pub to: BreakerState,
}

/// A request was refused: what it asks has failed too often of late.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the circuit breaker of {key} is open and lets nothing through for another {} s", retry_after.as_secs_f64().ceil())]
pub struct BreakerOpen {
    /// Whose breaker.
    pub key: Arc<str>,
    /// When it will be asked again. While a probe is under way this is the whole open time, which holds if the probe
    /// fails; if it succeeds, the breaker is closed at once.
    pub retry_after: Duration,
}

/// Who hears of transitions.
type Listener = Box<dyn Fn(&Transition) + Send + Sync>;

/// A breaker for each key, such as `123456789012/eu-west-1/ec2`. A key that nobody has asked for is closed.
///
/// Every transition is logged, with account ids shortened: a warning when one opens, else information.
pub struct Breakers {
    shared: Arc<Shared>,
}

struct Shared {
    config: BreakerConfig,
    started: Instant,
    circuits: Mutex<Circuits>,
    listener: Option<Listener>,
}

#[derive(Default)]
struct Circuits {
    by_key: HashMap<Arc<str>, Circuit>,
    opened: u64,
}

impl Breakers {
    /// Breakers that are all closed.
    pub fn new(config: BreakerConfig) -> Self {
        Self::with_optional_listener(config, None)
    }

    /// The same, with someone who hears of each transition after it has happened, for metrics. It is called without a
    /// lock held, on whichever task caused it, so two transitions close together may arrive in either order.
    pub fn with_listener(config: BreakerConfig, listener: impl Fn(&Transition) + Send + Sync + 'static) -> Self {
        Self::with_optional_listener(config, Some(Box::new(listener)))
    }

    fn with_optional_listener(config: BreakerConfig, listener: Option<Listener>) -> Self {
        Self { shared: Arc::new(Shared { config, started: Instant::now(), circuits: Mutex::default(), listener }) }
    }

    /// Asks to send one request.
    ///
    /// The answer must be told what became of it. Once half-open, a breaker admits one probe at a time.
    ///
    /// # Errors
    /// [`BreakerOpen`] where the breaker is open, or half-open with a probe under way.
    pub fn admit(&self, key: &str) -> Result<Admission, BreakerOpen> {
        let (key, admitted) = self.shared.change(key, Circuit::admit);
        match admitted {
            Ok(ticket) => Ok(Admission { shared: Arc::clone(&self.shared), key, ticket: Some(ticket) }),
            Err(retry_after) => Err(BreakerOpen { key, retry_after }),
        }
    }

    /// What a breaker is now. One whose open time is over is still open until somebody asks it.
    pub fn state(&self, key: &str) -> BreakerState {
        self.shared.circuits().by_key.get(key).map_or(BreakerState::Closed, Circuit::state)
    }

    /// How often any of them opened, after a failed probe too.
    pub fn opened(&self) -> u64 {
        self.shared.circuits().opened
    }
}

impl fmt::Debug for Breakers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Breakers").field("config", &self.shared.config).field("opened", &self.opened()).finish_non_exhaustive()
    }
}

impl Shared {
    fn circuits(&self) -> std::sync::MutexGuard<'_, Circuits> {
        self.circuits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something to a key's circuit at this moment, and says what became of its state.
    fn change<T>(&self, key: &str, change: impl FnOnce(&mut Circuit, Duration) -> T) -> (Arc<str>, T) {
        let mut circuits = self.circuits();
        // Read under the lock, so that no circuit sees time go back.
        let now = self.started.elapsed();
        let key = circuits.by_key.get_key_value(key).map_or_else(|| Arc::from(key), |(key, _)| Arc::clone(key));
        let circuit = circuits.by_key.entry(Arc::clone(&key)).or_insert_with(|| Circuit::new(self.config));
        let from = circuit.state();
        let outcome = change(circuit, now);
        let to = circuit.state();
        if from != to && to == BreakerState::Open {
            circuits.opened += 1;
        }
        drop(circuits);
        if from != to {
            self.announce(&Transition { key: Arc::clone(&key), from, to });
        }
        (key, outcome)
    }

    fn announce(&self, transition: &Transition) {
        let Transition { key, from, to } = transition;
        let breaker = with_short_account_ids(key);
        if *to == BreakerState::Open {
            tracing::warn!(%breaker, %from, %to, open_for = ?self.config.open_for, "circuit breaker opened");
        } else {
            tracing::info!(%breaker, %from, %to, "circuit breaker changed");
        }
        if let Some(listener) = &self.listener {
            listener(transition);
        }
    }
}

/// The key with each account id in it as `…9012`: logs show none at these levels.
fn with_short_account_ids(key: &str) -> String {
    let short = |part: &str| match part.get(8..) {
        Some(end) if part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_digit()) => format!("…{end}"),
        _ => part.to_owned(),
    };
    key.split('/').map(short).collect::<Vec<_>>().join("/")
}

/// Leave to send one request, and the duty to say what became of it.
///
/// One that is dropped without a verdict, as with its future, counts for nothing and gives a probe's place back.
/// A verdict on a request that was admitted before the breaker last changed its state counts for nothing either: it
/// tells of a time that has been judged already.
#[must_use = "an admission that is dropped tells the breaker nothing"]
pub struct Admission {
    shared: Arc<Shared>,
    key: Arc<str>,
    ticket: Option<Ticket>,
}

impl Admission {
    /// The service answered. Ends a row of failures, and closes a half-open breaker.
    pub fn succeeded(mut self) {
        self.settle(Verdict::Succeeded);
    }

    /// The service failed: an error of its own, a lost connection, no answer in time. Enough of these in a row open
    /// the breaker; a single failed probe does so again.
    pub fn failed(mut self) {
        self.settle(Verdict::Failed);
    }

    /// The service said that it was asked too often. It is there, so this does not open a breaker, nor does it end a
    /// row of failures; but a probe that is throttled has failed.
    pub fn throttled(mut self) {
        self.settle(Verdict::Throttled);
    }

    /// What happened says nothing about the service: denied, not found, an invalid request, never sent. It is neither a
    /// failure nor a success, as what resilience4j is told to ignore, and leaves a half-open breaker to the next probe.
    pub fn neutral(mut self) {
        self.settle(Verdict::Neutral);
    }

    /// Asks again, after a wait between admission and sending, and does nothing where the breaker has not changed its state
    /// since. Where it has, this is a new admission under the new state: its verdict counts, and it may be the probe.
    ///
    /// # Errors
    /// [`BreakerOpen`], as [`Breakers::admit`]. The request must not be sent then; what is said of this admission counts
    /// for nothing.
    pub fn confirm(&mut self) -> Result<(), BreakerOpen> {
        let Some(ticket) = self.ticket else { return Ok(()) };
        let (key, renewed) = self.shared.change(&self.key, |circuit, now| circuit.renew(ticket, now));
        self.ticket = Some(renewed.map_err(|retry_after| BreakerOpen { key, retry_after })?);
        Ok(())
    }

    fn settle(&mut self, verdict: Verdict) {
        if let Some(ticket) = self.ticket.take() {
            self.shared.change(&self.key, |circuit, now| circuit.settle(ticket, verdict, now));
        }
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        self.settle(Verdict::Neutral);
    }
}

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admission").field("key", &self.key).finish_non_exhaustive()
    }
}
