//! What can be wrong with a bill: what, why, and what to do.

use std::io;

use finops_domain::ports::{PortError, PortErrorKind};

use crate::layout::KNOWN_FORMATS;

/// Why a bill cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FocusError {
    /// Nothing lies at the path.
    #[error("no file, directory or match at `{path}`: check the path, and quote a glob so that the shell leaves it alone")]
    NotFound {
        /// As it was given.
        path: String,
    },
    /// The glob is none.
    #[error("`{path}` is not a valid glob: write it as in `bills/**/*.parquet`")]
    InvalidGlob {
        /// As it was given.
        path: String,
        /// What is wrong.
        #[source]
        source: glob::PatternError,
    },
    /// A directory or glob without bill files.
    #[error("`{path}` holds no bill: looked for files that end in .parquet, .csv, .csv.gz or .gz; name a file to read it under any name")]
    NoBill {
        /// As it was given.
        path: String,
    },
    /// A file without content.
    #[error("`{file}` is empty: fetch it again")]
    Empty {
        /// The file.
        file: String,
    },
    /// A file that stops early.
    #[error("`{file}` ends before it should or is damaged ({detail}): fetch it again")]
    Damaged {
        /// The file.
        file: String,
        /// What the decoder said.
        detail: String,
    },
    /// Not UTF-8.
    #[error("`{file}` is {encoding} and not UTF-8: convert it, for example with `iconv -t UTF-8`")]
    Encoding {
        /// The file.
        file: String,
        /// What it looks like.
        encoding: &'static str,
    },
    /// Columns of no known format.
    #[error(
        "`{file}` is no bill in a known format ({KNOWN_FORMATS}); its columns are {columns}: leave it out with a glob, or export the bill as FOCUS"
    )]
    UnknownFormat {
        /// The file.
        file: String,
        /// The first of its columns.
        columns: String,
    },
    /// A known format without what every bill needs.
    #[error("`{file}` looks like {format} but lacks {columns}: export it with these columns (known formats: {KNOWN_FORMATS})")]
    MissingColumns {
        /// The file.
        file: String,
        /// What it looks like.
        format: String,
        /// The missing ones.
        columns: String,
    },
    /// A column of a type that it cannot have.
    #[error("`{file}`: column {column} has type {data_type}, which cannot be read as {wanted}: export it anew")]
    ColumnType {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// What it is.
        data_type: String,
        /// What it ought to be.
        wanted: &'static str,
    },
    /// Two formats side by side: the same charges would count twice.
    #[error(
        "`{first}` is {first_format} and `{second}` is {second_format}: one bill in two formats would count twice; give one format only, with a glob"
    )]
    MixedFormats {
        /// A file.
        first: String,
        /// Its format.
        first_format: String,
        /// Another.
        second: String,
        /// Its format.
        second_format: String,
    },
    /// A record without end.
    #[error(
        "`{file}`, line {line}: the record is longer than {limit_mib} MiB, so a quote is open or this is no bill; fetch the file again"
    )]
    RecordTooLong {
        /// The file.
        file: String,
        /// Where the record begins.
        line: u64,
        /// How much a record may hold.
        limit_mib: usize,
    },
    /// Rows, but none that can be read.
    #[error("none of {rows} rows can be read; the first, `{file}` line {line}: {reason}")]
    NothingReadable {
        /// How many.
        rows: u64,
        /// The file of the first.
        file: String,
        /// Its line.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The file changed between being found and being read.
    #[error("`{file}` changed while it was read: wait until the export is complete and run again")]
    Changed {
        /// The file.
        file: String,
    },
    /// A sum above what 128 bits hold.
    #[error("the sums of `{path}` are beyond a hundred trillion: this is no bill")]
    Overflow {
        /// As it was given.
        path: String,
    },
    /// The reading thread broke down.
    #[error("reading `{path}` stopped unexpectedly: please report this")]
    Interrupted {
        /// As it was given.
        path: String,
    },
    /// Anything else that the operating system said.
    #[error("cannot read `{file}`: check its permissions")]
    Io {
        /// The file.
        file: String,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

impl FocusError {
    /// Sorts an I/O error of a file.
    pub(crate) fn io(file: &str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path: file.to_owned() },
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                Self::Damaged { file: file.to_owned(), detail: source.to_string() }
            }
            _ => Self::Io { file: file.to_owned(), source },
        }
    }

    /// The port's word for it.
    pub fn kind(&self) -> PortErrorKind {
        match self {
            Self::NotFound { .. } | Self::NoBill { .. } => PortErrorKind::NotFound,
            Self::InvalidGlob { .. } | Self::MixedFormats { .. } => PortErrorKind::InvalidRequest,
            Self::Io { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => PortErrorKind::Denied,
            Self::Io { .. } | Self::Interrupted { .. } | Self::Changed { .. } => PortErrorKind::Unavailable,
            _ => PortErrorKind::Corrupt,
        }
    }

    /// As the error of a port, with itself as the cause.
    pub fn into_port_error(self, operation: &'static str, target: &str) -> PortError {
        PortError::new(self.kind(), operation, target).with_source(self)
    }
}
