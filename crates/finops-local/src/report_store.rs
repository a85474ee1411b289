//! Reports in a directory: one JSON document a file, `reports/<report id>.json`.

use std::fs;
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use finops_domain::id::ReportId;
use finops_domain::ports::{PortError, PortErrorKind, PortResult, ReportStore};
use finops_domain::report::{Report, ReportSummary};
use finops_domain::savings::SavingsTotals;
use finops_domain::snapshot::SourceInfo;
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::directory::{port_error, sync_directory};

const PUT: &str = "ReportStore.put";
const GET: &str = "ReportStore.get";
const LIST: &str = "ReportStore.list";

/// What a file is called while it is being written. No report id starts like this, so nobody takes it for a report.
const UNFINISHED_PREFIX: &str = ".unfinished-";

/// An unfinished file of this age belongs to no run that is still writing.
const ABANDONED_AFTER: Duration = Duration::from_hours(24);

/// Reports in a directory.
///
/// A report is written to a file beside its place, brought to the disk, and only then given its name, in one step
/// that fails where the name is taken: a run that dies leaves no half report, and two runs at once keep both.
/// A damaged report is [`PortErrorKind::Corrupt`] to [`ReportStore::get`]; the list leaves it out with a warning in
/// the log, since one bad file must not hide the others.
#[derive(Clone, Debug)]
pub struct LocalReportStore {
    reports: Arc<Path>,
    location: Arc<str>,
}

impl LocalReportStore {
    /// The store of a directory, which is made when the first report is put.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        let directory = directory.into();
        Self { location: directory.display().to_string().into(), reports: directory.join("reports").into() }
    }

    /// Where the report of an id is kept; `None` for a text that is no report id.
    pub fn path_of(&self, report_id: &ReportId) -> Option<PathBuf> {
        report_id.parts().map(|_| file_of(&self.reports, report_id))
    }
}

#[async_trait]
impl ReportStore for LocalReportStore {
    fn location(&self) -> String {
        self.location.to_string()
    }

    async fn put(&self, report: &Report) -> PortResult<ReportId> {
        checked(PUT, &report.report_id)?;
        let (directory, report) = (Arc::clone(&self.reports), report.clone());
        blocking(PUT, move || put(&directory, report)).await
    }

    async fn get(&self, report_id: &ReportId) -> PortResult<Report> {
        checked(GET, report_id)?;
        let (directory, report_id) = (Arc::clone(&self.reports), report_id.clone());
        blocking(GET, move || get(&directory, &report_id)).await
    }

    async fn list(&self, limit: usize) -> PortResult<Vec<ReportSummary>> {
        let directory = Arc::clone(&self.reports);
        blocking(LIST, move || list(&directory, limit)).await
    }
}

fn checked(operation: &'static str, report_id: &ReportId) -> PortResult<()> {
    let form = "a report id looks like finops-analysis-20251124-120000";
    match report_id.parts() {
        Some(_) => Ok(()),
        None => Err(PortError::new(PortErrorKind::InvalidRequest, operation, report_id.as_str()).with_source(form)),
    }
}

async fn blocking<T: Send + 'static>(operation: &'static str, work: impl FnOnce() -> PortResult<T> + Send + 'static) -> PortResult<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(PortError::new(PortErrorKind::Unavailable, operation, "this machine").with_source(error)),
    }
}

fn file_of(directory: &Path, report_id: &ReportId) -> PathBuf {
    directory.join(format!("{report_id}.json"))
}

fn put(directory: &Path, mut report: Report) -> PortResult<ReportId> {
    let failed = |error| port_error(PUT, directory, error);
    fs::create_dir_all(directory).map_err(failed)?;
    remove_abandoned(directory);
    loop {
        // A name that is already taken need not be tried; one that is taken meanwhile is noticed below.
        while file_of(directory, &report.report_id).try_exists().map_err(failed)? {
            report.report_id = next_id(&report.report_id)?;
        }
        let place = file_of(directory, &report.report_id);
        let mut file = tempfile::Builder::new().prefix(UNFINISHED_PREFIX).suffix(".json").tempfile_in(directory).map_err(failed)?;
        write_report(file.as_file_mut(), &report).map_err(failed)?;
        match file.persist_noclobber(&place) {
            Ok(_) => {
                sync_directory(directory).map_err(failed)?;
                return Ok(report.report_id);
            }
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => report.report_id = next_id(&report.report_id)?,
            Err(error) => return Err(port_error(PUT, &place, error.error)),
        }
    }
}

fn next_id(report_id: &ReportId) -> PortResult<ReportId> {
    let number = report_id.parts().and_then(|(_, number)| number.checked_add(1));
    let number = number.ok_or_else(|| PortError::new(PortErrorKind::Refused, PUT, report_id.as_str()))?;
    Ok(report_id.with_number(number))
}

fn write_report(file: &mut fs::File, report: &Report) -> io::Result<()> {
    let mut writer = io::BufWriter::new(&mut *file);
    serde_json::to_writer_pretty(&mut writer, report)?;
    writer.write_all(b"\n")?;
    writer.flush()?;
    drop(writer);
    file.sync_all()
}

/// Removes what a run that was killed while writing left behind. What cannot be removed stays: it hurts nobody.
fn remove_abandoned(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let is_unfinished = entry.file_name().to_str().is_some_and(|name| name.starts_with(UNFINISHED_PREFIX));
        let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        let age = modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        if is_unfinished && age.is_some_and(|age| age > ABANDONED_AFTER) && fs::remove_file(entry.path()).is_ok() {
            tracing::debug!(file = %entry.path().display(), "removed what an earlier run left unfinished");
        }
    }
}

fn get(directory: &Path, report_id: &ReportId) -> PortResult<Report> {
    let path = file_of(directory, report_id);
    let bytes = fs::read(&path).map_err(|error| port_error(GET, &path, error))?;
    let corrupt = |reason: Box<dyn std::error::Error + Send + Sync>| {
        PortError::new(PortErrorKind::Corrupt, GET, path.display().to_string()).with_source(reason)
    };
    let report: Report = serde_json::from_slice(&bytes).map_err(|error| corrupt(error.into()))?;
    if report.report_id == *report_id { Ok(report) } else { Err(corrupt(format!("the file holds report {}", report.report_id).into())) }
}

/// What a list needs of a report; the rest is skipped while reading.
#[derive(Deserialize)]
struct ListedReport {
    report_id: ReportId,
    generated_at: Timestamp,
    source: SourceInfo,
    findings: Vec<IgnoredAny>,
    savings: SavingsTotals,
    coverage: ListedCoverage,
}

#[derive(Deserialize)]
struct ListedCoverage {
    complete: bool,
}

fn list(directory: &Path, limit: usize) -> PortResult<Vec<ReportSummary>> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(port_error(LIST, directory, error)),
    };
    let mut ids = Vec::new();
    for entry in entries {
        let name = entry.map_err(|error| port_error(LIST, directory, error))?.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".json")).map(ReportId::from);
        ids.extend(id.filter(|id| id.parts().is_some()));
    }
    ids.sort_by(|a, b| b.parts().cmp(&a.parts()));
    let summaries = ids.iter().filter_map(|id| match read_summary(&file_of(directory, id)) {
        Ok(summary) if summary.report_id == *id => Some(summary),
        Ok(summary) => {
            tracing::warn!(report_id = %id, found = %summary.report_id, "left out of the list: the file holds another report");
            None
        }
        Err(error) => {
            tracing::warn!(report_id = %id, %error, "left out of the list: the report is not readable");
            None
        }
    });
    Ok(summaries.take(limit).collect())
}

fn read_summary(path: &Path) -> io::Result<ReportSummary> {
    let report: ListedReport = serde_json::from_reader(BufReader::new(fs::File::open(path)?))?;
    Ok(ReportSummary {
        report_id: report.report_id,
        generated_at: report.generated_at,
        source: report.source,
        finding_count: report.findings.len(),
        savings: report.savings,
        complete: report.coverage.complete,
    })
}
