"""How start parameters are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Floats
from app.engine.errors import EngineError
from app.engine.network import Parameters

STREAM = 0x57A7  # keeps these draws apart from all others of the same seed


@dataclass(frozen=True)
class Initializer:
    """Draws the weights (n_out, n_in) and biases (n_out,) of one layer."""

    name: str
    description: str
    weights: Callable[[np.random.Generator, int, int], Floats]
    bias_deviation: float = 0.0


def _normal(deviation: Callable[[int, int], float]) -> Callable[[np.random.Generator, int, int], Floats]:
    return lambda rng, n_out, n_in: rng.normal(0.0, deviation(n_out, n_in), (n_out, n_in))


def _orthogonal(rng: np.random.Generator, n_out: int, n_in: int) -> Floats:
    q, r = np.linalg.qr(rng.normal(size=(max(n_out, n_in), min(n_out, n_in))))
    q = q * np.where(np.diag(r) < 0, -1.0, 1.0)  # makes the draw uniform over the orthogonal matrices
    return q if n_out >= n_in else q.T


INITIALIZERS: dict[str, Initializer] = {
    initializer.name: initializer
    for initializer in (
        Initializer(
            "book",
            "Weights N(0, 1/n_in), biases N(0, 1), as in Nielsen's chapter 3.",
            _normal(lambda o, i: i**-0.5),
            1.0,
        ),
        Initializer(
            "book_large",
            "Weights and biases N(0, 1): neurons with many inputs start saturated.",
            _normal(lambda o, i: 1.0),
            1.0,
        ),
        Initializer(
            "xavier",
            "Weights N(0, 2/(n_in + n_out)), biases 0: good for tanh and sigmoid.",
            _normal(lambda o, i: (2 / (i + o)) ** 0.5),
        ),
        Initializer("he", "Weights N(0, 2/n_in), biases 0: good for relu.", _normal(lambda o, i: (2 / i) ** 0.5)),
        Initializer(
            "orthogonal",
            "Weights with orthonormal rows or columns, biases 0: keeps lengths, if square both ways.",
            _orthogonal,
        ),
        Initializer(
            "zeros",
            "All zero: with the transpose hidden neurons stay identical for ever.",
            lambda rng, n_out, n_in: np.zeros((n_out, n_in)),
        ),
    )
}


def initialize(name: str, scale: float, layers: Sequence[int], seed: int) -> Parameters:
    """Start parameters drawn from the seed; ``normal`` takes ``scale`` as standard deviation, the others ignore it.

    Raises EngineError for an unknown name.
    """
    if name == "normal":
        chosen = Initializer("normal", "", _normal(lambda n_out, n_in: scale))
    elif name in INITIALIZERS:
        chosen = INITIALIZERS[name]
    else:
        raise EngineError(
            f"There is no initializer {name!r}: use one of {', '.join(INITIALIZERS)}, normal.", "initializer"
        )
    rng = np.random.default_rng([seed, STREAM])
    parameters = Parameters(layers)
    for w, b in zip(parameters.weights, parameters.biases, strict=True):
        w[...] = chosen.weights(rng, *w.shape)
        b[...] = rng.normal(0.0, chosen.bias_deviation, b.shape) if chosen.bias_deviation else 0.0
    return parameters
