//! Turns the catalog's text files into Rust, so that a mistake in them is a build error and reading them costs nothing.

#![allow(clippy::disallowed_methods, reason = "a build script reads and writes files; the library does not")]

#[path = "build/catalog_source.rs"]
#[allow(dead_code, reason = "some of it is for `cargo xtask catalog` alone")]
mod catalog_source;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, process};

use catalog_source::{MetricSource, ServiceSource};

fn main() {
    println!("cargo::rerun-if-changed=catalog");
    println!("cargo::rerun-if-changed=build");
    let directory = Path::new("catalog");
    let services = catalog_source::load(directory).unwrap_or_else(|problems| {
        for problem in &problems {
            println!("cargo::error=catalog: {problem}");
        }
        process::exit(1)
    });
    let mut code = String::from("&[\n");
    for service in services.values() {
        write_service(&mut code, service);
    }
    code.push(']');
    let out = env::var("OUT_DIR").unwrap_or_default();
    if let Err(error) = fs::write(Path::new(&out).join("catalog.rs"), code) {
        println!("cargo::error=catalog: {out}: {error}");
        process::exit(1);
    }
}

fn texts(values: Option<&Vec<String>>) -> String {
    format!("&{:?}", values.map(Vec::as_slice).unwrap_or_default())
}

/// `closed_to_new_customers` as `ClosedToNewCustomers`.
fn variant(text: &str) -> String {
    let words = text.split(['_', '-', ' ', '&', '/']).filter(|word| !word.is_empty());
    words.map(|word| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect::<String>()).collect()
}

fn metrics(metrics: &[MetricSource], namespace: Option<&String>) -> String {
    let mut code = String::from("&[");
    for metric in metrics {
        let bought = match metric.bought.as_deref().map(|bought| bought.split_once(':').unwrap_or((bought, ""))) {
            Some(("configuration", name)) => format!("Some(Bought::Configuration({name:?}))"),
            Some(("metric", name)) => format!("Some(Bought::Metric({name:?}))"),
            Some(_) => "Some(Bought::Percent)".to_owned(),
            None => "None".to_owned(),
        };
        let _ = write!(
            code,
            "MetricFacts {{ namespace: {:?}, metric: {:?}, statistic: {:?}, period_seconds: {}, bought: {bought} }}, ",
            metric.namespace.as_ref().or(namespace).map(String::as_str).unwrap_or_default(),
            metric.metric,
            metric.statistic,
            metric.period_seconds.unwrap_or(3600),
        );
    }
    code + "]"
}

fn write_service(code: &mut String, service: &ServiceSource) {
    let mut resources = String::new();
    for resource in &service.resource {
        let _ = write!(
            resources,
            "ResourceKindFacts {{ kind: {:?}, name: {:?}, arn: {:?}, id_prefixes: {}, cloudformation_type: {:?}, is_billed: {:?}, \
             namespace: {:?}, dimensions: {}, dimension_value: {:?}, activity: {}, saturation: {}, is_generated: {} }}, ",
            resource.kind,
            resource.name.as_ref().unwrap_or(&resource.kind),
            resource.arn,
            texts(resource.id_prefixes.as_ref()),
            resource.cloudformation_type,
            resource.is_billed,
            resource.namespace,
            texts(resource.dimensions.as_ref()),
            resource.dimension_value,
            metrics(&resource.activity, resource.namespace.as_ref()),
            metrics(&resource.saturation, resource.namespace.as_ref()),
            resource.is_generated,
        );
    }
    let mut billing = String::new();
    for dimension in &service.billing {
        let product_code = dimension.product_code.as_ref().or_else(|| service.product_codes.as_ref()?.first());
        let _ = write!(
            billing,
            "BillingDimension {{ id: {:?}, name: {:?}, usage_types: {}, unit: {:?}, runs_idle: {}, resource_kind: {:?}, product_code: {product_code:?} }}, ",
            dimension.id,
            dimension.name.clone().unwrap_or_else(|| dimension.id.replace('-', " ")),
            texts(Some(&dimension.usage_types)),
            dimension.unit,
            dimension.runs_idle,
            dimension.resource_kind,
        );
    }
    let mut levers = String::new();
    for lever in &service.levers {
        let _ = write!(levers, "Lever {{ text: {:?}, check_ids: {} }}, ", lever.text, texts(Some(&lever.checks)));
    }
    let mut sources = String::new();
    for (groups, is_generated) in [(&service.generated, true), (&service.sources, false)] {
        for (group, names) in groups {
            let _ = write!(sources, "FactSource {{ facts: {group:?}, sources: {}, is_generated: {is_generated} }}, ", texts(Some(names)));
        }
    }
    let status =
        service.status.as_ref().map_or("Status { state: ServiceState::Active, date: None, replacement: None }".to_owned(), |status| {
            format!(
                "Status {{ state: ServiceState::{}, date: {:?}, replacement: {:?} }}",
                variant(&status.state),
                status.date,
                status.replacement
            )
        });
    let seen_by: Vec<String> = service.visible_to.iter().flatten().map(|name| format!("Inventory::{}", variant(name))).collect();
    let category = catalog_source::CATEGORIES.iter().position(|category| *category == service.category).unwrap_or_default();
    let _ = writeln!(
        code,
        "Service {{ id: {:?}, name: {:?}, category: Category::ALL[{category}], entry: EntryKind::{}, parent: {:?}, is_billed: {:?}, note: {:?}, \
         aliases: {}, service_id: {:?}, endpoint_prefix: {:?}, signing_name: {:?}, arn_namespaces: {}, shared_arn_namespaces: {}, \
         cloudformation_prefixes: {}, price_list_codes: {}, cost_explorer_names: {}, product_codes: {}, focus_service_names: {}, \
         focus_category: {:?}, focus_subcategory: {:?}, status: {status}, scope: {}, visible_to: &[{}], billing: &[{billing}], \
         resources: &[{resources}], levers: &[{levers}], sources: &[{sources}], checked: {:?} }},",
        service.id,
        service.name.as_ref().unwrap_or(&service.id),
        variant(service.entry.as_deref().unwrap_or("service")),
        service.parent,
        service.is_billed,
        service.note,
        texts(service.aliases.as_ref()),
        service.service_id,
        service.endpoint_prefix,
        service.signing_name,
        texts(service.arn_namespaces.as_ref()),
        texts(service.shared_arn_namespaces.as_ref()),
        texts(service.cloudformation_prefixes.as_ref()),
        texts(service.price_list_codes.as_ref()),
        texts(service.cost_explorer_names.as_ref()),
        texts(service.product_codes.as_ref()),
        texts(service.focus_service_names.as_ref()),
        service.focus_category,
        service.focus_subcategory,
        service.scope.as_ref().map_or("None".to_owned(), |scope| format!("Some(Scope::{})", variant(scope))),
        seen_by.join(", "),
        service.checked,
    );
}
