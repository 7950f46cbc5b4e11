"""What the routes share: the service, who asks, and the revision that a call was written against."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, cast

from fastapi import Depends, Header, Path
from starlette.requests import Request
from starlette.responses import Response

from app.hosting.service import SessionService
from app.sessions.errors import PreconditionFailed
from app.settings import Settings
from app.web.answers import view
from app.web.safety import control
from app.web.safety.control import HEADER, Control


async def _service(request: Request) -> SessionService:
    return cast(SessionService, request.app.state.service)


async def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


async def _control(request: Request) -> Control:
    return control.of(request)


async def _owner(request: Request) -> str:
    return control.of(request).maker(request)


Service = Annotated[SessionService, Depends(_service)]
ServerSettings = Annotated[Settings, Depends(_settings)]
Owner = Annotated[str, Depends(_owner)]
Controls = Annotated[Control, Depends(_control)]
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


async def _controlled(
    request: Request,
    service: Service,
    token: Annotated[
        str | None,
        Header(
            alias=HEADER,
            description="Where sessions belong to who made them: the token of this session, which the call that made it"
            " answered in the same header, or the maker's cookie. Without either the answer is 403.",
            examples=["gQ1z…"],
        ),
    ] = None,
) -> None:
    if control.of(request).public:
        session = request.path_params["id"]
        control.of(request).check(request, session, service.owner(session))


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


async def _controlled_if_match(
    controlled: Annotated[None, Depends(_controlled)], if_match: Annotated[int | None, Depends(_if_match)]
) -> int | None:
    return if_match


IfMatch = Annotated[int | None, Depends(_if_match)]
ControlledIfMatch = Annotated[int | None, Depends(_controlled_if_match)]
"""The same for who may change the session; for others the call ends with 403."""


def created(controls: Control, made: Mapping[str, Any]) -> Response:
    """The view of a new session, with the token that allows to change it."""
    answer = view(made, 201, made["url"])
    answer.headers.update(controls.headers(made["id"]))
    return answer
