//! `finops collect`.

use finops_local::SystemClock;

use crate::args::CollectArgs;
use crate::config::Config;
use crate::error::CliError;
use crate::exit;
use crate::output::Output;
use crate::source::SourceChoice;

pub(crate) async fn run(args: CollectArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    let source = SourceChoice::of(&args.source, config)?;
    let snapshot = {
        let _progress = output.progress("collecting");
        source.snapshot(&SystemClock::new(), config).await?
    };
    finops_local::save_snapshot(&args.output, &snapshot)
        .map_err(|error| CliError::new(format!("could not write the snapshot `{}`", args.output.display())).with_source(error))?;
    output.note(&format!("wrote {0}; next: finops analyze --source snapshot:{0}", args.output.display()));
    Ok(exit::DONE)
}
