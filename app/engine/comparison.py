"""Every feedback operator beside the gradient that nudging measures: how far each misses, how long its arrow is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Floats
from app.engine.backprop import backprop
from app.engine.feedback import FEEDBACKS, Feedback
from app.engine.gradient_check import nudgeable
from app.engine.network import Architecture, Parameters
from app.engine.trace import ExampleTrace

EPSILON = 1e-5
MEASURED = 2_000
"""Neurons of one layer that are nudged, at most: of more, the first so many stand for the layer."""


@dataclass(frozen=True)
class Arrow:
    """What an operator sends to a layer (n_l,), its Euclidean norm, and how it lies to the measured gradient.

    ``cosine`` (-1 to 1) and ``angle`` (degrees) are None where one of the two is 0 or not finite.
    """

    vector: Floats
    norm: float
    cosine: float | None
    angle: float | None


@dataclass(frozen=True)
class Compared:
    """An operator at one hidden layer: sent back by it all the way, and one hop from the true delta above."""

    layer: int
    chain: Arrow
    one_hop: Arrow


def cosine_of(one: Floats, other: Floats) -> float | None:
    """The cosine of the angle between two vectors (n,); None where one is 0 or not finite."""
    largest = [float(np.abs(vector).max(initial=0)) for vector in (one, other)]
    if not all(0 < size < math.inf for size in largest):
        return None
    one, other = one / largest[0], other / largest[1]  # else the squares of very large numbers overflow
    return min(1.0, max(-1.0, float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))))


def degrees(cosine: float | None) -> float | None:
    """The angle of a cosine."""
    return None if cosine is None else math.degrees(math.acos(cosine))


def measured_gradient(architecture: Architecture, before: Parameters, example: ExampleTrace) -> list[Floats]:
    """dC_x/da of layers 2 to L-1 by central differences; at most the first 2,000 neurons of each."""
    check = nudgeable(architecture, before, example)
    found = []
    with np.errstate(all="ignore"):
        for place in range(len(architecture.layers) - 2):
            j = np.arange(min(architecture.layers[place + 1], MEASURED))
            found.append(check.activation_slopes(place, j, np.full(len(j), EPSILON)).values)
    return found


def compare(
    architecture: Architecture, before: Parameters, start: Parameters, seed: int, step: int, example: ExampleTrace
) -> tuple[list[Floats], dict[str, list[Compared]]]:
    """The measured gradient of the hidden layers, and every operator beside it.

    ``before`` are the parameters before the step, ``start`` those at the start of the session.
    """
    measured = measured_gradient(architecture, before, example)
    x, y = example.x[:, None], example.y[:, None]
    with np.errstate(all="ignore"):
        deltas = [delta[:, 0] for delta in backprop(architecture, before, x, y).deltas]
        operators = {}
        for name in FEEDBACKS:
            matrices = Feedback(name, seed, start).matrices(before, step)
            received = backprop(architecture, before, x, y, matrices).received
            operators[name] = [
                Compared(
                    place + 2,
                    _arrow(received[place][:, 0], measured[place]),
                    _arrow(matrices[place] @ deltas[place + 1], measured[place]),
                )
                for place in range(len(matrices))
            ]
    return measured, operators


def _arrow(vector: Floats, measured: Floats) -> Arrow:
    cosine = cosine_of(vector[: len(measured)], measured)
    return Arrow(vector, float(np.linalg.norm(vector)), cosine, degrees(cosine))


def mean_angles(
    architecture: Architecture, parameters: Parameters, feedback: Feedback, step: int, x: Floats, y: Floats
) -> list[float | None]:
    """Of layers 2 to L-1: the mean angle (degrees) between what is sent back and the true gradient.

    Over examples as columns, x (n_1, m) and y (n_L, m); None where nothing is sent, or nothing finite.
    """
    with np.errstate(all="ignore"):
        true = backprop(architecture, parameters, x, y).received
        sent = backprop(architecture, parameters, x, y, feedback.matrices(parameters, step)).received
        return [_mean_angle(a, b) for a, b in zip(true[:-1], sent[:-1], strict=True)]


def _mean_angle(one: Floats, other: Floats) -> float | None:
    sizes = np.linalg.norm(one, axis=0) * np.linalg.norm(other, axis=0)
    counted = (sizes > 0) & np.isfinite(sizes)
    if not counted.any():
        return None
    cosines = np.clip((one[:, counted] * other[:, counted]).sum(axis=0) / sizes[counted], -1, 1)
    return float(np.degrees(np.arccos(cosines)).mean())
