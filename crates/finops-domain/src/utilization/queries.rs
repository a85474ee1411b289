//! Which metrics are worth asking for, read off the catalog.

use std::sync::Arc;

use super::UtilizationQuery;
use crate::catalog::{Arn, Bought, Catalog, MetricFacts, ResourceKindFacts};
use crate::resource::Resource;

/// The catalog's activity and saturation metrics of a resource, each once; none of a kind without metrics.
///
/// ```
/// use finops_domain::{resource::Resource, utilization::queries_of};
/// let queue = Resource::new("arn:aws:sqs:eu-west-1:111122223333:jobs", "sqs:", "111122223333".into(), Some("eu-west-1".into()));
/// let queries = queries_of(&queue);
/// assert!(queries.iter().all(|query| query.dimensions == [("QueueName".into(), "jobs".into())]));
/// assert!(queries.iter().any(|query| &*query.metric_name == "NumberOfMessagesSent"));
/// ```
pub fn queries_of(resource: &Resource) -> Vec<UtilizationQuery> {
    let catalog = Catalog::embedded();
    let recognized = catalog.recognize_resource_id(resource.resource_id.as_str()).and_then(|found| found.kind);
    let Some(kind) = recognized.or_else(|| catalog.resource_kind(resource.kind.as_str())) else { return Vec::new() };
    if kind.activity.is_empty() && kind.saturation.is_empty() {
        return Vec::new();
    }
    let (dimensions, open_dimensions) = dimensions_of(kind, resource);
    let query = |facts: &MetricFacts, metric: &str| UtilizationQuery {
        resource_id: resource.resource_id.clone(),
        namespace: facts.namespace.into(),
        metric_name: metric.into(),
        dimensions: dimensions.clone(),
        open_dimensions: open_dimensions.clone(),
        statistic: facts.statistic.into(),
        period_seconds: facts.period_seconds,
    };
    let mut queries: Vec<UtilizationQuery> = kind.activity.iter().map(|facts| query(facts, facts.metric)).collect();
    for facts in kind.saturation {
        queries.push(query(facts, facts.metric));
        if let Some(Bought::Metric(name)) = facts.bought {
            queries.push(query(facts, name));
        }
    }
    queries.sort();
    queries.dedup();
    queries
}

type Dimensions = (Vec<(Arc<str>, Arc<str>)>, Vec<Arc<str>>);

/// The dimensions that the resource's own ARN fills, and the names of the others.
fn dimensions_of(kind: &ResourceKindFacts, resource: &Resource) -> Dimensions {
    let id = resource.resource_id.as_str();
    let variables = arn_variables(kind, id);
    let last = variables.last().map_or_else(|| id.rsplit(['/', ':']).next().unwrap_or(id), |(_, value)| *value);
    let (mut known, mut open) = (Vec::new(), Vec::new());
    for (index, &name) in kind.dimensions.iter().enumerate() {
        let by_name = || variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned());
        let value = match (index, kind.dimension_value) {
            // What the ARN does not hold is the name: a database proxy's ARN has its id.
            (0, Some(template)) => Some(fill(template, &variables))
                .filter(|value| !value.contains('{'))
                .or_else(|| resource.name.as_deref().map(str::to_owned)),
            (0, None) => Some(last.to_owned()),
            // CloudFront publishes under one region name for all.
            _ if name == "Region" && resource.region_id.is_none() => Some("Global".to_owned()),
            _ => by_name(),
        };
        match value {
            Some(value) => known.push((name.into(), value.into())),
            None => open.push(name.into()),
        }
    }
    (known, open)
}

/// The parts of an ARN by the variables of the kind's shape, in order; none for a resource whose id is no ARN.
fn arn_variables<'a>(kind: &ResourceKindFacts, id: &'a str) -> Vec<(&'static str, &'a str)> {
    let (Some(shape), Ok(arn)) = (kind.arn, Arn::parse(id)) else { return Vec::new() };
    let mut variables =
        vec![("Partition", arn.partition), ("Region", arn.region.unwrap_or_default()), ("Account", arn.account.unwrap_or_default())];
    let Some(shape) = shape.splitn(6, ':').nth(5) else { return variables };
    let names: Vec<&str> = shape.split(['/', ':']).filter(|part| !part.is_empty()).collect();
    let mut rest = arn.resource.trim_start_matches('/');
    for (index, part) in names.iter().enumerate() {
        let is_last = index + 1 == names.len();
        let (value, after) = if is_last { (rest, "") } else { rest.split_once(['/', ':']).unwrap_or((rest, "")) };
        rest = after;
        if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            // A log group's ARN may end in `:*`, which is no part of its name.
            variables.push((name, value.strip_suffix(":*").unwrap_or(value)));
        }
    }
    variables
}

fn fill(template: &str, variables: &[(&str, &str)]) -> String {
    variables.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dimensions(arn: &str, kind: &str) -> Dimensions {
        let kind = Catalog::embedded().resource_kind(kind).unwrap();
        let mut resource = Resource::new(arn, kind.kind, "111122223333".into(), Some("eu-west-1".into()));
        resource.name = Some("its-name".into());
        dimensions_of(kind, &resource)
    }

    fn known(arn: &str, kind: &str) -> Vec<String> {
        dimensions(arn, kind).0.iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn the_arn_gives_the_dimensions() {
        let instance = known("arn:aws:ec2:eu-west-1:111122223333:instance/i-1", "ec2:instance");
        assert_eq!(instance, ["InstanceId=i-1"]);
        let arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c49";
        assert_eq!(known(arn, "elasticloadbalancing:loadbalancer/app"), ["LoadBalancer=app/web/50dc6c49"]);
        let arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*";
        assert_eq!(known(arn, "logs:log-group"), ["LogGroupName=/aws/lambda/f"]);
        let arn = "arn:aws:ecs:eu-west-1:111122223333:service/main/web";
        assert_eq!(known(arn, "ecs:service"), ["ClusterName=main", "ServiceName=web"]);
        let arn = "arn:aws:states:eu-west-1:111122223333:stateMachine:m";
        assert_eq!(known(arn, "states:stateMachine"), [format!("StateMachineArn={arn}")]);
    }

    #[test]
    fn what_the_arn_does_not_say_is_left_open() {
        let (known, open) = dimensions("arn:aws:kafka:eu-west-1:111122223333:cluster/events/uuid-1", "kafka:cluster");
        assert_eq!(known, [("Cluster Name".into(), "events".into())]);
        assert_eq!(open, ["Broker ID".into()]);
    }

    #[test]
    fn every_kind_with_metrics_has_the_value_of_its_first_dimension() {
        let kinds = Catalog::embedded().services().iter().flat_map(|service| service.resources);
        for kind in kinds.filter(|kind| !kind.activity.is_empty() || !kind.saturation.is_empty()) {
            let Some(arn) = kind.arn else { continue };
            let arn = arn.replace("{Partition}", "aws").replace("{Region}", "eu-west-1").replace("{Account}", "111122223333");
            let (known, _) = dimensions(&arn.replace(['{', '}'], ""), kind.kind);
            assert!(known.first().is_some_and(|(_, value)| !value.is_empty() && !value.contains('{')), "{}: {known:?}", kind.kind);
        }
    }
}
