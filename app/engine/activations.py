"""Activation functions sigma(z), each beside its slope sigma'(z).

A rule is written once, as calls into an array that is already there: ``value`` and ``slope`` run them at once, the
kernel strings them together into its program.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Call = tuple[Callable[..., Any], tuple[Any, ...]]

ONE = np.array(1.0)  # an array of no dimensions: a Python number is converted at each call, which takes as long again
ONE.flags.writeable = False
LEAK = 0.01
GELU_SCALE = math.sqrt(2 / math.pi)
GELU_CUBE = 0.044715


def run(calls: list[Call]) -> None:
    """Runs calls in order."""
    for function, arguments in calls:
        function(*arguments)


@dataclass(frozen=True)
class Activation:
    """One activation function.

    Attributes
    ----------
    value_calls
        (z, out): calls that leave sigma(z) in ``out``, which is not z.
    slope_calls
        (z, a, out): calls that leave sigma'(z) in ``out``; None for softmax, whose outputs depend on every z.
    low, high
        The outputs lie strictly between (in exact arithmetic).
    kinked
        Whether the slope jumps at z = 0.
    square_from
        "one" where the slope is 1 - a², "a" where it is a - a²: both are 0 at a = 1.
    """

    name: str
    description: str
    value_calls: Callable[[Floats, Floats], list[Call]]
    slope_calls: Callable[[Floats, Floats, Floats], list[Call]] | None
    low: float = -math.inf
    high: float = math.inf
    kinked: bool = False
    square_from: Literal["one", "a"] | None = None

    def value(self, z: Floats) -> Floats:
        """sigma(z), same shape; columns are examples."""
        out = np.empty_like(z)
        with np.errstate(all="ignore"):
            run(self.value_calls(z, out))
        return out

    def slope(self, z: Floats, a: Floats) -> Floats:
        """sigma'(z), same shape. Raises TypeError for softmax, which has a full Jacobian instead."""
        if self.slope_calls is None:
            raise TypeError("softmax has no elementwise slope: use softmax_jacobian_times")
        out = np.empty_like(z)
        with np.errstate(all="ignore"):
            run(self.slope_calls(z, a, out))
        return out


def _sigmoid(z: Floats, out: Floats) -> list[Call]:
    between = np.empty_like(out)  # in place, arrays of one number take numpy four times as long
    return [
        (np.negative, (z, between)),
        (np.exp, (between, out)),
        (np.add, (out, ONE, between)),
        (np.reciprocal, (between, out)),
    ]


def _softplus_slope(z: Floats, a: Floats, out: Floats) -> list[Call]:
    return _sigmoid(z, out)


def _relu_slope(z: Floats, out: Floats) -> None:
    np.greater(z, 0, out)


def _leaky(z: Floats, out: Floats) -> None:
    np.multiply(z, LEAK, out)
    np.maximum(z, out, out=out)


def _leaky_slope(z: Floats, out: Floats) -> None:
    out[...] = np.where(z > 0, 1.0, LEAK)


def _elu(z: Floats, out: Floats) -> None:
    np.expm1(np.minimum(z, 0.0), out)
    np.add(out, np.maximum(z, 0.0), out)


def _elu_slope(z: Floats, out: Floats) -> None:
    np.exp(np.minimum(z, 0.0), out)


def _gelu(z: Floats, out: Floats) -> None:
    near = np.clip(z, -30.0, 30.0)  # beyond, the tanh is +-1 to the last bit, and z cubed may overflow
    np.tanh(GELU_SCALE * (near + GELU_CUBE * near**3), out)
    np.multiply(0.5 * z, 1.0 + out, out)


def _gelu_slope(z: Floats, out: Floats) -> None:
    near = np.clip(z, -30.0, 30.0)
    t = np.tanh(GELU_SCALE * (near + GELU_CUBE * near**3))
    out[...] = 0.5 * (1.0 + t) + 0.5 * near * (1.0 - t * t) * GELU_SCALE * (1.0 + 3.0 * GELU_CUBE * near * near)


def _softmax(z: Floats, out: Floats) -> None:
    np.subtract(z, z.max(axis=0), out)
    np.exp(out, out)
    np.divide(out, out.sum(axis=0), out)


def softmax_jacobian_times(a: Floats, v: Floats) -> Floats:
    """The whole Jacobian of softmax times v, for each column: J v = a * (v - sum(a * v)); J is symmetric.

    ``a`` are the outputs, (n_L, m); ``v`` has the same shape.
    """
    product: Floats = a * (v - (a * v).sum(axis=0))
    return product


ACTIVATIONS: dict[str, Activation] = {
    activation.name: activation
    for activation in (
        Activation(
            "linear",
            "a = z: no bend at all.",
            lambda z, out: [(np.copyto, (out, z))],
            lambda z, a, out: [(out.fill, (1.0,))],
        ),
        Activation(
            "sigmoid",
            "a = 1 / (1 + e^-z), between 0 and 1; its slope is at most 1/4.",
            _sigmoid,
            lambda z, a, out: [(np.multiply, (a, a, out)), (np.subtract, (a, out, out))],
            low=0.0,
            high=1.0,
            square_from="a",
        ),
        Activation(
            "tanh",
            "a = tanh z, between -1 and 1; its slope is at most 1.",
            lambda z, out: [(np.tanh, (z, out))],
            lambda z, a, out: [(np.multiply, (a, a, out)), (np.subtract, (ONE, out, out))],
            low=-1.0,
            high=1.0,
            square_from="one",
        ),
        Activation(
            "relu",
            "a = max(0, z); its slope is 1 above 0, else 0.",
            lambda z, out: [(partial(np.maximum, z, 0.0, out=out), ())],
            lambda z, a, out: [(_relu_slope, (z, out))],
            kinked=True,
        ),
        Activation(
            "leaky_relu",
            "a = z above 0, else 0.01 z: never quite dead.",
            lambda z, out: [(_leaky, (z, out))],
            lambda z, a, out: [(_leaky_slope, (z, out))],
            kinked=True,
        ),
        Activation(
            "elu",
            "a = z above 0, else e^z - 1.",
            lambda z, out: [(_elu, (z, out))],
            lambda z, a, out: [(_elu_slope, (z, out))],
            low=-1.0,
        ),
        Activation(
            "gelu",
            "a = z times the normal distribution function of z, in its tanh form.",
            lambda z, out: [(_gelu, (z, out))],
            lambda z, a, out: [(_gelu_slope, (z, out))],
        ),
        Activation(
            "softplus",
            "a = ln(1 + e^z): a smooth relu.",
            lambda z, out: [(np.logaddexp, (z, 0.0, out))],
            _softplus_slope,
            low=0.0,
        ),
        Activation(
            "softmax",
            "a_j = e^z_j / sum of all e^z: outputs that add up to 1. Last layer only.",
            lambda z, out: [(_softmax, (z, out))],
            None,
            low=0.0,
            high=1.0,
        ),
    )
}
