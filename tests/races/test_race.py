"""A race is the sessions' own training: same start, same order, same steps, one operator each."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from app.hosting.library import Library
from app.races.race import Entry, copy_of, filled, run
from app.races.results import Results, spread
from app.sessions.config import SessionConfig
from app.sessions.limits import Limits
from app.sessions.timeline import Timeline

CIRCLE = SessionConfig.model_validate({"layers": [2, 4, 3, 2], "dataset": {"name": "circle", "size": 60}})


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """The built-in data sets."""
    return Library(tmp_path)


@pytest.mark.parametrize("feedback", ["transpose", "random", "fresh_random", "sign"])
def test_a_copy_trains_bit_for_bit_as_a_session_does(library: Library, feedback: str) -> None:
    config = CIRCLE.model_copy(update={"seed": 7})
    entry = Entry(config, (feedback,), (7,), 2)
    copy = copy_of(filled(entry, library, Limits(), 7), feedback)
    copy.epoch(1)
    copy.epoch(2)
    session = SessionConfig.model_validate(
        {"layers": [2, 4, 3, 2], "dataset": {"name": "circle", "size": 60}, "seed": 7, "feedback": {"name": feedback}}
    )
    timeline = Timeline(filled(Entry(session, (feedback,), (7,), 2), library, Limits(), 7).problem, Limits())
    for _ in timeline.advance(copy.step):
        pass
    assert np.array_equal(copy.trainer.parameters.flat, timeline.trainer.parameters.flat)


def test_all_operators_start_alike_and_come_epoch_by_epoch_side_by_side(library: Library) -> None:
    entry = Entry(CIRCLE, ("transpose", "random", "none"), (1, 2), 3)
    points = list(run(entry, library, Limits()))
    assert [(p.seed, p.epoch, p.feedback) for p in points[:6]] == [
        (1, epoch, feedback) for epoch in (0, 1) for feedback in entry.feedbacks
    ]
    assert len(points) == entry.runs * 4
    starts = {(p.seed, p.cost, p.accuracy) for p in points if p.epoch == 0}
    assert len(starts) == 2
    assert {p.step for p in points if p.epoch == 3} == {15}
    results = Results(entry)
    for point in points:
        results.add(point)
    assert results.progress == 1
    rows = list(csv.DictReader(io.StringIO(results.table())))
    assert len(rows) == len(points)
    last = next(r for r in rows if (r["feedback"], r["seed"], r["epoch"]) == ("random", "2", "3"))
    point = next(p for p in points if (p.feedback, p.seed, p.epoch) == ("random", 2, 3))
    assert float(last["cost_train"]) == point.cost[0]
    assert float(last["angle_layer_3"]) == point.angles[1]
    none = next(r for r in rows if r["feedback"] == "none")
    assert none["angle_layer_2"] == ""


def test_a_copy_that_diverges_ends_and_counts_as_done(library: Library) -> None:
    config = SessionConfig.model_validate(
        {
            "layers": [2, 4, 1],
            "activations": "linear",
            "cost": "quadratic",
            "dataset": {"name": "plane", "size": 50},
            "optimizer": {"name": "sgd", "learning_rate": 1e6},
        }
    )
    entry = Entry(config, ("transpose", "none"), (1,), 40)
    results = Results(entry)
    for point in run(entry, library, Limits()):
        results.add(point)
    summary = {one["feedback"]: one for one in results.summary()}
    assert summary["transpose"]["not_finite"] == 1
    assert summary["transpose"]["cost"]["train"] is None
    assert results.progress == 1


def test_spread_leaves_out_what_is_not_known() -> None:
    assert spread([None]) is None
    assert spread([0.5]) == {"mean": 0.5, "least": 0.5, "most": 0.5, "deviation": 0.0}
    assert spread([1.0, None, 3.0]) == {"mean": 2.0, "least": 1.0, "most": 3.0, "deviation": pytest.approx(2**0.5)}


def test_a_copy_whose_cost_is_not_finite_is_done_and_has_no_accuracy(library: Library) -> None:
    session = {"activations": ["relu", "linear"], "layers": [2, 4, 2], "cost": "quadratic", "batch_size": 48}
    rate = {"dataset": {"name": "circle", "size": 60}, "optimizer": {"learning_rate": 1e120}}
    config = SessionConfig.model_validate(session | rate)
    points = list(run(Entry(config, ("transpose",), (1,), 5), library, Limits()))
    last = points[-1]
    assert [point.finite for point in points] == [True, False]
    assert (last.cost, last.accuracy) == ((None, None), (None, None))
