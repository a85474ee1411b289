//! Which format a file has, told by its columns, and where in it the known fields stand.

use std::fmt;

use crate::error::FocusError;

/// The formats that are read, for messages.
pub(crate) const KNOWN_FORMATS: &str = "FOCUS 1.0 to 1.4, AWS CUR 2.0, legacy AWS CUR";

/// The format of a bill file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// FOCUS of a version, told by the newest column that a version introduced.
    Focus {
        /// `1.2`.
        version: &'static str,
    },
    /// AWS CUR 2.0, as Data Exports writes it.
    Cur2,
    /// The older Cost and Usage Report, as CSV (`lineItem/UsageType`) or Parquet (`line_item_usage_type`).
    LegacyCur,
}

impl Format {
    /// Whether two formats may stand side by side in one bill.
    pub(crate) fn same_family(self, other: Self) -> bool {
        matches!((self, other), (Self::Focus { .. }, Self::Focus { .. }) | (Self::Cur2, Self::Cur2) | (Self::LegacyCur, Self::LegacyCur))
    }

    /// Whether it is FOCUS.
    pub fn is_focus(self) -> bool {
        matches!(self, Self::Focus { .. })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Focus { version } => write!(f, "FOCUS {version}"),
            Self::Cur2 => f.write_str("CUR 2.0"),
            Self::LegacyCur => f.write_str("legacy CUR"),
        }
    }
}

/// Where a field stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldSource {
    /// A column of its own, by position.
    Column(usize),
    /// An entry of a column that holds a map or a JSON object: CUR 2.0's `product`.
    Entry {
        /// The column's position.
        column: usize,
        /// The entry's key.
        key: &'static str,
    },
}

/// Where the tags stand in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TagSource {
    /// Nowhere.
    #[default]
    None,
    /// One column, as JSON text or a map.
    Column(usize),
    /// A column for each key: legacy CUR. The key as reports name it, and the column.
    Columns(Vec<(String, usize)>),
}

macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $focus:expr, $cur:expr;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $(
            #[doc = concat!("FOCUS columns, best first: `", stringify!($focus), "`; CUR columns: `", stringify!($cur), "`.")]
            $field,
        )* }

        impl $name {
            /// Every field.
            pub const ALL: &'static [Self] = &[$(Self::$field),*];
            /// How many fields there are.
            pub const COUNT: usize = Self::ALL.len();

            fn focus_columns(self) -> &'static [&'static str] {
                match self { $(Self::$field => &$focus,)* }
            }

            fn cur_columns(self) -> &'static [&'static str] {
                match self { $(Self::$field => &$cur,)* }
            }
        }
    };
}

fields! {
    /// A text that is read from a bill.
    TextField {
        BillingCurrency: ["BillingCurrency"], ["line_item_currency_code"];
        BillingAccountId: ["BillingAccountId"], ["bill_payer_account_id"];
        SubAccountId: ["SubAccountId"], ["line_item_usage_account_id"];
        SubAccountName: ["SubAccountName"], ["line_item_usage_account_name"];
        RegionId: ["RegionId"], ["product_region_code", "product_region"];
        ServiceName: ["ServiceName"], ["product_product_name"];
        ServiceCode: ["x_ServiceCode", "x_ServiceId"], ["line_item_product_code"];
        ServiceCategory: ["ServiceCategory"], [];
        Category: ["ChargeCategory"], ["line_item_line_item_type"];
        ChargeClass: ["ChargeClass"], [];
        PricingCategory: ["PricingCategory"], [];
        UsageType: ["x_UsageType"], ["line_item_usage_type"];
        Operation: ["x_Operation"], ["line_item_operation"];
        InstanceType: [], ["product_instance_type"];
        SkuPriceDetails: ["SkuPriceDetails"], [];
        ChargeDescription: ["ChargeDescription"], ["line_item_line_item_description"];
        PricingUnit: ["PricingUnit"], ["pricing_unit"];
        PublisherName: ["PublisherName", "HostProviderName"], ["line_item_legal_entity"];
        ProviderName: ["ProviderName", "ServiceProviderName"], [];
        CommitmentDiscountId: ["CommitmentDiscountId"], ["savings_plan_savings_plan_a_r_n", "savings_plan_arn"];
        ReservationArn: [], ["reservation_reservation_a_r_n"];
        CommitmentDiscountType: ["CommitmentDiscountType"], [];
        CommitmentDiscountStatus: ["CommitmentDiscountStatus"], [];
        ResourceId: ["ResourceId"], ["line_item_resource_id"];
    }
}

fields! {
    /// An amount or quantity that is read from a bill.
    AmountField {
        Billed: ["BilledCost"], ["line_item_unblended_cost"];
        Effective: ["EffectiveCost"], [];
        List: ["ListCost"], ["pricing_public_on_demand_cost"];
        Contracted: ["ContractedCost"], [];
        Quantity: ["PricingQuantity"], ["line_item_usage_amount"];
        SavingsPlanEffective: [], ["savings_plan_savings_plan_effective_cost"];
        SavingsPlanCommitment: [], ["savings_plan_total_commitment_to_date"];
        SavingsPlanUsed: [], ["savings_plan_used_commitment"];
        ReservationEffective: [], ["reservation_effective_cost"];
        ReservationUnusedUpfront: [], ["reservation_unused_amortized_upfront_fee_for_billing_period"];
        ReservationUnusedRecurring: [], ["reservation_unused_recurring_fee"];
    }
}

fields! {
    /// An instant that is read from a bill.
    TimeField {
        Start: ["ChargePeriodStart"], ["line_item_usage_start_date"];
        End: ["ChargePeriodEnd"], ["line_item_usage_end_date"];
    }
}

/// The fields of a file.
#[derive(Clone, Debug)]
pub struct Layout {
    format: Format,
    columns: usize,
    texts: Vec<Option<FieldSource>>,
    amounts: Vec<Option<usize>>,
    times: Vec<Option<usize>>,
    tags: TagSource,
    missing: Vec<&'static str>,
}

impl Layout {
    /// Recognises the columns of `file`.
    pub(crate) fn of(file: &str, names: &[String]) -> Result<Self, FocusError> {
        let squashed: Vec<String> = names.iter().map(|name| squash(name)).collect();
        let find = |name: &str| squashed.iter().position(|column| *column == squash(name));
        let count = |wanted: &[&str]| wanted.iter().filter(|name| find(name).is_some()).count();
        let focus = count(&["BilledCost", "EffectiveCost", "ChargeCategory", "ChargePeriodStart", "ServiceName", "BillingCurrency"]);
        let cur = count(&["line_item_unblended_cost", "line_item_line_item_type", "line_item_usage_start_date", "line_item_product_code"]);
        let format = if focus >= 2 && focus >= cur {
            Format::Focus { version: focus_version(|name| find(name).is_some()) }
        } else if cur >= 2 {
            cur_format(names)
        } else {
            return Err(FocusError::UnknownFormat { file: file.to_owned(), columns: first_columns(names) });
        };

        let columns_of = |focus: &'static [&'static str], cur: &'static [&'static str]| {
            if format.is_focus() { focus } else { cur }
        };
        let place = |names: &[&str]| names.iter().find_map(|name| find(name));
        let mut texts: Vec<Option<FieldSource>> = TextField::ALL
            .iter()
            .map(|field| place(columns_of(field.focus_columns(), field.cur_columns())).map(FieldSource::Column))
            .collect();
        if !format.is_focus()
            && let Some(slot @ None) = texts.get_mut(TextField::ServiceName as usize)
        {
            *slot = find("product").map(|column| FieldSource::Entry { column, key: "product_name" });
        }
        let amounts: Vec<Option<usize>> =
            AmountField::ALL.iter().map(|field| place(columns_of(field.focus_columns(), field.cur_columns()))).collect();
        let times: Vec<Option<usize>> =
            TimeField::ALL.iter().map(|field| place(columns_of(field.focus_columns(), field.cur_columns()))).collect();
        let tags = tag_source(format, names, find);

        let mandatory: &[&str] = if format.is_focus() {
            &["BilledCost", "EffectiveCost", "BillingCurrency", "ChargePeriodStart", "ChargeCategory", "ServiceName"]
        } else {
            &[
                "line_item_unblended_cost",
                "line_item_currency_code",
                "line_item_usage_start_date",
                "line_item_line_item_type",
                "line_item_product_code",
            ]
        };
        let lacking: Vec<&str> = mandatory.iter().copied().filter(|name| find(name).is_none()).collect();
        if !lacking.is_empty() {
            let columns = lacking.join(", ");
            return Err(FocusError::MissingColumns { file: file.to_owned(), format: format.to_string(), columns });
        }

        let has_text = |field: TextField| texts.get(field as usize).is_some_and(Option::is_some);
        let mut missing = Vec::new();
        for field in [
            TextField::BillingAccountId,
            TextField::SubAccountId,
            TextField::RegionId,
            TextField::ServiceCategory,
            TextField::UsageType,
            TextField::PricingUnit,
            TextField::ResourceId,
        ] {
            if !has_text(field) {
                missing.extend(field.focus_columns().first());
            }
        }
        if format.is_focus() {
            for field in [
                TextField::ChargeClass,
                TextField::PricingCategory,
                TextField::ServiceCode,
                TextField::CommitmentDiscountId,
                TextField::CommitmentDiscountType,
                TextField::CommitmentDiscountStatus,
            ] {
                if !has_text(field) {
                    missing.extend(field.focus_columns().first());
                }
            }
        }
        for field in [AmountField::List, AmountField::Contracted, AmountField::Quantity] {
            if amounts.get(field as usize).is_none_or(Option::is_none) {
                missing.extend(field.focus_columns().first());
            }
        }
        if times.get(TimeField::End as usize).is_none_or(Option::is_none) {
            missing.push("ChargePeriodEnd");
        }
        if tags == TagSource::None {
            missing.push("Tags");
        }
        missing.sort_unstable();
        Ok(Self { format, columns: names.len(), texts, amounts, times, tags, missing })
    }

    /// The file's format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// How many columns the file has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Where a text stands.
    pub fn text(&self, field: TextField) -> Option<&FieldSource> {
        self.texts.get(field as usize).and_then(Option::as_ref)
    }

    /// The column of an amount.
    pub fn amount(&self, field: AmountField) -> Option<usize> {
        self.amounts.get(field as usize).copied().flatten()
    }

    /// The column of an instant.
    pub fn time(&self, field: TimeField) -> Option<usize> {
        self.times.get(field as usize).copied().flatten()
    }

    /// Where the tags stand.
    pub fn tags(&self) -> &TagSource {
        &self.tags
    }

    /// FOCUS columns that the file lacks, or CUR's equivalents of them, and the analysis would use; sorted.
    pub fn missing_columns(&self) -> &[&'static str] {
        &self.missing
    }
}

/// Lower case letters and digits alone, so that `lineItem/UsageType`, `line_item_usage_type` and any case are one.
fn squash(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Source: the column lists of FOCUS 1.0 to 1.4, focus.finops.org, read 2026-11.
fn focus_version(has: impl Fn(&str) -> bool) -> &'static str {
    if has("CommitmentProgramEligibilityDetails") || has("InvoiceDetailId") {
        "1.4"
    } else if has("ServiceProviderName") || has("HostProviderName") || has("AllocatedMethodId") || has("ContractApplied") {
        "1.3"
    } else if has("InvoiceId") || has("BillingAccountType") || has("PricingCurrency") {
        "1.2"
    } else if has("ServiceSubcategory") || has("SkuMeter") || has("SkuPriceDetails") || has("CommitmentDiscountQuantity") {
        "1.1"
    } else {
        "1.0"
    }
}

/// Source: AWS Data Exports user guide, "Cost and Usage Report (CUR) 2.0": nested `product`, `discount`, `resource_tags`
/// and the added account names are what the legacy report lacks.
fn cur_format(names: &[String]) -> Format {
    let nested = ["product", "discount", "resource_tags", "cost_category", "bill_payer_account_name", "line_item_usage_account_name"];
    let is_legacy = names.iter().any(|name| name.contains('/'))
        || !names.iter().any(|name| nested.contains(&name.as_str()))
            && names.iter().any(|name| name.starts_with("resource_tags_") || name == "product_product_name");
    if is_legacy { Format::LegacyCur } else { Format::Cur2 }
}

fn tag_source(format: Format, names: &[String], find: impl Fn(&str) -> Option<usize>) -> TagSource {
    if format.is_focus() {
        return find("Tags").map_or(TagSource::None, TagSource::Column);
    }
    if let Some(column) = names.iter().position(|name| name == "resource_tags") {
        return TagSource::Column(column);
    }
    let columns: Vec<(String, usize)> = names
        .iter()
        .enumerate()
        .filter_map(|(column, name)| {
            let key = name.strip_prefix("resourceTags/").or_else(|| name.strip_prefix("resource_tags_"))?;
            Some((tag_key(key, true), column))
        })
        .collect();
    if columns.is_empty() { TagSource::None } else { TagSource::Columns(columns) }
}

/// A tag's key as reports name it: without CUR's `user:`, and with `aws:` where the report wrote `aws_`.
pub(crate) fn tag_key(key: &str, is_cur: bool) -> String {
    if let Some(rest) = key.strip_prefix("user:") {
        return rest.to_owned();
    }
    match key.split_once('_') {
        Some(("user", rest)) if is_cur && !rest.is_empty() => rest.to_owned(),
        Some(("aws", rest)) if is_cur && !rest.is_empty() => format!("aws:{rest}"),
        _ => key.to_owned(),
    }
}

fn first_columns(names: &[String]) -> String {
    let mut text: String = names.iter().take(8).map(String::as_str).collect::<Vec<_>>().join(", ").chars().take(200).collect();
    if names.len() > 8 {
        text.push_str(", …");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(columns: &str) -> Result<Layout, FocusError> {
        Layout::of("bill.csv", &columns.split(',').map(str::to_owned).collect::<Vec<_>>())
    }

    const FOCUS: &str = "billedcost,EFFECTIVECOST,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceName";

    #[test]
    fn focus_is_told_by_columns_in_any_case() {
        let found = layout(FOCUS).unwrap();
        assert_eq!(found.format().to_string(), "FOCUS 1.0");
        assert_eq!(found.amount(AmountField::Effective), Some(1));
        assert!(found.missing_columns().contains(&"ListCost"));
        assert_eq!(layout(&format!("{FOCUS},SkuMeter,InvoiceId")).unwrap().format().to_string(), "FOCUS 1.2");
        assert_eq!(layout(&format!("{FOCUS},ServiceProviderName")).unwrap().format().to_string(), "FOCUS 1.3");
    }

    #[test]
    fn a_missing_column_is_named() {
        let error = layout("BilledCost,BillingCurrency,ChargePeriodStart,ChargeCategory,ServiceName").unwrap_err();
        assert!(error.to_string().contains("lacks EffectiveCost"), "{error}");
        let error = layout("a,b").unwrap_err().to_string();
        assert!(error.contains("a, b") && error.contains("FOCUS 1.0 to 1.4"), "{error}");
    }

    #[test]
    fn cur_is_told_apart() {
        let legacy = "lineItem/UnblendedCost,lineItem/CurrencyCode,lineItem/UsageStartDate,lineItem/LineItemType,lineItem/ProductCode";
        let found = layout(&format!("{legacy},resourceTags/user:Env,resourceTags/aws:createdBy")).unwrap();
        assert_eq!(found.format(), Format::LegacyCur);
        assert_eq!(*found.tags(), TagSource::Columns(vec![("Env".to_owned(), 5), ("aws:createdBy".to_owned(), 6)]));
        let snake =
            "line_item_unblended_cost,line_item_currency_code,line_item_usage_start_date,line_item_line_item_type,line_item_product_code";
        assert_eq!(layout(&format!("{snake},product,resource_tags")).unwrap().format(), Format::Cur2);
        assert_eq!(layout(&format!("{snake},resource_tags_user_env")).unwrap().format(), Format::LegacyCur);
    }
}
