"""The 1,797 handwritten digits, real images of 8 × 8 pixels, read from the file beside this module."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from app.datasets.dataset import DataSet

FILE = Path(__file__).with_name("digits.npz")
SIZE = 1_797
SHAPE = (8, 8)
DARKEST = 16  # a pixel counts the black points among the 4 × 4 it was made of
SOURCE = (
    "UCI Machine Learning Repository, data set 80, Optical Recognition of Handwritten Digits: the test set, as "
    "scikit-learn ships it. E. Alpaydin and C. Kaynak (1998), https://doi.org/10.24432/C50P49"
)
LICENCE = "CC BY 4.0"
DESCRIPTION = (
    "Real handwritten digits from 13 people, as images of 8 × 8 pixels: the classic first task for a neural network."
)


@lru_cache(maxsize=1)
def digits() -> DataSet:
    """All of them; pixels from 0 (white) to 1 (black), row by row from the top left."""
    with np.load(FILE, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"]
    inputs = images.reshape(len(images), -1) / float(DARKEST)
    values = labels.astype(np.int64)
    for array in (inputs, values):
        array.flags.writeable = False  # shared by all who ask
    return DataSet(
        name="digits",
        title="Handwritten digits",
        description=DESCRIPTION,
        kind="classification",
        inputs=inputs,
        values=values,
        classes=tuple("0123456789"),
        feature_names=pixel_names(*SHAPE),
        image_shape=SHAPE,
        preprocessing={
            "inputs": {"method": "scaled", "shift": 0.0, "scale": float(DARKEST)},
            "targets": None,
            "text": "Pixels were divided by 16, their largest value, so that they lie between 0 (white) and 1 (black).",
        },
        source=SOURCE,
        licence=LICENCE,
    )


def pixel_names(height: int, width: int) -> tuple[str, ...]:
    """Names of an image's pixels in row order, as people count."""
    return tuple(f"row {row}, column {column}" for row in range(1, height + 1) for column in range(1, width + 1))
