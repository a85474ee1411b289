//! Findings: what a check says, the evidence for it, and the money in it.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::charge::ChargeKey;
use crate::id::{CheckId, Currency, FindingId, RegionId, ResourceId, ResourceKind, ServiceName, SubAccountId};

/// Whether a finding says what to do or what to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// Act: the saving follows from the evidence.
    Recommendation,
    /// Look: money is at stake, but the bill alone does not say how much of it can be saved.
    Investigation,
}

/// How a saving was arrived at. Measured and estimated savings are never added into one figure unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SavingsBasis {
    /// Computed from quantities and prices of the bill alone.
    Measured,
    /// Rests on something that the bill does not say: a list price, a published ratio, an assumption.
    Estimated,
}

/// How sure a saving is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Rests on assumptions that often do not hold.
    Low,
    /// Rests on an assumption that usually holds.
    Medium,
    /// Follows from the evidence.
    High,
}

/// A named value that a saving is computed from, with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evidence {
    /// The name that the formula uses: lower case, digits, underscores.
    pub name: String,
    /// The value.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub value: Decimal,
    /// Its unit: `USD`, `GB-months`, `USD/GB-month`, `hours`.
    pub unit: String,
    /// Where it is from: `bill: 31 rows of EU-EBS:VolumeUsage.gp2`, or a page's address.
    pub source: String,
    /// When it was true, where it is knowledge and not the bill's own.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub as_of: Option<Date>,
}

impl Evidence {
    /// A value that the bill says.
    pub fn from_bill(name: &str, value: Decimal, unit: impl Into<String>, source: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value, unit: unit.into(), source: format!("bill: {}", source.into()), as_of: None }
    }

    /// A value that is knowledge: a price, a ratio, a date, with the page it is from and when it was true.
    pub fn from_knowledge(name: &str, value: Decimal, unit: impl Into<String>, source: impl Into<String>, as_of: Date) -> Self {
        Self { name: name.to_owned(), value, unit: unit.into(), source: source.into(), as_of: Some(as_of) }
    }

    /// A threshold or setting that the user can change.
    pub fn from_parameter(name: &str, value: Decimal, unit: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value, unit: unit.into(), source: format!("parameter {name}"), as_of: None }
    }
}

/// What a check found, before the engine has put an id and the saving to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingDraft {
    /// One sentence for a person, with the thing's name and no figures that the evidence lacks.
    pub title: String,
    /// Act or look.
    pub kind: FindingKind,
    /// What it is about: a resource id, or a stable name of a part of the spend. Unique for a check, account and region.
    pub subject: String,
    /// The resource, where it is about one.
    pub resource_id: Option<ResourceId>,
    /// Its kind, likewise.
    pub resource_kind: Option<ResourceKind>,
    /// The account.
    pub sub_account_id: Option<SubAccountId>,
    /// The region.
    pub region_id: Option<RegionId>,
    /// The service whose spend it is about.
    pub service_name: Option<ServiceName>,
    /// The saving over the judged window as a [`crate::checks::formula`] over the names in `evidence`;
    /// `None` for an investigation.
    pub formula: Option<&'static str>,
    /// How the saving is arrived at.
    pub basis: SavingsBasis,
    /// How sure it is.
    pub confidence: Confidence,
    /// The values that the formula names, and others worth showing.
    pub evidence: Vec<Evidence>,
    /// The spend that the finding is about, by key. A saving is capped at the effective cost of these keys in
    /// the window, and two findings whose keys overlap claim the same money. `period_start` is ignored.
    pub claims: Vec<ChargeKey>,
}

/// The money that a finding claims of one part of the spend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The part of the spend; `period_start` is `None`, and a field that is `None` means any.
    pub key: ChargeKey,
    /// What it cost in the window, scaled to a month of 730 hours.
    pub monthly_cost: Decimal,
    /// What is claimed of that; never more.
    pub monthly_savings: Decimal,
}

/// A saving, its formula and the evidence to compute it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Savings {
    /// Per month of 730 hours.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub monthly: Decimal,
    /// Twelve times that.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub annual: Decimal,
    /// Of both.
    pub currency: Currency,
    /// How it was arrived at.
    pub basis: SavingsBasis,
    /// How sure it is.
    pub confidence: Confidence,
    /// The formula of `monthly` over the names in `evidence`.
    pub formula: String,
    /// The values.
    pub evidence: Vec<Evidence>,
}

/// What a check says of a resource or a part of the spend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable over time.
    pub finding_id: FindingId,
    /// Which check.
    pub check_id: CheckId,
    /// See [`FindingDraft::title`].
    pub title: String,
    /// See [`FindingDraft::kind`].
    pub kind: FindingKind,
    /// See [`FindingDraft::subject`].
    pub subject: String,
    /// See [`FindingDraft::resource_id`].
    pub resource_id: Option<ResourceId>,
    /// See [`FindingDraft::resource_kind`].
    pub resource_kind: Option<ResourceKind>,
    /// See [`FindingDraft::sub_account_id`].
    pub sub_account_id: Option<SubAccountId>,
    /// See [`FindingDraft::region_id`].
    pub region_id: Option<RegionId>,
    /// See [`FindingDraft::service_name`].
    pub service_name: Option<ServiceName>,
    /// What the claimed spend costs a month of 730 hours.
    pub monthly_cost: Decimal,
    /// The currency of `monthly_cost`.
    pub currency: Currency,
    /// The saving; `None` for an investigation.
    pub savings: Option<Savings>,
    /// Evidence beside the saving's: of an investigation.
    pub evidence: Vec<Evidence>,
    /// The spend it claims.
    pub claims: Vec<Claim>,
    /// The finding that claims the same money and was preferred; such a finding is in no net total.
    pub displaced_by: Option<FindingId>,
}

/// A thing that a check could not judge, and why. Never silent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotEvaluated {
    /// Which check.
    pub check_id: CheckId,
    /// What it could not judge; `None` for all of it.
    pub resource_id: Option<String>,
    /// Why.
    pub reason: String,
}
