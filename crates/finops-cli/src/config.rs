//! `finops.toml`: what flags and environment do not say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use finops_domain::checks::{self, CheckSelection};
use finops_domain::id::CheckId;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::args::RunArgs;
use crate::error::CliError;

/// The file that is read where none is named.
const DEFAULT_FILE: &str = "finops.toml";

/// Days that are looked back where nobody says otherwise.
pub(crate) const DEFAULT_DAYS: u16 = 30;

/// The configuration file. An unknown key is an error that names the known ones.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    pub(crate) source: Option<String>,
    pub(crate) days: Option<u16>,
    pub(crate) store: Option<PathBuf>,
    /// Directory of kept answers.
    #[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "known in every build, so that a file fits them all"))]
    pub(crate) cache: Option<PathBuf>,
    pub(crate) format: Option<String>,
    #[serde(default)]
    check: Vec<String>,
    #[serde(default)]
    skip_check: Vec<String>,
    /// `[checks."ebs.gp2-volume"]`, then parameters by name.
    #[serde(default)]
    checks: BTreeMap<String, BTreeMap<String, toml::Value>>,
}

impl Config {
    pub(crate) fn load(path: Option<&Path>) -> Result<Self, CliError> {
        let file = path.unwrap_or(Path::new(DEFAULT_FILE));
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if path.is_none() && error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(CliError::new(format!("could not read the configuration `{}`", file.display())).with_source(error)),
        };
        let config: Self = toml::from_str(&text).map_err(|error| {
            CliError::usage(format!("the configuration `{}` is not valid", file.display()))
                .with_source(error.to_string().trim().replace('\n', "\n    "))
        })?;
        if config.days.is_some_and(|days| !(1..=365).contains(&days)) {
            return Err(CliError::usage(format!("`days` in `{}` must be from 1 to 365", file.display())));
        }
        Ok(config)
    }

    /// How many days to look back.
    pub(crate) fn days(&self, run: &RunArgs) -> u16 {
        run.days.or(self.days).unwrap_or(DEFAULT_DAYS)
    }

    /// Which checks run with which settings.
    pub(crate) fn selection(&self, run: &RunArgs) -> Result<CheckSelection, CliError> {
        let ids = |flag: &[String], file: &[String]| -> Result<Vec<CheckId>, CliError> {
            let wanted = if flag.is_empty() { file } else { flag };
            wanted.iter().map(|id| known_check(id)).collect()
        };
        let mut parameters = BTreeMap::new();
        for (id, settings) in &self.checks {
            let check_id = known_check(id)?;
            for (name, value) in settings {
                parameters.insert((check_id.clone(), name.clone()), parameter(id, name, value)?);
            }
        }
        Ok(CheckSelection { only: ids(&run.check, &self.check)?, skip: ids(&run.skip_check, &self.skip_check)?, parameters })
    }
}

fn known_check(id: &str) -> Result<CheckId, CliError> {
    if checks::find(id).is_some() {
        return Ok(CheckId::from(id));
    }
    let service = id.split('.').next().unwrap_or(id);
    let alike: Vec<&str> = checks::ALL.iter().map(|check| check.meta().id).filter(|known| known.starts_with(service)).collect();
    let error = CliError::usage(format!("there is no check `{id}`"));
    Err(if alike.is_empty() { error } else { error.with_hint(format!("did you mean {}?", alike.join(", "))) }
        .with_hint("`finops checks list` shows all of them"))
}

fn parameter(id: &str, name: &str, value: &toml::Value) -> Result<Decimal, CliError> {
    let known = checks::find(id).map(|check| check.meta().parameters).unwrap_or_default();
    if !known.iter().any(|parameter| parameter.name == name) {
        let names: Vec<&str> = known.iter().map(|parameter| parameter.name).collect();
        return Err(CliError::usage(format!("check `{id}` has no parameter `{name}` (known: {})", names.join(", "))));
    }
    let text = match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(number) => number.to_string(),
        toml::Value::Float(number) => number.to_string(),
        other => format!("a {}", other.type_str()),
    };
    text.parse().map_err(|_| CliError::usage(format!("parameter `{name}` of check `{id}` must be a number, not `{text}`")))
}
