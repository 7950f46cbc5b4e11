"""The benchmark's viewers: they see every frame once, wherever the network cuts it."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

import pytest

from app.streaming import sse
from benchmarks.audience import BUFFER, Seen, Viewer

EVENTS = (
    sse.event("topology", b"{}"),
    sse.event("frame", b'{"seq":11,"w":"AAAA"}', 11),
    sse.KEEP_ALIVE,
    sse.event("frame", b'{"seq":12}', 12),
    sse.event("state", b"{}"),
)


def seen_of(pieces: list[bytes]) -> dict[int, int]:
    """How often each frame was seen in what a server sends, in these pieces."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        seen = Seen()
        viewer = Viewer(listener.getsockname()[1], "/stream", seen)
        viewer.socket.setblocking(True)
        connection, _ = listener.accept()
        with connection, viewer.socket:
            sender = threading.Thread(target=send, args=(connection, pieces))
            sender.start()
            with suppress(ConnectionError):  # at the end of the stream
                while True:
                    viewer.read()
            sender.join()
    return {seq: len(delays) for seq, delays in seen.frames.items()}


def send(connection: socket.socket, pieces: list[bytes]) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for piece in pieces:
        connection.sendall(piece)
    connection.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_a_viewer_sees_every_frame_once_however_it_is_cut(size: int) -> None:
    text = b"HTTP/1.1 200 OK\r\n\r\n" + b"".join(map(sse.chunk, EVENTS))
    assert seen_of([text[at : at + size] for at in range(0, len(text), size)]) == {11: 1, 12: 1}


def test_a_frame_may_be_larger_than_what_is_read_at_once() -> None:
    large = sse.event("frame", b"x" * (3 * len(BUFFER)), 13)
    assert seen_of([sse.chunk(large), sse.chunk(EVENTS[1])]) == {13: 1, 11: 1}


def test_a_frame_that_has_not_come_to_its_end_is_not_seen() -> None:
    assert seen_of([sse.chunk(EVENTS[1]), EVENTS[3][:-3]]) == {11: 1}
