"""One connection to the file, for one thread: reading, and writing in transactions that are kept once they end.

The file is in WAL mode, where readers and the one writer of a moment do not wait for each other. A transaction that has
ended outlives the death of every process (`synchronous = NORMAL`); the loss of power may take the last moments, but
never damages the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BUSY_S = 60.0
"""How long a transaction waits for the one before it, in seconds: until a process that hangs in one has been killed."""


LONG_LOG = 4_000
"""Pages of the log from which it is begun anew; a page has 4,096 bytes."""

RESTART_MS = 20
"""How long writers may have to wait for a reader before the log can begin anew, in ms; else it does so next time."""


class Superseded(BaseException):
    """Another process has taken this one's place, which is to end: no `except Exception` keeps it going."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Which of the processes that write this one is: its place, and its number, which no other ever had."""

    slot: int
    number: int


class Database:
    """A connection.

    Parameters
    ----------
    writer
        Every transaction is refused (`Superseded`) once another has taken this one's place; None: whoever holds the
        folder's lock.
    """

    def __init__(self, path: Path, writer: Writer | None = None) -> None:
        self._writer = writer
        self._connection = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        # The file itself is synchronized by `checkpoint` only, where nobody waits for it.
        self._connection.execute("PRAGMA wal_autocheckpoint = 0")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self._connection.execute(query, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: kept whole when it ends, or not at all. Raises Superseded; sqlite3.Error for a full disk."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._check_place()
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _check_place(self) -> None:
        if self._writer is None:
            return
        row = self._connection.execute("SELECT number FROM writer WHERE slot = ?", (self._writer.slot,)).fetchone()
        if row != (self._writer.number,):
            raise Superseded(f"writer {self._writer.number} of place {self._writer.slot} was replaced")

    def appoint(self, slot: int) -> Writer:
        """A new writer in the place of the one before, who can write no more."""
        with self.writing() as connection:
            number = _counted(connection, "writer")
            connection.execute("INSERT OR REPLACE INTO writer VALUES (?, ?)", (slot, number))
        return Writer(slot, number)

    def count(self, name: str) -> int:
        """Count one more of something; answers how many there are now."""
        with self.writing() as connection:
            return _counted(connection, name)

    def begin_counting(self, name: str) -> None:
        """Count it from nothing again."""
        with self.writing() as connection:
            connection.execute("DELETE FROM counter WHERE name = ?", (name,))

    def dismiss(self) -> None:
        """Let no writer of an earlier server write any more."""
        with self.writing() as connection:
            connection.execute("DELETE FROM writer")

    def checkpoint(self) -> None:
        """Bring what was written from the log into the file itself; others go on reading and writing meanwhile.

        A log that has grown long is begun anew, for which writers wait a moment: it does not come about by itself as
        long as somebody always writes.
        """
        _, frames, _ = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if frames > LONG_LOG:
            self._connection.execute(f"PRAGMA busy_timeout = {RESTART_MS}")
            self._connection.execute("PRAGMA wal_checkpoint(RESTART)")
            self._connection.execute(f"PRAGMA busy_timeout = {int(BUSY_S * 1000)}")


def _counted(connection: sqlite3.Connection, name: str) -> int:
    connection.execute("INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1", (name,))
    (number,) = connection.execute("SELECT value FROM counter WHERE name = ?", (name,)).fetchone()
    return int(number)
