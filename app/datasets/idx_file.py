"""IDX, as MNIST comes: images and labels in files of their own, paired by what is in them.

Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database", the page's section on file formats.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.datasets.arrays import Array, raw_from_arrays
from app.datasets.assemble import assemble
from app.datasets.dataset import DataError, DataSet
from app.datasets.file_limits import FileLimits, in_mb

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_AXES = 4


@dataclass(frozen=True)
class Idx:
    """One file: its name and its array; an array of one axis is labels."""

    file: str
    array: Array

    @property
    def is_labels(self) -> bool:
        """Whether it holds one number for each example."""
        return self.array.ndim == 1


def is_idx(data: bytes) -> bool:
    """Whether the content begins as IDX does: two zero bytes, a type, a number of axes."""
    return len(data) >= 4 and data[:2] == b"\0\0" and data[2] in TYPES and 1 <= data[3] <= MOST_AXES


def parse_idx(file: str, data: bytes) -> Array:
    """The array of an IDX file. Raises DataError if its length is not what its header says."""
    if not is_idx(data):
        raise DataError(f"{file} is not an IDX file: it does not begin as one.", file=file)
    begin = 4 + 4 * data[3]
    dtype = np.dtype(TYPES[data[2]])
    if len(data) < begin:
        raise DataError(f"{file} is cut off: its header alone takes {begin} bytes, and it has {len(data)}.", file=file)
    shape = [int.from_bytes(data[place : place + 4], "big") for place in range(4, begin, 4)]
    wanted = begin + math.prod(shape) * dtype.itemsize
    if len(data) != wanted:
        size = " × ".join(f"{length:,}" for length in shape)
        raise DataError(
            f"{file} should have {wanted:,} bytes, for its header says {size}; it has {len(data):,}. Is it cut off?",
            file=file,
        )
    if 0 in shape:
        shape = [0, *(1 for _ in shape[1:])]  # nothing, whatever its other lengths are: they may be beyond numpy's
    return np.frombuffer(data, dtype=dtype, offset=begin).reshape(shape)


def read_idx(files: Sequence[tuple[str, bytes]], limits: FileLimits | None = None) -> DataSet:
    """The data set of images and their labels, already unzipped, in any order; several pairs are joined.

    Raises
    ------
    DataError
        If a file is damaged or has no partner of the same length.
    """
    limits = limits or FileLimits()
    parsed = [Idx(file, parse_idx(file, data)) for file, data in files]
    pairs = _paired(parsed)
    first = pairs[0][0]
    for images, _ in pairs:
        if images.array.shape[1:] != first.array.shape[1:]:
            raise DataError(
                f"The images of {images.file} are of another size than those of {first.file}: they cannot be joined.",
                file=images.file,
            )
    _check_room(pairs, limits)
    x = np.concatenate([images.array for images, _ in pairs])
    y = np.concatenate([labels.array for _, labels in pairs])
    return assemble(raw_from_arrays(" + ".join(images.file for images, _ in pairs), x, y, limits))


def _check_room(pairs: Sequence[tuple[Idx, Idx]], limits: FileLimits) -> None:
    """Before the parts are joined, which takes their size once more."""
    total = sum(images.array.nbytes for images, _ in pairs)
    if total > limits.decompressed_bytes:
        raise DataError(
            f"The images take {in_mb(total)} when unpacked; {in_mb(limits.decompressed_bytes)} is the limit.",
            file=pairs[0][0].file,
        )


def _paired(files: Sequence[Idx]) -> list[tuple[Idx, Idx]]:
    """Images with the labels of the same length and, of those, the likest name; the longest pair first."""
    labels = [file for file in files if file.is_labels]
    images = [file for file in files if not file.is_labels]
    if not images or not labels:
        there, missing = ("labels", "images") if labels else ("images", "labels")
        names = ", ".join(file.file for file in files)
        raise DataError(
            f"There are only {there} ({names}): add the file with the {missing} that belong to them.",
            file=files[0].file,
        )
    pairs = []
    for image in images:
        fitting = [file for file in labels if len(file.array) == len(image.array)]
        if not fitting:
            raise _unpaired(image, labels)
        chosen = max(fitting, key=lambda file: _likeness(file.file, image.file))
        labels.remove(chosen)
        pairs.append((image, chosen))
    if labels:
        raise DataError(
            f"{labels[0].file} has {len(labels[0].array):,} labels, and no file of so many images is left for them.",
            file=labels[0].file,
        )
    return sorted(pairs, key=lambda pair: -len(pair[0].array))


def _unpaired(image: Idx, labels: Sequence[Idx]) -> DataError:
    have = "; ".join(f"{file.file} has {len(file.array):,}" for file in labels) or "no labels are left"
    return DataError(
        f"{image.file} has {len(image.array):,} images, and no file has as many labels: {have}.", file=image.file
    )


def _likeness(one: str, other: str) -> int:
    """How many letters two names begin with in common: train-labels goes with train-images."""
    same = [a == b for a, b in zip(one, other, strict=False)]
    return [*same, False].index(False)
