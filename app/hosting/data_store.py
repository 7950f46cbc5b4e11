"""Data sets in a folder: the uploaded ones, which the web process writes and every process reads.

The arrays are mapped into memory, not read: all processes share one copy, and it leaves memory when nobody uses it.
The rest is JSON; nothing is ever unpickled.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Container
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from app.datasets import DataSet

ARRAYS = ("inputs", "values")
UNFINISHED = ".unfinished-"
IDENTIFIER = re.compile(r"(upload-)?[0-9a-f]{1,64}")
"""What an id looks like; anything else that is asked for is no file name."""


class DataStore:
    """The folder of data sets, by id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._opened: dict[str, DataSet] = {}

    def save(self, identifier: str, data: DataSet) -> int:
        """Write a data set, whole or not at all; answers its size in bytes."""
        unfinished = Path(tempfile.mkdtemp(dir=self._folder, prefix=UNFINISHED))
        (unfinished / "rest.json").write_text(_rest(data), encoding="utf-8")
        for name in ARRAYS:
            np.save(unfinished / f"{name}.npy", getattr(data, name), allow_pickle=False)
        for path in unfinished.iterdir():
            with path.open("r+b") as file:
                os.fsync(file.fileno())  # the file of documents must not know of it before the disk does
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
        data = self._opened.get(identifier)
        if data is None:
            try:
                data = self._opened[identifier] = _read(self._folder / identifier)
            except FileNotFoundError:  # it was deleted while it was being read
                return None
        return data

    def tidy(self, known: Container[str]) -> None:
        """Remove what is not known, and what was never finished: left behind by a process that died."""
        for path in self._folder.iterdir():
            if path.name not in known:
                shutil.rmtree(path, ignore_errors=True)

    def opened(self) -> tuple[DataSet, ...]:
        """The data sets that were loaded here."""
        return tuple(self._opened.values())

    def delete(self, identifier: str) -> None:
        """Forget a data set, if it is there; sessions that have it open keep it."""
        self._opened.pop(identifier, None)
        shutil.rmtree(self._folder / identifier, ignore_errors=True)


def _rest(data: DataSet) -> str:
    """All of a data set but its arrays, as JSON."""
    return json.dumps({field.name: getattr(data, field.name) for field in fields(data) if field.name not in ARRAYS})


def _whole(rest: str, arrays: dict[str, Any]) -> DataSet:
    content = json.loads(rest)
    for name in ("classes", "feature_names", "image_shape"):
        if content[name] is not None:
            content[name] = tuple(content[name])
    return DataSet(**content, **arrays)


def _read(folder: Path) -> DataSet:
    # Plain arrays on top of the mapping: every view of a memmap would cost as much as a small product.
    arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)) for name in ARRAYS}
    return _whole((folder / "rest.json").read_text(encoding="utf-8"), arrays)


def packed(data: DataSet) -> tuple[str, bytes]:
    """A data set as text and bytes: JSON, and its arrays one after the other as numpy writes them."""
    file = io.BytesIO()
    for name in ARRAYS:
        np.save(file, getattr(data, name), allow_pickle=False)
    return _rest(data), file.getvalue()


def unpacked(rest: str, arrays: bytes) -> DataSet:
    """The data set that `packed` wrote."""
    file = io.BytesIO(arrays)
    return _whole(rest, {name: np.load(file, allow_pickle=False) for name in ARRAYS})


def fingerprint(data: DataSet) -> str:
    """16 hexadecimal digits that are the same for the same data set."""
    digest = hashlib.blake2b(_rest(data).encode(), digest_size=8)
    for name in ARRAYS:
        digest.update(np.ascontiguousarray(getattr(data, name)).data)
    return digest.hexdigest()
