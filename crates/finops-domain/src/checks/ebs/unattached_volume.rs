//! Volumes that no instance holds.
//!
//! Facts: a volume is billed from its creation to its deletion, attached or not. AWS does not say since when it is detached, so its
//! age is what is known. Source: <https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-lifecycle.html>, read 2026-11-24.

use crate::checks::inventory::{Verdict, days_since, judge_each};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingKind};
use crate::resource::Resource;
use crate::resource::ec2::VolumeDetails;

/// See [`META`].
#[derive(Debug)]
pub(crate) struct UnattachedVolume;

static META: CheckMeta = CheckMeta {
    id: "ebs.unattached-volume",
    title: "Unattached volumes",
    why: "A volume costs the same whether an instance holds it or not.",
    source: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-lifecycle.html",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[Parameter { name: "min_days", default: "14", unit: "days", about: "Younger volumes are left alone." }],
    saving: "All that the volume costs. A snapshot of it, if one is kept, costs at most a part of that and is not counted.",
    risk: Risk::Medium,
    risk_note: "Its data may still be wanted: a snapshot keeps it.",
    effort: Effort::Low,
    steps: &[
        "aws ec2 describe-volumes --region {region} --volume-ids {resource}",
        "Ask the owner, by its tags; keep its data where in doubt: aws ec2 create-snapshot --region {region} --volume-id {resource}",
        "aws ec2 delete-volume --region {region} --volume-id {resource}",
    ],
    rollback: "Create a volume from the snapshot: aws ec2 create-volume --snapshot-id ID --availability-zone ZONE.",
};

impl Check for UnattachedVolume {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn judges_resources(&self) -> bool {
        true
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        judge_each(context, "unattached", |resource: &Resource, volume: &VolumeDetails| {
            if &*volume.state != "available" || !volume.attached_to.is_empty() {
                return Ok(None);
            }
            let created = resource.created_at.ok_or("AWS does not say when it was made")?;
            let age = days_since(context, "age", created, "CreateTime");
            if age.value < context.parameter("min_days") {
                return Ok(None);
            }
            let evidence = vec![age, Evidence::from_parameter("min_days", context.parameter("min_days"), "days")];
            let title = "Delete unattached volume".to_owned();
            Ok(Some(Verdict { title, evidence, confidence: Confidence::High, kind: FindingKind::Recommendation }))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{cents, dec, described, run_described, usage};
    use crate::resource::ec2::VolumeDetails;

    const VOLUME: &str = "arn:aws:ec2:us-east-1:111122223333:volume/vol-1";

    fn run(state: &str, made: &str, attached: &[&str]) -> crate::checks::CheckRun {
        let details = VolumeDetails {
            volume_type: "gp3".into(),
            size_gib: 100,
            state: state.into(),
            attached_to: attached.iter().map(|id| (*id).into()).collect(),
            ..VolumeDetails::default()
        };
        let charges = [usage("AmazonEC2", "EBS:VolumeUsage.gp3", "100", "8.00").with_resource("vol-1")];
        run_described("ebs.unattached-volume", &charges, vec![described(VOLUME, made, details)])
    }

    #[test]
    fn an_old_volume_that_nothing_holds_is_saved_whole() {
        let run = run("available", "2025-10-01T00:00:00Z", &[]);
        assert_eq!(run.findings.len(), 1, "{:?}", run.not_evaluated);
        assert_eq!(run.findings[0].resource_id, Some(VOLUME.into()));
        assert_eq!(cents(&run.findings[0]), dec("8.00"));
    }

    #[test]
    fn a_young_or_attached_volume_is_left_alone() {
        assert!(run("available", "2025-12-30T00:00:00Z", &[]).findings.is_empty());
        assert!(run("in-use", "2025-10-01T00:00:00Z", &["i-1"]).findings.is_empty());
    }
}
