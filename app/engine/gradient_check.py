"""The numbers of a trace against central differences: nudge, and see what the cost does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from app.engine.activations import ACTIVATIONS, Floats
from app.engine.costs import COSTS
from app.engine.network import Architecture, Parameters
from app.engine.trace import ExampleTrace

RELATIVE, ABSOLUTE = 1e-5, 1e-9
FLAT = 1e-6  # below this in a whole layer, central differences say nothing
LIMIT = 2_000
COARSE = 1e-9  # nearer to 1 than this, nudges of a are lost in its last digits

Indices = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass
class Tally:
    """How the entries of one array compared."""

    analytic: list[Floats] = field(default_factory=list)
    numeric: list[Floats] = field(default_factory=list)
    skipped: int = 0

    def add(self, analytic: Floats, numeric: Floats, kinked: Floats) -> None:
        """Notes entries (n,); those whose nudge crossed a kink are only counted."""
        straight = kinked == 0
        self.skipped += int((~straight).sum())
        self.analytic.append(analytic[straight])
        self.numeric.append(numeric[straight])

    def result(self, cost: float) -> dict[str, object]:
        """As the API tells it."""
        a, n = np.concatenate([*self.analytic, []]), np.concatenate([*self.numeric, []])
        error = np.abs(a - n)
        allowed = RELATIVE * np.maximum(np.abs(a), np.abs(n)) + ABSOLUTE * max(1.0, cost)
        norms = float(np.linalg.norm(a) * np.linalg.norm(n))
        return {
            "checked": len(a),
            "skipped": self.skipped,
            "failed": int((~(error <= allowed)).sum()),
            "max_error": float(error.max(initial=0.0)),
            "cosine": float(a @ n) / norms if norms > 0 else None,
        }

    def is_flat(self) -> bool:
        """Whether no numeric derivative is large enough to say anything."""
        return all(bool((np.abs(values) < FLAT).all()) for values in self.numeric)


@dataclass(frozen=True)
class Check:
    """One example sent through a network, ready to be nudged anywhere.

    ``zs`` from layer 2, ``activations`` from layer 1, each a vector (n_l,).
    """

    architecture: Architecture
    parameters: Parameters
    y: Floats
    zs: list[Floats]
    activations: list[Floats]
    epsilon: float

    def from_z(self, place: int, z: Floats) -> tuple[Floats, list[Floats]]:
        """Costs (S,) for S versions of z in layer ``place`` + 2, as columns, and the signs of all z from there on."""
        return self.from_a(place, ACTIVATIONS[self.architecture.activations[place]].value(z), z)

    def from_a(self, place: int, a: Floats, z: Floats) -> tuple[Floats, list[Floats]]:
        """The same for S versions of a in that layer."""
        names, signs = self.architecture.activations, [np.sign(z)]
        for above in range(place + 1, len(names)):
            z = self.parameters.weights[above] @ a + self.parameters.biases[above][:, None]
            a = ACTIVATIONS[names[above]].value(z)
            signs.append(np.sign(z))
        y = np.repeat(self.y[:, None], a.shape[1], axis=1)
        return COSTS[self.architecture.cost].costs(names[-1], z, a, y), signs

    def slopes(self, place: int, j: Indices, sizes: Floats) -> tuple[Floats, Floats]:
        """dC by central difference as z_j moves with ``sizes`` (S,), and whether a kink lies between.

        A nudge of epsilon; less where z_j would move by more than that, as it does for a weight below a large input.
        """
        nudge = self.epsilon / np.maximum(1.0, np.abs(sizes))
        up, down = nudged(self.zs[place], j, nudge * sizes)
        return self._difference(place, self.from_z(place, up), self.from_z(place, down), 2 * nudge)

    def activation_slopes(self, place: int, j: Indices) -> tuple[Floats, Floats]:
        """The same when a_j itself moves."""
        if place == len(self.zs) - 1:
            return self._output_slopes(j)
        up, down = nudged(self.activations[place + 1], j, np.full(len(j), self.epsilon))
        z = np.repeat(self.zs[place][:, None], len(j), axis=1)
        distance = np.full(len(j), 2 * self.epsilon)
        return self._difference(place, self.from_a(place, up, z), self.from_a(place, down, z), distance)

    def _output_slopes(self, j: Indices) -> tuple[Floats, Floats]:
        """At the output the cost is taken of a itself: there is no z that would give the nudged one.

        The nudge shrinks with the distance to where a logarithm ends; so near to 1 that a is too coarse, none is made.
        """
        room = room_of_outputs(self.architecture.cost, self.activations[-1][j], self.y[j])
        up, down = nudged(self.activations[-1], j, self.epsilon * room)
        y = np.repeat(self.y[:, None], len(j), axis=1)
        columns = np.arange(len(j))
        costs = [cost_of_outputs(self.architecture.cost, a, y) for a in (up, down)]
        too_coarse = (self.activations[-1][j] > 0.5) & (room < COARSE)
        return (costs[0] - costs[1]) / (up[j, columns] - down[j, columns]), too_coarse.astype(np.float64)

    def _difference(
        self, place: int, up: tuple[Floats, list[Floats]], down: tuple[Floats, list[Floats]], distance: Floats
    ) -> tuple[Floats, Floats]:
        kinked = np.zeros(len(up[0]))
        for above, (one, other) in enumerate(zip(up[1], down[1], strict=True), start=place):
            if ACTIVATIONS[self.architecture.activations[above]].kinked:
                kinked += (one != other).any(axis=0)
        return (up[0] - down[0]) / distance, kinked


def nudged(values: Floats, j: Indices, nudges: Floats) -> tuple[Floats, Floats]:
    """Copies of a vector (n,) as columns (n, S), in each of which entry j moved up, or down, by its nudge."""
    base = np.repeat(values[:, None], len(j), axis=1)
    up, down = base.copy(), base
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


def samples(sizes: list[int], limit: int, rng: np.random.Generator) -> Iterator[Indices]:
    """For arrays of these sizes, which entries to check: all, or at most ``limit`` together, small arrays whole."""
    left, shares = limit, {}
    for rank, place in enumerate(sorted(range(len(sizes)), key=sizes.__getitem__)):
        shares[place] = min(sizes[place], left // (len(sizes) - rank))
        left -= shares[place]
    for place, size in enumerate(sizes):
        yield np.sort(rng.choice(size, shares[place], replace=False))


def gradient_check(
    architecture: Architecture,
    parameters: Parameters,
    example: ExampleTrace,
    feedback: str,
    epsilon: float,
    seed: int,
    limit: int = LIMIT,
) -> dict[str, object]:
    """Checks charged, delta and received of an example, for every weight, bias and activation, or a sample of them.

    ``parameters`` are those before the step; each number is compared with a central difference of that example's cost.
    An entry agrees if |a - n| <= 1e-5 max(|a|, |n|) + 1e-9 max(1, C). Answers the API's document.
    """
    traced = example.layers[1:]
    check = Check(
        architecture,
        parameters,
        example.y,
        [layer.z for layer in traced if layer.z is not None],
        [layer.a for layer in example.layers],
        epsilon,
    )
    sizes = [size for w in parameters.weights for size in (w.size, len(w), len(w))]
    chosen = samples(sizes, limit, np.random.default_rng([seed, 0xC4EC]))
    layers = []
    with np.errstate(all="ignore"):
        for place, layer in enumerate(traced):
            assert layer.charged is not None
            assert layer.delta is not None
            assert layer.received is not None
            tallies = {"w": Tally(), "b": Tally(), "received": Tally()}
            entries = next(chosen)
            j, k = np.unravel_index(entries, layer.charged.shape)
            below = check.activations[place][k]
            tallies["w"].add(layer.charged[j, k], *check.slopes(place, j, below))
            j = next(chosen)
            tallies["b"].add(layer.delta[j], *check.slopes(place, j, np.ones(len(j))))
            j = next(chosen)
            j = j[np.isfinite(layer.received[j])]
            tallies["received"].add(layer.received[j], *check.activation_slopes(place, j))
            layers.append(_layer_result(layer.layer, tallies, example.cost, feedback, len(architecture.layers)))
    passed = all(layer["passed"] for layer in layers)
    return {"passed": passed, "epsilon": epsilon, "feedback": feedback, "layers": layers}


def _layer_result(layer: int, tallies: dict[str, Tally], cost: float, feedback: str, last: int) -> dict[str, object]:
    results = {name: tally.result(cost) for name, tally in tallies.items()}
    failed = any(result["failed"] for result in results.values())
    if failed and feedback != "transpose" and layer < last:
        verdict = f"differs by design: the error was sent back by {feedback}, which is not the transpose"
    elif failed:
        verdict = "fails: nudging gives other numbers"
    elif all(tally.is_flat() for tally in tallies.values()):
        verdict = "inconclusive"
    else:
        verdict = "agrees"
    return {"layer": layer, **results, "verdict": verdict, "passed": not failed}
