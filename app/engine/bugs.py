"""Six broken backward passes, each with one well-known mistake, and what nudging says of the gradient they find."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.engine.activations import ACTIVATIONS, Floats
from app.engine.central_difference import Nudgeable
from app.engine.costs import COSTS, output_error
from app.engine.gradient_check import Tally
from app.engine.network import Architecture, Parameters, feedforward
from app.engine.trace import StepTrace

EPSILON = 1e-5
CHECKED = 400
"""Weights of one layer that are nudged, at most: of more, the first so many."""

Gradient = tuple[list[Floats], list[Floats]]


class Pass:
    """A backward pass over a mini-batch, in parts that a mistake may replace. Columns are examples."""

    def __init__(self, architecture: Architecture, before: Parameters, after: Parameters, x: Floats, y: Floats) -> None:
        self.architecture, self.before, self.after, self.y = architecture, before, after, y
        self.zs, self.a = feedforward(before, architecture.activations, x)
        self.m = x.shape[1]

    def weights(self, place: int) -> Floats:
        """What the error of layer ``place`` + 2 is sent back through, untransposed."""
        return self.before.weights[place]

    def slope(self, place: int) -> Floats:
        """sigma' of hidden layer ``place`` + 2."""
        return ACTIVATIONS[self.architecture.activations[place]].slope(self.zs[place], self.a[place + 1])

    def output(self) -> Floats:
        """BP1."""
        last = self.architecture.activations[-1]
        return output_error(self.architecture.cost, last, self.zs[-1], self.a[-1], self.y)

    def deltas(self) -> list[Floats]:
        """BP1 and BP2, from layer 2 to L."""
        found = [self.output()]
        for place in range(len(self.zs) - 2, -1, -1):
            found.insert(0, (self.weights(place + 1).T @ found[0]) * self.slope(place))
        return found

    def gradient(self) -> Gradient:
        """BP3 and BP4, means over the mini-batch."""
        deltas = self.deltas()
        return (
            [delta @ below.T / self.m for delta, below in zip(deltas, self.a, strict=False)],
            [delta.mean(axis=1) for delta in deltas],
        )


class _NoSlope(Pass):
    def slope(self, place: int) -> Floats:
        return np.ones_like(self.zs[place])


class _UpdatedWeights(Pass):
    def weights(self, place: int) -> Floats:
        return self.after.weights[place]


class _AveragedFirst(Pass):
    def gradient(self) -> Gradient:
        deltas = [delta.mean(axis=1, keepdims=True) for delta in self.deltas()]
        means = [a.mean(axis=1, keepdims=True) for a in self.a]
        return [d @ a.T for d, a in zip(deltas, means, strict=False)], [delta[:, 0] for delta in deltas]


class _TransposedGradient(Pass):
    def gradient(self) -> Gradient:
        nabla_w, nabla_b = super().gradient()
        return [nabla.T.reshape(nabla.shape) for nabla in nabla_w], nabla_b


class _SoftmaxElementwise(Pass):
    def output(self) -> Floats:
        a = self.a[-1]
        return COSTS[self.architecture.cost].slope(a, self.y) * a * (1 - a)


class _BiasForgotten(Pass):
    def gradient(self) -> Gradient:
        nabla_w, nabla_b = super().gradient()
        return nabla_w, [np.zeros_like(nabla) for nabla in nabla_b]


BUGS: dict[str, Callable[..., Pass]] = {
    "none": Pass,
    "no_slope": _NoSlope,
    "updated_weights": _UpdatedWeights,
    "averaged_first": _AveragedFirst,
    "transposed_gradient": _TransposedGradient,
    "softmax_elementwise": _SoftmaxElementwise,
    "bias_forgotten": _BiasForgotten,
}


def broken_check(architecture: Architecture, before: Parameters, trace: StepTrace, bug: str) -> list[dict[str, object]]:
    """The mini-batch's gradient as this pass finds it, beside central differences, layer by layer from 2.

    ``before`` are the parameters before the traced step. Raises KeyError for an unknown bug.
    """
    after = Parameters.from_arrays(
        architecture.layers,
        [layer.w_after for layer in trace.layers if layer.w_after is not None],
        [layer.b_after for layer in trace.layers if layer.b_after is not None],
    )
    with np.errstate(all="ignore"):
        nabla_w, nabla_b = BUGS[bug](architecture, before, after, trace.layers[0].a, trace.y).gradient()
        zs = [layer.z for layer in trace.layers if layer.z is not None]
        several = Nudgeable(architecture, before, trace.y, zs, [layer.a for layer in trace.layers])
        cost = float(trace.costs.mean())
        return [_layer(several, place, w, b, cost) for place, (w, b) in enumerate(zip(nabla_w, nabla_b, strict=True))]


def _layer(several: Nudgeable, place: int, w: Floats, b: Floats, cost: float) -> dict[str, object]:
    weights, biases = Tally(), Tally()
    for j in range(w.shape[0]):
        for k in range(w.shape[1]):
            if j * w.shape[1] + k < CHECKED:
                _note(weights, several, place, j, several.activations[place][k], w[j, k])
        _note(biases, several, place, j, np.ones(several.y.shape[1]), b[j])
    return {"layer": place + 2, "w": weights.result(cost), "b": biases.result(cost)}


def _note(tally: Tally, several: Nudgeable, place: int, j: int, sizes: Floats, analytic: float) -> None:
    """One number of the mini-batch's gradient: the mean over its examples of what nudging finds."""
    m = several.y.shape[1]
    slope = several.slopes(place, np.full(m, j), sizes, np.full(m, EPSILON))
    if slope.spoilt.any():
        tally.skipped += 1
        return
    tally.analytic.append(np.array([analytic]))
    tally.numeric.append(np.array([slope.values.mean()]))
