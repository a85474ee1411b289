//! Which requests explain the totals: as few as can be, the same ones on the same day. Pure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_costexplorer::types::{Dimension, Granularity};
use rust_decimal::Decimal;

use crate::join::{Detail, ON_DEMAND};
use crate::record_type::ITEMIZED;
use crate::request::{Condition, CostQuestion, Days, GroupBy};
use crate::row::{CostRow, Effective};

/// The requests beside the one for the totals.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// Usage type × region; `None` where there is no usage.
    pub(crate) regions: Option<CostQuestion>,
    pub(crate) details: Vec<Ask>,
}

/// One request, two for what is joined.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ask {
    pub(crate) asked: Asked,
    pub(crate) question: CostQuestion,
}

/// What an answer is of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Asked {
    Usage { account: Arc<str>, record_type: Arc<str> },
    OfAccount { account: Arc<str> },
    OfRecordType { record_type: Arc<str> },
    Joined { record_type: Arc<str>, by_service: CostQuestion },
}

impl Plan {
    /// The plan for groups of account × record type.
    pub(crate) fn of(totals: &[CostRow], days: Days, max_accounts_asked_alone: usize, metrics: &'static [&'static str]) -> Self {
        let question = |group_by: [Dimension; 2], filter: Vec<Condition>| CostQuestion {
            days,
            granularity: Granularity::Daily,
            group_by: group_by.map(GroupBy::from),
            filter,
            metrics,
        };
        let is = |dimension: Dimension, value: &str| Condition::Is(dimension, value.to_owned());
        let mut itemized: BTreeSet<(&Arc<str>, &Arc<str>)> = BTreeSet::new();
        let (mut accounts_with_others, mut others) = (BTreeSet::new(), BTreeSet::new());
        let mut accounts = BTreeSet::new();
        for row in totals {
            let [account, record_type] = &row.keys;
            accounts.insert(account);
            if ITEMIZED.contains(&&**record_type) {
                itemized.insert((record_type, account));
            } else {
                accounts_with_others.insert(account);
                others.insert(record_type);
            }
        }
        let regions = (!itemized.is_empty())
            .then(|| CostQuestion { granularity: Granularity::Monthly, ..question([Dimension::UsageType, Dimension::Region], Vec::new()) });
        let mut details = Vec::new();
        if accounts.len() <= max_accounts_asked_alone {
            details.extend(itemized.into_iter().map(|(record_type, account)| Ask {
                asked: Asked::Usage { account: Arc::clone(account), record_type: Arc::clone(record_type) },
                question: question(
                    [Dimension::Service, Dimension::UsageType],
                    vec![is(Dimension::LinkedAccount, account), is(Dimension::RecordType, record_type)],
                ),
            }));
        } else {
            let record_types: BTreeSet<&Arc<str>> = itemized.into_iter().map(|(record_type, _)| record_type).collect();
            details.extend(record_types.into_iter().map(|record_type| {
                let by = |dimension| question([dimension, Dimension::UsageType], vec![is(Dimension::RecordType, record_type)]);
                Ask {
                    asked: Asked::Joined { record_type: Arc::clone(record_type), by_service: by(Dimension::Service) },
                    question: by(Dimension::LinkedAccount),
                }
            }));
        }
        if accounts_with_others.len() <= others.len() {
            details.extend(accounts_with_others.into_iter().map(|account| Ask {
                asked: Asked::OfAccount { account: Arc::clone(account) },
                question: question(
                    [Dimension::Service, Dimension::RecordType],
                    vec![is(Dimension::LinkedAccount, account), Condition::IsNoneOf(Dimension::RecordType, &ITEMIZED)],
                ),
            }));
        } else {
            details.extend(others.into_iter().map(|record_type| Ask {
                asked: Asked::OfRecordType { record_type: Arc::clone(record_type) },
                question: question([Dimension::LinkedAccount, Dimension::Service], vec![is(Dimension::RecordType, record_type)]),
            }));
        }
        Self { regions, details }
    }
}

/// Accounts and services with the most on-demand usage, as many as that.
pub(crate) fn dearest_services(details: &[Detail], effective: Effective, limit: usize) -> Vec<(Arc<str>, Arc<str>)> {
    let mut costs: BTreeMap<(&Arc<str>, &Arc<str>), Decimal> = BTreeMap::new();
    for detail in details {
        let Detail::Usage { account, record_type, rows } = detail else { continue };
        if &**record_type != ON_DEMAND {
            continue;
        }
        for row in rows {
            let [service, _] = &row.keys;
            *costs.entry((account, service)).or_default() += row.amounts.effective(effective);
        }
    }
    let mut dearest: Vec<_> = costs.into_iter().collect();
    dearest.sort_by_key(|(key, cost)| (Reverse(*cost), *key));
    dearest.into_iter().take(limit).map(|((account, service), _)| (Arc::clone(account), Arc::clone(service))).collect()
}

/// Resource × usage type of a service's on-demand usage by an account.
pub(crate) fn by_resource(account: &str, service: &str, days: Days, metrics: &'static [&'static str]) -> CostQuestion {
    CostQuestion {
        days,
        granularity: Granularity::Daily,
        group_by: [Dimension::ResourceId.into(), Dimension::UsageType.into()],
        filter: vec![
            Condition::Is(Dimension::Service, service.to_owned()),
            Condition::Is(Dimension::LinkedAccount, account.to_owned()),
            Condition::Is(Dimension::RecordType, ON_DEMAND.to_owned()),
        ],
        metrics,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::tests_support::row;
    use jiff::civil::date;

    fn plan(accounts: usize, record_types: &[&str], max_accounts_asked_alone: usize) -> Plan {
        let names: Vec<String> = (0..accounts).map(|number| format!("{number:012}")).collect();
        let totals: Vec<CostRow> =
            names.iter().flat_map(|account| record_types.iter().map(move |record_type| row(1, [account, record_type], "1"))).collect();
        Plan::of(&totals, Days { start: date(2026, 11, 1), end: date(2026, 11, 24) }, max_accounts_asked_alone, &[])
    }

    /// Requests of a plan with the one for the totals, as long as answers have one page.
    fn requests(plan: &Plan) -> usize {
        let joined = plan.details.iter().filter(|ask| matches!(ask.asked, Asked::Joined { .. })).count();
        1 + usize::from(plan.regions.is_some()) + plan.details.len() + joined
    }

    #[test]
    fn requests_are_as_many_as_documented() {
        for accounts in 1..=10 {
            assert_eq!(requests(&plan(accounts, &["Usage"], 10)), 2 + accounts);
            assert_eq!(requests(&plan(accounts, &["Usage", "Tax"], 10)), 2 + accounts + 1);
            let everything = ["Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "RIFee", "Tax"];
            assert_eq!(requests(&plan(accounts, &everything, 10)), 2 + 3 * accounts + accounts.min(3));
        }
        let everything = ["Usage", "DiscountedUsage", "SavingsPlanCoveredUsage", "SavingsPlanNegation", "RIFee", "Tax"];
        assert_eq!(requests(&plan(500, &everything, 10)), 2 + 6 + 3);
        assert_eq!(requests(&plan(0, &[], 10)), 1);
    }

    #[test]
    fn the_order_of_the_totals_does_not_change_the_questions() {
        let rows = [row(1, ["2", "Usage"], "1"), row(1, ["1", "Tax"], "1"), row(2, ["1", "Usage"], "1"), row(2, ["2", "Credit"], "1")];
        let mut reversed = rows.to_vec();
        reversed.reverse();
        let of = |rows: &[CostRow]| Plan::of(rows, Days { start: date(2026, 11, 1), end: date(2026, 11, 24) }, 10, &[]);
        assert_eq!(of(&rows), of(&reversed));
    }
}
