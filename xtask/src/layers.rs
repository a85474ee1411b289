//! The dependency rule: which crate of ours may depend on which, read off `cargo metadata`.
//!
//! Each crate says its layer in its own Cargo.toml, `[package.metadata.finops] layer = "adapter"`. Only ordinary
//! and build dependencies count; a test may also use the domain's own test suites, policies and the adapter in memory.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Dependency, DependencyKind, Metadata, MetadataCommand, Package};

use crate::run::{read, root};

/// A layer and the layers whose crates it may depend on. What has every layer in its list may do so without bound.
const LAYERS: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("application", &["domain"]),
    ("policy", &["domain"]),
    ("aws-support", &["domain", "policy"]),
    ("adapter", &["domain", "aws-support"]),
    ("renderer", &["domain"]),
    ("driving", &["domain", "application", "renderer"]),
    ("binary", &["domain", "application", "policy", "aws-support", "adapter", "renderer", "driving"]),
    ("test", &["domain", "application", "policy", "aws-support", "adapter", "renderer", "driving", "binary"]),
    ("tool", &[]),
];

/// All that the domain may depend on. Nothing here does I/O, reads a clock or draws a random number by itself.
const DOMAIN_DEPENDENCIES: [&str; 11] = [
    "async-trait",
    "augurs-core",
    "augurs-ets",
    "foldhash",
    "jiff",
    "rust_decimal",
    "schemars",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
];

/// Of those, what only a feature may switch on: the domain writes no JSON, the schema's generator does.
const OPTIONAL_IN_DOMAIN: [&str; 2] = ["schemars", "serde_json"];

/// What its build script may use: it reads the catalog's files, and none of it is in what is built.
const DOMAIN_BUILD_DEPENDENCIES: [&str; 2] = ["serde", "toml"];

/// The adapter that any crate may use in its tests.
const TEST_ADAPTERS: [&str; 1] = ["finops-memory"];

/// What breaks the rule in this workspace.
pub(crate) fn problems() -> Result<Vec<String>, String> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec();
    let metadata = metadata.map_err(|error| format!("cargo metadata: {error}"))?;
    let mut problems = edges(&metadata);
    for package in metadata.workspace_packages() {
        let manifest = read(package.manifest_path.as_std_path())?;
        problems.extend(manifest_problems(&package.name, &manifest));
    }
    Ok(problems)
}

/// A package as the rule sees it.
#[derive(Debug)]
struct Member<'a> {
    name: &'a str,
    layer: Option<&'a str>,
    dependencies: &'a [Dependency],
}

fn member(package: &Package) -> Member<'_> {
    let layer = package.metadata.pointer("/finops/layer").and_then(|layer| layer.as_str());
    Member { name: &package.name, layer, dependencies: &package.dependencies }
}

fn edges(metadata: &Metadata) -> Vec<String> {
    let members: Vec<Member<'_>> = metadata.workspace_packages().into_iter().map(member).collect();
    let layers: BTreeMap<&str, &str> = members.iter().filter_map(|member| Some((member.name, member.layer?))).collect();
    let names: BTreeSet<&str> = members.iter().map(|member| member.name).collect();
    let mut problems = Vec::new();
    for member in &members {
        let Some(layer) = member.layer else {
            problems.push(format!("{} declares no layer in [package.metadata.finops]", member.name));
            continue;
        };
        if !LAYERS.iter().any(|(known, _)| *known == layer) {
            let known: Vec<&str> = LAYERS.iter().map(|(known, _)| *known).collect();
            problems.push(format!("{} declares layer `{layer}`; there are {}", member.name, known.join(", ")));
            continue;
        }
        for dependency in member.dependencies {
            let is_ours = names.contains(dependency.name.as_str());
            let target = layers.get(dependency.name.as_str()).copied();
            problems.extend(edge_problem(member.name, layer, dependency, is_ours, target));
        }
    }
    problems
}

fn edge_problem(from: &str, layer: &str, dependency: &Dependency, is_ours: bool, target: Option<&str>) -> Option<String> {
    let to = dependency.name.as_str();
    let is_for_tests = dependency.kind == DependencyKind::Development;
    if is_ours {
        return our_edge_problem(from, layer, to, is_for_tests, target?);
    }
    if layer != "domain" || is_for_tests {
        return None;
    }
    if dependency.kind == DependencyKind::Build && DOMAIN_BUILD_DEPENDENCIES.contains(&to) {
        return None;
    }
    if !DOMAIN_DEPENDENCIES.contains(&to) {
        return Some(format!("{from} is the domain and may not depend on {to}; it may on {}", DOMAIN_DEPENDENCIES.join(", ")));
    }
    if OPTIONAL_IN_DOMAIN.contains(&to) && !dependency.optional {
        return Some(format!("{from} is the domain: {to} has to be optional there"));
    }
    None
}

fn our_edge_problem(from: &str, layer: &str, to: &str, is_for_tests: bool, target: &str) -> Option<String> {
    let allowed = LAYERS.iter().find(|(known, _)| *known == layer).map_or(&[][..], |(_, allowed)| allowed);
    let is_allowed = allowed.contains(&target) || (is_for_tests && (["domain", "policy"].contains(&target) || TEST_ADAPTERS.contains(&to)));
    if is_allowed {
        return None;
    }
    let may = if allowed.is_empty() { "no crate of ours".to_owned() } else { allowed.join(", ") };
    Some(format!("{from} ({layer}) may not depend on {to} ({target}); a crate of its layer may depend on {may}"))
}

/// What a member's Cargo.toml has to say beside its layer.
fn manifest_problems(name: &str, manifest: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut section = "";
    let mut inherits_lints = false;
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line.trim_matches(|c| c == '[' || c == ']');
            // `[dependencies.serde]` would pass by the rule below.
            if section.contains("dependencies.") {
                problems.push(format!("{name}: write `[{section}]` as a line of its table"));
            }
            continue;
        }
        if section == "lints" && line.replace(' ', "") == "workspace=true" {
            inherits_lints = true;
        }
        let is_dependency = section.ends_with("dependencies") && !line.is_empty() && !line.starts_with('#');
        let is_inherited = line.replace(' ', "").contains("workspace=true");
        if let Some((key, _)) = line.split_once('=').filter(|_| is_dependency && !is_inherited) {
            let dependency = key.split('.').next().unwrap_or(key).trim();
            problems.push(format!("{name}: {dependency} is not inherited; put it into [workspace.dependencies]"));
        }
    }
    if !inherits_lints {
        problems.push(format!("{name}: `[lints] workspace = true` is missing"));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_keeps_the_rule() {
        assert_eq!(problems().unwrap(), Vec::<String>::new());
    }

    #[test]
    fn an_adapter_knows_no_other_adapter_and_no_use_case() {
        for (layer, target) in [("adapter", "adapter"), ("adapter", "application"), ("application", "adapter"), ("tool", "domain")] {
            assert!(our_edge_problem("a", layer, "b", false, target).is_some(), "{layer} on {target}");
        }
        assert_eq!(our_edge_problem("a", "adapter", "b", false, "domain"), None);
        assert_eq!(our_edge_problem("a", "binary", "b", false, "adapter"), None);
    }

    #[test]
    fn a_test_may_use_the_adapter_in_memory_and_no_other() {
        assert_eq!(our_edge_problem("finops-app", "application", "finops-memory", true, "adapter"), None);
        assert!(our_edge_problem("finops-app", "application", "finops-memory", false, "adapter").is_some());
        assert!(our_edge_problem("finops-app", "application", "finops-local", true, "adapter").is_some());
    }

    #[test]
    fn the_domain_depends_on_a_closed_list() {
        let dependency = |name: &str, kind: &str, optional: bool| -> Dependency {
            let text = format!(
                r#"{{"name": "{name}", "req": "1", "kind": {kind}, "optional": {optional}, "uses_default_features": false,
                    "features": [], "target": null, "rename": null, "registry": null, "source": null}}"#
            );
            cargo_metadata_dependency(&text)
        };
        let problem = |dependency: &Dependency| edge_problem("finops-domain", "domain", dependency, false, None);
        assert!(problem(&dependency("tokio", "null", false)).is_some());
        assert!(problem(&dependency("tokio", "null", true)).is_some());
        assert!(problem(&dependency("serde_json", "null", false)).is_some());
        assert_eq!(problem(&dependency("serde_json", "null", true)), None);
        assert_eq!(problem(&dependency("serde", "null", false)), None);
        assert_eq!(problem(&dependency("proptest", "\"dev\"", false)), None);
    }

    fn cargo_metadata_dependency(text: &str) -> Dependency {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_manifest_inherits_versions_and_lints() {
        let good =
            "[dependencies]\nserde.workspace = true\ntokio = { workspace = true, features = [\"fs\"] }\n\n[lints]\nworkspace = true\n";
        assert_eq!(manifest_problems("a", good), Vec::<String>::new());
        assert_eq!(manifest_problems("a", "[dev-dependencies]\nserde = \"1\"\n").len(), 2);
        assert_eq!(manifest_problems("a", "[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n[lints]\nworkspace = true\n").len(), 1);
        assert_eq!(manifest_problems("a", "[dependencies.serde]\nversion = \"1\"\n[lints]\nworkspace = true\n").len(), 1);
    }
}
