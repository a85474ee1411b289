//! Databases, caches, tables, buckets and logs that cost more than they should.

use rust_decimal::Decimal;

use super::{of_place, of_resource};
use crate::demo::fleet::{ALL_DAY, arn};
use crate::demo::ledger::{Amount, Ledger, Line, last_month_cost};
use crate::demo::places::{DATA, EUC1, EUW1, PROD, SANDBOX, SHARED, STAGING, USE1, USW2};
use crate::demo::services::{CLOUDWATCH, DYNAMODB, EBS, ELASTICACHE, KINESIS, RDS, S3};
use crate::demo::storage::{DATABASE_GP3, database, database_storage};

pub(super) fn plant(ledger: &mut Ledger) {
    databases(ledger);
    extended_support(ledger);
    tables_and_buckets(ledger);
    growth(ledger);
    monitoring(ledger);
    retention(ledger);
    large_caches(ledger);
}

fn large_caches(ledger: &mut Ledger) {
    for (place, name) in [((STAGING, USE1), "staging-sessions-copy"), ((DATA, USE1), "feature-cache")] {
        let id = arn(place, "elasticache", &format!("cluster:{name}"));
        let line = Line::new(place, &ELASTICACHE, "NodeUsage:cache.r7g.xlarge", "Hrs", 437_000_000, ALL_DAY)
            .operation("CreateCacheCluster:0003")
            .instance_type("cache.r7g.xlarge")
            .resource(&id);
        let configuration = [("CacheNodeType", "cache.r7g.xlarge"), ("Engine", "valkey"), ("EngineVersion", "8.1")];
        ledger.resource("elasticache:cluster", &line, name, &configuration);
        ledger.add(&line);
        of_resource(ledger, "catalog.unused-capacity", &line, "capacity", None, "a cache that holds and does next to nothing");
    }
}

fn databases(ledger: &mut Ledger) {
    // Hourly prices of PostgreSQL in us-east-1 of 2021, and those of the class and successor that the check compares.
    for (place, class, price, family, old, new) in [
        ((PROD, USE1), "db.m4.2xlarge", 730_000_000, "m4", 182, 159),
        ((PROD, EUW1), "db.r4.2xlarge", 1_000_000_000, "r4", 250, 225),
        ((STAGING, USE1), "db.m4.large", 182_000_000, "m4", 182, 159),
    ] {
        let name = format!("{}-ledger-{family}", place.0.environment);
        let line = database(ledger, place, (class, price), &name, ("postgres", "16.10", "gp3"));
        ledger.add(&line);
        ledger.add(&database_storage(place, &line, "RDS:GP3-Storage", DATABASE_GP3, 300));
        let saving = last_month_cost(&line) * Decimal::from(old - new) / Decimal::from(old);
        let why = "a database on a class of a former generation";
        of_resource(ledger, "rds.previous-generation-instance", &line, family, Some(saving), why);
    }
    for (place, gib, millions) in [((SHARED, USE1), 400, 900), ((STAGING, EUW1), 150, 260)] {
        let name = format!("{}-wiki", place.0.environment);
        let line = database(ledger, place, ("db.t4g.medium", 65_000_000), &name, ("postgres", "16.10", "standard"));
        let storage = database_storage(place, &line, "RDS:StorageUsage", 100_000_000, gib);
        let mut requests = database_storage(place, &line, "RDS:StorageIOUsage", 100, millions * 1_000_000);
        requests.unit = "IOs";
        for line in [&line, &storage, &requests] {
            ledger.add(line);
        }
        // gp3 costs 1.15 times as much by the GB-month, and nothing by the request.
        let saving = last_month_cost(&requests) - last_month_cost(&storage) * Decimal::new(15, 2);
        let why = "a database on magnetic storage whose requests cost more than gp3";
        of_resource(ledger, "rds.previous-generation-storage", &storage, "magnetic", Some(saving), why);
    }
    for (place, gib) in [((PROD, USE1), 5_200), ((DATA, USE1), 3_100)] {
        let backups = Line::new(place, &RDS, "RDS:ChargedBackupUsage", "GB-Mo", 95_000_000, Amount::Monthly(gib * 1000));
        ledger.add(&backups);
        let why = "snapshots of databases that were deleted years ago";
        of_place(ledger, "rds.backup-storage", (Some(place.0), Some(place.1)), "charged-backups", None, why);
    }
}

fn extended_support(ledger: &mut Ledger) {
    for (place, class, price, vcpus) in [
        ((PROD, USE1), "db.r6g.4xlarge", 1_798_000_000, 16),
        ((PROD, EUC1), "db.r6g.2xlarge", 899_000_000, 8),
        ((STAGING, USE1), "db.m6g.large", 159_000_000, 2),
    ] {
        let line = database(ledger, place, (class, price), &format!("{}-archive", place.0.environment), ("postgres", "12.22", "gp3"));
        let hours = Amount::EveryDay(vcpus * 24_000);
        let support = Line::new(place, &RDS, "ExtendedSupport:Yr1-Yr2:PostgreSQL12", "vCPU-Hours", 100_000_000, hours)
            .operation("CreateDBInstance:0014")
            .resource(line.resource.as_deref().unwrap_or_default());
        ledger.add(&line);
        ledger.add(&support);
        let why = "PostgreSQL 12 is past its standard support";
        of_resource(ledger, "rds.extended-support", &support, "extended-support", Some(last_month_cost(&support)), why);
    }
    for (place, name) in [((PROD, USE1), "prod-sessions-redis5"), ((STAGING, USE1), "staging-sessions-redis5")] {
        let id = arn(place, "elasticache", &format!("cluster:{name}"));
        let node = Line::new(place, &ELASTICACHE, "NodeUsage:cache.m7g.large", "Hrs", 158_000_000, ALL_DAY)
            .operation("CreateCacheCluster:0002")
            .instance_type("cache.m7g.large")
            .resource(&id);
        let support = Line::new(place, &ELASTICACHE, "ExtendedSupport-Yr1-Yr2:cache.m7g.large", "Hrs", 126_400_000, ALL_DAY)
            .operation("CreateCacheCluster:0002")
            .instance_type("cache.m7g.large")
            .resource(&id);
        let configuration = [("CacheNodeType", "cache.m7g.large"), ("Engine", "redis"), ("EngineVersion", "5.0.6")];
        ledger.resource("elasticache:cluster", &node, name, &configuration);
        ledger.add(&node);
        ledger.add(&support);
        let why = "Redis 5 is past its standard support";
        of_resource(ledger, "elasticache.extended-support", &support, "extended-support", Some(last_month_cost(&support)), why);
    }
}

fn tables_and_buckets(ledger: &mut Ledger) {
    for (place, name, units) in
        [((PROD, USE1), "prod-sessions", 3_000), ((PROD, EUW1), "prod-tracking-points", 1_800), ((STAGING, USE1), "staging-load-test", 900)]
    {
        let id = arn(place, "dynamodb", &format!("table/{name}"));
        let line = |usage: &str, price, units: i64| {
            let hours = Amount::EveryDay(units * 24_000);
            Line::new(place, &DYNAMODB, usage, "Hrs", price, hours).operation("CommittedThroughput").resource(&id)
        };
        let reads = line("ReadCapacityUnit-Hrs", 130_000, units);
        ledger.resource("dynamodb:table", &reads, name, &[("BillingMode", "PROVISIONED"), ("TableClass", "STANDARD")]);
        ledger.add(&reads);
        ledger.add(&line("WriteCapacityUnit-Hrs", 650_000, units / 2));
        of_resource(
            ledger,
            "dynamodb.provisioned-capacity",
            &reads,
            "provisioned",
            None,
            "capacity provisioned for a load that never came",
        );
    }
    for (place, name, gib) in [
        ((DATA, USE1), "halden-data-raw-landing", 210_000),
        ((PROD, USE1), "halden-prod-invoices-archive", 64_000),
        ((PROD, EUW1), "halden-prod-eu-scans", 28_000),
        ((SHARED, USE1), "halden-shared-build-artifacts", 12_000),
        ((SANDBOX, USE1), "halden-sandbox-experiments", 4_000),
    ] {
        let id = format!("arn:aws:s3:::{name}");
        let line = Line::new(place, &S3, "TimedStorage-ByteHrs", "GB-Mo", 22_000_000, Amount::Monthly(gib * 1000))
            .operation("StandardStorage")
            .resource(&id);
        ledger.resource("s3:bucket", &line, name, &[("LifecycleRules", "0"), ("Versioning", "Enabled")]);
        ledger.add(&line);
        of_resource(ledger, "s3.standard-only", &line, "standard-only", None, "an archive kept in S3 Standard, without lifecycle rules");
    }
}

fn growth(ledger: &mut Ledger) {
    for (place, gib) in [((DATA, USE1), 42_000), ((SHARED, USE1), 9_000), ((PROD, EUC1), 7_500)] {
        let id = arn(place, "ec2", &format!("snapshot/snap-{}", ledger.random.hex(17)));
        let line = Line::new(place, &EBS, "EBS:SnapshotUsage", "GB-Mo", 50_000_000, Amount::Growing(gib * 1000, 55))
            .operation("CreateSnapshot")
            .resource(&id);
        ledger.resource("ec2:snapshot", &line, "nightly-without-expiry", &[("State", "completed"), ("VolumeSize", "4000")]);
        ledger.add(&line);
        let why = "nightly snapshots that nothing ever deletes";
        of_place(ledger, "ebs.snapshot-growth", (Some(place.0), Some(place.1)), "snapshots", None, why);
    }
    for (place, gib) in [((PROD, USE1), 34_000), ((DATA, USE1), 21_000), ((STAGING, USE1), 6_000), ((DATA, USW2), 2_500)] {
        let id = arn(place, "logs", "log-group:/aws/containerinsights/apps/application");
        let line = Line::new(place, &CLOUDWATCH, "TimedStorage-ByteHrs", "GB-Mo", 30_000_000, Amount::Growing(gib * 1000, 65))
            .operation("HourlyStorageMetering")
            .resource(&id);
        ledger.resource(
            "logs:log-group",
            &line,
            "/aws/containerinsights/apps/application",
            &[("RetentionInDays", "never"), ("LogGroupClass", "STANDARD")],
        );
        ledger.add(&line);
        let why = "a log group without retention";
        of_place(ledger, "cloudwatch.log-storage-growth", (Some(place.0), Some(place.1)), "stored-logs", None, why);
    }
}

fn retention(ledger: &mut Ledger) {
    let place = (DATA, USE1);
    let shards = Amount::EveryDay(12 * 24_000);
    ledger.add(&Line::new(place, &KINESIS, "Extended-ShardHour", "ShardHour", 20_000_000, shards).operation("shardHourStorage"));
    let why = "a stream that keeps a week of records, read within minutes";
    of_place(ledger, "kinesis.extended-retention", (Some(place.0), Some(place.1)), "extended-retention", None, why);
    let deleted = Amount::EveryDay(60_000);
    ledger.add(&Line::new(place, &S3, "EarlyDelete-SIA", "GB-Mo", 12_500_000, deleted).operation("StandardIAStorage"));
    let why = "exports that go to Infrequent Access and are replaced each week";
    of_place(ledger, "s3.early-delete", (Some(place.0), Some(place.1)), "early-delete", None, why);
}

fn monitoring(ledger: &mut Ledger) {
    let line = |place, usage: &str, unit, price, amount| Line::new(place, &CLOUDWATCH, usage, unit, price, amount);
    for (place, gib) in [((STAGING, USE1), 95_000), ((DATA, USE1), 260_000), ((SHARED, USE1), 70_000)] {
        ledger.add(&line(place, "VendedLog-Bytes", "GB", 500_000_000, Amount::Traffic(gib)).operation("PutLogEvents"));
        let why = "flow logs of everything, into CloudWatch";
        of_place(ledger, "cloudwatch.log-ingestion", (Some(place.0), Some(place.1)), "log-ingestion", None, why);
    }
    for (place, metrics) in [((PROD, USE1), 7_400), ((PROD, EUW1), 2_600)] {
        let amount = Amount::Monthly(metrics * 1000);
        ledger.add(&line(place, "CW:MetricMonitorUsage", "Metrics", 300_000_000, amount).operation("MetricStorage"));
        let why = "a metric for each customer";
        of_place(ledger, "cloudwatch.custom-metrics", (Some(place.0), Some(place.1)), "custom-metrics", None, why);
    }
    for (place, thousands) in [((PROD, USE1), 2_900), ((DATA, USE1), 700)] {
        let amount = Amount::EveryDay(thousands * 1_000_000);
        ledger.add(&line(place, "CW:GMD-Metrics", "Metrics", 10_000, amount).operation("GetMetricData"));
        let why = "a monitoring product polls every metric each minute";
        of_place(ledger, "cloudwatch.getmetricdata", (Some(place.0), Some(place.1)), "getmetricdata", None, why);
    }
}
