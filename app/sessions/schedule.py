"""Which examples a step visits: pure arithmetic, so that no state has to be kept to know it.

Epoch e visits all training examples in an order of its own; its last mini-batch may be shorter; a new batch size goes
on from the next example. An example that was added is visited from the next epoch on: an epoch that has begun ends as
it began.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from app.datasets import epoch_order

Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Leg:
    """Steps from ``after`` + 1 on, with one batch size and one number ``n`` of examples.

    Before them, ``epochs`` were completed and ``offset`` examples of the next one visited, fewer than ``n``.
    """

    after: int
    epochs: int
    offset: int
    size: int
    n: int

    def at(self, step: int) -> tuple[int, int]:
        """Epochs completed after a step, and examples visited of the next one."""
        steps, first = step - self.after, self._steps_left()
        if steps < first:
            return self.epochs, self.offset + steps * self.size
        epochs, rest = divmod(steps - first, -(-self.n // self.size))
        return self.epochs + 1 + epochs, rest * self.size

    def _steps_left(self) -> int:
        """Steps to the end of the epoch under way."""
        return -(-(self.n - self.offset) // self.size)

    def end_of(self, epoch: int) -> int:
        """The step that completes an epoch, from ``epochs`` + 1 on."""
        return self.after + self._steps_left() + (epoch - self.epochs - 1) * -(-self.n // self.size)


class Schedule:
    """How far the epochs have come after each step.

    Parameters
    ----------
    n
        Training examples at the start.
    sizes
        Pairs (after, batch size): the size holds from step after + 1 on; the first pair has after = 0.
    added
        The steps after which an example was added each, in order.
    """

    def __init__(self, n: int, sizes: Sequence[tuple[int, int]], added: Sequence[int] = ()) -> None:
        counts, new = Counter(added), dict(sizes)
        self.legs = [Leg(0, 0, 0, sizes[0][1], n + counts[0])]
        """Stretches of steps, in order; of those that begin after the same step the last one counts."""
        waiting = 0
        for step in sorted((new.keys() | counts.keys()) - {0}):
            waiting = self._join(waiting, step)
            last = self.legs[-1]
            epochs, offset = last.at(step)
            waiting += counts[step]
            joining, waiting = (waiting, 0) if offset == 0 else (0, waiting)
            self.legs.append(Leg(step, epochs, offset, new.get(step, last.size), last.n + joining))
        self._join(waiting, None)

    def _join(self, waiting: int, by: int | None) -> int:
        """Lets waiting examples join where the epoch under way ends, if that is before a step; how many still wait."""
        last = self.legs[-1]
        end = last.end_of(last.epochs + 1)
        if not waiting or (by is not None and end >= by):
            return waiting
        self.legs.append(Leg(end, last.epochs + 1, 0, last.size, last.n + waiting))
        return 0

    def _leg(self, step: int) -> Leg:
        return self.legs[bisect_right(self.legs, step, key=attrgetter("after")) - 1]

    def at(self, step: int) -> tuple[int, int]:
        """Epochs completed after a step, and examples visited of the next one."""
        return self._leg(step).at(step)

    def examples_next(self, step: int) -> int:
        """How many examples the epoch has that the next step belongs to."""
        return self._leg(step).n

    def epoch(self, step: int) -> int:
        """The epoch that a step belongs to, from 1; 0 at the start."""
        epochs, offset = self.at(step)
        return epochs + (offset > 0)

    def ends_epoch(self, step: int) -> bool:
        """Whether an epoch is complete after this step."""
        return step > 0 and self.at(step)[1] == 0

    def end_of_epoch(self, epoch: int) -> int:
        """The step that completes an epoch; 0 for epoch 0 and below."""
        if epoch <= 0:
            return 0
        return self.legs[bisect_left(self.legs, epoch, key=attrgetter("epochs")) - 1].end_of(epoch)


class Batches:
    """The mini-batches of a run, as places among the training examples; the orders are drawn from (seed, epoch)."""

    def __init__(self, seed: int, shuffle: bool) -> None:
        self.order = lru_cache(maxsize=4)(lambda epoch, n: _order(n, seed, epoch, shuffle))

    def at(self, schedule: Schedule, step: int, size: int) -> Indices:
        """The mini-batch that follows after a step."""
        epochs, offset = schedule.at(step)
        return self.order(epochs + 1, schedule.examples_next(step))[offset : offset + size]


def _order(n: int, seed: int, epoch: int, shuffle: bool) -> Indices:
    order = np.ascontiguousarray(epoch_order(n, seed, epoch, shuffle), dtype=np.intp)
    order.flags.writeable = False
    return order
