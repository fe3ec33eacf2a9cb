"""Numbers as the contract spells them."""

import pytest

from photofinish_server.contract.digits import read_digits


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("0", 0),
        ("60000", 60_000),
        ("007", 7),
        ("000", 0),
        ("0" * 5000 + "42", 42),
    ],
)
def test_a_number_is_what_its_digits_say(word: str, value: int) -> None:
    assert read_digits(word, 0, 60_000) == value


@pytest.mark.parametrize(
    "word",
    ["", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1f", "1_000", "%31", "60001", "9" * 5000, "١", "²", "1\n"],  # noqa: RUF001 (digits that are not ASCII)
)
def test_anything_else_is_no_number(word: str) -> None:
    assert read_digits(word, 0, 60_000) is None


def test_the_limits_belong_to_the_range() -> None:
    assert [read_digits(str(value), 5, 7) for value in (4, 5, 7, 8)] == [None, 5, 7, None]
