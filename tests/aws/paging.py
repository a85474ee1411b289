"""Lists that do not end: an answer's page repeated with fresh ids, or with the same token for ever."""

from __future__ import annotations

import copy
import dataclasses
import re
from typing import Any

import wire

RESOURCE_ID = re.compile(r"\b([a-z]{1,12}-)([0-9a-f]{8,17})\b")
IDENTITY = re.compile(r"(Id|ID|Arn|ARN|Identifier|Name|Url)$")


@dataclasses.dataclass(frozen=True)
class Paging:
    """Where an operation has its tokens and its items, by botocore's paginators."""

    input_token: str
    output_token: str
    more_results: str | None
    result_keys: list[str]

    @staticmethod
    def of(asked: wire.Asked) -> Paging | None:
        rule = wire.paginators(asked.service).get(asked.operation)
        if rule is None:
            return None
        results = rule["result_key"]
        return Paging(
            input_token=_first(rule["input_token"]),
            output_token=_first(rule["output_token"]),
            more_results=rule.get("more_results"),
            result_keys=[_first(key) for key in (results if isinstance(results, list) else [results])],
        )


def _first(path: str | list[str]) -> str:
    """Some rules are JMESPath ("NextMarker || Contents[-1].Key"); the first name is the token of the protocol."""
    name = path[0] if isinstance(path, list) else path
    return re.split(r"[|\s.\[]", name)[0]


def page(first: dict[str, Any], paging: Paging, number: int, token: str | None) -> dict[str, Any]:
    """The n-th page, made of the first; without a token it is the last."""
    made = copy.deepcopy(first)
    for key in paging.result_keys:
        if number and isinstance(made.get(key), list):
            made[key] = [fresh(item, number, top=True) for item in made[key]]
    made.pop(paging.output_token, None)
    if token is not None:
        made[paging.output_token] = token
    if paging.more_results:
        made[_first(paging.more_results)] = token is not None
    return made


def fresh(value: Any, number: int, top: bool = False) -> Any:
    """Resource ids anywhere, and the names of the items themselves, made different; the same id stays the same within a page."""
    if isinstance(value, list):
        return [fresh(item, number) for item in value]
    if isinstance(value, dict):
        return {
            key: _renamed(fresh(item, number), number) if top and IDENTITY.search(key) else fresh(item, number)
            for key, item in value.items()
        }
    if isinstance(value, str):
        changed = RESOURCE_ID.sub(lambda found: f"{found[1]}{number:x}".ljust(len(found[1]) + 4, "f") + found[2][4:], value)
        return _renamed(changed, number) if top and changed == value else changed
    return value


def _renamed(value: Any, number: int) -> Any:
    return f"{value}-p{number}" if isinstance(value, str) and not RESOURCE_ID.search(value) else value
