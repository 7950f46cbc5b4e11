"""The worker: one process that trains all sessions.

It waits at the pipe until a call comes or a session that plays has something to do; then it takes all calls, makes the
frames that are due, and gives the next session a slice. It ends when the web process closes its end of the pipe, by
asking for it or by dying.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from app import logs
from app.hosting.archive import Archive
from app.hosting.capacity import Capacity
from app.hosting.feed import FRAME_S
from app.hosting.library import Library
from app.hosting.link import end_with_parent
from app.hosting.messages import NO_ANSWER, Answer, Call, Counts, Deserted, Event, Message
from app.hosting.registry import Hosted, Registry
from app.hosting.scheduler import Scheduler, Start
from app.sessions.config import SessionConfig
from app.sessions.errors import PreconditionFailed, SessionError, Unwritten
from app.sessions.limits import Limits
from app.sessions.requests import SeekRequest
from app.sessions.work import Work, finish, nobody
from app.storage import Database, Superseded, Writer
from app.streaming.frames import encode_event

logger = logging.getLogger(__name__)

SLICE_S = 0.002
"""How long a session plays before others have a turn, at most: what a call may have to wait for, in seconds."""
LEAST_SLICE_S = 0.0005
"""The same at least, in seconds: below it, taking turns would take more time than playing."""
FRAMES_S = 0.002
"""How long frames are made before a session has its turn again, in seconds."""
HOUSEKEEPING_S = 1.0
"""How often sessions are looked over for putting away, in seconds."""
CLOSE_S = 1.0
"""How long sessions are saved at the end, in seconds."""
NICENESS = 5
"""How much lower the worker's priority is than the web process's (where the system knows such a thing)."""

View = dict[str, Any]


class _Playing:
    """A session as the scheduler's player."""

    def __init__(self, worker: Worker, name: str, hosted: Hosted) -> None:
        self._worker = worker
        self._name = name
        self._hosted = hosted

    def due(self) -> float | None:
        return self._hosted.session.next_due() if self._hosted.session.playing else None

    def play(self) -> None:
        self._worker.tick(self._name, self._hosted)


class Worker:
    """Carries out calls and lets sessions play, until the connection ends.

    Parameters
    ----------
    database
        where sessions are kept.
    datasets
        the folder of uploaded data sets.
    resume
        whether to play on what the last worker played when it ended.
    send
        takes a message to the web process.
    """

    def __init__(
        self,
        database: Database,
        datasets: Path,
        limits: Limits,
        capacity: Capacity,
        resume: bool,
        send: Callable[[Message], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._send = send
        self._clock = clock
        self._capacity = capacity
        self._resume = resume
        self._archive = Archive(database)
        self._registry = Registry(self._archive, Library(datasets), limits, capacity, resume, send, clock)
        self._scheduler = Scheduler(clock)
        self._viewed: dict[str, Hosted] = {}
        self._saving: str | None = None
        self._wanted: Callable[[], bool] = nobody
        self._housekeeping_due = clock() + HOUSEKEEPING_S
        self._methods: dict[str, Callable[..., Work[Any]]] = {
            "create": self._create,
            "import": self._import,
            "fork": self._fork,
            "perform": self._perform,
            "delete": self._delete,
            "view": self._view,
            "read": self._read,
            "count": self._count,
            "subscribe": self._subscribe,
            "unsubscribe": self._unsubscribe,
        }

    # --- calls ---

    def handle(self, call: Call) -> None:
        """Begin what is asked for; the answer goes out when it is done."""
        if call.method == "view" and self._answer_at_once(call):
            return
        start: Start = partial(self._methods[call.method], call.session, *call.arguments)
        self._scheduler.submit(call.session, start, partial(self._done, call), call.share)

    def _answer_at_once(self, call: Call) -> bool:
        """While a session is in the middle of a long command, its view is the one before it; or it is being saved."""
        hosted = self._registry.find(call.session)
        if hosted is None or hosted.view is None or any(call.arguments):
            return False
        standing = hosted.writing or hosted.saving
        if not (standing or (self._scheduler.busy(call.session) and not hosted.session.playing)):
            return False
        if hosted.saving:
            self._mark(call.session, hosted)
        self._send(Answer(call.number, hosted.view))
        return True

    def _done(self, call: Call, value: object, error: BaseException | None) -> None:
        if isinstance(error, sqlite3.Error):
            logger.error("%s of session %s could not be kept", call.method, call.session, exc_info=error)
            error = Unwritten(f"The server cannot keep anything now ({error}), so nothing was changed.")
        if isinstance(error, SessionError):
            answer = Answer(call.number, refusal=error)
        elif error is not None:
            logger.error("%s of session %s failed", call.method, call.session, exc_info=error)
            answer = Answer(call.number, fault=f"{call.method}: {type(error).__name__}: {error}")
        else:
            answer = Answer(call.number, value)
        if call.number != NO_ANSWER:
            self._send(answer)

    def _get(self, name: str) -> Work[Hosted]:
        """A session, woken if need be; one that played when the last worker ended plays on."""
        asleep = self._registry.find(name) is None
        hosted = yield from self._registry.get(name)
        if asleep and hosted.session.playing:
            self._scheduler.play(name, _Playing(self, name, hosted), hosted.owner)
        return hosted

    def _create(self, name: str, owner: str, config: SessionConfig) -> Work[View]:
        return (yield from self._first_view(name, partial(self._registry.create, name, owner, config)))

    def _import(self, name: str, owner: str, document: dict[str, Any]) -> Work[View]:
        return (yield from self._first_view(name, partial(self._registry.import_, name, owner, document)))

    def _fork(
        self, name: str, new: str, owner: str, at: SeekRequest | None, if_match: int | None, touched: bool
    ) -> Work[View]:
        source = yield from self._get(name)
        _check(source.session.revision, if_match)
        return (yield from self._first_view(new, partial(self._registry.fork, new, owner, source, at, touched)))

    def _first_view(self, name: str, make: Callable[[], Work[Hosted]]) -> Work[View]:
        """The view of a new session. It is there already if the last worker made it and died before it could say so."""
        hosted = yield from self._get(name) if name in self._archive else make()
        hosted.view = yield from hosted.session.view()
        return hosted.view

    def _perform(
        self,
        name: str,
        method: str,
        body: BaseModel | None,
        if_match: int | None,
        key: str | None = None,
        share: str = "",
    ) -> Work[View]:
        """A call that writes: it is refused and changes nothing, or raises the revision.

        `key`: what the call is known by; where the last worker did it, and died before it could say so, it is done.
        `share`: whose turns the session plays in; empty: its owner's.
        """
        hosted = yield from self._get(name)
        if key is not None and key == hosted.key:
            view: View = yield from hosted.session.view()
            return view | (hosted.told or {})
        if hosted.session.playing:
            hosted.view = yield from hosted.session.view()
        hosted.writing = True
        try:
            view = yield from hosted.session.perform(method, body, now=self._clock(), if_match=if_match)
        finally:
            hosted.writing = False
        self._record(name, hosted, key)
        hosted.used = self._clock()
        hosted.view = {name: value for name, value in view.items() if name not in ("discarded_steps", "index")}
        if method == "play":
            self._scheduler.play(name, _Playing(self, name, hosted), share or hosted.owner)
        hosted.feed.changed()
        return view

    def _record(self, name: str, hosted: Hosted, key: str | None = None) -> None:
        """Write down what was done. Raises sqlite3.Error where it cannot be: then the session is as it was before."""
        try:
            self._registry.record(name, hosted, key)
        except sqlite3.Error:
            self._scheduler.forget(name)
            self._registry.forget(name)
            if self._viewed.pop(name, None) is not None:
                self._quietly(name, partial(self._subscribe, name))
            raise

    def _delete(self, name: str, if_match: int | None) -> Work[None]:
        revision = self._registry.revision(name)
        _check(revision, if_match)
        self._registry.delete(name)
        self._scheduler.forget(name)
        self._viewed.pop(name, None)
        told = {
            "revision": revision + 1,
            "playing": False,
            "reason": "deleted",
            "message": "This session was deleted.",
            "discarded_steps": 0,
        }
        self._send(Event(name, "state", encode_event("state", told)))
        self._send(Event(name, "end", b""))
        return
        yield

    def _view(self, name: str, include_parameters: bool) -> Work[View]:
        if self._registry.find(name) is None and not include_parameters:
            resting = self._registry.view_of_resting(name)
            if resting is not None:
                return resting
        hosted = yield from self._get(name)
        view: View = yield from hosted.session.view(include_parameters)
        if not include_parameters:
            hosted.view = view
        self._mark(name, hosted)
        return view

    def _read(self, name: str, method: str, *arguments: object) -> Work[object]:
        """Any other question to a session: one of its methods, and the arguments."""
        if method == "export" and self._registry.is_set_aside(name):
            return self._registry.export_as_saved(name)
        hosted = yield from self._get(name)
        answer = getattr(hosted.session, method)(*arguments)
        value = (yield from answer) if isinstance(answer, Generator) else answer
        self._mark(name, hosted)
        return value

    def _mark(self, name: str, hosted: Hosted) -> None:
        """Write down how far a session has played: somebody was told of it, or it is time."""
        if hosted.session.playing:
            with suppress(sqlite3.Error):  # nothing is lost: it would play the same again
                self._registry.mark(name, hosted)

    def _count(self, name: str) -> Work[dict[str, int]]:
        """What there is in this process now."""
        return {
            "awake": self._registry.awake(),
            "playing": len(self._scheduler.playing()),
            "memory_bytes": self._registry.memory_bytes(),
        }
        yield

    def _subscribe(self, name: str) -> Work[None]:
        try:
            hosted = yield from self._get(name)
        except SessionError:
            self._send(Event(name, "end", b""))
        else:
            hosted.feed.view()
            self._viewed[name] = hosted

    def _unsubscribe(self, name: str) -> Work[None]:
        hosted = self._viewed.pop(name, None)
        if hosted is not None:
            hosted.feed.leave()
            hosted.used = self._clock()
        return
        yield

    # --- what goes on without being asked ---

    def tick(self, name: str, hosted: Hosted) -> None:
        """A slice of playing: shorter the more sessions play, so that each moves before its next frame is due.

        A call that has come ends it early.
        """
        session = hosted.session
        seconds = max(LEAST_SLICE_S, min(SLICE_S, FRAME_S / len(self._scheduler.playing())))
        moved = session.tick(self._clock(), seconds, traced=hosted.feed.soon(seconds), wanted=self._wanted)
        if session.playing:
            self._registry.ticked(hosted)
            hosted.feed.ticked(moved)
            if self._clock() >= hosted.mark_due:
                self._mark(name, hosted)
            return
        hosted.view = None
        hosted.used = self._clock()
        with suppress(sqlite3.Error):  # it plays its last steps again, to the same end, when the disk has room
            self._record(name, hosted)
            hosted.feed.changed()

    def _quietly(self, name: str, start: Callable[[], Work[None]]) -> None:
        """Do something for a session that nobody asked for."""

        def done(value: object, error: BaseException | None) -> None:
            if error is not None:
                logger.error("work for session %s failed", name, exc_info=error)

        self._scheduler.submit(name, start, done)

    def _frames(self) -> None:
        """Begin the frames that are due, the most overdue first; what there is no time for now comes next time."""
        now = self._clock()
        due = [
            (at, name) for name, hosted in self._viewed.items() if (at := hosted.feed.due()) is not None and at <= now
        ]
        for _, name in sorted(due):
            if not self._scheduler.busy(name):
                self._quietly(name, self._viewed[name].feed.emit)
                if self._wanted() or self._clock() - now > FRAMES_S:
                    return

    def _save(self) -> None:
        """Begin to save the session for which it is most overdue, unless another is being saved."""
        if self._saving is not None and self._scheduler.busy(self._saving):
            return
        self._saving = None
        for due, name in self._registry.unsaved():
            hosted = self._registry.find(name)
            if due > self._clock():
                return
            if hosted is not None and not self._scheduler.busy(name):
                self._saving = name
                self._quietly(name, partial(self._registry.save, name, hosted))
                return

    def _keep_house(self) -> None:
        """Put away what rests."""
        now = self._clock()
        if now < self._housekeeping_due:
            return
        self._housekeeping_due = now + HOUSEKEEPING_S
        self._registry.share_memory()
        for name in self._registry.to_put_away():
            if not self._scheduler.busy(name):
                self._quietly(name, partial(self._put_away, name))

    def _put_away(self, name: str) -> Work[None]:
        hosted = self._registry.find(name)
        if hosted is None:
            return
        if hosted.save_due is not None or name not in self._archive:
            yield from self._registry.save(name, hosted)
        if self._registry.resting(hosted):
            self._registry.forget(name)

    # --- the loop ---

    def timeout(self) -> float:
        """How long there is nothing to do, in seconds."""
        dues = [hosted.feed.due() for hosted in self._viewed.values()]
        if self._saving is None:
            dues += [due for due, _ in self._registry.unsaved()[:1]]
        dues += [self._scheduler.next_due(), self._housekeeping_due]
        return max(0.0, min(due for due in dues if due is not None) - self._clock())

    def recover(self, part: int = 0, parts: int = 1) -> None:
        """Go on with what earlier workers left: do once more what they had not saved, and play on what they played.

        A worker that is not to play on leaves it until it is asked for: one of them may be why the last one died.
        """
        if not self._resume:
            return
        for name in self._archive.unrested(part, parts):
            self._quietly(name, partial(self._recover, name))

    def _recover(self, name: str) -> Work[None]:
        try:
            yield from self._get(name)
        except SessionError as error:
            logger.warning("session %s does not go on: %s", name, error.detail)

    def run(self, connection: Connection, counts: Counts) -> None:
        """Work until the other end asks to stop, counting the rounds. Raises EOFError when the other end is gone."""
        heard = 0
        self._wanted = lambda: counts.asked > heard
        while True:
            counts.beats += 1
            timeout = self.timeout()
            while connection.poll(timeout):
                call: Call | None = connection.recv()
                if call is None:
                    return
                heard += 1
                self.handle(call)
                timeout = 0
            self.turn()

    def turn(self) -> None:
        """What is due: frames, a slice for the next session, and keeping house."""
        self._frames()
        self._scheduler.run()
        self._save()
        self._keep_house()

    def loading(self) -> tuple[str, ...]:
        """The sessions that are being loaded."""
        return self._registry.waking()

    def close(self) -> None:
        """Save what has changed, as far as there is time: what is not saved is done once more when it is wanted."""
        self._registry.close()
        deadline = self._clock() + CLOSE_S
        for _, name in self._registry.unsaved():
            hosted = self._registry.find(name)
            if hosted is not None and not self._scheduler.busy(name):
                finish(self._registry.save(name, hosted))
            if self._clock() > deadline:
                return


def _check(revision: int, if_match: int | None) -> None:
    """Raises PreconditionFailed where the session has been written to since."""
    if if_match is not None and if_match != revision:
        raise PreconditionFailed(
            f"The session is at revision {revision}, and If-Match asks for {if_match}: read it again."
        )


def _acquit(worker: Worker, file: Path, writer: Writer) -> None:
    """What is being loaded did not end this process: the web process has ended. In a thread of its own, perhaps."""
    with suppress(Superseded, sqlite3.Error), closing(Database(file, writer)) as database:
        for name in worker.loading():
            Archive(database).end_waking(name)


def main(
    connection: Connection,
    counts: Counts,
    file: Path,
    datasets: Path,
    writer: Writer,
    part: tuple[int, int],
    limits: Limits,
    capacity: Capacity,
    resume: bool,
) -> None:
    """The process: lower priority, deaf to Ctrl-C (which is for the web process), gone when the web process is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # A full collection looks at every checkpoint of every session, for up to seconds, and finds nothing: a session is
    # in no cycle. The young generations go on as ever.
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], 1_000_000)
    logs.begin_as_told()

    def send(message: Message) -> None:
        try:
            connection.send(message)
        except OSError:
            raise Deserted from None

    with suppress(Superseded), closing(Database(file, writer)) as database:
        worker = Worker(database, datasets, limits, capacity, resume, send)
        end_with_parent(partial(_acquit, worker, file, writer))
        try:
            worker.recover(*part)
            worker.run(connection, counts)
            worker.close()
        except (Deserted, EOFError, OSError):
            logger.warning("the server has gone, so its worker ends")
            _acquit(worker, file, writer)
