//! Reading a stored report back.

use finops_domain::report::{Report, SCHEMA_VERSION};
use serde::Deserialize;

/// A document that is no report which this program can read.
#[derive(Debug, thiserror::Error)]
pub enum ReportParseError {
    /// Not JSON, or cut off.
    #[error("the file is not readable as JSON: {0}")]
    Json(serde_json::Error),
    /// JSON, but without a schema version.
    #[error("the file is JSON but no report: it has no `schema_version`")]
    NotAReport,
    /// Written by a later program.
    #[error("the report has schema version {found}; this program reads up to {known}: a newer version of finops is needed")]
    Newer {
        /// What the report says.
        found: String,
        /// What this program writes.
        known: &'static str,
    },
    /// A field is missing or is not what it should be.
    #[error("the report is damaged at `{path}`: {problem}")]
    Damaged {
        /// Where: `findings[3].savings.monthly`.
        path: String,
        /// What is wrong.
        problem: String,
    },
}

#[derive(Deserialize)]
struct Version {
    schema_version: Option<String>,
}

/// Reads a report from JSON.
///
/// # Errors
/// Where the text is no JSON, no report, a newer one, or a damaged one.
pub fn parse_report(bytes: &[u8]) -> Result<Report, ReportParseError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // Syntax first: a cut-off file is not a report of an unknown kind.
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(ReportParseError::Json)?;
    let version = Version::deserialize(&value).ok().and_then(|version| version.schema_version).ok_or(ReportParseError::NotAReport)?;
    let (found, known) = (major(&version), major(SCHEMA_VERSION));
    match found {
        None => return Err(ReportParseError::Damaged { path: "schema_version".to_owned(), problem: format!("`{version}` is no version") }),
        Some(found) if known.is_some_and(|known| found > known) => {
            return Err(ReportParseError::Newer { found: version, known: SCHEMA_VERSION });
        }
        Some(_) => {}
    }
    drop(value);
    let mut json = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut json)
        .map_err(|error| ReportParseError::Damaged { path: error.path().to_string(), problem: error.inner().to_string() })
}

fn major(version: &str) -> Option<u32> {
    version.split('.').next().and_then(|major| major.parse().ok())
}
