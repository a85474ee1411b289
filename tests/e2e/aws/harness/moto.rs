//! moto: inventory, metrics, Organizations and STS.

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::python;
use super::server::{Server, items, text};

/// An AWS that begins empty. Each account has its own state.
pub(in crate::aws) struct Moto {
    server: Server,
    clock: Option<Clock>,
}

/// A file that holds moto's time; the folder lives as long as moto does.
struct Clock {
    file: PathBuf,
    _folder: TempDir,
}

impl Clock {
    /// Replaces the file whole: moto reads it at any moment, and must not see it empty.
    fn set(&self, offset: &str) {
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("{offset}\n")).unwrap();
        std::fs::rename(new, &self.file).unwrap();
    }
}

/// Something that `seed.py` made.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Planted {
    /// The same in every account and region that has it: `volume-unattached-old`.
    pub(in crate::aws) name: String,
    pub(in crate::aws) kind: String,
    pub(in crate::aws) id: String,
    pub(in crate::aws) arn: String,
    pub(in crate::aws) account: String,
    pub(in crate::aws) region: String,
    /// Whether a report may say that it wastes money.
    pub(in crate::aws) waste: bool,
    pub(in crate::aws) why: String,
    pub(in crate::aws) age_days: u64,
}

impl Moto {
    /// With the machine's own time.
    pub(in crate::aws) fn start() -> Self {
        let server = Server::start(python::script("moto_server.py")).unwrap_or_else(|said| panic!("moto: {said}"));
        Self { server, clock: None }
    }

    /// With a time of its own: `-70d` is 70 days ago, `+0d` is now. `Err` says why that does not work on this machine.
    pub(in crate::aws) fn start_at(offset: &str) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock { file: folder.path().join("clock"), _folder: folder };
        clock.set(offset);
        let mut command = python::script("moto_server.py");
        command.arg("--clock").arg(&clock.file);
        match Server::start(command) {
            Ok(server) => Ok(Self { server, clock: Some(clock) }),
            Err(said) if said.starts_with("no faked time") => Err(said),
            Err(said) => panic!("moto: {said}"),
        }
    }

    pub(in crate::aws) fn endpoint(&self) -> &str {
        self.server.endpoint()
    }

    /// Sets the time of a moto that was started with one of its own.
    pub(in crate::aws) fn set_clock(&self, offset: &str) {
        self.clock.as_ref().unwrap_or_else(|| panic!("moto was started with the machine's time")).set(offset);
    }

    /// Forgets everything.
    pub(in crate::aws) fn reset(&self) {
        self.server.tell("/moto-api/reset", &json!({}));
    }

    /// Plants waste and its lookalikes in two accounts and three regions; aged, where moto has a time of its own.
    #[track_caller]
    pub(in crate::aws) fn seed(&self) -> Vec<Planted> {
        let mut arguments = vec![self.endpoint()];
        let file = self.clock.as_ref().map(|clock| clock.file.to_string_lossy().into_owned());
        if let Some(file) = &file {
            arguments.extend(["--clock", file]);
        }
        let printed: Value = serde_json::from_str(&python::run("seed.py", &arguments)).unwrap();
        items(&printed, Planted::read)
    }
}

impl Planted {
    fn read(value: &Value) -> Self {
        Self {
            name: text(value, "name"),
            kind: text(value, "kind"),
            id: text(value, "id"),
            arn: text(value, "arn"),
            account: text(value, "account"),
            region: text(value, "region"),
            waste: value["waste"].as_bool().unwrap(),
            why: text(value, "why"),
            age_days: value["age_days"].as_u64().unwrap(),
        }
    }

    pub(super) fn write(&self) -> Value {
        json!({
            "name": self.name, "kind": self.kind, "id": self.id, "arn": self.arn, "account": self.account,
            "region": self.region, "waste": self.waste, "why": self.why, "age_days": self.age_days,
        })
    }
}
