"""`/info` against the plan that the target was started with."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client import Connection
from target import FOLDER, MODELS, Target

SCHEMA = FOLDER.parent.parent / "packages" / "schema" / "json" / "info.schema.json"


def info_of(target: Target) -> dict[str, Any]:
    with Connection(target.port) as connection:
        return json.loads(connection.ask("/info").body)


@pytest.mark.parametrize("model", MODELS)
def test_info_has_exactly_the_fields_of_the_schema(running: Callable[[str], Target], model: str) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]["info"]
    assert set(info_of(running(model))) == set(schema["properties"]) == set(schema["required"])


@pytest.mark.parametrize(
    ("model", "processes", "threads", "cpu_work"),
    [
        ("asyncio", 1, None, "event-loop"),
        ("threads", 1, 8, "request-thread"),
        ("multiprocessing", 2, 8, "request-thread"),
    ],
)
def test_info_tells_what_the_model_is(
    running: Callable[[str], Target], model: str, processes: int, threads: int | None, cpu_work: str
) -> None:
    told = info_of(running(model))
    assert (told["runtime"], told["model"], told["nonce"]) == ("python", model, "nonce-of-this-trial")
    assert (told["processes"], told["threads"], told["cpuWork"]) == (processes, threads, cpu_work)
    assert (told["cores"], told["coresSeen"]) == (2, len(os.sched_getaffinity(0)))
    assert (told["cpuPool"], told["upstreamPool"], told["databasePool"]) == (None, None, None)
    assert (told["gil"], told["noDelay"], told["backlog"]) == ("on", True, 4096)
    assert told["keepAliveSeconds"] >= 65


@pytest.mark.parametrize("model", MODELS)
def test_info_names_the_versions_of_requirements_txt(running: Callable[[str], Target], model: str) -> None:
    pinned = Path(FOLDER / "requirements.txt").read_text(encoding="utf-8")
    told = info_of(running(model))
    libraries = [told["server"], told["eventLoop"] or "", told["libraries"]["http-parser"]]
    names = {"asyncio": ("uvicorn", "uvloop", "httptools")}.get(model, ("gunicorn",))
    for name in names:
        version = pinned.partition(f"\n{name}==")[2].split(" ")[0]
        assert any(f"{name} {version}" in library for library in libraries)
