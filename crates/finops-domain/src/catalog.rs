//! The service catalog: what every AWS service is, how it is billed, and how its resources are recognised and measured.
//!
//! The facts are text files in this crate's `catalog/` folder, one per category, compiled in. Each names its source; what a
//! program filled in from AWS's machine-readable facts is marked as generated.
//!
//! ```
//! use finops_domain::catalog::Catalog;
//!
//! let catalog = Catalog::embedded();
//! let ec2 = catalog.service("ec2").ok_or("EC2 is in the catalog")?;
//! assert_eq!(ec2.category.name(), "Compute");
//! assert!(catalog.services().len() >= 400);
//! # Ok::<(), &str>(())
//! ```

mod arn;
mod recognition;
mod service;

pub use crate::region::{billing_codes_of_region, region_of_billing_code};
pub use arn::{Arn, ArnError};
pub use recognition::{RecognizedResource, RecognizedUsage};
pub use service::{
    BillingDimension, Bought, Category, EntryKind, FactSource, Inventory, Lever, MetricFacts, ResourceKindFacts, Scope, Service,
    ServiceState, Status,
};

use std::collections::BTreeMap;
use std::sync::LazyLock;

static SERVICES: &[Service] = include!(concat!(env!("OUT_DIR"), "/catalog.rs"));

static EMBEDDED: LazyLock<Catalog> = LazyLock::new(|| Catalog::of(SERVICES));

/// Services by whatever names them.
#[derive(Debug)]
pub struct Catalog {
    services: &'static [Service],
    by_id: BTreeMap<&'static str, &'static Service>,
    by_alias: BTreeMap<String, &'static Service>,
    by_kind: BTreeMap<&'static str, &'static ResourceKindFacts>,
    index: recognition::Index,
}

impl Catalog {
    /// The catalog that this crate was built with. Building its indices takes a millisecond, once.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    fn of(services: &'static [Service]) -> Self {
        let by_id = services.iter().map(|service| (service.id, service)).collect();
        let aliases = |service: &'static Service| service.aliases.iter().map(move |alias| (alias.to_lowercase(), service));
        let by_alias = services.iter().flat_map(aliases).collect();
        let by_kind = services.iter().flat_map(|service| service.resources).map(|kind| (kind.kind, kind)).collect();
        Self { services, by_id, by_alias, by_kind, index: recognition::Index::of(services) }
    }

    /// All entries, sorted by id.
    pub fn services(&self) -> &'static [Service] {
        self.services
    }

    /// The entry of an id, else that of another name: `KinesisDataStreams`, in any case.
    pub fn service(&self, id: &str) -> Option<&'static Service> {
        let lower = id.to_lowercase();
        self.by_id.get(lower.as_str()).or_else(|| self.by_alias.get(&lower)).copied()
    }

    /// The facts of a kind of resource: `ec2:natgateway`.
    pub fn resource_kind(&self, kind: &str) -> Option<&'static ResourceKindFacts> {
        self.by_kind.get(kind).copied()
    }

    /// What a service is part of: itself, or for a feature or a second API the service that it belongs to.
    pub fn root(&self, service: &'static Service) -> &'static Service {
        // A parent's parent has none: a test proves it.
        service.parent.and_then(|parent| self.service(parent)).map_or(service, |parent| self.root(parent))
    }
}
