"""Sessions as the web process sees them: every call goes to the worker, and no call ever waits for ever.

`SessionService` belongs to one event loop. Refusals are `SessionError`s, which know their HTTP status.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from app.datasets import DataSet
from app.sessions import worker
from app.sessions.capacity import Capacity
from app.sessions.config import (
    ExampleOrder,
    ExamplePart,
    NudgeRequest,
    PredictRequest,
    SeekRequest,
    SessionConfig,
    WhatIfRequest,
)
from app.sessions.descriptions import Description
from app.sessions.errors import NotFound, TooMany
from app.sessions.limits import Limits
from app.sessions.link import Link, Unavailable
from app.sessions.messages import Event, Message
from app.sessions.registry import Gone
from app.sessions.uploads import SHARED, Uploads
from app.streaming.hub import Hub, Subscription

logger = logging.getLogger(__name__)

__all__ = ["SHARED", "SessionService"]

View = dict[str, Any]

RESTART_S = (0.0, 0.1, 0.5, 2.0, 5.0)
"""How long a worker that died is waited with, in seconds; the longer the more often it died at once."""
POISONED = 3
"""A worker that died at once so often may have died of a session that plays: the next one starts with all paused."""
STEADY_S = 10.0
"""A worker that lived so long did not die at once, in seconds."""
TOGETHER = 20
"""How many sessions are asked at once for a list."""


@dataclass(slots=True)
class Record:
    """What the web process knows of a session."""

    owner: str
    used: float
    touched: bool
    """Whether it was ever written to."""
    made: bool = False
    """Whether the worker has made it."""


class SessionService:
    """All sessions and uploaded data sets.

    Parameters
    ----------
    limits
        of one session.
    capacity
        of all together.
    """

    def __init__(self, limits: Limits | None = None, capacity: Capacity | None = None) -> None:
        self._limits = limits or Limits()
        self._capacity = capacity or Capacity()
        self._records: dict[str, Record] = {}
        self._hub = Hub(self._interest, self._capacity.keep_alive_seconds)
        self._link: Link | None = None
        self._linked = asyncio.Event()
        self._closed = False
        self._restarting: asyncio.Task[None] | None = None
        self._started_at = 0.0
        self._started = 0
        self._deaths = 0

    # --- the worker's life ---

    async def start(self) -> None:
        """Start the worker; calls may be made at once, and wait for it."""
        self._temporary = tempfile.TemporaryDirectory(prefix="blameflow-", ignore_cleanup_errors=True)
        self._folder = Path(self._temporary.name)
        for name in ("sessions", "datasets"):
            (self._folder / name).mkdir()
        self._uploads = Uploads(self.datasets_folder, self._capacity)
        self._connect()

    async def close(self) -> None:
        """End all streams, stop the worker, and forget everything."""
        self._closed = True
        self.end_streams()
        if self._restarting is not None:
            self._restarting.cancel()
        if self._link is not None:
            await self._link.close()
        self._temporary.cleanup()

    def end_streams(self) -> None:
        """End all streams now; a server that shuts down calls it first, since an open stream holds it up."""
        self._hub.close()

    @property
    def datasets_folder(self) -> Path:
        """Where the uploaded data sets are."""
        return self._folder / "datasets"

    @property
    def worker_pid(self) -> int | None:
        """The worker's process id, while there is one."""
        return None if self._link is None else self._link.pid

    def _connect(self) -> None:
        self._started_at = time.monotonic()
        self._started += 1
        resume = self._deaths < POISONED
        arguments = (self._folder, self._limits, self._capacity, self._started, resume)
        self._link = Link(worker.main, arguments, self._received, self._died)
        for session in self._hub.sessions():
            self._link.post("subscribe", session)
        self._linked.set()

    def _died(self) -> None:
        self._linked.clear()
        if not self._closed:
            self._restarting = asyncio.get_running_loop().create_task(self._restart())

    async def _restart(self) -> None:
        self._deaths = 0 if time.monotonic() - self._started_at > STEADY_S else self._deaths + 1
        while True:
            await asyncio.sleep(RESTART_S[min(self._deaths, len(RESTART_S) - 1)])
            try:
                return self._connect()
            except OSError:  # no memory or no processes left
                logger.exception("the worker cannot be started")
                self._deaths += 1

    def _received(self, message: Message) -> None:
        if isinstance(message, Event):
            if message.kind == "end":
                self._hub.end(message.session)
            else:
                self._hub.publish(message.session, message.kind, message.text)

    def _interest(self, session: str, wanted: bool) -> None:
        if self._link is not None:
            self._link.post("subscribe" if wanted else "unsubscribe", session)

    async def _ask(self, method: str, session: str, *arguments: object, repeat: bool = False) -> Any:
        """A call to the worker; one that only reads is repeated if the worker dies meanwhile."""
        limit = self._capacity.call_seconds
        try:
            async with asyncio.timeout(limit):
                await self._linked.wait()
        except TimeoutError:
            raise Unavailable("The process that trains cannot be started; try again later.", retry_after=30) from None
        link = self._link
        if link is None:
            raise RuntimeError("the service has not been started")
        if link.waiting >= self._capacity.waiting_calls:
            raise TooMany(1, f"The server is busy: {link.waiting} calls wait. Try again in a second.")
        try:
            return await link.call(method, session, *arguments, timeout=limit)
        except Gone:
            self._records.pop(session, None)
            raise
        except Unavailable:
            if not repeat or not link.dead or self._closed:
                raise
        return await self._ask(method, session, *arguments)

    # --- sessions ---

    def _record(self, session: str) -> Record:
        record = self._records.get(session)
        if record is None or not record.made:
            raise Gone(session)
        record.used = time.monotonic()
        return record

    def owner(self, session: str) -> str:
        """Who made it. Raises NotFound."""
        return self._record(session).owner

    async def create(self, config: SessionConfig, owner: str) -> View:
        """A new training session; answers its view. Raises InvalidConfig, TooMany."""
        return await self._new(owner, "create", config, touched=False)

    async def import_(self, document: Mapping[str, object], owner: str) -> View:
        """The session of an exported document, as a new one. Raises Invalid, TooMany."""
        return await self._new(owner, "import", document)

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
        return await self._new(owner, "fork", at, if_match, source=session, touched=touched)

    async def _new(
        self, owner: str, method: str, *arguments: object, source: str | None = None, touched: bool = True
    ) -> View:
        await self._make_room(owner)
        session = secrets.token_hex(10)
        self._records[session] = record = Record(owner, time.monotonic(), touched)
        try:
            if source is None:
                view = await self._ask(method, session, *arguments)
            else:
                view = await self._ask(method, source, session, *arguments)
        except BaseException:
            self._records.pop(session, None)
            if self._link is not None:
                self._link.post("delete", session, None)  # it may yet be made, for nobody
            raise
        record.made = True
        return self._named(session, view)

    async def _make_room(self, owner: str) -> None:
        """Let go of a session that nobody needs any more if there are too many. Raises TooMany."""
        own = [session for session, record in self._records.items() if record.owner == owner]
        limit = self._capacity.sessions_per_owner
        if owner != SHARED and len(own) >= limit and not await self._let_go(own):
            raise TooMany(60, f"You have {len(own)} sessions, and {limit} is the most: delete one that is done with.")
        limit = self._capacity.sessions
        if len(self._records) >= limit and not await self._let_go(list(self._records)):
            raise TooMany(60, f"The server keeps {limit} sessions, and they are all in use: try again later.")

    async def _let_go(self, sessions: Sequence[str]) -> bool:
        """Delete the one of these that has rested longest, if it may be; whether there was one."""
        idle = [(self._records[session].used, session) for session in sessions if self._spare(session)]
        if not idle:
            return False
        with suppress(NotFound):  # it went by itself
            await self.delete(min(idle)[1])
        return True

    def _spare(self, session: str) -> bool:
        """Whether the session may have to make room for another."""
        record = self._records[session]
        rest = self._capacity.abandoned_seconds if record.touched else self._capacity.untouched_seconds
        return record.made and time.monotonic() - record.used > rest and not self._hub.viewers(session)

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
        return self._named(session, await self._ask("perform", session, method, body, if_match))

    async def delete(self, session: str, if_match: int | None = None) -> None:
        """Forget a session; its streams end. Raises NotFound, PreconditionFailed."""
        self._record(session)
        await self._ask("delete", session, if_match)
        self._records.pop(session, None)

    async def view(self, session: str, include_parameters: bool = False) -> View:
        """The view of a session; that of the moment before while it is in the middle of a long command."""
        self._record(session)
        return self._named(session, await self._ask("view", session, include_parameters, repeat=True))

    async def listing(self, owner: str) -> list[View]:
        """The views of an owner's sessions, newest first."""
        own = [session for session, record in reversed(self._records.items()) if record.owner == owner and record.made]
        views = []
        for start in range(0, len(own), TOGETHER):
            views += await asyncio.gather(*map(self._view_if_there, own[start : start + TOGETHER]))
        return [view for view in views if view is not None]

    async def _view_if_there(self, session: str) -> View | None:
        try:
            return self._named(session, await self._ask("view", session, False, repeat=True))
        except NotFound:
            return None

    def _named(self, session: str, view: View) -> View:
        url = f"/api/sessions/{session}"
        return {"id": session, "url": url, "stream_url": f"{url}/stream", **view}

    async def _read(self, session: str, method: str, *arguments: object) -> Any:
        self._record(session)
        return await self._ask("read", session, method, *arguments, repeat=True)

    async def trace(
        self,
        session: str,
        step: int | None = None,
        example: int | None = None,
        layer: int | None = None,
        fields: Sequence[str] | None = None,
        index: int | None = None,
    ) -> dict[str, Any]:
        """The trace of a step, see `Session.trace`."""
        return cast(dict[str, Any], await self._read(session, "trace", step, example, index, layer, fields))

    async def trace_npz(
        self, session: str, step: int | None = None, example: int | None = None, index: int | None = None
    ) -> bytes:
        """The whole trace of a step as an npz file."""
        return cast(bytes, await self._read(session, "trace_npz", step, example, index))

    async def parameters_npz(self, session: str) -> bytes:
        """Weights and biases at the cursor as an npz file."""
        return cast(bytes, await self._read(session, "parameters_npz"))

    async def export(self, session: str) -> dict[str, Any]:
        """The document that `import_` takes."""
        return cast(dict[str, Any], await self._read(session, "export"))

    async def gradient_check(self, session: str, epsilon: float = 1e-5) -> dict[str, Any]:
        """The trace against central differences."""
        return cast(dict[str, Any], await self._read(session, "gradient_check", epsilon))

    async def feedback_comparison(self, session: str) -> dict[str, Any]:
        """Every feedback operator beside the measured gradient, at the cursor."""
        answer: dict[str, Any] = await self._read(session, "feedback_comparison")
        return answer

    async def nudge(
        self,
        session: str,
        request: NudgeRequest,
        step: int | None = None,
        example: int | None = None,
        index: int | None = None,
    ) -> dict[str, Any]:
        """One number of a step, moved a little both ways."""
        return cast(dict[str, Any], await self._read(session, "nudge", request, step, example, index))

    async def what_if(self, session: str, request: WhatIfRequest) -> dict[str, Any]:
        """What other activations would lead to."""
        answer: dict[str, Any] = await self._read(session, "what_if", request)
        return answer

    async def broken_check(self, session: str, bug: str) -> dict[str, Any]:
        """The gradient of a broken backward pass against central differences."""
        answer: dict[str, Any] = await self._read(session, "broken_check", bug)
        return answer

    async def spectrum(self, session: str, layer: int, kappa: float | None = None) -> dict[str, Any]:
        """The transpose and the inverse of the weights into a layer."""
        answer: dict[str, Any] = await self._read(session, "spectrum", layer, kappa)
        return answer

    async def contributions(
        self, session: str, layer: int, j: int, k: int | None = None, step: int | None = None
    ) -> dict[str, Any]:
        """One connection or neuron, example by example of a step's mini-batch."""
        return cast(dict[str, Any], await self._read(session, "contributions", layer, j, k, step))

    async def predict(self, session: str, request: PredictRequest) -> dict[str, Any]:
        """Outputs at the cursor for these inputs."""
        return cast(dict[str, Any], await self._read(session, "predict", request))

    async def history(self, session: str, points: int = 500) -> dict[str, Any]:
        """Cost and accuracy over the run."""
        return cast(dict[str, Any], await self._read(session, "history", points))

    async def response_maps(self, session: str, resolution: int = 50) -> dict[str, Any]:
        """Each neuron over the plane of two inputs."""
        return cast(dict[str, Any], await self._read(session, "response_maps", resolution))

    async def topology(self, session: str) -> dict[str, Any]:
        """What stays the same between frames, as the stream tells it."""
        return cast(dict[str, Any], await self._read(session, "topology"))

    async def picture(self, session: str, resolution: int) -> dict[str, Any]:
        """The view, the frame and the maps at the cursor, see `Framing.picture`."""
        content = cast(dict[str, Any], await self._read(session, "picture", resolution))
        return content | {"view": self._named(session, content["view"])}

    async def examples(
        self,
        session: str,
        limit: int = 100,
        offset: int = 0,
        part: ExamplePart = "all",
        order: ExampleOrder = "index",
    ) -> dict[str, Any]:
        """Some of the session's examples, and what the network at the cursor says of them."""
        return cast(dict[str, Any], await self._read(session, "examples", limit, offset, part, order))

    def subscribe(self, session: str) -> Subscription:
        """A viewer's stream. Raises NotFound."""
        self._record(session)
        return self._hub.subscribe(session)

    # --- data sets ---

    async def add_dataset(self, data: DataSet, owner: str = SHARED) -> str:
        """Take in an uploaded data set; answers the id that a session's `dataset.name` takes.

        Raises
        ------
        TooMany
            as many as there may be are here already.
        TooLarge
            it does not fit in the space that is left.
        """
        return await self._uploads.add(data, owner)

    async def delete_dataset(self, identifier: str, owner: str = SHARED) -> None:
        """Forget an uploaded data set; sessions that are in use go on with it. Raises NotFound."""
        await self._uploads.delete(identifier, owner)

    async def datasets(self, owner: str = SHARED) -> list[Description]:
        """The built-in data sets, everybody's, and the owner's own."""
        return await self._uploads.listing(owner)

    async def dataset(self, name: str, limit: int = 20) -> Description:
        """One data set with its first examples. Raises NotFound."""
        return await self._uploads.one(name, limit)
