//! Native advice beside our findings: what of it says the same, how far its figures differ and why, and what is left of it.
//!
//! Two tools of AWS's that give the same advice are one entry, and no figure of theirs is in a total of ours: each tool has its own
//! look-back, metric and discounts, and what a finding of ours claims must not be counted again.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::advice::{AdviceSource, AdvisedAction, NativeAdvice};
use crate::catalog::Arn;
use crate::finding::Finding;
use crate::id::{Currency, FindingId, RegionId, ResourceId, ResourceKind, SubAccountId};

/// A figure that differs by more than this part of ours is explained.
fn tolerance() -> Decimal {
    Decimal::new(20, 2)
}

/// What acting comes to, whatever a tool calls it: two actions of a sort exclude or replace one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AdviceSort {
    /// There will be less of it, or none: stop, delete, scale in.
    Remove,
    /// It will be another: size, generation, architecture, storage type.
    Change,
    /// It stays, and is paid for in another way: Savings Plans, reservations.
    Commit,
    /// Anything else.
    Other,
}

impl AdvisedAction {
    /// The sort of the action.
    pub const fn sort(self) -> AdviceSort {
        match self {
            Self::Stop | Self::Delete | Self::ScaleIn => AdviceSort::Remove,
            Self::Rightsize | Self::Upgrade | Self::MigrateToGraviton => AdviceSort::Change,
            Self::PurchaseSavingsPlans | Self::PurchaseReservedInstances => AdviceSort::Commit,
            Self::Other => AdviceSort::Other,
        }
    }
}

/// One piece of advice as a report keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AdviceNote {
    /// Who says so.
    pub source: AdviceSource,
    /// The source's own id of it.
    pub advice_id: String,
    /// What to do.
    pub action: AdvisedAction,
    /// What it is now.
    pub current: Option<String>,
    /// What it should be.
    pub recommended: Option<String>,
    /// What the source says that saves a month; after the account's discounts where it says that.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub monthly_savings: Option<Decimal>,
    /// Of the saving.
    pub currency: Option<Currency>,
    /// Whether the saving is after the account's discounts; at list prices otherwise.
    pub is_after_discounts: bool,
    /// Days of utilization that it rests on.
    pub lookback_days: Option<u16>,
    /// Why, in the source's words.
    pub reasons: Vec<String>,
    /// What the source measured, by its own names.
    pub measured: BTreeMap<String, String>,
    /// Why its saving is more than a fifth away from ours, where it is.
    pub difference: Option<String>,
}

/// Advice that no finding of ours says too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OtherAdvice {
    /// The resource; `None` for a purchase or a whole account.
    pub resource_id: Option<ResourceId>,
    /// Its kind.
    pub resource_kind: Option<ResourceKind>,
    /// What the source calls the type.
    pub resource_type: String,
    /// The account.
    pub account_id: Option<SubAccountId>,
    /// The region.
    pub region_id: Option<RegionId>,
    /// What acting on it comes to.
    pub sort: AdviceSort,
    /// Findings of ours about the same resource, which say something else.
    pub same_resource: Vec<FindingId>,
    /// Who says so, by source and id; not to be added up.
    pub advice: Vec<AdviceNote>,
}

/// What AWS's own tools recommend, beside our findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NativeAdviceSection {
    /// By finding: advice that says the same of the same resource, by source and id.
    pub corroborations: BTreeMap<FindingId, Vec<AdviceNote>>,
    /// What no finding of ours says, by account, region and resource.
    pub others: Vec<OtherAdvice>,
}

/// Sorts advice to the findings that say the same of the same resource; what is left is the other advice.
///
/// `window_days` is how many days our findings judge. Displaced findings take advice too: they are about the resource all the same.
pub fn merge(findings: &[Finding], advice: &[NativeAdvice], window_days: Option<u32>) -> NativeAdviceSection {
    let mut by_tail: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        if let Some(id) = &finding.resource_id {
            by_tail.entry(tail(id)).or_default().push(finding);
        }
    }
    let mut advice: Vec<&NativeAdvice> = advice.iter().collect();
    advice.sort_by(|a, b| (a.source, &a.advice_id).cmp(&(b.source, &b.advice_id)));
    let mut section = NativeAdviceSection::default();
    let mut others: BTreeMap<OtherKey<'_>, OtherAdvice> = BTreeMap::new();
    for one in advice {
        let candidates = one.resource_id.as_ref().and_then(|id| by_tail.get(tail(id))).into_iter().flatten().copied();
        let (same_sort, same_resource): (Vec<&Finding>, Vec<&Finding>) = candidates
            .filter(|finding| is_same_resource(finding, one))
            .partition(|finding| sort_of_check(finding.check_id.as_str()) == one.action.sort());
        if same_sort.is_empty() {
            let other = others.entry(other_key(one)).or_insert_with(|| other(one, &same_resource));
            other.advice.push(note(one, None, window_days));
        }
        for finding in same_sort {
            section.corroborations.entry(finding.finding_id.clone()).or_default().push(note(one, Some(finding), window_days));
        }
    }
    section.others = others.into_values().collect();
    section
}

/// What makes two pieces of advice one entry; a purchase is always one of its own.
type OtherKey<'a> = (Option<&'a SubAccountId>, Option<&'a RegionId>, Option<&'a str>, AdviceSort, Option<(AdviceSource, &'a str)>);

fn other_key(advice: &NativeAdvice) -> OtherKey<'_> {
    let own = advice.resource_id.is_none().then_some((advice.source, &*advice.advice_id));
    (
        advice.sub_account_id.as_ref(),
        advice.region_id.as_ref(),
        advice.resource_id.as_ref().map(ResourceId::as_str),
        advice.action.sort(),
        own,
    )
}

fn other(advice: &NativeAdvice, same_resource: &[&Finding]) -> OtherAdvice {
    OtherAdvice {
        resource_id: advice.resource_id.clone(),
        resource_kind: advice.resource_kind.clone(),
        resource_type: advice.resource_type.to_string(),
        account_id: advice.sub_account_id.clone(),
        region_id: advice.region_id.clone(),
        sort: advice.action.sort(),
        same_resource: same_resource.iter().map(|finding| finding.finding_id.clone()).collect(),
        advice: Vec::new(),
    }
}

/// What acting on a check's findings comes to, by what the check is called.
fn sort_of_check(check_id: &str) -> AdviceSort {
    const REMOVE: [&str; 8] = ["idle", "unused", "unattached", "orphan", "stopped", "empty", "unassociated", "ended"];
    const CHANGE: [&str; 9] = ["gp2", "few", "magnetic", "previous", "graviton", "rightsize", "oversized", "overprovisioned", "capacity"];
    const COMMIT: [&str; 2] = ["savings", "reserved"];
    let names = |words: &[&str]| check_id.split(['.', '-']).any(|word| words.contains(&word));
    if names(&COMMIT) {
        AdviceSort::Commit
    } else if names(&REMOVE) {
        AdviceSort::Remove
    } else if names(&CHANGE) {
        AdviceSort::Change
    } else {
        AdviceSort::Other
    }
}

/// The last part of an ARN or id, by which a bill's short id and an ARN meet.
fn tail(id: &ResourceId) -> &str {
    let text = id.as_str();
    text.rsplit(['/', ':']).next().unwrap_or(text)
}

/// Whether two say the same, as far as both say anything.
fn agree<T: PartialEq>(ours: Option<&T>, theirs: Option<&T>) -> bool {
    ours.zip(theirs).is_none_or(|(ours, theirs)| ours == theirs)
}

fn is_same_resource(finding: &Finding, advice: &NativeAdvice) -> bool {
    let (Some(ours), Some(theirs)) = (&finding.resource_id, &advice.resource_id) else { return false };
    if Arn::parse(ours.as_str()).is_ok() && Arn::parse(theirs.as_str()).is_ok() {
        return ours == theirs;
    }
    // A short id is one of its account and region only, and a name one of its kind.
    tail(ours) == tail(theirs)
        && agree(finding.sub_account_id.as_ref(), advice.sub_account_id.as_ref())
        && agree(finding.region_id.as_ref(), advice.region_id.as_ref())
        && agree(finding.resource_kind.as_ref(), advice.resource_kind.as_ref())
}

fn note(advice: &NativeAdvice, finding: Option<&Finding>, window_days: Option<u32>) -> AdviceNote {
    let stated = advice.monthly_savings.as_ref().or(advice.monthly_savings_before_discounts.as_ref());
    let words = |text: &std::sync::Arc<str>| text.to_string();
    AdviceNote {
        source: advice.source,
        advice_id: advice.advice_id.to_string(),
        action: advice.action,
        current: advice.current.as_ref().map(words),
        recommended: advice.recommended.as_ref().map(words),
        monthly_savings: stated.map(|money| money.amount),
        currency: stated.map(|money| money.currency.clone()),
        is_after_discounts: advice.monthly_savings.is_some(),
        lookback_days: advice.lookback_days,
        reasons: advice.reasons.iter().map(words).collect(),
        measured: advice.measured.iter().map(|(name, value)| (words(name), words(value))).collect(),
        difference: finding.and_then(|finding| difference(finding, advice, window_days)),
    }
}

/// Why a tool's saving is not ours, as far as can be told; `None` where it is about the same, or there is nothing to compare.
fn difference(finding: &Finding, advice: &NativeAdvice, window_days: Option<u32>) -> Option<String> {
    let ours = finding.savings.as_ref()?;
    let theirs = advice.monthly_savings.as_ref().or(advice.monthly_savings_before_discounts.as_ref())?;
    if ours.currency != theirs.currency {
        return Some(format!("it counts in {}, we in {}", theirs.currency, ours.currency));
    }
    if (theirs.amount - ours.monthly).abs() <= ours.monthly.abs() * tolerance() {
        return None;
    }
    let mut reasons = Vec::new();
    match (advice.lookback_days, window_days) {
        (Some(theirs), Some(ours)) if u32::from(theirs) != ours => reasons.push(format!("it looked back {theirs} days, we {ours}")),
        _ => {}
    }
    if advice.monthly_savings.is_none() {
        reasons.push("its figure is at list prices, before discounts".to_owned());
    }
    if !advice.measured.is_empty() {
        let names: Vec<&str> = advice.measured.keys().map(|name| &**name).collect();
        reasons.push(format!("it judged by {}", names.join(", ")));
    }
    if let Some(recommended) = &advice.recommended {
        reasons.push(format!("it would make it {recommended}"));
    }
    let direction = if theirs.amount > ours.monthly { "more" } else { "less" };
    let why = if reasons.is_empty() { "it does not say what its figure rests on".to_owned() } else { reasons.join("; ") };
    Some(format!("{direction} than ours: {why}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::{Confidence, FindingKind, Savings, SavingsBasis};
    use crate::money::Money;

    const VOLUME: &str = "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1";

    fn finding(check: &str, resource: &str, monthly: i64) -> Finding {
        let savings = Savings {
            monthly: monthly.into(),
            annual: (monthly * 12).into(),
            currency: "USD".into(),
            basis: SavingsBasis::Measured,
            confidence: Confidence::High,
            formula: "cost".to_owned(),
            evidence: Vec::new(),
        };
        Finding {
            finding_id: format!("{check} {resource}").into(),
            check_id: check.into(),
            title: String::new(),
            kind: FindingKind::Recommendation,
            subject: resource.to_owned(),
            resource_id: Some(resource.into()),
            resource_kind: Some("ec2:volume".into()),
            sub_account_id: Some("111122223333".into()),
            region_id: Some("eu-west-1".into()),
            service_name: None,
            monthly_cost: 100.into(),
            currency: "USD".into(),
            savings: Some(savings),
            evidence: Vec::new(),
            claims: Vec::new(),
            displaced_by: None,
        }
    }

    fn advice(source: AdviceSource, id: &str, action: AdvisedAction, monthly: i64) -> NativeAdvice {
        NativeAdvice {
            source,
            advice_id: id.into(),
            sub_account_id: Some("111122223333".into()),
            region_id: Some("eu-west-1".into()),
            resource_id: Some(VOLUME.into()),
            resource_kind: Some("ec2:volume".into()),
            resource_type: "EbsVolume".into(),
            action,
            current: Some("gp2".into()),
            recommended: None,
            monthly_savings: Some(Money::new(monthly.into(), "USD")),
            monthly_savings_before_discounts: None,
            monthly_cost: None,
            lookback_days: Some(14),
            reasons: Vec::new(),
            measured: BTreeMap::new(),
            refreshed_at: None,
        }
    }

    #[test]
    fn advice_of_the_same_sort_joins_the_finding_and_only_a_large_difference_is_explained() {
        let findings = [finding("ebs.gp2-volume", "vol-1", 10)];
        let near = advice(AdviceSource::ComputeOptimizer, "a", AdvisedAction::Upgrade, 12);
        let mut far = advice(AdviceSource::CostOptimizationHub, "b", AdvisedAction::Rightsize, 13);
        far.monthly_savings_before_discounts = far.monthly_savings.take();
        far.measured.insert(Arc::from("VolumeReadOpsPerSecond Maximum"), Arc::from("40"));
        let section = merge(&findings, &[far, near], Some(31));
        assert_eq!(section.others, []);
        let notes = section.corroborations.values().next().unwrap();
        assert_eq!(
            notes.iter().map(|note| note.source).collect::<Vec<_>>(),
            [AdviceSource::CostOptimizationHub, AdviceSource::ComputeOptimizer]
        );
        let why = "more than ours: it looked back 14 days, we 31; its figure is at list prices, before discounts; it judged by \
                   VolumeReadOpsPerSecond Maximum";
        assert_eq!(notes.iter().map(|note| note.difference.as_deref()).collect::<Vec<_>>(), [Some(why), None]);
    }

    #[test]
    fn advice_of_another_sort_stands_alone_and_names_our_finding() {
        let findings = [finding("ebs.gp2-volume", VOLUME, 10)];
        let delete = advice(AdviceSource::CostOptimizationHub, "a", AdvisedAction::Delete, 100);
        let same = advice(AdviceSource::ComputeOptimizer, "b", AdvisedAction::Delete, 110);
        let section = merge(&findings, &[delete, same], None);
        assert!(section.corroborations.is_empty());
        let [other] = section.others.as_slice() else { panic!("one resource and sort is one entry") };
        assert_eq!((other.sort, other.advice.len()), (AdviceSort::Remove, 2));
        assert_eq!(other.same_resource, [findings[0].finding_id.clone()]);
    }

    #[test]
    fn a_short_id_of_another_account_region_or_kind_is_another_resource() {
        let mut elsewhere =
            [finding("ebs.gp2-volume", "vol-1", 10), finding("ebs.gp2-volume", "vol-1", 10), finding("ebs.gp2-volume", "vol-1", 10)];
        elsewhere[0].sub_account_id = Some("444455556666".into());
        elsewhere[1].region_id = Some("us-east-1".into());
        elsewhere[2].resource_kind = Some("rds:db".into());
        let section = merge(&elsewhere, &[advice(AdviceSource::ComputeOptimizer, "a", AdvisedAction::Upgrade, 10)], None);
        assert!(section.corroborations.is_empty());
        assert_eq!(section.others.len(), 1);
    }

    #[test]
    fn each_purchase_is_an_entry_of_its_own() {
        let purchase = |id: &str| NativeAdvice {
            resource_id: None,
            ..advice(AdviceSource::CostOptimizationHub, id, AdvisedAction::PurchaseSavingsPlans, 50)
        };
        let section = merge(&[], &[purchase("b"), purchase("a")], None);
        let ids: Vec<&str> = section.others.iter().flat_map(|other| &other.advice).map(|note| note.advice_id.as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
    }

    #[test]
    fn every_check_about_resources_has_a_sort() {
        for (check, sort) in [
            ("catalog.idle-resource", AdviceSort::Remove),
            ("vpc.idle-nat-gateway", AdviceSort::Remove),
            ("lambda.unused-provisioned-concurrency", AdviceSort::Remove),
            ("ebs.io1-io2-few-iops", AdviceSort::Change),
            ("ec2.graviton-sibling", AdviceSort::Change),
            ("rds.previous-generation-storage", AdviceSort::Change),
            ("dynamodb.provisioned-capacity", AdviceSort::Change),
            ("savings-plans.uncovered-compute", AdviceSort::Commit),
            ("support.spend", AdviceSort::Other),
        ] {
            assert_eq!(sort_of_check(check), sort, "{check}");
        }
    }
}
