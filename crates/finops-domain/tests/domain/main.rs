//! What users of the domain rely on: spend, savings, the judged window and the checks, through the public interface.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what fails here fails a test")]

mod catalog;
mod charges;
mod checks;
mod savings;
mod spend;
mod spend_properties;
mod window;
