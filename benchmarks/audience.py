"""Viewers by the hundred in one process: bare sockets, since a usual client would be slower than the server.

What a viewer does is what any must: read, find the number of each frame, and see it come to its end.
"""

from __future__ import annotations

import multiprocessing
import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

SEQ = re.compile(rb"\nid: (\d+)\n")
CARRY = 40
"""Bytes of what came last that may hold the beginning of a number."""
BUFFER = bytearray(2**18)
"""What is read goes here, for all viewers: memory for each reading would take most of a viewer's time."""
ROOM = memoryview(BUFFER)


@dataclass
class Seen:
    """What all viewers have seen: for each frame the ms from its making until each of them had it whole."""

    frames: dict[int, list[int]] = field(default_factory=dict)
    cpu: float = 0.0

    @property
    def deliveries(self) -> int:
        """Of all frames to all viewers."""
        return sum(map(len, self.frames.values()))


class Viewer:
    """One stream. A frame's number is the time at which it was made, in ms."""

    def __init__(self, port: int, path: str, seen: Seen) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        self.socket.setblocking(False)
        self._seen = seen
        self._left = b""
        self._pending: int | None = None

    def read(self) -> None:
        """What has come. Raises ConnectionError where the server has ended the stream."""
        begin = len(self._left)
        BUFFER[:begin] = self._left
        came = self.socket.recv_into(ROOM[begin:])
        if not came:
            raise ConnectionError("the server has ended a stream")
        place, end = 0, begin + came
        while True:
            if self._pending is None:
                found = SEQ.search(BUFFER, place, end)
                if found is None:
                    self._left = bytes(ROOM[max(place, end - CARRY) : end])
                    return
                self._pending, place = int(found[1]), found.end()
            place = BUFFER.find(b"\n", place, end)  # a frame is one line of data
            if place < 0:
                self._left = b""
                return
            self._had(self._pending)
            self._pending = None

    def _had(self, seq: int) -> None:
        self._seen.frames.setdefault(seq, []).append(time.time_ns() // 1_000_000 - seq)


class Audience:
    """The process of the viewers, seen from outside."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def watch(self, seconds: float) -> Seen:
        """Forget what was seen, watch for so long, and answer what was seen."""
        self.begin(seconds)
        return self.seen()

    def begin(self, seconds: float) -> None:
        """Forget what was seen, and watch for so long."""
        self._connection.send(seconds)

    def seen(self) -> Seen:
        """What was seen, when the time is over."""
        seen = self._connection.recv()
        assert isinstance(seen, Seen)
        return seen


@contextmanager
def audience(port: int, paths: Sequence[str]) -> Iterator[Audience]:
    """A viewer of each path; it begins when all are connected."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=main, args=(theirs, port, list(paths)), daemon=True)
    process.start()
    theirs.close()
    ours.recv()
    try:
        yield Audience(ours)
    finally:
        process.terminate()
        process.join()
        ours.close()


def main(connection: Connection, port: int, paths: list[str]) -> None:
    """Watch, and tell what was seen whenever asked."""
    seen = Seen()
    selector = selectors.DefaultSelector()
    for path in paths:
        viewer = Viewer(port, path, seen)
        selector.register(viewer.socket, selectors.EVENT_READ, viewer)
    connection.send(None)
    began, end = 0.0, float("inf")
    while True:
        for key, _ in selector.select(0.05):
            key.data.read()
        if time.monotonic() >= end:
            end = float("inf")
            seen.cpu = time.process_time() - began
            connection.send(Seen(seen.frames, seen.cpu))
        elif end == float("inf") and connection.poll():
            end = time.monotonic() + connection.recv()
            began = time.process_time()
            seen.frames = {}
