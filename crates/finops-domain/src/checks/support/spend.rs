//! What AWS Support costs.

use std::collections::BTreeMap;

use jiff::civil::date;
use rust_decimal::Decimal;

use crate::charge::ChargeKey;
use crate::checks::part::{Place, by_place, is_spend};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::Evidence;
use crate::id::Currency;

#[derive(Debug)]
pub(in crate::checks) struct SupportSpend;

// Service codes of the price list: AWSDeveloperSupport, AWSSupportBusiness, AWSSupportEnterprise,
// AWSSupportEssential. AWS Support user guide: Developer, Business and Enterprise On-Ramp end on 2027-01-01;
// Business Support+ follows them, at least 29 USD a month and account.
static META: CheckMeta = CheckMeta {
    id: "support.spend",
    title: "AWS Support is a notable part of the bill",
    why: "Support is a share of all other spend: each saving lowers it, and its plan can be chosen. Developer, Business and Enterprise On-Ramp end on 2027-01-01.",
    source: "https://docs.aws.amazon.com/awssupport/latest/user/about-support-api.html",
    source_as_of: "2026-11-24",
    services: &["AWSDeveloperSupport", "AWSSupportBusiness", "AWSSupportEnterprise", "AWSSupportEssential"],
    parameters: &[
        Parameter { name: "min_share", default: "0.03", unit: "share", about: "Least share of the other spend." },
        Parameter { name: "min_monthly_cost", default: "25", unit: "currency/month", about: "Less is left out." },
    ],
    saving: "None: which plan is needed is not on the bill.",
    risk: Risk::Medium,
    risk_note: "A lower plan answers later, and not on the telephone.",
    effort: Effort::Low,
    steps: &[
        "Count the cases of the last year and their severity: AWS Support Center.",
        "Compare the plans, and which accounts need one.",
        "Before 2027-01-01 choose the successor of a Developer, Business or Enterprise On-Ramp plan.",
    ],
    rollback: "Change the plan again; a plan is paid for at least a month.",
};

impl Check for SupportSpend {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut output = CheckOutput::default();
        let mut others: BTreeMap<&Currency, Decimal> = BTreeMap::new();
        for line in context.lines.iter().filter(|line| is_spend(line) && !is_support(&line.key)) {
            *others.entry(&line.key.billing_currency).or_default() += line.costs.effective;
        }
        let support = context.lines.iter().filter(|line| is_spend(line) && is_support(&line.key));
        // Plans are charged to the payer or to each account as agreed, so the organization is looked at as a whole.
        for (place, part) in by_place(support, |key| Place { sub_account_id: None, region_id: None, ..Place::of(key) }) {
            let other = others.get(&place.currency).copied().unwrap_or_default();
            let Some(share) = part.cost().checked_div(other) else { continue };
            let is_dear = context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost");
            if !is_dear || share < context.parameter("min_share") {
                continue;
            }
            let title = "AWS Support is a notable part of the bill".to_owned();
            let mut evidence = vec![Evidence::from_bill("share_of_other_spend", share.round_dp(4), "share", part.source())];
            if part.lines.iter().any(|line| is_ending(&line.key)) {
                let year = Decimal::from(2027);
                evidence.push(Evidence::from_knowledge("plan_ends_in_january_of", year, "year", META.source, date(2026, 11, 24)));
            }
            output.findings.push(part.investigation(&place, "support", title, evidence));
        }
        output
    }
}

fn code_of(key: &ChargeKey) -> &str {
    key.service_code.as_ref().map_or("", crate::id::ServiceCode::as_str)
}

fn is_support(key: &ChargeKey) -> bool {
    let name = key.service_name.as_ref().map_or("", crate::id::ServiceName::as_str);
    code_of(key).starts_with("AWSSupport") || code_of(key) == "AWSDeveloperSupport" || name.starts_with("AWS Support")
}

/// Plans that AWS ends on 2027-01-01 and that a service code of the price list names.
fn is_ending(key: &ChargeKey) -> bool {
    ["AWSDeveloperSupport", "AWSSupportBusiness"].contains(&code_of(key))
}

#[cfg(test)]
mod tests {
    use crate::charge::ChargeCategory;
    use crate::checks::testing::{dec, run, usage};

    #[test]
    fn a_tenth_of_the_bill_is_worth_a_look_also_as_a_purchase() {
        let mut support = usage("AWSSupportBusiness", "Dollar", "1000", "100.00");
        support.charge_category = ChargeCategory::Purchase;
        let run = run("support.spend", &[support, usage("AmazonEC2", "BoxUsage:m5.large", "1", "1000.00")]);
        assert_eq!(run.findings[0].monthly_cost, dec("100.00"));
        assert_eq!(run.findings[0].evidence[1].value, dec("0.1"));
        assert_eq!(run.findings[0].evidence[2].value, dec("2027"));
    }

    #[test]
    fn a_small_share_is_not() {
        let rows = [usage("AWSSupportEnterprise", "Dollar", "1", "100.00"), usage("AmazonEC2", "BoxUsage:m5.large", "1", "9000.00")];
        assert!(run("support.spend", &rows).findings.is_empty());
    }

    #[test]
    fn a_credit_of_support_is_no_spend() {
        let mut credit = usage("AWSSupportBusiness", "Dollar", "1", "-100.00");
        credit.charge_category = ChargeCategory::Credit;
        assert!(run("support.spend", &[credit, usage("AmazonEC2", "BoxUsage:m5.large", "1", "1000.00")]).findings.is_empty());
    }
}
