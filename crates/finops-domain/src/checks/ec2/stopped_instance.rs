//! Instances that were stopped long ago: their volumes are billed on.
//!
//! Facts: a stopped instance costs nothing, its volumes and Elastic IP addresses do.
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html>, read 2026-11-24.

use std::collections::BTreeMap;

use crate::checks::inventory::{Verdict, days_since, judge_with};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingKind};
use crate::resource::Resource;
use crate::resource::ec2::InstanceDetails;

/// See [`META`].
#[derive(Debug)]
pub(crate) struct StoppedInstance;

static META: CheckMeta = CheckMeta {
    id: "ec2.stopped-instance",
    title: "Instances stopped long ago",
    why: "A stopped instance costs nothing, but its volumes are billed on.",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html",
    source_as_of: "2026-11-24",
    services: &["AmazonEC2"],
    parameters: &[Parameter { name: "min_days", default: "30", unit: "days", about: "Instances stopped for less are left alone." }],
    saving: "All that its volumes cost. An image of it, if one is kept, costs at most a part of that and is not counted.",
    risk: Risk::Medium,
    risk_note: "It may be started for a yearly job, or be kept for a failover.",
    effort: Effort::Low,
    steps: &[
        "aws ec2 describe-instances --region {region} --instance-ids {resource}",
        "Ask the owner, by its tags; keep it as an image where in doubt: aws ec2 create-image --region {region} --instance-id {resource} --name NAME",
        "aws ec2 terminate-instances --region {region} --instance-ids {resource}, and delete volumes that stay.",
    ],
    rollback: "Start an instance from the image; its private addresses and instance id are other ones.",
};

impl Check for StoppedInstance {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn judges_resources(&self) -> bool {
        true
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let resources = &context.snapshot.resources;
        let of_kind = resources.iter().filter(|resource| resource.kind.as_str() == "ec2:volume");
        let volumes: BTreeMap<&str, &Resource> =
            of_kind.filter_map(|volume| Some((volume.resource_id.as_str().rsplit('/').next()?, volume))).collect();
        let judge = |_: &Resource, instance: &InstanceDetails| {
            if &*instance.state != "stopped" || instance.volume_ids.is_empty() || instance.auto_scaling_group.is_some() {
                return Ok(None);
            }
            let stopped = instance.stopped_at.ok_or("AWS does not say since when it is stopped")?;
            let since = days_since(context, "stopped", stopped, "StateTransitionReason");
            if since.value < context.parameter("min_days") {
                return Ok(None);
            }
            let evidence = vec![since, Evidence::from_parameter("min_days", context.parameter("min_days"), "days")];
            let title = "Terminate long stopped instance".to_owned();
            Ok(Some(Verdict { title, evidence, confidence: Confidence::Medium, kind: FindingKind::Recommendation }))
        };
        let held =
            |_: &Resource, instance: &InstanceDetails| instance.volume_ids.iter().filter_map(|id| volumes.get(&**id).copied()).collect();
        judge_with(context, "stopped", judge, held)
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{cents, dec, described, run_described, usage};
    use crate::resource::ec2::{InstanceDetails, VolumeDetails};

    fn run(state: &str, stopped_at: Option<&str>) -> crate::checks::CheckRun {
        let instance = InstanceDetails {
            instance_type: "m5.large".into(),
            state: state.into(),
            stopped_at: stopped_at.map(|time| time.parse().unwrap()),
            volume_ids: vec!["vol-1".into()],
            ..InstanceDetails::default()
        };
        let resources = vec![
            described("arn:aws:ec2:us-east-1:111122223333:instance/i-1", "2025-01-01T00:00:00Z", instance),
            described("arn:aws:ec2:us-east-1:111122223333:volume/vol-1", "2025-01-01T00:00:00Z", VolumeDetails::default()),
        ];
        let charges = [usage("AmazonEC2", "EBS:VolumeUsage.gp3", "100", "8.00").with_resource("vol-1")];
        run_described("ec2.stopped-instance", &charges, resources)
    }

    #[test]
    fn its_volumes_are_what_it_costs() {
        let run = run("stopped", Some("2025-11-01T00:00:00Z"));
        assert_eq!(run.findings.len(), 1, "{:?}", run.not_evaluated);
        assert_eq!(cents(&run.findings[0]), dec("8.00"));
    }

    #[test]
    fn one_that_runs_or_was_stopped_this_week_is_left_alone() {
        assert!(run("running", None).findings.is_empty());
        assert!(run("stopped", Some("2025-12-30T00:00:00Z")).findings.is_empty());
    }

    #[test]
    fn without_the_time_of_stopping_it_cannot_be_judged() {
        let run = run("stopped", None);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
    }
}
