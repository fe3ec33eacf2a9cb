"""The two kinds of failing handler. Both answer 500; only one is worth a line in the log."""

import logging

from .answer import BOOM, Answer


class DeliberateFailureError(Exception):
    """What `/fail` raises: asked for, hence answered without a word."""


def boom() -> Answer:
    """Fails as `/fail` promises."""
    raise DeliberateFailureError


def answer_failure(failure: Exception, path: str) -> Answer:
    """The contract's 500. A failure nobody asked for leaves its trace in the target's last words."""
    if not isinstance(failure, DeliberateFailureError):
        logging.getLogger("photofinish").error("%s failed", path, exc_info=failure)
    return BOOM
