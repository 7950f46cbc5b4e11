"""The library: uploads by id, built-in sets by name, one copy of each, and refusals that name the field."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest

from app.datasets import build, built_in
from app.hosting import library as module
from app.hosting.data_store import DataStore
from app.hosting.library import Library
from app.sessions.errors import InvalidConfig

UPLOAD = "upload-00ff00ff00ff00ff"


def refusal(library: Library, name: str, size: int | None = None, noise: float | None = None) -> InvalidConfig:
    with pytest.raises(InvalidConfig) as refused:
        library.get(name, size, noise, 1)
    return refused.value


def test_every_built_in_set_is_had_by_its_name(tmp_path: Path) -> None:
    library = Library(tmp_path)
    for info in built_in():
        assert np.array_equal(library.get(info.name, None, None, 3).inputs, build(info.name, seed=3).inputs)


def test_the_same_arguments_give_the_same_object_and_defaults_are_arguments_too(tmp_path: Path) -> None:
    library = Library(tmp_path)
    circle = library.get("circle", None, None, 1)
    assert library.get("circle", len(circle), circle.noise, 1) is circle
    assert library.get("circle", None, None, 2) is not circle
    assert library.get("circle", None, 0.3, 1) is not circle


def test_sessions_with_different_seeds_share_the_digits(tmp_path: Path) -> None:
    library = Library(tmp_path)
    assert library.get("digits", None, None, 1) is library.get("digits", 1797, None, 2)


def test_a_set_that_no_session_holds_leaves_memory_in_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECENT", 2)
    library = Library(tmp_path)
    held = library.get("circle", None, None, 0)
    for seed in range(1, 10):
        library.get("circle", None, None, seed)
    gc.collect()
    assert len(library._built) == 3
    assert library.get("circle", None, None, 0) is held


def test_an_upload_is_had_by_its_id_once(tmp_path: Path) -> None:
    moons = build("moons", 60)
    DataStore(tmp_path).save(UPLOAD, moons)
    library = Library(tmp_path)
    data = library.get(UPLOAD, None, None, 1)
    assert np.array_equal(data.inputs, moons.inputs)
    assert np.array_equal(data.values, moons.values)
    assert data.classes == moons.classes
    assert library.get(UPLOAD, 60, moons.noise, 2) is data
    assert library.holds(data)
    assert not library.holds(moons)


def test_an_upload_that_was_deleted_elsewhere_is_there_no_more(tmp_path: Path) -> None:
    store = DataStore(tmp_path)
    store.save(UPLOAD, build("moons", 60))
    library = Library(tmp_path)
    held = library.get(UPLOAD, None, None, 1)
    store.delete(UPLOAD)
    assert refusal(library, UPLOAD).loc == ("body", "dataset", "name")
    assert held.inputs.shape == (60, 2)


def test_an_unknown_name_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    error = refusal(Library(tmp_path), "circles")
    assert error.loc == ("body", "dataset", "name")
    for info in built_in():
        assert info.name in error.msg


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/etc/passwd", "upload-../../x", "upload-0\n", "a/b", "\0"])
def test_a_name_is_never_a_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "rest.json").write_text("{}")
    (tmp_path / "sets").mkdir()
    assert refusal(Library(tmp_path / "sets"), name).loc == ("body", "dataset", "name")


def test_sizes_and_noises_that_a_set_does_not_take_are_refused_at_their_field(tmp_path: Path) -> None:
    DataStore(tmp_path).save(UPLOAD, build("moons", 60))
    library = Library(tmp_path)
    assert refusal(library, "circle", size=10**9).loc == ("body", "dataset", "size")
    assert refusal(library, "digits", size=100).loc == ("body", "dataset", "size")
    assert refusal(library, "circle", noise=1e9).loc == ("body", "dataset", "noise")
    assert refusal(library, "digits", noise=0.1).loc == ("body", "dataset", "noise")
    assert refusal(library, UPLOAD, size=59).loc == ("body", "dataset", "size")
    assert "60 examples" in refusal(library, UPLOAD, size=59).msg
    assert refusal(library, UPLOAD, noise=0.123).loc == ("body", "dataset", "noise")
