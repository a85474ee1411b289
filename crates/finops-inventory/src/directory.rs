//! Accounts from Organizations, regions from EC2.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::{ec2, organizations};
use finops_aws::pages::for_each_page;
use finops_aws::place::Place;
use finops_aws::session::Session;
use finops_domain::id::{RegionId, SubAccountId};
use finops_domain::ports::{AccountDirectory, Collected, Gap, PortError, PortErrorKind, PortResult};
use finops_domain::scope::Account;

/// Accounts and regions as AWS knows them.
#[derive(Clone, Debug)]
pub struct AwsDirectory {
    session: Arc<Session>,
    /// Whether the organization is asked at all.
    whole_organization: bool,
}

impl AwsDirectory {
    /// A directory of our own account alone, or of the whole organization.
    pub fn new(session: Arc<Session>, whole_organization: bool) -> Self {
        Self { session, whole_organization }
    }

    fn own_account(&self) -> Account {
        Account { sub_account_id: self.session.account().clone(), name: None, organizational_unit: None }
    }
}

#[async_trait]
impl AccountDirectory for AwsDirectory {
    async fn accounts(&self) -> PortResult<Collected<Vec<Account>>> {
        if !self.whole_organization {
            return Ok(Collected::complete(vec![self.own_account()]));
        }
        let place = self.session.home().await;
        let mut found = match active_accounts(&place).await {
            Ok(found) => found,
            Err(error) => return Ok(Collected { value: vec![self.own_account()], gaps: vec![Gap::from(&error)] }),
        };
        let mut gaps = Vec::new();
        match units(&place).await {
            Ok(units) => {
                for account in &mut found {
                    account.organizational_unit = units.get(&account.sub_account_id).map(|path| path.as_str().into());
                }
            }
            Err(error) => gaps.push(Gap::from(&error)),
        }
        found.sort();
        Ok(Collected { value: found, gaps })
    }

    async fn enabled_regions(&self, account: &SubAccountId) -> PortResult<Vec<RegionId>> {
        let place = self.session.place(account, &RegionId::from(self.session.partition().global_region())).await;
        if !self.session.reaches(account) {
            return Err(PortError::new(PortErrorKind::Denied, "sts:AssumeRole", place.to_string()));
        }
        // Without `AllRegions` the answer is of the enabled ones.
        let answer = client!(aws_sdk_ec2, place)
            .describe_regions()
            .send()
            .await
            .map_err(|error| port_error(&ec2::DESCRIBE_REGIONS, &place, error))?;
        let mut regions: Vec<RegionId> = answer.regions().iter().filter_map(|region| region.region_name()).map(RegionId::from).collect();
        regions.sort();
        Ok(regions)
    }
}

/// The organization's accounts that are not suspended or closing.
async fn active_accounts(place: &Place) -> PortResult<Vec<Account>> {
    let pages = client!(aws_sdk_organizations, place).list_accounts().into_paginator().send();
    let mut accounts = Vec::new();
    for_each_page(&organizations::LIST_ACCOUNTS, place, pages, |page| {
        for account in page.accounts() {
            let Some(id) = account.id() else { continue };
            // `State` took the place of `Status`; which of them an answer has depends on its age.
            let state = account.state().map(|state| state.as_str().to_owned());
            if state.is_none_or(|state| state == "ACTIVE") {
                accounts.push(Account { sub_account_id: id.into(), name: account.name().map(Into::into), organizational_unit: None });
            }
        }
    })
    .await?;
    Ok(accounts)
}

/// The path of units above each account.
async fn units(place: &Place) -> PortResult<BTreeMap<SubAccountId, String>> {
    let client = client!(aws_sdk_organizations, place);
    let mut open: Vec<(String, String)> = Vec::new();
    for_each_page(&organizations::LIST_ROOTS, place, client.list_roots().into_paginator().send(), |page| {
        open.extend(page.roots().iter().filter_map(|root| Some((root.id()?.to_owned(), String::new()))));
    })
    .await?;
    let mut paths = BTreeMap::new();
    while let Some((parent, path)) = open.pop() {
        let accounts = client.list_accounts_for_parent().parent_id(&parent).into_paginator().send();
        for_each_page(&organizations::LIST_ACCOUNTS_FOR_PARENT, place, accounts, |page| {
            let ids = page.accounts().iter().filter_map(|account| account.id());
            paths.extend(ids.map(|id| (SubAccountId::from(id), path.clone())));
        })
        .await?;
        let below = client.list_organizational_units_for_parent().parent_id(&parent).into_paginator().send();
        for_each_page(&organizations::LIST_ORGANIZATIONAL_UNITS_FOR_PARENT, place, below, |page| {
            for unit in page.organizational_units() {
                let (Some(id), Some(name)) = (unit.id(), unit.name()) else { continue };
                let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
                open.push((id.to_owned(), path));
            }
        })
        .await?;
    }
    paths.retain(|_, path| !path.is_empty());
    Ok(paths)
}
