//! Running other programs, and where the workspace is.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs};

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    // Asked at run time: two checkouts that share a target directory share this program too.
    let here = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map(Path::to_owned).unwrap_or(here)
}

/// A program, to be run in the root.
pub(crate) fn program(name: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root());
    command
}

/// Cargo, the one that runs us where it does.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    program(&env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), arguments)
}

/// Runs a command that writes to our terminal; an error where it fails.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let text = shown(command);
    println!("$ {text}");
    let status = command.status().map_err(|error| format!("`{text}` does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{text}` failed: {status}")) }
}

/// Runs a command and returns what it writes to standard output; an error where it fails.
pub(crate) fn output_of(command: &mut Command) -> Result<String, String> {
    let text = shown(command);
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| format!("`{text}` does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{text}` failed: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("`{text}`: {error}"))
}

/// Whether a command can be run here at all; what it writes is dropped.
pub(crate) fn is_there(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// A file below the root.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
