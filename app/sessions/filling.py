"""From a request for a session to the problem it sets: what is left out is filled so that it trains well and fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np

from app.datasets import DataError, DataSet, Recommended, inline, recommend
from app.engine.errors import EngineError
from app.engine.initializers import initialize
from app.engine.network import Architecture, Parameters
from app.sessions.config import ExampleChoice, InlineDataset, NamedDataset, Row, ScaledInitializer, SessionConfig
from app.sessions.data import Examples, shared_examples
from app.sessions.errors import InvalidConfig, Loc, examples_from_0
from app.sessions.limits import Limits
from app.sessions.log import Settings
from app.sessions.problem import Problem
from app.sessions.settings_filling import check_batch_size, fill_optimizer, fill_regularization

DEFAULT_SEED = 1
TARGET_NUMBERS = 10_000_000
"""Examples times outputs, at most: what one-hot targets take."""
ECHOED = 2_000
"""Numbers of an inline data set or of explicit weights up to which a view shows them."""


class DataSets(Protocol):
    """Where data sets are looked up by name."""

    def get(self, name: str, size: int | None, noise: float | None, seed: int) -> DataSet:
        """The data set. Raises InvalidConfig with its place in the body."""


@dataclass(frozen=True)
class Filled:
    """A session that may begin.

    Attributes
    ----------
    config
        The part of the view's ``config`` that never changes.
    example
        The example on view, ``{"position": p}`` or ``{"index": i}``.
    sgd_rate
        The learning rate that suits plain gradient descent on the data.
    """

    problem: Problem
    config: dict[str, Any]
    example: dict[str, int]
    sgd_rate: float


def fill(config: SessionConfig, datasets: DataSets, limits: Limits) -> Filled:
    """The problem that a configuration sets.

    Raises
    ------
    InvalidConfig
        Where parts don't fit each other, the data or the limits; the sentence says what fits.
    """
    seed = DEFAULT_SEED if config.seed is None else config.seed
    data = _dataset(config, datasets, limits, seed)
    good = recommend(data)
    architecture = _architecture(config, data, good, limits)
    fraction = good.test_fraction if config.test_fraction is None else config.test_fraction
    examples = shared_examples(data, architecture.layers[-1], fraction, seed, limits.evaluation_examples)
    check_targets(architecture, examples)
    start, initializer = _start(config, architecture, good, seed)
    settings = _settings(config, good, examples.n_train)
    check_memory(architecture, settings.batch_size, limits)
    problem = Problem(
        architecture=architecture,
        start=start,
        examples=examples,
        train_biases=config.train_biases is not False,
        shuffle=config.shuffle is not False,
        seed=seed,
        settings=settings,
    )
    example = check_example(config.example, settings.batch_size, len(data.inputs))
    echoed = {"initializer": initializer, "dataset": _echo_dataset(config.dataset, data)} | _echo_start(config)
    return Filled(problem, fixed_config(problem, echoed), example, good.learning_rate)


def _settings(config: SessionConfig, good: Recommended, n_train: int) -> Settings:
    size = config.batch_size
    return Settings(
        optimizer=fill_optimizer(config.optimizer, good.learning_rate),
        regularization=fill_regularization(config.regularization),
        batch_size=min(good.batch_size, n_train) if size is None else check_batch_size(size, n_train),
        feedback="transpose" if config.feedback is None else config.feedback.name,
    )


def fixed_config(problem: Problem, echoed: dict[str, Any]) -> dict[str, Any]:
    """The part of a view's ``config`` that never changes; ``echoed``: initializer, dataset, weights and biases."""
    architecture = problem.architecture
    return {
        "layers": list(architecture.layers),
        "activations": list(architecture.activations),
        "cost": architecture.cost,
        "train_biases": problem.train_biases,
        "shuffle": problem.shuffle,
        "test_fraction": problem.examples.test_fraction,
        "seed": problem.seed,
    } | echoed


# -- data


def _dataset(config: SessionConfig, datasets: DataSets, limits: Limits, seed: int) -> DataSet:
    asked = config.dataset or NamedDataset(name="circle")
    if isinstance(asked, NamedDataset):
        return datasets.get(asked.name, asked.size, asked.noise, seed)
    _check_inline(asked, limits)
    try:
        return inline(asked.inputs, asked.targets, asked.labels)
    except DataError as error:
        place = [part for part in (error.field, error.row, error.column) if part is not None]
        raise InvalidConfig(("body", "dataset", *place), str(error)) from None


def _check_inline(asked: InlineDataset, limits: Limits) -> None:
    if len(asked.inputs) > limits.inline_examples:
        raise InvalidConfig(
            ("body", "dataset", "inputs"),
            f"A request holds at most {limits.inline_examples:,} examples, and this one {len(asked.inputs):,}: upload "
            "larger data sets as a file.",
        )
    numbers = sum(map(len, asked.inputs)) + sum(map(len, asked.targets or ()))
    if numbers > limits.inline_numbers:
        raise InvalidConfig(
            ("body", "dataset", "inputs"),
            f"A request holds at most {limits.inline_numbers:,} numbers, and this one {numbers:,}: upload larger data "
            "sets as a file.",
        )


def _echo_dataset(asked: NamedDataset | InlineDataset | None, data: DataSet) -> dict[str, Any]:
    """The data set as it could be asked for again; a long inline one only by its size."""
    if isinstance(asked, InlineDataset):
        values = asked.model_dump(exclude_none=True)
        numbers = sum(map(len, asked.inputs)) + sum(map(len, asked.targets or ()))
        return values if numbers <= ECHOED else {"name": data.name, "size": len(data.inputs)}
    echo: dict[str, Any] = {"name": asked.name if asked else data.name, "size": len(data.inputs)}
    return echo if data.noise is None else echo | {"noise": data.noise}


# -- the network


def _architecture(config: SessionConfig, data: DataSet, good: Recommended, limits: Limits) -> Architecture:
    layers = _layers(config, data, good)
    check_size(layers, limits)
    _check_fit(layers, data)
    given = config.activations
    wanted = given if isinstance(given, str) else given[-1] if given else None
    output: str = wanted or _output_activation(config.cost, data, good, layers[-1])
    activations: list[str]
    if given is None:
        activations = [good.hidden_activation] * (len(layers) - 2) + [output]
    else:
        activations = [given] * (len(layers) - 1) if isinstance(given, str) else list(given)
    cost = config.cost or _cost(output, data, good)
    return checked_architecture(layers, activations, cost, one_for_all=isinstance(given, str))


def checked_architecture(
    layers: Sequence[int], activations: Sequence[str], cost: str, *, one_for_all: bool = False
) -> Architecture:
    """The architecture. Raises InvalidConfig, with the place in the body, where it makes no sense."""
    try:
        return Architecture(tuple(layers), tuple(activations), cost)
    except EngineError as error:
        place = () if error.index is None or one_for_all else (error.index,)
        raise InvalidConfig(("body", *error.field.split("."), *place), str(error)) from None


def _layers(config: SessionConfig, data: DataSet, good: Recommended) -> list[int]:
    if config.layers is not None:
        return list(config.layers)
    if config.weights is not None:
        return _layers_of(config.weights)
    hidden = list(good.hidden)
    if isinstance(config.activations, list):  # as many layers as there are activations
        wanted = len(config.activations) - 1
        hidden = (hidden + hidden[-1:] * wanted if hidden else [4] * wanted)[: max(0, wanted)]
    return [data.inputs.shape[1], *hidden, good.outputs]


def _layers_of(weights: Sequence[Sequence[Row]]) -> list[int]:
    """The layers that explicit weights belong to."""
    for place, matrix in enumerate(weights):
        if not matrix or not matrix[0]:
            raise InvalidConfig(
                ("body", "weights", place), f"weights[{place}] is empty: it needs a row for each neuron."
            )
    if not weights:
        raise InvalidConfig(("body", "weights"), "weights is empty: give a matrix for each layer from 2 to L.")
    return [len(weights[0][0]), *map(len, weights)]


def check_size(layers: Sequence[int], limits: Limits) -> None:
    """Raises InvalidConfig for a network that is larger than this server allows."""
    if len(layers) > limits.layers:
        raise InvalidConfig(
            ("body", "layers"), f"A network has at most {limits.layers} layers here, not {len(layers)}."
        )
    for place, neurons in enumerate(layers):
        if neurons > limits.neurons:
            raise InvalidConfig(
                ("body", "layers", place), f"A layer has at most {limits.neurons:,} neurons here, not {neurons:,}."
            )
    n_weights = sum(below * above for below, above in pairwise(layers))
    if n_weights > limits.weights:
        raise InvalidConfig(
            ("body", "layers"),
            f"This network would have {n_weights:,} weights; {limits.weights:,} is the most here: use fewer neurons.",
        )


def _check_fit(layers: Sequence[int], data: DataSet) -> None:
    """Raises InvalidConfig where first or last layer don't fit the data."""
    n_inputs = data.inputs.shape[1]
    if layers[0] != n_inputs:
        raise InvalidConfig(
            ("body", "layers", 0),
            f"The data set {data.name} has {n_inputs} inputs, so layer 1 has {n_inputs} neurons, not {layers[0]}.",
        )
    check_outputs(layers, data)


def check_outputs(layers: Sequence[int], data: DataSet) -> None:
    """Raises InvalidConfig where the last layer doesn't fit the data, or its targets would be too many numbers."""
    loc = ("body", "layers", len(layers) - 1)
    if len(data.inputs) * layers[-1] > TARGET_NUMBERS:
        raise InvalidConfig(
            loc,
            f"{len(data.inputs):,} examples with {layers[-1]:,} targets each are too many numbers; with so many "
            f"examples a network has at most {max(1, TARGET_NUMBERS // len(data.inputs)):,} outputs here.",
        )
    try:
        data.targets(layers[-1])
    except DataError as error:
        raise InvalidConfig(loc, str(error)) from None


def _output_activation(cost: str | None, data: DataSet, good: Recommended, n_outputs: int) -> str:
    """An output activation that goes with the cost and the data."""
    if cost == "log_likelihood":
        return "softmax"
    if cost == "cross_entropy" and good.output_activation not in ("sigmoid", "softmax"):
        return "sigmoid"
    if good.output_activation == "softmax" and (n_outputs == 1 or cost == "quadratic"):
        return "sigmoid"
    return good.output_activation


def _cost(output: str, data: DataSet, good: Recommended) -> str:
    """A cost that goes with the output activation and the data."""
    if output == "softmax":
        return "log_likelihood" if data.kind == "classification" else "quadratic"
    if good.cost == "quadratic" or output != "sigmoid":
        return "quadratic"
    return "cross_entropy"


def check_targets(architecture: Architecture, examples: Examples) -> None:
    """Raises InvalidConfig where the cost takes logarithms that these targets make no sense of."""
    y, cost = examples.targets, architecture.cost
    if cost == "cross_entropy" and bool(((y < 0) | (y > 1)).any()):
        raise InvalidConfig(
            ("body", "cost"),
            f"cross_entropy takes targets from 0 to 1; these reach from {y.min():.3g} to {y.max():.3g}. Use quadratic.",
        )
    if cost == "log_likelihood" and not bool((((y == 0) | (y == 1)).all(axis=1) & (y.sum(axis=1) == 1)).all()):
        raise InvalidConfig(
            ("body", "cost"), "log_likelihood needs one right class for each example. Use quadratic for these targets."
        )


def check_memory(architecture: Architecture, batch_size: int, limits: Limits) -> None:
    """Raises InvalidConfig where one step would need more memory than a session may take."""
    per_example = 8 * 6 * (sum(architecture.layers) + len(architecture.layers))
    room = limits.memory_bytes - 3 * 8 * architecture.n_parameters
    if batch_size * per_example > room:
        most = max(1, room // per_example)
        raise InvalidConfig(
            ("body", "batch_size"),
            f"A mini-batch of {batch_size:,} through this network takes more memory than a session may have: use at "
            f"most {most:,}.",
        )


def check_example(asked: ExampleChoice | None, batch_size: int, n_examples: int) -> dict[str, int]:
    """The example on view. Raises InvalidConfig where there is none such."""
    if asked is None:
        return {"position": 0}
    if asked.index is not None:
        if asked.index >= n_examples:
            raise InvalidConfig(
                ("body", "example", "index"),
                f"The data set has {examples_from_0(n_examples)}; {asked.index:,} was given.",
            )
        return {"index": asked.index}
    assert asked.position is not None
    if asked.position >= batch_size:
        raise InvalidConfig(
            ("body", "example", "position"),
            f"A mini-batch has {examples_from_0(batch_size)}; {asked.position:,} was given.",
        )
    return {"position": asked.position}


# -- the start


def _start(config: SessionConfig, architecture: Architecture, good: Recommended, seed: int) -> tuple[Parameters, Any]:
    """Start parameters, and the initializer as the view shows it (None for explicit weights)."""
    if config.weights is not None and config.initializer is not None:
        raise InvalidConfig(
            ("body", "initializer"), "Give either an initializer or explicit weights, not both: leave one out."
        )
    initializer: Any = None
    if config.weights is None:
        initializer = config.initializer or _good_initializer(architecture, good)
        scaled = isinstance(initializer, ScaledInitializer)
        name, scale = (initializer.name, initializer.scale) if scaled else (initializer, 0.0)
        with np.errstate(over="ignore"):
            start = initialize(name, scale, architecture.layers, seed)
        if not np.isfinite(start.flat).all():
            raise InvalidConfig(("body", "initializer", "scale"), f"A scale of {scale:g} gives infinite weights.")
        initializer = {"name": name, "scale": scale} if scaled else name
    else:
        start = Parameters(architecture.layers)
        _put(start.weights, config.weights, "weights")
    if config.biases is not None:
        _put(start.biases, config.biases, "biases")
    return start, initializer


def _good_initializer(architecture: Architecture, good: Recommended) -> str:
    hidden = set(architecture.activations[:-1])
    return "he" if hidden & {"relu", "leaky_relu", "elu", "gelu"} else good.initializer


def _put(views: Sequence[np.ndarray[Any, Any]], given: Sequence[Any], name: str) -> None:
    """Sets explicit parameters. Raises InvalidConfig where a shape is not that of the network."""
    if len(given) != len(views):
        raise InvalidConfig(
            ("body", name),
            f"{name} has {len(given)} parts; this network needs {len(views)}, one for each layer from 2.",
        )
    for place, (view, part) in enumerate(zip(views, given, strict=True)):
        loc: Loc = ("body", name, place)
        wanted = f"{name}[{place}] has shape ({', '.join(map(str, view.shape))}{',' if view.ndim == 1 else ''})"
        if len(part) != len(view):
            raise InvalidConfig(loc, f"{wanted}, but {len(part)} {'rows' if view.ndim == 2 else 'numbers'} were given.")
        if view.ndim == 2:
            for j, row in enumerate(part):
                if len(row) != view.shape[1]:
                    raise InvalidConfig((*loc, j), f"{wanted}, but row {j} has {len(row)} numbers.")
        view[...] = part


def _echo_start(config: SessionConfig) -> dict[str, Any]:
    """Explicit weights and biases as they were given; left out where they are many."""

    def small(parts: Sequence[Any] | None) -> Any:
        if parts is None:
            return None
        numbers = sum(len(row) if isinstance(row, list) else 1 for part in parts for row in part)
        return parts if numbers <= ECHOED else None

    return {"weights": small(config.weights), "biases": small(config.biases)}
