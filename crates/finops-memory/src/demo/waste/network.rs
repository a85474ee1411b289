//! Addresses, gateways and balancers that nothing uses, and traffic that costs much.

use finops_domain::resource::ec2::ElasticIpDetails;
use jiff::civil::date;

use super::{of_place, of_resource};
use crate::demo::fleet::{ALL_DAY, arn};
use crate::demo::ledger::{Amount, Ledger, Line, last_month_cost};
use crate::demo::network::{load_balancer, nat_gateway};
use crate::demo::places::{APN1, DATA, EUW1, PROD, SANDBOX, SHARED, STAGING, USE1, USE2, USW2};
use crate::demo::services::{EC2_NETWORK, SAGEMAKER, TRANSFER, VPC};

pub(super) fn plant(ledger: &mut Ledger) {
    addresses(ledger);
    gateways(ledger);
    traffic(ledger);
    spikes(ledger);
}

fn addresses(ledger: &mut Ledger) {
    for (place, count) in [((PROD, USE1), 4), ((STAGING, USE1), 3), ((SANDBOX, USE1), 4), ((SHARED, EUW1), 1)] {
        for number in 0..count {
            let id = arn(place, "ec2", &format!("elastic-ip/eipalloc-{}", ledger.random.hex(17)));
            let line =
                Line::new(place, &VPC, "PublicIPv4:IdleAddress", "Hrs", 5_000_000, ALL_DAY).operation("AllocateAddressVPC").resource(&id);
            ledger.resource("ec2:elastic-ip", &line, &format!("spare-{number}"), &[("AssociationId", "")]);
            ledger.describe(ElasticIpDetails::default());
            ledger.add(&line);
            let why = "an address that is attached to nothing";
            of_resource(ledger, "ec2.idle-public-ipv4", &line, "idle-ipv4", Some(last_month_cost(&line)), why);
            of_resource(ledger, "vpc.unassociated-elastic-ip", &line, "unassociated", Some(last_month_cost(&line)), why);
        }
    }
}

fn gateways(ledger: &mut Ledger) {
    for place in [(STAGING, USE1), (SANDBOX, USE1), (SANDBOX, USE2)] {
        let (hours, _) = nat_gateway(ledger, place, "unused-nat", 0);
        let why = "a NAT gateway of a network that nothing runs in any more";
        of_resource(ledger, "vpc.idle-nat-gateway", &hours, "idle-nat", Some(last_month_cost(&hours)), why);
        of_resource(ledger, "catalog.idle-resource", &hours, "idle", Some(last_month_cost(&hours)), why);
    }
    for (place, gib) in [((DATA, USE1), 1_400_000), ((PROD, USE1), 700_000), ((PROD, EUW1), 320_000)] {
        let (_, bytes) = nat_gateway(ledger, place, "busy-nat", gib);
        if let Some(bytes) = bytes {
            let why = "traffic to S3 goes through the NAT gateway instead of an endpoint";
            of_resource(ledger, "vpc.nat-gateway-processing", &bytes, "nat-processing", None, why);
        }
    }
    for (place, name) in [
        ((STAGING, USE1), "staging-old-portal"),
        ((STAGING, EUW1), "staging-demo"),
        ((SANDBOX, USE1), "workshop"),
        ((PROD, USE1), "prod-blue"),
    ] {
        let line = load_balancer(ledger, place, name, 0);
        let why = "a load balancer that gets no requests";
        of_resource(ledger, "elb.idle-load-balancer", &line, "idle", Some(last_month_cost(&line)), why);
        of_resource(ledger, "catalog.idle-resource", &line, "idle", Some(last_month_cost(&line)), why);
    }
    for (place, name) in [((STAGING, USE1), "staging-kms"), ((SANDBOX, USE1), "sandbox-sqs"), ((PROD, EUW1), "prod-old-partner")] {
        let id = arn(place, "ec2", &format!("vpc-endpoint/vpce-{}", ledger.random.hex(17)));
        let line =
            Line::new(place, &VPC, "VpcEndpoint-Hours", "Hrs", 10_000_000, Amount::EveryDay(72_000)).operation("VpcEndpoint").resource(&id);
        ledger.resource("ec2:vpc-endpoint", &line, name, &[("VpcEndpointType", "Interface"), ("State", "available")]);
        ledger.add(&line);
        let why = "an interface endpoint in three zones that nothing talks through";
        of_resource(ledger, "catalog.idle-resource", &line, "idle", Some(last_month_cost(&line)), why);
    }
}

fn traffic(ledger: &mut Ledger) {
    let line = |place, usage: &str, price, gib| Line::new(place, &EC2_NETWORK, usage, "GB", price, Amount::Traffic(gib));
    for (place, gib) in [((PROD, USE1), 3_600_000), ((DATA, USE1), 2_200_000), ((PROD, EUW1), 900_000)] {
        ledger.add(&line(place, "DataTransfer-Regional-Bytes", 10_000_000, gib).operation("InterZone-Out"));
        let why = "brokers and their readers sit in different zones";
        of_place(ledger, "data-transfer.inter-az", (Some(place.0), Some(place.1)), "inter_az", None, why);
    }
    for (place, usage, gib) in [
        ((PROD, USE1), "USE1-EU-AWS-Out-Bytes", 900_000),
        ((DATA, USW2), "USE1-AWS-Out-Bytes", 500_000),
        ((PROD, APN1), "USE1-AWS-Out-Bytes", 140_000),
    ] {
        ledger.add(&line(place, usage, 20_000_000, gib).operation("InterRegion-Out"));
        let why = "whole data sets are copied to another region each night";
        of_place(ledger, "data-transfer.inter-region", (Some(place.0), Some(place.1)), "inter_region", None, why);
    }
}

/// Days that cost far more than their neighbours: for the anomaly detection, no check's business.
fn spikes(ledger: &mut Ledger) {
    let out = Line::new((PROD, USE1), &TRANSFER, "DataTransfer-Out-Bytes", "GB", 90_000_000, Amount::EveryDay(0)).operation("RunInstances");
    ledger.add_on(&out, date(2026, 10, 14), 62_000_000);
    let training = Line::new((DATA, USE1), &SAGEMAKER, "Train:ml.p4d.24xlarge", "Hrs", 25_250_000_000, Amount::EveryDay(0));
    ledger.add_on(&training.operation("RunInstance"), date(2026, 10, 21), 210_000);
}
