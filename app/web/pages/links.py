"""Addresses that open a session of the visitor's own: with settings, at a point of another's, or carried in the link.

They are followed like any link and make something, so they are only for opening: not for another page's pictures.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.sessions.config import SessionConfig
from app.sessions.errors import Invalid, SessionError
from app.sessions.requests import SeekRequest, StepRequest
from app.web import asked, carried, shown, urls
from app.web.api.parts import Service
from app.web.errors import Refused
from app.web.pages.session import leading_to, refusal_page
from app.web.safety import control, viewer

router = APIRouter(include_in_schema=False)

MOST_STEPS = 10_000
"""As many as one call of `step` takes."""


@router.get(urls.NEW)
async def new(request: Request, service: Service) -> Response:
    """A new session with the settings in the address, at the point in it."""
    return await _opened(request, service, lambda: asked.configuration(request.query_params))


@router.get(urls.OPEN)
async def carried_session(request: Request, service: Service) -> Response:
    """The session that the address carries."""
    return await _opened(request, service, lambda: carried.unpack(request.query_params.get("session", "")))


@router.get("/sessions/{session}/copy")
async def copy(request: Request, service: Service, session: str) -> Response:
    """A copy of a session at the point in the address; the session itself stays where it is."""
    _check_opened(request)
    owner = control.of(request).maker(request) or viewer.new()
    try:
        view = await service.fork(session, owner, at=asked.point(request.query_params), touched=False)
    except SessionError as error:
        return refusal_page(error, request)
    return _to(request, view["id"], owner)


async def _opened(request: Request, service: Service, configuration: Callable[[], SessionConfig]) -> Response:
    _check_opened(request)
    owner = control.of(request).maker(request) or viewer.new()
    try:
        config, at = configuration(), asked.point(request.query_params)
        view = await service.create(config, owner)
        if at is not None:
            await _moved(service, view["id"], at)
    except SessionError as error:
        return refusal_page(error, request)
    return _to(request, view["id"], owner)


async def _moved(service: Service, session: str, at: SeekRequest) -> None:
    """Train a new session to a point; where that is refused there is no session. Raises SessionError."""
    try:
        if at.step > MOST_STEPS:
            raise Invalid(("query", "step"), f"step: An address leads to step {MOST_STEPS:,} at most; play goes on.")
        if at.step > 0:
            await service.call(session, "step", StepRequest(count=at.step))
        await service.call(session, "seek", at)
    except SessionError:
        await service.delete(session)
        raise


def _to(request: Request, session: str, owner: str) -> Response:
    return leading_to(request, session, owner, shown.read(request.query_params).query(without=shown.POINT))


def _check_opened(request: Request) -> None:
    """Raises Refused for what is not a visitor who opens the address."""
    if request.headers.get("sec-fetch-mode", "navigate") != "navigate":
        raise Refused(403, "This address makes a session, and is only for opening in a window or a frame.")
