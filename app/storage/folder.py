"""The folder of a server's data: the file of documents and, beside it, folders of what is too large for it.

One server has it to itself, by a lock that ends with its process, however that ends.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
import time
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from app.storage import schema
from app.storage.errors import StorageError

DATABASE = "blameflow.db"
DATASETS = "datasets"
LOCK = "lock"
PREFIX = "blameflow-"
"""Of temporary folders."""
SETTLED_S = 60.0
"""So old a temporary folder has a lock, if a server uses it; in seconds."""


def of_the_user() -> Path:
    """The user's own folder of Blameflow's data."""
    return user_data_path("blameflow", appauthor=False)


def remove_abandoned() -> None:
    """Remove temporary folders that servers could not, having been killed: those whose lock nobody holds."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError, Timeout):
            if _is_ours(path) and time.time() - path.stat().st_mtime > SETTLED_S:
                with FileLock(path / LOCK, blocking=False):
                    shutil.rmtree(path, ignore_errors=True)


def _is_ours(path: Path) -> bool:
    """Whether it is a folder that one of this user's servers has made, and no link to another."""
    found = path.lstat()
    own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    return own and stat.S_ISDIR(found.st_mode) and (path / LOCK).is_file()


class DataFolder:
    """A folder that is in use, from `open` to `close`.

    Parameters
    ----------
    path
        None: a temporary folder, which is gone at the end.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._temporary = None
        if path is None:
            remove_abandoned()
            self._temporary = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
            path = Path(self._temporary.name)
        self.path = path
        self._lock = FileLock(path / LOCK, thread_local=False)

    @property
    def database(self) -> Path:
        """The file of documents."""
        return self.path / DATABASE

    @property
    def datasets(self) -> Path:
        """The folder of data sets."""
        return self.path / DATASETS

    def open(self) -> Self:
        """Take the folder, and see to it that its file is sound and up to date. Raises StorageError."""
        self.take()
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise
        return self

    def take(self) -> None:
        """Make the folder and lock it. Raises StorageError."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock.acquire(blocking=False)
        except Timeout:
            raise StorageError(
                f"another Blameflow is using {self.path}. Stop it, name another folder with --data-dir, or keep nothing"
                " with --memory."
            ) from None
        except OSError as error:
            raise StorageError(f"{self.path} cannot be used for data: {error.strerror}.") from None

    def _prepare(self) -> None:
        try:
            self.datasets.mkdir(exist_ok=True)
            with closing(sqlite3.connect(self.database, isolation_level=None)) as connection:
                version = schema.check(connection, self.database)
                if version < len(schema.MIGRATIONS):
                    schema.migrate(connection, version)
            if os.name == "posix":
                self.database.chmod(0o600)  # owners' numbers are in it
        except (sqlite3.Error, OSError) as error:
            raise StorageError(f"{self.database} cannot be used: {error}.") from None

    def close(self) -> None:
        """Let the folder go; a temporary one with all that is in it."""
        self._lock.release()
        if self._temporary is not None:
            self._temporary.cleanup()

    def __enter__(self) -> Self:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
