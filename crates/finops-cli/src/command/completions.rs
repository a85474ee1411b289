//! `finops completions`.

use clap::CommandFactory;

use crate::args::{Args, CompletionsArgs};
use crate::error::CliError;
use crate::exit;
use crate::output::Output;

pub(crate) fn run(args: &CompletionsArgs, output: &Output) -> Result<u8, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "finops", &mut script);
    output.result(&String::from_utf8_lossy(&script))?;
    Ok(exit::DONE)
}
