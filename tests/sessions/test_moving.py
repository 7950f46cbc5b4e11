"""Forward, back and anywhere, as the API says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.sessions.errors import Conflict, Invalid, PreconditionFailed, SessionError
from app.sessions.limits import Limits
from app.sessions.session import Session
from app.sessions.work import finish
from tests.sessions.made import at, bits, do, parameters, predict, small, trace, view


def test_a_new_session_stands_at_the_start() -> None:
    told = view(small())
    assert told["cursor"] == {"step": 0, "phase": "start", "layer": None}
    assert (told["revision"], told["last_step"], told["epoch"]) == (1, 0, 0)
    assert (told["playing"], told["play"], told["finite"], told["not_finite"]) == (False, None, True, None)
    assert (told["can_undo"], told["can_redo"], told["pending"]) == (False, False, {})
    assert told["examples"] == {"train": 40, "test": 10, "added": 0}
    assert told["cost"]["of"] == 40


def test_phases_go_by_one_after_the_other_and_parameters_change_only_at_update() -> None:
    session = small()
    before = parameters(session)
    for phase, layer in session.points.phases[:-1]:
        told = do(session, "step", unit="phase")
        assert told["cursor"] == {"step": 1, "phase": phase, "layer": layer}
        assert (told["epoch"], told["last_step"]) == (1, 1)
        assert (parameters(session) == before).all()
    do(session, "step", unit="phase")
    assert at(session) == (1, "update", None)
    assert (parameters(session) != before).any()


@pytest.mark.parametrize(
    ("start", "method", "unit", "count", "end"),
    [
        (0, "step", "step", 3, 3),
        (0, "step", "epoch", 1, 5),
        (3, "step", "epoch", 1, 5),
        (5, "step", "epoch", 2, 15),
        (7, "back", "step", 3, 4),
        (2, "back", "step", 9, 0),
        (7, "back", "epoch", 1, 5),
        (5, "back", "epoch", 1, 0),
        (12, "back", "epoch", 2, 5),
        (12, "back", "phase", 10_000, 0),
    ],
)
def test_units_lead_to_their_ends(start: int, method: str, unit: str, count: int, end: int) -> None:
    session = small()
    if start:
        do(session, "step", count=start)
    do(session, method, unit=unit, count=count)
    assert at(session) == ((end, "update", None) if end else (0, "start", None))


def test_in_mid_step_a_step_forward_ends_it_and_one_back_leads_to_the_end_of_the_one_before() -> None:
    session = small()
    do(session, "step", count=4)
    there = bits(session)
    do(session, "step", unit="phase", count=6)
    do(session, "step")
    assert at(session) == (5, "update", None)
    do(session, "back", unit="phase", count=5)
    assert at(session)[0] == 5
    do(session, "back")
    assert at(session) == (4, "update", None)
    assert bits(session) == there
    do(session, "step", unit="phase")
    do(session, "step", unit="epoch")
    assert at(session) == (5, "update", None)


def test_back_at_the_start_is_refused_and_changes_nothing() -> None:
    session = small()
    with pytest.raises(Conflict, match="already stands at the start"):
        do(session, "back", unit="epoch")
    assert session.revision == 1


def test_seek_leads_anywhere_up_to_the_last_step() -> None:
    session = small()
    do(session, "step", count=9)
    do(session, "seek", step=7, phase="send_back", layer=2)
    assert at(session) == (7, "send_back", 2)
    assert view(session)["last_step"] == 9
    do(session, "seek", step=9)
    assert at(session) == (9, "update", None)
    do(session, "seek", step=0)
    assert at(session) == (0, "start", None)
    revision = session.revision
    for body in ({"step": 10}, {"step": 3, "phase": "gate"}, {"step": 0, "phase": "cost"}):
        with pytest.raises(Invalid):
            do(session, "seek", **body)
    assert (session.revision, at(session)) == (revision, (0, "start", None))


def test_last_step_is_the_highest_that_was_entered() -> None:
    session = small()
    do(session, "step", count=2)
    assert do(session, "step", unit="phase")["last_step"] == 3
    assert do(session, "back", count=2)["last_step"] == 3


def test_every_accepted_write_raises_the_revision_by_one_and_an_old_if_match_is_refused() -> None:
    session = small()
    calls: list[tuple[str, dict[str, Any]]] = [
        ("step", {"count": 7}),
        ("back", {}),
        ("seek", {"step": 2}),
        ("settings", {}),
        ("settings", {"example": {"index": 4}}),
        ("settings", {"batch_size": 4}),
        ("parameters", {"biases": [{"layer": 2, "j": 1, "value": 0.5}]}),
        ("undo", {}),
        ("redo", {}),
        ("play", {}),
        ("play", {"unit": "phase"}),
        ("pause", {}),
        ("pause", {}),
    ]
    for place, (method, body) in enumerate(calls):
        assert do(session, method, **body)["revision"] == session.revision == place + 2
    with pytest.raises(PreconditionFailed, match="is at revision 14, and If-Match asks for 13"):
        finish(session.perform("undo", None, now=0.0, if_match=13))
    assert finish(session.perform("undo", None, now=0.0, if_match=14))["revision"] == 15


# -- limits


def test_a_session_goes_no_further_than_its_steps() -> None:
    session = small(Limits(steps=6))
    do(session, "step", count=5)
    with pytest.raises(Conflict, match="keeps at most 6 steps; it stands at step 5"):
        do(session, "step", count=2)
    do(session, "step")
    with pytest.raises(Conflict, match="keeps at most 6 steps"):
        do(session, "step", unit="phase")
    with pytest.raises(Conflict, match="keeps at most 6 steps"):
        do(session, "play")
    assert at(session) == (6, "update", None)


def test_a_step_call_that_would_take_too_long_names_play() -> None:
    session = small(Limits(step_seconds=1e-6))
    with pytest.raises(Invalid, match="use play") as refused:
        do(session, "step", count=100)
    assert refused.value.loc == ("body", "count")
    assert (session.revision, at(session)) == (1, (0, "start", None))


def test_looking_ahead_for_how_long_it_takes_changes_no_number() -> None:
    session, other = small(optimizer={"name": "adam"}), small(optimizer={"name": "adam"})
    session.limits = session.timeline.limits = Limits(step_seconds=1e-9)
    for _ in range(3):
        with pytest.raises(Invalid):
            do(session, "step", count=100)
    session.limits = session.timeline.limits = Limits()
    for each in (session, other):
        do(each, "step", count=20)
    assert bits(session) == bits(other)


# -- numbers that are not finite


def diverging() -> Session:
    return small(
        layers=[2, 8, 8, 2],
        activations=["relu", "relu", "linear"],
        cost="quadratic",
        optimizer={"learning_rate": 1e3},
        batch_size=8,
    )


def test_a_run_that_diverges_is_told_with_step_and_layer_and_goes_no_further() -> None:
    session = diverging()
    told = do(session, "step", count=100)
    where = told["not_finite"]
    assert told["finite"] is False
    assert told["cursor"] == {"step": where["step"], "phase": "update", "layer": None}
    assert where["step"] == told["last_step"] < 100
    assert where["layer"] in (None, 2, 3, 4)
    assert where["message"].startswith(f"In step {where['step']}, ")
    assert told["cost"]["train"] is None
    calls: list[tuple[str, dict[str, Any]]] = [("step", {}), ("step", {"unit": "phase"}), ("play", {})]
    for method, body in calls:
        with pytest.raises(Conflict, match="no longer") as refused:
            do(session, method, **body)
        assert refused.value.detail == where["message"]


def test_before_a_run_diverged_all_is_as_it_was() -> None:
    session, again = diverging(), diverging()
    broken = do(session, "step", count=100)["not_finite"]["step"]
    told = do(session, "back")
    assert told["finite"] is True
    assert told["not_finite"] is None
    assert told["last_step"] == broken
    do(again, "step", count=broken - 1)
    assert bits(session) == bits(again)
    told = do(session, "step", unit="phase")
    assert (told["finite"], told["cursor"]["step"]) == (False, broken)
    do(session, "back", unit="phase")
    do(session, "settings", optimizer={"learning_rate": 0.01})
    assert do(session, "step", count=100)["finite"] is True


def test_everything_can_be_read_where_numbers_are_not_finite() -> None:
    session = diverging()
    do(session, "step", count=100)
    assert np.isfinite(view(session, include_parameters=True)["cost"]["of"])
    trace(session)
    predict(session, [[0.1, 0.2]])
    finish(session.gradient_check())
    finish(session.response_maps(10))
    finish(session.frame_data())
    finish(session.history())
    copy = Session.from_export(finish(session.export()), Limits())
    assert view(copy)["not_finite"] == view(session)["not_finite"]


def test_a_start_that_is_not_finite_says_so() -> None:
    session = small(layers=[2, 2], activations="linear", cost="quadratic", weights=[[[1e300, 1], [1, 1]]])
    told = view(session)
    assert (told["finite"], told["cost"]["train"]) == (False, None)
    with pytest.raises(Conflict, match="Already at the start the cost is not a finite number"):
        do(session, "step")
    told = do(session, "parameters", weights=[{"layer": 2, "j": 1, "k": 1, "value": 1}])
    assert told["finite"] is True
    assert do(session, "undo")["finite"] is False


def test_an_edit_that_makes_the_cost_infinite_is_told_and_undo_takes_it_back() -> None:
    session = small(activations="linear", cost="quadratic")
    do(session, "step", count=3)
    told = do(session, "parameters", weights=[{"layer": 2, "j": 1, "k": 1, "value": 1e300}])
    assert told["finite"] is False
    assert told["not_finite"]["message"].startswith("With the weights and biases edited after step 3")
    with pytest.raises(SessionError):
        do(session, "step")
    assert do(session, "undo")["finite"] is True
    assert do(session, "step")["finite"] is True
