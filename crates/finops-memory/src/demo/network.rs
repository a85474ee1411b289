//! Gateways, load balancers and traffic that are in order.

use super::fleet::{ALL_DAY, arn, workload};
use super::ledger::{Amount, Ledger, Line};
use super::places::{APN1, APSE1, DATA, EUC1, EUW1, PROD, Place, SAE1, SHARED, STAGING, USE1, USE2, USW2};
use super::services::{EC2_NETWORK, ELB, TRANSFER, VPC};

/// Per hour and per GB of a NAT gateway in us-east-1.
pub(super) const NAT: i64 = 45_000_000;
/// Per hour of an Application Load Balancer, and of a capacity unit.
pub(super) const BALANCER: i64 = 22_500_000;
const CAPACITY_UNIT: i64 = 8_000_000;

/// A NAT gateway; `gib_per_day` in thousandths is what a working day sends through it.
pub(super) fn nat_gateway(ledger: &mut Ledger, place: Place, name: &str, gib_per_day: i64) -> (Line, Option<Line>) {
    let id = arn(place, "ec2", &format!("natgateway/nat-{}", ledger.random.hex(17)));
    let hours = Line::new(place, &EC2_NETWORK, "NatGateway-Hours", "Hrs", NAT, ALL_DAY).operation("NatGateway").resource(&id);
    ledger.resource("ec2:nat-gateway", &hours, name, &[("State", "available"), ("ConnectivityType", "public")]);
    ledger.add(&hours);
    let bytes = (gib_per_day > 0).then(|| {
        Line::new(place, &EC2_NETWORK, "NatGateway-Bytes", "GB", NAT, Amount::Traffic(gib_per_day)).operation("NatGateway").resource(&id)
    });
    if let Some(bytes) = &bytes {
        ledger.add(bytes);
    }
    (hours, bytes)
}

/// An Application Load Balancer; `units_per_day` are capacity unit hours of a working day, in thousandths.
pub(super) fn load_balancer(ledger: &mut Ledger, place: Place, name: &str, units_per_day: i64) -> Line {
    let id = arn(place, "elasticloadbalancing", &format!("loadbalancer/app/{name}/{}", ledger.random.hex(16)));
    let hours = Line::new(place, &ELB, "LoadBalancerUsage", "Hrs", BALANCER, ALL_DAY).operation("LoadBalancing:Application").resource(&id);
    ledger.resource("elasticloadbalancing:loadbalancer", &hours, name, &[("Type", "application"), ("Scheme", "internet-facing")]);
    ledger.add(&hours);
    if units_per_day > 0 {
        let units = Line::new(place, &ELB, "LCUUsage", "LCU-Hrs", CAPACITY_UNIT, Amount::Traffic(units_per_day));
        ledger.add(&units.operation("LoadBalancing:Application").resource(&id));
    }
    hours
}

pub(super) fn write(ledger: &mut Ledger) {
    let places = [
        (PROD, USE1),
        (PROD, EUW1),
        (PROD, EUC1),
        (PROD, APN1),
        (PROD, USW2),
        (PROD, SAE1),
        (STAGING, USE1),
        (STAGING, EUW1),
        (DATA, USE1),
        (DATA, USW2),
        (DATA, APSE1),
        (SHARED, USE1),
        (SHARED, EUW1),
        (SHARED, USE2),
    ];
    for place in places {
        let gateways = if place.0 == PROD { 2 } else { 1 };
        for number in 0..gateways {
            let name = format!("{}-{}-nat-{number}", place.0.environment, place.1.id);
            let bytes = ledger.random.between(18_000, 24_000);
            nat_gateway(ledger, place, &name, bytes);
        }
        let balancers = if place.0 == PROD { 9 } else { 3 };
        for number in 0..balancers {
            let name = format!("{}-{}-{number}", place.0.environment, workload(number));
            let units = ledger.random.between(60_000, 260_000);
            let line = load_balancer(ledger, place, &name, units);
            let id = line.resource.unwrap_or_default();
            let address = Line::new(place, &VPC, "PublicIPv4:InUseAddress", "Hrs", 5_000_000, Amount::EveryDay(48_000));
            ledger.add(&address.operation("CreateLoadBalancer").resource(&id));
        }
        let gib = if place.0 == PROD { 260_000 } else { 30_000 };
        ledger
            .add(&Line::new(place, &TRANSFER, "DataTransfer-Out-Bytes", "GB", 90_000_000, Amount::Traffic(gib)).operation("RunInstances"));
        ledger.add(
            &Line::new(place, &EC2_NETWORK, "DataTransfer-Regional-Bytes", "GB", 10_000_000, Amount::Traffic(gib / 20))
                .operation("InterZone-In"),
        );
    }
}
