"""What stands in BP2 for the transpose, each by a formula of the test's own."""

from __future__ import annotations

import numpy as np
import pytest

from app.engine.errors import EngineError
from app.engine.feedback import FEEDBACKS, Feedback
from app.engine.network import Parameters
from app.engine.training import TrainingSettings
from tests.engine.cases import PLAIN, Floats, everything, known, problem, same

SEED, STEP = 5, 3
LAYERS = (4, 6, 3, 5, 2)


def drawn(seed: int) -> Parameters:
    """Normal parameters."""
    parameters = Parameters(LAYERS)
    parameters.flat[:] = np.random.default_rng(seed).normal(size=parameters.flat.size)
    return parameters


START, NOW = drawn(1), drawn(2)


def matrices(name: str, step: int = STEP, seed: int = SEED, now: Parameters = NOW) -> list[Floats]:
    """For layers 2, 3 and 4."""
    return Feedback(name, seed, START).matrices(now, step)


def weights_above(parameters: Parameters) -> list[Floats]:
    """w^(l+1) for layers 2, 3 and 4."""
    return parameters.weights[1:]


def test_operators_are_those_of_the_api() -> None:
    assert set(FEEDBACKS) == {
        "transpose", "inverse", "inverse_rescaled", "random", "fresh_random", "sign", "frozen", "none", "negative",
    }  # fmt: skip


@pytest.mark.parametrize("name", FEEDBACKS)
def test_every_matrix_takes_errors_of_the_layer_above_to_the_layer_below(name: str) -> None:
    assert [matrix.shape for matrix in matrices(name)] == [(6, 3), (3, 5), (5, 2)]


def test_transpose_negative_none() -> None:
    for w, plus, minus, zero in zip(
        weights_above(NOW), matrices("transpose"), matrices("negative"), matrices("none"), strict=True
    ):
        same(plus, w.T, 0)
        same(minus, -w.T, 0)
        same(zero, np.zeros(w.T.shape), 0)


def test_frozen_is_the_transpose_at_the_start() -> None:
    for w, matrix in zip(weights_above(START), matrices("frozen"), strict=True):
        same(matrix, w.T, 0)


def test_sign_takes_signs_of_now_and_the_size_of_the_start() -> None:
    for w, start, matrix in zip(weights_above(NOW), weights_above(START), matrices("sign"), strict=True):
        same(matrix, np.where(w.T > 0, 1, -1) * (np.abs(start).sum() / start.size))


def test_sign_of_a_weight_that_is_zero_is_zero() -> None:
    now = NOW.copy()
    now.weights[1][0, 0] = 0.0
    assert matrices("sign", now=now)[0][0, 0] == 0


def penrose(w: Floats) -> Floats:
    """The pseudo-inverse of a matrix of full rank, by the normal equations."""
    return np.linalg.inv(w.T @ w) @ w.T if w.shape[0] >= w.shape[1] else w.T @ np.linalg.inv(w @ w.T)


def test_inverse_is_the_pseudo_inverse_of_now() -> None:
    for w, matrix in zip(weights_above(NOW), matrices("inverse"), strict=True):
        same(matrix, penrose(w), 1e-10)


def test_inverse_of_a_singular_matrix_leaves_out_what_is_below_1e_12() -> None:
    now = Parameters((2, 2, 2))
    start = now.copy()
    now.weights[1][...] = [[2.0, 0.0], [0.0, 1e-13]]
    same(Feedback("inverse", 1, start).matrices(now, 1)[0], [[0.5, 0.0], [0.0, 0.0]])
    now.weights[1][...] = [[2.0, 0.0], [0.0, 1e-11]]
    same(Feedback("inverse", 1, start).matrices(now, 1)[0], [[0.5, 0.0], [0.0, 1e11]], 1e-4)


def test_inverse_rescaled_has_the_frobenius_norm_of_the_weights() -> None:
    for w, matrix in zip(weights_above(NOW), matrices("inverse_rescaled"), strict=True):
        inverse = penrose(w)
        same(matrix, inverse * np.sqrt((w**2).sum() / (inverse**2).sum()), 1e-10)


def test_inverse_of_zero_weights_is_zero() -> None:
    for name in ("inverse", "inverse_rescaled"):
        for matrix in matrices(name, now=Parameters(LAYERS)):
            assert not matrix.any()


def test_inverse_of_weights_that_are_not_finite_is_nan_without_an_exception() -> None:
    now = NOW.copy()
    now.weights[1][0, 0] = np.inf
    assert np.isnan(matrices("inverse", now=now)[0]).all()


@pytest.mark.parametrize("name", ["random", "fresh_random"])
def test_random_has_the_variance_of_the_receiving_layer(name: str) -> None:
    layers = (1, 400, 100, 1)
    (first, _) = Feedback(name, 1, Parameters(layers)).matrices(Parameters(layers), 1)
    assert first.shape == (400, 100)
    # 40,000 draws: the variance is 1/400 to 4 standard errors, sqrt(2/40000) each; the mean to 4/200 deviations
    assert abs(first.var() * 400 - 1) < 4 * (2 / 40_000) ** 0.5
    assert abs(first.mean()) < 4 / 200 * 400**-0.5


def test_random_is_fixed_and_depends_on_seed_and_layer_only() -> None:
    same(matrices("random", step=1)[0], matrices("random", step=2, now=START)[0], 0)
    assert (matrices("random")[0] != matrices("random", seed=6)[0]).all()
    square = Parameters((2, 2, 2, 2))
    one, other = Feedback("random", 1, square).matrices(square, 1)
    assert (one != other).all()


def test_fresh_random_is_new_at_each_step_and_the_same_on_coming_back() -> None:
    for first, second, again in zip(
        matrices("fresh_random", 1), matrices("fresh_random", 2), matrices("fresh_random", 1), strict=True
    ):
        assert (first != second).all()
        same(again, first, 0)


@pytest.mark.parametrize("name", FEEDBACKS)
def test_a_step_sends_back_by_the_operator_and_its_trace_shows_it(name: str) -> None:
    one = problem((3, 5, 4, 2), ("tanh", "tanh", "sigmoid"), "quadratic", 6, seed=4)
    trainer = one.trainer(TrainingSettings(PLAIN.optimizer, feedback=name), seed=SEED)
    trainer.step(everything(6), 1)
    now = trainer.parameters.copy()
    trace = trainer.traced_step(everything(6), 2)
    expected = Feedback(name, SEED, one.parameters).matrices(now, 2)
    for layer in (2, 3):
        matrix, below, above = expected[layer - 2], trace.layers[layer - 1], trace.layers[layer]
        same(below.received, matrix @ known(above.delta))
        same(below.delta, known(below.received) * (1 - below.a**2))
        if name == "transpose":
            assert above.feedback is None
        else:
            same(above.feedback, matrix, 0)
        example = trace.example(3)
        same(known(example.layers[layer].sent).sum(axis=0), known(example.layers[layer - 1].received), 1e-12)
        same(example.layers[layer].sent, matrix.T * known(example.layers[layer].delta)[:, None])


def test_none_leaves_hidden_layers_as_they_are() -> None:
    one = problem((3, 5, 4, 2), ("tanh", "tanh", "sigmoid"), "quadratic", 6, seed=4)
    trainer = one.trainer(TrainingSettings(PLAIN.optimizer, feedback="none"))
    for number in range(1, 5):
        trainer.step(everything(6), number)
    for place in (0, 1):
        same(trainer.parameters.weights[place], one.parameters.weights[place], 0)
    assert (trainer.parameters.weights[2] != one.parameters.weights[2]).all()


def test_an_unknown_operator_is_refused_by_a_sentence_with_those_there_are() -> None:
    with pytest.raises(EngineError, match="There is no feedback 'magic': use one of transpose, inverse") as refusal:
        Feedback("magic", 1, START)
    assert refusal.value.field == "feedback.name"
