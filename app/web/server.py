"""The server process: uvicorn, which is told to end the streams first, since it waits for answers under way."""

from __future__ import annotations

import asyncio
import socket
from typing import Any, Protocol

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.streaming.response import TRANSPORT

GRACE_S = 2
"""How long answers that are under way may take when the server is told to stop, in seconds."""
DAWDLE_S = 20.0
"""How long a client may take over a request's head, and over each next part of its body, in seconds."""
HEAD_BYTES = 2**21 + 65_536
"""A request's address and headers, in bytes: browsers send addresses of 2 MiB, and a page says what is wrong there."""


class Application(Protocol):
    """What can be served: an ASGI application that can end its streams."""

    def end_streams(self) -> None:
        """End all streams."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class Connection(H11Protocol):
    """A connection that streams may write to, see `EventStream`, and whose client may not dawdle over a request."""

    _deadline: asyncio.TimerHandle | None = None
    _in_body = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Put the connection into the state of every scope."""
        self.app_state = {**self.app_state, TRANSPORT: transport}
        super().connection_made(transport)
        self._await_more()

    def data_received(self, data: bytes) -> None:
        """Give the rest of a head no more time than there was for all of it; that of a body anew with each part."""
        super().data_received(data)
        self._await_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline."""
        self._forget_deadline()
        super().connection_lost(exc)

    def _await_more(self) -> None:
        """Set a deadline for what a request still lacks, if it lacks anything."""
        state = self.conn.their_state
        if state is h11.SEND_BODY or self._in_body or state is not h11.IDLE:
            self._forget_deadline()
        self._in_body = state is h11.SEND_BODY
        if self._deadline is None and state in (h11.IDLE, h11.SEND_BODY):
            self._deadline = self.loop.call_later(DAWDLE_S, self._too_late)

    def _too_late(self) -> None:
        """Close the connection, unless the client waits for us, and not we for it."""
        self._deadline = None
        if self.flow.read_paused:
            self._await_more()
        elif not self.transport.is_closing():
            self.transport.close()

    def _forget_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _should_upgrade(self) -> bool:
        """Never: a request to is answered as any other, without a line in the log for each."""
        return False


class Server(uvicorn.Server):
    """Serves the application; a page that is open somewhere does not hold up its end."""

    def __init__(self, application: Application) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                http=Connection,
                ws="none",
                log_config=None,  # app.logs writes it
                log_level="warning",
                access_log=False,
                proxy_headers=False,  # app.web.safety.forwarded reads them, where there are proxies
                timeout_graceful_shutdown=GRACE_S,
                h11_max_incomplete_event_size=HEAD_BYTES,
            )
        )
        self._application = application

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Send answers at once: asyncio sees to it only for sockets that were named as TCP when they were made."""
        for listener in sockets or ():
            if listener.family in (socket.AF_INET, socket.AF_INET6):
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # its connections inherit it
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then the rest."""
        self._application.end_streams()
        await super().shutdown(sockets)
