"""Against torch in float64, where it is installed: activations, costs, gradients, optimizers and their defaults."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from app.engine.activations import ACTIVATIONS
from app.engine.optimizers import OptimizerSettings, Regularization
from app.engine.training import TrainingSettings
from tests.engine.cases import COMBINATIONS, Lists, Problem, everything, problem, same

torch = pytest.importorskip("torch")
functional: Any = torch.nn.functional

TOLERANCE = 1e-10
Z = np.concatenate([np.linspace(-40, 40, 801), [1e-9, -1e-9, 0.0]])[:, None]

SIGMA: dict[str, Any] = {
    "linear": lambda z: z,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": functional.leaky_relu,
    "elu": functional.elu,
    "gelu": lambda z: functional.gelu(z, approximate="tanh"),
    "softplus": functional.softplus,
    "softmax": lambda z: torch.softmax(z, dim=0),
}

OPTIMIZERS: dict[str, Any] = {
    "sgd": torch.optim.SGD,
    "momentum": lambda parameters, lr: torch.optim.SGD(parameters, lr=lr, momentum=0.9),
    "nesterov": lambda parameters, lr: torch.optim.SGD(parameters, lr=lr, momentum=0.9, nesterov=True),
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
}


def costs(cost: str, name: str, z: Any, a: Any, y: Any) -> Any:
    """Of each column, by torch's own functions."""
    if cost == "quadratic":
        return functional.mse_loss(a, y, reduction="none").sum(0) / 2
    if cost == "cross_entropy":
        return functional.binary_cross_entropy(a, y, reduction="none").sum(0)
    return functional.cross_entropy(z.T, y.T, reduction="none")


class Twin:
    """The same network in torch."""

    def __init__(self, one: Problem) -> None:
        self.names, self.cost = one.architecture.activations, one.architecture.cost
        self.x, self.y = torch.tensor(one.x), torch.tensor(one.y)
        self.weights = [torch.tensor(w, requires_grad=True) for w in one.parameters.weights]
        self.biases = [torch.tensor(b, requires_grad=True) for b in one.parameters.biases]

    def mean_cost(self) -> Any:
        z = a = self.x
        for w, b, name in zip(self.weights, self.biases, self.names, strict=True):
            z = w @ a + b[:, None]
            a = SIGMA[name](z)
        return costs(self.cost, self.names[-1], z, a, self.y).mean()

    def arrays(self) -> Lists:
        return [array.detach().numpy() for array in (*self.weights, *self.biases)]


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_activation_and_slope(name: str) -> None:
    z = torch.tensor(Z, requires_grad=True)
    a = SIGMA[name](z)
    a.sum().backward()
    ours = ACTIVATIONS[name].value(Z)
    np.testing.assert_allclose(ours, a.detach().numpy(), rtol=1e-10, atol=1e-9 if name == "softplus" else 1e-14)
    slope = ACTIVATIONS[name].slope(Z, ours)
    np.testing.assert_allclose(slope, z.grad.numpy(), rtol=1e-10, atol=1e-8 if name == "softplus" else 1e-14)


def test_slope_of_relu_at_zero_is_zero() -> None:
    zero = np.zeros((1, 1))
    assert ACTIVATIONS["relu"].slope(zero, zero)[0, 0] == 0


@pytest.mark.parametrize(("hidden", "last", "cost"), COMBINATIONS)
def test_gradient_of_every_combination(hidden: str, last: str, cost: str) -> None:
    one = problem((3, 4, 3, 2), (hidden, hidden, last), cost, 5, seed=11)
    twin = Twin(one)
    twin.mean_cost().backward()
    trace = one.trainer().traced_step(everything(5), 1)
    for layer, w, b in zip(trace.layers[1:], twin.weights, twin.biases, strict=True):
        same(layer.nabla_w, w.grad.numpy(), TOLERANCE)
        same(layer.nabla_b, b.grad.numpy(), TOLERANCE)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("penalty", ["none", "l2"])
def test_optimizers_by_their_defaults(name: str, penalty: str) -> None:
    one = problem((3, 5, 4, 2), ("tanh", "elu", "sigmoid"), "quadratic", 6, seed=12)
    twin = Twin(one)
    groups = [
        {"params": twin.weights, "weight_decay": 0.3 / 6 if penalty == "l2" else 0.0},
        {"params": twin.biases},
    ]
    optimizer = OPTIMIZERS[name](groups, lr=0.03)
    settings = TrainingSettings(OptimizerSettings(name, learning_rate=0.03), Regularization(penalty, 0.3))
    trainer = one.trainer(settings)
    for number in range(1, 11):
        trainer.step(everything(6), number)
        optimizer.zero_grad()
        twin.mean_cost().backward()
        optimizer.step()
        for ours, theirs in zip([*trainer.parameters.weights, *trainer.parameters.biases], twin.arrays(), strict=True):
            same(ours, theirs, TOLERANCE)


@pytest.mark.parametrize(
    ("name", "keywords"),
    [
        ("adam", {"betas": (0.1, 0.5), "eps": 1e-3}),
        ("rmsprop", {"alpha": 0.3, "eps": 1e-2}),
        ("momentum", {"momentum": 0.4}),
        ("nesterov", {"momentum": 0.4, "nesterov": True}),
    ],
)
def test_optimizers_with_numbers_of_their_own(name: str, keywords: dict[str, Any]) -> None:
    ours = {"betas": ("beta1", "beta2"), "eps": ("epsilon",), "alpha": ("alpha",), "momentum": ("momentum",)}
    numbers = {
        field: value
        for key, given in keywords.items()
        if key in ours
        for field, value in zip(ours[key], given if isinstance(given, tuple) else (given,), strict=True)
    }
    one = problem((3, 5, 2), ("tanh", "sigmoid"), "cross_entropy", 6, seed=13)
    twin, trainer = Twin(one), one.trainer(TrainingSettings(OptimizerSettings(name, learning_rate=0.02, **numbers)))
    rule = {"adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop}.get(name, torch.optim.SGD)
    optimizer = rule([*twin.weights, *twin.biases], lr=0.02, **keywords)
    for number in range(1, 11):
        trainer.step(everything(6), number)
        optimizer.zero_grad()
        twin.mean_cost().backward()
        optimizer.step()
    for ours_now, theirs in zip([*trainer.parameters.weights, *trainer.parameters.biases], twin.arrays(), strict=True):
        same(ours_now, theirs, TOLERANCE)


def test_defaults_are_those_of_torch() -> None:
    ours = OptimizerSettings()
    adam = inspect.signature(torch.optim.Adam).parameters
    rmsprop = inspect.signature(torch.optim.RMSprop).parameters
    assert (ours.beta1, ours.beta2) == adam["betas"].default
    assert ours.epsilon == adam["eps"].default == rmsprop["eps"].default
    assert ours.alpha == rmsprop["alpha"].default
