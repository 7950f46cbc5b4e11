"""The neurons of a still picture: the twin of static/js/picture/neurons.js."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.web.picture.connections import write_number
from app.web.picture.outputs import Ends, draw_output
from app.web.picture.pens import Pen, Pens
from app.web.picture.phases import GOES_BACK
from app.web.picture.quantities import Seen
from app.web.picture.scales import clamp, rim_width, strength
from app.web.picture.sums import at_gate, draw_doors, draw_sum
from app.web.picture.text import attribute, fixed, number
from app.web.picture.values import SYMBOLS, Numbers, value_of, write_value
from app.web.scene.paths import number as coordinate
from app.web.scene.scene import DrawnNeuron
from app.web.texts import t

HUGE = 1e6
"""Beyond it a number is called huge instead of coloured."""


@dataclass(frozen=True)
class Look:
    """What neurons show.

    Attributes
    ----------
    kind
        `a`, `z`, `sigma_prime`, `delta` or `b`.
    ends
        Of the bars of outputs.
    every_number
        Whether all numbers are written.
    """

    kind: str
    ends: Ends
    every_number: bool


def draw_neuron(n: DrawnNeuron, seen: Seen, look: Look, mapped: bool) -> Pens:
    """All parts of a neuron; ``mapped``: whether its map, or the image of its weights, is there."""
    pens, numbers = Pens(), seen.neuron(n.at.layer, n.at.j)
    _write(pens["group"], numbers)
    _tint(pens, n, numbers, look.kind, mapped)
    if n.kind == "input":
        pens["input"].text = "" if numbers["a"] is None else number(numbers["a"])
    elif n.kind == "hidden":
        _hidden(pens, n, seen, numbers, look.kind)
    else:
        draw_output(pens, n, seen, numbers, look.kind, look.ends)
    if look.every_number:
        _every_number(pens, numbers)
    return pens


def _write(group: Pen, numbers: Numbers) -> None:
    for name, x in numbers.items():
        group.set(f"data-{name.replace('_', '-')}", None if x is None else attribute(x))
    broken = any(x is not None and not math.isfinite(x) for x in numbers.values())
    group.toggle("not-finite", broken)
    group.toggle("huge", not broken and abs(numbers["a"] or 0) > HUGE)
    group.toggle("reached", numbers["a"] is not None)


def _tint(pens: Pens, n: DrawnNeuron, numbers: Numbers, kind: str, mapped: bool) -> None:
    """The tint of a neuron, and the ink of a pixel; in grids a tint stands in for the map where that is not shown."""
    if n.at.style == "pixels":
        pens["face"].style("fill-opacity", fixed(clamp(numbers["a"] or 0, 0, 1), 2))
        return
    x = numbers["a"] if n.kind == "input" else value_of(numbers, kind)
    on_view = mapped and (kind == "a" or x is None or n.at.style != "cells")
    if mapped and not on_view:
        pens["map"].style("opacity", "0")
    pen = pens["tint"]
    pen.toggle("unused", x is None or on_view)
    if x is not None and not on_view:
        pen.sign(x)
        pen.set("fill-opacity", fixed(strength(x, "a" if n.kind == "input" else kind), 2))


def _hidden(pens: Pens, n: DrawnNeuron, seen: Seen, numbers: Numbers, kind: str) -> None:
    back, gated = seen.phase[0] in GOES_BACK, at_gate(seen, n.at.layer)
    received, delta = numbers["received"], numbers["delta"]
    if gated:
        draw_doors(pens, n.at, numbers["sigma_prime"])
    _halo(pens["halo"], float(coordinate(n.at.size)), (received if delta is None else delta) if back else None)
    here = seen.phase == ("send_back", n.at.layer) or gated
    if n.sum and here and received is not None:
        draw_sum(pens, n, seen, numbers)
    # On the way back a neuron shows what it has got: first what it is sent, then its delta.
    if back and received is not None and delta is None and not n.sum:
        write_value(pens["value"], "delta", received, bare=True)
    elif back and delta is not None:
        write_value(pens["value"], "delta", delta)
    else:
        write_value(pens["value"], kind, value_of(numbers, kind))


def _halo(pen: Pen, side: float, x: float | None) -> None:
    """Blame as a rim, where there is no room for a sum."""
    if x is None or not math.isfinite(x) or x == 0:
        return
    pen.toggle("unused", False)
    pen.sign(x)
    pen.style("stroke-width", f"{fixed(rim_width(x, side), 2)}px")


def _every_number(pens: Pens, numbers: Numbers) -> None:
    for field in ("z", "a", "delta", "received", "sigma_prime"):
        write_number(pens, field, numbers[field], blame=field in ("delta", "received"))
    write_number(pens, "b", value_of(numbers, "b"), blame=False)
    if numbers["b_after"] is not None:
        pens["number-b"].name = t("number-new", symbol=SYMBOLS["b"])
