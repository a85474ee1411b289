//! Analyze: the main job. Collect, judge, assemble the report, keep it.

use std::collections::BTreeMap;
use std::sync::Arc;

use finops_domain::analysis::{AnalysisOptions, analyze as judge};
use finops_domain::ports::{ApiCalls, Clock, PortError, ReportStore};
use finops_domain::report::Report;
use finops_domain::snapshot::Snapshot;

use crate::assemble::{RunFacts, assemble};
use crate::collect::{Sources, collect};

/// What an analysis is to do.
#[derive(Clone, Debug)]
pub struct AnalyzeRequest {
    /// Days to look back and checks to run.
    pub options: AnalysisOptions,
    /// Version of the program that the report names.
    pub tool_version: String,
}

/// Why an analysis came to no report.
#[derive(Debug, thiserror::Error)]
pub enum AnalyzeError {
    /// The source could not be read.
    #[error("could not read what is to be analysed")]
    Source(#[source] PortError),
}

/// A report, and whether it could be kept.
#[derive(Debug)]
pub struct AnalyzeOutcome {
    /// The report, with the id that the store gave it.
    pub report: Report,
    /// Why it is not in the store; the report itself is whole all the same.
    pub store_error: Option<PortError>,
}

/// Collects, judges, and keeps the report in `store`, if there is one.
///
/// # Errors
/// Where the source can read nothing at all.
pub async fn analyze(
    sources: &Sources,
    store: Option<&Arc<dyn ReportStore>>,
    clock: &dyn Clock,
    request: &AnalyzeRequest,
) -> Result<AnalyzeOutcome, AnalyzeError> {
    let started_at = clock.now();
    let snapshot = collect(sources, clock).await.map_err(AnalyzeError::Source)?;
    let api_calls = sources.ledger.as_ref().map(|ledger| ledger.calls()).unwrap_or_default();
    Ok(judge_and_keep(&snapshot, store, clock, request, started_at, api_calls).await)
}

/// The same from a snapshot that is already there.
pub async fn analyze_snapshot(
    snapshot: &Snapshot,
    store: Option<&Arc<dyn ReportStore>>,
    clock: &dyn Clock,
    request: &AnalyzeRequest,
    started_at: jiff::Timestamp,
) -> AnalyzeOutcome {
    judge_and_keep(snapshot, store, clock, request, started_at, BTreeMap::new()).await
}

async fn judge_and_keep(
    snapshot: &Snapshot,
    store: Option<&Arc<dyn ReportStore>>,
    clock: &dyn Clock,
    request: &AnalyzeRequest,
    started_at: jiff::Timestamp,
    api_calls: BTreeMap<String, ApiCalls>,
) -> AnalyzeOutcome {
    let analysis = judge(snapshot, &request.options);
    let facts = RunFacts { started_at, ended_at: clock.now(), tool_version: request.tool_version.clone(), api_calls };
    let mut report = assemble(snapshot, analysis, &facts);
    let mut store_error = None;
    if let Some(store) = store {
        match store.put(&report).await {
            Ok(report_id) => report.report_id = report_id,
            Err(error) => store_error = Some(error),
        }
    }
    AnalyzeOutcome { report, store_error }
}
