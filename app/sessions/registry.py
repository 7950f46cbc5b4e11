"""The sessions of the worker: which are awake, which are put away, and how they go from one to the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.datasets import DataSet
from app.sessions.archive import Archive, Head
from app.sessions.capacity import Capacity
from app.sessions.config import PlayRequest, SeekRequest, SessionConfig
from app.sessions.errors import Conflict, Invalid, NotFound, TooMany
from app.sessions.feed import Feed
from app.sessions.library import Library
from app.sessions.limits import Limits
from app.sessions.messages import Event
from app.sessions.session import Session
from app.sessions.work import Work

SAVE_S = 5.0
"""While a session plays, it is saved about this often, in seconds."""
SAVE_SHARE = 20
"""Saving takes at most one in so many parts of a session's time."""
LOST_REVISIONS = 1_000
"""By how much the revision rises where a worker died: more than calls can have been lost, so that none comes twice."""


class Gone(NotFound):
    """404: there is no such session; it was deleted, or was lost with the worker before it could be saved."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no session {name!r}: it was deleted, or never was.")
        self.args = (name,)


@dataclass(slots=True)
class Hosted:
    """A session that is awake, with what the worker knows of it."""

    session: Session
    feed: Feed
    used: float
    """When it was last called, seconds of the clock."""
    view: dict[str, Any] | None = None
    """Its newest view, for whoever asks while it is in the middle of a long command."""
    writing: bool = False
    """Whether a command that writes is at work."""
    play: PlayRequest | None = None
    """How it was told to play, if it plays."""
    save_due: float | None = None
    """When it is to be saved; None if nothing has changed since."""
    saved_at: float = field(default=float("-inf"))
    """When it may be saved again."""


@dataclass(frozen=True, slots=True)
class _Own:
    """Where a session finds the data set that came with it, whatever it calls it."""

    data: DataSet

    def get(self, name: str, size: int | None, noise: float | None, seed: int) -> DataSet:
        return self.data


class Registry:
    """All sessions of one worker, by id.

    Parameters
    ----------
    number
        Which worker this is, from 1.
    push
        takes encoded events on their way to the viewers.
    clock
        monotonic, in seconds.
    """

    def __init__(
        self,
        archive: Archive,
        library: Library,
        limits: Limits,
        capacity: Capacity,
        number: int,
        push: Callable[[Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._archive = archive
        self._library = library
        self._limits = limits
        self._capacity = capacity
        self._number = number
        self._push = push
        self._clock = clock
        self._awake: dict[str, Hosted] = {}
        self._unsaved: dict[str, Hosted] = {}

    def find(self, name: str) -> Hosted | None:
        """The session, if it is awake."""
        return self._awake.get(name)

    def get(self, name: str) -> Hosted:
        """The session, woken if need be. Raises NotFound; Conflict where its data set was deleted meanwhile."""
        hosted = self._awake.get(name)
        if hosted is None:
            hosted = self._wake(name)
        hosted.used = self._clock()
        return hosted

    def _wake(self, name: str) -> Hosted:
        view = self.view_of_resting(name)
        session = self._restored(self._archive.body(name), self._archive.data(name))
        session.revision = view["revision"]
        hosted = self.add(name, session)
        hosted.view = view
        return hosted

    def _restored(self, export: dict[str, Any], own: DataSet | None) -> Session:
        """The session of an archived document; `own` is the data set that it brought with it."""
        if own is None:
            try:
                return Session.from_export(export, self._limits, self._library)
            except Invalid as error:
                raise Conflict(f"This session cannot go on: {error}") from None
        asked, export["echoed"]["dataset"] = export["echoed"]["dataset"], {"name": "its own"}
        session = Session.from_export(export, self._limits, _Own(own))
        session.fixed_config["dataset"] = asked
        return session

    def view_of_resting(self, name: str) -> dict[str, Any]:
        """The view of a session that is put away, without waking it. Raises NotFound."""
        head = self._archive.head(name)
        if head is None:
            raise Gone(name)
        lost = 0 if head.worker == self._number else LOST_REVISIONS
        return head.view | {"revision": head.revision + lost, "playing": False}

    def add(self, name: str, session: Session) -> Hosted:
        """Take in a session."""
        feed = Feed(name, session, self._push, self._clock)
        hosted = self._awake[name] = Hosted(session, feed, used=self._clock())
        return hosted

    def _add_new(self, name: str, session: Session) -> Hosted:
        hosted = self.add(name, session)
        self.touched(hosted)
        return hosted

    def create(self, name: str, config: SessionConfig) -> Hosted:
        """A new session from its configuration. Raises InvalidConfig, TooMany."""
        self.check_room()
        return self._add_new(name, Session.create(config, self._library, self._limits))

    def import_(self, name: str, document: dict[str, Any]) -> Hosted:
        """A new session from an exported document. Raises Invalid, TooMany."""
        self.check_room()
        return self._add_new(name, Session.from_export(document, self._limits, self._library))

    def fork(self, name: str, source: Hosted, at: SeekRequest | None = None) -> Work[Hosted]:
        """A new session with the same history up to a point, else up to the cursor. Raises Invalid, TooMany."""
        self.check_room()
        fork = source.session.fork() if at is None else (yield from source.session.fork_at(at))
        return self._add_new(name, fork)

    def check_room(self) -> None:
        """Raises TooMany where there is no memory for one more session, however many are put away."""
        in_use = sum(hosted.session.memory_bytes() for hosted in self._awake.values() if not self.resting(hosted))
        if in_use > self._capacity.memory_bytes:
            raise TooMany(
                30,
                f"The sessions in use take all of the {self._capacity.memory_bytes / 2**20:.0f} MB that there are for"
                " them: pause or delete one, or try again later.",
            )

    def memory_bytes(self) -> int:
        """What the sessions that are awake take, in bytes."""
        return sum(hosted.session.memory_bytes() for hosted in self._awake.values())

    def share_memory(self) -> None:
        """Give every session that is awake the same part of the memory: with less, more steps are replayed."""
        share = self._capacity.memory_bytes // max(1, len(self._awake))
        for hosted in self._awake.values():
            hosted.session.timeline.checkpoints.limit_bytes = min(self._limits.memory_bytes, share)

    def delete(self, name: str) -> None:
        """Forget a session, awake or put away."""
        self._awake.pop(name, None)
        self._unsaved.pop(name, None)
        self._archive.delete(name)

    def touched(self, hosted: Hosted) -> None:
        """The session has changed: it is to be saved as soon as it may."""
        self._to_be_saved(hosted, self._clock())

    def ticked(self, hosted: Hosted) -> None:
        """The session has played on: it is to be saved some time."""
        if hosted.save_due is None:
            self._to_be_saved(hosted, self._clock() + SAVE_S)

    def _to_be_saved(self, hosted: Hosted, when: float) -> None:
        hosted.save_due = max(when, hosted.saved_at)
        self._unsaved[hosted.feed.name] = hosted

    def unsaved(self) -> list[tuple[float, str]]:
        """When sessions are to be saved, and which, the first one first."""
        return sorted((hosted.save_due or 0.0, name) for name, hosted in self._unsaved.items())

    def save(self, name: str, hosted: Hosted) -> Work[None]:
        """Write the session to the archive, so that it outlives this process."""
        began = self._clock()
        hosted.save_due = None
        self._unsaved.pop(name, None)
        view = yield from hosted.session.view()
        export = yield from hosted.session.export(with_data=False)
        play = hosted.play.model_dump() if hosted.play is not None and hosted.session.playing else None
        if self._awake.get(name) is hosted:
            data = hosted.session.problem.examples.dataset
            if not self._library.holds(data):
                self._archive.save_data(name, data)
            head = Head(hosted.session.revision, view, play, self._number)
            yield from self._archive.save(name, head, export)
        now = self._clock()
        hosted.saved_at = now + SAVE_SHARE * (now - began)

    def resting(self, hosted: Hosted) -> bool:
        """Whether nobody uses the session: it may be put away."""
        return not (hosted.session.playing or hosted.feed.viewed or hosted.writing)

    def put_away(self, name: str) -> None:
        """Let a session that has been saved leave memory."""
        self._awake.pop(name)
        self._unsaved.pop(name, None)

    def to_put_away(self) -> list[str]:
        """The resting sessions that have been idle for long, or that must make room, longest idle first."""
        now = self._clock()
        resting = sorted((hosted.used, name) for name, hosted in self._awake.items() if self.resting(hosted))
        over = self.memory_bytes() - self._capacity.memory_bytes
        names = []
        for used, name in resting:
            if over <= 0 and now - used < self._capacity.idle_seconds:
                break
            over -= self._awake[name].session.memory_bytes()
            names.append(name)
        return names

    def was_playing(self, name: str) -> PlayRequest | None:
        """How a session that the last worker left behind was playing, if it was."""
        head = self._archive.head(name)
        return None if head is None or head.play is None else PlayRequest.model_validate(head.play)
