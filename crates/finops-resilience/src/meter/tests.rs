use std::sync::{Arc, Barrier};
use std::thread;

use proptest::prelude::*;

use super::*;

const COSTS: &str = "ce:GetCostAndUsage";

fn usd(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn the_cap_may_be_reached_and_not_passed_and_what_is_free_goes_on() {
    let meter = CallMeter::new(Some(usd("0.02")));
    meter.reserve(COSTS, usd("0.01")).unwrap();
    meter.reserve(COSTS, usd("0.01")).unwrap();
    let over = meter.reserve(COSTS, usd("0.01")).unwrap_err();
    assert_eq!((over.spent, over.cap), (usd("0.02"), usd("0.02")));
    let text = "ce:GetCostAndUsage would take the cost of this run's own calls over its cap: 0.02 of 0.02 USD are spent";
    assert_eq!(over.to_string(), text);
    meter.reserve("ec2:DescribeVolumes", Decimal::ZERO).unwrap();
    assert_eq!(meter.total_cost_usd(), usd("0.02"));
    assert_eq!(meter.refused(), BTreeMap::from([(COSTS.to_owned(), 1)]));
    assert_eq!(meter.counts()[COSTS].calls, 2);
}

#[test]
fn a_cap_of_zero_lets_only_free_calls_through() {
    for cap in [Decimal::ZERO, usd("-1")] {
        let meter = CallMeter::new(Some(cap));
        meter.reserve("ec2:DescribeVolumes", Decimal::ZERO).unwrap();
        meter.reserve("ec2:DescribeVolumes", usd("-5")).unwrap();
        meter.reserve(COSTS, usd("0.00001")).unwrap_err();
        assert_eq!(meter.total_cost_usd(), Decimal::ZERO);
    }
}

#[test]
fn a_dear_call_that_is_refused_leaves_room_for_a_cheap_one() {
    let meter = CallMeter::new(Some(usd("0.05")));
    meter.reserve("a:Dear", usd("0.06")).unwrap_err();
    meter.reserve("b:Cheap", usd("0.05")).unwrap();
}

#[test]
fn without_a_cap_nothing_is_refused_and_no_sum_overflows() {
    let meter = CallMeter::new(None);
    meter.reserve(COSTS, Decimal::MAX).unwrap();
    meter.reserve(COSTS, Decimal::MAX).unwrap();
    meter.cached(COSTS, Decimal::MAX);
    meter.cached(COSTS, Decimal::MAX);
    assert_eq!(meter.total_cost_usd(), Decimal::MAX);
}

#[test]
fn outcomes_are_counted_by_operation() {
    let meter = CallMeter::new(None);
    for _ in 0..3 {
        meter.reserve(COSTS, usd("0.01")).unwrap();
    }
    meter.failed(COSTS);
    meter.throttled(COSTS);
    meter.cached(COSTS, usd("0.01"));
    meter.cached("pricing:GetProducts", Decimal::ZERO);
    let expected = CallCount { calls: 3, failures: 1, throttled: 1, cached: 1, cost_usd: usd("0.03"), saved_usd: usd("0.01") };
    assert_eq!(meter.counts()[COSTS], expected);
    assert_eq!(meter.counts()["pricing:GetProducts"], CallCount { cached: 1, ..CallCount::default() });
}

#[test]
fn many_threads_together_spend_the_cap_exactly() {
    let meter = Arc::new(CallMeter::new(Some(usd("1.00"))));
    let start = Arc::new(Barrier::new(16));
    let threads: Vec<_> = (0..16)
        .map(|_| {
            let (meter, start) = (Arc::clone(&meter), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                (0..50).filter(|_| meter.reserve(COSTS, usd("0.01")).is_ok()).count()
            })
        })
        .collect();
    let passed: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    assert_eq!(passed, 100);
    assert_eq!(meter.total_cost_usd(), usd("1.00"));
    assert_eq!(meter.counts()[COSTS].calls, 100);
    assert_eq!(meter.refused()[COSTS], 700);
}

proptest! {
    #[test]
    fn the_total_is_the_sum_of_what_passed_and_within_the_cap(
        cap in 0_i64..500, prices in prop::collection::vec((0_usize..3, 0_i64..60), 0..100),
    ) {
        let cap = Decimal::new(cap, 2);
        let meter = CallMeter::new(Some(cap));
        let mut passed = Decimal::ZERO;
        let sent = prices.len();
        for (operation, price) in prices {
            let price = Decimal::new(price, 2);
            if meter.reserve(["a:A", "b:B", "c:C"][operation], price).is_ok() {
                passed += price;
            }
        }
        prop_assert_eq!(meter.total_cost_usd(), passed);
        prop_assert!(passed <= cap);
        prop_assert_eq!(meter.counts().values().map(|count| count.cost_usd).sum::<Decimal>(), passed);
        prop_assert_eq!(meter.counts().values().map(|count| count.calls).sum::<u64>() + meter.refused().values().sum::<u64>(), sent as u64);
    }
}
