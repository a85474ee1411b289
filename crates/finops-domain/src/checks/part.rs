//! Parts of the spend: the lines of a bill that a check is about, by where they are.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{CheckContext, CheckMeta};
use crate::charge::{ChargeCategory, ChargeGroup, ChargeKey};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, NotEvaluated, SavingsBasis};
use crate::id::{CheckId, Currency, RegionId, ResourceId, ServiceName, SubAccountId};

/// Where spend is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub currency: Currency,
    pub sub_account_id: Option<SubAccountId>,
    pub region_id: Option<RegionId>,
    pub resource_id: Option<ResourceId>,
}

impl Place {
    /// Account and region of a line, whatever resource it names.
    pub(super) fn of(key: &ChargeKey) -> Self {
        Self {
            currency: key.billing_currency.clone(),
            sub_account_id: key.sub_account_id.clone(),
            region_id: key.region_id.clone(),
            resource_id: None,
        }
    }

    /// Account, region and resource of a line.
    pub(super) fn of_resource(key: &ChargeKey) -> Self {
        Self { resource_id: key.resource_id.clone(), ..Self::of(key) }
    }

    /// The account alone.
    pub(super) fn of_account(key: &ChargeKey) -> Self {
        Self { region_id: None, ..Self::of(key) }
    }

    /// Where it is, in words: the resource, else the region, else the account.
    pub(super) fn name(&self) -> String {
        let resource = self.resource_id.as_ref().map(|id| short_name(id.as_str()).to_owned());
        let region = || self.region_id.as_ref().filter(|region| !region.as_str().is_empty()).map(ToString::to_string);
        let account = || self.sub_account_id.as_ref().map(|account| format!("account {account}"));
        resource.or_else(region).or_else(account).unwrap_or_else(|| "no region".to_owned())
    }

    /// A stable name for what a finding in this place is about; the currency is told only where it is not the usual one.
    pub(super) fn subject(&self, what: &str) -> String {
        let resource = self.resource_id.as_ref().map_or(String::new(), |id| format!(" {id}"));
        let currency = if self.currency.as_str() == "USD" { String::new() } else { format!(" ({})", self.currency) };
        format!("{what}{resource}{currency}")
    }
}

/// The last part of an ARN; any other id as it is.
fn short_name(id: &str) -> &str {
    if !id.starts_with("arn:") {
        return id;
    }
    let resource = id.splitn(6, ':').last().unwrap_or(id);
    resource.split_once(['/', ':']).map_or(resource, |(_, name)| name)
}

/// Lines of one place.
#[derive(Clone, Debug, Default)]
pub(super) struct Part<'a> {
    pub lines: Vec<&'a ChargeGroup>,
}

impl Part<'_> {
    /// Their effective cost.
    pub(super) fn cost(&self) -> Decimal {
        self.lines.iter().map(|line| line.costs.effective).sum()
    }

    /// Their pricing quantity.
    pub(super) fn quantity(&self) -> Decimal {
        self.lines.iter().map(|line| line.pricing_quantity).sum()
    }

    /// What to claim of them.
    pub(super) fn claims(&self) -> Vec<ChargeKey> {
        self.lines.iter().map(|line| line.key.clone()).collect()
    }

    /// The lines that a predicate keeps.
    pub(super) fn of(&self, keep: impl Fn(&ChargeKey) -> bool) -> Self {
        Self { lines: self.lines.iter().copied().filter(|line| keep(&line.key)).collect() }
    }

    /// Their service, where they have one in common.
    pub(super) fn service_name(&self) -> Option<ServiceName> {
        let first = self.lines.first()?.key.service_name.clone();
        first.filter(|name| self.lines.iter().all(|line| line.key.service_name.as_ref() == Some(name)))
    }

    /// What they are, for an evidence's source: `31 rows of CW:GMD-Metrics`.
    pub(super) fn source(&self) -> String {
        let rows: u64 = self.lines.iter().map(|line| line.rows).sum();
        let mut names: Vec<&str> = self.lines.iter().filter_map(|line| line.key.usage_type.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        let more = names.len().saturating_sub(3);
        names.truncate(3);
        match (names.is_empty(), more) {
            (true, _) => format!("{rows} rows"),
            (false, 0) => format!("{rows} rows of {}", names.join(", ")),
            (false, _) => format!("{rows} rows of {} and {more} more", names.join(", ")),
        }
    }

    /// Their effective cost as evidence.
    pub(super) fn cost_evidence(&self, name: &str, currency: &Currency) -> Evidence {
        Evidence::from_bill(name, self.cost(), currency.to_string(), self.source())
    }

    /// A finding about them without a saving; its first evidence is their cost in the window.
    pub(super) fn investigation(&self, place: &Place, what: &str, title: String, evidence: Vec<Evidence>) -> FindingDraft {
        let mut all = vec![self.cost_evidence("window_cost", &place.currency)];
        all.extend(evidence);
        FindingDraft {
            title,
            kind: FindingKind::Investigation,
            subject: place.subject(what),
            resource_id: place.resource_id.clone(),
            resource_kind: None,
            sub_account_id: place.sub_account_id.clone(),
            region_id: place.region_id.clone(),
            service_name: self.service_name(),
            formula: None,
            basis: SavingsBasis::Estimated,
            confidence: Confidence::Low,
            evidence: all,
            claims: self.claims(),
        }
    }
}

/// Lines by the place that `place_of` gives them.
pub(super) fn by_place<'a>(
    lines: impl Iterator<Item = &'a ChargeGroup>,
    place_of: impl Fn(&ChargeKey) -> Place,
) -> BTreeMap<Place, Part<'a>> {
    let mut parts: BTreeMap<Place, Part<'a>> = BTreeMap::new();
    for line in lines {
        parts.entry(place_of(&line.key)).or_default().lines.push(line);
    }
    parts
}

/// Judged usage that a predicate keeps: by resource where it names one, else by account and region.
pub(super) fn usage_by_resource_or_place<'a>(context: &CheckContext<'a>, keep: impl Fn(&ChargeKey) -> bool) -> BTreeMap<Place, Part<'a>> {
    let with = context.resource_usage().filter(|line| keep(&line.key));
    let without = context.usage().filter(|line| line.key.has_resource != Some(true) && keep(&line.key));
    by_place(with.chain(without), Place::of_resource)
}

/// Whether a key is of a service and its usage type's measure satisfies a predicate.
pub(super) fn measures(key: &ChargeKey, service_code: &str, keep: impl Fn(&str) -> bool) -> bool {
    key.service_code.as_ref().is_some_and(|code| code.as_str() == service_code)
        && key.usage_type.as_deref().is_some_and(|usage_type| keep(crate::usage_type::parse(usage_type).measure))
}

/// Why a check that looks for usage types cannot judge this bill, if that is so.
pub(super) fn unreadable(context: &CheckContext<'_>, meta: &CheckMeta) -> Option<NotEvaluated> {
    let not_evaluated = |reason: String| Some(NotEvaluated { check_id: CheckId::from(meta.id), resource_id: None, reason });
    if context.lines.iter().all(|line| line.key.service_code.is_none()) {
        return not_evaluated("the bill has no AWS service codes".to_owned());
    }
    let of_service = |line: &&ChargeGroup| line.key.service_code.as_ref().is_some_and(|code| meta.services.contains(&code.as_str()));
    // Unused commitments are of a service and use nothing of it.
    let is_silent = |line: &&ChargeGroup| line.key.usage_type.is_none() && line.key.commitment_discount_status.is_none();
    let silent = context.usage().filter(of_service).filter(is_silent).count();
    if silent > 0 {
        return not_evaluated(format!("the bill has no usage type for {silent} lines of {}", meta.services.join(", ")));
    }
    None
}

/// Whether a line is money for something used or acquired in the window, and no correction of a former period.
pub(super) fn is_spend(line: &ChargeGroup) -> bool {
    matches!(line.key.charge_category, Some(ChargeCategory::Usage | ChargeCategory::Purchase))
        && line.key.is_correction != Some(true)
        && line.costs.effective > Decimal::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_resources_by_the_end_of_their_arn() {
        assert_eq!(short_name("arn:aws:lambda:eu-west-1:111122223333:function:checkout"), "checkout");
        assert_eq!(short_name("arn:aws:dynamodb:eu-west-1:111122223333:table/orders"), "orders");
        assert_eq!(short_name("i-0abc"), "i-0abc");
    }
}
