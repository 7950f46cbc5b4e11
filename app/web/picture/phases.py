"""What is known at each phase of a step: the twin of static/js/phases.js, held equal by tests/cases/phases.json."""

from __future__ import annotations

from functools import lru_cache

from app.engine.trace import phases

Phase = tuple[str, int | None]
"""The name of a phase, and its layer where it has one."""

GOES_BACK = frozenset({"output_error", "send_back", "gate"})
LEARNS = frozenset({"gradient", "update"})


def known_after(quantity: str, layer: int, n_layers: int) -> Phase:
    """The phase after which a quantity of a layer is known; `sent`, `charged` and `ledger` are those of
    the connections into it.

    Raises
    ------
    ValueError
        for a quantity that there is not.
    """
    top = layer == n_layers
    if quantity in ("a", "z"):
        return "feedforward", layer
    if quantity == "received":
        return ("output_error" if top else "send_back"), layer
    if quantity in ("sigma_prime", "delta", "ledger"):
        return ("output_error" if top else "gate"), layer
    if quantity == "sent":
        # The inputs learn nothing, so no phase sends to them: what they would be sent is known with the delta above.
        return ("send_back", layer - 1) if layer > 2 else known_after("delta", layer, n_layers)
    if quantity == "charged":
        return "gradient", layer
    if quantity in ("cost", "after"):
        return ("cost" if quantity == "cost" else "update"), None
    raise ValueError(f"there is no quantity {quantity!r}")


@lru_cache(maxsize=1024)
def reached(quantity: str, layer: int, n_layers: int, phase: Phase) -> bool:
    """Whether a quantity of a layer is known at a phase; at the start nothing is but the inputs."""
    if layer == 1:
        return quantity == "a"
    order: list[Phase] = list(phases(n_layers))
    return phase in order and order.index(known_after(quantity, layer, n_layers)) <= order.index(phase)


def sending_layer(phase: Phase) -> int | None:
    """The layer whose incoming connections carry blame in a phase; None if none does."""
    name, layer = phase
    return layer + 1 if name == "send_back" and layer is not None else None


def direction(phase: Phase) -> str:
    """The direction of a phase, as the timeline has it: forward, back or learn."""
    if phase[0] in GOES_BACK:
        return "back"
    return "learn" if phase[0] in LEARNS else "forward"
