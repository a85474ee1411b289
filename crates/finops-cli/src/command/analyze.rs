//! `finops analyze` and `finops demo`.

use std::path::Path;
use std::sync::Arc;

use finops_app::analyze::{AnalyzeOutcome, AnalyzeRequest, analyze, analyze_snapshot};
use finops_domain::analysis::AnalysisOptions;
use finops_domain::ports::{Clock, ReportStore};
use finops_domain::report::Report;
use finops_local::{LocalReportStore, SystemClock};
use rust_decimal::Decimal;

use crate::args::{AnalyzeArgs, DemoArgs, FormatArgs, RunArgs, StoreArgs};
use crate::command::reports::{deliver_report, load_report, open_store};
use crate::config::Config;
use crate::error::CliError;
use crate::exit;
use crate::output::Output;
use crate::source::{Opened, SourceChoice};

pub(crate) async fn run(args: AnalyzeArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    let source = SourceChoice::of(&args.source, config)?;
    analyze_source(&source, &args.run, &args.store, &args.format, config, output).await
}

pub(crate) async fn run_demo(args: DemoArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    if let Some(path) = &args.export_bill {
        return export_demo_bill(path, output);
    }
    let code = analyze_source(&SourceChoice::Demo, &args.run, &args.store, &args.format, config, output).await?;
    output.note("this is invented data; your own bill: finops analyze --source bill:PATH (FOCUS or CUR; Parquet, CSV, CSV.gz; file, directory or glob)");
    Ok(code)
}

fn export_demo_bill(path: &Path, output: &Output) -> Result<u8, CliError> {
    let mut bytes = Vec::new();
    finops_focus::write_focus_csv(&finops_memory::demo::account().charges, &mut bytes)
        .map_err(|error| CliError::new("could not write the demonstration bill").with_source(error))?;
    crate::output::write_file(path, &bytes)?;
    output.note(&format!("wrote {}: the demonstration account's bill, FOCUS columns", path.display()));
    Ok(exit::DONE)
}

async fn analyze_source(
    source: &SourceChoice,
    run: &RunArgs,
    store: &StoreArgs,
    format: &FormatArgs,
    config: &Config,
    output: &Output,
) -> Result<u8, CliError> {
    let request = AnalyzeRequest {
        options: AnalysisOptions { days: config.days(run), selection: config.selection(run)? },
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    output.check_formats(format, config.format.as_deref())?;
    let local = (!run.no_save).then(|| open_store(store, config)).transpose()?;
    // Read before the run, so that a missing baseline does not cost one.
    let baseline = match &run.baseline {
        Some(baseline) => Some(load_report(baseline, &open_store(store, config)?).await?),
        None => None,
    };
    let outcome = collect_and_judge(source, config, run, local.as_ref(), &request, output).await?;
    let is_saved = local.is_some() && outcome.store_error.is_none();
    deliver_report(&outcome.report, is_saved, format, config, output)?;
    if let Some(error) = outcome.store_error {
        return Err(CliError::new("the analysis is done, but its report could not be saved")
            .with_source(error)
            .with_hint("give a directory that can be written with `--store DIR`, or run with `--no-save`"));
    }
    if let Some(local) = &local {
        output.note(&format!("saved as {} in {}", outcome.report.report_id, local.location()));
    }
    if outcome.report.coverage.rows_malformed > 0 {
        let rows = outcome.report.coverage.rows_malformed;
        output
            .warning(&format!("{rows} rows of the bill could not be read and are in no figure; the report lists them with file and line"));
    }
    Ok(exit_code(&outcome.report, run, baseline.as_ref()))
}

async fn collect_and_judge(
    source: &SourceChoice,
    config: &Config,
    run: &RunArgs,
    local: Option<&LocalReportStore>,
    request: &AnalyzeRequest,
    output: &Output,
) -> Result<AnalyzeOutcome, CliError> {
    let clock = SystemClock::new();
    let _progress = output.progress("reading and judging");
    let store: Option<Arc<dyn ReportStore>> = local.map(|local| Arc::new(local.clone()) as Arc<dyn ReportStore>);
    match source.open(!run.no_cost_data, config.days(run), config).await? {
        Opened::Snapshot(snapshot) => Ok(analyze_snapshot(&snapshot, store.as_ref(), &clock, request, clock.now()).await),
        Opened::Ports(sources) => {
            analyze(&sources, store.as_ref(), &clock, request).await.map_err(|error| CliError::new(error.to_string()).with_source(error))
        }
    }
}

fn exit_code(report: &Report, run: &RunArgs, baseline: Option<&Report>) -> u8 {
    let above = |limit: Option<Decimal>, amount: Decimal| limit.is_some_and(|limit| amount >= limit);
    let new_savings: Decimal = report
        .findings
        .iter()
        .filter(|finding| finding.displaced_by.is_none())
        .filter(|finding| baseline.is_some_and(|baseline| !baseline.findings.iter().any(|known| known.finding_id == finding.finding_id)))
        .filter_map(|finding| finding.savings.as_ref())
        .filter(|savings| savings.currency == report.savings.currency)
        .map(|savings| savings.monthly)
        .sum();
    if above(run.fail_on_savings, report.savings.net_monthly) || above(run.fail_on_new_savings, new_savings) {
        exit::SAVINGS_FOUND
    } else if report.coverage.complete {
        exit::DONE
    } else {
        exit::PARTIAL
    }
}
