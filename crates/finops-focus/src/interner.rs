//! Texts as small numbers.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// The id of the null text.
pub(crate) const NULL: u32 = 0;

/// Gives each distinct text a number, from 1 on; 0 is null.
#[derive(Debug)]
pub(crate) struct Interner {
    table: HashTable<u32>,
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
        let (ends, bytes, hasher) = (&self.ends, &self.bytes, &self.hasher);
        if let Some(&id) = self.table.find(hash, |&id| slice(ends, bytes, id) == text) {
            return id;
        }
        // Four thousand million distinct texts do not fit into memory before they do not fit into a u32.
        let id = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.table.insert_unique(hash, id, |&id| hasher.hash_one(slice(ends, bytes, id)));
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
        id
    }

    /// The number of a cell: empty and `NULL` are null.
    pub(crate) fn intern_cell(&mut self, text: &str) -> u32 {
        if is_null(text.as_bytes()) { NULL } else { self.intern(text) }
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

fn slice<'a>(ends: &[usize], bytes: &'a str, id: u32) -> &'a str {
    let id = id as usize;
    let start = id.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(id).copied().unwrap_or(0);
    bytes.get(start..end).unwrap_or_default()
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
