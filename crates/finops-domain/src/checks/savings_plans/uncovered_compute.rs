//! On-demand compute that a Compute Savings Plan would make cheaper.

use std::collections::BTreeMap;

use jiff::civil::date;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::checks::commitment::{Simulation, best_commitment};
use crate::charge::{ChargeGroup, PricingCategory};
use crate::checks::part::is_spend;
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, NotEvaluated, SavingsBasis};
use crate::id::{Currency, ServiceCode};
use crate::usage_type::is_compute_savings_plan_eligible;

#[derive(Debug)]
pub(in crate::checks) struct UncoveredCompute;

// AWS, "What are Savings Plans?": a Compute Savings Plan is a commitment in USD/hour for one or three years; usage of
// EC2, Fargate and Lambda is charged at lower rates up to it, hour by hour, and what is not used of an hour is lost.
// Its rates differ by instance family, system and region ("up to 66 %"; Lambda up to 17 %). The defaults are for one
// year without upfront payment: 27 % for m5 on Linux, 20 % for Fargate, 12 % for Lambda; general knowledge of AWS's
// rate tables, unconfirmed. Licences in the price of Windows instances are not reduced: such usage saves less.
static META: CheckMeta = CheckMeta {
    id: "savings-plans.uncovered-compute",
    title: "Compute that a savings plan would cover",
    why: "What runs all day at on-demand prices costs about a quarter more than it has to, without any change to it.",
    source: "https://docs.aws.amazon.com/savingsplans/latest/userguide/what-is-savings-plans.html",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2", "AmazonECS", "AmazonEKS", "AWSLambda"],
    parameters: &[
        Parameter { name: "ec2_discount", default: "0.27", unit: "share", about: "Assumed discount on EC2 instances: one year, no upfront payment." },
        Parameter { name: "fargate_discount", default: "0.20", unit: "share", about: "The same for Fargate." },
        Parameter { name: "lambda_discount", default: "0.12", unit: "share", about: "The same for Lambda." },
        Parameter { name: "min_days", default: "7", unit: "days", about: "Least length of the series." },
        Parameter { name: "min_monthly_saving", default: "5", unit: "currency/month", about: "Smaller savings are left out." },
    ],
    saving: "The commitment is sought that saves most over the window's hours: on-demand cost that it covers, less what it costs in all hours, used or not. The discount is assumed, by service.",
    risk: Risk::High,
    risk_note: "The commitment must be paid for one or three years, used or not; right-size and clean up first.",
    effort: Effort::Low,
    steps: &[
        "Act on the findings about idle and oversized compute first: they lower what is worth committing to.",
        "Compare with AWS's own figure: Cost Explorer, Savings Plans, recommendations (Compute, one year, no upfront), or its Purchase Analyzer.",
        "Buy less than the evidence says at first, and the rest when it proves to be used.",
    ],
    rollback: "A savings plan can be returned within 7 days of purchase, in the same calendar month and within AWS's limits (its `returnableUntil`); after that not at all.",
};

impl Check for UncoveredCompute {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        let eligible: Vec<&ChargeGroup> = context.usage().filter(|line| is_on_demand(line) && is_eligible(line)).collect();
        if eligible.is_empty() {
            return output;
        }
        let mut by_currency: BTreeMap<&Currency, Vec<&ChargeGroup>> = BTreeMap::new();
        for line in eligible {
            by_currency.entry(&line.key.billing_currency).or_default().push(line);
        }
        for (currency, lines) in by_currency {
            match judge(context, currency, &lines) {
                Ok(found) => output.findings.extend(found),
                Err(reason) => output.not_evaluated.push(NotEvaluated { check_id: META.id.into(), resource_id: None, reason }),
            }
        }
        output
    }
}

fn judge(context: &CheckContext<'_>, currency: &Currency, lines: &[&ChargeGroup]) -> Result<Option<FindingDraft>, String> {
    let (series, hours_each) = series_of(context, currency)?;
    let days = Decimal::from(series.len()) * Decimal::from(hours_each) / Decimal::from(24);
    let min_days = context.parameter("min_days");
    if days < min_days {
        return Err(format!("needs {min_days} days of compute usage, the bill has {}", days.round_dp(1)));
    }
    let discount = discount_of(context, lines);
    if discount <= Decimal::ZERO || discount >= Decimal::ONE {
        return Err(format!("the assumed discount {discount} is not between 0 and 1"));
    }
    let Some(best) = best_commitment(&series, hours_each, discount) else { return Ok(None) };
    if context.window.to_month(best.saving()) < context.parameter("min_monthly_saving") {
        return Ok(None);
    }
    let is_hourly = hours_each == 1;
    Ok(Some(FindingDraft {
        title: format!("A Compute Savings Plan of {} {currency}/hour would cover compute that is on demand", best.hourly_commitment.normalize()),
        kind: FindingKind::Recommendation,
        subject: format!("compute-savings-plan {currency}"),
        resource_id: None,
        resource_kind: None,
        sub_account_id: None,
        region_id: None,
        service_name: None,
        formula: Some("covered_on_demand - commitment_cost"),
        basis: SavingsBasis::Estimated,
        // Days hide their nights: a commitment found from daily sums is too large, its saving too high.
        confidence: if is_hourly { Confidence::Medium } else { Confidence::Low },
        evidence: evidence_of(context, currency, &series, hours_each, discount, &best),
        claims: lines.iter().map(|line| line.key.clone()).collect(),
    }))
}

fn evidence_of(
    context: &CheckContext<'_>,
    currency: &Currency,
    series: &[Decimal],
    hours_each: u32,
    discount: Decimal,
    best: &Simulation,
) -> Vec<Evidence> {
    let unit = currency.to_string();
    let step = if hours_each == 1 { "hours" } else { "days" };
    let source = format!("{} {step} of on-demand usage that a Compute Savings Plan covers", series.len());
    let bill = |name: &str, value: Decimal, unit: &str| Evidence::from_bill(name, value, unit, source.clone());
    let total: Decimal = series.iter().sum();
    let coverage = best.covered.checked_div(total).unwrap_or_default().round_dp(4);
    let mut evidence = vec![
        bill("covered_on_demand", best.covered, &unit),
        bill("commitment_cost", best.cost, &unit),
        bill("hourly_commitment", best.hourly_commitment, &format!("{unit}/hour")),
        Evidence::from_knowledge("discount", discount, "share", format!("{}: an assumption", META.source), date(2026, 11, 24)),
        bill("on_demand_cost", total, &unit),
        bill("coverage", coverage, "share"),
        bill("utilization", best.utilization(discount).round_dp(4), "share"),
    ];
    for percent in [10u32, 20, 30] {
        let rest = Decimal::ONE - Decimal::new(i64::from(percent), 2);
        let less: Vec<Decimal> = series.iter().map(|cost| cost * rest).collect();
        let then = Simulation::of(&less, hours_each, discount, best.hourly_commitment);
        let monthly = context.window.to_month(then.saving()).round_dp(2);
        evidence.push(bill(&format!("monthly_saving_if_usage_falls_{percent}_percent"), monthly, &format!("{unit}/month")));
    }
    evidence
}

/// The window's on-demand cost, hour by hour or day by day, hours without any included; and how many hours each is of.
///
/// Effective cost is taken, not list cost: negotiated rates apply to savings plans as well, and usage that the free
/// tier pays for needs no plan.
fn series_of(context: &CheckContext<'_>, currency: &Currency) -> Result<(Vec<Decimal>, u32), String> {
    let mut costs: BTreeMap<i64, Decimal> = BTreeMap::new();
    let (mut is_daily, mut is_monthly) = (true, true);
    for group in context.bill.hourly_compute.iter().filter(|group| group.key.billing_currency == *currency) {
        let Some(start) = group.key.period_start.filter(|start| context.window.period.contains(*start)) else { continue };
        let time = jiff::tz::TimeZone::UTC.to_datetime(start);
        is_daily &= time.hour() == 0;
        is_monthly &= time.hour() == 0 && time.day() == 1;
        let is_on_demand =
            group.key.pricing_category == Some(PricingCategory::Standard) && group.key.commitment_discount_type.is_none();
        let cost = if is_on_demand { group.costs.effective.max(Decimal::ZERO) } else { Decimal::ZERO };
        *costs.entry(start.as_second()).or_default() += cost;
    }
    if costs.is_empty() {
        return Err("the bill has no series of compute usage for the judged months".to_owned());
    }
    if is_monthly {
        return Err("the bill is by the month: days or hours are needed to see what runs all the time".to_owned());
    }
    let hours_each: u32 = if is_daily { 24 } else { 1 };
    let step = i64::from(hours_each) * 3600;
    let first = context.window.period.start.as_second().div_euclid(step) * step;
    let seconds = context.window.period.end.as_second() - first;
    let steps = (seconds + step - 1).div_euclid(step);
    let series = (0..steps).map(|index| costs.get(&(first + index * step)).copied().unwrap_or_default()).collect();
    Ok((series, hours_each))
}

/// The assumed discount on these lines, each service's weighed by its cost; rounded down to four decimals.
fn discount_of(context: &CheckContext<'_>, lines: &[&ChargeGroup]) -> Decimal {
    let discount = |line: &ChargeGroup| match line.key.service_code.as_ref().map(ServiceCode::as_str) {
        Some("AWSLambda") => context.parameter("lambda_discount"),
        Some("AmazonECS" | "AmazonEKS") => context.parameter("fargate_discount"),
        _ => context.parameter("ec2_discount"),
    };
    let total: Decimal = lines.iter().map(|line| line.costs.effective).sum();
    let reduced: Decimal = lines.iter().map(|line| line.costs.effective * discount(line)).sum();
    reduced.checked_div(total).unwrap_or_default().round_dp_with_strategy(4, RoundingStrategy::ToZero)
}

fn is_on_demand(line: &ChargeGroup) -> bool {
    is_spend(line) && line.key.pricing_category == Some(PricingCategory::Standard) && line.key.commitment_discount_type.is_none()
}

fn is_eligible(line: &ChargeGroup) -> bool {
    let key = &line.key;
    is_compute_savings_plan_eligible(
        key.service_code.as_ref().map(ServiceCode::as_str),
        key.usage_type.as_deref(),
        key.instance_type.as_deref(),
    )
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::META;
    use crate::charge::{Charge, ChargeGroup, ChargeKey, Costs, PricingCategory};
    use crate::checks::testing::{cents, dec, snapshot, usage};
    use crate::checks::{CheckRun, CheckSelection, JudgedWindow, formula, run_checks};

    fn group(start: &str, cost: Decimal) -> ChargeGroup {
        let mut key = ChargeKey::of_currency("USD".into());
        key.period_start = Some(start.parse().unwrap());
        key.pricing_category = Some(PricingCategory::Standard);
        let costs = Costs { billed: cost, effective: cost, list: cost, contracted: cost };
        ChargeGroup { key, costs, pricing_quantity: Decimal::ONE, rows: 1, rows_without_list_cost: 0, rows_without_contracted_cost: 0 }
    }

    /// December 2025, hour by hour, at the cost that `cost` gives for a day and an hour.
    fn hourly(cost: impl Fn(u32, u32) -> Decimal) -> Vec<ChargeGroup> {
        let hours = (1..=31).flat_map(|day| (0..24).map(move |hour| (day, hour)));
        hours.map(|(day, hour)| group(&format!("2025-12-{day:02}T{hour:02}:00:00Z"), cost(day, hour))).collect()
    }

    fn run(charges: &[Charge], series: Vec<ChargeGroup>) -> CheckRun {
        let mut snapshot = snapshot(charges);
        snapshot.bill.as_mut().unwrap().hourly_compute = series;
        let bill = snapshot.bill.as_ref().unwrap();
        let window = JudgedWindow::of(bill, 30).unwrap();
        let selection = CheckSelection { only: vec![META.id.into()], ..CheckSelection::default() };
        let run = run_checks(&snapshot, bill, &window, &selection);
        for savings in run.findings.iter().filter_map(|finding| finding.savings.as_ref()) {
            assert_eq!(formula::evaluate(&savings.formula, &savings.evidence), Ok(savings.monthly));
        }
        run
    }

    fn december(cost: &str) -> Charge {
        usage("AmazonEC2", "BoxUsage:m5.large", "744", cost).in_month("2025-12")
    }

    fn value(run: &CheckRun, name: &str) -> Decimal {
        let savings = run.findings[0].savings.as_ref().unwrap();
        savings.evidence.iter().find(|evidence| evidence.name == name).unwrap().value
    }

    #[test]
    fn steady_compute_is_covered_whole() {
        // 1.00 an hour for 744 hours, 27 % off: 0.73 an hour committed, 0.27 saved, 730 hours: 197.10.
        let run = run(&[december("744.00")], hourly(|_, _| Decimal::ONE));
        assert_eq!(cents(&run.findings[0]), dec("197.10"));
        assert_eq!(value(&run, "hourly_commitment"), dec("0.730"));
        assert_eq!(value(&run, "coverage"), dec("1"));
        assert_eq!(value(&run, "utilization"), dec("1"));
        // A tenth less usage: 0.90 covered, 0.73 paid: 0.17 × 730.
        assert_eq!(value(&run, "monthly_saving_if_usage_falls_10_percent"), dec("124.10"));
        // Three tenths less: 0.70 covered, 0.73 paid.
        assert_eq!(value(&run, "monthly_saving_if_usage_falls_30_percent"), dec("-21.90"));
    }

    #[test]
    fn the_peak_of_a_day_is_left_on_demand() {
        // 1.00 by night, 3.00 for eight hours a day: committing to the peak would stand idle for two thirds.
        let run = run(&[december("1240.00")], hourly(|_, hour| if (9..17).contains(&hour) { dec("3") } else { dec("1") }));
        // More than 73 % of the hours would have to be at the peak to commit to it; a third is.
        assert_eq!(value(&run, "hourly_commitment"), dec("0.730"));
        assert_eq!(cents(&run.findings[0]), dec("197.10"));
        assert_eq!(value(&run, "coverage"), dec("0.6"));
    }

    #[test]
    fn compute_that_runs_at_times_is_not_worth_a_commitment() {
        // Eight hours a day, nothing else: hours without usage count.
        let busy: Vec<ChargeGroup> =
            hourly(|_, _| Decimal::ONE).into_iter().enumerate().filter(|(index, _)| index % 24 < 8).map(|(_, group)| group).collect();
        let run = run(&[december("248.00")], busy);
        assert!(run.findings.is_empty() && run.not_evaluated.is_empty());
    }

    #[test]
    fn covered_and_spot_usage_needs_no_plan() {
        let covered = usage("AmazonEC2", "BoxUsage:m5.large", "744", "54.00").in_month("2025-12").with_pricing(PricingCategory::Committed);
        let spot = usage("AmazonEC2", "SpotUsage:m5.large", "744", "30.00").in_month("2025-12").with_pricing(PricingCategory::Dynamic);
        let run = run(&[covered, spot], hourly(|_, _| Decimal::ONE));
        assert!(run.findings.is_empty() && run.not_evaluated.is_empty());
    }

    #[test]
    fn each_service_has_its_own_discount() {
        // Half EC2 at 27 %, half Lambda at 12 %: 19.5 %.
        let lambda = usage("AWSLambda", "Lambda-GB-Second", "1", "372.00").in_month("2025-12");
        let run = run(&[december("372.00"), lambda], hourly(|_, _| Decimal::ONE));
        assert_eq!(value(&run, "discount"), dec("0.195"));
        // 0.195 × 730.
        assert_eq!(cents(&run.findings[0]), dec("142.35"));
    }

    #[test]
    fn a_bill_by_the_day_is_judged_with_low_confidence_and_one_by_the_month_not_at_all() {
        let days = (1..=31).map(|day| group(&format!("2025-12-{day:02}T00:00:00Z"), dec("24"))).collect();
        let daily = run(&[december("744.00")], days);
        assert_eq!(cents(&daily.findings[0]), dec("197.10"));
        assert_eq!(daily.findings[0].savings.as_ref().unwrap().confidence, crate::finding::Confidence::Low);
        let monthly = run(&[december("744.00")], vec![group("2025-12-01T00:00:00Z", dec("744"))]);
        assert!(monthly.findings.is_empty());
        assert!(monthly.not_evaluated[0].reason.starts_with("the bill is by the month"));
    }

    #[test]
    fn three_days_are_too_few() {
        let mut row = december("72.00");
        row.charge_period.end = "2025-12-04T00:00:00Z".parse().unwrap();
        let run = run(&[row], hourly(|_, _| Decimal::ONE));
        assert!(run.findings.is_empty());
        assert_eq!(run.not_evaluated[0].reason, "needs 7 days of compute usage, the bill has 3");
    }
}
