"""Moving through time: step, back, seek, play, pause, undo, redo, fork."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from app.sessions.requests import PlayRequest, SeekRequest, StepRequest
from app.web import urls
from app.web.answers import view
from app.web.api.parts import ControlledIfMatch, Controls, IfMatch, Owner, Service, SessionId, created
from app.web.api.views import ChangedView, SessionView
from app.web.openapi import refusals
from app.web.strict import StrictRoute

router = APIRouter(prefix=f"{urls.API_SESSIONS}/{{id}}", tags=["cursor"], route_class=StrictRoute)

WRITING = (400, 403, 404, 409, 412, 413, 415, 422, 429, 503)


@router.post(
    "/step", summary="Go forward", response_model=ChangedView, responses=refusals(*WRITING, view="The view after it.")
)
async def step(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
    request: StepRequest | None = None,
) -> Response:
    """Forward by phases, to the end of a step, or to the end of an epoch.

    What would run longer than the server allows (10 s) is refused; `play` does it. While it plays, this first pauses
    it at the end of the current step.
    """
    return view(await service.call(id, "step", request or StepRequest(), if_match) or {})


@router.post(
    "/back", summary="Go back", response_model=ChangedView, responses=refusals(*WRITING, view="The view after it.")
)
async def back(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
    request: StepRequest | None = None,
) -> Response:
    """Back the same way. In mid-step, one step back is the end of the step before. It stops at the start.

    The numbers are exactly those of the first visit.
    """
    return view(await service.call(id, "back", request or StepRequest(), if_match) or {})


@router.post(
    "/seek", summary="Go to a point", response_model=ChangedView, responses=refusals(*WRITING, view="The view there.")
)
async def seek(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
    request: SeekRequest,
) -> Response:
    """Any point from 0 to `last_step`; without a phase the end of the step. A phase with several layers needs one."""
    return view(await service.call(id, "seek", request, if_match) or {})


@router.post(
    "/play", summary="Play", response_model=ChangedView, responses=refusals(*WRITING, view="The view, now playing.")
)
async def play(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
    request: PlayRequest | None = None,
) -> Response:
    """Go on at the server's clock, until it is paused or reaches what `until` says.

    `until` looks at the test figure if there is one, else training, at the ends of epochs (`step`: exactly).
    """
    return view(await service.call(id, "play", request or PlayRequest(), if_match) or {})


@router.post(
    "/pause", summary="Pause", response_model=ChangedView, responses=refusals(*WRITING, view="The view, now standing.")
)
async def pause(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
) -> Response:
    """Stop playing, at the end of the current step."""
    return view(await service.call(id, "pause", None, if_match) or {})


@router.post(
    "/undo", summary="Undo", response_model=ChangedView, responses=refusals(*WRITING, view="The view after it.")
)
async def undo(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
) -> Response:
    """Take back the last edit or changed setting, with what it cut. 409 if there is none."""
    return view(await service.call(id, "undo", None, if_match) or {})


@router.post(
    "/redo", summary="Redo", response_model=ChangedView, responses=refusals(*WRITING, view="The view after it.")
)
async def redo(
    service: Service,
    id: SessionId,  # noqa: A002
    if_match: ControlledIfMatch,
) -> Response:
    """Do again what was taken back last. 409 if there is nothing."""
    return view(await service.call(id, "redo", None, if_match) or {})


@router.post(
    "/fork",
    status_code=201,
    summary="Fork",
    response_model=SessionView,
    responses=refusals(*WRITING, created="The new session's view."),
)
async def fork(
    service: Service,
    owner: Owner,
    controls: Controls,
    id: SessionId,  # noqa: A002
    if_match: IfMatch,
    request: SeekRequest | None = None,
) -> Response:
    """A new session with the same history up to the cursor, or up to the point in the body, on its own from there.

    The session that it comes from stays where it is, and plays on if it plays.
    """
    made = await service.fork(id, owner or None, if_match, request)
    return created(controls, made)
