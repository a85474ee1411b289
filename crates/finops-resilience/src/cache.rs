//! Answers that need not be asked for again, in two levels: this process's memory, and a directory that outlives it.
//!
//! The cache knows bytes, not requests: its caller makes the key of all that an answer depends on, who asks among it, and puts
//! only successes.

mod disk;
mod entry;
mod memory;
#[cfg(test)]
mod tests;
mod totals;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use self::disk::Disk;
use self::entry::Entry;
use self::memory::Memory;

/// What an answer is found by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CacheKey([u8; 32]);

impl CacheKey {
    /// The SHA-256 of the parts, each with its length before it: `["ab", "c"]` and `["a", "bc"]` differ.
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

impl fmt::Display for CacheKey {
    /// 64 lowercase hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for CacheKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CacheKey({self})")
    }
}

/// An answer that was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedAnswer {
    /// When it was put, by the clock of whoever put it.
    pub stored_at: Timestamp,
    /// What the request cost that it spares, in US dollars.
    pub price_usd: Decimal,
    /// The answer, as it was put.
    pub bytes: Arc<[u8]>,
}

/// What a cache was asked for, and what that spared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CacheCounts {
    /// Answers that were there. Each is a request saved.
    pub hits: u64,
    /// Answers that were not.
    pub misses: u64,
    /// What the requests would have cost whose answers were there, in US dollars.
    pub saved_usd: Decimal,
}

impl CacheCounts {
    fn plus(self, other: Self) -> Self {
        Self {
            hits: self.hits.saturating_add(other.hits),
            misses: self.misses.saturating_add(other.misses),
            saved_usd: self.saved_usd.saturating_add(other.saved_usd),
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            hits: self.hits.saturating_sub(other.hits),
            misses: self.misses.saturating_sub(other.misses),
            saved_usd: self.saved_usd.saturating_sub(other.saved_usd),
        }
    }
}

/// What a cache holds: the directory's entries where there is one, else those in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CacheStats {
    /// All entries: active, expired and unreadable.
    pub entries: u64,
    /// Those that can still be an answer.
    pub active: u64,
    /// Those that have expired and were not removed yet.
    pub expired: u64,
    /// Those whose header is damaged. A damaged answer behind a whole header is found when it is asked for.
    pub unreadable: u64,
    /// How large all entries are together, in bytes.
    pub bytes: u64,
    /// The readable entries by the label that they were put with.
    pub by_label: BTreeMap<String, LabelStats>,
    /// All that the directory was asked for since it was made, this process's part included; of this process alone
    /// where there is no directory.
    pub lifetime: CacheCounts,
}

/// What a cache holds under one label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabelStats {
    /// Active and expired.
    pub entries: u64,
    /// Those that can still be an answer.
    pub active: u64,
    /// How large they are together, in bytes.
    pub bytes: u64,
}

impl CacheStats {
    fn add(&mut self, label: &str, is_active: bool, bytes: u64) {
        let by_label = self.by_label.entry(label.to_owned()).or_default();
        for (entries, active, total) in
            [(&mut self.entries, &mut self.active, &mut self.bytes), (&mut by_label.entries, &mut by_label.active, &mut by_label.bytes)]
        {
            *entries += 1;
            *active += u64::from(is_active);
            *total = total.saturating_add(bytes);
        }
        self.expired += u64::from(!is_active);
    }
}

/// A cache's directory could not be used. The file system's error is its source.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{}` of the cache", path.display())]
pub struct CacheError {
    action: &'static str,
    path: PathBuf,
    #[source]
    source: io::Error,
}

impl CacheError {
    fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self { action, path: path.to_owned(), source }
    }

    /// The file or directory.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Answers by key, each for the time that it was put for.
///
/// The time of day comes from the caller, in both levels. An entry is an answer from `stored_at` until its end, which is
/// not included; one that was stored more than a minute after `now` is none, since the clock was wrong then or is now.
///
/// Several processes may use one directory at once. A reader gets an entry whole or not at all; of two writers of one key
/// the later one's entry stays. With a directory, all methods but [`AnswerCache::run_counts`] may read or write a file
/// and block for that time.
#[derive(Debug)]
pub struct AnswerCache {
    memory: Memory,
    disk: Option<Disk>,
    counts: Mutex<CacheCounts>,
    /// The part of the counts that the directory's totals have already.
    persisted: Mutex<CacheCounts>,
}

impl AnswerCache {
    /// A cache of this process alone, of about this many bytes at most: what is used least gives way.
    pub fn in_memory(max_bytes: u64) -> Self {
        Self { memory: Memory::new(max_bytes), disk: None, counts: Mutex::default(), persisted: Mutex::default() }
    }

    /// A cache over a directory, which is made if it is not there, for this user alone. The bound is that of the memory;
    /// the directory grows until [`AnswerCache::remove_expired`].
    ///
    /// # Errors
    /// Where no file can be written there.
    pub fn with_disk(max_bytes: u64, directory: impl Into<PathBuf>) -> Result<Self, CacheError> {
        Ok(Self { disk: Some(Disk::open(directory.into())?), ..Self::in_memory(max_bytes) })
    }

    /// The answer of a key, if there is one at this time. What is expired or damaged is a miss; a damaged file is removed.
    pub fn get(&self, key: &CacheKey, now: Timestamp) -> Option<CachedAnswer> {
        let entry = self.memory.get(key).filter(|entry| entry.is_active(now)).or_else(|| {
            let entry = self.disk.as_ref()?.read(key).filter(|entry| entry.is_active(now))?;
            self.memory.put(*key, entry.clone());
            Some(entry)
        });
        let mut counts = self.counts();
        let Some(Entry { stored_at, price_usd, bytes, .. }) = entry else {
            counts.misses += 1;
            return None;
        };
        counts.hits += 1;
        counts.saved_usd = counts.saved_usd.saturating_add(price_usd);
        Some(CachedAnswer { stored_at, price_usd, bytes })
    }

    /// Keeps the answer of a key for a time.
    ///
    /// The label says what it is an answer to, for the statistics, such as `ce:GetCostAndUsage`; the price is what asking
    /// again would cost, in US dollars. Never fails: what the disk does not take is kept in memory, with a warning in the
    /// log the first time. A time of zero keeps nothing.
    pub fn put(&self, key: &CacheKey, label: &str, bytes: &[u8], ttl: Duration, price_usd: Decimal, now: Timestamp) {
        let Ok(ttl) = SignedDuration::try_from(ttl) else { return };
        let Ok(expires_at) = now.saturating_add(ttl) else { return };
        if expires_at <= now {
            return;
        }
        let price_usd = price_usd.max(Decimal::ZERO);
        let entry = Entry { label: label.into(), stored_at: now, expires_at, price_usd, bytes: bytes.into() };
        if let Some(disk) = &self.disk {
            disk.write_or_warn(key, &entry);
        }
        self.memory.put(*key, entry);
    }

    /// What this process has asked for.
    pub fn run_counts(&self) -> CacheCounts {
        *self.counts()
    }

    /// Adds what this process has asked for since the last time to the directory's totals. Without a directory it does
    /// nothing.
    ///
    /// # Errors
    /// Where the totals cannot be written. Then they are as they were, and the next time adds all of it.
    pub fn persist_counts(&self) -> Result<(), CacheError> {
        let Some(disk) = &self.disk else { return Ok(()) };
        let mut persisted = self.persisted();
        let counts = self.run_counts();
        totals::add(disk.directory(), counts.minus(*persisted))?;
        *persisted = counts;
        Ok(())
    }

    /// What is in the cache at this time.
    ///
    /// # Errors
    /// Where the directory or its totals cannot be read.
    pub fn stats(&self, now: Timestamp) -> Result<CacheStats, CacheError> {
        let Some(disk) = &self.disk else {
            return Ok(CacheStats { lifetime: self.run_counts(), ..self.memory.stats(now) });
        };
        let stats = disk.stats(now)?;
        // Held, so that what is being persisted is not counted twice or not at all.
        let persisted = self.persisted();
        let lifetime = totals::read(disk.directory())?.plus(self.run_counts().minus(*persisted));
        Ok(CacheStats { lifetime, ..stats })
    }

    /// Removes all entries, and returns how many the directory had, or the memory where there is none. Whatever else lies
    /// in the directory stays, the totals too.
    ///
    /// # Errors
    /// Where an entry cannot be removed, after all that can be.
    pub fn clear(&self) -> Result<u64, CacheError> {
        let in_memory = self.memory.clear();
        self.disk.as_ref().map_or(Ok(in_memory), Disk::clear)
    }

    /// Removes the entries that are no answer at this time, damaged ones too, and returns how many, as
    /// [`AnswerCache::clear`] does. Also removes what a writer that died has left.
    ///
    /// # Errors
    /// Where an entry cannot be removed, after all that can be.
    pub fn remove_expired(&self, now: Timestamp) -> Result<u64, CacheError> {
        let in_memory = self.memory.remove_expired(now);
        self.disk.as_ref().map_or(Ok(in_memory), |disk| disk.remove_expired(now))
    }

    fn counts(&self) -> MutexGuard<'_, CacheCounts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn persisted(&self) -> MutexGuard<'_, CacheCounts> {
        self.persisted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
