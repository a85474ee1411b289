use std::collections::BTreeSet;

use finops_domain::charge::{
    ChargeCategory, CommitmentDiscountStatus, Dimension, Granularity, PricingCategory, RowFilter, SpendQuery, grouping,
};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::record_type::ITEMIZED;
use crate::regions::Regions;
use crate::row::tests_support::row;

/// A charge as Cost Explorer has it, before it is grouped.
#[derive(Clone, Debug)]
struct Fact {
    day: i8,
    account: &'static str,
    service: &'static str,
    usage_type: &'static str,
    record_type: &'static str,
    resource: &'static str,
    billed: i64,
    amortized: i64,
    net: Option<i64>,
}

const RECORD_TYPES: [&str; 6] = ["DiscountedUsage", "SavingsPlanCoveredUsage", "Usage", "RIFee", "Tax", "Credit"];

fn facts() -> impl Strategy<Value = Vec<Fact>> {
    let fact = (
        (1_i8..4, 0_usize..4, 0_usize..3, 0_usize..4, 0_usize..RECORD_TYPES.len(), 0_usize..3),
        (-1_000_000_000_000_i64..1_000_000_000_000, -1_000_000_000_000_i64..1_000_000_000_000),
    )
        .prop_map(|((day, account, service, usage_type, record_type, resource), (billed, amortized))| Fact {
            day,
            account: ["1", "2", "3", "4"][account],
            service: ["Amazon Elastic Compute Cloud - Compute", "EC2 - Other", "Amazon Relational Database Service"][service],
            usage_type: ["BoxUsage:m5.large", "EU-BoxUsage:m5.large", "DataTransfer-Out-Bytes", "Global-Requests"][usage_type],
            record_type: RECORD_TYPES[record_type],
            resource: ["NoResourceId", "i-1", "i-2"][resource],
            billed,
            amortized,
            net: Some(amortized / 2),
        });
    vec(fact, 0..60)
}

/// What Cost Explorer answers: facts that fit, grouped by two keys.
fn grouped<'a>(facts: &'a [Fact], fits: impl Fn(&Fact) -> bool, keys: impl Fn(&'a Fact) -> [&'a str; 2]) -> Vec<CostRow> {
    let mut sums: BTreeMap<(i8, [&str; 2]), CostRow> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fits(fact)) {
        let sum = sums.entry((fact.day, keys(fact))).or_insert_with(|| {
            let mut row = row(fact.day, keys(fact), "0");
            row.amounts.usage = Decimal::ZERO;
            row
        });
        sum.amounts.billed += Decimal::new(fact.billed, 10);
        sum.amounts.amortized += Decimal::new(fact.amortized, 10);
        if let Some(net) = fact.net {
            sum.amounts.net_amortized = Some(sum.amounts.net_amortized.unwrap_or_default() + Decimal::new(net, 10));
        }
        sum.amounts.usage += Decimal::ONE;
    }
    sums.into_values().collect()
}

fn totals_of(facts: &[Fact]) -> Vec<CostRow> {
    grouped(facts, |_| true, |fact| [fact.account, fact.record_type])
}

/// The details of the plan, of accounts asked alone or joined.
fn details_of(facts: &[Fact], is_joined: bool) -> Vec<Detail> {
    let accounts: BTreeSet<&str> = facts.iter().map(|fact| fact.account).collect();
    let mut details = Vec::new();
    for record_type in ITEMIZED {
        if is_joined {
            details.push(Detail::Joined {
                record_type: record_type.into(),
                by_account: grouped(facts, |fact| fact.record_type == record_type, |fact| [fact.account, fact.usage_type]),
                by_service: grouped(facts, |fact| fact.record_type == record_type, |fact| [fact.service, fact.usage_type]),
            });
            continue;
        }
        details.extend(accounts.iter().map(|account| Detail::Usage {
            account: (*account).into(),
            record_type: record_type.into(),
            rows: grouped(
                facts,
                |fact| fact.record_type == record_type && fact.account == *account,
                |fact| [fact.service, fact.usage_type],
            ),
        }));
    }
    if is_joined {
        details.extend(RECORD_TYPES.iter().filter(|record_type| !ITEMIZED.contains(record_type)).map(|record_type| {
            let rows = grouped(facts, |fact| fact.record_type == *record_type, |fact| [fact.account, fact.service]);
            Detail::OfRecordType { record_type: (*record_type).into(), rows }
        }));
    } else {
        details.extend(accounts.iter().map(|account| Detail::OfAccount {
            account: (*account).into(),
            rows: grouped(
                facts,
                |fact| !ITEMIZED.contains(&fact.record_type) && fact.account == *account,
                |fact| [fact.service, fact.record_type],
            ),
        }));
    }
    details
}

fn resources_of(facts: &[Fact]) -> Vec<ResourceRows> {
    let pairs: BTreeSet<(&str, &str)> = facts.iter().map(|fact| (fact.account, fact.service)).collect();
    let of = |(account, service): (&str, &str)| ResourceRows {
        account: account.into(),
        service: service.into(),
        rows: grouped(
            facts,
            |fact| fact.record_type == ON_DEMAND && fact.account == account && fact.service == service,
            |fact| [fact.resource, fact.usage_type],
        ),
    };
    pairs.into_iter().map(of).collect()
}

fn naming() -> Naming {
    Naming { billing_account: "1".into(), account_names: BTreeMap::new(), regions: Regions::default() }
}

fn sum(rows: &[CostRow], effective: Effective) -> (Decimal, Decimal) {
    rows.iter().fold((Decimal::ZERO, Decimal::ZERO), |sum, row| (sum.0 + row.amounts.billed, sum.1 + row.amounts.effective(effective)))
}

proptest! {
    /// Whatever is asked and whatever fails, every grouping sums to the source's own total, to the last decimal.
    #[test]
    fn every_grouping_sums_to_the_total(
        facts in facts(),
        is_joined: bool,
        with_resources: bool,
        fails in vec(any::<bool>(), 24),
        late in -5_i64..5,
    ) {
        let totals = totals_of(&facts);
        let mut details = details_of(&facts, is_joined);
        let mut fails = fails.into_iter();
        details.retain(|_| !fails.next().unwrap_or(false));
        // What is booked between two requests is in one and not in the other.
        if let Some(Detail::Usage { rows, .. } | Detail::OfAccount { rows, .. }) = details.first_mut()
            && let Some(row) = rows.first_mut()
        {
            row.amounts.billed += Decimal::new(late, 10);
        }
        let resources = if with_resources { resources_of(&facts) } else { Vec::new() };
        let effective = Effective::of(&totals);
        let charges = charges(lines(&totals, &details, &resources, effective), &naming());
        let (billed, amortized) = sum(&totals, effective);
        let own = grouping::totals(&charges);
        prop_assert_eq!(own.iter().map(|total| total.costs.billed).sum::<Decimal>(), billed);
        prop_assert_eq!(own.iter().map(|total| total.costs.effective).sum::<Decimal>(), amortized);
        for dimension in [
            Dimension::SubAccountId,
            Dimension::ServiceName,
            Dimension::RegionId,
            Dimension::UsageType,
            Dimension::ChargeCategory,
            Dimension::ResourceId,
            Dimension::PricingCategory,
        ] {
            for granularity in [Granularity::Total, Granularity::Monthly, Granularity::Daily] {
                let query = SpendQuery { granularity, group_by: vec![dimension], filter: RowFilter::All, max_groups: Some(3) };
                let table = grouping::tables(&charges, &[query]).remove(0);
                prop_assert_eq!(table.iter().map(|group| group.costs.billed).sum::<Decimal>(), billed);
                prop_assert_eq!(table.iter().map(|group| group.costs.effective).sum::<Decimal>(), amortized);
            }
        }
    }

    /// Where nothing fails and accounts are asked alone, every charge is placed where it belongs.
    #[test]
    fn what_is_asked_alone_is_exact(facts in facts()) {
        let totals = totals_of(&facts);
        let effective = Effective::of(&totals);
        let lines = lines(&totals, &details_of(&facts, false), &[], effective);
        prop_assert!(lines.iter().all(|line| line.service.is_some() && line.account.is_some()));
        for line in lines.iter().filter(|line| line.usage_type.is_some()) {
            let own = facts.iter().filter(|fact| {
                line.account.as_deref() == Some(fact.account)
                    && line.service.as_deref() == Some(fact.service)
                    && line.usage_type.as_deref() == Some(fact.usage_type)
                    && *line.record_type == *fact.record_type
                    && row(fact.day, ["", ""], "0").period == line.period
            });
            prop_assert_eq!(own.map(|fact| Decimal::new(fact.billed, 10)).sum::<Decimal>(), line.billed);
        }
    }

    /// A joined answer keeps the sums by service exactly, and claims an account only where that is sure.
    #[test]
    fn what_is_joined_never_guesses(facts in facts()) {
        let totals = totals_of(&facts);
        let effective = Effective::of(&totals);
        let lines = lines(&totals, &details_of(&facts, true), &[], effective);
        for service in facts.iter().map(|fact| fact.service).collect::<BTreeSet<_>>() {
            let expected: Decimal = facts.iter().filter(|fact| fact.service == service).map(|fact| Decimal::new(fact.billed, 10)).sum();
            let found: Decimal = lines.iter().filter(|line| line.service.as_deref() == Some(service)).map(|line| line.billed).sum();
            prop_assert_eq!(found, expected);
        }
        for line in &lines {
            let Some(account) = line.account.as_deref() else { continue };
            prop_assert!(facts.iter().any(|fact| fact.account == account && Some(fact.service) == line.service.as_deref()));
        }
    }
}

fn one_line(record_type: &str, rows: Vec<CostRow>) -> Vec<finops_domain::charge::Charge> {
    let detail = Detail::Usage { account: "111111111111".into(), record_type: record_type.into(), rows };
    charges(detail.lines(Effective::Amortized), &naming())
}

#[test]
fn usage_is_named_as_bills_name_it() {
    let rows = vec![row(1, ["Amazon Elastic Compute Cloud - Compute", "EU-BoxUsage:m5.large"], "2.5")];
    let [charge] = <[_; 1]>::try_from(one_line("Usage", rows)).unwrap();
    assert_eq!(charge.service_code.as_ref().map(finops_domain::id::ServiceCode::as_str), Some("AmazonEC2"));
    assert_eq!(charge.region_id, Some("eu-west-1".into()));
    assert_eq!(charge.instance_type.as_deref(), Some("m5.large"));
    assert_eq!((charge.charge_category, charge.pricing_category), (ChargeCategory::Usage, Some(PricingCategory::Standard)));
    assert_eq!((charge.pricing_quantity, charge.pricing_unit.as_deref()), (Some(Decimal::ONE), Some("Hrs")));
    assert_eq!(charge.commitment_discount_status, None);
}

#[test]
fn spot_and_commitments_are_told_apart() {
    let row = |usage_type| vec![row(1, ["Amazon Elastic Compute Cloud - Compute", usage_type], "2.5")];
    assert_eq!(one_line("Usage", row("EU-SpotUsage:m5.large"))[0].pricing_category, Some(PricingCategory::Dynamic));
    let covered = one_line("SavingsPlanCoveredUsage", row("BoxUsage:m5.large")).remove(0);
    assert_eq!(covered.pricing_category, Some(PricingCategory::Committed));
    assert_eq!(covered.commitment_discount_type.as_deref(), Some("Savings Plan"));
    assert_eq!(covered.commitment_discount_status, Some(CommitmentDiscountStatus::Used));
}

#[test]
fn what_a_failed_request_would_have_told_is_kept_without_detail() {
    let totals = [row(1, ["111111111111", "Usage"], "7.5"), row(1, ["111111111111", "Tax"], "1.5")];
    let charges = charges(lines(&totals, &[], &[], Effective::Amortized), &naming());
    assert_eq!(charges.len(), 2);
    assert!(charges.iter().all(|charge| charge.service_name.as_str() == "Not itemized by Cost Explorer"));
    assert!(charges.iter().any(|charge| charge.charge_category == ChargeCategory::Tax && charge.billed_cost == Decimal::new(15, 1)));
}

#[test]
fn a_tag_without_value_is_no_tag() {
    let rows = [row(1, ["team$shop", "Usage"], "1"), row(1, ["team$", "Usage"], "2")];
    let charges = tag_charges(&rows, Effective::Amortized, &naming());
    assert_eq!(charges.len(), 1);
    assert_eq!(charges[0].tags.get("team").map(|value| &**value), Some("shop"));
}
