"""The stream of a session's frames."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.sessions.errors import NotFound
from app.settings import Settings
from app.streaming import sse
from app.streaming.frames import PROTOCOL
from app.streaming.response import EventStream
from app.streaming.subscription import Subscription
from app.web import urls
from app.web.api.parts import ServerSettings, Service, SessionId
from app.web.api.races import Races
from app.web.assets import VERSION
from app.web.errors import refused_value
from app.web.head import ASKED_AS_HEAD
from app.web.openapi import refusals
from app.web.strict import StrictRoute

router = APIRouter(prefix=urls.API, tags=["stream"], route_class=StrictRoute)

MOST = 32
"""Sessions and races that one stream of several may carry."""
SERVER = secrets.token_hex(8)
"""Another one after every start of the server."""

EVENTS = (
    "Server-sent events: one `topology` and one key frame first, then `frame` and `state` events as they happen. A"
    " viewer always gets the newest frame, never a queue of old ones; drop a frame whose `seq` is not above the newest"
    " you have."
    " Arrays are base64 of little-endian float32. `docs/protocol.md` has the exact form."
)


@router.get(
    "/sessions/{id}/stream",
    summary="Stream frames",
    response_class=Response,
    responses=refusals(404, 422)
    | {200: {"description": EVENTS, "content": {sse.MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def stream(
    request: Request,
    service: Service,
    id: SessionId,  # noqa: A002
) -> Response:
    """Everything that is to be drawn, as it happens. It ends when the session is deleted or the server stops."""
    return _answer(request, service.subscribe(id))


SEVERAL = (
    "Server-sent events of several sessions and races over one connection. First comes `server`: which `server` this"
    " is (another id after every start), the version of its `static` files, `beat_s`, how often a `beat` comes, and"
    " `at`, the server's time in ms. Each `beat` has such an `at` too: what is newest by then has been sent."
    " An event `about` names the session or race that all events until the next `about` are about; these are the same"
    " as in their own streams. `end` says that nothing more comes of one, and whether it was `found` at all."
)
IDS: dict[str, Any] = {
    "max_length": MOST * 65,
    "pattern": r"^([A-Za-z0-9_-]{1,64}(,[A-Za-z0-9_-]{1,64})*)?$",
    "examples": ["3f9c0b6a2d417e85c0aa"],
}
SessionIds = Annotated[str, Query(description=f"Of sessions, with commas between; at most {MOST} with races.", **IDS)]
RaceIds = Annotated[str, Query(alias="races", description="Of races, with commas between.", **IDS)]


@router.get(
    "/stream",
    summary="Stream several sessions and races",
    response_class=Response,
    responses=refusals(422)
    | {200: {"description": SEVERAL, "content": {sse.MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def several(
    request: Request,
    service: Service,
    races: Races,
    settings: ServerSettings,
    sessions: SessionIds = "",
    races_: RaceIds = "",
) -> Response:
    """What the page itself follows, for all its tabs together: browsers open only six connections to one server."""
    subscription = Subscription(sse.note("server", about_server(settings)), several=True)
    follow = (("session", sessions, service.follow), ("race", races_, races.follow))
    wanted = [(noun, name, join) for noun, names, join in follow for name in dict.fromkeys(names.split(",")) if name]
    if not 0 < len(wanted) <= MOST:
        raise refused_value(("query", "sessions"), f"Name 1 to {MOST} sessions and races; {len(wanted)} were named.")
    for noun, name, join in wanted:
        try:
            join(subscription, name)
        except NotFound:
            subscription.ended(noun, name, found=False)
    return _answer(request, subscription)


def about_server(settings: Settings) -> dict[str, object]:
    """What a page compares when it connects again."""
    return {
        "protocol": PROTOCOL,
        "server": SERVER,
        "static": VERSION,
        "beat_s": settings.capacity.keep_alive_seconds,
        "at": sse.now_ms(),
    }


def _answer(request: Request, subscription: Subscription) -> Response:
    if request.scope.get(ASKED_AS_HEAD):
        subscription.close()
        return Response(media_type=sse.MEDIA_TYPE, headers=sse.HEADERS)
    return EventStream(subscription)
