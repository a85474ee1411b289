mod damage;
mod sharing;

use std::fs;

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

const COSTS: &str = "ce:GetCostAndUsage";
const PRICES: &str = "pricing:GetProducts";
const HALF_AN_HOUR: Duration = Duration::from_mins(30);
const MEGABYTE: u64 = 1 << 20;

fn noon() -> Timestamp {
    "2025-11-24T12:00:00Z".parse().unwrap()
}

fn after(minutes: i64) -> Timestamp {
    noon() + SignedDuration::from_mins(minutes)
}

fn cent() -> Decimal {
    Decimal::new(1, 2)
}

fn key(name: &str) -> CacheKey {
    CacheKey::of(&[name.as_bytes()])
}

fn put(cache: &AnswerCache, name: &str, bytes: &[u8]) {
    cache.put(&key(name), COSTS, bytes, HALF_AN_HOUR, cent(), noon());
}

fn bytes(cache: &AnswerCache, name: &str, now: Timestamp) -> Option<Vec<u8>> {
    cache.get(&key(name), now).map(|answer| answer.bytes.to_vec())
}

fn open(directory: &TempDir) -> AnswerCache {
    AnswerCache::with_disk(MEGABYTE, directory.path()).unwrap()
}

fn file_of(directory: &TempDir, name: &str) -> PathBuf {
    let key = key(name).to_string();
    directory.path().join(&key[..2]).join(format!("{key}.answer"))
}

#[test]
fn an_answer_is_there_until_its_time_is_over_in_both_levels() {
    let directory = TempDir::new().unwrap();
    for cache in [AnswerCache::in_memory(MEGABYTE), open(&directory), open(&directory)] {
        if cache.get(&key("a"), noon()).is_none() {
            put(&cache, "a", b"answer");
        }
        let answer = cache.get(&key("a"), after(29)).unwrap();
        assert_eq!((answer.stored_at, answer.price_usd, &*answer.bytes), (noon(), cent(), b"answer".as_slice()));
        assert_eq!(bytes(&cache, "a", after(30)), None, "the end is not included");
        assert_eq!(bytes(&cache, "b", noon()), None);
    }
    assert_eq!(bytes(&open(&directory), "a", after(30)), None);
    assert!(file_of(&directory, "a").exists(), "an expired entry stays until it is removed or replaced");
}

#[test]
fn a_time_of_nothing_keeps_nothing_and_one_without_end_does_no_harm() {
    let directory = TempDir::new().unwrap();
    for cache in [AnswerCache::in_memory(MEGABYTE), open(&directory)] {
        cache.put(&key("a"), COSTS, b"", Duration::ZERO, cent(), noon());
        assert_eq!(bytes(&cache, "a", noon()), None);
        cache.put(&key("a"), COSTS, b"", Duration::MAX, cent(), noon());
        let _ = cache.get(&key("a"), Timestamp::MAX);
        cache.put(&key("b"), COSTS, b"", HALF_AN_HOUR, cent(), Timestamp::MAX);
        assert_eq!(bytes(&cache, "b", Timestamp::MAX), None);
    }
}

#[test]
fn an_answer_from_the_future_is_none() {
    let directory = TempDir::new().unwrap();
    put(&open(&directory), "a", b"answer");
    assert!(bytes(&open(&directory), "a", after(-1)).is_some(), "two clocks may differ a little");
    assert_eq!(bytes(&open(&directory), "a", after(-2)), None);
}

#[test]
fn a_later_answer_replaces_an_earlier_one() {
    let directory = TempDir::new().unwrap();
    let (ours, theirs) = (open(&directory), open(&directory));
    put(&ours, "a", b"first");
    assert_eq!(bytes(&theirs, "a", noon()).unwrap(), b"first");
    ours.put(&key("a"), COSTS, b"second", HALF_AN_HOUR, cent(), after(40));
    assert_eq!(bytes(&theirs, "a", after(41)).unwrap(), b"second", "memory's is expired, the file's is not");
}

#[cfg(unix)]
#[cfg(unix)]
#[cfg(unix)]
#[test]
fn memory_alone_is_cleared_and_tidied_as_well() {
    let cache = AnswerCache::in_memory(MEGABYTE);
    put(&cache, "a", b"answer");
    cache.put(&key("b"), PRICES, b"answer", Duration::from_hours(1), Decimal::ZERO, noon());
    let stats = cache.stats(after(30)).unwrap();
    assert_eq!((stats.entries, stats.active, stats.expired), (2, 1, 1));
    assert_eq!(cache.remove_expired(after(30)).unwrap(), 1);
    assert_eq!(cache.clear().unwrap(), 1);
    assert_eq!(cache.stats(noon()).unwrap().entries, 0);
    cache.persist_counts().unwrap();
}

#[test]
fn memory_stays_within_its_bound() {
    let cache = AnswerCache::in_memory(100_000);
    for number in 0..1_000 {
        put(&cache, &number.to_string(), &[0; 1_000]);
    }
    put(&cache, "larger than all", &vec![0; 200_000]);
    let stats = cache.stats(noon()).unwrap();
    assert!((50_000..=100_000).contains(&stats.bytes), "{}", stats.bytes);
}

#[test]
fn the_disk_has_what_the_memory_has_no_room_for() {
    let directory = TempDir::new().unwrap();
    let cache = AnswerCache::with_disk(10_000, directory.path()).unwrap();
    for number in 0..100 {
        put(&cache, &number.to_string(), &[number; 1_000]);
    }
    for number in 0..100 {
        assert_eq!(bytes(&cache, &number.to_string(), noon()).unwrap(), [number; 1_000]);
    }
}

#[test]
fn statistics_say_what_is_there_by_label_and_what_it_saved() {
    let directory = TempDir::new().unwrap();
    let cache = open(&directory);
    put(&cache, "a", b"answer");
    put(&cache, "b", b"answer");
    cache.put(&key("c"), PRICES, b"answer", Duration::from_hours(1), Decimal::ZERO, noon());
    let damaged = file_of(&directory, "damaged");
    fs::create_dir_all(damaged.parent().unwrap()).unwrap();
    fs::write(&damaged, "garbage").unwrap();
    for name in ["a", "a", "c", "none"] {
        let _ = cache.get(&key(name), noon());
    }
    assert_eq!(cache.run_counts(), CacheCounts { hits: 3, misses: 1, saved_usd: Decimal::new(2, 2) });

    let stats = open(&directory).stats(after(30)).unwrap();
    assert_eq!((stats.entries, stats.active, stats.expired, stats.unreadable), (4, 1, 2, 1));
    let size = |name: &str| fs::metadata(file_of(&directory, name)).unwrap().len();
    assert_eq!(stats.bytes, size("a") + size("b") + size("c") + 7);
    assert_eq!(stats.by_label[COSTS], LabelStats { entries: 2, active: 0, bytes: size("a") + size("b") });
    assert_eq!(stats.by_label[PRICES], LabelStats { entries: 1, active: 1, bytes: size("c") });
    assert_eq!(stats.lifetime, CacheCounts::default(), "not told yet");
    assert_eq!(cache.stats(noon()).unwrap().lifetime, cache.run_counts());
}

#[test]
fn a_key_is_the_same_in_every_run() {
    assert_eq!(key("a").to_string(), "3b196fd4907bedf51c3090e9835f2f7cb61e7ee1b2299ea3b8fed9b4183a822a");
}

proptest! {
    #[test]
    fn other_parts_make_another_key(one in prop::collection::vec("[ab]{0,3}", 0..4), other in prop::collection::vec("[ab]{0,3}", 0..4)) {
        let key = |parts: &[String]| CacheKey::of(&parts.iter().map(String::as_bytes).collect::<Vec<_>>());
        prop_assert_eq!(key(&one) == key(&other), one == other);
    }
}
