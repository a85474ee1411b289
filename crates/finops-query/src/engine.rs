//! The engine: tables in, queries answered.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::SessionStateBuilder;
use datafusion::logical_expr::planner::ExprPlanner;
use datafusion::prelude::{SessionConfig, SessionContext};
use datafusion::sql::parser::Statement;
use finops_domain::charge::Charge;
use finops_domain::report::Report;
use finops_domain::snapshot::Snapshot;
use futures::StreamExt;

use crate::cells::{cells_of, kind_of};
use crate::error::{QueryError, from_engine};
use crate::files::{BillFile, discover};
use crate::planner::Semantics;
use crate::result::{Cell, Column, ColumnInfo, ColumnKind, ParamValue, QueryResult, TableInfo};
use crate::statement::{Prepared, prepare};
use crate::table::{BillTable, RowSource};
use crate::values::sql_type;
use crate::{functions, json, rows};

/// The names of the bill's table; the first is ours, the others are those that FOCUS's own material uses.
const BILL_NAMES: [&str; 4] = ["focus", "focus_data", "focus_data_table", "costandusage"];

/// What the engine may hold in memory at once; sorts and groupings above it go to temporary files.
const MEMORY_LIMIT: usize = 1 << 30;

/// Answers SQL over a FOCUS bill, a snapshot and a report.
///
/// Queries read and never write; they reach the tables that were added here and nothing else. [`QueryEngine::run`] needs a
/// tokio runtime.
pub struct QueryEngine {
    context: SessionContext,
    sources: Vec<RowSource>,
    spelling: BTreeMap<String, String>,
    present: Vec<String>,
    tables: Vec<TableInfo>,
    row_limit: usize,
}

impl fmt::Debug for QueryEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { context: _, sources, spelling: _, present: _, tables, row_limit } = self;
        f.debug_struct("QueryEngine")
            .field("sources", sources)
            .field("tables", tables)
            .field("row_limit", row_limit)
            .finish_non_exhaustive()
    }
}

fn failed(error: DataFusionError) -> QueryError {
    from_engine(&error, ToOwned::to_owned)
}

fn made(rows: Result<RecordBatch, ArrowError>) -> Result<RecordBatch, QueryError> {
    rows.map_err(|error| QueryError::Failed(error.to_string()))
}

impl QueryEngine {
    /// An engine without tables.
    ///
    /// # Errors
    /// If the engine's runtime cannot be set up.
    pub fn new() -> Result<Self, QueryError> {
        let mut config = SessionConfig::new();
        let parser = &mut config.options_mut().sql_parser;
        parser.parse_float_as_decimal = true;
        parser.map_string_types_to_utf8view = false;
        "nulls_last".clone_into(&mut parser.default_null_ordering);
        let runtime = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(FairSpillPool::new(MEMORY_LIMIT))).build_arc().map_err(failed)?;
        let functions: Vec<_> = json::functions().into_iter().chain(functions::functions()).collect();
        let mut planners: Vec<Arc<dyn ExprPlanner>> = vec![Arc::new(Semantics::new(&functions))];
        planners.extend(SessionStateDefaults::default_expr_planners());
        let state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(runtime)
            .with_default_features()
            .with_expr_planners(planners)
            .build();
        let context = SessionContext::new_with_state(state);
        for function in functions {
            context.register_udf(function);
        }
        Ok(Self { context, sources: Vec::new(), spelling: BTreeMap::new(), present: Vec::new(), tables: Vec::new(), row_limit: 1_000_000 })
    }

    /// Sets how many rows a result has at most; more are left off, and the result says so. A million unless set.
    #[must_use]
    pub fn with_row_limit(mut self, rows: usize) -> Self {
        self.row_limit = rows;
        self
    }

    /// Adds the FOCUS files at a path to the table `focus`: a Parquet, CSV or CSV.gz file, a directory of
    /// them, or a pattern like `2025-*/*.parquet`.
    /// Files may differ by columns. Returns how many files were added.
    ///
    /// # Errors
    /// If the path or a file cannot be read, or a file is no FOCUS bill.
    pub fn add_bill(&mut self, path: impl AsRef<Path>) -> Result<usize, QueryError> {
        let files = discover(path.as_ref())?;
        let opened = files.iter().map(|file| BillFile::open(file)).collect::<Result<Vec<_>, _>>()?;
        let added = opened.len();
        self.sources.extend(opened.into_iter().map(|file| RowSource::File(Arc::new(file))));
        self.register_bill()?;
        Ok(added)
    }

    /// Adds charges in memory to the table `focus`.
    ///
    /// # Errors
    /// If the engine refuses the table.
    pub fn add_charges(&mut self, charges: &[Charge]) -> Result<(), QueryError> {
        self.sources.push(RowSource::Memory(made(rows::charges(charges))?));
        self.register_bill()
    }

    /// Adds the tables `resources`, `utilization` and, if the snapshot has a bill, `spend`.
    ///
    /// # Errors
    /// If the engine refuses a table.
    pub fn add_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), QueryError> {
        self.register("resources", made(rows::resources(&snapshot.resources))?, "what exists: one row for each resource")?;
        self.register("utilization", made(rows::utilization(&snapshot.utilization))?, "what was measured: one row for each datapoint")?;
        if let Some(bill) = &snapshot.bill {
            let description = "the snapshot's charges, added up by month, account, region, service, usage type and more";
            self.register("spend", made(rows::spend(&bill.lines))?, description)?;
        }
        Ok(())
    }

    /// Adds the table `findings`.
    ///
    /// # Errors
    /// If the engine refuses the table.
    pub fn add_report(&mut self, report: &Report) -> Result<(), QueryError> {
        self.register("findings", made(rows::findings(report))?, "what the checks found: one row for each finding")
    }

    /// The tables that queries can name.
    pub fn tables(&self) -> &[TableInfo] {
        &self.tables
    }

    /// The columns of a table.
    ///
    /// # Errors
    /// If there is no such table.
    pub async fn describe(&self, table: &str) -> Result<Vec<ColumnInfo>, QueryError> {
        let info = self.find(table)?;
        let provider = self.context.table_provider(info.name.as_str()).await.map_err(failed)?;
        let is_bill = BILL_NAMES.contains(&info.name.as_str());
        let column = |name: &str, sql_type: String| ColumnInfo {
            name: self.spelling_of(name),
            sql_type,
            present: !is_bill || self.present.iter().any(|present| present == name),
        };
        Ok(provider.schema().fields().iter().map(|field| column(field.name(), sql_type(field.data_type()))).collect())
    }

    /// Answers a query; each `?` stands for a parameter, in order.
    ///
    /// # Errors
    /// If the query is no question, is wrong, or fails; each error says what to do about it as far as it is known.
    pub async fn run(&self, sql: &str, params: &[ParamValue]) -> Result<QueryResult, QueryError> {
        match prepare(sql, params)? {
            Prepared::ShowTables => Ok(self.show_tables()),
            Prepared::Describe(table) => {
                let columns = self.describe(&table).await?;
                Ok(described(&columns))
            }
            Prepared::Rows { statement, names } => self.answer(Statement::Statement(statement), &names).await,
        }
    }

    async fn answer(&self, statement: Statement, names: &[Option<String>]) -> Result<QueryResult, QueryError> {
        let engine_error = |error: DataFusionError| from_engine(&error, |name| self.spelling_of(name));
        let state = self.context.state();
        for reference in state.resolve_table_references(&statement).map_err(engine_error)? {
            self.find(reference.table())?;
        }
        let plan = state.statement_to_plan(statement).await.map_err(engine_error)?;
        // The syntax was checked already; this holds even if the engine learns new statements.
        let read_only = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        read_only.verify_plan(&plan).map_err(|error| QueryError::ReadOnly(error.strip_backtrace()))?;
        let frame = self.context.execute_logical_plan(plan).await.map_err(engine_error)?;
        let schema = frame.schema().as_arrow().clone();
        let columns = schema.fields().iter().enumerate().map(|(position, field)| Column {
            name: names.get(position).cloned().flatten().unwrap_or_else(|| self.spelling_of(field.name())),
            kind: kind_of(field.data_type()),
        });
        let columns: Vec<Column> = columns.collect();
        let mut stream = frame.execute_stream().await.map_err(engine_error)?;
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut truncated = false;
        while let Some(batch) = stream.next().await {
            rows.extend(cells_of(&batch.map_err(engine_error)?).map_err(engine_error)?);
            if rows.len() > self.row_limit {
                rows.truncate(self.row_limit);
                truncated = true;
                break;
            }
        }
        Ok(QueryResult { columns, rows, truncated })
    }

    fn register_bill(&mut self) -> Result<(), QueryError> {
        let table = Arc::new(BillTable::new(self.sources.clone()));
        self.spelling.extend(table.spelling.clone());
        self.present.clone_from(&table.present);
        for name in BILL_NAMES {
            self.put(name, Arc::clone(&table) as Arc<dyn TableProvider>)?;
        }
        if self.tables.iter().all(|table| table.name != BILL_NAMES[0]) {
            let aliases = BILL_NAMES.iter().skip(1).map(|alias| (*alias).to_owned()).collect();
            let description = "the bill: one row for each charge, in FOCUS's columns; a column that the bill lacks is NULL";
            self.tables.push(TableInfo { name: BILL_NAMES[0].to_owned(), aliases, description });
        }
        Ok(())
    }

    fn register(&mut self, name: &str, batch: RecordBatch, description: &'static str) -> Result<(), QueryError> {
        let table = MemTable::try_new(batch.schema(), vec![vec![batch]]).map_err(failed)?;
        self.put(name, Arc::new(table))?;
        self.tables.retain(|table| table.name != name);
        self.tables.push(TableInfo { name: name.to_owned(), aliases: Vec::new(), description });
        Ok(())
    }

    fn put(&self, name: &str, table: Arc<dyn TableProvider>) -> Result<(), QueryError> {
        self.context.deregister_table(name).map_err(failed)?;
        self.context.register_table(name, table).map_err(failed)?;
        Ok(())
    }

    fn find(&self, name: &str) -> Result<&TableInfo, QueryError> {
        let is_it = |table: &&TableInfo| std::iter::once(&table.name).chain(&table.aliases).any(|known| known.eq_ignore_ascii_case(name));
        self.tables.iter().find(is_it).ok_or_else(|| QueryError::UnknownTable {
            name: name.to_owned(),
            tables: self.tables.iter().map(|table| table.name.clone()).collect(),
        })
    }

    fn spelling_of(&self, name: &str) -> String {
        self.spelling.get(name).cloned().unwrap_or_else(|| name.to_owned())
    }

    fn show_tables(&self) -> QueryResult {
        let row = |table: &TableInfo| {
            vec![Cell::Text(table.name.clone()), Cell::Text(table.aliases.join(", ")), Cell::Text(table.description.to_owned())]
        };
        text_result(&["name", "also", "description"], self.tables.iter().map(row).collect())
    }
}

fn described(columns: &[ColumnInfo]) -> QueryResult {
    let row = |column: &ColumnInfo| {
        let present = if column.present { "" } else { "NULL throughout: the bill lacks it" };
        vec![Cell::Text(column.name.clone()), Cell::Text(column.sql_type.clone()), Cell::Text(present.to_owned())]
    };
    text_result(&["column_name", "column_type", "note"], columns.iter().map(row).collect())
}

fn text_result(names: &[&str], rows: Vec<Vec<Cell>>) -> QueryResult {
    let columns = names.iter().map(|name| Column { name: (*name).to_owned(), kind: ColumnKind::Text }).collect();
    QueryResult { columns, rows, truncated: false }
}
