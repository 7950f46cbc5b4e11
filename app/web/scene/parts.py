"""What a drawn network is made of: pure values, in CSS pixels, x to the right and y down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["plane", "image", "values"]
Style = Literal["tiles", "cells", "pixels", "rows"]

NARROW = 560.0
"""Below this width (px) names are short and the timeline is a row of dots."""
DRAWN_CONNECTIONS = 300
"""Up to so many connections are all objects of their own; beyond, a bundle and so many of a pool."""


@dataclass(frozen=True)
class Picture:
    """What is to be drawn.

    Attributes
    ----------
    layers
        Neurons in each layer, from 1 to L.
    activations
        Names for the layers 2 to L.
    kind
        `plane`: two inputs, neurons are maps; `image`: the inputs are pixels; `values`: anything else.
    image_shape
        (rows, columns) of an image.
    features, classes
        Names of the inputs and of the outputs; shorter than the layer where there are none.
    """

    layers: tuple[int, ...]
    activations: tuple[str, ...]
    kind: Kind = "values"
    image_shape: tuple[int, int] | None = None
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()

    @property
    def connections(self) -> int:
        """How many connections there are."""
        return sum(n * m for n, m in zip(self.layers, self.layers[1:], strict=False))

    def has_pixels(self, layer: int) -> bool:
        """Whether the neurons of this layer are drawn as the pixels of an image."""
        shape = self.image_shape
        return layer == 1 and self.kind == "image" and shape is not None and shape[0] * shape[1] == self.layers[0]


@dataclass(frozen=True)
class Box:
    """A rectangle, px."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, margin: float = 0.0) -> bool:
        """Whether the two overlap, or come nearer than `margin` px."""
        return (
            self.left < other.right + margin
            and other.left < self.right + margin
            and self.top < other.bottom + margin
            and other.top < self.bottom + margin
        )

    def shares(self, other: Box, margin: float = 0.0) -> float:
        """The area that both cover, with `margin` px around, px²."""
        wide = min(self.right, other.right) - max(self.left, other.left) + margin
        high = min(self.bottom, other.bottom) - max(self.top, other.top) + margin
        return max(wide, 0.0) * max(high, 0.0)


@dataclass(frozen=True)
class Column:
    """A layer as it stands: `drawn` of its neurons, in a grid of `columns`.

    Attributes
    ----------
    size
        Side of one neuron's square, px.
    pitch_x, pitch_y
        From centre to centre, px.
    left, middle
        Left edge of the grid, and its centre's y, px.
    """

    layer: int
    style: Style
    neurons: int
    drawn: int
    columns: int
    size: float
    pitch_x: float
    pitch_y: float
    left: float = 0.0
    middle: float = 0.0

    @property
    def width(self) -> float:
        """From the left edge of the first square to the right edge of the last, px."""
        return (self.columns - 1) * self.pitch_x + self.size

    @property
    def right(self) -> float:
        """Right edge, px."""
        return self.left + self.width

    @property
    def top(self) -> float:
        """Top of the first row, px."""
        return self.middle - self.rows * self.pitch_y / 2

    @property
    def x(self) -> float:
        """Centre, px."""
        return self.left + self.width / 2

    @property
    def rows(self) -> int:
        """Rows of the grid."""
        return -(-self.drawn // self.columns)

    @property
    def room(self) -> float:
        """Free space under each square, px."""
        return self.pitch_y - self.size


@dataclass(frozen=True)
class Neuron:
    """Neuron j of a layer, both counted from 1: centre (x, y), and where connections arrive and leave, px.

    A connection arrives at (`edge_in`, `in_y` ± `in_spread`/2) and leaves at (`edge_out`, `out_y` ± `out_spread`/2);
    its curve ends and starts at `in_x` and `out_x`, the edges of the layer, and runs straight between.
    """

    layer: int
    j: int
    style: Style
    x: float
    y: float
    size: float
    in_x: float
    in_y: float
    edge_in: float
    in_spread: float
    out_x: float
    out_y: float
    edge_out: float
    out_spread: float

    @property
    def left(self) -> float:
        """Left edge of the square, px."""
        return self.x - self.size / 2

    @property
    def top(self) -> float:
        """Top of the square, px."""
        return self.y - self.size / 2

    @property
    def right(self) -> float:
        """Right edge of the square, px."""
        return self.x + self.size / 2

    @property
    def bottom(self) -> float:
        """Bottom of the square, px."""
        return self.y + self.size / 2

    @property
    def box(self) -> Box:
        """The square."""
        return Box(self.left, self.top, self.right, self.bottom)


@dataclass(frozen=True)
class Connection:
    """From neuron k of the layer below to neuron j of `layer`, counted from 1, with its SVG path."""

    layer: int
    j: int
    k: int
    d: str


@dataclass(frozen=True)
class Bundle:
    """All connections into a layer as one quiet path: curves (stroked), or bands (filled)."""

    layer: int
    d: str
    filled: bool


@dataclass(frozen=True)
class Head:
    """The name over a layer: its number, what follows it, and the whole for a tooltip."""

    layer: int
    x: float
    number: str
    rest: str
    whole: str
