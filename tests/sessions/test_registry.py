"""The registry: sessions awake, saved, put away and woken, with a clock that is set by hand."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.datasets import build
from app.sessions.archive import Archive
from app.sessions.capacity import Capacity
from app.sessions.config import (
    InlineDataset,
    NamedDataset,
    OptimizerConfig,
    PlayRequest,
    SessionConfig,
    SettingsPatch,
    StepRequest,
)
from app.sessions.data_store import DataStore
from app.sessions.errors import Conflict, NotFound, TooMany
from app.sessions.library import Library
from app.sessions.limits import Limits
from app.sessions.registry import LOST_REVISIONS, SAVE_S, SAVE_SHARE, Gone, Hosted, Registry
from app.sessions.work import finish


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


Make = Callable[..., Registry]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(tmp_path: Path, clock: Clock) -> Make:
    """Registries that share one archive, as those of one worker after another do."""
    for name in ("sessions", "datasets"):
        (tmp_path / name).mkdir()

    def made(number: int = 1, **capacity: Any) -> Registry:
        archive, library = Archive(tmp_path / "sessions"), Library(tmp_path / "datasets")
        return Registry(archive, library, Limits(), Capacity(**capacity), number, lambda event: None, clock)

    return made


def do(hosted: Hosted, method: str, body: Any = None) -> dict[str, Any]:
    return finish(hosted.session.perform(method, body, now=0.0))


def rest(registry: Registry, name: str) -> None:
    hosted = registry.find(name)
    assert hosted is not None
    finish(registry.save(name, hosted))
    registry.put_away(name)


def test_a_session_that_was_put_away_comes_back_with_everything(make: Make) -> None:
    registry = make()
    hosted = registry.create("a", SessionConfig(optimizer=OptimizerConfig(name="momentum")))
    do(hosted, "step", StepRequest(unit="epoch", count=20))
    do(hosted, "settings", SettingsPatch(optimizer=OptimizerConfig(learning_rate=0.3)))
    do(hosted, "step", StepRequest(count=3))
    do(hosted, "step", StepRequest(unit="phase", count=2))
    before, history = finish(hosted.session.view(True)), finish(hosted.session.history())
    rest(registry, "a")
    assert registry.find("a") is None
    woken = registry.get("a")
    assert woken is not hosted
    assert finish(woken.session.view(True)) == before
    assert finish(woken.session.history()) == history
    for session in (hosted, woken):
        do(session, "back", StepRequest(count=5))
    assert finish(woken.session.trace()) == finish(hosted.session.trace())
    assert do(woken, "undo")["config"]["optimizer"]["learning_rate"] != 0.3


def test_the_view_of_a_session_that_rests_is_had_without_waking_it(make: Make) -> None:
    registry = make()
    view = do(registry.create("a", SessionConfig()), "step")
    rest(registry, "a")
    assert registry.view_of_resting("a") == {key: view[key] for key in view if key != "discarded_steps"}
    assert registry.find("a") is None


def test_what_a_session_brought_with_it_is_still_its_data_when_it_wakes(make: Make) -> None:
    registry = make()
    data = InlineDataset(inputs=[[0.1, 0.2], [0.3, 0.4]], targets=[[0.5, 0.6], [0.7, 0.8]])
    hosted = registry.create("a", SessionConfig(dataset=data))
    document = finish(
        registry.create("c", SessionConfig(dataset=NamedDataset(name="circle", size=20))).session.export()
    )
    document["data"]["inputs"][0] = [9.0, 9.0]  # a set of the same name, but not the same
    imported = registry.import_("b", document)
    for name, session in (("a", hosted), ("b", imported)):
        before = finish(session.session.examples()), finish(session.session.view())
        rest(registry, name)
        woken = registry.get(name).session
        assert (finish(woken.examples()), finish(woken.view())) == before


def test_sessions_of_the_same_set_share_it_also_after_waking(make: Make) -> None:
    registry = make()
    config = SessionConfig(dataset=NamedDataset(name="digits"))
    first, second = registry.create("a", config), registry.create("b", config)
    rest(registry, "b")
    woken = registry.get("b")
    sets = {id(hosted.session.problem.examples.dataset) for hosted in (first, second, woken)}
    assert len(sets) == 1


def test_a_session_leaves_memory_at_once_without_a_collection(make: Make) -> None:
    registry = make()
    gc.collect()
    gc.disable()
    try:
        hosted = registry.create("a", SessionConfig())
        do(hosted, "step", StepRequest(count=100))
        do(hosted, "settings", SettingsPatch(optimizer=OptimizerConfig(learning_rate=0.3)))
        finish(hosted.session.trace())
        finish(hosted.session.frame_data())
        session = weakref.ref(hosted.session)
        rest(registry, "a")
        del hosted
        assert session() is None
    finally:
        gc.enable()


def test_a_session_whose_upload_was_deleted_while_it_rested_says_so(make: Make, tmp_path: Path) -> None:
    upload, store = "upload-00ff00ff00ff00ff", DataStore(tmp_path / "datasets")
    store.save(upload, build("moons", 60))
    registry = make()
    hosted = registry.create("a", SessionConfig(dataset=NamedDataset(name=upload)))
    rest(registry, "a")
    assert finish(registry.get("a").session.examples()) == finish(hosted.session.examples())
    rest(registry, "a")
    store.delete(upload)
    with pytest.raises(Conflict, match="no data set 'upload-"):
        registry.get("a")
    assert registry.view_of_resting("a")["cursor"]["step"] == 0


def test_an_unknown_session_is_gone(make: Make) -> None:
    registry = make()
    for ask in (registry.get, registry.view_of_resting):
        with pytest.raises(Gone) as refused:
            ask("a")
        assert isinstance(refused.value, NotFound)
        assert "'a'" in refused.value.detail


def test_a_deleted_session_is_gone_awake_or_put_away(make: Make) -> None:
    registry = make()
    for name in "ab":
        registry.create(name, SessionConfig())
    rest(registry, "b")
    for name in "ab":
        registry.delete(name)
        with pytest.raises(Gone):
            registry.get(name)


def test_a_save_under_way_does_not_bring_a_deleted_session_back(make: Make) -> None:
    registry = make()
    hosted = registry.create("a", SessionConfig())
    work = registry.save("a", hosted)
    registry.delete("a")
    finish(work)
    with pytest.raises(Gone):
        registry.get("a")


def test_the_next_worker_goes_on_with_a_revision_that_the_last_one_never_reached(make: Make) -> None:
    first = make(1)
    hosted = first.create("a", SessionConfig())
    do(hosted, "step")
    finish(first.save("a", hosted))
    do(hosted, "step")
    assert make(1).get("a").session.revision == 2
    second = make(2)
    assert second.view_of_resting("a")["revision"] == 2 + LOST_REVISIONS
    woken = second.get("a")
    assert woken.session.revision == 2 + LOST_REVISIONS > hosted.session.revision
    finish(second.save("a", woken))
    assert second.view_of_resting("a")["revision"] == 2 + LOST_REVISIONS


def test_the_next_worker_knows_what_played_and_how(make: Make) -> None:
    first = make(1)
    playing, paused = first.create("a", SessionConfig()), first.create("b", SessionConfig())
    playing.play = PlayRequest(per_second=7)
    do(playing, "play", playing.play)
    for name, hosted in (("a", playing), ("b", paused)):
        finish(first.save(name, hosted))
    second = make(2)
    assert second.was_playing("a") == PlayRequest(per_second=7)
    assert second.was_playing("b") is None
    assert second.was_playing("c") is None
    assert not second.view_of_resting("a")["playing"]


def test_a_call_is_saved_soon_and_played_steps_after_a_while(make: Make, clock: Clock) -> None:
    registry = make()
    hosted = registry.create("a", SessionConfig())
    assert hosted.save_due == clock.now
    finish(registry.save("a", hosted))
    assert hosted.save_due is None
    registry.ticked(hosted)
    assert hosted.save_due == clock.now + SAVE_S
    registry.touched(hosted)
    assert hosted.save_due == clock.now


def test_saving_takes_a_limited_part_of_the_time(make: Make, clock: Clock) -> None:
    registry = make()
    hosted = registry.create("a", SessionConfig())
    work = registry.save("a", hosted)
    real = hosted.session.view

    def slow(include_parameters: bool = False) -> Any:
        clock.now += 2.0
        return real(include_parameters)

    hosted.session.view = slow  # type: ignore[method-assign]
    finish(work)
    registry.touched(hosted)
    assert hosted.save_due == 2.0 + SAVE_SHARE * 2.0


def test_only_sessions_that_nobody_uses_rest(make: Make) -> None:
    registry = make()
    hosted = registry.create("a", SessionConfig())
    assert registry.resting(hosted)
    hosted.feed.viewed = True
    assert not registry.resting(hosted)
    hosted.feed.viewed = False
    do(hosted, "play")
    assert not registry.resting(hosted)
    do(hosted, "pause")
    hosted.writing = True
    assert not registry.resting(hosted)


def test_sessions_are_put_away_when_they_have_been_idle_for_long(make: Make, clock: Clock) -> None:
    registry = make(idle_seconds=10.0)
    for name in "abc":
        registry.create(name, SessionConfig())
        clock.now += 1
    clock.now = 11.5
    assert registry.to_put_away() == ["a", "b"]
    registry.get("a")
    assert registry.to_put_away() == ["b"]


def test_sessions_are_put_away_to_make_room_longest_idle_first(make: Make, clock: Clock) -> None:
    registry = make()
    for name in "abc":
        registry.create(name, SessionConfig())
        clock.now += 1
    one = registry.memory_bytes() // 3
    registry._capacity = Capacity(memory_bytes=2 * one + one // 2)
    assert registry.to_put_away() == ["a"]


def test_a_new_session_is_refused_only_when_those_in_use_take_all_memory(make: Make) -> None:
    registry = make(memory_bytes=1)
    hosted = registry.create("a", SessionConfig())
    registry.create("b", SessionConfig())
    hosted.feed.viewed = True
    with pytest.raises(TooMany, match="take all of the"):
        registry.create("c", SessionConfig())
    with pytest.raises(TooMany):
        finish(registry.fork("c", hosted))


def test_memory_is_shared_and_a_session_with_less_keeps_fewer_steps_but_the_same_numbers(make: Make) -> None:
    registry = make(memory_bytes=200_000)
    sessions = [registry.create(name, SessionConfig()) for name in "ab"]
    registry.share_memory()
    roomy = make().create("c", SessionConfig())
    for hosted in (*sessions, roomy):
        do(hosted, "step", StepRequest(count=2_000))
        do(hosted, "back", StepRequest(count=1_234))
    assert sessions[0].session.timeline.checkpoints.memory_bytes() < 110_000
    assert roomy.session.timeline.checkpoints.memory_bytes() > 400_000
    assert finish(sessions[0].session.trace()) == finish(roomy.session.trace())
