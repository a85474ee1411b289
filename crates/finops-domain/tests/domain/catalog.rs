//! What users of the catalog rely on: its counts, and that what AWS writes is recognised.
use std::collections::{BTreeMap, BTreeSet};

use finops_domain::catalog::{Arn, Catalog, Category, EntryKind, Service, ServiceState};
use finops_domain::checks;

fn catalog() -> &'static Catalog {
    Catalog::embedded()
}

/// The mission's 268 names, as the original program spells them.
const MISSION: &str = include_str!("mission_services.txt");

#[test]
fn every_service_of_the_mission_has_an_entry() {
    let names: Vec<(&str, &str)> = MISSION.lines().filter_map(|line| line.split_once('\t')).collect();
    let missing: Vec<_> = names.iter().filter(|(name, _)| catalog().service(name).is_none()).collect();
    let categories: BTreeSet<_> = names.iter().map(|(_, category)| category).collect();
    println!("mission: {} names in {} categories, {} missing", names.len(), categories.len(), missing.len());
    assert_eq!((names.len(), missing), (268, Vec::new()));
    for (name, category) in &names {
        let named = |service: &&Service| service.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name));
        let services: Vec<&str> = catalog().services().iter().filter(named).map(|service| service.id).collect();
        assert!(services.len() <= 1, "{name} is an alias of {services:?}");
        assert!(Category::ALL.iter().any(|known| known.name() == *category), "{category}");
    }
}

#[test]
fn the_counts_hold() {
    let services = catalog().services();
    let mut by_entry: BTreeMap<EntryKind, usize> = BTreeMap::new();
    for service in services {
        *by_entry.entry(service.entry).or_default() += 1;
    }
    let checked = services.iter().filter(|service| service.checked.is_some()).count();
    let kinds = services.iter().map(|service| service.resources.len()).sum::<usize>();
    let measured = services.iter().flat_map(|service| service.resources).filter(|kind| !kind.activity.is_empty()).count();
    let ended = services.iter().filter(|service| service.status.state != ServiceState::Active).count();
    println!("catalog: {} entries {by_entry:?}", services.len());
    println!(
        "catalog: {checked} checked by hand, {kinds} resource kinds, {measured} with activity metrics, {ended} closed, ending or ended"
    );
    for category in Category::ALL {
        println!("  {:3} {}", services.iter().filter(|service| service.category == category).count(), category.name());
    }
    assert!(services.len() >= 400);
    assert!(checked >= 120);
}

#[test]
fn parents_are_services_and_levers_name_checks_that_exist() {
    for service in catalog().services() {
        if let Some(parent) = service.parent {
            let parent = catalog().service(parent).unwrap();
            assert!(parent.parent.is_none(), "{} is part of {}, which is itself part of another", service.id, parent.id);
        }
        for id in service.levers.iter().flat_map(|lever| lever.check_ids) {
            assert!(checks::find(id).is_some(), "{}: there is no check {id}", service.id);
        }
    }
}

#[test]
fn every_kind_is_recognised_by_its_own_arn_in_every_partition() {
    for service in catalog().services() {
        for kind in service.resources {
            let Some(shape) = kind.arn else { continue };
            for partition in ["aws", "aws-cn", "aws-us-gov"] {
                let text = filled(shape, partition);
                let found = catalog().recognize_arn(&Arn::parse(&text).unwrap()).unwrap();
                assert_eq!(found.kind.map(|kind| kind.kind), Some(kind.kind), "{text}");
            }
        }
    }
}

/// The shape with something in place of each variable.
fn filled(shape: &str, partition: &str) -> String {
    let mut text = String::new();
    let mut rest = shape;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap();
        text.push_str(before);
        match name {
            "Partition" => text.push_str(partition),
            "Region" => text.push_str("eu-west-1"),
            "Account" => text.push_str("111122223333"),
            _ => text.push_str("x1"),
        }
        rest = after;
    }
    text + rest
}

#[test]
fn the_odd_arns_are_recognised() {
    for (arn, service, kind) in [
        ("arn:aws:s3:::my-bucket", "s3", "s3:bucket"),
        ("arn:aws:s3:::my-bucket/a/key", "s3", "s3:bucket"),
        ("arn:aws:iam::111122223333:role/service-role/x", "iam", "iam:role"),
        ("arn:aws:apigateway:eu-west-1::/restapis/a1b2", "apigateway", "apigateway:restapis"),
        ("arn:aws:apigateway:eu-west-1::/restapis/a1b2/stages/prod", "apigateway", "apigateway:restapis/stages"),
        (
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188",
            "elb",
            "elasticloadbalancing:loadbalancer/app",
        ),
        (
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/tcp/50dc6c495c0c9188",
            "elb",
            "elasticloadbalancing:loadbalancer/net",
        ),
        (
            "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/gwy/fw/50dc6c495c0c9188",
            "elb",
            "elasticloadbalancing:loadbalancer/gwy",
        ),
        ("arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/classic", "elb", "elasticloadbalancing:loadbalancer"),
        ("arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*", "logs", "logs:log-group"),
        ("arn:aws:sns:eu-west-1:111122223333:alerts", "sns", "sns:topic"),
        ("arn:aws:sqs:eu-west-1:111122223333:jobs", "sqs", "sqs:queue"),
        ("arn:aws:lambda:eu-west-1:111122223333:function:f:live", "lambda", "lambda:function"),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/orders", "dynamodb", "dynamodb:table"),
        ("arn:aws:rds:eu-west-1:111122223333:db:orders", "rds", "rds:db"),
        ("arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1b", "ec2", "ec2:instance"),
        ("arn:aws-us-gov:ec2:us-gov-west-1:111122223333:volume/vol-0a1b", "ec2", "ec2:volume"),
        ("arn:aws:ecs:eu-west-1:111122223333:service/cluster/web", "ecs", "ecs:service"),
        ("arn:aws:cloudfront::111122223333:distribution/E1ABC", "cloudfront", "cloudfront:distribution"),
        ("arn:aws:route53:::hostedzone/Z1", "route53", "route53:hostedzone"),
    ] {
        let found = catalog().recognize_arn(&Arn::parse(arn).unwrap()).unwrap();
        assert_eq!((catalog().root(found.service).id, found.kind.map(|kind| kind.kind)), (service, Some(kind)), "{arn}");
    }
}

#[test]
fn a_known_namespace_with_an_unknown_type_is_still_its_service() {
    let found = catalog().recognize_arn(&Arn::parse("arn:aws:ec2:eu-west-1:111122223333:new-thing/1").unwrap()).unwrap();
    assert_eq!((found.service.id, found.kind), ("ec2", None));
    assert!(catalog().recognize_arn(&Arn::parse("arn:aws:no-such-service:::x").unwrap()).is_none());
}

#[test]
fn bills_and_cost_explorer_are_recognised() {
    for (code, name, usage_type, root) in [
        (Some("AmazonEC2"), None, Some("USE1-BoxUsage:m5.large"), "ec2"),
        (Some("amazons3"), None, Some("EUC1-TimedStorage-ByteHrs"), "s3"),
        (None, Some("EC2 - Other"), None, "ec2"),
        (None, Some("Amazon Elastic Compute Cloud - Compute"), None, "ec2"),
        (None, Some("AWS Key Management Service"), None, "kms"),
        (None, Some("Claude Sonnet 4 (Amazon Bedrock Edition)"), None, "bedrock"),
        (Some("AWSDataTransfer"), None, Some("USE1-EUW1-AWS-Out-Bytes"), "ec2"),
    ] {
        let found = catalog().recognize_charge(code, name, usage_type).map(|found| catalog().root(found.service).id);
        assert_eq!(found, Some(root), "{code:?} {name:?} {usage_type:?}");
    }
    assert!(catalog().recognize_charge(Some("Kestrel"), Some("Kestrel Observability"), None).is_none());
}
