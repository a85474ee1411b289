//! How our figures follow from the source's own total, to the last decimal.

use std::collections::BTreeMap;

use super::ReconciliationLine;
use super::breakdown::NONE;
use super::ledger::Ledger;
use crate::charge::{ChargeCategory, Costs};
use crate::id::Currency;

/// The parts that are always listed, so that a zero is seen to be one.
const PARTS: [&str; 6] = [
    ChargeCategory::Usage.as_str(),
    ChargeCategory::Purchase.as_str(),
    ChargeCategory::Tax.as_str(),
    ChargeCategory::Credit.as_str(),
    ChargeCategory::Adjustment.as_str(),
    CORRECTION,
];
const CORRECTION: &str = "Correction";

/// For each currency: the source's total, the parts, their sum, and what is left.
pub(super) fn reconcile(ledger: &Ledger<'_>) -> Vec<ReconciliationLine> {
    let mut parts: BTreeMap<&Currency, BTreeMap<&str, (Costs, u64)>> = BTreeMap::new();
    for (_, line) in &ledger.lines {
        let name = match line.key.is_correction {
            Some(true) => CORRECTION,
            _ => line.key.charge_category.map_or(NONE, ChargeCategory::as_str),
        };
        let part = parts.entry(&line.key.billing_currency).or_default().entry(name).or_default();
        part.0 += line.costs;
        part.1 += line.rows;
    }
    let mut lines = Vec::new();
    for total in &ledger.totals {
        let currency = &total.billing_currency;
        let mut line = |name: &str, costs: Costs, note: String| {
            lines.push(ReconciliationLine {
                name: name.to_owned(),
                currency: currency.clone(),
                billed_cost: costs.billed,
                effective_cost: costs.effective,
                note,
            });
        };
        line("source total", total.costs, source_note(ledger, total.rows));
        let of_currency = parts.remove(currency).unwrap_or_default();
        let mut sum = Costs::default();
        let mut rows = 0;
        for name in PARTS.iter().copied().chain(of_currency.contains_key(NONE).then_some(NONE)) {
            let (costs, part_rows) = of_currency.get(name).copied().unwrap_or_default();
            sum += costs;
            rows += part_rows;
            line(name, costs, part_note(name, part_rows));
        }
        line("total of the parts", sum, format!("{rows} rows"));
        let difference =
            Costs { billed: total.costs.billed - sum.billed, effective: total.costs.effective - sum.effective, ..Costs::default() };
        let note = if difference == Costs::default() {
            "the parts add up to the source total"
        } else {
            "the parts do not add up to the source total"
        };
        line("difference", difference, note.to_owned());
    }
    lines
}

fn source_note(ledger: &Ledger<'_>, rows: u64) -> String {
    match ledger.bill.rows_malformed {
        0 => format!("sum of all {rows} rows of this currency, added up apart from all grouping"),
        malformed => format!(
            "sum of {rows} rows of this currency, added up apart from all grouping; {malformed} of {} rows of the bill could not be read and are in no figure",
            ledger.bill.rows_read
        ),
    }
}

fn part_note(name: &str, rows: u64) -> String {
    match name {
        CORRECTION => format!("{rows} rows that correct former billing periods, whatever their charge category"),
        NONE => format!("{rows} rows without a charge category"),
        _ => format!("{rows} rows of this charge category that are no corrections"),
    }
}
