"""Against automatic differentiation of textbook formulas: one step and ten, every optimizer and penalty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.optimizers import OPTIMIZERS, OptimizerSettings, Regularization
from app.engine.training import TrainingSettings
from tests.engine.cases import (
    COMBINATIONS,
    Floats,
    Problem,
    everything,
    facts,
    known,
    problem,
    problems,
    same,
)
from tests.engine.textbook import Lists, Net, penalty_gradient

TOLERANCE = 1e-10


def net_of(one: Problem, batch: slice = slice(None)) -> Net:
    """The textbook's form of it, on some of the examples."""
    return Net(one.architecture.activations, one.architecture.cost, one.x[:, batch], one.y[:, batch])


def assert_errors_and_gradient(one: Problem) -> None:
    trace = one.trainer().traced_step(everything(len(one.inputs)), 1)
    weights, biases = one.parameters.weights, one.parameters.biases
    net = net_of(one)
    same(trace.costs, net.costs(weights, biases), TOLERANCE)
    found = zip(trace.layers[1:], *net.errors(weights, biases), *net.gradient(weights, biases), strict=True)
    for layer, received, delta, nabla_w, nabla_b in found:
        same(layer.received, received, TOLERANCE)
        same(layer.delta, delta, TOLERANCE)
        same(layer.nabla_w, nabla_w, TOLERANCE)
        same(layer.nabla_b, nabla_b, TOLERANCE)


@pytest.mark.parametrize(("hidden", "last", "cost"), COMBINATIONS)
def test_errors_and_gradient_of_every_combination(hidden: str, last: str, cost: str) -> None:
    assert_errors_and_gradient(problem((3, 4, 3, 2), (hidden, hidden, last), cost, 5, seed=3))


@facts
@given(problems())
def test_errors_and_gradient_of_random_networks(one: Problem) -> None:
    assert_errors_and_gradient(one)


class Rule:
    """The optimizers as their papers and torch's documentation state them, on a list of arrays."""

    def __init__(self, settings: OptimizerSettings, arrays: Lists) -> None:
        self.s = settings
        self.first = [np.zeros_like(array) for array in arrays]
        self.second = [np.zeros_like(array) for array in arrays]
        self.t = 0

    def updates(self, gradients: Lists) -> Lists:
        """What is subtracted from each array."""
        self.t += 1
        return [self._update(at, gradient) for at, gradient in enumerate(gradients)]

    def _update(self, at: int, g: Floats) -> Floats:
        s = self.s
        if s.name == "sgd":
            return s.learning_rate * g
        if s.name in ("momentum", "nesterov"):
            self.first[at] = s.momentum * self.first[at] + g
            return s.learning_rate * (self.first[at] if s.name == "momentum" else g + s.momentum * self.first[at])
        if s.name == "rmsprop":
            self.second[at] = s.alpha * self.second[at] + (1 - s.alpha) * g**2
            return s.learning_rate * g / (self.second[at] ** 0.5 + s.epsilon)
        self.first[at] = s.beta1 * self.first[at] + (1 - s.beta1) * g
        self.second[at] = s.beta2 * self.second[at] + (1 - s.beta2) * g**2
        mean = self.first[at] / (1 - s.beta1**self.t)
        square = self.second[at] / (1 - s.beta2**self.t)
        return s.learning_rate * mean / (square**0.5 + s.epsilon)


def trained(one: Problem, settings: TrainingSettings, batches: list[slice]) -> tuple[Lists, Lists]:
    """Weights and biases after these mini-batches, by automatic differentiation and the rules above."""
    weights, biases = ([array.copy() for array in arrays] for arrays in (one.parameters.weights, one.parameters.biases))
    penalty, rule = settings.regularization, Rule(settings.optimizer, [*weights, *biases])
    for batch in batches:
        nabla_w, nabla_b = net_of(one, batch).gradient(weights, biases)
        factor = penalty.lambda_ / len(one.inputs)
        nabla_w = [g + penalty_gradient(penalty.name, factor, w) for g, w in zip(nabla_w, weights, strict=True)]
        for array, update in zip([*weights, *biases], rule.updates([*nabla_w, *nabla_b]), strict=True):
            array -= update
    return weights, biases


def assert_training(one: Problem, settings: TrainingSettings, steps: int) -> None:
    size = max(1, len(one.inputs) // 2)
    starts = [size * number % (len(one.inputs) - size + 1) for number in range(steps)]
    trainer = one.trainer(settings)
    for number, start in enumerate(starts, start=1):
        trainer.step(np.arange(start, start + size), number)
    weights, biases = trained(one, settings, [slice(start, start + size) for start in starts])
    for actual, expected in zip(
        [*trainer.parameters.weights, *trainer.parameters.biases], [*weights, *biases], strict=True
    ):
        same(actual, expected, TOLERANCE)


@pytest.mark.parametrize("steps", [1, 10])
@pytest.mark.parametrize("penalty", ["none", "l1", "l2"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(("last", "cost"), [("sigmoid", "quadratic"), ("softmax", "log_likelihood")])
def test_training_with_every_optimizer_and_penalty(
    last: str, cost: str, optimizer: str, penalty: str, steps: int
) -> None:
    settings = TrainingSettings(OptimizerSettings(optimizer, learning_rate=0.05), Regularization(penalty, 0.3))
    assert_training(problem((3, 5, 4, 2), ("tanh", "gelu", last), cost, 8, seed=5), settings, steps)


rates = st.floats(1e-3, 0.1)


@facts
@given(problems(smooth=True), st.sampled_from([*OPTIMIZERS]), st.sampled_from(["none", "l1", "l2"]), rates)
def test_ten_steps_of_random_networks(one: Problem, optimizer: str, penalty: str, rate: float) -> None:
    settings = TrainingSettings(OptimizerSettings(optimizer, learning_rate=rate), Regularization(penalty, 0.1))
    assert_training(one, settings, 10)


def test_errors_of_one_example_do_not_depend_on_its_mini_batch() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 6, seed=2)
    alone = one.trainer().traced_step(np.array([4]), 1)
    among = one.trainer().traced_step(everything(6), 1)
    for layer, other in zip(alone.layers[1:], among.layers[1:], strict=True):
        same(known(layer.delta)[:, 0], known(other.delta)[:, 4], 1e-13)
