"""Slopes without calculus: move one number a little up and a little down, and see what the cost does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.engine.activations import ACTIVATIONS, Floats
from app.engine.costs import COSTS
from app.engine.network import Architecture, Parameters

RELATIVE, ABSOLUTE = 1e-5, 1e-9
COARSE = 1e-9  # nearer to 1 than this, nudges of a are lost in its last digits

Indices = np.ndarray[tuple[int], np.dtype[np.intp]]


def allowed(analytic: Floats, numeric: Floats, cost: float) -> Floats:
    """How far two derivatives of a cost may be apart and still agree, entry by entry."""
    return RELATIVE * np.maximum(np.abs(analytic), np.abs(numeric)) + ABSOLUTE * max(1.0, cost)


def gentle(epsilon: float, sizes: Floats) -> Floats:
    """A nudge of epsilon; less where z would move by more than that, as it does for a weight below a large input."""
    nudge: Floats = epsilon / np.maximum(1.0, np.abs(sizes))
    return nudge


@dataclass(frozen=True)
class Moved:
    """What S nudges make of the network: costs (S,), and z of the layers that move, each (n_l, S)."""

    costs: Floats
    zs: list[Floats]


@dataclass(frozen=True)
class Slope:
    """What came of S nudges both ways: dC (S,), whether each says nothing (a kink, say), and both ends."""

    values: Floats
    spoilt: Floats
    up: Moved
    down: Moved


@dataclass(frozen=True)
class Nudgeable:
    """Examples sent through a network, ready to be nudged anywhere.

    Columns are examples: a single one, which is nudged in S ways, or S of them, each in one way. ``zs`` from layer 2,
    ``activations`` from layer 1, each (n_l, 1) or (n_l, S); ``y`` (n_L, 1) or (n_L, S).
    """

    architecture: Architecture
    parameters: Parameters
    y: Floats
    zs: list[Floats]
    activations: list[Floats]

    def from_z(self, place: int, z: Floats) -> Moved:
        """What S versions of z in layer ``place`` + 2, as columns, lead to."""
        moved = self.from_a(place, ACTIVATIONS[self.architecture.activations[place]].value(z), z)
        return Moved(moved.costs, [z, *moved.zs])

    def from_a(self, place: int, a: Floats, z: Floats | None = None) -> Moved:
        """The same for S versions of a in that layer; place -1 is the input. ``z`` goes with a."""
        names, zs = self.architecture.activations, []
        for above in range(place + 1, len(names)):
            z = self.parameters.weights[above] @ a + self.parameters.biases[above][:, None]
            a = ACTIVATIONS[names[above]].value(z)
            zs.append(z)
        assert z is not None
        return Moved(COSTS[self.architecture.cost].costs(names[-1], z, a, np.broadcast_to(self.y, a.shape)), zs)

    def slopes(self, place: int, j: Indices, sizes: Floats, nudge: Floats) -> Slope:
        """dC by central difference as z_j moves by ``nudge`` times ``sizes``, both (S,)."""
        up, down = nudged(self.zs[place], j, nudge * sizes)
        return self._between(place, self.from_z(place, up), self.from_z(place, down), 2 * nudge)

    def activation_slopes(self, place: int, j: Indices, nudge: Floats) -> Slope:
        """The same when a_j itself moves, in layer ``place`` + 2; place -1 is the input."""
        if place == len(self.zs) - 1:
            return self._output_slopes(j, nudge)
        up, down = nudged(self.activations[place + 1], j, nudge)
        return self._between(place + 1, self.from_a(place, up), self.from_a(place, down), 2 * nudge)

    def _output_slopes(self, j: Indices, nudge: Floats) -> Slope:
        """At the output the cost is taken of a itself: there is no z that would give the nudged one.

        So near to 1 that a is too coarse, the slope says nothing.
        """
        up, down = nudged(self.activations[-1], j, nudge)
        ends = [
            Moved(cost_of_outputs(self.architecture.cost, a, np.broadcast_to(self.y, a.shape)), []) for a in (up, down)
        ]
        columns = np.arange(len(j))
        a = np.broadcast_to(self.activations[-1], up.shape)[j, columns]
        too_coarse = (a > 0.5) & (self.room(len(self.zs) - 1, j) < COARSE)
        values = (ends[0].costs - ends[1].costs) / (up[j, columns] - down[j, columns])
        return Slope(values, too_coarse.astype(np.float64), *ends)

    def room(self, place: int, j: Indices) -> Floats:
        """How far a_j may be nudged, (S,): at most 1, less for an output near the end of a logarithm of the cost."""
        if place < len(self.zs) - 1:
            return np.ones(len(j))
        shape, columns = (len(self.y), len(j)), np.arange(len(j))
        a, y = (np.broadcast_to(values, shape)[j, columns] for values in (self.activations[-1], self.y))
        return room_of_outputs(self.architecture.cost, a, y)

    def _between(self, first: int, up: Moved, down: Moved, distance: Floats) -> Slope:
        kinked = np.zeros(len(up.costs))
        for place, (one, other) in enumerate(zip(up.zs, down.zs, strict=True), start=first):
            if ACTIVATIONS[self.architecture.activations[place]].kinked:
                kinked += (np.sign(one) != np.sign(other)).any(axis=0)
        return Slope((up.costs - down.costs) / distance, kinked, up, down)


def nudged(values: Floats, j: Indices, nudges: Floats) -> tuple[Floats, Floats]:
    """Copies of columns (n, 1) or (n, S) as (n, S), in each of which entry j moved up, or down, by its nudge."""
    up = np.array(np.broadcast_to(values, (len(values), len(j))), order="C")
    down = up.copy()
    up[j, np.arange(len(j))] += nudges
    down[j, np.arange(len(j))] -= nudges
    return up, down


def room_of_outputs(cost: str, a: Floats, y: Floats) -> Floats:
    """How far outputs (S,) are from where a logarithm of the cost ends, at most 1."""
    if cost == "quadratic":
        return np.ones_like(a)
    from_below = np.where(y == 0, 1.0, a)
    from_above = np.where(y == 1, 1.0, 1 - a) if cost == "cross_entropy" else 1.0
    return np.minimum(from_below, from_above)


def cost_of_outputs(cost: str, a: Floats, y: Floats) -> Floats:
    """The cost as a function of the outputs themselves, (m,)."""
    if cost == "quadratic":
        terms = 0.5 * (a - y) ** 2
    elif cost == "cross_entropy":
        terms = -(np.where(y == 0, 0, y * np.log(a)) + np.where(y == 1, 0, (1 - y) * np.log1p(-a)))
    else:
        terms = -np.where(y == 0, 0, y * np.log(a))
    total: Floats = terms.sum(axis=0)
    return total
