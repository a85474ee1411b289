//! What a resource is billed for whether anything uses it or not: hours it stands, gigabytes it holds, in the words of a bill.
//!
//! It is what a resource's cost can be told by where no bill names the resource. What depends on use (requests, traffic) is not
//! here. A module for each family of services; each fact has its source there.

mod databases;
mod ec2;
mod storage;
mod streams;
#[cfg(test)]
mod testing;

use std::collections::BTreeSet;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::id::RegionId;
use crate::price::PriceKey;
use crate::resource::{Resource, ResourceDetails};
use crate::scope::Partition;

/// One thing that a resource is billed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingUsage {
    /// What it is, and what its price is found by.
    pub key: PriceKey,
    /// How much of it in a month of 730 hours, in `unit`.
    pub quantity_per_month: Decimal,
    /// As bills write it: `GB-Mo`, `Hrs`.
    pub unit: &'static str,
    /// Whether the quantity is the greatest that it can be, since AWS does not tell it: a snapshot holds at most what its volume does.
    pub is_upper_bound: bool,
}

impl StandingUsage {
    /// So much of a usage type, in the region that the resource is in.
    fn of(
        resource: &Resource,
        service_code: &str,
        usage_type: impl Into<Arc<str>>,
        quantity_per_month: Decimal,
        unit: &'static str,
    ) -> Self {
        let region_id = resource.region_id.clone().unwrap_or_else(|| RegionId::from(Partition::Aws.global_region()));
        let key = PriceKey { service_code: service_code.into(), region_id, usage_type: usage_type.into(), operation: None };
        Self { key, quantity_per_month, unit, is_upper_bound: false }
    }

    /// So many of it, all the time.
    fn hours(resource: &Resource, service_code: &str, usage_type: impl Into<Arc<str>>, count: u32) -> Self {
        Self::of(resource, service_code, usage_type, Decimal::from(count) * Decimal::from(crate::period::HOURS_PER_MONTH), "Hrs")
    }

    fn with_operation(mut self, operation: impl Into<Arc<str>>) -> Self {
        self.key.operation = Some(operation.into());
        self
    }

    fn at_most(mut self) -> Self {
        self.is_upper_bound = true;
        self
    }
}

/// Everything that a resource is billed for while it stands; nothing for a kind that is not here, or that costs nothing now.
pub fn standing_usage(resource: &Resource) -> Vec<StandingUsage> {
    use ResourceDetails as D;
    match resource.details.as_deref() {
        Some(D::Instance(details)) => ec2::instance(resource, details),
        Some(D::Volume(details)) => ec2::volume(resource, details),
        Some(D::Snapshot(details)) => ec2::snapshot(resource, details),
        Some(D::ElasticIp(details)) => ec2::elastic_ip(resource, details),
        Some(D::NatGateway(details)) => ec2::nat_gateway(resource, details),
        Some(D::VpcEndpoint(details)) => ec2::vpc_endpoint(resource, details),
        Some(D::TransitGatewayAttachment(details)) => ec2::transit_gateway_attachment(resource, details),
        Some(D::VpnConnection(details)) => ec2::vpn_connection(resource, details),
        Some(D::DbInstance(details)) => databases::db_instance(resource, details),
        Some(D::Table(details)) => databases::table(resource, details),
        Some(D::CacheCluster(details)) => databases::cache_cluster(resource, details),
        Some(D::LoadBalancer(details)) => databases::load_balancer(resource, details),
        Some(D::EfsFileSystem(details)) => storage::efs_file_system(resource, details),
        Some(D::FsxFileSystem(details)) => storage::fsx_file_system(resource, details),
        Some(D::FsxBackup(details)) => storage::fsx_backup(resource, details),
        Some(D::RecoveryPoint(details)) => storage::recovery_point(resource, details),
        Some(D::LogGroup(details)) => storage::log_group(resource, details),
        Some(D::Alarm(details)) => streams::alarm(resource, details),
        Some(D::CompositeAlarm(details)) => streams::composite_alarm(resource, details),
        Some(D::Dashboard(details)) => streams::dashboard(resource, details),
        Some(D::KinesisStream(details)) => streams::kinesis_stream(resource, details),
        Some(D::FirehoseStream(details)) => streams::firehose_stream(resource, details),
        Some(D::MskCluster(details)) => streams::msk_cluster(resource, details),
        Some(D::MqBroker(details)) => streams::mq_broker(resource, details),
        Some(D::TransferServer(details)) => streams::transfer_server(resource, details),
        Some(_) | None => Vec::new(),
    }
}

/// The prices that tell what resources cost, sorted, each once.
pub fn price_keys(resources: &[Resource]) -> Vec<PriceKey> {
    let keys: BTreeSet<PriceKey> = resources.iter().flat_map(standing_usage).map(|usage| usage.key).collect();
    keys.into_iter().collect()
}
