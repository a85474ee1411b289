"""A reverse proxy in front of moto and the double that injects faults and writes down everything asked.

Usage: faults.py UPSTREAM [SERVICE,SERVICE=UPSTREAM …] [--port PORT]. The first line of output tells the address.

    POST /_faults/rules   a list of rules (replaces the earlier ones; [] heals everything)
    GET  /_faults/log     every request, in the order of arrival: service, operation, action, region, account, protocol, path, time,
                          fault, status (null while it is not answered, 0 where it never is), seconds
    POST /_faults/reset   forgets the log and the rules

A rule names what it matches, when, and what happens; the first rule that fires is applied:

    {"service": "ec2", "region": "eu-west-1", "account": "…", "operation": "DescribeVolumes",    (each may be a list; absent: any)
     "nth": 3 | "first": 2 | "from": 5 | "probability": 0.2, "seed": 7,                          (absent: every time)
     "fault": "throttle", "retry_after_seconds": 1.5}

Faults: throttle (retry_after_seconds), http500, http503, denied, expired, region_refuses, opt_in_required, skew_refused (hours):
the service's own error, in the protocol of the request (`code`, `message`, `status` override it). delay (seconds), reset (RST
before any answer), half (announces more than it sends), malformed (cut XML, JSON or CBOR of the announced length), html (status),
skew (hours: a wrong Date header on a right answer), repeat_token (each page has the same token), endless (pages: the first page
again and again with fresh ids).
"""

from __future__ import annotations

import datetime
import http.client
import json
import random
import sys
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import wire
from accounts import account_of
from loopback import Server
from paging import Paging, page
from refusals import refusal, skewed_date

REFUSALS = {"throttle", "http500", "http503", "denied", "expired", "region_refuses", "opt_in_required", "skew_refused"}
OTHERS = {"delay", "reset", "half", "malformed", "html", "skew", "repeat_token", "endless"}
HTML = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n"


class Rule:
    def __init__(self, said: dict[str, Any]) -> None:
        if said.get("fault") not in REFUSALS | OTHERS:
            raise ValueError(f"{said.get('fault')!r} is no fault (known: {', '.join(sorted(REFUSALS | OTHERS))})")
        self.said = said
        self.matched = 0
        self.random = random.Random(said.get("seed", 0))

    def fires(self, entry: dict[str, Any], signing_name: str) -> bool:
        if not self._about("service", entry["service"], signing_name):
            return False
        if not all(self._about(name, entry[name]) for name in ("region", "account", "operation")):
            return False
        self.matched += 1
        if "nth" in self.said:
            return self.matched == self.said["nth"]
        if "first" in self.said:
            return self.matched <= self.said["first"]
        if "from" in self.said:
            return self.matched >= self.said["from"]
        return self.random.random() < self.said.get("probability", 1.0)

    def _about(self, name: str, *values: str) -> bool:
        wanted = self.said.get(name)
        if wanted is None:
            return True
        return bool(set(wanted if isinstance(wanted, list) else [wanted]) & set(values))


class Faults(Server):
    def __init__(self, upstream: str, routes: dict[str, str], port: int) -> None:
        super().__init__(port)
        self.upstream, self.routes = upstream, routes
        self.lock = threading.Lock()
        self.rules: list[Rule] = []
        self.log: list[dict[str, Any]] = []
        # What stands behind a page token that this proxy gave out: the first page, the number of the page, how many there are.
        self.tokens: dict[str, tuple[dict[str, Any], int, int | None]] = {}

    def control(self, request: wire.Request) -> Any:
        with self.lock:
            match request.path:
                case "/_faults/rules":
                    self.rules = [Rule(said) for said in json.loads(request.body)]
                    return {"rules": len(self.rules)}
                case "/_faults/log":
                    return list(self.log)
                case "/_faults/reset":
                    self.rules.clear()
                    self.log.clear()
                    self.tokens.clear()
                    return {}
        return None

    def answer(self, request: wire.Request) -> wire.Answer | None:
        started = time.monotonic()
        try:
            asked = wire.identify(request)
        except wire.NotUnderstood:
            # Not AWS's (moto's own interface, for one), or newer than botocore: passed on, so that the upstream says what it thinks.
            asked = None
        access_key, region, signing_name = request.scope
        entry: dict[str, Any] = {
            "service": asked.service if asked else signing_name,
            "operation": asked.operation if asked else "",
            "action": asked.action if asked else "",
            "region": region,
            "account": account_of(access_key),
            "protocol": asked.protocol if asked else "",
            "path": request.path,
            "time": datetime.datetime.now(datetime.UTC),
            "fault": None,
            "status": None,
            "seconds": None,
        }
        with self.lock:
            self.log.append(entry)
            rule = next((rule.said for rule in self.rules if asked and rule.fires(entry, signing_name)), None)
        answer = self._faulty(request, asked, rule, entry) if asked else self._forward(request, None)
        entry["status"] = answer.status if answer else 0
        entry["seconds"] = round(time.monotonic() - started, 3)
        if entry["fault"] == "reset":
            request.handler.drop(reset=True)
            return None
        if entry["fault"] == "half":
            request.handler.half(answer)
            return None
        return answer

    def _faulty(self, request: wire.Request, asked: wire.Asked, rule: dict[str, Any] | None, entry: dict[str, Any]) -> wire.Answer | None:
        paged = self._continued(request, asked, entry)
        if paged is not None and rule is None:
            return paged
        if rule is None:
            return self._forward(request, asked)
        fault = entry["fault"] = rule["fault"]
        if fault in REFUSALS:
            return refusal(fault, asked, rule, entry["account"])
        if fault == "reset":
            return None
        if fault == "html":
            return wire.Answer(rule.get("status", 200), {"Content-Type": "text/html"}, HTML)
        if fault == "delay":
            time.sleep(rule.get("seconds", 1))
        answer = paged or self._forward(request, asked)
        if fault == "malformed":
            return wire.Answer(answer.status, answer.headers, answer.body[: max(len(answer.body) * 2 // 3, 1)])
        if fault == "skew":
            return wire.Answer(answer.status, {**answer.headers, **skewed_date(rule)}, answer.body)
        if fault in ("repeat_token", "endless") and paged is None and answer.status < 300:
            return self._first_page(asked, answer, rule, entry)
        return answer

    def _first_page(self, asked: wire.Asked, answer: wire.Answer, rule: dict[str, Any], entry: dict[str, Any]) -> wire.Answer:
        paging = Paging.of(asked)
        if paging is None:
            entry["fault"] = None
            return answer
        first = wire.parse_answer(asked, answer)
        pages = rule.get("pages", 1000) if rule["fault"] == "endless" else None
        return self._page(asked, paging, first, 0, pages)

    def _continued(self, request: wire.Request, asked: wire.Asked, entry: dict[str, Any]) -> wire.Answer | None:
        """The page behind a token of ours; None where the token is the upstream's."""
        paging = Paging.of(asked) if self.tokens else None
        if paging is None:
            return None
        known = self.tokens.get(str(wire.parameters(request, asked).get(paging.input_token)))
        if known is None:
            return None
        first, number, pages = known
        entry["fault"] = "repeat_token" if pages is None else "endless"
        return self._page(asked, paging, first, number, pages)

    def _page(self, asked: wire.Asked, paging: Paging, first: dict[str, Any], number: int, pages: int | None) -> wire.Answer:
        token = None
        if pages is None or number + 1 < pages:
            name = f"{account_of(asked.access_key)}/{asked.region}/{asked.service}/{asked.operation}"
            token = f"finops-{name}-{'again' if pages is None else number + 1}"
            with self.lock:
                self.tokens[token] = (first, 0 if pages is None else number + 1, pages)
        return wire.serialise(asked, page(first, paging, number, token))

    def _forward(self, request: wire.Request, asked: wire.Asked | None) -> wire.Answer:
        upstream = self.routes.get(asked.service, self.upstream) if asked else self.upstream
        headers = {key: value for key, value in request.headers.items() if key.lower() not in NOT_FORWARDED}
        connection = http.client.HTTPConnection(urlsplit(upstream).netloc, timeout=300)
        try:
            connection.request(request.method, request.target, request.body, headers)
            response = connection.getresponse()
            body = response.read()
        except OSError as error:
            return wire.Answer(502, {"Content-Type": "text/plain"}, f"the upstream does not answer: {error}".encode())
        finally:
            connection.close()
        return wire.Answer(response.status, dict(response.headers.items()), body)


# The body is forwarded whole, whatever it came as.
NOT_FORWARDED = {"connection", "transfer-encoding", "content-length", "expect"}


def main() -> None:
    arguments = sys.argv[1:]
    port = int(arguments.pop(arguments.index("--port") + 1)) if "--port" in arguments else 0
    upstream, *more = [argument for argument in arguments if argument != "--port"]
    routes = {service: to for services, _, to in (route.partition("=") for route in more) for service in services.split(",")}
    Faults(upstream, routes, port).run()


if __name__ == "__main__":
    main()
