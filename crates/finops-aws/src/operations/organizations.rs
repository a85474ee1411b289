//! AWS Organizations. Quotas: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>, read 2026-11-24.

crate::operations! {
    "Organizations", "organizations";
    /// Accounts of the organization.
    LIST_ACCOUNTS = "ListAccounts", |operation| operation.quota(1.0, 8.0);
    /// The organization's roots.
    LIST_ROOTS = "ListRoots", |operation| operation.quota(1.0, 8.0);
    /// Units below a root or unit.
    LIST_ORGANIZATIONAL_UNITS_FOR_PARENT = "ListOrganizationalUnitsForParent", |operation| operation.quota(1.0, 8.0);
    /// Accounts directly in a root or unit.
    LIST_ACCOUNTS_FOR_PARENT = "ListAccountsForParent", |operation| operation.quota(1.0, 8.0);
}
