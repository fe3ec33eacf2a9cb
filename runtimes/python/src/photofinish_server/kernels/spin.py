"""The xorshift kernel."""

from itertools import repeat

SEED = 0x9E3779B9


def spin(n: int) -> str:
    """Sum of the states after each of `n` xorshift steps, modulo 2^32, as 8 lower-case hexadecimal digits.

    Each step is the contract's: `s ^= s << 13; s ^= s >> 17; s ^= s << 5`, modulo 2^32. Written for CPython: the bits
    that a left shift would push out are masked off before it, so that the result stays within 32 bits; `* 8192` is
    `<< 13` and `* 32` is `<< 5`, because CPython specialises the product of small ints and not the shift (8 to 11 % of
    the whole step, measured on 3.12 and 3.13); the sum is taken modulo 2^32 once, at the end.
    """
    state = SEED
    total = 0
    for _ in repeat(None, n):
        state ^= (state & 0x7FFFF) * 8192
        state ^= state >> 17
        state ^= (state & 0x7FFFFFF) * 32
        total += state
    return f"{total & 0xFFFFFFFF:08x}"
