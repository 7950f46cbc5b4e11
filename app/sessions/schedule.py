"""Which examples a step visits: pure arithmetic, so that no state has to be kept to know it.

Epoch e visits all n training examples in an order of its own; its last mini-batch may be shorter; a new batch size
goes on from the next example.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.datasets import epoch_order

Indices = NDArray[np.intp]


class Schedule:
    """How many examples have been visited after each step.

    ``sizes`` are pairs (after, batch size): the size holds from step after + 1 on; the first pair has after = 0.
    """

    def __init__(self, n: int, sizes: Sequence[tuple[int, int]]) -> None:
        self.n = n
        self._after = [after for after, _ in sizes]
        self._size = [size for _, size in sizes]
        self._visited = [0]
        for place in range(1, len(sizes)):
            self._visited.append(self._within(place - 1, self._after[place] - self._after[place - 1]))

    def _within(self, place: int, steps: int) -> int:
        """Examples visited when a batch size has been in force for some steps."""
        n, size, before = self.n, self._size[place], self._visited[place]
        epoch_start = before - before % n
        first = -(-(n - before % n) // size)  # steps to the end of the epoch under way
        if steps <= first:
            return min(before + steps * size, epoch_start + n)
        epochs, rest = divmod(steps - first, -(-n // size))
        return epoch_start + n * (1 + epochs) + rest * size

    def visited(self, step: int) -> int:
        """Examples visited after a step, over all epochs."""
        place = bisect_right(self._after, step) - 1
        return self._within(place, step - self._after[place])

    def epoch(self, step: int) -> int:
        """The epoch that a step belongs to, from 1; 0 at the start."""
        return -(-self.visited(step) // self.n)

    def ends_epoch(self, step: int) -> bool:
        """Whether an epoch is complete after this step."""
        return step > 0 and self.visited(step) % self.n == 0

    def end_of_epoch(self, epoch: int) -> int:
        """The step that completes an epoch; 0 for epoch 0 and below."""
        if epoch <= 0:
            return 0
        for place in range(len(self._after) - 1, -1, -1):
            before = self._visited[place]
            if before < epoch * self.n:
                break
        first = -(-(self.n - before % self.n) // self._size[place])
        more = epoch - before // self.n - 1
        return self._after[place] + first + more * -(-self.n // self._size[place])


class Batches:
    """The mini-batches of a run, as places among the training examples; the orders are drawn from (seed, epoch)."""

    def __init__(self, n: int, seed: int, shuffle: bool) -> None:
        self.n = n
        self.order = lru_cache(maxsize=4)(lambda epoch: self._order(epoch, seed, shuffle))

    def _order(self, epoch: int, seed: int, shuffle: bool) -> Indices:
        order = np.ascontiguousarray(epoch_order(self.n, seed, epoch, shuffle), dtype=np.intp)
        order.flags.writeable = False
        return order

    def at(self, visited: int, size: int) -> Indices:
        """The mini-batch that follows after so many visited examples."""
        epoch, offset = divmod(visited, self.n)
        return self.order(epoch + 1)[offset : offset + size]
