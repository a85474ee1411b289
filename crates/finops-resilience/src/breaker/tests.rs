use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;

use super::circuit::{Circuit, Ticket, Verdict};
use super::*;

const CONFIG: BreakerConfig = BreakerConfig { failure_threshold: 3, open_for: Duration::from_mins(1) };
const KEY: &str = "123456789012/eu-west-1/ec2";

fn fail_until_open(breakers: &Breakers) {
    for _ in 0..CONFIG.failure_threshold {
        breakers.admit(KEY).unwrap().failed();
    }
    assert_eq!(breakers.state(KEY), BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn failures_in_a_row_open_it_and_a_probe_closes_it() {
    let breakers = Breakers::new(CONFIG);
    fail_until_open(&breakers);
    assert_eq!(breakers.admit(KEY).unwrap_err().retry_after, Duration::from_mins(1));
    tokio::time::advance(Duration::from_millis(59_999)).await;
    assert_eq!(breakers.admit(KEY).unwrap_err().retry_after, Duration::from_millis(1));
    tokio::time::advance(Duration::from_millis(1)).await;
    let probe = breakers.admit(KEY).unwrap();
    assert_eq!(breakers.state(KEY), BreakerState::HalfOpen);
    assert_eq!(breakers.admit(KEY).unwrap_err().retry_after, CONFIG.open_for);
    probe.succeeded();
    assert_eq!(breakers.state(KEY), BreakerState::Closed);
    assert_eq!(breakers.opened(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_failed_or_throttled_probe_opens_it_for_the_whole_time_again() {
    let breakers = Breakers::new(CONFIG);
    fail_until_open(&breakers);
    for end in [Admission::failed, Admission::throttled] {
        tokio::time::advance(CONFIG.open_for).await;
        end(breakers.admit(KEY).unwrap());
        assert_eq!(breakers.admit(KEY).unwrap_err().retry_after, CONFIG.open_for);
    }
    assert_eq!(breakers.opened(), 3);
}

#[tokio::test(start_paused = true)]
async fn denied_and_throttled_requests_neither_open_it_nor_end_a_row() {
    let breakers = Breakers::new(CONFIG);
    for _ in 0..100 {
        breakers.admit(KEY).unwrap().neutral();
        breakers.admit(KEY).unwrap().throttled();
    }
    breakers.admit(KEY).unwrap().failed();
    breakers.admit(KEY).unwrap().neutral();
    breakers.admit(KEY).unwrap().failed();
    breakers.admit(KEY).unwrap().throttled();
    assert_eq!(breakers.state(KEY), BreakerState::Closed);
    breakers.admit(KEY).unwrap().failed();
    assert_eq!(breakers.state(KEY), BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn a_success_ends_a_row() {
    let breakers = Breakers::new(CONFIG);
    for _ in 0..10 {
        breakers.admit(KEY).unwrap().failed();
        breakers.admit(KEY).unwrap().failed();
        breakers.admit(KEY).unwrap().succeeded();
    }
    assert_eq!(breakers.opened(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_probe_gives_its_place_back() {
    let breakers = Breakers::new(CONFIG);
    fail_until_open(&breakers);
    tokio::time::advance(CONFIG.open_for).await;
    let request = async {
        let _probe = breakers.admit(KEY).unwrap();
        std::future::pending::<()>().await;
    };
    tokio::time::timeout(Duration::from_secs(1), request).await.unwrap_err();
    assert_eq!(breakers.state(KEY), BreakerState::HalfOpen);
    breakers.admit(KEY).unwrap().succeeded();
    assert_eq!(breakers.state(KEY), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn late_verdicts_of_before_it_opened_do_not_count() {
    let breakers = Breakers::new(CONFIG);
    let mut late: Vec<_> = (0..8).map(|_| breakers.admit(KEY).unwrap()).collect();
    fail_until_open(&breakers);
    late.pop().unwrap().succeeded();
    assert_eq!(breakers.state(KEY), BreakerState::Open);
    tokio::time::advance(CONFIG.open_for).await;
    let probe = breakers.admit(KEY).unwrap();
    late.pop().unwrap().failed();
    late.pop().unwrap().succeeded();
    drop(late.pop());
    assert_eq!(breakers.state(KEY), BreakerState::HalfOpen);
    assert!(breakers.admit(KEY).is_err(), "the probe's place is still taken");
    probe.succeeded();
    late.into_iter().for_each(Admission::failed);
    assert_eq!(breakers.state(KEY), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn whoever_waited_while_it_opened_is_turned_back() {
    let breakers = Breakers::new(CONFIG);
    let mut waiting = breakers.admit(KEY).unwrap();
    waiting.confirm().unwrap();
    fail_until_open(&breakers);
    tokio::time::advance(Duration::from_secs(20)).await;
    assert_eq!(waiting.confirm().unwrap_err().retry_after, Duration::from_secs(40));
    tokio::time::advance(Duration::from_secs(40)).await;
    let mut probe = breakers.admit(KEY).unwrap();
    probe.confirm().unwrap();
    assert!(waiting.confirm().is_err(), "one probe at a time");
    drop(waiting);
    assert!(breakers.admit(KEY).is_err(), "it had no place to give back");
    probe.succeeded();
}

#[tokio::test(start_paused = true)]
async fn whoever_waited_until_it_may_be_asked_again_is_the_probe_or_counts_anew() {
    let breakers = Breakers::new(CONFIG);
    let mut waiting: Vec<_> = (0..4).map(|_| breakers.admit(KEY).unwrap()).collect();
    fail_until_open(&breakers);
    tokio::time::advance(CONFIG.open_for).await;
    let mut probe = waiting.pop().unwrap();
    probe.confirm().unwrap();
    assert_eq!(breakers.state(KEY), BreakerState::HalfOpen);
    probe.succeeded();
    for mut late in waiting {
        late.confirm().unwrap();
        late.failed();
    }
    assert_eq!(breakers.state(KEY), BreakerState::Open);
}

#[tokio::test(start_paused = true)]
async fn one_key_s_trouble_is_not_another_s() {
    let breakers = Breakers::new(CONFIG);
    fail_until_open(&breakers);
    breakers.admit("123456789012/eu-west-1/rds").unwrap().succeeded();
    assert_eq!(breakers.state("123456789012/us-east-1/ec2"), BreakerState::Closed);
}

#[tokio::test(start_paused = true)]
async fn the_listener_hears_every_transition_and_may_ask_back() {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let breakers = Breakers::with_listener(CONFIG, {
        let heard = Arc::clone(&heard);
        move |transition| heard.lock().unwrap().push((transition.from, transition.to))
    });
    fail_until_open(&breakers);
    tokio::time::advance(CONFIG.open_for).await;
    breakers.admit(KEY).unwrap().succeeded();
    let (closed, open, half_open) = (BreakerState::Closed, BreakerState::Open, BreakerState::HalfOpen);
    assert_eq!(*heard.lock().unwrap(), [(closed, open), (open, half_open), (half_open, closed)]);
}

/// What is logged goes here.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn transitions_are_logged_without_the_account() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).without_time().with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let breakers = Breakers::new(CONFIG);
    fail_until_open(&breakers);
    tokio::time::advance(CONFIG.open_for).await;
    breakers.admit(KEY).unwrap().succeeded();
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let levels: Vec<_> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(levels, ["WARN", "INFO", "INFO"], "{text}");
    assert!(text.contains("…9012/eu-west-1/ec2") && !text.contains("123456789012"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_at_once_get_one_probe() {
    let breakers = Arc::new(Breakers::new(BreakerConfig { failure_threshold: 1, open_for: Duration::ZERO }));
    breakers.admit(KEY).unwrap().failed();
    let (probing, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let (breakers, probing, most) = (Arc::clone(&breakers), Arc::clone(&probing), Arc::clone(&most));
            tokio::spawn(async move {
                for _ in 0..200 {
                    if let Ok(probe) = breakers.admit(KEY) {
                        most.fetch_max(probing.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        tokio::task::yield_now().await;
                        probing.fetch_sub(1, Ordering::SeqCst);
                        probe.failed();
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(most.load(Ordering::SeqCst), 1);
}

#[test]
fn an_admission_may_cross_threads() {
    fn assert_send<T: Send + 'static>() {}
    assert_send::<Admission>();
    assert_send::<Breakers>();
}

#[test]
fn texts_say_whose_and_until_when_and_logs_show_no_account() {
    let open = BreakerOpen { key: KEY.into(), retry_after: Duration::from_millis(1_500) };
    let text = "the circuit breaker of 123456789012/eu-west-1/ec2 is open and lets nothing through for another 2 s";
    assert_eq!(open.to_string(), text);
    assert_eq!(with_short_account_ids(KEY), "…9012/eu-west-1/ec2");
    assert_eq!(with_short_account_ids("12345678901é/x"), "12345678901é/x");
}

/// The breaker written down again another way: whose word counts is a set of names, not a number, and the state is
/// worked out from what has happened since.
#[derive(Debug)]
struct Model {
    threshold: usize,
    open_for: u64,
    /// Failures since the last success or transition.
    failures: usize,
    opened_at: Option<u64>,
    probe: Option<usize>,
    is_half_open: bool,
    counted: Vec<usize>,
}

impl Model {
    fn state(&self) -> BreakerState {
        match (self.opened_at, self.is_half_open) {
            (_, true) => BreakerState::HalfOpen,
            (Some(_), false) => BreakerState::Open,
            (None, false) => BreakerState::Closed,
        }
    }

    fn admit(&mut self, name: usize, now: u64) -> Result<(), u64> {
        if self.is_half_open {
            if self.probe.is_some() {
                return Err(self.open_for);
            }
            self.probe = Some(name);
        } else if let Some(opened_at) = self.opened_at {
            if now - opened_at < self.open_for {
                return Err(self.open_for - (now - opened_at));
            }
            self.is_half_open = true;
            self.probe = Some(name);
            self.counted.clear();
        }
        self.counted.push(name);
        Ok(())
    }

    fn settle(&mut self, name: usize, verdict: Verdict, now: u64) {
        let Some(at) = self.counted.iter().position(|counted| *counted == name) else { return };
        self.counted.remove(at);
        let fails = if self.is_half_open { matches!(verdict, Verdict::Failed | Verdict::Throttled) } else { verdict == Verdict::Failed };
        if self.is_half_open {
            self.probe = None;
        }
        if fails {
            self.failures += 1;
            if self.is_half_open || self.failures >= self.threshold {
                (self.opened_at, self.is_half_open, self.failures) = (Some(now), false, 0);
                self.counted.clear();
            }
        } else if verdict == Verdict::Succeeded {
            self.failures = 0;
            if self.is_half_open {
                (self.opened_at, self.is_half_open) = (None, false);
                self.counted.clear();
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Admit,
    Settle(prop::sample::Index, Verdict),
}

fn step() -> impl Strategy<Value = Step> {
    let verdict = prop_oneof![
        2 => Just(Verdict::Succeeded),
        4 => Just(Verdict::Failed),
        1 => Just(Verdict::Throttled),
        1 => Just(Verdict::Neutral),
    ];
    prop_oneof![
        2 => (0_u64..8).prop_map(Step::Wait),
        5 => Just(Step::Admit),
        5 => (any::<prop::sample::Index>(), verdict).prop_map(|(index, verdict)| Step::Settle(index, verdict)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn it_does_what_the_model_does(threshold in 1_u32..5, open_for in 0_u64..12, steps in prop::collection::vec(step(), 1..80)) {
        let config = BreakerConfig { failure_threshold: threshold, open_for: Duration::from_secs(open_for) };
        let mut circuit = Circuit::new(config);
        let mut model = Model {
            threshold: threshold as usize, open_for, failures: 0, opened_at: None, probe: None, is_half_open: false, counted: Vec::new(),
        };
        let mut now = 0;
        let mut under_way: Vec<(usize, Ticket)> = Vec::new();
        for (name, step) in steps.into_iter().enumerate() {
            match step {
                Step::Wait(seconds) => now += seconds,
                Step::Admit => {
                    let admitted = circuit.admit(Duration::from_secs(now));
                    prop_assert_eq!(admitted.map(|_| ()), model.admit(name, now).map_err(Duration::from_secs));
                    under_way.extend(admitted.ok().map(|ticket| (name, ticket)));
                }
                Step::Settle(index, verdict) if !under_way.is_empty() => {
                    let (name, ticket) = under_way.swap_remove(index.index(under_way.len()));
                    circuit.settle(ticket, verdict, Duration::from_secs(now));
                    model.settle(name, verdict, now);
                }
                Step::Settle(..) => {}
            }
            prop_assert_eq!(circuit.state(), model.state());
        }
    }

    #[test]
    fn it_always_comes_back(threshold in 0_u32..5, steps in prop::collection::vec(step(), 1..80)) {
        let mut circuit = Circuit::new(BreakerConfig { failure_threshold: threshold, open_for: Duration::from_secs(10) });
        let mut now = Duration::ZERO;
        for step in steps {
            match step {
                Step::Wait(seconds) => now += Duration::from_secs(seconds),
                Step::Admit => {}
                Step::Settle(_, verdict) => if let Ok(ticket) = circuit.admit(now) { circuit.settle(ticket, verdict, now) },
            }
        }
        let ticket = circuit.admit(now + Duration::from_secs(10)).unwrap();
        circuit.settle(ticket, Verdict::Succeeded, now + Duration::from_secs(10));
        prop_assert_eq!(circuit.state(), BreakerState::Closed);
    }
}
