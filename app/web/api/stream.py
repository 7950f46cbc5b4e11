"""The stream of a session's frames."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.streaming import sse
from app.streaming.response import EventStream
from app.web import urls
from app.web.api.parts import Service, SessionId
from app.web.head import ASKED_AS_HEAD
from app.web.openapi import refusals
from app.web.strict import StrictRoute

router = APIRouter(prefix=f"{urls.API_SESSIONS}/{{id}}", tags=["stream"], route_class=StrictRoute)

EVENTS = (
    "Server-sent events: one `topology` and one key frame first, then `frame` and `state` events as they happen. A"
    " viewer always gets the newest frame, never a queue of old ones; drop a frame whose `seq` is not above the newest"
    " you have."
    " Arrays are base64 of little-endian float32. `docs/protocol.md` has the exact form."
)


@router.get(
    "/stream",
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
    subscription = service.subscribe(id)
    if request.scope.get(ASKED_AS_HEAD):
        subscription.close()
        return Response(media_type=sse.MEDIA_TYPE, headers=sse.HEADERS)
    return EventStream(subscription)
