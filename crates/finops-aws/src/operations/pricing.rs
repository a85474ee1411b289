//! AWS Price List. It is free of charge; no quota is published. Prices seldom change, so answers are kept for days.

crate::operations! {
    "Pricing", "pricing";
    /// Products and their prices.
    GET_PRODUCTS = "GetProducts", |operation| operation.ttl(3 * 86_400);
}
