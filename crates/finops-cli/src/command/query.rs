//! `finops query`.

use crate::args::QueryArgs;
use crate::config::Config;
use crate::error::CliError;
use crate::output::Output;

#[cfg(not(feature = "sql"))]
pub(crate) async fn run(_args: QueryArgs, _config: &Config, _output: &Output) -> Result<u8, CliError> {
    Err(CliError::new("this build has no SQL engine").with_hint("build it with `cargo build --release` without `--no-default-features`"))
}

#[cfg(feature = "sql")]
pub(crate) use with_sql::run;

#[cfg(feature = "sql")]
mod with_sql {
    use finops_local::SystemClock;
    use finops_query::{Cell as SqlCell, ColumnKind, ParamValue, QueryEngine, QueryError, QueryResult};
    use finops_report::{Cell, Column, Table, render_table};

    use super::{CliError, Config, Output, QueryArgs};
    use crate::exit;
    use crate::source::SourceChoice;

    const HELP: &str = "\
SQL over a bill and a snapshot:

  finops query \"SELECT ServiceName, SUM(EffectiveCost) FROM focus GROUP BY 1 ORDER BY 2 DESC\" --source bill:PATH
  finops query \"SELECT * FROM focus WHERE ChargePeriodStart >= ? LIMIT 5\" --param 2025-11-01 --source demo

  .tables          the tables
  .schema TABLE    the columns of a table
  .help            this

The bill is the table `focus`, also `focus_data` and `focus_data_table`; column names are FOCUS's, in any case; a column
that the bill lacks is NULL. `?` takes the next --param. Only reading is done.
";

    pub(crate) async fn run(args: QueryArgs, config: &Config, output: &Output) -> Result<u8, CliError> {
        output.check_formats(&args.format, None)?;
        let sql = args.sql.trim();
        if sql == ".help" {
            output.result(HELP)?;
            return Ok(exit::DONE);
        }
        let engine = open(&args, config, output).await?;
        let table = if sql == ".tables" {
            tables(&engine)
        } else if let Some(name) = sql.strip_prefix(".schema") {
            let name = name.trim();
            schema(&engine, if name.is_empty() { "focus" } else { name }).await?
        } else if sql.starts_with('.') {
            return Err(CliError::usage(format!("`{sql}` is no dot command")).with_hint("known: .tables, .schema TABLE, .help"));
        } else {
            let params: Vec<ParamValue> = args.param.iter().map(|value| ParamValue::from(value.as_str())).collect();
            let result = {
                let _progress = output.progress("querying");
                engine.run(sql, &params).await.map_err(|error| failed("the query failed", error))?
            };
            if result.truncated {
                output.warning(&format!("only the first {} rows are shown; add a LIMIT or group the rows", result.rows.len()));
            }
            to_table(result)
        };
        output.deliver(&args.format, None, |format, options| {
            render_table(&table, format, options).map_err(|error| CliError::usage("could not render the result").with_source(error))
        })?;
        Ok(exit::DONE)
    }

    async fn open(args: &QueryArgs, config: &Config, output: &Output) -> Result<QueryEngine, CliError> {
        let _progress = output.progress("opening");
        let mut engine = QueryEngine::new().map_err(|error| failed("could not start the SQL engine", error))?;
        match SourceChoice::of(&args.source, config)? {
            SourceChoice::Bill(path) => {
                engine.add_bill(&path).map_err(|error| failed(&format!("could not read the bill `{path}`"), error))?;
            }
            source => {
                if matches!(source, SourceChoice::Demo) {
                    let account = finops_memory::demo::account();
                    engine.add_charges(&account.charges).map_err(|error| failed("could not load the demonstration bill", error))?;
                    output.note("demonstration data: invented");
                }
                let snapshot = source.snapshot(&SystemClock::new(), config).await?;
                engine.add_snapshot(&snapshot).map_err(|error| failed("could not load the snapshot", error))?;
            }
        }
        Ok(engine)
    }

    fn failed(what: &str, error: QueryError) -> CliError {
        CliError::new(what).with_source(error).with_hint("`finops query .tables` and `.schema TABLE` show what there is")
    }

    fn tables(engine: &QueryEngine) -> Table {
        let mut table = Table::new([Column::word("table"), Column::text("also"), Column::text("rows")]);
        for info in engine.tables() {
            table.push([Cell::text(&info.name), Cell::text(info.aliases.join(", ")), Cell::text(info.description)]);
        }
        table
    }

    async fn schema(engine: &QueryEngine, name: &str) -> Result<Table, CliError> {
        let columns = engine.describe(name).await.map_err(|error| failed(&format!("could not describe `{name}`"), error))?;
        let mut table = Table::new([Column::word("column"), Column::word("type"), Column::word("present")]);
        for column in columns {
            table.push([Cell::text(column.name), Cell::text(column.sql_type), Cell::text(if column.present { "yes" } else { "no: NULL" })]);
        }
        Ok(table)
    }

    fn to_table(result: QueryResult) -> Table {
        let is_number = |kind| matches!(kind, ColumnKind::Decimal | ColumnKind::Integer | ColumnKind::Float);
        let column =
            |column: finops_query::Column| if is_number(column.kind) { Column::number(column.name) } else { Column::text(column.name) };
        let mut table = Table::new(result.columns.into_iter().map(column).collect::<Vec<_>>());
        for row in result.rows {
            table.push(row.into_iter().map(to_cell).collect::<Vec<_>>());
        }
        table
    }

    /// Numbers stay numbers; those that a decimal cannot hold are shown as text.
    fn to_cell(cell: SqlCell) -> Cell {
        match cell {
            SqlCell::Null => Cell::empty(),
            SqlCell::Integer(number) => i64::try_from(number).map_or_else(|_| Cell::text(number.to_string()), Cell::integer),
            SqlCell::Decimal(text) => text.parse().map_or_else(|_| Cell::text(text), Cell::decimal),
            SqlCell::Float(number) => number.to_string().parse().map_or_else(|_| Cell::text(number.to_string()), Cell::decimal),
            other => Cell::text(other.to_string()),
        }
    }
}
