//! A table of bill files and of rows in memory, read as a query asks for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::{DataFusionError, Result as EngineResult};
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::stream::RecordBatchReceiverStreamBuilder;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream};

use crate::files::BillFile;
use crate::focus::{FOCUS_COLUMNS, ValueKind};
use crate::values::data_type;

/// Where rows come from.
#[derive(Clone, Debug)]
pub(crate) enum RowSource {
    /// A file, read anew by each query.
    File(Arc<BillFile>),
    /// Rows in memory; a column that the batch lacks is NULL.
    Memory(RecordBatch),
}

/// The table `focus`: all columns of FOCUS, then those that the sources have beside them.
///
/// The engine's columns are lower case, since unquoted names of a query are made so; `spelling` keeps how FOCUS writes them.
#[derive(Clone, Debug)]
pub(crate) struct BillTable {
    schema: SchemaRef,
    sources: Vec<RowSource>,
    /// Lower case to the name as FOCUS, or else the first source that has it, spells it.
    pub(crate) spelling: BTreeMap<String, String>,
    /// Lower-case names that some source has.
    pub(crate) present: Vec<String>,
}

/// The kind that a type of ours holds.
pub(crate) fn kind_of(data_type: &DataType) -> ValueKind {
    match data_type {
        DataType::Decimal128(..) => ValueKind::Decimal,
        DataType::Timestamp(..) => ValueKind::Timestamp,
        DataType::Boolean => ValueKind::Bool,
        _ => ValueKind::Text,
    }
}

/// A batch, also of no columns.
pub(crate) fn batch(schema: &SchemaRef, arrays: Vec<ArrayRef>, rows: usize) -> Result<RecordBatch, ArrowError> {
    RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &RecordBatchOptions::new().with_row_count(Some(rows)))
}

impl BillTable {
    /// The table of all sources together.
    pub(crate) fn new(sources: Vec<RowSource>) -> Self {
        let mut kinds: Vec<(String, ValueKind)> = Vec::new();
        let mut spelling = BTreeMap::new();
        let mut present = Vec::new();
        for (name, kind, _) in FOCUS_COLUMNS {
            kinds.push((name.to_lowercase(), *kind));
            spelling.insert(name.to_lowercase(), (*name).to_owned());
        }
        for (name, kind) in sources.iter().flat_map(RowSource::columns) {
            let lower = name.to_lowercase();
            if !present.contains(&lower) {
                present.push(lower.clone());
            }
            match kinds.iter_mut().find(|(known, _)| *known == lower) {
                // Files that disagree on a column of a provider's own can agree on text.
                Some((_, known)) if data_type(*known) != data_type(kind) => *known = ValueKind::Text,
                Some(_) => {}
                None => kinds.push((lower.clone(), kind)),
            }
            spelling.entry(lower).or_insert(name);
        }
        let fields: Vec<Field> = kinds.into_iter().map(|(name, kind)| Field::new(name, data_type(kind), true)).collect();
        Self { schema: Arc::new(Schema::new(fields)), sources, spelling, present }
    }
}

impl RowSource {
    fn columns(&self) -> Vec<(String, ValueKind)> {
        match self {
            Self::File(file) => file.columns.iter().map(|column| (column.name.clone(), column.kind)).collect(),
            Self::Memory(rows) => rows.schema().fields().iter().map(|field| (field.name().clone(), kind_of(field.data_type()))).collect(),
        }
    }
}

#[async_trait]
impl TableProvider for BillTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> EngineResult<Arc<dyn ExecutionPlan>> {
        let schema = match projection {
            Some(columns) => Arc::new(self.schema.project(columns)?),
            None => Arc::clone(&self.schema),
        };
        let partitions = self
            .sources
            .iter()
            .map(|source| Arc::new(SourcePartition { schema: Arc::clone(&schema), source: source.clone() }) as Arc<dyn PartitionStream>)
            .collect();
        Ok(Arc::new(StreamingTableExec::try_new(schema, partitions, None, [], false, limit)?))
    }
}

/// One source, as the columns that a query needs.
#[derive(Debug)]
struct SourcePartition {
    schema: SchemaRef,
    source: RowSource,
}

impl PartitionStream for SourcePartition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _context: Arc<TaskContext>) -> SendableRecordBatchStream {
        // Two batches in flight: one being read while one is worked on.
        let mut builder = RecordBatchReceiverStreamBuilder::new(Arc::clone(&self.schema), 2);
        let sender = builder.tx();
        let schema = Arc::clone(&self.schema);
        let source = self.source.clone();
        builder.spawn_blocking(move || {
            let mut sink = |batch: RecordBatch| sender.blocking_send(Ok(batch)).is_ok();
            match &source {
                RowSource::File(file) => {
                    file.read(&schema, &mut sink).map_err(|error| DataFusionError::External(Box::new(error)))?;
                }
                RowSource::Memory(rows) => {
                    sink(in_schema(rows, &schema)?);
                }
            }
            Ok(())
        });
        builder.build()
    }
}

fn in_schema(rows: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let arrays = schema.fields().iter().map(|field| {
        let found = rows.schema().fields().iter().position(|own| own.name().eq_ignore_ascii_case(field.name()));
        match found.and_then(|position| rows.columns().get(position)) {
            Some(array) => datafusion::arrow::compute::cast(array, field.data_type()),
            None => Ok(new_null_array(field.data_type(), rows.num_rows())),
        }
    });
    batch(schema, arrays.collect::<Result<_, _>>()?, rows.num_rows())
}
