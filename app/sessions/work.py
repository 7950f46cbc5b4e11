"""Long work in slices: a generator that yields whenever others may have a turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import TypeVar

T = TypeVar("T")
Work = Generator[None, None, T]


def nobody() -> bool:
    """Nobody waits."""
    return False


class Slice:
    """How long work may go on before others have a turn.

    Parameters
    ----------
    seconds
        From now on, at most.
    wanted
        Whether somebody waits for a turn: then it is over early.
    """

    __slots__ = ("_end", "_wanted")

    def __init__(self, seconds: float, wanted: Callable[[], bool] = nobody) -> None:
        self._end = time.perf_counter() + seconds
        self._wanted = wanted

    def over(self) -> bool:
        """Whether it is others' turn."""
        return self._wanted() or time.perf_counter() >= self._end


def finish(work: Work[T]) -> T:
    """Runs the work to its end without a break, and returns its result."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result
