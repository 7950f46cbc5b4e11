"""How the transpose of a weight matrix and its (pseudo-)inverse differ: singular values, angles, and the worst case."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.engine.activations import Floats
from app.engine.comparison import cosine_of
from app.engine.feedback import RCOND, pseudo_inverse


@dataclass(frozen=True)
class Spectrum:
    """Of a matrix w (m, n) and an error delta (m,).

    Attributes
    ----------
    values
        Singular values, the largest first, (min(m, n),).
    condition
        The largest over the smallest; infinite where w has not full rank.
    worst
        The least cosine that the two can have, unless both are 0: 2κ/(κ²+1). None where the condition is infinite.

        A part of delta that is at right angles to all columns of w is lost by both alike.
    transposed, inverted
        w^T delta and w^+ delta, (n,).
    cosine
        Of the angle between these; None where one is 0.
    """

    values: Floats
    rank: int
    condition: float
    worst: float | None
    transposed: Floats
    inverted: Floats
    cosine: float | None


def spectrum(w: Floats, delta: Floats) -> Spectrum:
    """Raises ValueError where w is not finite."""
    if not np.isfinite(w).all():
        raise ValueError("the matrix is not finite")
    values: Floats = np.asarray(np.linalg.svd(w, compute_uv=False), dtype=np.float64)
    rank = int((values > RCOND * values.max(initial=0.0)).sum())
    condition = float(values[0] / values[-1]) if rank == len(values) and rank else math.inf
    transposed, inverted = w.T @ delta, pseudo_inverse(w) @ delta
    worst = 2 / (condition + 1 / condition) if math.isfinite(condition) else None
    return Spectrum(values, rank, condition, worst, transposed, inverted, cosine_of(transposed, inverted))


def conditioned(w: Floats, kappa: float) -> Floats:
    """The matrix with the same singular vectors and Frobenius norm, but a condition number of ``kappa`` (1 or more).

    Singular values fall evenly on a logarithmic scale; at 1 all are alike, and w^T is the inverse up to a factor. A
    single row or column has one singular value, and so 1 whatever ``kappa`` is.
    """
    u, values, v = np.linalg.svd(w, full_matrices=False)
    n = len(values)
    spread = kappa ** -(np.arange(n) / max(n - 1, 1))
    spread *= np.linalg.norm(values) / np.linalg.norm(spread)
    shaped: Floats = (u * spread) @ v
    return shaped
