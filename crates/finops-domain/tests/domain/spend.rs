//! Spend of small bills, with numbers worked out by hand.

use finops_domain::charge::{Charge, ChargeCategory, CommitmentDiscountStatus, PricingCategory};
use finops_domain::checks::JudgedWindow;
use finops_domain::spend::{SpendSummary, summarise};
use jiff::civil::date;
use rust_decimal::Decimal;

use crate::charges::{bill, day, days, decimal, month, usage};

fn summary(charges: &[Charge]) -> SpendSummary {
    let bill = bill(charges);
    summarise(&bill, JudgedWindow::of(&bill, 30).as_ref())
}

fn monthly(text: &str, service: &str, cost: &str) -> Charge {
    usage(month(text), service, decimal(cost))
}

fn of_category(charge_category: ChargeCategory, text: &str, cost: &str) -> Charge {
    Charge { charge_category, pricing_category: None, ..monthly(text, "EC2", cost) }
}

/// EC2 that costs 100 a day, give or take the weekday, from a Monday on.
fn weeks(count: i64) -> Vec<Charge> {
    let cost = |index: i64| if index % 7 >= 5 { "60" } else { "100" };
    days(date(2025, 9, 1), count).zip(0..).map(|(date, index)| usage(day(date), "EC2", decimal(cost(index)))).collect()
}

#[test]
fn services_are_listed_by_cost_with_their_months() {
    let charges = [monthly("2025-09", "S3", "10.5"), monthly("2025-10", "S3", "20.25"), monthly("2025-10", "EC2", "69.25")];
    let rows = summary(&charges).by_service;
    assert_eq!(rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["EC2", "S3"]);
    assert_eq!(rows[0].monthly_effective_cost, [decimal("0"), decimal("69.25")]);
    assert_eq!(rows[1].effective_cost, decimal("30.75"));
    assert_eq!(rows[1].share, decimal("0.3075"));
}

#[test]
fn accounts_carry_their_names_and_what_is_open_is_shown() {
    let unknown = Charge { region_id: None, sub_account_id: None, ..monthly("2025-10", "Support", "1") };
    let spend = summary(&[monthly("2025-10", "EC2", "9"), unknown]);
    assert_eq!(spend.by_account[0].label.as_deref(), Some("shop"));
    assert_eq!(spend.by_account[1].key, "(none)");
    assert_eq!(spend.by_region[1].key, "(none)");
}

#[test]
fn currencies_are_never_added() {
    let euro = Charge { billing_currency: "EUR".into(), ..monthly("2025-10", "EC2", "500") };
    let spend = summary(&[monthly("2025-10", "EC2", "9"), euro]);
    let rows: Vec<_> = spend.by_service.iter().map(|row| (row.currency.as_str(), row.effective_cost, row.share)).collect();
    assert_eq!(rows, [("EUR", decimal("500"), Decimal::ONE), ("USD", decimal("9"), Decimal::ONE)]);
}

#[test]
fn values_of_a_tag_and_the_untagged_rest_add_up_to_usage() {
    let tagged = |value: &str, cost: &str| Charge {
        tags: std::sync::Arc::new([("team".into(), value.into())].into()),
        ..monthly("2025-10", "EC2", cost)
    };
    let tax = of_category(ChargeCategory::Tax, "2025-10", "19");
    let spend = summary(&[tagged("web", "40"), tagged("", "5"), monthly("2025-10", "S3", "55"), tax]);
    let rows: Vec<_> = spend.by_tag["team"].iter().map(|row| (row.key.as_str(), row.effective_cost)).collect();
    assert_eq!(rows, [("web", decimal("40")), ("(empty)", decimal("5")), ("(untagged)", decimal("55"))]);
    assert_eq!(spend.allocation[0].usage_cost, decimal("100"));
    assert_eq!(spend.allocation[0].with_tags, decimal("45"));
    assert_eq!(spend.allocation[0].by_tag_key["team"], decimal("45"));
}

#[test]
fn values_beyond_the_fiftieth_are_added_up() {
    let tagged = |index: i64| Charge {
        tags: std::sync::Arc::new([("team".into(), format!("t{index:02}").into())].into()),
        ..usage(month("2025-10"), "EC2", Decimal::from(index))
    };
    let charges: Vec<_> = (1..=53).map(tagged).collect();
    let spend = summary(&charges);
    let rows = &spend.by_tag["team"];
    assert_eq!(rows.len(), 52);
    assert_eq!((rows[50].key.as_str(), rows[50].effective_cost), ("(other values)", Decimal::from(1 + 2 + 3)));
    assert_eq!((rows[51].key.as_str(), rows[51].effective_cost), ("(untagged)", Decimal::ZERO));
}

#[test]
fn savings_already_had_are_of_usage_alone() {
    let mut negotiated = monthly("2025-10", "S3", "80");
    negotiated.list_cost = Some(decimal("100"));
    let mut covered = monthly("2025-10", "EC2", "60");
    covered.contracted_cost = Some(decimal("90"));
    covered.list_cost = Some(decimal("90"));
    covered.pricing_category = Some(PricingCategory::Committed);
    covered.commitment_discount_status = Some(CommitmentDiscountStatus::Used);
    let mut unused = monthly("2025-10", "EC2", "12");
    unused.commitment_discount_status = Some(CommitmentDiscountStatus::Unused);
    unused.contracted_cost = None;
    let credit = Charge { list_cost: None, contracted_cost: None, ..of_category(ChargeCategory::Credit, "2025-10", "-50") };
    let total = &summary(&[negotiated, covered, unused, credit]).total[0];
    assert_eq!(total.negotiated_savings, Some(decimal("20")));
    assert_eq!(total.commitment_savings, Some(decimal("18")));
}

#[test]
fn a_missing_list_cost_is_no_saving_of_zero() {
    let unpriced = Charge { list_cost: None, ..monthly("2025-10", "S3", "80") };
    let total = &summary(&[unpriced, monthly("2025-10", "EC2", "1")]).total[0];
    assert_eq!(total.negotiated_savings, None);
    assert_eq!(total.commitment_savings, Some(Decimal::ZERO));
}

#[test]
fn months_change_against_the_whole_month_before() {
    let spend = summary(&[monthly("2025-08", "EC2", "100"), monthly("2025-09", "EC2", "105"), monthly("2025-10", "EC2", "84")]);
    let changes: Vec<_> = spend.monthly.iter().map(|month| (month.month.as_str(), month.is_complete, month.change)).collect();
    assert_eq!(changes, [("2025-08", true, None), ("2025-09", true, Some(decimal("0.05"))), ("2025-10", true, Some(decimal("-0.2")))]);
}

#[test]
fn a_month_under_way_is_no_fall() {
    let charges: Vec<_> = days(date(2025, 10, 1), 41).map(|date| usage(day(date), "EC2", decimal("10"))).collect();
    let spend = summary(&charges);
    assert!(spend.monthly[0].is_complete);
    assert!(!spend.monthly[1].is_complete);
    assert_eq!(spend.monthly[1].change, None);
    assert!(spend.movers.is_empty());
}

#[test]
fn movers_are_those_that_changed_most() {
    let charges = [
        monthly("2025-09", "EC2", "100"),
        monthly("2025-10", "EC2", "130"),
        monthly("2025-09", "S3", "50"),
        monthly("2025-10", "RDS", "7"),
        monthly("2025-09", "SNS", "3"),
        monthly("2025-10", "SNS", "3"),
    ];
    let movers = summary(&charges).movers;
    let services: Vec<_> =
        movers.iter().filter(|mover| mover.dimension == "service").map(|mover| (mover.key.as_str(), mover.change)).collect();
    assert_eq!(services, [("S3", decimal("-50")), ("EC2", decimal("30")), ("RDS", decimal("7"))]);
    let account = movers.iter().find(|mover| mover.dimension == "account").unwrap();
    assert_eq!((account.from_cost, account.to_cost), (decimal("153"), decimal("140")));
}

#[test]
fn a_source_of_monthly_rows_has_no_days() {
    let spend = summary(&[monthly("2025-09", "EC2", "100"), monthly("2025-10", "EC2", "105")]);
    assert!(spend.daily.is_empty());
    assert!(spend.anomalies.is_empty());
}

#[test]
fn days_are_of_usage_alone() {
    let mut charges = weeks(21);
    charges.push(of_category(ChargeCategory::Tax, "2025-09", "19"));
    let daily = summary(&charges).daily;
    assert_eq!(daily.len(), 21);
    assert_eq!(daily[0].effective_cost, decimal("100"));
}

#[test]
fn a_spike_is_found_with_its_excess() {
    let mut charges = weeks(50);
    charges.push(usage(day(date(2025, 10, 15)), "EC2", decimal("250")));
    let anomalies = summary(&charges).anomalies;
    assert_eq!(anomalies.len(), 1);
    let spike = &anomalies[0];
    assert_eq!((spike.date, spike.service_name.as_str(), spike.account_id.as_str()), (date(2025, 10, 15), "EC2", "111111111111"));
    assert_eq!((spike.cost, spike.expected, spike.excess), (decimal("350"), decimal("100"), decimal("250")));
    // The deviation is 0, so the floor counts: 5 % of 100 and 1; 250 ÷ 6.
    assert_eq!(spike.score, decimal("41.7"));
}

#[test]
fn neither_a_flat_series_nor_weekends_stand_out() {
    assert!(summary(&weeks(60)).anomalies.is_empty());
    let flat: Vec<_> = days(date(2025, 9, 1), 60).map(|date| usage(day(date), "EC2", decimal("100"))).collect();
    assert!(summary(&flat).anomalies.is_empty());
}

#[test]
fn a_monthly_fee_on_the_first_is_no_anomaly() {
    let mut charges = weeks(70);
    charges.extend(["2025-09", "2025-10", "2025-11"].map(|text| monthly(text, "Route 53", "200")));
    assert!(summary(&charges).anomalies.is_empty());
}

#[test]
fn a_new_level_is_an_anomaly_for_a_week_only() {
    let mut charges = weeks(60);
    charges.extend(days(date(2025, 10, 6), 25).map(|date| usage(day(date), "EC2", decimal("300"))));
    let mut dates: Vec<_> = summary(&charges).anomalies.iter().map(|anomaly| anomaly.date).collect();
    dates.sort();
    assert_eq!(dates, days(date(2025, 10, 6), 7).collect::<Vec<_>>());
}

#[test]
fn two_weeks_are_needed_before_a_day_can_stand_out() {
    let mut charges = weeks(20);
    charges.push(usage(day(date(2025, 9, 14)), "EC2", decimal("500")));
    assert!(summary(&charges).anomalies.is_empty());
}

#[test]
fn the_forecast_of_a_constant_series_is_the_constant() {
    let charges: Vec<_> = days(date(2025, 9, 1), 71).map(|date| usage(day(date), "EC2", decimal("10"))).collect();
    let forecast = summary(&charges).forecast;
    assert_eq!(forecast.len(), 2);
    let november = &forecast[0];
    assert_eq!((november.month.as_str(), november.actual), ("2025-11", decimal("100")));
    assert_eq!((november.low, november.expected, november.high), (decimal("300"), decimal("300"), decimal("300")));
    assert_eq!((forecast[1].month.as_str(), forecast[1].actual, forecast[1].expected), ("2025-12", Decimal::ZERO, decimal("310")));
}

#[test]
fn the_forecast_keeps_the_weekly_pattern() {
    // 1 September to 31 October 2025, 61 days from a Monday: November has 20 weekdays and 10 weekend days.
    let forecast = summary(&weeks(61)).forecast;
    assert_eq!(forecast[0].month, "2025-11");
    assert!((forecast[0].expected - decimal("2600")).abs() < decimal("20"), "{:?}", forecast[0]);
    assert!(forecast[0].method.contains("weekday factors"));
}

#[test]
fn a_noisy_series_gets_an_interval_around_what_is_expected() {
    let cost = |index: i64| Decimal::from(100 + (index * 37) % 23 + index / 4);
    let charges: Vec<_> = days(date(2025, 7, 1), 100).zip(0..).map(|(date, index)| usage(day(date), "EC2", cost(index))).collect();
    for forecast in summary(&charges).forecast {
        assert!(forecast.actual <= forecast.low && forecast.low < forecast.expected && forecast.expected < forecast.high, "{forecast:?}");
        assert!(forecast.expected > decimal("3500") && forecast.expected < decimal("5500"), "{forecast:?}");
        assert!(forecast.method.contains("AutoETS"), "{forecast:?}");
    }
}

#[test]
fn a_last_day_that_is_not_all_there_is_not_learned_from() {
    let mut charges: Vec<_> = days(date(2025, 9, 1), 70).map(|date| usage(day(date), "EC2", decimal("10"))).collect();
    charges.push(usage(day(date(2025, 11, 10)), "EC2", decimal("2")));
    let november = &summary(&charges).forecast[0];
    assert_eq!((november.actual, november.expected), (decimal("92"), decimal("300")));
}

#[test]
fn tax_follows_usage_and_credits_do_not_come_again() {
    let mut charges: Vec<_> = days(date(2025, 10, 1), 31).map(|date| usage(day(date), "EC2", decimal("10"))).collect();
    charges.push(of_category(ChargeCategory::Tax, "2025-10", "62"));
    charges.push(of_category(ChargeCategory::Credit, "2025-10", "-100"));
    let november = &summary(&charges).forecast[0];
    assert_eq!((november.month.as_str(), november.expected), ("2025-11", decimal("360")));
}

#[test]
fn monthly_rows_are_forecast_from_three_months_on() {
    let two = [monthly("2025-09", "EC2", "300"), monthly("2025-10", "EC2", "310")];
    assert!(summary(&two).forecast.is_empty());
    let three = [monthly("2025-08", "EC2", "310"), monthly("2025-09", "EC2", "300"), monthly("2025-10", "EC2", "310")];
    let forecast = summary(&three).forecast;
    assert_eq!((forecast[0].month.as_str(), forecast[0].expected, forecast[0].low), ("2025-11", decimal("300"), decimal("300")));
    assert_eq!((forecast[1].month.as_str(), forecast[1].expected), ("2025-12", decimal("310")));
}

#[test]
fn the_parts_add_up_to_the_source_total() {
    let correction = Charge { is_correction: true, ..monthly("2025-10", "EC2", "-3.000000001") };
    let spend = summary(&[monthly("2025-10", "EC2", "10.123456789012"), of_category(ChargeCategory::Tax, "2025-10", "1.9"), correction]);
    let line = |name: &str| spend.reconciliation.iter().find(|line| line.name == name).unwrap().effective_cost;
    assert_eq!(line("source total"), decimal("9.023456788012"));
    assert_eq!(line("Usage"), decimal("10.123456789012"));
    assert_eq!(line("Correction"), decimal("-3.000000001"));
    assert_eq!(line("total of the parts"), line("source total"));
    assert_eq!(line("difference"), Decimal::ZERO);
}

#[test]
fn malformed_rows_are_told_and_lost_money_shows_as_a_difference() {
    let mut bill = bill(&[monthly("2025-10", "EC2", "10")]);
    bill.rows_malformed = 2;
    bill.rows_read = 3;
    bill.totals[0].costs.billed += Decimal::ONE;
    let spend = summarise(&bill, None);
    assert!(spend.reconciliation[0].note.contains("2 of 3 rows"), "{}", spend.reconciliation[0].note);
    assert_eq!(spend.reconciliation.last().unwrap().billed_cost, Decimal::ONE);
    assert!(spend.reconciliation.last().unwrap().note.contains("do not add up"));
}

#[test]
fn commitments_are_used_unused_and_cover_a_share() {
    let plan = |status, cost: &str, contracted: &str| Charge {
        pricing_category: Some(PricingCategory::Committed),
        commitment_discount_type: Some("Savings Plan".into()),
        commitment_discount_status: Some(status),
        contracted_cost: Some(decimal(contracted)),
        ..monthly("2025-10", "EC2", cost)
    };
    let spot = Charge { pricing_category: Some(PricingCategory::Dynamic), ..monthly("2025-10", "EC2", "500") };
    let charges = [
        plan(CommitmentDiscountStatus::Used, "45", "60"),
        plan(CommitmentDiscountStatus::Unused, "5", "0"),
        monthly("2025-10", "EC2", "40"),
        monthly("2025-09", "EC2", "1000"),
        spot,
    ];
    let commitments = summary(&charges).commitments;
    assert_eq!(commitments.len(), 2);
    assert_eq!((commitments[0].commitment_type.as_str(), commitments[1].commitment_type.as_str()), ("all", "Savings Plan"));
    assert_eq!(commitments[0].coverage, Some(decimal("0.6")));
    assert_eq!((commitments[1].used_cost, commitments[1].unused_cost), (decimal("45"), decimal("5")));
    assert_eq!(commitments[1].utilization, Some(decimal("0.9")));
}

#[test]
fn an_empty_bill_has_an_empty_summary() {
    assert_eq!(summary(&[]), SpendSummary::default());
}
