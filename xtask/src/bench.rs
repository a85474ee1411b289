//! Measuring: our reading of a bill beside DuckDB's.

use std::path::Path;

use cargo_metadata::MetadataCommand;

use crate::run::{cargo, program, root, run};

/// Generates a bill and analyses it, alternately with the same aggregations in DuckDB. `bench/bill.py` knows the rest.
pub(crate) fn bill(arguments: &[&str]) -> Result<(), String> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec();
    let target = metadata.map_err(|error| format!("cargo metadata: {error}"))?.target_directory.into_std_path_buf();
    let directory = target.join("bench");
    let python = environment(&directory.join("venv"))?;
    run(&mut cargo(&["build", "--release", "-p", "finops-cli", "--no-default-features"]))?;
    let finops = target.join("release").join(format!("finops{}", std::env::consts::EXE_SUFFIX));
    let mut command = program(&python, &["xtask/bench/bill.py", "--directory"]);
    run(command.arg(&directory).arg("--finops").arg(finops).args(arguments))
}

/// A Python environment with DuckDB in it; returns its interpreter.
fn environment(directory: &Path) -> Result<String, String> {
    let bin = if cfg!(windows) { "Scripts" } else { "bin" };
    let python = directory.join(bin).join("python").to_string_lossy().into_owned();
    if !crate::run::is_there(&mut program(&python, &["-c", "import duckdb"])) {
        run(program("python3", &["-m", "venv"]).arg(directory))?;
        run(&mut program(&python, &["-m", "pip", "install", "--quiet", "duckdb>=1.4"]))?;
    }
    Ok(python)
}

/// How quickly the catalog recognises.
pub(crate) fn catalog() -> Result<(), String> {
    run(&mut cargo(&["run", "--quiet", "--release", "-p", "finops-domain", "--example", "recognition_speed"]))
}
