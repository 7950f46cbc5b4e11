"""What is said of initializers, penalties and operators where they are chosen."""

from __future__ import annotations

import numpy as np
import pytest

from app.engine.initializers import initialize
from app.engine.network import Architecture, Parameters
from app.engine.optimizers import OptimizerSettings, Regularization
from app.engine.training import Trainer, TrainingSettings
from tests.engine.cases import Floats, everything, problem

RATE = OptimizerSettings("sgd", learning_rate=0.5)


def test_l1_pulls_small_weights_as_hard_as_large_ones_and_so_past_0() -> None:
    start = Parameters.from_arrays((2, 1), [[[3.0, 0.03]]], [[0.0]])
    settings = TrainingSettings(RATE, Regularization("l1", 0.1))  # of one example: 0.05 a step
    trainer = Trainer(
        Architecture((2, 1), ("linear",), "quadratic"), np.zeros((1, 2)), np.zeros((1, 1)), settings, 1, start
    )
    seen: list[Floats] = []
    for number in range(1, 4):
        trainer.step(everything(1), number)
        seen.append(trainer.parameters.weights[0][0].copy())
    assert np.allclose(seen, [[2.95, -0.02], [2.9, 0.03], [2.85, -0.02]])


def test_with_none_hidden_layers_learn_nothing_but_a_penalty_still_shrinks_them() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "cross_entropy", 6, seed=1)
    for penalty, factor in ((Regularization(), 1.0), (Regularization("l2", 0.6), 1 - 0.5 * 0.6 / 6)):
        trainer = one.trainer(TrainingSettings(RATE, penalty, feedback="none"))
        trainer.step(everything(6), 1)
        assert np.allclose(trainer.parameters.weights[0], factor * one.parameters.weights[0], rtol=1e-14)


@pytest.mark.parametrize(("feedback", "identical"), [("transpose", True), ("random", False)])
def test_hidden_neurons_that_start_at_0_stay_identical_with_the_transpose_only(feedback: str, identical: bool) -> None:
    one = problem((3, 4, 2), ("sigmoid", "sigmoid"), "cross_entropy", 6, seed=1)
    start = initialize("zeros", 1.0, (3, 4, 2), 1)
    settings = TrainingSettings(RATE, feedback=feedback)
    trainer = Trainer(one.architecture, one.inputs, one.targets, settings, 1, start)
    for number in range(1, 20):
        trainer.step(everything(6), number)
    hidden = trainer.parameters.weights[0]
    assert hidden.any()
    assert np.allclose(hidden, hidden[0], rtol=1e-9) is identical


@pytest.mark.parametrize(("above", "below", "forward", "back"), [(6, 6, 1, 1), (6, 3, 1, 0), (3, 6, 0, 1)])
def test_orthogonal_weights_keep_lengths_both_ways_if_square(above: int, below: int, forward: int, back: int) -> None:
    w = initialize("orthogonal", 1.0, (below, above), 1).weights[0]
    rng = np.random.default_rng(1)
    for matrix, kept in ((w, forward), (w.T, back)):
        vectors = rng.normal(size=(matrix.shape[1], 50))
        ratio = np.linalg.norm(matrix @ vectors, axis=0) / np.linalg.norm(vectors, axis=0)
        assert np.allclose(ratio, 1) if kept else (ratio < 0.99).all()


@pytest.mark.parametrize(("inputs", "least", "most"), [(2, 0.0, 0.5), (100, 0.75, 1.0)])
def test_with_n01_weights_neurons_with_many_inputs_start_saturated(inputs: int, least: float, most: float) -> None:
    p = initialize("book_large", 1.0, (inputs, 500), 1)
    x = np.random.default_rng(1).normal(size=(inputs, 50))
    share = float((np.abs(p.weights[0] @ x + p.biases[0][:, None]) > 2).mean())
    assert least < share < most
