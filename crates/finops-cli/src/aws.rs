//! The live source: how its adapters are wired. The one place that knows them all.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args as ClapArgs;
use finops_app::collect::{Estate, EstateScope, Sources};
use finops_aws::guard::{Guard, GuardConfig};
use finops_aws::operation::Operation;
use finops_aws::operations;
use finops_aws::session::{Session, SessionOptions};
use finops_cloudwatch::CloudWatchUtilization;
use finops_cost_explorer::{CostExplorerOptions, CostExplorerSource};
use finops_domain::id::{RegionId, SubAccountId};
use finops_domain::ports::{Clock, ResourceInventory};
use finops_domain::snapshot::{SourceInfo, SourceKind};
use finops_inventory::{AwsDirectory, ExplorerInventory, ServiceInventory, TaggingInventory};
use finops_local::SystemClock;
use finops_native_advice::AwsAdvice;
use finops_pricing::{EmbeddedPrices, LayeredPrices, PriceListCatalog};
use finops_resilience::{AnswerCache, BreakerConfig};
use rust_decimal::Decimal;

use crate::config::Config;
use crate::error::CliError;

/// Part of a published quota that is taken at most: the account's own workloads share it.
const QUOTA_SHARE: f64 = 0.5;
/// Requests under way at any time.
const MAX_CONCURRENT_REQUESTS: usize = 64;
/// Cells under way at any time: each is a handful of requests.
const MAX_CONCURRENT_CELLS: usize = 32;
/// Memory for answers, beside those on disk.
const CACHE_BYTES: u64 = 64 << 20;

/// What of AWS is looked at, and how.
#[derive(Clone, Debug, ClapArgs)]
#[command(next_help_heading = "AWS")]
pub(crate) struct AwsArgs {
    /// Regions, or `all` that are enabled [default: the profile's region]
    #[arg(long, env = "FINOPS_REGIONS", value_name = "REGION,…", value_delimiter = ',', hide_env = true)]
    pub(crate) regions: Vec<String>,
    /// Account ids, or `org` for the whole organization [default: the credentials' own]
    #[arg(long, env = "FINOPS_ACCOUNTS", value_name = "ID,…", value_delimiter = ',', hide_env = true)]
    pub(crate) accounts: Vec<String>,
    /// Role to take in other accounts, by name
    #[arg(long, env = "FINOPS_ROLE_NAME", value_name = "NAME", hide_env = true)]
    pub(crate) role_name: Option<String>,
    /// External id that those roles ask for
    #[arg(long, env = "FINOPS_EXTERNAL_ID", value_name = "ID", hide_env = true)]
    pub(crate) external_id: Option<String>,
    /// Profile of the AWS configuration [env: AWS_PROFILE]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Only these services, by the catalog's ids
    #[arg(long, env = "FINOPS_SERVICE", value_name = "ID,…", value_delimiter = ',', hide_env = true)]
    pub(crate) service: Vec<String>,
    /// Stop asking after this time and analyse what is there: `90s`, `10m`, `1h`
    #[arg(long, env = "FINOPS_DEADLINE", value_name = "DURATION", value_parser = duration, hide_env = true)]
    pub(crate) deadline: Option<Duration>,
    /// Most that the run's own API calls may cost
    #[arg(long, env = "FINOPS_MAX_API_COST", value_name = "USD", hide_env = true)]
    pub(crate) max_api_cost: Option<Decimal>,
    /// Ask everything anew
    #[arg(long, env = "FINOPS_NO_CACHE", hide_env = true)]
    pub(crate) no_cache: bool,
    /// Minutes that cost data is kept
    #[arg(long, env = "COST_CACHE_TTL_MINUTES", value_name = "N", default_value_t = 30, hide_short_help = true)]
    pub(crate) cost_cache_ttl_minutes: u32,
    /// Failures after which an API of an account and region is left alone
    #[arg(long, env = "CIRCUIT_BREAKER_THRESHOLD", value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..), hide_short_help = true)]
    pub(crate) circuit_breaker_threshold: u32,
    /// Seconds for which it is left alone
    #[arg(long, env = "CIRCUIT_BREAKER_TIMEOUT_SECONDS", value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..), hide_short_help = true)]
    pub(crate) circuit_breaker_timeout_seconds: u32,
    /// Attempts of one request, the first among them
    #[arg(long, env = "RETRY_MAX_ATTEMPTS", value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=10), hide_short_help = true)]
    pub(crate) retry_max_attempts: u32,
    /// Seconds that one attempt may take
    #[arg(long, env = "FINOPS_ATTEMPT_TIMEOUT_SECONDS", value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..), hide_short_help = true)]
    pub(crate) attempt_timeout_seconds: u32,
}

/// `90s`, `10m`, `1h30m`.
fn duration(text: &str) -> Result<Duration, String> {
    let span: jiff::SignedDuration = text.parse().map_err(|_| "give a time as 90s, 10m or 1h".to_owned())?;
    Duration::try_from(span).ok().filter(|time| !time.is_zero()).ok_or_else(|| "give a time above zero".to_owned())
}

/// A session with AWS, and what it is to look at.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) session: Arc<Session>,
    pub(crate) scope: EstateScope,
    whole_organization: bool,
    services: Option<Vec<String>>,
    profile: Option<String>,
}

impl Live {
    /// Finds credentials, asks who they belong to.
    pub(crate) async fn connect(args: &AwsArgs, days: u16, config: &Config) -> Result<Self, CliError> {
        let services = known_services(&args.service)?;
        let guard = Arc::new(guard(args, config)?);
        let session = Session::connect(session_options(args), guard).await.map_err(|error| {
            let hint = error.remedy.clone();
            let could_not = CliError::new("could not connect to AWS").with_source(error);
            hint.into_iter().fold(could_not, CliError::with_hint).with_hint("`finops demo` needs no credentials")
        })?;
        let whole_organization = args.accounts.iter().any(|account| account == "org");
        let accounts: Vec<SubAccountId> = args.accounts.iter().filter(|account| *account != "org").map(|id| id.as_str().into()).collect();
        if let Some(account) = accounts.iter().find(|account| !is_account_id(account.as_str())) {
            return Err(CliError::usage(format!("`{account}` is no account id")).with_hint("give 12 digits, or `org`"));
        }
        let regions = match args.regions.as_slice() {
            [] => Some(vec![session.region().clone()]),
            regions if regions.iter().any(|region| region == "all") => None,
            regions => Some(regions.iter().map(|region| RegionId::from(region.as_str())).collect()),
        };
        let scope = EstateScope {
            accounts: (!accounts.is_empty()).then_some(accounts),
            regions,
            global_region: session.partition().global_region().into(),
            days,
            max_concurrent: MAX_CONCURRENT_CELLS,
            deadline: args.deadline,
        };
        Ok(Self { session: Arc::new(session), scope, whole_organization, services, profile: args.profile.clone() })
    }

    /// Whether all accounts of the organization are asked for.
    pub(crate) fn whole_organization(&self) -> bool {
        self.whole_organization
    }

    /// The only services that are asked for, if not all.
    pub(crate) fn services(&self) -> Option<&[String]> {
        self.services.as_deref()
    }

    /// The ports.
    pub(crate) fn sources(self, with_costs: bool) -> Sources {
        let session = self.session;
        let clock = Arc::new(SystemClock::new());
        let costs = CostExplorerSource::new(Arc::clone(&session), CostExplorerOptions::new(clock.now(), self.scope.days));
        let location = match &self.profile {
            Some(profile) => format!("account {} by profile {profile}", session.account()),
            None => format!("account {}", session.account()),
        };
        let mut inventories: Vec<Arc<dyn ResourceInventory>> = Vec::new();
        // Of named services only those are asked: an inventory of all services cannot be.
        if self.services.is_none() {
            inventories.push(Arc::new(TaggingInventory::new(Arc::clone(&session))));
            inventories.push(Arc::new(ExplorerInventory::new(Arc::clone(&session))));
        }
        inventories.push(Arc::new(ServiceInventory::new(Arc::clone(&session), self.services)));
        let estate = Estate {
            directory: Arc::new(AwsDirectory::new(Arc::clone(&session), self.whole_organization)),
            inventories,
            utilization: Some(Arc::new(CloudWatchUtilization::new(Arc::clone(&session), clock))),
            // What AWS says now, and what this program carries where it cannot be asked.
            prices: Some(Arc::new(LayeredPrices::new(Arc::new(PriceListCatalog::new(Arc::clone(&session))), EmbeddedPrices::new()))),
            advice: Some(Arc::new(AwsAdvice::new(Arc::clone(&session)))),
            scope: self.scope,
        };
        Sources {
            costs: if with_costs { Some(Arc::new(costs)) } else { None },
            estate: Some(estate),
            ledger: Some(session.shared_guard()),
            info: SourceInfo { kind: SourceKind::Aws, location, format: None, as_of: None },
        }
    }
}

fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a run asks AWS for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feature {
    /// Who we are, and which regions there are.
    Identity,
    /// The organization's accounts and units.
    Organization,
    /// The services' own lists, of services that are in regions.
    RegionalServices,
    /// The same of services that are in none.
    GlobalServices,
    /// Inventories of all services at once.
    Tagging,
    /// The same, by an index.
    Explorer,
    /// What was measured.
    Utilization,
    /// What was spent.
    Costs,
    /// What things cost.
    Prices,
    /// What AWS's own tools recommend, of the whole account.
    Advice,
}

impl Feature {
    pub(crate) const ALL: &[Self] = &[
        Self::Identity,
        Self::Organization,
        Self::RegionalServices,
        Self::GlobalServices,
        Self::Tagging,
        Self::Explorer,
        Self::Utilization,
        Self::Costs,
        Self::Prices,
        Self::Advice,
    ];

    /// Whether one account and one region answer.
    pub(crate) fn is_global(self) -> bool {
        !matches!(self, Self::RegionalServices | Self::Tagging | Self::Utilization)
    }

    pub(crate) fn is_wanted(self, with_costs: bool, args: &AwsArgs) -> bool {
        match self {
            Self::Organization => args.accounts.iter().any(|account| account == "org"),
            Self::Tagging | Self::Explorer => args.service.is_empty(),
            Self::Costs => with_costs,
            Self::Identity | Self::RegionalServices | Self::GlobalServices | Self::Utilization | Self::Prices | Self::Advice => true,
        }
    }
}

/// The operations that a feature may call, each once for every list that needs it.
pub(crate) fn calls_of(feature: Feature, services: Option<&[String]>) -> Vec<&'static Operation> {
    let of_services = |is_global: bool| {
        let wanted = |service: &str| services.is_none_or(|only| only.iter().any(|wanted| wanted == service));
        let known = ServiceInventory::known_services();
        let global = ServiceInventory::global_services();
        let kept = known.into_iter().filter(|(service, _)| wanted(service) && global.contains(service) == is_global);
        kept.flat_map(|(_, operations)| operations).collect()
    };
    match feature {
        Feature::Identity => vec![&operations::sts::GET_CALLER_IDENTITY, &operations::ec2::DESCRIBE_REGIONS],
        Feature::Organization => operations::organizations::ALL.iter().collect(),
        Feature::RegionalServices => of_services(false),
        Feature::GlobalServices => of_services(true),
        Feature::Costs => vec![&operations::cost_explorer::GET_COST_AND_USAGE],
        Feature::Prices => operations::pricing::ALL.iter().collect(),
        Feature::Advice => [operations::computeoptimizer::ALL, operations::costoptimizationhub::ALL, operations::trustedadvisor::ALL]
            .into_iter()
            .flatten()
            .collect(),
        Feature::Tagging => operations::breadth::tagging::ALL.iter().collect(),
        Feature::Explorer => operations::breadth::explorer::ALL.iter().collect(),
        Feature::Utilization => vec![&operations::cloudwatch::GET_METRIC_DATA, &operations::cloudwatch::LIST_METRICS],
    }
}

pub(crate) fn known_services(wanted: &[String]) -> Result<Option<Vec<String>>, CliError> {
    let known = ServiceInventory::known_services();
    if let Some(unknown) = wanted.iter().find(|service| !known.contains_key(service.as_str())) {
        let names: Vec<&str> = known.keys().copied().collect();
        return Err(
            CliError::usage(format!("no resources of `{unknown}` are read from AWS")).with_hint(format!("known: {}", names.join(", ")))
        );
    }
    Ok((!wanted.is_empty()).then(|| wanted.to_vec()))
}

fn session_options(args: &AwsArgs) -> SessionOptions {
    SessionOptions {
        profile: args.profile.clone(),
        region: None,
        role_name: args.role_name.clone(),
        external_id: args.external_id.clone(),
        max_attempts: args.retry_max_attempts,
        base_backoff: Duration::from_secs(1),
        max_backoff: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(5),
    }
}

fn guard(args: &AwsArgs, config: &Config) -> Result<Guard, CliError> {
    let settings = GuardConfig {
        breaker: BreakerConfig {
            failure_threshold: args.circuit_breaker_threshold,
            open_for: Duration::from_secs(u64::from(args.circuit_breaker_timeout_seconds)),
        },
        quota_share: QUOTA_SHARE,
        max_concurrent: MAX_CONCURRENT_REQUESTS,
        attempt_timeout: Duration::from_secs(u64::from(args.attempt_timeout_seconds)),
        cost_ttl: Duration::from_secs(60 * u64::from(args.cost_cache_ttl_minutes)),
        max_cost_usd: args.max_api_cost,
    };
    let clock = Arc::new(SystemClock::new());
    let cache = if args.no_cache { None } else { Some(Arc::new(open_cache(config, clock.as_ref())?)) };
    Ok(Guard::new(settings, cache, clock))
}

/// The directory of kept answers.
pub(crate) fn cache_directory(config: &Config) -> Result<PathBuf, CliError> {
    let given = std::env::var_os("FINOPS_CACHE").filter(|path| !path.is_empty()).map(PathBuf::from).or_else(|| config.cache.clone());
    given.or_else(finops_local::cache_directory).ok_or_else(|| {
        CliError::new("this platform names no directory for caches").with_hint("set FINOPS_CACHE to a directory, or run with `--no-cache`")
    })
}

pub(crate) fn open_cache(config: &Config, clock: &dyn Clock) -> Result<AnswerCache, CliError> {
    let directory = cache_directory(config)?;
    let failed = |error: finops_resilience::CacheError| {
        CliError::new(format!("could not use the cache `{}`", directory.display()))
            .with_source(error)
            .with_hint("set FINOPS_CACHE to a directory that can be written, or run with `--no-cache`")
    };
    let cache = AnswerCache::with_disk(CACHE_BYTES, &directory).map_err(failed)?;
    cache.remove_expired(clock.now()).map_err(failed)?;
    Ok(cache)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_mins(90)));
        for text in ["", "soon", "0s", "-5m", "10"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn account_ids_are_twelve_digits() {
        assert!(is_account_id("111122223333"));
        assert!(!is_account_id("11112222333") && !is_account_id("prod"));
    }
}
