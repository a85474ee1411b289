//! A row of AWS's Cost and Usage Report, legacy or 2.0, in FOCUS terms.
//!
//! Source of the amortised cost: AWS, "Understanding your amortized savings plans data" and "… reservation data"
//! in the Cost and Usage Report guide (the CASE expression published for `amortized_cost`); of the categories: AWS,
//! "FOCUS 1.2 with AWS columns", and the FOCUS converters of the FinOps Foundation; read 2026-11.
//!
//! BilledCost is the unblended cost of the very row. AWS's own FOCUS export leaves savings plan negation out and sets
//! the covered usage to 0; here both rows stay, so the sum is the report's own to the last decimal.

use finops_domain::charge::{ChargeCategory, CommitmentDiscountStatus, PricingCategory};

use crate::interner::{Interner, NULL};
use crate::layout::{AmountField, Layout, TextField};
use crate::row::{FocusRow, Memos, RawRow, Reason};

/// CUR's `line_item_line_item_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineItem {
    Usage,
    DiscountedUsage,
    SavingsPlanCoveredUsage,
    SavingsPlanNegation,
    SavingsPlanRecurringFee,
    SavingsPlanUpfrontFee,
    ReservationFee,
    Fee,
    Tax,
    Credit,
    Refund,
    /// EdpDiscount, PrivateRateDiscount, BundledDiscount, Discount and their kin.
    Discount,
}

impl LineItem {
    fn of(text: &str) -> Option<Self> {
        Some(match text {
            "Usage" => Self::Usage,
            "DiscountedUsage" => Self::DiscountedUsage,
            "SavingsPlanCoveredUsage" => Self::SavingsPlanCoveredUsage,
            "SavingsPlanNegation" => Self::SavingsPlanNegation,
            "SavingsPlanRecurringFee" => Self::SavingsPlanRecurringFee,
            "SavingsPlanUpfrontFee" => Self::SavingsPlanUpfrontFee,
            "RIFee" => Self::ReservationFee,
            "Fee" => Self::Fee,
            "Tax" => Self::Tax,
            "Credit" => Self::Credit,
            "Refund" => Self::Refund,
            // Source of the names: AWS CUR guide, `lineItem/LineItemType`, and its page on discounts, read 2026-11.
            _ if text.ends_with("Discount") || text.ends_with("Rebate") => Self::Discount,
            _ => return None,
        })
    }

    /// Discounts as Usage: unconfirmed by AWS (whose FOCUS export nets them into the usage rows, to the same sum);
    /// so do the FOCUS converters. Refund as Adjustment likewise; FOCUS 1.0 has moved Credit into a category of its own.
    fn category(self) -> ChargeCategory {
        match self {
            Self::Usage | Self::DiscountedUsage | Self::SavingsPlanCoveredUsage | Self::SavingsPlanNegation | Self::Discount => {
                ChargeCategory::Usage
            }
            Self::SavingsPlanRecurringFee | Self::SavingsPlanUpfrontFee | Self::ReservationFee | Self::Fee => ChargeCategory::Purchase,
            Self::Tax => ChargeCategory::Tax,
            Self::Credit => ChargeCategory::Credit,
            Self::Refund => ChargeCategory::Adjustment,
        }
    }
}

/// Reads the row.
pub(crate) fn map(row: &RawRow, layout: &Layout, texts: &mut Interner, memos: &mut Memos) -> Result<FocusRow, Reason> {
    let type_id = row.text(TextField::Category);
    if type_id == NULL {
        return Err(Reason::Missing("line_item_line_item_type"));
    }
    let line_item = memos
        .line_items
        .get(type_id, || LineItem::of(texts.text(type_id)))
        .ok_or_else(|| Reason::Unknown("line_item_line_item_type", texts.text(type_id).to_owned()))?;
    let service_code = row.text(TextField::ServiceCode);
    let service_name = match row.text(TextField::ServiceName) {
        NULL => service_code,
        name => name,
    };
    if service_name == NULL {
        return Err(Reason::Missing("line_item_product_code"));
    }

    let unblended = row.amount(AmountField::Billed)?.ok_or(Reason::Missing("line_item_unblended_cost"))?;
    let reservation = row.text(TextField::ReservationArn);
    let savings_plan = row.text(TextField::CommitmentDiscountId);
    let effective = effective_cost(row, line_item, unblended, reservation != NULL)?;
    let usage_type = row.text(TextField::UsageType);
    let is_spot = usage_type != NULL && memos.is_spot.get(usage_type, || texts.text(usage_type).contains("SpotUsage"));
    let pricing = match line_item {
        LineItem::Usage if is_spot => Some(PricingCategory::Dynamic),
        LineItem::Usage => Some(PricingCategory::Standard),
        LineItem::DiscountedUsage
        | LineItem::SavingsPlanCoveredUsage
        | LineItem::SavingsPlanNegation
        | LineItem::ReservationFee
        | LineItem::SavingsPlanRecurringFee => Some(PricingCategory::Committed),
        _ => None,
    };
    let status = match line_item {
        LineItem::DiscountedUsage | LineItem::SavingsPlanCoveredUsage => Some(CommitmentDiscountStatus::Used),
        LineItem::ReservationFee | LineItem::SavingsPlanRecurringFee if effective != 0 => Some(CommitmentDiscountStatus::Unused),
        _ => None,
    };
    // A tax or a discount can carry the ARN of a commitment without being one.
    let (commitment_id, commitment_type) = match line_item {
        LineItem::Tax | LineItem::Credit | LineItem::Refund | LineItem::Discount | LineItem::Usage => (NULL, NULL),
        _ if savings_plan != NULL => (savings_plan, texts.intern("Savings Plan")),
        _ if reservation != NULL => (reservation, texts.intern("Reserved")),
        _ => (NULL, NULL),
    };
    // The negation mirrors a covered row that carries list price and quantity already.
    let is_mirror = line_item == LineItem::SavingsPlanNegation;
    let list = if is_mirror { Some(0) } else { row.amount(AmountField::List)? };
    let quantity = if is_mirror { None } else { row.amount(AmountField::Quantity)? };
    let mut instance_type = memos.instance_of_usage(usage_type, texts);
    if instance_type == NULL {
        instance_type = row.text(TextField::InstanceType);
    }
    let description =
        if layout.text(TextField::UsageType).is_some() { NULL } else { memos.short_text(row.text(TextField::ChargeDescription), texts) };
    Ok(FocusRow {
        billed: unblended,
        effective,
        list,
        contracted: None,
        quantity,
        category: line_item.category(),
        is_correction: false,
        pricing,
        status,
        service_name,
        service_code,
        instance_type,
        description,
        commitment_id,
        commitment_type,
    })
}

fn effective_cost(row: &RawRow, line_item: LineItem, unblended: i128, has_reservation: bool) -> Result<i128, Reason> {
    Ok(match line_item {
        LineItem::SavingsPlanCoveredUsage => {
            row.amount(AmountField::SavingsPlanEffective)?.ok_or(Reason::Missing("savings_plan_savings_plan_effective_cost"))?
        }
        LineItem::SavingsPlanRecurringFee => match row.amount(AmountField::SavingsPlanCommitment)? {
            Some(commitment) => commitment.saturating_sub(row.amount(AmountField::SavingsPlanUsed)?.unwrap_or(0)),
            None => unblended,
        },
        LineItem::SavingsPlanNegation | LineItem::SavingsPlanUpfrontFee => 0,
        LineItem::DiscountedUsage => row.amount(AmountField::ReservationEffective)?.ok_or(Reason::Missing("reservation_effective_cost"))?,
        LineItem::ReservationFee => {
            let upfront = row.amount(AmountField::ReservationUnusedUpfront)?;
            let recurring = row.amount(AmountField::ReservationUnusedRecurring)?;
            if upfront.is_none() && recurring.is_none() {
                return Ok(unblended);
            }
            upfront.unwrap_or(0).saturating_add(recurring.unwrap_or(0))
        }
        LineItem::Fee if has_reservation => 0,
        _ => unblended,
    })
}
