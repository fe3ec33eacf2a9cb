"""Whole numbers as the contract and the environment spell them."""


def read_digits(word: str, lowest: int, highest: int) -> int | None:
    """Value of a word of ASCII digits, or None when it is anything else or lies outside `lowest..highest`.

    A number is what its digits say: leading zeros count for nothing and the length of the word is no limit. Lengths are
    compared before the conversion, which CPython refuses beyond 4300 digits (`sys.set_int_max_str_digits`).
    """
    if not (word.isascii() and word.isdigit()):
        return None
    significant = word.lstrip("0") or "0"
    if len(significant) > len(str(highest)):
        return None
    value = int(significant)
    return value if lowest <= value <= highest else None
