"""A training session: its log, the checkpoints beside it, and a cursor.

Interface (the session knows neither its id nor its URLs; whoever serves it adds ``id``, ``url`` and ``stream_url``).
``Work[T]`` is ``Generator[None, None, T]``: it yields after every slice of work (about 3 ms), so that sessions can take
turns, and returns the answer; ``finish(work)`` runs one to its end. One operation of a session at a time: while a
``Work`` of it is unfinished, call nothing else on it, ``tick`` included. Refusals are raised from
``app.sessions.errors`` at the first ``next`` and change nothing.

Making:
    Session.create(config: SessionConfig, datasets: DataSets, limits: Limits) -> Session
    Session.from_export(document: Mapping[str, object], limits: Limits, datasets: DataSets | None = None) -> Session
    fork() -> Session
    fork_at(at: SeekRequest) -> Work[Session]

Writing, all through one door, which checks ``if_match`` (None: not asked), answers the view (with ``discarded_steps``
where the log may change) and raises ``revision`` by one:
    perform(method, body, *, now, if_match=None) -> Work[dict]
        method  "step", "back" (StepRequest), "seek" (SeekRequest), "play" (PlayRequest), "pause" (None),
                "settings" (SettingsPatch), "parameters" (ParametersPatch), "examples" (NewExample: the answer has
                the new row's "index" too), "undo", "redo" (None)
        body    None stands for the model with its defaults
        now     a monotonic clock, s
    done: Entry | None                          what the last call did, or that playing has ended, for the journal
    played() -> Entry                           how far it has played, for the journal
    replay(entry) -> Work[None]                 does it again, exactly; it tells nobody

Playing (the clock is the caller's):
    playing: bool
    tick(now, seconds, traced=False) -> bool    plays what is due, for at most ``seconds``; True if the cursor moved;
                                                ``traced``: the last step is traced, which makes the next frame cheap
    next_due() -> float | None                  when the next tick has something to do, s on that clock; None: never
    drain_events() -> list[dict]                since the last call: {"revision", "playing", "reason", "message",
                                                "discarded_steps"};
                                                reasons: played paused edited undone redone until not_finite limit

Reading:
    revision: int
    view(include_parameters=False) -> Work[dict]
    trace(step=None, example=None, index=None, layer=None, fields=None) -> Work[dict]
    trace_npz(step=None, example=None, index=None) -> Work[bytes]
    parameters_npz() -> Work[bytes]
    export(with_data=True) -> Work[dict]        ``with_data``: False leaves out a data set that ``datasets`` has
    gradient_check(epsilon=1e-5) -> Work[dict]
    nudge(NudgeRequest, step=None, example=None, index=None) -> Work[dict]
    contributions(layer, j, k=None, step=None) -> Work[dict]
    predict(PredictRequest) -> Work[dict]
    history(points=500) -> Work[dict]
    response_maps(resolution=50) -> Work[dict]
    picture(resolution) -> Work[dict]           {"view", "frame", "maps"}: all that a still picture is drawn from
    examples(limit=100, offset=0, part="all", order="index") -> Work[dict]
    topology() -> dict, frame_data() -> Work[dict]     for app.streaming: contents of the events `topology` (without
                                                protocol, session, scales) and `frame` (without seq and key), numbers
                                                as numpy arrays; ``w``, ``b``, ``w_after``, ``b_after``, ``nabla_w``,
                                                ``nabla_b`` are always there, and may be left out by the encoder;
                                                a layer has ``feedback`` (shape of its w^T) where what it sends back
                                                does not go through the transpose
    memory_bytes() -> int
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from app.sessions.changing import Moment
from app.sessions.config import SessionConfig
from app.sessions.cursor import Cursor
from app.sessions.errors import PreconditionFailed
from app.sessions.filling import DataSets, Filled, fill
from app.sessions.journal import PLAYED, STOPPED, Entry
from app.sessions.limits import Limits
from app.sessions.playing import Playing
from app.sessions.requests import NewExample, ParametersPatch, PlayRequest, SeekRequest, SettingsPatch, StepRequest
from app.sessions.restoring import MomentParts, restore
from app.sessions.timeline import Branch
from app.sessions.work import Work

__all__ = ["DataSets", "Session"]

Body = TypeVar("Body", bound=BaseModel)

STAYING = ("play", "pause")
"""Done wherever the session stands; before anything else is done, a step that plays is played to its end."""
MOVING = ("step", "back", "seek", "pause", STOPPED, PLAYED)
"""What these have done is that the session stands elsewhere, or plays no longer."""


class Session(Playing):
    """A training session that can be made, moved, played, changed and read."""

    @classmethod
    def create(cls, config: SessionConfig, datasets: DataSets, limits: Limits) -> Session:
        """A new session at its start. Raises InvalidConfig."""
        return cls(fill(config, datasets, limits), limits)

    @classmethod
    def from_export(cls, document: Mapping[str, object], limits: Limits, datasets: DataSets | None = None) -> Session:
        """The session of a document, at the very point where it was exported. Raises Invalid."""
        restored = restore(document, limits, datasets)
        session = cls(restored.filled, limits)
        session.timeline.resume(restored.log, restored.step, restored.state, restored.checkpoints, restored.history)
        session.cursor, session.broken = restored.cursor, restored.broken
        session._undo = [_moment(parts) for parts in restored.undo]
        session._redo = [_moment(parts) for parts in restored.redo]
        return session

    def fork(self) -> Session:
        """A session with the same history up to the cursor, on its own from there."""
        fork = self._with_history_to(self.cursor)
        fork.cursor = self.cursor
        fork.broken = None if self.finite else self.broken
        return fork

    def fork_at(self, at: SeekRequest) -> Work[Session]:
        """The same for any point from the start to the last step; this session stays where it is. Raises Invalid."""
        target = self._point(at)
        fork = self._with_history_to(target)
        yield from fork._go(target)
        return fork

    def _with_history_to(self, point: Cursor) -> Session:
        fork = Session(Filled(self.problem, self.fixed_config, dict(self.example), self.sgd_rate), self.limits)
        fork.timeline.inherit(self.timeline, self.timeline.log.cut(point.step, edits=point.complete))
        fork._keep_example()
        return fork

    def perform(
        self, method: str, body: BaseModel | None, *, now: float, if_match: int | None = None
    ) -> Work[dict[str, Any]]:
        """Does it, and answers the view. Raises a SessionError, and changes nothing, where it cannot be done."""
        if if_match is not None and if_match != self.revision:
            raise PreconditionFailed(
                f"The session is at revision {self.revision}, and If-Match asks for {if_match}: read it again."
            )
        self._discarded, self._told_beside = 0, {}
        before = self.cursor if method in STAYING else self._rest()
        yield from self._method(method, body, now)
        self.revision += 1
        view = yield from self.view()
        told = {"discarded_steps": self._discarded} | self._told_beside
        self.done = Entry(method, body, before, self.cursor, self.revision, told=told)
        return view | told

    def played(self) -> Entry:
        """How far it has played, for the journal."""
        return Entry(PLAYED, None, self.cursor, self.cursor, self.revision)

    def replay(self, entry: Entry) -> Work[None]:
        """Does again what the journal says was done, however long it takes; nobody is told of it."""
        if self.cursor != entry.before:
            yield from self._go(entry.before)
        if entry.method != PLAYED:
            self.player = None
        if entry.method in MOVING:
            if self.cursor != entry.after:
                yield from self._go(entry.after)
        else:
            yield from self._method(entry.method, entry.body, time.monotonic())
        self.revision = entry.revision
        self.drain_events()

    def _method(self, method: str, body: BaseModel | None, now: float) -> Work[None]:
        methods: dict[str, Callable[[], Work[None]]] = {
            "step": lambda: self._step(_given(body, StepRequest)),
            "back": lambda: self._back(_given(body, StepRequest)),
            "seek": lambda: self._seek(_given(body, SeekRequest)),
            "play": lambda: self._play(_given(body, PlayRequest), now),
            "pause": self._pause,
            "settings": lambda: self._change(_given(body, SettingsPatch)),
            "parameters": lambda: self._edit(_given(body, ParametersPatch)),
            "examples": lambda: self._add(_given(body, NewExample)),
            "undo": self._take_back,
            "redo": self._do_again,
        }
        return methods[method]()


def _given(body: BaseModel | None, model: type[Body]) -> Body:
    """The body, or the model with its defaults where there is none."""
    if body is None:
        return model()
    assert isinstance(body, model)
    return body


def _moment(parts: MomentParts) -> Moment:
    log, after, cursor, broken = parts
    return Moment(Branch(log, after, {}, {}), cursor, broken)
