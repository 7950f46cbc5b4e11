"""The kernel against the book's backprop, to 1e-12; the same bits whether a step is watched or not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.backprop import backprop
from app.engine.feedback import FEEDBACKS, Feedback
from app.engine.initializers import initialize
from app.engine.kernel import Kernel
from app.engine.network import Architecture
from app.engine.optimizers import OPTIMIZERS, OptimizerSettings, Regularization
from app.engine.training import Trainer, TrainingSettings
from tests.engine.cases import PLAIN, Floats, Problem, everything, facts, known, off, problem, problems, same

TOLERANCE = 1e-12

feedbacks = st.sampled_from([*FEEDBACKS])
every_settings = st.builds(
    TrainingSettings,
    st.builds(OptimizerSettings, st.sampled_from([*OPTIMIZERS]), st.just(0.05)),
    st.builds(Regularization, st.sampled_from(["none", "l1", "l2"]), st.just(0.2)),
    feedbacks,
    st.booleans(),
)


def bits(*arrays: Floats) -> list[bytes]:
    """The very bits."""
    return [array.tobytes() for array in arrays]


@facts
@given(problems(), feedbacks, st.booleans())
def test_kernel_equals_backprop(one: Problem, feedback: str, train_biases: bool) -> None:
    settings = TrainingSettings(PLAIN.optimizer, feedback=feedback, train_biases=train_biases)
    trace = one.trainer(settings, seed=9).traced_step(everything(len(one.inputs)), 4)
    matrices = Feedback(feedback, 9, one.parameters).matrices(one.parameters, 4)
    book = backprop(one.architecture, one.parameters, one.x, one.y, matrices)

    same(trace.layers[0].a, book.activations[0], 0)
    same(trace.costs, book.costs, TOLERANCE)
    for place, layer in enumerate(trace.layers[1:]):
        same(layer.z, book.zs[place], TOLERANCE)
        same(layer.a, book.activations[place + 1], TOLERANCE)
        same(layer.received, book.received[place], TOLERANCE)
        same(layer.delta, book.deltas[place], TOLERANCE)
        same(layer.nabla_w, book.nabla_w[place], TOLERANCE)
        same(layer.nabla_b, book.nabla_b[place], TOLERANCE)
        same(layer.w_after, known(layer.w) - 0.5 * book.nabla_w[place], TOLERANCE)
        same(layer.b_after, known(layer.b) - (0.5 if train_biases else 0) * book.nabla_b[place], TOLERANCE)


@pytest.mark.parametrize("m", [1, 2, 10, 33, 128])
@pytest.mark.parametrize(
    "layers", [(2, 4, 2, 1), (2, 8, 8, 8, 8, 8, 8, 1), (64, 30, 10), (784, 30, 10), (5, 3), (1, 1)]
)
def test_kernel_equals_backprop_at_the_sizes_that_are_used(layers: tuple[int, ...], m: int) -> None:
    one = problem(layers, ("tanh",) * (len(layers) - 2) + ("sigmoid",), "quadratic", m, seed=1)
    trace = one.trainer().traced_step(everything(m), 1)
    book = backprop(one.architecture, one.parameters, one.x, one.y)
    for layer, delta, nabla_w, nabla_b in zip(trace.layers[1:], book.deltas, book.nabla_w, book.nabla_b, strict=True):
        same(layer.delta, delta, TOLERANCE)
        same(layer.nabla_w, nabla_w, TOLERANCE)
        same(layer.nabla_b, nabla_b, TOLERANCE)
        same(layer.w_after, known(layer.w) - 0.5 * nabla_w, TOLERANCE)


@facts
@given(problems(), every_settings, st.integers(1, 9))
def test_a_step_has_the_same_bits_whether_recorded_traced_or_not(
    one: Problem, settings: TrainingSettings, steps: int
) -> None:
    plain, recorded, traced = (one.trainer(settings) for _ in range(3))
    rng = np.random.default_rng(steps)
    for number in range(1, steps + 1):
        indices = rng.permutation(len(one.inputs))[: rng.integers(1, len(one.inputs) + 1)]
        plain.step(indices, number)
        record = recorded.recorded_step(indices, number)
        trace = traced.traced_step(indices, number)
        assert bits(plain.parameters.flat) == bits(recorded.parameters.flat) == bits(traced.parameters.flat)
        other = recorded.trace(record)
        for layer, twin in zip(trace.layers[1:], other.layers[1:], strict=True):
            assert bits(known(layer.delta), known(layer.z)) == bits(known(twin.delta), known(twin.z))
        last = trace.layers[-1]
        assert bits(known(last.w_after), known(last.b_after)) == bits(
            plain.parameters.weights[-1], plain.parameters.biases[-1]
        )


@facts
@given(problems(), every_settings)
def test_same_seed_same_bits(one: Problem, settings: TrainingSettings) -> None:
    results = []
    for _ in range(2):
        trainer = one.trainer(settings, seed=3)
        for number in range(1, 6):
            trainer.step(everything(len(one.inputs)), number)
        results.append(bits(trainer.parameters.flat))
    assert results[0] == results[1]


@facts
@given(problems())
def test_recorded_update_plus_old_is_new_bit_for_bit(one: Problem) -> None:
    m = len(one.inputs)
    rows = np.concatenate([one.inputs, np.ones((m, 1))], axis=1)
    parameters = one.parameters.copy()
    kernel = Kernel(
        one.architecture,
        parameters,
        rows,
        one.y.copy(),
        m,
        scale=-0.5 / m,
        feedback=None,
        train_biases=True,
        plain=True,
    )
    for _ in range(3):
        old = parameters.flat.copy()
        kernel.run(everything(m))
        assert bits(old + kernel.gradient.flat) == bits(parameters.flat)


@facts
@given(problems(), every_settings)
def test_what_a_step_leaves_is_what_the_next_begins_with(one: Problem, settings: TrainingSettings) -> None:
    trainer = one.trainer(settings)
    first, second = (trainer.traced_step(everything(len(one.inputs)), number) for number in (1, 2))
    for layer, then in zip(first.layers[1:], second.layers[1:], strict=True):
        assert bits(known(layer.w_after), known(layer.b_after)) == bits(known(then.w), known(then.b))


def test_a_trace_is_not_changed_by_the_steps_that_follow() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 5, seed=1)
    trainer = one.trainer()
    record = trainer.recorded_step(everything(5), 1)
    trace = trainer.trace(record)
    before = [bits(known(layer.w), known(layer.delta), known(layer.w_after)) for layer in trace.layers[1:]]
    for number in range(2, 40):
        trainer.recorded_step(everything(5), number)
    for traced in (trace, trainer.trace(record)):
        assert before == [bits(known(layer.w), known(layer.delta), known(layer.w_after)) for layer in traced.layers[1:]]


@facts
@given(problems(), feedbacks)
def test_going_back_to_a_state_repeats_the_steps_bit_for_bit(one: Problem, feedback: str) -> None:
    settings = TrainingSettings(OptimizerSettings("adam", 0.05), feedback=feedback)
    trainer = one.trainer(settings)
    trainer.step(everything(len(one.inputs)), 1)
    state = trainer.state()
    seen = []
    for _ in range(2):
        trainer.restore(state)
        for number in (2, 3, 4):
            trainer.step(everything(len(one.inputs)), number)
        seen.append(bits(trainer.parameters.flat))
    assert seen[0] == seen[1]
    assert bits(state.flat) != seen[0] or off(trainer.parameters.flat, state.flat) == 0


@facts
@given(problems())
def test_an_example_traced_outside_the_batch_has_the_numbers_of_backprop(one: Problem) -> None:
    trainer = one.trainer()
    trace = trainer.traced_step(np.array([0]), 1)
    x, y = one.inputs[-1], one.targets[-1]
    example = trainer.trace_example(trace, x, y)
    book = backprop(one.architecture, one.parameters, x[:, None], y[:, None])
    assert abs(example.cost - book.costs[0]) <= TOLERANCE * max(1, abs(book.costs[0]))
    for place, layer in enumerate(example.layers[1:]):
        same(layer.delta, book.deltas[place][:, 0], TOLERANCE)
        same(layer.received, book.received[place][:, 0], TOLERANCE)
        same(layer.charged, book.nabla_w[place], TOLERANCE)


def test_biases_that_are_not_trained_stay_to_the_bit() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 5, seed=1)
    for name in OPTIMIZERS:
        trainer = one.trainer(TrainingSettings(OptimizerSettings(name, 0.1), train_biases=False))
        for number in range(1, 4):
            trainer.step(everything(5), number)
        assert bits(*trainer.parameters.biases) == bits(*one.parameters.biases)
        assert bits(*trainer.parameters.weights) != bits(*one.parameters.weights)


def test_a_mini_batch_may_be_smaller_in_between() -> None:
    one = problem((3, 4, 2), ("tanh", "sigmoid"), "quadratic", 7, seed=1)
    trainer = one.trainer()
    parameters = one.parameters
    for number, indices in enumerate([[0, 1, 2], [3, 4], [5, 6, 1]], start=1):
        trainer.step(np.array(indices), number)
        book = backprop(one.architecture, parameters, one.x[:, indices], one.y[:, indices])
        parameters = parameters.from_arrays(
            parameters.layers,
            [w - 0.5 * nabla for w, nabla in zip(parameters.weights, book.nabla_w, strict=True)],
            [b - 0.5 * nabla for b, nabla in zip(parameters.biases, book.nabla_b, strict=True)],
        )
    same(trainer.parameters.flat, parameters.flat, TOLERANCE)


def test_xor_is_learnt() -> None:
    inputs, targets = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([[0.0], [1], [1], [0]])
    architecture = Architecture((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy")
    trainer = Trainer(architecture, inputs, targets, PLAIN, 1, initialize("xavier", 1.0, (2, 4, 1), 1))
    for number in range(1, 1_001):
        trainer.step(everything(4), number)
    cost, accuracy = trainer.evaluate(inputs, targets)
    assert cost < 0.05
    assert accuracy == 1


@pytest.mark.parametrize("feedback", FEEDBACKS)
def test_an_example_traced_outside_the_batch_is_sent_back_by_the_steps_own_operator(feedback: str) -> None:
    one = problem((3, 5, 4, 2), ("tanh", "relu", "sigmoid"), "quadratic", 6, seed=4)
    trainer = one.trainer(TrainingSettings(PLAIN.optimizer, feedback=feedback), seed=3)
    trace = trainer.traced_step(everything(6), 1)
    inside, outside = trace.example(2), trainer.trace_example(trace, one.inputs[2], one.targets[2])
    assert abs(inside.cost - outside.cost) <= TOLERANCE
    for layer, twin in zip(inside.layers[1:], outside.layers[1:], strict=True):
        for name in ("a", "z", "sigma_prime", "received", "delta", "sent", "charged"):
            same(getattr(twin, name), getattr(layer, name), TOLERANCE)
