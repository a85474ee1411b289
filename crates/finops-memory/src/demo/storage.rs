//! Databases, caches, tables and buckets that are in order.

use super::commitments::{DATABASE_RESERVATION_EU, DATABASE_RESERVATION_US};
use super::fleet::{ALL_DAY, arn, workload};
use super::ledger::{Amount, Ledger, Line, Pricing};
use super::places::{APN1, DATA, EUC1, EUW1, PROD, Place, SANDBOX, SHARED, STAGING, USE1, USW2};
use super::services::{DYNAMODB, ELASTICACHE, RDS, S3};

/// Hourly prices of PostgreSQL in one zone in us-east-1, billionths of a dollar, rounded.
const M7G_LARGE: (&str, i64) = ("db.m7g.large", 168_000_000);
const M7G_XLARGE: (&str, i64) = ("db.m7g.xlarge", 336_000_000);
const R7G_XLARGE: (&str, i64) = ("db.r7g.xlarge", 479_000_000);
const R7G_2XLARGE: (&str, i64) = ("db.r7g.2xlarge", 957_000_000);
const T4G_MEDIUM: (&str, i64) = ("db.t4g.medium", 65_000_000);

/// gp3 storage of a database by the GB-month.
pub(super) const DATABASE_GP3: i64 = 115_000_000;

/// A database's instance line and its place in the inventory; the line is not written yet.
pub(super) fn database(
    ledger: &mut Ledger,
    place: Place,
    (class, price): (&str, i64),
    name: &str,
    (engine, version, storage): (&str, &str, &str),
) -> Line {
    let id = arn(place, "rds", &format!("db:{name}"));
    let operation = if engine == "mysql" { "CreateDBInstance:0002" } else { "CreateDBInstance:0014" };
    let line = Line::new(place, &RDS, &format!("InstanceUsage:{class}"), "Hrs", price, ALL_DAY)
        .operation(operation)
        .instance_type(class)
        .resource(&id);
    let configuration =
        [("DBInstanceClass", class), ("Engine", engine), ("EngineVersion", version), ("StorageType", storage), ("MultiAZ", "false")];
    ledger.resource("rds:db", &line, name, &configuration);
    ledger.utilization(&id, "AWS/RDS", "CPUUtilization", 220, 560);
    ledger.utilization(&id, "AWS/RDS", "DatabaseConnections", 180, 900);
    line
}

/// Storage of the database that `instance` is the line of.
pub(super) fn database_storage(place: Place, instance: &Line, usage: &str, price: i64, gib: i64) -> Line {
    let id = instance.resource.as_deref().unwrap_or_default();
    Line::new(place, &RDS, usage, "GB-Mo", price, Amount::Monthly(gib * 1000)).operation(instance.operation).resource(id)
}

pub(super) fn write(ledger: &mut Ledger) {
    databases(ledger);
    caches(ledger);
    tables(ledger);
    buckets(ledger);
}

fn databases(ledger: &mut Ledger) {
    let us = Pricing::Covered(DATABASE_RESERVATION_US, 62);
    let eu = Pricing::Covered(DATABASE_RESERVATION_EU, 62);
    let groups = [
        ((PROD, USE1), 14, R7G_2XLARGE, us, 900),
        ((PROD, USE1), 12, M7G_XLARGE, Pricing::OnDemand, 400),
        ((PROD, EUW1), 8, R7G_2XLARGE, eu, 800),
        ((PROD, EUW1), 8, M7G_XLARGE, Pricing::OnDemand, 300),
        ((PROD, EUC1), 4, R7G_XLARGE, Pricing::OnDemand, 400),
        ((PROD, APN1), 4, R7G_XLARGE, Pricing::OnDemand, 400),
        ((STAGING, USE1), 12, T4G_MEDIUM, Pricing::OnDemand, 100),
        ((STAGING, EUW1), 6, T4G_MEDIUM, Pricing::OnDemand, 100),
        ((DATA, USE1), 8, R7G_2XLARGE, Pricing::OnDemand, 1500),
        ((SHARED, USE1), 4, M7G_LARGE, Pricing::OnDemand, 200),
    ];
    for (at, (place, count, class, pricing, gib)) in groups.into_iter().enumerate() {
        for number in 0..count {
            let name = format!("{}-{}-{at}{number:02}", place.0.environment, workload(at * 3 + number));
            let line = database(ledger, place, class, &name, ("postgres", "17.6", "gp3")).priced(pricing);
            let storage = database_storage(place, &line, "RDS:GP3-Storage", DATABASE_GP3, gib);
            ledger.add(&line);
            ledger.add(&storage);
        }
    }
}

fn caches(ledger: &mut Ledger) {
    for (place, count) in [((PROD, USE1), 14), ((PROD, EUW1), 10), ((PROD, APN1), 4), ((STAGING, USE1), 6), ((DATA, USE1), 6)] {
        for number in 0..count {
            let name = format!("{}-{}-{number:02}", place.0.environment, workload(number / 2));
            let id = arn(place, "elasticache", &format!("cluster:{name}"));
            let line = Line::new(place, &ELASTICACHE, "NodeUsage:cache.r7g.large", "Hrs", 219_000_000, ALL_DAY)
                .operation("CreateCacheCluster:0003")
                .instance_type("cache.r7g.large")
                .resource(&id);
            ledger.resource(
                "elasticache:cluster",
                &line,
                &name,
                &[("CacheNodeType", "cache.r7g.large"), ("Engine", "valkey"), ("EngineVersion", "8.1")],
            );
            ledger.utilization(&id, "AWS/ElastiCache", "EngineCPUUtilization", 90, 420);
            ledger.add(&line);
        }
    }
}

fn tables(ledger: &mut Ledger) {
    for (place, count) in [((PROD, USE1), 40), ((PROD, EUW1), 30), ((STAGING, USE1), 20), ((DATA, USW2), 14)] {
        for number in 0..count {
            let name = format!("{}-{}-{number:02}", place.0.environment, workload(number));
            let id = arn(place, "dynamodb", &format!("table/{name}"));
            let reads = ledger.random.between(2_000_000, 12_000_000) * 1000;
            let requests = Line::new(place, &DYNAMODB, "ReadRequestUnits", "ReadRequestUnits", 125, Amount::Traffic(reads))
                .operation("PayPerRequestThroughput")
                .resource(&id);
            let writes = Line::new(place, &DYNAMODB, "WriteRequestUnits", "WriteRequestUnits", 625, Amount::Traffic(reads / 4))
                .operation("PayPerRequestThroughput")
                .resource(&id);
            ledger.resource("dynamodb:table", &requests, &name, &[("BillingMode", "PAY_PER_REQUEST"), ("TableClass", "STANDARD")]);
            ledger.add(&requests);
            ledger.add(&writes);
        }
    }
}

fn buckets(ledger: &mut Ledger) {
    let groups = [
        ((PROD, USE1), 36, 3_000),
        ((PROD, EUW1), 24, 2_000),
        ((STAGING, USE1), 12, 500),
        ((DATA, USE1), 24, 6_000),
        ((SHARED, USE1), 10, 1_500),
        ((SANDBOX, USE1), 10, 200),
    ];
    for (place, count, gib) in groups {
        for number in 0..count {
            let name = format!("{}-{}-{}-{number:02}", place.0.name, place.1.id, workload(number));
            let id = format!("arn:aws:s3:::{name}");
            let gib = gib * ledger.random.between(40, 160) / 100;
            let storage = |usage: &str, price: i64, gib: i64, operation: &'static str| {
                Line::new(place, &S3, usage, "GB-Mo", price, Amount::Monthly(gib * 1000)).operation(operation).resource(&id)
            };
            let frequent = storage("TimedStorage-INT-FA-ByteHrs", 23_000_000, gib * 6 / 10, "IntelligentTieringFAStorage");
            let infrequent = storage("TimedStorage-INT-IA-ByteHrs", 12_500_000, gib, "IntelligentTieringIAStorage");
            ledger.resource("s3:bucket", &frequent, &name, &[("LifecycleRules", "2"), ("Versioning", "Enabled")]);
            ledger.add(&frequent);
            ledger.add(&infrequent);
            let requests = ledger.random.between(20_000, 900_000) * 1000;
            let requests =
                Line::new(place, &S3, "Requests-Tier2", "Requests", 400, Amount::Traffic(requests)).operation("GetObject").resource(&id);
            ledger.add(&requests);
        }
    }
}
