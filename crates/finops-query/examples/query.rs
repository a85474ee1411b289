//! Runs a query over a bill and writes the result as CSV: `query PATH SQL [PARAM…]`.

use std::io::Write;

use finops_query::{ParamValue, QueryEngine};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(sql)) = (arguments.next(), arguments.next()) else {
        return Err("usage: query PATH SQL [PARAM…]".into());
    };
    let params: Vec<ParamValue> = arguments.map(ParamValue::Text).collect();
    let mut engine = QueryEngine::new()?;
    engine.add_bill(path)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let result = match runtime.block_on(engine.run(&sql, &params)) {
        Ok(result) => result,
        Err(error) => return Err(error.to_string().into()),
    };
    let mut writer = csv::Writer::from_writer(std::io::stdout().lock());
    writer.write_record(result.columns.iter().map(|column| column.name.as_str()))?;
    for row in &result.rows {
        writer.write_record(row.iter().map(ToString::to_string))?;
    }
    writer.flush()?;
    std::io::stdout().flush()?;
    Ok(())
}
