//! Formulas of savings: small arithmetic over named evidence, kept as text so that anyone can compute it again.
//!
//! Grammar: `+ - * /`, parentheses, decimal numbers, names, `min(a, b)`, `max(a, b)`. Division by zero is an error.

use rust_decimal::Decimal;

use crate::finding::Evidence;

/// A formula that cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormulaError {
    /// The text is no formula.
    #[error("formula `{formula}` is not readable at byte {at}")]
    Syntax {
        /// The whole text.
        formula: String,
        /// Where it stops to make sense.
        at: usize,
    },
    /// The evidence has no such name.
    #[error("formula names `{0}`, which the evidence lacks")]
    UnknownName(String),
    /// A division by zero, or a result of more digits than a decimal has.
    #[error("formula `{0}` divides by zero or overflows")]
    Arithmetic(String),
}

/// Computes a formula over evidence.
///
/// ```
/// use finops_domain::checks::formula::evaluate;
/// use finops_domain::finding::Evidence;
/// let evidence = [
///     Evidence::from_bill("cost", "12.00".parse().unwrap(), "USD", "3 rows"),
///     Evidence::from_bill("gib", "100".parse().unwrap(), "GB-months", "3 rows"),
/// ];
/// assert_eq!(evaluate("max(0, cost - gib * 0.08)", &evidence).unwrap().to_string(), "4.00");
/// ```
///
/// # Errors
/// Where the text is no formula, names what the evidence lacks, or divides by zero.
pub fn evaluate(formula: &str, evidence: &[Evidence]) -> Result<Decimal, FormulaError> {
    let mut parser = Parser { text: formula, at: 0, evidence };
    let value = parser.sum()?;
    parser.skip_space();
    if parser.at == formula.len() { Ok(value) } else { Err(parser.syntax()) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    evidence: &'a [Evidence],
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn syntax(&self) -> FormulaError {
        FormulaError::Syntax { formula: self.text.to_owned(), at: self.at }
    }

    fn arithmetic(&self) -> FormulaError {
        FormulaError::Arithmetic(self.text.to_owned())
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, symbol: char) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len_utf8();
        }
        found
    }

    fn expect(&mut self, symbol: char) -> Result<(), FormulaError> {
        if self.take(symbol) { Ok(()) } else { Err(self.syntax()) }
    }

    fn sum(&mut self) -> Result<Decimal, FormulaError> {
        let mut value = self.product()?;
        loop {
            value = if self.take('+') {
                let term = self.product()?;
                value.checked_add(term).ok_or_else(|| self.arithmetic())?
            } else if self.take('-') {
                let term = self.product()?;
                value.checked_sub(term).ok_or_else(|| self.arithmetic())?
            } else {
                return Ok(value);
            };
        }
    }

    fn product(&mut self) -> Result<Decimal, FormulaError> {
        let mut value = self.atom()?;
        loop {
            value = if self.take('*') {
                let factor = self.atom()?;
                value.checked_mul(factor).ok_or_else(|| self.arithmetic())?
            } else if self.take('/') {
                let divisor = self.atom()?;
                value.checked_div(divisor).ok_or_else(|| self.arithmetic())?
            } else {
                return Ok(value);
            };
        }
    }

    fn atom(&mut self) -> Result<Decimal, FormulaError> {
        if self.take('(') {
            let value = self.sum()?;
            self.expect(')')?;
            return Ok(value);
        }
        self.skip_space();
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or("").to_owned();
        if word.is_empty() {
            return Err(self.syntax());
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            let number = word.parse().map_err(|_| self.syntax())?;
            self.at += length;
            return Ok(number);
        }
        self.at += length;
        if word == "min" || word == "max" {
            self.expect('(')?;
            let left = self.sum()?;
            self.expect(',')?;
            let right = self.sum()?;
            self.expect(')')?;
            return Ok(if word == "min" { left.min(right) } else { left.max(right) });
        }
        self.evidence.iter().find(|evidence| evidence.name == word).map(|evidence| evidence.value).ok_or(FormulaError::UnknownName(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn evidence(name: &str, value: &str) -> Evidence {
        Evidence::from_bill(name, value.parse().unwrap(), "USD", "test")
    }

    #[test]
    fn computes_with_precedence() {
        let values = [evidence("a", "10"), evidence("b", "4")];
        assert_eq!(evaluate("a - b * 2", &values), Ok(Decimal::from(2)));
        assert_eq!(evaluate("(a - b) * 2", &values), Ok(Decimal::from(12)));
        assert_eq!(evaluate("max(0, b - a) + min(a, 3)", &values), Ok(Decimal::from(3)));
        assert_eq!(evaluate("a - b - 1", &values), Ok(Decimal::from(5)));
    }

    #[test]
    fn refuses_what_it_cannot_compute() {
        assert!(matches!(evaluate("a / 0", &[evidence("a", "1")]), Err(FormulaError::Arithmetic(_))));
        assert!(matches!(evaluate("nobody", &[]), Err(FormulaError::UnknownName(_))));
        assert!(matches!(evaluate("1 +", &[]), Err(FormulaError::Syntax { .. })));
        assert!(matches!(evaluate("1 2", &[]), Err(FormulaError::Syntax { .. })));
    }

    proptest! {
        #[test]
        fn any_text_is_answered_without_a_panic(text in "[-+*/(),a-z0-9. ]{0,60}") {
            let _ = evaluate(&text, &[]);
        }

        #[test]
        fn agrees_with_decimal_arithmetic(a in -1_000_000i64..1_000_000, b in 1i64..1_000_000) {
            let (a, b) = (Decimal::new(a, 3), Decimal::new(b, 3));
            let values = [Evidence::from_bill("a", a, "USD", "x"), Evidence::from_bill("b", b, "USD", "x")];
            prop_assert_eq!(evaluate("a * b - a / b", &values), Ok(a * b - a / b));
        }
    }
}
