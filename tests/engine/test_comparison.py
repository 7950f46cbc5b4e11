"""Feedback operators beside the measured gradient: what maths.md says of them, over random networks."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.comparison import compare, cosine_of, degrees, mean_angles
from app.engine.feedback import FEEDBACKS, Feedback
from app.engine.network import Architecture, Parameters
from app.engine.trace import ExampleTrace
from app.engine.training import Trainer, TrainingSettings


def traced(layers: tuple[int, ...], seed: int) -> tuple[Architecture, Parameters, ExampleTrace]:
    """A random network with one step done, and the example of that step."""
    rng = np.random.default_rng(seed)
    architecture = Architecture(layers, ("tanh",) * (len(layers) - 2) + ("sigmoid",), "cross_entropy")
    start = Parameters.from_arrays(
        layers,
        [rng.normal(0, n**-0.5, (m, n)) for n, m in pairwise(layers)],
        [rng.normal(0, 0.1, m) for m in layers[1:]],
    )
    x, y = rng.normal(size=(1, layers[0])), rng.integers(0, 2, (1, layers[-1])).astype(float)
    trainer = Trainer(architecture, x, y, TrainingSettings(), seed, start)
    return architecture, start, trainer.traced_step(np.array([0]), 1).example(0)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(2, 6), min_size=3, max_size=5), st.integers(0, 2**31))
def test_the_transpose_points_where_nudging_points_and_its_negative_the_other_way(layers: list[int], seed: int) -> None:
    architecture, start, example = traced(tuple(layers), seed)
    measured, operators = compare(architecture, start, start, seed, 1, example)
    assert set(operators) == set(FEEDBACKS)
    for place, vector in enumerate(measured):
        np.testing.assert_allclose(operators["transpose"][place].chain.vector, vector, rtol=1e-5, atol=1e-8)
        assert operators["transpose"][place].one_hop.cosine == pytest.approx(1, abs=1e-8)
        assert operators["negative"][place].one_hop.cosine == pytest.approx(-1, abs=1e-8)
        assert operators["none"][place].chain.norm == 0
        assert operators["none"][place].chain.angle is None
        same = operators["frozen"][place].chain, operators["transpose"][place].chain
        assert same[0].norm == pytest.approx(same[1].norm, rel=1e-12)


def test_going_back_by_the_negative_turns_the_sign_at_every_layer() -> None:
    architecture, start, example = traced((3, 4, 4, 4, 2), 5)
    _, operators = compare(architecture, start, start, 5, 1, example)
    signs = [math.copysign(1, one.chain.cosine or 0) for one in operators["negative"]]
    assert signs == [-1, 1, -1]


def test_the_inverse_of_a_square_matrix_lies_within_its_worst_angle() -> None:
    architecture, start, example = traced((3, 5, 5), 9)
    _, operators = compare(architecture, start, start, 9, 1, example)
    kappa = float(np.linalg.cond(start.weights[1]))
    cosine = operators["inverse"][0].one_hop.cosine
    assert cosine is not None
    assert 2 * kappa / (kappa**2 + 1) - 1e-6 <= cosine <= 1
    assert operators["inverse_rescaled"][0].one_hop.cosine == pytest.approx(cosine)


def test_random_feedback_starts_about_at_right_angles_and_is_the_operators_own() -> None:
    angles = []
    for seed in range(30):
        architecture, start, example = traced((10, 30, 10), seed)
        _, operators = compare(architecture, start, start, seed, 1, example)
        random = operators["random"][0].chain
        angles.append(random.angle or 0)
        delta = example.layers[2].delta
        assert delta is not None
        np.testing.assert_allclose(random.vector, Feedback("random", seed, start).matrices(start, 1)[0] @ delta)
    assert 80 < np.mean(angles) < 100


def test_mean_angles_are_those_of_single_examples() -> None:
    rng = np.random.default_rng(3)
    architecture, start, _ = traced((4, 6, 3, 2), 3)
    x, y = rng.normal(size=(4, 7)), rng.integers(0, 2, (2, 7)).astype(float)
    feedback = Feedback("random", 3, start)
    singles = [mean_angles(architecture, start, feedback, 1, x[:, [i]], y[:, [i]]) for i in range(7)]
    together = mean_angles(architecture, start, feedback, 1, x, y)
    assert together == pytest.approx([np.mean([one[place] for one in singles]) for place in range(2)])
    assert mean_angles(architecture, start, Feedback("none", 3, start), 1, x, y) == [None, None]
    assert mean_angles(architecture, start, Feedback("transpose", 3, start), 1, x, y) == pytest.approx([0, 0], abs=1e-5)


def test_a_cosine_needs_two_arrows() -> None:
    assert cosine_of(np.array([1.0, 0]), np.array([0.0, 0])) is None
    assert cosine_of(np.array([np.inf, 0]), np.array([1.0, 0])) is None
    assert degrees(cosine_of(np.array([1.0, 0]), np.array([0, 2.0]))) == pytest.approx(90)
    assert degrees(cosine_of(np.array([1e200, 1e200]), np.array([1e-200, 1e-200]))) == pytest.approx(0, abs=1e-5)
