//! The cost source over bill files.

use std::sync::{Arc, OnceLock};
use std::thread;

use async_trait::async_trait;
use finops_domain::charge::{MalformedRow, SpendAnswer, SpendQuery};
use finops_domain::ports::{CostSource, PortResult};
use finops_domain::snapshot::{SourceInfo, SourceKind};
use futures::channel::oneshot;
use jiff::Timestamp;

use crate::collector::Collector;
use crate::error::FocusError;
use crate::file::{BillFile, Encoding};
use crate::scan_parquet::ParquetBill;
use crate::{find, finish, scan_csv};

/// At most so many threads read: beyond, the disk is what one waits for.
const MAX_THREADS: usize = 8;

/// A bill in files: FOCUS 1.0 to 1.4, CUR 2.0 or legacy CUR; Parquet, CSV, CSV in gzip.
#[derive(Clone, Debug)]
pub struct FocusCostSource {
    location: String,
    files: Arc<Vec<BillFile>>,
    /// What only reading the rows tells: the format with the providers, and until when the charges reach.
    read: Arc<OnceLock<(String, Option<Timestamp>)>>,
}

/// What one thread reads at a time.
enum Unit<'a> {
    Text { number: usize, file: &'a BillFile },
    RowGroup { number: usize, file: &'a BillFile, parquet: Arc<ParquetBill>, row_group: usize, first_row: u64 },
}

impl FocusCostSource {
    /// Finds the files of a bill at a path (file, directory, glob) and recognises their format by their columns.
    ///
    /// # Errors
    /// One that says what, why and what to do, where there is no bill, or a file that is none.
    pub fn open(path: &str) -> Result<Self, FocusError> {
        let files = find::find(path)?.iter().map(|file| BillFile::open(file)).collect::<Result<Vec<_>, _>>()?;
        if let Some(first) = files.first()
            && let Some(other) = files.iter().find(|file| !file.layout.format().same_family(first.layout.format()))
        {
            return Err(FocusError::MixedFormats {
                first: first.name.clone(),
                first_format: first.layout.format().to_string(),
                second: other.name.clone(),
                second_format: other.layout.format().to_string(),
            });
        }
        Ok(Self { location: path.to_owned(), files: Arc::new(files), read: Arc::default() })
    }

    /// The files, sorted.
    pub fn files(&self) -> &[BillFile] {
        &self.files
    }

    /// The formats found, without the provider: `FOCUS 1.0`.
    pub fn format(&self) -> String {
        let mut formats: Vec<_> = self.files.iter().map(|file| file.layout.format()).collect();
        formats.sort_unstable();
        formats.dedup();
        formats.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }

    /// Answers all queries in one pass over the files, on as many threads as the machine has. The answer does not
    /// depend on how many those are.
    ///
    /// Memory grows with the groups of the answer, not with the rows.
    ///
    /// # Errors
    /// Where a file cannot be read to its end, or no row of the bill at all.
    pub fn answer(&self, queries: &[SpendQuery]) -> Result<SpendAnswer, FocusError> {
        let units = self.units()?;
        let threads = thread::available_parallelism().map_or(1, usize::from).clamp(1, MAX_THREADS).min(units.len().max(1));
        let collectors = thread::scope(|scope| {
            let handles: Vec<_> = (0..threads)
                .map(|worker| {
                    let units = &units;
                    scope.spawn(move || {
                        let mut collector = Collector::new(queries);
                        for unit in units.iter().skip(worker).step_by(threads) {
                            unit.scan(&mut collector)?;
                        }
                        collector.flush();
                        Ok(collector)
                    })
                })
                .collect();
            handles
                .into_iter()
                .map(|handle| handle.join().unwrap_or_else(|_| Err(FocusError::Interrupted { path: self.location.clone() })))
                .collect::<Result<Vec<Collector>, FocusError>>()
        })?;
        self.files.iter().try_for_each(BillFile::check_unchanged)?;

        let mut collectors = collectors.into_iter();
        let mut total = collectors.next().unwrap_or_else(|| Collector::new(queries));
        for collector in collectors {
            total.merge(collector);
        }
        if total.has_overflowed() {
            return Err(FocusError::Overflow { path: self.location.clone() });
        }
        let malformed: Vec<MalformedRow> = std::mem::take(&mut total.malformed)
            .into_iter()
            .map(|((number, line), reason)| {
                let file = self.files.get(number).map(|file| file.name.clone()).unwrap_or_default();
                MalformedRow { file, line, reason }
            })
            .collect();
        if total.rows_read > 0
            && total.rows_malformed == total.rows_read
            && let Some(first) = malformed.first()
        {
            return Err(FocusError::NothingReadable {
                rows: total.rows_read,
                file: first.file.clone(),
                line: first.line,
                reason: first.reason.clone(),
            });
        }
        let mut providers: Vec<String> = total.providers.iter().map(|&id| total.texts.text(id).to_owned()).collect();
        providers.sort_unstable();
        let mut answer = finish::answer(total, queries);
        answer.format = if providers.is_empty() { self.format() } else { format!("{} ({})", self.format(), providers.join(", ")) };
        answer.malformed = malformed;
        let as_of = answer.usage_period.or(answer.charge_period).map(|period| period.end);
        let _ = self.read.set((answer.format.clone(), as_of));
        let mut missing: Vec<String> =
            self.files.iter().flat_map(|file| file.layout.missing_columns()).map(|&column| column.to_owned()).collect();
        missing.sort_unstable();
        missing.dedup();
        answer.missing_columns = missing;
        Ok(answer)
    }

    fn units(&self) -> Result<Vec<Unit<'_>>, FocusError> {
        let mut units = Vec::new();
        for (number, file) in self.files.iter().enumerate() {
            if file.encoding != Encoding::Parquet {
                units.push(Unit::Text { number, file });
                continue;
            }
            let parquet = Arc::new(ParquetBill::open(file)?);
            let mut first_row = 0;
            for (row_group, rows) in parquet.row_groups().into_iter().enumerate() {
                units.push(Unit::RowGroup { number, file, parquet: Arc::clone(&parquet), row_group, first_row });
                first_row += rows;
            }
        }
        Ok(units)
    }
}

impl Unit<'_> {
    fn scan(&self, collector: &mut Collector) -> Result<(), FocusError> {
        match self {
            Self::Text { number, file } => scan_csv::scan(file, *number, collector),
            Self::RowGroup { number, file, parquet, row_group, first_row } => {
                parquet.scan(file, *number, *row_group, *first_row, collector)
            }
        }
    }
}

#[async_trait]
impl CostSource for FocusCostSource {
    fn info(&self) -> SourceInfo {
        let (format, as_of) = self.read.get().cloned().unwrap_or_else(|| (self.format(), None));
        SourceInfo { kind: SourceKind::Bill, location: self.location.clone(), format: Some(format), as_of }
    }

    async fn spend(&self, queries: &[SpendQuery]) -> PortResult<SpendAnswer> {
        const OPERATION: &str = "CostSource.spend";
        let (source, queries) = (self.clone(), queries.to_vec());
        let (sender, receiver) = oneshot::channel();
        // Reading takes seconds and blocks; the caller's executor must not.
        let spawned = thread::Builder::new().name("bill".to_owned()).spawn(move || {
            let _ = sender.send(source.answer(&queries));
        });
        let interrupted = || FocusError::Interrupted { path: self.location.clone() };
        match spawned {
            Ok(_) => receiver.await.unwrap_or_else(|_| Err(interrupted())),
            Err(_) => Err(interrupted()),
        }
        .map_err(|error| error.into_port_error(OPERATION, &self.location))
    }
}
