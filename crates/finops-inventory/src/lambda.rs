//! Lambda functions.

use finops_aws::client;
use finops_aws::operations::lambda::LIST_FUNCTIONS;
use finops_aws::place::Place;
use finops_domain::resource::lambda::FunctionDetails;

use crate::lister::{Listed, Lister, count, described, text};

pub(crate) const LISTERS: &[Lister] =
    &[Lister { service: "lambda", is_global: false, operations: &[&LIST_FUNCTIONS], list: |place| Box::pin(functions(place)) }];

/// Greatest page: <https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html>.
const PAGE_SIZE: i32 = 50;

async fn functions(place: &Place) -> Listed {
    let mut listed = Listed::default();
    let pages = client!(aws_sdk_lambda, place).list_functions().max_items(PAGE_SIZE).into_paginator().send();
    listed
        .pages(&LIST_FUNCTIONS, place, pages, |page, resources| {
            for function in page.functions() {
                let Some(arn) = function.function_arn() else { continue };
                let details = FunctionDetails {
                    memory_mib: count(function.memory_size()).unwrap_or_default(),
                    timeout_seconds: count(function.timeout()).unwrap_or_default(),
                    runtime: text(function.runtime().map(aws_sdk_lambda::types::Runtime::as_str)),
                    architecture: text(function.architectures().first().map(aws_sdk_lambda::types::Architecture::as_str)),
                    package_type: text(function.package_type().map(aws_sdk_lambda::types::PackageType::as_str)),
                    temporary_storage_mib: function.ephemeral_storage().and_then(|storage| count(Some(storage.size()))),
                };
                let mut resource = described(place, arn, "lambda:function", details);
                resource.name = text(function.function_name());
                resources.push(resource);
            }
        })
        .await;
    listed
}
