//! The service catalog beside what AWS publishes of its services.

#[path = "../../crates/finops-domain/build/catalog_source.rs"]
#[allow(dead_code, reason = "some of it is for the build script alone")]
mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cargo_metadata::MetadataCommand;
use serde::Deserialize;

use self::source::{Services, load};
use crate::run::{is_there, output_of, program, root, run};

const DIRECTORY: &str = "crates/finops-domain/catalog";

/// Pinned, so that a new release of theirs does not fail our build; `cargo xtask catalog diff` is run with newer ones.
const PACKAGES: [&str; 2] = ["botocore==1.44.5", "cfn-lint==1.58.0"];
const SERVICE_SPEC: &str = "@aws-cdk/aws-service-spec@0.1.216";

/// What `catalog/aws_facts.py` prints.
#[derive(Debug, Deserialize)]
struct Facts {
    botocore_version: String,
    cfn_lint_version: String,
    services: BTreeMap<String, ApiFacts>,
    cloudformation_types: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
struct ApiFacts {
    name: String,
    service_id: String,
    endpoint_prefix: String,
    signing_name: String,
}

fn read() -> Result<Services, String> {
    load(&root().join(DIRECTORY)).map_err(|problems| problems.join("\n"))
}

/// Reads the catalog, says what is wrong in it, and counts it.
pub(crate) fn lint() -> Result<(), String> {
    let services = read()?;
    let checked = services.values().filter(|service| service.checked.is_some()).count();
    let kinds: usize = services.values().map(|service| service.resource.len()).sum();
    let measured = services.values().flat_map(|service| &service.resource).filter(|resource| !resource.activity.is_empty()).count();
    println!(
        "catalog: {} entries, {checked} checked by hand, {kinds} resource kinds, {measured} of them with activity metrics",
        services.len()
    );
    Ok(())
}

/// Compares the catalog with AWS's machine-readable facts; an error for each contradiction.
pub(crate) fn verify() -> Result<(), String> {
    lint()?;
    let (services, facts) = (read()?, facts(None)?);
    let problems = contradictions(&services, &facts);
    for problem in &problems {
        eprintln!("catalog: {problem}");
    }
    if !problems.is_empty() {
        return Err(format!("{} contradictions", problems.len()));
    }
    println!("catalog: agrees with botocore {} and cfn-lint {}", facts.botocore_version, facts.cfn_lint_version);
    Ok(())
}

fn contradictions(services: &Services, facts: &Facts) -> Vec<String> {
    let mut problems = Vec::new();
    let cloudformation_prefixes: BTreeSet<String> =
        facts.cloudformation_types.iter().filter_map(|name| name.rsplit_once("::").map(|(prefix, _)| prefix.to_owned())).collect();
    for (id, api) in &facts.services {
        let Some(service) = services.get(id) else {
            problems.push(format!("botocore has `{id}` ({}), the catalog has not", api.name));
            continue;
        };
        for (what, ours, theirs) in [
            ("service id", &service.service_id, &api.service_id),
            ("endpoint prefix", &service.endpoint_prefix, &api.endpoint_prefix),
            ("signing name", &service.signing_name, &api.signing_name),
        ] {
            if ours.as_ref() != Some(theirs) {
                problems.push(format!("{id}: its {what} is {ours:?} here and `{theirs}` in botocore"));
            }
        }
        if service.status.as_ref().is_some_and(|status| status.state == "retired") {
            println!("catalog: note: {id} is retired here and still in botocore");
        }
    }
    let namespaces: BTreeSet<&str> =
        services.values().flat_map(|service| service.arn_namespaces.iter().flatten()).map(String::as_str).collect();
    for (id, service) in services {
        for prefix in service.cloudformation_prefixes.iter().flatten() {
            let is_retired = service.status.as_ref().is_some_and(|status| status.state == "retired");
            if !cloudformation_prefixes.contains(prefix) && !is_retired {
                problems.push(format!("{id}: cfn-lint knows no CloudFormation type that begins with {prefix}"));
            }
        }
        for shared in service.shared_arn_namespaces.iter().flatten() {
            if !namespaces.contains(shared.as_str()) {
                problems.push(format!("{id}: nobody has the ARN namespace {shared} that it shares"));
            }
        }
        for resource in &service.resource {
            if let Some(name) = &resource.cloudformation_type
                && !resource.is_generated
                && !facts.cloudformation_types.contains(name)
            {
                problems.push(format!("{id}: cfn-lint does not know {name} of {}", resource.kind));
            }
            if let Some(arn) = &resource.arn
                && arn.split(':').nth(2) != resource.kind.split(':').next()
            {
                problems.push(format!("{id}: the ARN of {} has another namespace: {arn}", resource.kind));
            }
        }
    }
    problems
}

/// What AWS has that the catalog has not: services, CloudFormation prefixes, types.
pub(crate) fn diff() -> Result<(), String> {
    let (services, facts) = (read()?, facts(None)?);
    for (id, api) in facts.services.iter().filter(|(id, _)| !services.contains_key(*id)) {
        println!("service               {id} ({})", api.name);
    }
    let known: BTreeSet<&str> =
        services.values().flat_map(|service| service.cloudformation_prefixes.iter().flatten()).map(String::as_str).collect();
    let theirs: BTreeSet<&str> =
        facts.cloudformation_types.iter().filter_map(|name| name.rsplit_once("::")).map(|(prefix, _)| prefix).collect();
    for prefix in theirs.difference(&known) {
        println!("CloudFormation prefix {prefix}");
    }
    let kinds: BTreeSet<&str> =
        services.values().flat_map(|service| &service.resource).filter_map(|resource| resource.cloudformation_type.as_deref()).collect();
    for name in facts.cloudformation_types.iter().map(String::as_str).filter(|name| !kinds.contains(name)) {
        println!("CloudFormation type   {name}");
    }
    Ok(())
}

/// Writes the generated files again; needs npm for the ARN templates.
pub(crate) fn generate() -> Result<(), String> {
    let directory = environment()?;
    run(program("npm", &["pack", "--silent", SERVICE_SPEC]).current_dir(&directory))?;
    run(program("sh", &["-c", "tar -xzf aws-cdk-aws-service-spec-*.tgz"]).current_dir(&directory))?;
    let printed = facts_text(Some(&directory.join("package/db.json.gz")))?;
    let file = directory.join("facts.json");
    std::fs::write(&file, printed).map_err(|error| format!("{}: {error}", file.display()))?;
    run(program(&python(&directory), &["xtask/catalog/generate.py"]).arg(&file).arg(DIRECTORY))
}

fn facts(service_spec: Option<&PathBuf>) -> Result<Facts, String> {
    environment()?;
    serde_json::from_str(&facts_text(service_spec)?).map_err(|error| format!("aws_facts.py: {error}"))
}

fn facts_text(service_spec: Option<&PathBuf>) -> Result<String, String> {
    let directory = environment()?;
    let mut command = program(&python(&directory), &["xtask/catalog/aws_facts.py"]);
    if let Some(path) = service_spec {
        command.arg("--service-spec").arg(path);
    }
    output_of(&mut command)
}

fn python(directory: &std::path::Path) -> String {
    let bin = if cfg!(windows) { "Scripts" } else { "bin" };
    directory.join("venv").join(bin).join("python").to_string_lossy().into_owned()
}

/// A Python environment with the packages in it; returns the directory that it is in.
fn environment() -> Result<PathBuf, String> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec();
    let directory = metadata.map_err(|error| format!("cargo metadata: {error}"))?.target_directory.into_std_path_buf().join("catalog");
    std::fs::create_dir_all(&directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let python = python(&directory);
    let wanted = PACKAGES.map(|package| {
        let (name, version) = package.split_once("==").unwrap_or((package, ""));
        format!("importlib.metadata.version('{name}') == '{version}'")
    });
    let test = format!("import importlib.metadata, sys; sys.exit(not ({}))", wanted.join(" and "));
    if !is_there(&mut program(&python, &["-c", &test])) {
        run(program("python3", &["-m", "venv"]).arg(directory.join("venv")))?;
        run(program(&python, &["-m", "pip", "install", "--quiet"]).args(PACKAGES))?;
    }
    Ok(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let api = ApiFacts { name: "S3".into(), service_id: "S3".into(), endpoint_prefix: "s3".into(), signing_name: "s3".into() };
        Facts {
            botocore_version: "1".into(),
            cfn_lint_version: "1".into(),
            services: [("s3".to_owned(), api)].into(),
            cloudformation_types: ["AWS::S3::Bucket".to_owned()].into(),
        }
    }

    fn services(changes: &str) -> Services {
        let service: source::ServiceSource =
            toml::from_str(&format!("id = \"s3\"\nname = \"S3\"\nservice_id = \"S3\"\nsigning_name = \"s3\"\n{changes}")).unwrap();
        [("s3".to_owned(), service)].into()
    }

    #[test]
    fn what_agrees_is_no_contradiction() {
        let good = "endpoint_prefix = \"s3\"\ncloudformation_prefixes = [\"AWS::S3\"]";
        assert_eq!(contradictions(&services(good), &facts()), Vec::<String>::new());
    }

    #[test]
    fn other_ids_types_and_namespaces_are_contradictions() {
        let wrong = "endpoint_prefix = \"s4\"\ncloudformation_prefixes = [\"AWS::S4\"]\nshared_arn_namespaces = [\"rds\"]\n\
                     [[resource]]\nkind = \"s3:bucket\"\narn = \"arn:{P}:s4:::{B}\"\ncloudformation_type = \"AWS::S3::Bin\"";
        assert_eq!(contradictions(&services(wrong), &facts()).len(), 5);
        assert_eq!(contradictions(&Services::new(), &facts()).len(), 1);
    }
}
