"""Data sets on disk, which one thread or process may delete while another reads them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.datasets import DataSet, build
from app.hosting import data_store
from app.hosting.data_store import DataStore


@pytest.mark.parametrize("gone", ["inputs.npy", "rest.json", ""])
def test_what_is_deleted_while_it_is_read_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: str
) -> None:
    store = DataStore(tmp_path)
    store.save("upload-1", build("xor"))
    read = data_store._read

    def deleted_and_read(folder: Path) -> DataSet:
        (folder / gone).unlink() if gone else shutil.rmtree(folder)
        return read(folder)

    monkeypatch.setattr(data_store, "_read", deleted_and_read)
    assert store.load("upload-1") is None
    assert store.opened() == ()
