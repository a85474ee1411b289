//! Reading an answer of Cost Explorer to its last page. The SDK has no paginators for these two operations.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_costexplorer::Client;
use aws_sdk_costexplorer::types::{DimensionValuesWithAttributes, ResultByTime};
use finops_aws::error::port_error;
use finops_aws::operation::Operation;
use finops_aws::operations::cost_explorer::{GET_COST_AND_USAGE, GET_COST_AND_USAGE_WITH_RESOURCES};
use finops_aws::place::Place;
use finops_domain::id::SubAccountId;
use finops_domain::ports::{PortError, PortErrorKind, PortResult};

use crate::request::CostQuestion;
use crate::row::{CostRow, Unreadable, rows_of};

/// Pages that an answer may have: each costs a cent, and one with more goes round in circles.
const MAX_PAGES: usize = 500;

/// What a question is answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<CostRow>,
    /// Names of accounts, where the question is grouped by account.
    pub(crate) account_names: BTreeMap<SubAccountId, Arc<str>>,
}

impl Answer {
    fn add(&mut self, results: &[ResultByTime], attributes: &[DimensionValuesWithAttributes]) -> Result<(), Unreadable> {
        self.rows.append(&mut rows_of(results)?);
        let names = attributes.iter().filter_map(|value| Some((value.value()?, value.attributes()?.get("description")?)));
        self.account_names.extend(names.map(|(id, name)| (SubAccountId::from(id), name.as_str().into())));
        Ok(())
    }
}

/// The tokens of the pages that were read.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    seen: BTreeSet<String>,
}

impl Tokens {
    /// The token of the next page, `None` after the last.
    pub(crate) fn next(&mut self, token: Option<&str>) -> Result<Option<String>, Unreadable> {
        let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(None) };
        if self.seen.len() + 1 >= MAX_PAGES {
            return Err(Unreadable(format!("the answer did not end after {MAX_PAGES} pages")));
        }
        if !self.seen.insert(token.to_owned()) {
            return Err(Unreadable("the answer gave the token of a page twice".to_owned()));
        }
        Ok(Some(token.to_owned()))
    }
}

/// Costs and usage; all pages or none.
pub(crate) async fn cost_and_usage(client: &Client, place: &Place, question: &CostQuestion) -> PortResult<Answer> {
    let operation = &GET_COST_AND_USAGE;
    let (mut answer, mut tokens, mut token) = (Answer::default(), Tokens::default(), None);
    loop {
        let page = client
            .get_cost_and_usage()
            .set_time_period(question.days.interval())
            .granularity(question.granularity.clone())
            .set_filter(question.expression())
            .set_metrics(Some(question.metrics.iter().map(|metric| (*metric).to_owned()).collect()))
            .set_group_by(Some(question.group_definitions()))
            .set_next_page_token(token)
            .send()
            .await
            .map_err(|error| port_error(operation, place, error))?;
        let corrupt = |unreadable| corrupt(operation, place, unreadable);
        answer.add(page.results_by_time(), page.dimension_value_attributes()).map_err(corrupt)?;
        token = tokens.next(page.next_page_token()).map_err(corrupt)?;
        if token.is_none() {
            return Ok(answer);
        }
    }
}

/// The same by resource.
pub(crate) async fn cost_and_usage_with_resources(client: &Client, place: &Place, question: &CostQuestion) -> PortResult<Answer> {
    let operation = &GET_COST_AND_USAGE_WITH_RESOURCES;
    let (mut answer, mut tokens, mut token) = (Answer::default(), Tokens::default(), None);
    loop {
        let page = client
            .get_cost_and_usage_with_resources()
            .set_time_period(question.days.interval())
            .granularity(question.granularity.clone())
            .set_filter(question.expression())
            .set_metrics(Some(question.metrics.iter().map(|metric| (*metric).to_owned()).collect()))
            .set_group_by(Some(question.group_definitions()))
            .set_next_page_token(token)
            .send()
            .await
            .map_err(|error| port_error(operation, place, error))?;
        let corrupt = |unreadable| corrupt(operation, place, unreadable);
        answer.add(page.results_by_time(), page.dimension_value_attributes()).map_err(corrupt)?;
        token = tokens.next(page.next_page_token()).map_err(corrupt)?;
        if token.is_none() {
            return Ok(answer);
        }
    }
}

/// An answer that makes no sense, as an error of the port.
pub(crate) fn corrupt(operation: &Operation, place: &Place, Unreadable(reason): Unreadable) -> PortError {
    PortError::new(PortErrorKind::Corrupt, operation.action, place.to_string()).with_source(reason)
}

/// What Cost Explorer says of a feature that is switched off, with a code that else means that we may not, or asked wrongly.
/// AWS does not document these texts; they are from its answers as people quote them.
const SWITCHED_OFF: [&str; 4] = ["opt-in only", "not opted", "not enabled for cost explorer", "haven't enabled"];

/// The same error, as `NotEnabled` with what switches the feature on, where that is what it says.
pub(crate) fn or_switched_off(mut error: PortError, remedy: &str) -> PortError {
    let reason = error.source.as_ref().map(|source| source.to_string().to_lowercase()).unwrap_or_default();
    let may_be = matches!(error.kind, PortErrorKind::Denied | PortErrorKind::InvalidRequest);
    if may_be && SWITCHED_OFF.iter().any(|words| reason.contains(words)) {
        error.kind = PortErrorKind::NotEnabled;
        error.remedy = None;
    }
    if error.kind == PortErrorKind::NotEnabled {
        error.remedy = error.remedy.or_else(|| Some(remedy.to_owned()));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_switched_off_is_not_denied() {
        let denied = |source: &str| PortError::new(PortErrorKind::Denied, "ce:GetCostAndUsage", "here").with_source(source.to_owned());
        let off = or_switched_off(denied("AccessDeniedException: User not enabled for cost explorer access"), "open it");
        assert_eq!((off.kind, off.remedy.as_deref()), (PortErrorKind::NotEnabled, Some("open it")));
        let denied = or_switched_off(denied("AccessDeniedException: no identity-based policy allows it"), "open it");
        assert_eq!((denied.kind, denied.remedy), (PortErrorKind::Denied, None));
    }

    #[test]
    fn tokens_that_come_again_end_the_answer() {
        let mut tokens = Tokens::default();
        assert_eq!(tokens.next(Some("a")), Ok(Some("a".to_owned())));
        assert_eq!(tokens.next(Some("b")), Ok(Some("b".to_owned())));
        assert!(tokens.next(Some("a")).is_err());
        assert_eq!(tokens.next(None), Ok(None));
        assert_eq!(tokens.next(Some("")), Ok(None));
    }
}
