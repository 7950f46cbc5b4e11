"""From a request to a session: what is left out is filled, and what does not fit is refused with what fits."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from app.datasets import built_in
from app.sessions import filling
from app.sessions.errors import InvalidConfig
from app.sessions.limits import Limits
from tests.sessions.made import do, make, small, view

NAMES = [info.name for info in built_in()]
OUTPUTS = ("linear", "sigmoid", "tanh", "relu", "gelu", "softplus", "softmax")
XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize("name", NAMES)
def test_every_data_set_alone_makes_a_session_that_learns(name: str) -> None:
    session = make(dataset={"name": name})
    before = view(session)["cost"]["train"]
    after = do(session, "step", unit="epoch", count=1 if name == "digits" else 20)
    assert after["finite"] is True
    assert after["cost"]["train"] < before
    assert after["config"]["dataset"]["name"] == name


def test_without_a_body_a_session_is_of_the_circle_with_seed_1() -> None:
    config = view(make())["config"]
    assert config["dataset"] == {"name": "circle", "size": 500, "noise": 0.1}
    assert (config["layers"], config["activations"], config["cost"]) == (
        [2, 4, 3, 2],
        ["tanh", "tanh", "sigmoid"],
        "quadratic",
    )
    assert (config["seed"], config["test_fraction"], config["shuffle"], config["train_biases"]) == (1, 0.2, True, True)
    assert (config["feedback"], config["example"]) == ({"name": "transpose"}, {"position": 0})
    assert (config["weights"], config["biases"]) == (None, None)


def single_choices() -> Iterator[dict[str, Any]]:
    """Requests that choose one or two things and leave all others to be filled."""
    for name in ("xor", "circle", "gaussians", "plane", "digits"):
        data = {"dataset": {"name": name}}
        yield from ({**data, "cost": cost} for cost in ("quadratic", "cross_entropy", "log_likelihood"))
        for optimizer in ("sgd", "momentum", "nesterov", "rmsprop", "adam"):
            yield {**data, "optimizer": {"name": optimizer}}
        for initializer in ("book", "book_large", "xavier", "he", "orthogonal", "zeros", {"name": "normal"}):
            yield {**data, "initializer": initializer}
        yield {**data, "activations": ["relu", "tanh", "sigmoid"]}
        yield {**data, "test_fraction": 0.5}


@pytest.mark.parametrize("config", list(single_choices()), ids=str)
def test_whatever_one_choice_is_the_rest_is_filled_to_fit_it(config: dict[str, Any]) -> None:
    refused = config["dataset"]["name"] == "plane" and config.get("cost") in ("cross_entropy", "log_likelihood")
    if refused or (config.get("cost") == "log_likelihood" and config["dataset"]["name"] == "xor"):
        with pytest.raises(InvalidConfig, match=r"quadratic|softmax"):
            make(**config)
        return
    told = do(make(**config), "step", count=2)
    assert told["finite"] is True
    for name in set(config) - {"dataset", "optimizer", "initializer"}:
        assert told["config"][name] == config[name]
    assert told["config"]["optimizer"]["name"] == config.get("optimizer", {"name": "sgd"})["name"]


@pytest.mark.parametrize(("name", "output"), list(product(["circle", "gaussians", "plane"], OUTPUTS)))
def test_every_output_activation_gets_a_cost_that_goes_with_it(name: str, output: str) -> None:
    data: dict[str, Any] = {"dataset": {"name": name, "size": 40}}
    if name == "plane" and output == "softmax":  # one output
        with pytest.raises(InvalidConfig, match="softmax of a single output is always 1"):
            make(**data, activations=["tanh", output])
        return
    assert do(make(**data, activations=["tanh", output]), "step")["finite"] is True


def test_weights_alone_say_which_layers_there_are() -> None:
    weights = [[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[1.0, 2.0, 3.0]]]
    session = make(weights=weights, dataset={"inputs": XOR, "labels": [0, 1, 1, 0]})
    told = view(session, include_parameters=True)
    assert told["config"]["layers"] == [2, 3, 1]
    assert told["config"]["weights"] == told["weights"] == weights
    assert told["biases"] == [[0, 0, 0], [0]]
    assert told["config"]["initializer"] is None


def test_inline_data_have_no_test_part_and_labels_become_one_hot() -> None:
    session = make(layers=[2, 3, 3], dataset={"inputs": XOR, "labels": [0, 1, 2, 0]})
    assert view(session)["examples"] == {"train": 4, "test": 0, "added": 0}
    assert view(session)["cost"]["test"] is None
    assert session.problem.examples.targets.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]
    single = make(layers=[2, 3, 1], dataset={"inputs": XOR, "labels": [0, 1, 1, 0]})
    assert single.problem.examples.targets.tolist() == [[0], [1], [1], [0]]


def test_without_training_biases_they_stay() -> None:
    session = small(train_biases=False, initializer="book")
    before = view(session, include_parameters=True)["biases"]
    do(session, "step", count=5)
    assert view(session, include_parameters=True)["biases"] == before


REFUSED: list[tuple[dict[str, Any], list[Any], str]] = [
    ({"layers": [3, 4, 2]}, ["layers", 0], "The data set circle has 2 inputs, so layer 1 has 2 neurons, not 3."),
    ({"layers": [2, 4, 5]}, ["layers", 2], "The data has 2 classes, so the output layer needs 2 neurons"),
    ({"layers": [2] * 33}, ["layers"], "A network has at most 32 layers here, not 33."),
    ({"layers": [2, 10_001, 2]}, ["layers", 1], "A layer has at most 10,000 neurons here, not 10,001."),
    ({"layers": [2, 1000, 1000, 2]}, ["layers"], "This network would have 1,004,000 weights; 1,000,000 is the most"),
    ({"activations": ["tanh"], "layers": [2, 4, 2]}, ["activations"], "3 layers need 2 activations"),
    ({"activations": "softmax"}, ["activations"], "softmax makes the neurons of a layer add up to 1"),
    ({"activations": ["softmax", "tanh"]}, ["activations", 0], "softmax makes the neurons of a layer add up to 1"),
    ({"activations": "tanh", "cost": "cross_entropy"}, ["cost"], "cross_entropy takes logarithms of a and 1 − a"),
    ({"activations": "sigmoid", "cost": "log_likelihood"}, ["cost"], "log_likelihood is the logarithm of a softmax"),
    ({"dataset": {"name": "plane"}, "cost": "cross_entropy"}, ["cost"], "cross_entropy takes targets from 0 to 1"),
    ({"dataset": {"name": "nothing"}}, ["dataset", "name"], ""),
    ({"dataset": {"name": "circle", "size": 10**9}}, ["dataset", "size"], ""),
    ({"dataset": {"name": "digits", "noise": 0.1}}, ["dataset", "noise"], ""),
    ({"dataset": {"inputs": [[1, 2], [3]], "labels": [0, 1]}}, ["dataset", "inputs", 1], ""),
    ({"dataset": {"inputs": XOR, "labels": [0]}}, ["dataset", "labels"], ""),
    ({"batch_size": 401}, ["batch_size"], "There are 400 training examples, so a mini-batch has at most 400; 401 was"),
    ({"optimizer": {"name": "adam", "momentum": 0.9}}, ["optimizer", "momentum"], "adam has no momentum: leave it out"),
    ({"regularization": {"lambda": 0.1}}, ["regularization", "name"], "lambda weighs a penalty"),
    ({"example": {"position": 10}}, ["example", "position"], "A mini-batch has 10 examples, 0 to 9; 10 was given."),
    ({"example": {"index": 500}}, ["example", "index"], "The data set has 500 examples, 0 to 499; 500 was given."),
    ({"weights": []}, ["weights"], "weights is empty"),
    ({"weights": [[[1, 2]], []]}, ["weights", 1], "weights[1] is empty"),
    ({"weights": [[[1, 2]]], "layers": [2, 4, 2]}, ["weights"], "weights has 1 parts; this network needs 2"),
    (
        {"weights": [[[1, 2]], [[1], [2]]], "layers": [2, 4, 2]},
        ["weights", 0],
        "weights[0] has shape (4, 2), but 1 rows",
    ),
    ({"weights": [[[1, 2], [1]], [[1, 2]] * 2]}, ["weights", 0, 1], "weights[0] has shape (2, 2), but row 1 has 1"),
    ({"biases": [[0]]}, ["biases"], "biases has 1 parts; this network needs 3, one for each layer from 2."),
    ({"biases": [[0] * 4, [0] * 2, [0] * 2]}, ["biases", 1], "biases[1] has shape (3,), but 2 numbers were given."),
    ({"weights": [[[1, 2]]], "initializer": "he"}, ["initializer"], "Give either an initializer or explicit weights"),
]


@pytest.mark.parametrize(("config", "place", "sentence"), REFUSED, ids=[str(case[0])[:60] for case in REFUSED])
def test_what_does_not_fit_is_refused_with_its_place_and_what_fits(
    config: dict[str, Any], place: list[Any], sentence: str
) -> None:
    with pytest.raises(InvalidConfig) as refused:
        make(**config)
    assert refused.value.loc == ("body", *place)
    assert refused.value.msg.startswith(sentence)
    assert refused.value.msg.endswith(".")


def test_inline_data_are_bounded() -> None:
    limits = Limits(inline_examples=4, inline_numbers=13)
    make(limits, dataset={"inputs": XOR, "targets": [[0]] * 4})
    with pytest.raises(InvalidConfig, match="at most 4 examples, and this one 5: upload"):
        make(limits, dataset={"inputs": [*XOR, [2, 2]], "labels": [0] * 5})
    with pytest.raises(InvalidConfig, match="at most 13 numbers, and this one 16: upload"):
        make(limits, dataset={"inputs": XOR, "targets": [[0, 1]] * 4})


def test_a_step_that_takes_too_much_memory_is_refused_with_the_largest_mini_batch() -> None:
    limits = Limits(memory_bytes=1_000_000)
    config: dict[str, Any] = {"layers": [2, 500, 2], "dataset": {"name": "circle", "size": 500}}
    with pytest.raises(InvalidConfig, match="takes more memory than a session may have: use at most 38") as refused:
        make(limits, **config, batch_size=400)
    assert refused.value.loc == ("body", "batch_size")
    session = make(limits, **config, batch_size=38)
    with pytest.raises(InvalidConfig, match="use at most 38"):
        do(session, "settings", batch_size=39)


def test_targets_of_many_examples_and_outputs_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "TARGET_NUMBERS", 20)
    with pytest.raises(InvalidConfig, match="a network has at most 5 outputs here") as refused:
        make(layers=[2, 6], dataset={"inputs": XOR, "labels": [0, 1, 2, 3]})
    assert refused.value.loc == ("body", "layers", 1)


def test_a_wide_and_deep_network_is_evaluated_in_little_memory() -> None:
    layers = [2, *[10_000, 1] * 15, 2]
    tracemalloc.start()
    session = make(layers=layers[:32], initializer="zeros", dataset={"name": "circle", "size": 500}, batch_size=1)
    assert np.isfinite(do(session, "step")["cost"]["train"])
    assert tracemalloc.get_traced_memory()[1] < 100e6  # all examples at once would take 1 GB
    tracemalloc.stop()


def test_sessions_of_the_same_data_share_their_examples() -> None:
    first, second, other = small(), small(), small(seed=2)
    assert first.problem.examples is second.problem.examples is not other.problem.examples
    assert first.fork().problem.examples is first.problem.examples
