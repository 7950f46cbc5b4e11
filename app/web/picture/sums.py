"""The blame that a hidden neuron of a still picture was sent, and its gate: the twin of static/js/picture/sums.js."""

from __future__ import annotations

import math

from app.web.picture.pens import Pen, Pens
from app.web.picture.quantities import Seen
from app.web.picture.scales import clamp, sum_position
from app.web.picture.text import fixed, signed
from app.web.picture.values import SYMBOLS, Numbers
from app.web.scene.parts import Neuron
from app.web.scene.paths import number as coordinate
from app.web.scene.scene import DrawnNeuron, Sum

LEAST = 1.5
"""A bar of nothing at all is still to be seen, px."""


def at_gate(seen: Seen, layer: int) -> bool:
    """Whether the gates of a layer are on view; in a still picture the sum has passed them."""
    return seen.phase == ("gate", layer)


def draw_sum(pens: Pens, n: DrawnNeuron, seen: Seen, numbers: Numbers) -> None:
    """What each neuron above has sent, one after the other; at the gate, what of it has passed."""
    assert n.sum is not None
    pens["sum"].toggle("shown", True)
    for name in ("value", "caption"):  # the style sheet hides them, too, but in browsers only
        pens[name].toggle("unused", True)
    pens["sum"].toggle("at-gate", at_gate(seen, n.at.layer))
    if at_gate(seen, n.at.layer):
        _passed(pens, n.sum, numbers["received"] or 0.0, numbers["delta"] or 0.0)
    else:
        _arrived(pens, n, n.sum, seen, numbers["received"] or 0.0)


def _arrived(pens: Pens, n: DrawnNeuron, place: Sum, seen: Seen, received: float) -> None:
    if place.terms == (0,):
        _bar(pens["term-all"], place, 0, received)
    else:
        sent = seen.per_connection("sent", n.at.layer + 1)
        total = 0.0
        for j, x in enumerate([] if sent is None else sent[:, n.at.j - 1].tolist(), start=1):
            _bar(pens[f"term-{j}"], place, total, total + x)
            total += x
    pens["sum-value"].text = signed(received)
    pens["sum-value"].sign(received)


def _passed(pens: Pens, place: Sum, received: float, delta: float) -> None:
    _bar(pens["whole"], place, 0, received)
    pens["whole"].toggle("coming", True)
    _bar(pens["passed"], place, 0, delta)
    pens["sum-value"].text = f"{SYMBOLS['delta']} {signed(delta)}"
    pens["sum-value"].sign(delta)


def _bar(pen: Pen, place: Sum, start: float, end: float) -> None:
    """A bar between two running sums."""
    zero, half = (float(coordinate(side)) for side in (place.x, place.half))
    pen.sign(end - start)
    x0, x1 = zero + half * sum_position(start), zero + half * sum_position(end)
    if math.isnan(x0 + x1):
        return
    pen.set("x", fixed(min(x0, x1), 1))
    pen.set("width", fixed(max(abs(x1 - x0), LEAST), 1))


def draw_doors(pens: Pens, at: Neuron, sigma_prime: float | None) -> None:
    """The two halves of the gate, as far open as sigma' says; softmax has no gate of its own."""
    if sigma_prime is None or not math.isfinite(sigma_prime):
        return
    share = clamp(abs(sigma_prime), 0, 1)
    top, height = (float(coordinate(side)) for side in (at.top, at.size))
    opened = 1 - (1 - share)
    leaf = height * (1 - opened) / 2
    pens["doors"].toggle("unused", False)
    pens["doors"].toggle("shut", opened == 0)
    pens["doors"].set("data-open", fixed(share, 3))
    pens["upper"].set("height", fixed(leaf, 1))
    pens["lower"].set("height", fixed(leaf, 1))
    pens["lower"].set("y", fixed(top + height - leaf, 1))
