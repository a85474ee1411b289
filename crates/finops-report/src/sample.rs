//! A report with everything in it, some of it hostile.

use std::collections::BTreeMap;

use finops_domain::charge::ChargeKey;
use finops_domain::coverage::{CoverageCell, CoverageStatus};
use finops_domain::finding::{Claim, Confidence, Evidence, FindingKind, NotEvaluated, Savings, SavingsBasis};
use finops_domain::id::{CheckId, FindingId};
use finops_domain::report::{
    AccountLabel, AdvisorSection, Coverage, CoverageByMoney, Recommendation, Report, ReportFinding, RunInfo, SCHEMA_VERSION, Scope,
};
use finops_domain::savings::SavingsTotals;
use finops_domain::snapshot::{SourceInfo, SourceKind};
use finops_domain::spend::{
    Allocation, Anomaly, CommitmentSummary, Forecast, MonthSpend, Mover, PeriodSpend, Recognition, ReconciliationLine, SpendRow,
    SpendSummary, SpendTotal, UnrecognizedSpend,
};
use jiff::ToSpan;
use rust_decimal::Decimal;

pub(crate) const PROD: &str = "123456789012";
pub(crate) const DEV: &str = "210987654321";
/// What an account's owner might call a thing.
pub(crate) const HOSTILE: &str = "=cmd|'/C calc'!A0 \u{1b}[31m\u{202e}<script>alert(1)</script> `x` [y](http://e.example) |";

pub(crate) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn row(key: &str, label: Option<&str>, effective: &str, share: &str, months: &[i64]) -> SpendRow {
    SpendRow {
        key: key.to_owned(),
        label: label.map(str::to_owned),
        currency: "USD".into(),
        billed_cost: decimal(effective) - Decimal::TEN,
        effective_cost: decimal(effective),
        list_cost: decimal(effective) * decimal("1.25"),
        contracted_cost: decimal(effective) * decimal("1.1"),
        monthly_effective_cost: months.iter().map(|month| Decimal::from(*month)).collect(),
        share: decimal(share),
    }
}

pub(crate) fn finding(check: &str, subject: &str, title: &str, monthly: Option<&str>) -> ReportFinding {
    let check = CheckId::from(check);
    let mut key = ChargeKey::of_currency("USD".into());
    key.service_name = Some("Amazon Elastic Compute Cloud".into());
    key.resource_id = Some(subject.into());
    let evidence = vec![
        Evidence::from_bill("gib_months", decimal("1000"), "GB-months", "31 rows of EU-EBS:VolumeUsage.gp2"),
        Evidence::from_knowledge(
            "gp3_price",
            decimal("0.0952"),
            "USD/GB-month",
            "https://aws.amazon.com/ebs/pricing/",
            jiff::civil::date(2025, 11, 1),
        ),
        Evidence::from_bill("claimed_cost", decimal("119"), "USD", "effective cost of the spend that the finding claims"),
        Evidence::from_bill("window_hours", decimal("730"), "hours", "length of the judged window"),
    ];
    let savings = monthly.map(|_| Savings {
        monthly: decimal("23.8"),
        annual: decimal("285.6"),
        currency: "USD".into(),
        basis: SavingsBasis::Estimated,
        confidence: Confidence::High,
        formula: "min(claimed_cost, max(0, claimed_cost - gib_months * gp3_price)) * 730 / window_hours".to_owned(),
        evidence: evidence.clone(),
    });
    let savings = savings.map(|savings| {
        let monthly = decimal(monthly.unwrap());
        if monthly == savings.monthly {
            savings
        } else {
            Savings {
                monthly,
                annual: monthly * Decimal::from(12),
                basis: SavingsBasis::Measured,
                formula: "idle_cost * 730 / window_hours".to_owned(),
                evidence: vec![
                    Evidence::from_bill("idle_cost", monthly, "USD", "31 rows"),
                    Evidence::from_bill("window_hours", decimal("730"), "hours", "length of the judged window"),
                ],
                ..savings
            }
        }
    });
    ReportFinding {
        finding_id: FindingId::of(&check, Some(&PROD.into()), Some(&"eu-west-1".into()), subject),
        check_id: check,
        resource_id: Some(subject.into()),
        resource_kind: Some("ec2:volume".into()),
        subject: subject.to_owned(),
        account_id: Some(PROD.into()),
        region_id: Some("eu-west-1".into()),
        service_name: Some("Amazon Elastic Compute Cloud".into()),
        title: title.to_owned(),
        kind: if monthly.is_some() { FindingKind::Recommendation } else { FindingKind::Investigation },
        monthly_cost: decimal("119"),
        currency: "USD".into(),
        claims: vec![Claim { key, monthly_cost: decimal("119"), monthly_savings: monthly.map(decimal).unwrap_or_default() }],
        evidence: if monthly.is_some() { Vec::new() } else { evidence },
        savings,
        suppressed: None,
        displaced_by: None,
    }
}

fn recommendation(id: &str, title: &str, findings: &[&ReportFinding], monthly: &str, priority: &str, risk: &str) -> Recommendation {
    Recommendation {
        recommendation_id: id.to_owned(),
        title: title.to_owned(),
        why: "gp3 costs a fifth less a GB-month than gp2 and is not slower.".to_owned(),
        finding_ids: findings.iter().map(|finding| finding.finding_id.clone()).collect(),
        monthly_savings: decimal(monthly),
        currency: "USD".into(),
        priority: priority.to_owned(),
        risk: risk.to_owned(),
        risk_note: "The volume is slower while it is changed.".to_owned(),
        effort: "low".to_owned(),
        payback_days: Some(0),
        steps: vec![
            "Look at the volume's IOPS in CloudWatch.".to_owned(),
            "aws ec2 modify-volume --region {region} --volume-id {resource} --volume-type gp3".to_owned(),
        ],
        rollback: "Change the type back after six hours.".to_owned(),
        source: "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html".to_owned(),
    }
}

fn spend() -> SpendSummary {
    let usd = || "USD".into();
    let month = |month: &str, cost: i64, is_complete: bool, change: Option<&str>| MonthSpend {
        month: month.to_owned(),
        currency: usd(),
        billed_cost: Decimal::from(cost + 20),
        effective_cost: Decimal::from(cost),
        is_complete,
        change: change.map(decimal),
    };
    let daily = (0..54i64)
        .map(|at| PeriodSpend {
            date: jiff::civil::date(2025, 10, 1).saturating_add(at.days()),
            currency: usd(),
            billed_cost: Decimal::from(390),
            effective_cost: Decimal::from(380 + (at % 7) * 6 + at * 2 + if at == 40 { 420 } else { 0 }),
        })
        .collect();
    let line = |name: &str, cost: &str, note: &str| ReconciliationLine {
        name: name.to_owned(),
        currency: usd(),
        billed_cost: decimal(cost),
        effective_cost: decimal(cost),
        note: note.to_owned(),
    };
    let services = vec![
        row("Amazon Elastic Compute Cloud", None, "18230.55", "0.4907", &[5200, 5900, 6100, 5700]),
        row("Amazon Relational Database Service", None, "8112.10", "0.2184", &[2700, 2710, 2702, 2001]),
        row("Amazon Simple Storage Service", None, "4021.77", "0.1083", &[1000, 1100, 1250, 1050]),
        row("AWS Lambda", None, "2890.00", "0.0778", &[300, 700, 990, 900]),
        row("Amazon CloudFront", None, "2101.31", "0.0566", &[700, 700, 701, 500]),
        row(HOSTILE, None, "1792.00", "0.0482", &[448, 448, 448, 448]),
    ];
    SpendSummary {
        total: vec![SpendTotal {
            currency: usd(),
            billed_cost: decimal("36980.12"),
            effective_cost: decimal("37147.73"),
            list_cost: decimal("46434.66"),
            contracted_cost: decimal("44577.28"),
            rows: 1_204_551,
            rows_without_list_cost: 12,
            rows_without_contracted_cost: 0,
            negotiated_savings: None,
            commitment_savings: Some(decimal("7429.55")),
        }],
        by_service: services,
        by_service_category: vec![row("Compute", None, "21120.55", "0.5686", &[5500, 6600, 7090, 6600])],
        by_account: vec![
            row(PROD, Some("production"), "30110.00", "0.8106", &[9000, 9500, 9900, 8200]),
            row(DEV, Some(HOSTILE), "7037.73", "0.1894", &[1348, 2058, 2291, 1399]),
        ],
        by_region: vec![
            row("eu-west-1", None, "35000.00", "0.9422", &[9, 10, 11, 9]),
            row("(none)", None, "2147.73", "0.0578", &[3, 3, 3, 3]),
        ],
        by_charge_category: vec![row("Usage", None, "37147.73", "1", &[9, 10, 11, 9])],
        by_pricing_category: vec![row("Standard", None, "30147.73", "0.8116", &[9, 10, 11, 9])],
        by_tag: BTreeMap::from([(
            "team".to_owned(),
            vec![row("payments", None, "20000", "0.5384", &[9, 10, 11, 9]), row("(untagged)", None, "17147.73", "0.4616", &[3, 3, 3, 3])],
        )]),
        daily,
        monthly: vec![
            month("2025-08", 10_348, true, None),
            month("2025-09", 11_558, true, Some("0.1169")),
            month("2025-10", 12_191, true, Some("0.0548")),
            month("2025-11", 9599, false, None),
        ],
        movers: vec![
            Mover {
                dimension: "service".to_owned(),
                key: "AWS Lambda".to_owned(),
                currency: usd(),
                from_month: "2025-09".to_owned(),
                from_cost: decimal("700"),
                to_month: "2025-10".to_owned(),
                to_cost: decimal("990"),
                change: decimal("290"),
            },
            Mover {
                dimension: "account".to_owned(),
                key: DEV.to_owned(),
                currency: usd(),
                from_month: "2025-09".to_owned(),
                from_cost: decimal("2058"),
                to_month: "2025-10".to_owned(),
                to_cost: decimal("1991"),
                change: decimal("-67"),
            },
        ],
        anomalies: vec![Anomaly {
            date: jiff::civil::date(2025, 11, 10),
            service_name: "AWS Lambda".to_owned(),
            account_id: DEV.to_owned(),
            currency: usd(),
            cost: decimal("451.20"),
            expected: decimal("31.05"),
            excess: decimal("420.15"),
            score: decimal("27.4"),
        }],
        forecast: vec![Forecast {
            month: "2025-11".to_owned(),
            currency: usd(),
            actual: decimal("9599"),
            expected: decimal("12510.40"),
            low: decimal("12110.00"),
            high: decimal("12930.00"),
            level: decimal("0.8"),
            method: "exponential smoothing over 54 days".to_owned(),
        }],
        reconciliation: vec![
            line("source total", "37147.73", "as the source adds it up"),
            line("Usage", "37147.73", "what was used"),
            line("total of the parts", "37147.73", ""),
            line("difference", "0", "nothing is unexplained"),
        ],
        allocation: vec![Allocation {
            currency: usd(),
            usage_cost: decimal("37147.73"),
            with_resource: decimal("30000"),
            with_tags: decimal("20000"),
            by_tag_key: BTreeMap::from([("team".to_owned(), decimal("20000"))]),
        }],
        commitments: vec![CommitmentSummary {
            commitment_type: "all".to_owned(),
            currency: usd(),
            used_cost: decimal("4000"),
            unused_cost: decimal("240"),
            utilization: Some(decimal("0.9434")),
            coverage: Some(decimal("0.61")),
        }],
        recognition: vec![Recognition {
            currency: usd(),
            recognized_cost: decimal("24000"),
            other_publishers_cost: decimal("700"),
            unrecognized_cost: decimal("75"),
            unrecognized_share: decimal("0.003027"),
            unrecognized: vec![UnrecognizedSpend {
                service_name: Some("AWS Newest Thing".to_owned()),
                service_code: Some("AWSNewestThing".to_owned()),
                effective_cost: decimal("75"),
            }],
            arns: 120,
            arns_recognized: 119,
        }],
    }
}

/// The report.
pub(crate) fn report() -> Report {
    let volume = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-0abc";
    let gp2 = finding("ebs.gp2-volume", volume, "Volume vol-0abc is gp2; gp3 costs less", Some("23.8"));
    let hostile = finding("ec2.idle-instance", HOSTILE, &format!("Instance {HOSTILE} is idle"), Some("412.5"));
    let mut displaced = finding("ec2.previous-generation", "i-0def", "Instance i-0def is of a previous generation", Some("40"));
    displaced.displaced_by = Some(hostile.finding_id.clone());
    let mut suppressed = finding("s3.no-lifecycle", "logs", "Bucket logs has no lifecycle", Some("8.25"));
    suppressed.suppressed = Some("kept for audit until 2026-06 (jane)".to_owned());
    let look = finding("lambda.rising-cost", "lambda", "Lambda's cost rose by half within two months", None);
    let totals = SavingsTotals {
        gross_monthly: decimal("484.55"),
        net_monthly: decimal("444.55"),
        net_annual: decimal("5334.60"),
        measured: decimal("420.75"),
        estimated: decimal("23.80"),
        currency: "USD".into(),
    };
    let recommendations = vec![
        recommendation("r-idle", "Stop or end idle instances", &[&hostile], "412.5", "high", "medium"),
        recommendation("r-gp3", "Change gp2 volumes to gp3", &[&gp2], "23.8", "medium", "low"),
    ];
    let label = |id: &str, name: &str| AccountLabel { sub_account_id: id.into(), name: Some(name.to_owned()) };
    let cell = |region: &str, service: &str, status, reason: Option<&str>, remedy: Option<&str>| CoverageCell {
        sub_account_id: Some(DEV.into()),
        region_id: Some(region.into()),
        service: service.to_owned(),
        status,
        reason: reason.map(str::to_owned),
        remedy: remedy.map(str::to_owned),
    };
    Report {
        schema_version: SCHEMA_VERSION.to_owned(),
        report_id: "finops-analysis-20251124-120000".into(),
        generated_at: "2025-11-24T12:00:00Z".parse().unwrap(),
        tool_version: "0.1.0".to_owned(),
        source: SourceInfo {
            kind: SourceKind::Demo,
            location: "demo".to_owned(),
            format: Some("FOCUS 1.0 (AWS)".to_owned()),
            as_of: Some("2025-11-24T00:00:00Z".parse().unwrap()),
        },
        scope: Scope {
            accounts: vec![label(PROD, "production"), label(DEV, HOSTILE)],
            regions: vec!["eu-west-1".into()],
            services: vec!["Amazon Elastic Compute Cloud".into(), "AWS Lambda".into()],
            period_start: Some("2025-08-01T00:00:00Z".parse().unwrap()),
            period_end: Some("2025-11-24T00:00:00Z".parse().unwrap()),
            judged_start: Some("2025-10-01T00:00:00Z".parse().unwrap()),
            judged_end: Some("2025-11-01T00:00:00Z".parse().unwrap()),
            judged_is_complete: true,
        },
        coverage: Coverage {
            complete: false,
            by_money: CoverageByMoney {
                judged: decimal("0.83"),
                no_check: decimal("0.11"),
                no_data: decimal("0.04"),
                denied: decimal("0.02"),
            },
            cells: vec![
                cell("eu-west-1", "bill", CoverageStatus::Complete, None, None),
                cell(
                    "us-east-1",
                    "cloudwatch",
                    CoverageStatus::Denied,
                    Some("cloudwatch:GetMetricData is not allowed"),
                    Some("allow it: finops iam-policy"),
                ),
            ],
            malformed_rows: vec!["cur.csv:17: `12,3` is no number".to_owned()],
            rows_malformed: 1,
            rows_read: 1_204_551,
        },
        spend: Some(spend()),
        findings: vec![hostile, displaced, gp2, suppressed, look],
        recommendations,
        savings_by_currency: vec![totals.clone()],
        savings: totals,
        native_advice: finops_domain::advice::NativeAdviceSection::default(),
        not_evaluated: vec![NotEvaluated {
            check_id: "rds.idle-instance".into(),
            resource_id: Some("db-1".to_owned()),
            reason: "the bill has no connections".to_owned(),
        }],
        checks_run: vec![
            "ebs.gp2-volume".into(),
            "ec2.idle-instance".into(),
            "ec2.previous-generation".into(),
            "lambda.rising-cost".into(),
            "s3.no-lifecycle".into(),
        ],
        advisor: AdvisorSection {
            used: false,
            reason: Some("not asked for".to_owned()),
            model_id: None,
            narrative: Vec::new(),
            rejected: Vec::new(),
        },
        run: RunInfo {
            started_at: "2025-11-24T11:59:58Z".parse().unwrap(),
            duration_seconds: 1.5,
            api_calls: BTreeMap::new(),
            api_cost: Decimal::ZERO,
            api_calls_cached: BTreeMap::new(),
            api_cost_saved: Decimal::ZERO,
        },
    }
}
