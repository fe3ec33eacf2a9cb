"""Parsing of `payload.json` and its reduction to a line."""

import json


def json_reduce(payload: str, times: int) -> str:
    """Parses the text and reduces the records, `times` over; nothing is kept between two passes."""
    for _ in range(times - 1):
        _reduce(payload)
    return _reduce(payload)


def _reduce(payload: str) -> str:
    """Joined by colons: count, rolling hash of ids, sums of qty and price, count of active, sum of lengths."""
    records = json.loads(payload)
    rolling = quantity = price = active = lengths = 0
    for record in records:
        rolling = (rolling * 31 + record["id"]) & 0xFFFFFFFF
        quantity += record["qty"]
        price += record["price"]
        active += record["active"]
        lengths += len(record["note"]) + len(record["tags"]) + len(record["user"])
    return f"{len(records)}:{rolling}:{quantity}:{price}:{active}:{lengths}"
