"""Outputs, cost and accuracy over many examples, some at a time."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import Floats
from app.engine.costs import COSTS
from app.engine.network import Architecture, Parameters, feedforward

CHUNK = 2_000  # examples that are evaluated at a time, at most,
CHUNK_NUMBERS = 4_000_000  # and all that is computed for them: z and a of every neuron


def outputs(
    architecture: Architecture, parameters: Parameters, inputs: Floats
) -> Iterator[tuple[slice, Floats, Floats]]:
    """For inputs as rows (N, n_1), part by part: which rows, and z^L and a^L with examples as columns."""
    size = max(1, min(CHUNK, CHUNK_NUMBERS // (2 * sum(architecture.layers))))
    for start in range(0, len(inputs), size):
        part = slice(start, start + size)
        zs, a = feedforward(parameters, architecture.activations, inputs[part].T)
        yield part, zs[-1], a[-1]


def evaluate(
    architecture: Architecture, parameters: Parameters, inputs: Floats, targets: Floats
) -> tuple[float, float | None]:
    """Mean cost, and accuracy where targets are classes, over examples as rows, (N, n_1) and (N, n_L).

    Where the cost is not finite there is no accuracy: outputs that are no numbers name no class.
    """
    total, right = 0.0, 0
    for part, z, a in outputs(architecture, parameters, inputs):
        y = targets[part].T
        total += float(COSTS[architecture.cost].costs(architecture.activations[-1], z, a, y).sum())
        right += count_right(a, y)
    told = math.isfinite(total) and are_classes(targets)
    return total / len(inputs), right / len(inputs) if told else None


def are_classes(targets: Floats) -> bool:
    """Whether targets as rows (N, n_L) are one-hot, or 0 and 1 for a single output."""
    zeros_and_ones = bool(((targets == 0) | (targets == 1)).all())
    return zeros_and_ones and (targets.shape[1] == 1 or bool((targets.sum(axis=1) == 1).all()))


def count_right(a: Floats, y: Floats) -> int:
    """How many columns of the outputs (n_L, N) name the class of the targets."""
    return int((classes_of(a) == classes_of(y)).sum())


def classes_of(a: Floats) -> NDArray[np.intp]:
    """The class, from 0, that each column of outputs or targets (n_L, N) names: the largest, or 1 from a half on."""
    classes: NDArray[np.intp] = (a[0] >= 0.5).astype(np.intp) if len(a) == 1 else a.argmax(axis=0)
    return classes


def judge(
    architecture: Architecture, parameters: Parameters, inputs: Floats, targets: Floats
) -> tuple[Floats, NDArray[np.intp]]:
    """The cost of each example and the class that the network names, both (N,), for a few examples as rows."""
    zs, a = feedforward(parameters, architecture.activations, inputs.T)
    return COSTS[architecture.cost].costs(architecture.activations[-1], zs[-1], a[-1], targets.T), classes_of(a[-1])
