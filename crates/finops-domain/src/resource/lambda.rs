//! Lambda.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A function.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FunctionDetails {
    /// Memory, MiB.
    pub memory_mib: u32,
    /// Time limit, seconds.
    pub timeout_seconds: u32,
    /// `python3.13`; none of an image.
    pub runtime: Option<Arc<str>>,
    /// `x86_64`, `arm64`.
    pub architecture: Option<Arc<str>>,
    /// `Zip`, `Image`.
    pub package_type: Option<Arc<str>>,
    /// Temporary storage, MiB; 512 are free.
    pub temporary_storage_mib: Option<u32>,
}
