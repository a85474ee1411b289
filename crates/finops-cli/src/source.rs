//! `--source`: which adapters a run is wired with.

use std::path::PathBuf;
use std::sync::Arc;

use finops_app::collect::{Estate, EstateScope, Sources};
use finops_domain::ports::{Clock, CostSource};
use finops_domain::scope::Partition;
use finops_domain::snapshot::Snapshot;
use finops_focus::FocusCostSource;
use finops_memory::demo::DemoSource;

use crate::args::SourceArgs;
use crate::config::{Config, DEFAULT_DAYS};
use crate::error::CliError;

/// What `--source` names.
#[derive(Clone, Debug)]
pub(crate) enum SourceChoice {
    #[cfg(feature = "aws")]
    Aws(Box<crate::aws::AwsArgs>),
    Bill(String),
    Demo,
    Snapshot(PathBuf),
}

impl SourceChoice {
    pub(crate) fn of(args: &SourceArgs, config: &Config) -> Result<Self, CliError> {
        let text = args.source.as_deref().or(config.source.as_deref()).unwrap_or("aws");
        match text.split_once(':') {
            Some(("bill", path)) if !path.is_empty() => Ok(Self::Bill(path.to_owned())),
            Some(("snapshot", path)) if !path.is_empty() => Ok(Self::Snapshot(PathBuf::from(path))),
            None if text == "demo" => Ok(Self::Demo),
            #[cfg(feature = "aws")]
            None if text == "aws" => Ok(Self::Aws(Box::new(args.aws.clone()))),
            #[cfg(not(feature = "aws"))]
            None if text == "aws" => Err(CliError::usage("this program was built without the feature `aws`")
                .with_hint("`--source bill:PATH` reads a bill, `finops demo` an invented account")),
            _ => Err(CliError::usage(format!("`{text}` is not a source")).with_hint("known sources: aws, bill:PATH, demo, snapshot:DIR")),
        }
    }

    /// The ports of this source.
    #[cfg_attr(not(feature = "aws"), expect(unused_variables, reason = "only a live account needs days and configuration"))]
    pub(crate) async fn open(&self, with_costs: bool, days: u16, config: &Config) -> Result<Opened, CliError> {
        match self {
            #[cfg(feature = "aws")]
            Self::Aws(args) => {
                let live = crate::aws::Live::connect(args, days, config).await?;
                Ok(Opened::Ports(Box::new(live.sources(with_costs))))
            }
            Self::Bill(path) => {
                let source = FocusCostSource::open(path)
                    .map_err(|error| CliError::new(format!("could not read the bill `{path}`")).with_source(error))?;
                let info = source.info();
                let costs: Arc<dyn CostSource> = Arc::new(source);
                Ok(Opened::Ports(Box::new(Sources { costs: with_costs.then_some(costs), estate: None, ledger: None, info })))
            }
            Self::Demo => Ok(Opened::Ports(Box::new(demo_sources(with_costs)))),
            Self::Snapshot(directory) => {
                let mut snapshot = finops_local::load_snapshot(directory)
                    .map_err(|error| CliError::new(format!("could not read the snapshot `{}`", directory.display())).with_source(error))?;
                if !with_costs {
                    snapshot.bill = None;
                }
                Ok(Opened::Snapshot(Box::new(snapshot)))
            }
        }
    }

    /// Everything that the source holds.
    pub(crate) async fn snapshot(&self, clock: &dyn Clock, config: &Config) -> Result<Snapshot, CliError> {
        match self.open(true, config.days.unwrap_or(DEFAULT_DAYS), config).await? {
            Opened::Snapshot(snapshot) => Ok(*snapshot),
            Opened::Ports(sources) => finops_app::collect::collect(&sources, clock)
                .await
                .map_err(|error| CliError::new("could not read the source").with_source(error)),
        }
    }
}

/// What a source turned out to be.
#[derive(Debug)]
pub(crate) enum Opened {
    Ports(Box<Sources>),
    Snapshot(Box<Snapshot>),
}

fn demo_sources(with_costs: bool) -> Sources {
    let source = Arc::new(DemoSource::new());
    let info = source.info();
    let costs: Arc<dyn CostSource> = source.clone();
    let scope = EstateScope {
        accounts: None,
        regions: None,
        global_region: Partition::Aws.global_region().into(),
        days: 31,
        max_concurrent: 1,
        deadline: None,
    };
    let estate = Estate {
        directory: source.clone(),
        inventories: vec![source.clone()],
        utilization: Some(source),
        prices: None,
        advice: None,
        scope,
    };
    Sources { costs: with_costs.then_some(costs), estate: Some(estate), ledger: None, info }
}
