"""What makes no sense is refused with a sentence that says what to use instead."""

from __future__ import annotations

import pytest

from app.engine.activations import ACTIVATIONS
from app.engine.errors import EngineError
from app.engine.initializers import initialize
from app.engine.network import Architecture
from app.engine.optimizers import OptimizerSettings, Regularization
from tests.engine.cases import HIDDEN, OUTPUTS

BOUNDED = ("sigmoid", "softmax")


def refusal(layers: tuple[int, ...], activations: tuple[str, ...], cost: str) -> EngineError:
    """The error that this architecture raises."""
    with pytest.raises(EngineError) as caught:
        Architecture(layers, activations, cost)
    assert str(caught.value).endswith(".")
    return caught.value


@pytest.mark.parametrize("last", [name for name in ACTIVATIONS if name not in BOUNDED])
def test_cross_entropy_needs_outputs_between_0_and_1(last: str) -> None:
    error = refusal((2, 3, 2), ("tanh", last), "cross_entropy")
    assert error.field == "cost"
    assert f"{last} leaves that range" in str(error)
    assert "Use sigmoid or softmax in the last layer, or the quadratic cost." in str(error)


@pytest.mark.parametrize("last", HIDDEN)
def test_log_likelihood_needs_softmax(last: str) -> None:
    error = refusal((2, 3, 2), ("tanh", last), "log_likelihood")
    assert error.field == "cost"
    assert f"the last layer is {last}. Use softmax there, or cross_entropy with sigmoid." in str(error)


def test_softmax_belongs_in_the_last_layer() -> None:
    error = refusal((2, 3, 3, 2), ("tanh", "softmax", "sigmoid"), "quadratic")
    assert (error.field, error.index) == ("activations", 1)
    assert "not in layer 3: use tanh, sigmoid or relu there." in str(error)


def test_softmax_needs_two_outputs() -> None:
    error = refusal((2, 3, 1), ("tanh", "softmax"), "log_likelihood")
    assert (error.field, error.index) == ("activations", 1)
    assert "use sigmoid" in str(error)


@pytest.mark.parametrize(("last", "cost"), OUTPUTS)
def test_all_other_combinations_are_accepted(last: str, cost: str) -> None:
    for hidden in HIDDEN:
        Architecture((2, 3, 2), (hidden, last), cost)


def test_unknown_names_are_answered_with_those_there_are() -> None:
    error = refusal((2, 3, 2), ("tanh", "step"), "quadratic")
    assert (error.field, error.index) == ("activations", 1)
    assert "There is no activation 'step': use one of linear, sigmoid, tanh" in str(error)
    error = refusal((2, 2), ("tanh",), "hinge")
    assert error.field == "cost"
    assert "use one of quadratic, cross_entropy, log_likelihood" in str(error)


def test_layers_must_be_two_or_more_with_a_neuron_each() -> None:
    assert refusal((2,), (), "quadratic").field == "layers"
    error = refusal((2, 0, 1), ("tanh", "tanh"), "quadratic")
    assert (error.field, error.index) == ("layers", 1)
    assert "Layer 2 has 0 neurons; every layer needs at least 1." in str(error)


def test_there_is_one_activation_for_each_layer_from_2() -> None:
    error = refusal((2, 3, 2), ("tanh",), "quadratic")
    assert error.field == "activations"
    assert "3 layers need 2 activations, one for each layer from 2 to L; 1 were given." in str(error)


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ({"learning_rate": -0.1}, "learning_rate"),
        ({"momentum": 1.1}, "momentum"),
        ({"momentum": -0.1}, "momentum"),
        ({"alpha": 2.0}, "alpha"),
        ({"beta1": 1.0}, "beta1"),
        ({"beta2": -0.5}, "beta2"),
        ({"epsilon": -1e-9}, "epsilon"),
    ],
)
def test_numbers_of_an_optimizer_out_of_their_range(numbers: dict[str, float], field: str) -> None:
    with pytest.raises(EngineError, match=f"{field} must be .*{next(iter(numbers.values())):g} was given") as caught:
        OptimizerSettings("sgd", **numbers)
    assert caught.value.field == f"optimizer.{field}"


@pytest.mark.parametrize("field", ["learning_rate", "momentum", "alpha", "beta1", "beta2", "epsilon"])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_of_an_optimizer_that_are_no_numbers(field: str, value: float) -> None:
    with pytest.raises(EngineError, match=f"{field} must be"):
        OptimizerSettings("adam", **{field: value})


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_lambda_must_be_a_number_from_0(value: float) -> None:
    with pytest.raises(EngineError, match="lambda must be 0 or more"):
        Regularization("l2", value)


def test_unknown_optimizer_penalty_and_initializer() -> None:
    with pytest.raises(EngineError, match="no optimizer 'lion': use one of sgd, momentum, nesterov, rmsprop, adam"):
        OptimizerSettings("lion")
    with pytest.raises(EngineError, match="no regularization 'l3': use one of none, l1, l2"):
        Regularization("l3")
    with pytest.raises(EngineError, match=r"no initializer 'glorot': use one of book, .*, normal"):
        initialize("glorot", 1.0, (2, 2), 1)
