//! Groups of rows.
//!
//! Rows differ in many slots, but few combinations of them come up. So each distinct combination gets a number once a
//! row; what a table groups by of it, and whether it wants it at all, is then known by that number. Only the slots
//! that make rows many, like the resource, are looked up for each table.

mod keys;
mod slot;
mod sums;

use finops_domain::charge::{RowFilter, SpendQuery};
use hashbrown::HashTable;

pub(crate) use self::keys::Keys;
use self::keys::{Entry, NO_NUMBER, Pairs, hash};
pub(crate) use self::slot::{COMBINED, COMBINED_SLOTS, OWN, Slot, SlotKind, SlotPlace};
pub(crate) use self::sums::{Counts, Sums};

/// How many groups are looked up at a time: as many as stay in the processor's second cache.
pub(crate) const GROUPS_AT_ONCE: usize = 512;

/// What a row that waits to be added has besides its combination.
#[derive(Debug)]
pub(crate) struct BatchRow {
    /// See [`SlotPlace::Own`].
    pub(crate) own: [u32; OWN],
    pub(crate) sums: Sums,
}

/// The groups of one query, while rows are added.
///
/// A group is known by a number. Without levels, that is the number of its part of the combination; each level makes
/// a new number of the one before and of one slot more.
#[derive(Debug)]
pub(crate) struct Table {
    slots: Vec<Slot>,
    pub(crate) filter: RowFilter,
    /// Where in a combination the slots are that it has.
    places: Vec<usize>,
    /// By combination: the number of its part, or none where its rows are not wanted.
    parts: Vec<u32>,
    /// By number of a part: the first combination that has it.
    examples: Vec<u32>,
    index: HashTable<Entry>,
    levels: Vec<Level>,
    sums: Vec<Sums>,
    numbers: Vec<u32>,
    seconds: Vec<u32>,
    /// Whether any sum overflowed.
    pub(crate) overflowed: bool,
}

#[derive(Debug)]
struct Level {
    slot: Slot,
    place: usize,
    pairs: Pairs,
}

impl Table {
    /// The empty table of a query.
    pub(crate) fn of(query: &SpendQuery) -> Self {
        let slots = Slot::of_query(query);
        let mut places = Vec::new();
        let mut levels = Vec::new();
        for &slot in &slots {
            match slot.place() {
                SlotPlace::Combined(place) => places.push(place),
                SlotPlace::Own(place) => levels.push(Level { slot, place, pairs: Pairs::default() }),
                SlotPlace::None => {}
            }
        }
        Self {
            slots,
            filter: query.filter,
            places,
            parts: Vec::new(),
            examples: Vec::new(),
            index: HashTable::new(),
            levels,
            sums: Vec::new(),
            numbers: Vec::new(),
            seconds: Vec::new(),
            overflowed: false,
        }
    }

    /// Takes note of the combinations that are new.
    pub(crate) fn note(&mut self, combinations: &Keys, is_wanted: impl Fn(&[u32]) -> bool) {
        for number in self.parts.len()..combinations.len() {
            let number = u32::try_from(number).unwrap_or(NO_NUMBER);
            let part = if is_wanted(combinations.key(number)) { self.part_of(number, combinations) } else { NO_NUMBER };
            self.parts.push(part);
        }
    }

    fn part_of(&mut self, combination: u32, combinations: &Keys) -> u32 {
        let (places, examples) = (&self.places, &self.examples);
        let part = |combination| {
            let key: &[u32] = combinations.key(combination);
            places.iter().filter_map(|&place| key.get(place)).copied()
        };
        let hash = hash(part(combination));
        let is_same = |entry: &Entry| {
            let example = examples.get(entry.number as usize).copied().unwrap_or(NO_NUMBER);
            entry.hash == hash && part(example).eq(part(combination))
        };
        if let Some(entry) = self.index.find(hash, is_same) {
            return entry.number;
        }
        let number = u32::try_from(examples.len()).unwrap_or(NO_NUMBER);
        self.index.insert_unique(hash, Entry { hash, number }, |entry| entry.hash);
        self.examples.push(combination);
        number
    }

    fn part(&self, combination: u32) -> u32 {
        self.parts.get(combination as usize).copied().unwrap_or(NO_NUMBER)
    }

    /// Adds the rows of a batch that are wanted; `combinations` are the rows', and were taken note of.
    pub(crate) fn add_rows(&mut self, rows: &[BatchRow], combinations: &[u32]) {
        let mut numbers = std::mem::take(&mut self.numbers);
        let mut seconds = std::mem::take(&mut self.seconds);
        let mut wanted: Vec<&BatchRow> = Vec::with_capacity(rows.len());
        numbers.clear();
        for (row, &combination) in rows.iter().zip(combinations) {
            let part = self.part(combination);
            if part != NO_NUMBER {
                numbers.push(part);
                wanted.push(row);
            }
        }
        for level in &mut self.levels {
            seconds.clear();
            seconds.extend(wanted.iter().filter_map(|row| row.own.get(level.place)));
            level.pairs.numbers(&mut numbers, &seconds);
        }
        self.add(&numbers, wanted.iter().map(|row| &row.sums));
        self.numbers = numbers;
        self.seconds = seconds;
    }

    fn add<'s>(&mut self, groups: &[u32], sums: impl Iterator<Item = &'s Sums>) {
        let len = self.levels.last().map_or(self.examples.len(), |level| level.pairs.len());
        self.sums.resize(len, Sums::default());
        for (&group, sums) in groups.iter().zip(sums) {
            if let Some(total) = self.sums.get_mut(group as usize) {
                self.overflowed |= !total.add(sums);
            }
        }
    }

    /// Adds the groups of a table of the same query, where combinations, texts and tag sets have other numbers: its
    /// combinations are `combinations` here, were taken note of, and `translate` does the rest.
    pub(crate) fn merge(&mut self, other: Self, combinations: &[u32], translate: impl Fn(SlotKind, u32) -> u32) {
        let mut numbers: Vec<u32> = other
            .examples
            .iter()
            .map(|&example| combinations.get(example as usize).map_or(NO_NUMBER, |&combination| self.part(combination)))
            .collect();
        let mut seconds = Vec::new();
        for (level, others) in self.levels.iter_mut().zip(other.levels) {
            let pairs = others.pairs.into_vec();
            let mut next = Vec::with_capacity(pairs.len());
            for pairs in pairs.chunks(GROUPS_AT_ONCE) {
                let start = next.len();
                next.extend(pairs.iter().map(|&(first, _)| numbers.get(first as usize).copied().unwrap_or(NO_NUMBER)));
                seconds.clear();
                seconds.extend(pairs.iter().map(|&(_, second)| translate(level.slot.kind(), second)));
                level.pairs.numbers(next.get_mut(start..).unwrap_or_default(), &seconds);
            }
            numbers = next;
        }
        self.add(&numbers, other.sums.iter());
        self.overflowed |= other.overflowed;
    }

    /// The groups, once there are no more rows.
    pub(crate) fn into_groups(self) -> Groups {
        Groups {
            slots: self.slots,
            filter: self.filter,
            examples: self.examples,
            levels: self.levels.into_iter().map(|level| (level.place, level.pairs.into_vec())).collect(),
            sums: self.sums,
        }
    }
}

/// The groups of one query, when all rows were added.
#[derive(Debug)]
pub(crate) struct Groups {
    /// What is grouped by, sorted.
    pub(crate) slots: Vec<Slot>,
    pub(crate) filter: RowFilter,
    examples: Vec<u32>,
    levels: Vec<(usize, Vec<(u32, u32)>)>,
    pub(crate) sums: Vec<Sums>,
}

impl Groups {
    /// Puts the key of a group behind what is there; `combinations` are those of its rows.
    pub(crate) fn write_key(&self, group: u32, combinations: &Keys, key: &mut Vec<u32>) {
        let mut number = group;
        let mut own = [0; OWN];
        for (place, pairs) in self.levels.iter().rev() {
            let (first, second) = pairs.get(number as usize).copied().unwrap_or_default();
            number = first;
            if let Some(own) = own.get_mut(*place) {
                *own = second;
            }
        }
        let combination = combinations.key(self.examples.get(number as usize).copied().unwrap_or(NO_NUMBER));
        key.extend(self.slots.iter().filter_map(|slot| match slot.place() {
            SlotPlace::Combined(place) => combination.get(place),
            SlotPlace::Own(place) => own.get(place),
            SlotPlace::None => None,
        }));
    }
}

/// Groups by whole keys.
#[derive(Debug)]
pub(crate) struct KeyedSums {
    keys: Keys,
    sums: Vec<Sums>,
    numbers: Vec<u32>,
}

impl KeyedSums {
    pub(crate) fn of_width(width: usize) -> Self {
        Self { keys: Keys::of_width(width), sums: Vec::new(), numbers: Vec::new() }
    }

    /// The key of a group.
    pub(crate) fn key(&self, group: u32) -> &[u32] {
        self.keys.key(group)
    }

    /// The sums of all groups.
    pub(crate) fn sums(&self) -> &[Sums] {
        &self.sums
    }

    /// Every group, in the order in which they came up.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&[u32], &Sums)> {
        self.keys.iter().zip(&self.sums)
    }

    /// Adds to the groups of keys that lie one after the other.
    pub(crate) fn add<'s>(&mut self, keys: &[u32], sums: impl Iterator<Item = &'s Sums>) {
        self.numbers.clear();
        self.keys.numbers(keys, &mut self.numbers);
        self.sums.resize(self.keys.len(), Sums::default());
        for (&number, sums) in self.numbers.iter().zip(sums) {
            if let Some(total) = self.sums.get_mut(number as usize) {
                // A bill whose own sums do not fit was refused before.
                let _ = total.add(sums);
            }
        }
    }
}

#[cfg(test)]
mod tests;
