"""A session as one JSON document: configuration, log, data, and the state at the cursor, checked strictly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, ValidationError, model_validator

from app.datasets import DataSet
from app.engine.activations import Floats
from app.engine.network import Architecture, Parameters
from app.engine.optimizers import OPTIMIZERS, OptimizerSettings, Regularization
from app.engine.training import TrainerState
from app.sessions.config import (
    LARGEST_SEED,
    ActivationName,
    CostName,
    Dataset,
    ExampleChoice,
    FeedbackName,
    Initializer,
    Number,
    OptimizerName,
    RegularizationName,
    Row,
    Strict,
    plain_errors,
)
from app.sessions.errors import Invalid, Loc
from app.sessions.history import Evaluation
from app.sessions.log import Addition, Change, Edit, Log, Settings
from app.sessions.requests import BiasEdit, NewExample, PhaseName, WeightEdit
from app.sessions.standing import Cause

Count = Annotated[int, Field(ge=0, le=2**53 - 1)]


class OptimizerDocument(Strict):
    """All numbers of an optimizer."""

    name: OptimizerName
    learning_rate: float = Field(ge=0)
    momentum: float = Field(ge=0, le=1)
    alpha: float = Field(ge=0, le=1)
    beta1: float = Field(ge=0, lt=1)
    beta2: float = Field(ge=0, lt=1)
    epsilon: float = Field(ge=0)


class PenaltyDocument(Strict):
    """A regularization."""

    name: RegularizationName
    lambda_: float = Field(ge=0, alias="lambda")


class SettingsDocument(Strict):
    """Settings in force for some steps."""

    optimizer: OptimizerDocument
    regularization: PenaltyDocument
    batch_size: int = Field(ge=1)
    feedback: FeedbackName

    def settings(self) -> Settings:
        """As the log has them."""
        return Settings(
            OptimizerSettings(**self.optimizer.model_dump()),
            Regularization(self.regularization.name, self.regularization.lambda_),
            self.batch_size,
            self.feedback,
        )


class ActionDocument(Strict):
    """Something done after a step: new settings, an added example, or edited weights and biases."""

    after: Count
    settings: SettingsDocument | None = None
    example: NewExample | None = None
    weights: list[WeightEdit] = Field(default_factory=list)
    biases: list[BiasEdit] = Field(default_factory=list)


class ActionsDocument(Strict):
    """What was done, in order of steps, up to the last step."""

    actions: list[ActionDocument]
    last_step: Count

    @model_validator(mode="after")
    def _in_order(self) -> ActionsDocument:
        after = [action.after for action in self.actions]
        if after != sorted(after) or (after and after[-1] > self.last_step):
            raise ValueError("Actions stand in the order of their steps, none after last_step.")
        return self

    def log_from(self, first: Settings) -> Log:
        """As the session has it."""
        changes = [Change(a.after, a.settings.settings()) for a in self.actions if a.settings is not None]
        edits = [
            Edit(
                a.after,
                tuple((w.layer, w.j, w.k, w.value) for w in a.weights),
                tuple((b.layer, b.j, b.value) for b in a.biases),
            )
            for a in self.actions
            if a.settings is None and a.example is None
        ]
        additions = [_addition(a.after, a.example) for a in self.actions if a.example is not None]
        return Log(first, tuple(changes), tuple(edits), tuple(additions), self.last_step)


def _addition(after: int, example: NewExample) -> Addition:
    value = example.label if example.targets is None else tuple(example.targets)
    assert value is not None
    return Addition(after, tuple(example.inputs), value)


class LogDocument(ActionsDocument):
    """The settings at the start, and what was done."""

    first: SettingsDocument

    def log(self) -> Log:
        """As the session has it."""
        return self.log_from(self.first.settings())


class CursorDocument(Strict):
    """A point."""

    step: Count
    phase: PhaseName
    layer: int | None


class BrokenDocument(Strict):
    """Where a number was first no longer finite."""

    step: Count
    layer: int | None
    what: str = Field(max_length=50)
    cause: Cause


class MomentDocument(ActionsDocument):
    """What undo or redo goes back to: the log that comes next, but with these actions from ``after`` on."""

    after: Count
    cursor: CursorDocument
    not_finite: BrokenDocument | None

    @model_validator(mode="after")
    def _only_later(self) -> MomentDocument:
        if self.last_step < self.after or (self.actions and self.actions[0].after < self.after):
            raise ValueError("Actions and last_step are not before after.")
        return self


class StateDocument(Strict):
    """Parameters as one vector, and what the optimizer keeps, after a step."""

    step: Count
    parameters: list[float | None]
    optimizer: dict[str, list[float | None]]
    updates: Count

    def state(self) -> TrainerState:
        """As the trainer takes it; null is not a number."""
        return TrainerState(
            _floats(self.parameters), {name: _floats(values) for name, values in self.optimizer.items()}, self.updates
        )


class HistoryDocument(Strict):
    """The cost curve, in columns; null where a number is not finite, or is not there."""

    stride: int = Field(ge=1, le=2**53 - 1)
    steps: list[Count]
    train_cost: list[float | None]
    train_accuracy: list[float | None]
    test_cost: list[float | None]
    test_accuracy: list[float | None]

    @model_validator(mode="after")
    def _columns(self) -> HistoryDocument:
        if len({len(column) for column in vars(self).values() if isinstance(column, list)}) != 1:
            raise ValueError("Every column of the history has as many entries.")
        return self

    def points(self) -> dict[int, Evaluation]:
        """As the session has them."""
        columns = (self.train_cost, self.train_accuracy, self.test_cost, self.test_accuracy)
        rows = zip(self.steps, *columns, strict=True)
        return {
            step: Evaluation(math.nan if cost is None else cost, accuracy, test_cost, test_accuracy)
            for step, cost, accuracy, test_cost, test_accuracy in rows
        }


class EchoedDocument(Strict):
    """What the view's ``config`` shows as it was asked for."""

    initializer: Initializer | None
    dataset: Dataset
    weights: list[list[Row]] | None
    biases: list[Row] | None


class TransformationDocument(Strict):
    """prepared = (raw − shift) / scale; numbers for all columns, or one for each."""

    method: Literal["none", "standardized", "scaled"]
    shift: Number | Row
    scale: Number | Row


class PreprocessingDocument(Strict):
    """How a data set was prepared."""

    inputs: TransformationDocument
    targets: TransformationDocument | None
    text: str = Field(max_length=5_000)


class DataDocument(Strict):
    """A whole data set; ``values`` are class numbers, or rows of targets."""

    name: str = Field(max_length=200)
    title: str = Field(max_length=500)
    description: str = Field(max_length=5_000)
    kind: Literal["classification", "regression"]
    inputs: list[Row] = Field(min_length=1)
    values: list[int] | list[Row]
    classes: list[str] | None
    feature_names: list[str]
    image_shape: list[int] | None
    preprocessing: PreprocessingDocument
    source: str = Field(max_length=5_000)
    licence: str = Field(max_length=5_000)
    noise: float | None

    @model_validator(mode="after")
    def _fits_together(self) -> DataDocument:
        if len({len(row) for row in self.inputs}) != 1 or not self.inputs[0]:
            raise ValueError("Every example has the same number of inputs, at least one.")
        if len(self.values) != len(self.inputs):
            raise ValueError("There are as many values as inputs.")
        if self.image_shape is not None:
            if len(self.image_shape) != 2 or min(self.image_shape) < 1:
                raise ValueError("An image has two sides.")
            if self.image_shape[0] * self.image_shape[1] != len(self.inputs[0]):
                raise ValueError("An image has as many pixels as an example has inputs.")
        if len(self.feature_names) != len(self.inputs[0]):
            raise ValueError("Every input has a name.")
        return self._check_values()

    def _check_values(self) -> DataDocument:
        if self.kind == "classification":
            classes = len(self.classes) if self.classes is not None else 10_000
            if not all(isinstance(value, int) and 0 <= value < classes for value in self.values):
                raise ValueError("Class numbers count from 0 to the number of classes less 1.")
        elif len({len(row) if isinstance(row, list) else 0 for row in self.values} | {0}) != 2:
            raise ValueError("Every example has the same number of targets, at least one.")
        return self

    def dataset(self) -> DataSet:
        """As the session has it."""
        rest = self.model_dump(exclude={"inputs", "values"})
        for name in ("classes", "feature_names", "image_shape"):
            rest[name] = None if rest[name] is None else tuple(rest[name])
        classes = self.kind == "classification"
        values = np.array(self.values, dtype=np.int64) if classes else np.array(self.values, dtype=np.float64)
        return DataSet(inputs=np.array(self.inputs, dtype=np.float64), values=values, **rest)


class SessionDocument(Strict):
    """A whole session."""

    format: Literal["blameflow-session"]
    version: Literal[1]
    layers: list[Annotated[int, Field(ge=1)]] = Field(min_length=2)
    activations: list[ActivationName]
    cost: CostName
    train_biases: bool
    shuffle: bool
    seed: int = Field(ge=0, le=LARGEST_SEED)
    test_fraction: float = Field(ge=0, lt=1)
    sgd_rate: float = Field(ge=0)
    echoed: EchoedDocument
    example: ExampleChoice
    start: list[Number]
    data: DataDocument | None
    log: LogDocument
    undo: list[MomentDocument] = Field(max_length=1_000)
    redo: list[MomentDocument] = Field(max_length=1_000)
    cursor: CursorDocument
    not_finite: BrokenDocument | None
    state: StateDocument
    checkpoints: list[StateDocument] = Field(max_length=1_000)
    history: HistoryDocument
    rng: Annotated[str, Field(max_length=200)]


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def read_document(document: Mapping[str, object]) -> SessionDocument:
    """The document, checked. Raises Invalid for the first thing that is wrong in it."""
    try:
        return SessionDocument.model_validate(document)
    except ValidationError as error:
        first = plain_errors(error.errors(include_url=False, include_input=False, include_context=False))[0]
        raise Invalid(
            ("body", *first["loc"]), f"This is not a session that was exported here: {first['msg']}"
        ) from None


def parameters_of(architecture: Architecture, flat: Sequence[float]) -> Parameters:
    """Parameters from their vector. Raises Invalid where it has another length than the network's."""
    if len(flat) != architecture.n_parameters:
        raise Invalid(
            ("body", "start"), f"This network has {architecture.n_parameters} weights and biases, not {len(flat)}."
        )
    return Parameters(architecture.layers, np.array(flat))


def check_state(architecture: Architecture, state: TrainerState, optimizer: str, loc: Loc) -> TrainerState:
    """The state. Raises Invalid where its vectors are not those of the network and the optimizer."""
    sizes = {len(state.flat), *map(len, state.arrays.values())}
    if sizes != {architecture.n_parameters}:
        raise Invalid(loc, f"Every vector of the state has {architecture.n_parameters} numbers.")
    if set(state.arrays) != set(OPTIMIZERS[optimizer].arrays):
        names = ", ".join(OPTIMIZERS[optimizer].arrays) or "none"
        raise Invalid((*loc, "optimizer"), f"{optimizer} keeps other vectors: {names}.")
    return state


def check_log(architecture: Architecture, log: Log) -> Log:
    """The log. Raises Invalid where it edits a weight or a bias that the network has not."""
    layers = architecture.layers
    for edit in log.edits:
        places = [(layer, j) for layer, j, _, _ in edit.weights] + [(layer, j) for layer, j, _ in edit.biases]
        for layer, j in places:
            if layer > len(layers) or j > layers[layer - 1]:
                raise Invalid(("body", "log"), f"An edit names neuron {j} of layer {layer}, which is not there.")
        for layer, _, k, _ in edit.weights:
            if k > layers[layer - 2]:
                raise Invalid(("body", "log"), f"An edit names neuron {k} of layer {layer - 1}, which is not there.")
    return log
