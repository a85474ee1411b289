//! A row of a FOCUS file.

use finops_domain::charge::{ChargeCategory, CommitmentDiscountStatus, PricingCategory};

use crate::interner::{Interner, NULL};
use crate::layout::{AmountField, Layout, TextField};
use crate::row::{FocusRow, Memos, RawRow, Reason};
use crate::tags::json_entry;

/// Reads the row.
pub(crate) fn map(row: &RawRow, layout: &Layout, texts: &mut Interner, memos: &mut Memos) -> Result<FocusRow, Reason> {
    let category_id = row.text(TextField::Category);
    if category_id == NULL {
        return Err(Reason::Missing("ChargeCategory"));
    }
    let category = memos
        .categories
        .get(category_id, || {
            let text = texts.text(category_id);
            ChargeCategory::ALL.into_iter().find(|category| category.as_str().eq_ignore_ascii_case(text))
        })
        .ok_or_else(|| Reason::Unknown("ChargeCategory", texts.text(category_id).to_owned()))?;
    let service_name = row.text(TextField::ServiceName);
    if service_name == NULL {
        return Err(Reason::Missing("ServiceName"));
    }
    let class = row.text(TextField::ChargeClass);
    let is_correction = class != NULL && memos.corrections.get(class, || texts.text(class).eq_ignore_ascii_case("Correction"));
    let pricing_id = row.text(TextField::PricingCategory);
    let pricing = if pricing_id == NULL { None } else { memos.pricing.get(pricing_id, || pricing_category(texts.text(pricing_id))) };
    let status_id = row.text(TextField::CommitmentDiscountStatus);
    let status = if status_id == NULL {
        None
    } else {
        memos.statuses.get(status_id, || {
            let text = texts.text(status_id);
            if text.eq_ignore_ascii_case("Used") {
                Some(CommitmentDiscountStatus::Used)
            } else if text.eq_ignore_ascii_case("Unused") {
                Some(CommitmentDiscountStatus::Unused)
            } else {
                None
            }
        })
    };
    let service_code = match row.text(TextField::ServiceCode) {
        NULL => memos.service_codes.get(service_name, || {
            let code = service_code(texts.text(service_name)).map(str::to_owned);
            code.map_or(NULL, |code| texts.intern(&code))
        }),
        code => code,
    };
    let usage_type = row.text(TextField::UsageType);
    let mut instance_type = memos.instance_of_usage(usage_type, texts);
    let details = row.text(TextField::SkuPriceDetails);
    if instance_type == NULL && details != NULL {
        instance_type = memos.instance_of_sku.get(details, || {
            let instance = json_entry(texts.text(details), &["InstanceType", "x_InstanceType", "instanceType"]);
            instance.map_or(NULL, |text| texts.intern_cell(&text))
        });
    }
    // Where usage types say what was used, the words beside them only multiply the groups.
    let description =
        if layout.text(TextField::UsageType).is_some() { NULL } else { memos.short_text(row.text(TextField::ChargeDescription), texts) };
    Ok(FocusRow {
        billed: row.amount(AmountField::Billed)?.ok_or(Reason::Missing("BilledCost"))?,
        effective: row.amount(AmountField::Effective)?.ok_or(Reason::Missing("EffectiveCost"))?,
        list: row.amount(AmountField::List)?,
        contracted: row.amount(AmountField::Contracted)?,
        quantity: row.amount(AmountField::Quantity)?,
        category,
        is_correction,
        pricing,
        status,
        service_name,
        service_code,
        instance_type,
        description,
        commitment_id: row.text(TextField::CommitmentDiscountId),
        commitment_type: row.text(TextField::CommitmentDiscountType),
    })
}

/// FOCUS 1.0 preview wrote longer words; anything unknown is no category, since no sum depends on it.
fn pricing_category(text: &str) -> Option<PricingCategory> {
    [PricingCategory::Standard, PricingCategory::Dynamic, PricingCategory::Committed, PricingCategory::Other]
        .into_iter()
        .find(|category| category.as_str().eq_ignore_ascii_case(text))
}

/// The AWS product code of a FOCUS ServiceName. Some writers put the code itself there.
///
/// Source: product codes and names that stand beside each other in AWS's Price List index and in CUR's
/// `line_item_product_code` and `product_product_name`, read 2026-11.
fn service_code(name: &str) -> Option<&str> {
    const CODES: [(&str, &str); 37] = [
        ("Amazon API Gateway", "AmazonApiGateway"),
        ("Amazon Athena", "AmazonAthena"),
        ("Amazon CloudFront", "AmazonCloudFront"),
        ("Amazon CloudWatch", "AmazonCloudWatch"),
        ("Amazon DynamoDB", "AmazonDynamoDB"),
        ("Amazon EC2 Container Registry (ECR)", "AmazonECR"),
        ("Amazon ElastiCache", "AmazonElastiCache"),
        ("Amazon Elastic Block Store", "AmazonEC2"),
        ("Amazon Elastic Compute Cloud", "AmazonEC2"),
        ("Amazon Elastic Container Registry Public", "AmazonECRPublic"),
        ("Amazon Elastic Container Service", "AmazonECS"),
        ("Amazon Elastic Container Service for Kubernetes", "AmazonEKS"),
        ("Amazon Elastic File System", "AmazonEFS"),
        ("Amazon Elastic Kubernetes Service", "AmazonEKS"),
        ("Amazon Elastic MapReduce", "ElasticMapReduce"),
        ("Amazon GuardDuty", "AmazonGuardDuty"),
        ("Amazon Kinesis", "AmazonKinesis"),
        ("Amazon Managed Streaming for Apache Kafka", "AmazonMSK"),
        ("Amazon OpenSearch Service", "AmazonES"),
        ("Amazon Redshift", "AmazonRedshift"),
        ("Amazon Relational Database Service", "AmazonRDS"),
        ("Amazon Route 53", "AmazonRoute53"),
        ("Amazon SageMaker", "AmazonSageMaker"),
        ("Amazon Simple Notification Service", "AmazonSNS"),
        ("Amazon Simple Queue Service", "AWSQueueService"),
        ("Amazon Simple Storage Service", "AmazonS3"),
        ("Amazon Virtual Private Cloud", "AmazonVPC"),
        ("AWS CloudTrail", "AWSCloudTrail"),
        ("AWS Config", "AWSConfig"),
        ("AWS Data Transfer", "AWSDataTransfer"),
        ("AWS Glue", "AWSGlue"),
        ("AWS Key Management Service", "awskms"),
        ("AWS Lambda", "AWSLambda"),
        ("AWS Secrets Manager", "AWSSecretsManager"),
        ("AWS Step Functions", "AmazonStates"),
        ("AWS WAF", "awswaf"),
        ("Elastic Load Balancing", "AWSELB"),
    ];
    if !name.contains(' ') && (name.starts_with("Amazon") || name.starts_with("AWS")) {
        return Some(name);
    }
    CODES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|&(_, code)| code)
}
