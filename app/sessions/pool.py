"""The examples of one session: those of its data set, which it shares with others, and after them those of its own.

A *row* counts them all from 0, a *place* only those for training. Added examples are training examples: they have the
next rows and the next places, in the order in which they came.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.sessions.data import Examples, Floats, Indices, Part
from app.sessions.log import Addition


class Pool:
    """Examples of a data set, and those that were added.

    Attributes
    ----------
    own
        Examples of the data set: the row of the first one that was added.
    inputs_added, targets_added
        The added ones as rows, (k, n_1 + 1), with a last column of ones, and (k, n_L).
    """

    def __init__(self, base: Examples, added: Sequence[Addition] = ()) -> None:
        self.base = base
        self.added = tuple(added)
        self._after = [addition.after for addition in added]
        self.own = len(base.targets)
        n_inputs, n_outputs = base.dataset.inputs.shape[1], base.targets.shape[1]
        self.inputs_added = np.ones((len(added), n_inputs + 1))
        self.targets_added = np.zeros((len(added), n_outputs))
        for place, addition in enumerate(added):
            self.inputs_added[place, :-1] = addition.inputs
            self.targets_added[place] = targets_of(addition.value, n_outputs)
        self._evaluated: tuple[int, Part] | None = None

    # -- how many

    def added_by(self, step: int) -> int:
        """How many were added by the end of a step."""
        return bisect_right(self._after, step)

    def count(self, step: int) -> int:
        """How many examples there are at the end of a step."""
        return self.own + self.added_by(step)

    def n_train(self, step: int) -> int:
        """How many of them are for training."""
        return self.base.n_train + self.added_by(step)

    def tag(self, step: int) -> str:
        """A name for the examples that there are at the end of a step: the same for the same ones, within a session."""
        told = repr(self.added[: self.added_by(step)]).encode()
        return hashlib.blake2s(told, digest_size=6).hexdigest()

    # -- which

    def rows_of(self, places: Indices) -> Indices:
        """The rows of training examples."""
        if not self.added:
            return self.base.train.rows[places]
        own = self.base.n_train
        beyond = places - own + self.own
        rows: Indices = np.where(places < own, self.base.train.rows[np.minimum(places, own - 1)], beyond)
        return rows

    def is_train(self, rows: Indices) -> NDArray[np.bool_]:
        """Which rows are training examples."""
        found: NDArray[np.bool_] = (rows >= self.own) | np.isin(rows, self.base.train.rows)
        return found

    def added_after(self, row: int) -> int | None:
        """The step after which a row was added; None for those of the data set."""
        return None if row < self.own else self._after[row - self.own]

    # -- what they are

    def inputs(self, rows: Indices) -> Floats:
        """Their inputs, (N, n_1)."""
        return self._pick(self.base.dataset.inputs, self.inputs_added[:, :-1], rows)

    def targets(self, rows: Indices) -> Floats:
        """Their targets, (N, n_L)."""
        return self._pick(self.base.targets, self.targets_added, rows)

    def _pick(self, own: Floats, added: Floats, rows: Indices) -> Floats:
        if not len(rows) or rows.max() < self.own:
            return own[rows]
        picked = own[np.minimum(rows, self.own - 1)]
        beyond = rows >= self.own
        picked[beyond] = added[rows[beyond] - self.own]
        return picked

    def example(self, row: int) -> tuple[Floats, Floats]:
        """One example: x (n_1,) and y (n_L,)."""
        if row < self.own:
            return self.base.dataset.inputs[row], self.base.targets[row]
        return self.inputs_added[row - self.own, :-1], self.targets_added[row - self.own]

    def label(self, row: int) -> int | None:
        """The right class of an example, from 0; None for regression."""
        if row < self.own:
            return self.base.label(row)
        value = self.added[row - self.own].value
        return value if isinstance(value, int) else None

    # -- what cost and accuracy are computed over

    def evaluated(self, step: int) -> Part:
        """The training examples that cost and accuracy at the end of a step are computed over."""
        count = self.added_by(step)
        if count == 0:
            return self.base.train_evaluated
        if self._evaluated is None or self._evaluated[0] != count:
            self._evaluated = count, self._with_added(count)
        return self._evaluated[1]

    def _with_added(self, count: int) -> Part:
        """The data set's own, and the first ``count`` that were added: in place of its last ones if need be."""
        part = self.base.train_evaluated
        added = np.arange(max(0, count - self.base.evaluated), count)
        kept = min(len(part), self.base.evaluated - len(added))
        rows = np.concatenate([part.rows[:kept], self.own + added])
        return Part(rows, self.inputs(rows), self.targets(rows))

    @property
    def largest(self) -> float:
        """The largest absolute value among inputs and targets."""
        added = (np.abs(self.inputs_added).max(initial=0.0), np.abs(self.targets_added).max(initial=0.0))
        return float(max(self.base.largest, *added)) if self.added else self.base.largest

    def memory_bytes(self) -> int:
        """Memory of what was added, bytes."""
        return self.inputs_added.nbytes + self.targets_added.nbytes


def targets_of(value: int | Sequence[float], n_outputs: int) -> Floats:
    """The targets (n_L,) of a class, one-hot or 0 or 1 for a single output; or those that were given."""
    if not isinstance(value, int):
        return np.array(value, dtype=np.float64)
    targets = np.zeros(n_outputs)
    if n_outputs == 1:
        targets[0] = value
    else:
        targets[value] = 1.0
    return targets
