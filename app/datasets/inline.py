"""Examples that come in the request itself, used as given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.datasets.dataset import INLINE, MOST_CLASSES, DataError, DataSet, Floats, Integers, unchanged

Rows = Sequence[Sequence[float]]


def inline(inputs: Rows, targets: Rows | None = None, labels: Sequence[int] | None = None) -> DataSet:
    """Inputs (N, n_1) with either targets (N, n_L) or labels (N,), class numbers from 0.

    Raises
    ------
    DataError
        With ``field`` "inputs", "targets" or "labels", and ``row`` and ``column`` from 0 where one number is wrong.
    """
    if (targets is None) == (labels is None):
        raise DataError("Give either targets (examples, n_L) or labels (examples,), and not both.", field="targets")
    table = _table(inputs, "inputs")
    values: Floats | Integers = _labels(labels) if labels is not None else _table(targets or (), "targets")
    if len(values) != len(table):
        field = "targets" if labels is None else "labels"
        raise DataError(
            f"There are {len(table)} inputs and {len(values)} {field}: every example needs both.", field=field
        )
    return DataSet(
        name=INLINE,
        title="Your own examples",
        description="Examples given with the session.",
        kind="regression" if labels is None else "classification",
        inputs=table,
        values=values,
        classes=None if labels is None else tuple(str(label) for label in range(int(values.max()) + 1)),
        feature_names=input_names(table.shape[1]),
        image_shape=None,
        preprocessing=unchanged(),
        source="Given with the session.",
        licence="Not known",
    )


def input_names(n: int) -> tuple[str, ...]:
    """x₁, x₂, …: names for inputs that have none."""
    subscripts = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    return tuple("x" + str(k).translate(subscripts) for k in range(1, n + 1))


def _table(rows: Rows, field: str) -> Floats:
    if len(rows) == 0:
        raise DataError(f"There are no {field}: give at least one example.", field=field)
    width = len(rows[0])
    if width == 0:
        raise DataError(f"{field}[0] is empty: every example needs at least one number.", field=field, row=0)
    table = np.empty((len(rows), width))
    for place, row in enumerate(rows):
        if len(row) != width:
            raise DataError(
                f"{field}[{place}] has {len(row)} numbers and {field}[0] has {width}: all need the same.",
                field=field,
                row=place,
            )
        for column, number in enumerate(row):
            table[place, column] = _finite(number, field, place, column)
    return table


def _finite(number: float, field: str, row: int, column: int) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = np.inf
    if not np.isfinite(value):
        raise DataError(
            f"{field}[{row}][{column}] is not a finite number of 64 bits.", field=field, row=row, column=column
        )
    return value


def _labels(labels: Sequence[int]) -> Integers:
    if len(labels) == 0:
        raise DataError("There are no labels: give at least one example.", field="labels")
    for place, label in enumerate(labels):
        if not 0 <= label < MOST_CLASSES:
            raise DataError(
                f"labels[{place}] is {label}: labels number the classes from 0, up to {MOST_CLASSES - 1}.",
                field="labels",
                row=place,
            )
    return np.array(labels, dtype=np.int64)
