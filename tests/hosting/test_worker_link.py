"""The link to a worker: a real process, real pipes, and every way in which it can end."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Coroutine
from multiprocessing.connection import Connection

import pytest

from app.hosting.calls import Unavailable
from app.hosting.link import Link
from app.hosting.messages import Answer, Call, Event, Message
from app.sessions.errors import Conflict
from app.single_thread import SINGLE_THREAD


def scripted_worker(connection: Connection, counts: object) -> None:
    """A worker that does what the method's name says."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (call := connection.recv()) is not None:
        match call:
            case Call(number, "echo", _, arguments):
                connection.send(Answer(number, arguments))
            case Call(number, "environment", _, (str(name),)):
                connection.send(Answer(number, os.environ.get(name)))
            case Call(number, "refuse"):
                connection.send(Answer(number, refusal=Conflict("not now")))
            case Call(number, "fail"):
                connection.send(Answer(number, fault="KeyError: 'x'"))
            case Call(number, "push", session, (bytes(text),)):
                connection.send(Event(session, "frame", text))
            case Call(number, "die"):
                os._exit(3)
            case Call(number, "hang"):
                while True:
                    time.sleep(60)


def run(main: Coroutine[object, object, None]) -> None:
    asyncio.run(asyncio.wait_for(main, 60))


class Ends:
    """What a link told."""

    def __init__(self) -> None:
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        self.dead = asyncio.Event()

    def open(self) -> Link:
        return Link(scripted_worker, (), self.messages.put_nowait, self.dead.set)


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_calls_are_answered_refused_and_fail_each_in_its_own_way() -> None:
    async def main() -> None:
        link = Ends().open()
        assert await link.call("echo", "s", 1, "two", timeout=30) == (1, "two")
        with pytest.raises(Conflict, match="not now"):
            await link.call("refuse", "s", timeout=30)
        with pytest.raises(RuntimeError, match="KeyError"):
            await link.call("fail", "s", timeout=30)
        assert link.waiting == 0
        await link.close()

    run(main())


def test_answers_find_their_calls_whatever_the_order() -> None:
    async def main() -> None:
        link = Ends().open()
        answers = await asyncio.gather(*(link.call("echo", "s", number, timeout=30) for number in range(100)))
        assert answers == [(number,) for number in range(100)]
        await link.close()

    run(main())


def test_what_the_worker_pushes_is_received() -> None:
    async def main() -> None:
        ends = Ends()
        link = ends.open()
        link.post("push", "s", b"text")
        assert await ends.messages.get() == Event("s", "frame", b"text")
        await link.close()
        assert not ends.dead.is_set()

    run(main())


def test_the_worker_has_one_blas_thread_and_the_web_process_keeps_its_own_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)

    async def main() -> None:
        link = Ends().open()
        assert os.environ["OPENBLAS_NUM_THREADS"] == "7"
        assert "OMP_NUM_THREADS" not in os.environ
        for name in SINGLE_THREAD:
            assert await link.call("environment", "", name, timeout=30) == "1"
        await link.close()

    run(main())


def test_every_waiting_call_is_refused_when_the_worker_dies() -> None:
    async def main() -> None:
        ends = Ends()
        link = ends.open()
        calls = [asyncio.ensure_future(link.call("hang", "s", timeout=30)) for _ in range(3)]
        await asyncio.sleep(0)
        assert link.pid is not None
        os.kill(link.pid, signal.SIGKILL)
        for call in calls:
            with pytest.raises(Unavailable, match="started again"):
                await call
        await ends.dead.wait()
        with pytest.raises(Unavailable):
            await link.call("echo", "s", timeout=30)
        await link.close()

    run(main())


def test_a_worker_that_ends_by_itself_has_died_too() -> None:
    async def main() -> None:
        ends = Ends()
        link = ends.open()
        with pytest.raises(Unavailable):
            await link.call("die", "s", timeout=30)
        await ends.dead.wait()
        await link.close()

    run(main())


def test_a_call_that_takes_too_long_is_refused_and_its_late_answer_is_dropped() -> None:
    async def main() -> None:
        link = Ends().open()
        with pytest.raises(Unavailable, match="look at the session"):
            await link.call("echo", "s", timeout=0)  # the process has not even started
        assert await link.call("echo", "s", "next", timeout=30) == ("next",)
        await link.close()

    run(main())


def test_a_worker_that_hangs_is_killed_on_closing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.hosting.link.CLOSE_S", 0.2)

    async def main() -> None:
        ends = Ends()
        link = ends.open()
        assert await link.call("echo", "s", timeout=30) == ()
        hung = asyncio.ensure_future(link.call("hang", "s", timeout=30))
        await asyncio.sleep(0)
        pid = link.pid
        assert pid is not None
        await link.close()
        assert not alive(pid)
        with pytest.raises(Unavailable):
            await hung
        assert not ends.dead.is_set()

    run(main())


def test_a_large_call_to_a_hanging_worker_does_not_block_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.hosting.link.CLOSE_S", 0.2)

    async def main() -> None:
        link = Ends().open()
        hung = asyncio.ensure_future(link.call("hang", "s", timeout=30))
        large = asyncio.ensure_future(link.call("echo", "s", bytes(10_000_000), timeout=30))
        await asyncio.sleep(0)
        ticks = 0
        for _ in range(10):
            await asyncio.sleep(0)
            ticks += 1
        assert ticks == 10
        await link.close()
        for call in (hung, large):
            with pytest.raises(Unavailable):
                await call

    run(main())


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a kill that cannot be caught")
def test_the_worker_ends_when_its_parent_is_killed() -> None:
    program = textwrap.dedent(
        """
        import asyncio
        from tests.hosting.test_worker_link import Ends

        async def main():
            link = Ends().open()
            await link.call("echo", "s", timeout=30)
            print(link.pid, flush=True)
            await asyncio.sleep(3600)

        if __name__ == "__main__":
            asyncio.run(main())
        """
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        assert alive(worker)
        parent.kill()
    deadline = time.monotonic() + 30
    while alive(worker):
        assert time.monotonic() < deadline, "the worker outlived its parent"
        time.sleep(0.01)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="only Linux lists open files there")
def test_nothing_stays_open_for_a_worker_that_has_died() -> None:
    async def main() -> None:
        ends = Ends()
        await asyncio.to_thread(lambda: None)  # the loop's own threads and files are there
        before = len(os.listdir("/proc/self/fd"))
        link = ends.open()
        assert await link.call("echo", "s", timeout=30) == ()
        assert len(os.listdir("/proc/self/fd")) > before
        with pytest.raises(Unavailable):
            await link.call("die", "s", timeout=30)
        while len(os.listdir("/proc/self/fd")) > before:
            await asyncio.sleep(0.01)
        await link.close()

    gc.disable()
    try:
        run(main())
    finally:
        gc.enable()
