"""Idle connections outlive the defaults of the servers: 2 s in gunicorn, 5 s in uvicorn."""

import time
from collections.abc import Callable
from contextlib import ExitStack

from client import Connection
from target import MODELS, Target


def test_a_connection_idle_for_6_seconds_is_still_served(running: Callable[[str], Target]) -> None:
    with ExitStack() as stack:
        connections = [stack.enter_context(Connection(running(model).port)) for model in MODELS for _ in range(2)]
        for used in connections[::2]:
            assert used.ask("/health").status == 200
        time.sleep(6)
        assert all(connection.ask("/health").body == b"ok" for connection in connections)
