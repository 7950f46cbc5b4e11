"""The examples of a session, split into training and test, and the subsets that cost and accuracy are computed over."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.datasets import DataSet, split

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Part:
    """Some examples of a data set: its rows, inputs (examples, n_1) and targets (examples, n_L)."""

    rows: Indices
    inputs: Floats
    targets: Floats

    def __len__(self) -> int:
        return len(self.rows)

    def subset(self, limit: int, seed: int) -> Part:
        """The same part, or at most ``limit`` of its examples, drawn from the seed."""
        if len(self) <= limit:
            return self
        chosen = np.sort(np.random.default_rng([seed, 0x5E7]).choice(len(self), limit, replace=False))
        return Part(self.rows[chosen], self.inputs[chosen], self.targets[chosen])


@dataclass(frozen=True)
class Examples:
    """A data set as one session sees it.

    Parameters
    ----------
    dataset
        All of it.
    n_outputs
        Neurons of the output layer.
    test_fraction
        Part held back for testing, drawn from the seed.
    evaluated
        At most so many examples of each part are evaluated.
    """

    dataset: DataSet
    n_outputs: int
    test_fraction: float
    seed: int
    evaluated: int

    @cached_property
    def targets(self) -> Floats:
        """Targets of all examples, (examples, n_L)."""
        return np.ascontiguousarray(self.dataset.targets(self.n_outputs), dtype=np.float64)

    @cached_property
    def _rows(self) -> tuple[Indices, Indices]:
        train, test = split(len(self.dataset.inputs), self.test_fraction, self.seed)
        return np.asarray(train, dtype=np.intp), np.asarray(test, dtype=np.intp)

    def _part(self, rows: Indices) -> Part:
        whole = len(rows) == len(self.targets) and bool((rows == np.arange(len(rows))).all())
        if whole:
            return Part(rows, self.dataset.inputs, self.targets)
        return Part(rows, self.dataset.inputs[rows], self.targets[rows])

    @cached_property
    def train(self) -> Part:
        """The training examples, in the order that steps count them."""
        return self._part(self._rows[0])

    @cached_property
    def test(self) -> Part:
        """The test examples; none for a fraction of 0."""
        return self._part(self._rows[1])

    @cached_property
    def train_evaluated(self) -> Part:
        """The training examples that cost and accuracy are computed over."""
        return self.train.subset(self.evaluated, self.seed)

    @cached_property
    def test_evaluated(self) -> Part:
        """The test examples that cost and accuracy are computed over."""
        return self.test.subset(self.evaluated, self.seed)

    @cached_property
    def largest(self) -> float:
        """The largest absolute value among inputs and targets."""
        return float(max(np.abs(self.dataset.inputs).max(initial=0), np.abs(self.targets).max(initial=0)))

    def label(self, row: int) -> int | None:
        """The right class of an example, from 0; None for regression."""
        return int(self.dataset.values[row]) if self.dataset.kind == "classification" else None
