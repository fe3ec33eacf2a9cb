"""gunicorn with its thread worker: processes that listen on one port and share the request threads out among them."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, override

import gunicorn
from gunicorn.app.base import BaseApplication
from gunicorn.http import wsgi

from ..program.listener import BACKLOG, GRACE_SECONDS, KEEP_ALIVE_SECONDS, reserve
from ..program.settings import Settings
from .fixed_arbiter import FixedArbiter, Readiness, end_with_worker
from .thread_worker import EagerThreadWorker

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
