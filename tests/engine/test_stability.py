"""At the extremes: right numbers, no warnings (they are errors here), and a diverging run is a state, not a crash."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.activations import ACTIVATIONS
from app.engine.costs import COSTS, output_error
from app.engine.feedback import FEEDBACKS
from app.engine.gradient_check import gradient_check
from app.engine.network import Architecture, Parameters
from app.engine.optimizers import OPTIMIZERS, OptimizerSettings
from app.engine.training import Trainer, TrainingSettings
from tests.engine.cases import COMBINATIONS, OUTPUTS, Floats, everything, facts, known, problem, same

EXTREME = [0.0, 1.0, 40.0, 800.0, 1e4, 1e100, 1e200]
Z = np.array([[*EXTREME, *(-value for value in EXTREME)]])


def column(*values: float) -> Floats:
    """One example."""
    return np.array(values, dtype=np.float64)[:, None]


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_activations_and_slopes_are_finite_at_the_extremes(name: str) -> None:
    a = ACTIVATIONS[name].value(Z)
    assert np.isfinite(a).all()
    assert np.isfinite(ACTIVATIONS[name].slope(Z, a)).all()
    assert (a >= ACTIVATIONS[name].low).all()
    assert (a <= ACTIVATIONS[name].high).all()


def test_sigmoid_of_1000_is_1_and_of_minus_1000_is_0() -> None:
    assert ACTIVATIONS["sigmoid"].value(column(1000, -1000)).tolist() == [[1.0], [0.0]]


def test_large_z_passes_through_relu_elu_gelu_and_softplus() -> None:
    for name in ("relu", "leaky_relu", "elu", "gelu", "softplus", "linear"):
        assert ACTIVATIONS[name].value(column(1e5))[0, 0] == 1e5
        assert ACTIVATIONS[name].slope(column(1e5), column(1e5))[0, 0] == 1
    # ln(1 + e^-50) = e^-50 - ..., e^-50 - 1 = -1 to 16 digits, but e^-1e-12 - 1 = -1e-12
    same(ACTIVATIONS["softplus"].value(column(-50)), np.exp(column(-50)))
    same(ACTIVATIONS["elu"].value(column(-1e-12)), column(-1e-12), 1e-11)


@pytest.mark.parametrize("shift", [0, 1e4, -1e4, 1e15])
def test_softmax_of_large_numbers_depends_on_differences_only(shift: float) -> None:
    a = ACTIVATIONS["softmax"].value(column(1 + shift, 2 + shift, shift))
    same(a, np.exp(column(1, 2, 0)) / np.exp(column(1, 2, 0)).sum(), 1e-12)


def test_softmax_of_far_numbers_is_zero_and_one() -> None:
    assert ACTIVATIONS["softmax"].value(column(1e4, -1e4, 0)).tolist() == [[1.0], [0.0], [0.0]]


def cost_and_delta(cost: str, activation: str, z: Floats, y: Floats) -> tuple[float, Floats]:
    """For one example."""
    a = ACTIVATIONS[activation].value(z)
    return COSTS[cost].costs(activation, z, a, y)[0], output_error(cost, activation, z, a, y)


def test_cross_entropy_of_a_saturated_sigmoid() -> None:
    # -ln sigmoid(-1000) = 1000, and delta = a - y = -1
    cost, delta = cost_and_delta("cross_entropy", "sigmoid", column(-1000), column(1))
    assert cost == 1000
    assert delta[0, 0] == -1
    # right and saturated: nothing to pay, nothing to blame
    cost, delta = cost_and_delta("cross_entropy", "sigmoid", column(1000), column(1))
    assert cost == 0
    assert delta[0, 0] == 0


def test_received_overflows_where_a_is_1_and_delta_does_not() -> None:
    a = ACTIVATIONS["sigmoid"].value(column(1000))
    assert np.isinf(COSTS["cross_entropy"].slope(a, column(0)))[0, 0]
    assert output_error("cross_entropy", "sigmoid", column(1000), a, column(0))[0, 0] == 1


def test_log_likelihood_of_a_class_whose_output_is_zero() -> None:
    cost, delta = cost_and_delta("log_likelihood", "softmax", column(1e4, 0, -1e4), column(0, 0, 1))
    assert cost == 2e4
    assert delta.tolist() == [[1.0], [0.0], [-1.0]]


def test_cross_entropy_of_a_saturated_softmax() -> None:
    # C = -(ln a_3 + ln(1 - a_1)); ln a_3 = -2e4, ln(1 - a_1) = ln a_2 = -1e4
    z, y = column(1e4, 0, -1e4), column(0, 0, 1)
    cost, delta = cost_and_delta("cross_entropy", "softmax", z, y)
    assert cost == 3e4
    # dC/dz = -d ln a_3 - d ln(1 - a_1) = (e_1 - e_3) + (e_1 - e_2), where a_1 rounds to 1
    same(delta, column(2, -1, -1), 1e-12)


@pytest.mark.parametrize(("last", "cost"), OUTPUTS)
@pytest.mark.parametrize("size", [40.0, 800.0, 1e4])
def test_costs_and_deltas_are_finite_at_large_z(last: str, cost: str, size: float) -> None:
    for z in (column(size, 0, -size), column(-size, -size, size), column(0, 0, 0)):
        for y in (column(1, 0, 0), column(0, 0, 1)):
            found, delta = cost_and_delta(cost, last, z, y)
            assert np.isfinite(found)
            assert np.isfinite(delta).all()


@facts
@given(st.lists(st.floats(-30, 30), min_size=2, max_size=4), st.data())
def test_delta_of_softmax_and_cross_entropy_is_the_sum_over_the_full_jacobian(
    z: list[float], data: st.DataObject
) -> None:
    targets = data.draw(st.lists(st.floats(0, 1), min_size=len(z), max_size=len(z)))
    a = ACTIVATIONS["softmax"].value(column(*z))
    p, y = a[:, 0], np.array(targets)
    jacobian = np.diag(p) - np.outer(p, p)
    # 1 - p cancels as p nears 1; the sum of the others does not
    rest = np.array([np.delete(p, j).sum() for j in range(len(p))])
    expected = jacobian @ (-y / p + (1 - y) / rest)
    delta = output_error("cross_entropy", "softmax", column(*z), a, column(*targets))[:, 0]
    # the test's own formula loses digits by its largest term
    lost = 1e-14 * (np.diag(p) + np.outer(p, p)) @ (y / p + (1 - y) / rest)
    assert (np.abs(delta - expected) <= 1e-12 + lost).all()


@pytest.mark.parametrize(("hidden", "last", "cost"), COMBINATIONS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_that_diverges_is_told_without_exception_or_warning(
    hidden: str, last: str, cost: str, optimizer: str
) -> None:
    one = problem((2, 3, 3, 2), (hidden, hidden, last), cost, 4, seed=1)
    trainer = one.trainer(TrainingSettings(OptimizerSettings(optimizer, learning_rate=1e300)))
    for number in range(1, 6):
        trainer.step(everything(4), number)
    record = trainer.recorded_step(everything(4), 6)
    trace = trainer.trace(record)
    example = trace.example(0)
    trainer.trace_example(trace, one.inputs[0], one.targets[0])
    gradient_check(one.architecture, one.parameters, example, "transpose", 1e-5, 1)
    trainer.evaluate(one.inputs, one.targets)
    trainer.penalty()
    assert trainer.is_finite() == bool(np.isfinite(trainer.parameters.flat).all())


@pytest.mark.parametrize("feedback", FEEDBACKS)
def test_a_linear_net_blows_up_into_a_state_that_is_not_finite(feedback: str) -> None:
    one = problem((2, 3, 3, 2), ("linear",) * 3, "quadratic", 4, seed=1)
    trainer = one.trainer(TrainingSettings(OptimizerSettings(learning_rate=1e150), feedback=feedback))
    before = trainer.state()
    assert trainer.is_finite()
    for number in range(1, 6):
        trainer.step(everything(4), number)
    assert not trainer.is_finite()
    trainer.restore(before)
    assert trainer.is_finite()
    same(trainer.parameters.flat, one.parameters.flat, 0)


def test_finite_parameters_whose_sum_overflows_are_finite() -> None:
    start = Parameters.from_arrays((2, 2), [np.full((2, 2), 1e308)], [[0.0, 0.0]])
    architecture = Architecture((2, 2), ("linear",), "quadratic")
    trainer = Trainer(architecture, np.ones((1, 2)), np.ones((1, 2)), TrainingSettings(), 1, start)
    assert trainer.is_finite()


def test_a_trace_of_a_saturated_output_is_finite_but_for_received() -> None:
    start = Parameters.from_arrays((1, 1), [[[1000.0]]], [[0.0]])
    architecture = Architecture((1, 1), ("sigmoid",), "cross_entropy")
    trainer = Trainer(architecture, np.ones((1, 1)), np.zeros((1, 1)), TrainingSettings(), 1, start)
    layer = trainer.traced_step(np.array([0]), 1).layers[1]
    assert np.isinf(known(layer.received)).all()
    assert known(layer.delta)[0, 0] == 1
    assert known(layer.w_after)[0, 0] == 999.5
