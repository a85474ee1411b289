"""Serves recorded sessions with AWS: what botocore once read from a service, written again in the protocol of the request.

Usage: replay.py FOLDER [PORT]. FOLDER holds `<endpoint prefix>.<Operation>_<n>.json`, each {"status_code": …, "data": {…}} with
dates as {"__class__": "datetime", "year": …}. The n-th question of an operation gets the n-th answer, the last one is repeated.

    GET  /_replay/log      what was asked and which file answered
    POST /_replay/session  {"folder": "…"} another session, from its beginning
"""

from __future__ import annotations

import datetime
import json
import re
import sys
import threading
from pathlib import Path
from typing import Any

import wire
from loopback import Server


class Replay(Server):
    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(port)
        self.lock = threading.Lock()
        self.log: list[dict[str, Any]] = []
        self.open(folder)

    def open(self, folder: Path) -> None:
        if not folder.is_dir():
            raise FileNotFoundError(f"no session at {folder}")
        self.asked: dict[str, int] = {}
        self.files: dict[str, list[Path]] = {}
        for file in folder.glob("*.json"):
            named = re.fullmatch(r"(.+\.[A-Za-z0-9]+)_(\d+)\.json", file.name)
            if named:
                self.files.setdefault(named[1], []).append(file)
        for files in self.files.values():
            files.sort(key=lambda file: int(file.stem.rpartition("_")[2]))

    def control(self, request: wire.Request) -> Any:
        with self.lock:
            match request.path:
                case "/_replay/log":
                    return list(self.log)
                case "/_replay/session":
                    self.log.clear()
                    self.open(Path(json.loads(request.body)["folder"]))
                    return {"operations": sorted(self.files)}
        return None

    def answer(self, request: wire.Request) -> wire.Answer:
        asked = wire.identify(request)
        name = f"{asked.model.service_model.endpoint_prefix}.{asked.operation}"
        with self.lock:
            files = self.files.get(name)
            number = self.asked[name] = self.asked.get(name, 0) + 1
            file = files[min(number, len(files)) - 1] if files else None
            self.log.append({"service": asked.service, "operation": asked.operation, "file": file.name if file else None})
        if file is None:
            return wire.error(asked, "UnknownOperationException", f"the session has no {name}", 400)
        recorded = json.loads(file.read_text(), object_hook=date)
        return recorded_answer(asked, recorded["status_code"], recorded["data"])


def recorded_answer(asked: wire.Asked, status: int, data: dict[str, Any]) -> wire.Answer:
    said = data.get("Error")
    if isinstance(said, dict) and "Code" in said and status >= 300:
        return wire.error(asked, str(said["Code"]), str(said.get("Message", "")), status)
    data = {key: value for key, value in data.items() if key != "ResponseMetadata"}
    answer = wire.serialise(asked, known(data, asked.model.output_shape))
    return wire.Answer(status, answer.headers, answer.body)


def known(value: Any, shape: Any) -> Any:
    """Without what is no member of the shape: recordings are older than the models, and some were edited by hand."""
    if value is None or shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        return {key: known(item, shape.members[key]) for key, item in value.items() if key in shape.members and item is not None}
    if shape.type_name == "list" and isinstance(value, list):
        return [known(item, shape.member) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: known(item, shape.value) for key, item in value.items()}
    return value


def date(value: dict[str, Any]) -> Any:
    if value.get("__class__", "datetime") != "datetime" or not {"year", "month", "day"} <= value.keys():
        return value
    parts = [value[part] for part in ("year", "month", "day")] + [
        value.get(part, 0) for part in ("hour", "minute", "second", "microsecond")
    ]
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


def main() -> None:
    Replay(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0).run()


if __name__ == "__main__":
    main()
