"""Takes a step apart: what training has no use for is computed here, beside the numbers that it left."""

from __future__ import annotations

import numpy as np

from app.engine.activations import ACTIVATIONS, Floats
from app.engine.backprop import backprop
from app.engine.costs import COSTS
from app.engine.kernel import Indices, Workspace
from app.engine.network import Architecture, Parameters
from app.engine.trace import Columns, ExampleTrace, LayerTrace, StepTrace, example_trace


def step_trace(
    architecture: Architecture,
    number: int,
    indices: Indices,
    work: Workspace,
    before: Parameters,
    after: Parameters,
    feedback: list[Floats] | None,
) -> StepTrace:
    """The trace of a step that left ``work``; the trace keeps views of what it is given.

    ``feedback`` are the matrices for layers 2 to L-1, or None for the transposes.
    """
    costs = COSTS[architecture.cost].costs(architecture.activations[-1], work.z[-1], work.a[-1][:-1], work.y)
    layers = [LayerTrace(1, work.x[:-1])]
    with np.errstate(all="ignore"):
        for place in range(len(work.z)):
            matrix = feedback[place - 1] if feedback and place > 0 else None
            layers.append(_layer_trace(architecture, work, before, after, place, layers[-1].a, matrix))
    return StepTrace(number, indices, work.y, costs, tuple(layers))


def _layer_trace(
    architecture: Architecture,
    work: Workspace,
    before: Parameters,
    after: Parameters,
    place: int,
    below: Floats,
    feedback: Floats | None,
) -> LayerTrace:
    z, a, delta = work.z[place], work.a[place][:-1], work.delta[place][:-1]
    slope: Floats | None = work.slope[place][:-1]
    received = work.received[place][:-1]
    if place == len(work.z) - 1:  # training itself does not always need these at the output
        slope = _slope(architecture, place, z, a)
        received = COSTS[architecture.cost].slope(a, work.y)
    return LayerTrace(
        layer=place + 2,
        a=a,
        w=before.weights[place],
        b=before.biases[place],
        z=z,
        sigma_prime=slope,
        received=received,
        delta=delta,
        nabla_w=delta @ below.T / work.m,
        nabla_b=delta.sum(axis=1) / work.m,
        w_after=after.weights[place],
        b_after=after.biases[place],
        feedback=feedback,
    )


def _slope(architecture: Architecture, place: int, z: Floats, a: Floats) -> Floats | None:
    activation = ACTIVATIONS[architecture.activations[place]]
    return None if activation.slope_calls is None else activation.slope(z, a)


def trace_of_example(architecture: Architecture, trace: StepTrace, x: Floats, y: Floats) -> ExampleTrace:
    """Any example, x (n_1,) and y (n_L,), sent through the step's network as it was before the step."""
    traced = trace.layers[1:]
    before = Parameters.from_arrays(
        architecture.layers,
        [layer.w for layer in traced if layer.w is not None],
        [layer.b for layer in traced if layer.b is not None],
    )
    feedback = [layer.feedback for layer in traced[1:] if layer.feedback is not None]
    with np.errstate(all="ignore"):
        book = backprop(architecture, before, x[:, None], y[:, None], feedback or None)
    columns: list[Columns] = [(x[:, None], None, None, None, None)]
    for place, (z, received, delta) in enumerate(zip(book.zs, book.received, book.deltas, strict=True)):
        a = book.activations[place + 1]
        columns.append((a, z, _slope(architecture, place, z, a), received, delta))
    return example_trace(trace, columns, y[:, None], book.costs, 0)
