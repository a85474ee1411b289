//! Compute that is in order: current Graviton instances under a Savings Plan or on Spot, gp3 volumes, containers, functions.

use super::commitments::{PLANNED, PLANNED_SERVERLESS};
use super::ledger::{Amount, Ledger, Line, Pricing};
use super::places::{APN1, APSE1, DATA, EUC1, EUW1, PROD, Place, SAE1, SANDBOX, SHARED, STAGING, USE1, USE2, USW2};
use super::services::{EBS, EC2, ECS, EKS, LAMBDA};

pub(super) const WORKLOADS: [&str; 18] = [
    "orders",
    "tracking",
    "billing",
    "routing",
    "fleet",
    "customs",
    "pricing",
    "identity",
    "search",
    "notify",
    "dispatch",
    "warehouse",
    "telemetry",
    "portal",
    "partner-api",
    "etl",
    "reports",
    "matching",
];

/// Hours of a day, in thousandths.
pub(super) const ALL_DAY: Amount = Amount::EveryDay(24_000);

/// On-demand Linux prices of us-east-1 by the hour, in billionths of a dollar, of 2026-07-20.
pub(super) const M7G_LARGE: (&str, i64) = ("m7g.large", 81_600_000);
const M7G_XLARGE: (&str, i64) = ("m7g.xlarge", 163_200_000);
const M7G_2XLARGE: (&str, i64) = ("m7g.2xlarge", 326_400_000);
const M7G_4XLARGE: (&str, i64) = ("m7g.4xlarge", 652_800_000);
const C7G_2XLARGE: (&str, i64) = ("c7g.2xlarge", 290_000_000);
const C7G_4XLARGE: (&str, i64) = ("c7g.4xlarge", 580_000_000);
const R7G_XLARGE: (&str, i64) = ("r7g.xlarge", 214_200_000);
const R7G_2XLARGE: (&str, i64) = ("r7g.2xlarge", 428_400_000);
const T4G_LARGE: (&str, i64) = ("t4g.large", 67_200_000);
const T4G_MEDIUM: (&str, i64) = ("t4g.medium", 33_600_000);

/// gp3 by the GB-month, snapshots likewise, in us-east-1.
pub(super) const GP3: i64 = 80_000_000;
const SNAPSHOT: i64 = 50_000_000;

struct Group {
    place: Place,
    count: usize,
    instance: (&'static str, i64),
    pricing: Pricing,
    volume_gib: i64,
}

const fn group(place: Place, count: usize, instance: (&'static str, i64), pricing: Pricing, volume_gib: i64) -> Group {
    Group { place, count, instance, pricing, volume_gib }
}

static GROUPS: &[Group] = &[
    group((PROD, USE1), 44, M7G_2XLARGE, PLANNED, 250),
    group((PROD, USE1), 26, C7G_2XLARGE, PLANNED, 120),
    group((PROD, USE1), 14, R7G_2XLARGE, PLANNED, 700),
    group((PROD, USE1), 22, C7G_2XLARGE, Pricing::Spot, 100),
    group((PROD, EUW1), 30, M7G_2XLARGE, PLANNED, 250),
    group((PROD, EUW1), 18, C7G_2XLARGE, PLANNED, 120),
    group((PROD, EUW1), 10, R7G_2XLARGE, PLANNED, 500),
    group((PROD, EUC1), 14, M7G_XLARGE, PLANNED, 160),
    group((PROD, EUC1), 8, C7G_2XLARGE, PLANNED, 100),
    group((PROD, APN1), 14, M7G_2XLARGE, PLANNED, 160),
    group((PROD, APN1), 8, R7G_XLARGE, PLANNED, 300),
    group((PROD, USW2), 16, M7G_XLARGE, PLANNED, 160),
    group((PROD, SAE1), 22, M7G_2XLARGE, PLANNED, 160),
    group((STAGING, USE1), 26, T4G_LARGE, PLANNED, 80),
    group((STAGING, USE1), 14, M7G_LARGE, PLANNED, 100),
    group((STAGING, EUW1), 16, T4G_LARGE, PLANNED, 80),
    group((DATA, USE1), 20, R7G_2XLARGE, PLANNED, 1400),
    group((DATA, USE1), 24, C7G_4XLARGE, Pricing::Spot, 200),
    group((DATA, USW2), 12, R7G_2XLARGE, PLANNED, 900),
    group((DATA, APSE1), 8, M7G_4XLARGE, PLANNED, 500),
    group((SHARED, USE1), 16, M7G_LARGE, PLANNED, 100),
    group((SHARED, EUW1), 10, M7G_LARGE, PLANNED, 100),
    group((SHARED, USE2), 26, C7G_2XLARGE, PLANNED, 150),
    group((SANDBOX, USE1), 30, T4G_MEDIUM, PLANNED, 60),
    group((SANDBOX, USE2), 12, T4G_MEDIUM, PLANNED, 60),
];

/// ARN of a resource in a place.
pub(super) fn arn(place: Place, service: &str, resource: &str) -> String {
    let (account, region) = place;
    format!("arn:aws:{service}:{}:{}:{resource}", region.id, account.id)
}

pub(super) fn workload(index: usize) -> &'static str {
    WORKLOADS.get(index % WORKLOADS.len()).copied().unwrap_or("orders")
}

/// An instance's line and its place in the inventory.
pub(super) fn instance(ledger: &mut Ledger, place: Place, (kind, price): (&str, i64), pricing: Pricing, name: &str, since: i64) -> Line {
    let id = arn(place, "ec2", &format!("instance/i-{}", ledger.random.hex(17)));
    let measure = if matches!(pricing, Pricing::Spot) { "SpotUsage" } else { "BoxUsage" };
    let line = Line::new(place, &EC2, &format!("{measure}:{kind}"), "Hrs", price, ALL_DAY)
        .operation("RunInstances")
        .instance_type(kind)
        .resource(&id)
        .priced(pricing)
        .since(since);
    ledger.resource("ec2:instance", &line, name, &[("InstanceType", kind), ("State", "running"), ("Platform", "Linux/UNIX")]);
    ledger.utilization(&id, "AWS/EC2", "CPUUtilization", 280, 620);
    line
}

/// A volume's storage line and its place in the inventory; the line is not written yet.
pub(super) fn volume(ledger: &mut Ledger, place: Place, kind: &str, gib: i64, price: i64, name: &str) -> Line {
    let id = arn(place, "ec2", &format!("volume/vol-{}", ledger.random.hex(17)));
    let line = Line::new(place, &EBS, &format!("EBS:VolumeUsage.{kind}"), "GB-Mo", price, Amount::Monthly(gib * 1000))
        .operation("CreateVolume")
        .resource(&id);
    ledger.resource("ec2:volume", &line, name, &[("VolumeType", kind), ("Size", &gib.to_string()), ("State", "in-use")]);
    line
}

pub(super) fn write(ledger: &mut Ledger) {
    for (at, group) in GROUPS.iter().enumerate() {
        for number in 0..group.count {
            let name = format!("{}-{}-{number:02}", group.place.0.environment, workload(at * 5 + number / 4));
            // One in eight came during the year.
            let since = if number % 8 == 7 { ledger.random.between(1, 9) } else { 0 };
            let line = instance(ledger, group.place, group.instance, group.pricing, &name, since);
            ledger.add(&line);
            let root = volume(ledger, group.place, "gp3", 30, GP3, &format!("{name}-root")).since(since);
            ledger.add(&root);
            let gib = group.volume_gib + ledger.random.between(-10, 30);
            let data = volume(ledger, group.place, "gp3", gib, GP3, &format!("{name}-data"));
            ledger.add(&data.since(since));
            if number % 3 == 0 {
                snapshot(ledger, group.place, group.volume_gib * 2 / 3, &format!("{name}-data"));
            }
        }
    }
    containers(ledger);
    functions(ledger);
}

fn snapshot(ledger: &mut Ledger, place: Place, gib: i64, name: &str) {
    let id = arn(place, "ec2", &format!("snapshot/snap-{}", ledger.random.hex(17)));
    let line = Line::new(place, &EBS, "EBS:SnapshotUsage", "GB-Mo", SNAPSHOT, Amount::Monthly(gib * 1000))
        .operation("CreateSnapshot")
        .resource(&id);
    ledger.resource("ec2:snapshot", &line, name, &[("VolumeSize", &gib.to_string()), ("State", "completed")]);
    ledger.add(&line);
}

/// Clusters of Kubernetes in standard support, and tasks on Fargate.
fn containers(ledger: &mut Ledger) {
    for place in [(PROD, USE1), (PROD, EUW1), (PROD, APN1), (STAGING, USE1), (DATA, USE1), (SHARED, USE1)] {
        let name = format!("{}-apps", place.0.environment);
        let id = arn(place, "eks", &format!("cluster/{name}-{}", place.1.id));
        let line =
            Line::new(place, &EKS, "AmazonEKS-Hours:perCluster", "Hours", 100_000_000, ALL_DAY).operation("CreateOperation").resource(&id);
        ledger.resource("eks:cluster", &line, &name, &[("Version", "1.34"), ("SupportType", "STANDARD")]);
        ledger.add(&line);
    }
    for place in [(PROD, USE1), (PROD, EUW1), (STAGING, USE1), (DATA, USE1), (SHARED, USE1)] {
        for service in WORKLOADS.iter().take(10) {
            let cpus = ledger.random.between(2, 9);
            let id = arn(place, "ecs", &format!("service/{}-fargate/{service}", place.0.environment));
            let hours = |units: i64| Amount::EveryDay(units * 24_000);
            let cpu = Line::new(place, &ECS, "Fargate-ARM-vCPU-Hours:perCPU", "hours", 32_380_000, hours(cpus))
                .operation("FargateTask")
                .resource(&id)
                .priced(PLANNED_SERVERLESS);
            let memory = Line::new(place, &ECS, "Fargate-ARM-GB-Hours", "hours", 3_560_000, hours(cpus * 3))
                .operation("FargateTask")
                .resource(&id)
                .priced(PLANNED_SERVERLESS);
            ledger.resource("ecs:service", &cpu, service, &[("LaunchType", "FARGATE"), ("CpuArchitecture", "ARM64")]);
            ledger.utilization(&id, "AWS/ECS", "CPUUtilization", 340, 680);
            ledger.add(&cpu);
            ledger.add(&memory);
        }
    }
}

fn functions(ledger: &mut Ledger) {
    for (place, count) in [((PROD, USE1), 130), ((PROD, EUW1), 90), ((STAGING, USE1), 80), ((DATA, USE1), 60), ((SANDBOX, USE1), 40)] {
        for number in 0..count {
            let name = format!("{}-{}-{:02}", place.0.environment, workload(number), number / WORKLOADS.len());
            let id = arn(place, "lambda", &format!("function:{name}"));
            let seconds = ledger.random.between(8_000, 60_000) * 1000;
            let line = Line::new(place, &LAMBDA, "Lambda-GB-Second-ARM", "Lambda-GB-Second", 13_334, Amount::EveryDay(seconds))
                .operation("Invoke")
                .resource(&id)
                .priced(PLANNED_SERVERLESS);
            ledger.resource(
                "lambda:function",
                &line,
                &name,
                &[("Architectures", "arm64"), ("MemorySize", "512"), ("Runtime", "provided.al2023")],
            );
            ledger.add(&line);
        }
    }
}
