"""A 2-2-2 network small enough for paper: sigmoid of 0, of ln 3 and of -ln 3 are 1/2, 3/4 and 1/4."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.engine.network import Architecture, Parameters
from app.engine.trace import ExampleTrace, LayerTrace, Phase, phases
from app.engine.training import Trainer
from tests.engine.cases import PLAIN, known, same

LN3 = math.log(3)
X, Y = [2.0, -1.0], [1.0, 0.0]
W2, B2 = [[1.0, 3.0], [-1.0, 2.0]], [1.0, 4.0 + LN3]
W3, B3 = [[1.0, 2.0], [-2.0, 4.0]], [LN3 - 2.0, -2.0]


@pytest.fixture(scope="module")
def layers() -> tuple[LayerTrace, ...]:
    """The traced step, learning rate 1/2, a mini-batch of this one example."""
    architecture = Architecture((2, 2, 2), ("sigmoid", "sigmoid"), "quadratic")
    start = Parameters.from_arrays((2, 2, 2), [W2, W3], [B2, B3])
    trainer = Trainer(architecture, np.array([X]), np.array([Y]), PLAIN, 1, start)
    trace = trainer.traced_step(np.array([0]), 1)
    example = trace.example(0)
    assert_cost(example)
    assert_connections(example)
    return trace.layers


def assert_cost(example: ExampleTrace) -> None:
    # C = 1/2 ((3/4 - 1)^2 + (1/2 - 0)^2) = 1/2 (1/16 + 4/16) = 5/32
    same(np.array(example.cost), 5 / 32)


def assert_connections(example: ExampleTrace) -> None:
    top = example.layers[2]
    # sent_jk = w_jk delta_j, delta = (-3/64, 8/64): row 1: 1, 2 times -3/64; row 2: -2, 4 times 8/64
    same(top.sent, np.array([[-3, -6], [-16, 32]]) / 64)
    # charged_jk = a_k delta_j with a = (1/2, 3/4)
    same(top.charged, np.array([[-6, -9], [16, 24]]) / 256)


def test_phases_come_in_the_order_of_the_book() -> None:
    assert phases(3) == (
        (Phase.FEEDFORWARD, 2),
        (Phase.FEEDFORWARD, 3),
        (Phase.COST, None),
        (Phase.OUTPUT_ERROR, 3),
        (Phase.SEND_BACK, 2),
        (Phase.GATE, 2),
        (Phase.GRADIENT, 3),
        (Phase.GRADIENT, 2),
        (Phase.UPDATE, None),
    )


def test_send_back_and_gate_alternate_from_the_last_hidden_layer_down() -> None:
    back = [(phase, layer) for phase, layer in phases(4) if phase in (Phase.SEND_BACK, Phase.GATE)]
    assert back == [(Phase.SEND_BACK, 3), (Phase.GATE, 3), (Phase.SEND_BACK, 2), (Phase.GATE, 2)]


def test_feedforward(layers: tuple[LayerTrace, ...]) -> None:
    # z^2_1 = 1*2 + 3*(-1) + 1 = 0;  z^2_2 = -1*2 + 2*(-1) + 4 + ln 3 = ln 3
    same(layers[1].z, [[0.0], [LN3]])
    same(layers[1].a, [[1 / 2], [3 / 4]])
    # z^3_1 = 1*1/2 + 2*3/4 - 2 + ln 3 = ln 3;  z^3_2 = -2*1/2 + 4*3/4 - 2 = 0
    same(layers[2].z, [[LN3], [0.0]])
    same(layers[2].a, [[3 / 4], [1 / 2]])


def test_output_error(layers: tuple[LayerTrace, ...]) -> None:
    # dC/da = a - y = (3/4 - 1, 1/2 - 0); sigma' = a (1 - a) = (3/16, 1/4)
    same(layers[2].received, [[-1 / 4], [1 / 2]])
    same(layers[2].sigma_prime, [[3 / 16], [1 / 4]])
    # delta = (-1/4 * 3/16, 1/2 * 1/4)
    same(layers[2].delta, [[-3 / 64], [1 / 8]])


def test_send_back(layers: tuple[LayerTrace, ...]) -> None:
    # column 1 of w^3 times delta: 1*(-3/64) - 2*(8/64) = -19/64; column 2: 2*(-3/64) + 4*(8/64) = 26/64
    same(layers[1].received, [[-19 / 64], [26 / 64]])


def test_gate(layers: tuple[LayerTrace, ...]) -> None:
    # sigma' = (1/2 * 1/2, 3/4 * 1/4) = (1/4, 3/16)
    same(layers[1].sigma_prime, [[1 / 4], [3 / 16]])
    # -19/64 * 1/4 = -19/256;  26/64 * 3/16 = 78/1024 = 39/512
    same(layers[1].delta, [[-19 / 256], [39 / 512]])


def test_gradient(layers: tuple[LayerTrace, ...]) -> None:
    # nabla_b = delta; nabla_w_jk = a_k delta_j
    same(layers[2].nabla_b, [-3 / 64, 1 / 8])
    same(layers[2].nabla_w, np.array([[-6, -9], [16, 24]]) / 256)
    same(layers[1].nabla_b, [-19 / 256, 39 / 512])
    # x = (2, -1): row 1: 2, -1 times -38/512; row 2: 2, -1 times 39/512
    same(layers[1].nabla_w, np.array([[-76, 38], [78, -39]]) / 512)


def test_update(layers: tuple[LayerTrace, ...]) -> None:
    # w - nabla / 2
    same(layers[2].w_after, [[1 + 3 / 256, 2 + 9 / 512], [-2 - 1 / 32, 4 - 3 / 64]])
    same(layers[2].b_after, [LN3 - 2 + 3 / 128, -2 - 1 / 16])
    same(layers[1].w_after, [[1 + 38 / 512, 3 - 19 / 512], [-1 - 39 / 512, 2 + 39 / 1024]])
    same(layers[1].b_after, [1 + 19 / 512, 4 + LN3 - 39 / 1024])


def test_the_trace_keeps_the_weights_from_before_the_step(layers: tuple[LayerTrace, ...]) -> None:
    assert known(layers[1].w).tolist() == W2
    assert known(layers[2].w).tolist() == W3
