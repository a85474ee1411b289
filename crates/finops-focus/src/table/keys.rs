//! Keys of small numbers, each distinct one known by a number of its own, from 0 on.
//!
//! In large tables every look-up waits for memory. Taking each step for many keys before the next lets the processor
//! wait for many at once.

use hashbrown::HashTable;

/// The number of no key: there are never so many.
pub(crate) const NO_NUMBER: u32 = u32::MAX;

/// A key's number by the key's hash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) hash: u64,
    pub(crate) number: u32,
}

/// Keys of one width.
#[derive(Debug)]
pub(crate) struct Keys {
    width: usize,
    /// One key after the other.
    ids: Vec<u32>,
    len: usize,
    index: HashTable<Entry>,
    found: Vec<Entry>,
}

impl Keys {
    pub(crate) fn of_width(width: usize) -> Self {
        Self { width: width.max(1), ids: Vec::new(), len: 0, index: HashTable::new(), found: Vec::new() }
    }

    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The key of a number; empty where there is none.
    pub(crate) fn key(&self, number: u32) -> &[u32] {
        key_of(&self.ids, self.width, number)
    }

    /// The keys in the order of their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.ids.chunks_exact(self.width)
    }

    /// Puts the numbers of keys that lie one after the other behind those that are there.
    pub(crate) fn numbers(&mut self, keys: &[u32], numbers: &mut Vec<u32>) {
        let width = self.width;
        let mut found = std::mem::take(&mut self.found);
        found.clear();
        found.extend(keys.chunks_exact(width).map(|key| Entry { hash: hash(key.iter().copied()), number: NO_NUMBER }));
        for entry in &mut found {
            let hash = entry.hash;
            entry.number = self.index.find(hash, |known| known.hash == hash).map_or(NO_NUMBER, |known| known.number);
        }
        for (entry, key) in found.iter_mut().zip(keys.chunks_exact(width)) {
            if key_of(&self.ids, width, entry.number) != key {
                entry.number = NO_NUMBER;
            }
        }
        for (entry, key) in found.iter_mut().zip(keys.chunks_exact(width)) {
            if entry.number == NO_NUMBER {
                entry.number = self.number(key, entry.hash);
            }
        }
        numbers.extend(found.iter().map(|entry| entry.number));
        self.found = found;
    }

    fn number(&mut self, key: &[u32], hash: u64) -> u32 {
        let (width, ids) = (self.width, &self.ids);
        let is_of_key = |entry: &Entry| entry.hash == hash && key_of(ids, width, entry.number) == key;
        if let Some(entry) = self.index.find(hash, is_of_key) {
            return entry.number;
        }
        let number = u32::try_from(self.len).unwrap_or(NO_NUMBER);
        self.ids.extend_from_slice(key);
        self.len += 1;
        self.index.insert_unique(hash, Entry { hash, number }, |entry| entry.hash);
        number
    }
}

fn key_of(ids: &[u32], width: usize, number: u32) -> &[u32] {
    let start = number as usize * width;
    ids.get(start..start + width).unwrap_or_default()
}

/// Keys of two numbers, which lie in the index itself.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    index: HashTable<Pair>,
    hashes: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    key: (u32, u32),
    number: u32,
}

impl Pairs {
    /// How many pairs there are.
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// Puts the number of each pair in the place of its first.
    pub(crate) fn numbers(&mut self, firsts: &mut [u32], seconds: &[u32]) {
        let mut hashes = std::mem::take(&mut self.hashes);
        hashes.clear();
        hashes.extend(firsts.iter().zip(seconds).map(|(&first, &second)| hash_pair((first, second))));
        for ((first, &second), &hash) in firsts.iter_mut().zip(seconds).zip(&hashes) {
            let key = (*first, second);
            if let Some(pair) = self.index.find(hash, |pair| pair.key == key) {
                *first = pair.number;
            } else {
                *first = u32::try_from(self.index.len()).unwrap_or(NO_NUMBER);
                self.index.insert_unique(hash, Pair { key, number: *first }, |pair| hash_pair(pair.key));
            }
        }
        self.hashes = hashes;
    }

    /// The pairs in the order of their numbers.
    pub(crate) fn into_vec(self) -> Vec<(u32, u32)> {
        let mut pairs = vec![(0, 0); self.index.len()];
        for pair in self.index {
            if let Some(place) = pairs.get_mut(pair.number as usize) {
                *place = pair.key;
            }
        }
        pairs
    }
}

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
const LAST_FACTOR: u64 = 0xD6E8_FEB8_6659_FD93;

/// A quick hash of small numbers: multiply, fold. Keys are our own numbers, so nobody can choose them to collide.
pub(crate) fn hash(mut key: impl Iterator<Item = u32>) -> u64 {
    let mut hash = FACTOR;
    while let Some(low) = key.next() {
        let high = key.next().unwrap_or(0);
        hash = fold(hash ^ join(low, high), FACTOR);
    }
    fold(hash, LAST_FACTOR)
}

const fn hash_pair((first, second): (u32, u32)) -> u64 {
    fold(join(first, second) ^ FACTOR, LAST_FACTOR)
}

const fn join(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}

const fn fold(value: u64, factor: u64) -> u64 {
    let product = (value as u128).wrapping_mul(factor as u128);
    (product as u64) ^ ((product >> 64) as u64)
}
