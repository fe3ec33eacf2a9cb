"""A client that sees the bytes on the wire: one socket, requests written by hand."""

import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Self

PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Reply:
    """A response as it came; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int, patience: float = PATIENCE_SECONDS) -> None:
        """Connects; a read that takes longer than `patience` seconds fails."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self._ahead = b""

    def __enter__(self) -> Self:
        """Leaving the block closes the connection."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Closes."""
        self._socket.close()

    def send(self, target: str, method: str = "GET", headers: str = "") -> None:
        """Sends a request without a body."""
        self._socket.sendall(f"{method} {target} HTTP/1.1\r\nHost: target\r\n{headers}\r\n".encode("latin-1"))

    def receive(self, method: str = "GET") -> Reply:
        """Reads one response. A response to HEAD has no body whatever its `Content-Length` says."""
        head = self._read_until(b"\r\n\r\n").decode("latin-1")
        status_line, *lines = head.rstrip("\r\n").split("\r\n")
        pairs = [line.partition(":") for line in lines]
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        assert len(headers) == len(pairs), "a header came twice"
        length = 0 if method == "HEAD" else int(headers["content-length"])
        return Reply(int(status_line.split(" ")[1]), headers, self._read(length))

    def ask(self, target: str, method: str = "GET") -> Reply:
        """Sends a request and reads its response."""
        self.send(target, method)
        return self.receive(method)

    def is_closed_by_peer(self) -> bool:
        """Whether the server closes the connection within the patience, with not a byte more."""
        return not self._ahead and self._socket.recv(1) == b""

    def _read_until(self, mark: bytes) -> bytes:
        while mark not in self._ahead:
            self._more()
        head, _, self._ahead = self._ahead.partition(mark)
        return head + mark

    def _read(self, length: int) -> bytes:
        while len(self._ahead) < length:
            self._more()
        body, self._ahead = self._ahead[:length], self._ahead[length:]
        return body

    def _more(self) -> None:
        chunk = self._socket.recv(65_536)
        if not chunk:
            raise ConnectionResetError("the server closed the connection in the middle of a response")
        self._ahead += chunk
