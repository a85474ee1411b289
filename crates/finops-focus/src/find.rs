//! The files of a bill: from a path, a directory or a glob.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::FocusError;

/// The bill files at `path`, sorted.
///
/// A file is taken under any name. In a directory, hidden and underscored entries are left out as Spark and Hive do,
/// and only names with the ending of a bill count, so the manifests that AWS writes beside an export do no harm.
pub(crate) fn find(path: &str) -> Result<Vec<PathBuf>, FocusError> {
    let given = Path::new(path);
    let mut files = Vec::new();
    match fs::metadata(given) {
        Ok(metadata) if metadata.is_dir() => collect(given, &mut files)?,
        Ok(_) => return Ok(vec![given.to_owned()]),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound || error.kind() == std::io::ErrorKind::InvalidInput => {
            if !path.contains(['*', '?', '[']) {
                return Err(FocusError::NotFound { path: path.to_owned() });
            }
            let matches = glob::glob(path).map_err(|source| FocusError::InvalidGlob { path: path.to_owned(), source })?;
            let mut any = false;
            for found in matches {
                let found = found.map_err(|error| FocusError::io(&error.path().display().to_string(), error.into()))?;
                any = true;
                if found.is_dir() {
                    collect(&found, &mut files)?;
                } else if has_bill_ending(&found) {
                    files.push(found);
                }
            }
            if !any {
                return Err(FocusError::NotFound { path: path.to_owned() });
            }
        }
        Err(error) => return Err(FocusError::io(path, error)),
    }
    files.sort_unstable();
    files.dedup();
    let files = newest_executions(files);
    if files.is_empty() { Err(FocusError::NoBill { path: path.to_owned() }) } else { Ok(files) }
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> Result<(), FocusError> {
    let name = |path: &Path| path.display().to_string();
    for entry in fs::read_dir(directory).map_err(|error| FocusError::io(&name(directory), error))? {
        let entry = entry.map_err(|error| FocusError::io(&name(directory), error))?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with(['.', '_']) {
            continue;
        }
        let file_type = entry.file_type().map_err(|error| FocusError::io(&name(&path), error))?;
        if file_type.is_dir() {
            collect(&path, files)?;
        } else if has_bill_ending(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn has_bill_ending(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    [".parquet", ".csv", ".csv.gz", ".gz"].iter().any(|ending| name.ends_with(ending)) && !name.ends_with(".json.gz")
}

/// Of a billing period that was exported several times, each into a directory of its own, the newest alone: AWS Data
/// Exports with "create new" writes `BILLING_PERIOD=2025-11/<timestamp>-<id>/…`, each a whole bill.
///
/// Source: AWS Data Exports user guide, "Understanding export delivery", read 2026-11.
fn newest_executions(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let period_of = |path: &Path| -> Option<(PathBuf, String)> {
        let names: Vec<_> = path.components().collect();
        let position = names.iter().position(|name| name.as_os_str().to_string_lossy().starts_with("BILLING_PERIOD="))?;
        let period = names.iter().take(position + 1).collect();
        let execution = names.get(position + 1).filter(|_| names.len() > position + 2)?;
        let execution = execution.as_os_str().to_string_lossy().into_owned();
        execution.starts_with(|first: char| first.is_ascii_digit()).then_some((period, execution))
    };
    let mut newest: BTreeMap<PathBuf, String> = BTreeMap::new();
    for (period, execution) in files.iter().filter_map(|file| period_of(file)) {
        let known = newest.entry(period).or_default();
        if execution > *known {
            *known = execution;
        }
    }
    files
        .into_iter()
        .filter(|file| period_of(file).is_none_or(|(period, execution)| newest.get(&period).is_none_or(|newest| *newest == execution)))
        .collect()
}
