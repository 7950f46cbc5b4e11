"""An output neuron of a still picture beside its target: the twin of static/js/picture/outputs.js."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.web.picture.pens import Pen, Pens
from app.web.picture.phases import GOES_BACK
from app.web.picture.quantities import Seen
from app.web.picture.scales import clamp
from app.web.picture.text import fixed, short
from app.web.picture.values import Numbers, value_of, write_value
from app.web.scene.paths import number as coordinate
from app.web.scene.scene import DrawnNeuron

Ends = Mapping[str, float]
"""What the bar of an output reaches from, `low`, and to, `high`."""


def draw_output(pens: Pens, n: DrawnNeuron, seen: Seen, numbers: Numbers, kind: str, ends: Ends) -> None:
    """Activation, delta, target, and the bar with the gap between the two, of which delta is made."""
    delta, y = numbers["delta"], float(seen.target[n.at.j - 1])
    pens["group"].toggle("right", len(seen.target) > 1 and seen.label == n.at.j - 1)
    shown = "a" if kind == "delta" else kind
    write_value(pens["activation"], shown, value_of(numbers, shown))
    write_value(pens["delta"], "delta", delta, bare=n.at.style == "rows")
    if delta is None:
        write_value(pens["value"], "a", numbers["a"], bare=True)
    else:
        write_value(pens["value"], "delta", delta, bare=True)
    pens["target"].text = short(y)
    _bar(pens, n, numbers, y, ends, seen.phase[0] in GOES_BACK)


def _bar(pens: Pens, n: DrawnNeuron, numbers: Numbers, y: float, ends: Ends, back: bool) -> None:
    low, high = ends["low"], ends["high"]
    left = float(coordinate(n.bar_x))

    def place(x: float) -> float:
        return left + n.track * clamp((x - low) / (high - low), 0, 1)

    pens["target"].toggle("unused", False)
    pens["target"].set("x", fixed(place(y) - 1, 1))
    a, delta = numbers["a"], numbers["delta"]
    if a is None or not math.isfinite(a):
        return
    pens["bar"].sign(a)
    _stretch(pens["bar"], place(clamp(0, low, high)), place(a))
    if back and delta:
        pens["gap"].sign(delta)
        _stretch(pens["gap"], place(y), place(a))


def _stretch(bar: Pen, start: float, end: float) -> None:
    bar.toggle("unused", False)
    bar.set("x", fixed(min(start, end), 1))
    bar.set("width", fixed(abs(end - start), 1))
