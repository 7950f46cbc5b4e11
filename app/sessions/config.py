"""What a session is made from: strict, no unknown fields, no NaN or infinity, nothing converted silently.

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


def plain_loc(loc: Iterable[str | int]) -> tuple[str | int, ...]:
    """A place in the body without the tags of choices between forms."""
    return tuple(part for part in loc if not (isinstance(part, str) and part.startswith("<")))


def plain_errors(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pydantic's errors as ``[{"loc": [...], "msg": "..."}]``, without tags, echoes of the input and prefixes."""
    return [
        {"loc": list(plain_loc(error["loc"])), "msg": str(error["msg"]).removeprefix("Value error, ")}
        for error in errors
    ]
