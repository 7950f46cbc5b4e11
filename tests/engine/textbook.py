"""The network once more, from the formulas of a textbook and by `autograd`: nothing here comes from the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import autograd
import autograd.numpy as np
import numpy
from numpy.typing import NDArray

Floats = NDArray[numpy.float64]
Lists = list[Floats]


def softmax(z: Any) -> Any:
    powers = np.exp(z)
    return powers / np.sum(powers, axis=0)


def gelu(z: Any) -> Any:
    return z / 2 * (1 + np.tanh((2 / np.pi) ** 0.5 * (z + 0.044715 * z**3)))


SIGMA: dict[str, Callable[[Any], Any]] = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.exp(np.where(z > 0, 0.0, z)) - 1),
    "gelu": gelu,
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "softmax": softmax,
}

COST: dict[str, Callable[[Any, Any], Any]] = {
    "quadratic": lambda a, y: np.sum((a - y) ** 2, axis=0) / 2,
    "cross_entropy": lambda a, y: -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a), axis=0),
    "log_likelihood": lambda a, y: -np.log(np.sum(a * y, axis=0)),
}


@dataclass(frozen=True)
class Net:
    """What does not change: activations from layer 2, cost, and examples as columns."""

    activations: Sequence[str]
    cost: str
    x: Floats
    y: Floats

    def costs(self, weights: Any, biases: Any, nudge_z: Any = None, nudge_a: Any = None) -> Any:
        """Cost of each example, (m,); ``nudge_z`` and ``nudge_a`` are added to z and a of each layer from 2 on."""
        a: Any = self.x
        for place, (w, b) in enumerate(zip(weights, biases, strict=True)):
            z = np.dot(w, a) + np.reshape(b, (-1, 1))
            z = z if nudge_z is None else z + nudge_z[place]
            a = SIGMA[self.activations[place]](z)
            a = a if nudge_a is None else a + nudge_a[place]
        return COST[self.cost](a, self.y)

    def mean_cost(self, weights: Any, biases: Any) -> Any:
        return np.mean(self.costs(weights, biases))

    def zs(self, weights: Lists, biases: Lists) -> Lists:
        """z of each layer from 2 on."""
        a, found = self.x, []
        for w, b, name in zip(weights, biases, self.activations, strict=True):
            found.append(w @ a + b[:, None])
            a = SIGMA[name](found[-1])
        return found

    def gradient(self, weights: Lists, biases: Lists) -> tuple[Lists, Lists]:
        """nabla_w and nabla_b of the mean cost, by automatic differentiation."""
        nabla_w, nabla_b = autograd.grad(lambda p: self.mean_cost(*p))((list(weights), list(biases)))
        return nabla_w, nabla_b

    def errors(self, weights: Lists, biases: Lists) -> tuple[Lists, Lists]:
        """dC_x/da and dC_x/dz of each layer from 2 on, (n_l, m), by automatic differentiation."""
        still = [numpy.zeros((len(w), self.x.shape[1])) for w in weights]
        received = autograd.grad(lambda a: np.sum(self.costs(weights, biases, nudge_a=a)))(still)
        delta = autograd.grad(lambda z: np.sum(self.costs(weights, biases, nudge_z=z)))(still)
        return received, delta

    def numeric_gradient(self, weights: Lists, biases: Lists, epsilon: float = 1e-5) -> tuple[Lists, Lists]:
        """The same as ``gradient`` by central differences, one parameter after the other."""
        parameters = [*(w.copy() for w in weights), *(b.copy() for b in biases)]
        found = [numpy.zeros_like(array) for array in parameters]
        for array, slopes in zip(parameters, found, strict=True):
            for at in numpy.ndindex(array.shape):
                kept, sides = array[at], []
                for sign in (1, -1):
                    array[at] = kept + sign * epsilon
                    sides.append(self.mean_cost(parameters[: len(weights)], parameters[len(weights) :]))
                array[at] = kept
                slopes[at] = (sides[0] - sides[1]) / (2 * epsilon)
        return found[: len(weights)], found[len(weights) :]


def penalty_gradient(name: str, factor: float, w: Floats) -> Floats:
    """Of λ/n Σ|w| or λ/(2n) Σ w², factor = λ/n."""
    return {"none": numpy.zeros_like(w), "l1": factor * numpy.sign(w), "l2": factor * w}[name]
