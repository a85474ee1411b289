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

#[async_trait]
impl ReportStore for MemoryReportStore {
    fn location(&self) -> String {
        "memory".to_owned()
    }

    async fn put(&self, report: &Report) -> PortResult<ReportId> {
        let wanted = &report.report_id;
        let Some((_, number)) = wanted.parts() else {
            return Err(PortError::new(PortErrorKind::InvalidRequest, "ReportStore.put", wanted.as_str()));
        };
        let mut reports = self.lock();
        let is_taken = |id: &ReportId| reports.iter().any(|kept| kept.report_id == *id);
        let report_id =
            (number..=u32::MAX).map(|number| wanted.with_number(number)).find(|id| !is_taken(id)).unwrap_or_else(|| wanted.clone());
        reports.push(Report { report_id: report_id.clone(), ..report.clone() });
        Ok(report_id)
    }

    async fn get(&self, report_id: &ReportId) -> PortResult<Report> {
        if report_id.parts().is_none() {
            return Err(PortError::new(PortErrorKind::InvalidRequest, "ReportStore.get", report_id.as_str()));
        }
        let found = self.lock().iter().find(|report| report.report_id == *report_id).cloned();
        found.ok_or_else(|| PortError::new(PortErrorKind::NotFound, "ReportStore.get", report_id.as_str()))
    }

    async fn list(&self, limit: usize) -> PortResult<Vec<ReportSummary>> {
        let mut summaries: Vec<ReportSummary> = self.lock().iter().map(Report::summary).collect();
        summaries.sort_by(|a, b| b.report_id.parts().cmp(&a.report_id.parts()));
        summaries.truncate(limit);
        Ok(summaries)
    }
}
