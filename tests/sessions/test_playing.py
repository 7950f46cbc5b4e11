"""Playing on a clock that the test holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sessions.errors import Conflict, Invalid, InvalidConfig
from app.sessions.limits import Limits
from app.sessions.player import CATCH_UP, Player
from app.sessions.session import Session
from app.sessions.timeline import CHUNK
from tests.sessions.made import at, bits, do, small, view


def reasons(session: Session) -> list[tuple[str, bool, int]]:
    return [(event["reason"], event["playing"], event["revision"]) for event in session.drain_events()]


def play_out(session: Session, ticks: int = 10_000) -> None:
    """Ticks flat out until it stops by itself."""
    for _ in range(ticks):
        if not session.playing:
            return
        session.tick(0.0, 0.01)
    raise AssertionError("it plays on")


# -- the player


def test_the_first_beat_is_due_at_once_and_the_others_at_their_rate() -> None:
    player = Player("step", 10.0, None, now=100.0)
    assert player.due(99.9) == 0
    assert (player.due(100.0), player.next_due()) == (1, 100.0)
    player.played(1, 100.0)
    assert player.next_due() == pytest.approx(100.1)
    assert (player.due(100.09), player.due(100.11), player.due(100.31)) == (0, 1, 3)


def test_what_was_missed_for_long_is_forgiven() -> None:
    player = Player("step", 10.0, None, now=0.0)
    assert player.due(60.0) == 1 + int(CATCH_UP * 10)
    player.played(3, 60.0)
    assert player.next_due() >= 60.0 - CATCH_UP


def test_flat_out_there_is_always_something_due() -> None:
    player = Player("step", 0.0, None, now=5.0)
    assert player.flat_out
    assert (player.due(5.0), player.next_due()) == (None, float("-inf"))


@given(st.floats(0.5, 1000), st.lists(st.floats(0.0, 0.2), max_size=60))
def test_over_time_as_many_beats_are_played_as_the_rate_says(rate: float, pauses: list[float]) -> None:
    player, now, beats = Player("step", rate, None, now=0.0), 0.0, 0
    for pause in pauses:
        now += pause
        due = player.due(now)
        assert due is not None
        player.played(due, now)
        beats += due
    assert beats <= now * rate + 1 + 1e-6
    assert beats >= (now - CATCH_UP) * rate - 1


# -- sessions


@pytest.mark.parametrize("unit", ["step", "phase"])
def test_playing_goes_by_beats(unit: str) -> None:
    session = small()
    assert session.next_due() is None
    do(session, "play", now=50.0, unit=unit, per_second=4)
    assert view(session)["play"] == {"unit": unit, "per_second": 4, "until": None}
    assert session.next_due() == 50.0
    assert session.tick(50.0, 1.0)
    assert not session.tick(50.1, 1.0)
    assert session.tick(50.25, 1.0)
    assert at(session) == ((2, "update", None) if unit == "step" else (1, "feedforward", 3))


@pytest.mark.parametrize("traced", [False, True])
def test_played_steps_are_the_same_as_stepped_ones(traced: bool) -> None:
    session, other = small(optimizer={"name": "adam"}), small(optimizer={"name": "adam"})
    do(session, "play", per_second=0, until={"step": 137})
    while session.playing:
        session.tick(0.0, 0.0005, traced=traced)
    do(other, "step", count=137)
    assert (at(session), bits(session)) == ((137, "update", None), bits(other))
    assert (137 in session.timeline._traces) == traced


def test_a_slice_in_which_others_want_a_turn_is_over_soon_but_not_for_nothing() -> None:
    session = small()
    do(session, "play", per_second=0)
    assert session.tick(0.0, 3_600.0, wanted=lambda: True)
    assert 0 < at(session)[0] <= CHUNK


def test_play_in_the_past_goes_on_through_the_known_steps() -> None:
    session = small()
    do(session, "step", count=9)
    end = bits(session)
    do(session, "back", count=6)
    do(session, "play", per_second=0, until={"step": 9})
    play_out(session)
    assert (at(session), view(session)["last_step"], bits(session)) == ((9, "update", None), 9, end)


def test_play_from_mid_step_first_ends_that_step() -> None:
    session = small()
    do(session, "step", unit="phase", count=4)
    do(session, "play", per_second=10)
    session.tick(0.0, 1.0)
    assert at(session) == (1, "update", None)


@pytest.mark.parametrize(
    ("method", "body", "end"),
    [
        ("step", {}, (2, "update", None)),
        ("step", {"unit": "phase"}, (2, "feedforward", 2)),
        ("back", {}, (0, "start", None)),
        ("back", {"unit": "phase"}, (1, "gradient", 2)),
        ("seek", {"step": 1, "phase": "cost"}, (1, "cost", None)),
        ("settings", {"batch_size": 3}, (1, "update", None)),
        ("parameters", {"biases": [{"layer": 2, "j": 1, "value": 3}]}, (1, "update", None)),
    ],
)
def test_what_moves_or_changes_first_pauses_at_the_end_of_the_current_step(
    method: str, body: dict[str, Any], end: tuple[int, str, int | None]
) -> None:
    session = small()
    do(session, "play", unit="phase", per_second=10)
    session.tick(0.0, 1.0)
    session.tick(0.1, 1.0)
    assert at(session) == (1, "feedforward", 3)
    told = do(session, method, **body)
    assert (at(session), told["playing"], told["revision"]) == (end, False, 3)
    assert [reason for reason, *_ in reasons(session)][:2] == ["played", "paused"]


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("step", {"count": 10_000, "unit": "epoch"}),
        ("seek", {"step": 99}),
        ("seek", {"step": 1, "phase": "gate"}),
        ("settings", {"batch_size": 10**6}),
        ("parameters", {}),
        ("undo", {}),
        ("redo", {}),
        ("play", {"until": {"step": 1}}),
    ],
)
def test_what_is_refused_does_not_even_pause(method: str, body: dict[str, Any]) -> None:
    session = small(Limits(steps=1_000))
    do(session, "step")
    do(session, "play", unit="phase", per_second=10)
    session.tick(0.0, 1.0)
    before = session.cursor, session.revision, session.timeline.log, session.player
    with pytest.raises((Conflict, Invalid)):
        do(session, method, **body)
    assert (session.cursor, session.revision, session.timeline.log, session.player) == before


def test_pause_stops_where_it_stands() -> None:
    session = small()
    do(session, "play", unit="phase", per_second=10)
    session.tick(0.0, 1.0)
    told = do(session, "pause")
    assert (at(session), told["playing"], told["play"]) == ((1, "feedforward", 2), False, None)
    assert not session.tick(5.0, 1.0)


def test_playing_raises_the_revision_only_when_it_ends_by_itself() -> None:
    session = small()
    do(session, "play", per_second=0, until={"step": 500})
    assert session.revision == 2
    session.tick(0.0, 0.0)
    assert session.revision == 2
    play_out(session)
    assert session.revision == 3
    assert reasons(session) == [("played", False, 3), ("until", False, 3)]


@pytest.mark.parametrize("unit", ["phase", "step"])
def test_until_a_step_is_exact(unit: str) -> None:
    session = small()
    do(session, "play", unit=unit, per_second=0, until={"step": 7})
    play_out(session)
    assert at(session) == (7, "update", None)


@pytest.mark.parametrize("until", [{"cost": 0.2}, {"accuracy": 0.9}])
@pytest.mark.parametrize("test_fraction", [0.0, 0.2])
def test_until_looks_at_the_test_figure_else_training_at_the_ends_of_epochs(
    until: dict[str, float], test_fraction: float
) -> None:
    config: dict[str, Any] = {"dataset": {"name": "gaussians", "size": 50}, "layers": [2, 4, 3]}
    config["test_fraction"] = test_fraction
    session, other = small(**config), small(**config)
    do(session, "play", per_second=0, until=until)
    play_out(session)
    (what, wanted), part = *until.items(), "test" if test_fraction else "train"
    while True:
        found = do(other, "step", unit="epoch")[what][part]
        if found <= wanted if what == "cost" else found >= wanted:
            break
    assert at(session) == at(other)
    assert session.drain_events()[-1]["message"].startswith(f"The {'test' if test_fraction else 'training'} {what} is ")


def test_until_what_cannot_come_is_refused() -> None:
    session = small(dataset={"name": "plane", "size": 50}, layers=[2, 3, 1])
    with pytest.raises(Invalid, match="no accuracy: use cost"):
        do(session, "play", until={"accuracy": 0.5})
    do(session, "step", count=3)
    with pytest.raises(Invalid, match="Step 3 is done already"):
        do(session, "play", until={"step": 3})
    assert not session.playing


def test_playing_ends_at_the_limit_of_steps() -> None:
    session = small(Limits(steps=12))
    do(session, "play", per_second=0)
    play_out(session)
    assert at(session) == (12, "update", None)
    assert reasons(session)[-1] == ("limit", False, 3)


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("unit", ["phase", "step"])
def test_playing_ends_where_numbers_are_no_longer_finite(unit: str, traced: bool) -> None:
    config: dict[str, Any] = {"layers": [2, 8, 8, 2], "activations": ["relu", "relu", "linear"], "cost": "quadratic"}
    session, other = (small(**config, optimizer={"learning_rate": 1e3}) for _ in range(2))
    do(session, "play", unit=unit, per_second=0)
    for _ in range(10_000):
        session.tick(0.0, 0.001, traced=traced)
    do(other, "step", count=100)
    assert not session.playing
    assert at(session) == at(other)
    assert view(session)["not_finite"] == view(other)["not_finite"]
    assert reasons(session)[-1] == ("not_finite", False, 3)


def test_an_unknown_data_set_is_refused() -> None:
    with pytest.raises(InvalidConfig):
        small(dataset={"name": "nothing"})
