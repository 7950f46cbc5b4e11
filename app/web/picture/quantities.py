"""The numbers of a picture, as far as they are known where the cursor stands: twin of static/js/picture/quantities.js.

They are the stream's numbers: float32, so that a picture of the server's is the page's to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import Floats
from app.streaming.frames import narrow
from app.web.picture.phases import Phase, reached, sending_layer

Place = tuple[int, int, int]
"""A connection: its layer, j, k, counted from 1."""

CONNECTION_FIELDS = ("w", "after", "sent", "charged", "ledger")
NEURON_FIELDS = ("a", "z", "sigma_prime", "received", "delta")


@dataclass(frozen=True)
class Seen:
    """What is on view: a picture is a function of this and of nothing else.

    Attributes
    ----------
    layers
        Neurons in each layer.
    step, phase
        The cursor.
    numbers
        One mapping for each layer from 1, as a frame has them; arrays hold float32 values as float64.
    target, label
        y of the example on view, (n_L,), and its class, from 0, where it has one.
    """

    layers: tuple[int, ...]
    step: int
    phase: Phase
    numbers: tuple[Mapping[str, Floats], ...]
    target: Floats
    label: int | None
    _made: dict[tuple[str, int], Floats] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, layers: Sequence[int], frame: Mapping[str, Any]) -> Seen:
        """A frame's content at its cursor."""
        cursor, example = frame["cursor"], frame["example"]
        numbers = tuple(
            {name: _drawn(value) for name, value in layer.items() if isinstance(value, np.ndarray)}
            for layer in frame["layers"]
        )
        phase = cursor["phase"], cursor["layer"]
        return cls(tuple(layers), cursor["step"], phase, numbers, _drawn(example["y"]), example["label"])

    def reached(self, quantity: str, layer: int) -> bool:
        """Whether a quantity of a layer is known."""
        return reached(quantity, layer, len(self.layers), self.phase)

    def per_connection(self, name: str, layer: int) -> Floats | None:
        """`w`, `after`, `sent`, `charged` or `ledger` of all connections into a layer, (n_l, n_(l−1)).

        None: not known yet.
        """
        if name != "w" and not self.reached(name, layer):
            return None
        if (name, layer) not in self._made:
            with np.errstate(all="ignore"):
                self._made[name, layer] = self._per_connection(name, layer)
        return self._made[name, layer]

    def _per_connection(self, name: str, layer: int) -> Floats:
        above, below = self.numbers[layer - 1], self.numbers[layer - 2]
        if name in ("w", "after"):
            return above["w" if name == "w" else "w_after"]
        sender = above["delta"][:, np.newaxis]
        if name == "sent":
            return sender * (above["feedback"].T if "feedback" in above else above["w"])
        charged = below["a"] * sender
        return charged if name == "charged" else above["w"] * charged

    def connection(self, place: Place) -> dict[str, float | None]:
        """All numbers of one connection; None: not known yet."""
        layer, j, k = place
        found = {name: self.per_connection(name, layer) for name in CONNECTION_FIELDS}
        return {name: None if of is None else float(of[j - 1, k - 1]) for name, of in found.items()}

    def neuron(self, layer: int, j: int) -> dict[str, float | None]:
        """All numbers of one neuron; None: not known yet, or (sigma_prime of softmax) not there."""
        numbers = self.numbers[layer - 1]
        known = {name: self.reached(name, layer) for name in NEURON_FIELDS}
        known |= {"b": True, "b_after": self.reached("after", layer)}
        return {name: float(numbers[name][j - 1]) if yes and name in numbers else None for name, yes in known.items()}


def _drawn(array: NDArray[Any]) -> Floats:
    return narrow(array).astype(np.float64)


def shown(seen: Seen, kind: str, layer: int) -> Floats | None:
    """What the connections into a layer show, (n_l, n_(l−1)); None if that is not known yet."""
    if kind != "weight":
        return seen.per_connection(kind, layer)
    after = seen.per_connection("after", layer)
    return seen.per_connection("w", layer) if after is None else after


def prominence(seen: Seen, kind: str, layer: int) -> str:
    """How the connections into a layer stand out: `active`, `rest` (arrived before) or `quiet` (not concerned)."""
    if kind == "weight":
        return "active"
    if not seen.reached(kind, layer):
        return "quiet"
    if kind == "ledger":
        return "active"
    name, at = seen.phase
    if kind == "sent":
        if name == "send_back":
            return "active" if sending_layer(seen.phase) == layer else "quiet"
        if name == "gate":
            return "rest" if at is not None and layer == at + 1 else "quiet"
        return "active" if layer > 2 or len(seen.layers) == 2 else "rest"
    return "rest" if name == "gradient" and layer != at else "active"


def customary(phase: str) -> str:
    """What the connections show in a phase, until somebody chooses otherwise."""
    if phase in ("output_error", "send_back", "gate"):
        return "sent"
    return "charged" if phase == "gradient" else "weight"
