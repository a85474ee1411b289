//! Recorded sessions with AWS, where a folder of them is at hand; they are no part of the repository.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::python;
use super::server::{Server, items, text};

/// A server that answers as AWS once did.
pub(in crate::aws) struct Replay {
    server: Server,
}

impl Replay {
    /// The sessions in the folder that `FINOPS_RECORDED_AWS` names, by name; none, and a word about it, where it names none.
    pub(in crate::aws) fn sessions() -> Vec<PathBuf> {
        let Some(folder) = std::env::var_os("FINOPS_RECORDED_AWS") else {
            eprintln!("FINOPS_RECORDED_AWS names no folder of recorded sessions; skipped");
            return Vec::new();
        };
        let mut sessions: Vec<PathBuf> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
        sessions.sort();
        assert!(!sessions.is_empty(), "FINOPS_RECORDED_AWS holds no session");
        sessions
    }

    pub(in crate::aws) fn start(session: &Path) -> Self {
        let mut command = python::script("replay.py");
        command.arg(session);
        Self { server: Server::start(command).unwrap_or_else(|said| panic!("replay: {said}")) }
    }

    pub(in crate::aws) fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    /// Goes on with another session, from its beginning, and says which operations it holds (`ec2.DescribeVolumes`).
    #[track_caller]
    pub(in crate::aws) fn session(&self, session: &Path) -> Vec<String> {
        let said = self.server.tell("/_replay/session", &json!({"folder": session}));
        items(&said["operations"], |name| name.as_str().unwrap().to_owned())
    }

    /// Operations that were asked for in this session, and whether it had an answer.
    #[track_caller]
    pub(in crate::aws) fn log(&self) -> Vec<(String, bool)> {
        items(&self.server.ask("/_replay/log"), |value| (text(value, "operation"), value["file"].is_string()))
    }
}
