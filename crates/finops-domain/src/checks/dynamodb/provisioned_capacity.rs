//! Throughput of DynamoDB tables, provisioned or on demand, that costs much.

use crate::charge::ChargeKey;
use crate::checks::part::{measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct ProvisionedCapacity;

// Provisioned capacity is charged by the unit and hour under `ReadCapacityUnit-Hrs` and `WriteCapacityUnit-Hrs`
// (also with `IA-` and `Repl` in front), whether it is consumed or not; the bill does not say how much of it was.
// On-demand throughput is charged by the request under `ReadRequestUnits` and `WriteRequestUnits`.
static META: CheckMeta = CheckMeta {
    id: "dynamodb.provisioned-capacity",
    title: "Throughput of a DynamoDB table costs much",
    why: "Provisioned capacity is paid by the hour, consumed or not; on-demand throughput is dearer by the request where load is steady.",
    source: "https://aws.amazon.com/dynamodb/pricing/",
    source_as_of: "2026-11-24",
    services: &["AmazonDynamoDB"],
    parameters: &[
        Parameter { name: "min_monthly_cost", default: "20", unit: "currency/month", about: "Cheaper provisioned tables are left out." },
        Parameter { name: "min_on_demand_cost", default: "200", unit: "currency/month", about: "Cheaper on-demand tables are left out." },
    ],
    saving: "None: how much of the capacity was consumed is not on the bill.",
    risk: Risk::Medium,
    risk_note: "Too little provisioned capacity throttles requests; the mode can be changed to provisioned at any time, and to on-demand four times in 24 hours.",
    effort: Effort::Low,
    steps: &[
        "Compare ConsumedReadCapacityUnits and ConsumedWriteCapacityUnits with what is provisioned for {resource}, over two weeks.",
        "Where less than a third is consumed, or load comes in peaks, switch to on-demand: `aws dynamodb update-table --table-name NAME --billing-mode PAY_PER_REQUEST`.",
        "Where load is steady, provision with auto scaling, and look at reserved capacity or a database savings plan.",
    ],
    rollback: "`aws dynamodb update-table` with the former billing mode and capacity.",
};

impl Check for ProvisionedCapacity {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let is_provisioned = |key: &ChargeKey| measures(key, "AmazonDynamoDB", |measure| measure.ends_with("CapacityUnit-Hrs"));
        for (place, part) in usage_by_resource_or_place(context, is_provisioned) {
            if context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost") {
                let title = format!("Is the provisioned capacity of DynamoDB in {} consumed?", place.name());
                let hours = Evidence::from_bill("capacity_unit_hours", part.quantity(), "unit-hours", part.source());
                output.findings.push(part.investigation(&place, "provisioned", title, vec![hours]));
            }
        }
        let is_on_demand = |key: &ChargeKey| measures(key, "AmazonDynamoDB", |measure| measure.ends_with("RequestUnits"));
        for (place, part) in usage_by_resource_or_place(context, is_on_demand) {
            if context.window.to_month(part.cost()) >= context.parameter("min_on_demand_cost") {
                let title = format!("Is the on-demand load of DynamoDB in {} steady enough to provision for?", place.name());
                let units = Evidence::from_bill("request_units", part.quantity(), "request units", part.source());
                output.findings.push(part.investigation(&place, "on-demand", title, vec![units]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    const ORDERS: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";

    #[test]
    fn a_provisioned_table_is_worth_a_look_and_reads_and_writes_are_one_table() {
        let rows = [
            usage("AmazonDynamoDB", "ReadCapacityUnit-Hrs", "365000", "47.45").with_resource(ORDERS),
            usage("AmazonDynamoDB", "WriteCapacityUnit-Hrs", "73000", "47.45").with_resource(ORDERS),
        ];
        let run = run("dynamodb.provisioned-capacity", &rows);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(run.findings[0].monthly_cost, dec("94.90"));
        assert_eq!(run.findings[0].title, "Is the provisioned capacity of DynamoDB in orders consumed?");
        assert!(run.findings[0].savings.is_none());
    }

    #[test]
    fn heavy_on_demand_load_is_worth_a_look_and_light_is_not() {
        let heavy = run("dynamodb.provisioned-capacity", &[usage("AmazonDynamoDB", "EU-WriteRequestUnits", "400000000", "282.40")]);
        assert_eq!(heavy.findings[0].monthly_cost, dec("282.40"));
        let light = run("dynamodb.provisioned-capacity", &[usage("AmazonDynamoDB", "EU-ReadRequestUnits", "4000000", "0.56")]);
        assert!(light.findings.is_empty());
    }

    #[test]
    fn storage_is_no_throughput() {
        assert!(run("dynamodb.provisioned-capacity", &[usage("AmazonDynamoDB", "TimedStorage-ByteHrs", "2000", "500.00")]).findings.is_empty());
    }
}
