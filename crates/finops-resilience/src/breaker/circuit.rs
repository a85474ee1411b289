//! One breaker as a state machine. Time is passed in, as the time since any fixed moment, and never goes back.

use std::time::Duration;

use super::{BreakerConfig, BreakerState};

/// Under which of its states the circuit admitted a request: it counts them up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    generation: u64,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Succeeded,
    Failed,
    Throttled,
    Neutral,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    Closed { failures_in_a_row: u32 },
    Open { until: Duration },
    HalfOpen { is_probing: bool },
}

#[derive(Debug)]
pub(super) struct Circuit {
    config: BreakerConfig,
    phase: Phase,
    generation: u64,
}

impl Circuit {
    pub(super) fn new(config: BreakerConfig) -> Self {
        Self { config, phase: Phase::Closed { failures_in_a_row: 0 }, generation: 0 }
    }

    pub(super) fn state(&self) -> BreakerState {
        match self.phase {
            Phase::Closed { .. } => BreakerState::Closed,
            Phase::Open { .. } => BreakerState::Open,
            Phase::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    /// A ticket, or how long to wait.
    pub(super) fn admit(&mut self, now: Duration) -> Result<Ticket, Duration> {
        match self.phase {
            Phase::Closed { .. } => {}
            Phase::Open { until } if now < until => return Err(until.saturating_sub(now)),
            Phase::HalfOpen { is_probing: true } => return Err(self.config.open_for),
            Phase::Open { .. } => self.enter(Phase::HalfOpen { is_probing: true }),
            Phase::HalfOpen { is_probing: false } => self.phase = Phase::HalfOpen { is_probing: true },
        }
        Ok(Ticket { generation: self.generation })
    }

    /// The ticket itself where it is of the present state, else a new one if there is one.
    pub(super) fn renew(&mut self, ticket: Ticket, now: Duration) -> Result<Ticket, Duration> {
        if ticket.generation == self.generation { Ok(ticket) } else { self.admit(now) }
    }

    pub(super) fn settle(&mut self, ticket: Ticket, verdict: Verdict, now: Duration) {
        if ticket.generation != self.generation {
            return;
        }
        match (self.phase, verdict) {
            (Phase::Closed { .. }, Verdict::Succeeded) => self.phase = Phase::Closed { failures_in_a_row: 0 },
            (Phase::Closed { failures_in_a_row }, Verdict::Failed) => {
                let failures_in_a_row = failures_in_a_row.saturating_add(1);
                if failures_in_a_row >= self.config.failure_threshold {
                    self.open(now);
                } else {
                    self.phase = Phase::Closed { failures_in_a_row };
                }
            }
            (Phase::HalfOpen { .. }, Verdict::Succeeded) => self.enter(Phase::Closed { failures_in_a_row: 0 }),
            (Phase::HalfOpen { .. }, Verdict::Failed | Verdict::Throttled) => self.open(now),
            (Phase::HalfOpen { .. }, Verdict::Neutral) => self.phase = Phase::HalfOpen { is_probing: false },
            // No ticket is given out while open, and what does not count changes nothing while closed.
            (Phase::Open { .. }, _) | (Phase::Closed { .. }, Verdict::Throttled | Verdict::Neutral) => {}
        }
    }

    fn open(&mut self, now: Duration) {
        self.enter(Phase::Open { until: now.saturating_add(self.config.open_for) });
    }

    fn enter(&mut self, phase: Phase) {
        self.phase = phase;
        self.generation += 1;
    }
}
