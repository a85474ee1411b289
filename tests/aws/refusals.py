"""How each family of AWS services says no: the code and status differ by protocol and service, the fault is the same."""

from __future__ import annotations

import datetime
from typing import Any

import wire

# Throttling. EC2: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
# S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
# Lambda: https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html
# the rest: each service's page of common errors.
THROTTLED = {
    "ec2": ("RequestLimitExceeded", 503, "Request limit exceeded."),
    "s3": ("SlowDown", 503, "Please reduce your request rate."),
    "lambda": ("TooManyRequestsException", 429, "Rate Exceeded."),
    "organizations": (
        "TooManyRequestsException",
        400,
        "AWS Organizations can't complete your request because another request is in progress.",
    ),
    "ce": ("LimitExceededException", 400, "You made too many calls in a short period of time. Try again later."),
    "cloudwatch": ("Throttling", 400, "Rate exceeded"),
}
THROTTLED_BY_PROTOCOL = {
    "query": ("Throttling", 400, "Rate exceeded"),
    "rest-xml": ("Throttling", 400, "Rate exceeded"),
    "rest-json": ("ThrottlingException", 429, "Rate exceeded"),
    "json": ("ThrottlingException", 400, "Rate exceeded"),
    wire.CBOR: ("ThrottlingException", 400, "Rate exceeded"),
}

EXPIRED_BY_PROTOCOL = {
    "ec2": ("RequestExpired", 400, "Request has expired."),
    "query": ("ExpiredToken", 403, "The security token included in the request is expired"),
    "rest-xml": ("ExpiredToken", 400, "The provided token has expired."),
    "rest-json": ("ExpiredTokenException", 403, "The security token included in the request is expired"),
    "json": ("ExpiredTokenException", 400, "The security token included in the request is expired"),
    wire.CBOR: ("ExpiredTokenException", 400, "The security token included in the request is expired"),
}

DENIED_BY_PROTOCOL = {
    "ec2": ("UnauthorizedOperation", 403),
    "query": ("AccessDenied", 403),
    "rest-xml": ("AccessDenied", 403),
    "rest-json": ("AccessDeniedException", 403),
    "json": ("AccessDeniedException", 400),
    wire.CBOR: ("AccessDeniedException", 400),
}

# A region that the account has not opted in to does not know the credentials.
# https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
UNRECOGNISED_BY_PROTOCOL = {
    "ec2": ("AuthFailure", 401, "AWS was not able to validate the provided access credentials"),
    "query": ("InvalidClientTokenId", 403, "The security token included in the request is invalid."),
    "rest-xml": ("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."),
    "rest-json": ("UnrecognizedClientException", 403, "The security token included in the request is invalid."),
    "json": ("UnrecognizedClientException", 400, "The security token included in the request is invalid."),
    wire.CBOR: ("UnrecognizedClientException", 400, "The security token included in the request is invalid."),
}

SKEWED = "The difference between the request time and the current time is too large."


def refusal(kind: str, asked: wire.Asked, rule: dict[str, Any], account: str) -> wire.Answer:
    """The answer for one of the faults in which AWS refuses; `code`, `message` and `status` of the rule win over the defaults."""
    headers: dict[str, str] = {}
    if kind == "throttle":
        code, status, message = THROTTLED.get(asked.service) or THROTTLED_BY_PROTOCOL[asked.protocol]
        if "retry_after_seconds" in rule:
            seconds = rule["retry_after_seconds"]
            # Smithy's SDKs read the first, in milliseconds; HTTP's own is in whole seconds.
            headers = {"x-amz-retry-after": str(int(seconds * 1000)), "Retry-After": str(max(int(seconds), 1))}
    elif kind == "http500":
        code, status, message = "InternalFailure", 500, "An internal error has occurred"
    elif kind == "http503":
        code, status, message = "ServiceUnavailable", 503, "Service is unable to handle request."
    elif kind == "expired":
        code, status, message = EXPIRED_BY_PROTOCOL[asked.protocol]
    elif kind == "denied":
        code, status = DENIED_BY_PROTOCOL[asked.protocol]
        who = f"arn:aws:sts::{account}:assumed-role/finops/analysis"
        message = (
            f"User: {who} is not authorized to perform: {asked.action} because no identity-based policy allows the {asked.action} action"
        )
        if asked.protocol == "ec2":
            message = f"You are not authorized to perform this operation. {message}"
    elif kind == "region_refuses":
        code, status, message = UNRECOGNISED_BY_PROTOCOL[asked.protocol]
    elif kind == "opt_in_required":
        code, status, message = (
            "OptInRequired",
            403,
            "You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.",
        )
    elif kind == "skew_refused":
        code, status, message = "RequestTimeTooSkewed", 403, SKEWED
        headers = skewed_date(rule)
    else:
        raise ValueError(f"{kind!r} is no fault")
    return wire.error(asked, rule.get("code", code), rule.get("message", message), rule.get("status", status), headers)


def skewed_date(rule: dict[str, Any]) -> dict[str, str]:
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=rule.get("hours", 5))
    return {"Date": moment.strftime("%a, %d %b %Y %H:%M:%S GMT")}
