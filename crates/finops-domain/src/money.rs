//! Money: a decimal amount and its currency, never a float.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::id::Currency;

/// An exact decimal amount in one currency.
///
/// `amount` keeps every decimal that the source wrote (up to 28 significant digits); rounding is a
/// matter of display. Serialises as `{"amount": "12.30", "currency": "USD"}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The amount in units of `currency` (dollars, not cents).
    pub amount: Decimal,
    /// ISO 4217 code, as the bill writes it.
    pub currency: Currency,
}

impl Money {
    /// An amount of a currency.
    pub fn new(amount: Decimal, currency: impl Into<Currency>) -> Self {
        Self { amount, currency: currency.into() }
    }

    /// Nothing of a currency.
    pub fn zero(currency: impl Into<Currency>) -> Self {
        Self::new(Decimal::ZERO, currency)
    }

    /// The amount rounded half away from zero to cents, as people read it.
    pub fn to_cents(&self) -> Decimal {
        round_to_cents(self.amount)
    }
}

impl fmt::Display for Money {
    /// `12.30 USD`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} {}", self.to_cents(), self.currency)
    }
}

/// Rounds half away from zero to two decimals.
pub fn round_to_cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_in_cents_and_keeps_the_rest() {
        let money = Money::new(Decimal::new(12_345_678, 6), "USD");
        assert_eq!(money.to_string(), "12.35 USD");
        assert_eq!(money.amount.to_string(), "12.345678");
    }
}
