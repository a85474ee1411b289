//! What AWS's own tools recommend, beside our findings and in none of their totals.

use finops_domain::advice::{AdviceNote, AdviceSource, OtherAdvice};
use finops_domain::report::Report;
use rust_decimal::Decimal;

use super::heading;
use crate::RenderOptions;
use crate::document::Block;
use crate::figures::{count, money_of};
use crate::table::{Cell, Column, Table};

pub(super) fn blocks(blocks: &mut Vec<Block>, report: &Report, options: &RenderOptions) {
    let section = &report.native_advice;
    if section.corroborations.is_empty() && section.others.is_empty() {
        return;
    }
    let mut others: Vec<&OtherAdvice> = section.others.iter().collect();
    others.sort_by_key(|advice| std::cmp::Reverse(greatest(advice).and_then(|note| note.monthly_savings)));
    blocks.push(Block::Heading(heading("AWS's own advice", others.len(), options.top)));
    if !section.corroborations.is_empty() {
        let findings = count(section.corroborations.len(), "finding", "findings");
        blocks.push(Block::Text(format!("AWS's tools say the same of {findings} above. In no total:")));
    }
    let mut table = Table::new([
        Column::number("Saves a month"),
        Column::text("Advice"),
        Column::text("About"),
        Column::word("Region").from_width(100),
        Column::text("By").from_width(120),
    ]);
    for advice in others.into_iter().take(options.top) {
        let Some(note) = greatest(advice) else { continue };
        let saving = note.monthly_savings.zip(note.currency.as_ref()).map(|(amount, currency)| money_of(amount, currency));
        let change = note.recommended.as_ref().map(|to| format!(" to {to}")).unwrap_or_default();
        let about = advice.resource_id.as_ref().map_or(advice.resource_type.as_str(), |id| id.as_str());
        let mut sources: Vec<&str> = advice.advice.iter().map(|note| source(note.source)).collect();
        sources.dedup();
        table.push(vec![
            Cell::text(saving.unwrap_or_else(|| "not said".to_owned())),
            Cell::text(format!("{:?}{change}", note.action)),
            Cell::text(about.to_owned()),
            Cell::text(advice.region_id.as_ref().map_or("", |region| region.as_str())),
            Cell::text(sources.join(", ")),
        ]);
    }
    if !section.others.is_empty() {
        blocks.push(Block::Table(table));
    }
}

/// What promises most, of several sources' advice on the same.
fn greatest(advice: &OtherAdvice) -> Option<&AdviceNote> {
    advice.advice.iter().max_by_key(|note| note.monthly_savings.unwrap_or(Decimal::MIN))
}

const fn source(source: AdviceSource) -> &'static str {
    match source {
        AdviceSource::CostOptimizationHub => "Cost Optimization Hub",
        AdviceSource::ComputeOptimizer => "Compute Optimizer",
        AdviceSource::TrustedAdvisor => "Trusted Advisor",
        AdviceSource::CostExplorer => "Cost Explorer",
    }
}

#[cfg(test)]
mod tests {
    use finops_domain::advice::{AdviceSort, AdvisedAction};

    use super::*;
    use crate::{Format, render, sample};

    #[test]
    fn advice_is_shown_dearest_first_and_a_resource_cannot_write_to_the_terminal() {
        let note = |saving: i64| AdviceNote {
            source: AdviceSource::ComputeOptimizer,
            advice_id: "a-1".to_owned(),
            action: AdvisedAction::Rightsize,
            current: None,
            recommended: Some("m6g.large".to_owned()),
            monthly_savings: Some(Decimal::from(saving)),
            currency: Some("USD".into()),
            is_after_discounts: true,
            lookback_days: Some(14),
            reasons: Vec::new(),
            measured: std::collections::BTreeMap::new(),
            difference: None,
        };
        let advice = |id: &str, saving| OtherAdvice {
            resource_id: Some(id.into()),
            resource_kind: None,
            resource_type: "Ec2Instance".to_owned(),
            account_id: None,
            region_id: Some("eu-west-1".into()),
            sort: AdviceSort::Change,
            same_resource: Vec::new(),
            advice: vec![note(saving)],
        };
        let mut report = sample::report();
        report.native_advice.others = vec![advice("i-cheap", 5), advice("i-dear\u{1b}[31m", 70)];
        let text = render(&report, Format::Table, &RenderOptions { width: 200, ..RenderOptions::default() }).unwrap();
        let (dear, cheap) = (text.find("i-dear").unwrap(), text.find("i-cheap").unwrap());
        assert!(dear < cheap && text.contains("Rightsize to m6g.large") && text.contains("Compute Optimizer"), "{text}");
        assert!(!text.contains("\u{1b}[31m"));
    }
}
