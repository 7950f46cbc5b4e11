"""Sessions through the service and a real worker process: owners, limits, streams, and a worker that is killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.datasets import build
from app.hosting import host as module
from app.hosting.calls import Unavailable
from app.hosting.capacity import Capacity
from app.hosting.library import Library
from app.hosting.link import Link
from app.hosting.service import SessionService
from app.hosting.worker import main as worker_main
from app.sessions.config import InlineDataset, NamedDataset, OptimizerConfig, SessionConfig
from app.sessions.errors import Conflict, Invalid, InvalidConfig, NotFound, PreconditionFailed, TooLarge, TooMany
from app.sessions.limits import Limits
from app.sessions.requests import PlayRequest, SeekRequest, SettingsPatch, StepRequest, Until
from app.sessions.session import Session
from app.sessions.work import finish
from app.streaming import sse
from app.streaming.subscription import Subscription

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a kill that cannot be caught")

ADAM = SessionConfig(layers=[2, 5, 2], optimizer=OptimizerConfig(name="adam"), seed=7)
FLAT_OUT = PlayRequest(per_second=0)


def run(main: Callable[[SessionService], Awaitable[None]], capacity: Capacity | None = None) -> None:
    """Run against a service of its own; whatever hangs fails after a minute."""

    async def whole() -> None:
        async with serving(capacity) as service:
            await main(service)

    asyncio.run(asyncio.wait_for(whole(), 60))


@asynccontextmanager
async def serving(capacity: Capacity | None = None) -> AsyncIterator[SessionService]:
    service = SessionService(capacity=capacity)
    await service.start()
    try:
        yield service
    finally:
        await service.close()


async def killed(service: SessionService) -> None:
    """Kill the workers, and wait until there are others."""
    for place, pid in enumerate(service.worker_pids):
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while service.worker_pids[place] in (pid, None):
            await asyncio.sleep(0.01)


class Viewer:
    """Reads a stream."""

    def __init__(self, subscription: Subscription) -> None:
        self.subscription = subscription
        self._source = aiter(subscription)
        self._rest = b""

    async def event(self) -> tuple[str, dict[str, Any]] | None:
        """The next event and its content; None at the end."""
        while b"\n\n" not in self._rest:
            piece = await anext(self._source, None)
            if piece is None:
                return None
            self._rest += piece.replace(sse.RETRY, b"")
        text, self._rest = self._rest.split(b"\n\n", 1)
        if text.startswith(b":"):
            return await self.event()
        fields = dict(line.split(": ", 1) for line in text.decode().split("\n"))
        return fields["event"], json.loads(fields["data"])

    async def until(self, kind: str, wanted: Callable[[dict[str, Any]], bool] = lambda content: True) -> dict[str, Any]:
        while (event := await self.event()) is not None:
            if event[0] == kind and wanted(event[1]):
                return event[1]
        raise AssertionError(f"the stream ended without {kind}")


def alone(config: SessionConfig, step: int, tmp_path: Path) -> dict[str, Any]:
    """The trace of a step of a session that nobody disturbed, in this process."""
    session = Session.create(config, Library(tmp_path), Limits())
    finish(session.perform("play", FLAT_OUT.model_copy(update={"until": Until(step=step)}), now=0.0))
    while session.playing:
        session.tick(0.0, 1.0)
    return finish(session.trace())


# --- calls ---


def test_a_new_session_has_an_id_and_its_addresses_and_stands_at_the_start() -> None:
    async def main(service: SessionService) -> None:
        view = await service.create(SessionConfig(), "me")
        assert view["url"] == f"/api/sessions/{view['id']}"
        assert view["stream_url"] == f"{view['url']}/stream"
        assert view["cursor"] == {"step": 0, "phase": "start", "layer": None}
        assert await service.view(view["id"]) == view

    run(main)


def test_what_the_worker_refuses_arrives_as_the_same_refusal_and_leaves_no_session() -> None:
    async def main(service: SessionService) -> None:
        with pytest.raises(InvalidConfig) as refused:
            await service.create(SessionConfig(dataset=NamedDataset(name="nothing")), "me")
        assert refused.value.loc == ("body", "dataset", "name")
        assert "circle" in refused.value.msg
        assert await service.listing("me") == []
        for unknown in ("x", "../x", ""):
            with pytest.raises(NotFound):
                await service.view(unknown)

    run(main)


def test_a_call_with_an_old_revision_is_refused_and_changes_nothing() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        stepped = await service.call(session, "step", StepRequest(), if_match=1)
        assert stepped is not None
        assert stepped["revision"] == 2
        for method in ("step", "fork", "delete"):
            with pytest.raises(PreconditionFailed):
                await service.call(session, method, if_match=1)
        assert (await service.view(session))["cursor"]["step"] == 1

    run(main)


def test_a_list_has_the_owners_sessions_newest_first() -> None:
    async def main(service: SessionService) -> None:
        mine = [(await service.create(SessionConfig(), "me"))["id"] for _ in range(25)]
        await service.create(SessionConfig(), "you")
        await service.delete(mine[3])
        assert [view["id"] for view in await service.listing("me")] == [*mine[:3], *mine[4:]][::-1]

    run(main)


def test_a_fork_goes_its_own_way_from_the_cursor() -> None:
    async def main(service: SessionService) -> None:
        source = (await service.create(ADAM, "me"))["id"]
        await service.call(source, "step", StepRequest(count=30))
        fork = (await service.fork(source, "you"))["id"]
        await service.call(fork, "step", StepRequest(count=10))
        await service.call(source, "step", StepRequest(count=10))
        assert await service.trace(source) == await service.trace(fork)
        await service.call(fork, "settings", SettingsPatch(optimizer=OptimizerConfig(learning_rate=0.5)))
        await service.call(fork, "step")
        assert (await service.view(source))["cursor"]["step"] == 40
        assert [view["id"] for view in await service.listing("you")] == [fork]

    run(main)


def test_an_exported_session_comes_back_at_the_same_point() -> None:
    async def main(service: SessionService) -> None:
        source = (await service.create(ADAM, "me"))["id"]
        await service.call(source, "step", StepRequest(count=30))
        document = json.loads(json.dumps(await service.export(source)))
        copy = (await service.import_(document, "me"))["id"]
        before, after = await service.view(source, True), await service.view(copy, True)
        assert after["weights"] == before["weights"]
        assert after["cursor"] == before["cursor"]
        await service.call(source, "step")
        await service.call(copy, "step")
        assert await service.trace(source) == await service.trace(copy)

    run(main)


def test_a_view_is_answered_while_a_long_command_of_the_session_works() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(dataset=NamedDataset(name="digits")), "me"))["id"]
        step = asyncio.ensure_future(service.call(session, "step", StepRequest(count=2_000)))
        await asyncio.sleep(0)
        view = await service.view(session)
        assert not step.done()
        assert view["cursor"]["step"] == 0
        stepped = await step
        assert stepped is not None
        assert stepped["cursor"]["step"] == 2_000
        assert (await service.view(session))["cursor"]["step"] == 2_000

    run(main)


def test_playing_until_a_step_ends_exactly_there_and_raises_the_revision() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        played = await service.call(session, "play", PlayRequest(per_second=0, until=Until(step=777)))
        assert played is not None
        assert played["playing"]
        while (view := await service.view(session))["playing"]:
            await asyncio.sleep(0.01)
        assert view["cursor"] == {"step": 777, "phase": "update", "layer": None}
        assert view["revision"] == played["revision"] + 1

    run(main)


# --- limits ---


def test_an_owner_has_a_limit_that_scripts_without_a_cookie_do_not_have() -> None:
    async def main(service: SessionService) -> None:
        for _ in range(2):
            await service.create(SessionConfig(), "me")
            await service.create(SessionConfig(), "")
        with pytest.raises(TooMany, match="2 is the most"):
            await service.create(SessionConfig(), "me")
        await service.create(SessionConfig(), "")
        with pytest.raises(TooMany, match="keeps 5 sessions"):
            await service.create(SessionConfig(), "")

    run(main, Capacity(sessions=5, sessions_per_owner=2, own_seconds=1_000))


def test_a_visitors_own_sessions_make_room_those_first_that_were_never_touched() -> None:
    async def main(service: SessionService) -> None:
        viewed, touched, first, second, playing = [
            (await service.create(SessionConfig(), "me"))["id"] for _ in range(5)
        ]
        await service.call(touched, "step")
        await service.call(playing, "play", FLAT_OUT)
        other = (await service.create(SessionConfig(), "you"))["id"]
        async with service.subscribe(viewed):
            new: list[str] = []
            for gone in (first, second, touched):
                new.insert(0, (await service.create(SessionConfig(), "me"))["id"])
                await service.call(new[0], "step")
                with pytest.raises(NotFound):
                    await service.view(gone)
            assert [view["id"] for view in await service.listing("me")] == [*new, playing, viewed]
            assert (await service.view(playing))["playing"]
        assert [view["id"] for view in await service.listing("you")] == [other]

    run(main, Capacity(sessions_per_owner=5, own_seconds=0))


def test_where_the_server_is_full_a_visitors_own_session_makes_room_and_nobody_elses() -> None:
    async def main(service: SessionService) -> None:
        mine, yours = [(await service.create(SessionConfig(), owner))["id"] for owner in ("me", "you")]
        await service.call(mine, "step")
        new = (await service.create(SessionConfig(), "me"))["id"]
        assert [view["id"] for view in await service.listing("me")] == [new]
        assert [view["id"] for view in await service.listing("you")] == [yours]
        with pytest.raises(TooMany, match="keeps 2 sessions"):
            await service.create(SessionConfig(), "somebody new")

    run(main, Capacity(sessions=2, own_seconds=0))


def test_a_session_that_was_abandoned_makes_room() -> None:
    async def main(service: SessionService) -> None:
        old = (await service.create(SessionConfig(), ""))["id"]
        await service.call(old, "step")
        new = (await service.create(SessionConfig(), ""))["id"]
        assert [view["id"] for view in await service.listing("")] == [new]

    run(main, Capacity(sessions=1, abandoned_seconds=0))


def test_too_many_waiting_calls_are_refused_with_a_time_to_try_again() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        calls = [service.call(session, "step", StepRequest()) for _ in range(8)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, TooMany)]
        assert len(refused) == 3
        assert refused[0].retry_after > 0
        assert (await service.view(session))["cursor"]["step"] == 5

    run(main, Capacity(waiting_calls=5))


def test_sessions_in_use_that_take_all_memory_are_told_of() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        async with service.subscribe(session):
            await service.call(session, "step", StepRequest(count=500))
            with pytest.raises(TooMany, match="pause or delete"):
                await service.create(SessionConfig(), "me")

    run(main, Capacity(memory_bytes=1_000))


def test_idle_sessions_leave_memory_and_come_back_just_as_they_were() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(ADAM, "me"))["id"]
        await service.call(session, "step", StepRequest(count=30))
        before = await service.call(session, "settings", SettingsPatch(optimizer=OptimizerConfig(learning_rate=0.5)))
        assert before is not None
        await asyncio.sleep(0.6)  # put away, most likely; it must make no difference
        after = await service.call(session, "pause", if_match=before["revision"])
        assert after is not None
        assert after["config"] == before["config"]
        assert after["can_undo"]
        undone = await service.call(session, "undo")
        assert undone is not None
        assert undone["config"]["optimizer"]["learning_rate"] != 0.5

    run(main, Capacity(idle_seconds=0))


def test_a_session_that_cannot_go_on_is_not_listed_and_may_be_deleted_or_make_room() -> None:
    async def main(service: SessionService) -> None:
        for deleted in (True, False):
            data = await service.datasets.add(build("moons", 60), "me")
            session = (await service.create(SessionConfig(dataset=NamedDataset(name=data)), "me"))["id"]
            await service.call(session, "step")
            await service.datasets.delete(data, "me")
            await killed(service)
            with pytest.raises(Conflict, match="cannot go on"):
                await service.view(session)
            assert await service.listing("me") == []
            if deleted:
                with pytest.raises(PreconditionFailed):
                    await service.delete(session, if_match=1)
                await service.delete(session, if_match=2)
                with pytest.raises(NotFound):
                    await service.view(session)
        new = (await service.create(SessionConfig(), "me"))["id"]
        assert [view["id"] for view in await service.listing("me")] == [new]

    run(main, Capacity(sessions_per_owner=1, own_seconds=0))


# --- the worker dies ---


def test_a_session_that_played_goes_on_after_the_worker_was_killed_with_the_same_numbers(tmp_path: Path) -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(ADAM, "me"))["id"]
        await service.call(session, "step", StepRequest(count=40))
        played = await service.call(session, "play", PlayRequest(per_second=0, until=Until(step=20_000)))
        assert played is not None
        await killed(service)
        while (view := await service.view(session))["playing"] or view["cursor"]["step"] < 20_000:
            await asyncio.sleep(0.01)
        assert view["cursor"]["step"] == 20_000
        assert view["revision"] == played["revision"] + 1
        assert await service.trace(session) == alone(ADAM, 20_000, tmp_path)
        await service.call(session, "seek", SeekRequest(step=17))
        assert await service.trace(session) == alone(ADAM, 17, tmp_path)

    run(main)


def test_calls_that_were_under_way_when_the_worker_died_are_done_once_by_the_next() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        (pid,) = service.worker_pids
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)  # so that all are surely under way
        made = asyncio.ensure_future(service.create(SessionConfig(), "me"))
        read = asyncio.ensure_future(service.history(session))
        write = asyncio.ensure_future(service.call(session, "step"))
        await asyncio.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        stepped = await write
        assert stepped is not None
        assert (stepped["cursor"]["step"], stepped["revision"]) == (1, 2)
        assert (await read)["steps"] == [0]
        new = (await made)["id"]
        assert [view["id"] for view in await service.listing("me")] == [new, session]

    run(main)


def test_a_call_that_every_worker_dies_of_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Link, "beats", 1)  # the next one is stopped before it begins to work

    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        write = None
        for _ in range(module.TRIES):
            (pid,) = service.worker_pids
            assert pid is not None
            os.kill(pid, signal.SIGSTOP)
            write = write or asyncio.ensure_future(service.call(session, "step"))
            await asyncio.sleep(0.05)
            await killed(service)
        assert write is not None
        with pytest.raises(Unavailable, match="started again"):
            await write
        assert (await service.view(session))["cursor"]["step"] == 0

    run(main)


def deadly_worker(*arguments: Any) -> None:
    """A worker that dies of reading a document with the seed 666."""
    ordinary = Session.from_export

    def from_export(document: dict[str, Any], *rest: Any) -> Session:
        if document["seed"] == 666:
            os.kill(os.getpid(), signal.SIGKILL)
        return ordinary(document, *rest)

    setattr(Session, "from_export", from_export)  # noqa: B010 - a class method, in a process of its own
    worker_main(*arguments)


def test_a_document_that_workers_die_of_is_refused_and_those_beside_it_are_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.hosting.worker.main", deadly_worker)

    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(seed=1), "me"))["id"]
        document = await service.export(session)
        deadly = asyncio.ensure_future(service.import_(document | {"seed": 666}, "me"))
        with pytest.raises(Invalid, match="is not read again"):
            await deadly
        copy = await service.import_(document, "me")
        assert {view["id"] for view in await service.listing("me")} == {session, copy["id"]}

    run(main)


def test_a_viewer_stays_connected_when_the_worker_dies_and_numbers_go_on_rising() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        async with service.subscribe(session) as subscription:
            viewer = Viewer(subscription)
            before = await viewer.until("frame")
            await killed(service)
            await viewer.until("topology")
            after = await viewer.until("frame")
            assert after["key"]
            assert after["seq"] > before["seq"]
            await service.call(session, "step")
            assert (await viewer.until("frame", lambda frame: frame["cursor"]["step"] == 1))["seq"] > after["seq"]

    run(main)


def test_a_session_that_was_lost_with_the_worker_is_not_found_and_counts_no_more() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        service._archive.delete(session)
        await killed(service)
        assert await service.listing("me") == []
        with pytest.raises(NotFound):
            await service.view(session)
        await service.create(SessionConfig(), "me")

    run(main, Capacity(sessions_per_owner=1))


def test_after_workers_that_died_at_once_the_next_one_starts_with_all_paused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POISONED", 1)

    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        played = await service.call(session, "play", FLAT_OUT)
        assert played is not None
        await killed(service)
        assert not (await service.view(session))["playing"]
        assert not (await service.view(session, True))["playing"]

    run(main)


def test_a_worker_that_cannot_be_started_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        real = Link

        def failing(*arguments: Any) -> Any:
            tries.append(1)
            if len(tries) < 3:
                raise BlockingIOError("no more processes")
            return real(*arguments)

        monkeypatch.setattr(module, "Link", failing)
        monkeypatch.setattr(module, "RESTART_S", (0.0, 0.0, 0.0))
        (pid,) = service.worker_pids
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while len(tries) < 3:
            await asyncio.sleep(0.01)
        assert (await service.view(session))["cursor"]["step"] == 0

    run(main)


# --- streams ---


def test_a_viewer_gets_topology_a_key_frame_and_then_what_happens() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        async with service.subscribe(session) as subscription:
            viewer = Viewer(subscription)
            event = await viewer.event()
            assert event is not None
            assert event[0] == "topology"
            assert event[1]["session"] == session
            assert event[1]["layers"] == [2, 4, 3, 2]
            event = await viewer.event()
            assert event is not None
            assert event[0] == "frame"
            assert event[1]["key"]
            assert event[1]["cursor"]["step"] == 0
            await service.call(session, "play", FLAT_OUT)
            assert (await viewer.until("state"))["reason"] == "played"
            frames = [await viewer.until("frame") for _ in range(5)]
            assert all(one["seq"] < two["seq"] for one, two in pairwise(frames))
            assert all(one["cursor"]["step"] < two["cursor"]["step"] for one, two in pairwise(frames))

    run(main)


def test_a_deleted_session_tells_its_viewers_and_ends_their_streams() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        async with service.subscribe(session) as subscription:
            viewer = Viewer(subscription)
            await viewer.until("frame")
            await service.delete(session)
            assert (await viewer.until("state"))["reason"] == "deleted"
            assert await viewer.event() is None
        with pytest.raises(NotFound):
            service.subscribe(session)
        with pytest.raises(NotFound):
            await service.call(session, "step")

    run(main)


def test_streams_end_when_the_server_stops() -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(SessionConfig(), "me"))["id"]
        async with service.subscribe(session) as subscription:
            viewer = Viewer(subscription)
            await viewer.until("frame")
            service.end_streams()
            assert await viewer.event() is None

    run(main)


# --- data sets ---


def test_an_uploaded_data_set_is_listed_for_its_owner_and_trains() -> None:
    async def main(service: SessionService) -> None:
        name = await service.datasets.add(build("moons", 60), "me")
        mine = {info["name"]: info for info in await service.datasets.listing("me")}
        assert mine[name]["size"] == 60
        assert mine[name]["size_can_be_chosen"] is False
        assert mine["circle"]["noise"] == 0.1
        assert mine["circle"]["size_can_be_chosen"] is True
        assert mine["digits"]["size_can_be_chosen"] is False
        assert mine["digits"]["source"]
        assert name not in [info["name"] for info in await service.datasets.listing("you")]
        session = (await service.create(SessionConfig(dataset=NamedDataset(name=name)), "me"))["id"]
        await service.call(session, "step", StepRequest(count=10))
        await killed(service)
        assert (await service.call(session, "step"))["cursor"]["step"] == 11  # type: ignore[index]

    run(main)


def test_a_data_set_of_a_request_outlives_the_worker() -> None:
    async def main(service: SessionService) -> None:
        data = InlineDataset(inputs=[[0.1, 0.2], [0.7, 0.3]], labels=[0, 1])
        session = (await service.create(SessionConfig(dataset=data), "me"))["id"]
        before = await service.view(session)
        await killed(service)
        assert (await service.view(session, True))["config"] == before["config"]
        assert (await service.examples(session))["inputs"] == [[0.1, 0.2], [0.7, 0.3]]

    run(main)


def test_one_data_set_is_shown_with_its_first_examples() -> None:
    async def main(service: SessionService) -> None:
        shown = await service.datasets.one("digits", 3)
        assert shown["size"] == 1797
        assert np.shape(shown["examples"]["inputs"]) == (3, 64)
        assert len(shown["examples"]["labels"]) == 3
        name = await service.datasets.add(build("plane", 50))
        assert np.shape((await service.datasets.one(name, 5))["examples"]["targets"]) == (5, 1)
        for unknown in ("nothing", "../datasets", f"../datasets/{name}"):
            with pytest.raises(NotFound):
                await service.datasets.one(unknown)

    run(main)


def test_uploads_are_limited_in_number_and_size_and_deleting_one_makes_room() -> None:
    async def main(service: SessionService) -> None:
        name = await service.datasets.add(build("moons", 100), "me")
        with pytest.raises(TooMany, match="1 uploaded data set"):
            await service.datasets.add(build("moons", 100), "me")
        with pytest.raises(NotFound):
            await service.datasets.delete(name, "you")
        await service.datasets.delete(name, "me")
        with pytest.raises(NotFound):
            await service.datasets.one(name)
        with pytest.raises(TooLarge, match="room for"):
            await service.datasets.add(build("moons", 1_000), "me")
        with pytest.raises(InvalidConfig):
            await service.create(SessionConfig(dataset=NamedDataset(name=name)), "me")

    run(main, Capacity(datasets=1, dataset_bytes=10_000))
