"""Answers whose bytes the contract fixes."""

import json
from dataclasses import dataclass

TEXT = "text/plain; charset=utf-8"
JSON = "application/json"

_encode = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the exact body and the headers the contract names, `Content-Length` among them."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def _answer(status: int, content_type: str, body: str, *further: tuple[str, str]) -> Answer:
    content = body.encode()
    headers = (("Content-Type", content_type), ("Content-Length", str(len(content))), *further)
    return Answer(status, headers, content)


def text(body: str) -> Answer:
    """200 with plain text."""
    return _answer(200, TEXT, body)


def compact_json(document: dict[str, object]) -> Answer:
    """200 with a JSON document: no spaces, keys in the order given."""
    return _answer(200, JSON, _encode(document))


def _error(status: int, what: str, *further: tuple[str, str]) -> Answer:
    return _answer(status, JSON, f'{{"error":"{what}"}}', *further)


NOT_FOUND = _error(404, "not found")
METHOD_NOT_ALLOWED = _error(405, "method not allowed", ("Allow", "GET"))
BOOM = _error(500, "boom")


def bad_parameter(name: str) -> Answer:
    """400 that names the parameter."""
    return _error(400, f"bad {name}")
