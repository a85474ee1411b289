//! What has to hold before a merge.

use std::env;
use std::path::PathBuf;

use crate::run::{cargo, is_there, program, run};
use crate::{generate, layers, report, tidy};

/// All of it; stops at the first that does not hold.
pub(crate) fn ci() -> Result<(), String> {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    report("tidy", tidy::problems())?;
    report("layers", layers::problems())?;
    run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    test(&[])?;
    run(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    generate::generate(generate::Mode::Check)?;
    deny()?;
    println!("ci: all of it holds");
    Ok(())
}

/// The tests: with nextest where it is installed, and the documentation's examples, which it cannot run.
pub(crate) fn test(arguments: &[&str]) -> Result<(), String> {
    if is_there(&mut cargo(&["nextest", "--version"])) {
        run(cargo(&["nextest", "run", "--workspace"]).args(arguments))?;
    } else {
        run(cargo(&["test", "--workspace", "--lib", "--bins", "--tests"]).args(arguments))?;
    }
    run(&mut cargo(&["test", "--doc", "-p", "finops-domain"]))
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
