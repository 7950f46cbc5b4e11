"""The archive: what is written is what is read, to the bit, whole or not at all."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from app.datasets import build
from app.sessions import archive as module
from app.sessions.archive import Archive, Head
from app.sessions.work import finish

HEAD = Head(17, {"cursor": {"step": 3}}, {"per_second": 0.0}, 1)


def test_a_session_comes_back_to_the_bit(tmp_path: Path) -> None:
    numbers = np.random.default_rng(1).normal(size=1_000).tolist()
    body = {
        "start": numbers,
        "state": {"parameters": [*numbers, None], "other": [1] * 200},
        "checkpoints": [{"step": 1, "parameters": numbers}, {"rows": [numbers, [0.5]]}],
        "text": "δ\n",
        "short": [0.1, math.inf],
    }
    archive = Archive(tmp_path)
    finish(archive.save("a1", HEAD, body))
    assert archive.body("a1") == body
    assert all(type(number) is int for number in archive.body("a1")["state"]["other"])
    assert Archive(tmp_path).head("a1") == HEAD


def test_numbers_that_are_not_finite_come_back_too(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    finish(archive.save("a1", HEAD, {"long": [math.nan, -math.inf] * 100, "short": [math.nan]}))
    body = archive.body("a1")
    assert math.isnan(body["long"][0])
    assert body["long"][1] == -math.inf
    assert math.isnan(body["short"][0])


def test_a_million_numbers_take_their_bytes_and_a_third(tmp_path: Path) -> None:
    size = finish(
        Archive(tmp_path).save("a1", HEAD, {"states": [{"parameters": np.linspace(0, 1, 1_000_000).tolist()}]})
    )
    assert size < 8_000_000 * 4 / 3 + 1_000


def test_the_head_is_one_line_whatever_the_body(tmp_path: Path) -> None:
    finish(Archive(tmp_path).save("a1", Head(1, {"message": "one\ntwo\r\u2028"}, None, 2), {"x": "y\n"}))
    first = (tmp_path / "a1.session").read_bytes().split(b"\n")[0]
    assert json.loads(first)["view"] == {"message": "one\ntwo\r\u2028"}


def test_what_is_not_here_is_none_and_may_be_deleted(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.head("a1") is None
    assert "a1" not in archive
    archive.delete("a1")
    finish(archive.save("a1", HEAD, {}))
    archive.save_data("a1", build("xor"))
    assert archive.ids() == ("a1",)
    archive.delete("a1")
    assert archive.ids() == ()
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_session_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path)
    finish(archive.save("a1", HEAD, {"x": 1}))

    def fail(*paths: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(module.os, "replace", fail)  # type: ignore[attr-defined]
    with pytest.raises(OSError, match="full"):
        finish(archive.save("a1", HEAD, {"x": 2}))
    assert archive.body("a1") == {"x": 1}
    assert archive.ids() == ("a1",)


def test_a_data_set_of_a_session_is_written_once_and_lies_beside_it(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert archive.data("a1") is None
    archive.save_data("a1", build("plane", 50))
    written = (tmp_path / "a1" / "inputs.npy").stat().st_mtime_ns
    archive.save_data("a1", build("plane", 50))
    assert (tmp_path / "a1" / "inputs.npy").stat().st_mtime_ns == written
    data = archive.data("a1")
    assert data is not None
    assert np.array_equal(data.values, build("plane", 50).values)
    assert data.kind == "regression"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_data_sets_of_sessions_hold_no_files_open(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    before = len(list(Path("/proc/self/fd").iterdir()))
    kept = []
    for number in range(20):
        archive.save_data(f"{number:x}", build("xor"))
        kept.append(archive.data(f"{number:x}"))
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 2
