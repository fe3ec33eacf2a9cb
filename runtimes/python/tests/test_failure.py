"""Failures nobody asked for: the client gets the contract's 500, the log gets the trace."""

import asyncio
from typing import Any

import pytest

from photofinish_server.applications.awaiting import AwaitingApplication
from photofinish_server.applications.blocking import BlockingApplication
from photofinish_server.contract.answer import Answer, text


def broken(*_arguments: object) -> str:
    raise ZeroDivisionError("the kernel is broken")


async def broken_later(*_arguments: object) -> str:
    return broken()


def no_info(*_request: object) -> Answer:
    return text("")


def test_the_blocking_application_answers_500_and_logs(caplog: pytest.LogCaptureFixture) -> None:
    statuses: list[str] = []
    application = BlockingApplication("[]", broken, no_info)
    environ = {"REQUEST_METHOD": "GET", "RAW_URI": "/cpu/spin?n=1"}
    body = b"".join(application(environ, lambda status, _headers: statuses.append(status)))
    assert (statuses, body) == (["500 Internal Server Error"], b'{"error":"boom"}')
    assert "/cpu/spin failed" in caplog.text
    assert "the kernel is broken" in caplog.text


def test_the_awaiting_application_answers_500_and_logs(caplog: pytest.LogCaptureFixture) -> None:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    application = AwaitingApplication("[]", broken_later, no_info)
    scope = {"method": "GET", "raw_path": b"/cpu/json", "query_string": b""}
    asyncio.run(application(scope, None, send))
    assert (sent[0]["status"], sent[1]["body"]) == (500, b'{"error":"boom"}')
    assert "/cpu/json failed" in caplog.text
    assert "the kernel is broken" in caplog.text
