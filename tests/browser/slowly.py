"""A slow network: what a server sends is passed on at so many bytes a second, and read no faster."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 1_024
"""Bytes that are passed on at once."""
HOLDS = 8_192
"""Bytes that the system may hold for each connection: more would hide that nobody reads."""


class Slowly:
    """In front of a server, at an address of its own; `bytes_per_second` may change at any time, 0: without limit."""

    def __init__(self, server: str) -> None:
        self._to = (urlsplit(server).hostname, urlsplit(server).port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.bytes_per_second = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                visitor, _ = self._listener.accept()
                server = socket.socket()
                server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, HOLDS)
                server.connect(self._to)
                threading.Thread(target=self._pass, args=(visitor, server, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, visitor, True), daemon=True).start()

    def _pass(self, source: socket.socket, to: socket.socket, slowly: bool) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                to.sendall(data)
                if slowly and self.bytes_per_second:
                    time.sleep(len(data) / self.bytes_per_second)
        for end in (source, to):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()


@contextmanager
def slowly(server: str) -> Iterator[Slowly]:
    """A slow network in front of a server."""
    one = Slowly(server)
    try:
        yield one
    finally:
        one.close()
