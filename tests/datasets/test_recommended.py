"""The recommended settings: each built-in set really trains well with them, in the program's own trainer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.datasets import DataSet, Recommended, build, built_in, epoch_order, inline, read_csv, recommend, split
from app.engine.initializers import initialize
from app.engine.network import Architecture
from app.engine.optimizers import OptimizerSettings
from app.engine.training import Trainer, TrainingSettings

Score = tuple[float, float | None]


def trained(data: DataSet, seed: int, settings: Recommended | None = None) -> tuple[Score, Score]:
    """Cost and accuracy on the training and the test examples after the recommended epochs."""
    settings = settings or recommend(data)
    layers = (data.inputs.shape[1], *settings.hidden, settings.outputs)
    activations = (*[settings.hidden_activation] * len(settings.hidden), settings.output_activation)
    targets = data.targets(settings.outputs)
    train, test = split(len(data), settings.test_fraction, seed)
    trainer = Trainer(
        Architecture(layers, activations, settings.cost),
        data.inputs[train],
        targets[train],
        TrainingSettings(optimizer=OptimizerSettings("sgd", settings.learning_rate)),
        seed,
        initialize(settings.initializer, 1.0, layers, seed),
    )
    number = 0
    for epoch in range(1, settings.epochs + 1):
        order = epoch_order(len(train), seed, epoch, True)
        for start in range(0, len(train), settings.batch_size):
            number += 1
            trainer.step(order[start : start + settings.batch_size], number)
    at_end = trainer.evaluate(data.inputs[train], targets[train])
    return at_end, trainer.evaluate(data.inputs[test], targets[test]) if len(test) else at_end


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("name", "train_above", "test_above"),
    [
        ("xor", 1.0, 1.0),
        ("and", 1.0, 1.0),
        ("or", 1.0, 1.0),
        ("circle", 0.95, 0.95),
        ("moons", 0.99, 0.98),
        ("spiral", 0.98, 0.95),
        ("gaussians", 0.97, 0.95),
        ("digits", 0.98, 0.95),
    ],
)
def test_every_built_in_classification_is_learned(name: str, train_above: float, test_above: float, seed: int) -> None:
    (_, train), (_, test) = trained(build(name, seed=seed), seed)
    assert train is not None
    assert test is not None
    assert train >= train_above
    assert test >= test_above


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("name", "at_most"), [("plane", 0.004), ("sine", 0.02)])  # noise alone: 0.00125 and 0.005
def test_every_built_in_regression_comes_near_its_noise(name: str, at_most: float, seed: int) -> None:
    (train, no_accuracy), (test, _) = trained(build(name, seed=seed), seed)
    assert no_accuracy is None
    assert train <= at_most
    assert test <= 1.3 * at_most


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_digits_pass_95_percent_on_the_test_examples_within_10_epochs(seed: int) -> None:
    digits = build("digits")
    _, (_, test) = trained(digits, seed, replace(recommend(digits), epochs=10))
    assert test is not None
    assert test > 0.95


@pytest.mark.parametrize("info", built_in(), ids=lambda info: info.name)
def test_recommended_settings_fit_their_data(info: object) -> None:
    name = info.name  # type: ignore[attr-defined]
    data, settings = build(name), recommend(build(name))
    assert settings.outputs in data.outputs_allowed()
    assert settings.test_fraction == (0.0 if name in ("xor", "and", "or") else 0.2)
    assert settings.batch_size <= len(split(len(data), settings.test_fraction, 1)[0])


def test_the_circle_is_recommended_as_drawn_in_the_design() -> None:
    settings = recommend(build("circle"))
    assert (settings.hidden, settings.outputs) == ((4, 3), 2)
    assert (settings.hidden_activation, settings.output_activation) == ("tanh", "sigmoid")
    assert (settings.cost, settings.initializer) == ("quadratic", "xavier")
    assert (settings.learning_rate, settings.batch_size) == (1.0, 10)


def test_a_small_set_gets_a_mini_batch_that_fits_what_is_left_for_training() -> None:
    data = build("circle", 10)
    assert recommend(data).batch_size == 8 == len(split(10, 0.2, 1)[0])
    assert recommend(inline([[0.0], [1.0]], labels=[0, 1])).batch_size == 2


def test_inline_data_holds_nothing_back_and_gets_a_fitting_output() -> None:
    targets = recommend(inline([[0.0, 1.0]], targets=[[0.5, 0.1, 0.2]]))
    assert (targets.test_fraction, targets.outputs, targets.output_activation, targets.cost) == (
        0.0,
        3,
        "linear",
        "quadratic",
    )
    classes = recommend(inline([[0.0], [1.0], [2.0]], labels=[0, 1, 2]))
    assert (classes.outputs, classes.output_activation, classes.cost) == (3, "softmax", "log_likelihood")
    gate = recommend(inline([[0.0], [1.0]], labels=[0, 1]))
    assert (gate.outputs, gate.output_activation, gate.cost) == (1, "sigmoid", "cross_entropy")


def test_a_file_named_like_a_built_in_set_gets_the_settings_of_a_file() -> None:
    data = read_csv("digits", b"x,y\n1,a\n2,b\n3,a\n")
    assert data.name == "digits (file)"
    assert recommend(data).hidden == (4, 3)


def test_a_table_from_a_file_is_learned_with_the_general_settings() -> None:
    rng = np.random.default_rng(1)
    flowers = [(kind, *rng.normal(centre, 1.0, 4) * [1, 100, 0.01, 5] + 300) for kind, centre in
               (("red", -2), ("green", 0), ("blue", 2)) for _ in range(60)]  # fmt: skip
    text = "kind,a,b,c,d\n" + "".join(",".join(map(str, flower)) + "\n" for flower in flowers)
    data = read_csv("flowers.csv", text.encode(), target="kind")
    (_, train), (_, test) = trained(data, 1)
    assert train is not None
    assert test is not None
    assert train > 0.95
    assert test > 0.9


def test_images_from_a_file_are_learned_with_the_general_settings() -> None:
    digits = replace(build("digits"), name="digits.npz")
    (_, train), (_, test) = trained(digits, 1, replace(recommend(digits), epochs=10))
    assert train is not None
    assert test is not None
    assert train > 0.97
    assert test > 0.94
