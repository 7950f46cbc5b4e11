"""What lessons say of their own sessions is what these sessions show."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from app.engine.bugs import BUGS
from app.engine.evaluation import evaluate
from app.engine.network import Parameters
from app.lessons.lesson import Stage
from app.lessons.library import lessons
from app.sessions.session import Session
from app.sessions.work import finish
from tests.sessions.made import do, make, trace


def stage(lesson: str, title: str) -> tuple[Stage, Session]:
    """A step's stage, and the session that is on view there, after its first step."""
    session: dict[str, Any] = {}
    for step in lessons()[lesson].steps:
        session = step.stage.session or session
        if step.title == title:
            made = make(**session)
            do(made, "step")
            return step.stage, made
    raise AssertionError(f"{lesson} has no step {title!r}")


def norms(title: str) -> list[float]:
    """Of delta, from layer 2 to L."""
    _, session = stage("where-blame-dies", title)
    return [float(np.linalg.norm(layer["delta"])) for layer in trace(session)["layers"][1:]]


def test_the_gate_that_is_more_than_half_shut_swallows_most_of_the_blame_and_is_not_shut() -> None:
    _, session = stage("from-nothing", "The gate")
    hidden = trace(session)["layers"][1]
    assert 0.25 < hidden["sigma_prime"][0] < 0.5
    assert abs(hidden["delta"][0]) < abs(hidden["received"][0]) / 2


def test_the_sigmoid_had_the_start_with_which_tanh_keeps_its_delta() -> None:
    titles = ("Five layers of sigmoid", "tanh, with a start that fits it")
    one, other = (stage("where-blame-dies", title)[1].problem.start.flat for title in titles)
    assert np.array_equal(one, other)
    sigmoid, tanh = map(norms, titles)
    assert sigmoid[-1] / sigmoid[0] > 3**4
    assert tanh[-1] / tanh[0] < 3


def test_the_norms_of_delta_are_those_that_are_told() -> None:
    sigmoid, tanh, exploding = map(norms, ("Five layers of sigmoid", "tanh, with a start that fits it", "Exploding"))
    assert [sigmoid[0], sigmoid[-1]] == [pytest.approx(0.00141, abs=5e-6), pytest.approx(0.685, abs=5e-4)]
    assert 470 < sigmoid[-1] / sigmoid[0] < 500
    assert 3 < (sigmoid[-1] / sigmoid[0]) ** (1 / 4) < 5
    assert [tanh[0], tanh[-1]] == pytest.approx([0.396, 0.675], abs=5e-4)
    assert exploding[:4] == pytest.approx([7.54, 2.47, 1.12, 0.852], abs=5e-3)
    _, session = stage("where-blame-dies", "Five layers of sigmoid")
    largest = max(map(abs, trace(session)["layers"][1]["delta"]))
    assert largest == pytest.approx(0.000797, abs=5e-7)
    assert largest < sigmoid[0] < 3 * largest


def test_ten_more_sigmoid_layers_take_the_answer_that_is_said_to_be_right() -> None:
    (ask,) = [step.ask for step in lessons()["where-blame-dies"].steps if step.title == "How fast does it fall?"]
    assert ask is not None
    assert ask.options[(ask.right or 0) - 1].startswith("A fifty-thousandth")
    assert 3**10 > 50_000  # at three times a layer, the least that is said


def test_a_neuron_that_reads_the_data_and_is_dead_for_all_of_them_stays_as_it_is() -> None:
    _, session = stage("where-blame-dies", "A dead neuron")
    assert len(session.problem.architecture.layers) == 3
    do(session, "parameters", biases=[{"layer": 2, "j": 1, "value": -100.0}])
    before = finish(session.view(include_parameters=True))
    do(session, "step", unit="epoch", count=3)
    after = finish(session.view(include_parameters=True))
    assert after["weights"][0][0] == before["weights"][0][0]
    assert after["weights"][0][1:] != before["weights"][0][1:]


def cosines(title: str) -> list[float]:
    """Of the weights' two gradients, from layer 2 to L, in the broken pass of a step."""
    shown, session = stage("spot-the-bug", title)
    assert shown.bug is not None
    return [layer["w"]["cosine"] for layer in finish(session.broken_check(shown.bug))["layers"]]


def test_without_slopes_the_gradients_agree_the_less_the_further_down() -> None:
    first, second, last = cosines("Bug 1")
    assert first < second - 0.1 < last - 0.2
    assert last == pytest.approx(1)


def test_with_updated_weights_the_gradients_are_off_by_very_little() -> None:
    assert all(cosine > 0.999 for cosine in cosines("Bug 2"))


@cache
def learnt(title: str, bug: str) -> float:
    """What part of the training examples is right after training with a backward pass, the middle of three starts."""
    _, session = stage("spot-the-bug", title)
    architecture, train = session.problem.architecture, session.problem.examples.train
    rate, found = session.problem.settings.optimizer.learning_rate, []
    for seed in range(3):
        rng = np.random.default_rng(seed)
        now = Parameters(architecture.layers, 0.7 * rng.normal(size=architecture.n_parameters))
        for _ in range(80):
            for rows in np.array_split(rng.permutation(len(train)), len(train) // 6):
                x, y, ahead = train.inputs[rows].T, train.targets[rows].T, now.copy()
                _step(ahead, BUGS["none"](architecture, now, now, x, y).gradient(), rate)
                _step(now, BUGS[bug](architecture, now.copy(), ahead, x, y).gradient(), rate)
        assert np.isfinite(now.flat).all()
        found.append(evaluate(architecture, now, train.inputs, train.targets)[1] or 0.0)
    return float(np.median(found))


def _step(parameters: Parameters, gradient: tuple[list[Any], list[Any]], rate: float) -> None:
    nabla_w, nabla_b = gradient
    for values, nablas in ((parameters.weights, nabla_w), (parameters.biases, nabla_b)):
        for value, nabla in zip(values, nablas, strict=True):
            value -= rate * nabla


@pytest.mark.parametrize(
    ("title", "bug", "least", "most"),
    [
        ("A pass that is right", "none", 0.85, 1.0),
        ("Bug 1", "no_slope", 0.0, 0.75),
        ("Bug 2", "updated_weights", 0.85, 1.0),
        ("Bug 6", "none", 0.95, 1.0),
        ("Bug 6", "softmax_elementwise", 0.0, 0.75),
    ],
)
def test_broken_passes_run_on_and_learn_a_little_worse_or_hardly_at_all(
    title: str, bug: str, least: float, most: float
) -> None:
    assert least <= learnt(title, bug) <= most
