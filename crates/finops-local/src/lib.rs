//! The adapter to this machine: reports and snapshots in directories, and the machine's clock.
#![warn(missing_docs)]

mod clock;
mod directory;
mod report_store;
mod snapshot;

pub use self::clock::SystemClock;
pub use self::directory::{cache_directory, default_directory};
pub use self::report_store::LocalReportStore;
pub use self::snapshot::{SNAPSHOT_FORMAT_VERSION, load_snapshot, save_snapshot};
