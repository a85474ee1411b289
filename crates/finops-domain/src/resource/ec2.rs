//! EC2 and VPC: what their own API says of their resources. Names and values are the API's.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct InstanceDetails {
    /// `m5.large`.
    pub instance_type: Arc<str>,
    /// `running`, `stopped`, …
    pub state: Arc<str>,
    /// When it was stopped, as far as the API's text tells.
    pub stopped_at: Option<Timestamp>,
    /// When it was started last.
    pub launched_at: Option<Timestamp>,
    /// `Linux/UNIX`, `Windows`, `Red Hat Enterprise Linux`, … (PlatformDetails).
    pub platform: Option<Arc<str>>,
    /// The operation that bills name: `RunInstances:0002`.
    pub usage_operation: Option<Arc<str>>,
    /// `x86_64`, `arm64`.
    pub architecture: Option<Arc<str>>,
    /// `default`, `dedicated`, `host`.
    pub tenancy: Option<Arc<str>>,
    /// `spot`, `scheduled`, `capacity-block`; `None` for on demand.
    pub lifecycle: Option<Arc<str>>,
    /// The Auto Scaling group that keeps it.
    pub auto_scaling_group: Option<Arc<str>>,
    /// Whether detailed monitoring is on.
    pub has_detailed_monitoring: bool,
    /// Volumes that it holds.
    pub volume_ids: Vec<Arc<str>>,
    /// The zone.
    pub availability_zone: Option<Arc<str>>,
    /// Whether EBS bandwidth is bought apart, for types where it costs.
    pub is_ebs_optimized: bool,
    /// `standard` or `unlimited`, for burstable types.
    pub cpu_credits: Option<Arc<str>>,
    /// The image that it was started from.
    pub image_id: Option<Arc<str>>,
    /// The VPC.
    pub vpc_id: Option<Arc<str>>,
    /// How many public IPv4 addresses it has.
    pub public_ipv4_addresses: u32,
}

/// A volume.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VolumeDetails {
    /// `gp2`, `gp3`, `io1`, `io2`, `st1`, `sc1`, `standard`.
    pub volume_type: Arc<str>,
    /// Size, GiB.
    pub size_gib: u32,
    /// `in-use`, `available`, …
    pub state: Arc<str>,
    /// Provisioned IOPS, or gp2's baseline.
    pub iops: Option<u32>,
    /// Provisioned throughput, MiB/s.
    pub throughput_mibps: Option<u32>,
    /// Instances that hold it.
    pub attached_to: Vec<Arc<str>>,
    /// The snapshot that it was made from.
    pub snapshot_id: Option<Arc<str>>,
    /// The zone.
    pub availability_zone: Option<Arc<str>>,
}

/// A snapshot of a volume.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SnapshotDetails {
    /// The volume that it was made of; it need not exist any more.
    pub volume_id: Option<Arc<str>>,
    /// Size of that volume, GiB: what a snapshot holds of it is at most that.
    pub volume_size_gib: u32,
    /// Size of the blocks that a restore would write, bytes, where the API says so.
    pub full_size_bytes: Option<u64>,
    /// `completed`, …
    pub state: Arc<str>,
    /// `standard` or `archive`.
    pub storage_tier: Option<Arc<str>>,
    /// Its description: AWS Backup and CreateImage write theirs there.
    pub description: Option<Arc<str>>,
    /// Images of this account that use it.
    pub image_ids: Vec<Arc<str>>,
}

/// A machine image of this account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImageDetails {
    /// `available`, `deregistered`, …
    pub state: Arc<str>,
    /// Snapshots that it holds.
    pub snapshot_ids: Vec<Arc<str>>,
    /// Whether others may start it.
    pub is_public: bool,
    /// When an instance was last started from it, as far as AWS kept that.
    pub last_launched_at: Option<Timestamp>,
    /// When it is or was deprecated.
    pub deprecated_at: Option<Timestamp>,
}

/// An Elastic IP address.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ElasticIpDetails {
    /// The address.
    pub public_ip: Arc<str>,
    /// The association, if there is one.
    pub association_id: Option<Arc<str>>,
    /// The instance that has it.
    pub instance_id: Option<Arc<str>>,
    /// The network interface that has it.
    pub network_interface_id: Option<Arc<str>>,
    /// Whether it is of the owner's own address range, which costs nothing.
    pub is_own_range: bool,
}

/// A network interface.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NetworkInterfaceDetails {
    /// `in-use`, `available`.
    pub state: Arc<str>,
    /// `interface`, `nat_gateway`, `vpc_endpoint`, `lambda`, …
    pub interface_type: Arc<str>,
    /// The service that made it.
    pub requester_id: Option<Arc<str>>,
    /// The instance that it is attached to.
    pub instance_id: Option<Arc<str>>,
    /// Its public IPv4 addresses.
    pub public_ips: Vec<Arc<str>>,
    /// Its description: services write theirs there.
    pub description: Option<Arc<str>>,
}

/// A NAT gateway.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NatGatewayDetails {
    /// `available`, `deleted`, …
    pub state: Arc<str>,
    /// The VPC.
    pub vpc_id: Option<Arc<str>>,
    /// The subnet; absent for a regional one.
    pub subnet_id: Option<Arc<str>>,
    /// `public` or `private`.
    pub connectivity: Option<Arc<str>>,
    /// Route tables that lead to it.
    pub route_table_ids: Vec<Arc<str>>,
}

/// A VPC endpoint.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VpcEndpointDetails {
    /// `Interface`, `Gateway`, `GatewayLoadBalancer`, …
    pub endpoint_type: Arc<str>,
    /// `com.amazonaws.eu-west-1.s3`.
    pub service_name: Arc<str>,
    /// `available`, …
    pub state: Arc<str>,
    /// The VPC.
    pub vpc_id: Option<Arc<str>>,
    /// Its subnets: an interface endpoint is billed for each zone.
    pub subnet_ids: Vec<Arc<str>>,
}

/// What is attached to a transit gateway.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TransitGatewayAttachmentDetails {
    /// The transit gateway.
    pub transit_gateway_id: Arc<str>,
    /// `vpc`, `vpn`, `peering`, `connect`, `direct-connect-gateway`.
    pub attachment_type: Arc<str>,
    /// What is attached.
    pub attached_resource_id: Option<Arc<str>>,
    /// `available`, …
    pub state: Arc<str>,
}

/// A site-to-site VPN connection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VpnConnectionDetails {
    /// `available`, …
    pub state: Arc<str>,
    /// Whether each tunnel is up.
    pub tunnels_up: Vec<bool>,
    /// The transit gateway that it ends at, if it does.
    pub transit_gateway_id: Option<Arc<str>>,
}

/// Reserved Instances of EC2.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReservedInstancesDetails {
    /// `m5.large`.
    pub instance_type: Arc<str>,
    /// How many.
    pub instance_count: u32,
    /// `active`, `retired`, …
    pub state: Arc<str>,
    /// When the term ends.
    pub ends_at: Option<Timestamp>,
    /// `standard` or `convertible`.
    pub offering_class: Option<Arc<str>>,
    /// `No Upfront`, `Partial Upfront`, `All Upfront`.
    pub offering_type: Option<Arc<str>>,
    /// `Region` or `Availability Zone`.
    pub scope: Option<Arc<str>>,
    /// `Linux/UNIX`, …
    pub platform: Option<Arc<str>>,
}

/// An on-demand capacity reservation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CapacityReservationDetails {
    /// `m5.large`.
    pub instance_type: Arc<str>,
    /// `active`, …
    pub state: Arc<str>,
    /// Instances reserved.
    pub total_instances: u32,
    /// Of those, not in use.
    pub available_instances: u32,
    /// When it ends by itself.
    pub ends_at: Option<Timestamp>,
}
