"""The bodies of requests about a session that is there, as strict as what it is made from."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from app.sessions.config import ExampleChoice, FeedbackConfig, OptimizerConfig, RegularizationConfig, Row, Strict

PhaseName = Literal["start", "feedforward", "cost", "output_error", "send_back", "gate", "gradient", "update"]
ExamplePart = Literal["all", "train", "test", "batch", "added"]
ExampleOrder = Literal["index", "misclassified", "cost"]


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
