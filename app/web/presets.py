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
    """A session to open: its name in the address, and its configuration. Its title is among the texts."""

    name: str
    body: dict[str, Any]

    @property
    def config(self) -> SessionConfig:
        """The configuration, checked."""
        return SessionConfig.model_validate(self.body)


_ALL = (
    Preset(
        "circle",
        {"layers": [2, 4, 3, 2], "dataset": {"name": "circle"}, "seed": 4},
    ),
    Preset(
        "xor",
        {"layers": [2, 4, 1], "dataset": {"name": "xor"}},
    ),
    Preset(
        "spiral",
        {"layers": [2, 8, 8, 2], "dataset": {"name": "spiral"}},
    ),
    Preset(
        "digits",
        {"layers": [64, 30, 10], "dataset": {"name": "digits"}},
    ),
    Preset(
        "by-hand",
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
