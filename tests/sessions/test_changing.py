"""Changed settings, edited weights, undo and redo."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.sessions import changing
from app.sessions.errors import Conflict, Invalid, InvalidConfig, SessionError
from app.sessions.limits import Limits
from app.sessions.requests import SeekRequest
from app.sessions.session import Session
from app.sessions.work import finish
from tests.sessions.made import at, bits, do, parameters, small, trace, view

EDIT: dict[str, Any] = {
    "weights": [{"layer": 2, "j": 1, "k": 2, "value": 0.5}],
    "biases": [{"layer": 4, "j": 2, "value": -0.25}],
}


def state(session: Session) -> tuple[Any, ...]:
    return session.timeline.log, session.cursor, session.revision, dict(session.example), session.playing


# -- settings


def test_changed_settings_hold_from_the_next_step_on() -> None:
    session, other = small(), small()
    for each in (session, other):
        do(each, "step", count=3)
    told = do(session, "settings", optimizer={"learning_rate": 0.01})
    assert told["config"]["optimizer"] == {"name": "sgd", "learning_rate": 0.01}
    assert told["pending"] == {}
    assert bits(session) == bits(other)
    for each in (session, other):
        do(each, "step")
    assert bits(session) != bits(other)
    do(session, "back", count=2)
    assert view(session)["config"]["optimizer"]["learning_rate"] == other.config()["optimizer"]["learning_rate"]


def test_in_mid_step_a_change_is_pending_until_the_step_is_complete() -> None:
    session, other = small(), small()
    for each in (session, other):
        do(each, "step", count=3)
        do(each, "step", unit="phase", count=4)
    told = do(session, "settings", batch_size=5, feedback={"name": "none"})
    assert told["pending"] == {"batch_size": 5, "feedback": {"name": "none"}}
    assert told["config"]["batch_size"] == 8
    assert told["cursor"] == view(other)["cursor"]
    assert trace(session) == trace(other)
    for each in (session, other):
        do(each, "step")
    assert bits(session) == bits(other)
    told = view(session)
    assert (told["pending"], told["config"]["batch_size"]) == ({}, 5)
    do(session, "step")
    assert trace(session)["batch"]["size"] == 5


def test_a_change_in_the_past_cuts_what_came_after_and_says_so() -> None:
    session = small()
    do(session, "step", count=9)
    do(session, "back", count=4)
    told = do(session, "settings", optimizer={"name": "adam"})
    assert (told["discarded_steps"], told["last_step"], told["epoch"]) == (4, 5, 1)
    do(session, "step")
    do(session, "seek", step=3, phase="cost")
    assert do(session, "settings", batch_size=4)["discarded_steps"] == 3


@pytest.mark.parametrize(
    "patch", [{}, {"batch_size": 8}, {"feedback": {"name": "transpose"}}, {"example": {"index": 9}}]
)
def test_what_changes_nothing_cuts_nothing(patch: dict[str, Any]) -> None:
    session = small()
    do(session, "step", count=9)
    do(session, "back", count=4)
    told = do(session, "settings", **patch)
    assert (told["discarded_steps"], told["last_step"], told["can_undo"]) == (0, 9, False)


def test_a_new_batch_size_goes_on_from_the_next_example() -> None:
    session = small(shuffle=False, test_fraction=0)  # 50 examples
    do(session, "step", count=3)
    do(session, "settings", batch_size=20)
    do(session, "step")
    assert trace(session)["batch"]["indices"] == list(range(24, 44))
    do(session, "step")
    assert trace(session)["batch"]["indices"] == list(range(44, 50))
    assert view(session)["epoch"] == 1
    do(session, "step")
    assert trace(session)["batch"]["indices"] == list(range(20))
    assert view(session)["epoch"] == 2


def test_the_optimizers_state_stays_when_its_numbers_change_and_starts_anew_with_another_rule() -> None:
    session = small(optimizer={"name": "adam", "learning_rate": 0.01})
    do(session, "step", count=3)
    do(session, "settings", optimizer={"learning_rate": 0.02})
    do(session, "step")
    assert finish(session.timeline.result(4)).t == 4
    do(session, "settings", optimizer={"name": "rmsprop"})
    do(session, "step")
    assert finish(session.timeline.result(5)).t == 1


@pytest.mark.parametrize(
    ("patch", "place", "sentence"),
    [
        ({"batch_size": 41}, ["batch_size"], "There are 40 training examples, so a mini-batch has at most 40; 41 was"),
        (
            {"optimizer": {"momentum": 0.5}},
            ["optimizer", "momentum"],
            "sgd has no momentum: leave it out, or use momen",
        ),
        ({"regularization": {"lambda": 1}}, ["regularization", "name"], "lambda weighs a penalty: say which, name l1"),
        ({"example": {"position": 8}}, ["example", "position"], "A mini-batch has 8 examples, 0 to 7; 8 was given."),
        ({"example": {"index": 50}}, ["example", "index"], "The data set has 50 examples, 0 to 49; 50 was given."),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_changes_nothing_not_even_playing(
    patch: dict[str, Any], place: list[str], sentence: str
) -> None:
    session = small()
    do(session, "step", count=3)
    do(session, "play", unit="phase", per_second=10)
    session.tick(0.0, 1.0)
    before = state(session)
    with pytest.raises(InvalidConfig) as refused:
        do(session, "settings", **patch)
    assert refused.value.loc == ("body", *place)
    assert refused.value.msg.startswith(sentence)
    assert state(session) == before


def test_an_example_beyond_a_smaller_mini_batch_is_shown_as_its_last_one_and_comes_back() -> None:
    session = small(example={"position": 7})
    do(session, "step", count=2)
    told = do(session, "settings", batch_size=3)
    assert told["config"]["example"] == {"position": 2}
    do(session, "step")
    assert trace(session)["example"]["position"] == 2
    do(session, "back", count=2)
    assert view(session)["config"]["example"] == {"position": 7}
    assert trace(session)["example"]["position"] == 7


# -- edits


@pytest.mark.parametrize("steps", [0, 3])
def test_an_edit_sets_the_numbers_where_the_session_stands(steps: int) -> None:
    session = small(optimizer={"name": "momentum"})
    if steps:
        do(session, "step", count=steps)
    before = view(session, include_parameters=True)
    velocity = finish(session.timeline.result(steps)).arrays["velocity"]
    do(session, "parameters", **EDIT)
    after = view(session, include_parameters=True)
    before["weights"][0][0][1], before["biases"][2][1] = 0.5, -0.25
    assert (after["weights"], after["biases"]) == (before["weights"], before["biases"])
    assert after["cost"] != before["cost"]
    assert (finish(session.timeline.result(steps)).arrays["velocity"] == velocity).all()


def test_the_trace_keeps_the_steps_own_result_when_it_is_edited_later() -> None:
    session = small()
    do(session, "step", count=3)
    before = trace(session)
    do(session, "parameters", **EDIT)
    assert trace(session) == before
    frame = finish(session.frame_data())
    assert frame["layers"][1]["w_after"][0, 1] == 0.5
    do(session, "step")
    assert trace(session)["layers"][1]["w"][0][1] == 0.5


def test_edits_in_mid_step_are_refused_in_a_sentence() -> None:
    session = small()
    do(session, "step", unit="phase", count=3)
    before = state(session)
    with pytest.raises(Conflict, match="in the middle of step 1, after feedforward"):
        do(session, "parameters", **EDIT)
    assert state(session) == before


def test_an_edit_that_changes_nothing_cuts_nothing() -> None:
    session = small()
    do(session, "step", count=3)
    do(session, "back")
    value = view(session, include_parameters=True)["weights"][0][0][1]
    told = do(session, "parameters", weights=[{"layer": 2, "j": 1, "k": 2, "value": value}])
    assert (told["discarded_steps"], told["last_step"], told["can_undo"]) == (0, 3, False)


@pytest.mark.parametrize(
    ("body", "place", "sentence"),
    [
        ({}, [], "Give weights or biases to set"),
        ({"weights": []}, [], "Give weights or biases to set"),
        ({"weights": [{"layer": 5, "j": 1, "k": 1, "value": 0}]}, ["weights", 0, "layer"], "Weights and biases are th"),
        ({"weights": [{"layer": 2, "j": 5, "k": 1, "value": 0}]}, ["weights", 0, "j"], "Layer 2 has 4 neurons, 1 to 4"),
        ({"weights": [{"layer": 2, "j": 1, "k": 3, "value": 0}]}, ["weights", 0, "k"], "Layer 1 has 2 neurons, 1 to 2"),
        ({"biases": [{"layer": 3, "j": 4, "value": 0}]}, ["biases", 0, "j"], "Layer 3 has 3 neurons, 1 to 3; 4 was"),
    ],
)
def test_edits_of_what_is_not_there_are_refused(body: dict[str, Any], place: list[str | int], sentence: str) -> None:
    session = small()
    before = state(session)
    with pytest.raises(Invalid) as refused:
        do(session, "parameters", **body)
    assert refused.value.loc == ("body", *place)
    assert refused.value.msg.startswith(sentence)
    assert state(session) == before


# -- undo and redo


def test_undo_brings_back_the_steps_that_a_change_cut_and_redo_takes_them_again() -> None:
    session = small()
    do(session, "step", count=9)
    end = bits(session)
    do(session, "seek", step=4)
    do(session, "settings", optimizer={"learning_rate": 0.05})
    do(session, "step", count=2)
    other = bits(session)
    told = do(session, "undo")
    assert at(session) == (4, "update", None)
    assert (told["last_step"], told["discarded_steps"], told["can_undo"], told["can_redo"]) == (9, 2, False, True)
    do(session, "seek", step=9)
    assert bits(session) == end
    told = do(session, "redo")
    assert (at(session), told["discarded_steps"]) == ((6, "update", None), 5)
    assert bits(session) == other


def test_undo_takes_back_one_thing_at_a_time_the_newest_first() -> None:
    session = small()
    numbers = [parameters(session)]
    for value in (0.1, 0.2, 0.3):
        do(session, "parameters", biases=[{"layer": 2, "j": 1, "value": value}])
        numbers.append(parameters(session))
    for expected in reversed(numbers[:-1]):
        do(session, "undo")
        assert (parameters(session) == expected).all()
    with pytest.raises(Conflict, match="nothing to undo"):
        do(session, "undo")
    for expected in numbers[1:]:
        do(session, "redo")
        assert (parameters(session) == expected).all()
    with pytest.raises(Conflict, match="nothing to redo"):
        do(session, "redo")


def test_a_new_change_leaves_nothing_to_redo() -> None:
    session = small()
    do(session, "settings", batch_size=4)
    do(session, "undo")
    do(session, "settings", batch_size=5)
    with pytest.raises(Conflict):
        do(session, "redo")


def test_undo_in_mid_step_takes_back_what_is_pending() -> None:
    session = small()
    do(session, "step", unit="phase", count=5)
    do(session, "settings", batch_size=4)
    told = do(session, "undo")
    assert (told["pending"], told["cursor"]["phase"]) == ({}, session.points.phases[4][0])


# -- limits


def test_a_session_keeps_so_many_actions_and_no_more() -> None:
    session = small(Limits(actions=2))
    do(session, "settings", batch_size=4)
    do(session, "step")
    do(session, "parameters", **EDIT)
    before = state(session)
    edit: dict[str, Any] = {"weights": [{"layer": 2, "j": 2, "k": 2, "value": 9}]}
    changed: dict[str, Any] = {"batch_size": 5}
    for method, body in (("settings", changed), ("parameters", edit)):
        with pytest.raises(Conflict, match="keeps at most 2 edits, changed settings and added examples"):
            do(session, method, **body)
    assert state(session) == before


def test_a_session_keeps_so_many_edited_numbers_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "EDITED_NUMBERS", 3)
    session = small()
    do(session, "parameters", **EDIT)
    with pytest.raises(Conflict, match="keeps at most 3 edited weights and biases; this one has 2, and 2 were given"):
        do(session, "parameters", biases=[{"layer": 2, "j": j, "value": 9} for j in (1, 2)])


def test_only_so_much_can_be_undone_and_what_it_keeps_is_bounded() -> None:
    session = small(Limits(undo=3, memory_bytes=300_000), layers=[2, 20, 20, 2])
    session.timeline.checkpoints.spacing = 1
    for size in (2, 3, 4, 5, 6):
        do(session, "step", count=10)
        do(session, "back", count=9)
        do(session, "settings", batch_size=size)
    kept = sum(moment.branch.memory_bytes() for moment in session._undo)
    assert kept <= 300_000 / changing.UNDO_SHARE + 10_000
    for _ in range(3):
        do(session, "undo")
    with pytest.raises(Conflict):
        do(session, "undo")


def test_a_fork_goes_its_own_way() -> None:
    session = small(feedback={"name": "frozen"})
    do(session, "step", count=8)
    do(session, "seek", step=5, phase="cost")
    fork = session.fork()
    assert (at(fork), view(fork)["last_step"], fork.revision) == (at(session), 5, 1)
    assert trace(fork) == trace(session)
    for each in (session, fork):
        do(each, "step", count=3)
    assert bits(fork) == bits(session)
    do(fork, "settings", batch_size=2)
    do(fork, "step", count=3)
    assert view(session)["last_step"] == 8
    assert view(session)["config"]["batch_size"] == 8
    with pytest.raises(SessionError):
        do(session, "undo")


def test_a_fork_at_the_end_of_a_step_has_what_was_edited_there_and_in_mid_step_has_not() -> None:
    session = small()
    do(session, "step", count=3)
    do(session, "parameters", **EDIT)
    assert np.array_equal(parameters(session.fork()), parameters(session))
    do(session, "seek", step=3, phase="cost")
    fork = session.fork()
    do(fork, "step")
    assert parameters(fork)[1] != 0.5


@pytest.mark.parametrize("phase", [{}, {"phase": "send_back", "layer": 2}, {"phase": "cost"}])
def test_a_fork_at_another_point_is_the_session_that_was_sought_there(phase: dict[str, Any]) -> None:
    session, other = small(), small()
    for each in (session, other):
        do(each, "step", count=3)
        do(each, "parameters", **EDIT)
        do(each, "step", count=5)
    before = state(session)
    fork = finish(session.fork_at(SeekRequest(step=4, **phase)))
    do(other, "seek", step=4, **phase)
    assert (at(fork), view(fork)["last_step"]) == (at(other), 4)
    assert bits(fork) == bits(other)
    assert trace(fork) == trace(other)
    assert state(session) == before
    do(fork, "step", count=2)
    do(other, "step", count=2)
    assert bits(fork) == bits(other)


def test_a_fork_where_the_session_never_was_is_refused() -> None:
    session = small()
    do(session, "step", count=2)
    with pytest.raises(Invalid, match=r"steps 0 \(the start\) to 2; 3 was given"):
        finish(session.fork_at(SeekRequest(step=3)))
    with pytest.raises(Invalid, match="has several layers"):
        finish(session.fork_at(SeekRequest(step=1, phase="gate")))


# -- what is told of actions


def test_undo_and_redo_say_what_they_take_back_and_do_again() -> None:
    session = small()
    do(session, "step", count=3)
    rate = session.config()["optimizer"]["learning_rate"]
    told = do(session, "settings", optimizer={"learning_rate": 0.01}, batch_size=4)
    action = {
        "after": 3,
        "settings": [
            {"name": "learning_rate", "before": rate, "after": 0.01},
            {"name": "batch_size", "before": 8, "after": 4},
        ],
        "weights": 0,
        "biases": 0,
        "examples": 0,
    }
    assert (told["undo"], told["redo"]) == (action, None)
    edited = do(session, "parameters", **EDIT)
    assert edited["undo"] == {"after": 3, "settings": [], "weights": 1, "biases": 1, "examples": 0}
    undone = do(session, "undo")
    assert (undone["undo"], undone["redo"]) == (action, edited["undo"])
    undone = do(session, "undo")
    assert (undone["undo"], undone["redo"]) == (None, action)


def test_numbers_that_a_rule_has_not_are_told_as_null() -> None:
    session = small(optimizer={"name": "sgd", "learning_rate": 0.5})
    told = do(session, "settings", optimizer={"name": "momentum", "learning_rate": 0.5})
    assert told["undo"]["settings"] == [
        {"name": "optimizer", "before": "sgd", "after": "momentum"},
        {"name": "momentum", "before": None, "after": 0.9},
    ]


def test_the_history_tells_what_was_done_after_which_step() -> None:
    session = small()
    do(session, "parameters", **EDIT)
    do(session, "step", count=3)
    do(session, "settings", batch_size=4)
    do(session, "parameters", weights=EDIT["weights"])
    do(session, "step", count=4)
    told = finish(session.history())
    size = {"name": "batch_size", "before": 8, "after": 4}
    assert told["actions"] == [
        {"after": 0, "settings": [], "weights": 1, "biases": 1, "examples": 0},
        {"after": 3, "settings": [size], "weights": 1, "biases": 0, "examples": 0},
    ]
    assert told["batch_sizes"] == [[0, 8], [3, 4]]
    do(session, "seek", step=2)
    do(session, "settings", feedback={"name": "random"})
    assert [action["after"] for action in finish(session.history())["actions"]] == [0, 2]


def test_viewers_are_told_how_many_steps_a_change_cut_off() -> None:
    session = small()
    do(session, "step", count=9)
    do(session, "back", count=4)
    session.drain_events()
    told = [do(session, "settings", batch_size=4), do(session, "undo"), do(session, "redo")]
    assert [event["discarded_steps"] for event in session.drain_events()] == [
        answer["discarded_steps"] for answer in told
    ]
    assert told[0]["discarded_steps"] == 4
