//! What users of the domain rely on: spend, savings, the judged window and the checks, through the public interface.

mod charges;
mod checks;
mod savings;
mod spend;
mod spend_properties;
mod window;
