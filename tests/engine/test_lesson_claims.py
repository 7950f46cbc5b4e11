"""What the lessons say, over random networks. Statement by statement, in the lessons' order:

====================================  ==============================================================================
why-the-transpose                     proven by
====================================  ==============================================================================
sent is w · delta, and adds up        test_claims: sent summed over j is received
the slope that nudging measures       test_spectrum: the slope settles on what was sent
row scattered, column gathered        here: rows scattered and columns gathered are one sum
ledger, one total both ways           test_claims: the ledger's totals agree
W doubles, blame doubles              here: doubling the weights
W^-1 delta points away from a*        here: the inverse asks for the activations that would be right
a pseudo-inverse instead              here: nearest, or smallest
2κ/(κ²+1), within 90°, κ = 1          test_spectrum: worst cosine; at condition 1
works in a small net, not deep        here: three hidden layers
three-numbers: sent, charged          test_claims: rank differently; nabla is the mean of what is charged
where-blame-dies: σ' at most ¼        here: slope of the sigmoid
3 to 5 times per sigmoid layer        here: delta falls, holds, grows
a dead relu stays dead                here: dead neurons
the learning rate is no cure          here: scales all layers alike
random-wires: 90° at first            test_comparison: random feedback starts about at right angles
only BP2 changes                      here: the last layer
the angle falls, and it learns        here: one hidden layer
below 90° a small step helps          here: any direction within 90°
spot-the-bug                          test_bugs, and here: updated weights, with the learning rate
====================================  ==============================================================================
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.datasets.digits import digits
from app.engine.activations import ACTIVATIONS
from app.engine.backprop import backprop
from app.engine.bugs import broken_check
from app.engine.comparison import mean_angles
from app.engine.evaluation import evaluate
from app.engine.feedback import FEEDBACKS, Feedback
from app.engine.initializers import initialize
from app.engine.network import Architecture, Parameters
from app.engine.optimizers import OptimizerSettings
from app.engine.spectrum import spectrum
from app.engine.training import Trainer, TrainingSettings
from tests.engine.cases import Floats, Problem, everything, facts, known, problem, problems, same

SEEDS = st.integers(0, 2**31)


def drawn(seed: int, m: int, n: int) -> tuple[Floats, Floats]:
    """A random matrix (m, n) and a random delta (m,)."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(m, n)), rng.normal(size=m)


@facts
@given(SEEDS, st.integers(1, 8), st.integers(1, 8))
def test_rows_scattered_and_columns_gathered_are_one_sum(seed: int, m: int, n: int) -> None:
    w, delta = drawn(seed, m, n)
    scattered = np.zeros(n)
    for j in range(m):
        scattered += delta[j] * w[j]
    gathered = [sum(w[j, k] * delta[j] for j in range(m)) for k in range(n)]
    same(scattered, gathered, 1e-12)
    same(w.T @ delta, gathered, 1e-12)


@facts
@given(SEEDS, st.integers(1, 6), st.integers(1, 6))
def test_doubling_the_weights_doubles_the_blame_and_halves_the_inverse(seed: int, m: int, n: int) -> None:
    w, delta = drawn(seed, m, n)
    once, twice = spectrum(w, delta), spectrum(2 * w, delta)
    same(twice.transposed, 2 * once.transposed)
    same(twice.inverted, once.inverted / 2, 1e-9)


@facts
@given(SEEDS, st.integers(1, 6))
def test_the_inverse_asks_for_the_activations_that_would_be_right(seed: int, n: int) -> None:
    # linear output, quadratic cost: delta = W a − y, and W a* = y
    w, a = drawn(seed, n, n)
    assume(np.linalg.cond(w) < 1e6)
    right = np.random.default_rng([seed, 1]).normal(size=n)
    same(spectrum(w, w @ a - w @ right).inverted, a - right, 1e-7)


@facts
@given(SEEDS, st.integers(1, 6), st.integers(1, 6))
def test_a_pseudo_inverse_comes_nearest_and_is_the_smallest_that_does(seed: int, m: int, n: int) -> None:
    w, delta = drawn(seed, m, n)
    assume(np.linalg.cond(w) < 1e6)
    found = spectrum(w, delta).inverted
    same(w.T @ (w @ found - delta) + 1, np.ones(n), 1e-8)  # no other comes nearer
    rows = np.linalg.svd(w)[2][: min(m, n)]
    same(rows.T @ (rows @ found), found, 1e-9)  # nothing in it that W does not see


@facts
@given(st.floats(-40, 40))
def test_the_slope_of_the_sigmoid_is_at_most_a_quarter(z: float) -> None:
    sigmoid, column = ACTIVATIONS["sigmoid"], np.array([[z]])
    assert 0 <= sigmoid.slope(column, sigmoid.value(column))[0, 0] <= 0.25


def fall(activation: str, initializer: str, width: int = 30, depth: int = 5) -> float:
    """By how much the norm of delta falls from one hidden layer to the one below, on the average of some networks."""
    falls = []
    for seed in range(8):
        rng, layers = np.random.default_rng(seed), (2, *(width,) * depth, 2)
        architecture = Architecture(layers, (*(activation,) * depth, "sigmoid"), "cross_entropy")
        x, y = rng.normal(size=(2, 32)), rng.integers(0, 2, (2, 32)).astype(float)
        norms = [
            np.linalg.norm(d) for d in backprop(architecture, initialize(initializer, 1.0, layers, seed), x, y).deltas
        ]
        falls.append(np.log(norms[-2] / norms[0]) / (depth - 1))
    return float(np.exp(np.mean(falls)))


@pytest.mark.parametrize(
    ("activation", "initializer", "least", "most"),
    [
        ("sigmoid", "book", 3, 5.5),
        ("sigmoid", "xavier", 3, 5),
        ("sigmoid", "he", 3, 5),
        ("sigmoid", "orthogonal", 3, 5),
        ("sigmoid", "book_large", 1, 2),  # what the large weights win, saturation takes
        ("tanh", "xavier", 0.8, 1.25),
        ("tanh", "orthogonal", 0.8, 1.25),
        ("relu", "he", 0.8, 1.25),
        ("tanh", "book_large", 0.3, 0.7),
    ],
)
def test_delta_falls_holds_or_grows_with_the_activation_and_the_start(
    activation: str, initializer: str, least: float, most: float
) -> None:
    assert least < fall(activation, initializer) < most


def test_a_relu_that_no_example_opens_passes_nothing_and_never_learns_again() -> None:
    for seed in range(10):
        one = problem((3, 5, 2), ("relu", "sigmoid"), "quadratic", 6, seed)
        one.parameters.biases[0][2] = -100
        trainer = one.trainer()
        before = trainer.parameters.weights[0].copy()
        for number in range(1, 30):
            trace = trainer.traced_step(everything(6), number)
            assert known(trace.example(0).layers[1].delta)[2] == 0
        assert np.array_equal(trainer.parameters.weights[0][2], before[2])
        assert not np.array_equal(trainer.parameters.weights[0], before)


@facts
@given(problems(), st.floats(1e-3, 10))
def test_a_learning_rate_scales_all_layers_alike(one: Problem, factor: float) -> None:
    moved = []
    for rate in (0.01, 0.01 * factor):
        trainer = one.trainer(TrainingSettings(OptimizerSettings("sgd", learning_rate=rate)))
        trainer.step(everything(len(one.inputs)), 1)
        moved.append([after - w for after, w in zip(trainer.parameters.weights, one.parameters.weights, strict=True)])
    for slow, fast in zip(*moved, strict=True):
        size = float(np.abs(slow).max())
        if size > 1e-6:  # below, rounding is all that there is
            same(fast, factor * slow, 1e-6)


@pytest.mark.parametrize("feedback", sorted(FEEDBACKS))
def test_the_last_layer_learns_by_its_own_gradient_whatever_sends_the_error_back(feedback: str) -> None:
    for seed in range(5):
        one = problem((3, 5, 4, 2), ("tanh", "tanh", "sigmoid"), "cross_entropy", 6, seed)
        trace = one.trainer(TrainingSettings(feedback=feedback)).traced_step(everything(6), 1)
        same(trace.layers[-1].nabla_w, backprop(one.architecture, one.parameters, one.x, one.y).nabla_w[-1], 1e-12)


@facts
@given(problems(smooth=True), SEEDS)
def test_a_small_step_against_anything_within_90_degrees_of_the_gradient_lowers_the_cost(
    one: Problem, seed: int
) -> None:
    gradient = backprop(one.architecture, one.parameters, one.x, one.y)
    flat = np.concatenate(
        [part.ravel() for pair in zip(gradient.nabla_w, gradient.nabla_b, strict=True) for part in pair]
    )
    size = float(np.linalg.norm(flat))
    assume(size > 1e-3)
    other = np.random.default_rng(seed).normal(size=flat.size)
    across = other - (other @ flat) / size**2 * flat
    way = flat / size + across / max(float(np.linalg.norm(across)), 1e-9)  # 45 degrees away
    cost = evaluate(one.architecture, one.parameters, one.inputs, one.targets)[0]
    lower = []
    for step in (1e-2, 1e-4, 1e-6):
        moved, place = Parameters(one.architecture.layers), 0
        pairs = zip(one.parameters.weights, one.parameters.biases, strict=True)
        for l, pair in enumerate(pairs):  # noqa: E741 - a layer, as in the book
            for target, part in zip((moved.weights[l], moved.biases[l]), pair, strict=True):
                target[...] = part - step * way[place : place + part.size].reshape(part.shape)
                place += part.size
        lower.append(evaluate(one.architecture, moved, one.inputs, one.targets)[0] < cost)
    assert any(lower)


@cache
def learnt(hidden: int, feedback: str, epochs: int) -> tuple[float, list[float | None], list[float | None]]:
    """Digits with so many hidden layers of 30: test accuracy, and the angles before and after training."""
    data = digits()
    inputs, targets = data.inputs, np.eye(10)[data.values.astype(np.int64)]
    test = np.arange(len(inputs)) % 5 == 0
    layers = (64, *(30,) * hidden, 10)
    architecture = Architecture(layers, ("sigmoid",) * (hidden + 1), "cross_entropy")
    start = initialize("book", 1.0, layers, 1)
    settings = TrainingSettings(OptimizerSettings("sgd", learning_rate=0.5), feedback=feedback)
    trainer = Trainer(architecture, inputs[~test], targets[~test], settings, 1, start)
    rng, n = np.random.default_rng(1), int((~test).sum())
    sent, x, y = Feedback(feedback, 1, start), inputs[~test][:100].T, targets[~test][:100].T
    before, step = mean_angles(architecture, trainer.parameters, sent, 1, x, y), 0
    for _ in range(epochs):
        order = rng.permutation(n)
        for first in range(0, n, 10):
            step += 1
            trainer.step(order[first : first + 10], step)
    after = mean_angles(architecture, trainer.parameters, sent, step + 1, x, y)
    return float(trainer.evaluate(inputs[test], targets[test])[1] or 0), before, after


def test_with_one_hidden_layer_random_wires_learn_and_their_angle_falls() -> None:
    accuracy, before, after = learnt(1, "random", 8)
    assert accuracy > 0.9
    assert accuracy > learnt(1, "none", 8)[0] + 0.1
    assert 75 < (before[0] or 0) < 105
    assert (after[0] or 0) < 60


def test_with_three_hidden_layers_the_pseudo_inverse_fails_and_random_wires_lose_points() -> None:
    accuracy = {name: learnt(3, name, 20)[0] for name in ("transpose", "random", "inverse", "inverse_rescaled")}
    assert accuracy["transpose"] > 0.9
    assert accuracy["random"] < accuracy["transpose"] - 0.03
    assert max(accuracy["inverse"], accuracy["inverse_rescaled"]) < 0.4
    assert learnt(1, "inverse_rescaled", 8)[0] > 0.9


def test_with_updated_weights_the_error_of_the_gradient_grows_with_the_learning_rate() -> None:
    for seed in range(5):
        one = problem((3, 4, 4, 2), ("tanh", "tanh", "sigmoid"), "cross_entropy", 4, seed)
        off: list[float] = []
        for rate in (0.01, 0.1, 1.0):
            trainer = one.trainer(TrainingSettings(OptimizerSettings("sgd", learning_rate=rate)))
            found: list[dict[str, Any]] = broken_check(
                one.architecture, one.parameters, trainer.traced_step(everything(4), 1), "updated_weights"
            )
            off.append(1 - found[0]["w"]["cosine"])
        assert off[0] < off[1] < off[2]
