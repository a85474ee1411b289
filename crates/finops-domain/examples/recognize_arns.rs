//! Which service and kind of resource each ARN of standard input is about, and what tells that nothing uses it.
//!
//! ```text
//! $ aws resourcegroupstaggingapi get-resources --query 'ResourceTagMappingList[].ResourceARN' --output text | tr '\\t' '\\n' |
//!   cargo run --example recognize_arns
//! ```
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "that is what it is for")]

use std::io::BufRead as _;

use finops_domain::catalog::{Arn, Catalog};

fn main() -> Result<(), std::io::Error> {
    let catalog = Catalog::embedded();
    println!("arn\tservice\tkind\tcosts money\tunused if all are zero");
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let arn = match Arn::parse(line.trim()) {
            Ok(arn) => arn,
            Err(error) => {
                eprintln!("{line}: {error}");
                continue;
            }
        };
        let Some(found) = catalog.recognize_arn(&arn) else {
            println!("{arn}\t?\t?\t?\t");
            continue;
        };
        let activity: Vec<&str> = found.kind.map_or(&[][..], |kind| kind.activity).iter().map(|metric| metric.metric).collect();
        let is_billed = found.kind.and_then(|kind| kind.is_billed).map_or("?", |is_billed| if is_billed { "yes" } else { "no" });
        println!("{arn}\t{}\t{}\t{is_billed}\t{}", found.service.id, found.kind.map_or("?", |kind| kind.kind), activity.join(", "));
    }
    Ok(())
}
