//! Documentation that the code writes.

use std::fs;

use crate::run::{cargo, output_of, read, root};

/// Whether files are written, or only compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write what differs.
    Write,
    /// Say what differs.
    Check,
}

/// A file, and the example of the domain that prints it.
const GENERATED: [(&str, &[&str]); 2] = [
    ("docs/schema/report.schema.json", &["--example", "report_schema", "--features", "schema"]),
    ("docs/checks.md", &["--example", "checks_reference"]),
];

/// Brings every generated file up to date; in [`Mode::Check`] an error where one is not.
pub(crate) fn generate(mode: Mode) -> Result<(), String> {
    let mut stale = Vec::new();
    for (path, arguments) in GENERATED {
        let text = output_of(cargo(&["run", "--quiet", "-p", "finops-domain"]).args(arguments))?;
        let file = root().join(path);
        // A checkout may have changed the line ends.
        if read(&file).ok().is_some_and(|current| current.replace("\r\n", "\n") == text) {
            continue;
        }
        if mode == Mode::Check {
            stale.push(path);
            continue;
        }
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
        }
        fs::write(&file, text).map_err(|error| format!("{path}: {error}"))?;
        println!("generate: wrote {path}");
    }
    if stale.is_empty() {
        println!("generate: in order");
        return Ok(());
    }
    Err(format!("not up to date: {}; run `cargo xtask generate` and commit", stale.join(", ")))
}
