//! Compute Optimizer. It answers in each region for what is there.
//!
//! Source: <https://docs.aws.amazon.com/general/latest/gr/compute-optimizer.html>, read 2026-11-24.

mod said;

use aws_sdk_computeoptimizer::types::Status;
use finops_aws::client;
use finops_aws::error::port_error;
use finops_aws::operations::computeoptimizer as operations;
use finops_aws::place::Place;
use finops_domain::coverage::CoverageStatus;
use finops_domain::ports::{Gap, PortErrorKind};
use futures::future::join_all;

use crate::collect::Heard;

/// Switches it on, for this account.
const REMEDY: &str = "aws compute-optimizer update-enrollment-status --status Active";

/// Pages that a list may have.
const MAX_PAGES: usize = 10_000;

/// What Compute Optimizer says of an account in its regions.
pub(crate) async fn hear(places: &[Place]) -> Heard {
    let mut heard = Heard::default();
    let Some(first) = places.first() else { return heard };
    if is_on(first, &mut heard).await {
        for one in join_all(places.iter().map(hear_region)).await {
            heard.extend(one);
        }
    }
    heard
}

/// Whether it is switched on, which holds for all regions; what is against it is a gap.
async fn is_on(place: &Place, heard: &mut Heard) -> bool {
    let operation = &operations::GET_ENROLLMENT_STATUS;
    let status = match client!(aws_sdk_computeoptimizer, place).get_enrollment_status().send().await {
        Ok(answer) => answer.status,
        Err(error) => {
            let mut error = port_error(operation, place, error);
            if error.kind == PortErrorKind::NotEnabled {
                error.remedy = Some(REMEDY.to_owned());
            }
            heard.fail(&error);
            return false;
        }
    };
    match status {
        Some(Status::Active) => return true,
        Some(Status::Pending) => {
            let reason = format!("Compute Optimizer is being switched on in {}", place.account);
            heard.is_off(operation, reason, Some("run again when it has looked at the account, within a day"));
        }
        _ => heard.is_off(operation, format!("Compute Optimizer is not switched on in {}", place.account), Some(REMEDY)),
    }
    false
}

/// Reads a list page by page: the SDK has no paginators for these.
macro_rules! every_page {
    ($heard:ident, $place:ident, $operation:ident, $request:expr, |$page:ident| $each:expr) => {{
        let (request, mut token) = ($request, None::<String>);
        for _ in 0..MAX_PAGES {
            let answer = request.clone().set_next_token(token.clone()).send().await;
            let Some($page) = $heard.answer(&operations::$operation, $place, answer) else { break };
            $each;
            let next = $page.next_token().filter(|next| !next.is_empty()).map(str::to_owned);
            if next.is_some() && next == token {
                $heard.gaps.push(unread(operations::$operation.action, "the list does not end: the same page token came twice"));
                break;
            }
            token = next;
            if token.is_none() {
                break;
            }
        }
    }};
}

/// The same for an answer that may say what it could not read.
macro_rules! every_page_and_error {
    ($heard:ident, $place:ident, $operation:ident, $request:expr, |$page:ident| $each:expr) => {
        every_page!($heard, $place, $operation, $request, |$page| {
            $each;
            for error in $page.errors() {
                let of = error.identifier().unwrap_or_default();
                let reason = format!("{of}: {}: {}", error.code().unwrap_or_default(), error.message().unwrap_or_default());
                $heard.gaps.push(unread(operations::$operation.action, &reason));
            }
        })
    };
}

async fn hear_region(place: &Place) -> Heard {
    let client = client!(aws_sdk_computeoptimizer, place);
    let mut heard = Heard::default();
    every_page_and_error!(heard, place, GET_EC2_INSTANCE_RECOMMENDATIONS, client.get_ec2_instance_recommendations(), |page| {
        heard.advice.extend(page.instance_recommendations().iter().filter_map(said::instance));
    });
    every_page_and_error!(heard, place, GET_AUTO_SCALING_GROUP_RECOMMENDATIONS, client.get_auto_scaling_group_recommendations(), |page| {
        heard.advice.extend(page.auto_scaling_group_recommendations().iter().filter_map(said::auto_scaling_group));
    });
    every_page_and_error!(heard, place, GET_EBS_VOLUME_RECOMMENDATIONS, client.get_ebs_volume_recommendations(), |page| {
        heard.advice.extend(page.volume_recommendations().iter().filter_map(said::volume));
    });
    every_page!(heard, place, GET_LAMBDA_FUNCTION_RECOMMENDATIONS, client.get_lambda_function_recommendations(), |page| {
        heard.advice.extend(page.lambda_function_recommendations().iter().filter_map(said::function));
    });
    every_page_and_error!(heard, place, GET_ECS_SERVICE_RECOMMENDATIONS, client.get_ecs_service_recommendations(), |page| {
        heard.advice.extend(page.ecs_service_recommendations().iter().filter_map(said::ecs_service));
    });
    every_page_and_error!(heard, place, GET_RDS_DATABASE_RECOMMENDATIONS, client.get_rds_database_recommendations(), |page| {
        for database in page.rds_db_recommendations() {
            heard.advice.extend(said::database(database));
            heard.advice.extend(said::database_storage(database));
        }
    });
    every_page_and_error!(heard, place, GET_LICENSE_RECOMMENDATIONS, client.get_license_recommendations(), |page| {
        heard.advice.extend(page.license_recommendations().iter().filter_map(said::license));
    });
    every_page_and_error!(heard, place, GET_IDLE_RECOMMENDATIONS, client.get_idle_recommendations(), |page| {
        heard.advice.extend(page.idle_recommendations().iter().filter_map(said::idle));
    });
    // The lists say the region only within their ARNs, and a license's may be of a host.
    for advice in &mut heard.advice {
        advice.region_id.get_or_insert_with(|| place.region.clone());
        advice.sub_account_id.get_or_insert_with(|| place.account.clone());
    }
    heard
}

fn unread(operation: &str, reason: &str) -> Gap {
    Gap { operation: operation.to_owned(), status: CoverageStatus::Partial, reason: reason.to_owned(), remedy: None }
}
