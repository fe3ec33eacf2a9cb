"""Query parameters and request targets, read without decoding."""

import pytest

from photofinish_server.contract.query import BadParameterError, OneOf, WholeNumber, read_query, split_target

PARAMETERS = (WholeNumber("ms", 0, 60_000), WholeNumber("times", 1, 10, absent=1), OneOf("at", ("sync", "await")))


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("ms=5&times=2&at=sync", [5, 2, "sync"]),
        ("at=await&ms=0", [0, 1, "await"]),
        ("ms=5&at=sync&other=1&other=2&%6ds=7&MS=8", [5, 1, "sync"]),
        ("&&ms=5&&at=sync&", [5, 1, "sync"]),
    ],
)
def test_values_come_in_the_order_of_the_table(query: str, values: list[int | str]) -> None:
    assert read_query(PARAMETERS, query) == values


@pytest.mark.parametrize(
    ("query", "bad"),
    [
        ("", "ms"),
        ("ms", "ms"),
        ("ms=", "ms"),
        ("ms=5&ms=5&at=sync", "ms"),
        ("%6ds=5&at=sync", "ms"),
        ("ms=%35&at=sync", "ms"),
        ("ms=5=5&at=sync", "ms"),
        ("ms=5;at=sync", "ms"),
        ("ms=5&times=&at=sync", "times"),
        ("ms=5&times=11&at=sync", "times"),
        ("ms=5", "at"),
        ("ms=5&at=SYNC", "at"),
        ("ms=5&at=s%79nc", "at"),
        ("ms=5&at=sync&at=sync", "at"),
        ("at=x&times=0&ms=x", "ms"),
    ],
)
def test_the_first_bad_parameter_in_the_order_of_the_table_is_named(query: str, bad: str) -> None:
    with pytest.raises(BadParameterError) as error:
        read_query(PARAMETERS, query)
    assert error.value.args == (bad,)


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("/timer?ms=5", ("/timer", "ms=5")),
        ("/timer", ("/timer", "")),
        ("/timer?ms=5?", ("/timer", "ms=5?")),
        ("http://127.0.0.1:80/timer?ms=5", ("/timer", "ms=5")),
        ("http://127.0.0.1", ("", "")),
        ("*", ("*", "")),
    ],
)
def test_a_target_is_split_at_its_first_question_mark(target: str, parts: tuple[str, str]) -> None:
    assert split_target(target) == parts
