//! One entry, and its form in a file.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::CacheKey;

/// The version of the form below. It rises with any change of it; files of another version are misses.
const VERSION: u32 = 1;

/// How far the clocks of two who share a cache may be apart.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(60);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) label: Arc<str>,
    pub(super) stored_at: Timestamp,
    /// Not included.
    pub(super) expires_at: Timestamp,
    pub(super) price_usd: Decimal,
    pub(super) bytes: Arc<[u8]>,
}

impl Entry {
    pub(super) fn is_active(&self, now: Timestamp) -> bool {
        is_active(self.stored_at, self.expires_at, now)
    }
}

fn is_active(stored_at: Timestamp, expires_at: Timestamp, now: Timestamp) -> bool {
    now < expires_at && stored_at.duration_since(now) <= CLOCK_SKEW
}

/// The first line of a file, in JSON. The answer follows it, as it is; and last the SHA-256 of the key and of all that
/// stands before, 32 bytes, so that not a byte can change in the file, nor the file its name, without notice.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    finops_cache: u32,
    pub(super) label: String,
    stored_at: Timestamp,
    expires_at: Timestamp,
    price_usd: Decimal,
}

impl Header {
    /// The header of a file's first line; `None` where it is none of this version.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        serde_json::from_slice(line).ok().filter(|header: &Self| header.finops_cache == VERSION)
    }

    pub(super) fn is_active(&self, now: Timestamp) -> bool {
        is_active(self.stored_at, self.expires_at, now)
    }
}

/// The whole file of an entry.
pub(super) fn encode(key: &CacheKey, entry: &Entry) -> serde_json::Result<Vec<u8>> {
    let header = Header {
        finops_cache: VERSION,
        label: entry.label.to_string(),
        stored_at: entry.stored_at,
        expires_at: entry.expires_at,
        price_usd: entry.price_usd,
    };
    let mut file = serde_json::to_vec(&header)?;
    file.push(b'\n');
    file.extend_from_slice(&entry.bytes);
    let checksum = checksum(key, &file);
    file.extend_from_slice(&checksum);
    Ok(file)
}

/// The entry of a file, or what is wrong with it.
pub(super) fn decode(key: &CacheKey, file: &[u8]) -> Result<Entry, &'static str> {
    let (content, stored_checksum) = file.split_last_chunk::<32>().ok_or("too short")?;
    if checksum(key, content) != *stored_checksum {
        return Err("its checksum differs");
    }
    let line_end = content.iter().position(|byte| *byte == b'\n').ok_or("it has no header")?;
    let (line, rest) = content.split_at(line_end);
    let header = Header::parse(line).ok_or("its header is of another version")?;
    Ok(Entry {
        label: header.label.into(),
        stored_at: header.stored_at,
        expires_at: header.expires_at,
        price_usd: header.price_usd,
        bytes: rest.get(1..).unwrap_or_default().into(),
    })
}

pub(super) fn checksum(key: &CacheKey, content: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(key.0).chain_update(content).finalize().into()
}
