//! EC2 and VPC.
//!
//! Usage types: the catalog's billing dimensions of ec2, ebs and vpc, which say where they are from.

use rust_decimal::Decimal;

use super::StandingUsage;
use crate::resource::Resource;
use crate::resource::ec2::{
    ElasticIpDetails, InstanceDetails, NatGatewayDetails, SnapshotDetails, TransitGatewayAttachmentDetails, VolumeDetails,
    VpcEndpointDetails, VpnConnectionDetails,
};

const EC2: &str = "AmazonEC2";
const VPC: &str = "AmazonVPC";

/// Included in the price of a gp3 volume: 3,000 IOPS and 125 MiB/s.
///
/// Source: <https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html>, read 2026-11-24.
const GP3_INCLUDED_IOPS: u32 = 3_000;
const GP3_INCLUDED_MIBPS: u32 = 125;

/// Hours of a running on-demand instance. Spot follows the market and a stopped one costs nothing of its own.
pub(super) fn instance(resource: &Resource, instance: &InstanceDetails) -> Vec<StandingUsage> {
    let is_on_demand = instance.lifecycle.is_none() && matches!(instance.tenancy.as_deref(), None | Some("default"));
    if &*instance.state != "running" || !is_on_demand {
        return Vec::new();
    }
    let operation = instance.usage_operation.clone().unwrap_or_else(|| "RunInstances".into());
    vec![StandingUsage::hours(resource, EC2, format!("BoxUsage:{}", instance.instance_type), 1).with_operation(operation)]
}

/// Storage, and performance that is bought apart from it.
///
/// Source: <https://aws.amazon.com/ebs/pricing/>.
pub(super) fn volume(resource: &Resource, volume: &VolumeDetails) -> Vec<StandingUsage> {
    let storage = match &*volume.volume_type {
        "standard" => "EBS:VolumeUsage".to_owned(),
        "io1" => "EBS:VolumeUsage.piops".to_owned(),
        other => format!("EBS:VolumeUsage.{other}"),
    };
    let mut usage = vec![StandingUsage::of(resource, EC2, storage, Decimal::from(volume.size_gib), "GB-Mo")];
    let iops = volume.iops.unwrap_or_default();
    let (iops_type, included) = match &*volume.volume_type {
        "io1" => ("EBS:VolumeP-IOPS.piops", 0),
        // The tiers above 32,000 IOPS are cheaper; the first is what most have.
        "io2" => ("EBS:VolumeP-IOPS.io2", 0),
        "gp3" => ("EBS:VolumeP-IOPS.gp3", GP3_INCLUDED_IOPS),
        _ => return usage,
    };
    if iops > included {
        usage.push(StandingUsage::of(resource, EC2, iops_type, Decimal::from(iops - included), "IOPS-Mo"));
    }
    let mibps = volume.throughput_mibps.unwrap_or_default().saturating_sub(GP3_INCLUDED_MIBPS);
    if &*volume.volume_type == "gp3" && mibps > 0 {
        usage.push(StandingUsage::of(resource, EC2, "EBS:VolumeP-Throughput.gp3", Decimal::from(mibps) / Decimal::from(1_024), "GiBps-mo"));
    }
    usage
}

/// At most what its volume holds: AWS tells only what all snapshots hold together.
pub(super) fn snapshot(resource: &Resource, snapshot: &SnapshotDetails) -> Vec<StandingUsage> {
    let usage_type = match snapshot.storage_tier.as_deref() {
        Some("archive") => "EBS:SnapshotArchiveStorage",
        _ => "EBS:SnapshotUsage",
    };
    vec![StandingUsage::of(resource, EC2, usage_type, Decimal::from(snapshot.volume_size_gib), "GB-Mo").at_most()]
}

/// Every public IPv4 address costs the same, in use or not.
///
/// Source: <https://aws.amazon.com/vpc/pricing/>.
pub(super) fn elastic_ip(resource: &Resource, address: &ElasticIpDetails) -> Vec<StandingUsage> {
    if address.is_own_range {
        return Vec::new();
    }
    let usage_type = if address.association_id.is_some() { "PublicIPv4:InUseAddress" } else { "PublicIPv4:IdleAddress" };
    vec![StandingUsage::hours(resource, VPC, usage_type, 1)]
}

pub(super) fn nat_gateway(resource: &Resource, gateway: &NatGatewayDetails) -> Vec<StandingUsage> {
    if &*gateway.state != "available" {
        return Vec::new();
    }
    vec![StandingUsage::hours(resource, EC2, "NatGateway-Hours", 1)]
}

/// An interface endpoint is billed in each zone; a gateway endpoint not at all.
///
/// Source: <https://aws.amazon.com/privatelink/pricing/>.
pub(super) fn vpc_endpoint(resource: &Resource, endpoint: &VpcEndpointDetails) -> Vec<StandingUsage> {
    let zones = u32::try_from(endpoint.subnet_ids.len()).unwrap_or(u32::MAX);
    if &*endpoint.state != "available" || &*endpoint.endpoint_type == "Gateway" || zones == 0 {
        return Vec::new();
    }
    vec![StandingUsage::hours(resource, VPC, "VpcEndpoint-Hours", zones)]
}

pub(super) fn transit_gateway_attachment(resource: &Resource, attachment: &TransitGatewayAttachmentDetails) -> Vec<StandingUsage> {
    if &*attachment.state != "available" {
        return Vec::new();
    }
    vec![StandingUsage::hours(resource, VPC, "TransitGateway-Hours", 1)]
}

pub(super) fn vpn_connection(resource: &Resource, connection: &VpnConnectionDetails) -> Vec<StandingUsage> {
    if &*connection.state != "available" {
        return Vec::new();
    }
    vec![StandingUsage::hours(resource, VPC, "VPN-Usage-Hours:ipsec.1", 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::resource::ResourceDetails;
    use crate::resource_usage::standing_usage;

    fn usage(kind: &str, details: impl Into<ResourceDetails>) -> Vec<(String, String)> {
        let id = format!("arn:aws:ec2:eu-west-1:111122223333:{}/x-1", kind.trim_start_matches("ec2:"));
        let mut resource = Resource::new(id, kind, "111122223333".into(), Some("eu-west-1".into()));
        resource.details = Some(Box::new(details.into()));
        let usage = standing_usage(&resource);
        for one in &usage {
            let key = &one.key;
            let recognized = Catalog::embedded().recognize_usage(key.service_code.as_str(), &format!("EU-{}", key.usage_type));
            assert!(recognized.and_then(|found| found.dimension).is_some(), "the catalog does not know {key:?}");
        }
        usage.iter().map(|one| (one.key.usage_type.to_string(), one.quantity_per_month.normalize().to_string())).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(name, quantity)| ((*name).to_owned(), (*quantity).to_owned())).collect()
    }

    #[test]
    fn a_volume_is_billed_for_what_it_holds_and_for_speed_beyond_what_is_included() {
        let gp3 = |iops, throughput| VolumeDetails {
            volume_type: "gp3".into(),
            size_gib: 100,
            iops: Some(iops),
            throughput_mibps: Some(throughput),
            ..VolumeDetails::default()
        };
        assert_eq!(usage("ec2:volume", gp3(3_000, 125)), pairs(&[("EBS:VolumeUsage.gp3", "100")]));
        let fast = [("EBS:VolumeUsage.gp3", "100"), ("EBS:VolumeP-IOPS.gp3", "1000"), ("EBS:VolumeP-Throughput.gp3", "0.125")];
        assert_eq!(usage("ec2:volume", gp3(4_000, 253)), pairs(&fast));
        let io1 = VolumeDetails { volume_type: "io1".into(), size_gib: 10, iops: Some(500), ..VolumeDetails::default() };
        assert_eq!(usage("ec2:volume", io1), pairs(&[("EBS:VolumeUsage.piops", "10"), ("EBS:VolumeP-IOPS.piops", "500")]));
    }

    #[test]
    fn what_stands_costs_its_hours() {
        let gateway = NatGatewayDetails { state: "available".into(), ..NatGatewayDetails::default() };
        assert_eq!(usage("ec2:natgateway", gateway), pairs(&[("NatGateway-Hours", "730")]));
        let idle = ElasticIpDetails::default();
        assert_eq!(usage("ec2:elastic-ip", idle), pairs(&[("PublicIPv4:IdleAddress", "730")]));
        let instance = InstanceDetails { instance_type: "m5.large".into(), state: "running".into(), ..InstanceDetails::default() };
        assert_eq!(usage("ec2:instance", instance.clone()), pairs(&[("BoxUsage:m5.large", "730")]));
        assert_eq!(usage("ec2:instance", InstanceDetails { state: "stopped".into(), ..instance }), []);
        let attachment = TransitGatewayAttachmentDetails { state: "available".into(), ..TransitGatewayAttachmentDetails::default() };
        assert_eq!(usage("ec2:transit-gateway-attachment", attachment), pairs(&[("TransitGateway-Hours", "730")]));
        let connection = VpnConnectionDetails { state: "available".into(), ..VpnConnectionDetails::default() };
        assert_eq!(usage("ec2:vpn-connection", connection), pairs(&[("VPN-Usage-Hours:ipsec.1", "730")]));
    }

    #[test]
    fn an_endpoint_costs_in_each_zone() {
        let endpoint = VpcEndpointDetails {
            endpoint_type: "Interface".into(),
            state: "available".into(),
            subnet_ids: vec!["subnet-1".into(), "subnet-2".into()],
            ..VpcEndpointDetails::default()
        };
        assert_eq!(usage("ec2:vpc-endpoint", endpoint.clone()), pairs(&[("VpcEndpoint-Hours", "1460")]));
        assert_eq!(usage("ec2:vpc-endpoint", VpcEndpointDetails { endpoint_type: "Gateway".into(), ..endpoint }), []);
    }
}
