"""Query parameters, read from the raw query: nothing is decoded.

An escaped name is another name, an escaped digit is no digit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from .digits import read_digits


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """A whole number from `lowest` to `highest`, given exactly once, or `absent` when it may be left out."""

    name: str
    lowest: int
    highest: int
    absent: int | None = None

    def read(self, given: Sequence[str]) -> int | None:
        """Value of the words given for this parameter, or None when they are bad."""
        if not given:
            return self.absent
        return read_digits(given[0], self.lowest, self.highest) if len(given) == 1 else None


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words, given exactly once."""

    name: str
    words: tuple[str, ...]

    def read(self, given: Sequence[str]) -> str | None:
        """The word given for this parameter, or None when it is bad."""
        return given[0] if len(given) == 1 and given[0] in self.words else None


type Parameter = WholeNumber | OneOf


class BadParameterError(Exception):
    """A parameter is missing, repeated, out of range or misspelt; the argument is its name."""


def read_query(parameters: Sequence[Parameter], query: str) -> list[int | str]:
    """Values of the parameters in their order; those the endpoint does not know are passed over.

    Raises `BadParameterError` with the name of the first bad one.
    """
    if not parameters:
        return []
    pairs = [pair.partition("=") for pair in query.split("&")]
    values: list[int | str] = []
    for parameter in parameters:
        value = parameter.read([word for name, _, word in pairs if name == parameter.name])
        if value is None:
            raise BadParameterError(parameter.name)
        values.append(value)
    return values


def split_target(target: str) -> tuple[str, str]:
    """Path and raw query of a request target. RFC 9112 section 3.2.2: the absolute form must be accepted too."""
    if not target.startswith("/"):
        _, scheme, rest = target.partition("://")
        _, slash, path = rest.partition("/")
        target = slash + path if scheme else target
    path, _, query = target.partition("?")
    return path, query
