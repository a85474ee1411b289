//! The double of the services that moto lacks.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::moto::Planted;
use super::python;
use super::server::{Server, items, text};

/// The services that a [`Double`] answers for, by botocore's names.
pub(super) const SERVICES: [&str; 8] = [
    "ce",
    "cloudcontrol",
    "compute-optimizer",
    "cost-optimization-hub",
    "pricing",
    "resource-explorer-2",
    "savingsplans",
    "trustedadvisor",
];

/// A server that answers from a scenario (see `tests/aws/scenario.py`). When it is dropped, the test fails if a request or an
/// answer was not AWS's.
pub(in crate::aws) struct Double {
    server: Server,
    _folder: TempDir,
}

/// A question that the double was asked.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Asked {
    pub(in crate::aws) service: String,
    pub(in crate::aws) operation: String,
    pub(in crate::aws) account: String,
    pub(in crate::aws) region: String,
    pub(in crate::aws) parameters: Value,
}

impl Double {
    /// With a scenario of the repository: `empty` or `company`.
    pub(in crate::aws) fn start(scenario: &str) -> Self {
        Self::planted(scenario, &[])
    }

    /// The same, where advice speaks of the resources that were planted in moto.
    pub(in crate::aws) fn planted(scenario: &str, planted: &[Planted]) -> Self {
        Self::at(&python::scripts().join("scenarios").join(scenario), planted)
    }

    /// With a folder of the test's own.
    pub(in crate::aws) fn at(scenario: &Path, planted: &[Planted]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = python::script("double.py");
        command.arg(scenario);
        if !planted.is_empty() {
            let file = folder.path().join("planted.json");
            std::fs::write(&file, planted.iter().map(Planted::write).collect::<Value>().to_string()).unwrap();
            command.env("FINOPS_PLANTED", file);
        }
        let server = Server::start(command).unwrap_or_else(|said| panic!("double: {said}"));
        Self { server, _folder: folder }
    }

    pub(in crate::aws) fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    /// Everything asked since the start, or since the last reset.
    #[track_caller]
    pub(in crate::aws) fn requests(&self) -> Vec<Asked> {
        items(&self.server.ask("/_double/requests"), |value| Asked {
            service: text(value, "service"),
            operation: text(value, "operation"),
            account: text(value, "account"),
            region: text(value, "region"),
            parameters: value["parameters"].clone(),
        })
    }

    /// What was asked or answered otherwise than AWS's service models say.
    #[track_caller]
    pub(in crate::aws) fn violations(&self) -> Vec<String> {
        items(&self.server.ask("/_double/violations"), |value| {
            format!("{} of {} {}: {}", text(value, "side"), text(value, "service"), text(value, "operation"), text(value, "problem"))
        })
    }

    /// Forgets requests and violations.
    pub(in crate::aws) fn reset(&self) {
        self.server.tell("/_double/reset", &json!({}));
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.violations(), Vec::<String>::new(), "the double's scenario or the program's request is not AWS's");
        }
    }
}
