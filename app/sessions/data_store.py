"""Data sets in a folder: the uploaded ones, which the web process writes and every process reads, and (in another
folder) those that came with a session.

The arrays are mapped into memory, not read: both processes share one copy, and it leaves memory when nobody uses it.
The rest is JSON; nothing is ever unpickled.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from app.datasets import DataSet

ARRAYS = ("inputs", "values")
IDENTIFIER = re.compile(r"(upload-)?[0-9a-f]{1,64}")
"""What an id looks like; anything else that is asked for is no file name."""


class DataStore:
    """The folder of data sets, by id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: dict[str, DataSet] = {}

    def save(self, identifier: str, data: DataSet) -> int:
        """Write a data set, whole or not at all; answers its size in bytes."""
        unfinished = Path(tempfile.mkdtemp(dir=self._folder, prefix=".unfinished-"))
        rest = {field.name: getattr(data, field.name) for field in fields(data) if field.name not in ARRAYS}
        (unfinished / "rest.json").write_text(json.dumps(rest), encoding="utf-8")
        for name in ARRAYS:
            np.save(unfinished / f"{name}.npy", getattr(data, name), allow_pickle=False)
        size = sum(path.stat().st_size for path in unfinished.iterdir())
        os.replace(unfinished, self._folder / identifier)
        return size

    def __contains__(self, identifier: str) -> bool:
        return bool(IDENTIFIER.fullmatch(identifier)) and (self._folder / identifier / "rest.json").is_file()

    def load(self, identifier: str) -> DataSet | None:
        """The data set, or None if there is none (any more). It is opened once, and stays so."""
        if identifier not in self:
            self._opened.pop(identifier, None)
            return None
        if identifier not in self._opened:
            self._opened[identifier] = _read(self._folder / identifier, mapped=True)
        return self._opened[identifier]

    def read(self, identifier: str) -> DataSet | None:
        """A copy of the data set for the caller alone, which takes memory and no file; or None if there is none."""
        return _read(self._folder / identifier, mapped=False) if identifier in self else None

    def opened(self) -> tuple[DataSet, ...]:
        """The data sets that were loaded here."""
        return tuple(self._opened.values())

    def delete(self, identifier: str) -> None:
        """Forget a data set, if it is there; sessions that have it open keep it."""
        self._opened.pop(identifier, None)
        shutil.rmtree(self._folder / identifier, ignore_errors=True)


def _read(folder: Path, mapped: bool) -> DataSet:
    rest = json.loads((folder / "rest.json").read_text(encoding="utf-8"))
    for name in ("classes", "feature_names", "image_shape"):
        if rest[name] is not None:
            rest[name] = tuple(rest[name])
    # Plain arrays on top of the mapping: every view of a memmap would cost as much as a small product.
    arrays: dict[str, Any] = {
        name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r" if mapped else None, allow_pickle=False))
        for name in ARRAYS
    }
    return DataSet(**rest, **arrays)
