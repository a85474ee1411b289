//! Recommendations: what to do about findings, one for each check and currency, the most valuable first.

use std::collections::BTreeMap;

use finops_domain::checks::{self, Effort, Risk};
use finops_domain::finding::{Finding, FindingKind};
use finops_domain::id::{CheckId, Currency, FindingId};
use finops_domain::report::Recommendation;
use finops_domain::savings::SavingsTotals;
use rust_decimal::Decimal;

pub(crate) fn recommendations(findings: &[Finding], main: &SavingsTotals) -> Vec<Recommendation> {
    let mut groups: BTreeMap<(&CheckId, &Currency), Vec<&Finding>> = BTreeMap::new();
    let acts =
        |finding: &&Finding| finding.kind == FindingKind::Recommendation && finding.displaced_by.is_none() && finding.savings.is_some();
    for finding in findings.iter().filter(acts) {
        groups.entry((&finding.check_id, &finding.currency)).or_default().push(finding);
    }
    let mut recommendations: Vec<Recommendation> =
        groups.into_iter().filter_map(|((check_id, currency), group)| recommendation(check_id, currency, &group, main)).collect();
    let is_main = |recommendation: &Recommendation| recommendation.currency == main.currency;
    recommendations.sort_by(|a, b| {
        is_main(b)
            .cmp(&is_main(a))
            .then_with(|| b.monthly_savings.cmp(&a.monthly_savings))
            .then_with(|| a.recommendation_id.cmp(&b.recommendation_id))
    });
    recommendations
}

fn recommendation(check_id: &CheckId, currency: &Currency, findings: &[&Finding], main: &SavingsTotals) -> Option<Recommendation> {
    let meta = checks::find(check_id.as_str())?.meta();
    let monthly_savings: Decimal = findings.iter().filter_map(|finding| finding.savings.as_ref()).map(|savings| savings.monthly).sum();
    let net = if *currency == main.currency { main.net_monthly } else { monthly_savings };
    Some(Recommendation {
        recommendation_id: FindingId::of(check_id, None, None, currency.as_str()).to_string(),
        title: meta.title.to_owned(),
        why: meta.why.to_owned(),
        finding_ids: findings.iter().map(|finding| finding.finding_id.clone()).collect(),
        monthly_savings,
        currency: currency.clone(),
        priority: priority(monthly_savings, net, meta.risk, meta.effort).to_owned(),
        risk: risk_word(meta.risk).to_owned(),
        risk_note: meta.risk_note.to_owned(),
        effort: effort_word(meta.effort).to_owned(),
        payback_days: Some(0),
        steps: meta.steps.iter().map(ToString::to_string).collect(),
        rollback: meta.rollback.to_owned(),
        source: meta.source.to_owned(),
    })
}

/// How soon to act: high from a tenth of the net saving, or from a fiftieth where it is easy and safe; medium from a
/// hundredth; low below.
fn priority(saving: Decimal, net: Decimal, risk: Risk, effort: Effort) -> &'static str {
    let percent = if net > Decimal::ZERO { saving * Decimal::ONE_HUNDRED / net } else { Decimal::ZERO };
    let is_easy = risk == Risk::Low && effort == Effort::Low;
    if percent >= Decimal::TEN || (is_easy && percent >= Decimal::TWO) {
        "high"
    } else if percent >= Decimal::ONE {
        "medium"
    } else {
        "low"
    }
}

fn risk_word(risk: Risk) -> &'static str {
    match risk {
        Risk::Low => "low",
        Risk::Medium => "medium",
        Risk::High => "high",
    }
}

fn effort_word(effort: Effort) -> &'static str {
    match effort {
        Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_but_easy_savings_come_before_small_hard_ones() {
        let of = |saving: i64, risk, effort| priority(Decimal::from(saving), Decimal::from(1000), risk, effort);
        assert_eq!(of(100, Risk::High, Effort::High), "high");
        assert_eq!(of(20, Risk::Low, Effort::Low), "high");
        assert_eq!(of(20, Risk::Medium, Effort::Low), "medium");
        assert_eq!(of(9, Risk::Low, Effort::Low), "low");
        assert_eq!(priority(Decimal::ZERO, Decimal::ZERO, Risk::Low, Effort::Low), "low");
    }
}
