//! `get-report`, `list-reports`, `diff`, `convert`, `explain`: what is done with reports that are there.

use std::path::Path;

use finops_domain::diff::diff as compare;
use finops_domain::id::ReportId;
use finops_domain::ports::{PortErrorKind, ReportStore};
use finops_domain::report::Report;
use finops_local::LocalReportStore;
use finops_report::RenderOptions;

use crate::args::{ConvertArgs, DiffArgs, ExplainArgs, FormatArgs, GetReportArgs, ListReportsArgs, StoreArgs};
use crate::config::Config;
use crate::error::CliError;
use crate::exit;
use crate::output::Output;

/// The store that flags, environment or configuration name, or the platform's data directory.
pub(crate) fn open_store(args: &StoreArgs, config: &Config) -> Result<LocalReportStore, CliError> {
    let given = args.store.clone().or_else(|| config.store.clone());
    if given.as_ref().is_some_and(|path| path.to_string_lossy().starts_with("s3://")) {
        return Err(CliError::usage("a store on S3 is not built yet").with_hint("give a directory with `--store DIR`"));
    }
    match given.or_else(finops_local::default_directory) {
        Some(directory) => Ok(LocalReportStore::new(directory)),
        None => Err(CliError::new("this platform names no data directory").with_hint("give one with `--store DIR`")),
    }
}

/// A report by its id, `latest`, or the path of a JSON file.
pub(crate) async fn load_report(name: &str, store: &LocalReportStore) -> Result<Report, CliError> {
    let could_not = || CliError::new(format!("could not read the report `{name}`"));
    if name == "latest" {
        let newest = store.list(1).await.map_err(|error| could_not().with_source(error))?;
        let newest = newest.first().ok_or_else(|| {
            CliError::new(format!("there is no report in {}", store.location())).with_hint("`finops analyze` or `finops demo` makes one")
        })?;
        return store.get(&newest.report_id).await.map_err(|error| could_not().with_source(error));
    }
    let path = Path::new(name);
    if path.extension().is_some() || path.components().count() > 1 {
        let bytes = std::fs::read(path).map_err(|error| could_not().with_source(error))?;
        return finops_report::parse_report(&bytes).map_err(|error| could_not().with_source(error));
    }
    store.get(&ReportId::from(name)).await.map_err(|error| {
        let hint = match error.kind {
            PortErrorKind::NotFound => Some("`finops list-reports` shows what there is"),
            PortErrorKind::InvalidRequest => Some("an id looks like finops-analysis-20251124-120000; a file is named with its extension"),
            PortErrorKind::Corrupt => Some("the file is damaged; the other reports are not touched by it"),
            _ => None,
        };
        let error = could_not().with_source(error);
        match hint {
            Some(hint) => error.with_hint(hint),
            None => error,
        }
    })
}

pub(crate) async fn get(args: GetReportArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    output.check_formats(&args.format, config.format.as_deref())?;
    let report = load_report(&args.report_id, &open_store(&args.store, config)?).await?;
    deliver_report(&report, true, &args.format, config, output)?;
    Ok(exit::DONE)
}

pub(crate) async fn convert(args: ConvertArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    output.check_formats(&args.format, config.format.as_deref())?;
    let report = load_report(&args.report, &open_store(&args.store, config)?).await?;
    deliver_report(&report, false, &args.format, config, output)?;
    Ok(exit::DONE)
}

/// Renders a report to where it is wanted; `is_saved` says whether other commands find it in the store.
pub(crate) fn deliver_report(
    report: &Report,
    is_saved: bool,
    format: &FormatArgs,
    config: &Config,
    output: &Output,
) -> Result<(), CliError> {
    output.deliver(format, config.format.as_deref(), |format, options| {
        let options = RenderOptions { is_saved, ..options.clone() };
        finops_report::render(report, format, &options).map_err(|error| CliError::new("could not render the report").with_source(error))
    })
}

pub(crate) async fn list(args: ListReportsArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    let store = open_store(&args.store, config)?;
    let reports = store
        .list(args.limit)
        .await
        .map_err(|error| CliError::new(format!("could not list the reports in {}", store.location())).with_source(error))?;
    if reports.is_empty() {
        output.note(&format!("there is no report in {}; `finops analyze` or `finops demo` makes one", store.location()));
    }
    output.deliver(&args.format, None, |format, options| {
        finops_report::render_reports_list(&reports, format, options)
            .map_err(|error| CliError::new("could not render the list").with_source(error))
    })?;
    Ok(exit::DONE)
}

pub(crate) async fn diff(args: DiffArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    let store = open_store(&args.store, config)?;
    let (a, b) = (load_report(&args.a, &store).await?, load_report(&args.b, &store).await?);
    let difference = compare(&a, &b);
    output.deliver(&args.format, None, |format, options| {
        finops_report::render_diff(&difference, format, options)
            .map_err(|error| CliError::new("could not render the difference").with_source(error))
    })?;
    Ok(exit::DONE)
}

pub(crate) async fn explain(args: ExplainArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
    let report = load_report(&args.report, &open_store(&args.store, config)?).await?;
    let matching: Vec<_> =
        report.findings.iter().filter(|finding| finding.finding_id.as_str().starts_with(args.finding_id.as_str())).collect();
    let finding = match matching.as_slice() {
        [finding] => *finding,
        [] => {
            return Err(CliError::usage(format!("report `{}` has no finding `{}`", report.report_id, args.finding_id))
                .with_hint("`--report` names another report; `finops get-report --report-id latest --format csv` lists all findings"));
        }
        several => {
            let ids: Vec<&str> = several.iter().take(8).map(|finding| finding.finding_id.as_str()).collect();
            return Err(CliError::usage(format!("`{}` is the beginning of several findings: {}", args.finding_id, ids.join(", "))));
        }
    };
    output.deliver(&args.format, None, |format, options| {
        finops_report::render_explain(&report, finding.finding_id.as_str(), format, options)
            .map_err(|error| CliError::usage("could not explain the finding").with_source(error))
    })?;
    Ok(exit::DONE)
}
