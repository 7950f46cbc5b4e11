"""Networks, data and settings that the engine's tests share; everything seeded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

from app.engine.activations import ACTIVATIONS
from app.engine.initializers import initialize
from app.engine.network import Architecture, Parameters
from app.engine.optimizers import OptimizerSettings
from app.engine.training import Trainer, TrainingSettings

Floats = NDArray[np.float64]
Lists = list[Floats]

HIDDEN = tuple(name for name in ACTIVATIONS if name != "softmax")
KINKED = ("relu", "leaky_relu")
OUTPUTS = (
    *((name, "quadratic") for name in ACTIVATIONS),
    ("sigmoid", "cross_entropy"),
    ("softmax", "cross_entropy"),
    ("softmax", "log_likelihood"),
)
COMBINATIONS = tuple((hidden, last, cost) for hidden in HIDDEN for last, cost in OUTPUTS)
PLAIN = TrainingSettings(OptimizerSettings("sgd", learning_rate=0.5))

# The same examples in every run.
facts = settings(derandomize=True, deadline=None, max_examples=150)


@dataclass(frozen=True)
class Problem:
    """A network, its parameters, and training examples as rows: inputs (N, n_1), targets (N, n_L)."""

    architecture: Architecture
    parameters: Parameters
    inputs: Floats
    targets: Floats

    @property
    def x(self) -> Floats:
        """(n_1, N): columns are examples."""
        return self.inputs.T

    @property
    def y(self) -> Floats:
        """(n_L, N)."""
        return self.targets.T

    def trainer(self, settings: TrainingSettings = PLAIN, seed: int = 1) -> Trainer:
        """A trainer at these parameters."""
        return Trainer(self.architecture, self.inputs, self.targets, settings, seed, self.parameters)


def problem(layers: Sequence[int], activations: Sequence[str], cost: str, n: int, seed: int) -> Problem:
    """Normal inputs, Xavier weights and small normal biases; targets that the cost is made for."""
    rng = np.random.default_rng(seed)
    architecture = Architecture(tuple(layers), tuple(activations), cost)
    parameters = initialize("xavier", 1.0, layers, seed)
    for bias in parameters.biases:
        bias[...] = 0.3 * rng.normal(size=bias.shape)
    return Problem(architecture, parameters, rng.normal(size=(n, layers[0])), _targets(rng, n, layers[-1], cost))


def _targets(rng: np.random.Generator, n: int, outputs: int, cost: str) -> Floats:
    if cost == "quadratic":
        return rng.normal(size=(n, outputs))
    if cost == "cross_entropy":
        return rng.random((n, outputs))
    return np.eye(outputs)[rng.integers(outputs, size=n)]


@st.composite
def problems(draw: st.DrawFn, smooth: bool = False) -> Problem:
    """Random networks of 2 to 5 layers with 1 to 7 examples; ``smooth`` leaves out activations with a kink."""
    last, cost = draw(st.sampled_from([pair for pair in OUTPUTS if not (smooth and pair[0] in KINKED)]))
    layers = draw(st.lists(st.integers(1, 6), min_size=1, max_size=4))
    outputs = draw(st.integers(2 if last == "softmax" else 1, 5))
    names = st.sampled_from([name for name in HIDDEN if not (smooth and name in KINKED)])
    hidden = draw(st.lists(names, min_size=len(layers) - 1, max_size=len(layers) - 1))
    return problem([*layers, outputs], [*hidden, last], cost, draw(st.integers(1, 7)), draw(st.integers(0, 10**6)))


def everything(n: int) -> NDArray[np.intp]:
    """Indices of one mini-batch of all examples."""
    return np.arange(n)


def known(array: Floats | None) -> Floats:
    """An array of a trace that must be there."""
    assert array is not None
    return array


def off(actual: Floats | None, expected: ArrayLike) -> float:
    """The largest difference, relative to the largest expected number of the array (absolute where that is 0)."""
    found, wanted = known(actual), np.asarray(expected, dtype=np.float64)
    assert found.shape == wanted.shape
    size = float(np.abs(wanted).max())
    return float(np.abs(found - wanted).max()) / (size or 1.0)


def same(actual: Floats | None, expected: ArrayLike, tolerance: float = 1e-14) -> None:
    """Asserts that ``off`` is within the tolerance."""
    difference = off(actual, expected)
    assert difference <= tolerance, f"off by {difference:.3g}, relative: {actual!r} instead of {expected!r}"
