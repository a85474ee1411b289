//! `finops cache`: answers of AWS that are kept.

use std::fmt::Write as _;

use finops_domain::ports::Clock;
use finops_local::SystemClock;
use serde_json::json;

use crate::args::{CacheArgs, CacheCommand};
use crate::aws::{cache_directory, open_cache};
use crate::config::Config;
use crate::error::CliError;
use crate::exit;
use crate::output::Output;

pub(crate) fn run(args: &CacheArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    let clock = SystemClock::new();
    let directory = cache_directory(config)?;
    let could_not = |what: &str| CliError::new(format!("could not {what} the cache `{}`", directory.display()));
    match &args.command {
        CacheCommand::Stats { json } => {
            let cache = finops_resilience::AnswerCache::with_disk(0, &directory).map_err(|error| could_not("open").with_source(error))?;
            let stats = cache.stats(clock.now()).map_err(|error| could_not("read").with_source(error))?;
            if *json {
                let document = json!({
                    "directory": directory.display().to_string(),
                    "entries": stats.entries, "active": stats.active, "expired": stats.expired, "unreadable": stats.unreadable,
                    "bytes": stats.bytes, "hits": stats.lifetime.hits, "misses": stats.lifetime.misses, "saved_usd": stats.lifetime.saved_usd.to_string(),
                });
                return output.result(&format!("{document:#}")).map(|()| exit::DONE);
            }
            let mut text = format!(
                "Directory  {}\nEntries    {} ({} active, {} expired, {} unreadable), {} KiB\nUsed       {} hits, {} misses\nSaved      {} requests, {} USD\n",
                directory.display(),
                stats.entries,
                stats.active,
                stats.expired,
                stats.unreadable,
                stats.bytes.div_ceil(1024),
                stats.lifetime.hits,
                stats.lifetime.misses,
                stats.lifetime.hits,
                stats.lifetime.saved_usd.normalize(),
            );
            for (label, of) in &stats.by_label {
                let _ = writeln!(text, "  {label}: {} entries, {} active", of.entries, of.active);
            }
            output.result(&text)?;
        }
        CacheCommand::Clear => {
            let cache = open_cache(config, &clock)?;
            let removed = cache.clear().map_err(|error| could_not("clear").with_source(error))?;
            output.note(&format!("removed {removed} kept answers from {}", directory.display()));
        }
    }
    Ok(exit::DONE)
}
