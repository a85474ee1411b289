//! Elastic IP addresses that are associated with nothing.
//!
//! Facts: every public IPv4 address is billed by the hour, associated or not.
//! Source: <https://aws.amazon.com/vpc/pricing/>, read 2026-05.

use crate::checks::inventory::{Verdict, judge_each};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::{Confidence, FindingKind};
use crate::resource::Resource;
use crate::resource::ec2::ElasticIpDetails;

/// See [`META`].
#[derive(Debug)]
pub(crate) struct UnassociatedElasticIp;

static META: CheckMeta = CheckMeta {
    id: "vpc.unassociated-elastic-ip",
    title: "Elastic IP addresses without association",
    why: "An address that is associated with nothing is billed like a used one.",
    source: "https://aws.amazon.com/vpc/pricing/",
    source_as_of: "2026-11-24",
    services: &["AmazonVPC", "AmazonEC2"],
    parameters: &[],
    saving: "All that the address costs.",
    risk: Risk::Medium,
    risk_note: "A released address is gone: allow lists and DNS records that name it stop working.",
    effort: Effort::Low,
    steps: &[
        "Look for the address in DNS records and in partners' allow lists.",
        "aws ec2 release-address --region {region} --allocation-id {resource}",
    ],
    rollback: "aws ec2 allocate-address --address may bring a released address back as long as nobody else has it.",
};

impl Check for UnassociatedElasticIp {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn judges_resources(&self) -> bool {
        true
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        judge_each(context, "unassociated", |_: &Resource, address: &ElasticIpDetails| {
            let is_held = address.association_id.is_some() || address.network_interface_id.is_some() || address.instance_id.is_some();
            if is_held || address.is_own_range {
                return Ok(None);
            }
            let title = "Release Elastic IP address".to_owned();
            Ok(Some(Verdict { title, evidence: Vec::new(), confidence: Confidence::High, kind: FindingKind::Recommendation }))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{cents, dec, described, run_described, usage};
    use crate::resource::ec2::ElasticIpDetails;

    fn run(association: Option<&str>) -> crate::checks::CheckRun {
        let id = "arn:aws:ec2:us-east-1:111122223333:elastic-ip/eipalloc-1";
        let details = ElasticIpDetails { association_id: association.map(Into::into), ..ElasticIpDetails::default() };
        let charges = [usage("AmazonVPC", "PublicIPv4:IdleAddress", "730", "3.65").with_resource(id)];
        run_described("vpc.unassociated-elastic-ip", &charges, vec![described(id, "2025-01-01T00:00:00Z", details)])
    }

    #[test]
    fn an_address_of_nothing_is_saved_whole() {
        let run = run(None);
        assert_eq!(run.findings.len(), 1, "{:?}", run.not_evaluated);
        assert_eq!(cents(&run.findings[0]), dec("3.65"));
    }

    #[test]
    fn an_address_that_is_associated_is_in_order() {
        assert!(run(Some("eipassoc-1")).findings.is_empty());
    }
}
