//! What other sellers charge through AWS.

use crate::checks::part::{Place, by_place, is_spend};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::{Evidence, NotEvaluated};
use crate::id::ResourceId;

#[derive(Debug)]
pub(in crate::checks) struct MarketplaceSpend;

// FOCUS PublisherName is who made what was sold. AWS sells under the names of its companies: "Amazon Web Services,
// Inc.", "Amazon Web Services EMEA SARL", "AWS". Third-party models of Bedrock are sold by their makers, too.
static META: CheckMeta = CheckMeta {
    id: "marketplace.spend",
    title: "Spend with other sellers",
    why: "Marketplace subscriptions are charged until someone cancels them, renew by themselves, and are often used by nobody who reads the bill.",
    source: "https://docs.aws.amazon.com/marketplace/latest/buyerguide/cancel-subscription.html",
    source_as_of: "2026-11-24",
    services: &[],
    parameters: &[Parameter { name: "min_monthly_cost", default: "10", unit: "currency/month", about: "Cheaper products are left out." }],
    saving: "None: whether the product is used, and what was agreed, is not on the bill.",
    risk: Risk::Medium,
    risk_note: "Cancelling may end a product that something depends on, and contracts run to their end.",
    effort: Effort::Low,
    steps: &[
        "Find the owner of each subscription: AWS Marketplace, manage subscriptions.",
        "Cancel what nobody uses, before it renews.",
        "Ask for a private offer, or for the seller's own contract, where the spend is large.",
    ],
    rollback: "Subscribe again; settings of the product may be lost.",
};

impl Check for MarketplaceSpend {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        let not_evaluated = |reason: &str| NotEvaluated { check_id: META.id.into(), resource_id: None, reason: reason.to_owned() };
        let has = |test: fn(&crate::charge::ChargeKey) -> bool| context.lines.iter().any(|line| test(&line.key));
        if !has(|key| key.publisher_name.is_some()) {
            output.not_evaluated.push(not_evaluated("the bill does not say who the seller is"));
            return output;
        }
        // Rows of other clouds have publishers as well; AWS's own exports name the product code.
        if !has(|key| key.service_code.is_some()) {
            output.not_evaluated.push(not_evaluated("the bill has no AWS service codes"));
            return output;
        }
        let sold = context.lines.iter().filter(|line| {
            is_spend(line) && line.key.service_code.is_some() && line.key.publisher_name.as_deref().is_some_and(|name| !is_aws(name))
        });
        let by_product = by_place(sold, |key| {
            let name = |text: Option<&str>| text.unwrap_or_default().to_owned();
            let service = name(key.service_name.as_ref().map(crate::id::ServiceName::as_str));
            let product = format!("{service} by {}", name(key.publisher_name.as_deref()));
            Place { resource_id: Some(ResourceId::from(product)), ..Place::of_account(key) }
        });
        for (place, part) in by_product {
            if context.window.to_month(part.cost()) < context.parameter("min_monthly_cost") {
                continue;
            }
            let title = format!("{} is charged through AWS", place.name());
            let lines = Evidence::from_bill("rows", part.lines.iter().map(|line| line.rows).sum::<u64>().into(), "rows", part.source());
            let mut draft = part.investigation(&place, "product", title, vec![lines]);
            draft.resource_id = None;
            output.findings.push(draft);
        }
        output
    }
}

fn is_aws(publisher: &str) -> bool {
    let name = publisher.trim().to_ascii_lowercase();
    name.is_empty() || name == "aws" || name.starts_with("amazon") || name.starts_with("aws ")
}

#[cfg(test)]
mod tests {
    use crate::charge::Charge;
    use crate::checks::testing::{dec, run, usage};

    fn sold_by(publisher: Option<&str>, cost: &str) -> Charge {
        let mut row = usage("Red Hat Enterprise Linux", "BoxUsage:m5.large", "1", cost);
        row.publisher_name = publisher.map(Into::into);
        row
    }

    #[test]
    fn other_sellers_are_listed_by_product() {
        let run = run("marketplace.spend", &[sold_by(Some("Red Hat Inc."), "90.00"), sold_by(Some("Red Hat Inc."), "10.00")]);
        assert_eq!(run.findings.len(), 1);
        assert_eq!(run.findings[0].monthly_cost, dec("100.00"));
        assert_eq!(run.findings[0].title, "Red Hat Enterprise Linux by Red Hat Inc. is charged through AWS");
    }

    #[test]
    fn every_company_of_aws_is_aws() {
        let rows = ["Amazon Web Services, Inc.", "Amazon Web Services EMEA SARL", "AWS", "Amazon Web Services Canada, Inc."];
        let rows: Vec<Charge> = rows.iter().map(|name| sold_by(Some(name), "90.00")).collect();
        assert!(run("marketplace.spend", &rows).findings.is_empty());
    }

    #[test]
    fn rows_of_another_cloud_are_not_meant() {
        let mut azure = sold_by(Some("Microsoft"), "90.00");
        azure.service_code = None;
        assert!(run("marketplace.spend", &[azure, sold_by(Some("AWS"), "1.00")]).findings.is_empty());
    }

    #[test]
    fn a_bill_without_publishers_is_not_judged() {
        let run = run("marketplace.spend", &[sold_by(None, "90.00")]);
        assert_eq!(run.not_evaluated[0].reason, "the bill does not say who the seller is");
    }
}
