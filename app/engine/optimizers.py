"""How a gradient becomes new parameters: the rules of torch 2.x, on one flat vector."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Floats
from app.engine.errors import EngineError

Arrays = dict[str, Floats]
Range = tuple[Callable[[float], bool], str]

FROM_0: Range = (lambda value: 0 <= value < math.inf, "0 or more, and finite")
FROM_0_TO_1: Range = (lambda value: 0 <= value <= 1, "from 0 to 1")
BELOW_1: Range = (lambda value: 0 <= value < 1, "from 0 to below 1")
RANGES = {
    "learning_rate": FROM_0,
    "momentum": FROM_0_TO_1,
    "alpha": FROM_0_TO_1,
    "beta1": BELOW_1,
    "beta2": BELOW_1,
    "epsilon": FROM_0,
}


@dataclass(frozen=True)
class OptimizerSettings:
    """One rule and its numbers (none has a unit); those that the rule does not use are ignored.

    Raises EngineError for an unknown rule or a number out of its range.
    """

    name: str = "sgd"
    learning_rate: float = 0.5
    momentum: float = 0.9
    alpha: float = 0.99
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        if self.name not in OPTIMIZERS:
            raise EngineError(
                f"There is no optimizer {self.name!r}: use one of {', '.join(OPTIMIZERS)}.", "optimizer.name"
            )
        for field, (fits, allowed) in RANGES.items():
            value = getattr(self, field)
            if not fits(value):  # nor does NaN
                raise EngineError(f"{field} must be {allowed}; {value:g} was given.", f"optimizer.{field}")


@dataclass(frozen=True)
class Regularization:
    """A penalty on the weights, not the biases: l1 is λ/n Σ|w|, l2 is λ/(2n) Σ w², n = training examples."""

    name: str = "none"
    lambda_: float = 0.0

    def __post_init__(self) -> None:
        if self.name not in REGULARIZATIONS:
            raise EngineError(
                f"There is no regularization {self.name!r}: use one of {', '.join(REGULARIZATIONS)}.",
                "regularization.name",
            )
        if not 0 <= self.lambda_ < math.inf:
            raise EngineError(
                f"lambda must be 0 or more, and finite; {self.lambda_:g} was given.", "regularization.lambda"
            )

    @property
    def active(self) -> bool:
        """Whether it changes anything."""
        return self.name != "none" and self.lambda_ > 0


@dataclass(frozen=True)
class Optimizer:
    """A rule: ``update(settings, p, g, arrays, t)`` changes p by the gradient g, in place, at its step t."""

    name: str
    description: str
    arrays: tuple[str, ...]
    update: Callable[[OptimizerSettings, Floats, Floats, Arrays, int], None]
    uses: tuple[str, ...]


def _sgd(s: OptimizerSettings, p: Floats, g: Floats, arrays: Arrays, t: int) -> None:
    p -= s.learning_rate * g


def _momentum(s: OptimizerSettings, p: Floats, g: Floats, arrays: Arrays, t: int) -> None:
    velocity = arrays["velocity"]
    velocity *= s.momentum
    velocity += g
    p -= s.learning_rate * velocity


def _nesterov(s: OptimizerSettings, p: Floats, g: Floats, arrays: Arrays, t: int) -> None:
    velocity = arrays["velocity"]
    velocity *= s.momentum
    velocity += g
    p -= s.learning_rate * (g + s.momentum * velocity)


def _rmsprop(s: OptimizerSettings, p: Floats, g: Floats, arrays: Arrays, t: int) -> None:
    square = arrays["square"]
    square *= s.alpha
    square += (1 - s.alpha) * g * g
    p -= s.learning_rate * g / (np.sqrt(square) + s.epsilon)


def _adam(s: OptimizerSettings, p: Floats, g: Floats, arrays: Arrays, t: int) -> None:
    mean, square = arrays["mean"], arrays["square"]
    mean *= s.beta1
    mean += (1 - s.beta1) * g
    square *= s.beta2
    square += (1 - s.beta2) * g * g
    root = np.sqrt(square) / np.sqrt(1 - s.beta2**t) + s.epsilon
    p -= s.learning_rate / (1 - s.beta1**t) * mean / root


OPTIMIZERS: dict[str, Optimizer] = {
    optimizer.name: optimizer
    for optimizer in (
        Optimizer("sgd", "Stochastic gradient descent: p ← p − η∇.", (), _sgd, ()),
        Optimizer("momentum", "Keeps a velocity: v ← μv + ∇, p ← p − ηv.", ("velocity",), _momentum, ("momentum",)),
        Optimizer("nesterov", "Momentum that looks ahead: p ← p − η(∇ + μv).", ("velocity",), _nesterov, ("momentum",)),
        Optimizer(
            "rmsprop", "Divides by the root of a running mean of squares.", ("square",), _rmsprop, ("alpha", "epsilon")
        ),
        Optimizer(
            "adam",
            "Running means of gradient and square, corrected for their start.",
            ("mean", "square"),
            _adam,
            ("beta1", "beta2", "epsilon"),
        ),
    )
}

REGULARIZATIONS: dict[str, str] = {
    "none": "No penalty.",
    "l1": "λ/n Σ|w|: pulls every weight towards 0, small ones as hard as large ones.",
    "l2": "λ/(2n) Σ w²: keeps weights small.",
}
