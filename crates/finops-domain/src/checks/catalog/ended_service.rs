//! Spend on services that AWS has ended or says when it will.

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Service, ServiceState};
use crate::charge::ChargeGroup;
use crate::checks::part::{Part, Place};
use crate::checks::{Check, CheckContext, CheckMeta, CheckOutput, Effort, Parameter, Risk};
use crate::finding::FindingDraft;
use crate::id::{ServiceCode, ServiceName};

#[derive(Debug)]
pub(in crate::checks) struct EndedService;

static META: CheckMeta = CheckMeta {
    id: "catalog.ended-service",
    title: "Spend on a service that has ended or will",
    why: "What runs on a service that AWS ends stops on that day, or is moved in a hurry. Its spend says how much is still to be moved; where the service has ended already, the charge is worth a question to AWS.",
    source: "https://aws.amazon.com/products/lifecycle/",
    source_as_of: "2026-11-24",
    services: &[],
    parameters: &[Parameter { name: "min_monthly_cost", default: "1", unit: "currency/month", about: "Spend below this is left out." }],
    saving: "None: it is to be moved, not saved.",
    risk: Risk::Medium,
    risk_note: "Doing nothing is what is risky here.",
    effort: Effort::High,
    steps: &[
        "Find what uses the service: its resources, and CloudTrail for who calls it.",
        "Plan the move to what AWS recommends instead (`finops services show` names it), with the end date in mind.",
        "Where it is not needed any more, export what has to be kept and delete it.",
    ],
    rollback: "Until the end date the old resources can be kept beside the new ones.",
};

impl Check for EndedService {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, context: &CheckContext<'_>) -> CheckOutput {
        let mut parts: BTreeMap<(&str, Place), (&'static Service, Part<'_>)> = BTreeMap::new();
        for line in context.usage() {
            let Some(service) = ended(line) else { continue };
            parts.entry((service.id, Place::of(&line.key))).or_insert_with(|| (service, Part::default())).1.lines.push(line);
        }
        let mut output = CheckOutput::default();
        for ((_, place), (service, part)) in parts {
            if context.window.to_month(part.cost()) >= context.parameter("min_monthly_cost") {
                output.findings.push(draft(service, &place, &part));
            }
        }
        output
    }
}

/// The service of a line, where it has ended or will.
fn ended(line: &ChargeGroup) -> Option<&'static Service> {
    let code = line.key.service_code.as_ref().map(ServiceCode::as_str);
    let name = line.key.service_name.as_ref().map(ServiceName::as_str);
    let service = Catalog::embedded().recognize_charge(code, name, line.key.usage_type.as_deref())?.service;
    matches!(service.status.state, ServiceState::Retired | ServiceState::EndOfSupportAnnounced).then_some(service)
}

fn draft(service: &Service, place: &Place, part: &Part<'_>) -> FindingDraft {
    let when = service.status.date.map_or(String::new(), |date| format!(" on {date}"));
    let what = if service.status.state == ServiceState::Retired { "has ended" } else { "will end" };
    let instead = service.status.replacement.map_or(String::new(), |replacement| format!("; AWS names instead: {replacement}"));
    part.investigation(place, &format!("ended {}", service.id), format!("{} {what}{when}{instead}", service.name), Vec::new())
}

#[cfg(test)]
mod tests {
    use crate::checks::testing::{run, usage};

    #[test]
    fn spend_on_a_retired_service_is_a_question() {
        let run = run("catalog.ended-service", &[usage("AmazonQLDB", "IOUsage", "100", "12"), usage("AmazonS3", "TimedStorage-ByteHrs", "1", "9")]);
        assert_eq!(run.findings.len(), 1);
        assert!(run.findings[0].title.contains("QLDB") && run.findings[0].title.contains("has ended on 2025-07-31"), "{}", run.findings[0].title);
        assert!(run.findings[0].savings.is_none());
    }

    #[test]
    fn a_few_cents_are_none() {
        assert!(run("catalog.ended-service", &[usage("AmazonQLDB", "IOUsage", "1", "0.2")]).findings.is_empty());
    }
}
