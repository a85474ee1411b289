//! What a disk can do to a cache.

use super::*;

#[test]
fn every_damage_is_a_miss_and_the_file_goes() {
    let directory = TempDir::new().unwrap();
    put(&open(&directory), "a", b"the answer\nof two lines");
    let path = file_of(&directory, "a");
    let whole = fs::read(&path).unwrap();
    let end = whole.len() - 32;
    let with_checksum = |content: &[u8]| [content, &entry::checksum(&key("a"), content)].concat();
    let with_header = |change: &dyn Fn(String) -> String| {
        let line_end = whole.iter().position(|byte| *byte == b'\n').unwrap();
        let header = change(String::from_utf8(whole[..line_end].to_vec()).unwrap());
        with_checksum(&[header.as_bytes(), &whole[line_end..end]].concat())
    };
    assert_eq!(with_header(&|header| header), whole, "what follows damages nothing else");
    let mut flipped = whole.clone();
    flipped[end - 3] ^= 0x20;
    let damages = [
        ("empty", Vec::new()),
        ("one byte", vec![b'{']),
        ("only a checksum's length", whole[..32].to_vec()),
        ("truncated in the header", whole[..20].to_vec()),
        ("truncated in the answer", whole[..end - 5].to_vec()),
        ("one byte short", whole[..whole.len() - 1].to_vec()),
        ("longer", [&whole[..], b"x"].concat()),
        ("twice", whole.repeat(2)),
        ("a flipped bit", flipped),
        ("zeroes", vec![0; whole.len()]),
        ("a later version", with_header(&|header| header.replace("\"finops_cache\":1", "\"finops_cache\":2"))),
        ("no version", with_header(&|header| header.replace("\"finops_cache\":1,", ""))),
        ("no JSON", with_header(&|_| "garbage".to_owned())),
        ("another JSON", with_header(&|_| "[1, 2]".to_owned())),
        ("no header line", with_checksum(b"no line end")),
        ("a time that is none", with_header(&|header| header.replace("2025-11-24T12:30", "2025-13-44T12:30"))),
        ("a field that we do not know", with_header(&|header| header.replace('{', "{\"encoding\":\"zstd\","))),
    ];
    for (what, damaged) in damages {
        fs::write(&path, &damaged).unwrap();
        let cache = open(&directory);
        assert_eq!(bytes(&cache, "a", noon()), None, "{what}");
        assert!(!path.exists(), "{what}");
        put(&cache, "a", b"anew");
        assert_eq!(bytes(&open(&directory), "a", noon()).unwrap(), b"anew", "{what}");
    }
}

#[test]
fn no_byte_of_a_file_can_change_and_no_file_its_name() {
    let answer = Entry { label: COSTS.into(), stored_at: noon(), expires_at: after(30), price_usd: cent(), bytes: (*b"answer").into() };
    let mut file = entry::encode(&key("a"), &answer).unwrap();
    assert_eq!(entry::decode(&key("a"), &file).unwrap(), answer);
    assert!(entry::decode(&key("b"), &file).is_err());
    for at in 0..file.len() {
        for bit in 0..8 {
            file[at] ^= 1 << bit;
            assert!(entry::decode(&key("a"), &file).is_err(), "bit {bit} of byte {at}");
            file[at] ^= 1 << bit;
        }
        assert!(entry::decode(&key("a"), &file[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn a_directory_in_an_entry_s_place_is_a_miss() {
    let directory = TempDir::new().unwrap();
    fs::create_dir_all(file_of(&directory, "a")).unwrap();
    let cache = open(&directory);
    assert_eq!(bytes(&cache, "a", noon()), None);
    put(&cache, "a", b"answer");
    assert_eq!(bytes(&cache, "a", noon()).unwrap(), b"answer", "memory has it");
    assert_eq!(cache.clear().unwrap(), 0);
    assert!(file_of(&directory, "a").is_dir());
}

#[test]
fn a_directory_that_cannot_be_written_is_an_error_that_names_it() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    for path in [file.clone(), file.join("cache")] {
        let error = AnswerCache::with_disk(MEGABYTE, &path).unwrap_err();
        assert_eq!(error.path(), path);
        assert_eq!(error.to_string(), format!("cannot make the directory `{}` of the cache", path.display()));
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[test]
fn a_directory_that_is_read_only_is_an_error() {
    use std::os::unix::fs::PermissionsExt as _;

    let directory = TempDir::new().unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o500)).unwrap();
    // The superuser may write all the same.
    if fs::write(directory.path().join("may"), "").is_err() {
        let error = AnswerCache::with_disk(MEGABYTE, directory.path()).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot write to the directory `{}` of the cache", directory.path().display()));
    }
}

#[test]
fn a_directory_that_goes_away_leaves_the_memory() {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("cache");
    let cache = AnswerCache::with_disk(MEGABYTE, &path).unwrap();
    put(&cache, "a", b"answer");
    fs::remove_dir_all(&path).unwrap();
    fs::write(&path, "a file in its place").unwrap();
    assert_eq!(bytes(&cache, "a", noon()).unwrap(), b"answer");
    put(&cache, "b", b"another");
    assert_eq!(bytes(&cache, "b", noon()).unwrap(), b"another");
    assert_eq!(bytes(&cache, "c", noon()), None);
    assert!(
        cache.persist_counts().is_err() && cache.stats(noon()).is_err() && cache.clear().is_err() && cache.remove_expired(noon()).is_err()
    );
}

proptest! {
    #[test]
    fn what_is_put_is_got_and_what_is_random_is_none(
        answer in prop::collection::vec(any::<u8>(), 0..300), label in ".{0,40}", cents in 0_i64..i64::MAX,
    ) {
        let entry = Entry {
            label: label.into(), stored_at: noon(), expires_at: after(30), price_usd: Decimal::new(cents, 2), bytes: answer.clone().into(),
        };
        prop_assert_eq!(entry::decode(&key("a"), &entry::encode(&key("a"), &entry).unwrap()), Ok(entry));
        prop_assert!(entry::decode(&key("a"), &answer).is_err());
        prop_assert!(entry::Header::parse(&answer).is_none());
    }
}
