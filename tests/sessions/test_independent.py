"""Random sessions against another implementation: one example at a time, as the book writes it, without a log."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from app.datasets import epoch_order
from app.sessions.session import Session
from tests.sessions.made import do, make, view
from tests.sessions.test_exactness import OPTIMIZERS, exported

Numbers = Any
SLOPES: dict[str, tuple[Callable[[Numbers], Numbers], Callable[[Numbers], Numbers]]] = {
    "linear": (lambda z: z, lambda z: 1 + 0 * z),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: 1 / (2 + np.exp(z) + np.exp(-z))),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (lambda z: z * (z > 0), lambda z: 1.0 * (z > 0)),
    "softplus": (lambda z: np.log(1 + np.exp(z)), lambda z: 1 / (1 + np.exp(-z))),
}
FEEDBACKS = ("transpose", "negative", "none", "frozen", "sign", "inverse")


class Written:
    """A network that is trained as it is told, by plain loops."""

    def __init__(self, session: Session, settings: dict[str, Any]) -> None:
        problem = session.problem
        self.problem, self.settings, self.rule = problem, settings, settings["optimizer"]
        self.w = [w.copy() for w in problem.start.weights]
        self.b = [b.copy() for b in problem.start.biases]
        self.start = [w.copy() for w in self.w]
        self.x, self.y = list(problem.examples.train.inputs), list(problem.examples.train.targets)
        self.epoch, self.offset, self.order = 0, 0, np.array([], dtype=int)
        self._forget()

    def _forget(self) -> None:
        self.mean: list[Numbers] = [0.0] * 2 * len(self.w)
        self.square: list[Numbers] = [0.0] * 2 * len(self.w)
        self.t = 0

    def step(self) -> None:
        if self.offset >= len(self.order):
            self.epoch, self.offset = self.epoch + 1, 0
            self.order = epoch_order(len(self.x), self.problem.seed, self.epoch, self.problem.shuffle)
        batch = self.order[self.offset : self.offset + self.settings["batch_size"]]
        self.offset += self.settings["batch_size"]
        gradients = [self._gradient(self.x[i], self.y[i]) for i in batch]
        mean = [sum(parts) / len(batch) for parts in zip(*gradients, strict=True)]
        name, strength = self.settings["penalty"], self.settings["lambda"] / len(self.x)
        for place, w in enumerate(self.w):
            mean[place] = mean[place] + strength * {"l1": np.sign(w), "l2": w, "none": 0 * w}[name]
        if self.rule != self.settings["optimizer"]:
            self.rule = self.settings["optimizer"]
            self._forget()
        self.t += 1
        for place, (value, gradient) in enumerate(zip(self.w + self.b, mean, strict=True)):
            value -= self.settings["rate"] * self._direction(place, gradient)

    def _gradient(self, x: Numbers, y: Numbers) -> list[Numbers]:
        names, cost = self.problem.architecture.activations, self.problem.architecture.cost
        a, zs = [x], []
        for w, b, name in zip(self.w, self.b, names, strict=True):
            zs.append(w @ a[-1] + b)
            a.append(np.exp(zs[-1]) / np.exp(zs[-1]).sum() if name == "softmax" else SLOPES[name][0](zs[-1]))
        out = a[-1]
        slope = {"quadratic": out - y, "cross_entropy": (out - y) / (out * (1 - out)), "log_likelihood": -y / out}[cost]
        softmax = names[-1] == "softmax"
        delta = (np.diag(out) - np.outer(out, out)) @ slope if softmax else slope * SLOPES[names[-1]][1](zs[-1])
        found: list[Numbers] = []
        for place in range(len(self.w) - 1, -1, -1):
            found = [np.outer(delta, a[place]), *found, delta]
            if place > 0:
                delta = (self._back(place) @ delta) * SLOPES[names[place - 1]][1](zs[place - 1])
        count = len(self.w)
        return [*found[:count], *found[count:][::-1]]

    def _back(self, place: int) -> Numbers:
        w, start = self.w[place], self.start[place]
        matrices: dict[str, Callable[[], Numbers]] = {
            "transpose": lambda: w.T,
            "negative": lambda: -w.T,
            "none": lambda: 0 * w.T,
            "frozen": lambda: start.T,
            "sign": lambda: np.sign(w.T) * np.abs(start).mean(),
            "inverse": lambda: np.linalg.pinv(w),
        }
        return matrices[self.settings["feedback"]]()

    def _direction(self, place: int, g: Numbers) -> Numbers:
        mean, square = self.mean, self.square
        if self.rule == "sgd":
            return g
        if self.rule in ("momentum", "nesterov"):
            mean[place] = 0.9 * mean[place] + g
            return mean[place] if self.rule == "momentum" else g + 0.9 * mean[place]
        if self.rule == "rmsprop":
            square[place] = 0.99 * square[place] + 0.01 * g * g
            return g / (np.sqrt(square[place]) + 1e-8)
        mean[place] = 0.9 * mean[place] + 0.1 * g
        square[place] = 0.999 * square[place] + 0.001 * g * g
        return mean[place] / (1 - 0.9**self.t) / (np.sqrt(square[place] / (1 - 0.999**self.t)) + 1e-8)


def begun(rng: random.Random, seed: int) -> tuple[Session, Written]:
    """A random session at its start, and the other implementation."""
    last, cost = rng.choice([("tanh", "quadratic"), ("softmax", "quadratic"), ("sigmoid", "cross_entropy"),
                             ("softmax", "cross_entropy"), ("softmax", "log_likelihood")])  # fmt: skip
    hidden = [rng.choice([1, 2, 4]) for _ in range(rng.randint(0, 3))]
    session = make(
        layers=[2, *hidden, 2],
        activations=[*(rng.choice(list(SLOPES)) for _ in hidden), last],
        cost=cost,
        dataset={"name": "circle", "size": 13},
        batch_size=3,
        shuffle=rng.random() < 0.5,
        optimizer={"name": "adam", "learning_rate": 0.02},
        seed=seed,
        test_fraction=0.2,
    )
    settings = {"optimizer": "adam", "rate": 0.02, "penalty": "none", "lambda": 0, "batch_size": 3}
    return session, Written(session, settings | {"feedback": "transpose"})


def changed(session: Session, other: Written, rng: random.Random) -> None:
    """One change, told to both."""
    kind = rng.choice(["optimizer", "penalty", "batch_size", "feedback", "edit", "example"])
    if kind == "optimizer":
        other.settings |= {"optimizer": rng.choice(OPTIMIZERS), "rate": rng.choice([0.01, 0.03])}
        told = {"name": other.settings["optimizer"], "learning_rate": other.settings["rate"]}
        do(session, "settings", optimizer=told)
    elif kind == "penalty":
        other.settings |= rng.choice([{"penalty": "l1", "lambda": 0.4}, {"penalty": "l2", "lambda": 0.9}])
        told = {"name": other.settings["penalty"], "lambda": other.settings["lambda"]}
        do(session, "settings", regularization=told)
    elif kind == "batch_size":
        other.settings["batch_size"] = rng.choice([1, 2, 5])
        do(session, "settings", batch_size=other.settings["batch_size"])
    elif kind == "feedback":
        other.settings["feedback"] = rng.choice(FEEDBACKS)
        do(session, "settings", feedback={"name": other.settings["feedback"]})
    elif kind == "edit":
        other.w[-1][0, 0] = other.b[-1][1] = value = rng.uniform(-1, 1)
        layer, weight = len(other.w) + 1, {"j": 1, "k": 1, "value": value}
        do(
            session,
            "parameters",
            weights=[{"layer": layer, **weight}],
            biases=[{"layer": layer, "j": 2, "value": value}],
        )
    else:
        x, label = [rng.uniform(-1, 1), rng.uniform(-1, 1)], rng.randint(0, 1)
        other.x.append(np.array(x))
        other.y.append(np.eye(2)[label])
        do(session, "examples", inputs=x, label=label)


@pytest.mark.parametrize("seed", range(30))
def test_a_session_trains_as_the_book_says_whatever_is_changed_in_between(seed: int) -> None:
    rng = random.Random(seed)
    session, other = begun(rng, seed)
    done = 0
    for _ in range(6):
        count = rng.randint(1, 6)
        for _ in range(count):
            other.step()
        done += count
        do(session, "step", count=count)
        do(session, "seek", step=rng.randint(0, done))
        session = exported(session) if rng.random() < 0.5 else session
        do(session, "seek", step=done)
        told = view(session, include_parameters=True)
        for found, expected in zip(told["weights"] + told["biases"], other.w + other.b, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-9)
        changed(session, other, rng)
