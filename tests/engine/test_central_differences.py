"""Every legal combination of activations and cost against central differences, by two separate programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given

from app.engine.gradient_check import gradient_check
from tests.engine.cases import (
    COMBINATIONS,
    HIDDEN,
    KINKED,
    OUTPUTS,
    Floats,
    Problem,
    everything,
    facts,
    known,
    problem,
    problems,
)
from tests.engine.textbook import Net


def net_of(given_problem: Problem) -> Net:
    """The textbook's form of it."""
    architecture = given_problem.architecture
    return Net(architecture.activations, architecture.cost, given_problem.x, given_problem.y)


def agrees(analytic: Floats, numeric: Floats, cost: float) -> bool:
    """By the rule of the API."""
    allowed = 1e-5 * np.maximum(np.abs(analytic), np.abs(numeric)) + 1e-9 * max(1.0, cost)
    return bool((np.abs(analytic - numeric) <= allowed).all())


def is_near_a_kink(given_problem: Problem) -> bool:
    """Whether a nudge of 1e-5 may change the slope of a relu."""
    parameters, names = given_problem.parameters, given_problem.architecture.activations
    zs = net_of(given_problem).zs(parameters.weights, parameters.biases)
    return any(name in KINKED and bool((np.abs(z) < 1e-3).any()) for name, z in zip(names, zs, strict=True))


def assert_gradient_is_numeric(given_problem: Problem) -> None:
    parameters, net = given_problem.parameters, net_of(given_problem)
    nabla_w, nabla_b = net.numeric_gradient(parameters.weights, parameters.biases)
    trace = given_problem.trainer().traced_step(everything(len(given_problem.inputs)), 1)
    cost = float(trace.costs.mean())
    for layer, w, b in zip(trace.layers[1:], nabla_w, nabla_b, strict=True):
        assert agrees(known(layer.nabla_w), w, cost), f"weights of layer {layer.layer}"
        assert agrees(known(layer.nabla_b), b, cost), f"biases of layer {layer.layer}"


def check(given_problem: Problem, position: int = 0) -> dict[str, object]:
    """The engine's own check of one example of the mini-batch."""
    trace = given_problem.trainer().traced_step(everything(len(given_problem.inputs)), 1)
    example = trace.example(position)
    return gradient_check(given_problem.architecture, given_problem.parameters, example, "transpose", 1e-5, 1)


@pytest.mark.parametrize(("hidden", "last", "cost"), COMBINATIONS)
def test_gradient_of_every_combination_is_the_central_difference(hidden: str, last: str, cost: str) -> None:
    one = problem((2, 3, 3, 2), (hidden, hidden, last), cost, 3, seed=7)
    assert not is_near_a_kink(one)
    assert_gradient_is_numeric(one)


@pytest.mark.parametrize(("hidden", "last", "cost"), COMBINATIONS)
def test_gradient_check_passes_for_every_combination(hidden: str, last: str, cost: str) -> None:
    result = check(problem((2, 3, 3, 2), (hidden, hidden, last), cost, 3, seed=7), position=1)
    assert result["passed"], result


@facts
@given(problems())
def test_gradient_of_random_networks_is_the_central_difference(one: Problem) -> None:
    assume(not is_near_a_kink(one))
    assert_gradient_is_numeric(one)


@facts
@given(problems())
def test_gradient_check_passes_for_random_networks(one: Problem) -> None:
    result = check(one)
    assert result["passed"], result


def test_combinations_are_all_that_the_api_names() -> None:
    assert set(HIDDEN) == {"linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus"}
    assert len(OUTPUTS) == 9 + 2 + 1
    assert len(COMBINATIONS) == 8 * 12
