//! Database backups beyond what is free.

use crate::checks::part::{Place, by_place, measures, unreadable};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;

#[derive(Debug)]
pub(in crate::checks) struct BackupStorage;

// Backup storage up to the size of a region's provisioned database storage is free for RDS; what lies above is charged by
// the GB-month (0.095 USD in us-east-1, Aurora 0.021), under `RDS:ChargedBackupUsage` and `Aurora:BackupUsage`. Manual
// snapshots and those of deleted databases count.
static META: CheckMeta = CheckMeta {
    id: "rds.backup-storage",
    title: "Database backups beyond the free storage",
    why: "Only backups beyond the size of the databases are charged: long retention, manual snapshots, or snapshots of databases that are gone.",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
    source_as_of: "2026-11-24",
    services: &["AmazonRDS"],
    parameters: &[
        Parameter { name: "min_monthly_cost", default: "20", unit: "currency/month", about: "Cheaper parts of the spend are left out." },
    ],
    saving: "None: the bill says what it costs, not how much of it is needed.",
    risk: Risk::High,
    risk_note: "A deleted snapshot is gone.",
    effort: Effort::Low,
    steps: &[
        "List manual snapshots in {region} by age: `aws rds describe-db-snapshots --snapshot-type manual --region {region}` and `describe-db-cluster-snapshots`.",
        "Delete those that no rule keeps, first of all those whose database is gone; export what must stay to S3.",
        "Shorten the backup retention period where recovery needs less.",
    ],
    rollback: "A deleted snapshot cannot be brought back: export it to S3 first. Retention can be raised again and fills up by the day.",
};

impl Check for BackupStorage {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let is_backup = |measure: &str| measure == "RDS:ChargedBackupUsage" || measure == "Aurora:BackupUsage";
        let backups = context.usage().filter(|line| measures(&line.key, "AmazonRDS", is_backup));
        for (place, part) in by_place(backups, Place::of) {
            if context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost") {
                let title = format!("Database backups in {} exceed the free storage", place.name());
                let stored = Evidence::from_bill("backup_gb_months", part.quantity(), "GB-months", part.source());
                output.findings.push(part.investigation(&place, "charged-backups", title, vec![stored]));
            }
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn charged_backups_are_worth_a_look() {
        let rows = [
            usage("AmazonRDS", "EU-RDS:ChargedBackupUsage", "1000", "95.00"),
            usage("AmazonRDS", "EU-Aurora:BackupUsage", "5000", "105.00"),
        ];
        let run = run("rds.backup-storage", &rows);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(run.findings[0].monthly_cost, dec("200.00"));
    }

    #[test]
    fn database_storage_is_no_backup() {
        assert!(run("rds.backup-storage", &[usage("AmazonRDS", "RDS:GP3-Storage", "1000", "115.00")]).findings.is_empty());
    }
}
