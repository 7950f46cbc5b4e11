"""Data sets as small pictures, drawn from the real examples."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from markupsafe import Markup

from app.datasets import DataSet, build
from app.web.scene.paths import number

SIDE = 44.0
POINTS = 46  # examples shown
FEW = 8  # so few points are drawn larger
MARGIN = 5.0


def thumb(described: Mapping[str, Any]) -> Markup:
    """The picture of a data set: of the real examples for those built in, a sheet of paper for uploads."""
    if described["built_in"]:
        return _built_in(described["name"])
    lines = "M13 10h12l6 6v18H13zM25 10v6h6M17 22h10M17 26h10M17 30h6"
    return _picture(f'<path class="thumb-line" d="{lines}"/>')


def mark(kind: int, x: float = 6.0, y: float = 6.0, r: float = 4.5) -> str:
    """The mark of a class in ink, by shape: a disc, a ring, then squares and triangles, filled and hollow in turn."""
    look = "ring" if kind % 2 else "dot"
    at = f"M{number(x)} {number(y)}"
    if kind % 6 < 2:
        return f'<circle class="{look}" cx="{number(x)}" cy="{number(y)}" r="{r:.2g}"/>'
    if kind % 6 < 4:
        corner, side = number(-0.9 * r), number(1.8 * r)
        return f'<path class="{look}" d="{at}m{corner} {corner}h{side}v{side}h-{side}z"/>'
    tip, half, down = number(-1.2 * r), number(1.1 * r), number(2 * r)
    return f'<path class="{look}" d="{at}m0 {tip}l{half} {down}h{number(-2.2 * r)}z"/>'


@cache
def _built_in(name: str) -> Markup:
    data = build(name)
    if data.image_shape is not None:
        return _picture(_image(data, data.image_shape))
    if data.inputs.shape[1] == 1:
        return _picture(_curve(data))
    return _picture(_points(data))


def _picture(content: str) -> Markup:
    side = number(SIDE)
    return Markup(
        f'<svg class="thumb-picture" viewBox="0 0 {side} {side}" aria-hidden="true" focusable="false">{content}</svg>'
    )


def _image(data: DataSet, shape: tuple[int, int]) -> str:
    """The first example of the class in the middle, as it is."""
    wanted = len(data.classes or ()) // 2 - 1
    example = int(np.argmax(data.values == wanted))
    pixels = data.inputs[example].reshape(shape)
    h, w = SIDE / shape[0], SIDE / shape[1]
    return "".join(
        f'<rect class="ink" x="{number(column * w)}" y="{number(row * h)}" width="{number(w + 0.1)}"'
        f' height="{number(h + 0.1)}" fill-opacity="{pixels[row, column]:.2f}"/>'
        for row in range(shape[0])
        for column in range(shape[1])
        if pixels[row, column] > 0.01
    )


def _scaled(values: np.ndarray[Any, np.dtype[np.float64]], low: float, high: float) -> list[float]:
    span = float(values.max() - values.min()) or 1.0
    return [low + (float(value) - float(values.min())) / span * (high - low) for value in values]


def _curve(data: DataSet) -> str:
    order = np.argsort(data.inputs[:, 0])[:: max(1, len(data.inputs) // 60)]
    xs = _scaled(data.inputs[order, 0], MARGIN, SIDE - MARGIN)
    ys = _scaled(data.values[order, 0].astype(np.float64), SIDE - 10, 10)
    points = " ".join(f"{number(x)} {number(y)}" for x, y in zip(xs, ys, strict=True))
    return f'<path class="thumb-line" d="M{points}"/>'


def _points(data: DataSet) -> str:
    few = len(data.inputs) <= FEW
    chosen = np.arange(len(data.inputs)) if few else np.linspace(0, len(data.inputs) - 1, POINTS).astype(int)
    margin = 12.0 if few else MARGIN
    xs = _scaled(data.inputs[chosen, 0], margin, SIDE - margin)
    ys = _scaled(data.inputs[chosen, 1], SIDE - margin, margin)
    if data.kind == "regression":
        shades = _scaled(data.values[chosen, 0].astype(np.float64), 0.08, 1.0)
        return "".join(
            f'<circle class="ink" cx="{number(x)}" cy="{number(y)}" r="2.2" fill-opacity="{shade:.2f}"/>'
            for x, y, shade in zip(xs, ys, shades, strict=True)
        )
    kinds = data.values[chosen].astype(int)
    return "".join(mark(int(kind), x, y, 3.2 if few else 1.5) for x, y, kind in zip(xs, ys, kinds, strict=True))
