"""Reading a session: traces, checks, predictions, curves and maps."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.sessions.errors import Invalid
from app.sessions.requests import ExampleOrder, ExamplePart, NudgeRequest, PredictRequest, WhatIfRequest
from app.web import urls
from app.web.answers import Json
from app.web.api.comparison import BrokenCheck, FeedbackComparison, Spectrum, WhatIf
from app.web.api.parts import Service, SessionId
from app.web.api.questions import Contributions, Nudge
from app.web.api.traces import ExamplePage, GradientCheck, History, Prediction, ResponseMaps, Trace
from app.web.openapi import refusals
from app.web.strict import StrictRoute, Whole

router = APIRouter(prefix=f"{urls.API_SESSIONS}/{{id}}", tags=["reading"], route_class=StrictRoute)

READING = (404, 422, 429, 503)

AtStep = Annotated[Whole | None, Query(description="Another step, from 1 to `last_step`; else the cursor's.")]
AtPosition = Annotated[
    Whole | None, Query(description="Position in the mini-batch, from 0; else the session's example.")
]
AtIndex = Annotated[
    Whole | None,
    Query(description="Instead of a position: a row of the data set, from 0, whether in the mini-batch or not."),
]


def check_one_example(example: int | None, index: int | None) -> None:
    """Raises Invalid where an example is named in both ways."""
    if example is not None and index is not None:
        raise Invalid(("query", "index"), "Give either example (a position in the mini-batch) or index, not both.")


@router.get(
    "/trace",
    summary="Trace a step",
    response_model=Trace,
    response_model_exclude_unset=True,
    responses=refusals(*READING, 409, 413, ok="The whole step."),
)
async def trace(
    service: Service,
    id: SessionId,  # noqa: A002
    step: AtStep = None,
    example: AtPosition = None,
    index: AtIndex = None,
    layer: Annotated[Whole | None, Query(description="Only this layer, from 1.")] = None,
    fields: Annotated[
        str | None,
        Query(description="Only these fields of the layers, with commas between them.", examples=["w,delta"]),
    ] = None,
) -> Response:
    """Everything about a step and one example of it. Above 2 MB it has to be narrowed; `trace.npz` has everything.

    Always the whole step, whatever phase the cursor is in: clients hide what is not reached.
    """
    check_one_example(example, index)
    names = None if fields is None else [name.strip() for name in fields.split(",")]
    return Json(await service.trace(id, step, example, layer, names, index))


@router.get(
    "/gradient-check",
    summary="Check the gradient",
    response_model=GradientCheck,
    responses=refusals(*READING, 409, ok="What nudging every number gives."),
)
async def gradient_check(
    service: Service,
    id: SessionId,  # noqa: A002
    epsilon: Annotated[
        float, Query(description="The nudge, each way; above 0, at most 0.1.", allow_inf_nan=False)
    ] = 1e-5,
) -> Response:
    """Compare the trace at the cursor with central differences, for every weight, bias and activation.

    In large networks a sample of at most 2,000, chosen by the seed. An entry agrees if
    |a − n| ≤ 1e-5 · max(|a|, |n|) + 1e-9 · max(1, C). With feedback other than the transpose it fails by design.
    """
    return Json(await service.gradient_check(id, epsilon))


@router.get(
    "/feedback-comparison",
    summary="Compare the feedback operators",
    response_model=FeedbackComparison,
    responses=refusals(*READING, 409, ok="Every operator beside the measured gradient."),
)
async def feedback_comparison(service: Service, id: SessionId) -> Response:  # noqa: A002
    """For the example on view: what each operator would send to each hidden layer, and how far it misses.

    With the parameters from before the step; the gradient it is compared with is measured, by central differences.
    """
    return Json(await service.feedback_comparison(id))


@router.post(
    "/nudge",
    summary="Nudge one number",
    response_model=Nudge,
    responses=refusals(*READING, 400, 403, 409, 413, 415, ok="What the trace says of it, and what nudging it finds."),
)
async def nudge(
    service: Service,
    id: SessionId,  # noqa: A002
    request: NudgeRequest,
    step: AtStep = None,
    example: AtPosition = None,
    index: AtIndex = None,
) -> Response:
    """Move one weight, bias or activation a little up and down, and see what the cost does. Nothing is changed.

    With the parameters from before the step, for the example on view and, for weights and biases, for the mini-batch
    (the mean); without the penalty. The two agree if |a − n| ≤ 1e-5 · max(|a|, |n|) + 1e-9 · max(1, C). With feedback
    other than the transpose, numbers below the output layer differ by design.
    """
    check_one_example(example, index)
    return Json(await service.nudge(id, request, step, example, index))


@router.get(
    "/contributions",
    summary="Take a number apart",
    response_model=Contributions,
    response_model_exclude_unset=True,
    responses=refusals(*READING, 409, ok="Example by example."),
)
async def contributions(
    service: Service,
    id: SessionId,  # noqa: A002
    layer: Annotated[Whole, Query(description="The layer, from 1; a connection's is the one it leads into, from 2.")],
    j: Annotated[Whole, Query(description="Neuron of that layer, from 1.")],
    k: Annotated[
        Whole | None,
        Query(description="For a connection: the neuron of the layer below, from 1; else a neuron is told."),
    ] = None,
    step: AtStep = None,
) -> Response:
    """How the gradient of one weight or bias comes about: what each example of the step's mini-batch adds, and means.

    At most 1,000 examples are listed; means are over all. `mean.charged` is the step's own `nabla_w` and `mean.delta`
    its `nabla_b`, bit for bit; the others are plain means.
    """
    return Json(await service.contributions(id, layer, j, k, step))


@router.post(
    "/what-if",
    summary="Try other activations",
    response_model=WhatIf,
    responses=refusals(*READING, 400, 403, 409, 413, 415, ok="The cost and the z above, for each offset."),
)
async def what_if(service: Service, id: SessionId, request: WhatIfRequest) -> Response:  # noqa: A002
    """What would happen above if one activation were another, for the example on view. Nothing is changed.

    With the parameters from before the step: every z of the layer above moves by its weight times the offset.
    """
    return Json(await service.what_if(id, request))


@router.get(
    "/broken-check",
    summary="Check a broken backward pass",
    response_model=BrokenCheck,
    responses=refusals(*READING, 409, ok="What nudging says of the gradient that it finds."),
)
async def broken_check(
    service: Service,
    id: SessionId,  # noqa: A002
    bug: Annotated[
        str,
        Query(
            description="`none`, `no_slope`, `updated_weights`, `averaged_first`, `transposed_gradient`,"
            " `softmax_elementwise` or `bias_forgotten`."
        ),
    ],
) -> Response:
    """The mini-batch's gradient as a backward pass with one well-known mistake finds it, against central differences.

    For networks of at most 500 weights and biases. The session itself never trains with a mistake.
    """
    return Json(await service.broken_check(id, bug))


@router.get(
    "/spectrum",
    summary="Compare transpose and inverse",
    response_model=Spectrum,
    responses=refusals(*READING, 409, ok="Singular values, and both vectors."),
)
async def spectrum(
    service: Service,
    id: SessionId,  # noqa: A002
    layer: Annotated[Whole, Query(description="The layer that the weights lead into, from 2.")],
    kappa: Annotated[
        float | None,
        Query(
            description="Instead of the weights as they are: with the same singular vectors and norm, and this"
            " condition number, 1 to 1,000,000. A single row or column has 1, whatever is asked for.",
            allow_inf_nan=False,
        ),
    ] = None,
) -> Response:
    """What the transpose and the inverse of a weight matrix make of the delta above, and how far they can be apart."""
    return Json(await service.spectrum(id, layer, kappa))


@router.post(
    "/predict",
    summary="Predict",
    response_model=Prediction,
    responses=refusals(*READING, 400, 403, 413, 415, ok="The outputs."),
)
async def predict(
    service: Service,
    id: SessionId,  # noqa: A002
    request: PredictRequest,
) -> Response:
    """Send inputs through the network as it is at the cursor. Nothing is changed."""
    return Json(await service.predict(id, request))


@router.get("/history", summary="Cost curves", response_model=History, responses=refusals(*READING, ok="The curves."))
async def history(
    service: Service,
    id: SessionId,  # noqa: A002
    points: Annotated[Whole, Query(description="At most so many points, evenly chosen.")] = 500,
) -> Response:
    """Cost and accuracy over the run, from the start to `last_step`."""
    return Json(await service.history(id, points))


@router.get(
    "/response-maps",
    summary="Response maps",
    response_model=ResponseMaps,
    responses=refusals(*READING, 409, 413, ok="The maps."),
)
async def response_maps(
    service: Service,
    id: SessionId,  # noqa: A002
    resolution: Annotated[Whole, Query(description="Points along each side.")] = 50,
) -> Response:
    """Each neuron over the plane of two inputs, at the cursor. 409 where the network has not two."""
    return Json(await service.response_maps(id, resolution))


@router.get(
    "/examples",
    summary="Examples of the data",
    response_model=ExamplePage,
    responses=refusals(*READING, 413, ok="Examples."),
)
async def examples(
    service: Service,
    id: SessionId,  # noqa: A002
    limit: Annotated[Whole, Query(description="How many, at most 1,000.", ge=1, le=1_000)] = 100,
    offset: Annotated[Whole, Query(description="How many of them are left out first, 0 or more.", ge=0)] = 0,
    part: Annotated[
        ExamplePart,
        Query(
            description="Which examples: of the training or of the test part, or all; `batch`: the mini-batch of the"
            " cursor's step (at the start that of step 1), in its order; `added`: those that were added."
        ),
    ] = "all",
    order: Annotated[
        ExampleOrder,
        Query(
            description="`index`: by rows; `cost`: the costliest first; `misclassified`: the wrong ones first, the"
            " costliest of them first, then the right ones alike (422 where the targets are no classes)."
        ),
    ] = "index",
) -> Response:
    """The examples to choose from, with what the network at the cursor says of each.

    Of a data set of more than 10,000 examples the network is asked about the first 10,000 (`examined`); orders other
    than `index` list only these.
    """
    return Json(await service.examples(id, limit, offset, part, order))
