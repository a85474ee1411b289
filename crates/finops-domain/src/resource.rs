//! Resources: what exists in an account, beside what it costs.

pub mod backup;
pub mod databases;
pub mod ec2;
pub mod file_systems;
pub mod lambda;
pub mod load_balancing;
pub mod logs;
pub mod queues;
pub mod s3;
pub mod streams;
pub mod transfer;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{RegionId, ResourceId, ResourceKind, SubAccountId};

/// A resource as an inventory saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resource {
    /// Its ARN, or its id where it has none.
    pub resource_id: ResourceId,
    /// What it is: `ec2:volume`.
    pub kind: ResourceKind,
    /// Whose it is.
    pub sub_account_id: SubAccountId,
    /// Where it is; `None` for a global one.
    pub region_id: Option<RegionId>,
    /// Its name, from the Name tag or its own.
    pub name: Option<Arc<str>>,
    /// When it was made, where the inventory says so.
    pub created_at: Option<Timestamp>,
    /// Configuration by the name that the API uses, as text: `VolumeType` = `gp2`. What the catalog's metrics are compared
    /// with is here, and what Cloud Control says of kinds without typed details.
    pub configuration: BTreeMap<Arc<str>, Arc<str>>,
    /// Its tags.
    pub tags: BTreeMap<Arc<str>, Arc<str>>,
    /// What its own service says of it; `None` where only a breadth-first inventory saw it.
    #[serde(default)]
    pub details: Option<Box<ResourceDetails>>,
    /// Which inventories saw it.
    #[serde(default)]
    pub seen_by: BTreeSet<InventoryLayer>,
}

impl Resource {
    /// A resource of which only its identity is known.
    pub fn new(
        resource_id: impl Into<ResourceId>,
        kind: impl Into<ResourceKind>,
        sub_account_id: SubAccountId,
        region_id: Option<RegionId>,
    ) -> Self {
        Self {
            resource_id: resource_id.into(),
            kind: kind.into(),
            sub_account_id,
            region_id,
            name: None,
            created_at: None,
            configuration: BTreeMap::new(),
            tags: BTreeMap::new(),
            details: None,
            seen_by: BTreeSet::new(),
        }
    }

    /// Its typed details, where it has those of this type.
    ///
    /// ```
    /// use finops_domain::resource::{Resource, ec2::VolumeDetails};
    /// fn size_gib(resource: &Resource) -> Option<u32> {
    ///     resource.details::<VolumeDetails>().map(|volume| volume.size_gib)
    /// }
    /// ```
    pub fn details<T: Details>(&self) -> Option<&T> {
        self.details.as_deref().and_then(T::of)
    }

    /// The tag's value.
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags.get(key).map(|value| &**value)
    }
}

/// An inventory that a resource was seen by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InventoryLayer {
    /// The service's own API.
    Service,
    /// Resource Groups Tagging.
    Tagging,
    /// Resource Explorer.
    ResourceExplorer,
    /// Cloud Control.
    CloudControl,
}

/// Details of one type among all.
pub trait Details: Sized {
    /// These details, if that is what they are.
    fn of(details: &ResourceDetails) -> Option<&Self>;
}

macro_rules! details {
    ($($variant:ident($type:path),)*) => {
        /// What a service says of its resource, typed by kind.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "each type says what it is")]
        pub enum ResourceDetails {
            $($variant($type),)*
        }

        $(impl Details for $type {
            fn of(details: &ResourceDetails) -> Option<&Self> {
                match details {
                    ResourceDetails::$variant(details) => Some(details),
                    _ => None,
                }
            }
        }

        impl From<$type> for ResourceDetails {
            fn from(details: $type) -> Self {
                Self::$variant(details)
            }
        })*
    };
}

// One line for each type, families in the order of their modules.
details! {
    Instance(ec2::InstanceDetails),
    Volume(ec2::VolumeDetails),
    Snapshot(ec2::SnapshotDetails),
    Image(ec2::ImageDetails),
    ElasticIp(ec2::ElasticIpDetails),
    NetworkInterface(ec2::NetworkInterfaceDetails),
    NatGateway(ec2::NatGatewayDetails),
    VpcEndpoint(ec2::VpcEndpointDetails),
    TransitGatewayAttachment(ec2::TransitGatewayAttachmentDetails),
    VpnConnection(ec2::VpnConnectionDetails),
    ReservedInstances(ec2::ReservedInstancesDetails),
    CapacityReservation(ec2::CapacityReservationDetails),
    DbInstance(databases::DbInstanceDetails),
    DbCluster(databases::DbClusterDetails),
    DbSnapshot(databases::DbSnapshotDetails),
    Table(databases::TableDetails),
    CacheCluster(databases::CacheClusterDetails),
    Function(lambda::FunctionDetails),
    LoadBalancer(load_balancing::LoadBalancerDetails),
    BackupVault(backup::BackupVaultDetails),
    RecoveryPoint(backup::RecoveryPointDetails),
    BackupPlan(backup::BackupPlanDetails),
    EfsFileSystem(file_systems::EfsFileSystemDetails),
    FsxFileSystem(file_systems::FsxFileSystemDetails),
    FsxVolume(file_systems::FsxVolumeDetails),
    FsxBackup(file_systems::FsxBackupDetails),
    LogGroup(logs::LogGroupDetails),
    Alarm(logs::AlarmDetails),
    CompositeAlarm(logs::CompositeAlarmDetails),
    Dashboard(logs::DashboardDetails),
    MetricStream(logs::MetricStreamDetails),
    Queue(queues::QueueDetails),
    Bucket(s3::BucketDetails),
    KinesisStream(streams::KinesisStreamDetails),
    FirehoseStream(streams::FirehoseStreamDetails),
    MskCluster(streams::MskClusterDetails),
    MqBroker(streams::MqBrokerDetails),
    TransferServer(transfer::TransferServerDetails),
}

/// One list of what several inventories saw: a resource of two lists is one, with what each knew of it.
///
/// What the service's own API says wins over what a breadth-first inventory says; tags and configuration are united. The
/// answer is sorted by account, region, kind, id.
pub fn merge(lists: impl IntoIterator<Item = Resource>) -> Vec<Resource> {
    let mut merged: BTreeMap<ResourceId, Resource> = BTreeMap::new();
    for resource in lists {
        match merged.get_mut(&resource.resource_id) {
            None => {
                merged.insert(resource.resource_id.clone(), resource);
            }
            Some(known) => unite(known, resource),
        }
    }
    let mut resources: Vec<Resource> = merged.into_values().collect();
    resources.sort_by(|a, b| {
        (&a.sub_account_id, &a.region_id, &a.kind, &a.resource_id).cmp(&(&b.sub_account_id, &b.region_id, &b.kind, &b.resource_id))
    });
    resources
}

fn unite(known: &mut Resource, mut other: Resource) {
    if known.details.is_none() && other.details.is_some() {
        std::mem::swap(known, &mut other);
    }
    known.name = known.name.take().or(other.name);
    known.created_at = known.created_at.or(other.created_at);
    known.region_id = known.region_id.take().or(other.region_id);
    for (name, value) in other.configuration {
        known.configuration.entry(name).or_insert(value);
    }
    for (key, value) in other.tags {
        known.tags.entry(key).or_insert(value);
    }
    known.seen_by.extend(other.seen_by);
}

#[cfg(test)]
mod tests {
    use super::*;

    const VOLUME: &str = "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1";

    fn seen(layer: InventoryLayer) -> Resource {
        let mut resource = Resource::new(VOLUME, "ec2:volume", "111122223333".into(), Some("eu-west-1".into()));
        resource.seen_by.insert(layer);
        resource
    }

    #[test]
    fn a_resource_that_two_inventories_saw_is_one() {
        let mut tagged = seen(InventoryLayer::Tagging);
        tagged.tags.insert("team".into(), "search".into());
        let mut described = seen(InventoryLayer::Service);
        described.name = Some("data".into());
        described.details = Some(Box::new(ec2::VolumeDetails::default().into()));
        for order in [[tagged.clone(), described.clone()], [described, tagged]] {
            let merged = merge(order);
            assert_eq!(merged.len(), 1);
            let volume = &merged[0];
            assert!(volume.details::<ec2::VolumeDetails>().is_some());
            assert!(volume.details::<ec2::SnapshotDetails>().is_none());
            assert_eq!((volume.tag("team"), volume.name.as_deref(), volume.seen_by.len()), (Some("search"), Some("data"), 2));
        }
    }

    #[test]
    fn the_order_does_not_depend_on_who_saw_it_first() {
        let other = Resource::new("arn:aws:s3:::bucket", "s3:bucket", "111122223333".into(), None);
        let lists = [vec![other.clone(), seen(InventoryLayer::Tagging)], vec![seen(InventoryLayer::Tagging), other]];
        let [a, b] = lists.map(merge);
        assert_eq!(a, b);
    }
}
