//! Buckets that keep everything in S3 Standard.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use rust_decimal::Decimal;

use crate::charge::{ChargeGroup, ChargeKey};
use crate::checks::history::whole_months;
use crate::checks::part::{Part, Place, measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Confidence, Evidence, FindingKind, NotEvaluated, SavingsBasis};
use crate::period::Month;

#[derive(Debug)]
pub(in crate::checks) struct StandardOnly;

// S3 Standard is charged under `TimedStorage-ByteHrs`; every other class has a word of its own in between
// (`-SIA-`, `-ZIA-`, `-RRS-`, `-GIR-`, `-INT-FA-`, `-GlacierByteHrs`, `-GDA-` …). S3 pricing, us-east-1: Standard
// 0.023 USD/GB-month, the infrequent tier of Intelligent-Tiering and Standard-IA 0.0125: 0.4565 less. What is really
// cold, and how small the objects are (objects under 128 KB stay at the Standard price, each larger one costs
// monitoring), is not on the bill: so a saving is stated only where the user says what share is cold.
static META: CheckMeta = CheckMeta {
    id: "s3.standard-only",
    title: "All of a bucket is in S3 Standard",
    why: "Data that nobody reads for a month costs about half in the infrequent tier, and less in archives.",
    source: "https://aws.amazon.com/s3/pricing/",
    source_as_of: "2026-11-24",
    services: &["AmazonS3"],
    parameters: &[
        Parameter { name: "months", default: "3", unit: "months", about: "How many whole months it must have been so." },
        Parameter { name: "min_monthly_cost", default: "20", unit: "currency/month", about: "Cheaper buckets are left out." },
        Parameter {
            name: "cold_share",
            default: "0",
            unit: "share",
            about: "An assumption of the user: share of the data that nobody reads for a month. Above 0 a saving is estimated from it.",
        },
    ],
    saving: "None unless `cold_share` is set; then standard_cost × cold_share × price difference to the infrequent tier, without monitoring and transitions.",
    risk: Risk::Medium,
    risk_note: "Reading infrequent or archived data costs extra, minimum durations apply, and small objects save nothing.",
    effort: Effort::Low,
    steps: &[
        "See what is read: S3 Storage Lens activity metrics, or storage class analysis of {resource}.",
        "Where nothing is known, transition to Intelligent-Tiering by a lifecycle rule for objects above 128 KB: `aws s3api put-bucket-lifecycle-configuration`.",
        "Expire what is not needed, old versions and unfinished uploads first.",
    ],
    rollback: "Remove the rule; objects go back to Standard only by copying them.",
};

impl Check for StandardOnly {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        output.not_evaluated.extend(unreadable(context, &META));
        let dear: Vec<(Place, Part<'_>)> = usage_by_resource_or_place(context, is_standard)
            .into_iter()
            .filter(|(_, part)| context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost"))
            .collect();
        if dear.is_empty() {
            return output;
        }
        let wanted: usize = context.parameter("months").try_into().unwrap_or(3).max(1);
        let months = whole_months(context);
        let Some(months) = months.len().checked_sub(wanted).and_then(|skipped| months.get(skipped..)) else {
            let reason = format!("needs {wanted} whole months of history, the bill has {}", months.len());
            output.not_evaluated.push(NotEvaluated { check_id: META.id.into(), resource_id: None, reason });
            return output;
        };
        let buckets = storage_by_place(&context.bill.by_resource, Place::of_resource);
        let places = storage_by_place(&context.bill.lines, Place::of);
        let cold_share = context.parameter("cold_share").clamp(Decimal::ZERO, Decimal::ONE);
        for (place, part) in dear {
            let stored = if place.resource_id.is_some() { buckets.get(&place) } else { places.get(&place) };
            if stored.is_none_or(|stored| stored.has_colder || !months.iter().all(|month| stored.standard.contains(month))) {
                continue;
            }
            let title = format!("Everything in {} is kept in S3 Standard", place.name());
            let evidence = vec![
                Evidence::from_bill("standard_gb_months", part.quantity(), "GB-months", part.source()),
                Evidence::from_bill("months_without_other_class", Decimal::from(months.len()), "months", "whole months of the bill"),
            ];
            let mut draft = part.investigation(&place, "standard-only", title, evidence);
            draft.resource_kind = place.resource_id.as_ref().map(|_| "s3:bucket".into());
            if cold_share > Decimal::ZERO {
                draft.kind = FindingKind::Recommendation;
                draft.formula = Some("window_cost * cold_share * (standard_price - infrequent_price) / standard_price");
                draft.basis = SavingsBasis::Estimated;
                draft.confidence = Confidence::Low;
                let price = |name: &str, price: Decimal| {
                    Evidence::from_knowledge(name, price, "USD/GB-month", format!("{} (us-east-1)", META.source), date(2026, 5, 1))
                };
                draft.evidence.extend([
                    Evidence::from_parameter("cold_share", cold_share, "share"),
                    price("standard_price", Decimal::new(23, 3)),
                    price("infrequent_price", Decimal::new(125, 4)),
                ]);
            }
            output.findings.push(draft);
        }
        output
    }
}

/// How a place stored its data, over the whole bill.
#[derive(Default)]
struct Stored {
    /// Months with data in Standard.
    standard: BTreeSet<Month>,
    /// Whether any was ever in another class.
    has_colder: bool,
}

fn storage_by_place(groups: &[ChargeGroup], place_of: impl Fn(&ChargeKey) -> Place) -> BTreeMap<Place, Stored> {
    let mut stored: BTreeMap<Place, Stored> = BTreeMap::new();
    for key in groups.iter().map(|group| &group.key) {
        let is_colder = is_colder(key);
        if is_colder || is_standard(key) {
            let stored = stored.entry(place_of(key)).or_default();
            stored.has_colder |= is_colder;
            stored.standard.extend(key.month().filter(|_| !is_colder));
        }
    }
    stored
}

fn is_standard(key: &ChargeKey) -> bool {
    measures(key, "AmazonS3", |measure| measure == "TimedStorage-ByteHrs")
}

/// Stored in any other class.
fn is_colder(key: &ChargeKey) -> bool {
    measures(key, "AmazonS3", |measure| measure.starts_with("TimedStorage-") && measure != "TimedStorage-ByteHrs")
}

#[cfg(test)]
mod tests {
    use crate::charge::Charge;
    use crate::checks::testing::{cents, dec, run, run_with, usage};

    fn stored(month: &str, usage_type: &str, bucket: &str, cost: &str) -> Charge {
        usage("AmazonS3", usage_type, "10000", cost).with_resource(bucket).in_month(month)
    }

    fn three_months(bucket: &str) -> Vec<Charge> {
        ["2025-10", "2025-11", "2025-12"].map(|month| stored(month, "EU-TimedStorage-ByteHrs", bucket, "223.20")).to_vec()
    }

    #[test]
    fn a_bucket_of_one_class_is_worth_a_look_and_no_saving_is_guessed() {
        let run = run("s3.standard-only", &three_months("logs"));
        assert_eq!(run.findings.len(), 1);
        // 223.20 in 744 hours: 0.30 an hour, 730 hours.
        assert_eq!(run.findings[0].monthly_cost.round_dp(2), dec("219.00"));
        assert!(run.findings[0].savings.is_none());
    }

    #[test]
    fn with_the_users_own_assumption_a_saving_is_estimated() {
        let run = run_with("s3.standard-only", &three_months("logs"), &[("cold_share", "0.5")]);
        // 219.00 × 0.5 × (0.023 − 0.0125) ÷ 0.023 = 49.989…
        assert_eq!(cents(&run.findings[0]), dec("49.99"));
    }

    #[test]
    fn a_bucket_with_a_lifecycle_is_in_order() {
        let mut rows = three_months("logs");
        rows.push(stored("2025-11", "EU-TimedStorage-GlacierByteHrs", "logs", "1.00"));
        assert!(run("s3.standard-only", &rows).findings.is_empty());
    }

    #[test]
    fn the_standard_part_of_archived_objects_is_no_bucket_of_one_class() {
        // Glacier keeps names of archived objects in Standard; a bill may tell that apart by the operation alone.
        let overhead = |month| stored(month, "EU-TimedStorage-ByteHrs", "archive", "30.00").with_operation("GlacierS3ObjectOverhead");
        let archived = |month| stored(month, "EU-TimedStorage-GlacierByteHrs", "archive", "300.00").with_operation("GlacierStorage");
        let rows: Vec<Charge> = ["2025-10", "2025-11", "2025-12"].into_iter().flat_map(|month| [overhead(month), archived(month)]).collect();
        assert!(run("s3.standard-only", &rows).findings.is_empty());
    }

    #[test]
    fn without_resource_ids_account_and_region_are_judged() {
        let rows = ["2025-10", "2025-11", "2025-12"]
            .map(|month| usage("AmazonS3", "EU-TimedStorage-ByteHrs", "10000", "223.20").with_region("eu-west-1").in_month(month));
        let run = run("s3.standard-only", &rows);
        assert_eq!(run.findings[0].title, "Everything in eu-west-1 is kept in S3 Standard");
        assert!(run.findings[0].resource_id.is_none());
    }

    #[test]
    fn another_buckets_archive_is_its_own() {
        let mut rows = three_months("logs");
        rows.push(stored("2025-11", "EU-TimedStorage-GlacierByteHrs", "backup", "1.00"));
        assert_eq!(run("s3.standard-only", &rows).findings.len(), 1);
    }

    #[test]
    fn a_month_of_history_is_too_little() {
        let run = run("s3.standard-only", &[stored("2025-12", "EU-TimedStorage-ByteHrs", "logs", "223.20")]);
        assert_eq!(run.not_evaluated[0].reason, "needs 3 whole months of history, the bill has 1");
    }
}
