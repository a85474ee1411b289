//! The accounts and regions of Halden Freight, a company that does not exist.

/// An account of the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) environment: &'static str,
    pub(super) owner: &'static str,
    pub(super) cost_center: &'static str,
}

/// A region, the prefix of its usage types, and how much dearer it is than us-east-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) id: &'static str,
    pub(super) prefix: &'static str,
    /// Prices in percent of those of us-east-1: the order of size is AWS's, the figures are rounded.
    pub(super) price_percent: i64,
}

/// Where something is.
pub(super) type Place = (Account, Region);

const fn account(
    id: &'static str,
    name: &'static str,
    environment: &'static str,
    owner: &'static str,
    cost_center: &'static str,
) -> Account {
    Account { id, name, environment, owner, cost_center }
}

const fn region(id: &'static str, prefix: &'static str, price_percent: i64) -> Region {
    Region { id, prefix, price_percent }
}

pub(super) const ROOT: Account = account("100000000100", "halden-root", "shared", "finance", "CC-100");
pub(super) const PROD: Account = account("100000000211", "halden-prod", "prod", "platform", "CC-210");
pub(super) const STAGING: Account = account("100000000322", "halden-staging", "staging", "platform", "CC-210");
pub(super) const DATA: Account = account("100000000433", "halden-data", "prod", "data-engineering", "CC-340");
pub(super) const SHARED: Account = account("100000000544", "halden-shared-services", "shared", "network", "CC-120");
pub(super) const SANDBOX: Account = account("100000000655", "halden-sandbox", "dev", "engineering", "CC-400");

pub(super) const USE1: Region = region("us-east-1", "", 100);
pub(super) const USE2: Region = region("us-east-2", "USE2-", 100);
pub(super) const USW2: Region = region("us-west-2", "USW2-", 100);
pub(super) const EUW1: Region = region("eu-west-1", "EU-", 108);
pub(super) const EUC1: Region = region("eu-central-1", "EUC1-", 115);
pub(super) const APN1: Region = region("ap-northeast-1", "APN1-", 125);
pub(super) const APSE1: Region = region("ap-southeast-1", "APS1-", 120);
pub(super) const SAE1: Region = region("sa-east-1", "SAE1-", 160);
