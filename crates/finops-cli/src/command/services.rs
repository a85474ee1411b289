//! `finops services`.

use std::fmt::Write as _;

use finops_domain::catalog::{Bought, Catalog, Category, EntryKind, MetricFacts, ResourceKindFacts, Service, ServiceState};
use finops_report::{Cell, Column, Format, Table, render_table};
use serde::Serialize;

use crate::args::{EntryChoice, FormatArgs, ServicesArgs, ServicesCommand, StatusChoice};
use crate::error::CliError;
use crate::exit;
use crate::output::Output;

pub(crate) fn run(args: ServicesArgs, output: &Output) -> Result<u8, CliError> {
    let catalog = Catalog::embedded();
    match args.command {
        ServicesCommand::List { text, category, status, kind, checked, generated, format } => {
            output.check_formats(&format, None)?;
            let category = category.as_deref().map(category_of).transpose()?;
            let services: Vec<&Service> = catalog
                .services()
                .iter()
                .filter(|service| text.as_deref().is_none_or(|text| mentions(service, text)))
                .filter(|service| category.is_none_or(|category| service.category == category))
                .filter(|service| status.is_none_or(|status| service.status.state == state(status)))
                .filter(|service| kind.is_none_or(|kind| service.entry == entry(kind)))
                .filter(|service| (!checked || service.checked.is_some()) && (!generated || service.checked.is_none()))
                .collect();
            if services.is_empty() {
                output.note("no service is like that; `finops services list` shows all of them");
            } else {
                output.note(&format!("{} of {} entries", services.len(), catalog.services().len()));
            }
            deliver_table(output, &format, || listed(&services))?;
        }
        ServicesCommand::Show { id, format } => {
            let service = catalog.service(&id).or_else(|| catalog.service_of_name(&id)).or_else(|| catalog.service_of_product_code(&id));
            let service = service.ok_or_else(|| unknown(catalog, &id))?;
            output.deliver(&format, None, |format, _| match format {
                Format::Json => to_json(service),
                _ => Ok(describe(catalog, service)),
            })?;
        }
        ServicesCommand::Categories { format } => {
            deliver_table(output, &format, || {
                let mut table = Table::new([
                    Column::text("category"),
                    Column::number("entries"),
                    Column::number("services"),
                    Column::number("checked"),
                    Column::number("closed or ended"),
                ]);
                for category in Category::ALL {
                    let of = |keep: fn(&Service) -> bool| {
                        let count = catalog.services().iter().filter(|service| service.category == category && keep(service)).count();
                        Cell::integer(i64::try_from(count).unwrap_or(i64::MAX))
                    };
                    table.push([
                        Cell::text(category.name()),
                        of(|_| true),
                        of(|service| service.entry == EntryKind::Service),
                        of(|service| service.checked.is_some()),
                        of(|service| service.status.state != ServiceState::Active),
                    ]);
                }
                table
            })?;
        }
    }
    Ok(exit::DONE)
}

fn deliver_table(output: &Output, wanted: &FormatArgs, table: impl Fn() -> Table) -> Result<(), CliError> {
    output.deliver(wanted, None, |format, options| {
        render_table(&table(), format, options).map_err(|error| CliError::usage("could not render the list").with_source(error))
    })
}

fn listed(services: &[&Service]) -> Table {
    let mut table = Table::new([
        Column::word("id"),
        Column::text("name"),
        Column::text("category").from_width(100),
        Column::word("kind").from_width(120),
        Column::word("status"),
        Column::text("product codes").from_width(160),
        Column::word("checked").from_width(80),
    ]);
    for service in services {
        table.push([
            Cell::text(service.id),
            Cell::text(service.name),
            Cell::text(service.category.name()),
            Cell::text(word(&service.entry)),
            Cell::text(word(&service.status.state)),
            Cell::text(service.product_codes.join(", ")),
            Cell::text(service.checked.unwrap_or("no")),
        ]);
    }
    table
}

fn to_json(service: &Service) -> Result<String, CliError> {
    serde_json::to_string_pretty(service).map_err(|error| CliError::new("could not write the service as JSON").with_source(error))
}

/// The name that JSON gives a variant, with spaces.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(|text| text.replace('_', " "))).unwrap_or_default()
}

fn mentions(service: &Service, text: &str) -> bool {
    let text = text.to_lowercase();
    let names = [service.id, service.name].into_iter().chain(service.aliases.iter().copied());
    names.chain(service.product_codes.iter().copied()).any(|name| name.to_lowercase().contains(&text))
}

fn category_of(text: &str) -> Result<Category, CliError> {
    let lower = text.to_lowercase();
    let by = |is: &dyn Fn(&str) -> bool| Category::ALL.into_iter().find(|category| is(&category.name().to_lowercase()));
    by(&|name| name == lower).or_else(|| by(&|name| name.starts_with(&lower))).or_else(|| by(&|name| name.contains(&lower))).ok_or_else(
        || CliError::usage(format!("there is no category `{text}`")).with_hint("`finops services categories` shows all of them"),
    )
}

const fn state(choice: StatusChoice) -> ServiceState {
    match choice {
        StatusChoice::Active => ServiceState::Active,
        StatusChoice::ClosedToNewCustomers => ServiceState::ClosedToNewCustomers,
        StatusChoice::EndOfSupportAnnounced => ServiceState::EndOfSupportAnnounced,
        StatusChoice::Retired => ServiceState::Retired,
    }
}

const fn entry(choice: EntryChoice) -> EntryKind {
    match choice {
        EntryChoice::Service => EntryKind::Service,
        EntryChoice::Api => EntryKind::Api,
        EntryChoice::Feature => EntryKind::Feature,
        EntryChoice::Software => EntryKind::Software,
        EntryChoice::Program => EntryKind::Program,
        EntryChoice::BillingCode => EntryKind::BillingCode,
    }
}

fn unknown(catalog: &Catalog, id: &str) -> CliError {
    let near: Vec<&str> = catalog.services().iter().filter(|service| mentions(service, id)).take(5).map(|service| service.id).collect();
    let hint =
        if near.is_empty() { "`finops services list TEXT` searches".to_owned() } else { format!("did you mean {}?", near.join(", ")) };
    CliError::usage(format!("there is no service `{id}`")).with_hint(hint)
}

fn describe(catalog: &Catalog, service: &'static Service) -> String {
    let mut text = format!("{}: {}\n", service.id, service.name);
    if let Some(note) = service.note {
        let _ = writeln!(text, "\n{note}");
    }
    let _ = writeln!(text);
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(text, "{name:<18} {value}");
        }
    };
    line("kind", word(&service.entry));
    line(
        "part of",
        service.parent.and_then(|id| catalog.service(id)).map_or(String::new(), |parent| format!("{} ({})", parent.id, parent.name)),
    );
    let parts = catalog.services().iter().filter(|other| other.parent == Some(service.id)).map(|other| other.id);
    line("parts", parts.collect::<Vec<_>>().join(", "));
    line("category", service.category.name().to_owned());
    line("FOCUS category", [service.focus_category, service.focus_subcategory].into_iter().flatten().collect::<Vec<_>>().join(" / "));
    let status = &service.status;
    let since = status.date.map_or(String::new(), |date| format!(", {date}"));
    let instead = status.replacement.map_or(String::new(), |replacement| format!("; instead: {replacement}"));
    line("status", format!("{}{since}{instead}", word(&status.state)));
    line("costs money", service.is_billed.map_or("not known".to_owned(), |is_billed| if is_billed { "yes" } else { "no" }.to_owned()));
    line("scope", service.scope.map_or(String::new(), |scope| word(&scope)));
    line("seen by", service.visible_to.iter().map(word).collect::<Vec<_>>().join(", "));
    line("other names", service.aliases.join(", "));
    line("API", [service.service_id, service.endpoint_prefix].into_iter().flatten().collect::<Vec<_>>().join(", endpoint "));
    for (name, values) in [
        ("ARN namespaces", service.arn_namespaces),
        ("  shared", service.shared_arn_namespaces),
        ("CloudFormation", service.cloudformation_prefixes),
        ("Price List", service.price_list_codes),
        ("product codes", service.product_codes),
        ("Cost Explorer", service.cost_explorer_names),
        ("FOCUS names", service.focus_service_names),
    ] {
        line(name, values.join(", "));
    }
    billing(&mut text, service);
    resources(&mut text, service);
    if !service.levers.is_empty() {
        let _ = writeln!(text, "\nwhat usually saves money");
        for lever in service.levers {
            let checks = if lever.check_ids.is_empty() { String::new() } else { format!(" [{}]", lever.check_ids.join(", ")) };
            let _ = writeln!(text, "  {}{checks}", lever.text);
        }
    }
    let _ = writeln!(text, "\nwhere this is from");
    for source in service.sources {
        let by = if source.is_generated { " (filled in by a program)" } else { "" };
        let _ = writeln!(text, "  {}: {}{by}", source.facts, source.sources.join("; "));
    }
    let checked = service.checked.map_or("nobody compared this entry with AWS's documentation yet".to_owned(), |date| {
        format!("compared with AWS's documentation on {date}")
    });
    let _ = writeln!(text, "  {checked}");
    text
}

fn billing(text: &mut String, service: &Service) {
    if service.billing.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nwhat it is billed by");
    for dimension in service.billing {
        let unit = dimension.unit.map_or(String::new(), |unit| format!(" in {unit}"));
        let idle = if dimension.runs_idle { ", also while nothing uses it" } else { "" };
        let kind = dimension.resource_kind.map_or(String::new(), |kind| format!(", for {kind}"));
        let _ = writeln!(text, "  {}{unit}{kind}{idle}: {}", dimension.name, dimension.usage_types.join(", "));
    }
}

fn resources(text: &mut String, service: &Service) {
    if service.resources.is_empty() {
        return;
    }
    let costly = |kind: &&ResourceKindFacts| kind.is_billed == Some(true) || !kind.is_generated;
    let (known, others): (Vec<&ResourceKindFacts>, Vec<_>) = service.resources.iter().partition(costly);
    let _ = writeln!(text, "\nresources");
    for kind in known {
        let _ = writeln!(text, "  {}: {}", kind.kind, kind.name);
        for (name, value) in [("ARN", kind.arn), ("CloudFormation", kind.cloudformation_type)] {
            if let Some(value) = value {
                let _ = writeln!(text, "    {name:<15} {value}");
            }
        }
        for (name, metrics) in [("unused if zero", kind.activity), ("how much is used", kind.saturation)] {
            if !metrics.is_empty() {
                let _ = writeln!(text, "    {name}: {}", metrics.iter().map(metric).collect::<Vec<_>>().join("; "));
            }
        }
    }
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|kind| kind.kind).collect();
        let _ = writeln!(text, "  and without facts of their own: {}", names.join(", "));
    }
}

fn metric(metric: &MetricFacts) -> String {
    let of = match metric.bought {
        None => String::new(),
        Some(Bought::Percent) => " (percent)".to_owned(),
        Some(Bought::Configuration(name)) => format!(" of what {name} says"),
        Some(Bought::Metric(name)) => format!(" of {name}"),
    };
    format!("{} {} {}{of}", metric.namespace, metric.statistic, metric.metric)
}
