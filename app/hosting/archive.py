"""Sessions as they are kept: each as it was last saved, and a journal of what was done since.

A session in the archive outlives every process: it is how idle sessions leave memory, what a new worker goes on from
when the last one died, and what a new server starts with.

What is saved is a `Head`, which is quick to read, and the body, the exported session without its data: JSON with long
lists of numbers as base64 of their 8 bytes, which is exact and forty times as fast to write. A data set that came with
the session lies beside it, written once.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode
from binascii import b2a_base64
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from app.datasets import DataSet
from app.engine.activations import Floats
from app.hosting.data_store import packed, unpacked
from app.sessions import journal
from app.sessions.journal import Entry
from app.sessions.work import Slice, Work
from app.storage import Database, Document, Documents

PACKED = "<f8"
"""The only key of an object that stands for a list of numbers."""
SLICE_S = 0.001
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
    touched: bool = True
    """Whether it was ever written to."""
    key: str | None = None
    """What the last call that wrote to it is known by."""
    told: dict[str, Any] | None = None
    """What the answer to that call had beside the view."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A session as the web process knows it; `used` is in seconds since 1970."""

    name: str
    owner: str
    used: float
    touched: bool


class Archive:
    """The sessions that are kept, by id."""

    def __init__(self, database: Database) -> None:
        self._sessions = Documents(database, "session")
        self._data = Documents(database, "session data")
        self._wakings = Documents(database, "session waking")

    def save(self, session: str, owner: str, head: Head, body: dict[str, Any]) -> Work[int]:
        """Write the session whole or not at all; answers its size in bytes."""
        fields, turn = [], Slice(SLICE_S)
        for name, value in body.items():
            several = isinstance(value, list) and bool(value) and isinstance(value[0], dict)
            parts = []
            for part in value if several else (value,):
                parts.append(_json(_packed(part)))
                if turn.over():
                    yield
                    turn = Slice(SLICE_S)
            fields.append(f"{_json(name)}:[{','.join(parts)}]" if several else f"{_json(name)}:{parts[0]}")
        content = f"{{{','.join(fields)}}}".encode()
        self._sessions.put(session, owner, _json(asdict(head)), content)
        return len(content)

    def append(self, session: str, place: int, entry: Entry) -> None:
        """Write down what was done after the session was saved."""
        self._sessions.append(session, [(place, entry.text())])

    def save_data(self, session: str, data: DataSet) -> None:
        """Keep the data set of a session beside it, unless it is there."""
        if self._data.find(session) is None:
            rest, arrays = packed(data)
            self._data.put(session, "", rest, arrays)

    def data(self, session: str) -> DataSet | None:
        """The data set beside a session, or None if it has none of its own."""
        found = self._data.find(session)
        return None if found is None else unpacked(found.head, self._data.body(session) or b"")

    def head(self, session: str) -> Head | None:
        """The head of a session as it was last saved, or None if it is not here."""
        found = self._sessions.find(session)
        return None if found is None else _head(found)

    def owner(self, session: str) -> str:
        """Whose a session is; empty for everybody's."""
        found = self._sessions.find(session)
        return "" if found is None else found.owner

    def at_rest(self, session: str) -> Head | None:
        """The same, or None where it does not say how the session is: it played, or something was done since."""
        found = self._sessions.find(session)
        if found is None or found.appended:
            return None
        head = _head(found)
        return head if head.play is None else None

    def body(self, session: str) -> dict[str, Any]:
        """The body of a session that is here."""
        body: dict[str, Any] = json.loads(self._sessions.body(session) or b"", object_hook=_unpacked)
        return body

    def journal(self, session: str) -> list[tuple[int, Entry]]:
        """What was done since a session was saved, with the places in the journal."""
        return [(place, journal.read(text)) for place, text in self._sessions.entries(session)]

    def wakings(self, session: str) -> int:
        """How often in a row waking the session was begun and came to no end, since the process died."""
        found = self._wakings.find(session)
        return 0 if found is None else int(found.head)

    def begin_waking(self, session: str) -> None:
        """Count that waking the session begins."""
        self._wakings.put(session, "", str(self.wakings(session) + 1))

    def end_waking(self, session: str) -> None:
        """Forget how often: it came to an end, whether or not the session is awake now."""
        self._wakings.delete([session])

    def __contains__(self, session: str) -> bool:
        return self._sessions.find(session) is not None

    def delete(self, session: str) -> None:
        """Forget the session, if it is there."""
        for documents in (self._sessions, self._data, self._wakings):
            documents.delete([session])

    def all(self) -> list[Kept]:
        """The sessions that are here, the oldest first."""
        return [
            Kept(found.id, found.owner, found.used, bool(found.appended) or _head(found).touched)
            for found in self._sessions.all()
        ]

    def unrested(self, part: int, parts: int) -> list[str]:
        """The sessions of a worker's part that played, or had something done to them that is in the journal only."""
        names = [found.id for found in self._sessions.all() if found.appended or _head(found).play is not None]
        return [name for name in names if part_of(name, parts) == part]

    def used(self, times: dict[str, float]) -> None:
        """Note when sessions were last used, in seconds since 1970."""
        self._sessions.used(times)

    def tidy(self) -> None:
        """Forget what lies beside sessions that are no more."""
        names = {found.id for found in self._sessions.all()}
        for beside in (self._data, self._wakings):
            beside.delete([found.id for found in beside.all() if found.id not in names])


def part_of(session: str, parts: int) -> int:
    """Which of so many workers trains a session, from 0."""
    return zlib.crc32(session.encode()) % parts


def _head(document: Document) -> Head:
    return Head(**json.loads(document.head))


def _json(content: object) -> str:
    return json.dumps(content, separators=(",", ":"))


def _packed(value: object) -> object:
    """The same with long lists of numbers packed."""
    if isinstance(value, dict):
        return {name: _packed(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return _packed_array(value) if len(value) >= LONG else value.tolist()
    if not isinstance(value, list) or not value:
        return value
    if isinstance(value[0], dict | list):
        return [_packed(item) for item in value]
    if len(value) < LONG or set(map(type, value)) != {float}:
        return value
    return _packed_array(np.array(value))


def _packed_array(array: Floats) -> dict[str, str]:
    return {PACKED: b2a_base64(np.ascontiguousarray(array, dtype=PACKED).data, newline=False).decode("ascii")}


def _unpacked(content: dict[str, Any]) -> object:
    if content.keys() != {PACKED}:
        return content
    return np.frombuffer(b64decode(content[PACKED]), dtype=PACKED).tolist()
