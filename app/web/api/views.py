"""What a session's view holds: the shapes in the documentation, which a test holds real answers to."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.sessions.config import (
    ActivationName,
    CostName,
    ExampleChoice,
    FeedbackConfig,
    InitializerName,
    InlineDataset,
    NamedDataset,
    OptimizerName,
    RegularizationName,
    ScaledInitializer,
)
from app.sessions.requests import PhaseName

Vector = list[float | None]
Matrix = list[Vector]


class Answer(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(extra="forbid")


class FilledOptimizer(Answer):
    """The rule in force, with the numbers that it uses."""

    name: OptimizerName = Field(description="The rule.", examples=["sgd"])
    learning_rate: float = Field(description="Size of a step, times the gradient.", examples=[0.5])
    momentum: float | None = Field(default=None, description="Part of the last velocity that is kept.", examples=[0.9])
    alpha: float | None = Field(default=None, description="Decay of the mean square (`rmsprop`).", examples=[0.99])
    beta1: float | None = Field(default=None, description="Decay of the mean gradient (`adam`).", examples=[0.9])
    beta2: float | None = Field(default=None, description="Decay of the mean square (`adam`).", examples=[0.999])
    epsilon: float | None = Field(default=None, description="Added in the denominator.", examples=[1e-8])


class FilledRegularization(Answer):
    """The penalty in force."""

    name: RegularizationName = Field(description="The penalty.", examples=["none"])
    lambda_: float = Field(alias="lambda", description="λ, its strength.", examples=[0.0])


class FilledConfig(Answer):
    """Every field of a session's configuration, filled, as in force at the cursor."""

    layers: list[int] = Field(description="Neurons in each layer, shape (L,).", examples=[[2, 4, 3, 2]])
    activations: list[ActivationName] = Field(
        description="One for each layer from 2 to L, shape (L−1,).", examples=[["tanh", "tanh", "sigmoid"]]
    )
    cost: CostName = Field(description="The cost of one example.", examples=["quadratic"])
    initializer: InitializerName | ScaledInitializer | None = Field(
        description="How the start was drawn; null for explicit weights.", examples=["xavier"]
    )
    weights: list[Matrix] | None = Field(
        default=None,
        description="The explicit start, where one was given: weights[i] is (layers[i+1], layers[i]).",
        examples=[None],
    )
    biases: list[Vector] | None = Field(
        default=None, description="The explicit start: biases[i] has shape (layers[i+1],).", examples=[None]
    )
    train_biases: bool = Field(description="Whether biases change too.", examples=[True])
    optimizer: FilledOptimizer = Field(
        description="The rule of the update.", examples=[{"name": "sgd", "learning_rate": 0.5}]
    )
    regularization: FilledRegularization = Field(
        description="The penalty on the weights.", examples=[{"name": "none", "lambda": 0.0}]
    )
    batch_size: int = Field(description="Examples in a mini-batch.", examples=[10])
    shuffle: bool = Field(description="Whether each epoch has an order of its own.", examples=[True])
    dataset: NamedDataset | InlineDataset = Field(
        description="What it learns from.", examples=[{"name": "circle", "size": 500, "noise": 0.1}]
    )
    test_fraction: float = Field(description="Part of the examples held back for testing, 0 to 1.", examples=[0.2])
    feedback: FeedbackConfig = Field(description="What carries the error back.", examples=[{"name": "transpose"}])
    example: ExampleChoice = Field(description="The example on view.", examples=[{"position": 0}])
    seed: int = Field(description="All that is drawn is drawn from it.", examples=[1])


class Transformation(Answer):
    """prepared = (raw − shift) / scale."""

    method: Literal["none", "standardized", "scaled"] = Field(description="What was done.", examples=["standardized"])
    shift: float | list[float] = Field(description="One for all, or one for each column.", examples=[0.0])
    scale: float | list[float] = Field(description="One for all, or one for each column.", examples=[1.0])


class Preprocessing(Answer):
    """How the data set was prepared."""

    inputs: Transformation = Field(
        description="Of the inputs.", examples=[{"method": "none", "shift": 0.0, "scale": 1.0}]
    )
    targets: Transformation | None = Field(description="Of the targets; null for classes.", examples=[None])
    text: str = Field(description="The same in a sentence.", examples=["The inputs are used as they are."])


class Cursor(Answer):
    """A point of a run: the last phase done."""

    step: int = Field(description="Step, from 1; 0 at the start.", examples=[3])
    phase: PhaseName = Field(description="The last phase done; `update`: the step is complete.", examples=["update"])
    layer: int | None = Field(description="The phase's layer, from 1, where it has one.", examples=[None])


class Play(Answer):
    """How it plays."""

    unit: Literal["phase", "step"] = Field(description="What goes by at each beat.", examples=["step"])
    per_second: float = Field(description="Beats per second (1/s); 0: as fast as it can.", examples=[20])
    until: dict[str, float] | None = Field(
        description="Where it stops by itself: `step`, `cost` or `accuracy`.", examples=[{"accuracy": 0.95}]
    )


class NotFinite(Answer):
    """Where a number was first no longer finite."""

    step: int = Field(description="The step.", examples=[12])
    layer: int | None = Field(description="The layer, from 1; null: the cost.", examples=[3])
    what: str = Field(description="Which number: z, a, cost, delta, nabla_w, nabla_b, w or b.", examples=["z"])
    message: str = Field(description="The same in a sentence, with the way back.", examples=["In step 12, …"])


class Cost(Answer):
    """Mean cost of an example at the cursor, without the penalty."""

    train: float | None = Field(description="Over training examples; null if not finite.", examples=[0.25])
    test: float | None = Field(
        description="Over test examples; null if there are none, or not finite.", examples=[0.27]
    )
    regularization: float | None = Field(description="The penalty, which stands beside the cost.", examples=[0.0])
    of: int = Field(description="How many training examples it was computed over, at most 2,000.", examples=[400])


class Accuracy(Answer):
    """Part of the examples that are right at the cursor, 0 to 1; null for regression, or where the cost is."""

    train: float | None = Field(description="Over training examples.", examples=[0.93])
    test: float | None = Field(description="Over test examples.", examples=[0.92])


class ExampleCounts(Answer):
    """Examples of each part, as in force at the cursor."""

    train: int = Field(description="For training, those that were added among them.", examples=[400])
    test: int = Field(description="For testing.", examples=[100])
    added: int = Field(description="How many were added to the data set's own.", examples=[0])


class ChangedSetting(Answer):
    """One setting before and after a change."""

    name: str = Field(
        description="The field: `optimizer`, `learning_rate` or another number of the rule, `regularization`, `lambda`,"
        " `batch_size` or `feedback`.",
        examples=["learning_rate"],
    )
    before: float | str | None = Field(description="Null where the rule before had no such number.", examples=[0.5])
    after: float | str | None = Field(description="Null where the rule after it has no such number.", examples=[1.0])


class Action(Answer):
    """Changed settings, edited weights and biases, or an added example, after a step."""

    after: int = Field(description="The step after which it was done; it counts from the next step on.", examples=[13])
    settings: list[ChangedSetting] = Field(description="Settings that it changed.")
    weights: int = Field(description="How many weights it edited.", examples=[0])
    biases: int = Field(description="How many biases it edited.", examples=[0])
    examples: int = Field(description="How many examples it added.", examples=[0])


class SessionView(Answer):
    """A session as it is now."""

    id: str = Field(description="Its id, which can't be guessed.", examples=["3f9c0b6a2d417e85c0aa"])
    url: str = Field(description="Its address.", examples=["/api/sessions/3f9c0b6a2d417e85c0aa"])
    stream_url: str = Field(
        description="Where its frames are streamed.", examples=["/api/sessions/3f9c0b6a2d417e85c0aa/stream"]
    )
    config: FilledConfig = Field(description="Its configuration, as in force at the cursor.")
    preprocessing: Preprocessing = Field(description="How its data set was prepared.")
    pending: dict[str, Any] = Field(
        description="Settings that were changed in mid-step, and that the next step will use.", examples=[{}]
    )
    revision: int = Field(
        description="Rises with every accepted call that writes, and when playing ends by itself. It is the ETag.",
        examples=[17],
    )
    cursor: Cursor = Field(description="Where it stands.", examples=[{"step": 3, "phase": "update", "layer": None}])
    last_step: int = Field(description="The highest step entered since the last cut.", examples=[12])
    epoch: int = Field(description="The epoch of the cursor's step, from 1; 0 at the start.", examples=[1])
    playing: bool = Field(description="Whether it goes on by itself.", examples=[False])
    play: Play | None = Field(description="How it plays; null if it does not.", examples=[None])
    finite: bool = Field(description="Whether all numbers at the cursor are finite.", examples=[True])
    not_finite: NotFinite | None = Field(description="Where they first were not; null if they are.", examples=[None])
    cost: Cost = Field(description="At the cursor.")
    accuracy: Accuracy = Field(description="At the cursor.")
    can_undo: bool = Field(description="Whether `undo` has something to take back.", examples=[False])
    can_redo: bool = Field(description="Whether `redo` has something to do again.", examples=[False])
    undo: Action | None = Field(description="What `undo` would take back; null if nothing.", examples=[None])
    redo: Action | None = Field(description="What `redo` would do again; null if nothing.", examples=[None])
    examples: ExampleCounts = Field(
        description="How many there are.", examples=[{"train": 400, "test": 100, "added": 0}]
    )


class FullView(SessionView):
    """A session as it is now, with its parameters if they were asked for."""

    weights: list[Matrix] | None = Field(
        default=None,
        description="At the cursor: weights[i] has shape (layers[i+1], layers[i]), so weights[0] is w².",
        examples=[[[[0.5, -0.5], [0.25, 0.75]]]],
    )
    biases: list[Vector] | None = Field(
        default=None, description="At the cursor: biases[i] has shape (layers[i+1],).", examples=[[[0.0, 0.1]]]
    )


class ChangedView(SessionView):
    """A session after a call that may have changed its log."""

    discarded_steps: int = Field(description="Steps that the change cut off.", examples=[0])


class AddedView(ChangedView):
    """A session after an example was added."""

    index: int = Field(description="The new example's row, from 0: after those of the data set.", examples=[500])
