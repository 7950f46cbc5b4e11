"""Sessions put away: one file per session, in a folder that the worker alone writes to.

A session in the archive outlives the worker process: it is how idle sessions leave memory, and what a new worker goes
on from when the last one died. The folder is a temporary one of the server's; to make sessions outlive the server,
another class with these methods can stand here.

A file is a line of JSON, the `Head`, which is quick to read, and then the body: the exported session, compressed.
"""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SUFFIX = ".session"
LEVEL = 1  # compression: speed counts more than the last tenth of the size


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

    def _path(self, session: str) -> Path:
        return self._folder / (session + SUFFIX)

    def save(self, session: str, head: Head, export: dict[str, Any]) -> int:
        """Write the session whole or not at all; answers its size in bytes."""
        content = _json(asdict(head)) + b"\n" + zlib.compress(_json(export), LEVEL)
        unfinished = self._path(session).with_suffix(".unfinished")
        unfinished.write_bytes(content)
        os.replace(unfinished, self._path(session))
        return len(content)

    def head(self, session: str) -> Head | None:
        """The head of a session, or None if it is not here."""
        try:
            with self._path(session).open("rb") as file:
                return Head(**json.loads(file.readline()))
        except FileNotFoundError:
            return None

    def export(self, session: str) -> dict[str, Any]:
        """The body of a session. Raises FileNotFoundError."""
        with self._path(session).open("rb") as file:
            file.readline()
            export: dict[str, Any] = json.loads(zlib.decompress(file.read()))
        return export

    def __contains__(self, session: str) -> bool:
        return self._path(session).exists()

    def delete(self, session: str) -> None:
        """Forget the session, if it is there."""
        self._path(session).unlink(missing_ok=True)

    def ids(self) -> tuple[str, ...]:
        """The sessions that are here."""
        return tuple(sorted(path.stem for path in self._folder.glob("*" + SUFFIX)))


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()  # NaN and infinity included: a run may have diverged
