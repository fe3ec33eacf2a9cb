"""gunicorn with its thread worker: processes that listen on one port and share the request threads out among them."""

import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from selectors import EVENT_READ
from types import FrameType
from typing import Any, NoReturn, override

import gunicorn
from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.http import wsgi
from gunicorn.workers.gthread import TConn, ThreadWorker

from ..program.listener import BACKLOG, GRACE_SECONDS, KEEP_ALIVE_SECONDS, reserve
from ..program.settings import Settings
from .fixed_arbiter import FixedArbiter, Readiness, end_with_worker

SERVER = f"gunicorn {gunicorn.__version__} gthread"
HTTP_PARSER = f"gunicorn {gunicorn.__version__}, pure Python"

MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 (for a heart-beat file, which holds nothing)

type Application = Callable[..., Any]


def serve(settings: Settings, application: Application, processes: int) -> None:
    """Serves until told to stop, with `settings.threads` request threads over all processes. Never returns."""
    reservation = reserve(settings.host, settings.port)
    host, port = reservation.getsockname()
    wsgi.Response = AnonymousResponse
    readiness = Readiness(processes, port)
    configuration = {
        "bind": [f"{host}:{port}"],
        "reuse_port": True,
        "backlog": BACKLOG,
        "workers": processes,
        "worker_class": EagerThreadWorker,
        "threads": settings.threads,
        "worker_connections": 100_000,
        "keepalive": KEEP_ALIVE_SECONDS,
        "graceful_timeout": GRACE_SECONDS,
        "timeout": 0,
        "limit_request_line": 0,
        "http_parser": "python",
        "preload_app": True,
        "loglevel": "warning",
        "worker_tmp_dir": str(MEMORY_FOLDER) if MEMORY_FOLDER.is_dir() else None,
        "control_socket_disable": True,
        "post_worker_init": readiness.report,
        "child_exit": end_with_worker,
    }
    GunicornApplication(application, configuration, readiness).run()


def has_no_delay(environ: dict[str, Any]) -> bool:
    """Whether the connection of this request sends without delay, asked of the kernel."""
    connection: socket.socket = environ["gunicorn.socket"]
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


class GunicornApplication(BaseApplication):
    """gunicorn configured by a mapping alone: no command line, no configuration file, no `GUNICORN_CMD_ARGS`."""

    def __init__(self, application: Application, configuration: dict[str, Any], readiness: Readiness) -> None:
        """Takes a WSGI callable, gunicorn's settings by name and what tells when all workers serve."""
        self._application = application
        self._configuration = configuration
        self._readiness = readiness
        super().__init__()

    @override
    def load_config(self) -> None:
        """Called by the base class."""
        for name, value in self._configuration.items():
            self.cfg.set(name, value)

    @override
    def load(self) -> Application:
        """Called by the arbiter, once, before it makes the workers."""
        return self._application

    @override
    def run(self) -> None:
        """Runs the arbiter; ends in `SystemExit`."""
        FixedArbiter(self, self._readiness).run()


class AnonymousResponse(wsgi.Response):
    """Sends no `Server` header, which gunicorn has no setting for."""

    @override
    def default_headers(self) -> list[str]:
        """The status line and gunicorn's own headers."""
        return [line for line in super().default_headers() if not line.startswith("Server:")]


class Connection(TConn):
    """A connection whose end holds up nobody else."""

    @override
    def close(self, graceful: bool = False) -> None:
        """Closes; gunicorn would wait for the client up to 2 s, on the thread that dispatches all requests."""
        if graceful:
            util.close_graceful(self.sock, timeout=0.001)
        else:
            super().close()


class EagerThreadWorker(ThreadWorker):
    """gunicorn's thread worker with its threads made before it serves, and idle connections that cost none of them."""

    @override
    def get_thread_pool(self) -> ThreadPoolExecutor:
        """The worker's share of the threads, all started: gunicorn's documented place to say how the pool is made."""
        processes = self.cfg.workers
        share = self.cfg.threads // processes + (self.age <= self.cfg.threads % processes)
        pool = ThreadPoolExecutor(max_workers=share, thread_name_prefix="request")
        everybody = threading.Barrier(share + 1)
        try:
            for _ in range(share):
                pool.submit(everybody.wait)
            everybody.wait()
        except RuntimeError:
            everybody.abort()
            raise
        return pool

    @override
    def accept(self, listener: socket.socket) -> None:
        """A new connection waits for its first byte on the poller, as a kept-alive one does for its next.

        gunicorn lets a thread wait for it, up to 5 s: connections opened ahead of their requests would hold them all.
        """
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        connection = Connection(self.cfg, client, address, listener.getsockname())
        connection.set_timeout()
        self.pending_conns.append(connection)
        self.poller.register(client, EVENT_READ, partial(self.on_pending_socket_readable, connection))

    @override
    def handle_quit(self, _signal: int, _frame: FrameType | None) -> NoReturn:
        """Ends at once. A terminal sends SIGINT to all, and the master SIGQUIT besides.

        gunicorn leaves by `sys.exit`, and the second signal, met while the interpreter ends its threads, leaves them
        waiting for ever.
        """
        os._exit(0)

    @override
    def murder_keepalived(self, force: bool = False) -> None:
        """Closes idle connections whose time is over, and all of them once SIGTERM has come."""
        super().murder_keepalived(force or not self.alive)

    @override
    def murder_pending(self) -> None:
        """The same for connections that have not sent anything yet."""
        if not self.alive:
            for connection in self.pending_conns:
                connection.timeout = 0
        super().murder_pending()

    @override
    def _cap_keepalive(self, _deadline: float) -> None:
        # Called when the worker is told to stop. gunicorn would keep its socket listening until the last request is
        # done, and idle connections for 2 s, for a request that may be under way.
        for listener in self.sockets:
            listener.close()
        # Requests that have arrived already are in flight, though no thread has them yet.
        self.wait_for_and_dispatch_events(timeout=0)
        self.murder_keepalived()
        self.murder_pending()
