"""The data sets that come with Blameflow: what they are called, what may be chosen, and how to get one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.datasets import toys
from app.datasets.dataset import DataError, DataSet, Kind, Preprocessing, unchanged
from app.datasets.digits import DESCRIPTION as DIGITS_DESCRIPTION
from app.datasets.digits import LICENCE, SHAPE, SIZE, SOURCE, digits, pixel_names

LARGEST_SIZE = 10_000
LARGEST_NOISE = 2.0
MADE_HERE = "Drawn by Blameflow from the seed."
POINT = ("x₁", "x₂")
CORNERS: Preprocessing = {
    "inputs": {"method": "scaled", "shift": 0.5, "scale": 0.5},
    "targets": None,
    "text": "The inputs 0 and 1 were moved to −1 and 1, so that they are centred.",
}


@dataclass(frozen=True)
class DataSetInfo:
    """What can be said of a built-in data set without making it.

    Attributes
    ----------
    default_size, smallest_size, largest_size
        Examples; all the same for a set that is ``fixed``.
    default_noise
        None: takes no noise. Else 0 to ``largest_noise``, in the unit that the description names.
    n_inputs, outputs
        Neurons of the input layer, and of the output layer unless told otherwise.
    fixed
        Whether the size cannot be chosen.
    """

    name: str
    title: str
    description: str
    kind: Kind
    default_size: int
    smallest_size: int
    largest_size: int
    default_noise: float | None
    n_inputs: int
    outputs: int
    classes: tuple[str, ...] | None
    feature_names: tuple[str, ...] = POINT
    image_shape: tuple[int, int] | None = None
    fixed: bool = False
    source: str = MADE_HERE
    licence: str = "MIT"
    largest_noise: float = LARGEST_NOISE


Draw = Callable[[int, float, np.random.Generator], toys.Drawn]


@dataclass(frozen=True)
class _Toy:
    """A drawn set: its description, how it is drawn, what its inputs were before."""

    info: DataSetInfo
    draw: Draw
    stream: int  # keeps its draws apart from all others of the same seed
    preprocessing: Preprocessing


def _gate(name: str, says: str, truth: tuple[int, int, int, int], stream: int) -> _Toy:
    text = f"{says} Four corners of a square; larger sizes repeat them. Noise is in half sides of the square."
    info = DataSetInfo(name, name.upper(), text, "classification", 4, 4, 1_000, 0.0, 2, 1, ("0", "1"))
    return _Toy(info, toys.gate(truth), stream, CORNERS)


def _shape(
    name: str, title: str, text: str, classes: tuple[str, ...], noise: float, size: int, draw: Draw, stream: int
) -> _Toy:
    info = DataSetInfo(name, title, text, "classification", size, 10, LARGEST_SIZE, noise, 2, len(classes), classes)
    return _Toy(info, draw, stream, unchanged())


def _function(
    name: str, title: str, text: str, features: tuple[str, ...], noise: float, size: int, draw: Draw, stream: int
) -> _Toy:
    info = DataSetInfo(name, title, text, "regression", size, 10, LARGEST_SIZE, noise, len(features), 1, None, features)
    same = unchanged() | {"text": "The inputs and targets are used as they are."}
    return _Toy(info, draw, stream, same | {"targets": dict(same["inputs"])})


_TOYS = {
    toy.info.name: toy
    for toy in (
        _gate("xor", "Output 1 when exactly one of the two inputs is 1: no straight line parts it.", (0, 1, 1, 0), 1),
        _gate("and", "Output 1 when both inputs are 1.", (0, 0, 0, 1), 2),
        _gate("or", "Output 1 when at least one of the two inputs is 1.", (0, 1, 1, 1), 3),
        _shape(
            "circle",
            "Circle",
            "A disc inside a ring. Noise is in radii of the disc.",
            ("inside", "outside"),
            0.1,
            500,
            toys.circle,
            4,
        ),
        _shape(
            "moons",
            "Moons",
            "Two half circles that reach into each other. Noise is in their radii.",
            ("upper", "lower"),
            0.1,
            500,
            toys.moons,
            5,
        ),
        _shape(
            "spiral",
            "Spiral",
            "Two arms that wind about each other: the hardest small set. Noise is in distances between the arms.",
            ("first arm", "second arm"),
            0.1,
            500,
            toys.spiral,
            6,
        ),
        _shape(
            "gaussians",
            "Three clouds",
            "Three round clouds that overlap a little. Noise is their deviation, in distances from the middle.",
            ("top", "right", "left"),
            0.35,
            500,
            toys.gaussians,
            7,
        ),
        _function(
            "plane",
            "Plane",
            "A flat function of two inputs, 0.8 x₁ − 0.5 x₂. Noise is added to the target.",
            POINT,
            0.05,
            500,
            toys.plane,
            8,
        ),
        _function(
            "sine",
            "Sine",
            "Two waves of sin(2πx) between −1 and 1. Noise is added to the target.",
            ("x",),
            0.1,
            500,
            toys.sine,
            9,
        ),
    )
}

_DIGITS = DataSetInfo(
    name="digits",
    title="Handwritten digits",
    description=DIGITS_DESCRIPTION,
    kind="classification",
    default_size=SIZE,
    smallest_size=SIZE,
    largest_size=SIZE,
    default_noise=None,
    n_inputs=SHAPE[0] * SHAPE[1],
    outputs=10,
    classes=tuple("0123456789"),
    feature_names=pixel_names(*SHAPE),
    image_shape=SHAPE,
    fixed=True,
    source=SOURCE,
    licence=LICENCE,
)


def built_in() -> tuple[DataSetInfo, ...]:
    """All data sets that come with Blameflow, in the order to show them."""
    return (*(toy.info for toy in _TOYS.values()), _DIGITS)


def build(name: str, size: int | None = None, noise: float | None = None, seed: int = 1) -> DataSet:
    """A built-in data set; size (examples) and noise (no unit) by default its own. Same arguments, same numbers.

    Raises
    ------
    DataError
        For an unknown name, or a size or noise that it does not take; ``field`` says which.
    """
    info = _info(name)
    size = _checked_size(info, size)
    noise = _checked_noise(info, noise)
    if name == "digits":
        return digits()
    toy = _TOYS[name]
    inputs, values = toy.draw(size, noise or 0.0, np.random.default_rng([seed, 0xDA7A, toy.stream]))
    return DataSet(
        name,
        info.title,
        info.description,
        info.kind,
        inputs,
        values,
        info.classes,
        info.feature_names,
        info.image_shape,
        toy.preprocessing,
        info.source,
        info.licence,
        noise,
    )


def _info(name: str) -> DataSetInfo:
    for info in built_in():
        if info.name == name:
            return info
    names = ", ".join(info.name for info in built_in())
    raise DataError(f"There is no data set {name!r}: the built-in ones are {names}.", field="name")


def _checked_size(info: DataSetInfo, size: int | None) -> int:
    if size is None:
        return info.default_size
    if info.fixed and size != info.default_size:
        raise DataError(
            f"The {info.name} are real: there are {info.default_size:,} of them, and the size cannot be chosen; "
            f"{size:,} was given.",
            field="size",
        )
    if not info.smallest_size <= size <= info.largest_size:
        raise DataError(
            f"The size of {info.name} must be from {info.smallest_size} to {info.largest_size:,}; {size:,} was given.",
            field="size",
        )
    return size


def _checked_noise(info: DataSetInfo, noise: float | None) -> float | None:
    if info.default_noise is None:
        if noise is not None:
            raise DataError(f"{info.title} take no noise: leave it out; {noise:g} was given.", field="noise")
        return None
    if noise is None:
        return info.default_noise
    if not 0 <= noise <= info.largest_noise:
        raise DataError(
            f"The noise of {info.name} must be from 0 to {info.largest_noise:g}; {noise:g} was given.", field="noise"
        )
    return float(noise)
