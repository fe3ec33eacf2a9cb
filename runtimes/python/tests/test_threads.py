"""Threads and processes of the gunicorn models, counted by the kernel."""

import os
import signal
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from client import Connection
from target import GUNICORN_MODELS, Target


def threads_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def test_all_threads_stand_before_the_first_line(running: Callable[[str], Target]) -> None:
    (worker,) = running("threads").children()
    assert threads_of(worker) == 1 + 8


def test_threads_are_shared_out_with_the_remainder_to_the_first(data_dir: Path) -> None:
    with Target("multiprocessing", data_dir, {"CORES": "3", "THREADS": "8"}) as target:
        assert sorted(threads_of(worker) - 1 for worker in target.children()) == [2, 3, 3]


@pytest.mark.parametrize("model", GUNICORN_MODELS)
def test_connections_that_say_nothing_hold_no_thread(running: Callable[[str], Target], model: str) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(Connection(running(model).port))
        # gunicorn of itself lets a thread wait 5 s for each unused connection.
        late = stack.enter_context(Connection(running(model).port, patience=4))
        assert late.ask("/health").body == b"ok"


@pytest.mark.parametrize("model", GUNICORN_MODELS)
def test_more_requests_than_threads_are_all_answered(running: Callable[[str], Target], model: str) -> None:
    with ExitStack() as stack:
        users = [stack.enter_context(Connection(running(model).port)) for _ in range(32)]
        for _ in range(2):
            for user in users:
                user.send("/timer?ms=20")
            assert all(user.receive().body == b'{"ms":20}' for user in users)


def test_both_processes_answer(running: Callable[[str], Target]) -> None:
    target = running("multiprocessing")
    before = [processor_ticks(worker) for worker in target.children()]
    with ExitStack() as stack:
        users = [stack.enter_context(Connection(target.port)) for _ in range(32)]
        for user in users:
            user.send("/cpu/spin?n=100000")
        assert all(user.receive().status == 200 for user in users)
    after = [processor_ticks(worker) for worker in target.children()]
    assert all(later > earlier for earlier, later in zip(before, after, strict=True))


def processor_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@pytest.mark.parametrize("model", GUNICORN_MODELS)
def test_a_worker_that_dies_takes_the_target_with_it(data_dir: Path, model: str) -> None:
    with Target(model, data_dir) as target:
        workers = target.children()
        os.kill(workers[0], signal.SIGKILL)
        assert target.exit_status() == 1
        assert f"worker process {workers[0]} ended" in target.last_words()
        assert not any(Path(f"/proc/{worker}").exists() for worker in workers)
