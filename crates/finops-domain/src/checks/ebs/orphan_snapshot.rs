//! Snapshots whose volume is gone and that no image uses.
//!
//! Facts: snapshots are incremental and outlive their volume; what one holds alone is not told by the API, so there is no saving to state.
//! Source: <https://docs.aws.amazon.com/ebs/latest/userguide/how_snapshots_work.html>, read 2026-11-24.

use std::collections::BTreeSet;

use crate::checks::inventory::{Verdict, days_since, judge_each};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingKind};
use crate::resource::Resource;
use crate::resource::ec2::SnapshotDetails;

/// See [`META`].
#[derive(Debug)]
pub(crate) struct OrphanSnapshot;

static META: CheckMeta = CheckMeta {
    id: "ebs.orphan-snapshot",
    title: "Snapshots without volume and image",
    why: "A snapshot outlives its volume. Where no image uses it either, often nobody knows any more what it was kept for.",
    source: "https://docs.aws.amazon.com/ebs/latest/userguide/how_snapshots_work.html",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[Parameter { name: "min_days", default: "60", unit: "days", about: "Younger snapshots are left alone." }],
    saving: "None: how much a snapshot holds that no other does is not told by AWS. The cost shown is the most that it can be.",
    risk: Risk::High,
    risk_note: "It may be the last copy of the data, kept by law or policy.",
    effort: Effort::Low,
    steps: &[
        "aws ec2 describe-snapshots --region {region} --snapshot-ids {resource}",
        "Ask the owner, by its tags and description; AWS Backup's own are kept by its plan and deleted there.",
        "Where it has to stay: aws ec2 modify-snapshot-tier --region {region} --snapshot-id {resource} --storage-tier archive",
        "Else: aws ec2 delete-snapshot --region {region} --snapshot-id {resource}",
    ],
    rollback: "A deleted snapshot comes back only from the Recycle Bin, where a retention rule of it exists.",
};

impl Check for OrphanSnapshot {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn judges_resources(&self) -> bool {
        true
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let ids = context.snapshot.resources.iter().filter(|resource| resource.kind.as_str() == "ec2:volume");
        let volumes: BTreeSet<&str> = ids.filter_map(|volume| volume.resource_id.as_str().rsplit('/').next()).collect();
        judge_each(context, "orphan", |resource: &Resource, snapshot: &SnapshotDetails| {
            let has_volume = snapshot.volume_id.as_deref().is_some_and(|id| volumes.contains(id));
            let is_of_backup = resource.tags.keys().any(|key| key.starts_with("aws:backup:") || key.starts_with("aws:dlm:"));
            if has_volume || is_of_backup || !snapshot.image_ids.is_empty() || &*snapshot.state != "completed" {
                return Ok(None);
            }
            let created = resource.created_at.ok_or("AWS does not say when it was made")?;
            let age = days_since(context, "age", created, "StartTime");
            if age.value < context.parameter("min_days") {
                return Ok(None);
            }
            let evidence = vec![age, Evidence::from_parameter("min_days", context.parameter("min_days"), "days")];
            let title = "Look whether anybody needs snapshot".to_owned();
            Ok(Some(Verdict { title, evidence, confidence: Confidence::Low, kind: FindingKind::Investigation }))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{described, run_described, usage};
    use crate::resource::ec2::{SnapshotDetails, VolumeDetails};

    fn run(snapshot: SnapshotDetails, made: &str) -> crate::checks::CheckRun {
        let id = "arn:aws:ec2:us-east-1:111122223333:snapshot/snap-1";
        let snapshot = SnapshotDetails { state: "completed".into(), volume_size_gib: 100, ..snapshot };
        let volume = described("arn:aws:ec2:us-east-1:111122223333:volume/vol-1", made, VolumeDetails::default());
        let charges = [usage("AmazonEC2", "EBS:SnapshotUsage", "100", "5.00").with_resource("snap-1")];
        run_described("ebs.orphan-snapshot", &charges, vec![described(id, made, snapshot), volume])
    }

    #[test]
    fn without_volume_and_image_it_is_a_question_and_no_saving() {
        let run = run(SnapshotDetails { volume_id: Some("vol-9".into()), ..SnapshotDetails::default() }, "2025-09-01T00:00:00Z");
        assert_eq!(run.findings.len(), 1);
        assert!(run.findings[0].savings.is_none());
    }

    #[test]
    fn one_with_a_volume_or_an_image_or_of_this_month_is_left_alone() {
        let of_volume = SnapshotDetails { volume_id: Some("vol-1".into()), ..SnapshotDetails::default() };
        let of_image = SnapshotDetails { image_ids: vec!["ami-1".into()], ..SnapshotDetails::default() };
        assert!(run(of_volume, "2025-09-01T00:00:00Z").findings.is_empty());
        assert!(run(of_image, "2025-09-01T00:00:00Z").findings.is_empty());
        assert!(run(SnapshotDetails::default(), "2025-12-20T00:00:00Z").findings.is_empty());
    }
}
