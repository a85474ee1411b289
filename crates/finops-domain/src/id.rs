//! Identifiers: one type each, so that an account can never be passed for a region.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps the text as it is.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), &*self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl From<Arc<str>> for $name {
            fn from(text: Arc<str>) -> Self {
                Self(text)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )*};
}

text_id! {
    /// ISO 4217 currency code, `USD`.
    Currency;
    /// FOCUS SubAccountId: for AWS the 12-digit account id that used the service.
    SubAccountId;
    /// FOCUS BillingAccountId: for AWS the payer account.
    BillingAccountId;
    /// FOCUS RegionId, `eu-west-1`; `global` where the provider names none is left to display.
    RegionId;
    /// FOCUS ServiceName as the bill writes it: `Amazon Elastic Compute Cloud`.
    ServiceName;
    /// AWS product or service code: `AmazonEC2`.
    ServiceCode;
    /// FOCUS ResourceId: an ARN, or an id that is only unique in its account and region.
    ResourceId;
    /// A resource's kind: `ec2:volume`.
    ResourceKind;
    /// A check's id: service, dot, what is wrong: `ebs.gp2-volume`.
    CheckId;
    /// A report's id: `finops-analysis-20251124-120000`.
    ReportId;
    /// A finding's id: a hash of check, account, region and subject, the same in every run.
    FindingId;
}

impl FindingId {
    /// The id of what `check` says of `subject` in an account and a region.
    ///
    /// Sixteen hexadecimal digits of a SHA-256, stable over time and over versions.
    pub fn of(check: &CheckId, account: Option<&SubAccountId>, region: Option<&RegionId>, subject: &str) -> Self {
        let mut hash = Sha256::new();
        for part in [check.as_str(), account.map_or("", SubAccountId::as_str), region.map_or("", RegionId::as_str), subject] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let head = hash.finalize().iter().take(8).fold(0_u64, |head, byte| head << 8 | u64::from(*byte));
        Self::from(format!("{head:016x}"))
    }
}

impl ReportId {
    /// The id's time, `finops-analysis-20251124-120000`, and its number among those of that second: 1 without a
    /// suffix, else the suffix. `None` for a text of another form, which no store may take for a name.
    ///
    /// ```
    /// use finops_domain::id::ReportId;
    /// let id = ReportId::from("finops-analysis-20251124-120000-2");
    /// assert_eq!(id.parts(), Some(("finops-analysis-20251124-120000", 2)));
    /// assert_eq!(ReportId::from("../x").parts(), None);
    /// ```
    pub fn parts(&self) -> Option<(&str, u32)> {
        const PREFIX: &str = "finops-analysis-";
        const TIME: &str = "YYYYMMDD-HHMMSS";
        let text = self.as_str();
        let (stem, suffix) = text.split_at_checked(PREFIX.len() + TIME.len())?;
        let time = stem.strip_prefix(PREFIX)?;
        let is_time = time.bytes().zip(TIME.bytes()).all(|(byte, form)| if form == b'-' { byte == b'-' } else { byte.is_ascii_digit() });
        if !is_time {
            return None;
        }
        if suffix.is_empty() {
            return Some((stem, 1));
        }
        let digits = suffix.strip_prefix('-')?;
        let number: u32 = digits.parse().ok().filter(|number| *number > 1)?;
        (number.to_string() == digits).then_some((stem, number))
    }

    /// The id with another number: what a store tries next where this one is taken. The same id where it has no such form.
    #[must_use]
    pub fn with_number(&self, number: u32) -> Self {
        match self.parts() {
            Some((stem, _)) if number > 1 => Self::from(format!("{stem}-{number}")),
            Some((stem, _)) => Self::from(stem),
            None => self.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_id_is_taken_apart_or_refused() {
        let id = ReportId::from("finops-analysis-20251124-120000");
        assert_eq!(id.parts(), Some((id.as_str(), 1)));
        assert_eq!(id.with_number(12).parts(), Some((id.as_str(), 12)));
        assert_eq!(id.with_number(12).with_number(1), id);
        for text in
            ["", "../x", "finops-analysis-20251124-120000-1", "finops-analysis-20251124-120000-+2", "finops-analysis-2025112é-12000"]
        {
            assert_eq!(ReportId::from(text).parts(), None, "{text}");
        }
    }

    #[test]
    fn finding_id_is_stable_and_separates_its_parts() {
        let check = CheckId::from("ebs.gp2-volume");
        let id = FindingId::of(&check, Some(&"123456789012".into()), Some(&"eu-west-1".into()), "vol-1");
        assert_eq!(id, FindingId::of(&check, Some(&"123456789012".into()), Some(&"eu-west-1".into()), "vol-1"));
        assert_ne!(id, FindingId::of(&check, Some(&"123456789012".into()), None, "eu-west-1vol-1"));
        assert_eq!(id.as_str().len(), 16);
    }

    proptest::proptest! {
        #[test]
        fn a_text_that_has_the_form_of_a_report_id_is_written_in_one_way_only(text in "(finops-analysis-[0-9]{8}-[0-9]{6})?[-0-9é./]{0,6}") {
            let id = ReportId::from(text.as_str());
            if let Some((stem, number)) = id.parts() {
                proptest::prop_assert_eq!(id.with_number(number), id.clone());
                proptest::prop_assert!(stem.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric()));
            }
        }
    }
}
