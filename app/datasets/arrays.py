"""Arrays x and y, from npz or IDX, as raw examples: which shapes and types are understood, and what they mean."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.datasets.assemble import Raw, check_class_count
from app.datasets.dataset import DataError, Floats, Integers
from app.datasets.file_limits import LARGEST_NUMBER, FileLimits, shown
from app.datasets.inline import input_names

Array = NDArray[Any]
Labels = tuple[Integers, tuple[str, ...]]


def raw_from_arrays(file: str, x: Array, y: Array, limits: FileLimits) -> Raw:
    """Inputs from x: (N,), (N, n), or images (N, H, W) with an axis of 1 for the colour or without.

    y: whole numbers, truth values or words (N,) are classes, as are one-hot rows (N, k); fractional types are targets.

    Raises
    ------
    DataError
        With ``row`` and ``column`` from 1 where one number is wrong; the sentence has the position as numpy counts.
    """
    x = _without_colour_axis(file, x)
    shape = (x.shape[1], x.shape[2]) if x.ndim == 3 else None
    if y.ndim == 0:
        raise DataError(f"{file} has a single value as y; it needs one for each example.", file=file)
    if len(x) != len(y):
        raise DataError(
            f"{file} has {len(x):,} inputs (x) and {len(y):,} targets (y): every example needs both.", file=file
        )
    columns = int(np.prod(x.shape[1:], dtype=object))
    if len(x) == 0 or columns == 0:
        raise DataError(f"{file} has an x of shape {_by(x.shape)}: there are no numbers in it.", file=file)
    limits.check_rows(len(x), file)
    limits.check_columns(columns + 1, file)
    limits.check_numbers(x.size, file)
    labels = _labels(file, y)
    inputs = _numbers(file, "x", x, (len(x), columns))
    if labels is not None:
        return Raw(file, inputs, labels[0], labels[1], input_names(columns), shape)
    outputs = int(np.prod(y.shape[1:], dtype=object))
    limits.check_columns(columns + outputs, file)
    targets = _numbers(file, "y", y, (len(y), outputs))
    return Raw(file, inputs, targets, None, input_names(columns), shape, _remark(targets))


def _without_colour_axis(file: str, x: Array) -> Array:
    if x.ndim == 0:
        raise DataError(f"{file} has a single number as x; it needs one row for each example.", file=file)
    if x.dtype.kind not in "buif":
        raise DataError(f"{file} has an x of type {x.dtype}; inputs must be real numbers.", file=file)
    if x.ndim == 1:
        return x[:, None]
    if x.ndim == 4 and 1 in (x.shape[1], x.shape[3]):
        return x[..., 0] if x.shape[3] == 1 else x[:, 0]
    if x.ndim > 3:
        raise DataError(
            f"{file} has an x of shape {_by(x.shape)}; it may be (examples, inputs), or grey images as (examples, "
            "height, width). Turn colours into grey first.",
            file=file,
        )
    return x


def _numbers(file: str, name: str, values: Array, shape: tuple[int, int]) -> Floats:
    """The numbers as a table of their own. Raises DataError where one is not finite."""
    with np.errstate(all="ignore"):
        table = np.array(values, dtype=np.float64, order="C").reshape(shape)
    for start in range(0, len(table), 10_000):  # in parts: no second table of everything's size
        bad = np.argwhere(~(np.abs(table[start : start + 10_000]) <= LARGEST_NUMBER))
        if len(bad):
            row, column = int(bad[0][0]) + start, int(bad[0][1])
            number = float(table[row, column])
            says = "is too large: numbers go up to 1e300" if 1e300 < abs(number) < np.inf else "is not a finite number"
            raise DataError(
                f"{file}, row {row + 1:,}, column {column + 1:,} of {name} (numpy's [{row}, {column}]): {number:g} "
                f"{says}.",
                file=file,
                row=row + 1,
                column=column + 1,
            )
    return table


# -- y


def _labels(file: str, y: Array) -> Labels | None:
    """Class numbers and names, or None where y holds targets."""
    if y.dtype.kind not in "buifUS":
        raise DataError(f"{file} has a y of type {y.dtype}; it may hold numbers or words.", file=file)
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim == 1:
        return None if y.dtype.kind == "f" else _classes(file, y)
    if y.ndim != 2 or y.dtype.kind in "US" or y.shape[1] == 0:
        raise DataError(
            f"{file} has a y of shape {_by(y.shape)} and type {y.dtype}; it may be labels (examples,), one-hot "
            "rows, or targets (examples, outputs).",
            file=file,
        )
    if not _is_one_hot(y):
        return None
    check_class_count(y.shape[1], f"{file}, y", file)
    return y.argmax(axis=1).astype(np.int64), tuple(str(number) for number in range(y.shape[1]))


def _is_one_hot(y: Array) -> bool:
    return bool(((y == 0) | (y == 1)).all() and (y.sum(axis=1, dtype=np.float64) == 1).all())


def _classes(file: str, y: Array) -> Labels:
    found, labels = np.unique(y, return_inverse=True)
    check_class_count(len(found), f"{file}, y", file)
    try:
        names = [item.decode() if isinstance(item, bytes) else str(item) for item in found.tolist()]
    except (UnicodeDecodeError, ValueError) as error:
        raise DataError(f"{file}: the words of y are not UTF-8 text.", file=file) from error
    for name in names:
        if not 0 < len(name) <= 100:
            row = int(np.flatnonzero(labels == names.index(name))[0]) + 1
            says = "is empty" if not name else f"{shown(name)} is longer than 100 letters"
            raise DataError(f"{file}, row {row:,} of y: the class's name {says}.", file=file, row=row, column="y")
    if y.dtype.kind == "b":
        names = [name.lower() for name in names]
    return labels.astype(np.int64), tuple(names)


def _remark(targets: Floats) -> str:
    if targets.shape[1] == 1 and len(np.unique(targets)) <= 20 and not (targets % 1).any():
        return "The type of y has fractions, so this is a regression; for classes save y as integers, y.astype(int)."
    return ""


def _by(shape: tuple[int, ...]) -> str:
    return f"({', '.join(f'{n:,}' for n in shape)}{',' if len(shape) == 1 else ''})"
