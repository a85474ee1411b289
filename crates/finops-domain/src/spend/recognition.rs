//! How much of the spend is of services that the catalog knows.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::ledger::Ledger;
use super::{Recognition, UnrecognizedSpend};
use crate::catalog::{Arn, Catalog};
use crate::charge::ChargeKey;
use crate::id::{Currency, ServiceCode, ServiceName};

/// How many names of what is not recognised are kept.
const NAMES_KEPT: usize = 20;

#[derive(Default)]
struct Parts {
    recognized: Decimal,
    other_publishers: Decimal,
    unrecognized: BTreeMap<(Option<String>, Option<String>), Decimal>,
    resources: u64,
    resources_recognized: u64,
}

/// For each currency: spend by whether the catalog knows what it is for. Credits and refunds are left out, so that they do
/// not hide what they pay for.
pub(super) fn recognize(ledger: &Ledger<'_>) -> Vec<Recognition> {
    let catalog = Catalog::embedded();
    let mut parts: BTreeMap<&Currency, Parts> = BTreeMap::new();
    for (_, line) in ledger.lines.iter().filter(|(_, line)| line.costs.effective > Decimal::ZERO) {
        let parts = parts.entry(&line.key.billing_currency).or_default();
        let name = line.key.service_name.as_ref().map(ServiceName::as_str);
        let code = line.key.service_code.as_ref().map(ServiceCode::as_str);
        if catalog.recognize_charge(code, name, line.key.usage_type.as_deref()).is_some() {
            parts.recognized += line.costs.effective;
        } else if is_of_another_publisher(&line.key) {
            parts.other_publishers += line.costs.effective;
        } else {
            *parts.unrecognized.entry((name.map(str::to_owned), code.map(str::to_owned))).or_default() += line.costs.effective;
        }
    }
    for group in &ledger.bill.by_resource {
        // Ids that look like ARNs and are none, as anonymised bills have them, are not ours to recognise.
        let Some(arn) = group.key.resource_id.as_ref().and_then(|id| Arn::parse(id.as_str()).ok()) else { continue };
        let parts = parts.entry(&group.key.billing_currency).or_default();
        parts.resources += 1;
        parts.resources_recognized += u64::from(catalog.recognize_arn(&arn).is_some());
    }
    ledger.currencies().filter_map(|currency| parts.remove_entry(currency)).map(|(currency, parts)| summary(currency, parts)).collect()
}

/// Sold by somebody else: on the marketplace, or by another provider in a bill of several.
fn is_of_another_publisher(key: &ChargeKey) -> bool {
    key.publisher_name.as_deref().is_some_and(|publisher| {
        let lower = publisher.to_lowercase();
        !(lower.contains("amazon") || lower == "aws" || lower.contains("aws inc"))
    })
}

fn summary(currency: &Currency, parts: Parts) -> Recognition {
    let unrecognized_cost: Decimal = parts.unrecognized.values().copied().sum();
    let all = parts.recognized + parts.other_publishers + unrecognized_cost;
    let mut unrecognized: Vec<UnrecognizedSpend> = parts
        .unrecognized
        .into_iter()
        .map(|((service_name, service_code), effective_cost)| UnrecognizedSpend { service_name, service_code, effective_cost })
        .collect();
    unrecognized.sort_by(|a, b| b.effective_cost.cmp(&a.effective_cost).then_with(|| a.service_name.cmp(&b.service_name)));
    unrecognized.truncate(NAMES_KEPT);
    Recognition {
        currency: currency.clone(),
        recognized_cost: parts.recognized,
        other_publishers_cost: parts.other_publishers,
        unrecognized_cost,
        unrecognized_share: unrecognized_cost.checked_div(all).unwrap_or_default().round_dp(6),
        unrecognized,
        arns: parts.resources,
        arns_recognized: parts.resources_recognized,
    }
}
