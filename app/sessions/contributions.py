"""How one number of a step comes about, example by example of its mini-batch: columns of the step's own result."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import Floats
from app.engine.trace import StepTrace
from app.sessions.reading import finite, plain

LISTED = 1_000
"""Examples of a mini-batch that are listed, at most."""

Columns = dict[str, Floats | None]


def connection(trace: StepTrace, layer: int, j: int, k: int, rows: NDArray[np.intp]) -> dict[str, Any]:
    """The connection from neuron ``k`` to neuron ``j`` of ``layer``; ``rows`` are those of the mini-batch, (m,)."""
    own, below = trace.layers[layer - 1], trace.layers[layer - 2]
    assert own.w is not None
    assert own.delta is not None
    assert own.nabla_w is not None
    a, delta = below.a[k - 1], own.delta[j - 1]
    backward = own.w if own.feedback is None else own.feedback.T
    with np.errstate(all="ignore"):
        columns: Columns = {"a": a, "delta": delta, "sent": backward[j - 1, k - 1] * delta, "charged": delta * a}
    exact = {"delta": _nabla_b(trace, layer, j), "charged": float(own.nabla_w[j - 1, k - 1])}
    value = {"value": finite(float(own.w[j - 1, k - 1]))}
    return {"what": "connection", "layer": layer, "j": j, "k": k} | value | _listed(columns, exact, rows)


def neuron(trace: StepTrace, layer: int, j: int, rows: NDArray[np.intp]) -> dict[str, Any]:
    """Neuron ``j`` of ``layer``; of an input there is its activation only."""
    own = trace.layers[layer - 1]
    arrays = {name: getattr(own, name) for name in ("a", "z", "received", "sigma_prime", "delta")}
    columns: Columns = {name: None if array is None else array[j - 1] for name, array in arrays.items()}
    exact = {} if own.delta is None else {"delta": _nabla_b(trace, layer, j)}
    value = {"value": None if own.b is None else finite(float(own.b[j - 1]))}
    return {"what": "neuron", "layer": layer, "j": j, "k": None} | value | _listed(columns, exact, rows)


def _nabla_b(trace: StepTrace, layer: int, j: int) -> float:
    nabla_b = trace.layers[layer - 1].nabla_b
    assert nabla_b is not None
    return float(nabla_b[j - 1])


def _listed(columns: Columns, exact: dict[str, float], rows: NDArray[np.intp]) -> dict[str, Any]:
    """The columns as examples, and their means: those that the step took itself are not taken again."""
    told = {name: [None] * LISTED if column is None else plain(column[:LISTED]) for name, column in columns.items()}
    with np.errstate(all="ignore"):
        means = {name: None if column is None else finite(float(column.mean())) for name, column in columns.items()}
    return {
        "of": len(rows),
        "listed": min(len(rows), LISTED),
        "examples": [
            {"position": place, "index": index} | {name: values[place] for name, values in told.items()}
            for place, index in enumerate(rows[:LISTED].tolist())
        ],
        "mean": means | {name: finite(value) for name, value in exact.items()},
    }
