"""Lessons are well made, and their questions are checked by the engine's numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.hosting.library import Library
from app.lessons.checking import Numbers, Unanswerable, check, done, heading, largest, value
from app.lessons.lesson import Ask, Direction, Quantity
from app.lessons.library import FOLDER, LessonError, lessons, read
from app.sessions.config import SessionConfig
from app.sessions.filling import fill
from app.sessions.limits import Limits

TRACE = {
    "cost": {"example": 17.0},
    "layers": [
        {"layer": 1, "a": [1, 2]},
        {
            "layer": 2,
            "delta": [3.0, -4.0],
            "sent": [[1.0, -9.0], [2.0, 3.0]],
            "w": [[1, 2], [3, 4]],
            "charged": [[1, 1], [2, 0]],
        },
    ],
}
VIEW: dict[str, Any] = {
    "accuracy": {"train": 0.5, "test": None},
    "cursor": {"step": 2, "phase": "send_back", "layer": 3},
    "config": {"feedback": {"name": "random"}},
}


def numbers(view: dict[str, Any] | None = None) -> Numbers:
    """A step worked out by hand."""
    comparison = {
        "feedback": "random",
        "operators": [{"name": "random", "layers": [{"layer": 2, "chain": {"angle": 71.5}}]}],
    }
    return Numbers(
        view or VIEW,
        lambda: TRACE,
        lambda: comparison,
        lambda _: {"worst_cosine": 0.8, "inverse": {"vector": [0.0, -2.0, None]}},
    )


def ask(**given: Any) -> Ask:
    """A question."""
    return Ask.model_validate_json(json.dumps({"question": "?", "said": "Yes.", "hint": "No.", **given}))


@pytest.mark.parametrize("name", sorted(path.stem for path in (FOLDER / "en").glob("*.toml")))
def test_every_lesson_opens_sessions_that_there_can_be(name: str, tmp_path: Path) -> None:
    lesson = lessons()[name]
    assert lesson.steps[0].stage.session is not None
    for step in lesson.steps:
        if step.stage.session is not None:
            fill(SessionConfig.model_validate(step.stage.session), Library(tmp_path), Limits())
        if step.ask is not None:
            assert step.ask.said != step.ask.hint


def test_another_language_falls_back_to_english() -> None:
    assert lessons("xx") == lessons("en")


def test_a_file_that_is_no_lesson_is_told_by_name_and_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("title = ")
    with pytest.raises(LessonError, match=r"broken\.toml"):
        read(broken)
    broken.write_text('title = "A"\nabout = "B"\nminutes = 1\nsteps = [{title = "x", text = "y", colour = "red"}]')
    with pytest.raises(LessonError, match="colour"):
        read(broken)


def test_numbers_are_looked_up_by_the_names_of_the_trace() -> None:
    of = numbers()
    assert value(Quantity(of="sent", layer=2, j=1, k=2), of) == -9
    assert value(Quantity(of="norm", layer=2), of) == 5
    assert value(Quantity(of="ledger", layer=2), of) == 1 + 2 + 6 + 0
    assert value(Quantity(of="ledger", layer=2, j=2, k=1), of) == 6
    assert value(Quantity(of="cost"), of) == 17
    assert value(Quantity(of="accuracy"), of) == 0.5
    assert value(Quantity(of="angle", layer=2), of) == 71.5
    assert value(Quantity(of="worst_cosine", layer=2), of) == 0.8
    for absent in (
        Quantity(of="delta", layer=9, j=1),
        Quantity(of="delta", layer=2, j=7),
        Quantity(of="nothing", layer=2),
    ):
        with pytest.raises(Unanswerable):
            value(absent, of)
    assert largest("sent", 2, TRACE) == [1, 2]
    assert largest("delta", 2, TRACE) == [2]


def test_a_number_may_be_a_little_off_and_a_place_may_not() -> None:
    number = ask(kind="number", quantity={"of": "sent", "layer": 2, "j": 1, "k": 2})
    assert [check(number, given, numbers()).right for given in (-9, -9.1, -9.5, 9, None, True)] == [
        True, True, False, False, False, False,
    ]  # fmt: skip
    connection = ask(kind="connection", largest="sent", layer=2)
    assert [check(connection, given, numbers()).right for given in ([2, 1, 2], [2, 2, 1], None)] == [True, False, False]
    assert check(connection, None, numbers()).answer == [2, 1, 2]
    choice = ask(kind="choice", options=["a", "b"], right=2)
    assert [check(choice, given, numbers()).right for given in (1, 2, 0)] == [False, True, False]


def test_an_arrow_is_checked_by_the_degrees_that_it_misses_whichever_way_round() -> None:
    arrow = ask(kind="arrow", direction={"of": "delta", "layer": 2}, axes=["1", "2"], degrees=10)
    wanted = -53.130102  # of (3, −4)
    for given, right, off in ((-53.130102, True, 0), (-44, True, 9.13), (-64, False, 10.87), (126.869898, False, 180)):
        checked = check(arrow, given, numbers())
        assert checked.right is right
        assert checked.answer == pytest.approx(wanted)
        assert checked.off == pytest.approx(off, abs=0.01)
    assert check(arrow, 306.87, numbers()).off == pytest.approx(0, abs=0.01)  # once around
    for strange in (None, True, "up", float("inf")):
        assert check(arrow, strange, numbers()) == check(arrow, None, numbers())
    assert heading(Direction(of="inverse", layer=2), numbers()) == -90
    assert heading(Direction(of="delta", layer=2, across=2, up=1), numbers()) == pytest.approx(143.130102)


@pytest.mark.parametrize(
    "direction",
    [
        {"of": "delta", "layer": 9},
        {"of": "nothing", "layer": 2},
        {"of": "inverse", "layer": 2, "across": 3},
        {"of": "inverse", "layer": 2, "up": 1},
        {"of": "delta", "layer": 2, "up": 3},
    ],
)
def test_an_arrow_of_numbers_that_are_not_there_cannot_be_asked_for(direction: dict[str, Any]) -> None:
    with pytest.raises(Unanswerable):
        check(ask(kind="arrow", direction=direction, axes=["1", "2"]), 0, numbers())


def test_what_is_to_be_done_is_seen_in_the_session() -> None:
    def reached(**until: Any) -> bool:
        return done(ask(kind="do", until=until), None, VIEW)

    assert reached(step=1)
    assert reached(step=2, phase="output_error", layer=4)
    assert reached(step=2, phase="send_back", layer=3)
    assert not reached(step=2, phase="gate", layer=3)
    assert not reached(step=2, phase="send_back", layer=2)
    assert not reached(step=2, phase="update")
    assert done(ask(kind="do", until="random"), None, VIEW)
    assert not done(ask(kind="do", until="transpose"), None, VIEW)
    assert done(ask(kind="do", until="turned"), "turned", VIEW)
    assert not done(ask(kind="do", until="turned"), None, VIEW)
    assert done(ask(kind="do", accuracy=0.5), None, VIEW)
    assert not done(ask(kind="do", accuracy=0.6), None, VIEW)


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "choice", "options": ["a"]},
        {"kind": "number"},
        {"kind": "connection"},
        {"kind": "do"},
        {"kind": "arrow"},
        {"kind": "arrow", "direction": {"of": "delta", "layer": 2}, "axes": ["1"]},
    ],
)
def test_a_question_without_its_check_is_no_question(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="lacks what it is checked by"):
        ask(**given)
