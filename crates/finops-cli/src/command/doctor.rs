//! `finops doctor`: credentials, accounts, regions, permissions: what works, and what to do about what does not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use finops_domain::ports::{AccountDirectory, Collected, Gap, ResourceInventory};
use finops_domain::scope::Cell;
use finops_inventory::{AwsDirectory, ServiceInventory};

use crate::args::DoctorArgs;
use crate::aws::{Live, cache_directory};
use crate::config::{Config, DEFAULT_DAYS};
use crate::error::CliError;
use crate::exit;
use crate::output::Output;

/// Asks each service once, in one region, and tells what it said.
pub(crate) async fn run(args: &DoctorArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    let mut text = String::new();
    let _ = writeln!(text, "cache        {}", cache_directory(config)?.display());
    let live = Live::connect(&args.aws, DEFAULT_DAYS, config).await?;
    let session = &live.session;
    let _ =
        writeln!(text, "credentials  work: account {}, partition {}, region {}", session.account(), session.partition(), session.region());
    let mut problems = 0;
    let directory = AwsDirectory::new(std::sync::Arc::clone(session), live.whole_organization());
    match directory.accounts().await {
        Ok(Collected { value, gaps }) => {
            let _ = writeln!(text, "accounts     {}", value.len());
            problems += write_gaps(&mut text, &gaps);
        }
        Err(error) => problems += write_gaps(&mut text, &[Gap::from(&error)]),
    }
    match directory.enabled_regions(session.account()).await {
        Ok(regions) => {
            let _ = writeln!(text, "regions      {} enabled", regions.len());
        }
        Err(error) => problems += write_gaps(&mut text, &[Gap::from(&error)]),
    }
    let inventory = ServiceInventory::new(std::sync::Arc::clone(session), live.services().map(<[String]>::to_vec));
    for service in inventory.services() {
        let region = if service.is_global { &live.scope.global_region } else { session.region() };
        let cell = Cell { sub_account_id: session.account().clone(), region_id: region.clone(), service: service.service.into() };
        match inventory.resources(&cell).await {
            Ok(Collected { value, gaps }) => {
                let word = if gaps.is_empty() { "works" } else { "in part" };
                let _ = writeln!(text, "{:<12} {word}: {} resources in {region}", service.service, value.len());
                problems += write_gaps(&mut text, &gaps);
            }
            Err(error) => problems += write_gaps(&mut text, &[Gap::from(&error)]),
        }
    }
    let _ = match problems {
        0 => writeln!(text, "\neverything that was asked works"),
        1 => writeln!(text, "\n1 thing does not work; the whole policy: finops iam-policy"),
        many => writeln!(text, "\n{many} things do not work; the whole policy: finops iam-policy"),
    };
    output.result(&text)?;
    Ok(if problems == 0 { exit::DONE } else { exit::PARTIAL })
}

/// What is missing, the same only once, and how many there were.
fn write_gaps(text: &mut String, gaps: &[Gap]) -> usize {
    let mut once: BTreeMap<&str, &Gap> = BTreeMap::new();
    for gap in gaps {
        once.entry(&gap.reason).or_insert(gap);
    }
    for gap in once.values() {
        let _ = writeln!(text, "  ! {}", gap.reason);
        if let Some(remedy) = &gap.remedy {
            let _ = writeln!(text, "    → {remedy}");
        }
    }
    once.len()
}
