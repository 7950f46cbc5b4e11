"""The numbers of a trace against central differences: nudge, and see what the cost does."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from app.engine.activations import Floats
from app.engine.central_difference import Indices, Nudgeable, Slope, allowed, gentle
from app.engine.network import Architecture, Parameters
from app.engine.trace import ExampleTrace

FLAT = 1e-6  # below this in a whole layer, central differences say nothing
LIMIT = 2_000


@dataclass
class Tally:
    """How the entries of one array compared."""

    analytic: list[Floats] = field(default_factory=list)
    numeric: list[Floats] = field(default_factory=list)
    skipped: int = 0

    def add(self, analytic: Floats, slope: Slope) -> None:
        """Notes entries (n,); those whose nudge crossed a kink are only counted."""
        straight = slope.spoilt == 0
        self.skipped += int((~straight).sum())
        self.analytic.append(analytic[straight])
        self.numeric.append(slope.values[straight])

    def result(self, cost: float) -> dict[str, object]:
        """As the API tells it."""
        a, n = np.concatenate([*self.analytic, []]), np.concatenate([*self.numeric, []])
        with np.errstate(all="ignore"):
            error = np.abs(a - n)
            norms = float(np.linalg.norm(a) * np.linalg.norm(n))
        return {
            "checked": len(a),
            "skipped": self.skipped,
            "failed": int((~(error <= allowed(a, n, cost))).sum()),
            "max_error": float(error.max(initial=0.0)),
            "cosine": max(-1.0, min(1.0, float(a @ n) / norms)) if 0 < norms < math.inf else None,
        }

    def is_finite(self) -> bool:
        """Whether all that is compared is finite."""
        return all(bool(np.isfinite(values).all()) for values in (*self.analytic, *self.numeric))

    def is_flat(self) -> bool:
        """Whether no numeric derivative is large enough to say anything."""
        return all(bool((np.abs(values) < FLAT).all()) for values in self.numeric)


def samples(sizes: list[int], limit: int, rng: np.random.Generator) -> Iterator[Indices]:
    """For arrays of these sizes, which entries to check: all, or at most ``limit`` together, small arrays whole."""
    left, shares = limit, {}
    for rank, place in enumerate(sorted(range(len(sizes)), key=sizes.__getitem__)):
        shares[place] = min(sizes[place], left // (len(sizes) - rank))
        left -= shares[place]
    for place, size in enumerate(sizes):
        yield np.sort(rng.choice(size, shares[place], replace=False))


def nudgeable(architecture: Architecture, parameters: Parameters, example: ExampleTrace) -> Nudgeable:
    """A traced example, ready to be nudged; ``parameters`` are those before the step."""
    return Nudgeable(
        architecture,
        parameters,
        example.y[:, None],
        [layer.z[:, None] for layer in example.layers[1:] if layer.z is not None],
        [layer.a[:, None] for layer in example.layers],
    )


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
    traced, check = example.layers[1:], nudgeable(architecture, parameters, example)
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
            below = example.layers[place].a[k]
            tallies["w"].add(layer.charged[j, k], check.slopes(place, j, below, gentle(epsilon, below)))
            j = next(chosen)
            tallies["b"].add(layer.delta[j], check.slopes(place, j, np.ones(len(j)), np.full(len(j), epsilon)))
            j = next(chosen)
            j = j[np.isfinite(layer.received[j])]
            room = check.room(place, j)
            tallies["received"].add(layer.received[j], check.activation_slopes(place, j, epsilon * room))
            layers.append(_layer_result(layer.layer, tallies, example.cost, feedback, len(architecture.layers)))
    passed = all(layer["passed"] for layer in layers)
    return {"passed": passed, "epsilon": epsilon, "feedback": feedback, "layers": layers}


def _layer_result(layer: int, tallies: dict[str, Tally], cost: float, feedback: str, last: int) -> dict[str, object]:
    results = {name: tally.result(cost) for name, tally in tallies.items()}
    failed = any(result["failed"] for result in results.values())
    if failed and not all(tally.is_finite() for tally in tallies.values()):
        verdict = "fails: some numbers are not finite, so that nothing can be compared with them"
    elif failed and feedback != "transpose" and layer < last:
        verdict = f"differs by design: the error was sent back by {feedback}, which is not the transpose"
    elif failed:
        verdict = "fails: nudging gives other numbers"
    elif all(tally.is_flat() for tally in tallies.values()):
        verdict = "inconclusive"
    else:
        verdict = "agrees"
    return {"layer": layer, **results, "verdict": verdict, "passed": not failed}
