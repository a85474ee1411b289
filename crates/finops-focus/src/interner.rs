//! Texts as small numbers.

use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// The id of the null text.
pub(crate) const NULL: u32 = 0;

/// The id of no text: there are never so many.
const UNKNOWN: u32 = u32::MAX;

/// How many cells are looked up together.
const CELLS_AT_ONCE: usize = 64;

/// A text by its hash, so that another text is hardly ever looked at, and none when the table grows.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u64,
    id: u32,
}

/// Gives each distinct text a number, from 1 on; 0 is null.
#[derive(Debug)]
pub(crate) struct Interner {
    table: HashTable<Entry>,
    bytes: String,
    /// Where text `id` ends; it begins where the one before ends.
    ends: Vec<usize>,
    hasher: FixedState,
}

impl Default for Interner {
    fn default() -> Self {
        Self { table: HashTable::new(), bytes: String::new(), ends: vec![0], hasher: FixedState::default() }
    }
}

impl Interner {
    /// The number of a text, whatever it says.
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        let hash = self.hasher.hash_one(text);
        let (ends, bytes) = (&self.ends, &self.bytes);
        if let Some(entry) = self.table.find(hash, |entry| entry.hash == hash && slice(ends, bytes, entry.id) == text) {
            return entry.id;
        }
        // Four thousand million distinct texts do not fit into memory before they do not fit into a u32.
        let id = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.table.insert_unique(hash, Entry { hash, id }, |entry| entry.hash);
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
        id
    }

    /// The number of a cell: empty and `NULL` are null.
    pub(crate) fn intern_cell(&mut self, text: &str) -> u32 {
        if is_null(text.as_bytes()) { NULL } else { self.intern(text) }
    }

    /// The numbers of many cells.
    ///
    /// A look-up waits for memory three times. Taking each step for many cells before the next lets the processor wait
    /// for many at once.
    pub(crate) fn intern_cells<'t>(&mut self, cells: impl Iterator<Item = Option<&'t str>>, ids: &mut Vec<u32>) {
        let mut cells = cells.map(|cell| cell.filter(|text| !is_null(text.as_bytes())).unwrap_or_default());
        let mut hashed: Vec<(&str, u64)> = Vec::with_capacity(CELLS_AT_ONCE);
        let mut found: Vec<u32> = Vec::with_capacity(CELLS_AT_ONCE);
        let mut spans: Vec<Range<usize>> = Vec::with_capacity(CELLS_AT_ONCE);
        loop {
            hashed.clear();
            hashed.extend(cells.by_ref().take(CELLS_AT_ONCE).map(|text| (text, self.hasher.hash_one(text))));
            if hashed.is_empty() {
                return;
            }
            found.clear();
            found.extend(hashed.iter().map(|&(_, hash)| self.table.find(hash, |entry| entry.hash == hash).map_or(NULL, |entry| entry.id)));
            spans.clear();
            spans.extend(found.iter().map(|&id| span(&self.ends, id)));
            for ((&(text, _), id), span) in hashed.iter().zip(&mut found).zip(&spans) {
                if text.is_empty() {
                    *id = NULL;
                } else if self.bytes.get(span.clone()) != Some(text) {
                    *id = UNKNOWN;
                }
            }
            for (&(text, _), id) in hashed.iter().zip(&mut found) {
                if *id == UNKNOWN {
                    *id = self.intern(text);
                }
            }
            ids.extend_from_slice(&found);
        }
    }

    /// The text of a number; empty for null.
    pub(crate) fn text(&self, id: u32) -> &str {
        slice(&self.ends, &self.bytes, id)
    }

    /// How many numbers there are, null included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

fn span(ends: &[usize], id: u32) -> Range<usize> {
    let id = id as usize;
    let start = id.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    start..ends.get(id).copied().unwrap_or(0)
}

fn slice<'a>(ends: &[usize], bytes: &'a str, id: u32) -> &'a str {
    bytes.get(span(ends, id)).unwrap_or_default()
}

/// Whether a cell says nothing.
pub(crate) fn is_null(cell: &[u8]) -> bool {
    cell.is_empty() || cell == b"NULL"
}

/// Remembers what was made of each id.
#[derive(Debug)]
pub(crate) struct Memo<T> {
    known: Vec<Option<T>>,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self { known: Vec::new() }
    }
}

impl<T: Copy> Memo<T> {
    /// What was made of `id`, made now where it is new.
    pub(crate) fn get(&mut self, id: u32, make: impl FnOnce() -> T) -> T {
        if let Some(Some(value)) = self.known.get(id as usize) {
            return *value;
        }
        let value = make();
        if self.known.len() <= id as usize {
            self.known.resize_with(id as usize + 1, || None);
        }
        if let Some(place) = self.known.get_mut(id as usize) {
            *place = Some(value);
        }
        value
    }
}
