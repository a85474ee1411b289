//! Adds a bill up as the analysis does, and says how long that took: `cargo run --release --example spend -- PATH`.
#![allow(clippy::print_stdout, reason = "an example for the terminal")]

use std::time::Instant;

use finops_domain::snapshot::Bill;
use finops_focus::FocusCostSource;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("usage: spend PATH")?;
    let start = Instant::now();
    let source = FocusCostSource::open(&path)?;
    println!("{} files, {}", source.files().len(), source.format());
    let answer = source.answer(&Bill::queries())?;
    println!("{} rows, {} malformed, {:.2} s", answer.rows_read, answer.rows_malformed, start.elapsed().as_secs_f64());
    println!("groups: {:?}", answer.tables.iter().map(Vec::len).collect::<Vec<_>>());
    for total in &answer.totals {
        let costs = total.costs;
        println!(
            "{}: billed {} effective {} list {} contracted {}",
            total.billing_currency, costs.billed, costs.effective, costs.list, costs.contracted
        );
    }
    if let Some(row) = answer.malformed.first() {
        println!("first malformed row: {}:{}: {}", row.file, row.line, row.reason);
    }
    Ok(())
}
