//! What the organisation has committed itself to.

use super::ledger::{Commitment, Pricing};

pub(super) const COMPUTE_PLAN: Commitment =
    Commitment { id: "arn:aws:savingsplans::100000000100:savingsplan/0d2f9a51-6c1e-4f0e-9a37-5b1c7e2f4a10", kind: "Savings Plan" };
pub(super) const DATABASE_RESERVATION_US: Commitment =
    Commitment { id: "arn:aws:rds:us-east-1:100000000100:ri:ri-2026-01-14-09-12-31-120", kind: "Reserved" };
pub(super) const DATABASE_RESERVATION_EU: Commitment =
    Commitment { id: "arn:aws:rds:eu-west-1:100000000100:ri:ri-2026-01-14-09-20-05-077", kind: "Reserved" };
/// Ended with September 2026; what they covered has been on demand since.
pub(super) const ENDED_CACHE_RESERVATION: Commitment =
    Commitment { id: "arn:aws:elasticache:us-west-2:100000000100:reserved-instance:ri-2025-09-30-16-02-44-311", kind: "Reserved" };
pub(super) const ENDED_DATABASE_RESERVATION: Commitment =
    Commitment { id: "arn:aws:rds:eu-central-1:100000000100:ri:ri-2025-09-30-15-47-10-208", kind: "Reserved" };

/// Bought for what has moved or gone since.
pub(super) const UNUSED_PLAN: Commitment =
    Commitment { id: "arn:aws:savingsplans::100000000100:savingsplan/7a4c1f2e-93d0-4b6e-8f15-2d6e0c9b7a31", kind: "Savings Plan" };
pub(super) const UNUSED_INSTANCE_RESERVATION: Commitment =
    Commitment { id: "arn:aws:ec2:us-west-2:100000000100:reserved-instances/5b1e8c9d-20af-4d7c-b3a6-91c4de70f582", kind: "Reserved" };
pub(super) const UNUSED_DATABASE_RESERVATION: Commitment =
    Commitment { id: "arn:aws:rds:us-east-1:100000000100:ri:ri-2026-03-02-11-30-18-445", kind: "Reserved" };

/// Instances under a three-year Compute Savings Plan cost about two thirds of their list price.
pub(super) const PLANNED: Pricing = Pricing::Covered(COMPUTE_PLAN, 66);
/// Fargate and Lambda, for which the same plan gives less.
pub(super) const PLANNED_SERVERLESS: Pricing = Pricing::Covered(COMPUTE_PLAN, 84);
