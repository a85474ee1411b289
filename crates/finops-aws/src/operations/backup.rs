//! AWS Backup. No quota is published.

crate::operations! {
    "Backup", "backup";
    /// Vaults.
    LIST_BACKUP_VAULTS = "ListBackupVaults";
    /// What a vault holds.
    LIST_RECOVERY_POINTS_BY_BACKUP_VAULT = "ListRecoveryPointsByBackupVault";
    /// Plans.
    LIST_BACKUP_PLANS = "ListBackupPlans";
    /// Rules of a plan.
    GET_BACKUP_PLAN = "GetBackupPlan";
}
