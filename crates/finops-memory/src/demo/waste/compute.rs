//! Instances and volumes of former generations, credits, concurrency, clusters out of support.

use finops_domain::resource::ec2::{InstanceDetails, SnapshotDetails, VolumeDetails};
use jiff::civil::date;
use rust_decimal::Decimal;

use super::{agreed_price, of_place, of_resource};
use crate::demo::calendar::midnight;
use crate::demo::commitments::PLANNED_SERVERLESS;
use crate::demo::fleet::{ALL_DAY, GP3, arn, instance, volume};
use crate::demo::ledger::{Amount, Ledger, Line, Pricing, last_month_cost};
use crate::demo::places::{DATA, EUC1, EUW1, PROD, Place, SANDBOX, SHARED, STAGING, USE1, USE2, USW2};
use crate::demo::services::{EBS, EC2, EKS, LAMBDA};

pub(super) fn plant(ledger: &mut Ledger) {
    instances(ledger);
    gp2(ledger);
    provisioned_iops(ledger);
    magnetic(ledger);
    clusters(ledger);
    functions(ledger);
    reserved_capacity(ledger);
    forgotten(ledger);
}

/// Volumes that nothing holds, an instance that was stopped in spring, a snapshot of a volume that is gone.
fn forgotten(ledger: &mut Ledger) {
    let details = |gib: i64, state: &str| VolumeDetails {
        volume_type: "gp3".into(),
        size_gib: u32::try_from(gib).unwrap_or_default(),
        state: state.into(),
        ..VolumeDetails::default()
    };
    for (number, (place, gib)) in [((STAGING, USE1), 200), ((SANDBOX, USE1), 100), ((PROD, EUW1), 500)].into_iter().enumerate() {
        let line = volume(ledger, place, "gp3", gib, GP3, &format!("{}-left-over-{number}", place.0.environment));
        ledger.describe(details(gib, "available"));
        ledger.add(&line);
        let why = "a volume that stayed when its instance was terminated";
        of_resource(ledger, "ebs.unattached-volume", &line, "unattached", Some(last_month_cost(&line)), why);
    }
    let place = (STAGING, EUW1);
    let line = volume(ledger, place, "gp3", 300, GP3, "staging-load-test");
    ledger.describe(details(300, "in-use"));
    ledger.add(&line);
    let id = arn(place, "ec2", "instance/i-0d83b1f6a27c9e450");
    let instance = Line::new(place, &EC2, "BoxUsage:m6i.2xlarge", "Hrs", 0, Amount::EveryDay(0)).resource(&id);
    ledger.resource("ec2:instance", &instance, "staging-load-test", &[("InstanceType", "m6i.2xlarge"), ("State", "stopped")]);
    let volume_id = line.resource.as_deref().and_then(|id| id.rsplit('/').next()).unwrap_or_default();
    ledger.describe(InstanceDetails {
        instance_type: "m6i.2xlarge".into(),
        state: "stopped".into(),
        stopped_at: Some(midnight(date(2026, 4, 30))),
        volume_ids: vec![volume_id.into()],
        ..InstanceDetails::default()
    });
    let why = "an instance of a load test in spring, stopped and never terminated";
    of_resource(ledger, "ec2.stopped-instance", &instance, "stopped", Some(last_month_cost(&line)), why);
    let place = (DATA, USE1);
    let id = arn(place, "ec2", "snapshot/snap-0b5f2c81d93ae6074");
    let line = Line::new(place, &EBS, "EBS:SnapshotUsage", "GB-Mo", 50_000_000, Amount::Monthly(800_000))
        .operation("CreateSnapshot")
        .resource(&id);
    ledger.resource("ec2:snapshot", &line, "before-migration", &[("VolumeSize", "1000")]);
    let snapshot = SnapshotDetails {
        volume_id: Some("vol-gone".into()),
        volume_size_gib: 1_000,
        state: "completed".into(),
        ..SnapshotDetails::default()
    };
    ledger.describe(snapshot);
    ledger.add(&line);
    of_resource(ledger, "ebs.orphan-snapshot", &line, "orphan", None, "a snapshot whose volume was deleted after a migration");
}

fn reserved_capacity(ledger: &mut Ledger) {
    for (place, kind, price, instances, id) in [
        ((PROD, USE1), "m7g.2xlarge", 326_400_000, 2, "cr-0c41d2aa90b7e3f15"),
        ((DATA, USE1), "r7g.xlarge", 214_200_000, 1, "cr-09e5b83d1f0a6c472"),
    ] {
        let line = Line::new(place, &EC2, &format!("UnusedBox:{kind}"), "Hrs", price, Amount::EveryDay(instances * 24_000))
            .operation("RunInstances")
            .instance_type(kind)
            .resource(&arn(place, "ec2", &format!("capacity-reservation/{id}")));
        ledger.resource("ec2:capacity-reservation", &line, id, &[("InstanceType", kind), ("State", "active")]);
        ledger.add(&line);
        let why = "capacity that was reserved for a launch and forgotten";
        of_resource(ledger, "ec2.unused-capacity-reservation", &line, "unused-capacity", Some(last_month_cost(&line)), why);
    }
    for place in [(PROD, USE1), (STAGING, EUW1)] {
        // Two zones, all day.
        let line = Line::new(place, &EBS, "EBS:FastSnapshotRestore", "DSU-Hours", 750_000_000, Amount::EveryDay(48_000))
            .operation("FastSnapshotRestore");
        ledger.add(&line);
        let why = "fast restore of a golden image that is no longer launched";
        of_place(ledger, "ebs.fast-snapshot-restore", (Some(place.0), Some(place.1)), "fast-snapshot-restore", None, why);
    }
}

/// Place, how many, type, its price, the price it is compared at, and its successor's; on-demand Linux in us-east-1 by the
/// hour, of 2026-07-20. The last two are in 1/100,000 dollars, of the size that the check takes.
type Old = (Place, usize, &'static str, i64, i64, i64);

const PREVIOUS: &[Old] = &[
    ((PROD, EUW1), 3, "m4.2xlarge", 400_000_000, 10_000, 9_600),
    ((PROD, USE1), 2, "r4.2xlarge", 532_000_000, 13_300, 12_600),
    ((STAGING, EUW1), 3, "t2.large", 92_800_000, 2_300, 2_080),
    ((SHARED, USE1), 2, "c4.2xlarge", 398_000_000, 159_100, 136_000),
];

const X86: &[Old] = &[
    ((DATA, USE1), 12, "m5.4xlarge", 768_000_000, 9_600, 7_700),
    ((PROD, USW2), 12, "c5.4xlarge", 680_000_000, 8_500, 6_800),
    ((PROD, EUC1), 10, "r5.2xlarge", 504_000_000, 12_600, 10_080),
    ((SANDBOX, USE2), 2, "m6i.xlarge", 192_000_000, 9_600, 8_160),
];

fn instances(ledger: &mut Ledger) {
    let cases = [
        ("ec2.previous-generation", PREVIOUS, "legacy", "an instance of a former generation, never moved since it was launched"),
        ("ec2.graviton-sibling", X86, "x86", "an x86 instance on demand whose work would run on Graviton"),
    ];
    for (check, olds, name, why) in cases {
        for (place, count, kind, price, old, new) in olds.iter().copied() {
            for number in 0..count {
                let name = format!("{}-{name}-{number:02}", place.0.environment);
                let line = instance(ledger, place, (kind, price), Pricing::OnDemand, &name, 0);
                ledger.add(&line);
                let saving = last_month_cost(&line) * Decimal::from(old - new) / Decimal::from(old);
                of_resource(ledger, check, &line, kind, Some(saving), why);
            }
        }
    }
    for (place, vcpu_hours) in [((STAGING, USE1), 40_000), ((STAGING, EUW1), 22_000)] {
        let host = instance(ledger, place, ("t4g.large", 67_200_000), crate::demo::commitments::PLANNED, "staging-build-agent", 0);
        ledger.add(&host);
        let credits = Line::new(place, &EC2, "CPUCredits:t4g", "vCPU-Hours", 40_000_000, Amount::Traffic(vcpu_hours))
            .operation("RunInstances")
            .resource(host.resource.as_deref().unwrap_or_default());
        ledger.add(&credits);
        let why = "a burstable instance that builds all day and pays for surplus credits";
        of_resource(ledger, "ec2.surplus-cpu-credits", &credits, "surplus-cpu-credits", None, why);
    }
}

fn gp2(ledger: &mut Ledger) {
    let volumes = [
        ((PROD, USE1), 500),
        ((PROD, USE1), 800),
        ((PROD, USE1), 2_000),
        ((PROD, EUW1), 150),
        ((PROD, EUW1), 900),
        ((STAGING, USE1), 100),
        ((STAGING, USE1), 100),
        ((DATA, USE1), 1_000),
        ((DATA, USE1), 3_000),
        ((SHARED, EUW1), 250),
        ((SANDBOX, USE1), 60),
    ];
    for (number, (place, gib)) in volumes.into_iter().enumerate() {
        let line = volume(ledger, place, "gp2", gib, 100_000_000, &format!("{}-old-data-{number}", place.0.environment));
        ledger.add(&line);
        let gp3 = agreed_price(GP3, place.1);
        // gp2 has 3 IOPS per GiB; gp3 has 3,000 and sells the others at 1/16 of a GB-month's price.
        let extra_iops = (3 * gib).min(16_000) - 3_000;
        let iops = Decimal::from(extra_iops.max(0)) * gp3 / Decimal::from(16);
        let saving = last_month_cost(&line) - Decimal::from(gib) * gp3 - iops;
        of_resource(ledger, "ebs.gp2-volume", &line, "gp2", Some(saving), "a gp2 volume that gp3 would serve for less");
    }
}

fn provisioned_iops(ledger: &mut Ledger) {
    for (number, (place, gib, iops)) in [
        ((PROD, USE1), 1_000, 16_000),
        ((PROD, USE1), 1_000, 16_000),
        ((PROD, USE1), 1_000, 12_000),
        ((PROD, EUW1), 1_000, 12_000),
        ((PROD, EUW1), 400, 2_000),
        ((DATA, USE1), 2_000, 16_000),
        ((DATA, USE1), 2_000, 16_000),
        ((DATA, USE1), 1_500, 16_000),
    ]
    .into_iter()
    .enumerate()
    {
        let line = volume(ledger, place, "piops", gib, 125_000_000, &format!("{}-database-{number}", place.0.environment));
        let provisioned = Line::new(place, &EBS, "EBS:VolumeP-IOPS.piops", "IOPS-Mo", 65_000_000, Amount::Monthly(iops * 1000))
            .operation("CreateVolume-P-IOPS")
            .resource(line.resource.as_deref().unwrap_or_default());
        ledger.add(&line);
        ledger.add(&provisioned);
        // gp3 with the same IOPS and the throughput that they allow: 3,000 IOPS and 125 MiB/s come with it.
        let throughput = (iops / 4).min(1_000) - 125;
        let gp3_units =
            Decimal::from(gib) + Decimal::from((iops - 3_000).max(0)) / Decimal::from(16) + Decimal::from(throughput) / Decimal::TWO;
        let saving = last_month_cost(&line) + last_month_cost(&provisioned) - gp3_units * agreed_price(GP3, place.1);
        of_resource(ledger, "ebs.io1-io2-few-iops", &line, "piops", Some(saving), "an io1 volume with no more IOPS than gp3 has");
    }
}

fn magnetic(ledger: &mut Ledger) {
    for (place, gib, millions) in [((SHARED, USE1), 200, 400), ((STAGING, USE1), 100, 180)] {
        let line = volume(ledger, place, "standard", gib, 50_000_000, "old-file-server");
        let mut storage = line.clone();
        storage.usage_type = format!("{}EBS:VolumeUsage", place.1.prefix);
        let requests = Line::new(place, &EBS, "EBS:VolumeIOUsage", "IOs", 50, Amount::Monthly(millions * 1_000_000_000))
            .operation("CreateVolume")
            .resource(line.resource.as_deref().unwrap_or_default());
        ledger.add(&storage);
        ledger.add(&requests);
        let saving = last_month_cost(&storage) + last_month_cost(&requests) - Decimal::from(gib) * agreed_price(GP3, place.1);
        of_resource(ledger, "ebs.magnetic-volume", &line, "magnetic", Some(saving), "a magnetic volume whose requests cost more than gp3");
    }
}

fn clusters(ledger: &mut Ledger) {
    for (place, name) in [((PROD, USW2), "prod-legacy-apps"), ((STAGING, EUW1), "staging-legacy-apps")] {
        let id = arn(place, "eks", &format!("cluster/{name}"));
        let line = |usage: &str, price| Line::new(place, &EKS, usage, "Hours", price, ALL_DAY).operation("CreateOperation").resource(&id);
        let base = line("AmazonEKS-Hours:perCluster", 100_000_000);
        let extended = line("AmazonEKS-Hours:extendedSupport", 500_000_000);
        ledger.resource("eks:cluster", &base, name, &[("Version", "1.29"), ("SupportType", "EXTENDED")]);
        ledger.add(&base);
        ledger.add(&extended);
        let why = "a cluster of a Kubernetes version past its standard support";
        of_resource(ledger, "eks.extended-support", &extended, "extended-support", Some(last_month_cost(&extended)), why);
    }
}

fn functions(ledger: &mut Ledger) {
    for (place, name, gigabytes) in
        [((PROD, USE1), "prod-checkout-warm", 300), ((PROD, EUW1), "prod-quotes-warm", 150), ((STAGING, USE1), "staging-warm", 60)]
    {
        let id = arn(place, "lambda", &format!("function:{name}"));
        let seconds = Amount::EveryDay(gigabytes * 86_400_000);
        let line = Line::new(place, &LAMBDA, "Lambda-Provisioned-Concurrency-ARM", "Lambda-GB-Second", 3_334, seconds)
            .operation("Invoke")
            .resource(&id)
            .priced(PLANNED_SERVERLESS);
        ledger.resource("lambda:function", &line, name, &[("Architectures", "arm64"), ("ProvisionedConcurrency", "20")]);
        ledger.add(&line);
        let why = "concurrency provisioned for an event that is over; nothing runs in it";
        of_resource(ledger, "lambda.unused-provisioned-concurrency", &line, "provisioned-concurrency", Some(last_month_cost(&line)), why);
    }
}
