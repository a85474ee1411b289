//! NAT gateways that nothing goes through.
//!
//! Facts: hours are billed as `NatGateway-Hours`, traffic as `NatGateway-Bytes`; with provisioned bandwidth the traffic is
//! `NatGateway-Prvd-Bytes` at no charge, so what counts is the quantity and not the cost.
//! Source: <https://aws.amazon.com/vpc/pricing/>, read 2026-11.

use rust_decimal::Decimal;

use crate::charge::{ChargeGroup, ChargeKey};
use crate::checks::part::{Part, Place, by_place, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, NotEvaluated, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct IdleNatGateway;

static META: CheckMeta = CheckMeta {
    id: "vpc.idle-nat-gateway",
    title: "Idle NAT gateways",
    why: "A NAT gateway is billed by the hour whether anything goes through it or not.",
    source: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-pricing.html",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[
        Parameter { name: "max_gb", default: "1", unit: "GB a month", about: "Gateways with more traffic count as used." },
        Parameter { name: "min_hours", default: "168", unit: "hours", about: "Gateways that were there for less are not judged." },
    ],
    saving: "All that the gateway costs. The public address that it holds is not counted.",
    risk: Risk::Medium,
    risk_note: "A gateway may stand by for a failover or for a job that runs once a quarter.",
    effort: Effort::Low,
    steps: &[
        "aws ec2 describe-route-tables --region {region} --filters Name=route.nat-gateway-id,Values={resource}",
        "Ask the owner of those subnets whether anything there still needs the internet.",
        "aws ec2 delete-nat-gateway --region {region} --nat-gateway-id {resource}, then release its address.",
    ],
    rollback: "Create a NAT gateway in the same subnet and route to it; its public address is another one unless it was kept.",
};

fn is_bytes(key: &ChargeKey) -> bool {
    key.measure().is_some_and(|measure| measure.contains("NatGateway-") && measure.ends_with("-Bytes"))
}

fn is_hours(key: &ChargeKey) -> bool {
    matches!(key.measure(), Some("NatGateway-Hours" | "RegionalNatGateway-Hours"))
}

impl Check for IdleNatGateway {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput { not_evaluated: unreadable(context, &META).into_iter().collect(), ..CheckOutput::default() };
        // Traffic at no charge counts as well, so this looks beyond what cost something.
        let has_bytes = |group: &&ChargeGroup| is_bytes(&group.key);
        let of_resources = by_place(context.by_resource.iter().filter(has_bytes), Place::of_resource);
        let of_places = by_place(context.lines.iter().filter(has_bytes), Place::of);
        for (place, part) in usage_by_resource_or_place(context, |key| is_bytes(key) || is_hours(key)) {
            let hours = part.of(is_hours);
            if hours.quantity() < context.parameter("min_hours") {
                continue;
            }
            let traffic = if place.resource_id.is_some() { &of_resources } else { &of_places };
            let traffic = traffic.get(&place).map(Part::quantity).unwrap_or_default();
            if context.window.to_month(traffic) > context.parameter("max_gb") {
                // Of one gateway that is an answer; of many, one of them may be idle all the same.
                let months = hours.quantity().checked_div(Decimal::from(context.window.hours)).unwrap_or_default();
                if place.resource_id.is_none() && months > Decimal::ONE {
                    let reason = format!("the bill names no NAT gateways in {}, so the traffic of each is unknown", place.name());
                    output.not_evaluated.push(NotEvaluated { check_id: META.id.into(), resource_id: None, reason });
                }
                continue;
            }
            let evidence = vec![
                Evidence::from_bill("hours", hours.quantity(), "hours", hours.source()),
                Evidence::from_bill("processed", traffic, "GB", "traffic, charged or not"),
                Evidence::from_parameter("max_gb", context.parameter("max_gb"), "GB a month"),
            ];
            let title = match &place.resource_id {
                Some(_) => format!("Delete idle NAT gateway {}", place.name()),
                None => format!("Delete idle NAT gateways in {}", place.name()),
            };
            output.findings.push(FindingDraft {
                kind: FindingKind::Recommendation,
                resource_kind: place.resource_id.as_ref().map(|_| "ec2:natgateway".into()),
                formula: Some("window_cost"),
                basis: SavingsBasis::Measured,
                confidence: Confidence::Medium,
                ..part.investigation(&place, "idle-nat", title, evidence)
            });
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{cents, dec, run, usage};

    #[test]
    fn a_gateway_without_traffic_is_saved_whole() {
        let charges = [
            usage("AmazonEC2", "NatGateway-Hours", "730", "32.85").with_resource("nat-1"),
            usage("AmazonEC2", "NatGateway-Bytes", "0.4", "0.02").with_resource("nat-1"),
            usage("AmazonEC2", "NatGateway-Hours", "730", "32.85").with_resource("nat-2"),
            usage("AmazonEC2", "NatGateway-Bytes", "500", "22.50").with_resource("nat-2"),
        ];
        let run = run("vpc.idle-nat-gateway", &charges);
        assert_eq!(run.findings.len(), 1);
        assert_eq!((run.findings[0].resource_id.clone(), cents(&run.findings[0])), (Some("nat-1".into()), dec("32.87")));
    }

    #[test]
    fn traffic_at_no_charge_is_traffic() {
        let charges = [
            usage("AmazonEC2", "NatGateway-Hours", "730", "32.85").with_resource("nat-1"),
            usage("AmazonEC2", "NatGateway-Prvd-Bytes", "9000", "0").with_resource("nat-1"),
        ];
        assert!(run("vpc.idle-nat-gateway", &charges).findings.is_empty());
    }

    #[test]
    fn a_gateway_of_a_few_hours_is_not_judged_yet() {
        assert!(run("vpc.idle-nat-gateway", &[usage("AmazonEC2", "NatGateway-Hours", "12", "0.54").with_resource("nat-1")]).findings.is_empty());
    }

    #[test]
    fn unnamed_gateways_with_traffic_in_sum_cannot_be_judged() {
        let charges = [usage("AmazonEC2", "NatGateway-Hours", "2190", "98.55"), usage("AmazonEC2", "NatGateway-Bytes", "100", "4.50")];
        let run = run("vpc.idle-nat-gateway", &charges);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
    }
}
