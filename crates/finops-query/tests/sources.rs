//! Bills in Parquet with the types that writers choose, and rows that are in memory.
#![allow(clippy::unwrap_used, reason = "a test that meets what it does not expect fails")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, Float64Array, MapBuilder, RecordBatch, StringArray, StringBuilder, TimestampMillisecondArray,
    TimestampNanosecondArray,
};
use datafusion::parquet::arrow::ArrowWriter;
use finops_domain::charge::{Charge, ChargeCategory};
use finops_domain::period::ChargePeriod;
use finops_domain::resource::Resource;
use finops_domain::snapshot::{Snapshot, SourceInfo, SourceKind};
use finops_domain::utilization::UtilizationSeries;
use finops_query::{QueryEngine, QueryResult};

fn lines(result: &QueryResult) -> Vec<String> {
    result.rows.iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")).collect()
}

fn write_parquet(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn tags() -> ArrayRef {
    let mut builder = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    builder.keys().append_value("team");
    builder.values().append_value("search \"x\"");
    builder.append(true).unwrap();
    builder.append(false).unwrap();
    Arc::new(builder.finish())
}

#[tokio::test]
async fn parquet_of_different_writers_reads_as_one_bill() {
    let directory = tempfile::tempdir().unwrap();
    // 2025-10-01T00:00:00Z.
    let second = 1_759_276_800;
    write_parquet(
        &directory.path().join("a.parquet"),
        vec![
            ("ChargePeriodStart", Arc::new(TimestampNanosecondArray::from(vec![second * 1_000_000_000; 2]).with_timezone("UTC"))),
            ("BilledCost", Arc::new(Float64Array::from(vec![Some(0.1), Some(4.5e-7)]))),
            ("ServiceName", Arc::new(StringArray::from(vec![Some("Amazon S3"), None]))),
            ("Tags", tags()),
            ("x_Flag", Arc::new(BooleanArray::from(vec![true, false]))),
            ("x_Discount", Arc::new(Float64Array::from(vec![0.25, 0.5]))),
        ],
    );
    write_parquet(
        &directory.path().join("b.parquet"),
        vec![
            ("BilledCost", Arc::new(Decimal128Array::from(vec![200_000_000_i128]).with_precision_and_scale(20, 9).unwrap())),
            ("ChargePeriodStart", Arc::new(TimestampMillisecondArray::from(vec![(second + 3600) * 1000]))),
        ],
    );
    std::fs::write(directory.path().join("c.csv"), "ChargePeriodStart,BilledCost\n2025-10-01T02:00:00Z,0.7\n").unwrap();
    let mut engine = QueryEngine::new().unwrap();
    assert_eq!(engine.add_bill(directory.path()).unwrap(), 3);
    let result = engine.run("SELECT ChargePeriodStart, BilledCost FROM focus ORDER BY 1, 2 DESC", &[]).await.unwrap();
    assert_eq!(
        lines(&result),
        ["2025-10-01T00:00:00Z|0.1", "2025-10-01T00:00:00Z|0.00000045", "2025-10-01T01:00:00Z|0.2", "2025-10-01T02:00:00Z|0.7"]
    );
    let result = engine.run("SELECT SUM(BilledCost), SUM(x_Discount), COUNT(*) FROM focus", &[]).await.unwrap();
    assert_eq!(lines(&result), ["1.00000045|0.75|4"]);
    let result = engine.run("SELECT Tags['team'], Tags FROM focus WHERE x_Flag", &[]).await.unwrap();
    assert_eq!(lines(&result), [r#"search "x"|{"team":"search \"x\""}"#]);
    assert_eq!(lines(&engine.run("SELECT COUNT(*) FROM focus", &[]).await.unwrap()), ["4"]);
}

fn charge(day: &str, service: &str, cost: &str) -> Charge {
    let start: jiff::Timestamp = format!("{day}T00:00:00Z").parse().unwrap();
    Charge {
        charge_period: ChargePeriod { start, end: start + jiff::SignedDuration::from_hours(1) },
        billing_account_id: "111122223333".into(),
        sub_account_id: Some("000000000001".into()),
        sub_account_name: None,
        billing_currency: "USD".into(),
        billed_cost: cost.parse().unwrap(),
        effective_cost: cost.parse().unwrap(),
        list_cost: None,
        contracted_cost: None,
        charge_category: ChargeCategory::Usage,
        is_correction: false,
        charge_description: None,
        pricing_category: None,
        pricing_quantity: None,
        pricing_unit: None,
        service_name: service.into(),
        service_code: Some("AmazonS3".into()),
        service_category: None,
        usage_type: None,
        operation: None,
        instance_type: None,
        region_id: Some("eu-west-1".into()),
        resource_id: None,
        publisher_name: None,
        commitment_discount_id: None,
        commitment_discount_type: None,
        commitment_discount_status: None,
        tags: std::sync::Arc::new(BTreeMap::from([("team".into(), "search".into())])),
    }
}

#[tokio::test]
async fn charges_in_memory_are_a_bill_too_and_join_the_files() {
    let mut engine = QueryEngine::new().unwrap();
    engine.add_charges(&[charge("2025-12-31", "Amazon S3", "0.000000000000000001"), charge("2026-01-05", "Amazon EC2", "2")]).unwrap();
    let sql = "SELECT BillingPeriodStart, BillingPeriodEnd, ServiceName, BilledCost, Tags['team'], x_ServiceCode FROM focus ORDER BY 1";
    assert_eq!(
        lines(&engine.run(sql, &[]).await.unwrap()),
        [
            "2025-12-01T00:00:00Z|2026-01-01T00:00:00Z|Amazon S3|0.000000000000000001|search|AmazonS3",
            "2026-01-01T00:00:00Z|2026-02-01T00:00:00Z|Amazon EC2|2|search|AmazonS3"
        ]
    );
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("bill.csv"), "ChargePeriodStart,BilledCost\n2025-10-01,5\n").unwrap();
    engine.add_bill(directory.path()).unwrap();
    assert_eq!(lines(&engine.run("SELECT COUNT(*), SUM(BilledCost) FROM focus_data", &[]).await.unwrap()), ["3|7.000000000000000001"]);
}

#[tokio::test]
async fn a_snapshot_can_be_joined_with_its_charges() {
    let snapshot = Snapshot {
        source: SourceInfo { kind: SourceKind::Demo, location: "demo".to_owned(), format: None, as_of: None },
        collected_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        prices: BTreeMap::new(),
        native_advice: Vec::new(),
        accounts: Vec::new(),
        bill: None,
        resources: vec![Resource {
            created_at: Some("2025-06-01T12:00:00Z".parse().unwrap()),
            configuration: BTreeMap::from([("VolumeType".into(), "gp2".into())]),
            ..Resource::new("vol-1", "ec2:volume", "000000000001".into(), Some("eu-west-1".into()))
        }],
        utilization: vec![UtilizationSeries {
            resource_id: "vol-1".into(),
            namespace: "AWS/EBS".to_owned(),
            metric_name: "VolumeReadOps".to_owned(),
            statistic: "Sum".to_owned(),
            period_seconds: 3600,
            datapoints: vec![("2026-01-01T00:00:00Z".parse().unwrap(), 1.5), ("2026-01-01T01:00:00Z".parse().unwrap(), 2.5)],
        }],
        coverage: Vec::new(),
    };
    let mut engine = QueryEngine::new().unwrap();
    let mut of_volume = charge("2026-01-01", "Amazon EC2", "3.25");
    of_volume.resource_id = Some("vol-1".into());
    engine.add_charges(&[of_volume]).unwrap();
    engine.add_snapshot(&snapshot).unwrap();
    let sql = "SELECT r.kind, r.configuration['VolumeType'], r.tags, u.total, f.BilledCost FROM resources r
        JOIN (SELECT resource_id, SUM(value) AS total FROM utilization GROUP BY 1) u ON u.resource_id = r.resource_id
        JOIN focus f ON f.ResourceId = r.resource_id WHERE r.created_at < '2025-07-01'";
    assert_eq!(lines(&engine.run(sql, &[]).await.unwrap()), ["ec2:volume|gp2||4|3.25"]);
    let names: Vec<&str> = engine.tables().iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["focus", "resources", "utilization"]);
}
