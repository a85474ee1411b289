//! Automation of this workspace: `cargo xtask help` lists the verbs.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal")]

mod bench;
mod catalog;
mod ci;
mod generate;
mod layers;
mod run;
mod tidy;

use std::env;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <verb>

  ci                    everything that has to hold before a merge, in the order below
  test                  all tests, and the examples in the domain's documentation
  layers                the dependency rule between crates
  tidy                  form of the source files
  generate [--check]    docs/schema/report.schema.json and docs/checks.md from the code; --check only compares
  catalog lint          read the service catalog, say what is wrong in it, count it
  catalog verify        compare it with botocore and cfn-lint (from PyPI); needs python3
  catalog diff          what AWS has that the catalog has not; needs python3
  catalog generate      write catalog/generated again from botocore and the CDK's service specification; needs npm too
  bench bill [--rows N] [--repeat N] [--keep]
                        analyse a generated bill of N rows (20000000), beside DuckDB; needs python3
  bench catalog         ARNs and usage types that the catalog recognises in a second, on one core
  help                  this
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        [] | ["help" | "--help" | "-h", ..] => {
            print!("{HELP}");
            Ok(())
        }
        ["ci"] => ci::ci(),
        ["test", rest @ ..] => ci::test(rest),
        ["layers"] => report("layers", layers::problems()),
        ["tidy"] => report("tidy", tidy::problems()),
        ["generate"] => generate::generate(generate::Mode::Write),
        ["generate", "--check"] => generate::generate(generate::Mode::Check),
        ["catalog", "lint"] => catalog::lint(),
        ["catalog", "verify"] => catalog::verify(),
        ["catalog", "diff"] => catalog::diff(),
        ["catalog", "generate"] => catalog::generate(),
        ["bench", "catalog"] => bench::catalog(),
        ["bench", "bill", rest @ ..] => bench::bill(rest),
        _ => Err(format!("`{}` is no verb of ours\n\n{HELP}", words.join(" "))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Says what a rule found; an error where that is anything.
fn report(rule: &str, problems: Result<Vec<String>, String>) -> Result<(), String> {
    let problems = problems?;
    for problem in &problems {
        eprintln!("{rule}: {problem}");
    }
    match problems.len() {
        0 => {
            println!("{rule}: in order");
            Ok(())
        }
        count => Err(format!("{rule}: {count} to put right")),
    }
}
