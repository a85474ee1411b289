//! `--source`: which adapters a run is wired with.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use finops_app::collect::{Estate, EstateScope, Sources};
use finops_domain::ports::{Clock, CostSource};
use finops_domain::scope::Partition;
use finops_domain::snapshot::Snapshot;
use finops_focus::FocusCostSource;
use finops_memory::demo::DemoSource;

use crate::args::SourceArgs;
use crate::config::Config;
use crate::error::CliError;

/// What `--source` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SourceChoice {
    Bill(String),
    Demo,
    Snapshot(PathBuf),
}

impl FromStr for SourceChoice {
    type Err = CliError;

    fn from_str(text: &str) -> Result<Self, CliError> {
        match text.split_once(':') {
            Some(("bill", path)) if !path.is_empty() => Ok(Self::Bill(path.to_owned())),
            Some(("snapshot", path)) if !path.is_empty() => Ok(Self::Snapshot(PathBuf::from(path))),
            None if text == "demo" => Ok(Self::Demo),
            None if text == "aws" => Err(CliError::usage("reading a live AWS account is not built yet")
                .with_hint("export the bill (AWS Data Exports, FOCUS or CUR 2.0) and run `finops analyze --source bill:PATH`")),
            _ => Err(CliError::usage(format!("`{text}` is not a source")).with_hint("known sources: bill:PATH, demo, snapshot:DIR")),
        }
    }
}

impl SourceChoice {
    pub(crate) fn of(args: &SourceArgs, config: &Config) -> Result<Self, CliError> {
        match args.source.as_deref().or(config.source.as_deref()) {
            Some(text) => text.parse(),
            None => Err(CliError::usage("no source is given")
                .with_hint("`--source bill:PATH` reads your bill: a FOCUS or CUR file, directory or glob")
                .with_hint("`finops demo` shows the tool on an invented account")),
        }
    }

    /// The ports of this source.
    pub(crate) fn open(&self, with_costs: bool) -> Result<Opened, CliError> {
        match self {
            Self::Bill(path) => {
                let source = FocusCostSource::open(path)
                    .map_err(|error| CliError::new(format!("could not read the bill `{path}`")).with_source(error))?;
                let info = source.info();
                let costs: Arc<dyn CostSource> = Arc::new(source);
                Ok(Opened::Ports(Sources { costs: with_costs.then_some(costs), estate: None, info }))
            }
            Self::Demo => Ok(Opened::Ports(demo_sources(with_costs))),
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
    pub(crate) async fn snapshot(&self, clock: &dyn Clock) -> Result<Snapshot, CliError> {
        match self.open(true)? {
            Opened::Snapshot(snapshot) => Ok(*snapshot),
            Opened::Ports(sources) => finops_app::collect::collect(&sources, clock)
                .await
                .map_err(|error| CliError::new("could not read the cost data").with_source(error)),
        }
    }
}

/// What a source turned out to be.
#[derive(Debug)]
pub(crate) enum Opened {
    Ports(Sources),
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
    Sources { costs: with_costs.then_some(costs), estate: Some(estate), info }
}
