"""`python/threads`: a pool of operating-system threads in one process, under the global interpreter lock.

`THREADS` threads; a request holds one from its first byte to its last, and further requests queue for one. A thread
that waits lets the lock go, so that waits overlap, `THREADS` at a time; a thread that computes holds it, so that all
threads together compute on one core, however many are granted.
"""

from ..applications.blocking import BlockingApplication, inline
from ..program.info import ModelFacts, info
from ..program.listener import BACKLOG, KEEP_ALIVE_SECONDS
from ..program.program import run_model
from ..program.settings import Settings, read_payload
from ..servers import gthread


def serve(settings: Settings, processes: int = 1) -> None:
    """Serves the contract from `processes` processes, which share the threads out among them."""
    facts = ModelFacts(
        processes=processes,
        threads=settings.threads,
        cpu_pool=None,
        cpu_work="request-thread",
        server=gthread.SERVER,
        event_loop=None,
        http_parser=gthread.HTTP_PARSER,
        keep_alive_seconds=KEEP_ALIVE_SECONDS,
        backlog=BACKLOG,
    )
    application = BlockingApplication(
        payload=read_payload(settings),
        compute=inline,
        info=lambda environ: info(settings, facts, no_delay=gthread.has_no_delay(environ)),
    )
    gthread.serve(settings, application, processes)


if __name__ == "__main__":
    run_model("threads", serve)
