"""Sessions as the web process sees them: every call goes to the worker that has the session.

`SessionService` belongs to one event loop. Refusals are `SessionError`s, which know their HTTP status.
"""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

from pydantic import BaseModel

from app.hosting.archive import Archive, part_of
from app.hosting.asking import Asking, View, named
from app.hosting.calls import Unavailable
from app.hosting.capacity import Capacity
from app.hosting.client import Shares, asking
from app.hosting.host import TRIES, Host
from app.hosting.messages import Event
from app.hosting.registry import Gone
from app.hosting.room import Record, Room
from app.hosting.uploads import SHARED, Uploads
from app.sessions.config import SessionConfig
from app.sessions.errors import Conflict, Invalid, NotFound, SessionError
from app.sessions.limits import Limits
from app.sessions.requests import SeekRequest
from app.storage import DataFolder, WriteQueue
from app.streaming.hub import Hub
from app.streaming.subscription import Subscription

__all__ = ["SHARED", "SessionService"]

READY_S = 2.0
"""How soon a worker answers that is ready, in seconds."""
TOGETHER = 20
"""How many sessions are asked at once for a list."""
KEEPING_S = 30.0
"""How often it is written down when sessions were last used, and old ones are deleted, in seconds."""
CHECKPOINT_S = 2.0
"""How often what was written is brought into the file itself, in seconds."""
DAY_S = 86_400.0
DEADLY = (
    f"The process that trains ended {TRIES} times while it was reading this document, so it is not read again: it may"
    " be damaged, or need more memory than there is."
)
"""What is said of a document that no worker survives."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a service counts.

    Attributes
    ----------
    encoded
        frames that were made since the start, each once.
    awake, playing, memory_bytes
        sessions in the workers' memory, those of them that play, and what all of them take there.
    watched
        sessions that somebody watches.
    waiting
        calls that wait for a worker.
    offered, taken
        frames that there were for viewers, and those that were fast enough.
    pids
        of the workers.
    """

    sessions: int
    awake: int
    playing: int
    memory_bytes: int
    encoded: int
    watched: int
    viewers: int
    waiting: int
    restarts: int
    offered: int
    taken: int
    pids: tuple[int | None, ...]


class SessionService(Asking):
    """All sessions; `datasets` are what was uploaded for them.

    Parameters
    ----------
    limits
        of one session.
    capacity
        of all together.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        capacity: Capacity | None = None,
        folder: DataFolder | None = None,
        workers: int = 1,
    ) -> None:
        self._limits = limits or Limits()
        self._capacity = capacity or Capacity()
        self._own_folder = None if folder is not None else DataFolder().open()
        self.folder = folder or cast(DataFolder, self._own_folder)
        self.queue = WriteQueue(self.folder.database)
        self._archive = Archive(self.queue.database)
        self.datasets = Uploads(self.folder.datasets, self.queue, self._capacity)
        self._hub = Hub(self._interest, self._capacity.keep_alive_seconds)
        self._records: dict[str, Record] = {}
        self._room = Room(self._records, self._capacity, self._hub.viewers, self._let_go)
        self._shares = Shares()
        self._saved_at = time.time()
        self._hosts = [self._place((part, workers)) for part in range(max(1, workers))]
        self._keeping: list[asyncio.Task[None]] = []

    def _place(self, part: tuple[int, int]) -> Host:
        capacity = replace(self._capacity, memory_bytes=self._capacity.memory_bytes // max(1, part[1]))
        viewed = partial(self._viewed, part[0])
        return Host(self.folder, self.queue, part, self._limits, capacity, self._received, viewed)

    # --- its life ---

    async def start(self) -> None:
        """Know again what is kept, and start the workers; calls may be made at once, and wait for them."""
        await self.queue.do(self.queue.database.dismiss)
        await self.queue.do(self._archive.tidy)
        for kept in await self.queue.do(self._archive.all):
            self._records[kept.name] = Record(kept.owner, kept.used, kept.touched, made=True)
        await self.datasets.start()
        for host in self._hosts:
            await host.start()
        begin = asyncio.get_running_loop().create_task
        self._keeping = [begin(self._keep()), begin(self._checkpoint())]

    async def close(self) -> None:
        """End all streams, and stop the workers in good order."""
        self.end_streams()
        for task in self._keeping:
            task.cancel()
        await asyncio.gather(*(host.close() for host in self._hosts))
        with suppress(sqlite3.Error):
            await self.queue.do(self._write_used)
        await self.queue.close()
        if self._own_folder is not None:
            self._own_folder.close()

    def end_streams(self) -> None:
        """End all streams now; a server that shuts down calls it first, since an open stream holds it up."""
        self._hub.close()

    @property
    def worker_pids(self) -> list[int | None]:
        """The workers' process ids; None for one that is not there at the moment, or works in this process."""
        return [host.pid for host in self._hosts]

    async def _checkpoint(self) -> None:
        while True:
            await asyncio.sleep(CHECKPOINT_S)
            with suppress(sqlite3.Error):  # no room: then next time
                await self.queue.do(self.queue.database.checkpoint)

    async def _keep(self) -> None:
        while True:
            await self._delete_old()
            await asyncio.sleep(KEEPING_S)
            with suppress(sqlite3.Error):
                await self.queue.do(self._write_used)

    def _write_used(self) -> None:
        since, self._saved_at = self._saved_at, time.time()
        self._archive.used({name: record.used for name, record in [*self._records.items()] if record.used >= since})

    async def _delete_old(self) -> None:
        """Delete the sessions that nobody has used for as long as a setting says."""
        if not self._capacity.keep_days:
            return
        oldest = time.time() - self._capacity.keep_days * DAY_S
        for session, record in [*self._records.items()]:
            if record.made and record.used < oldest and not self._hub.viewers(session):
                with suppress(SessionError):
                    await self._let_go(session)

    # --- the workers ---

    def _host(self, session: str) -> Host:
        return self._hosts[part_of(session, len(self._hosts))]

    def _viewed(self, part: int) -> list[str]:
        return [session for session in self._hub.sessions() if part_of(session, len(self._hosts)) == part]

    def _received(self, message: Event) -> None:
        if message.kind == "end":
            self._hub.end(message.session)
        else:
            self._hub.publish(message.session, message.kind, message.text)

    def _interest(self, session: str, wanted: bool) -> None:
        if session in self._records:
            self._records[session].used = time.time()
        self._host(session).post("subscribe" if wanted else "unsubscribe", session)

    async def _ask(self, method: str, session: str, *arguments: object) -> Any:
        try:
            return await self._host(session).ask(method, session, *arguments, share=self._shares.of(asking.get()))
        except Gone:
            self._records.pop(session, None)
            raise

    # --- sessions ---

    def _record(self, session: str) -> Record:
        record = self._records.get(session)
        if record is None or not record.made:
            raise Gone(session)
        record.used = time.time()
        record.claimed = record.claimed or record.owner == asking.get().visitor
        return record

    def owner(self, session: str) -> str:
        """Who made it. Raises NotFound."""
        return self._record(session).owner

    async def create(self, config: SessionConfig, owner: str) -> View:
        """A new training session; answers its view. Raises InvalidConfig, TooMany."""
        return await self._new(owner, "create", owner, config, touched=False)

    async def import_(self, document: Mapping[str, object], owner: str) -> View:
        """The session of an exported document, as a new one. Raises Invalid, TooMany."""
        return await self._new(owner, "import", owner, document)

    async def _deadly(self, session: str) -> bool:
        """Whether every worker died while it loaded this session."""
        return await self.queue.do(lambda: self._archive.wakings(session)) >= TRIES

    async def fork(
        self,
        session: str,
        owner: str | None = None,
        if_match: int | None = None,
        at: SeekRequest | None = None,
        touched: bool = True,
    ) -> View:
        """A new session with the same history up to a point, else the cursor.

        `owner`: the source's where none is given. `touched`: False for one that a link makes again at any time.
        """
        record = self._record(session)
        owner = record.owner if owner is None else owner
        arguments = (owner, at, if_match, touched)
        return await self._new(owner, "fork", *arguments, source=session, touched=touched)

    async def _new(
        self, owner: str, method: str, *arguments: object, source: str | None = None, touched: bool = True
    ) -> View:
        await self._room.make(owner, asking.get().address)
        session = self._free_name(source)
        self._records[session] = record = Record(owner, time.time(), touched, address=asking.get().address)
        try:
            if source is None:
                view = await self._ask(method, session, *arguments)
            else:
                view = await self._ask(method, source, session, *arguments)
        except BaseException as error:
            if isinstance(error, Unavailable) and method == "import" and await self._deadly(session):
                error = Invalid(("body",), DEADLY)
            self._records.pop(session, None)
            self._host(session).post("delete", session, None)  # it may yet be made, for nobody
            raise error from None
        record.made = True
        return named(session, view)

    def _free_name(self, source: str | None) -> str:
        """An id for a new session: of the worker that has the source; else of the one that has fewest."""
        parts = len(self._hosts)
        counts = Counter(part_of(session, parts) for session in self._records)
        wanted = min(range(parts), key=counts.__getitem__) if source is None else part_of(source, parts)
        while part_of(name := secrets.token_hex(10), parts) != wanted:
            pass
        return name

    async def _let_go(self, session: str) -> bool:
        """Delete a session unless it plays; answers whether it is gone."""
        with suppress(NotFound):  # then it went by itself
            if await self._plays(session):
                return False
            await self.delete(session)
        return True

    async def _plays(self, session: str) -> bool:
        try:
            view: View = await self._ask("view", session, False)
        except Conflict:  # it cannot go on
            return False
        return bool(view["playing"])

    async def call(
        self, session: str, method: str, body: BaseModel | None = None, if_match: int | None = None
    ) -> View | None:
        """A call that writes: step, back, seek, play, pause, settings, parameters, examples, undo, redo, fork, delete.

        Answers the view, with `discarded_steps` where the log may have changed (of the new session for `fork`, none
        for `delete`). `if_match` is compared where the session lives, so nothing can come between.
        """
        if method == "delete":
            await self.delete(session, if_match)
            return None
        if method == "fork":
            return await self.fork(session, if_match=if_match)
        self._record(session).touched = True
        key = secrets.token_hex(8)  # by which a worker knows the call again that the one before it had done already
        share = self._shares.of(asking.get())
        return named(session, await self._ask("perform", session, method, body, if_match, key, share))

    async def delete(self, session: str, if_match: int | None = None) -> None:
        """Forget a session; its streams end. Raises NotFound, PreconditionFailed."""
        self._record(session)
        with suppress(Gone):  # another worker had done it already, and died before it could say so
            await self._ask("delete", session, if_match)
        self._records.pop(session, None)

    async def view(self, session: str, include_parameters: bool = False) -> View:
        """The view of a session; that of the moment before while it is in the middle of a long command."""
        self._record(session)
        return named(session, await self._ask("view", session, include_parameters))

    async def listing(self, owner: str) -> list[View]:
        """The views of an owner's sessions, newest first."""
        own = [session for session, record in reversed(self._records.items()) if record.owner == owner and record.made]
        views = []
        for start in range(0, len(own), TOGETHER):
            views += await asyncio.gather(*map(self._view_if_there, own[start : start + TOGETHER]))
        return [view for view in views if view is not None]

    async def _view_if_there(self, session: str) -> View | None:
        try:
            return named(session, await self._ask("view", session, False))
        except (NotFound, Conflict):  # it is gone, or cannot go on: its data set was deleted, say
            return None

    async def _read(self, session: str, method: str, *arguments: object) -> Any:
        self._record(session)
        return await self._ask("read", session, method, *arguments)

    def subscribe(self, session: str) -> Subscription:
        """A viewer's stream. Raises NotFound."""
        self._record(session)
        return self._hub.subscribe(session)

    def follow(self, subscription: Subscription, session: str) -> None:
        """Let a stream of several follow this session too. Raises NotFound."""
        self._record(session)
        self._hub.join(subscription, session)

    # --- how it is ---

    async def answers(self) -> bool:
        """Whether every worker answers, soon."""
        return all(await asyncio.gather(*(host.answers(READY_S) for host in self._hosts)))

    async def figures(self) -> Figures:
        """What there is to count; a worker that does not answer soon counts for nothing."""
        counts = await asyncio.gather(*(host.counts(READY_S) for host in self._hosts))
        watched = self._hub.sessions()
        return Figures(
            sessions=len(self._records),
            **{name: sum(count[name] for count in counts) for name in ("awake", "playing", "memory_bytes")},
            encoded=self._hub.frames,
            watched=len(watched),
            viewers=sum(map(self._hub.viewers, watched)),
            waiting=sum(host.waiting for host in self._hosts),
            restarts=sum(host.restarts for host in self._hosts),
            offered=self._hub.counts.offered,
            taken=self._hub.counts.taken,
            pids=tuple(self.worker_pids),
        )
