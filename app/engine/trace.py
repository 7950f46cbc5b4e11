"""A training step taken apart: its phases, and everything that is known after them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import Floats


class Phase(StrEnum):
    """The phases of a step, in order."""

    FEEDFORWARD = "feedforward"
    COST = "cost"
    OUTPUT_ERROR = "output_error"
    SEND_BACK = "send_back"
    GATE = "gate"
    GRADIENT = "gradient"
    UPDATE = "update"


START = "start"


def phases(n_layers: int) -> tuple[tuple[Phase, int | None], ...]:
    """All phases of a step of a network with so many layers, in order, each with its layer where it has one."""
    last = n_layers
    forward = [(Phase.FEEDFORWARD, layer) for layer in range(2, last + 1)]
    back = [(phase, layer) for layer in range(last - 1, 1, -1) for phase in (Phase.SEND_BACK, Phase.GATE)]
    gradient = [(Phase.GRADIENT, layer) for layer in range(last, 1, -1)]
    return (*forward, (Phase.COST, None), (Phase.OUTPUT_ERROR, last), *back, *gradient, (Phase.UPDATE, None))


@dataclass(frozen=True)
class LayerTrace:
    """One layer in a step, for all examples of the mini-batch: columns are examples, (n_l, m).

    From layer 2 on: w, b before the step; w_after, b_after its result; nabla_w, nabla_b means over the mini-batch
    without the regularization term. ``sigma_prime`` is None for softmax. ``feedback`` (n_(l-1), n_l) is the matrix that
    sends this layer's error to the one below, or None where that is w^T.
    """

    layer: int
    a: Floats
    w: Floats | None = None
    b: Floats | None = None
    z: Floats | None = None
    sigma_prime: Floats | None = None
    received: Floats | None = None
    delta: Floats | None = None
    nabla_w: Floats | None = None
    nabla_b: Floats | None = None
    w_after: Floats | None = None
    b_after: Floats | None = None
    feedback: Floats | None = None


@dataclass(frozen=True)
class ExampleLayer:
    """One layer in a step, for one example: vectors (n_l,); ``sent`` and ``charged`` have the shape of w."""

    layer: int
    a: Floats
    z: Floats | None = None
    sigma_prime: Floats | None = None
    received: Floats | None = None
    delta: Floats | None = None
    sent: Floats | None = None
    charged: Floats | None = None


@dataclass(frozen=True)
class ExampleTrace:
    """One example in a step. ``x`` (n_1,), ``y`` (n_L,), its cost, and its layers from 1 to L."""

    x: Floats
    y: Floats
    cost: float
    layers: tuple[ExampleLayer, ...]


@dataclass(frozen=True)
class StepTrace:
    """A whole step. ``indices`` (m,) are places among the training examples; ``y`` (n_L, m); ``costs`` (m,)."""

    step: int
    indices: NDArray[np.intp]
    y: Floats
    costs: Floats
    layers: tuple[LayerTrace, ...]

    def example(self, position: int) -> ExampleTrace:
        """The example at a position of the mini-batch (from 0): a column of the step's own result."""
        return example_trace(
            self,
            [(layer.a, layer.z, layer.sigma_prime, layer.received, layer.delta) for layer in self.layers],
            self.y,
            self.costs,
            position,
        )


Columns = tuple[Floats, Floats | None, Floats | None, Floats | None, Floats | None]


def example_trace(trace: StepTrace, columns: list[Columns], y: Floats, costs: Floats, position: int) -> ExampleTrace:
    """One column of (a, z, sigma_prime, received, delta) for each layer, with what the step's weights make of it."""
    layers: list[ExampleLayer] = []
    for layer, (a, z, sigma_prime, received, delta) in zip(trace.layers, columns, strict=True):
        at = position
        if z is None or received is None or delta is None or layer.w is None:
            layers.append(ExampleLayer(layer.layer, a[:, at]))
            continue
        backward = layer.w if layer.feedback is None else layer.feedback.T
        with np.errstate(all="ignore"):
            sent = backward * delta[:, at, None]
            charged = delta[:, at, None] * layers[-1].a
        slope = None if sigma_prime is None else sigma_prime[:, at]
        layers.append(
            ExampleLayer(layer.layer, a[:, at], z[:, at], slope, received[:, at], delta[:, at], sent, charged)
        )
    return ExampleTrace(layers[0].a, y[:, position], float(costs[position]), tuple(layers))
