//! Which months are judged.

use finops_domain::checks::JudgedWindow;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use crate::charges::{bill, day, days, midnight, month, usage};

fn window(first: Date, count: i64, look_back: u16) -> JudgedWindow {
    let charges: Vec<_> = days(first, count).map(|date| usage(day(date), "EC2", Decimal::ONE)).collect();
    JudgedWindow::of(&bill(&charges), look_back).unwrap()
}

fn months(window: &JudgedWindow) -> Vec<String> {
    window.months.iter().map(ToString::to_string).collect()
}

#[test]
fn the_month_under_way_is_left_out() {
    let window = window(date(2025, 10, 1), 41, 30);
    assert_eq!(months(&window), ["2025-10"]);
    assert!(window.is_complete);
    assert_eq!(window.hours, 31 * 24);
}

#[test]
fn a_bill_of_one_started_month_is_judged_by_what_it_has() {
    let window = window(date(2025, 11, 1), 10, 30);
    assert_eq!(months(&window), ["2025-11"]);
    assert!(!window.is_complete);
    assert_eq!(window.hours, 10 * 24);
    assert_eq!(window.period.end, midnight(date(2025, 11, 11)));
}

#[test]
fn ninety_days_are_three_months() {
    let window = window(date(2025, 6, 1), 180, 90);
    assert_eq!(months(&window), ["2025-08", "2025-09", "2025-10"]);
    assert_eq!(window.hours, (31 + 30 + 31) * 24);
}

#[test]
fn no_more_months_than_the_bill_has() {
    let window = window(date(2025, 10, 1), 31, 365);
    assert_eq!(months(&window), ["2025-10"]);
}

#[test]
fn a_last_month_that_reaches_its_last_day_is_complete() {
    let window = window(date(2025, 9, 1), 30, 30);
    assert_eq!(months(&window), ["2025-09"]);
    assert!(window.is_complete);
}

#[test]
fn a_few_days_of_the_first_month_are_not_judged_in_place_of_more_of_the_next() {
    let window = window(date(2025, 10, 30), 22, 30);
    assert_eq!(months(&window), ["2025-11"]);
    assert!(!window.is_complete);
    assert_eq!(window.hours, 20 * 24);
}

#[test]
fn a_fee_that_runs_to_the_months_end_does_not_complete_a_daily_month() {
    let mut charges: Vec<_> = days(date(2025, 10, 1), 41).map(|date| usage(day(date), "EC2", Decimal::ONE)).collect();
    charges.push(usage(month("2025-11"), "Route 53", Decimal::ONE));
    let window = JudgedWindow::of(&bill(&charges), 30).unwrap();
    assert_eq!(months(&window), ["2025-10"]);
}

#[test]
fn a_bill_of_monthly_rows_is_complete() {
    let charges = [usage(month("2025-10"), "EC2", Decimal::ONE), usage(month("2025-11"), "EC2", Decimal::ONE)];
    let window = JudgedWindow::of(&bill(&charges), 30).unwrap();
    assert_eq!(months(&window), ["2025-11"]);
    assert!(window.is_complete);
    assert_eq!(window.hours, 30 * 24);
}

#[test]
fn a_bill_without_charges_has_no_window() {
    assert_eq!(JudgedWindow::of(&bill(&[]), 30), None);
}
