//! Instances of a generation that AWS has replaced by a cheaper one.
//!
//! Facts: T1, M1, M3, C1, C3, R3 and I2 are on AWS's page of previous generations; M4, C4, R4 and D2 are older generations that
//! AWS's user guide lists as previous. T2 is on neither as far as could be confirmed: T3 is its cheaper successor.
//! Source: <https://aws.amazon.com/ec2/previous-generation/>, read 2026-11; prices: see `instance_price`.

use crate::checks::instance_price::{PREVIOUS_GENERATIONS, by_instance_type, move_to_successor, not_evaluated, on_demand_linux};
use crate::checks::part::{unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::Confidence;

/// See [`META`].
#[derive(Debug)]
pub(crate) struct PreviousGeneration;

static META: CheckMeta = CheckMeta {
    id: "ec2.previous-generation",
    title: "Instances of a previous generation",
    why: "A newer type of the same size costs less and does more.",
    source: "https://aws.amazon.com/ec2/previous-generation/",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[],
    saving: "On-demand cost of Linux instances less the same hours at the bill's own price of the successor in the region, else at the \
             ratio of list prices of the two types. Hours that a reservation or savings plan covers are left out, since moving them does \
             not lower the bill before the commitment ends; so are Spot, Windows and licensed systems.",
    risk: Risk::Medium,
    risk_note: "Newer types need ENA and NVMe drivers and HVM images; M3, C3 and R3 have local disks that M5, C6i and R5 lack; T3 bursts without limit unless told otherwise.",
    effort: Effort::Medium,
    steps: &[
        "Check that the image of {resource} has ENA and NVMe drivers, and that nothing needs its local disks.",
        "Stop {resource}, then aws ec2 modify-instance-attribute --region {region} --instance-id {resource} --instance-type TYPE, then start it.",
        "Change launch templates and Auto Scaling groups to the new type.",
    ],
    rollback: "Stop the instance, set the former type, start it.",
};

impl Check for PreviousGeneration {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput { not_evaluated: unreadable(context, &META).into_iter().collect(), ..CheckOutput::default() };
        output.not_evaluated.extend(not_evaluated(context, META.id, PREVIOUS_GENERATIONS, true));
        for (place, part) in usage_by_resource_or_place(context, |key| on_demand_linux(key).is_some()) {
            for part in by_instance_type(&part) {
                output.findings.extend(move_to_successor(context, &place, &part, PREVIOUS_GENERATIONS, Confidence::Medium));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::charge::PricingCategory;
    use crate::checks::testing::{cents, dec, run, usage};
    use crate::finding::SavingsBasis;

    #[test]
    fn an_old_instance_saves_the_difference_of_list_prices() {
        let charges = [usage("AmazonEC2", "BoxUsage:m4.xlarge", "730", "146.00").with_operation("RunInstances").with_resource("i-1")];
        let run = run("ec2.previous-generation", &charges);
        // 146.00 x (1 - 0.096 / 0.100)
        assert_eq!(cents(&run.findings[0]), dec("5.84"));
        assert_eq!(run.findings[0].title, "Move i-1 from m4.xlarge to m5.xlarge");
        assert_eq!(run.findings[0].savings.as_ref().unwrap().basis, SavingsBasis::Estimated);
    }

    #[test]
    fn the_bills_own_price_of_the_successor_counts_first() {
        let charges = [
            usage("AmazonEC2", "BoxUsage:m4.large", "730", "73.00").with_operation("RunInstances").with_resource("i-1"),
            usage("AmazonEC2", "BoxUsage:m5.large", "730", "65.70").with_operation("RunInstances").with_resource("i-2"),
        ];
        let run = run("ec2.previous-generation", &charges);
        // 73.00 - 730 x 0.09
        assert_eq!((run.findings.len(), cents(&run.findings[0])), (1, dec("7.30")));
        assert_eq!(run.findings[0].savings.as_ref().unwrap().basis, SavingsBasis::Measured);
    }

    #[test]
    fn covered_windows_and_spot_hours_are_left_alone() {
        let charges = [
            usage("AmazonEC2", "BoxUsage:m4.large", "730", "40").with_operation("RunInstances").with_pricing(PricingCategory::Committed),
            usage("AmazonEC2", "BoxUsage:m4.large", "730", "140").with_operation("RunInstances:0002"),
            usage("AmazonEC2", "SpotUsage:m4.large", "730", "20").with_operation("RunInstances:SV001").with_pricing(PricingCategory::Dynamic),
            usage("AmazonEC2", "BoxUsage:m6i.large", "730", "70.08").with_operation("RunInstances"),
        ];
        assert!(run("ec2.previous-generation", &charges).findings.is_empty());
    }

    #[test]
    fn a_size_that_the_successor_lacks_is_named() {
        let charges = [usage("AmazonEC2", "BoxUsage:m4.10xlarge", "730", "1460").with_operation("RunInstances")];
        let run = run("ec2.previous-generation", &charges);
        assert!(run.findings.is_empty());
        assert_eq!(run.not_evaluated[0].reason, "m5 has no size of m4.10xlarge");
    }
}
