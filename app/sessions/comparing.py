"""A comparison of feedback operators as the API has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from app.engine.activations import Floats
from app.engine.comparison import Arrow, Compared
from app.sessions.reading import Shown, finite, plain


def comparison_json(
    shown: Shown, feedback: str, measured: Sequence[Floats], operators: Mapping[str, Sequence[Compared]]
) -> dict[str, Any]:
    """The document; ``feedback``: the operator in force, ``measured``: the gradient of layers 2 to L-1."""
    return {
        "step": shown.trace.step,
        "example": {"position": shown.position, "index": shown.index},
        "feedback": feedback,
        "measured": [
            {
                "layer": place + 2,
                "neurons": len(vector),
                "vector": plain(vector),
                "norm": finite(float(np.linalg.norm(vector))),
            }
            for place, vector in enumerate(measured)
        ],
        "operators": [
            {
                "name": name,
                "layers": [
                    {"layer": one.layer, "chain": _arrow(one.chain), "one_hop": _arrow(one.one_hop)} for one in compared
                ],
            }
            for name, compared in operators.items()
        ],
    }


def _arrow(arrow: Arrow) -> dict[str, Any]:
    return {
        "vector": plain(arrow.vector),
        "norm": finite(arrow.norm),
        "cosine": arrow.cosine,
        "angle": arrow.angle,
    }
