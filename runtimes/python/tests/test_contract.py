"""The wire contract, asked of every model by raw socket."""

import json

import pytest

from client import Connection, Reply
from payload import xs32
from target import Target

TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


def assert_answer(reply: Reply, status: int, content_type: str, body: str) -> None:
    assert (reply.status, reply.headers["content-type"], reply.body.decode()) == (status, content_type, body)
    assert reply.headers["content-length"] == str(len(body))
    assert "server" not in reply.headers
    assert "transfer-encoding" not in reply.headers


@pytest.mark.parametrize(
    ("path", "content_type", "body"),
    [
        ("/health", TEXT, "ok"),
        ("/health?ms=x", TEXT, "ok"),
        ("/timer?ms=0", JSON, '{"ms":0}'),
        ("/timer?ms=0012&other=1&other=2", JSON, '{"ms":12}'),
        ("/timer?ms=1&%6ds=2", JSON, '{"ms":1}'),
        ("/timer?ms=" + "0" * 5000 + "3", JSON, '{"ms":3}'),
        ("http://127.0.0.1/timer?ms=1", JSON, '{"ms":1}'),
        ("/cpu/json", TEXT, "20000:3057911568:9994569:4015531070:9930:428890"),
        ("/cpu/json?repeat=2", TEXT, "20000:3057911568:9994569:4015531070:9930:428890"),
    ],
)
def test_a_correct_request_gets_the_exact_body(target: Target, path: str, content_type: str, body: str) -> None:
    with Connection(target.port) as connection:
        assert_answer(connection.ask(path), 200, content_type, body)


@pytest.mark.parametrize("n", [1, 7, 4321])
def test_spin_answers_eight_digits(target: Target, n: int) -> None:
    states = xs32(0x9E3779B9)
    with Connection(target.port) as connection:
        expected = f"{sum(next(states) for _ in range(n)) % 2**32:08x}"
        assert_answer(connection.ask(f"/cpu/spin?n={n}"), 200, TEXT, expected)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/timer", "ms"),
        ("/timer?ms=", "ms"),
        ("/timer?ms=60001", "ms"),
        ("/timer?ms=" + "9" * 5000, "ms"),
        ("/timer?ms=-1", "ms"),
        ("/timer?ms=+1", "ms"),
        ("/timer?ms=1.0", "ms"),
        ("/timer?ms=%31", "ms"),
        ("/timer?ms=1&ms=1", "ms"),
        ("/timer?%6ds=1", "ms"),
        ("/cpu/spin?n=0", "n"),
        ("/cpu/spin?n=1000000001", "n"),
        ("/cpu/json?repeat=", "repeat"),
        ("/cpu/json?repeat=101", "repeat"),
        ("/fail", "at"),
        ("/fail?at=later", "at"),
    ],
)
def test_a_bad_parameter_is_named(target: Target, path: str, name: str) -> None:
    with Connection(target.port) as connection:
        assert_answer(connection.ask(path), 400, JSON, f'{{"error":"bad {name}"}}')


@pytest.mark.parametrize(
    "path", ["/", "/timer/", "/Timer?ms=1", "/t%69mer?ms=1", "//health", "/nothing", "/upstream?ms=1"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_path_is_not_found_whatever_the_method(target: Target, path: str, method: str) -> None:
    with Connection(target.port) as connection:
        assert_answer(connection.ask(path, method), 404, JSON, '{"error":"not found"}')


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/health", "/timer?ms=x", "/info", "/cpu/spin", "/cpu/json", "/fail"])
def test_a_wrong_method_comes_before_bad_parameters(target: Target, path: str, method: str) -> None:
    with Connection(target.port) as connection:
        reply = connection.ask(path, method)
    assert_answer(reply, 405, JSON, '{"error":"method not allowed"}')
    assert reply.headers["allow"] == "GET"


def test_head_is_a_wrong_method_and_its_answer_has_no_body(target: Target) -> None:
    with Connection(target.port) as connection:
        reply = connection.ask("/health", "HEAD")
        assert (reply.status, reply.headers["allow"]) == (405, "GET")
        assert_answer(connection.ask("/health"), 200, TEXT, "ok")


@pytest.mark.parametrize("at", ["sync", "await", "callback"])
def test_a_failing_handler_answers_500_on_a_connection_that_stays_usable(target: Target, at: str) -> None:
    with Connection(target.port) as connection:
        for _ in range(2):
            assert_answer(connection.ask(f"/fail?at={at}"), 500, JSON, '{"error":"boom"}')
            assert_answer(connection.ask("/health"), 200, TEXT, "ok")
    assert target.process.poll() is None


def test_a_body_that_nobody_reads_does_not_spoil_the_next_request(target: Target) -> None:
    with Connection(target.port) as connection:
        connection.send("/health", "POST", "Content-Length: 0\r\n")
        assert connection.receive().status == 405
        assert_answer(connection.ask("/health"), 200, TEXT, "ok")


def test_the_answer_says_close_when_the_client_does(target: Target) -> None:
    with Connection(target.port) as connection:
        connection.send("/health", headers="Connection: close\r\n")
        reply = connection.receive()
        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert connection.is_closed_by_peer()


def test_info_has_the_fields_of_the_schema_in_one_document_without_spaces(target: Target) -> None:
    with Connection(target.port) as connection:
        reply = connection.ask("/info")
    document = json.loads(reply.body)
    assert_answer(reply, 200, JSON, json.dumps(document, separators=(",", ":")))
