"""From a number to what is seen of it: twin of static/js/picture/scales.js, held equal by tests/cases/scales.json.

The scales are constants of the product, so that pictures can be compared across steps, sessions and screens.
"""

from __future__ import annotations

import math

from app.streaming.frames import SCALES
from app.web.picture.text import fixed, shortest

WEIGHT_FULL = SCALES["weight_full"]
SENT_LOW, SENT_HIGH = SCALES["sent_low"], SCALES["sent_high"]
SUM_FULL = SCALES["sum_full"]
LARGE_WEIGHT = 0.36
"""In a large network lines are so much thinner, or 300 of them would hide each other."""
IMAGE_FULL = 8.0
"""A weight image's full strength, over the root of the number of inputs: 1 for 8 × 8 pixels."""
SMALLEST_RADIUS, RADII = 4.0, 9.0  # px
TINT_FULL = {"a": 1.0, "z": 3.0, "sigma_prime": 1.0, "b": 3.0}
"""The value at which a tint is full; blame has a scale of its own."""
THINNEST_RIM, RIM = 0.75, 4.0  # px
RIM_PART = 0.18
"""A rim is at most this part of its neuron's side."""
WIDTH_STEP = 0.05
"""Widths change in steps of so many px."""


def clamp(x: float, low: float, high: float) -> float:
    """x, or the nearer end; NaN stays what it is."""
    return x if math.isnan(x) else min(max(x, low), high)


def weight_width(w: float, large: bool = False) -> float:
    """Width of a connection that shows its weight, px."""
    return (0.75 + 6.25 * clamp(abs(w) / WEIGHT_FULL, 0, 1)) * (LARGE_WEIGHT if large else 1)


def image_full(inputs: int) -> float:
    """The weight that is at full strength in the image of a neuron's weights: those of many inputs are smaller."""
    return IMAGE_FULL / math.sqrt(inputs)


def pulse_radius(s: float) -> float:
    """Radius of a pulse, px: logarithmic from 0.001 to 1; nothing for exactly nothing."""
    if s == 0 or math.isnan(s):
        return 0.0
    share = (math.log10(abs(s)) - math.log10(SENT_LOW)) / math.log10(SENT_HIGH / SENT_LOW)
    return SMALLEST_RADIUS + RADII * clamp(share, 0, 1)


def blame_width(s: float, large: bool = False) -> float:
    """Width of the line of a pulse, px."""
    radius = pulse_radius(s)
    return max(0.7, 0.34 * radius - 1) if large else max(1.5, 0.42 * radius)


def sum_position(total: float) -> float:
    """Where a running sum stands on the waterfall, −1 to 1 (linear, clipped)."""
    return clamp(total / SUM_FULL, -1, 1)


def strength(x: float, kind: str) -> float:
    """How strongly a number of a neuron (`a`, `z`, `sigma_prime`, `delta`, `b`) is tinted, 0 to 1."""
    if not math.isfinite(x):
        return 0.0
    if kind == "delta":
        return 0.0 if x == 0 else max(0.08, (pulse_radius(x) - SMALLEST_RADIUS) / RADII)
    return 0.92 * clamp(abs(x) / TINT_FULL[kind], 0, 1)


def rim_width(s: float, side: float) -> float:
    """Width of the rim of blame about a small neuron with this side, px; for what is not 0."""
    return THINNEST_RIM + (min(RIM, RIM_PART * side) - THINNEST_RIM) * (pulse_radius(s) - SMALLEST_RADIUS) / RADII


def quantised(x: float, step: float) -> float:
    """A value rounded to the step in which the picture changes; half a step goes up."""
    return math.floor(x / step + 0.5) * step


def stroke_width(width: float) -> str:
    """A width as it is written, px."""
    return shortest(float(fixed(quantised(width, WIDTH_STEP), 2))) + "px"
