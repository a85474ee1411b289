"""What a double answers: a folder of `<service>/<Operation>.json`.

A file is one answer (an object), or a list of rules, the first that fits answers:

    [{"when": {"NextPageToken": "2"}, "answer": {…}},
     {"when": {"Filter": null},       "error": {"code": "…", "message": "…", "status": 400, "fields": {…}}},
     {"answer": {…}}]

`when` is a part of the parsed request: every member of it must be there and be equal (objects are compared member by member,
`null` asks that the member is absent, `{"$in": […]}` that it is one of several; `$region` and `$account` stand for where the
question came from). Placeholders, anywhere in an answer:

    {"$date": "-3d"}      that day, as "2026-11-21"       {"$time": "-3d"}   that moment, as a timestamp
    {"$zoned": "-3d"}     that day as "2026-11-21T00:00:00Z"
    {"$request": "Id"}    a member of the request         {"$repeat": 30, "each": {…}}   in a list: n items, {"$n": "{}"} counts

A folder may hold `scenario.py` with functions `<service>_<Operation>(request, context)` (`-` as `_`); they win over files,
get the parsed request, and return the answer or raise `Refused`.
"""

from __future__ import annotations

import dataclasses
import datetime
import importlib.util
import json
import re
from pathlib import Path
from typing import Any

UNITS = {"d": "days", "h": "hours", "m": "minutes"}


@dataclasses.dataclass
class Context:
    account: str
    region: str
    now: datetime.datetime

    @property
    def today(self) -> datetime.date:
        return self.now.date()


class Refused(Exception):
    """The scenario wants an error of the service."""

    def __init__(self, code: str, message: str, status: int = 400, fields: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.fields = code, message, status, fields or {}


class NoAnswer(Exception):
    """The scenario says nothing to this question."""


class Scenario:
    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise FileNotFoundError(f"no scenario at {folder}")
        self.folder = folder
        self.functions: Any = None
        script = folder / "scenario.py"
        if script.exists():
            specification = importlib.util.spec_from_file_location("scenario_functions", script)
            self.functions = importlib.util.module_from_spec(specification)
            specification.loader.exec_module(self.functions)

    def operations(self) -> list[tuple[str, str]]:
        files = {(path.parent.name, path.stem) for path in self.folder.glob("*/*.json")}
        named = {name for name in vars(self.functions or object) if re.fullmatch(r"[a-z0-9_]+_[A-Z]\w+", name)}
        return sorted(files | {(service.replace("_", "-"), operation) for service, _, operation in (n.rpartition("_") for n in named)})

    def answer(self, service: str, operation: str, request: dict[str, Any], context: Context) -> dict[str, Any]:
        function = getattr(self.functions, f"{service.replace('-', '_')}_{operation}", None)
        if function:
            return fill(function(request, context), request, context)
        file = self.folder / service / f"{operation}.json"
        if not file.exists():
            raise NoAnswer(f"scenario {self.folder.name} has no {service}/{operation}.json")
        rules = json.loads(file.read_text())
        if isinstance(rules, dict):
            rules = [{"answer": rules}]
        asked = {**request, "$region": context.region, "$account": context.account}
        for rule in rules:
            if fits(rule.get("when", {}), asked):
                if "error" in rule:
                    raise Refused(**rule["error"])
                return fill(rule["answer"], request, context)
        raise NoAnswer(f"no rule of {service}/{operation}.json fits {request}")


def fits(wanted: Any, asked: Any) -> bool:
    if isinstance(wanted, dict) and "$in" in wanted:
        return asked in wanted["$in"]
    if isinstance(wanted, dict):
        return isinstance(asked, dict) and all(
            key not in asked if value is None else key in asked and fits(value, asked[key]) for key, value in wanted.items()
        )
    return wanted == asked


def fill(value: Any, request: dict[str, Any], context: Context, n: int = 0) -> Any:
    """The answer with its placeholders replaced."""
    if isinstance(value, list):
        filled = []
        for item in value:
            if isinstance(item, dict) and "$repeat" in item:
                filled += [fill(item["each"], request, context, index) for index in range(item["$repeat"])]
            else:
                filled.append(fill(item, request, context, n))
        return filled
    if not isinstance(value, dict):
        return value
    if "$date" in value:
        return (context.now + offset(value["$date"])).date().isoformat()
    if "$zoned" in value:
        return (context.now + offset(value["$zoned"])).strftime("%Y-%m-%dT00:00:00Z")
    if "$time" in value:
        return context.now.replace(microsecond=0) + offset(value["$time"])
    if "$request" in value:
        return request.get(value["$request"])
    if "$n" in value:
        return value["$n"].format(n)
    return {key: fill(item, request, context, n) for key, item in value.items()}


def offset(text: str) -> datetime.timedelta:
    match = re.fullmatch(r"([+-]?\d+)([dhm])", text)
    if not match:
        raise ValueError(f"{text!r} is no offset such as -3d, +12h or -5m")
    return datetime.timedelta(**{UNITS[match.group(2)]: int(match.group(1))})
