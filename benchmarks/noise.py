"""What other programs on the machine do to a program meanwhile: how much longer an empty loop takes than it should."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection

LOOP_S = 0.005
"""Processor time of the empty loop, in seconds; it rests ten times as long."""


def quantile(values: Sequence[float], part: float) -> float:
    """What so many parts of the values are not above."""
    return sorted(values)[int(part * (len(values) - 1))] if values else float("nan")


@contextmanager
def noise(seconds: float) -> Iterator[Callable[[], float]]:
    """Meanwhile a process that does nothing; the function that is given answers its p99 in ms, at its end."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=loop, args=(theirs, seconds), daemon=True)
    process.start()
    theirs.close()
    ours.recv()

    def late() -> float:
        found: float = ours.recv()
        return found

    try:
        yield late
    finally:
        process.join()


def loop(connection: Connection, seconds: float) -> None:
    """Do nothing, for a fixed processor time, again and again."""
    connection.send(None)
    late, end = [], time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        done = time.thread_time() + LOOP_S
        while time.thread_time() < done:
            pass
        late.append(1e3 * (time.perf_counter() - began - LOOP_S))
        time.sleep(10 * LOOP_S)
    connection.send(quantile(late, 0.99))
