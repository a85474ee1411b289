//! From answers that know two things each to rows that know all, whose sums are the totals. Pure.

mod charges;

use std::collections::BTreeMap;
use std::sync::Arc;

use finops_domain::id::Currency;
use finops_domain::period::ChargePeriod;
use rust_decimal::Decimal;

pub(crate) use self::charges::{Naming, charges, tag_charges};
use crate::row::{CostRow, Effective};

/// Groups of account × record type, of everything: every other answer is a part of it.
pub(crate) type Totals = [CostRow];

/// Groups that know more than the totals.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Detail {
    /// Service × usage type of one account and record type.
    Usage { account: Arc<str>, record_type: Arc<str>, rows: Vec<CostRow> },
    /// Service × record type of one account.
    OfAccount { account: Arc<str>, rows: Vec<CostRow> },
    /// Account × service of one record type.
    OfRecordType { record_type: Arc<str>, rows: Vec<CostRow> },
    /// Account × usage type, and service × usage type, of one record type.
    Joined { record_type: Arc<str>, by_account: Vec<CostRow>, by_service: Vec<CostRow> },
}

/// Resource × usage type of on-demand usage of a service by an account.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ResourceRows {
    pub(crate) account: Arc<str>,
    pub(crate) service: Arc<str>,
    pub(crate) rows: Vec<CostRow>,
}

/// A row as far as it could be placed; what is `None` is not known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) period: ChargePeriod,
    pub(crate) record_type: Arc<str>,
    pub(crate) account: Option<Arc<str>>,
    pub(crate) service: Option<Arc<str>>,
    pub(crate) usage_type: Option<Arc<str>>,
    pub(crate) resource: Option<Arc<str>>,
    pub(crate) currency: Currency,
    pub(crate) billed: Decimal,
    pub(crate) effective: Decimal,
    /// `None` where it is not known.
    pub(crate) usage: Option<Decimal>,
    pub(crate) usage_unit: Option<Arc<str>>,
}

/// The record type whose rows are split by resource.
pub(crate) const ON_DEMAND: &str = "Usage";
/// What Cost Explorer calls the resource of charges that have none.
const NO_RESOURCE: &str = "NoResourceId";

/// Lines of all details, and of what of the totals they leave. The sum of all lines is that of the totals, in each currency.
pub(crate) fn lines(totals: &Totals, details: &[Detail], resources: &[ResourceRows], effective: Effective) -> Vec<Line> {
    let mut lines: Vec<Line> = details.iter().flat_map(|detail| detail.lines(effective)).filter(Line::says_something).collect();
    let mut rest = rest(totals, &lines, effective);
    lines.append(&mut rest);
    split_by_resource(&mut lines, resources, effective);
    lines
}

impl Line {
    fn of(row: &CostRow, effective: Effective, record_type: &Arc<str>, account: Option<&Arc<str>>, service: Option<&Arc<str>>) -> Self {
        Self {
            period: row.period,
            record_type: Arc::clone(record_type),
            account: account.cloned(),
            service: service.cloned(),
            usage_type: None,
            resource: None,
            currency: row.amounts.currency.clone(),
            billed: row.amounts.billed,
            effective: row.amounts.effective(effective),
            usage: Some(row.amounts.usage),
            usage_unit: row.amounts.usage_unit.clone(),
        }
    }

    fn with_usage_type(self, usage_type: &Arc<str>) -> Self {
        Self { usage_type: Some(Arc::clone(usage_type)), ..self }
    }

    fn says_something(&self) -> bool {
        !(self.billed.is_zero() && self.effective.is_zero() && self.usage.is_none_or(|usage| usage.is_zero()))
    }
}

impl Detail {
    /// The lines of its groups.
    pub(crate) fn lines(&self, effective: Effective) -> Vec<Line> {
        match self {
            Self::Usage { account, record_type, rows } => rows
                .iter()
                .map(|row| {
                    let [service, usage_type] = &row.keys;
                    Line::of(row, effective, record_type, Some(account), Some(service)).with_usage_type(usage_type)
                })
                .collect(),
            Self::OfAccount { account, rows } => rows
                .iter()
                .map(|row| {
                    let [service, record_type] = &row.keys;
                    Line::of(row, effective, record_type, Some(account), Some(service))
                })
                .collect(),
            Self::OfRecordType { record_type, rows } => rows
                .iter()
                .map(|row| {
                    let [account, service] = &row.keys;
                    Line::of(row, effective, record_type, Some(account), Some(service))
                })
                .collect(),
            Self::Joined { record_type, by_account, by_service } => joined(record_type, by_account, by_service, effective),
        }
    }
}

/// Joins by day and usage type. Where one service or one account has the usage type, every pair is known. Where several of both
/// have it, only the sums of each are: the rows then know the service, which says what was used, and no account.
fn joined(record_type: &Arc<str>, by_account: &[CostRow], by_service: &[CostRow], effective: Effective) -> Vec<Line> {
    #[derive(Default)]
    struct Sides<'a> {
        accounts: Vec<(&'a Arc<str>, &'a CostRow)>,
        services: Vec<(&'a Arc<str>, &'a CostRow)>,
    }
    let mut sides: BTreeMap<(ChargePeriod, &Arc<str>, &Currency), Sides<'_>> = BTreeMap::new();
    for row in by_account {
        let [account, usage_type] = &row.keys;
        sides.entry((row.period, usage_type, &row.amounts.currency)).or_default().accounts.push((account, row));
    }
    for row in by_service {
        let [service, usage_type] = &row.keys;
        sides.entry((row.period, usage_type, &row.amounts.currency)).or_default().services.push((service, row));
    }
    let mut lines = Vec::new();
    for ((_, usage_type, _), Sides { accounts, services }) in sides {
        let mut add = |row: &CostRow, account, service| {
            lines.push(Line::of(row, effective, record_type, account, service).with_usage_type(usage_type));
        };
        match (accounts.as_slice(), services.as_slice()) {
            (accounts, []) => accounts.iter().for_each(|(account, row)| add(row, Some(account), None)),
            ([_, ..], [(service, _)]) => accounts.iter().for_each(|(account, row)| add(row, Some(account), Some(service))),
            ([(account, _)], services) => services.iter().for_each(|(service, row)| add(row, Some(account), Some(service))),
            (_, services) => services.iter().for_each(|(service, row)| add(row, None, Some(service))),
        }
    }
    lines
}

/// What the totals hold beyond the lines, by day, record type and account: the details of a request that failed, rounding, and what
/// was booked between two requests. Where lines of a day and record type know no account, neither does what is left of it.
fn rest(totals: &Totals, lines: &[Line], effective: Effective) -> Vec<Line> {
    type Open<'a> = BTreeMap<Option<&'a Arc<str>>, (Decimal, Decimal)>;
    let mut days: BTreeMap<(ChargePeriod, &Arc<str>, &Currency), Open<'_>> = BTreeMap::new();
    for row in totals {
        let [account, record_type] = &row.keys;
        let open = days.entry((row.period, record_type, &row.amounts.currency)).or_default().entry(Some(account)).or_default();
        open.0 += row.amounts.billed;
        open.1 += row.amounts.effective(effective);
    }
    for line in lines {
        let open = days.entry((line.period, &line.record_type, &line.currency)).or_default().entry(line.account.as_ref()).or_default();
        open.0 -= line.billed;
        open.1 -= line.effective;
    }
    let mut rest = Vec::new();
    for ((period, record_type, currency), open) in days {
        let open = if open.contains_key(&None) {
            let sum = open.values().fold((Decimal::ZERO, Decimal::ZERO), |sum, open| (sum.0 + open.0, sum.1 + open.1));
            BTreeMap::from([(None, sum)])
        } else {
            open
        };
        rest.extend(open.into_iter().map(|(account, (billed, effective))| Line {
            period,
            record_type: Arc::clone(record_type),
            account: account.cloned(),
            service: None,
            usage_type: None,
            resource: None,
            currency: currency.clone(),
            billed,
            effective,
            usage: None,
            usage_unit: None,
        }));
    }
    rest.retain(Line::says_something);
    rest
}

/// Takes what single resources cost out of the lines that hold them, into lines of their own.
fn split_by_resource(lines: &mut Vec<Line>, resources: &[ResourceRows], effective: Effective) {
    let wholes: BTreeMap<_, _> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| &*line.record_type == ON_DEMAND)
        .filter_map(|(index, line)| {
            Some(((line.period.start, line.account.clone()?, line.service.clone()?, line.usage_type.clone()?), index))
        })
        .collect();
    for ResourceRows { account, service, rows } in resources {
        for row in rows {
            let [resource, usage_type] = &row.keys;
            if resource.is_empty() || &**resource == NO_RESOURCE {
                continue;
            }
            let key = (row.period.start, Arc::clone(account), Arc::clone(service), Arc::clone(usage_type));
            let Some(whole) = wholes.get(&key).and_then(|index| lines.get_mut(*index)) else { continue };
            if whole.currency != row.amounts.currency {
                continue;
            }
            whole.billed -= row.amounts.billed;
            whole.effective -= row.amounts.effective(effective);
            whole.usage = whole.usage.map(|usage| usage - row.amounts.usage);
            let mut part = Line::of(row, effective, &whole.record_type, Some(account), Some(service)).with_usage_type(usage_type);
            part.resource = Some(Arc::clone(resource));
            lines.push(part);
        }
    }
    lines.retain(Line::says_something);
}

#[cfg(test)]
mod tests;
