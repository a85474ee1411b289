//! Load balancers of all four kinds, with their targets.

use std::collections::BTreeMap;

use aws_sdk_elasticloadbalancingv2::types::LoadBalancer;
use finops_aws::client;
use finops_aws::operations::load_balancing::{classic, v2};
use finops_aws::place::Place;
use finops_domain::resource::load_balancing::LoadBalancerDetails;
use finops_domain::resource::{Resource, ResourceDetails};
use futures::StreamExt;

use crate::lister::{Listed, Lister, described, text, timestamp};

pub(crate) const LISTERS: &[Lister] = &[
    Lister {
        service: "elb",
        is_global: false,
        operations: &[&v2::DESCRIBE_LOAD_BALANCERS, &v2::DESCRIBE_TARGET_GROUPS, &v2::DESCRIBE_TARGET_HEALTH],
        list: |place| Box::pin(balancers(place)),
    },
    Lister {
        service: "elb",
        is_global: false,
        operations: &[&classic::DESCRIBE_LOAD_BALANCERS],
        list: |place| Box::pin(classic_balancers(place)),
    },
];

/// Greatest page of all these lists: <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html>.
const PAGE_SIZE: i32 = 400;
/// Target groups that are asked for their targets at the same time: there is no list for several.
const CONCURRENT_GROUPS: usize = 8;

/// How many target groups a balancer has; and how many targets, healthy ones among them, where all of those could be read.
type Targets = (u32, Option<(u32, u32)>);

async fn balancers(place: &Place) -> Listed {
    let client = client!(aws_sdk_elasticloadbalancingv2, place);
    let mut listed = Listed::default();
    let pages = client.describe_load_balancers().page_size(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&v2::DESCRIBE_LOAD_BALANCERS, place, pages, |page, resources| {
            resources.extend(page.load_balancers().iter().filter_map(|balancer| balancer_of(place, balancer)));
        })
        .await;
    if listed.resources.is_empty() {
        return listed;
    }
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    let pages = client.describe_target_groups().page_size(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&v2::DESCRIBE_TARGET_GROUPS, place, pages, |page, _| {
            let used = page.target_groups().iter().filter(|group| !group.load_balancer_arns().is_empty());
            groups.extend(used.filter_map(|group| Some((group.target_group_arn()?.to_owned(), group.load_balancer_arns().to_vec()))));
        })
        .await;
    let (groups, balancers): (Vec<String>, Vec<Vec<String>>) = groups.into_iter().unzip();
    let asked: Vec<_> = groups.into_iter().map(|group| client.describe_target_health().target_group_arn(group).send()).collect();
    let answers: Vec<_> = futures::stream::iter(asked).buffered(CONCURRENT_GROUPS).collect().await;
    let mut targets: BTreeMap<&str, Targets> = BTreeMap::new();
    for (balancers, answer) in balancers.iter().zip(answers) {
        let health = listed.answer(&v2::DESCRIBE_TARGET_HEALTH, place, answer).map(|answer| {
            let states = answer.target_health_descriptions().iter();
            let healthy = states
                .clone()
                .filter(|target| target.target_health().and_then(|health| health.state()).is_some_and(|state| state.as_str() == "healthy"));
            (to_count(states.len()), to_count(healthy.count()))
        });
        for balancer in balancers {
            let sum = targets.entry(balancer).or_insert((0, Some((0, 0))));
            sum.0 += 1;
            sum.1 = sum.1.zip(health).map(|((all, healthy), (more, more_healthy))| (all + more, healthy + more_healthy));
        }
    }
    for resource in &mut listed.resources {
        let found = targets.get(resource.resource_id.as_str()).copied().unwrap_or((0, Some((0, 0))));
        if let Some(ResourceDetails::LoadBalancer(details)) = resource.details.as_deref_mut() {
            details.target_groups = found.0;
            details.targets = found.1.map(|(all, _)| all);
            details.healthy_targets = found.1.map(|(_, healthy)| healthy);
        }
    }
    listed
}

fn to_count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn balancer_of(place: &Place, balancer: &LoadBalancer) -> Option<Resource> {
    let arn = balancer.load_balancer_arn()?;
    let balancer_type =
        text(balancer.r#type().map(aws_sdk_elasticloadbalancingv2::types::LoadBalancerTypeEnum::as_str)).unwrap_or_default();
    let kind = match &*balancer_type {
        "network" => "elasticloadbalancing:loadbalancer/net",
        "gateway" => "elasticloadbalancing:loadbalancer/gwy",
        _ => "elasticloadbalancing:loadbalancer/app",
    };
    let details = LoadBalancerDetails {
        balancer_type,
        state: text(
            balancer.state().and_then(|state| state.code()).map(aws_sdk_elasticloadbalancingv2::types::LoadBalancerStateEnum::as_str),
        ),
        scheme: text(balancer.scheme().map(aws_sdk_elasticloadbalancingv2::types::LoadBalancerSchemeEnum::as_str)),
        ..LoadBalancerDetails::default()
    };
    let mut resource = described(place, arn, kind, details);
    resource.name = text(balancer.load_balancer_name());
    resource.created_at = balancer.created_time().and_then(timestamp);
    Some(resource)
}

async fn classic_balancers(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_elasticloadbalancing, place).describe_load_balancers().page_size(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&classic::DESCRIBE_LOAD_BALANCERS, place, pages, |page, resources| {
            for balancer in page.load_balancer_descriptions() {
                let Some(name) = balancer.load_balancer_name() else { continue };
                let details = LoadBalancerDetails {
                    balancer_type: "classic".into(),
                    state: None,
                    scheme: text(balancer.scheme()),
                    target_groups: 0,
                    targets: Some(to_count(balancer.instances().len())),
                    healthy_targets: None,
                };
                let arn = place.arn("elasticloadbalancing", &format!("loadbalancer/{name}"));
                let mut resource = described(place, arn, "elasticloadbalancing:loadbalancer", details);
                resource.name = text(Some(name));
                resource.created_at = balancer.created_time().and_then(timestamp);
                resources.push(resource);
            }
        })
        .await;
    listed
}
