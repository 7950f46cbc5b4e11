"""The feed: what viewers are sent and when, with a session and a clock that are set by hand."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from app.hosting import feed as module
from app.hosting.feed import FRAME_S, KEY_S, SHARE, Feed
from app.hosting.messages import Event
from app.sessions.work import Work, finish


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Fake:
    """A session of one connection per layer; the clock moves on while a frame is made."""

    def __init__(self, clock: Clock, frame_seconds: float = 0.0) -> None:
        self.clock, self.frame_seconds = clock, frame_seconds
        self.revision, self.playing, self.step, self.phase = 1, False, 0, "start"
        self.weight, self.config = 0.5, {"batch_size": 10}
        self.events: list[dict[str, Any]] = []

    def go(self, step: int, phase: str = "update") -> None:
        self.step, self.phase, self.weight = step, phase, 0.5 + step

    def topology(self) -> dict[str, Any]:
        return {"layers": [1, 1], "config": dict(self.config)}

    def frame_data(self) -> Work[dict[str, Any]]:
        self.clock.now += self.frame_seconds / 2
        yield
        self.clock.now += self.frame_seconds / 2
        w = np.array([[self.weight]])
        layer = {"layer": 2, "w": w, "b": w[0], "z": w[0], "a": w[0], "sigma_prime": w[0], "received": w[0]}
        layer |= {"delta": w[0], "nabla_w": w, "nabla_b": w[0], "w_after": w + 1, "b_after": w[0]}
        return {
            "revision": self.revision,
            "playing": self.playing,
            "cursor": {"step": self.step, "phase": self.phase, "layer": None},
            "layers": [{"layer": 1, "a": w[0]}, layer],
        }

    def drain_events(self) -> list[dict[str, Any]]:
        told, self.events = self.events, []
        return told


class Bench:
    """A feed with what it has pushed."""

    def __init__(self, frame_seconds: float = 0.0) -> None:
        self.clock = Clock()
        self.session = Fake(self.clock, frame_seconds)
        self.pushed: list[Event] = []
        self.feed = Feed("s", self.session, self.pushed.append, self.clock)

    def emit(self) -> dict[str, Any]:
        """The frame that is due now."""
        due = self.feed.due()
        assert due is not None
        assert due <= self.clock.now
        finish(self.feed.emit())
        return self.last()

    def last(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.pushed[-1].text.split(b"data: ")[1])
        return content

    def kinds(self) -> list[str]:
        return [event.kind for event in self.pushed]

    def play(self, seconds: float, steps_per_second: float) -> None:
        """Play, with frames as soon as they are due."""
        self.session.playing = True
        end, first, began = self.clock.now + seconds, self.session.step, self.clock.now
        while self.clock.now < end:
            step = first + int((self.clock.now - began) * steps_per_second)
            if step > self.session.step:
                self.session.go(step)
                self.feed.ticked(moved=True)
            due = self.feed.due()
            if due is not None and due <= self.clock.now:
                finish(self.feed.emit())
            self.clock.now += 0.001


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.feed.view()
    return bench


def test_nothing_is_encoded_for_a_session_that_nobody_views() -> None:
    bench = Bench()
    bench.feed.changed()
    bench.feed.ticked(moved=True)
    assert bench.feed.due() is None
    assert not bench.feed.soon(1.0)
    assert bench.pushed == []


def test_a_viewer_that_comes_gets_the_topology_and_a_key_frame(bench: Bench) -> None:
    frame = bench.emit()
    assert bench.kinds() == ["topology", "key"]
    assert frame["key"]
    assert {"w", "w_after", "nabla_w"} <= frame["layers"][1].keys()
    assert bench.feed.due() is None


def test_a_viewer_that_comes_later_gets_both_again_though_nothing_has_changed(bench: Bench) -> None:
    bench.emit()
    bench.feed.leave()
    assert bench.feed.due() is None
    bench.feed.view()
    bench.emit()
    assert bench.kinds() == ["topology", "key"] * 2


def test_the_phases_of_one_step_share_the_weights_of_its_first_frame(bench: Bench) -> None:
    bench.emit()
    kinds = []
    for phase in ("feedforward", "cost", "update"):
        bench.session.go(1, phase)
        bench.feed.changed()
        bench.clock.now += FRAME_S
        frame = bench.emit()
        kinds.append(bench.pushed[-1].kind)
    assert kinds == ["key", "frame", "frame"]
    assert not {"w", "w_after", "nabla_w"} & frame["layers"][1].keys()
    assert {"a", "z", "delta", "b", "nabla_b", "b_after"} <= frame["layers"][1].keys()


def test_an_edited_weight_comes_in_a_key_frame_though_the_step_is_the_same(bench: Bench) -> None:
    bench.emit()
    bench.session.weight = 7.0
    bench.feed.changed()
    bench.clock.now += FRAME_S
    assert bench.emit()["key"]


def test_while_it_plays_there_are_at_most_thirty_frames_and_ten_key_frames_a_second(bench: Bench) -> None:
    bench.emit()
    del bench.pushed[:]
    bench.play(seconds=3.0, steps_per_second=1000)
    kinds = bench.kinds()
    assert 80 <= len(kinds) <= 3 / FRAME_S
    assert 25 <= kinds.count("key") <= 3 / KEY_S


def test_every_step_of_slow_playing_comes_with_its_weights(bench: Bench) -> None:
    bench.emit()
    del bench.pushed[:]
    bench.play(seconds=4.0, steps_per_second=4)
    assert bench.kinds() == ["key"] * 15


def test_key_frames_of_a_large_network_come_less_often(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.emit()
    monkeypatch.setattr(module, "KEY_BYTES_PER_S", len(bench.pushed[-1].text) * 2)
    del bench.pushed[:]
    bench.play(seconds=3.0, steps_per_second=1000)
    assert bench.kinds().count("key") in (6, 7)


def test_gradients_are_left_out_while_steps_are_played_and_come_with_the_pause(bench: Bench) -> None:
    bench.emit()
    bench.play(seconds=0.5, steps_per_second=100)
    assert not {"nabla_w", "nabla_b"} & bench.last()["layers"][1].keys()
    bench.session.playing = False
    bench.session.revision += 1
    bench.feed.changed()
    bench.clock.now += FRAME_S
    frame = bench.emit()
    assert frame["key"]
    assert {"nabla_w", "nabla_b"} <= frame["layers"][1].keys()


def test_frames_that_take_long_take_a_limited_part_of_the_time() -> None:
    bench = Bench(frame_seconds=0.05)
    bench.feed.view()
    bench.session.playing = True
    finish(bench.feed.emit())
    bench.feed.ticked(moved=True)
    due = bench.feed.due()
    assert due is not None
    assert due - bench.clock.now == pytest.approx(SHARE * 0.05)


def test_frames_have_rising_numbers_also_when_the_worker_starts_anew(bench: Bench) -> None:
    first = bench.emit()["seq"]
    bench.session.go(1)
    bench.feed.changed()
    bench.clock.now += FRAME_S
    assert bench.emit()["seq"] == first + 1
    anew = Bench()
    anew.feed.view()
    assert anew.emit()["seq"] >= first


def test_a_state_is_told_at_once_and_a_new_configuration_with_its_topology(bench: Bench) -> None:
    bench.emit()
    del bench.pushed[:]
    bench.session.events = [{"revision": 2, "reason": "paused"}]
    bench.feed.changed()
    assert bench.kinds() == ["state"]
    bench.session.config["batch_size"] = 20
    bench.session.events = [{"revision": 3, "reason": "edited"}]
    bench.feed.changed()
    assert bench.kinds() == ["state", "topology", "state"]


def test_playing_on_into_a_step_of_another_configuration_tells_the_topology_before_the_frame(bench: Bench) -> None:
    bench.emit()
    bench.session.playing = True
    for size in (10, 20, 20):
        bench.session.config["batch_size"] = size
        bench.clock.now += 1
        del bench.pushed[:]
        bench.session.step += 1
        bench.feed.ticked(True)
        bench.emit()
        assert bench.kinds() == (["topology", "key"] if (size, bench.session.step) == (20, 2) else ["frame"])


def test_what_happened_before_anybody_came_is_not_told(bench: Bench) -> None:
    bench = Bench()
    bench.session.events = [{"revision": 2, "reason": "played"}]
    bench.feed.changed()
    bench.feed.view()
    assert bench.kinds() == ["topology"]


def test_a_frame_that_nobody_waits_for_any_more_is_dropped(bench: Bench) -> None:
    work = bench.feed.emit()
    next(work)
    bench.feed.leave()
    finish(work)
    assert bench.kinds() == ["topology"]


@pytest.mark.parametrize("playing", [False, True])
def test_a_key_frame_follows_every_topology_although_nothing_in_it_has_changed(bench: Bench, playing: bool) -> None:
    bench.emit()
    bench.session.playing = playing
    bench.session.config = {"batch_size": 7}
    bench.clock.now += FRAME_S
    bench.feed.changed()
    frame = bench.emit()
    assert bench.kinds()[-2:] == ["topology", "key"]
    assert frame["layers"][1]["w"] is not None
