"""uvicorn on uvloop and httptools: one event loop that serves one ASGI callable."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, override

import httptools
import uvicorn
import uvloop
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ..program.listener import BACKLOG, GRACE_SECONDS, KEEP_ALIVE_SECONDS, announce, listen
from ..program.refusal import RefusalError
from ..program.settings import Settings

SERVER = f"uvicorn {uvicorn.__version__}"
EVENT_LOOP = f"uvloop {uvloop.__version__}"
HTTP_PARSER = f"httptools {httptools.__version__}"


class EventLoopServer(uvicorn.Server):
    """A uvicorn server that says when it serves and ends with status 0 when told to stop."""

    def __init__(self, settings: Settings, application: Callable[..., Any]) -> None:
        """Takes the settings and an ASGI callable."""
        self._listener = listen(settings.host, settings.port)
        super().__init__(
            uvicorn.Config(
                application,
                loop="uvloop",
                http="httptools",
                ws="none",
                lifespan="off",
                interface="asgi3",
                backlog=BACKLOG,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
                access_log=False,
                log_level="warning",
                server_header=False,
                proxy_headers=False,
                workers=1,
            )
        )

    def serve_until_told(self) -> None:
        """Serves; returns after SIGTERM or SIGINT, when what was in flight is answered."""
        # uvicorn raises the signal it was stopped by once more, for whoever was listening before.
        signal.signal(signal.SIGTERM, _end)
        signal.signal(signal.SIGINT, _end)
        self.run(sockets=[self._listener])

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Called by uvicorn on its loop. Raises `RefusalError` when that is not uvloop, or the parser not httptools."""
        loop = asyncio.get_running_loop()
        if not isinstance(loop, uvloop.Loop) or self.config.http_protocol_class is not HttpToolsProtocol:
            raise RefusalError(f"uvicorn took {type(loop)} and {self.config.http_protocol_class}", 3)
        await super().startup(sockets)
        announce(self._listener.getsockname()[1])

    def has_no_delay(self) -> bool:
        """Whether all present connections send without delay, asked of the kernel."""
        connections = [protocol.transport.get_extra_info("socket") for protocol in self.server_state.connections]
        return all(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0 for one in connections)


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
