//! Adds the rows of a bill up by service and by what is charged for, and shows what goes on while nothing is used.
//!
//! Standard input has a row a line: product code, usage type and cost, between tabs, as a query over a CUR gives them.
//!
//! ```text
//! $ printf 'AmazonEC2\\tEU-BoxUsage:m5.large\\t70.08\\n' | cargo run --example spend_by_dimension
//! ```
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "that is what it is for")]

use std::collections::BTreeMap;
use std::io::BufRead as _;

use finops_domain::catalog::Catalog;
use rust_decimal::Decimal;

fn main() -> Result<(), std::io::Error> {
    let catalog = Catalog::embedded();
    let mut sums: BTreeMap<(&str, &str, bool), Decimal> = BTreeMap::new();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let mut cells = line.split('\t');
        let (Some(code), Some(usage_type), Some(cost)) = (cells.next(), cells.next(), cells.next()) else {
            eprintln!("three cells between tabs are needed: {line}");
            continue;
        };
        let Ok(cost) = cost.trim().parse::<Decimal>() else {
            eprintln!("`{cost}` is no amount: {line}");
            continue;
        };
        let key = match catalog.recognize_usage(code, usage_type) {
            Some(found) => (
                found.service.name,
                found.dimension.map_or("(other)", |dimension| dimension.name),
                found.dimension.is_some_and(|dimension| dimension.runs_idle),
            ),
            None => ("(not recognised)", "", false),
        };
        *sums.entry(key).or_default() += cost;
    }
    for ((service, dimension, runs_idle), cost) in sums {
        let idle = if runs_idle { "also while idle" } else { "" };
        println!("{cost:>14.2}  {service}  {dimension}  {idle}");
    }
    Ok(())
}
