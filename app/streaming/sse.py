"""The text of server-sent events (WHATWG HTML, section 9.2), as bytes.

An event is written once, whole, and the same bytes go to every viewer. One line of `data:` suffices, since JSON
without indentation holds no line break.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping

RETRY_MS = 1000
"""How long a browser waits before it connects again, in milliseconds."""

RETRY = f"retry: {RETRY_MS}\n\n".encode()
KEEP_ALIVE = b": keep-alive\n\n"
MEDIA_TYPE = "text/event-stream"
HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would otherwise hold frames back
}
PIECE = 65536
"""Bytes given to the connection at once: a viewer that does not read holds about this much of a large frame."""


def event(name: str, data: bytes, number: int | None = None) -> bytes:
    """One whole event: its name, its number (the `id:` line) where it has one, and a single line of data.

    Raises
    ------
    ValueError
        where the data holds a line break, which would end the line.
    """
    if b"\n" in data or b"\r" in data:
        raise ValueError(f"the data of an event is one line, but that of {name!r} holds a line break")
    identifier = b"" if number is None else b"id: %d\n" % number
    return b"event: %s\n%sdata: %s\n\n" % (name.encode(), identifier, data)


def note(name: str, content: Mapping[str, object]) -> bytes:
    """A small event about the stream itself."""
    return event(name, json.dumps(content, separators=(",", ":")).encode())


def now_ms() -> int:
    """The server's time, in ms since 1970: what is newer than that has not been sent."""
    return time.time_ns() // 1_000_000


def beat(at: int) -> bytes:
    """A sign of life that an `EventSource` tells of, sent at this time (ms since 1970)."""
    return note("beat", {"at": at})


def chunk(text: bytes) -> bytes:
    """The text as one chunk of an HTTP/1.1 body (RFC 9112, 7.1)."""
    return b"%x\r\n%s\r\n" % (len(text), text)


def pieces(text: bytes) -> Iterator[bytes]:
    """The same bytes in pieces of at most `PIECE`; a small event is passed on as it is, without a copy."""
    if len(text) <= PIECE:
        yield text
        return
    for start in range(0, len(text), PIECE):
        yield text[start : start + PIECE]
