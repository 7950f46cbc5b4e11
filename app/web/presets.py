"""Sessions that are worth opening: each is a configuration, filled in by the session itself where it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.sessions.config import SessionConfig

FIRST = "circle"
"""What a visitor meets who was never here."""

# Small enough to be worked by hand: one step from here is done in tests/web with the arithmetic written out.
BY_HAND_WEIGHTS = [[[0.5, -1.0], [1.0, 0.5]], [[1.0, -0.5], [-1.0, 1.5]]]
BY_HAND_BIASES = [[0.5, -0.5], [0.0, 0.5]]


@dataclass(frozen=True)
class Preset:
    """A session to open: `name` in the address, `title` and `text` in the menu, and its configuration."""

    name: str
    title: str
    text: str
    body: dict[str, Any]

    @property
    def config(self) -> SessionConfig:
        """The configuration, checked."""
        return SessionConfig.model_validate(self.body)


_ALL = (
    Preset(
        "circle",
        "Circle · 2, 4, 3, 2",
        "A disc inside a ring: two inputs, so that every neuron is a map of the plane.",
        {"layers": [2, 4, 3, 2], "dataset": {"name": "circle"}, "seed": 4},
    ),
    Preset(
        "xor",
        "XOR · 2, 4, 1",
        "Four corners that no straight line parts: the smallest job that needs a hidden layer.",
        {"layers": [2, 4, 1], "dataset": {"name": "xor"}},
    ),
    Preset(
        "spiral",
        "Spiral · 2, 8, 8, 2",
        "Two arms wound about each other: deep enough to see how blame fades on its way back.",
        {"layers": [2, 8, 8, 2], "dataset": {"name": "spiral"}},
    ),
    Preset(
        "digits",
        "Digits · 64, 30, 10",
        "Real handwritten digits, 8 × 8 pixels: past 95 % on those it never saw, within a minute.",
        {"layers": [64, 30, 10], "dataset": {"name": "digits"}},
    ),
    Preset(
        "by-hand",
        "By hand · 2, 2, 2",
        "Two examples and round weights: every number of a step on screen at once.",
        {
            "layers": [2, 2, 2],
            "activations": "sigmoid",
            "cost": "quadratic",
            "weights": BY_HAND_WEIGHTS,
            "biases": BY_HAND_BIASES,
            "optimizer": {"name": "sgd", "learning_rate": 1.0},
            "batch_size": 1,
            "shuffle": False,
            "dataset": {"inputs": [[1.0, 0.5], [-0.5, 1.0]], "labels": [0, 1]},
        },
    ),
)
PRESETS = {preset.name: preset for preset in _ALL}
