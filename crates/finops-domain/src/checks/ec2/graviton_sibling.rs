//! x86 instances with a cheaper sibling on AWS's Graviton processors.
//!
//! Facts: Graviton types cost less than x86 types of the same size, by 5 to 20 % depending on the pair, not by a flat share.
//! Source: <https://aws.amazon.com/ec2/graviton/>, read 2026-11; prices: see `instance_price`.

use crate::checks::instance_price::{GRAVITON, by_instance_type, move_to_successor, not_evaluated, on_demand_linux};
use crate::checks::part::{unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::Confidence;

/// See [`META`].
#[derive(Debug)]
pub(crate) struct GravitonSibling;

static META: CheckMeta = CheckMeta {
    id: "ec2.graviton-sibling",
    title: "Instances with a Graviton sibling",
    why: "A Graviton instance of the same size costs 5 to 20 % less and usually does at least as much.",
    source: "https://aws.amazon.com/ec2/graviton/",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[],
    saving: "On-demand cost of Linux instances less the same hours at the bill's own price of the successor in the region, else at the \
             ratio of list prices of the two types. Hours that a reservation or savings plan covers are left out, since moving them does \
             not lower the bill before the commitment ends; so are Spot, Windows and licensed systems.",
    risk: Risk::Medium,
    risk_note: "Everything on the instance must be built for arm64; images and third-party agents may not be.",
    effort: Effort::High,
    steps: &[
        "Find out whether all software of {resource} runs on arm64: container images, agents, native libraries.",
        "Build an arm64 image and measure the workload on one instance.",
        "Replace the others through the launch template; an instance cannot change its architecture in place.",
    ],
    rollback: "Launch from the x86 image again; keep it until the workload has run a full cycle.",
};

impl Check for GravitonSibling {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput { not_evaluated: unreadable(context, &META).into_iter().collect(), ..CheckOutput::default() };
        output.not_evaluated.extend(not_evaluated(context, META.id, GRAVITON, false));
        for (place, part) in usage_by_resource_or_place(context, |key| on_demand_linux(key).is_some()) {
            for part in by_instance_type(&part) {
                output.findings.extend(move_to_successor(context, &place, &part, GRAVITON, Confidence::Low));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::charge::PricingCategory;
    use crate::checks::testing::{cents, dec, run, usage};
    use crate::finding::Confidence;

    #[test]
    fn the_ratio_is_that_of_the_pair_and_not_a_flat_share() {
        let charges = [
            usage("AmazonEC2", "BoxUsage:m6i.large", "730", "70.08").with_operation("RunInstances").with_resource("i-1"),
            usage("AmazonEC2", "BoxUsage:c6a.large", "730", "55.85").with_operation("RunInstances").with_resource("i-2"),
        ];
        let run = run("ec2.graviton-sibling", &charges);
        // 70.08 x (1 - 0.0816 / 0.096), and 55.85 x (1 - 0.0725 / 0.0765)
        assert_eq!(run.findings.iter().map(cents).collect::<Vec<_>>(), [dec("10.51"), dec("2.92")]);
        assert!(run.findings.iter().all(|finding| finding.savings.as_ref().unwrap().confidence == Confidence::Low));
    }

    #[test]
    fn windows_covered_hours_and_graviton_itself_are_left_alone() {
        let charges = [
            usage("AmazonEC2", "BoxUsage:m5.large", "730", "137.24").with_operation("RunInstances:0002"),
            usage("AmazonEC2", "BoxUsage:m5.large", "730", "43").with_operation("RunInstances").with_pricing(PricingCategory::Committed),
            usage("AmazonEC2", "BoxUsage:m6g.large", "730", "56.21").with_operation("RunInstances"),
            usage("AmazonEC2", "BoxUsage:c5.9xlarge", "730", "1116.9").with_operation("RunInstances"),
        ];
        assert!(run("ec2.graviton-sibling", &charges).findings.is_empty());
    }

    #[test]
    fn an_unknown_operating_system_is_not_taken_for_linux() {
        let run = run("ec2.graviton-sibling", &[usage("AmazonEC2", "BoxUsage:m5.large", "730", "70.08")]);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
    }
}
