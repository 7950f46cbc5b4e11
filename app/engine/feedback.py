"""What may stand in BP2 for the transpose of the weights. Source: Lillicrap et al. 2016 for random feedback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Floats
from app.engine.errors import EngineError
from app.engine.network import Parameters

STREAM = 0xFEED  # keeps these draws apart from all others of the same seed
RCOND = 1e-12

Draws = Callable[[], np.random.Generator]


@dataclass(frozen=True)
class Operator:
    """A feedback operator: ``matrix(w, start, draws)`` makes the matrix (n_l, n_(l+1)) from w^(l+1) (n_(l+1), n_l).

    ``start`` is w^(l+1) at the start; ``draws()`` gives a generator of the operator's own.

    ``changes``: "never" after the start, with the "weights", or at each "step" by a draw of its own.
    """

    name: str
    description: str
    matrix: Callable[[Floats, Floats, Draws], Floats]
    changes: str


def pseudo_inverse(w: Floats) -> Floats:
    """W^+, singular values below 1e-12 of the largest taken as 0; all NaN where W is not finite."""
    if not np.isfinite(w).all():
        return np.full(w.T.shape, np.nan)
    return np.asarray(np.linalg.pinv(w, rcond=RCOND), dtype=np.float64)


def _rescaled(w: Floats, start: Floats, draws: Draws) -> Floats:
    inverse = pseudo_inverse(w)
    size = float(np.linalg.norm(inverse))
    return inverse * (float(np.linalg.norm(w)) / size) if size else inverse


def _random(w: Floats, start: Floats, draws: Draws) -> Floats:
    n_below = w.shape[1]
    return draws().normal(0.0, n_below**-0.5, w.T.shape)


FEEDBACKS: dict[str, Operator] = {
    operator.name: operator
    for operator in (
        Operator("transpose", "Wᵀ: the derivative itself.", lambda w, start, draws: w.T, "weights"),
        Operator("inverse", "The pseudo-inverse of W.", lambda w, start, draws: pseudo_inverse(w), "weights"),
        Operator("inverse_rescaled", "The pseudo-inverse, scaled to the Frobenius norm of W.", _rescaled, "weights"),
        Operator("random", "A fixed random matrix (feedback alignment).", _random, "never"),
        Operator("fresh_random", "A new random matrix at each step.", _random, "step"),
        Operator(
            "sign",
            "The signs of Wᵀ, times the mean size of the weights at the start.",
            lambda w, start, draws: np.sign(w.T) * np.abs(start).mean(),
            "weights",
        ),
        Operator("frozen", "Wᵀ as it was at the start.", lambda w, start, draws: start.T.copy(), "never"),
        Operator(
            "none",
            "Nothing is sent back: hidden layers learn nothing.",
            lambda w, start, draws: np.zeros(w.T.shape),
            "never",
        ),
        Operator("negative", "−Wᵀ.", lambda w, start, draws: -w.T, "weights"),
    )
}


class Feedback:
    """One operator for one network.

    Parameters
    ----------
    name
        A key of FEEDBACKS.
    seed
        Random matrices are drawn from (seed, l), or (seed, l, step).
    start
        The parameters at the start, for ``sign`` and ``frozen``.
    """

    def __init__(self, name: str, seed: int, start: Parameters) -> None:
        if name not in FEEDBACKS:
            raise EngineError(f"There is no feedback {name!r}: use one of {', '.join(FEEDBACKS)}.", "feedback.name")
        self.operator = FEEDBACKS[name]
        self.seed = seed
        self.start = start

    def matrix(self, layer: int, w: Floats, step: int) -> Floats:
        """What sends the error of layer ``layer`` + 1 back to ``layer`` (from 2 to L-1), (n_l, n_(l+1)), at a step."""
        key = [self.seed, STREAM, layer, step] if self.operator.changes == "step" else [self.seed, STREAM, layer]
        return self.operator.matrix(w, self.start.weights[layer - 1], lambda: np.random.default_rng(key))

    def matrices(self, parameters: Parameters, step: int) -> list[Floats]:
        """The matrices for layers 2 to L-1, in this order."""
        return [self.matrix(layer, parameters.weights[layer - 1], step) for layer in range(2, len(parameters.layers))]
