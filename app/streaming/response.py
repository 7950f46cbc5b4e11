"""The HTTP response that a viewer holds open."""

from __future__ import annotations

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.streaming import sse
from app.streaming.hub import Subscription


class EventStream(StreamingResponse):
    """Sends a subscription's bytes as they come, and leaves the hub however the connection ends."""

    def __init__(self, subscription: Subscription) -> None:
        super().__init__(subscription, headers=sse.HEADERS, media_type=sse.MEDIA_TYPE)
        self._subscription = subscription

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._subscription:
            await super().__call__(scope, receive, send)
