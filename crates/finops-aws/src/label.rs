//! Which operation a request is of: the SDK knows, the HTTP client does not, so an interceptor writes it on the request.

use std::sync::Arc;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use finops_domain::id::{RegionId, SubAccountId};

use crate::guard::NotInTable;
use crate::operation::Operation;
use crate::operations;

/// What the guards know of a request.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) account: SubAccountId,
    pub(crate) region: RegionId,
    pub(crate) operation: &'static Operation,
    /// Metrics that a request asks for, where that is what it costs by; 1 otherwise.
    pub(crate) units: u32,
}

/// Writes a label on every request of a client, and stops those of operations that are in no table.
#[derive(Clone, Debug)]
pub struct Labeller {
    place: Arc<(SubAccountId, RegionId)>,
    units: u32,
}

impl Labeller {
    pub(crate) fn new(account: SubAccountId, region: RegionId) -> Self {
        Self { place: Arc::new((account, region)), units: 1 }
    }

    /// The same for one request that is priced by what it asks for, as GetMetricData is by metrics. Give it to the operation by
    /// `.customize().interceptor(…)`.
    #[must_use]
    pub fn with_units(mut self, units: u32) -> Self {
        self.units = units;
        self
    }
}

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for Labeller {
    fn name(&self) -> &'static str {
        "finops label"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let metadata = config.load::<Metadata>().ok_or("the SDK names no operation")?;
        let operation = operations::find(metadata.service(), metadata.name())
            .ok_or_else(|| NotInTable { service: metadata.service().to_owned(), operation: metadata.name().to_owned() })?;
        let units = match context.request().extension::<Label>() {
            Some(label) => label.units.max(self.units),
            None => self.units,
        };
        let (account, region) = &*self.place;
        context.request_mut().add_extension(Label { account: account.clone(), region: region.clone(), operation, units });
        Ok(())
    }
}
