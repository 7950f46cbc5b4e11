"""A neuron's number as a line of text: a symbol and three digits."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from app.web.picture.pens import Pen
from app.web.picture.text import number, signed

Numbers = Mapping[str, float | None]
"""Of one neuron, by name; None: not known yet."""

SYMBOLS = {"a": "a", "z": "z", "sigma_prime": "σ′", "delta": "δ", "b": "b"}


def value_of(numbers: Numbers, kind: str) -> float | None:
    """The number that is shown; of a bias the new one, once there is one."""
    return numbers["b_after"] if kind == "b" and numbers["b_after"] is not None else numbers[kind]


def write_value(pen: Pen, kind: str, x: float | None, bare: bool = False) -> None:
    """Writes it, and colours blame; ``bare``: without the symbol."""
    if x is None:
        return
    if kind == "delta":
        pen.toggle("blame", True)
        pen.sign(x)
    written = signed(x) if kind == "delta" else number(x)
    pen.text = written if bare else Markup('<tspan class="letter">{}</tspan> {}').format(SYMBOLS[kind], written)
