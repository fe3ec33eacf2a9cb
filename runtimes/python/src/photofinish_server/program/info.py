"""`GET /info`: what the target really runs with, as `packages/schema/src/info.ts` describes it."""

import gc
import os
import platform
import sys
import sysconfig
from dataclasses import dataclass
from typing import Literal

from ..contract.answer import Answer, compact_json
from .settings import Settings


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What only the model and its server know. Numbers are totals over all processes; None: no such thing."""

    processes: int
    threads: int | None
    cpu_pool: int | None
    cpu_work: Literal["event-loop", "request-thread"]
    server: str
    event_loop: str | None
    http_parser: str
    keep_alive_seconds: int
    backlog: int


def info(settings: Settings, facts: ModelFacts, *, no_delay: bool) -> Answer:
    """Joins the settings, the model's facts and what the interpreter says of itself.

    `no_delay` is read off the connection that asks, not off the configuration.
    """
    return compact_json(
        {
            "runtime": "python",
            "version": platform.python_version(),
            "model": settings.model,
            "nonce": settings.nonce,
            "cores": settings.cores,
            "coresSeen": cores_seen(),
            "processes": facts.processes,
            "threads": facts.threads,
            "cpuPool": facts.cpu_pool,
            "upstreamPool": None,
            "databasePool": None,
            "cpuWork": facts.cpu_work,
            "server": facts.server,
            "eventLoop": facts.event_loop,
            "gil": gil_state(),
            "gc": "CPython cyclic collector, thresholds " + ", ".join(map(str, gc.get_threshold())),
            "noDelay": no_delay,
            "keepAliveSeconds": facts.keep_alive_seconds,
            "backlog": facts.backlog,
            "libraries": {
                "json": f"json of CPython {platform.python_version()}",
                "http-parser": facts.http_parser,
                "interpreter": _interpreter(),
            },
        }
    )


def cores_seen() -> int:
    """Cores this process may use: the interpreter's own count since 3.13, the affinity mask before."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    return len(os.sched_getaffinity(0))


def gil_state() -> Literal["on", "off"]:
    """State of the global interpreter lock inside this process. Before 3.13 nothing but `on` exists."""
    is_enabled = getattr(sys, "_is_gil_enabled", lambda: True)
    return "on" if is_enabled() else "off"


def _interpreter() -> str:
    """The build, since a profile-guided one is tens of percent faster than a plain one."""
    options = sysconfig.get_config_var("CONFIG_ARGS") or ""
    guided = "profile-guided" if "--enable-optimizations" in options else "not profile-guided"
    return f"{platform.python_implementation()} by {platform.python_compiler()}, {guided}"
