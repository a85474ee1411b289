//! The second level: a file for each entry, `<two digits>/<all 64 digits of the key>.answer`.

use std::fs::{self, DirEntry, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;

use super::entry::{self, Entry, Header};
use super::{CacheError, CacheKey, CacheStats};

/// What a file is called while it is being written.
pub(super) const UNFINISHED_PREFIX: &str = ".unfinished-";

const SUFFIX: &str = ".answer";

/// An unfinished file of this age belongs to no process that is still writing.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

/// A header is longer than this only if it is none.
const LONGEST_HEADER_BYTES: u64 = 64 * 1024;

#[derive(Debug)]
pub(super) struct Disk {
    directory: PathBuf,
    has_warned: AtomicBool,
}

impl Disk {
    pub(super) fn open(directory: PathBuf) -> Result<Self, CacheError> {
        make_private_directory(&directory).map_err(|error| CacheError::new("make the directory", &directory, error))?;
        // The only way to know that one may write is to write.
        let probe = tempfile::Builder::new().prefix(UNFINISHED_PREFIX).tempfile_in(&directory).and_then(tempfile::NamedTempFile::close);
        probe.map_err(|error| CacheError::new("write to the directory", &directory, error))?;
        Ok(Self { directory, has_warned: AtomicBool::new(false) })
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The entry of a key; `None` where there is none that can be read. A damaged one is removed.
    pub(super) fn read(&self, key: &CacheKey) -> Option<Entry> {
        let path = self.path_of(key);
        let file = match fs::read(&path) {
            Ok(file) => file,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::debug!(path = %path.display(), %error, "a cached answer cannot be read");
                }
                return None;
            }
        };
        match entry::decode(key, &file) {
            Ok(entry) => Some(entry),
            Err(reason) => {
                tracing::debug!(path = %path.display(), reason, "a cached answer is damaged");
                // Another process may have replaced it meanwhile; then a good entry is lost, which is a miss.
                if let Err(error) = fs::remove_file(&path) {
                    tracing::debug!(path = %path.display(), %error, "the damaged answer stays");
                }
                None
            }
        }
    }

    /// Writes an entry. A failure is logged: a warning the first time, since all later ones tell the same.
    pub(super) fn write_or_warn(&self, key: &CacheKey, entry: &Entry) {
        let Err(error) = self.write(key, entry) else { return };
        let path = self.path_of(key);
        if self.has_warned.swap(true, Ordering::Relaxed) {
            tracing::debug!(path = %path.display(), %error, "an answer is not kept on disk");
        } else {
            tracing::warn!(path = %path.display(), %error, "an answer is not kept on disk; the next run will ask for it again");
        }
    }

    /// Not brought to the disk before it gets its name: what a power failure damages is a miss.
    fn write(&self, key: &CacheKey, entry: &Entry) -> io::Result<()> {
        let path = self.path_of(key);
        let directory = path.parent().unwrap_or(&self.directory);
        make_private_directory(directory)?;
        let mut file = tempfile::Builder::new().prefix(UNFINISHED_PREFIX).tempfile_in(directory)?;
        file.write_all(&entry::encode(key, entry)?)?;
        file.persist(&path)?;
        Ok(())
    }

    pub(super) fn stats(&self, now: Timestamp) -> Result<CacheStats, CacheError> {
        let mut stats = CacheStats::default();
        for file in self.files()?.into_iter().filter(|file| file.is_entry) {
            // Gone already where another process removes it.
            let Ok(metadata) = fs::metadata(&file.path) else { continue };
            if let Some(header) = header_of(&file.path) {
                stats.add(&header.label, header.is_active(now), metadata.len());
            } else {
                stats.entries += 1;
                stats.unreadable += 1;
                stats.bytes = stats.bytes.saturating_add(metadata.len());
            }
        }
        Ok(stats)
    }

    pub(super) fn clear(&self) -> Result<u64, CacheError> {
        self.remove_where(|_| true)
    }

    pub(super) fn remove_expired(&self, now: Timestamp) -> Result<u64, CacheError> {
        self.remove_where(|path| header_of(path).is_none_or(|header| !header.is_active(now)))
    }

    /// Removes these entries, and what was left unfinished long ago. Returns how many entries.
    fn remove_where(&self, is_removed: impl Fn(&Path) -> bool) -> Result<u64, CacheError> {
        let mut removed = 0;
        let mut failure = None;
        for OurFile { path, is_entry } in self.files()? {
            if !(if is_entry { is_removed(&path) } else { is_abandoned(&path) }) {
                continue;
            }
            match fs::remove_file(&path) {
                Ok(()) => removed += u64::from(is_entry),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => failure = Some(CacheError::new("remove", &path, error)),
            }
        }
        failure.map_or(Ok(removed), Err)
    }

    fn path_of(&self, key: &CacheKey) -> PathBuf {
        let name = key.to_string();
        self.directory.join(name.get(..2).unwrap_or_default()).join(name + SUFFIX)
    }

    /// The files that this cache has written, and no other: those in the directories of two digits, by their names, and
    /// unfinished ones.
    fn files(&self) -> Result<Vec<OurFile>, CacheError> {
        let mut files = Vec::new();
        for entry in entries_of(&self.directory)? {
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            // Not followed if it is a link: what it points to is not ours.
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && name.len() == 2 && is_hex(name) {
                files.extend(entries_of(&entry.path())?.iter().filter_map(|entry| OurFile::of(entry, name)));
            } else {
                files.extend(OurFile::of(&entry, "").filter(|file| !file.is_entry));
            }
        }
        Ok(files)
    }
}

struct OurFile {
    path: PathBuf,
    /// Else it is unfinished.
    is_entry: bool,
}

impl OurFile {
    fn of(entry: &DirEntry, first_digits: &str) -> Option<Self> {
        let name = entry.file_name();
        let name = name.to_str()?;
        let is_entry = name.strip_suffix(SUFFIX).is_some_and(|key| key.len() == 64 && is_hex(key) && key.starts_with(first_digits));
        let is_ours = is_entry || name.starts_with(UNFINISHED_PREFIX);
        (is_ours && entry.file_type().is_ok_and(|kind| kind.is_file())).then(|| Self { path: entry.path(), is_entry })
    }
}

fn is_hex(name: &str) -> bool {
    name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// What stands in a directory; nothing where somebody has removed it.
fn entries_of(directory: &Path) -> Result<Vec<DirEntry>, CacheError> {
    match fs::read_dir(directory).and_then(Iterator::collect) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries.map_err(|error| CacheError::new("list", directory, error)),
    }
}

fn header_of(path: &Path) -> Option<Header> {
    let mut line = Vec::new();
    BufReader::new(File::open(path).ok()?.take(LONGEST_HEADER_BYTES)).read_until(b'\n', &mut line).ok()?;
    Header::parse(&line)
}

fn is_abandoned(path: &Path) -> bool {
    let age = fs::metadata(path).and_then(|metadata| metadata.modified()).map(|modified| modified.elapsed());
    matches!(age, Ok(Ok(age)) if age >= ABANDONED_AFTER)
}

/// Makes a directory that only this user can look into. One that is there already stays as it is.
fn make_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Opens a file for writing, or makes it for this user alone, and leaves what is in it.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
