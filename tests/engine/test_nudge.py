"""One number nudged: what it finds is what the trace says, for the example and for the mini-batch."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.feedback import FEEDBACKS
from app.engine.network import Architecture, Parameters
from app.engine.nudge import Nudge, Number, nudge
from app.engine.trace import StepTrace
from app.engine.training import Trainer, TrainingSettings
from tests.engine.cases import PLAIN, Problem, everything, facts, known, problem, problems
from tests.engine.test_by_hand import B2, B3, W2, W3, X, Y


def traced(one: Problem, feedback: str = "transpose") -> StepTrace:
    """The first step, a mini-batch of all examples."""
    settings = TrainingSettings(PLAIN.optimizer, feedback=feedback)
    return one.trainer(settings).traced_step(everything(len(one.inputs)), 1)


def nudge_of(one: Problem, number: Number, feedback: str = "transpose", by: float = 1e-5, position: int = 0) -> Nudge:
    trace = traced(one, feedback)
    return nudge(one.architecture, one.parameters, trace, trace.example(position), number, feedback, by)


def numbers(layers: tuple[int, ...]) -> list[Number]:
    """Every weight, bias and activation of a network."""
    found = [Number("activation", 1, k + 1) for k in range(layers[0])]
    for layer in range(2, len(layers) + 1):
        below, above = layers[layer - 2], layers[layer - 1]
        found += [Number("weight", layer, j + 1, k + 1) for j in range(above) for k in range(below)]
        found += [Number(what, layer, j + 1) for what in ("bias", "activation") for j in range(above)]
    return found


def by_hand() -> Problem:
    architecture = Architecture((2, 2, 2), ("sigmoid", "sigmoid"), "quadratic")
    parameters = Parameters.from_arrays((2, 2, 2), [W2, W3], [B2, B3])
    return Problem(architecture, parameters, np.array([X]), np.array([Y]))


def test_a_weight_of_the_network_on_paper() -> None:
    # w^3_12 = 2, a^2_2 = 3/4, delta^3_1 = -3/64: charged -9/256; C = 5/32
    found = nudge_of(by_hand(), Number("weight", 3, 1, 2))
    assert (found.value, found.by) == (2.0, 1e-5)
    assert found.example.analytic == pytest.approx(-9 / 256, rel=1e-14)
    assert found.example.measured == pytest.approx(-9 / 256, rel=1e-9)
    assert found.example.cost[0] == pytest.approx(5 / 32)
    assert found.example.cost[1] == pytest.approx(5 / 32 - 1e-5 * 9 / 256, abs=1e-11)
    assert found.example.cost[2] == pytest.approx(5 / 32 + 1e-5 * 9 / 256, abs=1e-11)
    # only z^3_1 = ln 3 moves, by 3/4 of the nudge
    ((layer, (before, up, down)),) = found.moved
    assert layer == 3
    assert before == pytest.approx([math.log(3), 0.0], abs=1e-14)
    assert up - before == pytest.approx([0.75e-5, 0.0], rel=1e-9, abs=1e-14)
    assert down - before == pytest.approx([-0.75e-5, 0.0], rel=1e-9, abs=1e-14)


def test_an_activation_of_the_network_on_paper() -> None:
    # received by a^2_2: 2 (-3/64) + 4 (8/64) = 26/64; z^3 moves by column 2 of w^3
    found = nudge_of(by_hand(), Number("activation", 2, 2))
    assert found.value == pytest.approx(0.75)
    assert found.example.analytic == pytest.approx(26 / 64, rel=1e-14)
    assert found.example.measured == pytest.approx(26 / 64, rel=1e-9)
    ((layer, (before, up, _)),) = found.moved
    assert layer == 3
    assert up - before == pytest.approx([2e-5, 4e-5], rel=1e-9)
    assert found.batch is None


def test_a_number_of_a_lower_layer_moves_its_own_z_and_all_of_the_next() -> None:
    found = nudge_of(problem((2, 3, 4, 2), ("tanh", "tanh", "sigmoid"), "quadratic", 1, seed=1), Number("bias", 2, 2))
    assert [layer for layer, _ in found.moved] == [2, 3]
    (own, above) = (ends for _, ends in found.moved)
    assert (own[1] != own[2]).tolist() == [False, True, False]
    assert (above[1] != above[2]).all()
    assert [len(z) for z in above] == [4, 4, 4]


@facts
@given(st.data())
def test_every_number_agrees_for_the_example_and_the_mini_batch(data: st.DataObject) -> None:
    one: Problem = data.draw(problems())
    number = data.draw(st.sampled_from(numbers(one.architecture.layers)))
    position = data.draw(st.integers(0, len(one.inputs) - 1))
    found = nudge_of(one, number, position=position)
    assert found.example.agrees in (True, None), found
    assert found.batch is None or found.batch.agrees in (True, None), found
    if "relu" not in "".join(one.architecture.activations) and (number.what != "activation"):
        assert found.example.agrees, found
        assert found.batch is not None
        assert found.batch.agrees, found


def test_the_numbers_are_the_traces_own() -> None:
    one = problem((2, 3, 2), ("tanh", "sigmoid"), "quadratic", 5, seed=2)
    trace = traced(one)
    for number in numbers((2, 3, 2)):
        found = nudge_of(one, number, position=4)
        own, layer = trace.example(4).layers[number.layer - 1], trace.layers[number.layer - 1]
        if number.what == "weight":
            at = number.j - 1, number.k - 1
            assert found.batch is not None
            wanted = [known(own.charged)[at], known(layer.nabla_w)[at], known(layer.w)[at]]
            assert [found.example.analytic, found.batch.analytic, found.value] == wanted
        elif number.what == "bias":
            assert found.batch is not None
            wanted = [known(own.delta)[number.j - 1], known(layer.nabla_b)[number.j - 1], known(layer.b)[number.j - 1]]
            assert [found.example.analytic, found.batch.analytic, found.value] == wanted
        else:
            sent = known(trace.example(4).layers[1].sent).sum(axis=0)
            received = sent if number.layer == 1 else known(own.received)
            assert [found.example.analytic, found.value] == [received[number.j - 1], own.a[number.j - 1]]


def test_a_wrong_number_does_not_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    one = problem((2, 3, 2), ("tanh", "sigmoid"), "quadratic", 5, seed=2)
    trace = traced(one)
    for layer in trace.layers[1:]:
        known(layer.delta)[...] *= 1.0001
        known(layer.nabla_w)[...] *= 1.0001
    found = nudge(
        one.architecture, one.parameters, trace, trace.example(0), Number("weight", 2, 1, 1), "transpose", 1e-5
    )
    assert found.batch is not None
    for compared in (found.example, found.batch):
        assert (compared.agrees, compared.reason) == (False, "differs")
        assert compared.error > compared.allowed


@pytest.mark.parametrize("feedback", [name for name in FEEDBACKS if name not in ("transpose", "frozen")])
def test_another_operator_is_named_below_the_output_and_not_there(feedback: str) -> None:
    one = problem((3, 5, 4, 2), ("tanh", "tanh", "sigmoid"), "quadratic", 3, seed=4)
    for number in (Number("weight", 3, 1, 1), Number("bias", 3, 2), Number("activation", 3, 1)):
        found = nudge_of(one, number, feedback)
        for compared in filter(None, (found.example, found.batch)):
            assert (compared.agrees, compared.reason) == (False, "feedback")
            assert f"sent back by {feedback}, which is not the transpose" in str(compared.message)
    for number in (Number("weight", 4, 1, 1), Number("bias", 4, 2), Number("activation", 4, 1)):
        assert nudge_of(one, number, feedback).example.agrees is True


def single(x: float, w: float, b: float, activation: str = "relu", **more: Any) -> Problem:
    parameters = Parameters.from_arrays((1, 1), [[[w]]], [[b]])
    inputs = np.array([[x], *([value] for value in more.get("inputs", []))])
    cost = more.get("cost", "quadratic")
    return Problem(
        Architecture((1, 1), (activation,), cost), parameters, inputs, np.full(inputs.shape, more.get("y", 2.0))
    )


def test_across_a_kink_nothing_can_be_said() -> None:
    # z is exactly 0 for the first example, 1 and 3 for the others
    one = single(1.0, w=0.5, b=-0.5, inputs=[3.0, 7.0])
    found = nudge_of(one, Number("weight", 2, 1, 1))
    assert (found.example.agrees, found.example.reason) == (None, "kink")
    assert found.batch is not None
    assert (found.batch.agrees, found.batch.reason) == (None, "kink")
    assert "in 1 of 3 examples" in str(found.batch.message)
    assert nudge_of(one, Number("weight", 2, 1, 1), position=1).example.agrees is True


@pytest.mark.parametrize(("z", "reason"), [(40.0, "coarse"), (-800.0, "not_finite"), (-20.0, None)])
def test_an_output_at_the_end_of_a_logarithm_says_so(z: float, reason: str | None) -> None:
    found = nudge_of(
        single(1.0, z, 0.0, "sigmoid", cost="cross_entropy", y=1.0 if z < 0 else 0.5), Number("activation", 2, 1)
    )
    assert found.example.reason == reason
    assert found.by < 1e-5


def test_below_a_large_input_the_nudge_is_smaller_for_the_example_and_the_batch_alike() -> None:
    one = single(1.0, 1e-4, 0.0, "tanh", inputs=[1e4])
    found = nudge_of(one, Number("weight", 2, 1, 1))
    assert found.by == pytest.approx(1e-9)
    assert found.batch is not None
    assert found.batch.agrees, found


@pytest.mark.parametrize(("by", "word"), [(0.1, "large"), (1e-12, "small")])
def test_a_nudge_that_is_too_large_or_too_small_says_so(by: float, word: str) -> None:
    one = problem((2, 3, 2), ("tanh", "sigmoid"), "quadratic", 2, seed=2)
    found = nudge_of(one, Number("weight", 2, 1, 1), by=by)
    assert (found.example.agrees, found.example.reason) == (False, "nudge")
    assert word in str(found.example.message)


def test_a_network_that_is_not_finite_says_so() -> None:
    one = problem((2, 3, 2), ("linear", "linear"), "quadratic", 2, seed=2)
    one.parameters.weights[1][...] = 1e200
    found = nudge_of(one, Number("weight", 2, 1, 1))
    assert (found.example.agrees, found.example.reason) == (None, "not_finite")


def test_training_is_left_as_it_was() -> None:
    one = problem((2, 3, 2), ("tanh", "sigmoid"), "quadratic", 4, seed=2)
    trainer = Trainer(one.architecture, one.inputs, one.targets, PLAIN, 1, one.parameters)
    trace = trainer.traced_step(everything(4), 1)
    after, kept = trainer.parameters.flat.copy(), one.parameters.flat.copy()
    for number in numbers((2, 3, 2)):
        nudge(one.architecture, one.parameters, trace, trace.example(0), number, "transpose", 1e-5)
    assert np.array_equal(trainer.parameters.flat, after)
    assert np.array_equal(one.parameters.flat, kept)
