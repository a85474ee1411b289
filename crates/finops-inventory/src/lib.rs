//! Which resources exist.
//!
//! Three inventories, each an adapter of [`finops_domain::ports::ResourceInventory`]; what several see is one resource:
//!
//! - [`ServiceInventory`]: the services' own APIs, for the kinds where the money is. A module for each family of services, in it a
//!   `Lister` for each list, all of them in `listers`.
//! - [`TaggingInventory`]: Resource Groups Tagging; it misses what was never tagged.
//! - [`ExplorerInventory`]: Resource Explorer, where an index exists; it sees what was never tagged.
//!
//! And [`AwsDirectory`], which knows the accounts and the regions.
#![warn(missing_docs)]

mod backup;
mod breadth;
mod databases;
mod directory;
mod ec2;
mod file_systems;
mod lambda;
mod lister;
mod listers;
mod load_balancing;
mod logs;
mod per_item;
mod queues;
mod s3;
mod service_inventory;
mod streams;
mod transfer;

pub use breadth::{ExplorerInventory, TaggingInventory};
pub use directory::AwsDirectory;
pub use service_inventory::ServiceInventory;
