"""The place of one worker: the process that is there now, and another one when that has died or hangs.

Every call waits for a worker to be there, and no call waits for ever.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from app.hosting import worker
from app.hosting.calls import Calls, Unavailable
from app.hosting.capacity import Capacity
from app.hosting.inline import Inline
from app.hosting.link import Link
from app.hosting.messages import Event, Message
from app.hosting.worker import Worker
from app.sessions.errors import NotFound, SessionError, TooMany
from app.sessions.limits import Limits
from app.storage import Database, DataFolder, WriteQueue, Writer

logger = logging.getLogger(__name__)

RESTART_S = (0.0, 0.1, 0.5, 2.0, 5.0)
"""How long a worker that died is waited with, in seconds; the longer the more often it died at once."""
POISONED = 3
"""A worker that died at once so often may have died of a session that plays: the next one starts with all paused."""
STARTS = "starts"
"""What starts of a server without a worker process are counted by, those that came to nothing."""
STEADY_S = 10.0
"""A worker that lived so long did not die at once, in seconds."""
LOOKS = 8
"""How often a worker that hangs is looked at before it is killed."""
TRIES = 2
"""How many workers a call may take along when they die."""


class Host:
    """The place of a worker.

    Parameters
    ----------
    part
        Which part of the sessions it trains, of how many; of none: all of them, in this process.
    received
        takes what the worker pushes.
    viewed
        the sessions of this part that somebody views now.
    """

    def __init__(
        self,
        folder: DataFolder,
        queue: WriteQueue,
        part: tuple[int, int],
        limits: Limits,
        capacity: Capacity,
        received: Callable[[Event], None],
        viewed: Callable[[], Iterable[str]],
    ) -> None:
        self._folder = folder
        self._queue = queue
        self._part = part
        self._limits = limits
        self._capacity = capacity
        self._received = received
        self._viewed = viewed
        self._link: Calls | None = None
        self._linked = asyncio.Event()
        self._closed = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._started_at = 0.0
        self._deaths = 0
        self._begun = 0

    @property
    def pid(self) -> int | None:
        """The worker's process id, while there is one."""
        return None if self._link is None else self._link.pid

    @property
    def waiting(self) -> int:
        """Calls that wait for its answer."""
        return 0 if self._link is None else self._link.waiting

    @property
    def restarts(self) -> int:
        """How often it had to be replaced."""
        return max(0, self._begun - 1)

    async def answers(self, seconds: float) -> bool:
        """Whether the worker answers within so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.ask("view", "", False)
        except NotFound:  # it has looked
            return True
        except (SessionError, TimeoutError):
            return False
        return True

    async def counts(self, seconds: float) -> Counter[str]:
        """What the worker has in memory; nothing if it does not answer within so long."""
        with suppress(SessionError, TimeoutError):
            async with asyncio.timeout(seconds):
                return Counter(await self.ask("count", ""))
        return Counter()

    async def start(self) -> None:
        """Start the worker; calls may be made at once, and wait for it."""
        if not self._part[1]:
            await self._count_deaths()
        await self._connect()
        self._begin(self._watch())

    async def _count_deaths(self) -> None:
        """A worker without a process takes the server with it: what is counted outlives both, until one is steady."""
        self._deaths = await self._queue.do(lambda: self._queue.database.count(STARTS)) - 1
        self._begin(self._be_steady())

    async def _be_steady(self) -> None:
        await asyncio.sleep(STEADY_S)
        self._steady()

    def _steady(self) -> None:
        self._queue.soon(lambda: self._queue.database.begin_counting(STARTS))

    async def close(self) -> None:
        """Stop the worker, once it has saved what it can in a second."""
        self._closed = True
        if not self._part[1]:
            self._steady()
        for task in self._tasks:
            task.cancel()
        if self._link is not None:
            await self._link.close()

    def _begin(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self) -> None:
        writer = await self._queue.do(lambda: self._queue.database.appoint(self._part[0]))
        self._started_at = time.monotonic()
        self._begun += 1
        resume = self._deaths < POISONED
        self._link = self._process(writer, resume) if self._part[1] else self._inline(writer, resume)
        for session in self._viewed():
            self._link.post("subscribe", session)
        self._linked.set()

    def _process(self, writer: Writer, resume: bool) -> Link:
        folder = self._folder
        arguments = (folder.database, folder.datasets, writer, self._part, self._limits, self._capacity, resume)
        return Link(worker.main, arguments, self._received, self._died)

    def _inline(self, writer: Writer, resume: bool) -> Inline:
        database = Database(self._folder.database, writer)

        def make(send: Callable[[Message], None]) -> Worker:
            arguments = (database, self._folder.datasets, self._limits, self._capacity, resume, send)
            made = Worker(*arguments)
            made.recover()
            return made

        return Inline(make, database, self._received, self._died)

    # --- its death ---

    def _died(self) -> None:
        self._linked.clear()
        if not self._closed:
            self._begin(self._restart())

    async def _restart(self) -> None:
        steady = time.monotonic() - self._started_at > STEADY_S and self._link is not None and not self._link.hung
        self._deaths = 0 if steady else self._deaths + 1
        while True:
            await asyncio.sleep(RESTART_S[min(self._deaths, len(RESTART_S) - 1)])
            try:
                return await self._connect()
            except (OSError, sqlite3.Error):  # no memory, no processes, or no disk left
                logger.exception("the worker cannot be started")
                self._deaths += 1

    async def _watch(self) -> None:
        """Kill a worker that has not come round for too long.

        It comes round after every slice of work, and every second if there is none. What counts is how often it was
        found unmoved, and not the time, which also passes while this process, or the whole machine, sleeps.
        """
        link, beats, still = self._link, -1, 0
        while True:
            await asyncio.sleep(self._capacity.hang_seconds / LOOKS)
            moved = self._link is not link or (link is not None and link.beats != beats)
            still = 0 if moved else still + 1
            link = self._link
            beats = -1 if link is None else link.beats
            if still >= LOOKS and link is not None and not link.dead:
                logger.error("the worker process %s hangs, and is killed", link.pid)
                link.kill()
                still = 0

    # --- calls ---

    def post(self, method: str, session: str, *arguments: object) -> None:
        """Make a call that has no answer, if there is a worker."""
        if self._link is not None:
            self._link.post(method, session, *arguments)

    async def ask(self, method: str, session: str, *arguments: object, share: str = "") -> Any:
        """Make a call; again if the worker dies meanwhile, so the call must do no more when it is made twice."""
        tries, deadline = 0, time.monotonic() + self._capacity.call_seconds
        while True:
            link = await self._there()
            if link.waiting >= self._capacity.waiting_calls:
                raise TooMany(1, f"The server is busy: {link.waiting} calls wait. Try again in a second.")
            try:
                seconds = self._capacity.call_seconds
                return await link.call(method, session, *arguments, timeout=seconds, share=share)
            except Unavailable:
                tries += link.beats > 0  # else it had not begun to work, and cannot have died of the call
                if not link.dead or self._closed or tries >= TRIES or time.monotonic() > deadline:
                    raise

    async def _there(self) -> Calls:
        try:
            async with asyncio.timeout(self._capacity.call_seconds):
                await self._linked.wait()
        except TimeoutError:
            raise Unavailable("The process that trains cannot be started; try again later.", retry_after=30) from None
        assert self._link is not None
        return self._link
