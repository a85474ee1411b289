//! The virtual environment that the servers run in, made once for each content of `tests/aws/requirements.txt`.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

const REQUIREMENTS: &str = include_str!("../../../aws/requirements.txt");

/// The scripts' own standard library calls need it.
const OLDEST: &str = "import sys; sys.exit(sys.version_info < (3, 11))";

/// The folder of the Python scripts.
pub(super) fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("aws")
}

/// A command that runs one of the scripts, away from the user's own AWS configuration.
pub(super) fn script(name: &str) -> Command {
    let mut command = Command::new(interpreter());
    command
        .arg(scripts().join(name))
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", env!("CARGO_TARGET_TMPDIR"))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

/// Runs a script to its end and gives its standard output.
#[track_caller]
pub(in crate::aws) fn run(name: &str, arguments: &[&str]) -> String {
    succeeded(name, script(name).args(arguments).output().unwrap())
}

#[track_caller]
fn succeeded(what: &str, output: Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{what}: {}\n{stdout}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    stdout
}

/// Python with everything that the scripts import. `FINOPS_AWS_VENV` names a virtual environment to use instead.
fn interpreter() -> &'static Path {
    static INTERPRETER: OnceLock<PathBuf> = OnceLock::new();
    INTERPRETER.get_or_init(|| {
        if let Some(given) = std::env::var_os("FINOPS_AWS_VENV") {
            return PathBuf::from(given).join("bin/python");
        }
        let mut hasher = DefaultHasher::new();
        REQUIREMENTS.hash(&mut hasher);
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("aws-venv-{:016x}", hasher.finish()));
        // Other test processes may want it at the same moment: one makes it, the others wait.
        let lock = File::create(directory.with_extension("lock")).unwrap();
        lock.lock().unwrap();
        let done = directory.join("done");
        if !done.exists() {
            make(&directory);
            File::create(done).unwrap();
        }
        directory.join("bin/python")
    })
}

fn make(directory: &Path) {
    let python = std::env::var_os("FINOPS_PYTHON").unwrap_or_else(|| "python3".into());
    let new_enough = Command::new(&python).args(["-c", OLDEST]).status();
    assert!(new_enough.is_ok_and(|status| status.success()), "the doubles of AWS need Python 3.11 or later (FINOPS_PYTHON names it)");
    let made = Command::new(&python).args(["-m", "venv", "--clear"]).arg(directory).output().unwrap();
    succeeded("venv", made);
    let installed = Command::new(directory.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
        .arg(scripts().join("requirements.txt"))
        .output()
        .unwrap();
    succeeded("pip", installed);
}
