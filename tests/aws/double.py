"""A double of the AWS services that moto lacks, answering from a scenario.

Usage: double.py SCENARIO_FOLDER [PORT]. The first line of output tells the address.

Every request is checked against botocore's input shape and every answer against its output shape before it is sent: an answer
that AWS would not give (a member that does not exist, a wrong type, a missing required member, a value outside an enumeration)
is HTTP 500 with the reason, and is kept in `GET /_double/violations`, which a test asserts to be empty.

    GET  /_double/requests    everything asked: service, operation, parameters, region, account, time, status
    GET  /_double/violations
    POST /_double/scenario    {"folder": "…"} changes the scenario
    POST /_double/reset       forgets requests and violations
"""

from __future__ import annotations

import datetime
import json
import sys
import threading
from pathlib import Path
from typing import Any

from botocore.validate import ParamValidator

import accounts
import wire
from loopback import Server
from scenario import Context, NoAnswer, Refused, Scenario

# What AWS answers when an operation is not known, in the protocols of the services here.
UNKNOWN_OPERATION = "UnknownOperationException"


class Double(Server):
    def __init__(self, scenario: Scenario, port: int) -> None:
        super().__init__(port)
        self.scenario = scenario
        self.lock = threading.Lock()
        self.requests: list[dict[str, Any]] = []
        self.violations: list[dict[str, Any]] = []

    def control(self, request: wire.Request) -> Any:
        with self.lock:
            match request.path:
                case "/_double/requests":
                    return list(self.requests)
                case "/_double/violations":
                    return list(self.violations)
                case "/_double/reset":
                    self.requests.clear()
                    self.violations.clear()
                    return {}
                case "/_double/scenario":
                    self.scenario = Scenario(Path(json.loads(request.body)["folder"]))
                    return {}
        return None

    def answer(self, request: wire.Request) -> wire.Answer:
        try:
            asked = wire.identify(request)
        except wire.NotUnderstood as reason:
            self._violation("request", "?", "?", str(reason))
            return _not_understood(request, str(reason))
        try:
            parameters = wire.parameters(request, asked)
        except Exception as error:
            self._violation("request", asked.service, asked.operation, f"unreadable: {error!r}")
            return wire.error(asked, "SerializationException", str(error), 400)
        answer = self._answer(asked, parameters)
        with self.lock:
            self.requests.append(
                {
                    "service": asked.service,
                    "operation": asked.operation,
                    "action": asked.action,
                    "region": asked.region,
                    "account": accounts.account_of(asked.access_key),
                    "protocol": asked.protocol,
                    "parameters": parameters,
                    "time": datetime.datetime.now(datetime.UTC),
                    "status": answer.status,
                }
            )
        return answer

    def _answer(self, asked: wire.Asked, parameters: dict[str, Any]) -> wire.Answer:
        wrong = problems(parameters, asked.model.input_shape)
        if wrong:
            self._violation("request", asked.service, asked.operation, wrong)
            return wire.error(asked, "ValidationException", wrong, 400)
        context = Context(accounts.account_of(asked.access_key), asked.region, datetime.datetime.now(datetime.UTC))
        try:
            result = self.scenario.answer(asked.service, asked.operation, parameters, context)
        except NoAnswer as reason:
            return wire.error(asked, UNKNOWN_OPERATION, str(reason), 400)
        except Refused as refused:
            return wire.error(asked, refused.code, refused.message, refused.status, fields=refused.fields)
        except Exception as error:
            return self._broken(asked, f"scenario {self.scenario.folder.name} failed: {error!r}")
        wrong = problems(result, asked.model.output_shape)
        return self._broken(asked, wrong) if wrong else wire.serialise(asked, result)

    def _broken(self, asked: wire.Asked, wrong: str) -> wire.Answer:
        self._violation("answer", asked.service, asked.operation, wrong)
        return wire.error(asked, "InternalFailure", f"the double's answer to {asked.operation} is not AWS's: {wrong}", 500)

    def _violation(self, side: str, service: str, operation: str, problem: str) -> None:
        print(f"{side} of {service} {operation}: {problem}", file=sys.stderr, flush=True)
        with self.lock:
            self.violations.append({"side": side, "service": service, "operation": operation, "problem": problem})


def problems(value: dict[str, Any], shape: Any) -> str:
    """What botocore's shape says against a value; empty where it fits."""
    if shape is None:
        return "" if not value else "the operation has no members here"
    report = ParamValidator().validate(value, shape)
    found = [report.generate_report()] if report.has_errors() else list(outside_enumerations(value, shape, ""))
    return "; ".join(found)


def outside_enumerations(value: Any, shape: Any, path: str) -> Any:
    """botocore takes any string for an enumeration; a double should not."""
    if shape.type_name == "structure" and isinstance(value, dict):
        for name, item in value.items():
            yield from outside_enumerations(item, shape.members[name], f"{path}.{name}")
    elif shape.type_name == "list" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from outside_enumerations(item, shape.member, f"{path}[{index}]")
    elif shape.type_name == "map" and isinstance(value, dict):
        for name, item in value.items():
            yield from outside_enumerations(item, shape.value, f"{path}.{name}")
    elif getattr(shape, "enum", None) and value not in shape.enum:
        yield f"{path.lstrip('.')}: {value!r} is none of {', '.join(shape.enum)}"


def _not_understood(request: wire.Request, reason: str) -> wire.Answer:
    """No model tells the protocol, so the headers must; never HTML."""
    if "cbor" in request.headers.get("content-type", ""):
        body = wire.cbor_encode({"__type": UNKNOWN_OPERATION, "message": reason})
        return wire.Answer(400, {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, body)
    body = json.dumps({"__type": UNKNOWN_OPERATION, "message": reason}).encode()
    return wire.Answer(400, {"Content-Type": "application/json", "x-amzn-ErrorType": UNKNOWN_OPERATION}, body)


def main() -> None:
    port = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    Double(Scenario(Path(sys.argv[1])), port).run()


if __name__ == "__main__":
    main()
