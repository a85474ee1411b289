//! Directories: where reports are kept by default, and the errors that a file system gives.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use finops_domain::ports::{PortError, PortErrorKind};

/// The directory that reports are kept in unless the user names one: `FINOPS_STORE` where that is set, else
/// `finops` in the platform's directory for data: `$XDG_DATA_HOME` or `~/.local/share` on Linux,
/// `~/Library/Application Support` on macOS, `%APPDATA%` on Windows. `None` where the user has no home.
///
/// The directory need not exist yet.
pub fn default_directory() -> Option<PathBuf> {
    let platform = || etcetera::base_strategy::choose_native_strategy().ok().map(|strategy| strategy.data_dir());
    directory_of(env::var_os("FINOPS_STORE"), platform)
}

/// The directory that answers of AWS are kept in unless the user names one: `finops` in the platform's directory for caches.
/// `None` where the user has no home. It need not exist yet.
pub fn cache_directory() -> Option<PathBuf> {
    etcetera::base_strategy::choose_native_strategy().ok().map(|strategy| strategy.cache_dir().join("finops"))
}

fn directory_of(chosen: Option<OsString>, platform: impl FnOnce() -> Option<PathBuf>) -> Option<PathBuf> {
    match chosen.filter(|chosen| !chosen.is_empty()) {
        Some(chosen) => Some(PathBuf::from(chosen)),
        None => platform().map(|data| data.join("finops")),
    }
}

/// The port's error of a file system's.
pub(crate) fn port_error(operation: &'static str, path: &Path, error: io::Error) -> PortError {
    let kind = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => PortErrorKind::Denied,
        io::ErrorKind::NotFound => PortErrorKind::NotFound,
        io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory | io::ErrorKind::InvalidFilename => PortErrorKind::InvalidRequest,
        _ => PortErrorKind::Unavailable,
    };
    PortError::new(kind, operation, path.display().to_string()).with_source(error)
}

/// Waits until a directory's entries are on the disk, where the platform can say so.
pub(crate) fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) { std::fs::File::open(directory)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_user_chose_beats_the_platform() {
        let platform = || Some(PathBuf::from("data"));
        assert_eq!(directory_of(Some("mine".into()), platform), Some(PathBuf::from("mine")));
        assert_eq!(directory_of(Some(OsString::new()), platform), Some(Path::new("data").join("finops")));
        assert_eq!(directory_of(None, platform), Some(Path::new("data").join("finops")));
        assert_eq!(directory_of(None, || None), None);
    }
}
