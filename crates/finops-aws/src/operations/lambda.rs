//! Lambda.

crate::operations! {
    "Lambda", "lambda";
    /// Functions.
    LIST_FUNCTIONS = "ListFunctions";
}
