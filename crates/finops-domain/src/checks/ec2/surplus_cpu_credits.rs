//! CPU credits that burstable instances used beyond those they earn.

use crate::checks::part::{measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::charge::ChargeKey;
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct SurplusCpuCredits;

// T3, T3a and T4g instances run in unlimited mode unless told otherwise: CPU above the baseline, averaged over 24 hours,
// is charged by the vCPU-hour (0.05 USD for Linux, 0.096 for Windows, T4g 0.04; AWS EC2 on-demand pricing), under the
// usage type `CPUCredits:t3` and its like.
static META: CheckMeta = CheckMeta {
    id: "ec2.surplus-cpu-credits",
    title: "Surplus CPU credits are paid for",
    why: "A burstable instance that pays for surplus credits works above its baseline all day; one of fixed performance may be cheaper, or something on it runs away.",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode-concepts.html",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[
        Parameter { name: "min_monthly_cost", default: "5", unit: "currency/month", about: "Cheaper parts of the spend are left out." },
    ],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::Medium,
    risk_note: "In standard mode an instance without credits runs at its baseline and may be too slow.",
    effort: Effort::Medium,
    steps: &[
        "Look at CPUUtilization and CPUSurplusCreditsCharged of the instances in {region}.",
        "Stop what should not run; size up, or move to an instance of fixed performance, where the load is real.",
        "Where slowness is acceptable set the mode: `aws ec2 modify-instance-credit-specification --instance-credit-specifications InstanceId=ID,CpuCredits=standard`.",
    ],
    rollback: "Set the mode back to `unlimited`; it takes effect at once.",
};

impl Check for SurplusCpuCredits {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let is_credit = |key: &ChargeKey| measures(key, "AmazonEC2", |measure| measure.starts_with("CPUCredits"));
        for (place, part) in usage_by_resource_or_place(context, is_credit) {
            if context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost") {
                let title = format!("Surplus CPU credits are paid for in {}", place.name());
                let hours = Evidence::from_bill("vcpu_hours", part.quantity(), "vCPU-hours", part.source());
                output.findings.push(part.investigation(&place, "surplus-cpu-credits", title, vec![hours]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn each_instance_is_named_where_the_bill_names_it() {
        let rows = [
            usage("AmazonEC2", "USE2-CPUCredits:t3a", "300", "15.00").with_resource("i-0a"),
            usage("AmazonEC2", "USE2-CPUCredits:t3", "200", "10.00").with_resource("i-0b"),
            usage("AmazonEC2", "USE2-CPUCredits:t3", "10", "0.50").with_resource("i-0c"),
        ];
        let run = run("ec2.surplus-cpu-credits", &rows);
        assert_eq!(run.findings.iter().map(|finding| finding.monthly_cost).collect::<Vec<_>>(), [dec("15.00"), dec("10.00")]);
        assert_eq!(run.findings[0].resource_id.as_ref().unwrap().as_str(), "i-0a");
    }

    #[test]
    fn without_resource_ids_the_region_is_judged() {
        let run = run("ec2.surplus-cpu-credits", &[usage("AmazonEC2", "CPUCredits:t3", "277", "13.85")]);
        assert_eq!(run.findings[0].monthly_cost, dec("13.85"));
        assert!(run.findings[0].resource_id.is_none());
    }

    #[test]
    fn the_instances_themselves_are_not_meant() {
        assert!(run("ec2.surplus-cpu-credits", &[usage("AmazonEC2", "BoxUsage:t3.large", "730", "60.74")]).findings.is_empty());
    }
}
