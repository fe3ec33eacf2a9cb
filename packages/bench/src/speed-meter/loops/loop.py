"""A pure Python loop: arithmetic, a list and a dictionary. Prints for each window when it began and ended (CLOCK_MONOTONIC) and its processor time."""

import sys
import time


def work(steps: int) -> int:
    value, table, counts = 0, {}, [0] * 64
    for step in range(steps):
        value = (value * 31 + step) & 0xFFFF
        counts[value & 63] += step
        if value & 7 == 0:
            table[value & 1023] = step
    return value


for _ in range(int(sys.argv[1])):
    begun, used = time.monotonic(), time.process_time()
    work(int(sys.argv[2]))
    print(begun, time.monotonic(), time.process_time() - used, flush=True)
