"""`python/multiprocessing`: the server and application of `threads`, in one process per granted core.

`CORES` processes with one global interpreter lock each; the `THREADS` threads are shared out among them, the first ones
taking the remainder. The kernel spreads connections over the processes by hash; nothing else is shared.
"""

from ..program.program import run_model
from ..program.refusal import RefusalError
from ..program.settings import Settings
from . import threads


def serve(settings: Settings) -> None:
    """Serves the contract. Raises `RefusalError` when there are fewer threads than processes."""
    if settings.threads < settings.cores:
        raise RefusalError(
            f"THREADS must be at least CORES ({settings.cores}), one a process, not {settings.threads}", 2
        )
    threads.serve(settings, processes=settings.cores)


if __name__ == "__main__":
    run_model("multiprocessing", serve)
