"""Evaluation, states, changed settings, and what the trainer keeps."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.engine.backprop import mean_cost
from app.engine.evaluation import are_classes, count_right
from app.engine.network import Architecture, Parameters
from app.engine.optimizers import OptimizerSettings, Regularization
from app.engine.training import Trainer, TrainingSettings
from tests.engine.cases import PLAIN, everything, known, off, problem, same

ADAM = TrainingSettings(OptimizerSettings("adam", 0.01))


def identity(inputs: list[list[float]], targets: list[list[float]]) -> Trainer:
    """A linear network whose outputs are its inputs."""
    n = len(inputs[0])
    start = Parameters.from_arrays((n, n), [np.eye(n)], [np.zeros(n)])
    architecture = Architecture((n, n), ("linear",), "quadratic")
    return Trainer(architecture, np.array(inputs), np.array(targets), PLAIN, 1, start)


def test_accuracy_is_the_share_of_largest_outputs_for_one_hot_targets() -> None:
    inputs = np.array([[0.9, 0.1, 0.0], [0.2, 0.3, 0.4], [0.0, 0.5, 0.1]])
    targets = np.eye(3)[[0, 2, 0]]
    cost, accuracy = identity(inputs.tolist(), targets.tolist()).evaluate(inputs, targets)
    assert accuracy == 2 / 3
    assert abs(cost - 0.5 * ((inputs - targets) ** 2).sum() / 3) < 1e-15


def test_accuracy_of_one_output_is_decided_at_one_half() -> None:
    inputs, targets = np.array([[0.5], [0.49], [3.0], [-1.0]]), np.array([[1.0], [1.0], [1.0], [0.0]])
    assert identity(inputs.tolist(), targets.tolist()).evaluate(inputs, targets)[1] == 0.75


def test_other_targets_have_no_accuracy() -> None:
    assert not are_classes(np.array([[0.5], [1.0]]))
    assert not are_classes(np.array([[1.0, 1.0]]))
    inputs = np.array([[0.5], [0.25]])
    assert identity(inputs.tolist(), inputs.tolist()).evaluate(inputs, inputs) == (0.0, None)


@pytest.mark.parametrize("far", [np.nan, np.inf, 1e200])
def test_where_the_cost_is_not_finite_there_is_no_accuracy(far: float) -> None:
    inputs, targets = np.array([[0.2, 0.1], [far, 0.0]]), np.eye(2)[[0, 0]]
    cost, accuracy = identity(inputs.tolist(), targets.tolist()).evaluate(inputs, targets)
    assert not np.isfinite(cost)
    assert accuracy is None


def test_count_right_counts_columns() -> None:
    assert count_right(np.array([[0.1, 0.9], [0.9, 0.1]]), np.array([[0.0, 0.0], [1.0, 1.0]])) == 1


def test_evaluation_of_many_examples_is_their_mean_cost() -> None:
    one = problem((3, 4, 2), ("tanh", "softmax"), "log_likelihood", 4_100, seed=1)
    cost, accuracy = one.trainer().evaluate(one.inputs, one.targets)
    assert abs(cost / mean_cost(one.architecture, one.parameters, one.x, one.y) - 1) < 1e-12
    assert accuracy is not None
    again = one.trainer().evaluate(one.inputs, one.targets)
    assert again == (cost, accuracy)


def test_predict_gives_rows() -> None:
    one = problem((3, 4, 2), ("tanh", "softmax"), "log_likelihood", 5, seed=1)
    outputs = one.trainer().predict(one.inputs)
    assert outputs.shape == (5, 2)
    same(outputs.sum(axis=1), np.ones(5))


@pytest.mark.parametrize(("name", "expected"), [("none", 0.0), ("l1", 0.4 / 5 * 6.0), ("l2", 0.4 / 10 * 14.0)])
def test_penalty_of_weights_1_2_3(name: str, expected: float) -> None:
    start = Parameters.from_arrays((3, 1), [[[1.0, -2.0, 3.0]]], [[7.0]])
    architecture = Architecture((3, 1), ("linear",), "quadratic")
    settings = TrainingSettings(regularization=Regularization(name, 0.4))
    trainer = Trainer(architecture, np.zeros((5, 3)), np.zeros((5, 1)), settings, 1, start)
    assert math.isclose(trainer.penalty(), expected, rel_tol=1e-14, abs_tol=0)


def test_l1_leaves_a_weight_that_is_zero_alone() -> None:
    start = Parameters.from_arrays((2, 1), [[[0.0, 1.0]]], [[0.0]])
    architecture = Architecture((2, 1), ("linear",), "quadratic")
    settings = TrainingSettings(PLAIN.optimizer, Regularization("l1", 0.2))
    trainer = Trainer(architecture, np.zeros((1, 2)), np.zeros((1, 1)), settings, 1, start)
    trainer.step(everything(1), 1)
    assert trainer.parameters.weights[0].tolist() == [[0.0, 0.9]]


def test_a_changed_learning_rate_keeps_the_optimizers_state_and_another_rule_starts_anew() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 5, seed=1)
    trainer = one.trainer(ADAM)
    trainer.step(everything(5), 1)
    kept = trainer.state()
    trainer.configure(TrainingSettings(OptimizerSettings("adam", 0.02)))
    assert trainer.state().t == 1
    same(trainer.state().arrays["mean"], kept.arrays["mean"], 0)
    trainer.configure(TrainingSettings(OptimizerSettings("rmsprop", 0.02)))
    state = trainer.state()
    assert state.t == 0
    assert list(state.arrays) == ["square"]
    assert not state.arrays["square"].any()


def test_a_state_is_a_copy() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 5, seed=1)
    trainer = one.trainer(ADAM)
    trainer.step(everything(5), 1)
    state = trainer.state()
    kept = state.flat.copy()
    trainer.step(everything(5), 2)
    same(state.flat, kept, 0)
    trainer.restore(state)
    trainer.step(everything(5), 2)
    assert off(trainer.parameters.flat, kept) > 0
    same(state.flat, kept, 0)


def test_the_start_is_not_changed_by_training() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 5, seed=1)
    kept = one.parameters.flat.copy()
    trainer = one.trainer()
    trainer.step(everything(5), 1)
    same(one.parameters.flat, kept, 0)


def test_settings_may_change_between_steps_of_plain_sgd() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 5, seed=1)
    trainer = one.trainer(TrainingSettings(OptimizerSettings("sgd", 0.1)))
    first = trainer.traced_step(everything(5), 1)
    trainer.configure(TrainingSettings(OptimizerSettings("sgd", 0.2)))
    second = trainer.traced_step(everything(5), 2)
    for trace, rate in ((first, 0.1), (second, 0.2)):
        layer = trace.layers[1]
        assert layer.w is not None
        assert layer.nabla_w is not None
        same(layer.w_after, layer.w - rate * layer.nabla_w, 1e-15)


def test_counts_of_weights_and_parameters() -> None:
    architecture = Architecture((784, 30, 10), ("sigmoid", "sigmoid"), "cross_entropy")
    assert architecture.n_weights == 784 * 30 + 30 * 10
    assert architecture.n_parameters == 784 * 30 + 30 * 10 + 40


def test_taking_a_record_apart_leaves_the_trainer_as_it_is() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 5, seed=1)
    trainer = one.trainer(ADAM)
    trainer.step(everything(5), 1)
    record = trainer.recorded_step(everything(5), 2)
    trainer.configure(PLAIN)
    trainer.step(everything(5), 3)
    state = trainer.state()
    trace = trainer.trace(record)
    assert trainer.settings == PLAIN
    assert trainer.state().flat.tobytes() == state.flat.tobytes()
    assert trace.step == 2
    twin = one.trainer(ADAM)
    twin.step(everything(5), 1)
    same(trace.layers[2].w_after, known(twin.traced_step(everything(5), 2).layers[2].w_after), 0)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_examples_that_were_added_train_like_those_that_were_given_bit_for_bit(optimizer: str) -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 12, seed=6)
    settings = TrainingSettings(OptimizerSettings(optimizer, 0.1), Regularization("l2", 0.5))
    whole = one.trainer(settings)
    padded = np.column_stack([one.inputs, np.ones(12)])
    added = Trainer(one.architecture, padded[:9], one.targets[:9], settings, 1, one.parameters)
    for other in (4, 3):  # the second ones stand in place of the first
        added.add_examples(padded[9:][:other], one.targets[9:][:other])
    rng = np.random.default_rng(1)
    for number in range(1, 30):
        indices = rng.integers(12, size=int(rng.integers(1, 8)))
        whole.step(indices, number)
        added.step(indices, number)
    assert np.array_equal(whole.parameters.flat, added.parameters.flat)
    assert whole.penalty() == added.penalty()
    traces = [trainer.traced_step(np.array([11, 0, 9]), 30) for trainer in (whole, added)]
    assert np.array_equal(known(traces[0].layers[1].nabla_w), known(traces[1].layers[1].nabla_w))
    assert np.array_equal(traces[0].y, traces[1].y)


def test_the_penalty_counts_as_many_examples_as_it_is_told() -> None:
    one = problem((2, 2), ("linear",), "quadratic", 4, seed=1)
    for counted in (None, 4, 5):
        trainer = one.trainer(TrainingSettings(regularization=Regularization("l2", 3.0), examples=counted))
        squares = float((one.parameters.weights[0] ** 2).sum())
        assert trainer.penalty() == pytest.approx(3.0 / (2 * (counted or 4)) * squares)
