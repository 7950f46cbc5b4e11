"""The worker's loop, in this process, with a pipe and a clock that are set by hand."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections import Counter, deque
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.hosting import archive, worker
from app.hosting.archive import Archive
from app.hosting.capacity import Capacity
from app.hosting.messages import NO_ANSWER, Answer, Call, Deserted, Event, Message
from app.hosting.registry import SAVE_S, SetAside
from app.hosting.worker import HOUSEKEEPING_S, Worker
from app.sessions.config import NamedDataset, SessionConfig
from app.sessions.errors import NotFound, Unwritten
from app.sessions.limits import Limits
from app.sessions.requests import NewExample, PlayRequest, StepRequest, Until
from app.sessions.session import Session
from app.sessions.timeline import CHUNK
from app.sessions.work import Work
from app.storage import Database, DataFolder, Documents, Superseded

FLAT_OUT = PlayRequest(per_second=0)


class Pipe:
    """The worker's end: calls that are there, and a clock that moves on while the worker waits."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.calls: deque[Call | None] = deque()
        self.waits: list[float] = []
        self.until: Callable[[], bool] = lambda: True

    def poll(self, timeout: float) -> bool:
        if not self.calls:
            self.waits.append(timeout)
            self.clock.now += max(timeout, 0.001)
            if self.until():
                self.calls.append(None)
        return bool(self.calls)

    def recv(self) -> Call | None:
        return self.calls.popleft()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Bench:
    """A worker, with what it has sent."""

    def __init__(self, path: Path, resume: bool = True, **capacity: Any) -> None:
        with DataFolder(path) as folder:
            self.database = Database(folder.database)
        self.clock = Clock()
        self.pipe = Pipe(self.clock)
        self.sent: list[Message] = []
        settings = (Limits(), Capacity(**capacity), resume)
        self.worker = Worker(self.database, folder.datasets, *settings, self.sent.append, self.clock)
        self.counts = SimpleNamespace(asked=0, beats=0)
        self.number = 0

    def run(self, *calls: tuple[Any, ...], until: Callable[[], bool] = lambda: True) -> list[Any]:
        """Make the calls (method, session, arguments …) and work until they are done and it is so; their answers."""
        numbers = []
        for method, session, *arguments in calls:
            self.number += 1
            numbers.append(self.number)
            self.pipe.calls.append(Call(self.number, method, session, tuple(arguments)))
        answered = self.answers
        self.pipe.until = lambda: set(numbers) <= answered().keys() and until()
        self.worker.run(self.pipe, self.counts)  # type: ignore[arg-type]
        return [answered()[number] for number in numbers]

    def answers(self) -> dict[int, Any]:
        return {
            message.number: message.refusal or message.fault or message.value
            for message in self.sent
            if isinstance(message, Answer)
        }

    def events(self, kind: str) -> list[Event]:
        return [message for message in self.sent if isinstance(message, Event) and message.kind == kind]

    def saved(self) -> bool:
        """Whether nothing is to be saved now."""
        return all(due > self.clock.now for due, _ in self.worker._registry.unsaved())

    def frames(self) -> Counter[str]:
        """Frames that each session has sent."""
        return Counter(event.session for kind in ("key", "frame") for event in self.events(kind))


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_call_is_answered_once_and_one_without_a_number_never(bench: Bench) -> None:
    bench.run(("create", "a", "me", SessionConfig()))
    bench.pipe.calls.append(Call(NO_ANSWER, "perform", "a", ("step", None, None)))
    (view,) = bench.run(("view", "a", False))
    assert view["cursor"]["step"] == 1
    assert len(bench.answers()) == len(bench.sent) == 2


def test_the_view_of_the_moment_before_is_without_what_was_answered_beside_it(bench: Bench) -> None:
    """What is answered at once, while a command is at work."""
    example = NewExample(inputs=[0.5, 0.5], label=0)
    _, added = bench.run(("create", "a", "me", SessionConfig()), ("perform", "a", "examples", example, None))
    (view,) = bench.run(("view", "a", False))
    hosted = bench.worker._registry.find("a")
    assert hosted is not None
    hosted.view = None
    (again,) = bench.run(("perform", "a", "examples", example, None))
    kept = hosted.view
    assert kept is not None
    assert added.keys() - view.keys() == again.keys() - kept.keys() == {"index", "discarded_steps"}


def test_sessions_play_in_the_turns_that_the_call_names_else_in_their_owner_s(bench: Bench) -> None:
    made = [("create", name, f"owner of {name}", SessionConfig()) for name in "abc"]
    shares = {"a": ("192.0.2.1 0",), "b": ("192.0.2.1 0",), "c": ()}
    playing = [("perform", name, "play", FLAT_OUT, None, name, *share) for name, share in shares.items()]
    bench.run(*made, *playing)
    assert {share: sorted(own) for share, own in bench.worker._scheduler._own.items()} == {
        "192.0.2.1 0": ["a", "b"],
        "owner of c": ["c"],
    }


class Died(BaseException):
    """The process, in the middle of something."""


def test_sessions_that_were_loaded_beside_one_that_is_deadly_are_not_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = []

    def slowly(session: Session, entry: object) -> Work[None]:
        loading.append(session.fixed_config["seed"])
        if session.fixed_config["seed"] == 2:
            yield
            raise Died
        for _ in range(100):
            yield

    first = Bench(tmp_path)
    for number, name in enumerate("abc", 1):
        first.run(("create", name, "me", SessionConfig(seed=number)), ("perform", name, "step", None, None))
    monkeypatch.setattr(Session, "replay", slowly)
    calls = [("view", name, True) for name in "abc"]
    for _ in range(3):
        with pytest.raises(Died):
            Bench(tmp_path, resume=False).run(*calls)
    assert loading.count(2) == 3
    a, b, c = Bench(tmp_path, resume=False).run(*calls)
    assert isinstance(b, SetAside)
    assert (a["config"]["seed"], c["config"]["seed"]) == (1, 3)


def test_a_session_that_is_being_loaded_when_the_worker_is_told_to_stop_has_done_nothing(tmp_path: Path) -> None:
    first = Bench(tmp_path)
    first.run(("create", "a", "me", SessionConfig()), ("perform", "a", "step", StepRequest(count=3_000), None))
    first.database.close()
    bench = Bench(tmp_path)
    waking = bench.worker._registry.get("a")
    next(waking)
    assert Archive(bench.database).wakings("a") == 1
    bench.worker.close()
    assert Archive(bench.database).wakings("a") == 0


def test_a_fault_of_ours_is_answered_logged_and_survived(
    bench: Bench, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> object:
        raise KeyError("x")

    bench.run(("create", "a", "me", SessionConfig()))
    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr("app.sessions.session.Session.history", fail)
        (fault,) = bench.run(("read", "a", "history", 500))
    assert fault == "read: KeyError: 'x'"
    assert "read of session a failed" in caplog.text
    (history,) = bench.run(("read", "a", "history", 500))
    assert "steps" in history


def test_when_the_server_has_gone_a_worker_ends_without_a_word_about_what_it_was_doing(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.run(("create", "a", "me", SessionConfig()), ("create", "b", "me", SessionConfig()))

    def gone(message: Message) -> None:
        raise Deserted

    bench.worker._send = gone
    hosted = bench.worker._registry.find("b")
    assert hosted is not None
    hosted.feed._push = gone
    with caplog.at_level(logging.INFO):
        for call in (("view", "a", True), ("delete", "a", None), ("subscribe", "b")):
            with pytest.raises(Deserted):
                bench.run(call, until=lambda: False)
    assert not caplog.records


def test_thirty_sessions_that_play_flat_out_all_move_and_are_all_shown(bench: Bench) -> None:
    names = [f"s{number}" for number in range(30)]
    bench.run(*[("create", name, "me", SessionConfig()) for name in names])
    bench.run(*[("subscribe", name) for name in names], *[("perform", name, "play", FLAT_OUT, None) for name in names])
    bench.run(until=lambda: min(bench.frames()[name] for name in names) >= 8)
    frames = bench.frames()
    assert max(frames.values()) <= 2 * min(frames.values())
    views = bench.run(*[("view", name, False) for name in names])
    steps = [view["cursor"]["step"] for view in views]
    assert min(steps) > 0


def test_a_call_comes_before_the_next_slice_of_thirty_sessions_that_play(bench: Bench) -> None:
    names = [f"s{number}" for number in range(30)]
    bench.run(*[("create", name, "me", SessionConfig()) for name in (*names, "quiet")])
    bench.run(*[("perform", name, "play", FLAT_OUT, None) for name in names])
    bench.run(until=bench.saved)
    slices: list[str] = []
    tick = bench.worker.tick
    bench.worker.tick = lambda name, hosted: (slices.append(name), tick(name, hosted))[1]  # type: ignore[method-assign,func-returns-value]
    bench.run(until=lambda: len(slices) >= 60)
    assert Counter(slices) == Counter(dict.fromkeys(names, 2))
    before = len(slices)
    bench.run(("view", "quiet", False))
    assert len(slices) - before <= 1


def test_a_call_that_has_come_ends_a_slice(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FRAME_S", "SLICE_S"):
        monkeypatch.setattr(worker, name, 3_600.0)
    bench.run(("create", "a", "me", SessionConfig()))
    bench.counts.asked = 1_000  # there is always one more
    bench.run(("perform", "a", "play", FLAT_OUT, None))
    hosted = bench.worker._registry.find("a")
    assert hosted is not None
    bench.run(until=lambda: hosted.session.cursor.step > 0)
    assert hosted.session.cursor.step <= CHUNK


def test_a_session_that_is_being_saved_says_at_once_where_it_stands(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "SLICE_S", 0.0)
    bench.run(("create", "a", "me", SessionConfig()), ("perform", "a", "play", FLAT_OUT, None))
    bench.clock.now += SAVE_S
    hosted = bench.worker._registry.find("a")
    assert hosted is not None
    bench.run(until=lambda: hosted.saving)
    bench.worker.handle(Call(1_000, "view", "a", (False,)))
    assert bench.answers()[1_000]["cursor"] == hosted.session.cursor.as_dict()
    assert bench.worker._archive.journal("a")[-1][1] == hosted.session.played()
    bench.run(until=lambda: not hosted.saving)
    assert bench.worker._archive.at_rest("a") is None
    (view,) = bench.run(("view", "a", False))
    assert view["cursor"] == hosted.session.cursor.as_dict()


def test_a_worker_with_nothing_to_do_waits(bench: Bench) -> None:
    bench.run(("create", "a", "me", SessionConfig()))
    bench.run(until=lambda: bench.clock.now > 1)  # by then it has been saved
    bench.pipe.waits.clear()
    bench.run(until=lambda: bench.clock.now > 11)
    assert len(bench.pipe.waits) <= 10 / HOUSEKEEPING_S + 2


def test_a_session_plays_by_the_clock(bench: Bench) -> None:
    bench.run(("create", "a", "me", SessionConfig()))
    bench.run(("perform", "a", "play", PlayRequest(per_second=10), None))
    end = bench.clock.now + 5
    bench.run(until=lambda: bench.clock.now >= end)
    (view,) = bench.run(("view", "a", False))
    assert 49 <= view["cursor"]["step"] <= 52


def test_frames_stop_when_the_last_viewer_has_gone(bench: Bench) -> None:
    bench.run(("create", "a", "me", SessionConfig()), ("subscribe", "a"), ("perform", "a", "play", FLAT_OUT, None))
    bench.run(until=lambda: bench.frames()["a"] >= 3)
    bench.run(("unsubscribe", "a"))
    frames = bench.frames()["a"]
    end = bench.clock.now + 0.2
    bench.run(until=lambda: bench.clock.now >= end)
    assert bench.frames()["a"] == frames


def test_the_end_of_playing_is_told_and_shown(bench: Bench) -> None:
    request = PlayRequest(per_second=0, until=Until(step=99))
    bench.run(("create", "a", "me", SessionConfig()), ("subscribe", "a"), ("perform", "a", "play", request, None))

    def last() -> dict[str, Any]:
        frames = [message for message in bench.sent if isinstance(message, Event) and message.kind in ("key", "frame")]
        content: dict[str, Any] = json.loads(frames[-1].text.split(b"data: ")[1]) if frames else {"playing": True}
        return content

    bench.run(until=lambda: not last()["playing"])
    assert last()["cursor"] == {"step": 99, "phase": "update", "layer": None}
    assert json.loads(bench.events("state")[-1].text.split(b"data: ")[1])["reason"] == "until"


def test_a_viewer_of_no_session_is_sent_away(bench: Bench) -> None:
    bench.run(("subscribe", "a"))
    assert bench.events("end") == [Event("a", "end", b"")]


def test_an_idle_session_is_put_away_and_its_view_does_not_wake_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, idle_seconds=5.0)
    (view,) = bench.run(("create", "a", "me", SessionConfig()))
    bench.run(until=lambda: bench.clock.now > 6)
    assert bench.worker._registry.find("a") is None
    assert bench.run(("view", "a", False)) == [view]
    assert bench.worker._registry.find("a") is None
    (stepped,) = bench.run(("perform", "a", "step", StepRequest(), view["revision"]))
    assert stepped["cursor"]["step"] == 1
    assert bench.worker._registry.find("a") is not None


def test_a_session_that_plays_or_is_viewed_is_not_put_away(tmp_path: Path) -> None:
    bench = Bench(tmp_path, idle_seconds=1.0)
    bench.run(
        ("create", "playing", "me", SessionConfig()),
        ("create", "viewed", "me", SessionConfig()),
        ("subscribe", "viewed"),
    )
    bench.run(("perform", "playing", "play", PlayRequest(per_second=1), None))
    bench.run(until=lambda: bench.clock.now > 6)
    for name in ("playing", "viewed"):
        assert bench.worker._registry.find(name) is not None
    bench.run(("unsubscribe", "viewed"), ("perform", "playing", "pause", None, None))
    bench.run(until=lambda: bench.clock.now > 12)
    for name in ("playing", "viewed"):
        assert bench.worker._registry.find(name) is None


def test_a_session_that_rests_is_deleted_without_being_woken(tmp_path: Path) -> None:
    bench = Bench(tmp_path, idle_seconds=1.0)
    bench.run(("create", "a", "me", SessionConfig()))
    bench.run(until=lambda: bench.clock.now > 3)
    assert bench.run(("delete", "a", 1)) == [None]
    (refusal,) = bench.run(("view", "a", False))
    assert isinstance(refusal, NotFound)
    assert Archive(bench.database).all() == []


def test_a_deleted_session_plays_and_shows_no_more(bench: Bench) -> None:
    bench.run(("create", "a", "me", SessionConfig()), ("subscribe", "a"), ("perform", "a", "play", FLAT_OUT, None))
    bench.run(("delete", "a", None))
    sent = len(bench.sent)
    end = bench.clock.now + 0.2
    bench.run(until=lambda: bench.clock.now >= end)
    assert len(bench.sent) == sent
    assert bench.worker._scheduler.playing() == ()


def test_the_next_worker_plays_on_what_the_last_one_played(tmp_path: Path) -> None:
    first = Bench(tmp_path)
    first.run(
        ("create", "a", "me", SessionConfig()), ("create", "b", "me", SessionConfig(dataset=NamedDataset(name="xor")))
    )
    first.run(("perform", "a", "play", PlayRequest(per_second=0, until=Until(step=5_000)), None))
    first.run(until=lambda: first.clock.now > 1)
    second = Bench(tmp_path)
    second.worker.recover()
    second.run(until=lambda: second.clock.now > 0.2)
    a, b = second.run(("view", "a", False), ("view", "b", False))
    assert a["playing"] or a["cursor"]["step"] == 5_000
    assert not b["playing"]
    third = Bench(tmp_path, resume=False)
    third.run()
    assert third.worker._scheduler.playing() == ()


def test_a_call_that_the_last_worker_did_without_being_able_to_say_so_is_not_done_again(tmp_path: Path) -> None:
    call = ("perform", "a", "examples", NewExample(inputs=[0.5, 0.5], label=0), 1, "key")
    first = Bench(tmp_path)
    first.run(("create", "a", "me", SessionConfig()))
    answers = first.run(call)
    for again in (first, Bench(tmp_path)):
        assert again.run(call) == answers
        assert again.run(("create", "a", "me", SessionConfig()))[0]["revision"] == 2


def test_what_cannot_be_written_down_is_not_done(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.run(("create", "a", "me", SessionConfig()), ("subscribe", "a"))
    (before,) = bench.run(("perform", "a", "step", StepRequest(count=3), None))

    def full(*arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Documents, "append", full)
        patched.setattr(Documents, "put", full)
        refused = bench.run(
            ("perform", "a", "step", StepRequest(), None),
            ("create", "b", "me", SessionConfig()),
            ("perform", "a", "play", FLAT_OUT, None),
        )
    assert all(isinstance(answer, Unwritten) and "disk is full" in answer.detail for answer in refused)
    after, missing = bench.run(("view", "a", False), ("view", "b", False))
    assert after == {name: value for name, value in before.items() if name != "discarded_steps"}
    assert isinstance(missing, NotFound)
    frames = bench.frames()["a"]
    bench.run(("perform", "a", "step", StepRequest(), None), until=lambda: bench.frames()["a"] > frames)


def test_a_worker_that_was_replaced_writes_no_more(tmp_path: Path) -> None:
    first = Bench(tmp_path)
    first.database._writer = first.database.appoint(0)
    first.run(("create", "a", "me", SessionConfig()))
    Bench(tmp_path).database.appoint(0)
    with pytest.raises(Superseded):
        first.run(("perform", "a", "step", StepRequest(), None))
    assert Archive(first.database).journal("a") == []


def test_at_its_end_a_worker_saves_what_has_changed(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.run(("create", "a", "me", SessionConfig()), ("perform", "a", "step", StepRequest(), None))
    archive = Archive(bench.database)
    assert archive.unrested(0, 1) == ["a"]
    bench.worker.close()
    assert archive.unrested(0, 1) == []
