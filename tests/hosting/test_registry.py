"""The registry: sessions awake, saved, put away and woken, with a clock that is set by hand."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.datasets import build
from app.hosting.archive import Archive
from app.hosting.capacity import Capacity
from app.hosting.data_store import DataStore
from app.hosting.library import Library
from app.hosting.registry import SAVE_S, SAVE_SHARE, Gone, Hosted, Registry
from app.sessions.config import InlineDataset, NamedDataset, OptimizerConfig, SessionConfig
from app.sessions.errors import Conflict, NotFound, TooMany
from app.sessions.limits import Limits
from app.sessions.requests import (
    NewExample,
    ParametersPatch,
    PlayRequest,
    SeekRequest,
    SettingsPatch,
    StepRequest,
    Until,
)
from app.sessions.work import finish
from app.storage import Database, DataFolder


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
    with DataFolder(tmp_path) as folder:
        pass

    def made(resume: bool = True, **capacity: Any) -> Registry:
        archive, library = Archive(Database(folder.database)), Library(folder.datasets)
        return Registry(archive, library, Limits(), Capacity(**capacity), resume, lambda event: None, clock)

    return made


def create(registry: Registry, name: str, config: SessionConfig | None = None) -> Hosted:
    return finish(registry.create(name, "me", config or SessionConfig()))


def do(hosted: Hosted, method: str, body: Any = None) -> dict[str, Any]:
    return finish(hosted.session.perform(method, body, now=0.0))


def rest(registry: Registry, name: str) -> None:
    hosted = registry.find(name)
    assert hosted is not None
    finish(registry.save(name, hosted))
    registry.forget(name)


def test_a_session_that_was_put_away_comes_back_with_everything(make: Make) -> None:
    registry = make()
    hosted = create(registry, "a", SessionConfig(optimizer=OptimizerConfig(name="momentum")))
    do(hosted, "step", StepRequest(unit="epoch", count=20))
    do(hosted, "settings", SettingsPatch(optimizer=OptimizerConfig(learning_rate=0.3)))
    do(hosted, "step", StepRequest(count=3))
    do(hosted, "step", StepRequest(unit="phase", count=2))
    before, history = finish(hosted.session.view(True)), finish(hosted.session.history())
    rest(registry, "a")
    assert registry.find("a") is None
    woken = finish(registry.get("a"))
    assert woken is not hosted
    assert finish(woken.session.view(True)) == before
    assert finish(woken.session.history()) == history
    for session in (hosted, woken):
        do(session, "back", StepRequest(count=5))
    assert finish(woken.session.trace()) == finish(hosted.session.trace())
    assert do(woken, "undo")["config"]["optimizer"]["learning_rate"] != 0.3


def test_the_view_of_a_session_that_rests_is_had_without_waking_it(make: Make) -> None:
    registry = make()
    view = do(create(registry, "a"), "step")
    rest(registry, "a")
    assert registry.view_of_resting("a") == {key: view[key] for key in view if key != "discarded_steps"}
    assert registry.find("a") is None


def test_what_a_session_brought_with_it_is_still_its_data_when_it_wakes(make: Make) -> None:
    registry = make()
    data = InlineDataset(inputs=[[0.1, 0.2], [0.3, 0.4]], targets=[[0.5, 0.6], [0.7, 0.8]])
    hosted = create(registry, "a", SessionConfig(dataset=data))
    document = finish(
        create(registry, "c", SessionConfig(dataset=NamedDataset(name="circle", size=20))).session.export()
    )
    document["data"]["inputs"][0] = [9.0, 9.0]  # a set of the same name, but not the same
    imported = finish(registry.import_("b", "me", document))
    for name, session in (("a", hosted), ("b", imported)):
        before = finish(session.session.examples()), finish(session.session.view())
        rest(registry, name)
        woken = finish(registry.get(name)).session
        assert (finish(woken.examples()), finish(woken.view())) == before


def test_sessions_of_the_same_set_share_it_also_after_waking(make: Make) -> None:
    registry = make()
    config = SessionConfig(dataset=NamedDataset(name="digits"))
    first, second = create(registry, "a", config), create(registry, "b", config)
    rest(registry, "b")
    woken = finish(registry.get("b"))
    sets = {id(hosted.session.problem.examples.dataset) for hosted in (first, second, woken)}
    assert len(sets) == 1


def test_a_session_leaves_memory_at_once_without_a_collection(make: Make) -> None:
    registry = make()
    gc.collect()
    gc.disable()
    try:
        hosted = create(registry, "a")
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
    hosted = create(registry, "a", SessionConfig(dataset=NamedDataset(name=upload)))
    rest(registry, "a")
    assert finish(finish(registry.get("a")).session.examples()) == finish(hosted.session.examples())
    rest(registry, "a")
    store.delete(upload)
    with pytest.raises(Conflict, match="no data set 'upload-"):
        finish(registry.get("a"))
    resting = registry.view_of_resting("a")
    assert resting is not None
    assert resting["cursor"]["step"] == 0


def test_an_unknown_session_is_gone(make: Make) -> None:
    registry = make()
    for ask in (lambda name: finish(registry.get(name)), registry.view_of_resting):
        with pytest.raises(Gone) as refused:
            ask("a")
        assert isinstance(refused.value, NotFound)
        assert "'a'" in refused.value.detail


def test_a_deleted_session_is_gone_awake_or_put_away(make: Make) -> None:
    registry = make()
    for name in "ab":
        create(registry, name)
    rest(registry, "b")
    for name in "ab":
        registry.delete(name)
        with pytest.raises(Gone):
            finish(registry.get(name))


def test_a_save_under_way_does_not_bring_a_deleted_session_back(make: Make) -> None:
    registry = make()
    hosted = create(registry, "a")
    work = registry.save("a", hosted)
    registry.delete("a")
    finish(work)
    with pytest.raises(Gone):
        finish(registry.get("a"))


WRITES: list[tuple[str, Any]] = [
    ("step", StepRequest(unit="epoch", count=2)),
    ("settings", SettingsPatch(optimizer=OptimizerConfig(name="adam"), batch_size=7)),
    ("step", StepRequest(count=13)),
    ("parameters", ParametersPatch.model_validate({"weights": [{"layer": 2, "j": 1, "k": 2, "value": 0.1}]})),
    ("step", StepRequest(unit="phase", count=4)),
    ("examples", NewExample(inputs=[0.5, -0.25], label=1)),
    ("play", PlayRequest(per_second=1)),
    ("settings", SettingsPatch.model_validate({"regularization": {"name": "l2", "lambda": 0.01}})),
    ("back", StepRequest(count=30)),
    ("undo", None),
    ("seek", SeekRequest(step=5, phase="cost")),
    ("undo", None),
    ("redo", None),
    ("pause", None),
    ("step", None),
]


@pytest.mark.parametrize("done", range(len(WRITES) + 1))
def test_what_was_written_down_is_done_again_with_the_same_numbers(make: Make, done: int) -> None:
    first = make()
    hosted = create(first, "a")
    for method, body in WRITES[:done]:
        do(hosted, method, body)
        first.record("a", hosted, "key")
        if hosted.session.playing:
            assert hosted.session.tick(1_000.0, 1.0)
    second = make()
    woken = finish(second.get("a"))
    if hosted.session.playing:  # both play on from where each is
        for session in (hosted, woken):
            do(session, "pause")
            do(session, "seek", SeekRequest(step=5))
    assert finish(woken.session.view(True)) == finish(hosted.session.view(True))
    for method, body in (*WRITES[done:], ("step", StepRequest(count=20))):
        for session in (hosted, woken):
            do(session, method, body)
    do(hosted, "pause")
    do(woken, "pause")
    assert finish(woken.session.view(True)) == finish(hosted.session.view(True))
    assert finish(woken.session.trace()) == finish(hosted.session.trace())


def test_a_session_that_is_told_of_while_it_plays_stands_no_earlier_afterwards(make: Make) -> None:
    first = make()
    hosted = create(first, "a")
    do(hosted, "play", PlayRequest(per_second=0, until=Until(step=100_000)))
    first.record("a", hosted, None)
    finish(first.save("a", hosted))
    hosted.session.tick(0.0, 0.05)
    first.mark("a", hosted)
    hosted.session.tick(0.0, 0.01)
    first.mark("a", hosted)
    told = hosted.session.cursor
    woken = finish(make().get("a"))
    assert woken.session.cursor == told
    assert woken.session.playing
    assert woken.session.revision == hosted.session.revision


def test_a_session_that_stopped_by_itself_has_stopped_afterwards(make: Make) -> None:
    first = make()
    hosted = create(first, "a")
    do(hosted, "play", PlayRequest(per_second=0, until=Until(step=50)))
    first.record("a", hosted, None)
    while hosted.session.playing:
        hosted.session.tick(0.0, 1.0)
    first.record("a", hosted, None)
    woken = finish(make().get("a"))
    assert not woken.session.playing
    assert finish(woken.session.view()) == finish(hosted.session.view())


def test_the_next_worker_plays_on_or_pauses_as_it_is_told(make: Make) -> None:
    first = make()
    playing, paused = create(first, "a"), create(first, "b")
    do(playing, "play", PlayRequest(per_second=7))
    first.record("a", playing, None)
    for name, hosted in (("a", playing), ("b", paused)):
        finish(first.save(name, hosted))
    assert first.view_of_resting("a") is None
    assert first.view_of_resting("b") is not None
    second = make()
    woken = finish(second.get("a"))
    assert woken.session.playing
    assert woken.owner == "me"
    assert woken.play == PlayRequest(per_second=7)
    assert not finish(second.get("b")).session.playing
    third = make(resume=False)
    woken = finish(third.get("a"))
    assert not woken.session.playing
    assert woken.session.revision == playing.session.revision + 1
    assert not finish(make().get("a")).session.playing


def test_a_session_that_changed_is_saved_after_a_while(make: Make, clock: Clock) -> None:
    registry = make()
    hosted = create(registry, "a")
    assert hosted.save_due is None, "a new one is kept at once"
    do(hosted, "step")
    registry.record("a", hosted, None)
    assert hosted.save_due == clock.now + SAVE_S
    clock.now += 1
    registry.ticked(hosted)
    assert hosted.save_due == clock.now - 1 + SAVE_S
    finish(registry.save("a", hosted))
    assert hosted.save_due is None


def test_saving_takes_a_limited_part_of_the_time(make: Make, clock: Clock) -> None:
    registry = make()
    hosted = create(registry, "a")
    work = registry.save("a", hosted)
    real = hosted.session.view

    def slow(include_parameters: bool = False) -> Any:
        clock.now += 2.0
        return real(include_parameters)

    hosted.session.view = slow  # type: ignore[method-assign]
    finish(work)
    registry.ticked(hosted)
    assert hosted.save_due == 2.0 + SAVE_SHARE * 2.0


def test_only_sessions_that_nobody_uses_rest(make: Make) -> None:
    registry = make()
    hosted = create(registry, "a")
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
        create(registry, name)
        clock.now += 1
    clock.now = 11.5
    assert registry.to_put_away() == ["a", "b"]
    finish(registry.get("a"))
    assert registry.to_put_away() == ["b"]


def test_sessions_are_put_away_to_make_room_longest_idle_first(make: Make, clock: Clock) -> None:
    registry = make()
    for name in "abc":
        create(registry, name)
        clock.now += 1
    one = registry.memory_bytes() // 3
    registry._capacity = Capacity(memory_bytes=2 * one + one // 2)
    assert registry.to_put_away() == ["a"]


def test_a_new_session_is_refused_only_when_those_in_use_take_all_memory(make: Make) -> None:
    registry = make(memory_bytes=1)
    hosted = create(registry, "a")
    create(registry, "b")
    hosted.feed.viewed = True
    with pytest.raises(TooMany, match="take all of the"):
        create(registry, "c")
    with pytest.raises(TooMany):
        finish(registry.fork("c", "me", hosted, None, False))


def test_memory_is_shared_and_a_session_with_less_keeps_fewer_steps_but_the_same_numbers(make: Make) -> None:
    registry = make(memory_bytes=200_000)
    sessions = [create(registry, name) for name in "ab"]
    registry.share_memory()
    roomy = create(make(), "c")
    for hosted in (*sessions, roomy):
        do(hosted, "step", StepRequest(count=2_000))
        do(hosted, "back", StepRequest(count=1_234))
    assert sessions[0].session.timeline.checkpoints.memory_bytes() < 110_000
    assert roomy.session.timeline.checkpoints.memory_bytes() > 400_000
    assert finish(sessions[0].session.trace()) == finish(roomy.session.trace())
