//! The command line: parse, wire, call a use case, render, exit code. Everything else is elsewhere.
#![warn(missing_docs)]

mod args;
#[cfg(feature = "aws")]
mod aws;
mod command;
mod config;
mod error;
mod output;
mod progress;
mod source;

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::error::CliError;
use crate::output::Output;

/// Exit codes; they are part of the interface.
pub mod exit {
    /// Done.
    pub const DONE: u8 = 0;
    /// An error.
    pub const ERROR: u8 = 1;
    /// Bad usage.
    pub const USAGE: u8 = 2;
    /// Done, but some of what was asked for could not be looked at.
    pub const PARTIAL: u8 = 3;
    /// Savings found at or above `--fail-on-savings` or `--fail-on-new-savings`.
    pub const SAVINGS_FOUND: u8 = 4;
}

/// Runs the program on its own arguments and says how it ended.
pub fn main() -> ExitCode {
    let args = Args::parse();
    let output = Output::new(&args.global);
    start_log(&args.global);
    match run(args, &output) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            output.error(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(args: Args, output: &Output) -> Result<u8, CliError> {
    let config = config::Config::load(args.global.config.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::new("could not start").with_source(error))?;
    runtime.block_on(async {
        match args.command {
            Command::Analyze(args) => command::analyze::run(args, &config, output).await,
            Command::Demo(args) => command::analyze::run_demo(args, &config, output).await,
            Command::Collect(args) => command::collect::run(args, &config, output).await,
            Command::GetReport(args) => command::reports::get(args, &config, output).await,
            Command::ListReports(args) => command::reports::list(args, &config, output).await,
            Command::Diff(args) => command::reports::diff(args, &config, output).await,
            Command::Convert(args) => command::reports::convert(args, &config, output).await,
            Command::Explain(args) => command::reports::explain(args, &config, output).await,
            Command::Checks(args) => command::checks::run(args, output),
            Command::Services(args) => command::services::run(args, output),
            Command::Costs(args) => command::costs::run(args, &config, output).await,
            Command::Query(args) => command::query::run(args, &config, output).await,
            #[cfg(feature = "aws")]
            Command::Plan(args) => command::policy::plan(&args, output),
            #[cfg(feature = "aws")]
            Command::IamPolicy(args) => command::policy::iam_policy(&args, output),
            #[cfg(feature = "aws")]
            Command::Doctor(args) => command::doctor::run(&args, &config, output).await,
            #[cfg(feature = "aws")]
            Command::Cache(args) => command::cache::run(&args, &config, output),
            Command::Completions(args) => command::completions::run(&args, output),
        }
    })
}

fn start_log(global: &args::GlobalArgs) {
    let level = match (global.quiet, global.verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "info",
        (false, 2) => "debug",
        (false, _) => "trace",
    };
    // The SDK warns of every place where it found no credentials; the error that follows says what matters.
    let level = if global.verbose < 2 { format!("{level},aws_config=error,aws_smithy_runtime=error") } else { level.to_owned() };
    let filter = std::env::var("LOG_LEVEL").ok().filter(|_| global.verbose == 0 && !global.quiet).unwrap_or(level);
    let filter = tracing_subscriber::EnvFilter::try_new(&filter).unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // A second start in one process keeps the first subscriber.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .try_init();
}
