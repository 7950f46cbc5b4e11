"""Transpose and inverse of one matrix, and activations that are nudged: claims of the lessons, over random cases."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.spectrum import conditioned, spectrum
from app.engine.what_if import what_if
from tests.engine.cases import Problem, everything, facts, known, problems, same


def random(seed: int, m: int, n: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """A random matrix."""
    return np.random.default_rng(seed).normal(size=(m, n))


@facts
@given(st.integers(0, 2**31), st.integers(1, 8), st.integers(1, 8))
def test_of_any_matrix_the_inverse_is_never_beyond_the_worst_cosine(seed: int, m: int, n: int) -> None:
    w, delta = random(seed, m, n), np.random.default_rng([seed, 1]).normal(size=m)
    found = spectrum(w, delta)
    kappa = found.condition
    assert kappa == pytest.approx(np.linalg.cond(w), rel=1e-9)
    assert found.worst == pytest.approx(2 * kappa / (kappa**2 + 1))
    assert found.cosine is not None
    assert found.worst is not None
    assert found.worst - 1e-9 <= found.cosine <= 1
    explained = delta if m <= n else w @ np.linalg.lstsq(w, delta)[0]
    assert found.transposed @ found.inverted == pytest.approx(explained @ explained, rel=1e-6)


@pytest.mark.parametrize("shape", [(2, 2), (5, 2), (2, 5)])
def test_some_error_leads_to_the_worst_cosine(shape: tuple[int, int]) -> None:
    w = random(1, *shape)
    u = np.linalg.svd(w, full_matrices=False)[0]
    found = spectrum(w, u[:, 0] + u[:, -1])
    assert found.cosine == pytest.approx(found.worst)


def test_what_a_tall_matrix_cannot_explain_is_lost_by_transpose_and_inverse_alike() -> None:
    w = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    found = spectrum(w, np.array([0.0, 0.0, 1.0]))
    assert (found.worst, found.cosine, found.rank) == (1.0, None, 2)
    assert not found.transposed.any()
    assert not found.inverted.any()


def test_a_matrix_without_full_rank_has_no_condition() -> None:
    found = spectrum(np.array([[1.0, 2.0], [2.0, 4.0]]), np.array([1.0, -1.0]))
    assert (found.rank, found.condition, found.worst) == (1, math.inf, None)
    with pytest.raises(ValueError, match="not finite"):
        spectrum(np.array([[np.inf]]), np.array([1.0]))


@facts
@given(st.integers(0, 2**31), st.integers(2, 6), st.integers(2, 6), st.floats(1, 1e4))
def test_another_condition_number_keeps_norm_and_directions(seed: int, m: int, n: int, kappa: float) -> None:
    w = random(seed, m, n)
    shaped = conditioned(w, kappa)
    assert np.linalg.cond(shaped) == pytest.approx(kappa, rel=1e-6)
    assert np.linalg.norm(shaped) == pytest.approx(np.linalg.norm(w))
    for one, other in ((w @ w.T, shaped @ shaped.T), (w.T @ w, shaped.T @ shaped)):
        largest = np.linalg.norm(one) * np.linalg.norm(other)
        same(one @ other / largest + 1, other @ one / largest + 1, 1e-9)


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (4, 1)])
def test_a_single_row_or_column_has_condition_1_and_stays_as_it_is(shape: tuple[int, int]) -> None:
    w = random(1, *shape)
    same(conditioned(w, 100.0), w)
    assert spectrum(w, np.ones(shape[0])).condition == 1


@facts
@given(st.integers(0, 2**31), st.integers(1, 6))
def test_at_condition_1_transpose_and_inverse_agree(seed: int, m: int) -> None:
    delta = np.random.default_rng([seed, 1]).normal(size=m)
    assert spectrum(conditioned(random(seed, m, m), 1.0), delta).cosine == pytest.approx(1)


@pytest.mark.parametrize(("kappa", "worst"), [(2, 0.8), (10, 0.198), (100, 0.02)])
def test_the_worst_cosines_of_maths(kappa: float, worst: float) -> None:
    assert spectrum(np.diag([kappa, 1.0]), np.ones(2)).worst == pytest.approx(worst, abs=5e-4)


@facts
@given(problems(smooth=True), st.data())
def test_every_z_above_moves_by_its_weight_and_the_slope_settles_on_what_was_sent(
    one: Problem, data: st.DataObject
) -> None:
    trace = one.trainer().traced_step(everything(len(one.inputs)), 1)
    example = trace.example(0)
    layer = data.draw(st.integers(1, len(example.layers) - 1))
    k = data.draw(st.integers(1, len(example.layers[layer - 1].a)))
    offsets = [0.5, -0.25, 1e-5, -1e-5]
    found = what_if(one.architecture, one.parameters, example, layer, k, offsets)
    above = trace.layers[layer]
    moved = found.z - known(example.layers[layer].z)[:, None]
    assert np.abs(moved - known(above.w)[:, k - 1 : k] * np.array(offsets)).max() <= 1e-12
    sent = (known(above.w).T @ known(example.layers[layer].delta))[k - 1]
    slope = (found.costs[2] - found.costs[3]) / 2e-5
    assert abs(slope - sent) <= 1e-5 * max(abs(slope), abs(sent)) + 1e-8 * max(1, example.cost)
