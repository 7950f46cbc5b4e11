"""The same sessions with one worker, with several, and with none; and workers that are killed or hang all the time."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from app.datasets import build
from app.hosting import host
from app.hosting.archive import Archive, part_of
from app.hosting.calls import Unavailable
from app.hosting.capacity import Capacity
from app.hosting.library import Library
from app.hosting.service import SessionService
from app.hosting.worker import main as worker_main
from app.sessions.config import InlineDataset, NamedDataset, OptimizerConfig, SessionConfig
from app.sessions.errors import NotFound, PreconditionFailed
from app.sessions.limits import Limits
from app.sessions.requests import PlayRequest, SeekRequest, SettingsPatch, StepRequest, Until
from app.sessions.session import Session
from app.sessions.work import finish
from app.storage import Database, DataFolder
from app.streaming import sse
from app.streaming.subscription import Subscription

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a kill that cannot be caught")

ADAM = SessionConfig(layers=[2, 5, 2], optimizer=OptimizerConfig(name="adam"), seed=7)
FLAT_OUT = PlayRequest(per_second=0)
NUMBERS = pytest.mark.parametrize("workers", [0, 1, 2])


def run(main: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(main, 120))


async def with_service(
    path: Path, workers: int, main: Callable[[SessionService], Awaitable[Any]], capacity: Capacity | None = None
) -> Any:
    """What `main` comes to, against a service on a folder."""
    with DataFolder(path) as folder:
        service = SessionService(capacity=capacity, folder=folder, workers=workers)
        await service.start()
        try:
            return await main(service)
        finally:
            await service.close()


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    while not await holds():
        await asyncio.sleep(0.01)


async def paused(service: SessionService, session: str) -> dict[str, Any]:
    """The view of a session once it plays no longer."""
    while (view := await service.view(session, True))["playing"]:
        await asyncio.sleep(0.01)
    return view


@NUMBERS
def test_everything_works(workers: int, tmp_path: Path) -> None:
    async def main(service: SessionService) -> None:
        made = [(await service.create(ADAM, "me"))["id"] for _ in range(4)]
        assert len({part_of(name, max(1, workers)) for name in made}) == max(1, workers), "they are spread evenly"
        first, second, third, fourth = made
        await service.call(first, "step", StepRequest(count=30))
        fork = (await service.fork(first, "you"))["id"]
        copy = (await service.import_(await service.export(first), "me"))["id"]
        for name in (first, fork, copy):
            await service.call(name, "settings", SettingsPatch(optimizer=OptimizerConfig(learning_rate=0.5)))
            await service.call(name, "step", StepRequest(count=10))
        assert await service.trace(first) == await service.trace(fork) == await service.trace(copy)
        await asyncio.gather(
            *(service.call(name, "play", FLAT_OUT.model_copy(update={"until": Until(step=3_000)})) for name in made)
        )
        views = [await paused(service, name) for name in made]
        assert all(view["cursor"]["step"] == 3_000 for view in views)
        assert views[1]["weights"] == views[2]["weights"] == views[3]["weights"]
        with pytest.raises(PreconditionFailed):
            await service.call(second, "step", if_match=1)
        await service.delete(third)
        with pytest.raises(NotFound):
            await service.view(third)
        assert [view["id"] for view in await service.listing("me")] == [copy, fourth, second, first]
        assert [view["id"] for view in await service.listing("you")] == [fork]
        upload = await service.datasets.add(build("moons", 60), "me")
        for data in (NamedDataset(name=upload), InlineDataset(inputs=[[0.1, 0.2], [0.7, 0.3]], labels=[0, 1])):
            session = (await service.create(SessionConfig(dataset=data), "me"))["id"]
            await service.call(session, "step", StepRequest(count=10))

    run(with_service(tmp_path, workers, main))


@NUMBERS
def test_a_viewer_sees_what_plays_and_calls_are_answered_meanwhile(workers: int, tmp_path: Path) -> None:
    async def main(service: SessionService) -> None:
        sessions = [(await service.create(SessionConfig(), "me"))["id"] for _ in range(6)]
        for session in sessions:
            await service.call(session, "play", FLAT_OUT)
        async with service.subscribe(sessions[0]) as subscription:
            steps = steps_of(subscription)
            seen = [await anext(steps) for _ in range(10)]
        assert seen == sorted(seen)
        assert seen[0] < seen[-1]
        quiet = (await service.create(SessionConfig(), "me"))["id"]
        for _ in range(10):
            await service.call(quiet, "step")
        for session in sessions:
            await service.call(session, "pause")
            assert (await service.view(session))["cursor"]["step"] > 0

    run(with_service(tmp_path, workers, main))


async def steps_of(subscription: Subscription) -> Any:
    """The steps of the frames that a viewer sees."""
    rest = b""
    async for piece in subscription:
        rest += piece.replace(sse.RETRY, b"")
        while b"\n\n" in rest:
            text, rest = rest.split(b"\n\n", 1)
            if b"event: frame" in text:
                yield int(text.split(b'"cursor":{"step":')[1].split(b",")[0])


def test_the_number_of_workers_may_change_from_one_start_to_the_next(tmp_path: Path) -> None:
    async def whole() -> None:
        async def begin(service: SessionService) -> list[str]:
            sessions = [(await service.create(ADAM, "me"))["id"] for _ in range(3)]
            for session in sessions:
                await service.call(session, "step", StepRequest(count=5))
            return sessions

        async def go_on(service: SessionService) -> None:
            for session in sessions:
                await service.call(session, "step", StepRequest(count=5))

        async def look(service: SessionService) -> list[Any]:
            return [await service.trace(session) for session in sessions]

        sessions = await with_service(tmp_path, 1, begin)
        for workers in (2, 0, 3):
            await with_service(tmp_path, workers, go_on)
        assert await with_service(tmp_path, 1, look) == [alone(20, tmp_path)] * 3

    run(whole())


def alone(step: int, folder: Path) -> dict[str, Any]:
    """The trace of a step of a session that nobody disturbed, in this process."""
    session = Session.create(ADAM, Library(folder), Limits())
    finish(session.perform("play", FLAT_OUT.model_copy(update={"until": Until(step=step)}), now=0.0))
    while session.playing:
        session.tick(0.0, 1.0)
    return finish(session.trace())


async def patiently(service: SessionService, session: str) -> dict[str, Any]:
    """The view, however often the worker is killed."""
    while True:
        with suppress(Unavailable):
            return await service.view(session)
        await asyncio.sleep(0.01)  # a service that is closed refuses at once


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_that_are_killed_in_mid_step_again_and_again_lose_nothing(
    workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host, "POISONED", 1_000)  # here it is not the sessions that they die of …
    capacity = Capacity(deaths=1_000)  # … also while one is being loaded
    monkeypatch.setattr(host, "RESTART_S", (0.0,))
    chance = random.Random(1)

    async def main(service: SessionService) -> None:
        calm = asyncio.Event()
        moved = [(await service.create(ADAM, "me"))["id"] for _ in range(2)]
        played = (await service.create(ADAM, "me"))["id"]
        await service.call(played, "play", FLAT_OUT.model_copy(update={"until": Until(step=40_000)}))

        async def act(session: str) -> None:
            """Step on and on; what was answered is the least that has been done."""
            done, revision = 0, 1
            while not calm.is_set():
                count = chance.randrange(1, 300)
                try:
                    view = await service.call(session, "step", StepRequest(count=count), if_match=revision)
                except Unavailable:  # it was tried twice, and both workers were killed
                    view = await patiently(service, session)
                assert view is not None
                assert view["revision"] - revision in (0, 1)
                done += count * (view["revision"] - revision)
                revision = view["revision"]
                assert view["cursor"]["step"] == done

        async def watch(session: str) -> list[int]:
            seen = []
            async with service.subscribe(session) as subscription:
                async for step in steps_of(subscription):
                    seen.append(step)
                    if calm.is_set():
                        return seen
            raise AssertionError("the stream ended")

        acting = [asyncio.ensure_future(act(session)) for session in moved]
        watching = [asyncio.ensure_future(watch(session)) for session in (*moved, played)]
        for _ in range(6):
            await asyncio.sleep(chance.uniform(0.2, 0.8))
            for pid in filter(None, service.worker_pids):
                os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(1)
        calm.set()
        await asyncio.gather(*acting)
        for session in moved:
            await service.call(session, "step")  # a last frame for who watches
        view = await paused(service, played)
        assert view["cursor"]["step"] == 40_000
        seen = await asyncio.gather(*watching)
        assert all(steps == sorted(steps) for steps in seen[:2])
        assert all(steps[-1] > 0 for steps in seen)
        for session in (*moved, played):
            step = (await service.view(session))["cursor"]["step"]
            assert await service.trace(session) == alone(step, tmp_path)
        await service.call(played, "seek", SeekRequest(step=17))
        assert await service.trace(played) == alone(17, tmp_path)

    run(with_service(tmp_path, workers, main, capacity))


def test_a_worker_that_hangs_is_killed_and_what_waited_is_done_by_the_next(tmp_path: Path) -> None:
    async def main(service: SessionService) -> None:
        session = (await service.create(ADAM, "me"))["id"]
        async with service.subscribe(session) as subscription:
            steps = steps_of(subscription)
            assert await anext(steps) == 0
            (pid,) = service.worker_pids
            assert pid is not None
            os.kill(pid, signal.SIGSTOP)
            began = time.monotonic()
            stepped = await service.call(session, "step", StepRequest(count=3))
            assert stepped is not None
            assert stepped["cursor"]["step"] == 3
            assert time.monotonic() - began > 1, "it was given time"
            assert service.worker_pids != [pid]
            while await anext(steps) < 3:
                pass

    run(with_service(tmp_path, 1, main, Capacity(hang_seconds=3)))


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="the system knows no such priority")
def stuck_worker(*arguments: Any) -> None:
    """A worker that comes to no end when it loads a session."""
    setattr(Session, "from_export", lambda *_: time.sleep(3600))  # noqa: B010 - in a process of its own
    worker_main(*arguments)


async def wait_for_ever(service: SessionService) -> None:
    await asyncio.sleep(3600)


STUCK = """
import asyncio, sys
from pathlib import Path
from app.hosting import worker
from tests.hosting.test_workers import stuck_worker, wait_for_ever, with_service

if __name__ == "__main__":
    worker.main = stuck_worker
    asyncio.run(with_service(Path(sys.argv[1]), 1, wait_for_ever))
"""
"""A server whose worker begins to load what played, and does not end."""


def test_that_the_server_was_killed_is_not_the_doing_of_what_was_being_loaded(tmp_path: Path) -> None:
    async def main(service: SessionService) -> str:
        name: str = (await service.create(ADAM, "me"))["id"]
        await service.call(name, "play", FLAT_OUT)
        return name

    name = asyncio.run(with_service(tmp_path, 1, main))
    archive = Archive(Database(DataFolder(tmp_path).database))
    with subprocess.Popen([sys.executable, "-c", STUCK, str(tmp_path)]) as server:
        while archive.wakings(name) == 0:
            assert server.poll() is None
            time.sleep(0.01)
        server.kill()
    while archive.wakings(name) > 0:
        time.sleep(0.01)


def test_workers_have_a_lower_priority_than_who_serves(tmp_path: Path) -> None:
    async def main(service: SessionService) -> None:
        await service.create(ADAM, "me")
        (pid,) = service.worker_pids
        assert pid is not None
        assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)

    run(with_service(tmp_path, 1, main))


def test_the_servers_own_data_set_is_taken_in_once(tmp_path: Path) -> None:
    async def whole() -> None:
        async def share(service: SessionService) -> str:
            first = await service.datasets.share(build("moons", 60))
            assert await service.datasets.share(build("moons", 60)) == first
            assert await service.datasets.share(build("moons", 61)) != first
            assert (
                len([info for info in await service.datasets.listing("me") if info["name"].startswith("upload-")]) == 2
            )
            return first

        assert await with_service(tmp_path, 1, share) == await with_service(tmp_path, 1, share)

    run(whole())


def test_a_worker_that_works_or_has_nothing_to_do_is_left_alone(tmp_path: Path) -> None:
    async def main(service: SessionService) -> None:
        (pid,) = service.worker_pids
        session = (await service.create(SessionConfig(dataset=NamedDataset(name="digits")), "me"))["id"]
        began = time.monotonic()
        while time.monotonic() - began < 5:
            await service.call(session, "step", StepRequest(count=2_000))
            await asyncio.sleep(1)
        assert service.worker_pids == [pid]

    run(with_service(tmp_path, 1, main, Capacity(hang_seconds=3)))


def test_a_session_that_nobody_has_asked_for_for_days_is_deleted(tmp_path: Path) -> None:
    async def whole() -> None:
        async def begin(service: SessionService) -> list[str]:
            return [(await service.create(ADAM, "me"))["id"] for _ in range(2)]

        old, new = await with_service(tmp_path, 1, begin)

        async def age(service: SessionService) -> None:
            service._records[old].used -= 8 * 86_400
            service._archive.used({old: service._records[old].used})

        await with_service(tmp_path, 1, age)

        async def look(service: SessionService) -> None:
            await until(lambda: only(service, new))

        async def only(service: SessionService, name: str) -> bool:
            return [view["id"] for view in await service.listing("me")] == [name]

        await with_service(tmp_path, 1, look, Capacity(keep_days=7.5))

    run(whole())
