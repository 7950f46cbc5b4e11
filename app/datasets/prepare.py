"""How raw numbers become inputs and targets that train well: prepared = (raw − shift) / scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.datasets.dataset import Floats

IMAGE_COLUMNS = 16  # a table of whole numbers from 0 to 255 with fewer is not taken for pixels
SQUARE_COLUMNS = 64
BRIGHTEST = 255.0
FEW_LEVELS = 16.0  # images with at most so many levels have them all in use; others count to 255
MOVED = "were shifted and scaled, each by itself, to mean 0 and standard deviation 1"
MOVED_TOGETHER = "were shifted and scaled, all together, to mean 0 and standard deviation 1"
TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class Preparation:
    """What was done to some numbers: how it is called, and shift and scale, one for all or one for each column."""

    method: str
    shift: float | tuple[float, ...]
    scale: float | tuple[float, ...]

    def as_json(self) -> dict[str, Any]:
        """The same as lists and numbers."""
        return {"method": self.method, "shift": _plain(self.shift), "scale": _plain(self.scale)}

    def apply(self, raw: Floats) -> Floats:
        """The numbers prepared, in place."""
        if self.method != "none":
            raw -= np.asarray(self.shift)
            raw /= np.asarray(self.scale)
        return raw


def _plain(value: float | tuple[float, ...]) -> float | list[float]:
    return list(value) if isinstance(value, tuple) else value


UNCHANGED = Preparation("none", 0.0, 1.0)


def are_pixels(raw: Floats) -> bool:
    """Whether a table looks like images: many columns, all of whole numbers from 0 to 255."""
    if raw.shape[1] < IMAGE_COLUMNS or raw.min() < 0 or not 1 < raw.max() <= BRIGHTEST:
        return False
    # row by row in parts, for a table of everything's size would be made to compare with
    return all(bool((part == np.floor(part)).all()) for part in np.array_split(raw, max(1, raw.size // 1_000_000)))


def square_side(columns: int) -> int | None:
    """The side, in pixels, of a square image with so many; None if there is none."""
    side = int(columns**0.5 + 0.5)
    return side if side * side == columns and columns >= SQUARE_COLUMNS else None


def image_preparation(raw: Floats) -> Preparation:
    """Images keep their black: they are divided by their brightest level. Others get one shift and scale for all."""
    lowest, highest = float(raw.min()), float(raw.max())
    if lowest < 0:
        shift, scale = _centre_and_spread(raw.reshape(-1, 1))
        return Preparation("standardized", float(shift[0]), float(scale[0]))
    if highest <= 1:
        return UNCHANGED
    whole = highest == np.floor(highest)
    scale_255 = whole and FEW_LEVELS < highest <= BRIGHTEST
    return Preparation("scaled", 0.0, BRIGHTEST if scale_255 else highest)


def column_preparation(raw: Floats) -> Preparation:
    """Columns (N, n) get mean 0 and deviation 1, unless all are about so already. Constant ones become 0."""
    shift, scale = _centre_and_spread(raw)
    constant = raw.min(axis=0) == raw.max(axis=0)
    fine = (np.abs(shift) <= 0.5) & (scale >= 0.3) & (scale <= 2)
    if (fine | (constant & (np.abs(shift) <= 1))).all():
        return UNCHANGED
    return Preparation("standardized", tuple(shift.tolist()), tuple(scale.tolist()))


def _centre_and_spread(raw: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of the columns, (n,) each, without overflow; 1 where there is no spread."""
    largest = np.maximum(np.abs(raw).max(axis=0), TINY)
    shift, spread = np.empty(raw.shape[1]), np.empty(raw.shape[1])
    for column in range(raw.shape[1]):  # one at a time: no second table of everything's size
        unit = raw[:, column] / largest[column]
        shift[column], spread[column] = unit.mean(), unit.std()
    shift, spread = shift * largest, spread * largest
    constant = (raw.min(axis=0) == raw.max(axis=0)) | (spread <= TINY)  # rounding can leave a tiny spread
    return shift, np.where(constant, 1.0, spread)


def sentence(inputs: Preparation, targets: Preparation | None, constant: int = 0) -> str:
    """What was done, in words; ``constant`` inputs never change."""
    says = _inputs_sentence(inputs)
    if constant and inputs.method == "standardized":
        says += f"; {constant} of them never change{'s' if constant == 1 else ''}, so {_they(constant)} 0"
    if targets is not None:
        as_they_are = "are used as they are"
        says += f"; the targets {as_they_are if targets.method == 'none' else MOVED}"
    return says + "."


def _they(count: int) -> str:
    return "it is" if count == 1 else "they are"


def _inputs_sentence(inputs: Preparation) -> str:
    if inputs.method == "none":
        return "The inputs are used as they are"
    if inputs.method == "scaled":
        return f"Pixels were divided by {inputs.scale:g}, so that they lie between 0 and 1"
    return f"The inputs {MOVED if isinstance(inputs.shift, tuple) else MOVED_TOGETHER}"
