"""The frame of every model's process."""

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from .info import gil_state
from .refusal import RefusalError
from .settings import Settings, read_settings


def run_model(model: str, serve: Callable[[Settings], None]) -> NoReturn:
    """Reads the settings, serves until told to stop and ends the process. A refusal is one line and its exit status."""
    try:
        settings = read_settings(os.environ, model)
        require_gil()
        serve(settings)
    except RefusalError as refusal:
        print(f"python/{model} does not start: {refusal}", file=sys.stderr, flush=True)
        sys.exit(refusal.status)
    sys.exit(0)


def require_gil() -> None:
    """Raises `RefusalError` on an interpreter without the lock: the models of this folder are defined with it."""
    if gil_state() != "on":
        raise RefusalError("the model is defined with the global interpreter lock, which is off here", 3)
