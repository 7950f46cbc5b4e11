"""The connections of a still picture: twin of static/js/picture/connections.js, and of the arrowheads of pulses.js."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.web.picture.pens import Pen, Pens
from app.web.picture.quantities import Place, Seen, prominence, shown
from app.web.picture.scales import blame_width, pulse_radius, stroke_width, weight_width
from app.web.picture.text import attribute, number, signed
from app.web.scene.paths import POINTS, Cubic, along
from app.web.scene.paths import number as coordinate
from app.web.texts import t

ATTRIBUTES = {
    "w": "data-w",
    "after": "data-w-after",
    "sent": "data-sent",
    "charged": "data-charged",
    "ledger": "data-ledger",
}
NEAR = 0.01
"""How far on both sides of a point of a curve its direction is looked for, as shares of the curve."""


@dataclass(frozen=True)
class Arrow:
    """An arrowhead on a connection that carries blame, with its SVG path."""

    layer: int
    j: int
    k: int
    value: float
    d: str

    @property
    def sign(self) -> str:
        """Its class."""
        return "plus" if self.value > 0 else "minus"


def draw_connection(seen: Seen, place: Place, kind: str, large: bool) -> Pen:
    """One connection; ``large``: in a network of which only the strongest are drawn."""
    pen, layer = Pen(), place[0]
    numbers = seen.connection(place)
    for name, x in numbers.items():
        pen.set(ATTRIBUTES[name], None if x is None else attribute(x))
    x = _shown(numbers, kind)
    stands = "active" if large and kind != "weight" else prominence(seen, kind, layer)
    broken = x is not None and not math.isfinite(x)
    pen.toggle("not-finite", broken)
    if x is None or broken or stands == "quiet":
        pen.set("data-show", "quiet")
        return pen
    pen.sign(x)
    pen.set("data-show", "rest" if stands == "rest" else kind)
    pen.style("stroke-width", stroke_width(weight_width(x, large) if kind == "weight" else blame_width(x, large)))
    return pen


def _shown(numbers: Mapping[str, float | None], kind: str) -> float | None:
    if kind != "weight":
        return numbers[kind]
    return numbers["w"] if numbers["after"] is None else numbers["after"]


def draw_numbers(seen: Seen, place: Place) -> Pens:
    """The numbers beside a connection."""
    pens, numbers = Pens(), seen.connection(place)
    write_number(pens, "w", _shown(numbers, "weight"), blame=False)
    if numbers["after"] is not None:
        pens["number-w"].name = t("number-new", symbol="w")
    for field in ("sent", "charged"):
        write_number(pens, field, numbers[field], blame=True)
    return pens


def write_number(pens: Pens, field: str, x: float | None, blame: bool) -> None:
    """One number of a small network, where it is known."""
    pen = pens[f"number-{field}"]
    pen.toggle("unused", x is None)
    if x is not None:
        pen.sign(x)
        pen.text = signed(x) if blame else number(x)


def arrow(seen: Seen, place: Place, cubic: Cubic) -> Arrow | None:
    """The direction of the blame of a connection without any motion; None where there is none."""
    of = shown(seen, "sent", place[0])
    value = 0.0 if of is None else float(of[place[1] - 1, place[2] - 1])
    if value == 0 or not math.isfinite(value):
        return None
    return Arrow(*place, value, _arrowhead(cubic, max(4.0, pulse_radius(value) * 0.7)))


def _arrowhead(cubic: Cubic, radius: float) -> str:
    x, y = along(cubic, POINTS)
    (x0, y0), (x1, y1) = along(cubic, POINTS + NEAR), along(cubic, POINTS - NEAR)
    angle = math.atan2(y1 - y0, x1 - x0)
    across, up = math.cos(angle), math.sin(angle)
    corners = ((-0.7, -0.8), (1.0, 0.0), (-0.7, 0.8))
    points = (
        f"{coordinate(x + radius * (a * across - b * up))} {coordinate(y + radius * (a * up + b * across))}"
        for a, b in corners
    )
    return f"M{'L'.join(points)}Z"
