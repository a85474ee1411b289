//! Charges, commitments, forecast, anomalies and rightsizing from AWS Cost Explorer.
//!
//! Cost Explorer groups by two keys at most, and every request, each page of an answer too, costs $0.01. [`CostExplorerSource`] asks
//! so that rows know day, account, service, usage type, region and record type, and every grouping still sums to Cost Explorer's own
//! total to the last decimal:
//!
//! 1. account × record type, of everything: the totals. Whatever the requests below do not explain stays in a row of its own that
//!    knows account, day and record type, so that one that fails costs detail, never money.
//! 2. usage type × region, by month, of everything: in which region a usage type is used, where its own words do not say.
//! 3. service × usage type, for each account and each record type of usage that it has: exact, since account and record type are
//!    filters.
//! 4. Of the other record types, service × record type for each account that has any, or account × service for each such record
//!    type, whichever is less.
//!
//! For N accounts with on-demand usage and taxes alone these are 2 + N + 1 requests; with Savings Plans and reservations everywhere
//! 2 + 3 N and one for each further record type, at most N. A page of an answer that has several counts as a request.
//!
//! Where an organization has more accounts than [`CostExplorerOptions::max_accounts_asked_alone`], step 3 asks account × usage type
//! and service × usage type once for each record type of usage, and joins them by day and usage type: at most 8 requests and one for
//! each further record type, whatever N. A usage type that several accounts use of several services cannot be placed: its rows know
//! the service and no account.
//!
//! Only whole days up to today, UTC, are asked for: on the same day it is the same question, byte for byte, and a cache can answer it.
#![warn(missing_docs)]

mod commitments;
mod join;
mod outlook;
mod pages;
mod record_type;
mod regions;
mod request;
mod rightsizing;
mod row;
mod source;

pub use self::commitments::CommitmentOptions;
pub use self::source::{CostExplorerOptions, CostExplorerSource};
