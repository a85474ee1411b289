//! Prints the JSON Schema of the report: what is kept in `docs/schema/report.schema.json`.
#![expect(clippy::print_stdout, reason = "that is what it is for")]

use finops_domain::report::Report;

fn main() -> Result<(), serde_json::Error> {
    println!("{}", serde_json::to_string_pretty(&schemars::schema_for!(Report))?);
    Ok(())
}
