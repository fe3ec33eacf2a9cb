"""Everything a target may vary, as the environment gives it."""

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..contract.digits import read_digits
from .refusal import RefusalError


@dataclass(frozen=True, slots=True)
class Settings:
    """The plan's values for one trial. A port of 0 asks for a free one."""

    host: str
    port: int
    model: str
    nonce: str
    cores: int
    threads: int
    cpu_pool: int
    payload_file: Path


def read_settings(environment: Mapping[str, str], model: str) -> Settings:
    """Reads the settings of a model. Raises `RefusalError` listing every variable that is missing or out of range."""
    problems: list[str] = []

    def word(name: str, allowed: str, is_allowed: Callable[[str], bool]) -> str:
        value = environment.get(name, "")
        if not value:
            problems.append(f"{name} is missing")
        elif not is_allowed(value):
            problems.append(f"{name} must be {allowed}, not {value!r}")
        return value

    def number(name: str, lowest: int, highest: int) -> int:
        value = word(
            name,
            f"a whole number from {lowest} to {highest}",
            lambda digits: read_digits(digits, lowest, highest) is not None,
        )
        return read_digits(value, lowest, highest) or 0

    settings = Settings(
        host=word("HOST", "an IPv4 address", _is_ipv4),
        port=number("PORT", 0, 65_535),
        model=word("MODEL", f"{model!r}, the model started", lambda value: value == model),
        nonce=word("TRIAL_NONCE", "at most 200 characters long", lambda value: len(value) <= 200),
        cores=number("CORES", 1, 1024),
        threads=number("THREADS", 1, 100_000),
        cpu_pool=number("CPU_POOL", 1, 1024),
        payload_file=_payload_file(
            word("DATA_DIR", "a folder with payload.json", lambda value: os.access(_payload_file(value), os.R_OK))
        ),
    )
    if problems:
        raise RefusalError("; ".join(problems), 2)
    return settings


def read_payload(settings: Settings) -> str:
    """The text that `/cpu/json` parses, read once. Raises `RefusalError` when it is not readable as ASCII."""
    try:
        return settings.payload_file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as problem:
        raise RefusalError(f"DATA_DIR must be a folder with payload.json: {problem}", 2) from problem


def _payload_file(folder: str) -> Path:
    return Path(folder) / "payload.json"


def _is_ipv4(value: str) -> bool:
    try:
        ipaddress.IPv4Address(value)
    except ValueError:
        return False
    return True
