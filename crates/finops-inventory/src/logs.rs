//! CloudWatch Logs, and what stands in CloudWatch.

mod alarms;
mod groups;

use finops_aws::operations::cloudwatch_alarms::{DESCRIBE_ALARMS, LIST_DASHBOARDS, LIST_METRIC_STREAMS};
use finops_aws::operations::logs::DESCRIBE_LOG_GROUPS;

use crate::lister::Lister;

pub(crate) const LISTERS: &[Lister] = &[
    Lister { service: "logs", is_global: false, operations: &[&DESCRIBE_LOG_GROUPS], list: |place| Box::pin(groups::log_groups(place)) },
    Lister { service: "cloudwatch", is_global: false, operations: &[&DESCRIBE_ALARMS], list: |place| Box::pin(alarms::alarms(place)) },
    // Dashboards are of no region, alarms are: the lister asks in one region only.
    Lister { service: "cloudwatch", is_global: false, operations: &[&LIST_DASHBOARDS], list: |place| Box::pin(alarms::dashboards(place)) },
    Lister {
        service: "cloudwatch",
        is_global: false,
        operations: &[&LIST_METRIC_STREAMS],
        list: |place| Box::pin(alarms::metric_streams(place)),
    },
];
