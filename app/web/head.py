"""HEAD: every GET without its body."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ASKED_AS_HEAD = "blameflow.head"
"""A key of the scope: a stream, which has no end, must not begin."""


class Head:
    """Answers HEAD by GET's routes, and leaves out the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        asked = {**scope, "method": "GET", ASKED_AS_HEAD: True}
        await self.app(asked, receive, without_body)
        scope["route"] = asked.get("route")
