//! Regions that hold a sliver of the spend.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::checks::part::{Part, Place, by_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;
use crate::id::Currency;

#[derive(Debug)]
pub(in crate::checks) struct SmallRegion;

// us-east-1 is left out: global services (CloudFront, Route 53, IAM, billing itself) are charged or must be set up
// there, so a little spend in it is no sign of something forgotten.
static META: CheckMeta = CheckMeta {
    id: "cost.small-region",
    title: "A region with hardly any spend",
    why: "A region that holds a sliver of the spend often holds something forgotten, and each region in use needs its own guard rails.",
    source: "https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/cost_decomissioning_resources_track.html",
    source_as_of: "2026-11-24",
    services: &[],
    parameters: &[
        Parameter { name: "max_share", default: "0.01", unit: "share", about: "A region with a smaller share of the usage cost is small." },
        Parameter { name: "min_monthly_cost", default: "1", unit: "currency/month", about: "Regions that cost less are left out." },
    ],
    saving: "None: whether anything there is needed is not on the bill.",
    risk: Risk::Medium,
    risk_note: "What is small may be a backup or a duty to keep data in a country.",
    effort: Effort::Low,
    steps: &[
        "List what runs in {region}: Resource Explorer, or the bill by resource.",
        "Ask its owner, move or delete it.",
        "Forbid regions that are not meant to be used with a service control policy on aws:RequestedRegion.",
    ],
    rollback: "Lift the policy; deleted resources must be made again.",
};

impl Check for SmallRegion {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        let in_region = context.usage().filter(|line| line.key.region_id.as_ref().is_some_and(|region| is_region(region.as_str())));
        let regions = by_place(in_region, |key| Place { sub_account_id: None, ..Place::of(key) });
        let mut totals: BTreeMap<&Currency, Decimal> = BTreeMap::new();
        for (place, part) in &regions {
            *totals.entry(&place.currency).or_default() += part.cost();
        }
        for (place, part) in &regions {
            let total = totals.get(&place.currency).copied().unwrap_or_default();
            let share = part.cost().checked_div(total).unwrap_or_default();
            let is_home = place.region_id.as_ref().is_some_and(|region| region.as_str() == "us-east-1");
            let is_dear = context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost");
            if is_home || !is_dear || share >= context.parameter("max_share") {
                continue;
            }
            output.findings.push(finding(place, part, share.round_dp(6)));
        }
        output
    }
}

fn finding(place: &Place, part: &Part<'_>, share: Decimal) -> crate::finding::FindingDraft {
    let title = format!("Hardly anything is spent in {}", place.name());
    let share = Evidence::from_bill("share_of_usage", share, "share", "effective cost of usage in all regions");
    part.investigation(place, "small-region", title, vec![share])
}

/// `eu-west-1` and its like; not `global`, nor the empty string that some exports write.
fn is_region(text: &str) -> bool {
    text.split('-').count() >= 3
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn a_sliver_in_a_far_region_is_worth_a_look() {
        let rows = [
            usage("AmazonEC2", "EU-BoxUsage:m5.large", "1", "1990.00").with_region("eu-west-1"),
            usage("AmazonEC2", "APS1-BoxUsage:t3.small", "1", "10.00").with_region("ap-southeast-1"),
        ];
        let run = run("cost.small-region", &rows);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(run.findings[0].monthly_cost, dec("10.00"));
        // 10 of 2,000.
        assert_eq!(run.findings[0].evidence[1].value, dec("0.005"));
    }

    #[test]
    fn global_charges_and_the_home_of_global_services_are_not_meant() {
        let rows = [
            usage("AmazonEC2", "EU-BoxUsage:m5.large", "1", "1990.00").with_region("eu-west-1"),
            usage("AmazonRoute53", "DNS-Queries", "1", "3.00").with_region("global"),
            usage("AmazonCloudFront", "EU-Requests", "1", "3.00").with_region(""),
            usage("AWSCloudTrail", "USE1-DataEventsRecorded", "1", "3.00").with_region("us-east-1"),
        ];
        assert!(run("cost.small-region", &rows).findings.is_empty());
    }

    #[test]
    fn a_bill_of_one_region_has_no_small_one() {
        assert!(run("cost.small-region", &[usage("AmazonEC2", "BoxUsage:m5.large", "1", "70.00").with_region("eu-west-1")]).findings.is_empty());
    }
}
