"""Kept states, from which any other is replayed: every so many steps, fewer when memory runs out."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping

from app.engine.training import TrainerState

SMALL_NET = 400  # parameters up to which every step is kept
SPACING = 128  # steps between checkpoints of larger networks
MOST = 4_096  # states, whatever their size: looking them over when they get too many must not take long
OBJECT_BYTES = 600  # of a state, beside its numbers, measured
ARRAY_BYTES = 250  # of each vector of an optimizer, beside its numbers, measured
PARKED = 2  # states kept for coming straight back


def first_spacing(n_parameters: int) -> int:
    """Steps between checkpoints before memory runs out."""
    return 1 if n_parameters <= SMALL_NET else SPACING


def state_bytes(state: TrainerState) -> int:
    """Memory of a state with its place among the others, bytes."""
    numbers = state.flat.nbytes + sum(array.nbytes for array in state.arrays.values())
    return numbers + OBJECT_BYTES + ARRAY_BYTES * len(state.arrays)


class Checkpoints:
    """States by the step they are the result of, before what was changed or edited after that step.

    Step 0 is always kept, and so are steps that the log acts on (``pinned``), the newer ones longer, until memory runs
    out.
    """

    def __init__(self, spacing: int, limit_bytes: int) -> None:
        self.spacing = spacing
        self.limit_bytes = limit_bytes
        self.bytes = 0
        self._states: dict[int, TrainerState] = {}
        self._steps: list[int] = []
        self._pinned: set[int] = set()
        self._parked: OrderedDict[int, TrainerState] = OrderedDict()

    def __len__(self) -> int:
        return len(self._states)

    def __contains__(self, step: int) -> bool:
        return step in self._states

    def __iter__(self) -> Iterator[int]:
        return iter(self._steps)

    def wants(self, step: int) -> bool:
        """Whether the result of this step is to be kept, and is not yet."""
        return step % self.spacing == 0 and step not in self._states

    def add(self, step: int, state: TrainerState, *, pinned: bool = False) -> None:
        """Keeps a state; drops every other one when there are too many."""
        if pinned:
            self._pinned.add(step)
        if step in self._states:
            return
        self._states[step] = state
        insort(self._steps, step)
        self.bytes += state_bytes(state)
        while (self.bytes > self.limit_bytes and len(self._states) > 2) or len(self._states) > MOST:
            self._thin(newest=step)

    def _thin(self, newest: int) -> None:
        """Lets the older half of the pinned steps go where they are most of what is kept, else doubles the spacing."""
        pinned = sorted(self._pinned)
        if 2 * len(pinned) > len(self._states):
            self._pinned = set(pinned[len(pinned) // 2 + 1 :])
        else:
            self.spacing *= 2
        kept = {0, newest} | self._pinned
        self._keep(lambda step: step % self.spacing == 0 or step in kept)

    def _keep(self, wanted: Callable[[int], bool]) -> None:
        for step in [step for step in self._steps if not wanted(step)]:
            self.bytes -= state_bytes(self._states.pop(step))
        self._steps = sorted(self._states)

    def park(self, step: int, state: TrainerState) -> None:
        """Keeps a state for a short while, for coming straight back to it."""
        if step in self._states:
            return
        self._parked[step] = state
        self._parked.move_to_end(step)
        while len(self._parked) > PARKED or (self._parked and self.memory_bytes() > self.limit_bytes):
            self._parked.popitem(last=False)

    def nearest(self, step: int) -> tuple[int, TrainerState]:
        """The newest kept state at or before a step."""
        kept = self._steps[bisect_right(self._steps, step) - 1]
        parked = max((at for at in self._parked if kept < at <= step), default=None)
        return (kept, self._states[kept]) if parked is None else (parked, self._parked[parked])

    def cut(self, step: int) -> dict[int, TrainerState]:
        """Drops, and gives back, what is kept of the steps after this one."""
        for parked in [at for at in self._parked if at > step]:
            del self._parked[parked]
        cut = {at: self._states[at] for at in self._steps if at > step}
        self._pinned -= set(cut)
        self._keep(lambda at: at <= step)
        return cut

    def restore(self, states: Mapping[int, TrainerState]) -> None:
        """Puts back what a cut took."""
        for step, state in states.items():
            self.add(step, state)

    def memory_bytes(self) -> int:
        """Memory of all states, parked ones too, bytes."""
        return self.bytes + sum(map(state_bytes, self._parked.values()))
