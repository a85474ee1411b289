//! What is wrong with a bill is said once, clearly; what is wrong with a row never stops the others.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may")]

use std::io::Write;
use std::path::Path;

use finops_domain::charge::SpendAnswer;
use finops_domain::ports::{CostSource, PortErrorKind};
use finops_domain::snapshot::Bill;
use finops_focus::{Encoding, FocusCostSource, FocusError};
use flate2::write::GzEncoder;
use tempfile::TempDir;

const HEADER: &str = "BilledCost,EffectiveCost,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceName,Tags\n";
const ROW: &str = "1.5,1.25,USD,2025-11-01T00:00:00Z,Usage,AmazonS3,\"{\"\"Env\"\":\"\"prod\"\"}\"\n";

fn folder_with(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    folder
}

fn open(path: &Path) -> Result<FocusCostSource, FocusError> {
    FocusCostSource::open(path.to_str().unwrap())
}

fn read(path: &Path) -> Result<SpendAnswer, FocusError> {
    open(path)?.answer(&Bill::queries())
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn error_of(name: &str, content: &[u8]) -> FocusError {
    let folder = folder_with(&[(name, content)]);
    read(&folder.path().join(name)).unwrap_err()
}

#[test]
fn what_is_no_bill_says_so() {
    let folder = folder_with(&[("notes.txt", b"x")]);
    assert!(matches!(open(&folder.path().join("none.csv")).unwrap_err(), FocusError::NotFound { .. }));
    assert!(matches!(open(&folder.path().join("*.csv")).unwrap_err(), FocusError::NotFound { .. }));
    let error = open(folder.path()).unwrap_err();
    assert!(matches!(error, FocusError::NoBill { .. }));
    assert_eq!(error.kind(), PortErrorKind::NotFound);
    assert!(matches!(error_of("a.csv", b""), FocusError::Empty { .. }));
    assert!(matches!(error_of("a.csv", b"a,b\n1,2\n"), FocusError::UnknownFormat { .. }));
    let without = HEADER.replace("EffectiveCost,", "");
    let error = error_of("a.csv", without.as_bytes());
    assert!(matches!(&error, FocusError::MissingColumns { columns, .. } if columns == "EffectiveCost"), "{error}");
    assert_eq!(error.kind(), PortErrorKind::Corrupt);
}

#[test]
fn damaged_files_say_so() {
    let text = format!("{HEADER}{}", ROW.repeat(5000));
    let whole = gzip(&text);
    assert!(matches!(error_of("a.csv.gz", &whole[..whole.len() / 2]), FocusError::Damaged { .. }));
    assert!(matches!(error_of("a.parquet", b"PAR1 and then nothing"), FocusError::Damaged { .. }));
    assert!(matches!(error_of("a.parquet", b"no parquet at all"), FocusError::Damaged { .. }));
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(HEADER.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(matches!(error_of("a.csv", &utf16), FocusError::Encoding { encoding: "UTF-16", .. }));
    assert!(matches!(error_of("a.csv", b"Bill\xE9dCost,a\n"), FocusError::Encoding { .. }));
    let mut endless = format!("{HEADER}\"").into_bytes();
    endless.resize(40 << 20, b'x');
    assert!(matches!(error_of("a.csv", &endless), FocusError::RecordTooLong { line: 2, .. }));
}

#[test]
fn bad_rows_are_counted_with_line_and_reason() {
    let mut text = format!("\u{FEFF}{HEADER}{ROW}").into_bytes();
    text.extend(b"x,1,USD,2025-11-01T00:00:00Z,Usage,AmazonS3,\n"); // 3
    text.extend(b"1,1,USD,yesterday,Usage,AmazonS3,\n"); // 4
    text.extend(b"1,1,USD,2025-11-01T00:00:00Z,Gift,AmazonS3,\n"); // 5
    text.extend(b"1,1,USD,2025-11-01T00:00:00Z,Usage\n"); // 6
    text.extend(b"1,1,USD,2025-11-01T00:00:00Z,Usage,Amaz\xFFonS3,\n"); // 7
    text.extend(b"1,1,USD,2025-11-01T00:00:00Z,Usage,AmazonS3,{\n"); // 8
    text.extend(b"NULL,1,USD,2025-11-01T00:00:00Z,Usage,AmazonS3,\n"); // 9
    text.extend(b"1,1,,2025-11-01T00:00:00Z,Usage,AmazonS3,\n"); // 10
    text.extend(ROW.as_bytes());
    let folder = folder_with(&[("a.csv", &text)]);
    let answer = read(folder.path()).unwrap();
    assert_eq!((answer.rows_read, answer.rows_malformed), (10, 8));
    assert_eq!(answer.malformed.iter().map(|row| row.line).collect::<Vec<_>>(), (3..=10).collect::<Vec<_>>());
    let reasons: Vec<&str> = answer.malformed.iter().map(|row| row.reason.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "BilledCost is not a number",
            "ChargePeriodStart is not a date and time",
            "ChargeCategory `Gift` is not known",
            "5 fields instead of 7",
            "field 6 is not valid UTF-8",
            "Tags is not a JSON object",
            "BilledCost is missing",
            "BillingCurrency is missing",
        ]
    );
    assert_eq!(answer.totals[0].costs.billed, rust_decimal::Decimal::from(3));
    assert_eq!(answer.totals[0].rows, 2);
}

#[test]
fn a_bill_without_one_good_row_is_an_error() {
    let error = error_of("a.csv", format!("{HEADER}x,1,USD,2025-11-01,Usage,AmazonS3,\n").as_bytes());
    assert!(matches!(error, FocusError::NothingReadable { rows: 1, line: 2, .. }), "{error}");
    let folder = folder_with(&[("a.csv", HEADER.as_bytes())]);
    let answer = read(folder.path()).unwrap();
    assert_eq!((answer.rows_read, answer.charge_period), (0, None));
}

#[test]
fn directories_globs_and_partitions_are_read_whole() {
    let text = format!("{HEADER}{ROW}");
    let folder = folder_with(&[
        ("data/BILLING_PERIOD=2025-10/a.csv.gz", &gzip(&text)),
        ("data/BILLING_PERIOD=2025-11/b.csv", text.as_bytes()),
        ("data/BILLING_PERIOD=2025-12/2025-12-01T00-00-00Z-a1/c.csv", text.as_bytes()),
        ("data/BILLING_PERIOD=2025-12/2025-12-02T00-00-00Z-b2/c.csv", text.as_bytes()),
        ("metadata/BILLING_PERIOD=2025-11/Manifest.json", b"{}"),
        ("data/_SUCCESS", b""),
    ]);
    let source = open(folder.path()).unwrap();
    assert_eq!(
        source.files().iter().map(finops_focus::BillFile::encoding).collect::<Vec<_>>(),
        [Encoding::CsvGz, Encoding::Csv, Encoding::Csv]
    );
    assert_eq!(source.answer(&Bill::queries()).unwrap().totals[0].rows, 3);
    let one = folder.path().join("data/*/b.csv");
    assert_eq!(read(&one).unwrap().totals[0].rows, 1);
}

#[test]
fn two_formats_are_refused_since_they_would_count_twice() {
    let cur =
        "line_item_unblended_cost,line_item_currency_code,line_item_usage_start_date,line_item_line_item_type,line_item_product_code\n";
    let folder = folder_with(&[("a.csv", HEADER.as_bytes()), ("b.csv", cur.as_bytes())]);
    assert!(matches!(open(folder.path()).unwrap_err(), FocusError::MixedFormats { .. }));
}

#[test]
fn a_file_that_changes_is_an_error_of_the_port() {
    let folder = folder_with(&[("a.csv", format!("{HEADER}{ROW}").as_bytes())]);
    let source = open(folder.path()).unwrap();
    std::fs::write(folder.path().join("a.csv"), format!("{HEADER}{ROW}{ROW}")).unwrap();
    let error = futures::executor::block_on(source.spend(&Bill::queries())).unwrap_err();
    assert_eq!(error.kind, PortErrorKind::Unavailable);
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("changed"));
}
