"""`python/asyncio`: coroutines on one event loop, in one process.

A request is a coroutine; one that waits costs its frame and a socket. One that computes holds the loop, and with it
everybody else, until it is done; cores beyond the first are of no use.
"""

from ..applications.awaiting import AwaitingApplication, inline
from ..program.info import ModelFacts, info
from ..program.listener import BACKLOG, KEEP_ALIVE_SECONDS
from ..program.program import run_model
from ..program.settings import Settings, read_payload
from ..servers import event_loop


def serve(settings: Settings) -> None:
    """Serves the contract."""
    facts = ModelFacts(
        processes=1,
        threads=None,
        cpu_pool=None,
        cpu_work="event-loop",
        server=event_loop.SERVER,
        event_loop=event_loop.EVENT_LOOP,
        http_parser=event_loop.HTTP_PARSER,
        keep_alive_seconds=KEEP_ALIVE_SECONDS,
        backlog=BACKLOG,
    )
    application = AwaitingApplication(
        payload=read_payload(settings),
        compute=inline,
        info=lambda: info(settings, facts, no_delay=server.has_no_delay()),
    )
    server = event_loop.EventLoopServer(settings, application)
    server.serve_until_told()


if __name__ == "__main__":
    run_model("asyncio", serve)
