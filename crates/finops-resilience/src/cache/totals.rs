//! A directory's totals over all runs, in `totals.json`.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use super::disk::{UNFINISHED_PREFIX, private_file};
use super::{CacheCounts, CacheError};

const TOTALS_FILE: &str = "totals.json";

/// Who changes the totals holds this file's lock. The totals themselves are replaced, and a lock on a replaced file
/// keeps nobody out.
const LOCK_FILE: &str = "totals.lock";

/// The totals; zero where there are none yet, or damaged ones.
pub(super) fn read(directory: &Path) -> Result<CacheCounts, CacheError> {
    let path = directory.join(TOTALS_FILE);
    match std::fs::read(&path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_else(|error| {
            tracing::warn!(path = %path.display(), %error, "the totals of the cache are damaged and start anew");
            CacheCounts::default()
        })),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(CacheCounts::default()),
        Err(error) => Err(CacheError::new("read", &path, error)),
    }
}

/// Adds to the totals. Waits while another process does.
pub(super) fn add(directory: &Path, counts: CacheCounts) -> Result<(), CacheError> {
    if counts == CacheCounts::default() {
        return Ok(());
    }
    let lock_path = directory.join(LOCK_FILE);
    let lock = private_file(&lock_path).map_err(|error| CacheError::new("open", &lock_path, error))?;
    lock.lock().map_err(|error| CacheError::new("lock", &lock_path, error))?;
    let totals = read(directory)?.plus(counts);
    let path = directory.join(TOTALS_FILE);
    replace(directory, &path, totals).map_err(|error| CacheError::new("write", &path, error))?;
    unlock(&lock);
    Ok(())
}

fn replace(directory: &Path, path: &Path, totals: CacheCounts) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(UNFINISHED_PREFIX).tempfile_in(directory)?;
    file.write_all(&serde_json::to_vec(&totals)?)?;
    file.persist(path)?;
    Ok(())
}

/// Closing the file does it as well, if later on some systems.
fn unlock(lock: &File) {
    if let Err(error) = lock.unlock() {
        tracing::debug!(%error, "the lock of the cache's totals is left to the system");
    }
}
