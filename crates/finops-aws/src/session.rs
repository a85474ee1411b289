//! Who we are, and how other accounts are reached.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::identity::IdentityCache;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::app_name::AppName;
use aws_types::region::Region;
use finops_domain::id::{RegionId, SubAccountId};
use finops_domain::ports::{PortError, PortErrorKind, PortResult};
use finops_domain::scope::Partition;
use tokio::sync::Mutex;

use crate::client;
use crate::error::port_error;
use crate::guard::{Guard, GuardedHttpClient};
use crate::operations::sts::GET_CALLER_IDENTITY;
use crate::place::Place;

/// Tells AWS whose requests these are, in its logs.
const APP_NAME: &str = "finops";

/// What a session is made with. What is `None` is left to the SDK's own chain: environment, profiles, SSO, instance roles.
#[derive(Clone, Debug)]
pub struct SessionOptions {
    /// Profile of the shared configuration files.
    pub profile: Option<String>,
    /// The region that the first question is asked in.
    pub region: Option<String>,
    /// Role to take in accounts other than our own, by name.
    pub role_name: Option<String>,
    /// External id that those roles ask for.
    pub external_id: Option<String>,
    /// Attempts of one request, the first among them.
    pub max_attempts: u32,
    /// Wait before the second attempt; doubles with each, and is drawn at random below that.
    pub base_backoff: Duration,
    /// Longest such wait.
    pub max_backoff: Duration,
    /// How long connecting may take.
    pub connect_timeout: Duration,
}

/// A session: our own identity, and accounts that it reaches.
#[derive(Debug)]
pub struct Session {
    options: SessionOptions,
    guard: Arc<Guard>,
    base: SdkConfig,
    account: SubAccountId,
    region: RegionId,
    partition: Partition,
    /// One configuration for each account, since credentials are kept with it.
    accounts: Mutex<BTreeMap<SubAccountId, SdkConfig>>,
}

impl Session {
    /// Finds credentials and asks who they belong to.
    ///
    /// # Errors
    /// `Denied` where there are no credentials or AWS refuses them; the text says where they were looked for.
    pub async fn connect(options: SessionOptions, guard: Arc<Guard>) -> PortResult<Self> {
        let plain = aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let loaded = load(&options, plain.clone()).await;
        let region = loaded.region().map_or_else(|| "us-east-1".to_owned(), ToString::to_string);
        let base = loaded
            .into_builder()
            .region(Region::new(region.clone()))
            .http_client(GuardedHttpClient::new(plain, Arc::clone(&guard)))
            .build();
        let region = RegionId::from(region);
        let partition = Partition::of_region(region.as_str());
        let unknown = Place { account: "unknown".into(), region: region.clone(), partition, config: Arc::new(base.clone()) };
        let caller = client!(aws_sdk_sts, unknown)
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| with_credentials_remedy(port_error(&GET_CALLER_IDENTITY, &unknown, error)))?;
        let account = caller.account().map(SubAccountId::from).ok_or_else(|| {
            PortError::new(PortErrorKind::Corrupt, GET_CALLER_IDENTITY.action, unknown.to_string()).with_source("it names no account")
        })?;
        // The session's name changes with each run, the role does not.
        let arn = caller.arn().unwrap_or_default();
        let identity = if arn.contains(":assumed-role/") { arn.rsplit_once('/').map_or(arn, |(role, _)| role) } else { arn };
        guard.identify(identity.to_owned());
        Ok(Self { options, guard, base, account, region, partition, accounts: Mutex::default() })
    }

    /// The account that our own credentials belong to.
    pub fn account(&self) -> &SubAccountId {
        &self.account
    }

    /// The region that the SDK's configuration names.
    pub fn region(&self) -> &RegionId {
        &self.region
    }

    /// The partition of that region.
    pub fn partition(&self) -> Partition {
        self.partition
    }

    /// What was called, and what it cost.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// The same, to be kept.
    pub fn shared_guard(&self) -> Arc<Guard> {
        Arc::clone(&self.guard)
    }

    /// Whether another account can be reached at all: there is a role to take.
    pub fn reaches(&self, account: &SubAccountId) -> bool {
        *account == self.account || self.options.role_name.is_some()
    }

    /// The place to make clients for. Credentials of another account are taken at its first request.
    pub async fn place(&self, account: &SubAccountId, region: &RegionId) -> Place {
        let config = if *account == self.account { self.base.clone() } else { self.config_of(account).await };
        let config = config.into_builder().region(Region::new(region.to_string())).build();
        Place {
            account: account.clone(),
            region: region.clone(),
            partition: Partition::of_region(region.as_str()),
            config: Arc::new(config),
        }
    }

    /// Our own account in the region where global services answer.
    pub async fn home(&self) -> Place {
        self.place(&self.account, &RegionId::from(self.partition.global_region())).await
    }

    async fn config_of(&self, account: &SubAccountId) -> SdkConfig {
        let Some(role_name) = &self.options.role_name else { return self.base.clone() };
        let mut accounts = self.accounts.lock().await;
        if let Some(config) = accounts.get(account) {
            return config.clone();
        }
        let arn = format!("arn:{}:iam::{account}:role/{role_name}", self.partition);
        let mut role = AssumeRoleProvider::builder(arn).session_name(APP_NAME).configure(&self.base);
        if let Some(external_id) = &self.options.external_id {
            role = role.external_id(external_id);
        }
        let credentials = SharedCredentialsProvider::new(role.build().await);
        let cache = IdentityCache::lazy().build();
        let config = self.base.to_builder().credentials_provider(credentials).identity_cache(cache).build();
        accounts.insert(account.clone(), config.clone());
        config
    }
}

async fn load(options: &SessionOptions, http_client: SharedHttpClient) -> SdkConfig {
    let retries = RetryConfig::standard()
        .with_max_attempts(options.max_attempts.max(1))
        .with_initial_backoff(options.base_backoff)
        .with_max_backoff(options.max_backoff);
    let timeouts = TimeoutConfig::builder().connect_timeout(options.connect_timeout).build();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http_client)
        .retry_config(retries)
        .timeout_config(timeouts)
        // Answers are read whole under a time limit of our own.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Ok(name) = AppName::new(APP_NAME) {
        loader = loader.app_name(name);
    }
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &options.region {
        loader = loader.region(Region::new(region.clone()));
    }
    loader.load().await
}

fn with_credentials_remedy(mut error: PortError) -> PortError {
    error.remedy =
        Some("give credentials: `--profile NAME`, AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `aws sso login`".to_owned());
    error
}
