"""Documents of several kinds, by id: each as it was last written, and after it what has been appended since."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.storage.database import Database


@dataclass(frozen=True, slots=True)
class Document:
    """What is known of a document without its body: times are seconds since 1970, `head` is whatever was written."""

    id: str
    owner: str
    made: float
    used: float
    head: str
    appended: int
    """How many entries there are after it."""


COLUMNS = "id, owner, made, used, head, (SELECT count(*) FROM entry e WHERE e.kind = d.kind AND e.id = d.id)"


class Documents:
    """The documents of one kind."""

    def __init__(self, database: Database, kind: str) -> None:
        self._database = database
        self._kind = kind

    def put(self, identifier: str, owner: str, head: str, body: bytes = b"") -> None:
        """Write a document whole, with all that was appended; a known one stays whose it is, and as long unused."""
        now = time.time()
        values = (self._kind, identifier, owner, now, now, head, body)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id)"
                " DO UPDATE SET head = excluded.head, body = excluded.body",
                values,
            )
            connection.execute("DELETE FROM entry WHERE kind = ? AND id = ?", (self._kind, identifier))

    def head(self, identifier: str, head: str) -> None:
        """Write a document's head anew; what was appended stays."""
        with self._database.writing() as connection:
            connection.execute("UPDATE document SET head = ? WHERE kind = ? AND id = ?", (head, self._kind, identifier))

    def append(self, identifier: str, entries: Sequence[tuple[int, str]], head: str | None = None) -> None:
        """Append entries, each at its place, to a document that is there; and give it a new head, if one is given.

        An entry that has the place already goes.
        """
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO entry SELECT ?, ?, ?, ?"
                " WHERE EXISTS (SELECT 1 FROM document WHERE kind = ? AND id = ?)",
                [(self._kind, identifier, *entry, self._kind, identifier) for entry in entries],
            )
            if head is not None:
                connection.execute(
                    "UPDATE document SET head = ? WHERE kind = ? AND id = ?", (head, self._kind, identifier)
                )

    def find(self, identifier: str) -> Document | None:
        """A document, without its body."""
        rows = self._database.read(
            f"SELECT {COLUMNS} FROM document d WHERE kind = ? AND id = ?", self._kind, identifier
        )
        return Document(*rows[0]) if rows else None

    def body(self, identifier: str) -> bytes | None:
        """The body of a document."""
        rows = self._database.read("SELECT body FROM document WHERE kind = ? AND id = ?", self._kind, identifier)
        return rows[0][0] if rows else None

    def entries(self, identifier: str) -> list[tuple[int, str]]:
        """What was appended after it, with its places, in order."""
        rows = self._database.read(
            "SELECT place, content FROM entry WHERE kind = ? AND id = ? ORDER BY place", self._kind, identifier
        )
        return [(place, content) for place, content in rows]

    def all(self) -> list[Document]:
        """All documents without their bodies, the oldest first."""
        rows = self._database.read(f"SELECT {COLUMNS} FROM document d WHERE kind = ? ORDER BY made, rowid", self._kind)
        return [Document(*row) for row in rows]

    def used(self, times: Mapping[str, float]) -> None:
        """Note when documents were last used, in seconds since 1970."""
        with self._database.writing() as connection:
            connection.executemany(
                "UPDATE document SET used = ? WHERE kind = ? AND id = ?",
                [(used, self._kind, identifier) for identifier, used in times.items()],
            )

    def delete(self, identifiers: Iterable[str]) -> None:
        """Forget documents, those of them that are there."""
        values = [(self._kind, identifier) for identifier in identifiers]
        with self._database.writing() as connection:
            connection.executemany("DELETE FROM document WHERE kind = ? AND id = ?", values)
            connection.executemany("DELETE FROM entry WHERE kind = ? AND id = ?", values)
