//! One row of a bill on its way from a file's columns to FOCUS.

use finops_domain::charge::{ChargeCategory, CommitmentDiscountStatus, PricingCategory};

use crate::interner::{Interner, Memo, NULL};
use crate::layout::{AmountField, Format, TextField};
use crate::number::NumberError;

/// A cell of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    Null,
    Value(i128),
    Bad(NumberError),
}

/// A cell of an instant, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instant {
    Null,
    Value(i64),
    Bad,
}

/// A row's known cells, as the file has them.
#[derive(Clone, Debug)]
pub(crate) struct RawRow {
    pub(crate) texts: [u32; TextField::COUNT],
    pub(crate) amounts: [Amount; AmountField::COUNT],
    pub(crate) start: Instant,
    pub(crate) end: Instant,
    /// The row's tag set.
    pub(crate) tags: u32,
}

impl RawRow {
    pub(crate) const EMPTY: Self = Self {
        texts: [NULL; TextField::COUNT],
        amounts: [Amount::Null; AmountField::COUNT],
        start: Instant::Null,
        end: Instant::Null,
        tags: 0,
    };

    pub(crate) fn text(&self, field: TextField) -> u32 {
        self.texts.get(field as usize).copied().unwrap_or(NULL)
    }

    pub(crate) fn amount(&self, field: AmountField) -> Result<Option<i128>, Reason> {
        match self.amounts.get(field as usize).copied().unwrap_or(Amount::Null) {
            Amount::Null => Ok(None),
            Amount::Value(value) => Ok(Some(value)),
            Amount::Bad(error) => Err(Reason::Number(field, error)),
        }
    }
}

/// Why a row cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Missing(&'static str),
    Number(AmountField, NumberError),
    Time(&'static str),
    Unknown(&'static str, String),
    Other(&'static str),
    FieldCount { found: usize, expected: usize, lines: u64 },
    Encoding(usize),
}

impl Reason {
    /// For people, with columns as the format names them.
    pub(crate) fn text(&self, format: Format) -> String {
        match self {
            Self::Missing(column) => format!("{column} is missing"),
            Self::Number(field, error) => format!("{} {}", column_name(*field, format), error.reason()),
            Self::Time(column) => format!("{column} is not a date and time"),
            Self::Unknown(column, value) => format!("{column} `{}` is not known", value.chars().take(60).collect::<String>()),
            Self::Other(reason) => (*reason).to_owned(),
            Self::FieldCount { found, expected, lines: 0 | 1 } => format!("{found} fields instead of {expected}"),
            Self::FieldCount { found, expected, lines } => {
                format!("{found} fields instead of {expected}, over {lines} lines: a quote may be open")
            }
            Self::Encoding(column) => format!("field {} is not valid UTF-8", column + 1),
        }
    }
}

pub(crate) fn column_name(field: AmountField, format: Format) -> &'static str {
    let (focus, cur) = match field {
        AmountField::Billed => ("BilledCost", "line_item_unblended_cost"),
        AmountField::Effective => ("EffectiveCost", "EffectiveCost"),
        AmountField::List => ("ListCost", "pricing_public_on_demand_cost"),
        AmountField::Contracted => ("ContractedCost", "ContractedCost"),
        AmountField::Quantity => ("PricingQuantity", "line_item_usage_amount"),
        AmountField::SavingsPlanEffective => ("", "savings_plan_savings_plan_effective_cost"),
        AmountField::SavingsPlanCommitment => ("", "savings_plan_total_commitment_to_date"),
        AmountField::SavingsPlanUsed => ("", "savings_plan_used_commitment"),
        AmountField::ReservationEffective => ("", "reservation_effective_cost"),
        AmountField::ReservationUnusedUpfront => ("", "reservation_unused_amortized_upfront_fee_for_billing_period"),
        AmountField::ReservationUnusedRecurring => ("", "reservation_unused_recurring_fee"),
    };
    if format.is_focus() { focus } else { cur }
}

/// A row in FOCUS terms.
#[derive(Clone, Debug)]
pub(crate) struct FocusRow {
    pub(crate) billed: i128,
    pub(crate) effective: i128,
    pub(crate) list: Option<i128>,
    pub(crate) contracted: Option<i128>,
    pub(crate) quantity: Option<i128>,
    pub(crate) category: ChargeCategory,
    pub(crate) is_correction: bool,
    pub(crate) pricing: Option<PricingCategory>,
    pub(crate) status: Option<CommitmentDiscountStatus>,
    pub(crate) service_name: u32,
    pub(crate) service_code: u32,
    pub(crate) instance_type: u32,
    pub(crate) description: u32,
    pub(crate) commitment_id: u32,
    pub(crate) commitment_type: u32,
}

/// What was made of texts before.
#[derive(Debug, Default)]
pub(crate) struct Memos {
    pub(crate) categories: Memo<Option<ChargeCategory>>,
    pub(crate) pricing: Memo<Option<PricingCategory>>,
    pub(crate) statuses: Memo<Option<CommitmentDiscountStatus>>,
    pub(crate) corrections: Memo<bool>,
    pub(crate) line_items: Memo<Option<crate::cur::LineItem>>,
    pub(crate) is_spot: Memo<bool>,
    pub(crate) instance_of_usage: Memo<u32>,
    pub(crate) instance_of_sku: Memo<u32>,
    pub(crate) service_codes: Memo<u32>,
    pub(crate) short_texts: Memo<u32>,
}

impl Memos {
    /// The instance type in a usage type.
    pub(crate) fn instance_of_usage(&mut self, usage_type: u32, texts: &mut Interner) -> u32 {
        if usage_type == NULL {
            return NULL;
        }
        self.instance_of_usage.get(usage_type, || {
            let instance = finops_domain::usage_type::parse(texts.text(usage_type)).instance_type.map(str::to_owned);
            instance.map_or(NULL, |text| texts.intern_cell(&text))
        })
    }

    /// The first 200 characters of a text.
    pub(crate) fn short_text(&mut self, id: u32, texts: &mut Interner) -> u32 {
        if id == NULL {
            return NULL;
        }
        self.short_texts.get(id, || {
            let text = texts.text(id);
            match text.char_indices().nth(200) {
                None => id,
                Some((end, _)) => {
                    let short = text.get(..end).unwrap_or_default().to_owned();
                    texts.intern(&short)
                }
            }
        })
    }
}
