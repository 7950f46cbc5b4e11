"""The shapes of a feedback comparison: every operator beside the gradient that nudging measures."""

from __future__ import annotations

from pydantic import Field

from app.web.api.traces import ChosenExample
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
