//! Databases, caches, load balancers.
//!
//! Usage types: the catalog's billing dimensions of rds, dynamodb, elasticache and elb, which say where they are from.

use rust_decimal::Decimal;

use super::StandingUsage;
use crate::resource::Resource;
use crate::resource::databases::{CacheClusterDetails, DbInstanceDetails, TableDetails};
use crate::resource::load_balancing::LoadBalancerDetails;

/// Bytes of the gigabyte that storage is billed by.
const BYTES_OF_GIB: u64 = 1 << 30;

/// Operations by which bills tell engines apart.
///
/// Source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DBInstanceBilling.html> names no codes; these are those of AWS's
/// Price List for RDS, as public tools quote them; not confirmed against the list itself.
fn operation_of(engine: &str) -> Option<&'static str> {
    Some(match engine {
        "mysql" => "CreateDBInstance:0002",
        "postgres" => "CreateDBInstance:0014",
        "mariadb" => "CreateDBInstance:0018",
        "aurora-mysql" | "aurora" => "CreateDBInstance:0016",
        "aurora-postgresql" => "CreateDBInstance:0021",
        _ => return None,
    })
}

/// Instance hours, and storage where it is the instance's own. A stopped instance is billed for its storage alone; of an engine that
/// bills do not tell by an operation that we know, nothing is said.
pub(super) fn db_instance(resource: &Resource, instance: &DbInstanceDetails) -> Vec<StandingUsage> {
    const RDS: &str = "AmazonRDS";
    let Some(operation) = operation_of(&instance.engine) else { return Vec::new() };
    let mut usage = Vec::new();
    if &*instance.status != "stopped" && &*instance.class != "db.serverless" {
        let measure = if instance.is_multi_az { "Multi-AZUsage" } else { "InstanceUsage" };
        usage.push(StandingUsage::hours(resource, RDS, format!("{measure}:{}", instance.class), 1).with_operation(operation));
    }
    let zones = if instance.is_multi_az { "Multi-AZ-" } else { "" };
    let storage = match instance.storage_type.as_deref() {
        Some("gp2") => format!("RDS:{zones}GP2-Storage"),
        Some("gp3") => format!("RDS:{zones}GP3-Storage"),
        Some("io1") => format!("RDS:{zones}PIOPS-Storage"),
        Some("io2") => format!("RDS:{zones}PIOPS-Storage-IO2"),
        Some("standard") => format!("RDS:{zones}StorageUsage"),
        // Aurora's storage belongs to the cluster and grows by itself.
        _ => return usage,
    };
    let gib = Decimal::from(instance.allocated_gib.unwrap_or_default());
    usage.push(StandingUsage::of(resource, RDS, storage, gib, "GB-Mo"));
    usage
}

/// Capacity that is bought by the hour; what is paid by request stands for nothing. Storage beside it.
pub(super) fn table(resource: &Resource, table: &TableDetails) -> Vec<StandingUsage> {
    const DYNAMODB: &str = "AmazonDynamoDB";
    let class = if table.table_class.as_deref() == Some("STANDARD_INFREQUENT_ACCESS") { "IA-" } else { "" };
    let mut usage = Vec::new();
    let units = |units: u64| u32::try_from(units).unwrap_or(u32::MAX);
    if !table.is_on_demand {
        for (measure, bought) in
            [("ReadCapacityUnit-Hrs", table.read_capacity_units), ("WriteCapacityUnit-Hrs", table.write_capacity_units)]
        {
            if bought > 0 {
                usage.push(StandingUsage::hours(resource, DYNAMODB, format!("{class}{measure}"), units(bought)));
            }
        }
    }
    if table.size_bytes > 0 {
        let gib = Decimal::from(table.size_bytes) / Decimal::from(BYTES_OF_GIB);
        usage.push(StandingUsage::of(resource, DYNAMODB, format!("{class}TimedStorage-ByteHrs"), gib, "GB-Mo"));
    }
    usage
}

pub(super) fn cache_cluster(resource: &Resource, cluster: &CacheClusterDetails) -> Vec<StandingUsage> {
    if cluster.nodes == 0 {
        return Vec::new();
    }
    vec![StandingUsage::hours(resource, "AmazonElastiCache", format!("NodeUsage:{}", cluster.node_type), cluster.nodes)]
}

/// Hours; capacity units depend on use.
pub(super) fn load_balancer(resource: &Resource, balancer: &LoadBalancerDetails) -> Vec<StandingUsage> {
    let operation = match &*balancer.balancer_type {
        "application" => "LoadBalancing:Application",
        "network" => "LoadBalancing:Network",
        "gateway" => "LoadBalancing:Gateway",
        _ => "LoadBalancing",
    };
    vec![StandingUsage::hours(resource, "AWSELB", "LoadBalancerUsage", 1).with_operation(operation)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::resource::ResourceDetails;
    use crate::resource_usage::standing_usage;

    fn usage(arn: &str, kind: &str, details: impl Into<ResourceDetails>) -> Vec<(String, String)> {
        let mut resource = Resource::new(arn, kind, "111122223333".into(), Some("eu-west-1".into()));
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
    fn a_database_costs_its_hours_and_its_storage_and_a_stopped_one_its_storage() {
        let running = DbInstanceDetails {
            class: "db.m5.large".into(),
            engine: "postgres".into(),
            status: "available".into(),
            is_multi_az: true,
            storage_type: Some("gp3".into()),
            allocated_gib: Some(200),
            ..DbInstanceDetails::default()
        };
        let arn = "arn:aws:rds:eu-west-1:111122223333:db:orders";
        let expected = [("Multi-AZUsage:db.m5.large", "730"), ("RDS:Multi-AZ-GP3-Storage", "200")];
        assert_eq!(usage(arn, "rds:db", running.clone()), pairs(&expected));
        let stopped = DbInstanceDetails { status: "stopped".into(), ..running.clone() };
        assert_eq!(usage(arn, "rds:db", stopped), pairs(&[("RDS:Multi-AZ-GP3-Storage", "200")]));
        let oracle = DbInstanceDetails { engine: "oracle-ee".into(), ..running };
        assert_eq!(usage(arn, "rds:db", oracle), [], "its price depends on more than we know");
    }

    #[test]
    fn bought_capacity_stands_and_requests_do_not() {
        let bought = TableDetails { read_capacity_units: 100, write_capacity_units: 50, ..TableDetails::default() };
        let arn = "arn:aws:dynamodb:eu-west-1:111122223333:table/orders";
        let expected = [("ReadCapacityUnit-Hrs", "73000"), ("WriteCapacityUnit-Hrs", "36500")];
        assert_eq!(usage(arn, "dynamodb:table", bought.clone()), pairs(&expected));
        assert_eq!(usage(arn, "dynamodb:table", TableDetails { is_on_demand: true, ..bought }), []);
    }

    #[test]
    fn nodes_and_balancers_cost_their_hours() {
        let cluster = CacheClusterDetails { node_type: "cache.m6g.large".into(), nodes: 2, ..CacheClusterDetails::default() };
        let arn = "arn:aws:elasticache:eu-west-1:111122223333:cluster:sessions";
        assert_eq!(usage(arn, "elasticache:cluster", cluster), pairs(&[("NodeUsage:cache.m6g.large", "1460")]));
        let balancer = LoadBalancerDetails { balancer_type: "network".into(), ..LoadBalancerDetails::default() };
        let arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/b";
        assert_eq!(usage(arn, "elasticloadbalancing:loadbalancer/net", balancer), pairs(&[("LoadBalancerUsage", "730")]));
    }
}
