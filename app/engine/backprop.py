"""Backpropagation as the book writes it: the proof beside the fast kernel. Source: Nielsen, chapter 2, BP1 to BP4.

Columns are examples. Nothing here is fast; everything here can be checked against the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.engine.activations import ACTIVATIONS, Floats
from app.engine.costs import COSTS, output_error
from app.engine.network import Architecture, Parameters, feedforward


@dataclass(frozen=True)
class Gradient:
    """What one backward pass finds; lists run from layer 2 to L.

    ``received`` is dC_x/da^l and ``deltas`` dC_x/dz^l, (n_l, m) each, not averaged; ``nabla_w`` (n_l, n_(l-1)) and
    ``nabla_b`` (n_l,) are means over the mini-batch; ``costs`` (m,).
    """

    zs: list[Floats]
    activations: list[Floats]
    costs: Floats
    received: list[Floats]
    deltas: list[Floats]
    nabla_w: list[Floats]
    nabla_b: list[Floats]


def backprop(
    architecture: Architecture, parameters: Parameters, x: Floats, y: Floats, feedback: Sequence[Floats] | None = None
) -> Gradient:
    """The gradient of the mean cost over the columns of x (n_1, m) and y (n_L, m).

    ``feedback`` may put other matrices (n_l, n_(l+1)), for layers 2 to L-1, in the transposes' place.
    """
    zs, a = feedforward(parameters, architecture.activations, x)
    last, cost = architecture.activations[-1], COSTS[architecture.cost]

    delta = output_error(architecture.cost, last, zs[-1], a[-1], y)  # BP1
    received, deltas = [cost.slope(a[-1], y)], [delta]
    for place in range(len(zs) - 2, -1, -1):
        w_next, delta_next = parameters.weights[place + 1], deltas[0]
        sent = w_next.T @ delta_next if feedback is None else feedback[place] @ delta_next
        sigma_prime = ACTIVATIONS[architecture.activations[place]].slope(zs[place], a[place + 1])
        received.insert(0, sent)
        deltas.insert(0, sent * sigma_prime)  # BP2

    m = x.shape[1]
    nabla_b = [delta.sum(axis=1) / m for delta in deltas]  # BP3
    nabla_w = [delta @ below.T / m for delta, below in zip(deltas, a, strict=False)]  # BP4
    costs = cost.costs(last, zs[-1], a[-1], y)
    return Gradient(zs, a, costs, received, deltas, nabla_w, nabla_b)


def mean_cost(architecture: Architecture, parameters: Parameters, x: Floats, y: Floats) -> float:
    """The cost of a mini-batch: the mean over its examples."""
    zs, a = feedforward(parameters, architecture.activations, x)
    return float(np.mean(COSTS[architecture.cost].costs(architecture.activations[-1], zs[-1], a[-1], y)))
