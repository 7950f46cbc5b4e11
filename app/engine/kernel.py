"""One training step, fast: a list of numpy calls on arrays that are already there.

What pays for small networks is fewer calls (docs/decisions/0001-kernel.md):

* Activations are blocks (n_l + 1, m) whose last row is ones, and parameters are blocks [w | b], so that one matrix
  product does weights and bias together, forward and in the gradient.
* All hidden slopes of one kind are computed in one go, on one flat buffer; a row of ones has slope 0 by itself.
* All deltas are scaled by -learning_rate/m into a second buffer in one call. Delta itself stays the number that the
  trace shows, and the gradient products give the finished update: plain SGD is then one addition.

Nothing here decides anything about a step that `backprop` does not say; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS, Call, Floats
from app.engine.costs import output_error
from app.engine.network import Architecture, Parameters, aligned_zeros, split_blocks

Indices = NDArray[np.intp]


class Workspace:
    """The arrays of a step for one mini-batch size m, all views of one vector, so that one copy records them.

    Lists run over the layers from 2 to L. ``x`` (m, n_1 + 1) and ``y`` (m, n_L) are rows, as gathered from the data;
    ``z`` (n_l, m); ``a``, ``slope``, ``received`` and ``delta`` are blocks (n_l + 1, m) whose last row is spare.
    """

    def __init__(self, layers: Sequence[int], m: int) -> None:
        above = layers[1:]
        padded = [(n + 1, m) for n in above]
        shapes = [(m, layers[0] + 1), (m, layers[-1]), *((n, m) for n in above), *padded * 4]
        self.m = m
        self.flat = aligned_zeros(sum(rows * columns for rows, columns in shapes))
        self.x, self.y, *rest = split_blocks(self.flat, shapes)
        count = len(above)
        self.z, self.a, self.slope, self.received, self.delta = (
            rest[start : start + count] for start in range(0, 5 * count, count)
        )
        for block in self.a:
            block[-1] = 1.0

    def run_of(self, blocks: list[Floats], first: int, last: int) -> Floats:
        """Neighbouring blocks of one kind, from ``first`` to ``last``, as one flat vector."""
        start = self._offset(blocks[first])
        return self.flat[start : self._offset(blocks[last]) + blocks[last].size]

    def _offset(self, block: Floats) -> int:
        return (block.ctypes.data - self.flat.ctypes.data) // 8


class Kernel:
    """The program of a step for one mini-batch size.

    Parameters
    ----------
    parameters
        Read by the program; changed by it only where ``plain`` is.
    inputs, targets
        The training examples as rows: (N, n_1 + 1) with a last column of ones, and (N, n_L).
    m
        Size of the mini-batch.
    scale
        The gradient is multiplied by it: 1/m, or -learning_rate/m if ``plain``.
    feedback
        For layers 2 to L-1, (n_l, n_(l+1)), in the transposes' place; None for the transposes.
    plain
        Whether the scaled gradient is added to the parameters at once (plain SGD).
    """

    def __init__(
        self,
        architecture: Architecture,
        parameters: Parameters,
        inputs: Floats,
        targets: Floats,
        m: int,
        *,
        scale: float,
        feedback: list[Floats] | None,
        train_biases: bool,
        plain: bool,
    ) -> None:
        self.architecture = architecture
        self.parameters = parameters
        self.work = Workspace(architecture.layers, m)
        self.gradient = Parameters(architecture.layers)
        self._take_x, self._take_y = inputs.take, targets.take
        scaled_flat, scaled = self._scaled_deltas()
        program = [*self._forward(), *self._output_error(), *self._backward(feedback)]
        program.append((np.multiply, (self.work.run_of(self.work.delta, 0, len(scaled) - 1), scale, scaled_flat)))
        program += self._gradients(scaled)
        if not train_biases:
            program += [(bias.fill, (0.0,)) for bias in self.gradient.biases]
        if plain:
            program.append((np.add, (parameters.flat, self.gradient.flat, parameters.flat)))
        self.program = program

    def run(self, indices: Indices) -> None:
        """One step on these rows of the data: leaves activations, deltas and the scaled gradient in the arrays."""
        self._take_x(indices, 0, self.work.x, "clip")
        self._take_y(indices, 0, self.work.y, "clip")
        for function, arguments in self.program:
            function(*arguments)

    def _scaled_deltas(self) -> tuple[Floats, list[Floats]]:
        flat = aligned_zeros(sum(block.size for block in self.work.delta))
        return flat, split_blocks(flat, [(block.shape[0], block.shape[1]) for block in self.work.delta])

    def _forward(self) -> list[Call]:
        calls: list[Call] = []
        below = self.work.x.T
        for place, name in enumerate(self.architecture.activations):
            z, a = self.work.z[place], self.work.a[place]
            calls.append((self.parameters.blocks[place].dot, (below, z)))
            calls += ACTIVATIONS[name].value_calls(z, a[:-1])
            below = a
        return calls

    def _output_error(self) -> list[Call]:
        """BP1. Where the slope of the output cancels against the cost, delta is a - y."""
        work, name, cost = self.work, self.architecture.activations[-1], self.architecture.cost
        z, a, slope, received, delta = (
            blocks[-1] if blocks is work.z else blocks[-1][:-1]
            for blocks in (work.z, work.a, work.slope, work.received, work.delta)
        )
        if (name, cost) == ("sigmoid", "cross_entropy"):
            return [(np.subtract, (a, work.y.T, delta))]
        slope_calls = ACTIVATIONS[name].slope_calls
        if slope_calls is None or cost != "quadratic":
            return [(self._general_output_error, (cost, name, z, a, delta))]
        return [
            *slope_calls(z, a, slope),
            (np.subtract, (a, work.y.T, received)),
            (np.multiply, (received, slope, delta)),
        ]

    def _general_output_error(self, cost: str, name: str, z: Floats, a: Floats, delta: Floats) -> None:
        delta[...] = output_error(cost, name, z, a, self.work.y.T)

    def _backward(self, feedback: list[Floats] | None) -> list[Call]:
        """BP2, from layer L-1 down to 2."""
        work = self.work
        hidden = len(work.delta) - 1
        calls = self._slopes(hidden)
        for place in range(hidden - 1, -1, -1):
            delta_next = work.delta[place + 1][:-1]
            if feedback is None:  # the row of the bias comes along: it is never looked at
                calls.append((self.parameters.blocks[place + 1].T.dot, (delta_next, work.received[place])))
            else:
                calls.append((feedback[place].dot, (delta_next, work.received[place][:-1])))
            calls.append((np.multiply, (work.received[place], work.slope[place], work.delta[place])))
        return calls

    def _slopes(self, hidden: int) -> list[Call]:
        """sigma' of all hidden layers; neighbours of one kind together where the row of ones allows it."""
        calls: list[Call] = []
        work = self.work
        for name, group in groupby(range(hidden), key=self.architecture.activations.__getitem__):
            places = list(group)
            slope_calls = ACTIVATIONS[name].slope_calls
            assert slope_calls is not None  # softmax is never hidden
            if ACTIVATIONS[name].from_activation:
                a, slope = (work.run_of(blocks, places[0], places[-1]) for blocks in (work.a, work.slope))
                calls += slope_calls(a, a, slope)
            else:
                for place in places:
                    calls += slope_calls(work.z[place], work.a[place][:-1], work.slope[place][:-1])
        return calls

    def _gradients(self, scaled: list[Floats]) -> list[Call]:
        """BP3 and BP4 in one product for each layer: the last column is the bias's."""
        below = [self.work.x, *(a.T for a in self.work.a[:-1])]
        return [
            (delta[:-1].dot, (a, block)) for delta, a, block in zip(scaled, below, self.gradient.blocks, strict=True)
        ]
