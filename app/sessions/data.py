"""The examples of a session, split into training and test, and the subsets that cost and accuracy are computed over.

Sessions of the same data set, split and seed share all of it: thirty of MNIST hold the digits once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from weakref import WeakSet, WeakValueDictionary

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

    Attributes
    ----------
    n_train, n_test
        Examples of each part.
    padded
        Inputs of the training examples with a last column of ones, (n_train, n_1 + 1), as the trainer takes them.
    users
        Who holds it, and so shares its memory.
    """

    def __init__(self, dataset: DataSet, n_outputs: int, test_fraction: float, seed: int, evaluated: int) -> None:
        self.dataset = dataset
        self.test_fraction = test_fraction
        self.seed = seed
        self.evaluated = evaluated
        self.targets: Floats = np.ascontiguousarray(dataset.targets(n_outputs), dtype=np.float64)
        train, test = split(len(dataset.inputs), test_fraction, seed)
        self._train_rows, self._test_rows = np.asarray(train, dtype=np.intp), np.asarray(test, dtype=np.intp)
        self.n_train, self.n_test = len(train), len(test)
        self.users: WeakSet[object] = WeakSet()

    @cached_property
    def padded(self) -> Floats:
        padded = np.ones((self.n_train, self.dataset.inputs.shape[1] + 1))
        padded[:, :-1] = self.dataset.inputs[self._train_rows]
        return padded

    @cached_property
    def train(self) -> Part:
        """The training examples, in the order that steps count them."""
        return Part(self._train_rows, self.padded[:, :-1], self.targets[self._train_rows])

    @cached_property
    def train_evaluated(self) -> Part:
        """The training examples that cost and accuracy are computed over."""
        return self._evaluated(self._train_rows)

    @cached_property
    def test_evaluated(self) -> Part:
        """The test examples that cost and accuracy are computed over; none for a fraction of 0."""
        return self._evaluated(self._test_rows)

    def _evaluated(self, rows: Indices) -> Part:
        """These examples, or some of them, drawn from the seed."""
        if len(rows) > self.evaluated:
            chosen = np.random.default_rng([self.seed, 0x5E7]).choice(len(rows), self.evaluated, replace=False)
            rows = rows[np.sort(chosen)]
        return Part(rows, self.dataset.inputs[rows], self.targets[rows])

    @cached_property
    def largest(self) -> float:
        """The largest absolute value among inputs and targets."""
        return float(max(np.abs(self.dataset.inputs).max(initial=0), np.abs(self.targets).max(initial=0)))

    def label(self, row: int) -> int | None:
        """The right class of an example, from 0; None for regression."""
        return int(self.dataset.values[row]) if self.dataset.kind == "classification" else None

    def memory_bytes(self) -> int:
        """Memory beside the data set, bytes: the part of one user."""
        parts = (self.train, self.train_evaluated, self.test_evaluated)
        arrays = [self.padded, self.targets, self.train.targets, *(part.inputs for part in parts[1:])]
        return sum(array.nbytes for array in arrays) // max(1, len(self.users))


_shared: WeakValueDictionary[tuple[int, int, float, int, int], Examples] = WeakValueDictionary()


def shared_examples(dataset: DataSet, n_outputs: int, test_fraction: float, seed: int, evaluated: int) -> Examples:
    """The examples, the same object for the same data set and numbers. Raises DataError for outputs that don't fit."""
    key = (id(dataset), n_outputs, test_fraction, seed, evaluated)
    examples = _shared.get(key)
    if examples is None:  # an id is not given anew while the examples, which hold the data set, are there
        examples = _shared[key] = Examples(dataset, n_outputs, test_fraction, seed, evaluated)
    return examples
