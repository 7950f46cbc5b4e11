"""A data set as the rest of the program sees it, whatever it came from, and what is said of one that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Indices = NDArray[np.intp]
Kind = Literal["classification", "regression"]
Preprocessing = dict[str, Any]

INLINE = "inline"  # the name of data that came in the request itself
MOST_CLASSES = 1_000


class DataError(ValueError):
    """Data that cannot be used. ``str(error)`` is a sentence: where it is, what was found, what is allowed.

    Attributes
    ----------
    file
        Name of the file, where there is one.
    row
        In a file: as a person counts, the header is row 1. In data given inline: position, from 0.
    column
        In a file: the column's name, or its number from 1 if it has none. Inline: position, from 0.
    field
        The parameter that is wrong: "name", "size", "noise", "inputs", "targets", "labels", "target" or "layers".
    """

    def __init__(
        self,
        sentence: str,
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | int | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(sentence)
        self.file = file
        self.row = row
        self.column = column
        self.field = field


def unchanged() -> Preprocessing:
    """The preprocessing of data that is used as given."""
    same = {"method": "none", "shift": 0.0, "scale": 1.0}
    return {"inputs": dict(same), "targets": None, "text": "The inputs are used as they are."}


@dataclass(frozen=True, eq=False)
class DataSet:
    """Examples to learn from, ready for training.

    Attributes
    ----------
    inputs
        (N, n_1), C order, already prepared: (raw − shift) / scale of ``preprocessing``.
    values
        (N,) class numbers from 0, or (N, n_L) regression targets, prepared like the inputs.
    classes
        Names of the classes; None for regression.
    feature_names
        A name for each input.
    image_shape
        (height, width) in pixels where the inputs are an image in row order, else None.
    preprocessing
        ``{"inputs": {"method", "shift", "scale"}, "targets": the same or None, "text": one sentence}``; JSON-able.
    noise
        As asked for; None for data that takes none.
    """

    name: str
    title: str
    description: str
    kind: Kind
    inputs: Floats
    values: Integers | Floats
    classes: tuple[str, ...] | None
    feature_names: tuple[str, ...]
    image_shape: tuple[int, int] | None
    preprocessing: Preprocessing
    source: str
    licence: str
    noise: float | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    @property
    def _n_classes(self) -> int:
        return len(self.classes or ())

    def outputs_allowed(self) -> tuple[int, ...]:
        """How many output neurons suit the data, best first. Inline labels take any larger number as well."""
        if self.kind == "regression":
            return (self.values.shape[1],)
        if self._n_classes > 2:
            return (self._n_classes,)
        # a truth value is one number; two kinds of things are two outputs, one for each
        return (1, 2) if self.classes in (("0", "1"), ("0",)) else (2, 1)

    def targets(self, n_outputs: int) -> Floats:
        """Targets (N, n_outputs): one-hot, 0 or 1 for a single output, or the regression targets.

        Raises
        ------
        DataError
            If so many outputs do not fit the data; the sentence says what does.
        """
        if not self._fits(n_outputs):
            raise DataError(self._misfit(n_outputs), field="layers")
        if self.kind == "regression":
            return np.ascontiguousarray(self.values, dtype=np.float64)
        labels = self.values.astype(np.intp)
        if n_outputs == 1:
            return labels[:, None].astype(np.float64)
        one_hot = np.zeros((len(labels), n_outputs))
        one_hot[np.arange(len(labels)), labels] = 1.0
        return one_hot

    def _fits(self, n_outputs: int) -> bool:
        open_ended = self.name == INLINE and self.kind == "classification"
        return n_outputs in self.outputs_allowed() or (open_ended and n_outputs > max(1, self._n_classes))

    def _misfit(self, given: int) -> str:
        gave = f"{given} {'was' if given == 1 else 'were'} given."
        if self.kind == "regression":
            n = self.values.shape[1]
            return f"The data has {_count(n, 'target')}, so the output layer needs {_count(n, 'neuron')}; {gave}"
        n = max(2, self._n_classes)
        if self.name == INLINE:
            return f"The largest label is {n - 1}, so the output layer needs at least {_count(n, 'neuron')}; {gave}"
        either = "2 neurons, or 1" if n == 2 else _count(n, "neuron")
        return f"The data has {n} classes, so the output layer needs {either}; {gave}"


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
