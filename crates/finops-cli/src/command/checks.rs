//! `finops checks`.

use std::fmt::Write as _;

use finops_domain::checks::{self, CheckMeta};
use finops_report::{Cell, Column, Table, render_table};

use crate::args::{ChecksArgs, ChecksCommand};
use crate::error::CliError;
use crate::exit;
use crate::output::Output;

pub(crate) fn run(args: ChecksArgs, output: &Output) -> Result<u8, CliError> {
    match args.command {
        ChecksCommand::List { service, format } => {
            let looks_at = |meta: &CheckMeta| {
                let wanted = service.as_deref();
                wanted.is_none_or(|wanted| meta.services.iter().any(|known| known.eq_ignore_ascii_case(wanted)))
            };
            let mut table = Table::new([
                Column::word("check_id"),
                Column::text("title"),
                Column::text("services").from_width(120),
                Column::word("risk").from_width(100),
                Column::word("effort").from_width(100),
            ]);
            let mut metas: Vec<&CheckMeta> = checks::ALL.iter().map(|check| check.meta()).filter(|meta| looks_at(meta)).collect();
            metas.sort_by_key(|meta| meta.id);
            if metas.is_empty() {
                output.note("no check looks at that service; `finops checks list` shows all of them");
            }
            for meta in metas {
                table.push([
                    Cell::text(meta.id),
                    Cell::text(meta.title),
                    Cell::text(services(meta)),
                    Cell::text(format!("{:?}", meta.risk).to_lowercase()),
                    Cell::text(format!("{:?}", meta.effort).to_lowercase()),
                ]);
            }
            output.deliver(&format, None, |format, options| {
                render_table(&table, format, options).map_err(|error| CliError::usage("could not render the list").with_source(error))
            })?;
        }
        ChecksCommand::Show { id } => {
            let check = checks::find(&id)
                .ok_or_else(|| CliError::usage(format!("there is no check `{id}`")).with_hint("`finops checks list` shows all of them"))?;
            output.result(&describe(check.meta()))?;
        }
    }
    Ok(exit::DONE)
}

fn services(meta: &CheckMeta) -> String {
    if meta.services.is_empty() { "all".to_owned() } else { meta.services.join(", ") }
}

fn describe(meta: &CheckMeta) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}: {}\n\n{}\n", meta.id, meta.title, meta.why);
    let _ = writeln!(
        text,
        "services   {}\nsource     {} (read {})\nsaving     {}",
        services(meta),
        meta.source,
        meta.source_as_of,
        meta.saving
    );
    let _ = writeln!(
        text,
        "risk       {}: {}\neffort     {}",
        format!("{:?}", meta.risk).to_lowercase(),
        meta.risk_note,
        format!("{:?}", meta.effort).to_lowercase()
    );
    if !meta.parameters.is_empty() {
        let _ = writeln!(text, "\nparameters, as in finops.toml under [checks.\"{}\"]", meta.id);
        for parameter in meta.parameters {
            let _ = writeln!(text, "  {} = {} {}: {}", parameter.name, parameter.default, parameter.unit, parameter.about);
        }
    }
    let _ = writeln!(text, "\nwhat to do");
    for (number, step) in meta.steps.iter().enumerate() {
        let _ = writeln!(text, "  {}. {step}", number + 1);
    }
    let _ = writeln!(text, "rollback   {}", meta.rollback);
    text
}
