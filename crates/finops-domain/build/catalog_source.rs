//! The catalog's text files: their form, how the hand-written lie over the generated ones, and what makes them wrong.
//!
//! Used by the build script, which turns them into Rust, and by `cargo xtask catalog`, which compares them with AWS.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// The mission's categories, in its order; the last one takes what fits nowhere else.
pub(crate) const CATEGORIES: [&str; 24] = [
    "Compute",
    "Storage",
    "Database",
    "Networking & Content Delivery",
    "Analytics & Big Data",
    "AI & Machine Learning",
    "Security & Identity",
    "Application Integration",
    "Management & Governance",
    "Developer Tools",
    "Migration & Transfer",
    "Internet of Things",
    "Media Services",
    "Business Applications",
    "End User Computing",
    "Cost Management",
    "Game Tech",
    "AR/VR",
    "Customer Enablement",
    "Blockchain",
    "Robotics",
    "Quantum Computing",
    "Satellite",
    "Other Services",
];

/// FOCUS 1.2, ServiceCategory: the allowed values.
pub(crate) const FOCUS_CATEGORIES: [&str; 19] = [
    "AI and Machine Learning",
    "Analytics",
    "Business Applications",
    "Compute",
    "Databases",
    "Developer Tools",
    "Multicloud",
    "Identity",
    "Integration",
    "Internet of Things",
    "Management and Governance",
    "Media",
    "Migration",
    "Mobile",
    "Networking",
    "Security",
    "Storage",
    "Web",
    "Other",
];

/// Groups of facts that a source is named for.
pub(crate) const FACT_GROUPS: [&str; 11] =
    ["ids", "arn", "cloudformation", "price_list", "cost_explorer", "category", "status", "scope", "billing", "metrics", "levers"];

/// One file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryFile {
    category: String,
    #[serde(default)]
    service: Vec<ServiceSource>,
}

/// An entry as a file has it, then with the hand-written lying over the generated.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceSource {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) entry: Option<String>,
    pub(crate) parent: Option<String>,
    pub(crate) is_billed: Option<bool>,
    pub(crate) note: Option<String>,
    pub(crate) aliases: Option<Vec<String>>,
    pub(crate) service_id: Option<String>,
    pub(crate) endpoint_prefix: Option<String>,
    pub(crate) signing_name: Option<String>,
    pub(crate) arn_namespaces: Option<Vec<String>>,
    pub(crate) shared_arn_namespaces: Option<Vec<String>>,
    pub(crate) cloudformation_prefixes: Option<Vec<String>>,
    pub(crate) price_list_codes: Option<Vec<String>>,
    pub(crate) cost_explorer_names: Option<Vec<String>>,
    pub(crate) product_codes: Option<Vec<String>>,
    pub(crate) focus_service_names: Option<Vec<String>>,
    pub(crate) focus_category: Option<String>,
    pub(crate) focus_subcategory: Option<String>,
    pub(crate) status: Option<StatusSource>,
    pub(crate) scope: Option<String>,
    pub(crate) visible_to: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) billing: Vec<BillingSource>,
    #[serde(default)]
    pub(crate) resource: Vec<ResourceSource>,
    #[serde(default)]
    pub(crate) levers: Vec<LeverSource>,
    #[serde(default)]
    pub(crate) sources: BTreeMap<String, Vec<String>>,
    pub(crate) checked: Option<String>,
    /// The category of the file.
    #[serde(skip)]
    pub(crate) category: String,
    /// Fact groups that a program filled in, and from what.
    #[serde(skip)]
    pub(crate) generated: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusSource {
    pub(crate) state: String,
    pub(crate) date: Option<String>,
    pub(crate) replacement: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BillingSource {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) usage_types: Vec<String>,
    pub(crate) unit: Option<String>,
    #[serde(default)]
    pub(crate) runs_idle: bool,
    pub(crate) resource_kind: Option<String>,
    pub(crate) product_code: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceSource {
    pub(crate) kind: String,
    pub(crate) name: Option<String>,
    pub(crate) arn: Option<String>,
    pub(crate) id_prefixes: Option<Vec<String>>,
    pub(crate) cloudformation_type: Option<String>,
    pub(crate) is_billed: Option<bool>,
    pub(crate) namespace: Option<String>,
    pub(crate) dimensions: Option<Vec<String>>,
    pub(crate) dimension_value: Option<String>,
    #[serde(default)]
    pub(crate) activity: Vec<MetricSource>,
    #[serde(default)]
    pub(crate) saturation: Vec<MetricSource>,
    #[serde(skip)]
    pub(crate) is_generated: bool,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MetricSource {
    pub(crate) metric: String,
    pub(crate) statistic: String,
    pub(crate) namespace: Option<String>,
    pub(crate) period_seconds: Option<u32>,
    /// Saturation only: `percent`, `configuration:NAME`, `metric:NAME`.
    pub(crate) bought: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeverSource {
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) checks: Vec<String>,
}

/// All entries by id.
pub(crate) type Services = BTreeMap<String, ServiceSource>;

/// Reads `catalog/generated/*.toml`, lays `catalog/*.toml` over them, and says what is wrong, each with its file or entry.
///
/// # Errors
/// All problems found.
pub(crate) fn load(directory: &Path) -> Result<Services, Vec<String>> {
    let mut problems = Vec::new();
    let mut services = Services::new();
    for mut entry in read_files(&directory.join("generated"), &mut problems) {
        entry.generated = std::mem::take(&mut entry.sources);
        for resource in &mut entry.resource {
            resource.is_generated = true;
        }
        if let Some(other) = services.insert(entry.id.clone(), entry) {
            problems.push(format!("generated: `{}` is there twice", other.id));
        }
    }
    let mut by_hand = BTreeSet::new();
    for mut entry in read_files(directory, &mut problems) {
        if !by_hand.insert(entry.id.clone()) {
            problems.push(format!("`{}` is there twice", entry.id));
        }
        take_over_kinds(&mut services, &mut entry);
        match services.get_mut(&entry.id) {
            Some(generated) => lay_over(generated, entry),
            None => {
                services.insert(entry.id.clone(), entry);
            }
        }
    }
    problems.extend(contradictions(&services));
    if problems.is_empty() { Ok(services) } else { Err(problems) }
}

fn read_files(directory: &Path, problems: &mut Vec<String>) -> Vec<ServiceSource> {
    let mut entries = Vec::new();
    let listing = match fs::read_dir(directory) {
        Ok(listing) => listing,
        Err(error) => {
            problems.push(format!("{}: {error}", directory.display()));
            return entries;
        }
    };
    let mut paths: Vec<_> =
        listing.flatten().map(|file| file.path()).filter(|path| path.extension().is_some_and(|end| end == "toml")).collect();
    paths.sort();
    for path in paths {
        let name = path.display();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                problems.push(format!("{name}: {error}"));
                continue;
            }
        };
        match toml::from_str::<CategoryFile>(&text) {
            Ok(file) => {
                if !CATEGORIES.contains(&file.category.as_str()) {
                    problems.push(format!("{name}: `{}` is no category", file.category));
                }
                entries.extend(file.service.into_iter().map(|service| ServiceSource { category: file.category.clone(), ..service }));
            }
            Err(error) => problems.push(format!("{name}: {error}")),
        }
    }
    entries
}

/// A kind that a file names by hand belongs to the entry that names it, wherever its generated facts are.
fn take_over_kinds(services: &mut Services, entry: &mut ServiceSource) {
    for resource in &mut entry.resource {
        let holder = services
            .values_mut()
            .find(|other| other.id != entry.id && other.resource.iter().any(|known| known.kind == resource.kind && known.is_generated));
        if let Some(holder) = holder
            && let Some(position) = holder.resource.iter().position(|known| known.kind == resource.kind)
        {
            let mut generated = holder.resource.remove(position);
            lay_over_resource(&mut generated, std::mem::take(resource));
            *resource = generated;
        }
    }
}

fn lay_over_resource(under: &mut ResourceSource, over: ResourceSource) {
    macro_rules! take {
        ($($field:ident),*) => { $(if over.$field.is_some() { under.$field = over.$field; })* };
    }
    take!(name, arn, id_prefixes, cloudformation_type, is_billed, namespace, dimensions, dimension_value);
    if !over.activity.is_empty() {
        under.activity = over.activity;
    }
    if !over.saturation.is_empty() {
        under.saturation = over.saturation;
    }
    under.is_generated = false;
}

fn lay_over(under: &mut ServiceSource, over: ServiceSource) {
    macro_rules! take {
        ($($field:ident),*) => { $(if over.$field.is_some() { under.$field = over.$field; })* };
    }
    under.category = over.category;
    take!(name, entry, parent, is_billed, note, aliases, service_id, endpoint_prefix, signing_name, arn_namespaces);
    take!(shared_arn_namespaces, cloudformation_prefixes, price_list_codes, cost_explorer_names, product_codes, focus_service_names);
    take!(focus_category, focus_subcategory, status, scope, visible_to, checked);
    for resource in over.resource {
        match under.resource.iter_mut().find(|known| known.kind == resource.kind) {
            None => under.resource.push(resource),
            Some(known) => lay_over_resource(known, resource),
        }
    }
    under.billing = over.billing;
    under.levers = over.levers;
    for group in over.sources.keys() {
        under.generated.remove(group);
    }
    under.sources = over.sources;
}

/// What is wrong with entries, alone and with each other.
fn contradictions(services: &Services) -> Vec<String> {
    let mut problems = Vec::new();
    let mut owners: BTreeMap<(&str, String), &str> = BTreeMap::new();
    let mut kinds: BTreeMap<&str, &str> = BTreeMap::new();
    for (id, service) in services {
        let mut wrong = |what: String| problems.push(format!("{id}: {what}"));
        if service.name.is_none() {
            wrong("it has no name".to_owned());
        }
        let entry = service.entry.as_deref().unwrap_or("service");
        if !["service", "api", "feature", "software", "program", "billing_code"].contains(&entry) {
            wrong(format!("`{entry}` is no kind of entry"));
        }
        if matches!(entry, "api" | "feature") && service.parent.is_none() {
            wrong(format!("an entry of kind {entry} names its parent"));
        }
        if let Some(parent) = &service.parent
            && !services.contains_key(parent)
        {
            wrong(format!("its parent `{parent}` is no entry"));
        }
        if let Some(category) = &service.focus_category
            && !FOCUS_CATEGORIES.contains(&category.as_str())
        {
            wrong(format!("`{category}` is no FOCUS ServiceCategory"));
        }
        if let Some(status) = &service.status {
            if !["active", "closed_to_new_customers", "end_of_support_announced", "retired"].contains(&status.state.as_str()) {
                wrong(format!("`{}` is no status", status.state));
            }
            if status.state != "active" && !service.sources.contains_key("status") {
                wrong(format!("its status is {} without a source", status.state));
            }
        }
        if let Some(scope) = &service.scope
            && !["global", "regional", "zonal"].contains(&scope.as_str())
        {
            wrong(format!("`{scope}` is no scope"));
        }
        for seen_by in service.visible_to.iter().flatten() {
            if !["tagging", "resource_explorer", "cloud_control", "config"].contains(&seen_by.as_str()) {
                wrong(format!("`{seen_by}` is no inventory"));
            }
        }
        for group in service.sources.keys().chain(service.generated.keys()) {
            if !FACT_GROUPS.contains(&group.as_str()) {
                wrong(format!("`{group}` is no group of facts; they are {}", FACT_GROUPS.join(", ")));
            }
        }
        for (facts, group) in [(!service.billing.is_empty(), "billing"), (!service.levers.is_empty(), "levers")] {
            if facts && !service.sources.contains_key(group) {
                wrong(format!("its {group} has no source"));
            }
        }
        // A feature's and an API's ARNs are those of the service that they belong to; names and codes have one owner.
        let namespaces = if entry == "service" { &service.arn_namespaces } else { &None };
        for (what, values) in [
            ("ARN namespace", namespaces),
            ("product code", &service.product_codes),
            ("Cost Explorer name", &service.cost_explorer_names),
            ("FOCUS service name", &service.focus_service_names),
        ] {
            for value in values.iter().flatten() {
                if let Some(other) = owners.insert((what, value.to_lowercase()), id)
                    && other != id
                {
                    wrong(format!("the {what} `{value}` is also that of {other}"));
                }
            }
        }
        for resource in &service.resource {
            if let Some(other) = kinds.insert(&resource.kind, id) {
                wrong(format!("the resource kind {} is also of {other}", resource.kind));
            }
            if !resource.kind.contains(':') {
                wrong(format!("the resource kind {} has no colon: it is ARN namespace:type", resource.kind));
            }
            let has_metrics = !resource.activity.is_empty() || !resource.saturation.is_empty();
            if has_metrics && (resource.namespace.is_none() || resource.dimensions.as_ref().is_none_or(Vec::is_empty)) {
                wrong(format!("{} has metrics without a namespace or dimensions", resource.kind));
            }
            if has_metrics && !resource.is_generated && !service.sources.contains_key("metrics") {
                wrong("its metrics have no source".to_owned());
            }
            for metric in resource.activity.iter().chain(&resource.saturation) {
                let is_percentile = metric.statistic.strip_prefix('p').is_some_and(|share| share.parse::<f32>().is_ok());
                if !["Sum", "Average", "Maximum", "Minimum", "SampleCount"].contains(&metric.statistic.as_str()) && !is_percentile {
                    wrong(format!("`{}` is no statistic", metric.statistic));
                }
            }
            for metric in &resource.saturation {
                let bought = metric.bought.as_deref().unwrap_or_default();
                if bought != "percent" && !bought.starts_with("configuration:") && !bought.starts_with("metric:") {
                    wrong(format!("{}: `bought` is percent, configuration:NAME or metric:NAME", metric.metric));
                }
            }
        }
    }
    for (id, service) in services {
        for dimension in &service.billing {
            if let Some(kind) = &dimension.resource_kind
                && !kinds.contains_key(kind.as_str())
            {
                problems.push(format!("{id}: {} is of the resource kind {kind}, which no entry declares", dimension.id));
            }
            if dimension.usage_types.is_empty() {
                problems.push(format!("{id}: {} has no usage type", dimension.id));
            }
        }
    }
    problems
}
