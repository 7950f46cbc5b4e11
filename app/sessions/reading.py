"""What a session answers to whoever reads: traces, checks, predictions and maps, as JSON-able values."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import Floats
from app.engine.network import Architecture, Parameters
from app.engine.trace import ExampleTrace, LayerTrace, StepTrace
from app.sessions.config import Row
from app.sessions.errors import Conflict, Invalid, TooLarge
from app.sessions.limits import Limits
from app.sessions.pool import Pool

JSON_NUMBER = 20
"""Bytes of a number in JSON, about."""
PER_CONNECTION = ("w", "sent", "charged", "nabla_w", "w_after")
FIELDS = (
    *("w", "b", "z", "a", "sigma_prime", "received", "delta"),
    *("sent", "charged", "nabla_w", "nabla_b", "w_after", "b_after"),
)
MAP_NUMBERS = 1_000_000
OUTPUT_NUMBERS = 1_000_000
MARGIN = 1.25
Plane = tuple[tuple[float, float], tuple[float, float]]
"""Low and high of input 1, and of input 2."""
FARTHEST = 1e300  # where a map ends, whatever the data: beyond it differences overflow


def finite(value: float | None) -> float | None:
    """The number, or None if it is not finite."""
    return value if value is not None and math.isfinite(value) else None


def plain(array: NDArray[Any]) -> Any:
    """Nested lists, with None for what is not finite."""
    if np.issubdtype(array.dtype, np.integer) or np.isfinite(array).all():
        return array.tolist()
    cleaned = array.astype(object)
    cleaned[~np.isfinite(array)] = None
    return cleaned.tolist()


class Shown:
    """One example of a traced step.

    Attributes
    ----------
    position
        In the mini-batch, from 0; None outside it.
    index
        Row of the data set.
    """

    def __init__(self, trace: StepTrace, example: ExampleTrace, position: int | None, index: int) -> None:
        self.trace = trace
        self.example = example
        self.position = position
        self.index = index

    def fields(self, place: int) -> dict[str, Floats | None]:
        """All that is known of layer ``place`` + 1, by the names of the API."""
        layer, own = self.trace.layers[place], self.example.layers[place]
        if layer.w is None:
            return {"a": own.a}
        batch: dict[str, Floats | None] = {name: getattr(layer, name) for name in FIELDS if hasattr(layer, name)}
        mine: dict[str, Floats | None] = {name: getattr(own, name) for name in FIELDS if hasattr(own, name)}
        both = batch | mine
        return {name: both[name] for name in FIELDS}


def batch_cost(trace: StepTrace) -> float | None:
    """Mean cost over the mini-batch, or None if it is not finite."""
    with np.errstate(all="ignore"):
        return finite(float(trace.costs.mean()))


def trace_json(
    shown: Shown, pool: Pool, epoch: int, limits: Limits, layer: int | None, fields: Sequence[str] | None
) -> dict[str, Any]:
    """The trace as the API has it.

    Raises
    ------
    Invalid
        For a layer or a field that there is not.
    TooLarge
        Where it would be too long; the sentence says how to narrow it.
    """
    last = len(shown.trace.layers)
    if layer is not None and not 1 <= layer <= last:
        raise Invalid(("query", "layer"), f"This network has layers 1 to {last}; {layer} was given.")
    for name in fields or ():
        if name not in FIELDS:
            raise Invalid(("query", "fields"), f"A layer has no field {name!r}: it has {', '.join(FIELDS)}.")
    wanted = [place for place in range(last) if layer in (None, place + 1)]
    _check_trace_size(shown.trace, wanted, fields, limits, narrowed=layer is not None or bool(fields))
    layers: list[dict[str, Any]] = []
    for place in wanted:
        found = {name: value for name, value in shown.fields(place).items() if not fields or name in fields}
        if "received" in found and place == last - 1:
            found["received"] = _without_overflow(found["received"])
        told = {name: None if value is None else plain(value) for name, value in found.items()}
        layers.append({"layer": place + 1, **told})
    return trace_head(shown, pool, epoch) | {"layers": layers}


def _without_overflow(received: Floats | None) -> Floats | None:
    """dC/da^L as a whole is null where it overflows."""
    return None if received is None or not np.isfinite(received).all() else received


def trace_head(shown: Shown, pool: Pool, epoch: int) -> dict[str, Any]:
    """The trace without its layers."""
    trace = shown.trace
    rows = pool.rows_of(trace.indices)
    return {
        "step": trace.step,
        "epoch": epoch,
        "batch": {"size": len(rows), "indices": rows.tolist()},
        "example": {
            "position": shown.position,
            "index": shown.index,
            "x": plain(shown.example.x),
            "y": plain(shown.example.y),
        },
        "cost": {"example": finite(shown.example.cost), "batch": batch_cost(trace)},
    }


def _check_trace_size(
    trace: StepTrace, places: Sequence[int], fields: Sequence[str] | None, limits: Limits, *, narrowed: bool
) -> None:
    names = fields or FIELDS
    per_connection = sum(name in PER_CONNECTION for name in names)
    per_neuron = len(names) - per_connection
    size = JSON_NUMBER * sum(_numbers(trace.layers[place], per_connection, per_neuron) for place in places)
    limit = limits.narrowed_trace_bytes if narrowed else limits.trace_bytes
    if size > limit:
        raise TooLarge(
            f"This trace would take about {size / 1e6:.1f} MB, and {limit / 1e6:.0f} MB is the most: narrow it with "
            "?layer= or ?fields=, or take all of it as trace.npz."
        )


def _numbers(layer: LayerTrace, per_connection: int, per_neuron: int) -> int:
    return (0 if layer.w is None else layer.w.size * per_connection) + len(layer.a) * per_neuron


def npz(arrays: Mapping[str, Any]) -> bytes:
    """Arrays as an npz file, never pickled."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **{name: np.asarray(array) for name, array in arrays.items()})
    return buffer.getvalue()


def trace_arrays(shown: Shown, pool: Pool, epoch: int) -> dict[str, Any]:
    """Everything of a step: ``w_2`` and so on for one example, ``batch_a_2`` and so on with a column for each."""
    trace = shown.trace
    arrays: dict[str, Any] = {
        "step": trace.step,
        "epoch": epoch,
        "indices": pool.rows_of(trace.indices),
        "position": -1 if shown.position is None else shown.position,
        "index": shown.index,
        "x": shown.example.x,
        "y": shown.example.y,
        "cost_example": shown.example.cost,
        "costs": trace.costs,
        "batch_y": trace.y,
    }
    for place, layer in enumerate(trace.layers):
        found = shown.fields(place)
        arrays |= {f"{name}_{place + 1}": value for name, value in found.items() if value is not None}
        batch = {name: getattr(layer, name) for name in ("a", "z", "sigma_prime", "received", "delta")}
        arrays |= {f"batch_{name}_{place + 1}": value for name, value in batch.items() if value is not None}
        if layer.feedback is not None:
            arrays[f"feedback_{place + 1}"] = layer.feedback
    return arrays


def parameter_arrays(parameters: Parameters) -> dict[str, Floats]:
    """``w_2``, ``b_2`` and so on."""
    arrays: dict[str, Floats] = {}
    for place, (w, b) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
        arrays |= {f"w_{place + 2}": w, f"b_{place + 2}": b}
    return arrays


def parameters_before(trace: StepTrace, architecture: Architecture) -> Parameters:
    """The parameters that a traced step began with."""
    traced = trace.layers[1:]
    return Parameters.from_arrays(
        architecture.layers,
        [layer.w for layer in traced if layer.w is not None],
        [layer.b for layer in traced if layer.b is not None],
    )


def first_not_finite(trace: StepTrace) -> tuple[int | None, str] | None:
    """Where in a step, in the order of its phases, a number is first not finite: (layer, what); None if nowhere."""
    after_input = trace.layers[1:]
    for layer in after_input:
        for name in ("z", "a"):
            if not _all_finite(getattr(layer, name)):
                return layer.layer, name
    if not _all_finite(trace.costs):
        return None, "cost"
    for names in (("delta",), ("nabla_b", "nabla_w"), ("b_after", "w_after")):
        for layer in reversed(after_input):
            for name in names:
                if not _all_finite(getattr(layer, name)):
                    return layer.layer, name.removesuffix("_after")
    return None


def _all_finite(array: Floats | None) -> bool:
    return array is None or bool(np.isfinite(array).all())


def inputs_array(inputs: Sequence[Row], layers: Sequence[int], limits: Limits) -> Floats:
    """Inputs of a request, (N, n_1). Raises Invalid, TooLarge."""
    most = max(1, min(limits.predict_examples, OUTPUT_NUMBERS // layers[-1]))
    if len(inputs) > most:
        raise TooLarge(
            f"A prediction of this network takes at most {most:,} examples, and this one has {len(inputs):,}: ask in "
            "parts."
        )
    n_inputs = layers[0]
    for place, row in enumerate(inputs):
        if len(row) != n_inputs:
            raise Invalid(
                ("body", "inputs", place),
                f"This network has {n_inputs} inputs; example {place} has {len(row)} numbers.",
            )
    return np.array(inputs, dtype=np.float64)


def plane(inputs: Floats, added: Floats) -> Plane:
    """The square that a map covers: low and high of both inputs, a little more than the data reach.

    It grows only for ``added`` examples that lie outside: a map does not move under the hand that adds them.
    """
    square = _square(inputs)
    inside = all(low <= value <= high for row in added for value, (low, high) in zip(row, square, strict=True))
    return square if inside else _square(np.concatenate([inputs, added]))


def _square(inputs: Floats) -> Plane:
    low, high = np.clip([inputs.min(axis=0), inputs.max(axis=0)], -FARTHEST, FARTHEST)
    half = max(float((high - low).max()) / 2 * MARGIN, 1e-3)
    centre = (low + high) / 2
    return (float(centre[0]) - half, float(centre[0]) + half), (float(centre[1]) - half, float(centre[1]) + half)


def finest_map(layers: Sequence[int]) -> int:
    """The most points along each side of a map of all neurons."""
    return int((MAP_NUMBERS / sum(layers)) ** 0.5)


def check_map(layers: Sequence[int], resolution: int, limits: Limits) -> None:
    """Raises where there is no map: Conflict without two inputs, Invalid or TooLarge for too fine a one."""
    if layers[0] != 2:
        raise Conflict(f"A response map is drawn over two inputs; this network has {layers[0]}.")
    if not 2 <= resolution <= limits.map_resolution:
        raise Invalid(
            ("query", "resolution"), f"resolution is from 2 to {limits.map_resolution}; {resolution} was given."
        )
    most = finest_map(layers)
    if resolution > most:
        raise TooLarge(
            f"With {sum(layers)} neurons, maps of {resolution} by {resolution} points are too many numbers: {most} "
            "is the most."
        )


def maps_json(
    activations: Sequence[Floats], resolution: int, x: tuple[float, float], y: tuple[float, float]
) -> dict[str, Any]:
    """Maps of all neurons: ``maps[j][row][column]``; rows go up along input 2, columns to the right along input 1."""
    layers = [
        {"layer": place + 1, "maps": plain(a.reshape(len(a), resolution, resolution))}
        for place, a in enumerate(activations)
    ]
    return {"resolution": resolution, "x": list(x), "y": list(y), "layers": layers}


def grid(x: tuple[float, float], y: tuple[float, float], resolution: int) -> Floats:
    """Points of the plane as rows, (resolution², 2), row by row upward."""
    across, up = np.meshgrid(np.linspace(*x, resolution), np.linspace(*y, resolution))
    return np.column_stack([across.ravel(), up.ravel()])
