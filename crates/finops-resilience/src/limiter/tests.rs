use proptest::prelude::*;

use super::*;

const KEY: &str = "aws/123456789012/eu-west-1/ec2/DescribeVolumes";
const QUOTA: Quota = Quota { per_second: 20.0, burst: 10.0 };

/// How many are through after a time of nothing but asking.
async fn acquired_within(limits: &RateLimits, quota: Quota, time: Duration) -> u32 {
    let mut acquired = 0;
    let asking = async {
        loop {
            limits.acquire(KEY, quota).await;
            acquired += 1;
        }
    };
    let _ = tokio::time::timeout(time, asking).await;
    acquired
}

fn assert_near(actual: f64, expected: f64) {
    assert!((actual - expected).abs() < 1e-9, "{actual} is not {expected}");
}

#[tokio::test(start_paused = true)]
async fn it_takes_its_share_of_the_burst_and_of_the_rate() {
    let limits = RateLimits::new(0.5);
    assert_eq!(acquired_within(&limits, QUOTA, Duration::ZERO).await, 5);
    assert_eq!(acquired_within(&limits, QUOTA, Duration::from_millis(1_050)).await, 10);
    tokio::time::advance(Duration::from_hours(1)).await;
    assert_eq!(acquired_within(&limits, QUOTA, Duration::ZERO).await, 5, "a rest saves up one burst");
}

#[tokio::test(start_paused = true)]
async fn a_throttled_answer_halves_the_rate_and_successes_bring_it_back() {
    let limits = RateLimits::new(1.0);
    limits.acquire(KEY, QUOTA).await;
    limits.throttled(KEY, None);
    assert_near(limits.per_second(KEY).unwrap(), 10.0);
    assert_eq!(acquired_within(&limits, QUOTA, Duration::from_millis(1_050)).await, 11, "the burst that was saved up is gone");
    for _ in 0..9 {
        limits.throttled(KEY, None);
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert_near(limits.per_second(KEY).unwrap(), 1.25);
    let from = Instant::now();
    while limits.per_second(KEY).unwrap() < 20.0 {
        limits.acquire(KEY, QUOTA).await;
        limits.succeeded(KEY);
    }
    let took = from.elapsed().as_secs();
    assert!((10..25).contains(&took), "a twentieth a second, so about 19 s: {took}");
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_throttled_answers_counts_once() {
    let limits = RateLimits::new(1.0);
    limits.acquire(KEY, QUOTA).await;
    for _ in 0..50 {
        limits.throttled(KEY, None);
    }
    assert_near(limits.per_second(KEY).unwrap(), 10.0);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_until_the_service_wants_to_be_asked_again() {
    let limits = RateLimits::new(1.0);
    limits.acquire(KEY, QUOTA).await;
    limits.throttled(KEY, Some(Duration::from_secs(7)));
    limits.throttled(KEY, Some(Duration::from_secs(2)));
    let from = Instant::now();
    limits.acquire(KEY, QUOTA).await;
    assert_eq!(from.elapsed(), Duration::from_secs(7), "the longer one holds");
    limits.acquire(KEY, QUOTA).await;
    assert_eq!(from.elapsed(), Duration::from_millis(7_100), "nothing was gathered in the pause");
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_already_waits_for_the_pause_too() {
    let limits = Arc::new(RateLimits::new(1.0));
    let quota = Quota { per_second: 1.0, burst: 1.0 };
    limits.acquire(KEY, quota).await;
    let from = Instant::now();
    let waiting = tokio::spawn({
        let limits = Arc::clone(&limits);
        async move { limits.acquire(KEY, quota).await }
    });
    tokio::time::sleep(Duration::from_millis(500)).await;
    limits.throttled(KEY, Some(Duration::from_secs(10)));
    waiting.await.unwrap();
    assert_eq!(from.elapsed(), Duration::from_millis(500 + 10_000 + 1_000), "the half token that was missing, at half the rate");
}

#[tokio::test(start_paused = true)]
async fn a_mad_pause_is_believed_for_five_minutes() {
    let limits = RateLimits::new(1.0);
    limits.acquire(KEY, QUOTA).await;
    limits.throttled(KEY, Some(Duration::MAX));
    let from = Instant::now();
    limits.acquire(KEY, QUOTA).await;
    assert_eq!(from.elapsed(), Duration::from_mins(5));
}

#[tokio::test(start_paused = true)]
async fn first_come_first_served() {
    let limits = Arc::new(RateLimits::new(1.0));
    let served = Arc::new(Mutex::new(Vec::new()));
    let tasks: Vec<_> = (0..40)
        .map(|number| {
            let (limits, served) = (Arc::clone(&limits), Arc::clone(&served));
            tokio::spawn(async move {
                limits.acquire(KEY, QUOTA).await;
                served.lock().unwrap().push(number);
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(*served.lock().unwrap(), (0..40).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn nobody_overtakes_when_the_rate_rises_and_the_first_hears_of_it() {
    let limits = Arc::new(RateLimits::new(1.0));
    let quota = Quota { per_second: 16.0, burst: 1.0 };
    limits.acquire(KEY, quota).await;
    for _ in 0..4 {
        limits.throttled(KEY, None);
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    limits.acquire(KEY, quota).await;
    let from = Instant::now();
    let served = Arc::new(Mutex::new(Vec::new()));
    let wait_as = |number: u32| {
        let (limits, served) = (Arc::clone(&limits), Arc::clone(&served));
        tokio::spawn(async move {
            limits.acquire(KEY, quota).await;
            served.lock().unwrap().push((number, from.elapsed()));
        })
    };
    let mut waiting: Vec<_> = (0..100).map(wait_as).collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    // Fewer than wait, so that not everybody hears of it.
    for _ in 0..20 {
        limits.succeeded(KEY);
    }
    tokio::time::sleep(Duration::from_millis(70)).await;
    waiting.push(wait_as(100));
    for task in waiting {
        task.await.unwrap();
    }
    let served = served.lock().unwrap();
    assert_eq!(served.iter().map(|(number, _)| *number).collect::<Vec<_>>(), (0..=100).collect::<Vec<_>>());
    assert!(served[0].1 < Duration::from_millis(500), "the second that it was told is out of date: {:?}", served[0]);
}

#[tokio::test(start_paused = true)]
async fn a_future_that_is_dropped_has_taken_nothing_and_lets_the_next_one_in() {
    let limits = Arc::new(RateLimits::new(1.0));
    let quota = Quota { per_second: 1.0, burst: 1.0 };
    limits.acquire(KEY, quota).await;
    let from = Instant::now();
    let first = tokio::spawn({
        let limits = Arc::clone(&limits);
        async move { limits.acquire(KEY, quota).await }
    });
    tokio::task::yield_now().await;
    let second = tokio::spawn({
        let limits = Arc::clone(&limits);
        async move { limits.acquire(KEY, quota).await }
    });
    tokio::time::sleep(Duration::from_millis(900)).await;
    first.abort();
    second.await.unwrap();
    assert_eq!(from.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn keys_do_not_wait_for_each_other() {
    let limits = RateLimits::new(1.0);
    limits.acquire(KEY, QUOTA).await;
    limits.throttled(KEY, Some(Duration::from_mins(1)));
    let from = Instant::now();
    limits.acquire("another", QUOTA).await;
    assert_eq!(from.elapsed(), Duration::ZERO);
    limits.throttled("never acquired", None);
    assert_eq!(limits.per_second("never acquired"), None);
}

#[tokio::test(start_paused = true)]
async fn a_new_quota_keeps_how_far_it_is_slowed_down() {
    let limits = RateLimits::new(1.0);
    limits.acquire(KEY, QUOTA).await;
    limits.throttled(KEY, None);
    limits.acquire(KEY, Quota { per_second: 100.0, burst: 1.0 }).await;
    assert_near(limits.per_second(KEY).unwrap(), 50.0);
}

#[tokio::test(start_paused = true)]
async fn no_quota_and_no_share_stops_or_breaks_it() {
    for share in [f64::NAN, -1.0, 0.0, 1e-300, 1.0, f64::INFINITY] {
        for number in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0, 1e-300, 1e300, f64::INFINITY] {
            let limits = RateLimits::new(share);
            for quota in [Quota { per_second: number, burst: number }, Quota { per_second: 1.0, burst: number }] {
                for _ in 0..3 {
                    let in_time = tokio::time::timeout(Duration::from_secs(101), limits.acquire(KEY, quota)).await;
                    in_time.unwrap_or_else(|_| panic!("{share} of {quota:?}"));
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_at_once_take_no_more_than_is_there() {
    let limits = Arc::new(RateLimits::new(1.0));
    let quota = Quota { per_second: 0.01, burst: 100.0 };
    let tasks: Vec<_> = (0..400)
        .map(|_| {
            let limits = Arc::clone(&limits);
            tokio::spawn(async move { tokio::time::timeout(Duration::from_millis(300), limits.acquire(KEY, quota)).await.is_ok() })
        })
        .collect();
    let mut taken = 0;
    for task in tasks {
        taken += u32::from(task.await.unwrap());
    }
    assert_eq!(taken, 100);
}

#[derive(Clone, Debug)]
enum Step {
    Wait(Duration),
    /// Waits as long as the bucket says, then takes.
    Acquire,
    Take,
    Throttled(Duration),
    Succeeded,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0_u64..3_000).prop_map(|ms| Step::Wait(Duration::from_millis(ms))),
        4 => Just(Step::Acquire),
        6 => Just(Step::Take),
        1 => (0_u64..5_000).prop_map(|ms| Step::Throttled(Duration::from_millis(ms))),
        3 => Just(Step::Succeeded),
    ]
}

/// Runs the steps; the moments at which a token was taken, and the bucket and the moment at the end.
fn run(allowance: Allowance, steps: &[Step]) -> (Vec<Duration>, Bucket, Duration) {
    let mut now = Duration::from_secs(1_000);
    let mut bucket = Bucket::full(allowance, now);
    let mut taken = Vec::new();
    for step in steps {
        match step {
            Step::Wait(time) => now += *time,
            Step::Take => taken.extend(bucket.take(now).ok().map(|()| now)),
            Step::Acquire => {
                while let Err(wait) = bucket.take(now) {
                    now += wait;
                }
                taken.push(now);
            }
            Step::Throttled(retry_after) => bucket.throttled(now, *retry_after),
            Step::Succeeded => bucket.succeeded(now),
        }
    }
    (taken, bucket, now)
}

fn quota() -> impl Strategy<Value = Quota> {
    (0.05_f64..200.0, 0.5_f64..50.0).prop_map(|(per_second, burst)| Quota { per_second, burst })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_window_holds_more_than_the_burst_and_the_rate(quota in quota(), steps in prop::collection::vec(step(), 1..150)) {
        let (taken, ..) = run(Allowance::of(quota, 1.0), &steps);
        for (first, from) in taken.iter().enumerate() {
            for (last, to) in taken.iter().enumerate().skip(first) {
                let window = to.saturating_sub(*from);
                let most = quota.burst.max(1.0) + quota.per_second * window.as_secs_f64();
                let there = (last - first + 1) as f64;
                prop_assert!(there <= most + 1e-6, "{there} within {window:?}, {most} are allowed");
            }
        }
    }

    #[test]
    fn the_rate_stays_between_the_floor_and_the_whole(quota in quota(), steps in prop::collection::vec(step(), 1..150)) {
        let (_, bucket, _) = run(Allowance::of(quota, 1.0), &steps);
        let rate = bucket.per_second() / quota.per_second;
        prop_assert!((1.0 / 16.0 - 1e-9..=1.0).contains(&rate), "{rate}");
    }

    #[test]
    fn whoever_waits_as_told_is_served(quota in quota(), steps in prop::collection::vec(step(), 1..150)) {
        let (_, mut bucket, now) = run(Allowance::of(quota, 1.0), &steps);
        let Err(wait) = bucket.take(now) else { return Ok(()) };
        let most = 5.0 + 16.0 / quota.per_second;
        prop_assert!(wait.as_secs_f64() <= most + 1e-6, "{wait:?} is more than {most} s");
        prop_assert_eq!(bucket.take(now + wait + Duration::from_nanos(1)), Ok(()));
    }

    #[test]
    fn a_stream_of_throttled_answers_does_not_starve(quota in quota(), every_ms in 1_u64..3_000) {
        let mut now = Duration::ZERO;
        let mut bucket = Bucket::full(Allowance::of(quota, 1.0), now);
        while bucket.take(now).is_ok() {}
        let end = Duration::from_secs_f64(17.0 / quota.per_second) + Duration::from_millis(every_ms);
        while now < end {
            bucket.throttled(now, Duration::ZERO);
            now += Duration::from_millis(every_ms);
        }
        prop_assert_eq!(bucket.take(now), Ok(()));
    }

    #[test]
    fn it_halves_and_then_recovers_with_every_success(quota in quota(), steps in prop::collection::vec(step(), 1..50)) {
        let allowance = Allowance::of(quota, 1.0);
        let (_, mut bucket, mut now) = run(allowance, &steps);
        now += Duration::from_secs(2);
        let before = bucket.per_second();
        bucket.throttled(now, Duration::ZERO);
        let halved = (before / 2.0).max(quota.per_second / 16.0);
        prop_assert!((bucket.per_second() - halved).abs() < 1e-9);
        let mut successes = 0_u32;
        while bucket.per_second() < quota.per_second {
            let before = bucket.per_second();
            bucket.succeeded(now);
            prop_assert!(bucket.per_second() > before);
            successes += 1;
        }
        let most = (20.0 * quota.per_second).max(10.0) + 1.0;
        prop_assert!(f64::from(successes) <= most, "{successes} successes, {most} should do");
    }
}
