"""What the notation page and the lessons say, proven by the engine's own numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.activations import ACTIVATIONS, softmax_jacobian_times
from app.engine.backprop import backprop
from app.engine.costs import output_error
from app.engine.network import Architecture, Parameters
from app.engine.training import Trainer
from tests.engine.cases import PLAIN, Floats, Problem, everything, facts, known, problem, problems, same


def linear(w: list[list[float]], a: list[float], delta: list[float]) -> tuple[Floats, Floats, Floats, Floats]:
    """Linear layers in which ``a`` meets w and comes back as ``delta``: sent, charged, received, and a of layer 2."""
    above, below = np.array(w).shape
    start = Parameters.from_arrays((below, below, above), [np.eye(below), w], [np.zeros(below), np.zeros(above)])
    architecture = Architecture((below, below, above), ("linear", "linear"), "quadratic")
    targets = np.array(w) @ a - delta  # quadratic and linear: delta = a - y
    trainer = Trainer(architecture, np.array([a]), targets[None], PLAIN, 1, start)
    hidden, top = trainer.traced_step(np.array([0]), 1).example(0).layers[1:]
    return known(top.sent), known(top.charged), known(hidden.received), hidden.a


def test_integer_demo_of_the_transpose() -> None:
    w = [[2.0, -1.0, 3.0], [0.0, 4.0, -2.0]]
    sent, charged, received, a = linear(w, [1, 2, -1], [5, -3])
    assert sent.tolist() == [[10, -5, 15], [0, -12, 6]]
    assert received.tolist() == [10, -17, 21]
    assert charged.tolist() == [[5, 10, -5], [-3, -6, 3]]
    ledger = a * sent
    assert ledger.tolist() == [[10, -10, -15], [0, -24, -6]]
    assert ledger.sum(axis=1).tolist() == [-15, -30]
    assert ledger.sum(axis=0).tolist() == [10, -34, -21]
    assert ledger.sum() == -45


def test_sent_and_charged_rank_differently() -> None:
    sent, charged, _, _ = linear([[3.0, 0.1]], [0.1, 1.0], [1.0])
    same(sent, [[3, 0.1]])
    same(charged, [[0.1, 1]])


def test_errors_are_not_split_by_share() -> None:
    w, e = np.array([[2.0, 3], [1, 4]]), np.array([0.8, 0.5])
    split = (w / w.sum(axis=1, keepdims=True)).T @ e
    same(split, [0.42, 0.88])
    assert abs(split.sum() - e.sum()) < 1e-15
    same(linear(w.tolist(), [1, 1], e.tolist())[2], [2.1, 4.4])


def test_quadratic_cost_learns_slowly_where_sigmoid_is_saturated_and_cross_entropy_does_not() -> None:
    z, y = np.array([[4.0]]), np.array([[0.0]])
    a = ACTIVATIONS["sigmoid"].value(z)
    assert round(float(output_error("quadratic", "sigmoid", z, a, y)[0, 0]), 5) == 0.01735
    assert round(float(output_error("cross_entropy", "sigmoid", z, a, y)[0, 0]), 5) == 0.98201


def test_softmax_with_log_likelihood_blames_p_minus_t_by_the_full_jacobian() -> None:
    z, target = np.array([[1.0], [2.0], [-0.5]]), np.array([[0.0], [1.0], [0.0]])
    p = ACTIVATIONS["softmax"].value(z)
    delta = output_error("log_likelihood", "softmax", z, p, target)
    assert delta[:, 0].round(5).tolist() == [0.25372, -0.31033, 0.05661]
    received = -target / p
    same(softmax_jacobian_times(p, received), delta)
    diagonal_only = p * (1 - p) * received
    assert diagonal_only[:, 0].round(5).tolist() == [0.0, -0.31033, 0.0]


@facts
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=6), st.integers(0, 1000))
def test_softmax_jacobian_is_diag_p_minus_p_p(z: list[float], seed: int) -> None:
    p = ACTIVATIONS["softmax"].value(np.array(z)[:, None])
    v = np.random.default_rng(seed).normal(size=(len(z), 1))
    same(softmax_jacobian_times(p, v), (np.diag(p[:, 0]) - p @ p.T) @ v, 1e-12)


def test_averaging_the_errors_before_going_back_loses_what_the_examples_say() -> None:
    # two examples a = (1, 0) and (0, 1) with errors +1/2 and -1/2
    start = Parameters.from_arrays((2, 1), [[[0.0, 0.0]]], [[0.0]])
    architecture = Architecture((2, 1), ("linear",), "quadratic")
    book = backprop(architecture, start, np.eye(2), np.array([[-0.5, 0.5]]))
    assert book.deltas[0].tolist() == [[0.5, -0.5]]
    assert book.nabla_w[0].tolist() == [[0.25, -0.25]]
    assert (book.deltas[0].mean() * np.eye(2).mean(axis=1)).tolist() == [0, 0]


@facts
@given(problems())
def test_sent_summed_over_j_is_received_and_the_ledgers_totals_agree(one: Problem) -> None:
    trace = one.trainer().traced_step(everything(len(one.inputs)), 1)
    for position in range(len(one.inputs)):
        layers = trace.example(position).layers
        for below, above, traced in zip(layers[1:], layers[2:], trace.layers[2:], strict=False):
            sent, delta = known(above.sent), known(above.delta)
            same(sent.sum(axis=0), known(below.received), 1e-12)
            ledger = below.a * sent
            lost = 1e-13 * np.abs(ledger).sum() + 1e-13 * np.abs(known(traced.b) * delta).sum() + 1e-15
            assert np.abs(ledger.sum(axis=1) - delta * (known(above.z) - known(traced.b))).max() <= lost
            assert np.abs(ledger.sum(axis=0) - below.a * known(below.received)).max() <= lost


@facts
@given(problems())
def test_nabla_is_the_mean_of_what_the_examples_charge(one: Problem) -> None:
    trace = one.trainer().traced_step(everything(len(one.inputs)), 1)
    examples = [trace.example(position) for position in range(len(one.inputs))]
    for place, layer in enumerate(trace.layers[1:], start=1):
        same(layer.nabla_w, np.mean([known(example.layers[place].charged) for example in examples], axis=0), 1e-12)
        same(layer.nabla_b, np.mean([known(example.layers[place].delta) for example in examples], axis=0), 1e-12)


def test_a_bias_is_the_weight_of_a_constant_1() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 1, seed=2)
    for layer in one.trainer().traced_step(everything(1), 1).example(0).layers[1:]:
        same(1.0 * known(layer.delta), known(layer.delta), 0)
    book = backprop(one.architecture, one.parameters, one.x, one.y)
    same(book.nabla_b[0], book.deltas[0][:, 0], 0)


def test_from_all_zeros_hidden_neurons_stay_alike() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 8, seed=2)
    trainer = Trainer(one.architecture, one.inputs, one.targets, PLAIN, 1, Parameters((3, 4, 2)))
    for number in range(1, 50):
        trainer.step(everything(8), number)
    w = trainer.parameters.weights[0]
    same(w, np.repeat(w[:1], 4, axis=0), 1e-9)


@pytest.mark.parametrize("kappa", [2.0, 10.0, 100.0])
def test_inverse_and_transpose_are_at_worst_at_cosine_2_kappa_over_kappa_squared_plus_1(kappa: float) -> None:
    w = np.diag([1.0, 1 / kappa])
    angles = np.linspace(0, np.pi, 20_001)
    deltas = np.stack([np.cos(angles), np.sin(angles)])
    there, back = w.T @ deltas, np.linalg.inv(w) @ deltas
    cosines = (there * back).sum(axis=0) / np.linalg.norm(there, axis=0) / np.linalg.norm(back, axis=0)
    assert abs(cosines.min() - 2 * kappa / (kappa**2 + 1)) < 1e-4
