//! NAT gateways that process much traffic.
//!
//! Facts: a NAT gateway is $0.045 an hour and $0.045 per GB processed (us-east-1), whatever the traffic's goal; gateway
//! endpoints for S3 and DynamoDB cost nothing and take that traffic away from it.
//! Source: <https://aws.amazon.com/vpc/pricing/>, <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html>, read 2026-11.

use crate::charge::ChargeKey;
use crate::checks::part::{unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;

/// See [`META`].
#[derive(Debug)]
pub(crate) struct NatGatewayProcessing;

static META: CheckMeta = CheckMeta {
    id: "vpc.nat-gateway-processing",
    title: "Dear traffic through NAT gateways",
    why: "Every GB through a NAT gateway is billed, also what goes to S3, DynamoDB and other AWS services and could go past it.",
    source: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-pricing.html",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[
        Parameter {
            name: "min_monthly_cost",
            default: "50",
            unit: "the bill's currency a month",
            about: "Gateways whose processing costs less are not named.",
        },
        Parameter {
            name: "min_ratio",
            default: "1",
            unit: "cost of processing/cost of hours",
            about: "Gateways below this are not named.",
        },
    ],
    saving: "None: the bill does not say where the traffic went. What processing costs is what is at stake.",
    risk: Risk::Low,
    risk_note: "Bucket policies that name source addresses must allow the endpoint before traffic moves to it.",
    effort: Effort::Low,
    steps: &[
        "Find the goals of the traffic: flow logs of the gateway's network interface, grouped by pkt-dstaddr.",
        "Create gateway endpoints for S3 and DynamoDB in the VPC and add them to the private route tables: they are free.",
        "Weigh interface endpoints for ECR, CloudWatch Logs and others: they are billed by the hour and GB, at a fifth of the price per GB.",
    ],
    rollback: "Take the endpoint out of the route tables.",
};

fn is_bytes(key: &ChargeKey) -> bool {
    matches!(key.measure(), Some("NatGateway-Bytes" | "RegionalNatGateway-Bytes"))
}

fn is_hours(key: &ChargeKey) -> bool {
    matches!(key.measure(), Some("NatGateway-Hours" | "RegionalNatGateway-Hours"))
}

impl Check for NatGatewayProcessing {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput { not_evaluated: unreadable(context, &META).into_iter().collect(), ..CheckOutput::default() };
        for (place, part) in usage_by_resource_or_place(context, |key| is_bytes(key) || is_hours(key)) {
            let (bytes, hours) = (part.of(is_bytes), part.of(is_hours));
            let is_dear = context.window.to_month(bytes.cost()) >= context.parameter("min_monthly_cost");
            if !is_dear || bytes.cost() < context.parameter("min_ratio") * hours.cost() {
                continue;
            }
            let evidence = vec![
                Evidence::from_bill("processed", bytes.quantity(), "GB", bytes.source()),
                hours.cost_evidence("hours_cost", &place.currency),
            ];
            let title = match &place.resource_id {
                Some(_) => format!("Look at the traffic through NAT gateway {}", place.name()),
                None => format!("Look at the traffic through NAT gateways in {}", place.name()),
            };
            let mut draft = bytes.investigation(&place, "nat-processing", title, evidence);
            draft.resource_kind = place.resource_id.as_ref().map(|_| "ec2:natgateway".into());
            output.findings.push(draft);
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn processing_above_the_hours_is_shown_by_gateway() {
        let charges = [
            usage("AmazonEC2", "NatGateway-Hours", "730", "32.85").with_resource("nat-1"),
            usage("AmazonEC2", "NatGateway-Bytes", "2000", "90.00").with_resource("nat-1"),
            usage("AmazonEC2", "NatGateway-Hours", "730", "32.85").with_resource("nat-2"),
            usage("AmazonEC2", "NatGateway-Bytes", "200", "9.00").with_resource("nat-2"),
        ];
        let run = run("vpc.nat-gateway-processing", &charges);
        assert_eq!(run.findings.len(), 1);
        assert_eq!((run.findings[0].resource_id.clone(), run.findings[0].monthly_cost), (Some("nat-1".into()), dec("90.00")));
        assert!(run.findings[0].savings.is_none());
    }

    #[test]
    fn processing_below_the_hours_of_many_gateways_is_in_order() {
        let charges = [usage("AmazonEC2", "NatGateway-Hours", "7300", "328.50"), usage("AmazonEC2", "NatGateway-Bytes", "2000", "90.00")];
        assert!(run("vpc.nat-gateway-processing", &charges).findings.is_empty());
    }
}
