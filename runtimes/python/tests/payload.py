"""Writes `payload.json` as the contract describes it, from its words and not from the code under test."""

from collections.abc import Iterator
from pathlib import Path


def xs32(seed: int) -> Iterator[int]:
    """States of the contract's generator, one per step."""
    state = seed
    while True:
        state ^= state << 13 & 0xFFFFFFFF
        state ^= state >> 17
        state ^= state << 5 & 0xFFFFFFFF
        yield state


def write_payload(folder: Path) -> Path:
    """Puts the file into the folder and returns its path."""
    draws = xs32(0x2545F491)
    file = folder / "payload.json"
    file.write_text("[" + ",".join(record(i, draws) for i in range(20_000)) + "]", encoding="ascii")
    return file


def record(i: int, draws: Iterator[int]) -> str:
    """One record; the draws come in the order u, q, c, three tags."""
    u, q, c, *tags = [next(draws) for _ in range(6)]
    active = "true" if c >> 31 else "false"
    words = ",".join(f'"t{tag % 100}"' for tag in tags)
    return (
        f'{{"id":{i},"user":"u{u:08x}","qty":{q % 1000},"price":{c % 400_000},"active":{active},'
        f'"tags":[{words}],"note":"caf\\u00e9 {i}"}}'
    )
