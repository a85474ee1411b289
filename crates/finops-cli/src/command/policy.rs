//! `finops iam-policy` and `finops plan`: what a run may call, without calling anything.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use finops_aws::operation::Operation;
use rust_decimal::Decimal;
use serde_json::json;

use crate::args::{IamPolicyArgs, PlanArgs};
use crate::aws::{Feature, calls_of, known_services};
use crate::error::CliError;
use crate::exit;
use crate::output::Output;

/// The least that a role has to be allowed for what is asked for, as a policy document.
pub(crate) fn iam_policy(args: &IamPolicyArgs, output: &Output) -> Result<u8, CliError> {
    let services = known_services(&args.aws.service)?;
    let mut actions: Vec<&str> = Vec::new();
    for feature in Feature::ALL.iter().filter(|feature| feature.is_wanted(!args.no_cost_data, &args.aws)) {
        actions.extend(calls_of(*feature, services.as_deref()).iter().map(|operation| operation.action));
    }
    actions.sort_unstable();
    actions.dedup();
    let mut statements = vec![json!({"Sid": "FinOpsRead", "Effect": "Allow", "Action": actions, "Resource": "*"})];
    if let Some(role_name) = &args.aws.role_name {
        let resource = format!("arn:*:iam::*:role/{role_name}");
        statements.push(json!({"Sid": "FinOpsOtherAccounts", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resource}));
    }
    let policy = json!({"Version": "2012-10-17", "Statement": statements});
    output.result(&format!("{policy:#}"))?;
    Ok(exit::DONE)
}

/// Regions that every account has without asking for them.
///
/// Source: <https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html>, read 2026-11-24.
const DEFAULT_REGIONS: u64 = 17;

/// What a run would call at least: one request for each list of each cell; further pages and what depends on what is found come on top.
pub(crate) fn plan(args: &PlanArgs, output: &Output) -> Result<u8, CliError> {
    let services = known_services(&args.aws.service)?;
    let accounts = args.aws.accounts.iter().filter(|account| *account != "org").count().max(1) as u64;
    let regions = match args.aws.regions.as_slice() {
        [] => 1,
        regions if regions.iter().any(|region| region == "all") => DEFAULT_REGIONS,
        regions => regions.len() as u64,
    };
    let mut calls: BTreeMap<&str, (&Operation, u64)> = BTreeMap::new();
    for feature in Feature::ALL.iter().filter(|feature| feature.is_wanted(!args.no_cost_data, &args.aws)) {
        let times = if feature.is_global() { accounts } else { accounts * regions };
        for operation in calls_of(*feature, services.as_deref()) {
            calls.entry(operation.action).or_insert((operation, 0)).1 += times;
        }
    }
    let mut text = format!("{:<60} {:>8} {:>12}\n", "Operation", "at least", "USD");
    let mut total = Decimal::ZERO;
    for (action, (operation, times)) in &calls {
        let cost = operation.price_usd() * Decimal::from(*times);
        total += cost;
        let cost = if cost.is_zero() { "-".to_owned() } else { cost.normalize().to_string() };
        let _ = writeln!(text, "{action:<60} {times:>8} {cost:>12}");
    }
    let requests: u64 = calls.values().map(|(_, times)| times).sum();
    let _ = writeln!(
        text,
        "\n{requests} requests at least, {} USD, for {accounts} accounts and {regions} regions. Nothing was called.",
        total.normalize()
    );
    text.push_str("Further pages, metrics and prices depend on what is found; `--max-api-cost` is a hard cap on what they cost.\n");
    output.result(&text)?;
    Ok(exit::DONE)
}
