"""A target as a child process, started as the harness starts it."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

FOLDER = Path(__file__).parent.parent
PATIENCE_SECONDS = 15

MODELS = ("asyncio", "threads", "multiprocessing")
GUNICORN_MODELS = ("threads", "multiprocessing")


def environment(model: str, data_dir: Path, changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """The whole environment of a target, with changes: None leaves a variable out."""
    plan: dict[str, str | None] = {
        "PYTHONPATH": "src",
        "HOST": "127.0.0.1",
        "PORT": "0",
        "MODEL": model,
        "TRIAL_NONCE": "nonce-of-this-trial",
        "CORES": "2",
        "THREADS": "8",
        "CPU_POOL": "2",
        "DATA_DIR": str(data_dir),
        **(changes or {}),
    }
    return {name: value for name, value in plan.items() if value is not None}


def command(model: str) -> list[str]:
    """What `runtime.json` says."""
    return [str(FOLDER / ".venv" / "bin" / "python"), "-m", f"photofinish_server.models.{model}"]


class Target:
    """A target that serves; leaving the block ends it and everything it started."""

    def __init__(self, model: str, data_dir: Path, changes: Mapping[str, str] | None = None) -> None:
        """Starts the target and waits for its first line."""
        self.process = subprocess.Popen(
            command(model),
            cwd=FOLDER,
            env=environment(model, data_dir, changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        word, _, port = first.partition(" ")
        assert word == "listening", f"first line {first!r}"
        self.port = int(port)

    def __enter__(self) -> Self:
        """Leaving the block ends the target."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Kills the target's whole process group."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.last_words()

    def children(self) -> list[int]:
        """Process ids of the processes it made."""
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        return [int(pid) for pid in listing.split()]

    def terminate(self) -> None:
        """Sends SIGTERM to the process that was started."""
        self.process.send_signal(signal.SIGTERM)

    def exit_status(self) -> int:
        """Waits for its end; negative: the signal that killed it."""
        return self.process.wait(PATIENCE_SECONDS)

    def last_words(self) -> str:
        """Everything it wrote on standard error, once it has ended."""
        _, errors = self.process.communicate(timeout=PATIENCE_SECONDS)
        return errors
