"""How large a body may be, whether it says so beforehand or not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.answers import problem
from app.web.errors import Refused

DRAIN_BYTES = 256 * 2**20
"""What is too large is read to its end up to here, since a client that is still sending would not see the answer."""
DRAIN_S = 10.0
"""And for so long at most, in seconds."""
TWO_LENGTHS = "A request says how long its body is once: by Content-Length or by Transfer-Encoding."
SOON = {"Retry-After": "1"}


class BodyLimit:
    """Refuses bodies that are too large with 413.

    Parameters
    ----------
    limit
        bytes, for every path that is not in `paths`.
    paths
        path to bytes.
    together
        bytes of all bodies that are being read or answered: beyond it calls wait their turn (429).
    """

    def __init__(self, app: ASGIApp, limit: int, paths: Mapping[str, int], together: int) -> None:
        self.app = app
        self.limit = limit
        self.paths = paths
        self.together = together
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.paths.get(scope["path"], self.limit)
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers and "content-length" in headers:
            # Proxies differ in which of the two they believe; what follows must not be taken for another request.
            await problem(400, TWO_LENGTHS, headers={"Connection": "close"})(scope, receive, send)
            return
        if declared(headers) > limit:
            if "expect" not in headers:
                await drain(receive)
            await problem(413, too_large(limit))(scope, receive, send)
            return
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            self._held += len(message.get("body", b""))
            if taken > limit:
                if message.get("more_body", False):
                    await drain(receive)
                raise Refused(413, too_large(limit))
            if self._held > self.together:
                raise Refused(429, "The server takes in as much as it can hold: try again in a second.", headers=SOON)
            return message

        try:
            await self.app(scope, limited, send)
        finally:
            self._held -= taken


def declared(headers: Headers) -> int:
    """`Content-Length`, in bytes; 0 where it is not given."""
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def too_large(limit: int) -> str:
    """The sentence of the refusal."""
    return f"The body is too large: {limit:,} bytes are allowed here."


async def drain(receive: Receive) -> None:
    """Read what is left of a body and forget it, within bounds."""
    left = DRAIN_BYTES
    try:
        async with asyncio.timeout(DRAIN_S):
            while left > 0:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return
                left -= len(message.get("body", b""))
    except TimeoutError:
        return
