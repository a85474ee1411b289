//! What is promised of the demonstration account.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use finops_domain::charge::{ChargeCategory, CommitmentDiscountStatus, Costs, Dimension, RowFilter};
use finops_domain::ports::CostSource;
use finops_domain::snapshot::{Bill, SourceKind};
use finops_memory::demo::{self, DemoSource};
use rust_decimal::Decimal;

static SOURCE: LazyLock<DemoSource> = LazyLock::new(DemoSource::new);

#[test]
fn two_generations_are_equal() {
    let account = demo::account();
    assert!(account.charges == SOURCE.charges());
    assert!(account.truth == SOURCE.truth());
    let again = demo::account();
    assert!(account.resources == again.resources && account.utilization == again.utilization);
}

#[tokio::test]
async fn the_account_is_as_large_as_promised() {
    let (charges, resources) = (SOURCE.charges(), SOURCE.inventory());
    let accounts: BTreeSet<_> = charges.iter().filter_map(|charge| charge.sub_account_id.as_ref()).collect();
    let regions: BTreeSet<_> = charges.iter().filter_map(|charge| charge.region_id.as_ref()).collect();
    let services: BTreeSet<_> = charges.iter().map(|charge| &charge.service_name).collect();
    let months: BTreeSet<String> = charges.iter().map(|charge| charge.charge_period.start.to_string()[..7].to_owned()).collect();
    let days: BTreeSet<String> = charges.iter().map(|charge| charge.charge_period.start.to_string()[..10].to_owned()).collect();
    let ids: BTreeSet<_> = resources.iter().map(|resource| &resource.resource_id).collect();
    assert!(accounts.len() >= 4, "{} accounts", accounts.len());
    assert!(regions.len() >= 8, "{} regions", regions.len());
    assert!(services.len() >= 60, "{} services", services.len());
    assert_eq!(months.len(), 13);
    assert!(days.len() >= 60 + 11, "{} days", days.len());
    assert!(resources.len() >= 3_000, "{} resources", resources.len());
    assert_eq!(ids.len(), resources.len(), "a resource is there twice");
    assert!(resources.iter().all(|resource| !resource.configuration.is_empty()));
    assert!(charges.len() <= 400_000, "{} charges", charges.len());
}

#[test]
fn every_row_keeps_what_focus_says_of_costs() {
    for charge in SOURCE.charges() {
        let (list, contracted) = (charge.list_cost.unwrap(), charge.contracted_cost.unwrap());
        if matches!(charge.charge_category, ChargeCategory::Usage | ChargeCategory::Purchase) {
            assert!(list >= contracted && contracted >= Decimal::ZERO, "{charge:?}");
        }
        match (charge.charge_category, charge.commitment_discount_status) {
            (ChargeCategory::Usage, Some(CommitmentDiscountStatus::Used)) => {
                assert_eq!(charge.billed_cost, Decimal::ZERO, "{charge:?}");
                assert!(charge.effective_cost > Decimal::ZERO && charge.effective_cost < list, "{charge:?}");
            }
            (ChargeCategory::Usage, Some(CommitmentDiscountStatus::Unused)) => {
                assert_eq!(charge.billed_cost, Decimal::ZERO, "{charge:?}");
                assert!(charge.effective_cost > Decimal::ZERO, "{charge:?}");
            }
            (ChargeCategory::Usage, None) => {
                assert_eq!(charge.billed_cost, charge.effective_cost, "{charge:?}");
                assert_eq!(charge.billed_cost, contracted, "{charge:?}");
            }
            (ChargeCategory::Purchase, _) => assert!(charge.billed_cost > Decimal::ZERO, "{charge:?}"),
            (ChargeCategory::Credit, _) => assert!(charge.billed_cost < Decimal::ZERO, "{charge:?}"),
            _ => assert_eq!(charge.billed_cost, charge.effective_cost, "{charge:?}"),
        }
    }
}

#[test]
fn what_commitments_cost_is_what_they_covered_and_what_nobody_used() {
    let mut balance: BTreeMap<(String, String), Decimal> = BTreeMap::new();
    for charge in SOURCE.charges() {
        let Some(id) = &charge.commitment_discount_id else { continue };
        let month = charge.charge_period.start.to_string()[..7].to_owned();
        let paid = charge.charge_category == ChargeCategory::Purchase;
        *balance.entry((id.to_string(), month)).or_default() += if paid { charge.billed_cost } else { -charge.effective_cost };
    }
    assert!(!balance.is_empty());
    for (key, difference) in balance {
        assert_eq!(difference, Decimal::ZERO, "{key:?}");
    }
}

#[tokio::test]
async fn tables_add_up_to_the_totals() {
    let queries = Bill::queries();
    let source = &*SOURCE;
    let answer = source.spend(&queries).await.unwrap();
    assert_eq!(answer.totals.len(), 1);
    let mut compared = 0;
    for (query, table) in queries.iter().zip(&answer.tables) {
        assert!(!table.is_empty());
        if query.filter == RowFilter::All && !query.group_by.contains(&Dimension::Tag) {
            assert_eq!(table.iter().map(|group| group.costs).sum::<Costs>(), answer.totals[0].costs);
            compared += 1;
        }
    }
    assert_eq!(compared, 2);
    assert_eq!(answer.usage_period.unwrap().end.to_string(), "2026-11-01T00:00:00Z");
    assert_eq!(answer.usage_period.unwrap().start.to_string(), "2025-10-01T00:00:00Z");
}

#[tokio::test]
async fn the_source_says_that_it_is_a_demonstration() {
    let source = &*SOURCE;
    assert_eq!(source.info().kind, SourceKind::Demo);
    assert_eq!(source.spend(&[]).await.unwrap().format, "demonstration data");
    let resources = source.inventory();
    assert!(resources.is_sorted_by_key(|resource| {
        (resource.sub_account_id.clone(), resource.region_id.clone(), resource.kind.clone(), resource.resource_id.clone())
    }));
    let known: BTreeSet<_> = resources.iter().map(|resource| &resource.resource_id).collect();
    let series = source.measurements();
    assert!(series.len() > 500);
    assert!(series.iter().all(|series| known.contains(&series.resource_id) && series.datapoints.len() >= 14));
}
