"""Kernels against the golden values of the contract, and against its words taken literally."""

import hashlib
import random
from pathlib import Path

import pytest

from payload import xs32
from photofinish_server.kernels.json_reduce import json_reduce
from photofinish_server.kernels.spin import spin


def test_spin_gives_the_golden_value() -> None:
    assert spin(5_000_000) == "6648fc4f"


@pytest.mark.parametrize("n", [1, 2, 3, *random.Random(20260101).sample(range(4, 20_000), 5)])  # noqa: S311 (a drawn input)
def test_spin_is_the_sum_of_the_states(n: int) -> None:
    states = xs32(0x9E3779B9)
    assert spin(n) == f"{sum(next(states) for _ in range(n)) % 2**32:08x}"


def test_the_payload_of_these_tests_is_the_contract_s(data_dir: Path) -> None:
    content = (data_dir / "payload.json").read_bytes()
    assert len(content) == 2_434_165
    assert hashlib.sha256(content).hexdigest() == "31c5f20b5001d3eb05f4467ae3f106c97db3525d63ce427d3db6f4874e8811e7"


@pytest.mark.parametrize("times", [1, 2])
def test_json_gives_the_golden_line(data_dir: Path, times: int) -> None:
    payload = (data_dir / "payload.json").read_text(encoding="ascii")
    assert json_reduce(payload, times) == "20000:3057911568:9994569:4015531070:9930:428890"


def test_json_counts_characters_and_not_bytes() -> None:
    payload = '[{"id":7,"user":"u1","qty":2,"price":3,"active":true,"tags":["t1"],"note":"caf\\u00e9"}]'
    assert json_reduce(payload, 1) == "1:7:2:3:1:7"
