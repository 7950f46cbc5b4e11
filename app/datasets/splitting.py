"""Which examples are held back for testing, and in which order an epoch visits the others; drawn from the seed."""

from __future__ import annotations

import math

import numpy as np

from app.datasets.dataset import Indices

SPLIT_STREAM = 0x5917  # keeps these draws apart from all others of the same seed
ORDER_STREAM = 0x04DE


def split(n: int, test_fraction: float, seed: int) -> tuple[Indices, Indices]:
    """Rows (from 0) for training and for testing, both ascending; together all ``n``, none twice.

    Of n · test_fraction the next whole number above is held back, but one training example always remains.
    """
    # the small number takes back what multiplying adds: 10 · 0.7 = 7.000000000000001
    held_back = min(max(0, math.ceil(n * test_fraction - 1e-9)), n - 1)
    order = np.random.default_rng([seed, SPLIT_STREAM]).permutation(n)
    return np.sort(order[held_back:]), np.sort(order[:held_back])


def epoch_order(n: int, seed: int, epoch: int, shuffle: bool) -> Indices:
    """The order (n,) in which an epoch (from 1) visits the training examples; without shuffle as they stand."""
    if not shuffle:
        return np.arange(n, dtype=np.intp)
    order: Indices = np.random.default_rng([seed, ORDER_STREAM, epoch]).permutation(n).astype(np.intp, copy=False)
    return order
