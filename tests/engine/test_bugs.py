"""Each broken backward pass is caught by nudging, where and only where its mistake is; the right one passes."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.bugs import BUGS, broken_check
from tests.engine.cases import everything, problem


def failed(bug: str, softmax: bool = False) -> list[tuple[int, int]]:
    """How many weights and biases of each layer disagree."""
    last, cost = ("softmax", "log_likelihood") if softmax else ("sigmoid", "cross_entropy")
    one = problem((3, 3, 3, 3), ("tanh", "tanh", last), cost, 4, seed=7)
    trace = one.trainer().traced_step(everything(4), 1)
    found: list[dict[str, Any]] = broken_check(one.architecture, one.parameters, trace, bug)
    assert [layer["layer"] for layer in found] == [2, 3, 4]
    return [(layer["w"]["failed"], layer["b"]["failed"]) for layer in found]


@pytest.mark.parametrize("softmax", [False, True])
def test_the_right_pass_agrees_everywhere(softmax: bool) -> None:
    assert failed("none", softmax) == [(0, 0)] * 3


def test_without_the_slope_the_hidden_layers_are_wrong() -> None:
    assert failed("no_slope") == [(9, 3), (9, 3), (0, 0)]


def test_with_updated_weights_the_hidden_layers_are_wrong() -> None:
    assert failed("updated_weights") == [(9, 3), (9, 3), (0, 0)]


def test_averaged_before_going_back_the_weights_are_wrong_and_the_biases_are_not() -> None:
    assert failed("averaged_first") == [(9, 0), (9, 0), (9, 0)]


def test_a_transposed_gradient_is_right_on_its_diagonal_only() -> None:
    assert failed("transposed_gradient") == [(6, 0)] * 3


def test_softmax_taken_elementwise_is_wrong_everywhere() -> None:
    assert all(w and b for w, b in failed("softmax_elementwise", softmax=True))


def test_forgotten_biases_are_wrong_and_nothing_else() -> None:
    assert failed("bias_forgotten") == [(0, 3)] * 3


def test_there_are_six() -> None:
    assert len(BUGS) == 1 + 6
