"""Cost functions of one example, their derivatives, and the output error (BP1), stable at the extremes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS, Floats, softmax_jacobian_times


@dataclass(frozen=True)
class Cost:
    """A cost function; arrays are (n_L, m), columns are examples.

    Attributes
    ----------
    per_example
        (activation, z, a, y): the cost of each example, (m,), computed from z where a would round to 0 or 1.
    derivative
        (a, y): dC_x/da^L; infinite where it overflows.
    """

    name: str
    description: str
    per_example: Callable[[str, Floats, Floats, Floats], Floats]
    derivative: Callable[[Floats, Floats], Floats]

    def costs(self, activation: str, z: Floats, a: Floats, y: Floats) -> Floats:
        """The cost of each example, (m,), without warnings."""
        with np.errstate(all="ignore"):
            return self.per_example(activation, z, a, y)

    def slope(self, a: Floats, y: Floats) -> Floats:
        """dC_x/da^L, (n_L, m), without warnings."""
        with np.errstate(all="ignore"):
            return self.derivative(a, y)


def _quadratic(activation: str, z: Floats, a: Floats, y: Floats) -> Floats:
    costs: Floats = 0.5 * ((a - y) ** 2).sum(axis=0)
    return costs


def _cross_entropy(activation: str, z: Floats, a: Floats, y: Floats) -> Floats:
    if activation == "softmax":
        log_a, log_rest = log_softmax(z), log_softmax_rest(z)
        terms = np.where(y == 0, 0.0, y * log_a) + np.where(y == 1, 0.0, (1 - y) * log_rest)
    else:  # sigmoid: ln a = -softplus(-z), ln(1 - a) = -softplus(z)
        terms = -np.logaddexp(0.0, z) + y * z
    costs: Floats = -terms.sum(axis=0)
    return costs


def _log_likelihood(activation: str, z: Floats, a: Floats, y: Floats) -> Floats:
    costs: Floats = -np.where(y == 0, 0.0, y * log_softmax(z)).sum(axis=0)
    return costs


def log_softmax(z: Floats) -> Floats:
    """ln of softmax, (n_L, m), without overflow."""
    shifted = z - z.max(axis=0)
    logs: Floats = shifted - np.log(np.exp(shifted).sum(axis=0))
    return logs


def log_softmax_rest(z: Floats) -> Floats:
    """ln(1 - softmax), (n_L, m), without cancellation: of the largest output, ln of what the others add up to."""
    largest, others = _without_largest(z)
    rest: Floats = np.log1p(-ACTIVATIONS["softmax"].value(z))
    return np.where(largest, np.logaddexp.reduce(others, axis=0) - np.logaddexp.reduce(z, axis=0), rest)


def _without_largest(z: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """Where the largest z of each column is, and z with minus infinity in its place."""
    largest = np.arange(len(z))[:, None] == z.argmax(axis=0)
    return largest, np.where(largest, -np.inf, z)


COSTS: dict[str, Cost] = {
    cost.name: cost
    for cost in (
        Cost("quadratic", "½ Σ (a − y)²: half the squared distance to the target.", _quadratic, lambda a, y: a - y),
        Cost(
            "cross_entropy",
            "−Σ [y ln a + (1 − y) ln(1 − a)]: for outputs between 0 and 1. With sigmoid, delta is a − y.",
            _cross_entropy,
            lambda a, y: (a - y) / (a * (1 - a)),
        ),
        Cost(
            "log_likelihood",
            "−ln of the softmax output of the right class. Delta is a − y.",
            _log_likelihood,
            lambda a, y: np.where(y == 0, 0.0, -y / a),
        ),
    )
}


def output_error(cost: str, activation: str, z: Floats, a: Floats, y: Floats) -> Floats:
    """BP1: delta^L = dC_x/dz^L, (n_L, m), finite even where dC/da overflows. Source: Nielsen, ch. 2 and 3."""
    with np.errstate(all="ignore"):
        if (activation, cost) in (("sigmoid", "cross_entropy"), ("softmax", "log_likelihood")):
            # (a - y) times what the targets add up to, which is 1 for classes
            simple: Floats = a - y if activation == "sigmoid" else a * y.sum(axis=0) - y
            return simple
        if activation == "softmax" and cost == "cross_entropy":
            return _softmax_cross_entropy_error(z, a, y)
        if activation == "softmax":
            return softmax_jacobian_times(a, COSTS[cost].derivative(a, y))
        delta: Floats = COSTS[cost].derivative(a, y) * ACTIVATIONS[activation].slope(z, a)
        return delta


def _softmax_cross_entropy_error(z: Floats, a: Floats, y: Floats) -> Floats:
    """The full Jacobian times dC/da, rearranged so that nothing overflows or cancels as an output nears 1.

    d ln(1 - a_j) / dz_i is -a_j for i = j, else a_j q_i, where q = a_i / (1 - a_j) is the softmax without j. Only the
    largest a_j may come near 1; for the others 1 - a_j is harmless.
    """
    largest, others = _without_largest(z)
    charge = np.where(largest, 0.0, (1 - y) * a / (1 - a))
    top = np.where(largest, (1 - y) * a, 0.0).sum(axis=0)
    harmless = a * (y.sum(axis=0) + 1 - y) - y - a * (charge.sum(axis=0) - charge)
    delta: Floats = harmless - top * ACTIVATIONS["softmax"].value(others)
    return delta
