//! What runs beside the workloads, and what is on every bill: monitoring, keys, small services, fees, tax, commitments.

use std::collections::BTreeMap;

use finops_domain::charge::{ChargeCategory, CommitmentDiscountStatus};
use finops_domain::period::ChargePeriod;
use rust_decimal::Decimal;

use super::fleet::{arn, workload};
use super::ledger::{Amount, Ledger, Line, Tags};
use super::places::{APN1, Account, DATA, EUC1, EUW1, PROD, ROOT, SANDBOX, SHARED, STAGING, USE1, USW2};
use super::services::{BEDROCK, CLOUDWATCH, KMS, RDS, S3, SAGEMAKER, SAVINGS_PLANS, SECRETS, SMALL, SUPPORT, TRANSFER};

pub(super) fn write(ledger: &mut Ledger) {
    monitoring(ledger);
    keys_and_secrets(ledger);
    machine_learning(ledger);
    for (at, small) in SMALL.iter().enumerate() {
        for account in [PROD, DATA, SHARED].into_iter().cycle().skip(at % 3).take(small.accounts) {
            let line = Line::new((account, USE1), &small.service, small.usage, small.unit, small.price, Amount::Traffic(small.per_day));
            ledger.add(&line);
        }
    }
}

fn monitoring(ledger: &mut Ledger) {
    for place in [(PROD, USE1), (PROD, EUW1), (PROD, EUC1), (PROD, APN1), (STAGING, USE1), (DATA, USE1), (DATA, USW2), (SHARED, USE1)] {
        let line = |usage: &str, unit, price, amount| Line::new(place, &CLOUDWATCH, usage, unit, price, amount);
        for number in 0..6 {
            let name = format!("/{}/{}", place.0.environment, workload(number));
            let id = arn(place, "logs", &format!("log-group:{name}"));
            let stored =
                line("TimedStorage-ByteHrs", "GB-Mo", 30_000_000, Amount::Monthly(60_000)).operation("HourlyStorageMetering").resource(&id);
            ledger.resource("logs:log-group", &stored, &name, &[("RetentionInDays", "30"), ("LogGroupClass", "STANDARD")]);
            ledger.add(&stored);
            ledger.add(&line("DataProcessing-Bytes", "GB", 500_000_000, Amount::Traffic(400)).operation("PutLogEvents").resource(&id));
        }
        ledger.add(&line("CW:AlarmMonitorUsage", "Alarms", 100_000_000, Amount::Monthly(180_000)).operation("MetricAlarm"));
    }
}

fn keys_and_secrets(ledger: &mut Ledger) {
    for place in [(PROD, USE1), (PROD, EUW1), (PROD, EUC1), (STAGING, USE1), (DATA, USE1), (SHARED, USE1)] {
        for number in 0..14 {
            let id = arn(place, "kms", &format!("key/{}-{}-4{}", ledger.random.hex(8), ledger.random.hex(4), ledger.random.hex(3)));
            let key = Line::new(place, &KMS, "KMS-Keys", "Keys", 1_000_000_000, Amount::Monthly(1_000)).resource(&id);
            ledger.resource("kms:key", &key, workload(number), &[("KeyState", "Enabled"), ("KeyManager", "CUSTOMER")]);
            ledger.add(&key);
        }
        for number in 0..18 {
            let name = format!("{}/{}", place.0.environment, workload(number));
            let id = arn(place, "secretsmanager", &format!("secret:{name}-{}", ledger.random.hex(6)));
            let secret =
                Line::new(place, &SECRETS, "AWSSecretsManager-Secrets", "Secrets", 400_000_000, Amount::Monthly(1_000)).resource(&id);
            ledger.resource("secretsmanager:secret", &secret, &name, &[("RotationEnabled", "true")]);
            ledger.add(&secret);
        }
    }
}

fn machine_learning(ledger: &mut Ledger) {
    for (number, name) in ["eta-model", "demand-forecast", "address-matching", "damage-vision"].into_iter().enumerate() {
        let place = (DATA, if number < 3 { USE1 } else { USW2 });
        let id = arn(place, "sagemaker", &format!("endpoint/{name}"));
        let line = Line::new(place, &SAGEMAKER, "Host:ml.g5.2xlarge", "Hrs", 1_515_000_000, Amount::EveryDay(48_000))
            .operation("RunInstance")
            .instance_type("ml.g5.2xlarge")
            .resource(&id);
        ledger.resource("sagemaker:endpoint", &line, name, &[("InstanceType", "ml.g5.2xlarge"), ("InitialInstanceCount", "2")]);
        ledger.add(&line);
    }
    for (account, tokens) in [(PROD, 26_000_000), (DATA, 11_000_000)] {
        let line = Line::new((account, USE1), &BEDROCK, "Claude-input-tokens", "1K tokens", 3_000_000, Amount::Traffic(tokens));
        ledger.add(&line.operation("InvokeModelInference"));
    }
}

fn fee(account: Account, service: &'static super::services::Service, usage: &str, description: &str, category: ChargeCategory) -> Line {
    let mut line = Line::new((account, USE1), service, usage, "Units", 0, Amount::EveryDay(0));
    description.clone_into(&mut line.description);
    line.category = category;
    line.is_discounted = false;
    line
}

/// Month by month: tax of each account, support, a credit, and a refund.
pub(super) fn write_fees(ledger: &mut Ledger) {
    let months = months(ledger);
    let accounts = [ROOT, PROD, STAGING, DATA, SHARED, SANDBOX];
    let mut billed: Vec<BTreeMap<&str, Decimal>> = vec![BTreeMap::new(); months.len()];
    for charge in &ledger.charges {
        let month = months.iter().position(|month| month.contains(charge.charge_period.start)).and_then(|month| billed.get_mut(month));
        let account = charge.sub_account_id.as_ref().and_then(|id| accounts.iter().find(|account| account.id == id.as_str()));
        if let (Some(month), Some(account)) = (month, account) {
            *month.entry(account.id).or_default() += charge.billed_cost;
        }
    }
    for (month, mut billed) in months.iter().zip(billed) {
        // Business Support: ten, seven, five and three percent of the spend, by band; here the flat rate of its third band.
        let support = (billed.values().sum::<Decimal>() * Decimal::new(5, 2)).round_dp(2);
        *billed.entry(ROOT.id).or_default() += support;
        let line = fee(ROOT, &SUPPORT, "Dollar", "AWS Support (Business)", ChargeCategory::Usage);
        ledger.add_row(&line, *month, support, support);
        for account in accounts {
            let tax = (billed.get(account.id).copied().unwrap_or_default() * Decimal::new(82, 3)).round_dp(2);
            let mut line = fee(account, &TRANSFER, "", "US sales tax", ChargeCategory::Tax);
            line.region = None;
            line.tags = Tags::default();
            ledger.add_row(&line, *month, tax, tax);
        }
        let mut credit = fee(ROOT, &SAGEMAKER, "", "Migration Acceleration Program credit", ChargeCategory::Credit);
        credit.region = None;
        credit.tags = Tags::default();
        ledger.add_row(&credit, *month, Decimal::from(-2_500), Decimal::from(-2_500));
    }
    if let Some(month) = months.get(10).copied() {
        let mut refund = fee(DATA, &S3, "", "Refund for a regional service event", ChargeCategory::Adjustment);
        refund.tags = Tags::default();
        ledger.add_row(&refund, month, Decimal::new(-41_275, 2), Decimal::new(-41_275, 2));
    }
}

/// What the commitments cost: by the day or month, what they covered is billed to the payer.
pub(super) fn write_commitments(ledger: &mut Ledger) {
    let periods = ledger.periods.clone();
    for (commitment, sums) in ledger.covered.clone() {
        let service = if commitment.kind == "Savings Plan" { &SAVINGS_PLANS } else { &RDS };
        for (period, used) in periods.iter().zip(sums) {
            if used.is_zero() {
                continue;
            }
            let description = format!("{} recurring fee", commitment.kind);
            let mut line = fee(ROOT, service, "RecurringFee", &description, ChargeCategory::Purchase);
            line.priced_by(commitment);
            ledger.add_row(&line, period.charge_period, used, Decimal::ZERO);
            if let Some(row) = ledger.charges.last_mut() {
                row.commitment_discount_status = None;
            }
        }
    }
}

/// What a commitment covered nothing with: paid for in `write_commitments`'s manner, and used by nobody.
pub(super) fn write_unused(ledger: &mut Ledger, commitment: super::ledger::Commitment, account: Account, per_day: Decimal, since: i64) {
    let service = if commitment.kind == "Savings Plan" { &SAVINGS_PLANS } else { &RDS };
    for period in ledger.periods.clone().into_iter().filter(|period| period.month >= since) {
        let cost = per_day * Decimal::from(period.days);
        let mut purchase = fee(account, service, "RecurringFee", &format!("{} recurring fee", commitment.kind), ChargeCategory::Purchase);
        purchase.priced_by(commitment);
        ledger.add_row(&purchase, period.charge_period, cost, Decimal::ZERO);
        if let Some(row) = ledger.charges.last_mut() {
            row.commitment_discount_status = None;
        }
        let mut unused = fee(account, service, "UnusedCommitment", &format!("{} not used", commitment.kind), ChargeCategory::Usage);
        unused.priced_by(commitment);
        ledger.add_row(&unused, period.charge_period, Decimal::ZERO, cost);
        if let Some(row) = ledger.charges.last_mut() {
            row.commitment_discount_status = Some(CommitmentDiscountStatus::Unused);
        }
    }
}

/// The thirteen months as charge periods.
pub(super) fn months(ledger: &Ledger) -> Vec<ChargePeriod> {
    let mut months: Vec<ChargePeriod> = Vec::new();
    for period in &ledger.periods {
        match months.last_mut() {
            Some(last) if period.days_before > 0 => last.end = period.charge_period.end,
            _ => months.push(period.charge_period),
        }
    }
    months
}
