"""Long work in slices: a generator that yields whenever others may have a turn."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

T = TypeVar("T")
Work = Generator[None, None, T]


def finish(work: Work[T]) -> T:
    """Runs the work to its end without a break, and returns its result."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            result: T = end.value
            return result
