"""Where the layers and their neurons stand: columns from left to right, as large as there is room for."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from app.web.scene.parts import NARROW, Column, Neuron, Picture, Style

TOP = 30.0  # the names of the layers stand above, px
BOTTOM = 8.0
LIMITS = (66.0, 56.0, 48.0, 42.0, 36.0, 31.0, 27.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 10.5, 9.0, 7.5)
"""Sides of a square that are tried, px, the largest first."""
CAPTIONED_PITCH = 42.0  # a square with a number under it needs so much height, px
NUMBERS = 102.0  # the lines under a square where all numbers are written, and air, px
WIDEST_PITCH = 150.0
OUTPUT_PITCH = 92.0
WIDEST_GAP = 320.0
CELL, LARGEST_CELL = 2 / 3, 28.0  # a square of a grid beside the others, and px; the smallest want a closer look
GRIDS = 0.6  # where not even the smallest leave room, so much of the stage's width goes to grids
MOST_CELLS = 2_000
"""Of one layer, in a page that a browser still handles with ease."""
ROW_PITCH = 18.0  # an output's name, bar and delta need so much height, px
TILED_OUTPUTS = 4  # so many outputs at most have a square of their own with their numbers beside it
FAN_IN, FAN_OUT = 0.74, 0.5  # parts of a square's side over which connections arrive and leave


@dataclass(frozen=True)
class Stage:
    """The space there is, px, and whether every number is to be written."""

    width: float
    height: float
    numbers: bool = False

    @property
    def narrow(self) -> bool:
        """Whether this is a phone's width."""
        return self.width < NARROW

    @property
    def area(self) -> float:
        """Height for neurons, px."""
        return max(self.height - TOP - BOTTOM, 60.0)


def columns(picture: Picture, stage: Stage) -> tuple[Column, ...]:
    """The layers in their places: the largest squares that leave room for the connections."""
    for limit in LIMITS:
        planned = _planned(picture, stage, limit)
        gap = _gap(planned, picture, stage)
        size = max((c.size for c in planned if c.style == "tiles"), default=0.0)
        if gap >= max(1.25 * size, 22.0 if stage.narrow else 40.0):
            break
    else:
        planned = _planned(picture, stage, LIMITS[-1], GRIDS)
        gap = _gap(planned, picture, stage)
    return _placed(planned, min(gap, WIDEST_GAP), picture, stage)


def neurons(column: Column) -> tuple[Neuron, ...]:
    """The drawn neurons of a layer, row by row."""
    return tuple(_neuron(column, index) for index in range(column.drawn))


def _planned(picture: Picture, stage: Stage, limit: float, grids: float = 1.0) -> tuple[Column, ...]:
    styles = [_style(picture, stage, layer) for layer in range(1, len(picture.layers) + 1)]
    tallest = max((n for n, style in zip(picture.layers, styles, strict=True) if style == "tiles"), default=1)
    pitch = stage.area / tallest
    if not stage.numbers:
        pitch = min(pitch, WIDEST_PITCH)
    size = min(0.56 * pitch, limit)
    if stage.numbers and tallest > 1:
        size = min(size, max(pitch - NUMBERS, limit / 3))
    cells = sum(n for n, style in zip(picture.layers, styles, strict=True) if style == "cells")
    return tuple(
        _grid(layer, n, stage, limit, grids * stage.width * n / cells)
        if style == "cells"
        else _column(picture, stage, layer, style, (size, pitch))
        for layer, (n, style) in enumerate(zip(picture.layers, styles, strict=True), start=1)
    )


def _style(picture: Picture, stage: Stage, layer: int) -> Style:
    n = picture.layers[layer - 1]
    if picture.has_pixels(layer):
        return "pixels"
    last = layer == len(picture.layers)
    if last and (n > TILED_OUTPUTS or picture.kind == "image") and stage.area / n >= ROW_PITCH:
        return "rows"
    return "tiles" if stage.area / n >= CAPTIONED_PITCH else "cells"


def _column(picture: Picture, stage: Stage, layer: int, style: Style, tile: tuple[float, float]) -> Column:
    n = picture.layers[layer - 1]
    if style == "pixels":
        rows, across = picture.image_shape or (1, n)
        side = min(0.42 * stage.area, min(max(0.205 * stage.width, 96.0), 200.0))
        pitch = side / max(rows, across)
        return Column(layer, style, n, n, across, pitch - (1.5 if pitch > 9 else 0.0), pitch, pitch)
    if style == "rows":
        pitch = min(stage.area / n, 48.0)
        size = min(26.0, pitch - 4.0)
        return Column(layer, style, n, n, 1, size, size, pitch)
    pitch = tile[1]
    if layer == len(picture.layers):  # an output has four lines of words beside it
        pitch = max(pitch, min(stage.area / n, OUTPUT_PITCH))
    return Column(layer, style, n, n, 1, tile[0], tile[0], pitch)


def _grid(layer: int, n: int, stage: Stage, limit: float, width: float) -> Column:
    """Squares without words; the last are left out where they would take more than this width, px."""
    size = min(CELL * limit, LARGEST_CELL)
    rows = max(1, int(stage.area // (size * 1.1)))
    pitch_x = size * (1.38 if size >= 20 else 1.15)
    most = max(1, int((width - size) // pitch_x) + 1)
    drawn = min(n, MOST_CELLS, most * rows)
    across = math.ceil(drawn / rows)
    pitch_y = min(stage.area / math.ceil(drawn / across), size * 1.3)
    return Column(layer, "cells", n, drawn, across, size, pitch_x, pitch_y)


def margins(picture: Picture, stage: Stage, last: Style) -> tuple[float, float]:
    """Space to the left of the first layer and to the right of the last, for their words, px."""
    left = (12.0 if stage.narrow else 36.0) if picture.has_pixels(1) else min(max(0.087 * stage.width, 26.0), 90.0)
    if last == "rows":
        return left, 76.0 if stage.narrow else 172.0
    if last == "tiles":
        narrow = 50.0 if picture.classes else 74.0  # the class, or a number
        return left, narrow if stage.narrow else 132.0
    return left, 16.0 if stage.narrow else 60.0


def _gap(planned: tuple[Column, ...], picture: Picture, stage: Stage) -> float:
    left, right = margins(picture, stage, planned[-1].style)
    return (stage.width - left - right - sum(c.width for c in planned)) / (len(planned) - 1)


def _placed(planned: tuple[Column, ...], gap: float, picture: Picture, stage: Stage) -> tuple[Column, ...]:
    left, right = margins(picture, stage, planned[-1].style)
    used = sum(c.width for c in planned) + gap * (len(planned) - 1)
    x = left + (stage.width - left - right - used) / 2
    placed = []
    for column in planned:
        middle = TOP + stage.area / 2
        if column.style == "tiles":
            middle -= _words(column, planned, stage) / 2
        placed.append(replace(column, left=x, middle=middle))
        x += column.width + gap
    return tuple(placed)


def _words(column: Column, planned: tuple[Column, ...], stage: Stage) -> float:
    """The room under a square that its words take, px."""
    if not stage.numbers:
        return min(column.room, 52.0)
    in_a_row = all(other.neurons == 1 for other in planned)  # it stands in the middle
    return min(column.room, NUMBERS) if in_a_row else column.room


def _neuron(column: Column, index: int) -> Neuron:
    row, across = divmod(index, column.columns)
    x = column.left + column.size / 2 + across * column.pitch_x
    y = column.middle + (row - (column.rows - 1) / 2) * column.pitch_y
    half = column.size / 2
    edge_in, edge_out, out_y, spread = x - half - 1, x + half + 1, y, column.size * FAN_OUT
    if column.style == "pixels":  # all leave at the right edge of the image, each at a height of its own
        edge_out = column.right + 2
        out_y = y - column.pitch_y / 2 + column.pitch_y * (across + 0.5) / column.columns
        spread = column.pitch_y / column.columns
    fan_in = column.pitch_y * 0.8 if column.style == "rows" else column.size * FAN_IN
    return Neuron(
        layer=column.layer,
        j=index + 1,
        style=column.style,
        x=x,
        y=y,
        size=column.size,
        in_x=column.left - 1,
        in_y=y,
        edge_in=edge_in,
        in_spread=fan_in,
        out_x=column.right + (2 if column.style == "pixels" else 1),
        out_y=out_y,
        edge_out=edge_out,
        out_spread=spread,
    )
