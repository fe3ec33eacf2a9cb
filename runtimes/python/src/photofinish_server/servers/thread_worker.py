"""gunicorn's thread worker with the changes that the tuning ledger of the README lists."""

import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from selectors import EVENT_READ
from types import FrameType
from typing import NoReturn, override

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker


def write_error(client: socket.socket, status: int, reason: str, message: str) -> None:
    """Answers a request that could not be parsed, and announces the connection's end.

    gunicorn's own writes a head without its last carriage return from Python 3.14 on, where `textwrap.dedent` takes it
    for a blank line's space, so that the answer is a byte shorter than it says.
    """
    body = f"{reason}: {message}\n".encode("latin1", "replace")
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: text/plain; charset=latin1\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(client, head.encode("latin1") + body)


util.write_error = write_error


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
