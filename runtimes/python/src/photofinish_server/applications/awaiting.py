"""The contract in the awaiting style: a raw ASGI callable whose handlers are coroutines on one event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..contract.answer import Answer, compact_json, text
from ..contract.endpoints import CPU_JSON, CPU_SPIN, FAIL, HEALTH, INFO, TIMER
from ..contract.failure import answer_failure, boom
from ..contract.routes import Routes
from ..kernels.json_reduce import json_reduce
from ..kernels.spin import spin

type Scope = Mapping[str, Any]
type Send = Callable[[dict[str, Any]], Awaitable[None]]
type Handler = Callable[..., Awaitable[Answer]]
type Compute = Callable[..., Awaitable[str]]
"""Where CPU work is computed: takes a kernel and its arguments, yields the kernel's result."""

OK = text("ok")


class AwaitingApplication:
    """An ASGI callable that serves the contract."""

    def __init__(self, payload: str, compute: Compute, info: Callable[[], Answer]) -> None:
        """Takes the text for `/cpu/json`, the place of CPU work and the answer of `/info`."""
        self._payload = payload
        self._compute = compute
        self._info = info
        self._routes: Routes[Handler] = Routes(
            {
                HEALTH: health,
                INFO: self._tell_info,
                TIMER: timer,
                CPU_SPIN: self._cpu_spin,
                CPU_JSON: self._cpu_json,
                FAIL: fail,
            }
        )

    async def __call__(self, scope: Scope, _receive: object, send: Send) -> None:
        """Answers one request."""
        answer = await self._answer(scope)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope) -> Answer:
        path = scope["raw_path"].decode("latin-1")
        judged = self._routes.judge(scope["method"], path, scope["query_string"].decode("latin-1"))
        if isinstance(judged, Answer):
            return judged
        handler, values = judged
        try:
            return await handler(*values)
        except Exception as failure:  # noqa: BLE001 (the error layer of the application)
            return answer_failure(failure, path)

    async def _tell_info(self) -> Answer:
        return self._info()

    async def _cpu_spin(self, n: int) -> Answer:
        return text(await self._compute(spin, n))

    async def _cpu_json(self, times: int) -> Answer:
        return text(await self._compute(json_reduce, self._payload, times))


async def inline(kernel: Callable[..., str], *arguments: object) -> str:
    """CPU work on the event loop, which does nothing else meanwhile."""
    return kernel(*arguments)


async def health() -> Answer:
    """Does nothing."""
    return OK


async def timer(ms: int) -> Answer:
    """Parks the coroutine on the loop's timer, which counts whole milliseconds."""
    await asyncio.sleep(ms / 1000)
    return compact_json({"ms": ms})


async def fail(at: str) -> Answer:
    """Fails at once, after an await, or inside a callback of the loop."""
    if at == "await":
        await asyncio.sleep(0.001)
    if at == "callback":
        return await fail_in_callback()
    return boom()


async def fail_in_callback() -> Answer:
    """What a bare callback raises reaches nobody but the loop's exception handler; this one hands it on."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Answer] = loop.create_future()

    def callback() -> None:
        try:
            outcome.set_result(boom())
        except Exception as failure:  # noqa: BLE001 (handed on, not swallowed)
            outcome.set_exception(failure)

    loop.call_soon(callback)
    return await outcome
