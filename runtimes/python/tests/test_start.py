"""Targets that do not start: one line, an exit status, no trace."""

import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from target import FOLDER, MODELS, PATIENCE_SECONDS, command, environment


def refusal(model: str, data_dir: Path, changes: Mapping[str, str | None]) -> tuple[int, str]:
    """Exit status and standard error of a target that must not start."""
    ended = subprocess.run(
        command(model),
        cwd=FOLDER,
        env=environment(model, data_dir, changes),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert ended.stdout == ""
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("model", MODELS)
def test_a_wrong_environment_is_refused_in_one_line(data_dir: Path, model: str) -> None:
    status, words = refusal(model, data_dir, {"CORES": None, "THREADS": "0"})
    assert status == 2
    assert words == (
        f"python/{model} does not start: CORES is missing; THREADS must be a whole number from 1 to 100000, not '0'\n"
    )


@pytest.mark.parametrize("model", MODELS)
def test_an_address_in_use_is_refused_at_once(data_dir: Path, model: str) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, words = refusal(model, data_dir, {"PORT": str(port)})
    assert status == 3
    assert words == f"python/{model} does not start: cannot listen on 127.0.0.1:{port}: Address already in use\n"


def test_fewer_threads_than_processes_are_refused(data_dir: Path) -> None:
    status, words = refusal("multiprocessing", data_dir, {"CORES": "4", "THREADS": "3"})
    assert status == 2
    assert words.endswith("THREADS must be at least CORES (4), one a process, not 3\n")


ON_THE_STANDARD_LOOP = """
import asyncio
from photofinish_server.models import asyncio as model
from photofinish_server.program.program import run_model
from photofinish_server.servers.event_loop import EventLoopServer
EventLoopServer.run = lambda self, sockets: asyncio.run(self.serve(sockets))
run_model("asyncio", model.serve)
"""


def test_asyncio_refuses_to_serve_on_another_loop_than_uvloop(data_dir: Path) -> None:
    python, *_ = command("asyncio")
    ended = subprocess.run(
        [python, "-c", ON_THE_STANDARD_LOOP],
        cwd=FOLDER,
        env=environment("asyncio", data_dir),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr.startswith("python/asyncio does not start: uvicorn took <class 'asyncio.unix_events")
    assert ended.stderr.count("\n") == 1
