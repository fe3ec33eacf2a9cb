"""What a target may vary, read from the environment."""

from pathlib import Path

import pytest

from photofinish_server.program.refusal import RefusalError
from photofinish_server.program.settings import read_payload, read_settings
from target import environment

VARIABLES = ("HOST", "PORT", "MODEL", "TRIAL_NONCE", "CORES", "THREADS", "CPU_POOL", "DATA_DIR")


def test_every_value_of_the_plan_is_taken(data_dir: Path) -> None:
    settings = read_settings(environment("threads", data_dir, {"PORT": "8080", "CPU_POOL": "3"}), "threads")
    assert (settings.host, settings.port, settings.model, settings.nonce) == (
        "127.0.0.1",
        8080,
        "threads",
        "nonce-of-this-trial",
    )
    assert (settings.cores, settings.threads, settings.cpu_pool) == (2, 8, 3)
    assert len(read_payload(settings)) == 2_434_165


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_variable_is_named(data_dir: Path, name: str, value: str | None) -> None:
    with pytest.raises(RefusalError, match=f"^{name} is missing$") as refusal:
        read_settings(environment("threads", data_dir, {name: value}), "threads")
    assert refusal.value.status == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOST", "localhost"),
        ("HOST", "::1"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("MODEL", "asyncio"),
        ("TRIAL_NONCE", "n" * 201),
        ("CORES", "0"),
        ("CORES", "two"),
        ("THREADS", "0"),
        ("THREADS", "1e3"),
        ("CPU_POOL", "1.5"),
        ("DATA_DIR", "/nowhere"),
    ],
)
def test_a_value_out_of_range_is_named_and_shown(data_dir: Path, name: str, value: str) -> None:
    with pytest.raises(RefusalError, match=f"^{name} must be .*, not '{value}'$") as refusal:
        read_settings(environment("threads", data_dir, {name: value}), "threads")
    assert refusal.value.status == 2


def test_all_problems_stand_in_one_line() -> None:
    with pytest.raises(RefusalError) as refusal:
        read_settings({}, "threads")
    assert str(refusal.value) == "; ".join(f"{name} is missing" for name in VARIABLES)


def test_a_payload_that_is_not_ascii_is_refused(tmp_path: Path) -> None:
    (tmp_path / "payload.json").write_text("é", encoding="utf-8")
    settings = read_settings(environment("threads", tmp_path), "threads")
    with pytest.raises(RefusalError, match=r"^DATA_DIR must be"):
        read_payload(settings)
