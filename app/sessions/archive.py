"""Sessions put away: one file per session, in a folder that the worker alone writes to.

A session in the archive outlives the worker process: it is how idle sessions leave memory, and what a new worker goes
on from when the last one died. The folder is a temporary one of the server's; to make sessions outlive the server,
another class with these methods can stand here.

A file is a line of JSON, the `Head`, which is quick to read, and then the body, the exported session without its data:
JSON too, with long lists of numbers as base64 of their 8 bytes, which is exact and forty times as fast to write. A data
set that came with the session lies beside it, written once.
"""

from __future__ import annotations

import json
import os
import time
from base64 import b64decode
from binascii import b2a_base64
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.datasets import DataSet
from app.sessions.data_store import DataStore
from app.sessions.work import Work

SUFFIX = ".session"
PACKED = "<f8"
"""The only key of an object that stands for a list of numbers."""
SLICE_S = 0.002
"""How long packing goes on before others have a turn, in seconds."""
LONG = 100
"""Numbers from which a list is packed."""


@dataclass(frozen=True, slots=True)
class Head:
    """What is wanted of a session while it stays put away."""

    revision: int
    view: dict[str, Any]
    play: dict[str, Any] | None
    """The request that it plays by, if it plays."""
    worker: int
    """Which worker wrote it, counted from 1: what that one did afterwards is lost to the next."""


class Archive:
    """The folder of sessions, by id (which is checked by whoever made it: a file name without a path)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = DataStore(folder)

    def _path(self, session: str) -> Path:
        return self._folder / (session + SUFFIX)

    def save(self, session: str, head: Head, body: dict[str, Any]) -> Work[int]:
        """Write the session whole or not at all; answers its size in bytes."""
        packed: dict[str, Any] = {}
        began = time.perf_counter()
        for name, value in body.items():
            several = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
            parts = []
            for part in value if several else (value,):
                parts.append(_packed(part))
                if time.perf_counter() - began > SLICE_S:
                    yield
                    began = time.perf_counter()
            packed[name] = parts if several else parts[0]
        yield
        content = _json(asdict(head)) + b"\n" + _json(packed)
        unfinished = self._path(session).with_suffix(".unfinished")
        unfinished.write_bytes(content)
        os.replace(unfinished, self._path(session))
        return len(content)

    def save_data(self, session: str, data: DataSet) -> None:
        """Keep the data set of a session beside it, unless it is there."""
        if session not in self._data:
            self._data.save(session, data)

    def data(self, session: str) -> DataSet | None:
        """The data set beside a session, or None if it has none of its own."""
        return self._data.read(session)

    def head(self, session: str) -> Head | None:
        """The head of a session, or None if it is not here."""
        try:
            with self._path(session).open("rb") as file:
                return Head(**json.loads(file.readline()))
        except FileNotFoundError:
            return None

    def body(self, session: str) -> dict[str, Any]:
        """The body of a session. Raises FileNotFoundError."""
        with self._path(session).open("rb") as file:
            file.readline()
            body: dict[str, Any] = json.loads(file.read(), object_hook=_unpacked)
        return body

    def __contains__(self, session: str) -> bool:
        return self._path(session).exists()

    def delete(self, session: str) -> None:
        """Forget the session, if it is there."""
        self._path(session).unlink(missing_ok=True)
        self._data.delete(session)

    def ids(self) -> tuple[str, ...]:
        """The sessions that are here."""
        return tuple(sorted(path.stem for path in self._folder.glob("*" + SUFFIX)))


def _json(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _packed(value: object) -> object:
    """The same with long lists of numbers packed."""
    if isinstance(value, dict):
        return {name: _packed(item) for name, item in value.items()}
    if not isinstance(value, list) or not value:
        return value
    if isinstance(value[0], dict | list):
        return [_packed(item) for item in value]
    if len(value) < LONG or set(map(type, value)) != {float}:
        return value
    return {PACKED: b2a_base64(np.array(value, dtype=PACKED).data, newline=False).decode("ascii")}


def _unpacked(content: dict[str, Any]) -> object:
    if content.keys() != {PACKED}:
        return content
    return np.frombuffer(b64decode(content[PACKED]), dtype=PACKED).tolist()
