"""The HTTP response that a viewer holds open."""

from __future__ import annotations

import asyncio
from typing import cast

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.streaming import sse
from app.streaming.backlog import Backlog
from app.streaming.subscription import Subscription

TRANSPORT = "blameflow.transport"
"""Under it our server gives the state of a scope the connection itself."""
AHEAD_S = 0.25
"""While what was sent takes longer to arrive than this, in seconds, nothing more is: by then there will be newer."""
LOOK_S = 0.05
"""How often it is looked whether it has, in seconds."""
END_S = 1.0
"""How long a viewer who is slow may take over the last bytes before the connection is cut, in seconds."""


class EventStream(StreamingResponse):
    """Sends a subscription's bytes as they come, and leaves the hub however the connection ends.

    Over HTTP/1.1 on our own server they are written to the connection where they are published, without waking a task
    for each viewer: a third of the time of one delivery. `docs/decisions/0016-streams.md` has the numbers.
    """

    def __init__(self, subscription: Subscription) -> None:
        super().__init__(subscription, headers=sse.HEADERS, media_type=sse.MEDIA_TYPE)
        self._subscription = subscription

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = scope.get("state", {}).get(TRANSPORT)
        async with self._subscription:
            if transport is None or scope["http_version"] != "1.1":
                await super().__call__(scope, receive, send)
            else:
                await self._write(cast(asyncio.Transport, transport), receive, send)

    async def _write(self, transport: asyncio.Transport, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self._subscription.greeting, "more_body": True})
        with Writer(transport, self._subscription, send):
            while (await receive())["type"] != "http.disconnect":
                pass


class Writer:
    """Writes to one connection what its subscription has, as long as the connection takes it at once.

    What was begun is brought to its end first; then a viewer that was slow gets the newest.
    """

    def __init__(self, transport: asyncio.Transport, subscription: Subscription, send: Send) -> None:
        self._transport = transport
        self._subscription = subscription
        self._send = send
        self._backlog = Backlog(transport)
        self._rest = memoryview(b"")
        self._fresh = False
        self._later: asyncio.Task[None] | None = None
        self._end: asyncio.TimerHandle | None = None

    def __enter__(self) -> None:
        self._transport.set_write_buffer_limits(high=0)  # then a send waits until everything is out
        self._backlog.limit()
        self._subscription.woken = self.wake
        self.wake()

    def __exit__(self, *error: object) -> None:
        self._subscription.woken = None
        if self._later is not None:
            self._later.cancel()
        if self._end is not None:
            self._end.cancel()
        self._transport.set_write_buffer_limits()

    def wake(self) -> None:
        """There is news: write it, if the connection is not busy with what came before."""
        if self._later is None and not self._written():
            self._later = asyncio.get_running_loop().create_task(self._wait())
        if self._later is not None and self._subscription.over and self._end is None:
            self._end = asyncio.get_running_loop().call_later(END_S, self._transport.abort)

    def _written(self) -> bool:
        """Write; whether all that there was has been taken, and more may come."""
        transport, subscription = self._transport, self._subscription
        while not transport.is_closing():
            if transport.get_write_buffer_size():
                return False
            if self._rest:
                transport.write(self._rest[: sse.PIECE])
                self._rest = self._rest[sse.PIECE :]
                continue
            if not subscription.over and self._backlog.seconds() > AHEAD_S:
                return False
            event = subscription.next()
            if event is None:
                return not subscription.over
            self._fresh = self._fresh or event.number > 0
            chunk = event.chunk
            if len(chunk) <= sse.PIECE:
                transport.write(chunk)
            else:
                self._rest = memoryview(chunk)
        return True

    async def _wait(self) -> None:
        """Go on when the connection has sent what it holds; or end the response."""
        while not self._written():
            if self._transport.get_write_buffer_size():
                await self._send({"type": "http.response.body", "body": b"", "more_body": True})
            elif self._subscription.over:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
                return  # the server then tells the request that it has come to its end
            else:
                await asyncio.sleep(min(LOOK_S, max(0.0, self._backlog.seconds() - AHEAD_S)))
        self._later = None
        if self._fresh:
            self._fresh = False
            self._subscription.beat()  # what came late says of itself when it was made, and not that it is the newest
