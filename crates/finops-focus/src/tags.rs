//! Tags of rows: each distinct set once.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use serde_json::Value;

use crate::interner::Interner;
use crate::layout::tag_key;

/// The id of the set without tags.
pub(crate) const NO_TAGS: u32 = 0;

/// Gives each distinct set of tags a number, from 1 on. A set is sorted pairs of text ids.
#[derive(Debug)]
pub(crate) struct TagSets {
    table: HashTable<u32>,
    pairs: Vec<(u32, u32)>,
    ends: Vec<usize>,
    hasher: FixedState,
}

impl Default for TagSets {
    fn default() -> Self {
        Self { table: HashTable::new(), pairs: Vec::new(), ends: vec![0], hasher: FixedState::default() }
    }
}

impl TagSets {
    /// The number of a set; sorts it, and of a repeated key keeps one.
    pub(crate) fn intern(&mut self, set: &mut Vec<(u32, u32)>) -> u32 {
        if set.is_empty() {
            return NO_TAGS;
        }
        set.sort_unstable();
        set.dedup_by_key(|pair| pair.0);
        let hash = self.hasher.hash_one(&*set);
        let (ends, pairs, hasher) = (&self.ends, &self.pairs, &self.hasher);
        if let Some(&id) = self.table.find(hash, |&id| slice(ends, pairs, id) == set.as_slice()) {
            return id;
        }
        let id = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.table.insert_unique(hash, id, |&id| hasher.hash_one(slice(ends, pairs, id)));
        self.pairs.extend_from_slice(set);
        self.ends.push(self.pairs.len());
        id
    }

    /// The pairs of a number.
    pub(crate) fn pairs(&self, id: u32) -> &[(u32, u32)] {
        slice(&self.ends, &self.pairs, id)
    }

    /// How many numbers there are, the empty set included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

fn slice<'a>(ends: &[usize], pairs: &'a [(u32, u32)], id: u32) -> &'a [(u32, u32)] {
    let id = id as usize;
    let start = id.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(id).copied().unwrap_or(0);
    pairs.get(start..end).unwrap_or_default()
}

/// Reads a JSON object of tags. Numbers and booleans become their text, null an empty value.
pub(crate) fn parse_json(text: &str, is_cur: bool, texts: &mut Interner, set: &mut Vec<(u32, u32)>) -> Result<(), &'static str> {
    set.clear();
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Err("Tags is not JSON") };
    let object = match value {
        Value::Null => return Ok(()),
        Value::Object(object) => object,
        _ => return Err("Tags is not a JSON object"),
    };
    for (key, value) in object {
        let key = texts.intern(&tag_key(&key, is_cur));
        let value = match value {
            Value::Null => texts.intern(""),
            Value::String(text) => texts.intern(&text),
            other => texts.intern(&other.to_string()),
        };
        set.push((key, value));
    }
    Ok(())
}

/// A text entry of a JSON object.
pub(crate) fn json_entry(text: &str, keys: &[&str]) -> Option<String> {
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(text) else { return None };
    keys.iter().find_map(|key| object.get(*key).and_then(Value::as_str)).filter(|value| !value.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn order_of_keys_does_not_matter() {
        let (mut texts, mut sets, mut set) = (Interner::default(), TagSets::default(), Vec::new());
        parse_json(r#"{"a":"1","user:b":null}"#, false, &mut texts, &mut set).unwrap();
        let first = sets.intern(&mut set);
        parse_json(r#"{"b":"","a":"1"}"#, false, &mut texts, &mut set).unwrap();
        assert_eq!(sets.intern(&mut set), first);
        assert_eq!(sets.pairs(first).len(), 2);
        parse_json("{}", false, &mut texts, &mut set).unwrap();
        assert_eq!(sets.intern(&mut set), NO_TAGS);
        assert!(parse_json("[1]", false, &mut texts, &mut set).is_err());
        assert!(parse_json("{", false, &mut texts, &mut set).is_err());
    }

    proptest! {
        #[test]
        fn reads_what_json_writes(tags in proptest::collection::btree_map("[a-zA-Z :/é]{1,8}", ".{0,8}", 0..5)) {
            let (mut texts, mut set) = (Interner::default(), Vec::new());
            parse_json(&serde_json::to_string(&tags).unwrap(), false, &mut texts, &mut set).unwrap();
            let read: std::collections::BTreeMap<String, String> =
                set.iter().map(|&(key, value)| (texts.text(key).to_owned(), texts.text(value).to_owned())).collect();
            prop_assert_eq!(read, tags);
        }
    }
}
