"""How start parameters are distributed."""

from __future__ import annotations

import numpy as np
import pytest

from app.engine.initializers import INITIALIZERS, initialize

N_IN, N_OUT = 300, 200
LAYERS = (N_IN, N_OUT)
VARIANCES = {"book": 1 / N_IN, "book_large": 1.0, "xavier": 2 / (N_IN + N_OUT), "he": 2 / N_IN, "normal": 0.05**2}


@pytest.mark.parametrize(("name", "variance"), VARIANCES.items())
def test_variance_of_the_weights(name: str, variance: float) -> None:
    w = initialize(name, 0.05, LAYERS, 1).weights[0]
    # 60,000 draws, 4 standard errors
    assert abs(w.var() / variance - 1) < 4 * (2 / w.size) ** 0.5
    assert abs(w.mean()) < 4 * (variance / w.size) ** 0.5
    # normal: within one deviation 68.27 %
    assert abs((np.abs(w) < variance**0.5).mean() - 0.6827) < 4 * 0.47 / w.size**0.5


@pytest.mark.parametrize("name", ["book", "book_large"])
def test_biases_of_the_book_have_variance_1(name: str) -> None:
    b = initialize(name, 1.0, (1, 20_000), 1).biases[0]
    assert abs(b.var() - 1) < 4 * (2 / b.size) ** 0.5


@pytest.mark.parametrize("name", ["xavier", "he", "orthogonal", "zeros", "normal"])
def test_other_biases_are_zero(name: str) -> None:
    assert not initialize(name, 1.0, LAYERS, 1).biases[0].any()


@pytest.mark.parametrize("layers", [(5, 5), (5, 3), (3, 5), (1, 4), (4, 1)])
def test_orthogonal_has_orthonormal_rows_or_columns(layers: tuple[int, int]) -> None:
    w = initialize("orthogonal", 1.0, layers, 1).weights[0]
    assert w.shape == layers[::-1]
    gram = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(gram, np.eye(min(layers)), atol=1e-14)


def test_orthogonal_draws_have_no_favoured_sign() -> None:
    corners = [initialize("orthogonal", 1.0, (3, 3), seed).weights[0][0, 0] for seed in range(400)]
    assert abs(np.mean(np.array(corners) > 0) - 0.5) < 4 * 0.5 / 20


def test_zeros_are_zero() -> None:
    assert not initialize("zeros", 1.0, (3, 4, 2), 1).flat.any()


@pytest.mark.parametrize("name", [*INITIALIZERS, "normal"])
def test_same_seed_same_bits_another_seed_other_numbers(name: str) -> None:
    first, again, other = (initialize(name, 1.0, (3, 4, 2), seed).flat for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes()
    assert name == "zeros" or (first != other).any()


def test_initializers_are_those_of_the_api() -> None:
    assert set(INITIALIZERS) == {"book", "book_large", "xavier", "he", "orthogonal", "zeros"}
