//! Tables against sums by whole keys.

use std::collections::BTreeMap;

use finops_domain::charge::{Dimension, Granularity, RowFilter, SpendQuery};
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::*;

/// Rows that differ in a few slots of either kind.
type Row = ([u32; 3], [u32; OWN]);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    proptest::collection::vec((prop::array::uniform3(0_u32..3), prop::array::uniform4(0_u32..4)), 0..60)
}

fn query() -> impl Strategy<Value = SpendQuery> {
    let dimensions = vec![Dimension::RegionId, Dimension::HasTags, Dimension::ResourceId, Dimension::Tag];
    let granularity = prop::sample::select(vec![Granularity::Total, Granularity::Monthly, Granularity::Daily, Granularity::Hourly]);
    (subsequence(dimensions, 0..=4), granularity).prop_map(|(group_by, granularity)| SpendQuery {
        granularity,
        group_by,
        filter: RowFilter::All,
        max_groups: None,
    })
}

/// A row's slots: currency, month and region vary, and whether it has tags.
fn combination([currency, month, region]: [u32; 3]) -> [u32; COMBINED] {
    let mut key = [0; COMBINED];
    for (slot, id) in [(Slot::Currency, currency), (Slot::Month, month), (Slot::RegionId, region), (Slot::HasTags, region % 2)] {
        if let SlotPlace::Combined(place) = slot.place() {
            key[place] = id;
        }
    }
    key
}

fn sums() -> Sums {
    Sums { billed: 1, counts: Counts::of_row(true, false), ..Sums::default() }
}

/// Rows of currency 2 are not wanted.
fn is_wanted(combination: &[u32]) -> bool {
    combination[0] != 2
}

fn table(query: &SpendQuery, rows: &[Row], batch: usize) -> (Table, Keys) {
    let (mut table, mut combinations) = (Table::of(query), Keys::of_width(COMBINED));
    for rows in rows.chunks(batch) {
        let keys: Vec<u32> = rows.iter().flat_map(|&(ids, _)| combination(ids)).collect();
        let mut numbers = Vec::new();
        combinations.numbers(&keys, &mut numbers);
        table.note(&combinations, is_wanted);
        let rows: Vec<BatchRow> = rows.iter().map(|&(_, own)| BatchRow { own, sums: sums() }).collect();
        table.add_rows(&rows, &numbers);
    }
    (table, combinations)
}

fn groups(table: Table, combinations: &Keys) -> BTreeMap<Vec<u32>, i128> {
    let groups = table.into_groups();
    let by_key: BTreeMap<_, _> = (0..)
        .zip(&groups.sums)
        .map(|(group, sums)| {
            let mut key = Vec::new();
            groups.write_key(group, combinations, &mut key);
            assert_eq!(i128::from(sums.counts.rows()), sums.billed);
            (key, sums.billed)
        })
        .collect();
    assert_eq!(by_key.len(), groups.sums.len(), "each key once");
    by_key
}

fn model(query: &SpendQuery, rows: &[Row]) -> BTreeMap<Vec<u32>, i128> {
    let mut sums = BTreeMap::new();
    for &(ids, own) in rows {
        let combination = combination(ids);
        if is_wanted(&combination) {
            let key = Slot::of_query(query).into_iter().map(|slot| match slot.place() {
                SlotPlace::Combined(place) => combination[place],
                SlotPlace::Own(place) => own[place],
                SlotPlace::None => panic!("no row has {slot:?}"),
            });
            *sums.entry(key.collect()).or_default() += 1;
        }
    }
    sums
}

proptest! {
    #[test]
    fn a_table_adds_up_by_whole_keys(query in query(), rows in rows(), batch in 1_usize..8) {
        let (table, combinations) = table(&query, &rows, batch);
        prop_assert_eq!(groups(table, &combinations), model(&query, &rows));
    }

    #[test]
    fn merging_renumbers(query in query(), one in rows(), other in rows(), batch in 1_usize..8) {
        let renumbered = |id: u32| (id + 1) % 4;
        let (mut merged, mut combinations) = table(&query, &one, batch);
        // The other table has other numbers for what stands in regions, resources and tag sets.
        let (others, other_combinations) = table(&query, &other, batch);
        let place = COMBINED_SLOTS.iter().position(|&slot| slot == Slot::RegionId).unwrap();
        let keys: Vec<u32> = other_combinations
            .iter()
            .flat_map(|key| key.iter().enumerate().map(|(at, &id)| if at == place { renumbered(id) } else { id }))
            .collect();
        let mut numbers = Vec::new();
        combinations.numbers(&keys, &mut numbers);
        merged.note(&combinations, is_wanted);
        merged.merge(others, &numbers, |kind, id| if kind == SlotKind::Plain { id } else { renumbered(id) });

        let mut expected = model(&query, &one);
        let slots = Slot::of_query(&query);
        for (mut key, sum) in model(&query, &other) {
            for (id, slot) in key.iter_mut().zip(&slots) {
                if matches!(slot, Slot::RegionId | Slot::ResourceId | Slot::TagSet) {
                    *id = renumbered(*id);
                }
            }
            *expected.entry(key).or_default() += sum;
        }
        prop_assert_eq!(groups(merged, &combinations), expected);
    }
}
