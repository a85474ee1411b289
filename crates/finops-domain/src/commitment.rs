//! Commitments: how much of what was bought is used, and how much of what could be covered is.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::advice::NativeAdvice;
use crate::money::Money;
use crate::period::ChargePeriod;

/// A kind of commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommitmentKind {
    /// Savings Plans of all types.
    SavingsPlans,
    /// Reservations of all services.
    Reservations,
}

/// How far the commitments of a kind were used and covered usage over a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitmentUse {
    /// Of what kind.
    pub kind: CommitmentKind,
    /// When.
    pub period: ChargePeriod,
    /// How much of them was used; `None` where there were none, or it is not known.
    pub utilization: Option<CommitmentUtilization>,
    /// How much of the usage that they could cover they did; `None` where there was none, or it is not known.
    pub coverage: Option<CommitmentCoverage>,
}

/// How much of commitments was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitmentUtilization {
    /// Of what was committed, used; 0 to 100.
    pub used_percent: Decimal,
    /// What they cost, amortised.
    pub amortized_cost: Money,
    /// What of that nothing used.
    pub unused_cost: Money,
    /// What was saved against on-demand prices, the unused part deducted; negative where that is more.
    pub net_savings: Money,
}

/// How much of what commitments could cover they did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitmentCoverage {
    /// Covered, 0 to 100: of spend by Savings Plans, of hours by reservations.
    pub covered_percent: Decimal,
    /// What the usage that was not covered cost; `None` where the source counts hours alone.
    pub on_demand_cost: Option<Money>,
    /// Hours that were not covered; `None` where the source counts money alone.
    pub on_demand_hours: Option<Decimal>,
}

/// What is known of an organization's commitments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitments {
    /// One for each kind and period that anything is known of, sorted.
    pub uses: Vec<CommitmentUse>,
    /// What the source would buy.
    pub recommendations: Vec<NativeAdvice>,
}
