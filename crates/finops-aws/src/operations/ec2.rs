//! Amazon EC2 and VPC.
//!
//! Quota: describe actions share a bucket of 100 that refills by 20 a second, in each account and region; some have a smaller one.
//! Source: <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html>, read 2026-11-24.

crate::operations! {
    "EC2", "ec2";
    /// Instances.
    DESCRIBE_INSTANCES = "DescribeInstances", |operation| operation.quota(20.0, 100.0);
    /// Unlimited or standard credits of burstable instances.
    DESCRIBE_INSTANCE_CREDIT_SPECIFICATIONS = "DescribeInstanceCreditSpecifications", |operation| operation.quota(20.0, 100.0);
    /// Volumes.
    DESCRIBE_VOLUMES = "DescribeVolumes", |operation| operation.quota(20.0, 100.0);
    /// Snapshots of this account.
    DESCRIBE_SNAPSHOTS = "DescribeSnapshots", |operation| operation.quota(20.0, 100.0);
    /// Images of this account.
    DESCRIBE_IMAGES = "DescribeImages", |operation| operation.quota(20.0, 100.0);
    /// Elastic IP addresses.
    DESCRIBE_ADDRESSES = "DescribeAddresses", |operation| operation.quota(20.0, 100.0);
    /// Network interfaces.
    DESCRIBE_NETWORK_INTERFACES = "DescribeNetworkInterfaces", |operation| operation.quota(20.0, 100.0);
    /// NAT gateways.
    DESCRIBE_NAT_GATEWAYS = "DescribeNatGateways", |operation| operation.quota(20.0, 100.0);
    /// Route tables.
    DESCRIBE_ROUTE_TABLES = "DescribeRouteTables", |operation| operation.quota(20.0, 100.0);
    /// VPC endpoints.
    DESCRIBE_VPC_ENDPOINTS = "DescribeVpcEndpoints", |operation| operation.quota(20.0, 100.0);
    /// What is attached to transit gateways.
    DESCRIBE_TRANSIT_GATEWAY_ATTACHMENTS = "DescribeTransitGatewayAttachments", |operation| operation.quota(20.0, 100.0);
    /// VPN connections.
    DESCRIBE_VPN_CONNECTIONS = "DescribeVpnConnections", |operation| operation.quota(20.0, 100.0);
    /// Reserved Instances.
    DESCRIBE_RESERVED_INSTANCES = "DescribeReservedInstances", |operation| operation.quota(20.0, 100.0);
    /// Capacity reservations.
    DESCRIBE_CAPACITY_RESERVATIONS = "DescribeCapacityReservations", |operation| operation.quota(20.0, 100.0);
    /// Regions that are enabled.
    DESCRIBE_REGIONS = "DescribeRegions", |operation| operation.quota(20.0, 100.0).ttl(86_400);
}
