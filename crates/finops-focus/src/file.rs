//! One bill file: how it is encoded, which columns it has.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use flate2::read::MultiGzDecoder;

use crate::error::FocusError;
use crate::layout::Layout;
use crate::{scan_csv, scan_parquet};

/// How a file is encoded, told by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// Apache Parquet.
    Parquet,
    /// CSV, UTF-8.
    Csv,
    /// CSV in gzip.
    CsvGz,
}

/// A bill file that was found and recognised.
#[derive(Clone, Debug)]
pub struct BillFile {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) encoding: Encoding,
    pub(crate) layout: Layout,
    pub(crate) columns: Vec<String>,
    length: u64,
    modified: Option<SystemTime>,
}

impl BillFile {
    /// Opens a file so far that its columns are known.
    pub(crate) fn open(path: &Path) -> Result<Self, FocusError> {
        let name = path.display().to_string();
        let metadata = fs::metadata(path).map_err(|error| FocusError::io(&name, error))?;
        let mut head = [0; 4];
        let length = {
            let mut file = File::open(path).map_err(|error| FocusError::io(&name, error))?;
            let mut filled = 0;
            while let Some(rest) = head.get_mut(filled..).filter(|rest| !rest.is_empty()) {
                match file.read(rest).map_err(|error| FocusError::io(&name, error))? {
                    0 => break,
                    count => filled += count,
                }
            }
            filled
        };
        if length == 0 {
            return Err(FocusError::Empty { file: name });
        }
        let encoding = match head {
            [b'P', b'A', b'R', b'1'] => Encoding::Parquet,
            [0x1F, 0x8B, ..] => Encoding::CsvGz,
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return Err(FocusError::Encoding { file: name, encoding: "UTF-16" }),
            [0, _, ..] | [_, 0, ..] if length >= 2 => return Err(FocusError::Encoding { file: name, encoding: "UTF-16 or binary" }),
            _ if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) => {
                return Err(FocusError::Damaged { file: name, detail: "no Parquet magic number".to_owned() });
            }
            _ => Encoding::Csv,
        };
        let columns = match encoding {
            Encoding::Parquet => scan_parquet::columns(path, &name)?,
            Encoding::Csv | Encoding::CsvGz => scan_csv::columns(path, &name, encoding)?,
        };
        let layout = Layout::of(&name, &columns)?;
        Ok(Self { path: path.to_owned(), name, encoding, layout, columns, length: metadata.len(), modified: metadata.modified().ok() })
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How it is encoded.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Its format and where its fields stand.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The names of its columns as it writes them.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Fails where the file is no longer the one that was opened.
    pub(crate) fn check_unchanged(&self) -> Result<(), FocusError> {
        let changed = || FocusError::Changed { file: self.name.clone() };
        let metadata = fs::metadata(&self.path).map_err(|_| changed())?;
        if metadata.len() == self.length && metadata.modified().ok() == self.modified { Ok(()) } else { Err(changed()) }
    }
}

/// The text of a CSV file, unpacked.
pub(crate) fn open_text(path: &Path, name: &str, encoding: Encoding) -> Result<Box<dyn Read>, FocusError> {
    let file = File::open(path).map_err(|error| FocusError::io(name, error))?;
    let file = BufReader::with_capacity(1 << 17, file);
    Ok(match encoding {
        Encoding::CsvGz => Box::new(MultiGzDecoder::new(file)),
        _ => Box::new(file),
    })
}
