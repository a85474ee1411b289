//! Load balancers that nothing goes through.
//!
//! Facts: every load balancer bills hours (`LoadBalancerUsage`). Application, Network and Gateway Load Balancers bill what goes
//! through in LCU-hours (`LCUUsage`), Classic ones in GB (`DataProcessing-Bytes`). A free tier makes these lines cost nothing,
//! so what counts is the quantity. Source: <https://aws.amazon.com/elasticloadbalancing/pricing/>, read 2026-11.

use crate::charge::ChargeKey;
use crate::checks::part::{Part, Place, by_place, measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, NotEvaluated, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct IdleLoadBalancer;

static META: CheckMeta = CheckMeta {
    id: "elb.idle-load-balancer",
    title: "Idle load balancers",
    why: "A load balancer is billed by the hour whether anything goes through it or not.",
    source: "https://aws.amazon.com/elasticloadbalancing/pricing/",
    source_as_of: "2026-11-24",
    services: &["AWSELB"],
    parameters: &[
        Parameter {
            name: "max_lcu",
            default: "0.0001",
            unit: "LCU on average",
            about: "Load balancers above count as used; 0.0001 is some 200 new connections a day.",
        },
        Parameter { name: "max_gb", default: "0.1", unit: "GB a month", about: "The same for Classic Load Balancers." },
        Parameter { name: "min_hours", default: "168", unit: "hours", about: "Load balancers that were there for less are not judged." },
    ],
    saving: "All that the load balancer costs. The public addresses that it holds are not counted.",
    risk: Risk::Medium,
    risk_note: "A load balancer may stand by for a failover, or be called once a month; its DNS name does not come back.",
    effort: Effort::Low,
    steps: &[
        "Look at RequestCount or NewFlowCount of {resource} over a quarter, and at what its target groups hold.",
        "Look for its DNS name in Route 53 and in the stack that made it.",
        "Delete it where it was made: CloudFormation, Terraform, or the Kubernetes service or ingress.",
    ],
    rollback: "Create it again from its template; its DNS name is a new one, so records must follow.",
};

fn is_hours(key: &ChargeKey) -> bool {
    measures(key, "AWSELB", |measure| measure == "LoadBalancerUsage")
}

fn is_lcu(key: &ChargeKey) -> bool {
    measures(key, "AWSELB", |measure| measure.contains("LCU"))
}

fn is_bytes(key: &ChargeKey) -> bool {
    measures(key, "AWSELB", |measure| measure.ends_with("-Bytes"))
}

impl Check for IdleLoadBalancer {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput { not_evaluated: unreadable(context, &META).into_iter().collect(), ..CheckOutput::default() };
        // Quantities at no charge count as well, so this looks beyond what cost something.
        let traffic = by_place(context.by_resource.iter().filter(|group| is_lcu(&group.key) || is_bytes(&group.key)), Place::of_resource);
        for (place, part) in usage_by_resource_or_place(context, |key| is_hours(key) || is_lcu(key) || is_bytes(key)) {
            let hours = part.of(is_hours);
            if hours.quantity() < context.parameter("min_hours") {
                continue;
            }
            if place.resource_id.is_none() {
                let reason = format!("the bill names no load balancers in {}, so what goes through each is unknown", place.name());
                output.not_evaluated.push(NotEvaluated { check_id: META.id.into(), resource_id: None, reason });
                continue;
            }
            output.findings.extend(draft(context, &place, &part, &hours, traffic.get(&place).unwrap_or(&Part::default())));
        }
        output
    }
}

fn draft(context: &CheckContext<'_>, place: &Place, part: &Part<'_>, hours: &Part<'_>, traffic: &Part<'_>) -> Option<FindingDraft> {
    let lcu = traffic.of(is_lcu).quantity().checked_div(hours.quantity())?;
    let gb = context.window.to_month(traffic.of(is_bytes).quantity());
    if lcu > context.parameter("max_lcu") || gb > context.parameter("max_gb") {
        return None;
    }
    let evidence = vec![
        Evidence::from_bill("hours", hours.quantity(), "hours", hours.source()),
        Evidence::from_bill("average_lcu", lcu, "LCU", "LCU-hours by hours, charged or not"),
        Evidence::from_bill("gb_a_month", gb, "GB", "traffic, charged or not"),
    ];
    Some(FindingDraft {
        kind: FindingKind::Recommendation,
        resource_kind: Some("elasticloadbalancing:loadbalancer".into()),
        formula: Some("window_cost"),
        basis: SavingsBasis::Measured,
        confidence: Confidence::Medium,
        ..part.investigation(place, "idle", format!("Delete idle load balancer {}", place.name()), evidence)
    })
}

#[cfg(test)]
mod tests {
    use crate::charge::Charge;
    use crate::checks::testing::{cents, dec, run, usage};

    fn hours(id: &str, operation: &str) -> Charge {
        usage("AWSELB", "EU-LoadBalancerUsage", "730", "18.40").with_resource(id).with_operation(operation)
    }

    #[test]
    fn a_load_balancer_without_traffic_is_saved_whole() {
        let charges = [
            hours("arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/old/1", "LoadBalancing:Application"),
            hours("alb-2", "LoadBalancing:Application"),
            usage("AWSELB", "EU-LCUUsage", "365", "2.92").with_resource("alb-2").with_operation("LoadBalancing:Application"),
        ];
        let run = run("elb.idle-load-balancer", &charges);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(cents(&run.findings[0]), dec("18.40"));
        assert_eq!(run.findings[0].title, "Delete idle load balancer app/old/1");
    }

    #[test]
    fn classic_gateway_and_free_traffic_is_traffic() {
        let charges = [
            hours("clb", "LoadBalancing"),
            usage("AWSELB", "EU-DataProcessing-Bytes", "40", "0.32").with_resource("clb").with_operation("LoadBalancing"),
            hours("gwlb", "LoadBalancing:Gateway"),
            usage("AWSELB", "EU-LCUUsage", "100", "0.40").with_resource("gwlb").with_operation("LoadBalancing:Gateway"),
            hours("free", "LoadBalancing:Application"),
            usage("AWSELB", "EU-LCUUsage", "10", "0").with_resource("free").with_operation("LoadBalancing:Application"),
        ];
        assert!(run("elb.idle-load-balancer", &charges).findings.is_empty());
    }

    #[test]
    fn unnamed_load_balancers_cannot_be_judged() {
        let run = run("elb.idle-load-balancer", &[usage("AWSELB", "LoadBalancerUsage", "730", "18.40")]);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
    }
}
