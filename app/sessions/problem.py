"""What a session is about, which never changes: a network, its start, its data, and how it begins to train."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.engine.network import Architecture, Parameters
from app.sessions.data import Examples
from app.sessions.log import Settings


@dataclass(frozen=True)
class Problem:
    """What stays the same in a session from its start to its end."""

    architecture: Architecture
    start: Parameters
    examples: Examples
    train_biases: bool
    shuffle: bool
    seed: int
    settings: Settings


def largest_harmless(architecture: Architecture, largest: float) -> float:
    """The sum of squared parameters below which no cost can overflow, for numbers of the data of at most this size.

    With r its root, |a^l| <= (r + 2) times |a^(l-1)| plus sqrt(n), in the Euclidean norm, for every activation; a cost
    is at most about the square of the last one.
    """
    layers = architecture.layers
    widest = math.sqrt(max(layers))
    first = largest * widest + 2 * widest + 1
    root = (1e148 / first) ** (1 / (len(layers) - 1)) - 2
    return root * root if root > 0 else 0.0
