"""gunicorn's master process with a fixed set of workers: all there or none."""

import os
import signal
import time
from typing import override

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.workers.base import Worker

from ..program.listener import announce


class Readiness:
    """A pipe on which every worker reports that it serves."""

    def __init__(self, workers: int, port: int) -> None:
        """Takes the number of workers and the port to announce."""
        self._workers = workers
        self._port = port
        self._reading, self._writing = os.pipe()

    def report(self, _worker: Worker) -> None:
        """Called in each worker when its threads stand."""
        os.close(self._reading)
        os.write(self._writing, b".")
        os.close(self._writing)

    def announce_when_all_serve(self) -> None:
        """Called in the master. Returns without a word when a worker ended before its report."""
        os.close(self._writing)
        missing = self._workers
        while missing > 0 and (reports := os.read(self._reading, missing)):
            missing -= len(reports)
        os.close(self._reading)
        if missing == 0:
            announce(self._port)


class FixedArbiter(Arbiter):
    """Makes its workers once and says so when all of them serve."""

    def __init__(self, application: BaseApplication, readiness: Readiness) -> None:
        """Takes a gunicorn application and what tells when all workers serve."""
        super().__init__(application)
        self._readiness = readiness
        self.is_stopping = False

    @override
    def spawn_workers(self) -> None:
        """Called once: a worker that ends is not replaced."""
        super().spawn_workers()
        self._readiness.announce_when_all_serve()

    @override
    def stop(self, graceful: bool = True) -> None:
        """Stops the workers: told to, or because one of them ended."""
        self.is_stopping = True
        super().stop(graceful)
        # The workers that overran their time have been killed but may not have ended yet.
        while self.WORKERS:
            time.sleep(0.01)
            self.reap_workers()


def end_with_worker(arbiter: FixedArbiter, worker: Worker) -> None:
    """A worker that ends takes the whole target with it at once: half a server would be measured wrongly.

    Raises gunicorn's `HaltServer`, unless the workers are being stopped anyway.
    """
    if arbiter.is_stopping:
        return
    arbiter.kill_workers(signal.SIGKILL)
    raise HaltServer(f"worker process {worker.pid} ended", 1)
