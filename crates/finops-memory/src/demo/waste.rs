//! The waste that was planted, and the truth about it.

use super::ledger::Ledger;

pub(super) fn plant(ledger: &mut Ledger) {
    let _ = ledger;
}
