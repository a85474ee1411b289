//! What has to hold before a merge.

use std::env;
use std::path::PathBuf;

use crate::run::{cargo, is_there, program, run};
use crate::{catalog, generate, layers, report, tidy};

/// All of it; stops at the first that does not hold.
pub(crate) fn ci() -> Result<(), String> {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    report("tidy", tidy::problems())?;
    report("layers", layers::problems())?;
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    test(&[])?;
    run(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    generate::generate(generate::Mode::Check)?;
    catalog::verify()?;
    deny()?;
    println!("ci: all of it holds");
    Ok(())
}

/// The tests: with nextest where it is installed, and the documentation's examples, which it cannot run.
pub(crate) fn test(arguments: &[&str]) -> Result<(), String> {
    let mut command = if is_there(&mut cargo(&["nextest", "--version"])) {
        cargo(&["nextest", "run", "--workspace"])
    } else {
        cargo(&["test", "--workspace", "--lib", "--bins", "--tests"])
    };
    if let Some(bills) = generated_bills()? {
        command.env("FINOPS_GENERATED_BILLS", bills);
    }
    run(command.args(arguments))?;
    run(&mut cargo(&["test", "--doc", "-p", "finops-domain"]))
}

/// Bills that other programs wrote, for the whole-program tests. They need python3 and PyPI: without those the tests go on
/// without such bills, but not in CI.
fn generated_bills() -> Result<Option<PathBuf>, String> {
    let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec();
    let metadata = metadata.map_err(|error| format!("cargo metadata: {error}"))?;
    let directory = metadata.target_directory.into_std_path_buf().join("generated-bills");
    let script = metadata.workspace_root.into_std_path_buf().join("tests/generate_bills.sh");
    let made = run(program("bash", &[]).arg(script).arg(&directory));
    match made {
        Ok(()) => Ok(Some(directory)),
        Err(error) if env::var_os("CI").is_some() => Err(error),
        Err(error) => {
            eprintln!("xtask: no bills of other programs to test with: {error}");
            Ok(None)
        }
    }
}

/// Licences, sources and bans of all dependencies.
fn deny() -> Result<(), String> {
    let arguments = ["--workspace", "--all-features", "check", "bans", "licenses", "sources"];
    let installed = env::home_dir().map(|home| home.join(".cache/finops-tools/bin/cargo-deny"));
    let candidates = installed.into_iter().chain([PathBuf::from("cargo-deny")]);
    for candidate in candidates {
        let name = candidate.to_string_lossy();
        if is_there(&mut program(&name, &["--version"])) {
            return run(&mut program(&name, &arguments));
        }
    }
    Err("cargo-deny is not installed; `.ci/run` installs it, or `cargo install cargo-deny --locked`".to_owned())
}
