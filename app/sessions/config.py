"""The bodies of requests about sessions: strict, no unknown fields, no NaN or infinity, nothing converted silently.

Choices between forms (one name or a list, a named or an inline data set) are tagged; a tag is written ``<like this>``
and is not part of a place in the body: ``plain_errors`` leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, GetCoreSchemaHandler, Tag, model_validator
from pydantic_core import CoreSchema

ActivationName = Literal["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "gelu", "softplus", "softmax"]
CostName = Literal["quadratic", "cross_entropy", "log_likelihood"]
InitializerName = Literal["book", "book_large", "xavier", "he", "orthogonal", "zeros"]
OptimizerName = Literal["sgd", "momentum", "nesterov", "rmsprop", "adam"]
RegularizationName = Literal["none", "l1", "l2"]
FeedbackName = Literal[
    "transpose", "inverse", "inverse_rescaled", "random", "fresh_random", "sign", "frozen", "none", "negative"
]
PhaseName = Literal["start", "feedforward", "cost", "output_error", "send_back", "gate", "gradient", "update"]

ExamplePart = Literal["all", "train", "test", "batch", "added"]
ExampleOrder = Literal["index", "misclassified", "cost"]

LARGEST_SEED = 2**53 - 1  # every JSON reader keeps integers exact up to here

Number = Annotated[float, Field(allow_inf_nan=False)]
Row = list[Number]


def _stop_at_first(schema: Any) -> None:
    """Makes lists be refused for their first wrong item: to tell of millions would take minutes."""
    if isinstance(schema, dict):
        if schema.get("type") == "list":
            schema["fail_fast"] = True
        schema = list(schema.values())
    if isinstance(schema, list):
        for part in schema:
            _stop_at_first(part)


class Strict(BaseModel):
    """A request body: strict types, no unknown fields, finite numbers only."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, frozen=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        _stop_at_first(schema)
        return schema


class ScaledInitializer(Strict):
    """Start weights drawn from N(0, scale²), biases 0."""

    name: Literal["normal"] = Field(description="The only initializer that takes a scale.", examples=["normal"])
    scale: float = Field(
        default=0.01, ge=0, description="Standard deviation of the weights (no unit).", examples=[0.01]
    )


class OptimizerConfig(Strict):
    """How a step turns gradients into new parameters; rules and defaults as in torch 2.x."""

    name: OptimizerName | None = Field(
        default=None,
        description="The rule. Left out: `sgd` for a new session, the present rule in a PATCH.",
        examples=["sgd"],
    )
    learning_rate: float | None = Field(
        default=None, ge=0, description="Size of a step, times the gradient (no unit).", examples=[0.5]
    )
    momentum: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Part of the last velocity that is kept, 0 to 1 (`momentum`, `nesterov`).",
        examples=[0.9],
    )
    alpha: float | None = Field(
        default=None, ge=0, le=1, description="Decay of the mean square, 0 to 1 (`rmsprop`).", examples=[0.99]
    )
    beta1: float | None = Field(
        default=None, ge=0, lt=1, description="Decay of the mean gradient, from 0 to below 1 (`adam`).", examples=[0.9]
    )
    beta2: float | None = Field(
        default=None, ge=0, lt=1, description="Decay of the mean square, from 0 to below 1 (`adam`).", examples=[0.999]
    )
    epsilon: float | None = Field(
        default=None, ge=0, description="Added to the root in the denominator (`rmsprop`, `adam`).", examples=[1e-8]
    )


class RegularizationConfig(Strict):
    """A penalty on the weights, not on the biases: λ/n Σ|w| or λ/(2n) Σ w², n = training examples."""

    name: RegularizationName | None = Field(default=None, description="The penalty.", examples=["l2"])
    lambda_: float | None = Field(
        default=None, alias="lambda", ge=0, description="λ, its strength (no unit).", examples=[0.1]
    )


class FeedbackConfig(Strict):
    """What stands in BP2 for the transpose of the weights."""

    name: FeedbackName = Field(description="The feedback operator.", examples=["transpose"])


class ExampleChoice(Strict):
    """The example on view: a position in the mini-batch, or a row of the data set. Exactly one of the two."""

    position: int | None = Field(default=None, ge=0, description="Position in the mini-batch, from 0.", examples=[0])
    index: int | None = Field(default=None, ge=0, description="Row of the data set, from 0.", examples=[17])

    @model_validator(mode="after")
    def _exactly_one(self) -> ExampleChoice:
        if (self.position is None) == (self.index is None):
            raise ValueError("Give either a position (in the mini-batch) or an index (a row of the data set).")
        return self


class NamedDataset(Strict):
    """A built-in data set, or one that was uploaded."""

    name: str = Field(
        min_length=1,
        max_length=100,
        description="Name of a built-in data set, or the id of an uploaded one.",
        examples=["circle"],
    )
    size: int | None = Field(
        default=None, ge=1, description="Number of examples (built-in sets that are drawn).", examples=[500]
    )
    noise: float | None = Field(
        default=None, ge=0, description="Noise (built-in sets that are drawn; no unit).", examples=[0.1]
    )


class InlineDataset(Strict):
    """Examples given in the body itself: inputs with either targets or labels."""

    inputs: list[Row] = Field(
        min_length=1, description="Shape (examples, n_1), used as given.", examples=[[[0, 0], [0, 1], [1, 0], [1, 1]]]
    )
    targets: list[Row] | None = Field(
        default=None, description="Shape (examples, n_L).", examples=[[[0], [1], [1], [0]]]
    )
    labels: list[Annotated[int, Field(ge=0)]] | None = Field(
        default=None,
        description="Shape (examples,): the right class, from 0; with one output 0 or 1.",
        examples=[[0, 1, 1, 0]],
    )

    @model_validator(mode="after")
    def _targets_or_labels(self) -> InlineDataset:
        if (self.targets is None) == (self.labels is None):
            raise ValueError("Give either targets (examples, n_L) or labels (examples,), not both and not neither.")
        return self


def _one_or_list(value: object) -> str:
    return "<list>" if isinstance(value, list) else "<one>"


def _name_or_form(value: object) -> str:
    return "<form>" if isinstance(value, (Mapping, BaseModel)) else "<name>"


def _named_or_inline(value: object) -> str:
    if isinstance(value, BaseModel):
        return "<inline>" if isinstance(value, InlineDataset) else "<named>"
    inline = isinstance(value, Mapping) and any(key in value for key in ("inputs", "targets", "labels"))
    return "<inline>" if inline else "<named>"


Activations = Annotated[
    Annotated[ActivationName, Tag("<one>")] | Annotated[list[ActivationName], Tag("<list>")],
    Discriminator(_one_or_list),
]
Initializer = Annotated[
    Annotated[InitializerName, Tag("<name>")] | Annotated[ScaledInitializer, Tag("<form>")],
    Discriminator(_name_or_form),
]
Dataset = Annotated[
    Annotated[NamedDataset, Tag("<named>")] | Annotated[InlineDataset, Tag("<inline>")],
    Discriminator(_named_or_inline),
]


class SessionConfig(Strict):
    """A new training session. Every field is optional: what is left out (or null) is filled to suit the data set."""

    layers: list[Annotated[int, Field(ge=1)]] | None = Field(
        default=None,
        min_length=2,
        description="Neurons in each layer, from the input layer 1 to the output layer L.",
        examples=[[2, 4, 3, 2]],
    )
    activations: Activations | None = Field(
        default=None,
        description="One activation for all, or one for each layer from 2 to L. `softmax` only in the last.",
        examples=["tanh", ["tanh", "tanh", "sigmoid"]],
    )
    cost: CostName | None = Field(
        default=None, description="The cost of one example; a mini-batch's is the mean.", examples=["cross_entropy"]
    )
    initializer: Initializer | None = Field(
        default=None,
        description="How the start parameters are drawn. `book`: weights N(0, 1/n_in), biases N(0, 1) (variances).",
        examples=["xavier", {"name": "normal", "scale": 0.01}],
    )
    weights: list[list[Row]] | None = Field(
        default=None,
        description="Explicit start, instead of an initializer: weights[i] has shape (layers[i+1], layers[i]), so that "
        "weights[0] is w².",
        examples=[[[[0.5, -0.5], [0.25, 0.75]], [[1.0, -1.0], [0.5, 0.5]]]],
    )
    biases: list[Row] | None = Field(
        default=None,
        description="Explicit start: biases[i] has shape (layers[i+1],). Left out beside weights: zeros.",
        examples=[[[0.0, 0.1], [0.0, 0.0]]],
    )
    train_biases: bool | None = Field(default=None, description="Whether biases change too.", examples=[True])
    optimizer: OptimizerConfig | None = Field(
        default=None, description="The rule of the update.", examples=[{"name": "sgd", "learning_rate": 0.5}]
    )
    regularization: RegularizationConfig | None = Field(
        default=None, description="The penalty on the weights.", examples=[{"name": "l2", "lambda": 0.1}]
    )
    batch_size: int | None = Field(
        default=None, ge=1, description="Examples in a mini-batch, at most the training examples.", examples=[10]
    )
    shuffle: bool | None = Field(
        default=None,
        description="Whether each epoch has an order of its own, drawn from (seed, epoch).",
        examples=[True],
    )
    dataset: Dataset | None = Field(
        default=None, description="What to learn from.", examples=[{"name": "circle", "size": 500, "noise": 0.1}]
    )
    test_fraction: float | None = Field(
        default=None,
        ge=0,
        lt=1,
        description="Part of the examples that is held back for testing, from 0 to below 1.",
        examples=[0.2],
    )
    feedback: FeedbackConfig | None = Field(
        default=None, description="What carries the error back.", examples=[{"name": "transpose"}]
    )
    example: ExampleChoice | None = Field(default=None, description="The example on view.", examples=[{"position": 0}])
    seed: int | None = Field(
        default=None, ge=0, le=LARGEST_SEED, description="All that is drawn is drawn from it (no unit).", examples=[1]
    )


class StepRequest(Strict):
    """Forward or back by phases, to the end of a step, or to the end of an epoch."""

    unit: Literal["phase", "step", "epoch"] = Field(default="step", description="How far.", examples=["phase"])
    count: int = Field(default=1, ge=1, le=10_000, description="How many of them, 1 to 10,000.", examples=[1])


class SeekRequest(Strict):
    """Any point from the start to the last step."""

    step: int = Field(ge=0, description="From 0 (the start) to `last_step`.", examples=[7])
    phase: PhaseName | None = Field(
        default=None, description="The last phase done; left out: the end of the step.", examples=["send_back"]
    )
    layer: int | None = Field(
        default=None,
        ge=1,
        description="The layer of the phase, from 1; needed where a phase has several.",
        examples=[2],
    )


class Until(Strict):
    """Where to stop playing by itself: exactly one of the three."""

    step: int | None = Field(default=None, ge=1, description="At the end of exactly this step.", examples=[1000])
    cost: float | None = Field(
        default=None,
        description="At the end of an epoch, when the test cost (else training) is at most this.",
        examples=[0.1],
    )
    accuracy: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="At the end of an epoch, when the test accuracy (else training) is at least this, 0 to 1.",
        examples=[0.95],
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Until:
        if sum(value is not None for value in (self.step, self.cost, self.accuracy)) != 1:
            raise ValueError("Give exactly one of step, cost and accuracy.")
        return self


class PlayRequest(Strict):
    """Goes on by itself, at the server's clock."""

    unit: Literal["phase", "step"] = Field(default="step", description="What goes by at each beat.", examples=["step"])
    per_second: float = Field(
        default=20, ge=0, le=1_000_000, description="Beats per second; 0 = as fast as it can.", examples=[20]
    )
    until: Until | None = Field(
        default=None, description="Where to stop by itself; left out: never.", examples=[{"accuracy": 0.95}]
    )


class SettingsPatch(Strict):
    """Changed settings, from the next step on. Parts that are left out stay; `example` takes effect at once."""

    optimizer: OptimizerConfig | None = Field(
        default=None,
        description="The rule of the update; fields left out stay, or are the defaults of a new rule.",
        examples=[{"learning_rate": 0.1}],
    )
    regularization: RegularizationConfig | None = Field(
        default=None, description="The penalty on the weights.", examples=[{"name": "l2", "lambda": 0.1}]
    )
    batch_size: int | None = Field(
        default=None, ge=1, description="Examples in a mini-batch; goes on from the next example.", examples=[32]
    )
    feedback: FeedbackConfig | None = Field(
        default=None, description="What carries the error back.", examples=[{"name": "random"}]
    )
    example: ExampleChoice | None = Field(
        default=None, description="The example on view; never cuts.", examples=[{"index": 17}]
    )


class WeightEdit(Strict):
    """One weight w^layer_jk, from neuron k of the layer below to neuron j."""

    layer: int = Field(ge=2, description="Layer that the connection leads into, from 2.", examples=[2])
    j: int = Field(ge=1, description="Neuron of that layer, from 1.", examples=[1])
    k: int = Field(ge=1, description="Neuron of the layer below, from 1.", examples=[2])
    value: float = Field(description="The new weight.", examples=[0.5])


class BiasEdit(Strict):
    """One bias b^layer_j."""

    layer: int = Field(ge=2, description="Layer, from 2.", examples=[2])
    j: int = Field(ge=1, description="Neuron of that layer, from 1.", examples=[1])
    value: float = Field(description="The new bias.", examples=[0.0])


class ParametersPatch(Strict):
    """Edited weights and biases; the optimizer's state stays."""

    weights: list[WeightEdit] | None = Field(
        default=None, description="Weights to set, in order.", examples=[[{"layer": 2, "j": 1, "k": 2, "value": 0.5}]]
    )
    biases: list[BiasEdit] | None = Field(
        default=None, description="Biases to set, in order.", examples=[[{"layer": 2, "j": 1, "value": 0}]]
    )


class PredictRequest(Strict):
    """Inputs to send through the network as it is at the cursor."""

    inputs: list[Row] = Field(
        min_length=1,
        description="Shape (examples, n_1), prepared as the view's `preprocessing` says.",
        examples=[[[0.5, -0.25]]],
    )


class NewExample(Strict):
    """A training example to be added: its inputs with either its label or its targets."""

    inputs: Row = Field(
        min_length=1,
        description="Shape (n_1,), prepared as the view's `preprocessing` says.",
        examples=[[0.3, -0.7]],
    )
    label: int | None = Field(
        default=None, ge=0, description="The right class, from 0; with one output 0 or 1.", examples=[1]
    )
    targets: Row | None = Field(
        default=None,
        min_length=1,
        description="Instead, for targets that are no classes: shape (n_L,).",
        examples=[None],
    )

    @model_validator(mode="after")
    def _label_or_targets(self) -> NewExample:
        if (self.label is None) == (self.targets is None):
            raise ValueError("Give either a label or targets (n_L numbers), not both and not neither.")
        return self


class NudgeRequest(Strict):
    """One number to be moved a little both ways, everything else as it was before the step. Nothing is changed."""

    what: Literal["weight", "bias", "activation"] = Field(description="Which kind of number.", examples=["weight"])
    layer: int = Field(ge=1, description="Its layer, from 2; for an activation from 1, the inputs.", examples=[2])
    j: int = Field(ge=1, description="Neuron of that layer, from 1.", examples=[1])
    k: int | None = Field(
        default=None, ge=1, description="For a weight: the neuron of the layer below, from 1.", examples=[2]
    )
    by: float = Field(
        default=1e-5,
        ge=1e-9,
        le=0.1,
        description="How far it is moved, each way: from 1e-9 to 0.1.",
        examples=[1e-5],
    )

    @model_validator(mode="after")
    def _k_for_weights(self) -> NudgeRequest:
        if (self.k is None) == (self.what == "weight"):
            raise ValueError("A weight is named by layer, j and k; a bias or an activation by layer and j alone.")
        return self


class WhatIfRequest(Strict):
    """One activation with something added to it, everything else as it was before the step. Nothing is changed."""

    layer: int = Field(ge=1, description="Its layer, from 1 to L-1.", examples=[2])
    k: int = Field(ge=1, description="Its neuron, from 1.", examples=[1])
    offsets: list[float] = Field(
        min_length=1,
        max_length=200,
        description="What is added to the activation, one after the other; at most 200.",
        examples=[[-0.1, 0.1]],
    )


def plain_loc(loc: Iterable[str | int]) -> tuple[str | int, ...]:
    """A place in the body without the tags of choices between forms."""
    return tuple(part for part in loc if not (isinstance(part, str) and part.startswith("<")))


def plain_errors(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pydantic's errors as ``[{"loc": [...], "msg": "..."}]``, without tags, echoes of the input and prefixes."""
    return [
        {"loc": list(plain_loc(error["loc"])), "msg": str(error["msg"]).removeprefix("Value error, ")}
        for error in errors
    ]
