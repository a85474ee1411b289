//! The first level: entries in memory.

use jiff::Timestamp;
use moka::sync::Cache;

use super::entry::Entry;
use super::{CacheKey, CacheStats};

/// What an entry takes besides its label and its answer, roughly: key, fields, and the map's own.
const OVERHEAD_BYTES: usize = 256;

/// Entries up to a number of bytes. They expire by the time of day that the cache is told, which the library's own
/// expiry does not know, so expired ones stay until they are asked for, give way or are removed.
#[derive(Debug)]
pub(super) struct Memory {
    entries: Cache<CacheKey, Entry>,
}

impl Memory {
    pub(super) fn new(max_bytes: u64) -> Self {
        let weigher = |_: &CacheKey, entry: &Entry| u32::try_from(size(entry)).unwrap_or(u32::MAX);
        Self { entries: Cache::builder().max_capacity(max_bytes).weigher(weigher).build() }
    }

    pub(super) fn get(&self, key: &CacheKey) -> Option<Entry> {
        self.entries.get(key)
    }

    pub(super) fn put(&self, key: CacheKey, entry: Entry) {
        self.entries.insert(key, entry);
    }

    pub(super) fn stats(&self, now: Timestamp) -> CacheStats {
        self.entries.run_pending_tasks();
        let mut stats = CacheStats::default();
        for (_, entry) in &self.entries {
            stats.add(&entry.label, entry.is_active(now), size(&entry) as u64);
        }
        stats
    }

    pub(super) fn clear(&self) -> u64 {
        self.remove_where(|_| true)
    }

    pub(super) fn remove_expired(&self, now: Timestamp) -> u64 {
        self.remove_where(|entry| !entry.is_active(now))
    }

    fn remove_where(&self, is_removed: impl Fn(&Entry) -> bool) -> u64 {
        self.entries.run_pending_tasks();
        let keys = self.entries.iter().filter(|(_, entry)| is_removed(entry)).map(|(key, _)| *key);
        keys.map(|key| u64::from(self.entries.remove(&key).is_some())).sum()
    }
}

fn size(entry: &Entry) -> usize {
    entry.bytes.len() + entry.label.len() + OVERHEAD_BYTES
}
