"""The sessions of the worker: which are awake, which are put away, and how they go from one to the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from app.datasets import DataSet
from app.hosting.archive import Archive, Head
from app.hosting.capacity import Capacity
from app.hosting.feed import Feed
from app.hosting.library import Library
from app.hosting.messages import Event
from app.sessions.config import SessionConfig
from app.sessions.errors import Conflict, Invalid, NotFound, SessionError, TooMany
from app.sessions.journal import PLAYED, Entry
from app.sessions.limits import Limits
from app.sessions.requests import PlayRequest, SeekRequest
from app.sessions.session import Session
from app.sessions.work import Work
from app.sessions.writing import data_document

SAVE_S = 2.0
"""A session that has changed is saved whole so much later, in seconds: until then the journal has what was done."""
MARK_S = 0.5
"""While a session plays, it is written down so often how far, in seconds."""
SAVE_SHARE = 20
"""Saving takes at most one in so many parts of a session's time."""


class Gone(NotFound):
    """404: there is no such session; it was deleted, or never was."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no session {name!r}: it was deleted, or never was.")
        self.args = (name,)


class SetAside(Conflict):
    """409: the process that trains died of waking this session, again and again."""

    def __init__(self, name: str, deaths: int) -> None:
        super().__init__(
            f"The process that trains ended {deaths} times while it was loading this session, so it is not loaded"
            " again. Its export is still there, as it was last saved: import that to go on, or delete the session."
        )
        self.args = (name, deaths)


@dataclass(slots=True)
class Hosted:
    """A session that is awake, with what the worker knows of it."""

    session: Session
    feed: Feed
    used: float
    """When it was last called, seconds of the clock."""
    owner: str = ""
    touched: bool = False
    """Whether it was ever written to."""
    place: int = 0
    """Of its last entry in the journal, unless that says only how far it has played."""
    mark_due: float = 0.0
    """When it is to be written down again how far it has played, seconds of the clock."""
    key: str | None = None
    """What the last call that wrote to it is known by."""
    told: dict[str, Any] | None = None
    """What the answer to that call had beside the view."""
    view: dict[str, Any] | None = None
    """Its newest view, for whoever asks while it is in the middle of a long command."""
    writing: bool = False
    """Whether a command that writes is at work."""
    saving: bool = False
    """Whether it is being saved: it stands still meanwhile, and `view` is its present view."""
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
    resume
        Whether sessions that played when the last worker ended play on when they wake; else they are paused.
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
        resume: bool,
        push: Callable[[Event], None],
        clock: Callable[[], float],
    ) -> None:
        self._archive = archive
        self._library = library
        self._limits = limits
        self._capacity = capacity
        self._resume = resume
        self._push = push
        self._clock = clock
        self._awake: dict[str, Hosted] = {}
        self._waking: set[str] = set()
        self._unsaved: dict[str, Hosted] = {}
        self._alone = False

    def find(self, name: str) -> Hosted | None:
        """The session, if it is awake."""
        return self._awake.get(name)

    def get(self, name: str) -> Work[Hosted]:
        """The session, woken if need be. Raises NotFound; Conflict where its data set was deleted meanwhile."""
        hosted = self._awake.get(name)
        if hosted is None:
            if name not in self._archive:
                raise Gone(name)
            if self._archive.wakings(name) >= self._capacity.deaths:
                raise SetAside(name, self._archive.wakings(name))
            hosted = yield from self._carefully(name, self._wake(name))
        hosted.used = self._clock()
        return hosted

    def _carefully(self, name: str, load: Work[Hosted]) -> Work[Hosted]:
        """Load a session, with a mark in the archive meanwhile: if the process dies of it, the next one knows.

        A session with a mark is loaded while no other is, so that it is known who did it.
        """
        deaths = self._archive.wakings(name)
        while self._waking and (deaths or self._alone):
            yield
        self._alone = deaths > 0
        self._waking.add(name)
        with suppress(sqlite3.Error):  # what cannot be written may still be read
            self._archive.begin_waking(name)
        try:
            hosted = yield from load
        except Exception:
            self._end_waking(name)
            raise
        self._end_waking(name)
        return hosted

    def _end_waking(self, name: str) -> None:
        self._waking.discard(name)
        with suppress(sqlite3.Error):
            self._archive.end_waking(name)

    def close(self) -> None:
        """Take all marks away: that the process ends now is no session's doing."""
        for name in self.waking():
            self._end_waking(name)

    def waking(self) -> tuple[str, ...]:
        """The sessions that are being loaded."""
        return (*self._waking,)

    def is_set_aside(self, name: str) -> bool:
        """Whether the session is not woken any more."""
        return name not in self._awake and self._archive.wakings(name) >= self._capacity.deaths

    def export_as_saved(self, name: str) -> dict[str, Any]:
        """The document of a session that is set aside, without what was done since it was saved."""
        export, own = self._archive.body(name), self._archive.data(name)
        asked = export["echoed"]["dataset"]
        data = own or self._library.get(asked["name"], asked.get("size"), asked.get("noise"), export["seed"])
        return export | {"data": data_document(data), "checkpoints": []}

    def _wake(self, name: str) -> Work[Hosted]:
        """The session as it was saved, and then what was done since, once more."""
        head = self._archive.head(name)
        if head is None:
            raise Gone(name)
        session = self._restored(self._archive.body(name), self._archive.data(name))
        session.revision = head.revision
        play = None if head.play is None else PlayRequest.model_validate(head.play)
        if play is not None:
            session.resume(play, self._clock())
        feed, owner = self._feed(name, session), self._archive.owner(name)
        hosted = Hosted(session, feed, self._clock(), owner, head.touched, play=play)
        hosted.key, hosted.told = head.key, head.told
        entries = self._archive.journal(name)
        for place, entry in entries:
            yield from self._replay(session, entry)
            if entry.method != PLAYED:
                hosted.place, hosted.key, hosted.told, hosted.play = place, entry.key, entry.told, _play(entry)
        self._awake[name] = hosted
        if entries:
            self._to_be_saved(hosted, self._clock())
        if session.playing and not self._resume:
            yield from session.perform("pause", None, now=self._clock())
            self.record(name, hosted, None)
        hosted.view = yield from session.view()
        return hosted

    def _replay(self, session: Session, entry: Entry) -> Work[None]:
        try:
            yield from session.replay(entry)
        except SessionError as error:
            raise Conflict(f"This session cannot go on from where it was kept: {error}") from None

    def _restored(self, export: dict[str, Any], own: DataSet | None) -> Session:
        """The session of an archived document; `own` is the data set that it brought with it."""
        asked = export["echoed"]["dataset"]
        if own is not None:
            export["echoed"]["dataset"] = {"name": "its own"}
        try:
            session = Session.from_export(export, self._limits, self._library if own is None else _Own(own))
        except Invalid as error:
            raise Conflict(f"This session cannot go on: {error}") from None
        if own is not None:
            session.fixed_config["dataset"] = asked
        return session

    def view_of_resting(self, name: str) -> dict[str, Any] | None:
        """The view of a session that is put away, without waking it; None where it must be woken to be known.

        Raises NotFound.
        """
        head = self._archive.at_rest(name)
        if head is None and name not in self._archive:
            raise Gone(name)
        return None if head is None else head.view

    def revision(self, name: str) -> int:
        """The revision of a session, without waking it: also of one that cannot be woken. Raises NotFound."""
        hosted = self._awake.get(name)
        if hosted is not None:
            return hosted.session.revision
        head, entries = self._archive.head(name), self._archive.journal(name)
        if head is None:
            raise Gone(name)
        return entries[-1][1].revision if entries else head.revision

    def _feed(self, name: str, session: Session) -> Feed:
        return Feed(name, session, self._push, self._clock)

    def add(self, name: str, owner: str, session: Session, touched: bool) -> Work[Hosted]:
        """Take in a new session, and keep it."""
        hosted = self._awake[name] = Hosted(session, self._feed(name, session), self._clock(), owner, touched)
        try:
            yield from self.save(name, hosted)
        except BaseException:
            self.forget(name)
            raise
        return hosted

    def create(self, name: str, owner: str, config: SessionConfig) -> Work[Hosted]:
        """A new session from its configuration. Raises InvalidConfig, TooMany."""
        self.check_room()
        return (yield from self.add(name, owner, Session.create(config, self._library, self._limits), touched=False))

    def import_(self, name: str, owner: str, document: dict[str, Any]) -> Work[Hosted]:
        """A new session from an exported document. Raises Invalid, TooMany."""
        self.check_room()
        return (yield from self._carefully(name, self._imported(name, owner, document)))

    def _imported(self, name: str, owner: str, document: dict[str, Any]) -> Work[Hosted]:
        session = Session.from_export(document, self._limits, self._library)
        return (yield from self.add(name, owner, session, touched=True))

    def fork(self, name: str, owner: str, source: Hosted, at: SeekRequest | None, touched: bool) -> Work[Hosted]:
        """A new session with the same history up to a point, else up to the cursor. Raises Invalid, TooMany."""
        self.check_room()
        fork = source.session.fork() if at is None else (yield from source.session.fork_at(at))
        return (yield from self.add(name, owner, fork, touched))

    def check_room(self) -> None:
        """Raises TooMany where there is no memory for one more session, however many are put away."""
        in_use = sum(hosted.session.memory_bytes() for hosted in self._awake.values() if not self.resting(hosted))
        if in_use > self._capacity.memory_bytes:
            raise TooMany(
                30,
                f"The sessions in use take all of the {self._capacity.memory_bytes / 2**20:.0f} MB that there are for"
                " them: pause or delete one, or try again later.",
            )

    def awake(self) -> int:
        """How many sessions are awake."""
        return len(self._awake)

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
        self.forget(name)
        self._archive.delete(name)

    def forget(self, name: str) -> None:
        """Let a session leave memory as it is."""
        self._awake.pop(name, None)
        self._unsaved.pop(name, None)

    def record(self, name: str, hosted: Hosted, key: str | None) -> None:
        """Write down what was done last, before anybody is told of it. Raises sqlite3.Error for a full disk."""
        assert hosted.session.done is not None
        entry = replace(hosted.session.done, key=key)
        self._archive.append(name, hosted.place + 1, entry)
        hosted.place += 1
        hosted.touched, hosted.key, hosted.told, hosted.play = True, key, entry.told, _play(entry)
        self.ticked(hosted)

    def mark(self, name: str, hosted: Hosted) -> None:
        """Write down how far a session has played. Raises sqlite3.Error for a full disk."""
        hosted.mark_due = self._clock() + MARK_S
        self._archive.append(name, hosted.place + 1, hosted.session.played())

    def ticked(self, hosted: Hosted) -> None:
        """The session is no longer as it was saved: it is to be saved some time."""
        if hosted.save_due is None:
            self._to_be_saved(hosted, self._clock() + SAVE_S)

    def _to_be_saved(self, hosted: Hosted, when: float) -> None:
        hosted.save_due = max(when, hosted.saved_at)
        self._unsaved[hosted.feed.name] = hosted

    def unsaved(self) -> list[tuple[float, str]]:
        """When sessions are to be saved, and which, the first one first."""
        return sorted((hosted.save_due or 0.0, name) for name, hosted in self._unsaved.items())

    def save(self, name: str, hosted: Hosted) -> Work[None]:
        """Write the session to the archive whole, so that it is quick to wake."""
        began = self._clock()
        hosted.save_due = None
        self._unsaved.pop(name, None)
        hosted.view = view = yield from hosted.session.view()
        hosted.saving = True
        try:
            yield from self._write(name, hosted, view)
        finally:
            hosted.saving = False
        now = self._clock()
        hosted.saved_at = now + SAVE_SHARE * (now - began)

    def _write(self, name: str, hosted: Hosted, view: dict[str, Any]) -> Work[None]:
        export = yield from hosted.session.export(with_data=False)
        play = hosted.play.model_dump() if hosted.play is not None and hosted.session.playing else None
        if self._awake.get(name) is hosted:
            data = hosted.session.problem.examples.dataset
            if not self._library.holds(data):
                self._archive.save_data(name, data)
            head = Head(hosted.session.revision, view, play, hosted.touched, hosted.key, hosted.told)
            yield from self._archive.save(name, hosted.owner, head, export)

    def resting(self, hosted: Hosted) -> bool:
        """Whether nobody uses the session: it may be put away."""
        return not (hosted.session.playing or hosted.feed.viewed or hosted.writing)

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


def _play(entry: Entry) -> PlayRequest | None:
    """How a session plays after an entry, if it does."""
    if entry.method != "play":
        return None
    return entry.body if isinstance(entry.body, PlayRequest) else PlayRequest()
