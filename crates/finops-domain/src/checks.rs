//! The check engine: what a check is, what it may see, and how its drafts become findings.
//!
//! A check is one file under `checks/<service>/`. It looks at the spend of the judged window and drafts findings;
//! the engine computes the savings from the draft's formula and evidence, caps them at the spend that the draft
//! claims, and scales them to a month of [`HOURS_PER_MONTH`] hours.

mod commitment;
mod context;
mod engine;
pub mod formula;
mod history;
mod instance_price;
#[cfg(test)]
mod invariants;
mod inventory;
mod measured;
mod part;
mod registry;
#[cfg(test)]
pub(crate) mod testing;
mod unit_price;

use std::collections::BTreeMap;
use std::fmt::Debug;

use rust_decimal::Decimal;

pub use self::context::{CheckContext, JudgedWindow};
pub use self::engine::{CheckRun, run_checks};
pub use self::registry::{ALL, find};
use crate::finding::{FindingDraft, NotEvaluated};
use crate::id::CheckId;
#[cfg(doc)]
use crate::period::HOURS_PER_MONTH;

/// How much it takes to act on a check's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effort {
    /// Minutes: a console action or one command.
    Low,
    /// Hours: a change, a test, a deployment.
    Medium,
    /// Days: a migration or a change of architecture.
    High,
}

/// What can go wrong when acting on a check's findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// Nothing that cannot be undone at once.
    Low,
    /// A restart, a short interruption, or a limit that may be met.
    Medium,
    /// Data or a binding payment.
    High,
}

/// A setting of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, as in `finops.toml`.
    pub name: &'static str,
    /// What it is unless the user says otherwise, as a decimal.
    pub default: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// Everything that there is to say of a check, for `finops checks`, the documentation and the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckMeta {
    /// `service.what-is-wrong`.
    pub id: &'static str,
    /// A few words.
    pub title: &'static str,
    /// Why it matters, one or two sentences.
    pub why: &'static str,
    /// AWS page or other public source of the rule.
    pub source: &'static str,
    /// When that was read, `2026-11-24`.
    pub source_as_of: &'static str,
    /// AWS service codes that it looks at; empty for all.
    pub services: &'static [&'static str],
    /// Its settings.
    pub parameters: &'static [Parameter],
    /// How the saving is computed, in words.
    pub saving: &'static str,
    /// What can go wrong when acting on it.
    pub risk: Risk,
    /// The same in a sentence.
    pub risk_note: &'static str,
    /// What it takes.
    pub effort: Effort,
    /// What to do, step by step; `{resource}` and `{region}` stand for the finding's own.
    pub steps: &'static [&'static str],
    /// How to take it back.
    pub rollback: &'static str,
}

/// What a check says: findings, and what it could not judge. What it looked at and found in order is in neither.
#[derive(Clone, Debug, Default)]
pub struct CheckOutput {
    /// What it found.
    pub findings: Vec<FindingDraft>,
    /// What it could not judge, and why.
    pub not_evaluated: Vec<NotEvaluated>,
}

/// One rule about spend or resources. Pure: the same context gives the same output.
pub trait Check: Debug + Send + Sync {
    /// What there is to say of it.
    fn meta(&self) -> &'static CheckMeta;

    /// Whether it judges resources by what an inventory says of them, so that it needs no bill.
    fn judges_resources(&self) -> bool {
        false
    }

    /// Looks at the context and says what it finds.
    fn run(&self, context: &CheckContext<'_>) -> CheckOutput;
}

/// Which checks run, with which settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckSelection {
    /// Only these, if any.
    pub only: Vec<CheckId>,
    /// Not these.
    pub skip: Vec<CheckId>,
    /// Settings by check and parameter name that differ from the defaults.
    pub parameters: BTreeMap<(CheckId, String), Decimal>,
}

impl CheckSelection {
    /// Whether a check is to run.
    pub fn includes(&self, id: &str) -> bool {
        (self.only.is_empty() || self.only.iter().any(|only| only.as_str() == id)) && !self.skip.iter().any(|skip| skip.as_str() == id)
    }
}
