"""One training step, fast: a list of numpy calls on arrays that are already there.

What pays for small networks is fewer calls (docs/decisions/0001-kernel.md):

* Activations are blocks (n_l + 1, m) whose last row is ones, and parameters are blocks [w | b], so that one matrix
  product does weights and bias together, forward and in the gradient.
* Slopes that follow from a² are computed in one go for all layers, on one flat buffer; a row of ones has slope 0.
* -learning_rate/m goes into the deltas, in a second buffer, or into the gradient, whichever is smaller. Delta itself
  stays the number that the trace shows, and the gradient is the finished update: plain SGD is then one addition.

Nothing here decides anything about a step that `backprop` does not say; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from app.engine.activations import ACTIVATIONS, ONE, Call, Floats
from app.engine.costs import output_error
from app.engine.network import Architecture, Parameters, aligned_zeros, split_blocks

Indices = NDArray[np.intp]


class Workspace:
    """The arrays of a step for one mini-batch size m, all views of one vector, so that one copy records them.

    Lists run over the layers from 2 to L. ``x`` is (n_1 + 1, m), the last row ones, and ``y`` (n_L, m); ``z`` (n_l, m);
    ``a``, ``slope``, ``received`` and ``delta`` are blocks (n_l + 1, m) whose last row is spare, in ``a`` ones.
    Numbers are copied from ``flat``, if given.
    """

    def __init__(self, layers: Sequence[int], m: int, flat: Floats | None = None) -> None:
        above = layers[1:]
        padded = [(n + 1, m) for n in above]
        shapes = [(m, layers[0] + 1), (layers[-1], m), *((n, m) for n in above), *padded * 4]
        self.m = m
        self.flat = aligned_zeros(sum(rows * columns for rows, columns in shapes))
        self.rows, self.y, *rest = split_blocks(self.flat, shapes)
        self.x = self.rows.T
        count = len(above)
        self.z, self.a, self.slope, self.received, self.delta = (
            rest[start : start + count] for start in range(0, 5 * count, count)
        )
        for block in self.a:
            block[-1] = 1.0
        if flat is not None:
            self.flat[:] = flat

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
        The training examples: as rows (N, n_1 + 1) with a last column of ones, and as columns (n_L, N).
    m
        Size of the mini-batch.
    scale
        The gradient is multiplied by it: 1/m, or -learning_rate/m if ``plain``.
    feedback
        For layers 2 to L-1, (n_l, n_(l+1)), in the transposes' place; None for the transposes.
    plain
        Whether the scaled gradient is added to the parameters at once (plain SGD).
    more
        Training examples that come after these, laid out alike: so that the others, which are shared, are not copied.
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
        more: tuple[Floats, Floats] | None = None,
    ) -> None:
        self.architecture = architecture
        self.parameters = parameters
        self.work = Workspace(architecture.layers, m)
        self.gradient = Parameters(architecture.layers)
        self._take_x, self._take_y = inputs.take, targets.take
        self._more, self._count = more, len(inputs)
        self.program = [*self._forward(), *self._output_error(), *self._backward(feedback), *self._gradients(scale)]
        if not train_biases:
            self.program += [(bias.fill, (0.0,)) for bias in self.gradient.biases]
        if plain:
            self.program.append((np.add, (parameters.flat, self.gradient.flat, parameters.flat)))

    def run(self, indices: Indices) -> None:
        """One step on these training examples: leaves activations, deltas and the scaled gradient in the arrays."""
        self._take_x(indices, 0, self.work.rows, "clip")
        self._take_y(indices, 1, self.work.y, "clip")
        if self._more is not None:
            self._take_more(indices, *self._more)
        for function, arguments in self.program:
            function(*arguments)

    def _take_more(self, indices: Indices, inputs: Floats, targets: Floats) -> None:
        """Puts the further examples of a mini-batch in their places."""
        beyond = (indices >= self._count).nonzero()[0]
        if len(beyond):
            places = indices[beyond] - self._count
            self.work.rows[beyond] = inputs[places]
            self.work.y[:, beyond] = targets[:, places]

    def _forward(self) -> list[Call]:
        calls: list[Call] = []
        below = self.work.x
        for place, name in enumerate(self.architecture.activations):
            z, a = self.work.z[place], self.work.a[place]
            calls.append((self.parameters.blocks[place].dot, (below, z)))
            calls += ACTIVATIONS[name].value_calls(z, a[:-1])
            below = a
        return calls

    def _output_error(self) -> list[Call]:
        """The slopes of all layers, and BP1. Where the slope of the output cancels against the cost, delta is a - y."""
        work, name, cost = self.work, self.architecture.activations[-1], self.architecture.cost
        hidden, z = len(work.z) - 1, work.z[-1]
        a, slope, received, delta = (blocks[-1][:-1] for blocks in (work.a, work.slope, work.received, work.delta))
        if (name, cost) == ("sigmoid", "cross_entropy"):
            return [*self._slopes(hidden), (np.subtract, (a, work.y, delta))]
        if name == "softmax" or cost != "quadratic":
            return [*self._slopes(hidden), (self._general_output_error, (cost, name, z, a, delta))]
        return [
            *self._slopes(hidden + 1),
            (np.subtract, (a, work.y, received)),
            (np.multiply, (received, slope, delta)),
        ]

    def _general_output_error(self, cost: str, name: str, z: Floats, a: Floats, delta: Floats) -> None:
        delta[...] = output_error(cost, name, z, a, self.work.y)

    def _slopes(self, count: int) -> list[Call]:
        """sigma' of the first layers, so many: neighbours that start from a² share the calls."""
        work, names = self.work, self.architecture.activations
        calls: list[Call] = []
        for squared, group in groupby(range(count), lambda place: ACTIVATIONS[names[place]].square_from is not None):
            places = list(group)
            if squared:
                a, slope = (work.run_of(blocks, places[0], places[-1]) for blocks in (work.a, work.slope))
                calls.append((np.multiply, (a, a, slope)))
                calls += self._from_squares(places)
                continue
            for place in places:
                slope_calls = ACTIVATIONS[names[place]].slope_calls
                assert slope_calls is not None  # softmax is no hidden layer
                calls += slope_calls(work.z[place], work.a[place][:-1], work.slope[place][:-1])
        return calls

    def _from_squares(self, places: list[int]) -> list[Call]:
        work, names = self.work, self.architecture.activations
        calls: list[Call] = []
        for kind, group in groupby(places, lambda place: ACTIVATIONS[names[place]].square_from):
            same = list(group)
            a, slope = (work.run_of(blocks, same[0], same[-1]) for blocks in (work.a, work.slope))
            calls.append((np.subtract, (a if kind == "a" else ONE, slope, slope)))
        return calls

    def _backward(self, feedback: list[Floats] | None) -> list[Call]:
        """BP2, from layer L-1 down to 2."""
        work = self.work
        calls: list[Call] = []
        for place in range(len(work.delta) - 2, -1, -1):
            delta_next = work.delta[place + 1][:-1]
            if feedback is None:  # the row of the bias comes along: it is never looked at
                calls.append((self.parameters.blocks[place + 1].T.dot, (delta_next, work.received[place])))
            else:
                calls.append((feedback[place].dot, (delta_next, work.received[place][:-1])))
            received, slope, delta = (blocks[place][:-1] for blocks in (work.received, work.slope, work.delta))
            calls.append((np.multiply, (received, slope, delta)))
        return calls

    def _gradients(self, scale: float) -> list[Call]:
        """BP3 and BP4 in one product for each layer, where the last column is the bias's; times ``scale``."""
        work, gradient, factor = self.work, self.gradient, np.array(scale)
        deltas = work.run_of(work.delta, 0, len(work.delta) - 1)
        if gradient.flat.size < deltas.size:
            return [*self._products(work.delta), (np.multiply, (gradient.flat, factor, gradient.flat))]
        scaled = aligned_zeros(deltas.size)
        blocks = split_blocks(scaled, [(len(block), work.m) for block in work.delta])
        return [(np.multiply, (deltas, factor, scaled)), *self._products(blocks)]

    def _products(self, deltas: list[Floats]) -> list[Call]:
        below = [self.work.x, *self.work.a[:-1]]
        return [
            (delta[:-1].dot, (a.T, block)) for delta, a, block in zip(deltas, below, self.gradient.blocks, strict=True)
        ]
