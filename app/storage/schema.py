"""What is in the file, and how an older one is brought up to date. A newer one, or a damaged one, is left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.storage.errors import StorageError

APPLICATION = 0x626C616D
"""Says whose file it is (`blam`), where SQLite keeps such a number."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE document (
        kind TEXT NOT NULL, id TEXT NOT NULL, owner TEXT NOT NULL, made REAL NOT NULL, used REAL NOT NULL,
        head TEXT NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (kind, id)
    );
    CREATE TABLE entry (
        kind TEXT NOT NULL, id TEXT NOT NULL, place INTEGER NOT NULL, content TEXT NOT NULL,
        PRIMARY KEY (kind, id, place)
    ) WITHOUT ROWID;
    CREATE TABLE writer (slot INTEGER PRIMARY KEY, number INTEGER NOT NULL);
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    """,
)
"""Each takes a file from one version of the schema (its place here, from 0) to the next."""


def check(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the file's schema, 0 for a new file. Raises StorageError; nothing is written."""
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise _damaged(path, str(error)) from None
    if found != "ok":
        raise _damaged(path, str(found))
    if (application, version) == (0, 0) and not tables:
        return 0
    if application != APPLICATION:
        raise StorageError(f"{path} is not a file of Blameflow's; it was left as it is.")
    if version > len(MIGRATIONS):
        raise StorageError(
            f"{path} was written by a newer Blameflow (version {version} of its schema, and this one knows"
            f" {len(MIGRATIONS)}); it was left as it is. Install the newer one, or name another folder with --data-dir."
        )
    return int(version)


def _damaged(path: Path, what: str) -> StorageError:
    return StorageError(
        f"{path} is damaged ({what}); it was left as it is. Restore a backup with `blameflow restore`, or name another"
        " folder with --data-dir."
    )


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a file up to date, each step whole or not at all."""
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(
            f"BEGIN IMMEDIATE; {script}; PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {number}; COMMIT;"
        )
