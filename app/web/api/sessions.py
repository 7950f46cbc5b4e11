"""Making, listing, seeing, changing and deleting sessions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query
from fastapi.openapi.models import Example
from starlette.responses import Response

from app.sessions.config import SessionConfig
from app.sessions.requests import NewExample, ParametersPatch, SettingsPatch
from app.web import urls
from app.web.answers import Json, view
from app.web.api.parts import ControlledIfMatch, Controls, Owner, Service, SessionId, created
from app.web.api.views import AddedView, ChangedView, FullView, SessionView
from app.web.openapi import refusals
from app.web.strict import StrictRoute

router = APIRouter(prefix=urls.API_SESSIONS, tags=["sessions"], route_class=StrictRoute)

EXAMPLES: dict[str, Example] = {
    "circle": {
        "summary": "The network of the first page",
        "value": {"layers": [2, 4, 3, 2], "dataset": {"name": "circle"}, "seed": 6},
    },
    "digits": {
        "summary": "Handwritten digits",
        "value": {"layers": [64, 30, 10], "dataset": {"name": "digits"}, "optimizer": {"name": "adam"}},
    },
    "inline": {
        "summary": "Data and start weights of one's own",
        "value": {
            "layers": [2, 2, 1],
            "activations": "sigmoid",
            "weights": [[[0.5, -0.5], [0.25, 0.75]], [[1.0, -1.0]]],
            "biases": [[0.0, 0.1], [0.0]],
            "dataset": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "labels": [0, 1, 1, 0]},
            "batch_size": 2,
        },
    },
    "feedback": {
        "summary": "A random matrix in place of the transpose",
        "value": {"dataset": {"name": "moons", "noise": 0.2}, "feedback": {"name": "random"}},
    },
}


@router.post(
    "",
    status_code=201,
    summary="Make a training session",
    response_model=SessionView,
    responses=refusals(400, 403, 413, 415, 422, 429, 503, created="The new session's view."),
)
async def create(
    service: Service,
    owner: Owner,
    controls: Controls,
    config: Annotated[
        SessionConfig | None,
        Body(description="All of it is optional; nothing at all is `{}`.", openapi_examples=EXAMPLES),
    ] = None,
) -> Response:
    """Make a training session. What is left out is filled so that it trains well on its data set, and fits it.

    The same body and seed give the same numbers, bit for bit, on one machine.
    """
    made = await service.create(SessionConfig() if config is None else config, owner)
    return created(controls, made)


@router.get(
    "",
    summary="List one's own sessions",
    response_model=list[SessionView],
    responses=refusals(422, 503, ok="Views, newest first."),
)
async def listing(service: Service, owner: Owner) -> Response:
    """The sessions of this viewer (a cookie that the pages set), newest first; without the cookie, those of scripts."""
    return Json(await service.listing(owner))


@router.post(
    "/import",
    status_code=201,
    summary="Restore an exported session",
    response_model=SessionView,
    responses=refusals(400, 403, 413, 415, 422, 429, 503, created="The new session's view."),
)
async def import_(
    service: Service,
    owner: Owner,
    controls: Controls,
    document: Annotated[dict[str, Any], Body(description="What `GET …/export` answered.")],
) -> Response:
    """Turn an exported document into a session: its point exactly, on any machine.

    Earlier history may differ in the last bits on another machine.
    """
    made = await service.import_(document, owner)
    return created(controls, made)


@router.get(
    "/{id}",
    summary="See a session",
    response_model=FullView,
    responses=refusals(404, 422, 503, view="The session's view."),
)
async def see(
    service: Service,
    id: SessionId,  # noqa: A002
    include: Annotated[
        Literal["parameters"] | None, Query(description="`parameters` adds `weights` and `biases`.")
    ] = None,
) -> Response:
    """The view of a session: its configuration in force, its cursor, cost and accuracy there."""
    return view(await service.view(id, include == "parameters"))


@router.patch(
    "/{id}",
    summary="Change settings",
    response_model=ChangedView,
    responses=refusals(400, 403, 404, 409, 412, 413, 415, 422, 429, 503, view="The session's view."),
)
async def change(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
    settings: SettingsPatch,
) -> Response:
    """Change the optimizer, regularization, batch size, feedback or the example on view, from the next step on.

    In mid-step the change is listed as pending. A change in the past cuts off what came after it
    (`discarded_steps`); one that changes nothing cuts nothing, and `example` never cuts. While it plays, this first
    pauses it at the end of the current step.
    """
    return view(await service.call(id, "settings", settings, if_match) or {})


@router.patch(
    "/{id}/parameters",
    summary="Edit weights and biases",
    response_model=ChangedView,
    responses=refusals(400, 403, 404, 409, 412, 413, 415, 422, 429, 503, view="The session's view."),
)
async def edit(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
    edits: ParametersPatch,
) -> Response:
    """Set weights and biases, at the start or the end of a step only. The optimizer's state stays."""
    return view(await service.call(id, "parameters", edits, if_match) or {})


@router.post(
    "/{id}/examples",
    summary="Add a training example",
    response_model=AddedView,
    responses=refusals(400, 403, 404, 409, 412, 413, 415, 422, 429, 503, view="The session's view."),
)
async def add_example(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
    example: NewExample,
) -> Response:
    """Add an example to the training data, from the end of the step on: it can be undone like an edit.

    It is part of cost and accuracy at once, and steps visit it from the next epoch on: an epoch that has begun ends as
    it began. In mid-step it counts once the step is complete. In the past this cuts off what came after it
    (`discarded_steps`). While it plays, this first pauses it at the end of the current step. Other sessions of the same
    data set are not touched.
    """
    return view(await service.call(id, "examples", example, if_match) or {})


@router.delete(
    "/{id}",
    status_code=204,
    summary="Delete a session",
    response_class=Response,
    responses=refusals(403, 404, 412, 422, 429, 503),
)
async def delete(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
) -> Response:
    """Forget a session; its streams end."""
    await service.call(id, "delete", None, if_match)
    return Response(status_code=204)
