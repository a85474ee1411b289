//! Cost Explorer's record types in FOCUS terms.
//!
//! Record types are the report's line item types
//! (<https://docs.aws.amazon.com/cur/latest/userguide/Lineitem-columns.html#Lineitem-details-L-LineItemType>), and some that only
//! Cost Explorer has: `Support`, `Upfront`, `Recurring`, `Enterprise Discount Program Discount` and its kin. AWS publishes no list of
//! those; the names are unconfirmed. The categories are those of AWS's FOCUS export and of the FOCUS converters, as for report files:
//! discounts are Usage, refunds Adjustment.

use finops_domain::charge::{ChargeCategory, CommitmentDiscountStatus, PricingCategory};
use rust_decimal::Decimal;

/// Record types of usage, which are asked for by usage type.
pub(crate) const ITEMIZED: [&str; 3] = ["DiscountedUsage", "SavingsPlanCoveredUsage", "Usage"];

/// What a record type says of a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordFacts {
    pub(crate) category: ChargeCategory,
    pub(crate) pricing: Option<PricingCategory>,
    pub(crate) commitment_type: Option<&'static str>,
    /// Whether a quantity of it is usage, rather than a mirror of usage that another row has.
    pub(crate) counts_usage: bool,
}

/// What a record type says; one that is not known is an adjustment.
pub(crate) fn facts(record_type: &str) -> RecordFacts {
    const RESERVED: Option<&str> = Some("Reserved");
    const SAVINGS_PLAN: Option<&str> = Some("Savings Plan");
    const COMMITTED: Option<PricingCategory> = Some(PricingCategory::Committed);
    let of = |category, pricing, commitment_type, counts_usage| RecordFacts { category, pricing, commitment_type, counts_usage };
    let words: String = record_type.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    match words.as_str() {
        "usage" => of(ChargeCategory::Usage, Some(PricingCategory::Standard), None, true),
        "discountedusage" => of(ChargeCategory::Usage, COMMITTED, RESERVED, true),
        "savingsplancoveredusage" => of(ChargeCategory::Usage, COMMITTED, SAVINGS_PLAN, true),
        "savingsplannegation" => of(ChargeCategory::Usage, COMMITTED, SAVINGS_PLAN, false),
        "savingsplanrecurringfee" => of(ChargeCategory::Purchase, COMMITTED, SAVINGS_PLAN, false),
        "savingsplanupfrontfee" => of(ChargeCategory::Purchase, None, SAVINGS_PLAN, false),
        "rifee" | "recurring" => of(ChargeCategory::Purchase, COMMITTED, RESERVED, false),
        "upfront" => of(ChargeCategory::Purchase, None, RESERVED, false),
        "fee" | "support" | "otheroutofcyclecharges" => of(ChargeCategory::Purchase, None, None, false),
        "tax" => of(ChargeCategory::Tax, None, None, false),
        "credit" => of(ChargeCategory::Credit, None, None, false),
        "refund" => of(ChargeCategory::Adjustment, None, None, false),
        // EdpDiscount, PrivateRateDiscount, BundledDiscount, SppDiscount, DistributorDiscount, and the same in words.
        _ if words.ends_with("discount") || words.ends_with("rebate") => of(ChargeCategory::Usage, None, None, false),
        _ => of(ChargeCategory::Adjustment, None, None, false),
    }
}

/// Whether a commitment was used: covered usage did, and what a fee still costs after amortisation nothing used.
pub(crate) fn commitment_status(facts: RecordFacts, effective: Decimal) -> Option<CommitmentDiscountStatus> {
    facts.commitment_type?;
    match facts.category {
        ChargeCategory::Usage if facts.counts_usage => Some(CommitmentDiscountStatus::Used),
        ChargeCategory::Purchase if facts.pricing.is_some() && !effective.is_zero() => Some(CommitmentDiscountStatus::Unused),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_types_are_categories_of_focus() {
        let category = |record_type| facts(record_type).category;
        for record_type in ITEMIZED {
            assert_eq!(category(record_type), ChargeCategory::Usage, "{record_type}");
            assert!(facts(record_type).counts_usage, "{record_type}");
        }
        assert!(ITEMIZED.is_sorted());
        for record_type in ["SavingsPlanRecurringFee", "SavingsPlanUpfrontFee", "RIFee", "Fee", "Support", "Upfront"] {
            assert_eq!(category(record_type), ChargeCategory::Purchase, "{record_type}");
        }
        for record_type in ["BundledDiscount", "SppDiscount", "EdpDiscount", "Enterprise Discount Program Discount", "SavingsPlanNegation"]
        {
            assert_eq!(category(record_type), ChargeCategory::Usage, "{record_type}");
            assert!(!facts(record_type).counts_usage, "{record_type}");
        }
        assert_eq!(category("Tax"), ChargeCategory::Tax);
        assert_eq!(category("Credit"), ChargeCategory::Credit);
        assert_eq!(category("Refund"), ChargeCategory::Adjustment);
        assert_eq!(category("Something New"), ChargeCategory::Adjustment);
    }

    #[test]
    fn what_nothing_used_is_unused() {
        assert_eq!(commitment_status(facts("RIFee"), Decimal::ONE), Some(CommitmentDiscountStatus::Unused));
        assert_eq!(commitment_status(facts("RIFee"), Decimal::ZERO), None);
        assert_eq!(commitment_status(facts("DiscountedUsage"), Decimal::ONE), Some(CommitmentDiscountStatus::Used));
        assert_eq!(commitment_status(facts("SavingsPlanNegation"), Decimal::ZERO), None);
        assert_eq!(commitment_status(facts("Usage"), Decimal::ONE), None);
    }
}
