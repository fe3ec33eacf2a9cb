"""SIGTERM: stop accepting, finish what is in flight, close what is idle, exit 0."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from client import Connection
from target import MODELS, Target


@pytest.fixture(params=MODELS)
def fresh(request: pytest.FixtureRequest, data_dir: Path) -> Callable[..., Target]:
    """Starts a target of its own, for each model in turn."""
    return lambda **changes: Target(request.param, data_dir, changes)


def wait_until_refused(port: int) -> None:
    for _ in range(100):
        try:
            Connection(port).__exit__(None, None, None)
        except ConnectionRefusedError:
            return
        time.sleep(0.02)
    raise AssertionError("new connections are still accepted")


def test_what_is_in_flight_is_answered_and_nothing_new_is_taken(fresh: Callable[..., Target]) -> None:
    with fresh(THREADS="4") as target, ExitStack() as stack:
        idle = stack.enter_context(Connection(target.port))
        assert idle.ask("/health").status == 200
        users = [stack.enter_context(Connection(target.port)) for _ in range(8)]
        for user in users:
            assert user.ask("/health").status == 200
        for user in users:
            user.send("/timer?ms=700")
        time.sleep(0.3)
        target.terminate()
        wait_until_refused(target.port)
        assert idle.is_closed_by_peer()
        assert target.process.poll() is None
        assert all(user.receive().body == b'{"ms":700}' for user in users)
        assert all(user.is_closed_by_peer() for user in users)
        assert target.exit_status() == 0
        assert target.last_words() == ""


def test_idle_and_unused_connections_hold_nobody_up(fresh: Callable[..., Target]) -> None:
    with fresh() as target, ExitStack() as stack:
        connections = [stack.enter_context(Connection(target.port)) for _ in range(20)]
        for connection in connections[:10]:
            assert connection.ask("/health").status == 200
        target.terminate()
        # The grace of requests in flight is 5 s: an end before that waited for nobody.
        assert target.process.wait(4) == 0
        assert all(connection.is_closed_by_peer() for connection in connections)


def test_a_signal_to_the_whole_group_ends_it_as_well(fresh: Callable[..., Target]) -> None:
    with fresh() as target, Connection(target.port) as user:
        assert user.ask("/health").status == 200
        user.send("/timer?ms=500")
        time.sleep(0.3)
        os.killpg(target.process.pid, signal.SIGTERM)
        assert user.receive().body == b'{"ms":500}'
        assert target.exit_status() == 0


def test_interruption_from_the_keyboard_ends_with_0_and_no_trace(fresh: Callable[..., Target]) -> None:
    with fresh() as target:
        os.killpg(target.process.pid, signal.SIGINT)
        assert target.exit_status() == 0
        assert target.last_words() == ""
