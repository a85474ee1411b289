//! What is about an account, a region or the whole organisation: keys, trails, commitments, tags, fees.

use rust_decimal::{Decimal, RoundingStrategy};

use super::of_place;
use crate::demo::commitments::{
    ENDED_CACHE_RESERVATION, ENDED_DATABASE_RESERVATION, UNUSED_DATABASE_RESERVATION, UNUSED_INSTANCE_RESERVATION, UNUSED_PLAN,
};
use crate::demo::fleet::{ALL_DAY, arn, instance};
use crate::demo::ledger::{Amount, Commitment, Ledger, Line, Pricing, last_month_cost};
use crate::demo::operations::write_unused;
use crate::demo::places::{DATA, EUC1, EUW1, PROD, Place, ROOT, Region, SANDBOX, SHARED, STAGING, USE1, USW2};
use crate::demo::services::{
    CLOUDTRAIL, CONFIG, ELASTICACHE, KENDRA, KMS, MARKETPLACE, MARKETPLACE_FEED, Q_BUSINESS, RDS, SECRETS, Service, WORKMAIL,
};

/// Regions that someone tried once.
const CAC1: Region = Region { id: "ca-central-1", prefix: "CAN1-", price_percent: 110 };
const EUN1: Region = Region { id: "eu-north-1", prefix: "EUN1-", price_percent: 102 };
const APS3: Region = Region { id: "ap-south-1", prefix: "APS3-", price_percent: 105 };

pub(super) fn plant(ledger: &mut Ledger) {
    keys_and_secrets(ledger);
    trails_and_recorders(ledger);
    commitments(ledger);
    small_regions(ledger);
    fees(ledger);
    let why = "the sandbox does not keep to the tagging policy";
    of_place(ledger, "tagging.untagged-spend", (Some(SANDBOX), None), "untagged", None, why);
    uncovered_compute(ledger);
    let users = Line::new((SHARED, EUW1), &WORKMAIL, "WorkMail-Users", "Users", 4_000_000_000, Amount::Monthly(38_000));
    ledger.add(&users);
    let why = "mail that nobody has moved yet, of a service with an end date";
    of_place(ledger, "catalog.ended-service", (Some(SHARED), Some(EUW1)), "ended workmail", None, why);
}

fn keys_and_secrets(ledger: &mut Ledger) {
    for (place, count) in [((SHARED, EUW1), 64), ((SANDBOX, USE1), 38)] {
        for number in 0..count {
            let id = arn(place, "kms", &format!("key/{}-{}-4{}", ledger.random.hex(8), ledger.random.hex(4), ledger.random.hex(3)));
            let key = Line::new(place, &KMS, "KMS-Keys", "Keys", 1_000_000_000, Amount::Monthly(1_000)).resource(&id);
            ledger.resource("kms:key", &key, &format!("stack-{number}"), &[("KeyState", "Enabled"), ("KeyManager", "CUSTOMER")]);
            ledger.add(&key);
        }
        of_place(ledger, "kms.key-spread", (Some(place.0), Some(place.1)), "keys", None, "each stack makes a key of its own");
    }
    for (place, count) in [((DATA, USW2), 90), ((SANDBOX, USE1), 46)] {
        for number in 0..count {
            let id = arn(place, "secretsmanager", &format!("secret:settings/{number:03}-{}", ledger.random.hex(6)));
            let secret =
                Line::new(place, &SECRETS, "AWSSecretsManager-Secrets", "Secrets", 400_000_000, Amount::Monthly(1_000)).resource(&id);
            ledger.resource("secretsmanager:secret", &secret, &format!("settings/{number:03}"), &[("RotationEnabled", "false")]);
            ledger.add(&secret);
        }
        of_place(ledger, "secretsmanager.secret-spread", (Some(place.0), Some(place.1)), "secrets", None, "plain settings kept as secrets");
    }
}

fn trails_and_recorders(ledger: &mut Ledger) {
    for (place, events) in [((PROD, USE1), 1_900_000), ((DATA, USE1), 1_100_000), ((STAGING, USE1), 420_000)] {
        let line = Line::new(place, &CLOUDTRAIL, "PaidEventsRecorded", "Events", 20_000, Amount::Traffic(events * 1000));
        ledger.add(&line);
        let why = "the account's own trail records what the organisation's trail records";
        let saving = last_month_cost(&line);
        of_place(ledger, "cloudtrail.duplicate-trail", (Some(place.0), Some(place.1)), "paid-management-events", Some(saving), why);
    }
    for (place, items) in [((PROD, USE1), 9_000), ((STAGING, USE1), 2_600)] {
        ledger.add(&Line::new(
            place,
            &CONFIG,
            "ConfigurationItemRecorded",
            "ConfigurationItemRecorded",
            3_000_000,
            Amount::Traffic(items * 1000),
        ));
        let why = "every instance that comes and goes is recorded";
        of_place(ledger, "config.recorder-items", (Some(place.0), Some(place.1)), "configuration-items", None, why);
    }
}

fn commitments(ledger: &mut Ledger) {
    for (commitment, cents_per_day, since) in
        [(UNUSED_PLAN, 7_200, 4), (UNUSED_INSTANCE_RESERVATION, 2_640, 2), (UNUSED_DATABASE_RESERVATION, 1_130, 6)]
    {
        write_unused(ledger, commitment, ROOT, Decimal::new(cents_per_day, 2), since);
        of_commitment(ledger, "commitments.unused", ROOT, "unused", commitment, "bought for what has moved or gone since");
    }
    let ended: [(Commitment, Place, &'static Service, &str, &str, i64, usize); 2] = [
        (ENDED_CACHE_RESERVATION, (DATA, USW2), &ELASTICACHE, "NodeUsage", "cache.r7g.xlarge", 437_000_000, 6),
        (ENDED_DATABASE_RESERVATION, (PROD, EUC1), &RDS, "InstanceUsage", "db.r7g.2xlarge", 957_000_000, 2),
    ];
    for (commitment, place, service, measure, kind, price, count) in ended {
        for number in 0..count {
            let is_cache = service.code == ELASTICACHE.code;
            let (api, name) =
                if is_cache { ("elasticache", format!("cluster:features-{number}")) } else { ("rds", format!("db:prod-rates-{number}")) };
            let line = Line::new(place, service, &format!("{measure}:{kind}"), "Hrs", price, ALL_DAY)
                .operation(if is_cache { "CreateCacheCluster:0003" } else { "CreateDBInstance:0014" })
                .instance_type(kind)
                .resource(&arn(place, api, &name));
            let resource_kind = if is_cache { "elasticache:cluster" } else { "rds:db" };
            ledger.resource(resource_kind, &line, &name, &[("Class", kind)]);
            ledger.add(&line.clone().priced(Pricing::Covered(commitment, 62)).until(11));
            ledger.add(&line.since(12));
        }
        let why = "ended with September and was not renewed";
        of_commitment(ledger, "commitments.ending", place.0, "ended", commitment, why);
    }
}

fn of_commitment(
    ledger: &mut Ledger,
    check: &'static str,
    account: crate::demo::places::Account,
    what: &str,
    commitment: Commitment,
    why: &'static str,
) {
    of_place(ledger, check, (Some(account), None), &format!("{what} {}", commitment.id), None, why);
    if let Some(case) = ledger.truth.last_mut() {
        case.resource_id = Some(commitment.id.into());
    }
}

fn small_regions(ledger: &mut Ledger) {
    for (region, count) in [(CAC1, 3), (EUN1, 1), (APS3, 2)] {
        for number in 0..count {
            let line = instance(ledger, (SANDBOX, region), ("t4g.medium", 33_600_000), Pricing::OnDemand, &format!("trial-{number}"), 0);
            ledger.add(&line);
        }
        of_place(ledger, "cost.small-region", (None, Some(region)), "small-region", None, "a trial that nobody cleaned up");
    }
}

fn fees(ledger: &mut Ledger) {
    for (service, usage, price, per_day) in
        [(&KENDRA, "Developer-Index", 1_125_000_000, 24_000), (&Q_BUSINESS, "Q-Business-Pro-User", 20_000_000_000, 1_400)]
    {
        let line = Line::new((DATA, USE1), service, usage, "Hrs", price, Amount::EveryDay(per_day)).since(12);
        ledger.add(&line);
        let why = "used for the first time in October";
        of_place(ledger, "cost.new-service", (None, None), &format!("new {}", service.name), None, why);
    }
    for (account, service, publisher, price) in
        [(PROD, &MARKETPLACE, "Kestrel Systems", 310_000_000_000), (DATA, &MARKETPLACE_FEED, "Nordlys Data", 46_000_000_000)]
    {
        let mut line = Line::new((account, USE1), service, "Contract", "Units", price, Amount::EveryDay(1_000));
        line.publisher = publisher;
        line.is_discounted = false;
        ledger.add(&line);
        let subject = format!("product {} by {publisher}", service.name);
        of_place(ledger, "marketplace.spend", (Some(account), None), &subject, None, "bought from the marketplace");
    }
    // Support is written with the other fees, when all else is known.
    of_place(ledger, "support.spend", (None, None), "support", None, "Business Support at five percent of the spend");
}

/// One plan for all on-demand instances. They run all day, so that a plan of their hourly cost at 27 % off is used up;
/// AWS takes commitments in thousandths of a dollar an hour.
fn uncovered_compute(ledger: &mut Ledger) {
    let last_month = ledger.periods.last().map(|period| period.charge_period);
    let is_on_demand = |usage_type: &str| usage_type.contains("BoxUsage:") && !usage_type.contains("mq.");
    let a_day: Decimal = ledger
        .charges
        .iter()
        .filter(|charge| last_month == Some(charge.charge_period) && charge.commitment_discount_id.is_none())
        .filter(|charge| charge.service_code.as_ref().is_some_and(|code| code.as_str() == "AmazonEC2"))
        .filter(|charge| charge.usage_type.as_deref().is_some_and(is_on_demand))
        .map(|charge| charge.effective_cost)
        .sum();
    let rest = Decimal::new(73, 2);
    let hourly = (a_day * rest / Decimal::from(24)).round_dp_with_strategy(3, RoundingStrategy::ToZero);
    let paid = hourly * Decimal::from(24 * 31);
    let saving = paid / rest - paid;
    let why = "instances on demand all day that no plan covers";
    of_place(ledger, "savings-plans.uncovered-compute", (None, None), "compute-savings-plan USD", Some(saving), why);
}
