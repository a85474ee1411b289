//! Findings as CSV, one a line.

use finops_domain::id::{FindingId, RegionId, ResourceId, ResourceKind, ServiceName, SubAccountId};
use finops_domain::report::Report;

use crate::RenderError;
use crate::overview::{basis, confidence};
use crate::table::{Cell, Column, Table};

/// RFC 4180, with a head.
pub(crate) fn render(report: &Report) -> Result<String, RenderError> {
    let names = crate::overview::account_names(report);
    let columns = [
        "finding_id",
        "check_id",
        "kind",
        "title",
        "account_id",
        "account_name",
        "region_id",
        "service_name",
        "resource_kind",
        "resource_id",
        "subject",
        "currency",
        "monthly_cost",
        "monthly_savings",
        "annual_savings",
        "basis",
        "confidence",
        "suppressed",
        "displaced_by",
    ];
    let mut table = Table::new(columns.map(Column::text));
    for finding in &report.findings {
        let savings = finding.savings.as_ref();
        table.push([
            Cell::text(finding.finding_id.as_str()),
            Cell::text(finding.check_id.as_str()),
            Cell::text(kind(finding.kind)),
            Cell::text(finding.title.as_str()),
            Cell::text_or_empty(finding.account_id.as_ref().map(SubAccountId::as_str)),
            Cell::text_or_empty(finding.account_id.as_ref().and_then(|id| names.get(id)).copied()),
            Cell::text_or_empty(finding.region_id.as_ref().map(RegionId::as_str)),
            Cell::text_or_empty(finding.service_name.as_ref().map(ServiceName::as_str)),
            Cell::text_or_empty(finding.resource_kind.as_ref().map(ResourceKind::as_str)),
            Cell::text_or_empty(finding.resource_id.as_ref().map(ResourceId::as_str)),
            Cell::text(finding.subject.as_str()),
            Cell::text(finding.currency.as_str()),
            Cell::money(finding.monthly_cost),
            savings.map_or_else(Cell::empty, |savings| Cell::money(savings.monthly)),
            savings.map_or_else(Cell::empty, |savings| Cell::money(savings.annual)),
            Cell::text_or_empty(savings.map(|savings| basis(savings.basis))),
            Cell::text_or_empty(savings.map(|savings| confidence(savings.confidence))),
            Cell::text_or_empty(finding.suppressed.as_deref()),
            Cell::text_or_empty(finding.displaced_by.as_ref().map(FindingId::as_str)),
        ]);
    }
    table.to_csv()
}

/// The word for what a finding asks for.
pub(crate) const fn kind(kind: finops_domain::finding::FindingKind) -> &'static str {
    match kind {
        finops_domain::finding::FindingKind::Recommendation => "recommendation",
        finops_domain::finding::FindingKind::Investigation => "investigation",
    }
}
