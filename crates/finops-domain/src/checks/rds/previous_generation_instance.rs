//! Databases on instance classes of a previous generation.
//!
//! Facts: prices of us-east-1 in 2021, the newest that could be had; only their ratio is used. Graviton classes run MySQL,
//! MariaDB, PostgreSQL and Aurora, not Oracle or SQL Server; which engine it is the operation says (`CreateDBInstance:0002`
//! MySQL, `0014` PostgreSQL, `0016` Aurora MySQL, `0018` MariaDB, `0021` Aurora PostgreSQL). db.t2 is left out: no price of a
//! cheaper class of the same size could be confirmed.
//! Source: <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html>, read 2026-11.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use crate::charge::{ChargeKey, PricingCategory};
use crate::checks::part::{Part, Place, measures, unreadable, usage_by_resource_or_place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Risk};
use crate::finding::{Confidence, Evidence, FindingDraft, FindingKind, NotEvaluated, SavingsBasis};

/// See [`META`].
#[derive(Debug)]
pub(crate) struct PreviousGenerationInstance;

static META: CheckMeta = CheckMeta {
    id: "rds.previous-generation-instance",
    title: "Databases on classes of a previous generation",
    why: "AWS is retiring these classes, and a Graviton class of the same size costs a tenth less or more.",
    source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Types.html",
    source_as_of: "2026-11-24",
    services: &["AmazonRDS"],
    parameters: &[],
    saving: "On-demand cost of the instance hours times the ratio of list prices of the two classes in 2021. Hours that a reservation \
             covers are left out, since moving them does not lower the bill before it ends.",
    risk: Risk::Medium,
    risk_note: "The change restarts the database; some engine versions must be upgraded before a Graviton class takes them.",
    effort: Effort::Medium,
    steps: &[
        "aws rds describe-orderable-db-instance-options --engine ENGINE --engine-version VERSION --db-instance-class CLASS",
        "Compare today's prices of the two classes on the engine's pricing page.",
        "aws rds modify-db-instance --region {region} --db-instance-identifier NAME --db-instance-class CLASS in the maintenance window",
    ],
    rollback: "Modify the instance back to the former class, as long as AWS offers it.",
};

/// A family, its successor, the sizes that both have, and hourly prices in 1/1,000 USD of the size and engine whose ratio saves least.
const FAMILIES: [(&str, &str, &[&str], i64, i64); 4] = [
    ("m3", "m6g", &["large", "xlarge", "2xlarge"], 185, 152),
    ("m4", "m6g", &["large", "xlarge", "2xlarge", "4xlarge", "16xlarge"], 182, 159),
    ("r3", "r6g", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"], 3_780, 3_437),
    ("r4", "r6g", &["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"], 250, 225),
];
const PRICES_AS_OF: Date = date(2021, 12, 1);

/// Family and size of an instance's hours at the on-demand price: `m4`, `2xlarge`.
fn on_demand_class(key: &ChargeKey) -> Option<(&str, String)> {
    let is_on_demand = matches!(key.pricing_category, None | Some(PricingCategory::Standard)) && key.commitment_discount_status.is_none();
    let is_hours = measures(key, "AmazonRDS", |measure| matches!(measure, "InstanceUsage" | "Multi-AZUsage"));
    if !(is_on_demand && is_hours) {
        return None;
    }
    let class = crate::usage_type::parse(key.usage_type.as_deref()?).instance_type?;
    let (family, size) = class.strip_prefix("db.")?.split_once('.')?;
    let size = if size.ends_with("xl") { format!("{size}arge") } else { size.to_owned() };
    Some((family, size))
}

fn is_old(key: &ChargeKey) -> bool {
    on_demand_class(key).is_some_and(|(family, size)| FAMILIES.iter().any(|row| row.0 == family && row.2.contains(&size.as_str())))
}

fn runs_on_graviton(key: &ChargeKey) -> Option<bool> {
    let code = key.operation.as_deref()?.strip_prefix("CreateDBInstance:")?;
    Some(matches!(code, "0002" | "0014" | "0016" | "0018" | "0021"))
}

impl Check for PreviousGenerationInstance {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput { not_evaluated: unreadable(context, &META).into_iter().collect(), ..CheckOutput::default() };
        for (place, part) in usage_by_resource_or_place(context, is_old) {
            if part.lines.iter().any(|line| runs_on_graviton(&line.key).is_none()) {
                output.not_evaluated.push(NotEvaluated {
                    check_id: META.id.into(),
                    resource_id: place.resource_id.as_ref().map(ToString::to_string),
                    reason: format!("the bill does not say which engine runs in {}", place.name()),
                });
            }
            let part = part.of(|key| runs_on_graviton(key) == Some(true));
            for family in &FAMILIES {
                let is_family = |key: &ChargeKey| on_demand_class(key).is_some_and(|(name, _)| name == family.0);
                output.findings.extend(draft(&place, &part.of(is_family), family));
            }
        }
        output
    }
}

fn draft(place: &Place, part: &Part<'_>, family: &(&str, &str, &[&str], i64, i64)) -> Option<FindingDraft> {
    part.lines.first()?;
    let (old, new, _, price, successor_price) = *family;
    let source = "AWS Price List, Amazon RDS on-demand, us-east-1, 2021: classes of the same size and engine";
    let list = |name, price| Evidence::from_knowledge(name, Decimal::new(price, 3), "USD/hour", source, PRICES_AS_OF);
    let hours = Evidence::from_bill("hours", part.quantity(), "hours", part.source());
    let title = match &place.resource_id {
        Some(_) => format!("Move database {} from db.{old} to db.{new}", place.name()),
        None => format!("Move db.{old} databases in {} to db.{new}", place.name()),
    };
    Some(FindingDraft {
        kind: FindingKind::Recommendation,
        resource_kind: place.resource_id.as_ref().map(|_| "rds:db".into()),
        formula: Some("window_cost - window_cost * successor_list_price / list_price"),
        basis: SavingsBasis::Estimated,
        confidence: Confidence::Low,
        ..part.investigation(
            place,
            old,
            title,
            vec![hours, list("list_price", price), list("successor_list_price", successor_price)],
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::charge::PricingCategory;
    use crate::checks::testing::{cents, dec, run, usage};

    #[test]
    fn an_old_class_saves_by_the_ratio_of_list_prices() {
        let charges = [
            usage("AmazonRDS", "EU-InstanceUsage:db.m4.large", "730", "132.86").with_operation("CreateDBInstance:0014").with_resource("db-1"),
            usage("AmazonRDS", "EU-Multi-AZUsage:db.r4.2xl", "730", "1460.00").with_operation("CreateDBInstance:0014").with_resource("db-2"),
        ];
        let run = run("rds.previous-generation-instance", &charges);
        // 1460.00 x (1 - 0.225 / 0.250), and 132.86 x (1 - 0.159 / 0.182)
        assert_eq!(run.findings.iter().map(cents).collect::<Vec<_>>(), [dec("146.00"), dec("16.79")]);
    }

    #[test]
    fn covered_hours_other_engines_and_other_services_are_left_alone() {
        let old = |service: &str, operation: &str| usage(service, "InstanceUsage:db.r4.large", "730", "182.5").with_operation(operation);
        let charges = [
            old("AmazonRDS", "CreateDBInstance:0014").with_pricing(PricingCategory::Committed),
            old("AmazonRDS", "CreateDBInstance:0015"),
            old("AmazonDocDB", "CreateDBInstance"),
            usage("AmazonRDS", "InstanceUsage:db.r6g.large", "730", "164.25").with_operation("CreateDBInstance:0014"),
        ];
        let run = run("rds.previous-generation-instance", &charges);
        assert!(run.findings.is_empty() && run.not_evaluated.is_empty());
    }

    #[test]
    fn an_unknown_engine_is_not_guessed() {
        let run = run("rds.previous-generation-instance", &[usage("AmazonRDS", "InstanceUsage:db.m4.large", "730", "127.75")]);
        assert_eq!((run.findings.len(), run.not_evaluated.len()), (0, 1));
    }
}
