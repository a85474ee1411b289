//! Snapshots in a directory: `snapshot.json.gz`, and `manifest.json` that says what it is.

use std::error::Error;
use std::fs;
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::Path;

use finops_domain::ports::{PortError, PortErrorKind, PortResult};
use finops_domain::snapshot::Snapshot;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::directory::{port_error, sync_directory};

/// The version of the files that this program writes. It rises when an older program could not read them.
pub const SNAPSHOT_FORMAT_VERSION: u32 = 1;

const SAVE: &str = "save snapshot";
const LOAD: &str = "load snapshot";
const FORMAT: &str = "finops-snapshot";
const MANIFEST_FILE: &str = "manifest.json";
const SNAPSHOT_FILE: &str = "snapshot.json.gz";

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: String,
    version: u32,
    collected_at: Timestamp,
    location: String,
}

/// Saves a snapshot as a directory, which must be absent or empty. It appears whole or not at all. Blocks.
///
/// # Errors
/// `Refused` where the directory holds something already, `Denied` where it cannot be written.
pub fn save_snapshot(directory: &Path, snapshot: &Snapshot) -> PortResult<()> {
    let failed = |error| port_error(SAVE, directory, error);
    let is_taken = match fs::read_dir(directory) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(failed(error)),
    };
    if is_taken {
        let reason = "the directory is not empty; a snapshot is never written over something else";
        return Err(PortError::new(PortErrorKind::Refused, SAVE, directory.display().to_string()).with_source(reason));
    }
    let parent = match directory.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(failed)?;
    let unfinished = tempfile::Builder::new().prefix(".unfinished-").tempdir_in(parent).map_err(failed)?;
    write_files(unfinished.path(), snapshot).map_err(failed)?;
    // Renaming onto an empty directory replaces it on Unix and fails on Windows.
    if directory.is_dir() && cfg!(not(unix)) {
        fs::remove_dir(directory).map_err(failed)?;
    }
    fs::rename(unfinished.path(), directory).map_err(failed)?;
    sync_directory(parent).map_err(failed)
}

fn write_files(directory: &Path, snapshot: &Snapshot) -> io::Result<()> {
    let mut encoder = GzEncoder::new(BufWriter::new(fs::File::create_new(directory.join(SNAPSHOT_FILE))?), Compression::fast());
    serde_json::to_writer(BufWriter::new(&mut encoder), snapshot)?;
    encoder.finish()?.into_inner()?.sync_all()?;
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: SNAPSHOT_FORMAT_VERSION,
        collected_at: snapshot.collected_at,
        location: snapshot.source.location.clone(),
    };
    let mut file = fs::File::create_new(directory.join(MANIFEST_FILE))?;
    serde_json::to_writer_pretty(&mut file, &manifest)?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    sync_directory(directory)
}

/// Loads the snapshot of a directory. Blocks.
///
/// # Errors
/// `NotFound` where there is none, `Corrupt` for one that is damaged, `InvalidRequest` for one of a newer version
/// or for a directory that holds something else.
pub fn load_snapshot(directory: &Path) -> PortResult<Snapshot> {
    let error =
        |kind, reason: Box<dyn Error + Send + Sync>| PortError::new(kind, LOAD, directory.display().to_string()).with_source(reason);
    let manifest_path = directory.join(MANIFEST_FILE);
    let bytes = fs::read(&manifest_path).map_err(|error| port_error(LOAD, &manifest_path, error))?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|reason| error(PortErrorKind::Corrupt, reason.into()))?;
    if manifest.format != FORMAT {
        return Err(error(PortErrorKind::InvalidRequest, format!("`{}` is no snapshot of this program", manifest.format).into()));
    }
    if manifest.version > SNAPSHOT_FORMAT_VERSION {
        let reason =
            format!("it is of version {}, this program reads up to {SNAPSHOT_FORMAT_VERSION}: use a newer program", manifest.version);
        return Err(error(PortErrorKind::InvalidRequest, reason.into()));
    }
    let path = directory.join(SNAPSHOT_FILE);
    let file = fs::File::open(&path).map_err(|error| port_error(LOAD, &path, error))?;
    let reader = BufReader::new(GzDecoder::new(BufReader::new(file)));
    serde_json::from_reader(reader).map_err(|reason| error(PortErrorKind::Corrupt, reason.into()))
}
