//! AWS Transfer Family. Names and values are the API's.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TransferServerDetails {
    /// `ONLINE`, `OFFLINE`, …: it is billed in all of them.
    pub state: Arc<str>,
    /// `SFTP`, `FTPS`, `FTP`, `AS2`: each is billed by the hour. `None` where they could not be read.
    pub protocols: Option<Vec<Arc<str>>>,
    /// `S3` or `EFS`.
    pub storage: Option<Arc<str>>,
    /// `PUBLIC`, `VPC`, `VPC_ENDPOINT`.
    pub endpoint_type: Option<Arc<str>>,
    /// `SERVICE_MANAGED`, `AWS_DIRECTORY_SERVICE`, `API_GATEWAY`, `AWS_LAMBDA`.
    pub identity_provider: Option<Arc<str>>,
    /// Users that the service itself keeps.
    pub users: Option<u32>,
}
