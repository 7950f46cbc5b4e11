"""What the answers about a single number hold: the shapes in the documentation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.web.api.traces import ChosenExample
from app.web.api.views import Answer, Vector


class NudgedCost(Answer):
    """The cost as it is, and with the number moved. Null where it is not finite."""

    before: float | None = Field(description="As it is.", examples=[0.31])
    up: float | None = Field(description="With the number moved up.", examples=[0.3100041])
    down: float | None = Field(description="With the number moved down.", examples=[0.3099959])


class NudgedLayer(Answer):
    """The weighted inputs of a layer that moves, for the example."""

    layer: int = Field(description="The layer, from 2.", examples=[2])
    before: Vector = Field(description="z as it is, shape (n_l,).", examples=[[0.2, -0.5]])
    up: Vector = Field(description="With the number moved up, shape (n_l,).", examples=[[0.200003, -0.5]])
    down: Vector = Field(description="With the number moved down, shape (n_l,).", examples=[[0.199997, -0.5]])


class Compared(Answer):
    """One derivative both ways."""

    cost: NudgedCost = Field(description="Before the step, without the penalty.")
    analytic: float | None = Field(description="What the trace says; null if it is not finite.", examples=[0.41])
    measured: float | None = Field(
        description="What nudging finds, (up − down) / (2 by); null if it is not finite.", examples=[0.4100000001]
    )
    error: float | None = Field(description="|analytic − measured|; null if not finite.", examples=[1.2e-10])
    allowed: float | None = Field(
        description="How large the error may be: 1e-5 · max(|a|, |n|) + 1e-9 · max(1, C).", examples=[4.1e-6]
    )
    agrees: bool | None = Field(description="Whether they agree; null where nothing can be said.", examples=[True])
    reason: Literal["kink", "coarse", "not_finite", "feedback", "nudge", "differs"] | None = Field(
        description="Why nothing can be said (`kink`: the nudge crosses one, `coarse`: an output too near to 1,"
        " `not_finite`) or why they differ (`feedback`: by design, `nudge`: too large or too small, `differs`).",
        examples=[None],
    )
    message: str | None = Field(description="The same in a sentence.", examples=[None])


class ComparedBatch(Compared):
    """The same for the mean over the mini-batch."""

    size: int = Field(description="Examples in the mini-batch.", examples=[10])


class Nudge(Compared):
    """One number of a step, moved a little both ways."""

    step: int = Field(description="The step.", examples=[3])
    example: ChosenExample = Field(description="The example.")
    feedback: str = Field(description="The feedback operator in force.", examples=["transpose"])
    what: Literal["weight", "bias", "activation"] = Field(description="Which kind of number.", examples=["weight"])
    layer: int = Field(description="Its layer, from 1.", examples=[2])
    j: int = Field(description="Its neuron, from 1.", examples=[1])
    k: int | None = Field(description="For a weight: the neuron of the layer below, from 1.", examples=[2])
    by: float = Field(
        description="The nudge that was made, each way: less than was asked for below an input above 1, and near"
        " where a logarithm of the cost ends.",
        examples=[1e-5],
    )
    value: float | None = Field(description="The number, before the step.", examples=[0.5])
    layers: list[NudgedLayer] = Field(
        description="Of the layers that move, the first two at most: a weight's or bias's own, and the next one."
    )
    batch: ComparedBatch | None = Field(
        description="`nabla_w` or `nabla_b` against the mean cost of the mini-batch; null for an activation."
    )


class ConnectionOfExample(Answer):
    """What one example adds to a connection."""

    position: int = Field(description="In the mini-batch, from 0.", examples=[0])
    index: int = Field(description="Row of the data set, from 0.", examples=[17])
    a: float | None = Field(description="Activation of neuron k, below.", examples=[0.8])
    delta: float | None = Field(description="δ of neuron j.", examples=[-0.05])
    sent: float | None = Field(description="Feedback weight × δ_j: what goes back to neuron k.", examples=[-0.025])
    charged: float | None = Field(description="a_k × δ_j: dC/dw of this example.", examples=[-0.04])


class MeanConnection(Answer):
    """Means over the whole mini-batch."""

    a: float | None = Field(description="Of the activations.", examples=[0.41])
    delta: float | None = Field(description="The step's own `nabla_b` of neuron j, to the bit.", examples=[-0.02])
    sent: float | None = Field(description="Of what was sent.", examples=[-0.01])
    charged: float | None = Field(description="The step's own `nabla_w`, to the bit.", examples=[-0.016])


class NeuronOfExample(Answer):
    """What a neuron does for one example; in layer 1 there is `a` only, the others are null."""

    position: int = Field(description="In the mini-batch, from 0.", examples=[0])
    index: int = Field(description="Row of the data set, from 0.", examples=[17])
    a: float | None = Field(description="Activation.", examples=[0.8])
    z: float | None = Field(description="Weighted input.", examples=[1.1])
    received: float | None = Field(description="dC/da: what it was sent from above.", examples=[0.1])
    sigma_prime: float | None = Field(description="The activation's slope at z; null for softmax.", examples=[0.36])
    delta: float | None = Field(description="δ = dC/dz.", examples=[0.036])


class MeanNeuron(Answer):
    """Means over the whole mini-batch."""

    a: float | None = Field(description="Of the activations.", examples=[0.41])
    z: float | None = Field(description="Of the weighted inputs.", examples=[0.6])
    received: float | None = Field(description="Of what was received.", examples=[0.04])
    sigma_prime: float | None = Field(description="Of the slopes.", examples=[0.5])
    delta: float | None = Field(description="The step's own `nabla_b`, to the bit.", examples=[0.02])


class Contributions(Answer):
    """How one number of a step comes about, example by example of its mini-batch."""

    step: int = Field(description="The step.", examples=[3])
    feedback: str = Field(description="The feedback operator in force.", examples=["transpose"])
    what: Literal["connection", "neuron"] = Field(description="What is told.", examples=["connection"])
    layer: int = Field(description="Its layer, from 1.", examples=[2])
    j: int = Field(description="The neuron, from 1.", examples=[1])
    k: int | None = Field(description="For a connection: the neuron below, from 1.", examples=[2])
    value: float | None = Field(
        description="The weight, or the neuron's bias, before the step; null in layer 1.", examples=[0.5]
    )
    of: int = Field(description="Examples in the mini-batch.", examples=[10])
    listed: int = Field(description="How many of them are listed: at most the first 1,000.", examples=[10])
    examples: list[ConnectionOfExample] | list[NeuronOfExample] = Field(
        description="[One entry for each listed example, in the order of the mini-batch.]",
        examples=[[{"position": 0, "index": 17, "a": 0.8, "delta": -0.05, "sent": -0.025, "charged": -0.04}]],
    )
    mean: MeanConnection | MeanNeuron = Field(
        description="Over all of the mini-batch.",
        examples=[{"a": 0.41, "delta": -0.02, "sent": -0.01, "charged": -0.016}],
    )
