"""The contract in the blocking style: a WSGI application whose handlers wait on the thread that serves the request."""

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from ..contract.answer import Answer, compact_json, text
from ..contract.endpoints import CPU_JSON, CPU_SPIN, FAIL, HEALTH, INFO, TIMER
from ..contract.failure import answer_failure, boom
from ..contract.query import split_target
from ..contract.routes import Routes
from ..kernels.json_reduce import json_reduce
from ..kernels.spin import spin

type Environ = Mapping[str, Any]
type Handler = Callable[..., Answer]
type Compute = Callable[..., str]
"""Where CPU work is computed: takes a kernel and its arguments, returns the kernel's result."""

OK = text("ok")
STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class BlockingApplication:
    """A WSGI callable that serves the contract."""

    def __init__(self, payload: str, compute: Compute, info: Callable[[Environ], Answer]) -> None:
        """Takes the text for `/cpu/json`, the place of CPU work and the answer of `/info` to a request."""
        self._payload = payload
        self._compute = compute
        self._routes: Routes[Handler] = Routes(
            {
                HEALTH: lambda _environ: OK,
                INFO: info,
                TIMER: timer,
                CPU_SPIN: self._cpu_spin,
                CPU_JSON: self._cpu_json,
                FAIL: lambda _environ, at: FAILURES[at](),
            }
        )

    def __call__(self, environ: Environ, start_response: Callable[..., object]) -> Iterable[bytes]:
        """Answers one request."""
        answer = self._answer(environ)
        start_response(STATUS_LINES[answer.status], list(answer.headers))
        return () if environ["REQUEST_METHOD"] == "HEAD" else (answer.body,)

    def _answer(self, environ: Environ) -> Answer:
        path, query = split_target(environ["RAW_URI"])
        judged = self._routes.judge(environ["REQUEST_METHOD"], path, query)
        if isinstance(judged, Answer):
            return judged
        handler, values = judged
        try:
            return handler(environ, *values)
        except Exception as failure:  # noqa: BLE001 (the error layer of the application)
            return answer_failure(failure, path)

    def _cpu_spin(self, _environ: Environ, n: int) -> Answer:
        return text(self._compute(spin, n))

    def _cpu_json(self, _environ: Environ, times: int) -> Answer:
        return text(self._compute(json_reduce, self._payload, times))


def inline(kernel: Callable[..., str], *arguments: object) -> str:
    """CPU work on the thread that serves the request."""
    return kernel(*arguments)


def timer(_environ: Environ, ms: int) -> Answer:
    """Parks the thread; the kernel's clock wakes it, never early."""
    time.sleep(ms / 1000)
    return compact_json({"ms": ms})


def fail_after_wait() -> Answer:
    """The blocking twin of failing after an await: the thread has waited before."""
    time.sleep(0.001)
    return boom()


def fail_in_callback() -> Answer:
    """A callback runs on another thread; what it raises reaches the request through its future."""
    with ThreadPoolExecutor(max_workers=1) as other:
        return other.submit(boom).result()


FAILURES = {"sync": boom, "await": fail_after_wait, "callback": fail_in_callback}
