"""What the gradient check tells: what it samples, skips, and says of each layer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.engine.feedback import FEEDBACKS
from app.engine.gradient_check import gradient_check
from app.engine.network import Architecture, Parameters
from app.engine.optimizers import OptimizerSettings
from app.engine.training import Trainer, TrainingSettings
from tests.engine.cases import PLAIN, Problem, everything, problem


def check(one: Problem, feedback: str = "transpose", parameters: Parameters | None = None, seed: int = 1) -> Any:
    """Of the first example, at the problem's parameters or others."""
    start = parameters or one.parameters
    settings = TrainingSettings(PLAIN.optimizer, feedback=feedback)
    trainer = Trainer(one.architecture, one.inputs, one.targets, settings, 1, start)
    example = trainer.traced_step(np.array([0]), 1).example(0)
    return gradient_check(one.architecture, start, example, feedback, 1e-5, seed)


def single(activation: str, cost: str, x: float, y: float, w: float, b: float) -> Problem:
    """One input, one output."""
    parameters = Parameters.from_arrays((1, 1), [[[w]]], [[b]])
    return Problem(Architecture((1, 1), (activation,), cost), parameters, np.array([[x]]), np.array([[y]]))


def test_it_tells_what_the_api_says() -> None:
    result = check(problem((2, 3, 2), ("tanh", "sigmoid"), "quadratic", 1, seed=1))
    assert set(result) >= {"passed", "layers"}
    assert [layer["layer"] for layer in result["layers"]] == [2, 3]
    for layer, (n_w, n) in zip(result["layers"], ((6, 3), (6, 2)), strict=True):
        assert layer["verdict"] == "agrees"
        for name, checked in (("w", n_w), ("b", n), ("received", n)):
            numbers = layer[name]
            assert set(numbers) == {"checked", "skipped", "failed", "max_error", "cosine"}
            assert (numbers["checked"], numbers["skipped"], numbers["failed"]) == (checked, 0, 0)
            assert numbers["max_error"] < 1e-9
            assert numbers["cosine"] == pytest.approx(1)


def test_of_a_large_net_it_takes_a_sample_chosen_by_the_seed() -> None:
    one = problem((784, 30, 10), ("tanh", "sigmoid"), "cross_entropy", 1, seed=1)
    result = check(one, seed=1)
    assert result["passed"], result
    checked = [[layer[name]["checked"] for name in ("w", "b", "received")] for layer in result["layers"]]
    assert sum(map(sum, checked)) == 2_000
    assert [row[1:] for row in checked] == [[30, 30], [10, 10]]
    assert check(one, seed=1) == result
    assert check(one, seed=2) != result


@pytest.mark.parametrize("feedback", [name for name in FEEDBACKS if name != "transpose"])
def test_with_another_operator_it_fails_by_design_and_names_it(feedback: str) -> None:
    one = problem((3, 5, 4, 2), ("tanh", "tanh", "sigmoid"), "quadratic", 1, seed=4)
    # at the first step the frozen weights are those of the start: go on from others
    other = one.parameters.copy()
    other.flat += 0.1 * np.random.default_rng(1).normal(size=other.flat.size)
    trainer = Trainer(
        one.architecture, one.inputs, one.targets, TrainingSettings(PLAIN.optimizer, feedback=feedback), 1,
        one.parameters, other,
    )  # fmt: skip
    example = trainer.traced_step(np.array([0]), 1).example(0)
    result = gradient_check(one.architecture, other, example, feedback, 1e-5, 1)
    assert not result["passed"]
    layers: Any = result["layers"]
    by_design = f"differs by design: the error was sent back by {feedback}, which is not the transpose"
    # a sign that is turned twice is right again
    lowest = "agrees" if feedback == "negative" else by_design
    assert [layer["verdict"] for layer in layers] == [lowest, by_design, "agrees"]


def test_nudges_across_a_kink_are_skipped_and_counted() -> None:
    # z is exactly 0: up the slope is 1, down it is 0
    one = single("relu", "quadratic", x=1.0, y=2.0, w=0.5, b=-0.5)
    (layer,) = check(one)["layers"]
    assert (layer["w"]["checked"], layer["w"]["skipped"]) == (0, 1)
    assert (layer["b"]["checked"], layer["b"]["skipped"]) == (0, 1)
    assert (layer["received"]["checked"], layer["received"]["skipped"]) == (1, 0)
    assert layer["w"]["failed"] == 0


def test_a_layer_without_slope_is_inconclusive_and_does_not_fail() -> None:
    one = problem((2, 3, 2), ("relu", "sigmoid"), "quadratic", 1, seed=1)
    dead = one.parameters.copy()
    dead.biases[0][...] = -100.0
    dead.weights[1][...] = 0.0
    result = check(one, parameters=dead)
    assert result["passed"]
    assert [layer["verdict"] for layer in result["layers"]] == ["inconclusive", "agrees"]
    assert result["layers"][0]["w"]["cosine"] is None


@pytest.mark.parametrize("gap", [1e-2, 1e-4, 1e-6, 1e-8, 1e-12, 1e-15, 0.0])
@pytest.mark.parametrize("y", [0.0, 0.3, 1.0])
def test_outputs_near_0_and_1_are_checked_as_far_as_their_digits_go(gap: float, y: float) -> None:
    for sign in (1, -1):
        z = sign * (np.log1p(-gap) - np.log(gap) if gap else 1000.0)
        result = check(single("sigmoid", "cross_entropy", x=1.0, y=y, w=z, b=0.0))
        assert result["passed"], result


def test_a_trained_classifier_passes() -> None:
    one = problem((2, 6, 3), ("tanh", "softmax"), "log_likelihood", 12, seed=3)
    trainer = one.trainer(TrainingSettings(OptimizerSettings("adam", 0.05)))
    for number in range(1, 600):
        trainer.step(everything(12), number)
    assert trainer.evaluate(one.inputs, one.targets)[0] < 1e-2
    trained = trainer.parameters.copy()
    for cost in ("log_likelihood", "cross_entropy"):
        architecture = Architecture(one.architecture.layers, one.architecture.activations, cost)
        result = check(Problem(architecture, trained, one.inputs, one.targets))
        assert result["passed"], result


def test_large_inputs_pass() -> None:
    one = problem((2, 3, 1), ("tanh", "linear"), "quadratic", 1, seed=3)
    large = Problem(one.architecture, one.parameters.copy(), one.inputs * 1e4, one.targets)
    large.parameters.weights[0][...] *= 1e-4
    result = check(large)
    assert result["passed"], result
    assert result["layers"][0]["verdict"] == "agrees"


@pytest.mark.parametrize("size", [1e100, 1e160, 1e300])
def test_numbers_that_are_not_finite_are_said_to_be_no_slope_to_compare_with(size: float) -> None:
    one = problem((2, 3, 2), ("relu", "linear"), "quadratic", 1, seed=1)
    huge = one.parameters.copy()
    huge.flat *= size
    result = check(one, parameters=huge)
    assert not result["passed"]
    for layer in result["layers"]:
        assert layer["verdict"].startswith("fails: some numbers are not finite")
        assert all(layer[name]["cosine"] is None for name in ("w", "b"))


def test_a_cosine_is_never_beyond_1() -> None:
    for seed in range(20):
        for layer in check(problem((2, 3, 3, 2), ("tanh", "tanh", "sigmoid"), "cross_entropy", 1, seed))["layers"]:
            assert all(-1 <= layer[name]["cosine"] <= 1 for name in ("w", "b", "received"))
