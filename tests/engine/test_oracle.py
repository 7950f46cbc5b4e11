"""The oracles are tested themselves: an error of 0.1 % planted in sigma' must not get past them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.engine import activations
from app.engine.activations import Call
from tests.engine.cases import HIDDEN, Floats, problem
from tests.engine.test_autograd import assert_errors_and_gradient
from tests.engine.test_central_differences import assert_gradient_is_numeric, check

SEED = 7


@pytest.fixture(params=[name for name in HIDDEN if name != "linear"])
def planted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Puts 0.1 % on the slope of an activation; its name."""
    name: str = request.param
    right = activations.ACTIVATIONS[name]
    right_calls = right.slope_calls
    assert right_calls is not None

    def wrong_calls(z: Floats, a: Floats, out: Floats) -> list[Call]:
        def plant() -> None:
            out[...] *= 1.001

        return [*right_calls(z, a, out), (plant, ())]

    monkeypatch.setitem(activations.ACTIVATIONS, name, replace(right, slope_calls=wrong_calls, square_from=None))
    return name


def test_central_differences_catch_it(planted: str) -> None:
    with pytest.raises(AssertionError, match="layer 2"):
        assert_gradient_is_numeric(problem((2, 3, 3, 2), (planted, "tanh", "sigmoid"), "cross_entropy", 3, SEED))


def test_automatic_differentiation_catches_it(planted: str) -> None:
    with pytest.raises(AssertionError, match="off by"):
        assert_errors_and_gradient(problem((2, 3, 3, 2), (planted, "tanh", "sigmoid"), "cross_entropy", 3, SEED))


def test_gradient_check_catches_it_and_names_the_layer(planted: str) -> None:
    other = "sigmoid" if planted == "tanh" else "tanh"
    result = check(problem((2, 3, 3, 2), (other, planted, "linear"), "quadratic", 3, SEED))
    assert not result["passed"]
    layers = result["layers"]
    assert isinstance(layers, list)
    verdicts = {layer["layer"]: layer["verdict"] for layer in layers}
    assert verdicts == {2: "fails: nudging gives other numbers", 3: "fails: nudging gives other numbers", 4: "agrees"}
    # delta of layer 3 is wrong, but what layer 3 was sent is right
    assert layers[1]["received"]["failed"] == 0
    assert layers[0]["received"]["failed"] > 0


def test_nothing_planted_nothing_caught() -> None:
    one = problem((2, 3, 3, 2), ("tanh", "tanh", "sigmoid"), "cross_entropy", 3, SEED)
    assert_gradient_is_numeric(one)
    assert_errors_and_gradient(one)
    assert check(one)["passed"]
