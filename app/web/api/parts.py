"""What the routes share: the service, who asks, and the revision that a call was written against."""

from __future__ import annotations

import re
from typing import Annotated, cast

from fastapi import Depends, Header, Path
from starlette.requests import Request

from app.sessions.errors import PreconditionFailed
from app.sessions.service import SessionService
from app.settings import Settings
from app.web import viewer


async def _service(request: Request) -> SessionService:
    return cast(SessionService, request.app.state.service)


async def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


async def _owner(request: Request) -> str:
    return viewer.of(request)


Service = Annotated[SessionService, Depends(_service)]
ServerSettings = Annotated[Settings, Depends(_settings)]
Owner = Annotated[str, Depends(_owner)]
SessionId = Annotated[str, Path(description="Id of the session.", examples=["3f9c0b6a2d417e85c0aa"])]

TAG = re.compile(r'(W/)?"([^"]*)"|([^",\s]+)')
NEVER = -1
"""A revision that no session has."""


def revisions(header: str) -> frozenset[int] | None:
    """The revisions that an `If-Match` header allows, None for any; weak tags never match (RFC 9110, 13.1.1)."""
    if header.strip() == "*":
        return None
    found = [quoted or bare for weak, quoted, bare in TAG.findall(header) if not weak]
    return frozenset(int(tag) for tag in found if re.fullmatch(r"[0-9]{1,15}", tag))


async def _if_match(
    request: Request,
    service: Service,
    if_match: Annotated[
        str | None,
        Header(
            description="The `ETag` of the view that this call was written against: where the session has moved on to"
            " another revision, nothing is changed and the answer is 412.",
            examples=['"17"'],
        ),
    ] = None,
) -> int | None:
    allowed = None if if_match is None else revisions(if_match)
    if allowed is None:
        return None
    if len(allowed) == 1:
        return next(iter(allowed))
    now = (await service.view(request.path_params["id"]))["revision"]
    if now not in allowed:
        raise PreconditionFailed(
            f'The session is at revision {now}, which If-Match does not name: it must be like "{now}", in quotes.'
        )
    return cast(int, now)


IfMatch = Annotated[int | None, Depends(_if_match)]
