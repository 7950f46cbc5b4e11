"""From the raw numbers of a file to a data set: what is checked and prepared whatever the format."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.datasets.dataset import INLINE, MOST_CLASSES, DataError, DataSet, Floats, Integers
from app.datasets.digits import pixel_names
from app.datasets.file_limits import shown
from app.datasets.prepare import (
    are_pixels,
    column_preparation,
    image_preparation,
    sentence,
    square_side,
)
from app.datasets.recommended import MEASURED


@dataclass
class Raw:
    """What a file holds, before anything is prepared.

    Attributes
    ----------
    file
        Its name, for messages and as the data set's title.
    inputs
        (N, n_1), finite; prepared in place.
    values
        (N,) class numbers from 0, or (N, n_L) finite targets.
    remark
        Another sentence that the user should read.
    """

    file: str
    inputs: Floats
    values: Integers | Floats
    classes: tuple[str, ...] | None
    feature_names: tuple[str, ...]
    image_shape: tuple[int, int] | None = None
    remark: str = ""


def assemble(raw: Raw) -> DataSet:
    """The data set. Raises DataError if there is nothing in it to learn."""
    check_enough(raw)
    shape, names = _image(raw)
    pixels = shape is not None or are_pixels(raw.inputs)
    constant = int((raw.inputs.min(axis=0) == raw.inputs.max(axis=0)).sum())
    prepared = image_preparation(raw.inputs) if pixels else column_preparation(raw.inputs)
    prepared.apply(raw.inputs)
    targets = None if raw.classes is not None else column_preparation(np.asarray(raw.values, dtype=np.float64))
    values: Integers | Floats = raw.values
    if targets is not None:
        values = targets.apply(np.array(raw.values, dtype=np.float64))
    return DataSet(
        name=_name(raw.file),
        title=raw.file,
        description=_description(raw, shape),
        kind="regression" if raw.classes is None else "classification",
        inputs=raw.inputs,
        values=values,
        classes=raw.classes,
        feature_names=names,
        image_shape=shape,
        preprocessing={
            "inputs": prepared.as_json(),
            "targets": None if targets is None else targets.as_json(),
            "text": sentence(prepared, targets, constant),
        },
        source=f"The file {raw.file}.",
        licence="Not known",
    )


def check_enough(raw: Raw) -> None:
    """At least two examples, of at least two and not too many classes."""
    if len(raw.inputs) < 2:
        raise DataError(f"{raw.file} has only one example: at least 2 are needed to learn from.", file=raw.file)
    if raw.classes is None:
        return
    used = np.unique(raw.values)
    if len(used) == 1:
        only = shown(raw.classes[int(used[0])])
        raise DataError(
            f"{raw.file} has examples of one class only, {only}: there is nothing to tell apart.", file=raw.file
        )


def check_class_count(classes: int, what: str, file: str, column: str | int | None = None) -> None:
    """Raises DataError for more classes than a network should have outputs."""
    if classes > MOST_CLASSES:
        raise DataError(
            f"{what} has {classes:,} different values, too many for classes; at most {MOST_CLASSES:,} are allowed.",
            file=file,
            column=column,
        )


def _image(raw: Raw) -> tuple[tuple[int, int] | None, tuple[str, ...]]:
    if raw.image_shape is not None:
        return raw.image_shape, pixel_names(*raw.image_shape)
    side = square_side(raw.inputs.shape[1])
    if side is not None and are_pixels(raw.inputs):
        return (side, side), raw.feature_names
    return None, raw.feature_names


def _name(file: str) -> str:
    # the name of a set made here stands for its own settings
    return f"{file} (file)" if file in (*MEASURED, INLINE) else file


def _description(raw: Raw, shape: tuple[int, int] | None) -> str:
    n, inputs = raw.inputs.shape
    one = f"an image of {shape[0]} × {shape[1]} pixels" if shape else "1 input" if inputs == 1 else f"{inputs:,} inputs"
    if raw.classes is not None:
        learned = f"one of {len(raw.classes)} classes"
    else:
        targets = raw.values.shape[1]
        learned = "1 target, a number" if targets == 1 else f"{targets} targets, numbers"
    return f"{n:,} examples: {one} each, and {learned}.{' ' if raw.remark else ''}{raw.remark}"
