//! One directory, and several who use it.

use std::sync::Barrier;
use std::thread;
use std::time::SystemTime;

use super::*;

#[test]
fn nobody_else_can_read_answers() {
    use std::os::unix::fs::PermissionsExt as _;

    let parent = TempDir::new().unwrap();
    let path = parent.path().join("cache");
    let cache = AnswerCache::with_disk(MEGABYTE, &path).unwrap();
    put(&cache, "a", b"answer");
    let _ = cache.get(&key("a"), noon());
    cache.persist_counts().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let first_digits = path.join(&key("a").to_string()[..2]);
    assert_eq!((mode(&path), mode(&first_digits)), (0o700, 0o700));
    for file in [first_digits.join(format!("{}.answer", key("a"))), path.join("totals.json"), path.join("totals.lock")] {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn clear_and_remove_expired_take_our_entries_and_nothing_else() {
    let directory = TempDir::new().unwrap();
    let cache = open(&directory);
    put(&cache, "a", b"answer");
    cache.put(&key("b"), PRICES, b"answer", Duration::from_hours(1), Decimal::ZERO, noon());
    put(&cache, "damaged", b"answer");
    fs::write(file_of(&directory, "damaged"), "garbage").unwrap();
    let in_ours = file_of(&directory, "b").with_file_name("notes.answer");
    let elsewhere = directory.path().join(format!("{}.answer", key("b")));
    let other_digits = file_of(&directory, "b").with_file_name(format!("{}.answer", key("a")));
    let foreign = [directory.path().join("notes.txt"), in_ours, elsewhere, other_digits];
    for file in &foreign {
        fs::write(file, "a user's").unwrap();
    }
    let young = file_of(&directory, "b").with_file_name(".unfinished-young");
    let old = directory.path().join(".unfinished-old");
    fs::write(&young, "being written").unwrap();
    fs::write(&old, "left").unwrap();
    let two_hours_ago = SystemTime::now().checked_sub(Duration::from_hours(2)).unwrap();
    fs::File::options().write(true).open(&old).unwrap().set_modified(two_hours_ago).unwrap();

    assert_eq!(cache.remove_expired(after(30)).unwrap(), 2, "the expired one and the damaged one");
    assert_eq!((bytes(&cache, "a", noon()), bytes(&cache, "b", after(30)).is_some()), (None, true));
    assert!(young.exists() && !old.exists());
    assert_eq!(cache.clear().unwrap(), 1);
    assert_eq!(bytes(&cache, "b", noon()), None, "in neither level");
    assert!(foreign.iter().all(|file| file.exists()));
    assert_eq!(cache.clear().unwrap(), 0);
}

#[test]
fn clear_follows_no_link() {
    let (directory, elsewhere) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    put(&open(&elsewhere), "a", b"answer");
    let digits = &key("a").to_string()[..2];
    std::os::unix::fs::symlink(elsewhere.path().join(digits), directory.path().join(digits)).unwrap();
    assert_eq!(open(&directory).clear().unwrap(), 0);
    assert!(file_of(&elsewhere, "a").exists());
}

#[test]
fn the_totals_have_every_run_once() {
    let directory = TempDir::new().unwrap();
    let cache = open(&directory);
    put(&cache, "a", b"answer");
    let _ = cache.get(&key("a"), noon());
    cache.persist_counts().unwrap();
    cache.persist_counts().unwrap();
    let _ = cache.get(&key("none"), noon());
    let expected = CacheCounts { hits: 1, misses: 1, saved_usd: cent() };
    assert_eq!(cache.stats(noon()).unwrap().lifetime, expected, "what is not persisted yet included");
    cache.persist_counts().unwrap();
    cache.clear().unwrap();
    assert_eq!(open(&directory).stats(noon()).unwrap().lifetime, expected, "clearing forgets answers, not what they saved");
}

#[test]
fn damaged_totals_start_anew() {
    for damaged in ["", "garbage", "[]", r#"{"hits": -1}"#] {
        let directory = TempDir::new().unwrap();
        fs::write(directory.path().join("totals.json"), damaged).unwrap();
        let cache = open(&directory);
        let _ = cache.get(&key("none"), noon());
        cache.persist_counts().unwrap();
        let lifetime = open(&directory).stats(noon()).unwrap().lifetime;
        assert_eq!(lifetime.misses, 1, "{damaged:?}");
    }
}

#[test]
fn many_caches_over_one_directory_lose_no_count() {
    let directory = Arc::new(TempDir::new().unwrap());
    put(&open(&directory), "a", b"answer");
    let start = Arc::new(Barrier::new(8));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (directory, start) = (Arc::clone(&directory), Arc::clone(&start));
            thread::spawn(move || {
                let cache = open(&directory);
                start.wait();
                for _ in 0..20 {
                    assert!(cache.get(&key("a"), noon()).is_some());
                    cache.persist_counts().unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(open(&directory).stats(noon()).unwrap().lifetime, CacheCounts { hits: 160, misses: 0, saved_usd: Decimal::new(160, 2) });
}

#[test]
fn many_writers_and_readers_of_one_key_see_whole_answers() {
    let directory = Arc::new(TempDir::new().unwrap());
    put(&open(&directory), "a", &vec![b'a'; 50_000]);
    let start = Arc::new(Barrier::new(8));
    let threads: Vec<_> = (b'a'..b'i')
        .map(|letter| {
            let (directory, start) = (Arc::clone(&directory), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                for _ in 0..30 {
                    // A cache of its own each time, so that memory does not answer.
                    let cache = open(&directory);
                    let answer = bytes(&cache, "a", noon()).expect("an entry is replaced in one step");
                    assert!(answer.len() == 50_000 && answer.iter().all(|byte| *byte == answer[0]));
                    put(&cache, "a", &vec![letter; 50_000]);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    let left: Vec<_> = fs::read_dir(file_of(&directory, "a").parent().unwrap()).unwrap().collect();
    assert_eq!(left.len(), 1, "no unfinished file is left");
}

#[test]
fn one_cache_serves_many_threads_while_another_clears() {
    let directory = TempDir::new().unwrap();
    let (cache, other) = (open(&directory), open(&directory));
    thread::scope(|scope| {
        for thread in 0..4 {
            let cache = &cache;
            scope.spawn(move || {
                for number in 0..100 {
                    let name = format!("{thread}-{number}");
                    put(cache, &name, name.as_bytes());
                    assert_eq!(bytes(cache, &name, noon()).unwrap(), name.as_bytes());
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..20 {
                other.clear().unwrap();
                other.stats(noon()).unwrap();
            }
        });
    });
    assert_eq!(cache.run_counts().hits, 400);
}
