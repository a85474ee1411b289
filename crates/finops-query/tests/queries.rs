//! What users ask of a bill, in the words that FOCUS's material teaches. Expected values are computed by hand from the rows below;
//! those marked DuckDB were also given by DuckDB over the same file.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that meets what it does not expect fails")]

use std::io::Write;
use std::path::PathBuf;

use finops_query::{Cell, ColumnKind, ParamValue, QueryEngine, QueryError, QueryResult};

const HEADER: &str = "ProviderName,BillingAccountId,SubAccountId,SubAccountName,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeClass,ServiceName,ServiceCategory,RegionId,BillingCurrency,BilledCost,EffectiveCost,ListCost,ContractedCost,ListUnitPrice,PricingQuantity,ResourceId,SkuPriceDetails,Tags,x_UsageType";

const ROWS: &[&str] = &[
    r#"AWS,111122223333,000000000001,alpha,2025-10-01T00:00:00Z,2025-11-01T00:00:00Z,2025-10-01T00:00:00Z,2025-10-01T01:00:00Z,Usage,,Amazon EC2,Compute,eu-west-1,USD,0.096,0.06,0.096,0.09,0.096,1,i-1,"{""InstanceType"":""m5.large"",""CoreCount"":2}","{""app"":""shop"",""env"":""prod""}",BoxUsage:m5.large"#,
    r#"AWS,111122223333,000000000001,alpha,2025-10-01T00:00:00Z,2025-11-01T00:00:00Z,2025-10-02T00:00:00Z,2025-10-02T01:00:00Z,Usage,,Amazon EC2,Compute,eu-west-1,USD,0.192,0.12,0.192,0.18,0.096,2,i-2,"{""InstanceType"":""m5.xlarge"",""CoreCount"":4}","{""app"":""shop"",""env"":""dev""}",BoxUsage:m5.xlarge"#,
    "AWS,111122223333,000000000002,beta,2025-10-01 00:00:00,2025-11-01 00:00:00,2025-10-31 23:00:00,2025-11-01 00:00:00,Usage,NULL,Amazon S3,Storage,NULL,USD,0.0000000000000001,1e-16,0.0000000000000002,NULL,0.023,3,bucket,NULL,NULL,TimedStorage-ByteHrs",
    r#"AWS,111122223333,000000000002,beta,2025-11-01T00:00:00Z,2025-12-01T00:00:00Z,2025-11-03T00:00:00Z,2025-11-03T01:00:00Z,Usage,,Amazon S3,Storage,us-east-1,USD,10,10,10,10,0.023,434.782608695652,bucket,,"{""app"":""blog""}",TimedStorage-ByteHrs"#,
    "AWS,111122223333,,,2025-11-01T00:00:00Z,2025-12-01T00:00:00Z,2025-11-01T00:00:00Z,2025-12-01T00:00:00Z,Tax,,Tax,Other,,USD,2.5,2.5,2.5,2.5,,,,,,",
    "AWS,111122223333,000000000001,alpha,2025-11-01T00:00:00Z,2025-12-01T00:00:00Z,2025-11-05T00:00:00Z,2025-11-05T01:00:00Z,Credit,Correction,Amazon EC2,Compute,eu-west-1,USD,-1,-1,0,0,,,,,,",
];

struct Bill {
    directory: tempfile::TempDir,
}

impl Bill {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("bill.csv"), format!("{HEADER}\n{}\n", ROWS.join("\n"))).unwrap();
        Self { directory }
    }

    fn path(&self) -> PathBuf {
        self.directory.path().to_owned()
    }

    fn engine(&self) -> QueryEngine {
        let mut engine = QueryEngine::new().unwrap();
        engine.add_bill(self.path()).unwrap();
        engine
    }
}

async fn ask(sql: &str, params: &[&str]) -> Result<QueryResult, QueryError> {
    let params: Vec<ParamValue> = params.iter().map(|param| ParamValue::from(*param)).collect();
    Bill::new().engine().run(sql, &params).await
}

/// The rows as lines, cells separated by bars.
async fn lines(sql: &str, params: &[&str]) -> Vec<String> {
    let result = ask(sql, params).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    result.rows.iter().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")).collect()
}

#[tokio::test]
async fn spend_by_service_in_a_period_given_by_parameters() {
    // DuckDB.
    let sql = "SELECT ServiceName, SUM(BilledCost) AS TotalBilledCost FROM focus_data_table
        WHERE BillingPeriodStart >= ? AND BillingPeriodEnd < ? GROUP BY ServiceName ORDER BY TotalBilledCost DESC";
    assert_eq!(lines(sql, &["2025-10-01", "2025-12-01"]).await, ["Amazon EC2|0.288", "Amazon S3|0.0000000000000001"]);
}

#[tokio::test]
async fn sixteen_decimals_are_kept_and_added_exactly() {
    let result = ask("SELECT SUM(BilledCost), SUM(EffectiveCost) FROM focus", &[]).await.unwrap();
    assert_eq!(result.columns[0].kind, ColumnKind::Decimal);
    assert_eq!(result.columns[0].name, "SUM(BilledCost)");
    assert_eq!(result.rows, [[Cell::Decimal("11.7880000000000001".to_owned()), Cell::Decimal("11.6800000000000001".to_owned())]]);
}

#[tokio::test]
async fn names_may_be_in_any_case_and_quoted_and_results_carry_focus_spelling() {
    for sql in ["select servicename, x_usagetype from FOCUS limit 1", r#"SELECT "SERVICENAME", "x_usagetype" FROM "Focus_Data" LIMIT 1"#] {
        let result = ask(sql, &[]).await.unwrap();
        let names: Vec<&str> = result.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["ServiceName", "x_UsageType"], "{sql}");
    }
    let result = ask(r#"SELECT 1 AS "My Total", 2 AS MixedCase"#, &[]).await.unwrap();
    assert_eq!(result.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["My Total", "MixedCase"]);
}

#[tokio::test]
async fn columns_that_the_bill_lacks_are_null_of_the_right_type() {
    let sql = "SELECT COUNT(*), COUNT(CapacityReservationId), SUM(CommitmentDiscountQuantity), MAX(AllocatedTags) FROM focus";
    assert_eq!(lines(sql, &[]).await, ["6|0||"]);
    let columns = Bill::new().engine().describe("FOCUS_DATA").await.unwrap();
    let find = |name: &str| columns.iter().find(|column| column.name == name).unwrap().clone();
    assert!(find("BilledCost").present && !find("CapacityReservationId").present);
    assert_eq!(find("BilledCost").sql_type, "DECIMAL(38,18)");
    assert_eq!(find("x_UsageType").sql_type, "VARCHAR");
}

#[tokio::test]
async fn a_division_of_decimals_or_whole_numbers_is_a_fraction() {
    // DuckDB.
    assert_eq!(
        lines("SELECT 7 / 2, SUM(EffectiveCost) / SUM(ListCost) FROM focus WHERE ServiceName = 'Amazon EC2'", &[]).await,
        ["3.5|-2.8472222222222223"]
    );
    assert_eq!(lines("SELECT 1 - SUM(EffectiveCost) / NULLIF(SUM(ListCost), 0) FROM focus WHERE SkuId = 'none'", &[]).await, [""]);
}

#[tokio::test]
async fn quantity_times_price_is_exact() {
    let sql = "SELECT SUM(PricingQuantity * ListUnitPrice) FROM focus WHERE ServiceName = 'Amazon EC2'";
    assert_eq!(lines(sql, &[]).await, ["0.288"]);
    assert_eq!(lines("SELECT SUM(BilledCost) * 1.1 FROM focus WHERE ChargeCategory = 'Tax'", &[]).await, ["2.75"]);
}

#[tokio::test]
async fn tags_are_reached_by_key_in_either_quotes_and_by_json_functions() {
    let expected = ["blog|10", "shop|0.288"];
    for access in [
        "Tags['app']",
        "tags[\"app\"]",
        "JSON_EXTRACT_STRING(Tags, '$.app')",
        "JSON_UNQUOTE(JSON_EXTRACT(Tags, '$.app'))",
        "(Tags ->> 'app')",
    ] {
        let sql = format!("SELECT {access} AS App, SUM(BilledCost) FROM focus WHERE {access} IS NOT NULL GROUP BY {access} ORDER BY App");
        assert_eq!(lines(&sql, &[]).await, expected, "{access}");
    }
    assert_eq!(lines("SELECT COUNT(*) FROM focus WHERE Tags[\"app\"] = ?", &["shop"]).await, ["2"]);
}

#[tokio::test]
async fn tag_coverage_takes_the_key_as_a_parameter_inside_a_path() {
    let sql = "SELECT SUM(CASE WHEN JSON_CONTAINS_PATH(Tags, 'one', '$.?') THEN BilledCost END) / SUM(BilledCost) * 100 AS Covered
        FROM focus WHERE ChargePeriodStart >= ? AND ChargeCategory = 'Usage'";
    let result = ask(sql, &["env", "2025-10-01"]).await.unwrap();
    let Cell::Float(covered) = result.rows[0][0] else { panic!("{result:?}") };
    assert!((covered - 0.288 / 10.288 * 100.0).abs() < 1e-9, "{covered}");
}

#[tokio::test]
async fn core_counts_in_json_can_be_cast_and_added() {
    let sql = "SELECT SUM(CAST(JSON_UNQUOTE(JSON_EXTRACT(SkuPriceDetails, '$.CoreCount')) AS UNSIGNED)) FROM focus";
    assert_eq!(lines(sql, &[]).await, ["6"]);
}

#[tokio::test]
async fn time_is_truncated_taken_apart_and_compared() {
    // DuckDB.
    let sql = "SELECT DATE_TRUNC('month', ChargePeriodStart) AS Month, EXTRACT(YEAR FROM ChargePeriodStart) AS Y, MONTH(ChargePeriodStart), SUM(BilledCost)
        FROM focus WHERE ChargeCategory <> 'Credit' GROUP BY ALL ORDER BY Month";
    assert_eq!(lines(sql, &[]).await, ["2025-10-01T00:00:00Z|2025|10|0.2880000000000001", "2025-11-01T00:00:00Z|2025|11|12.5"]);
    let sql = "SELECT COUNT(*) FROM focus WHERE ChargePeriodStart BETWEEN ? AND ?";
    assert_eq!(lines(sql, &["2025-10-02", "2025-11-03"]).await, ["4"]);
    let sql = "SELECT COUNT(*) FROM focus WHERE ChargePeriodStart >= TIMESTAMP '2025-12-01' - INTERVAL '1' MONTH AND ChargePeriodEnd <= DATE_ADD(CAST('2025-11-01' AS TIMESTAMP), INTERVAL 1 MONTH)";
    assert_eq!(lines(sql, &[]).await, ["3"]);
    assert_eq!(
        lines("SELECT DISTINCT CAST(BillingPeriodStart AS DATE) AS d FROM focus ORDER BY d", &[]).await,
        ["2025-10-01", "2025-11-01"]
    );
    let sql = "SELECT DATE_DIFF('month', TIMESTAMP '2024-01-31', TIMESTAMP '2024-02-01'), DATEDIFF('hour', MIN(ChargePeriodStart), MAX(ChargePeriodStart)) FROM focus";
    assert_eq!(lines(sql, &[]).await, ["1|840"]);
}

#[tokio::test]
async fn nulls_sort_last_upwards_and_downwards() {
    let up = lines("SELECT DISTINCT RegionId FROM focus ORDER BY RegionId", &[]).await;
    let down = lines("SELECT DISTINCT RegionId FROM focus ORDER BY RegionId DESC", &[]).await;
    assert_eq!(up, ["eu-west-1", "us-east-1", ""]);
    assert_eq!(down, ["us-east-1", "eu-west-1", ""]);
}

#[tokio::test]
async fn windows_ctes_having_and_qualify_work() {
    let sql = "WITH Monthly AS (SELECT BillingPeriodStart AS Month, SubAccountId, SUM(BilledCost) AS Cost FROM focus GROUP BY 1, 2)
        SELECT Month, SubAccountId, Cost, Cost - LAG(Cost) OVER (PARTITION BY SubAccountId ORDER BY Month) AS Change, FROM Monthly
        WHERE SubAccountId IS NOT NULL QUALIFY ROW_NUMBER() OVER (PARTITION BY SubAccountId ORDER BY Month DESC) = 1 ORDER BY SubAccountId";
    assert_eq!(
        lines(sql, &[]).await,
        ["2025-11-01T00:00:00Z|000000000001|-1|-1.288", "2025-11-01T00:00:00Z|000000000002|10|9.9999999999999999"]
    );
    let sql = "SELECT ServiceName, SUM(BilledCost) AS Total FROM focus GROUP BY ServiceName HAVING Total > '1' ORDER BY Total DESC LIMIT ?";
    assert_eq!(lines(sql, &["5"]).await, ["Amazon S3|10.0000000000000001", "Tax|2.5"]);
}

#[tokio::test]
async fn account_ids_keep_their_leading_zeros() {
    assert_eq!(
        lines("SELECT DISTINCT SubAccountId || '/' || SubAccountName FROM focus WHERE SubAccountId = ?", &["000000000001"]).await,
        ["000000000001/alpha"]
    );
}

#[tokio::test]
async fn files_of_a_directory_may_differ_by_columns_and_be_compressed() {
    let bill = Bill::new();
    let below = bill.path().join("2025-12");
    std::fs::create_dir(&below).unwrap();
    let text = "\u{feff}ChargePeriodStart,BilledCost,x_Project\n2025-12-01,1.5,apollo\n";
    let mut gzip = flate2::write::GzEncoder::new(std::fs::File::create(below.join("more.csv.gz")).unwrap(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap();
    std::fs::write(below.join("manifest.json"), "{}").unwrap();
    let mut engine = QueryEngine::new().unwrap();
    assert_eq!(engine.add_bill(bill.path()).unwrap(), 2);
    let result = engine.run("SELECT COUNT(*), SUM(BilledCost), MAX(x_Project), COUNT(x_UsageType) FROM focus", &[]).await.unwrap();
    assert_eq!(result.rows[0].iter().map(ToString::to_string).collect::<Vec<_>>(), ["7", "13.2880000000000001", "apollo", "4"]);
}

#[tokio::test]
async fn what_is_no_question_is_refused() {
    let bill = Bill::new();
    let engine = bill.engine();
    let target = bill.path().join("written.csv");
    for sql in [
        &*format!("COPY (SELECT 1) TO '{}'", target.display()),
        &*format!("COPY focus TO '{}' STORED AS CSV", target.display()),
        "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
        "CREATE TABLE x AS SELECT 1",
        "CREATE VIEW x AS SELECT 1",
        "INSERT INTO focus (BilledCost) VALUES (1)",
        "UPDATE focus SET BilledCost = 0",
        "DELETE FROM focus",
        "DROP TABLE focus",
        "SET datafusion.execution.batch_size = 1",
        "EXPLAIN INSERT INTO focus (BilledCost) VALUES (1)",
        "EXPLAIN ANALYZE CREATE TABLE x AS SELECT 1",
        "SELECT BilledCost INTO x FROM focus",
        "WITH a AS (SELECT 1) INSERT INTO focus SELECT * FROM a",
        "TRUNCATE TABLE focus",
        "PREPARE p AS SELECT 1",
    ] {
        let error = engine.run(sql, &[]).await.unwrap_err();
        assert!(matches!(error, QueryError::ReadOnly(_)), "{sql}: {error:?}");
    }
    assert!(!target.exists());
    assert_eq!(engine.run("SELECT COUNT(*) FROM focus", &[]).await.unwrap().rows, [[Cell::Integer(6)]]);
}

#[tokio::test]
async fn files_beside_the_bill_are_out_of_reach() {
    let engine = Bill::new().engine();
    for sql in [
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM \"/etc/hosts.csv\"",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM 'https://example.com/x.csv'",
    ] {
        let error = engine.run(sql, &[]).await.unwrap_err();
        assert!(matches!(error, QueryError::UnknownTable { .. } | QueryError::Failed(_) | QueryError::Syntax(_)), "{sql}: {error:?}");
    }
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let message = |error: QueryError| error.to_string();
    let error = message(ask("SELECT BiledCost FROM focus", &[]).await.unwrap_err());
    assert!(error.contains("no column `biledcost`") && error.contains("BilledCost"), "{error}");
    let error = message(ask("SELECT 1 FROM fokus", &[]).await.unwrap_err());
    assert_eq!(error, "there is no table `fokus`; the tables are focus");
    let error = message(ask("SELECT 1 FROM focus WHERE ServiceName = ?", &[]).await.unwrap_err());
    assert_eq!(error, "the query has 1 `?`, but 0 parameters were given");
    let error = message(ask("SELECT 1 FROM focus LIMIT ?", &["many"]).await.unwrap_err());
    assert_eq!(error, "parameter 1 is `many`, but its `?` needs a whole number");
    let error = message(ask("SELECT 1 FROM focus WHERE ChargePeriodStart > ?", &["soon"]).await.unwrap_err());
    assert!(error.contains("`soon` is compared with a date and time"), "{error}");
    assert!(matches!(ask("SELECT (1 FROM focus", &[]).await, Err(QueryError::Syntax(_))));
    assert!(matches!(ask("SELECT 1; SELECT 2", &[]).await, Err(QueryError::Syntax(_))));
}

#[tokio::test]
async fn a_parameter_is_never_read_as_sql() {
    let injection = "x' OR '1'='1";
    assert_eq!(lines("SELECT COUNT(*) FROM focus WHERE ServiceName = ?", &[injection]).await, ["0"]);
    assert_eq!(lines("SELECT COUNT(*) FROM focus WHERE ServiceName <> '?'", &[]).await, ["6"]);
}

#[tokio::test]
async fn a_bad_value_is_reported_with_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bill.csv");
    std::fs::write(&path, "ChargePeriodStart,BilledCost\n2025-10-01,1\n2025-10-01,lots\n").unwrap();
    let mut engine = QueryEngine::new().unwrap();
    engine.add_bill(&path).unwrap();
    let error = engine.run("SELECT SUM(BilledCost) FROM focus", &[]).await.unwrap_err().to_string();
    assert!(error.contains("line 3: BilledCost is `lots`, which is not a decimal"), "{error}");
}

#[tokio::test]
async fn a_cost_and_usage_report_is_refused_for_what_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("cur.csv");
    std::fs::write(&path, "line_item_usage_start_date,line_item_unblended_cost\n2025-10-01,1\n").unwrap();
    let error = QueryEngine::new().unwrap().add_bill(&path).unwrap_err();
    assert!(matches!(&error, QueryError::NotFocus { .. }) && error.to_string().contains("Cost and Usage Report"), "{error}");
}

#[tokio::test]
async fn results_stop_at_the_row_limit_and_say_so() {
    let bill = Bill::new();
    let engine = bill.engine().with_row_limit(4);
    let result = engine.run("SELECT * FROM focus", &[]).await.unwrap();
    assert_eq!((result.rows.len(), result.truncated), (4, true));
    assert!(!engine.run("SELECT * FROM focus LIMIT 4", &[]).await.unwrap().truncated);
}

#[tokio::test]
async fn tables_and_columns_are_listed() {
    let engine = Bill::new().engine();
    assert_eq!(engine.tables()[0].name, "focus");
    let shown = engine.run("SHOW TABLES", &[]).await.unwrap();
    assert_eq!(shown.rows[0][0], Cell::Text("focus".to_owned()));
    let described = engine.run("DESCRIBE focus", &[]).await.unwrap();
    assert!(
        described
            .rows
            .iter()
            .any(|row| row[0] == Cell::Text("ChargePeriodStart".to_owned()) && row[1] == Cell::Text("TIMESTAMP".to_owned()))
    );
    let plan = engine.run("EXPLAIN SELECT COUNT(*) FROM focus", &[]).await.unwrap();
    assert!(!plan.rows.is_empty());
}
