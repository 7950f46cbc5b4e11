"""The shapes of a feedback comparison: every operator beside the gradient that nudging measures."""

from __future__ import annotations

from pydantic import Field

from app.web.api.traces import CheckedNumbers, ChosenExample
from app.web.api.views import Answer


class Arrow(Answer):
    """What an operator sends to one layer."""

    vector: list[float | None] = Field(description="Shape (n_l,).", examples=[[0.12, -0.07]])
    norm: float | None = Field(description="Its Euclidean norm.", examples=[0.139])
    cosine: float | None = Field(
        description="Of the angle to the measured gradient, −1 to 1; null if one of the two is 0.", examples=[0.31]
    )
    angle: float | None = Field(description="That angle, degrees, 0 to 180; null likewise.", examples=[71.9])


class ComparedLayer(Answer):
    """An operator at one hidden layer."""

    layer: int = Field(description="The layer, from 2.", examples=[2])
    chain: Arrow = Field(description="Sent back by this operator all the way from the output.")
    one_hop: Arrow = Field(description="Sent by this operator from the true delta of the layer above.")


class ComparedOperator(Answer):
    """One operator."""

    name: str = Field(description="Its name.", examples=["random"])
    layers: list[ComparedLayer] = Field(description="From 2 to L−1.")


class Measured(Answer):
    """The gradient of one hidden layer, measured."""

    layer: int = Field(description="The layer, from 2.", examples=[2])
    neurons: int = Field(description="Neurons that were nudged: all, or the first 2,000.", examples=[3])
    vector: list[float | None] = Field(
        description="dC_x/da by central differences, shape (neurons,).", examples=[[0.1]]
    )
    norm: float | None = Field(description="Its Euclidean norm.", examples=[0.14])


class FeedbackComparison(Answer):
    """Every operator beside the measured gradient, for one example of the step at the cursor."""

    step: int = Field(description="The step.", examples=[3])
    example: ChosenExample = Field(description="The example.")
    feedback: str = Field(description="The operator in force.", examples=["transpose"])
    measured: list[Measured] = Field(description="Of layers 2 to L−1.")
    operators: list[ComparedOperator] = Field(description="All of them.")


class CostIf(Answer):
    """The cost of the example."""

    before: float | None = Field(description="As it is.", examples=[0.31])
    after: list[float | None] = Field(description="With each offset, shape (offsets,).", examples=[[0.3, 0.32]])


class ZIf(Answer):
    """The weighted inputs of the layer above."""

    before: list[float | None] = Field(description="As they are, shape (n_(l+1),).", examples=[[0.2, -0.5]])
    after: list[list[float | None]] = Field(
        description="With each offset, shape (offsets, n_(l+1)).", examples=[[[0.1, -0.4], [0.3, -0.6]]]
    )


class WhatIf(Answer):
    """One activation with something added to it."""

    step: int = Field(description="The step.", examples=[3])
    example: ChosenExample = Field(description="The example.")
    layer: int = Field(description="The layer, from 1.", examples=[2])
    k: int = Field(description="The neuron, from 1.", examples=[1])
    value: float | None = Field(description="Its activation.", examples=[0.4])
    offsets: list[float] = Field(description="What was added.", examples=[[-0.1, 0.1]])
    cost: CostIf = Field(description="Of the example.")
    z: ZIf = Field(description="Of the layer above.")


class Sent(Answer):
    """A vector that would be sent back."""

    vector: list[float | None] = Field(description="Shape (n_(l-1),).", examples=[[0.12, -0.07]])
    norm: float | None = Field(description="Its Euclidean norm.", examples=[0.139])


class Spectrum(Answer):
    """How the transpose and the (pseudo-)inverse of one weight matrix differ."""

    step: int = Field(description="The step; weights are those from before it.", examples=[3])
    example: ChosenExample = Field(description="Whose delta is sent.")
    layer: int = Field(description="The layer that the weights lead into, from 2.", examples=[3])
    shape: list[int] = Field(description="Rows and columns, (n_l, n_(l-1)).", examples=[[3, 4]])
    rank: int = Field(description="Singular values above 1e-12 of the largest.", examples=[3])
    singular_values: list[float | None] = Field(description="The largest first.", examples=[[2.1, 0.9, 0.4]])
    condition: float | None = Field(description="κ, largest over smallest; null: not of full rank.", examples=[5.2])
    worst_cosine: float | None = Field(
        description="2κ/(κ²+1): no error leads to a smaller cosine; null where κ is.",
        examples=[0.37],
    )
    cosine: float | None = Field(description="Of the two vectors, −1 to 1; null if one is 0.", examples=[0.8])
    angle: float | None = Field(description="Between them, degrees; null likewise.", examples=[36.9])
    transpose: Sent = Field(description="W^T delta.")
    inverse: Sent = Field(description="The pseudo-inverse times delta.")
    weights: list[list[float | None]] | None = Field(
        description="With `kappa`: the weights that have it, shape as above, up to 10,000; else null.",
        examples=[[[0.5, -0.2], [0.1, 0.9]]],
    )


class BrokenLayer(Answer):
    """One layer of a broken pass."""

    layer: int = Field(description="The layer, from 2.", examples=[2])
    w: CheckedNumbers = Field(description="Its `nabla_w` against nudged weights, the first 400.")
    b: CheckedNumbers = Field(description="Its `nabla_b` against nudged biases.")


class BrokenCheck(Answer):
    """What nudging says of the gradient of a broken backward pass."""

    step: int = Field(description="The step whose mini-batch it is.", examples=[1])
    bug: str = Field(description="The mistake.", examples=["no_slope"])
    layers: list[BrokenLayer] = Field(description="From 2 to L.")
