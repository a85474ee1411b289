//! What the organisation has committed itself to.

use super::ledger::{Commitment, Pricing};

pub(super) const COMPUTE_PLAN: Commitment =
    Commitment { id: "arn:aws:savingsplans::100000000100:savingsplan/0d2f9a51-6c1e-4f0e-9a37-5b1c7e2f4a10", kind: "Savings Plan" };
pub(super) const DATABASE_RESERVATION_US: Commitment =
    Commitment { id: "arn:aws:rds:us-east-1:100000000100:ri:ri-2026-01-14-09-12-31-120", kind: "Reserved" };
pub(super) const DATABASE_RESERVATION_EU: Commitment =
    Commitment { id: "arn:aws:rds:eu-west-1:100000000100:ri:ri-2026-01-14-09-20-05-077", kind: "Reserved" };

/// Instances under a three-year Compute Savings Plan cost about two thirds of their list price.
pub(super) const PLANNED: Pricing = Pricing::Covered(COMPUTE_PLAN, 66);
/// Fargate and Lambda, for which the same plan gives less.
pub(super) const PLANNED_SERVERLESS: Pricing = Pricing::Covered(COMPUTE_PLAN, 84);
