//! AWS Security Token Service.

crate::operations! {
    "STS", "sts";
    /// Who we are. Needs no permission.
    GET_CALLER_IDENTITY = "GetCallerIdentity", |operation| operation.ttl(0);
}
