//! What holds of every check, on any bill.

use std::collections::BTreeSet;

use finops_domain::analysis::{AnalysisOptions, analyze};
use finops_domain::charge::{Charge, ChargeCategory, CommitmentDiscountStatus, PricingCategory};
use finops_domain::checks::formula::evaluate;
use finops_domain::checks::{ALL, CheckRun, CheckSelection, JudgedWindow, find, run_checks};
use finops_domain::finding::FindingKind;
use finops_domain::savings::resolve_conflicts;
use finops_domain::snapshot::{Snapshot, SourceInfo, SourceKind};
use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;

use crate::charges::{bill, day, midnight, usage};

/// Service name, code and usage type of what accounts commonly pay for.
const USAGES: [(&str, &str, &str); 20] = [
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EU-BoxUsage:m5.large"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EU-BoxUsage:t2.micro"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EU-BoxUsage:c4.4xlarge"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EU-EBS:VolumeUsage.gp2"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EU-EBS:VolumeUsage.piops"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EU-EBS:SnapshotUsage"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EU-NatGateway-Hours"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EU-NatGateway-Bytes"),
    ("Amazon Elastic Compute Cloud", "AmazonEC2", "EU-ElasticIP:IdleAddress"),
    ("Amazon Virtual Private Cloud", "AmazonVPC", "EU-PublicIPv4:IdleAddress"),
    ("Elastic Load Balancing", "AWSELB", "EU-LoadBalancerUsage"),
    ("AWS Data Transfer", "AWSDataTransfer", "EU-DataTransfer-Regional-Bytes"),
    ("Amazon Relational Database Service", "AmazonRDS", "EU-InstanceUsage:db.m4.large"),
    ("Amazon Relational Database Service", "AmazonRDS", "EU-RDS:GP2-Storage"),
    ("Amazon Simple Storage Service", "AmazonS3", "EU-TimedStorage-ByteHrs"),
    ("AmazonCloudWatch", "AmazonCloudWatch", "EU-DataProcessing-Bytes"),
    ("AmazonCloudWatch", "AmazonCloudWatch", "EU-TimedStorage-ByteHrs"),
    ("AWS Lambda", "AWSLambda", "EU-Lambda-GB-Second"),
    ("Amazon DynamoDB", "AmazonDynamoDB", "EU-WriteCapacityUnit-Hrs"),
    ("Amazon ElastiCache", "AmazonElastiCache", "EU-NodeUsage:cache.m4.large"),
];

fn charge() -> impl Strategy<Value = Charge> {
    let money = || prop_oneof![9 => 0_i64..100_000_000, 1 => -1_000_000_i64..0].prop_map(|digits| Decimal::new(digits, 4));
    let costs = (money(), money(), prop::option::weighted(0.8, money()), prop::option::weighted(0.8, money()));
    let quantity = prop::option::weighted(0.9, (0_i64..10_000_000).prop_map(|digits| Decimal::new(digits, 3)));
    let kinds = (prop_oneof![8 => Just(0_usize), 2 => 0_usize..5], 0_usize..4, 0_usize..6, prop::bool::weighted(0.05));
    (0_i32..75, 0..USAGES.len(), costs, quantity, kinds, (prop::option::weighted(0.7, 0_usize..12), 0_usize..3, prop::bool::ANY)).prop_map(
        |(start, at, costs, quantity, (category, pricing, status, is_correction), (resource, account, is_tagged))| {
            let (service, code, usage_type) = USAGES[at];
            let mut charge = usage(day(date(2025, 9, 1).checked_add(start.days()).unwrap()), service, costs.0);
            charge.effective_cost = costs.1;
            charge.list_cost = costs.2;
            charge.contracted_cost = costs.3;
            charge.service_code = Some(code.into());
            charge.usage_type = Some(usage_type.into());
            charge.instance_type = usage_type
                .rsplit_once(':')
                .map(|(_, detail)| detail.into())
                .filter(|detail: &std::sync::Arc<str>| detail.contains("large"));
            charge.pricing_quantity = quantity;
            charge.charge_category = ChargeCategory::ALL[category];
            charge.pricing_category =
                [Some(PricingCategory::Standard), Some(PricingCategory::Committed), Some(PricingCategory::Dynamic), None][pricing];
            if charge.pricing_category == Some(PricingCategory::Committed) {
                charge.commitment_discount_id = Some("sp-1".into());
                charge.commitment_discount_type = Some("Savings Plan".into());
                let status = if status == 0 { CommitmentDiscountStatus::Unused } else { CommitmentDiscountStatus::Used };
                charge.commitment_discount_status = Some(status);
            }
            charge.is_correction = is_correction;
            charge.resource_id = resource.map(|resource| format!("resource-{resource}").as_str().into());
            charge.sub_account_id = [None, Some("111111111111"), Some("222222222222")][account].map(Into::into);
            if is_tagged {
                charge.tags = std::sync::Arc::new([("Environment".into(), "dev".into())].into());
            }
            charge
        },
    )
}

fn snapshot(charges: &[Charge]) -> Snapshot {
    let source = SourceInfo { kind: SourceKind::Bill, location: "test".to_owned(), format: None, as_of: None };
    Snapshot { bill: Some(bill(charges)), ..Snapshot::empty(source, midnight(date(2025, 11, 24))) }
}

fn run(snapshot: &Snapshot, selection: &CheckSelection) -> Option<(JudgedWindow, CheckRun)> {
    let bill = snapshot.bill.as_ref()?;
    let window = JudgedWindow::of(bill, 62)?;
    let run = run_checks(snapshot, bill, &window, selection);
    Some((window, run))
}

/// What amounts of two divisions may differ by in their last digits.
fn is_nearly(a: Decimal, b: Decimal) -> bool {
    (a - b).abs() < Decimal::new(1, 12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_finding_saves_no_more_than_it_claims_and_can_be_computed_again(charges in prop::collection::vec(charge(), 1..120)) {
        let snapshot = snapshot(&charges);
        let Some((_, run)) = run(&snapshot, &CheckSelection::default()) else { return Ok(()) };
        for finding in &run.findings {
            prop_assert!(find(finding.check_id.as_str()).is_some());
            let claimed: Decimal = finding.claims.iter().map(|claim| claim.monthly_cost).sum();
            prop_assert!(is_nearly(claimed, finding.monthly_cost), "{}: {} claimed, costs {}", finding.check_id, claimed, finding.monthly_cost);
            for claim in &finding.claims {
                prop_assert!(claim.monthly_savings >= Decimal::ZERO && claim.monthly_savings <= claim.monthly_cost, "{}", finding.check_id);
                prop_assert_eq!(&claim.key.billing_currency, &finding.currency);
                prop_assert_eq!(claim.key.period_start, None);
            }
            match &finding.savings {
                None => prop_assert_eq!(finding.kind, FindingKind::Investigation, "{} recommends without a saving", finding.check_id),
                Some(savings) => {
                    prop_assert!(savings.monthly > Decimal::ZERO);
                    prop_assert!(savings.monthly <= finding.monthly_cost + Decimal::new(1, 12), "{}", finding.check_id);
                    prop_assert_eq!(savings.annual, savings.monthly * Decimal::from(12));
                    prop_assert_eq!(evaluate(&savings.formula, &savings.evidence), Ok(savings.monthly));
                    let shared_out: Decimal = finding.claims.iter().map(|claim| claim.monthly_savings).sum();
                    prop_assert!(is_nearly(shared_out, savings.monthly), "{}", finding.check_id);
                }
            }
        }
    }

    #[test]
    fn findings_have_ids_of_their_own_and_stand_in_order(charges in prop::collection::vec(charge(), 1..120)) {
        let snapshot = snapshot(&charges);
        let Some((_, run)) = run(&snapshot, &CheckSelection::default()) else { return Ok(()) };
        prop_assert_eq!(run.checks_run.len(), ALL.len());
        let mut ids = BTreeSet::new();
        for finding in &run.findings {
            prop_assert!(ids.insert(&finding.finding_id), "{} says the same twice of {}", finding.check_id, finding.subject);
            prop_assert!(!finding.title.is_empty());
        }
        let savings: Vec<Decimal> = run.findings.iter().map(|finding| finding.savings.as_ref().map_or(Decimal::ZERO, |savings| savings.monthly)).collect();
        prop_assert!(savings.is_sorted_by(|a, b| a >= b));
    }

    #[test]
    fn net_savings_are_no_more_than_what_is_spent(charges in prop::collection::vec(charge(), 1..120)) {
        let snapshot = snapshot(&charges);
        let Some((window, mut run)) = run(&snapshot, &CheckSelection::default()) else { return Ok(()) };
        let net: Decimal = resolve_conflicts(&mut run.findings).iter().map(|total| total.net_monthly).sum();
        // Claims are capped group by group at no less than 0, so what is credited in one group does not limit another.
        let positive: Decimal = charges.iter().map(|charge| charge.effective_cost.max(Decimal::ZERO)).sum();
        prop_assert!(net <= window.to_month(positive) + Decimal::new(1, 12));
    }

    #[test]
    fn the_same_snapshot_gives_the_same_analysis(charges in prop::collection::vec(charge(), 1..120)) {
        let options = AnalysisOptions { days: 62, selection: CheckSelection::default() };
        let bytes = |charges: &[Charge]| {
            let analysis = analyze(&snapshot(charges), &options);
            let checks = (&analysis.checks.findings, &analysis.checks.not_evaluated, &analysis.checks.checks_run);
            serde_json::to_string(&(&analysis.spend, checks, &analysis.savings)).unwrap()
        };
        let mut reversed = charges.clone();
        reversed.reverse();
        prop_assert_eq!(bytes(&charges), bytes(&charges));
        prop_assert_eq!(bytes(&charges), bytes(&reversed));
    }

    #[test]
    fn a_skipped_check_says_nothing(charges in prop::collection::vec(charge(), 1..120), at in any::<prop::sample::Index>()) {
        if ALL.is_empty() {
            return Ok(());
        }
        let id = ALL[at.index(ALL.len())].meta().id;
        let snapshot = snapshot(&charges);
        let skip = CheckSelection { skip: vec![id.into()], ..CheckSelection::default() };
        let only = CheckSelection { only: vec![id.into()], ..CheckSelection::default() };
        let Some((_, all)) = run(&snapshot, &CheckSelection::default()) else { return Ok(()) };
        let (_, without) = run(&snapshot, &skip).unwrap();
        let (_, alone) = run(&snapshot, &only).unwrap();
        prop_assert!(without.findings.iter().all(|finding| finding.check_id.as_str() != id));
        prop_assert!(alone.findings.iter().all(|finding| finding.check_id.as_str() == id));
        prop_assert_eq!(all.findings.len(), without.findings.len() + alone.findings.len());
    }
}

#[test]
fn the_bills_of_these_tests_make_checks_speak() {
    let mut runner = TestRunner::deterministic();
    let mut spoken = BTreeSet::new();
    for _ in 0..20 {
        let charges = prop::collection::vec(charge(), 100..120).new_tree(&mut runner).unwrap().current();
        let findings = run(&snapshot(&charges), &CheckSelection::default()).map(|(_, run)| run.findings).unwrap_or_default();
        spoken.extend(findings.into_iter().map(|finding| finding.check_id));
    }
    assert!(spoken.len() >= 8, "of {} checks only {spoken:?} find something", ALL.len());
}

#[test]
fn without_charges_nothing_is_found() {
    let analysis = analyze(&snapshot(&[]), &AnalysisOptions { days: 30, selection: CheckSelection::default() });
    assert!(analysis.checks.findings.is_empty());
    assert_eq!(analysis.window, None);
}
