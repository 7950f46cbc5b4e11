"""Sessions put away: one compressed JSON document per session, in a folder that the worker alone writes to.

A session in the archive outlives the worker process: it is how idle sessions leave memory, and what a new worker goes
on from when the last one died. The folder is a temporary one of the server's; to make sessions outlive the server,
another class with these five methods can stand here.
"""

import json
import os
import zlib
from pathlib import Path
from typing import Any

SUFFIX = ".session"
LEVEL = 1  # compression: speed counts more than the last tenth of the size


class Archive:
    """The folder of documents, by session id (which is checked by whoever made it: a file name without a path)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, session: str) -> Path:
        return self._folder / (session + SUFFIX)

    def save(self, session: str, document: dict[str, Any]) -> int:
        """Write the document whole or not at all; answers its size in bytes."""
        data = zlib.compress(json.dumps(document, separators=(",", ":"), allow_nan=False).encode(), LEVEL)
        unfinished = self._path(session).with_suffix(".unfinished")
        unfinished.write_bytes(data)
        os.replace(unfinished, self._path(session))
        return len(data)

    def load(self, session: str) -> dict[str, Any] | None:
        """The document, or None if there is none."""
        try:
            data = self._path(session).read_bytes()
        except FileNotFoundError:
            return None
        document: dict[str, Any] = json.loads(zlib.decompress(data))
        return document

    def __contains__(self, session: str) -> bool:
        return self._path(session).exists()

    def delete(self, session: str) -> None:
        """Forget the session, if it is there."""
        self._path(session).unlink(missing_ok=True)

    def ids(self) -> tuple[str, ...]:
        """The sessions that are here."""
        return tuple(sorted(path.stem for path in self._folder.glob("*" + SUFFIX)))
