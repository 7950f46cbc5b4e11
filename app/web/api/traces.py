"""What a trace, a check and the other readings hold: the shapes in the documentation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.sessions.requests import ExampleOrder, ExamplePart
from app.web.api.views import Action, Answer, Matrix, Vector


class TracedLayer(Answer):
    """One layer in a step, for one example. Layer 1 has `layer` and `a` only."""

    layer: int = Field(description="The layer, from 1.", examples=[2])
    a: Vector | None = Field(default=None, description="Activations, shape (n_l,).", examples=[[0.2, -0.4]])
    w: Matrix | None = Field(
        default=None, description="Weights before the step, shape (n_l, n_(l−1)).", examples=[[[0.5, -0.5], [0.2, 0.7]]]
    )
    b: Vector | None = Field(default=None, description="Biases before the step, shape (n_l,).", examples=[[0.0, 0.1]])
    z: Vector | None = Field(default=None, description="Weighted inputs, shape (n_l,).", examples=[[0.2, -0.5]])
    sigma_prime: Vector | None = Field(
        default=None,
        description="The activation's slope at z, shape (n_l,); null for softmax, which has a Jacobian instead.",
        examples=[[0.96, 0.8]],
    )
    received: Vector | None = Field(
        default=None,
        description="dC/da of this layer, shape (n_l,): what it was sent from above; at L the cost's own derivative,"
        " null where that overflows.",
        examples=[[0.1, -0.02]],
    )
    delta: Vector | None = Field(default=None, description="dC/dz, shape (n_l,).", examples=[[0.096, -0.016]])
    sent: Matrix | None = Field(
        default=None,
        description="Per connection, shape of w: feedback weight × delta_j, which is what goes back to neuron k.",
        examples=[[[0.05, -0.05], [0.0, -0.01]]],
    )
    charged: Matrix | None = Field(
        default=None,
        description="Per connection, shape of w: a_k × delta_j, which is dC/dw of this example.",
        examples=[[[0.02, -0.04], [0.0, 0.01]]],
    )
    nabla_w: Matrix | None = Field(
        default=None,
        description="Mean of `charged` over the mini-batch, shape of w, without the regularization term.",
        examples=[[[0.01, -0.03], [0.0, 0.02]]],
    )
    nabla_b: Vector | None = Field(
        default=None, description="Mean of `delta` over the mini-batch, shape (n_l,).", examples=[[0.05, -0.01]]
    )
    w_after: Matrix | None = Field(
        default=None,
        description="Weights after the step, shape of w; a later edit does not change them.",
        examples=[[[0.495, -0.485], [0.2, 0.69]]],
    )
    b_after: Vector | None = Field(
        default=None, description="Biases after the step, shape (n_l,).", examples=[[-0.025, 0.105]]
    )


class Batch(Answer):
    """The mini-batch of a step."""

    size: int = Field(description="Examples in it.", examples=[3])
    indices: list[int] = Field(
        description="Their rows in the data set, from 0, shape (size,).", examples=[[17, 4, 230]]
    )


class TracedExample(Answer):
    """The example on view."""

    position: int | None = Field(description="In the mini-batch, from 0; null outside it.", examples=[0])
    index: int = Field(description="Row of the data set, from 0.", examples=[17])
    x: Vector = Field(description="Its inputs, shape (n_1,).", examples=[[0.3, -0.7]])
    y: Vector = Field(description="Its target, shape (n_L,).", examples=[[1.0, 0.0]])


class TracedCost(Answer):
    """Costs with the step's before-parameters, without the penalty."""

    example: float | None = Field(description="Of the example on view.", examples=[0.31])
    batch: float | None = Field(description="Mean over the mini-batch.", examples=[0.27])


class Trace(Answer):
    """A whole step, whatever phase the cursor is in: clients hide what is not reached."""

    step: int = Field(description="The step, from 1.", examples=[3])
    epoch: int = Field(description="Its epoch, from 1.", examples=[1])
    batch: Batch = Field(description="Its mini-batch.")
    example: TracedExample = Field(description="The example that the layers are about.")
    cost: TracedCost = Field(description="Before the step.")
    layers: list[TracedLayer] = Field(description="From 1 to L, or the one that was asked for.")


class CheckedNumbers(Answer):
    """How one kind of number of a layer compares with nudging."""

    checked: int = Field(description="Entries compared.", examples=[8])
    skipped: int = Field(description="Entries left out because the nudge crosses a kink.", examples=[0])
    failed: int = Field(description="Entries that don't agree.", examples=[0])
    max_error: float | None = Field(
        description="Largest |a − n|, absolute; 0 if nothing was checked, null if it is not finite.", examples=[2.1e-9]
    )
    cosine: float | None = Field(
        description="Cosine of the angle between the two, −1 to 1; null if one of them is 0 or not finite.",
        examples=[1.0],
    )


class CheckedLayer(Answer):
    """One layer of a gradient check."""

    layer: int = Field(description="The layer, from 2.", examples=[2])
    w: CheckedNumbers = Field(description="`charged` against nudged weights.")
    b: CheckedNumbers = Field(description="`delta` against nudged biases.")
    received: CheckedNumbers = Field(description="`received` against nudged activations.")
    verdict: str = Field(description="`agrees`, `inconclusive`, or what is wrong, in words.", examples=["agrees"])
    passed: bool = Field(description="Whether nothing failed.", examples=[True])


class ChosenExample(Answer):
    """Which example it is."""

    position: int | None = Field(description="In the mini-batch, from 0; null outside it.", examples=[0])
    index: int = Field(description="Row of the data set, from 0.", examples=[17])


class GradientCheck(Answer):
    """The numbers of the trace at the cursor against central differences."""

    step: int = Field(description="The step.", examples=[3])
    example: ChosenExample = Field(description="The example.")
    passed: bool = Field(description="Whether all layers passed.", examples=[True])
    epsilon: float = Field(description="The nudge, each way.", examples=[1e-5])
    feedback: str = Field(description="The feedback operator in force.", examples=["transpose"])
    layers: list[CheckedLayer] = Field(description="From 2 to L.")


class Prediction(Answer):
    """Outputs at the cursor."""

    outputs: Matrix = Field(description="Shape (examples, n_L).", examples=[[[0.91, 0.07]]])
    labels: list[int | None] | None = Field(
        default=None,
        description="For classes: the class that each names, from 0, shape (examples,); null where outputs are not"
        " finite.",
        examples=[[0]],
    )
    classes: list[str | None] | None = Field(
        default=None, description="For classes: its name, shape (examples,); null likewise.", examples=[["inside"]]
    )


class Curves(Answer):
    """One figure over the run."""

    train: Vector = Field(description="Over training examples, shape (points,).", examples=[[0.7, 0.4, 0.3]])
    test: Vector = Field(description="Over test examples, shape (points,).", examples=[[0.7, 0.5, 0.4]])


class ScheduleLeg(Answer):
    """Steps from `after` + 1 on, to the next such stretch.

    The epoch under way ends ⌈(n_train − offset) / batch_size⌉ steps after `after`, each later one takes
    ⌈n_train / batch_size⌉ steps.
    """

    after: int = Field(description="The step after which they begin.", examples=[0])
    epochs: int = Field(description="Epochs completed by then.", examples=[0])
    offset: int = Field(description="Examples of the next epoch visited by then.", examples=[0])
    batch_size: int = Field(
        description="Examples in a mini-batch; the last one of an epoch may have fewer.", examples=[10]
    )
    n_train: int = Field(description="Examples in an epoch: one that was added joins the next.", examples=[400])


class History(Answer):
    """Cost and accuracy over the run, to its last step wherever the cursor stands; all lists have the same length."""

    last_step: int = Field(
        description="The last step of the run; beyond the cursor's it is what a change would cut off.", examples=[80]
    )
    steps: list[int] = Field(description="The step of each point, shape (points,).", examples=[[0, 40, 80]])
    epochs: list[int] = Field(description="Its epoch, shape (points,).", examples=[[0, 1, 2]])
    cost: Curves = Field(description="Mean cost of an example, without the penalty.")
    accuracy: Curves = Field(
        description="Part of the examples that are right, 0 to 1; null for regression, and where the cost is not"
        " finite."
    )
    actions: list[Action] = Field(
        description="What was changed and edited in the run, one entry for each step after which something was, in"
        " order; at most the last 500."
    )
    batch_sizes: list[tuple[int, int]] = Field(
        description="Pairs (after, batch size), shape (changes + 1, 2): the size holds from step `after` + 1 on.",
        examples=[[[0, 10], [40, 32]]],
    )
    schedule: list[ScheduleLeg] = Field(
        description="How epochs go by: stretches of steps with one batch size and one number of examples, in order; of"
        " those that begin after the same step the last one counts."
    )


class LayerMaps(Answer):
    """The maps of one layer's neurons."""

    layer: int = Field(description="The layer, from 1.", examples=[2])
    maps: list[Matrix] = Field(
        description="maps[j][row][column], shape (n_l, resolution, resolution): rows go up along input 2, columns to"
        " the right along input 1.",
        examples=[[[[0.1, 0.2], [0.3, 0.4]]]],
    )


class ResponseMaps(Answer):
    """Each neuron's activation over the plane of the two inputs, at the cursor."""

    step: int = Field(description="The step whose result the parameters are.", examples=[3])
    resolution: int = Field(description="Points along each side.", examples=[50])
    x: tuple[float, float] = Field(description="Lowest and highest input 1.", examples=[[-1.1, 1.1]])
    y: tuple[float, float] = Field(description="Lowest and highest input 2.", examples=[[-1.1, 1.1]])
    layers: list[LayerMaps] = Field(description="From 1 to L.")


class ExamplePage(Answer):
    """Some examples of a session, and what the network at the cursor says of each: lists with one entry for each."""

    count: int = Field(description="Examples that there are at the cursor, of all parts.", examples=[500])
    part: ExamplePart = Field(description="Which are listed.", examples=["all"])
    order: ExampleOrder = Field(description="In which order.", examples=["index"])
    offset: int = Field(description="How many were left out before the first one here.", examples=[0])
    total: int = Field(description="Examples of this part.", examples=[500])
    examined: int = Field(
        description="How many of them the network was asked about: at most the first 10,000 rows (of a mini-batch its"
        " first 10,000), and those added.",
        examples=[500],
    )
    wrong: int | None = Field(description="How many of the examined are wrong; null for regression.", examples=[37])
    step: int = Field(description="The step whose result the network is.", examples=[3])
    index: list[int] = Field(description="Rows of the data set, from 0, shape (examples,).", examples=[[17]])
    part_of: list[Literal["train", "test"]] = Field(
        description="The part of each, shape (examples,).", examples=[["train"]]
    )
    train: list[bool] = Field(description="Whether it is a training example, shape (examples,).", examples=[[True]])
    inputs: Matrix | None = Field(
        description="Shape (examples, n_1), as prepared; null for more than 1,024 inputs.", examples=[[[0.3, -0.7]]]
    )
    targets: Matrix = Field(description="Shape (examples, n_L).", examples=[[[1.0, 0.0]]])
    labels: list[int | None] = Field(
        description="The right class, from 0, shape (examples,); null for regression.", examples=[[0]]
    )
    predicted: list[int | None] = Field(
        description="The class that the network names, from 0, shape (examples,); null for regression, and where the"
        " cost is not finite.",
        examples=[[1]],
    )
    right: list[bool | None] = Field(
        description="Whether it is the right one, shape (examples,); null for regression.", examples=[[False]]
    )
    cost: Vector = Field(
        description="Cost of each, without the penalty, shape (examples,); null if not finite.", examples=[[0.9]]
    )
    added_after: list[int | None] = Field(
        description="The step after which it was added to the data, shape (examples,); null for the data set's own.",
        examples=[[None]],
    )


Kind = Literal["classification", "regression"]
