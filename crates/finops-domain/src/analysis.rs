//! The pure step: a snapshot goes in, an analysis comes out.

use crate::checks::{CheckRun, CheckSelection, JudgedWindow, run_checks};
use crate::savings::{SavingsTotals, resolve_conflicts};
use crate::snapshot::{Bill, Snapshot};
use crate::spend::{SpendSummary, summarise};

/// What the user can set about an analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnalysisOptions {
    /// How many days the checks look back; rounded up to whole months where the bill has them.
    pub days: u16,
    /// Which checks, with which settings.
    pub selection: CheckSelection,
}

/// What was judged of a snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The judged months; `None` without a bill or with an empty one.
    pub window: Option<JudgedWindow>,
    /// Where the money goes; `None` without a bill.
    pub spend: Option<SpendSummary>,
    /// Findings with their conflicts resolved, and what could not be judged.
    pub checks: CheckRun,
    /// Savings, one for each currency, sorted.
    pub savings: Vec<SavingsTotals>,
}

/// Judges a snapshot. No I/O, no clock: the same snapshot and options always give the same analysis.
pub fn analyze(snapshot: &Snapshot, options: &AnalysisOptions) -> Analysis {
    let Some(bill) = &snapshot.bill else { return without_bill(snapshot, options) };
    let window = JudgedWindow::of_snapshot(snapshot, bill, options.days);
    let mut checks = window.as_ref().map(|window| run_checks(snapshot, bill, window, &options.selection)).unwrap_or_default();
    let savings = resolve_conflicts(&mut checks.findings);
    let spend = Some(summarise(bill, window.as_ref()));
    Analysis { window, spend, checks, savings }
}

/// What can be judged where there is no cost data: resources, at list prices. What was spent is not known, and not zero.
fn without_bill(snapshot: &Snapshot, options: &AnalysisOptions) -> Analysis {
    if snapshot.resources.is_empty() {
        return Analysis { window: None, spend: None, checks: CheckRun::default(), savings: Vec::new() };
    }
    let window = JudgedWindow::before(snapshot.collected_at, options.days);
    let mut checks = run_checks(snapshot, &Bill::empty(), &window, &options.selection);
    let savings = resolve_conflicts(&mut checks.findings);
    Analysis { window: Some(window), spend: None, checks, savings }
}
