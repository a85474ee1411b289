//! Reports in memory.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use finops_domain::id::ReportId;
use finops_domain::ports::{PortError, PortErrorKind, PortResult, ReportStore};
use finops_domain::report::{Report, ReportSummary};

/// A store that forgets everything when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryReportStore {
    reports: Mutex<Vec<Report>>,
}

impl MemoryReportStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Report>> {
        // A report is pushed whole, so a writer that panicked left nothing half written.
        self.reports.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_report_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[async_trait]
impl ReportStore for MemoryReportStore {
    fn location(&self) -> String {
        "memory".to_owned()
    }

    async fn put(&self, report: &Report) -> PortResult<ReportId> {
        let wanted = &report.report_id;
        if !is_report_id(wanted.as_str()) {
            return Err(PortError::new(PortErrorKind::InvalidRequest, "ReportStore.put", wanted.as_str()));
        }
        let mut reports = self.lock();
        let is_taken = |id: &ReportId| reports.iter().any(|kept| kept.report_id == *id);
        let suffixed = (2_u64..).map(|number| ReportId::from(format!("{wanted}-{number}")));
        let report_id = std::iter::once(wanted.clone()).chain(suffixed).find(|id| !is_taken(id)).unwrap_or_else(|| wanted.clone());
        reports.push(Report { report_id: report_id.clone(), ..report.clone() });
        Ok(report_id)
    }

    async fn get(&self, report_id: &ReportId) -> PortResult<Report> {
        if !is_report_id(report_id.as_str()) {
            return Err(PortError::new(PortErrorKind::InvalidRequest, "ReportStore.get", report_id.as_str()));
        }
        let found = self.lock().iter().find(|report| report.report_id == *report_id).cloned();
        found.ok_or_else(|| PortError::new(PortErrorKind::NotFound, "ReportStore.get", report_id.as_str()))
    }

    async fn list(&self, limit: usize) -> PortResult<Vec<ReportSummary>> {
        let mut summaries: Vec<ReportSummary> = self.lock().iter().rev().map(Report::summary).collect();
        // Stable: of two that were made at the same time, the one that was kept later comes first.
        summaries.sort_by_key(|summary| std::cmp::Reverse(summary.generated_at));
        summaries.truncate(limit);
        Ok(summaries)
    }
}
