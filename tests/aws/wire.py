"""What travels between an AWS SDK and a service: which operation a request asks for, and how an answer is written.

Operations, shapes and protocols come from botocore's service models, so that nothing here can drift from what AWS documents.
A request says itself which protocol it speaks; answers go back in the same one. The AWS SDK for Rust speaks rpc-v2-cbor to
CloudWatch and Compute Optimizer, where botocore prefers JSON.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import json
import math
import re
import struct
import uuid
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

import botocore.session
import botocore.utils
from botocore.awsrequest import HeadersDict
from botocore.parsers import RpcV2CBORParser, create_parser
from botocore.serialize import RpcV2CBORSerializer
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS as REQUEST_PARSERS
from moto.core.serialize import SerializationContext, get_serializer_class
from werkzeug.datastructures import MultiDict

CBOR = "smithy-rpc-v2-cbor"

# Names in the credential scope that are not botocore's name of the service.
SERVICES_BY_SIGNING_NAME = {
    "apigateway": ["apigateway", "apigatewayv2"],
    "bedrock": ["bedrock", "bedrock-runtime", "bedrock-agent", "bedrock-agent-runtime"],
    "cloudcontrolapi": ["cloudcontrol"],
    "elasticfilesystem": ["efs"],
    "elasticloadbalancing": ["elbv2", "elb"],
    "elasticmapreduce": ["emr"],
    "es": ["opensearch", "es"],
    "monitoring": ["cloudwatch"],
    "s3": ["s3", "s3control"],
    "states": ["stepfunctions"],
    "tagging": ["resourcegroupstaggingapi"],
}

# IAM's prefix where it is not the signing name.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
IAM_PREFIXES = {"monitoring": "cloudwatch", "tagging": "tag", "cloudcontrolapi": "cloudformation"}


class NotUnderstood(Exception):
    """A request that no service model explains."""


@dataclasses.dataclass
class Request:
    """One HTTP request, as it arrived."""

    method: str
    target: str
    headers: HeadersDict
    body: bytes
    # The connection that it came on, for those who end it.
    handler: Any = None

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @functools.cached_property
    def query(self) -> MultiDict:
        return MultiDict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @functools.cached_property
    def form(self) -> MultiDict:
        if not self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return MultiDict()
        return MultiDict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @functools.cached_property
    def scope(self) -> tuple[str, str, str]:
        """Access key, region and signing name of the signature's credential scope; empty where a request is not signed."""
        signed = re.search(r"Credential=([^/,\s]+)/\d+/([^/]+)/([^/]+)/aws4_request", self.headers.get("authorization", ""))
        return signed.groups() if signed else ("", "", "")


@dataclasses.dataclass
class Asked:
    """What a request asks for."""

    service: str
    operation: str
    protocol: str
    region: str
    access_key: str
    signing_name: str
    model: OperationModel
    url_params: dict[str, str]

    @property
    def action(self) -> str:
        """The IAM action, as far as it follows from the names."""
        return f"{IAM_PREFIXES.get(self.signing_name, self.signing_name)}:{self.operation}"


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


@functools.cache
def service_model(service: str) -> ServiceModel:
    description = _session().get_component("data_loader").load_service_model(service, "service-2")
    return ServiceModel(description, service)


@functools.cache
def paginators(service: str) -> dict[str, Any]:
    """botocore's paging rules by operation: which member is the token, which holds the items."""
    try:
        return _session().get_component("data_loader").load_service_model(service, "paginators-1")["pagination"]
    except Exception:  # botocore raises different ones for services that have no paging
        return {}


def _candidates(request: Request) -> list[ServiceModel]:
    signing_name = request.scope[2]
    if not signing_name and "Action" in request.form:
        signing_name = "sts"
    models = []
    for service in SERVICES_BY_SIGNING_NAME.get(signing_name, [signing_name]):
        try:
            models.append(service_model(service))
        except Exception as error:
            raise NotUnderstood(f"no service is signed as {signing_name!r}") from error
    return models


def identify(request: Request) -> Asked:
    """Which operation of which service, in which protocol."""
    access_key, region, signing_name = request.scope
    for model in _candidates(request):
        found = _operation(request, model)
        if found:
            name, protocol, url_params = found
            return Asked(
                service=model.service_name,
                operation=name,
                protocol=protocol,
                region=region,
                access_key=access_key,
                signing_name=signing_name or model.signing_name,
                model=model.operation_model(name),
                url_params=url_params,
            )
    raise NotUnderstood(f"{request.method} {request.target} is no operation of {signing_name or 'a service that is known'}")


def _operation(request: Request, model: ServiceModel) -> tuple[str, str, dict[str, str]] | None:
    rpc = re.fullmatch(r"/service/([^/]+)/operation/([^/]+)", request.path)
    if rpc:
        return _named(model, rpc.group(1), rpc.group(2), CBOR)
    if "x-amz-target" in request.headers:
        prefix, _, name = request.headers["x-amz-target"].rpartition(".")
        return _named(model, prefix, name, "json")
    if "Action" in request.form:
        name = request.form["Action"]
        same_version = request.form.get("Version", model.api_version) == model.api_version
        protocol = "ec2" if model.service_name == "ec2" else "query"
        return (name, protocol, {}) if same_version and name in model.operation_names else None
    return _routed(request, model)


def _named(model: ServiceModel, prefix: str, name: str, protocol: str) -> tuple[str, str, dict[str, str]] | None:
    if prefix != model.metadata.get("targetPrefix") or name not in model.operation_names:
        return None
    return name, protocol, {}


@dataclasses.dataclass
class Route:
    """Where an operation of a REST protocol answers."""

    operation: str
    method: str
    path: re.Pattern[str]
    labels: list[str]
    literal_query: dict[str, str]
    required_query: list[str]
    literals: int

    def match(self, request: Request) -> dict[str, str] | None:
        match = self.path.fullmatch(request.path) if self.method == request.method else None
        if not match:
            return None
        if any(request.query.get(key) != value for key, value in self.literal_query.items()):
            return None
        if any(key not in request.query for key in self.required_query):
            return None
        return {label: unquote(value) for label, value in zip(self.labels, match.groups(), strict=True)}

    def rank(self) -> tuple[int, int, int]:
        """Several routes may match; the one that says most is meant."""
        return len(self.literal_query), len(self.required_query), self.literals


@functools.cache
def _routes(service: str) -> list[Route]:
    model = service_model(service)
    if not model.protocol.startswith("rest-"):
        return []
    routes = []
    for name in model.operation_names:
        operation = model.operation_model(name)
        trait = operation.http_trait
        pattern, literals, labels = "", 0, []
        for part in re.split(r"(\{[^}]+\})", trait.path.rstrip("/")):
            if part.startswith("{"):
                labels.append(part[1:-1].rstrip("+"))
                pattern += "(.+)" if part.endswith("+}") else "([^/]+)"
            else:
                pattern += re.escape(part)
                literals += len(part)
        required = operation.input_shape.required_query_args if operation.input_shape else []
        routes.append(Route(name, trait.method, re.compile(pattern + "/?"), labels, trait.query_args, required, literals))
    return routes


def _routed(request: Request, model: ServiceModel) -> tuple[str, str, dict[str, str]] | None:
    matching = [(route, labels) for route in _routes(model.service_name) if (labels := route.match(request)) is not None]
    if not matching:
        return None
    route, labels = max(matching, key=lambda found: found[0].rank())
    return route.operation, model.protocol, labels


def parameters(request: Request, asked: Asked) -> dict[str, Any]:
    """The request's parameters as botocore names them."""
    if asked.model.input_shape is None:
        return {}
    if asked.protocol == CBOR:
        return cbor_decode(request.body) if request.body else {}
    values = MultiDict(request.query)
    values.update(request.form)
    parser = REQUEST_PARSERS[asked.protocol](asked.model)
    parsed = parser.parse(
        {
            "body": request.body,
            "headers": request.headers,
            "method": request.method,
            "url_params": asked.url_params,
            "url_path": request.path,
            "values": values,
        }
    )
    return without_none(parsed)


def without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_none(item) for item in value]
    return value


def serialise(asked: Asked, result: dict[str, Any]) -> Answer:
    """An answer in the protocol of the request."""
    if asked.protocol == CBOR:
        if asked.model.output_shape is None:
            return Answer(200, {"smithy-protocol": "rpc-v2-cbor", **_ids()}, b"")
        body = bytearray()
        RpcV2CBORSerializer()._serialize_data_item(body, _with_times(result, asked.model.output_shape), asked.model.output_shape)
        return Answer(200, {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor", **_ids()}, bytes(body))
    identifiers = _ids()
    serialiser = get_serializer_class(asked.service, asked.protocol)(
        operation_model=asked.model, context=SerializationContext(identifiers["x-amzn-RequestId"])
    )
    response = serialiser.serialize(result)
    body = response["body"]
    headers = {str(key): str(value) for key, value in response["headers"].items()}
    if asked.protocol == "rest-json":
        headers["Content-Type"] = headers.get("Content-Type", "text").replace("text", "application/json", 1)
    return Answer(response["status_code"], {**headers, **identifiers}, body.encode() if isinstance(body, str) else body)


def parse_answer(asked: Asked, answer: Answer) -> dict[str, Any]:
    """An answer of a service, as botocore reads it; what goes in again by `serialise`."""
    response = {"status_code": answer.status, "headers": HeadersDict(answer.headers), "body": answer.body}
    parsed = create_parser(asked.protocol).parse(response, asked.model.output_shape)
    parsed.pop("ResponseMetadata", None)
    return parsed


def error(
    asked: Asked, code: str, message: str, status: int, headers: dict[str, str] | None = None, fields: dict[str, Any] | None = None
) -> Answer:
    """An error in the protocol of the request.

    Shapes: https://smithy.io/2.0/aws/protocols/index.html, each protocol's section on operation error serialization.
    """
    identifiers = {**_ids(), **(headers or {})}
    request_id = identifiers["x-amzn-RequestId"]
    members = {"message": message, **(fields or {})}
    metadata = asked.model.service_model.metadata
    if asked.protocol == CBOR:
        identifiers |= {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}
        if "awsQueryCompatible" in metadata:
            identifiers["x-amzn-query-error"] = f"{code};{'Receiver' if status >= 500 else 'Sender'}"
        return Answer(status, identifiers, cbor_encode({"__type": f"com.amazonaws.{asked.service.replace('-', '')}#{code}", **members}))
    if asked.protocol == "json":
        version = metadata.get("jsonVersion", "1.0")
        name = f"com.amazon.coral.service#{code}" if version == "1.0" else code
        identifiers["Content-Type"] = f"application/x-amz-json-{version}"
        return Answer(status, identifiers, json.dumps({"__type": name, **members}).encode())
    if asked.protocol == "rest-json":
        identifiers |= {"Content-Type": "application/json", "x-amzn-ErrorType": code}
        return Answer(status, identifiers, json.dumps(members).encode())
    identifiers["Content-Type"] = "text/xml"
    detail = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if asked.protocol == "ec2":
        body = f"<Response><Errors><Error>{detail}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    elif asked.service == "s3":
        body = f"<Error>{detail}<RequestId>{request_id}</RequestId><HostId>double</HostId></Error>"
    else:
        fault = "Receiver" if status >= 500 else "Sender"
        body = f"<ErrorResponse><Error><Type>{fault}</Type>{detail}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
    return Answer(status, identifiers, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode())


def _ids() -> dict[str, str]:
    return {"x-amzn-RequestId": str(uuid.uuid4())}


def cbor_decode(body: bytes) -> Any:
    parser = RpcV2CBORParser()
    return parser.parse_data_item(parser.get_peekable_stream_from_bytes(body))


def cbor_encode(value: Any) -> bytes:
    """RFC 8949, as far as answers need it. Dates become tag 1 (seconds since 1970), as rpc-v2-cbor wants them."""
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, (bytes, bytearray)):
        return _head(2, len(value)) + bytes(value)
    if isinstance(value, str):
        encoded = value.encode()
        return _head(3, len(encoded)) + encoded
    if isinstance(value, datetime.datetime):
        return b"\xc1" + cbor_encode(value.timestamp())
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(cbor_encode(item) for item in value)
    if isinstance(value, dict):
        return _head(5, len(value)) + b"".join(cbor_encode(key) + cbor_encode(item) for key, item in value.items())
    raise TypeError(f"cannot encode {type(value).__name__} as CBOR")


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    for information, (size, code) in enumerate([(1, ">B"), (2, ">H"), (4, ">I"), (8, ">Q")], start=24):
        if number < 1 << (8 * size):
            return bytes([major << 5 | information]) + struct.pack(code, number)
    raise OverflowError(number)


def _with_times(value: Any, shape: Any) -> Any:
    """Dates given as text become dates, whole numbers become floats where the shape wants them: CBOR writes by type."""
    if value is None or shape is None:
        return value
    if shape.type_name == "structure":
        return {key: _with_times(item, shape.members[key]) for key, item in value.items() if item is not None}
    if shape.type_name == "list":
        return [_with_times(item, shape.member) for item in value]
    if shape.type_name == "map":
        return {key: _with_times(item, shape.value) for key, item in value.items()}
    if shape.type_name == "timestamp" and not isinstance(value, datetime.datetime):
        return botocore.utils.parse_to_aware_datetime(value)
    if shape.type_name in ("float", "double"):
        return float(value)
    return value


def as_json(value: Any) -> Any:
    """For logs and control answers."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_json(item) for item in value]
    if isinstance(value, datetime.datetime):
        value = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        return value.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value
