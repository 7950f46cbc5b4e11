"""One number of a trace, nudged: what the cost does, beside what backpropagation said it would."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.engine.activations import Floats
from app.engine.central_difference import Nudgeable, Slope, allowed, gentle
from app.engine.gradient_check import nudgeable
from app.engine.network import Architecture, Parameters
from app.engine.trace import ExampleTrace, StepTrace

What = Literal["weight", "bias", "activation"]
SENSIBLE = (1e-7, 1e-4)
"""Nudges between these find a slope to many digits: larger ones bend, smaller ones drown in rounding."""


@dataclass(frozen=True)
class Number:
    """A weight w^layer_jk, a bias b^layer_j or an activation a^layer_j; all count from 1, ``k`` is 0 without one."""

    what: What
    layer: int
    j: int
    k: int = 0

    @property
    def place(self) -> int:
        """Among the layers from 2 on."""
        return self.layer - 2

    def value(self, parameters: Parameters, example: ExampleTrace) -> float:
        """What it is before the step."""
        if self.what == "weight":
            return float(parameters.weights[self.place][self.j - 1, self.k - 1])
        if self.what == "bias":
            return float(parameters.biases[self.place][self.j - 1])
        return float(example.layers[self.layer - 1].a[self.j - 1])

    def sizes(self, below: Floats) -> Floats:
        """By how much z_j moves with it, (m,): a_k of the layer below, (n, m), or 1."""
        return below[self.k - 1] if self.what == "weight" else np.ones(below.shape[1])


@dataclass(frozen=True)
class Comparison:
    """What the trace says beside what nudging found; ``cost`` before, and with the number moved up and down.

    ``agrees`` is None where nothing can be said; ``reason`` says why, or why the two differ.
    """

    cost: tuple[float, float, float]
    analytic: float
    measured: float
    agrees: bool | None
    reason: str | None
    message: str | None

    @property
    def error(self) -> float:
        """How far they are apart."""
        return abs(self.analytic - self.measured)

    @property
    def allowed(self) -> float:
        """How far they may be apart."""
        return _allowed(self.analytic, self.measured, self.cost[0])


@dataclass(frozen=True)
class Nudge:
    """A number moved up and down by ``by``.

    ``moved`` are layers with their z before, up and down, (n_l,) each: that of a weight or bias, and the one above.
    """

    value: float
    by: float
    moved: list[tuple[int, tuple[Floats, Floats, Floats]]]
    example: Comparison
    batch: Comparison | None


def nudge(
    architecture: Architecture,
    parameters: Parameters,
    trace: StepTrace,
    example: ExampleTrace,
    number: Number,
    feedback: str,
    by: float,
) -> Nudge:
    """Moves the number by ``by`` both ways, for one example and, unless it is an activation, for the mini-batch.

    ``parameters`` are those before the step. The nudge is smaller where z would move by more than that, or where an
    output is near the end of a logarithm. The two agree as in a gradient check.
    """
    with np.errstate(all="ignore"):
        one, several = nudgeable(architecture, parameters, example), _batch(architecture, parameters, trace)
        by = _gentle(one, several, number, by)
        slope, value = _slope(one, number, by), number.value(parameters, example)
        judge = _Judge(number, feedback, by, len(architecture.layers))
        compared = judge.compare(slope, _analytic(example, number), example.cost)
        mean = None
        if number.what != "activation":
            mean = judge.compare(_slope(several, number, by), _mean(trace, number), float(trace.costs.mean()))
    return Nudge(value, by, _moved(example, number, slope), compared, mean)


def _batch(architecture: Architecture, parameters: Parameters, trace: StepTrace) -> Nudgeable:
    zs = [layer.z for layer in trace.layers if layer.z is not None]
    return Nudgeable(architecture, parameters, trace.y, zs, [layer.a for layer in trace.layers])


def _gentle(one: Nudgeable, several: Nudgeable, number: Number, by: float) -> float:
    """The nudge that is made, the same for the example and for all of the mini-batch."""
    if number.what == "activation":
        return by * float(one.room(number.place, np.array([number.j - 1]))[0])
    sizes = [number.sizes(group.activations[number.place]) for group in (one, several)]
    return float(min(gentle(by, size).min() for size in sizes))


def _slope(group: Nudgeable, number: Number, by: float) -> Slope:
    below = group.activations[max(0, number.place)]
    j, nudges = np.full(below.shape[1], number.j - 1), np.full(below.shape[1], by)
    if number.what == "activation":
        return group.activation_slopes(number.place, j, nudges)
    return group.slopes(number.place, j, number.sizes(below), nudges)


def _analytic(example: ExampleTrace, number: Number) -> float:
    """What the trace says of the example. For an input that is the sum of what layer 2 sends it."""
    layer = example.layers[number.layer - 1]
    if number.what == "weight":
        assert layer.charged is not None
        return float(layer.charged[number.j - 1, number.k - 1])
    if number.layer == 1:
        sent = example.layers[1].sent
        assert sent is not None
        return float(sent[:, number.j - 1].sum())
    found = layer.delta if number.what == "bias" else layer.received
    assert found is not None
    return float(found[number.j - 1])


def _mean(trace: StepTrace, number: Number) -> float:
    """What the trace says of the mini-batch."""
    layer = trace.layers[number.layer - 1]
    assert layer.nabla_w is not None
    assert layer.nabla_b is not None
    return float(layer.nabla_w[number.j - 1, number.k - 1] if number.what == "weight" else layer.nabla_b[number.j - 1])


def _moved(example: ExampleTrace, number: Number, slope: Slope) -> list[tuple[int, tuple[Floats, Floats, Floats]]]:
    """The z of the layers that move first: at most two, the number's own (not an activation's) and the next."""
    first = number.layer + 1 if number.what == "activation" else number.layer
    moved = []
    for layer, up, down in zip(example.layers[first - 1 : number.layer + 1], slope.up.zs, slope.down.zs, strict=False):
        assert layer.z is not None
        moved.append((layer.layer, (layer.z, up[:, 0], down[:, 0])))
    return moved


def _allowed(analytic: float, measured: float, cost: float) -> float:
    return float(allowed(np.array(analytic), np.array(measured), cost))


@dataclass(frozen=True)
class _Judge:
    """Says whether two derivatives agree, and why not."""

    number: Number
    feedback: str
    by: float
    last: int

    def compare(self, slope: Slope, analytic: float, cost: float) -> Comparison:
        """The mean over the columns of a slope beside what the trace says."""
        costs = (cost, float(slope.up.costs.mean()), float(slope.down.costs.mean()))
        measured = float(slope.values.mean())
        agrees, reason, message = self._verdict(slope, analytic, measured, cost)
        return Comparison(costs, analytic, measured, agrees, reason, message)

    def _verdict(
        self, slope: Slope, analytic: float, measured: float, cost: float
    ) -> tuple[bool | None, str | None, str | None]:
        spoilt = int((slope.spoilt > 0).sum())
        if spoilt and self.number.what == "activation" and self.number.layer == self.last:
            return None, "coarse", "This output is so near to 1 that a nudge is lost in its last digits."
        if spoilt:
            where = f" in {spoilt:,} of {len(slope.spoilt):,} examples" if len(slope.spoilt) > 1 else ""
            return (
                None,
                "kink",
                f"The nudge crosses a kink of the activation{where}: there is no slope to compare with.",
            )
        if not (math.isfinite(analytic) and math.isfinite(measured)):
            return (
                None,
                "not_finite",
                "There is no finite slope here: numbers are too large, or an output is exactly 0 or 1.",
            )
        if abs(analytic - measured) <= _allowed(analytic, measured, cost):
            return True, None, None
        return (False, *self._why())

    def _why(self) -> tuple[str, str]:
        if self.feedback != "transpose" and self.number.layer < self.last:
            return "feedback", (
                f"Differs by design: the error was sent back by {self.feedback}, which is not the transpose, so that "
                "this is not the slope of the cost."
            )
        if not SENSIBLE[0] <= self.by <= SENSIBLE[1]:
            size = "large: the cost bends on the way" if self.by > SENSIBLE[1] else "small: it drowns in rounding"
            return "nudge", f"A nudge of {self.by:g} is too {size}. With 1e-5 the slope is found to many digits."
        return "differs", "Nudging gives another number."
