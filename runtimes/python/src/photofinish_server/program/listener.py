"""The listening socket, made the same way for every server."""

import socket

from .refusal import RefusalError

BACKLOG = 4096
"""Connections the kernel may hold ready for `accept`; it caps the number at `net.core.somaxconn`."""

KEEP_ALIVE_SECONDS = 75
"""Idle time after which a connection is closed. The contract asks for 65 s at least."""

GRACE_SECONDS = 5
"""Longest time that requests in flight get after SIGTERM."""


def reserve(host: str, port: int) -> socket.socket:
    """A socket bound to the address, a free port when `port` is 0, that does not listen.

    While it is open, sockets with `SO_REUSEADDR` and `SO_REUSEPORT` may bind the same address and listen. Having no
    `SO_REUSEPORT` itself, it is refused where another server listens, which they would share the port with unawares.
    Raises `RefusalError` with status 3 when the address cannot be had.
    """
    reservation = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reservation.bind((host, port))
    except OSError as problem:
        reservation.close()
        raise _cannot_listen(host, port, problem) from problem
    return reservation


def listen(host: str, port: int) -> socket.socket:
    """A listening socket whose accepted connections send without delay: Linux hands `TCP_NODELAY` on to them.

    Raises `RefusalError` with status 3 when the address cannot be had.
    """
    listener = reserve(host, port)
    try:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.listen(BACKLOG)
    except OSError as problem:
        listener.close()
        raise _cannot_listen(host, port, problem) from problem
    return listener


def _cannot_listen(host: str, port: int, problem: OSError) -> RefusalError:
    return RefusalError(f"cannot listen on {host}:{port}: {problem.strerror}", 3)


def announce(port: int) -> None:
    """The first line on standard output: from here on every process of the target serves."""
    print(f"listening {port}", flush=True)
