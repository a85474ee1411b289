//! The list of checks. One line a check; its module is declared with it.

use super::Check;

/// Declares the modules and lists every check, in the order of their ids' services.
macro_rules! registry {
    ($($service:ident { $($module:ident :: $check:ident),* $(,)? })*) => {
        // The path makes the files of a service siblings of this one: `checks/<service>/<check>.rs`.
        #[path = "."]
        mod services {
            $(
                pub(super) mod $service {
                    $(pub(in crate::checks) mod $module;)*
                }
            )*
        }

        /// Every check there is.
        pub static ALL: &[&dyn Check] = &[$($(&services::$service::$module::$check,)*)*];
    };
}

registry! {
    catalog {
        ended_service::EndedService,
        idle_resource::IdleResource,
        unused_capacity::UnusedCapacity,
    }
    cloudtrail {
        duplicate_trail::DuplicateTrail,
    }
    cloudwatch {
        custom_metrics::CustomMetrics,
        getmetricdata::GetMetricData,
        log_ingestion::LogIngestion,
        log_storage_growth::LogStorageGrowth,
    }
    commitments {
        ending::EndedCommitment,
        unused::UnusedCommitment,
    }
    config {
        recorder_items::RecorderItems,
    }
    cost {
        new_service::NewService,
        small_region::SmallRegion,
    }
    data_transfer {
        inter_az::InterAz,
        inter_region::InterRegion,
    }
    dynamodb {
        provisioned_capacity::ProvisionedCapacity,
    }
    ebs {
        fast_snapshot_restore::FastSnapshotRestore,
        gp2_volume::Gp2Volume,
        io_volume_few_iops::IoVolumeFewIops,
        magnetic_volume::MagneticVolume,
        orphan_snapshot::OrphanSnapshot,
        snapshot_growth::SnapshotGrowth,
        unattached_volume::UnattachedVolume,
    }
    ec2 {
        graviton_sibling::GravitonSibling,
        idle_public_ipv4::IdlePublicIpv4,
        previous_generation::PreviousGeneration,
        stopped_instance::StoppedInstance,
        surplus_cpu_credits::SurplusCpuCredits,
        unused_capacity_reservation::UnusedCapacityReservation,
    }
    eks {
        extended_support::EksExtendedSupport,
    }
    elasticache {
        extended_support::ElastiCacheExtendedSupport,
    }
    elb {
        idle_load_balancer::IdleLoadBalancer,
    }
    kinesis {
        extended_retention::ExtendedRetention,
    }
    kms {
        key_spread::KeySpread,
    }
    lambda {
        unused_provisioned_concurrency::UnusedProvisionedConcurrency,
    }
    marketplace {
        spend::MarketplaceSpend,
    }
    rds {
        backup_storage::BackupStorage,
        extended_support::RdsExtendedSupport,
        previous_generation_instance::PreviousGenerationInstance,
        previous_generation_storage::PreviousGenerationStorage,
    }
    s3 {
        early_delete::EarlyDelete,
        standard_only::StandardOnly,
    }
    savings_plans {
        uncovered_compute::UncoveredCompute,
    }
    secretsmanager {
        secret_spread::SecretSpread,
    }
    support {
        spend::SupportSpend,
    }
    tagging {
        untagged_spend::UntaggedSpend,
    }
    vpc {
        idle_nat_gateway::IdleNatGateway,
        nat_gateway_processing::NatGatewayProcessing,
        unassociated_elastic_ip::UnassociatedElasticIp,
    }
}

/// The check of an id.
pub fn find(id: &str) -> Option<&'static dyn Check> {
    ALL.iter().copied().find(|check| check.meta().id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn every_check_is_described_completely() {
        let mut ids = BTreeSet::new();
        for meta in ALL.iter().map(|check| check.meta()) {
            let id = meta.id;
            assert!(ids.insert(id), "{id} is there twice");
            let (service, wrong) = id.split_once('.').unwrap();
            let is_kebab = |text: &str| {
                text.split('-').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
            };
            assert!(is_kebab(service) && is_kebab(wrong), "{id} is not service.kebab-case");
            for text in [meta.title, meta.why, meta.saving, meta.risk_note, meta.rollback] {
                assert!(!text.trim().is_empty(), "{id} leaves something empty");
            }
            assert!(!meta.steps.is_empty() && meta.steps.iter().all(|step| !step.trim().is_empty()), "{id} has no steps");
            assert!(meta.source.starts_with("https://"), "{id}: {}", meta.source);
            assert!(meta.source_as_of.parse::<jiff::civil::Date>().is_ok(), "{id}: {}", meta.source_as_of);
            let mut names = BTreeSet::new();
            for parameter in meta.parameters {
                assert!(names.insert(parameter.name), "{id} has {} twice", parameter.name);
                assert!(parameter.default.parse::<Decimal>().is_ok(), "{id}: {}", parameter.name);
                assert!(!parameter.about.is_empty() && !parameter.unit.is_empty(), "{id}: {}", parameter.name);
            }
            assert_eq!(find(id).map(|check| check.meta().id), Some(id));
        }
    }
}
