//! Inventories of all services at once.

/// Resource Groups Tagging. Quota: <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html> names none.
pub mod tagging {
    crate::operations! {
        "Resource Groups Tagging API", "tag";
        /// Resources that have or had a tag.
        GET_RESOURCES = "GetResources";
    }
}

/// Resource Explorer.
pub mod explorer {
    crate::operations! {
        "Resource Explorer 2", "resource-explorer-2";
        /// Where indices are.
        LIST_INDEXES = "ListIndexes";
        /// Everything that the default view of a region sees.
        LIST_RESOURCES = "ListResources";
    }
}
