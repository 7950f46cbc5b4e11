"""The archive: what is written is what is read, to the bit, whole or not at all."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.datasets import build
from app.hosting.archive import Archive, Head
from app.sessions.cursor import START, Cursor
from app.sessions.journal import Entry
from app.sessions.requests import SettingsPatch, StepRequest
from app.sessions.work import finish
from app.storage import Database, DataFolder

HEAD = Head(17, {"cursor": {"step": 3}}, {"per_second": 0.0}, True, "key", {"index": 3})
STEPPED = Entry("step", StepRequest(count=3), START, Cursor(3, "update"), 18)


def opened(folder: Path) -> Archive:
    """The archive of a folder, as each process opens it."""
    with DataFolder(folder) as made:
        return Archive(Database(made.database))


def test_a_session_comes_back_to_the_bit(tmp_path: Path) -> None:
    numbers = np.random.default_rng(1).normal(size=1_000).tolist()
    body = {
        "start": numbers,
        "state": {"parameters": [*numbers, None], "other": [1] * 200},
        "checkpoints": [{"step": 1, "parameters": numbers}, {"rows": [numbers, [0.5]]}],
        "text": "δ\n",
        "short": [0.1, math.inf],
    }
    archive = opened(tmp_path)
    finish(archive.save("a1", "me", HEAD, body))
    assert archive.body("a1") == body
    assert all(type(number) is int for number in archive.body("a1")["state"]["other"])
    assert opened(tmp_path).head("a1") == HEAD


def test_numbers_that_are_not_finite_come_back_too(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    finish(archive.save("a1", "me", HEAD, {"long": [math.nan, -math.inf] * 100, "short": [math.nan]}))
    body = archive.body("a1")
    assert math.isnan(body["long"][0])
    assert body["long"][1] == -math.inf
    assert math.isnan(body["short"][0])


def test_a_million_numbers_take_their_bytes_and_a_third(tmp_path: Path) -> None:
    size = finish(
        opened(tmp_path).save("a1", "me", HEAD, {"states": [{"parameters": np.linspace(0, 1, 1_000_000).tolist()}]})
    )
    assert size < 8_000_000 * 4 / 3 + 1_000


def test_what_is_not_here_is_none_and_may_be_deleted(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    assert archive.head("a1") is None
    assert "a1" not in archive
    archive.delete("a1")
    finish(archive.save("a1", "me", HEAD, {}))
    archive.save_data("a1", build("xor"))
    assert [kept.name for kept in archive.all()] == ["a1"]
    archive.append("a1", 1, STEPPED)
    archive.delete("a1")
    assert archive.all() == []
    assert archive.data("a1") is None
    assert archive.journal("a1") == []


def test_what_was_done_since_is_read_as_it_was_and_gone_once_the_session_is_saved(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    finish(archive.save("a1", "me", HEAD, {}))
    patch = SettingsPatch.model_validate({"regularization": {"name": "l2", "lambda": 0.1}})
    changed = Entry("settings", patch, START, START, 19, "key", {"discarded_steps": 0})
    archive.append("a1", 1, STEPPED)
    archive.append("a1", 2, changed)
    assert opened(tmp_path).journal("a1") == [(1, STEPPED), (2, changed)]
    archive.append("a1", 2, STEPPED)
    assert archive.journal("a1") == [(1, STEPPED), (2, STEPPED)]
    finish(archive.save("a1", "me", HEAD, {}))
    assert archive.journal("a1") == []


def test_nothing_is_written_down_for_a_session_that_is_gone(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    archive.append("a1", 1, STEPPED)
    assert archive.journal("a1") == []


def test_only_a_session_of_which_all_is_saved_and_that_does_not_play_is_at_rest(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    paused = replace(HEAD, play=None)
    finish(archive.save("a1", "me", HEAD, {}))
    assert archive.at_rest("a1") is None
    assert archive.unrested(0, 1) == ["a1"]
    finish(archive.save("a1", "me", paused, {}))
    assert archive.at_rest("a1") == paused
    assert archive.unrested(0, 1) == []
    archive.append("a1", 1, STEPPED)
    assert archive.at_rest("a1") is None
    assert archive.unrested(0, 1) == ["a1"]


def test_a_data_set_of_a_session_is_written_once_and_lies_beside_it(tmp_path: Path) -> None:
    archive = opened(tmp_path)
    assert archive.data("a1") is None
    archive.save_data("a1", build("plane", 50))
    archive.save_data("a1", build("plane", 60))
    data = archive.data("a1")
    assert data is not None
    assert np.array_equal(data.values, build("plane", 50).values)
    assert data.kind == "regression"
    archive.tidy()
    assert archive.data("a1") is None, "it belongs to no session"
