"""A folder of data as one file, made while a server uses it, and a folder made from such a file.

The file is the folder's own file of documents, and in it a table of the files that lie beside that one.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from app.storage import schema
from app.storage.errors import StorageError
from app.storage.folder import DATABASE, DATASETS, DataFolder

PIECE = 2**23
"""Bytes of a file in one row."""
NAME = re.compile(r"(?!\.)[\w.-]+/(?!\.)[\w.-]+", re.ASCII)
"""Folder and file, neither of them hidden, nor anywhere else."""


def backup(folder: Path, file: Path, replace: bool = False) -> int:
    """Write all that a folder holds into one file; answers its size in bytes.

    A server may go on writing meanwhile: what it had committed when this began is in the file. Raises StorageError.
    """
    source = folder / DATABASE
    if not source.is_file():
        raise StorageError(f"There is nothing to be saved: {source} is not there.")
    if file.exists() and not replace:
        raise StorageError(f"{file} is there already: name another file, or say --force.")
    unfinished = file.with_name(f".unfinished-{file.name}")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(
            os.open(unfinished, os.O_CREAT | os.O_EXCL, 0o600)
        )  # owners' numbers and the server's secret are in it
        with closing(_opened(source)) as old, closing(sqlite3.connect(unfinished, isolation_level=None)) as new:
            schema.check(old, source)
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")
            _take_in(new, folder / DATASETS)
            schema.check(new, unfinished)
        os.replace(unfinished, file)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"{file} could not be written: {error}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return file.stat().st_size


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)


def _take_in(connection: sqlite3.Connection, folder: Path) -> None:
    """Write the files of a folder's folders into the table."""
    connection.execute(
        "CREATE TABLE file"
        " (name TEXT NOT NULL, place INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (name, place))"
    )
    for path in sorted(folder.glob("*/*")):
        name = path.relative_to(folder).as_posix()
        if NAME.fullmatch(name):
            with path.open("rb") as content:
                pieces = enumerate(iter(lambda content=content: content.read(PIECE), b""))  # type: ignore[misc]
                connection.executemany("INSERT INTO file VALUES (?, ?, ?)", ((name, *piece) for piece in pieces))


def restore(folder: DataFolder, file: Path, replace: bool = False) -> Path | None:
    """Put what a backup holds into a folder; answers where what was there before lies now, if anything was.

    Raises StorageError, with the folder as it was, where the file is not a whole backup, a server uses the folder, or
    there is something in it and ``replace`` does not say otherwise.
    """
    if not file.is_file():
        raise StorageError(f"{file} is not there.")
    folder.take()
    try:
        there = [path for path in folder.path.iterdir() if path.name.startswith((DATABASE, DATASETS))]
        if there and not replace:
            raise StorageError(f"{folder.path} holds data: say --force to put it aside, or name another --data-dir.")
        with tempfile.TemporaryDirectory(dir=folder.path, prefix=".restoring-") as name:
            made = Path(name)
            _unpack(file, made)
            aside = _put_aside(folder.path, there) if there else None
            for path in made.iterdir():
                os.replace(path, folder.path / path.name)
        return aside
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"{file} could not be restored: {error}.") from None
    finally:
        folder.close()


def _unpack(file: Path, folder: Path) -> None:
    """The folder's files, from a backup. Raises StorageError; sqlite3.Error for what is not a backup at all."""
    shutil.copyfile(file, folder / DATABASE)
    (folder / DATABASE).chmod(0o600)
    (folder / DATASETS).mkdir()
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        if not schema.check(connection, file):
            raise StorageError(f"{file} is empty: it is not a backup.")
        _check_whole(connection, file)
        for name, place, content in connection.execute("SELECT name, place, content FROM file ORDER BY name, place"):
            if not NAME.fullmatch(name):
                raise StorageError(f"{file} is not a backup of Blameflow's: it holds a file {name!r}.")
            path = folder / DATASETS / name
            path.parent.mkdir(exist_ok=True)
            with path.open("ab" if place else "wb") as written:
                written.write(content)
        connection.execute("DROP TABLE file")
        connection.execute("VACUUM")


def _check_whole(connection: sqlite3.Connection, file: Path) -> None:
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'file'").fetchone()
    if found != "ok":
        raise StorageError(f"{file} is damaged ({found}).")
    if not tables:
        raise StorageError(f"{file} was not made by `blameflow backup`.")


def _put_aside(folder: Path, there: list[Path]) -> Path:
    stem = time.strftime("before-restore-%Y%m%d-%H%M%S")
    aside = Path(tempfile.mkdtemp(dir=folder, prefix=f"{stem}-"))
    for path in there:
        os.replace(path, aside / path.name)
    return aside
