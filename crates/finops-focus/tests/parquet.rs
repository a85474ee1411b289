//! Bills in Parquet, and AWS's Cost and Usage Report in its forms.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may")]

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Array, Float64Array, Int64Array, MapBuilder, RecordBatch, StringArray, StringBuilder, TimestampMillisecondArray,
};
use finops_domain::charge::{ChargeCategory, CommitmentDiscountStatus, PricingCategory, SpendAnswer};
use finops_domain::snapshot::Bill;
use finops_focus::FocusCostSource;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use rust_decimal::Decimal;

fn write(path: &Path, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, array)| (name, array, true))).unwrap();
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(3)).build();
    let mut writer = ArrowWriter::try_new(std::fs::File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn read(path: &Path) -> SpendAnswer {
    FocusCostSource::open(path.to_str().unwrap()).unwrap().answer(&Bill::queries()).unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn texts(values: &[&str]) -> ArrayRef {
    Arc::new(values.iter().map(|text| (!text.is_empty()).then_some(*text)).collect::<StringArray>())
}

fn maps(rows: &[&[(&str, &str)]]) -> ArrayRef {
    let mut builder = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    for row in rows {
        for (key, value) in *row {
            builder.keys().append_value(key);
            builder.values().append_value(value);
        }
        builder.append(true).unwrap();
    }
    Arc::new(builder.finish())
}

#[test]
fn focus_in_parquet_has_exact_sums_and_tags() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bill.parquet");
    let start = 1_761_955_200_000; // 2025-11-01T00:00:00Z
    write(
        &path,
        vec![
            ("BilledCost", Arc::new(Float64Array::from(vec![Some(0.1), Some(0.2), Some(0.3), Some(1.2e-8), Some(f64::NAN)]))),
            ("EffectiveCost", Arc::new(Decimal128Array::from(vec![1, 2, 3, 4, 5]).with_precision_and_scale(20, 10).unwrap())),
            ("ListCost", Arc::new(Int64Array::from(vec![Some(1), None, Some(3), Some(4), Some(5)]))),
            ("BillingCurrency", texts(&["USD"; 5])),
            ("ChargePeriodStart", Arc::new(TimestampMillisecondArray::from(vec![start; 5]))),
            ("ChargePeriodEnd", Arc::new(TimestampMillisecondArray::from(vec![start + 3_600_000; 5]))),
            ("ChargeCategory", texts(&["Usage"; 5])),
            ("ServiceName", texts(&["Amazon Elastic Compute Cloud", "AmazonS3", "AmazonS3", "AmazonS3", "AmazonS3"])),
            ("x_UsageType", texts(&["EU-BoxUsage:m5.large", "", "", "", ""])),
            ("Tags", maps(&[&[("Env", "prod"), ("Team", "")], &[], &[("Env", "prod")], &[("Env", "dev")], &[]])),
        ],
    );
    let answer = read(&path);
    assert_eq!((answer.rows_read, answer.rows_malformed), (5, 1));
    assert_eq!((answer.malformed[0].line, answer.malformed[0].reason.as_str()), (5, "BilledCost is not a number"));
    let total = &answer.totals[0];
    assert_eq!(total.costs.billed, decimal("0.600000012"));
    assert_eq!(total.costs.effective, decimal("0.000000001"));
    assert_eq!((total.costs.list, total.rows_without_list_cost), (decimal("8"), 1));
    let tags: Vec<_> = answer.tables[3]
        .iter()
        .map(|group| {
            let tag = group.key.tag.clone().unwrap();
            (format!("{}={}", tag.key, tag.value), group.costs.billed)
        })
        .collect();
    assert_eq!(tags, [("Env=dev".into(), decimal("0.000000012")), ("Env=prod".into(), decimal("0.4")), ("Team=".into(), decimal("0.1"))]);
    assert_eq!(answer.tables[4].len(), 1);
    assert_eq!(answer.tables[0].iter().filter(|group| group.key.instance_type.as_deref() == Some("m5.large")).count(), 1);
    assert_eq!(answer.usage_period.unwrap().hours(), 1);
}

const TYPES: [&str; 12] = [
    "Usage",
    "SavingsPlanCoveredUsage",
    "SavingsPlanNegation",
    "SavingsPlanRecurringFee",
    "DiscountedUsage",
    "RIFee",
    "Fee",
    "Tax",
    "Credit",
    "Refund",
    "EdpDiscount",
    "SavingsPlanUpfrontFee",
];
const UNBLENDED: [&str; 12] = ["1", "10", "-10", "6", "0", "3", "100", "2", "-1", "-0.5", "-0.25", "50"];
/// What AWS's amortised cost makes of the rows: covered usage at its own price, fees at what nothing used.
const EFFECTIVE: [&str; 12] = ["1", "7", "0", "1.5", "2.5", "0.75", "0", "2", "-1", "-0.5", "-0.25", "0"];

fn number(index: usize, at: usize, value: &str) -> String {
    if index == at { value.to_owned() } else { String::new() }
}

fn assert_cur(answer: &SpendAnswer) {
    assert_eq!(answer.rows_malformed, 0, "{:?}", answer.malformed);
    let sum = |values: &[&str]| values.iter().map(|text| decimal(text)).sum::<Decimal>();
    assert_eq!(answer.totals[0].costs.billed, sum(&UNBLENDED), "the report's own sum");
    assert_eq!(answer.totals[0].costs.effective, sum(&EFFECTIVE));
    let category =
        |wanted| answer.tables[0].iter().filter(|group| group.key.charge_category == Some(wanted)).map(|group| group.rows).sum::<u64>();
    assert_eq!(ChargeCategory::ALL.map(category), [5, 4, 1, 1, 1]);
    let status = |wanted| {
        answer.tables[0]
            .iter()
            .filter(|group| group.key.commitment_discount_status == Some(wanted))
            .map(|group| group.costs.effective)
            .sum::<Decimal>()
    };
    assert_eq!(status(CommitmentDiscountStatus::Used), decimal("9.5"));
    assert_eq!(status(CommitmentDiscountStatus::Unused), decimal("2.25"));
    assert!(answer.tables[4].iter().any(|group| group.key.pricing_category == Some(PricingCategory::Committed)));
    let names: Vec<_> = answer.tables[0].iter().filter_map(|group| group.key.service_name.clone()).collect();
    assert!(names.iter().all(|name| name.as_str() == "Amazon Elastic Compute Cloud"), "{names:?}");
    assert!(answer.tables[3].iter().any(|group| {
        let tag = group.key.tag.clone().unwrap();
        (&*tag.key, &*tag.value) == ("Env", "prod")
    }));
    assert!(answer.tables[3].iter().any(|group| group.key.tag.clone().unwrap().key.starts_with("aws:")));
}

#[test]
fn cur_2_in_parquet_is_amortised_as_aws_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cur.parquet");
    let floats =
        |at: usize, value: f64| -> ArrayRef { Arc::new((0..12).map(|index| (index == at).then_some(value)).collect::<Float64Array>()) };
    let unblended: ArrayRef = Arc::new(Float64Array::from_iter_values(UNBLENDED.iter().map(|text| text.parse::<f64>().unwrap())));
    write(
        &path,
        vec![
            ("bill_payer_account_id", texts(&["111111111111"; 12])),
            ("line_item_line_item_type", texts(&TYPES)),
            ("line_item_unblended_cost", unblended),
            ("line_item_currency_code", texts(&["USD"; 12])),
            ("line_item_usage_start_date", Arc::new(TimestampMillisecondArray::from(vec![1_761_955_200_000; 12]))),
            ("line_item_usage_end_date", Arc::new(TimestampMillisecondArray::from(vec![1_761_958_800_000; 12]))),
            ("line_item_product_code", texts(&["AmazonEC2"; 12])),
            ("line_item_usage_type", texts(&["BoxUsage:m5.large"; 12])),
            ("product", maps(&[&[("group", "x"), ("product_name", "Amazon Elastic Compute Cloud")] as &[_]; 12])),
            ("resource_tags", maps(&[&[("user_Env", "prod"), ("aws_createdBy", "me")] as &[_]; 12])),
            ("savings_plan_savings_plan_effective_cost", floats(1, 7.0)),
            ("savings_plan_total_commitment_to_date", floats(3, 6.0)),
            ("savings_plan_used_commitment", floats(3, 4.5)),
            ("reservation_effective_cost", floats(4, 2.5)),
            ("reservation_unused_amortized_upfront_fee_for_billing_period", floats(5, 0.5)),
            ("reservation_unused_recurring_fee", floats(5, 0.25)),
            ("reservation_reservation_a_r_n", texts(&["", "", "", "", "arn:r", "arn:r", "arn:r", "", "", "", "", ""])),
        ],
    );
    let answer = read(&path);
    assert_eq!(answer.format, "CUR 2.0");
    assert_cur(&answer);
}

#[test]
fn legacy_cur_in_csv_is_amortised_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cur.csv");
    let mut writer = csv::Writer::from_path(&path).unwrap();
    writer
        .write_record([
            "lineItem/LineItemType",
            "lineItem/UnblendedCost",
            "lineItem/CurrencyCode",
            "lineItem/UsageStartDate",
            "lineItem/ProductCode",
            "lineItem/UsageType",
            "product/ProductName",
            "savingsPlan/SavingsPlanEffectiveCost",
            "savingsPlan/TotalCommitmentToDate",
            "savingsPlan/UsedCommitment",
            "reservation/EffectiveCost",
            "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
            "reservation/UnusedRecurringFee",
            "reservation/ReservationARN",
            "resourceTags/user:Env",
            "resourceTags/aws:createdBy",
        ])
        .unwrap();
    for index in 0..12 {
        let reservation = if (4..7).contains(&index) { "arn:r" } else { "" };
        writer
            .write_record([
                TYPES[index],
                UNBLENDED[index],
                "USD",
                "2025-11-01T00:00:00Z",
                "AmazonEC2",
                "BoxUsage:m5.large",
                "Amazon Elastic Compute Cloud",
                &number(index, 1, "7.0000000000"),
                &number(index, 3, "6.0"),
                &number(index, 3, "4.5"),
                &number(index, 4, "2.5"),
                &number(index, 5, "0.5"),
                &number(index, 5, "0.25"),
                reservation,
                "prod",
                "me",
            ])
            .unwrap();
    }
    writer.flush().unwrap();
    let answer = read(&path);
    assert_eq!(answer.format, "legacy CUR");
    assert_cur(&answer);
}
