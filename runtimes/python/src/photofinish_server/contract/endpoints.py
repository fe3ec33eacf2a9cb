"""The contract's table of endpoints, as far as this runtime serves it. Paths that are not here answer 404."""

from dataclasses import dataclass

from .query import OneOf, Parameter, WholeNumber


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path and its parameters, in the order in which they are judged."""

    path: str
    parameters: tuple[Parameter, ...] = ()


HEALTH = Endpoint("/health")
INFO = Endpoint("/info")
TIMER = Endpoint("/timer", (WholeNumber("ms", 0, 60_000),))
CPU_SPIN = Endpoint("/cpu/spin", (WholeNumber("n", 1, 1_000_000_000),))
CPU_JSON = Endpoint("/cpu/json", (WholeNumber("repeat", 1, 100, absent=1),))
FAIL = Endpoint("/fail", (OneOf("at", ("sync", "await", "callback")),))

ENDPOINTS = (HEALTH, INFO, TIMER, CPU_SPIN, CPU_JSON, FAIL)
