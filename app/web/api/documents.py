"""A session as files: its parameters, a step's numbers, and all of it as one document."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from app.web import carried, urls
from app.web.answers import Json, file
from app.web.api.parts import Service, SessionId
from app.web.api.reading import READING, AtIndex, AtPosition, AtStep, check_one_example
from app.web.api.views import Answer
from app.web.openapi import binary, refusals
from app.web.strict import StrictRoute

router = APIRouter(prefix=f"{urls.API_SESSIONS}/{{id}}", tags=["documents"], route_class=StrictRoute)

NPZ = "application/x-npz"
TRACE_NPZ = (
    "`step`, `epoch`, `indices` (m,), `position` (−1 outside the mini-batch), `index`, `x` (n_1,), `y` (n_L,),"
    " `cost_example`, `costs` (m,), `batch_y` (n_L, m); for the example and layer l `a_l` (n_l,), `w_l` (n_l, n_(l−1)),"
    " and so on, as in the trace; for the mini-batch `batch_a_l` (n_l, m), and so on; `feedback_l` (n_l, n_(l+1)) where"
    " the operator is not the transpose. float64, never pickled."
)


@router.get(
    "/trace.npz",
    summary="Trace a step, as a file",
    response_class=Response,
    responses=refusals(*READING, 409) | binary(NPZ, TRACE_NPZ),
)
async def trace_npz(
    service: Service,
    id: SessionId,  # noqa: A002
    step: AtStep = None,
    example: AtPosition = None,
    index: AtIndex = None,
) -> Response:
    """Everything about a step, for all examples of the mini-batch, as numpy arrays."""
    check_one_example(example, index)
    return file(await service.trace_npz(id, step, example, index), "trace.npz", NPZ)


@router.get(
    "/parameters.npz",
    summary="Weights and biases, as a file",
    response_class=Response,
    responses=refusals(*READING)
    | binary(
        NPZ, "At the cursor: `w_l` (n_l, n_(l−1)) and `b_l` (n_l,) for each layer l from 2; float64, never pickled."
    ),
)
async def parameters_npz(
    service: Service,
    id: SessionId,  # noqa: A002
) -> Response:
    """Weights and biases at the cursor, as numpy arrays."""
    return file(await service.parameters_npz(id), "parameters.npz", NPZ)


class Link(Answer):
    """A link that carries a session in itself."""

    url: str = Field(
        description="To be put behind the address of any Blameflow server; at most some 6,000 letters.",
        examples=["/open?session=1.eNqrVspJrEwtKlayio7VMdIx0TECAB1rA_E"],
    )


@router.get(
    "/link",
    summary="Link to a session, carried in the link",
    response_model=Link,
    responses=refusals(*READING, 409, 413, ok="The link."),
)
async def link(
    service: Service,
    id: SessionId,  # noqa: A002
) -> Response:
    """A link that holds the configuration and the parameters at the cursor, and needs nothing of this server.

    Whoever opens it has a session of their own that starts with these parameters. 409 where the data set was uploaded
    or the parameters are not finite, 413 where there are too many of them: then `export` has all of it.
    """
    text = carried.pack(await service.view(id, include_parameters=True))
    return Json({"url": urls.carried(text)})


@router.get(
    "/export",
    summary="Export a session",
    response_model=dict[str, object],
    responses=refusals(
        *READING, 413, ok="One document: configuration, actions, parameters, optimizer and random state, data."
    ),
)
async def export(
    service: Service,
    id: SessionId,  # noqa: A002
) -> Response:
    """One JSON document that `POST /api/sessions/import` turns into the same session anywhere."""
    answer = Json(await service.export(id))
    answer.headers["Content-Disposition"] = 'attachment; filename="session.json"'
    return answer
