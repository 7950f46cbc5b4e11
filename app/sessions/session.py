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

Writing, all through one door, which checks ``if_match`` (None: not asked), answers the view (with ``discarded_steps``
where the log may change) and raises ``revision`` by one:
    perform(method, body, *, now, if_match=None) -> Work[dict]
        method  "step", "back" (StepRequest), "seek" (SeekRequest), "play" (PlayRequest), "pause" (None),
                "settings" (SettingsPatch), "parameters" (ParametersPatch), "undo", "redo" (None)
        body    None stands for the model with its defaults
        now     a monotonic clock, s

Playing (the clock is the caller's):
    playing: bool
    tick(now, seconds, traced=False) -> bool    plays what is due, for at most ``seconds``; True if the cursor moved;
                                                ``traced``: the last step is traced, which makes the next frame cheap
    next_due() -> float | None                  when the next tick has something to do, s on that clock; None: never
    drain_events() -> list[dict]                {"revision", "playing", "reason", "message"} since the last call;
                                                reasons: played paused edited undone redone until not_finite limit

Reading:
    revision: int
    view(include_parameters=False) -> Work[dict]
    trace(step=None, example=None, index=None, layer=None, fields=None) -> Work[dict]
    trace_npz(step=None, example=None, index=None) -> Work[bytes]
    parameters_npz() -> Work[bytes]
    export(with_data=True) -> Work[dict]        ``with_data``: False leaves out a data set that ``datasets`` has
    gradient_check(epsilon=1e-5) -> Work[dict]
    predict(PredictRequest) -> Work[dict]
    history(points=500) -> dict
    response_maps(resolution=50) -> Work[dict]
    examples(limit=100, offset=0) -> dict       {"count", "offset", "inputs", "targets", "labels", "train": [bool]}
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
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel

from app.engine.errors import EngineError
from app.sessions.config import (
    ParametersPatch,
    PlayRequest,
    SeekRequest,
    SessionConfig,
    SettingsPatch,
    StepRequest,
    Until,
)
from app.sessions.cursor import Cursor, end_of
from app.sessions.document import log_document
from app.sessions.editing import changes_nothing, edit_of
from app.sessions.errors import Conflict, Invalid, InvalidConfig, PreconditionFailed
from app.sessions.filling import DataSets, Filled, check_example, check_memory, fill
from app.sessions.limits import Limits
from app.sessions.log import Change, Log
from app.sessions.looking import Looking, broken_document
from app.sessions.player import Player
from app.sessions.restoring import restore
from app.sessions.settings_filling import merged
from app.sessions.standing import Broken
from app.sessions.timeline import Branch
from app.sessions.work import Work, finish

__all__ = ["DataSets", "Session"]

UNDO_SHARE = 4
"""What undo keeps takes at most one in so many parts of a session's memory."""
METHODS = ("step", "back", "seek", "play", "pause", "settings", "parameters", "undo", "redo")


@dataclass(frozen=True)
class Moment:
    """What undo or redo goes back to: a log that was left, and where the session stood in it."""

    branch: Branch
    cursor: Cursor
    broken: Broken | None


class Session(Looking):
    """A training session that can be moved, played and changed."""

    def __init__(self, filled: Filled, limits: Limits) -> None:
        super().__init__(filled, limits)
        self._undo: list[Moment] = []
        self._redo: list[Moment] = []
        self._events: list[tuple[str, str]] = []
        self._discarded = 0
        if not self.timeline.is_finite():
            finish(self.find_broken(0))

    @classmethod
    def create(cls, config: SessionConfig, datasets: DataSets, limits: Limits) -> Session:
        """A new session at its start. Raises InvalidConfig."""
        return cls(fill(config, datasets, limits), limits)

    @classmethod
    def from_export(cls, document: Mapping[str, object], limits: Limits, datasets: DataSets | None = None) -> Session:
        """The session of a document, at the very point where it was exported. Raises Invalid."""
        restored = restore(document, limits, datasets)
        session = cls(restored.filled, limits)
        session.timeline.resume(restored.log, restored.step, restored.state)
        session.cursor, session.broken = restored.cursor, restored.broken
        session._undo = [_moment(*moment) for moment in restored.undo]
        session._redo = [_moment(*moment) for moment in restored.redo]
        return session

    def fork(self) -> Session:
        """A session with the same history up to the cursor, on its own from there."""
        filled = Filled(self.problem, self.fixed_config, dict(self.example), self.sgd_rate)
        fork = Session(filled, self.limits)
        log = self.timeline.log.cut(self.cursor.step, edits=self.cursor.complete)
        fork.timeline.inherit(self.timeline, log)
        fork.cursor = self.cursor
        fork.broken = None if self.finite else self.broken
        return fork

    # -- the one door for whatever writes

    def perform(
        self, method: str, body: BaseModel | None, *, now: float, if_match: int | None = None
    ) -> Work[dict[str, Any]]:
        """Does it, and answers the view. Raises a SessionError, and changes nothing, where it cannot be done."""
        if if_match is not None and if_match != self.revision:
            raise PreconditionFailed(
                f"The session is at revision {self.revision}, and If-Match asks for {if_match}: read it again."
            )
        self._discarded = 0
        yield from self._method(method, body, now)
        self.revision += 1
        view = yield from self.view()
        return view | {"discarded_steps": self._discarded}

    def _method(self, method: str, body: BaseModel | None, now: float) -> Work[None]:
        if method == "step":
            return self._step(body if isinstance(body, StepRequest) else StepRequest())
        if method == "back":
            return self._back(body if isinstance(body, StepRequest) else StepRequest())
        if method == "play":
            return self._play(body if isinstance(body, PlayRequest) else PlayRequest(), now)
        if method == "seek" and isinstance(body, SeekRequest):
            return self._seek(body)
        if method == "settings":
            return self._change(body if isinstance(body, SettingsPatch) else SettingsPatch())
        if method == "parameters":
            return self._edit(body if isinstance(body, ParametersPatch) else ParametersPatch())
        simple: dict[str, Callable[[], Work[None]]] = {
            "pause": self._pause,
            "undo": lambda: self._swap(self._undo, self._redo, "undone", "There is nothing to undo."),
            "redo": lambda: self._swap(self._redo, self._undo, "redone", "There is nothing to redo."),
        }
        return simple[method]()

    # -- moving

    def _step(self, request: StepRequest) -> Work[None]:
        start = self._rest()
        target = self._ahead(start, request)
        self._check_ahead(start, target, request.count)
        yield from self._come_to_rest(start)
        yield from self._go(target)

    def _ahead(self, start: Cursor, request: StepRequest) -> Cursor:
        """Where so many units forward lead."""
        if request.unit == "phase":
            return self.points.cursor(self.points.number(start) + request.count)
        done = start.parameters_step
        if request.unit == "step":
            return end_of(done + request.count)
        schedule = self.timeline.schedule
        return end_of(schedule.end_of_epoch(schedule.visited(done) // schedule.n + request.count))

    def _check_ahead(self, start: Cursor, target: Cursor, count: int) -> None:
        """Raises Conflict or Invalid where the session cannot go on so far."""
        if self.broken is not None and start.parameters_step >= self.broken.step:
            raise Conflict(self.broken.sentence())
        if target.step > self.limits.steps:
            raise Conflict(f"A session keeps at most {self.limits.steps:,} steps; it stands at step {start.step:,}.")
        new = target.step - start.parameters_step
        seconds = new * self.timeline.estimate()
        if seconds > self.limits.step_seconds:
            raise Invalid(
                ("body", "count"),
                f"That is {new:,} steps, some {seconds:.0f} s of training, and a step call runs for at most "
                f"{self.limits.step_seconds:.0f} s: use play, with until where it is to stop by itself.",
            )

    def _back(self, request: StepRequest) -> Work[None]:
        start = self._rest()
        if start.step == 0:
            raise Conflict("The session already stands at the start: there is nothing before it.")
        yield from self._come_to_rest(start)
        yield from self._go(self._behind(start, request))

    def _behind(self, start: Cursor, request: StepRequest) -> Cursor:
        """Where so many units back lead: at most to the start."""
        if request.unit == "phase":
            return self.points.cursor(self.points.number(start) - request.count)
        if request.unit == "step":
            return end_of(start.step - request.count)
        schedule = self.timeline.schedule
        return end_of(schedule.end_of_epoch(schedule.epoch(start.step) - request.count))

    def _seek(self, request: SeekRequest) -> Work[None]:
        last = max(self._rest().step, self.timeline.log.last_step)
        if request.step > last:
            raise Invalid(("body", "step"), f"The session has steps 0 (the start) to {last}; {request.step} was given.")
        target = self.points.find(request.step, request.phase, request.layer)
        yield from self._come_to_rest(self._rest())
        yield from self._go(target)

    def _go(self, target: Cursor) -> Work[None]:
        """To a point, or to the end of the first step on the way whose result is not finite."""
        timeline = self.timeline
        reached = yield from timeline.advance(target.parameters_step)
        timeline.evaluation()
        if not target.complete and reached == target.parameters_step and timeline.is_finite():
            yield from timeline.trace(target.step)
            self.cursor = target
        else:
            self.cursor = end_of(reached)
        yield from self._notice()

    def _notice(self) -> Work[None]:
        """Notes it when the state that was come to is the first that is not finite."""
        at = self.timeline.position
        if self.broken is None and at >= 0 and not self.timeline.is_finite():
            yield from self.find_broken(at)

    def _rest(self) -> Cursor:
        """Where the session will have come to rest before it is moved or changed: at the end of the current step."""
        return self.cursor if not self.playing or self.cursor.complete else end_of(self.cursor.step)

    def _come_to_rest(self, rest: Cursor) -> Work[None]:
        if self.playing:
            self.player = None
            self._events.append(("paused", "Paused."))
            if self.cursor != rest:
                yield from self._go(rest)

    # -- changing

    def _change(self, patch: SettingsPatch) -> Work[None]:
        rest = self._rest()
        log = self.timeline.log
        before = log.settings_after(rest.step)
        try:
            after = merged(before, patch, len(self.problem.examples.train), self.sgd_rate)
        except EngineError as error:
            raise InvalidConfig(("body", *error.field.split(".")), str(error)) from None
        check_memory(self.problem.architecture, after.batch_size, self.limits)
        example = self.example
        if patch.example is not None:
            example = check_example(patch.example, after.batch_size, len(self.problem.examples.targets))
        elif example.get("position", 0) >= after.batch_size:
            example = {"position": 0}
        if after != before:
            self._check_room(log)
        yield from self._come_to_rest(rest)
        self.example = example
        if after != before:
            yield from self._bring_result(rest)
            change = Change(rest.step, after)
            self._act(self.timeline.log.changed(change, edits=rest.complete))
        self._events.append(("edited", "Settings changed."))

    def _edit(self, patch: ParametersPatch) -> Work[None]:
        rest = self._rest()
        if not rest.complete:
            raise Conflict(
                f"The session is in the middle of step {rest.step}, after {rest.phase}: weights and biases can be "
                "edited at the start or at the end of a step."
            )
        edit = edit_of(self.problem.architecture, patch, rest.step)
        self._check_room(self.timeline.log)
        yield from self._come_to_rest(rest)
        yield from self.timeline.go(rest.step)
        if changes_nothing(edit, self.timeline.trainer.parameters):
            return
        yield from self._bring_result(rest)
        self._act(self.timeline.log.edited(edit))
        yield from self.timeline.go(rest.step)
        if self.timeline.is_finite():
            self.broken = None
        yield from self._notice()
        self._events.append(("edited", "Weights or biases edited."))

    def _bring_result(self, rest: Cursor) -> Work[None]:
        """Keeps the result of the step after which the log is to change: it stands when everything after it falls."""
        if rest.complete:
            yield from self.timeline.result(rest.step)

    def _check_room(self, log: Log) -> None:
        if len(log.changes) + len(log.edits) >= self.limits.actions:
            raise Conflict(
                f"A session keeps at most {self.limits.actions:,} edits and changed settings: fork it, or go back and "
                "change something there."
            )

    def _act(self, log: Log) -> None:
        """Takes up a log that was changed at the cursor; what it cuts can be undone."""
        self._discarded = self.timeline.log.last_step - log.last_step
        step = self.cursor.step
        branch = self.timeline.act(log, step)
        self._keep(self._undo, Moment(branch, self.cursor, self.broken))
        self._redo.clear()
        if self.broken is not None and self.broken.step > step:
            self.broken = None

    def _keep(self, stack: list[Moment], moment: Moment) -> None:
        """Adds a moment; the oldest are forgotten above the limit, their states when they take too much memory."""
        stack.append(moment)
        del stack[: -self.limits.undo]
        room = self.limits.memory_bytes // UNDO_SHARE
        for place in range(len(stack) - 1, -1, -1):
            room -= stack[place].branch.memory_bytes()
            if room < 0:
                bare = replace(stack[place].branch, states={})
                stack[place] = replace(stack[place], branch=bare)

    def _swap(self, source: list[Moment], target: list[Moment], reason: str, nothing: str) -> Work[None]:
        """Goes over to the newest moment of one stack, and leaves the present one on the other."""
        if not source:
            raise Conflict(nothing)
        yield from self._come_to_rest(self._rest())
        moment = source.pop()
        before = self.timeline.log.last_step
        here = (self.cursor, self.broken)
        cut = self.timeline.take_up(moment.branch)
        self._keep(target, Moment(cut, *here))
        self._discarded = max(0, before - moment.branch.after)
        self.cursor, self.broken = moment.cursor, moment.broken
        self._events.append((reason, reason.capitalize() + "."))

    def moments_document(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """What undo and redo go back to, without the states, which are replayed."""
        undo, redo = ([_moment_document(moment) for moment in stack] for stack in (self._undo, self._redo))
        return undo, redo

    def memory_bytes(self) -> int:
        """Memory of the session beside its data set, bytes."""
        return super().memory_bytes() + sum(moment.branch.memory_bytes() for moment in (*self._undo, *self._redo))

    def view(self, include_parameters: bool = False) -> Work[dict[str, Any]]:
        """The view of the API, without id and URLs."""
        view = yield from super().view(include_parameters)
        return view | {"can_undo": bool(self._undo), "can_redo": bool(self._redo)}

    # -- playing

    def _play(self, request: PlayRequest, now: float) -> Work[None]:
        if not self.finite and self.broken is not None:
            raise Conflict(self.broken.sentence())
        if self.cursor.parameters_step >= self.limits.steps:
            raise Conflict(f"A session keeps at most {self.limits.steps:,} steps, and this one has as many.")
        if request.until is not None:
            yield from self._check_until(request.until)
        self.player = Player(request.unit, request.per_second, request.until, now)
        self._events.append(("played", "Playing."))

    def _check_until(self, until: Until) -> Work[None]:
        done = self.cursor.parameters_step
        if until.step is not None and until.step <= done:
            raise Invalid(
                ("body", "until", "step"), f"Step {until.step} is done already: the session stands at {done}."
            )
        if until.accuracy is not None and (yield from self.timeline.evaluated(done)).train_accuracy is None:
            raise Invalid(
                ("body", "until", "accuracy"), "This data set has no classes, so there is no accuracy: use cost."
            )

    def _pause(self) -> Work[None]:
        self.player = None
        self._events.append(("paused", "Paused."))
        return
        yield

    def next_due(self) -> float | None:
        """When the next tick has something to do, s on the caller's clock; None: never."""
        return None if self.player is None else self.player.next_due()

    def tick(self, now: float, seconds: float, traced: bool = False) -> bool:
        """Plays what is due, for at most so many seconds; True if the cursor moved. ``traced``: the last step is."""
        player = self.player
        if player is None:
            return False
        beats = player.due(now)
        if beats == 0:
            return False
        deadline = time.perf_counter() + seconds
        before = self.cursor
        if player.unit == "phase":
            played = self._play_phases(player, beats, deadline)
        else:
            played = self._play_steps(player, beats, deadline, traced)
        if played:
            player.played(played, now)
        return self.cursor != before

    def _play_phases(self, player: Player, beats: int | None, deadline: float) -> int:
        played = 0
        while self.playing and (beats is None or played < beats):
            finish(self._go(self.points.cursor(self.points.number(self.cursor) + 1)))
            played += 1
            if self.cursor.complete:
                self._end_step(player)
            if time.perf_counter() >= deadline:
                break
        return played

    def _play_steps(self, player: Player, beats: int | None, deadline: float, traced: bool) -> int:
        """Plays the steps that are due, until the deadline; answers how many that were."""
        first = done = self.cursor.parameters_step
        stop = self.limits.steps if beats is None else done + beats
        if player.until is not None and player.until.step is not None:
            stop = min(stop, player.until.step)
        while self.playing and done < stop:
            schedule = self.timeline.schedule
            epoch_end = schedule.end_of_epoch(schedule.visited(done) // schedule.n + 1)
            self._train(done, min(stop, epoch_end), deadline, traced)
            if self.timeline.position <= done:
                break  # still on the way back to where the session stands
            done = self.timeline.position
            self.cursor = end_of(done)
            finish(self._notice())
            self._end_step(player)
            if time.perf_counter() >= deadline:
                break
        return done - first

    def _train(self, done: int, target: int, deadline: float, traced: bool) -> None:
        """Trains towards a step until the deadline; ``traced``: and traces the last step, which makes a frame cheap."""
        timeline = self.timeline
        timeline.train(target - 1 if traced else target, deadline)
        if traced and done <= timeline.position < target and timeline.is_finite():
            timeline.traced_step()

    def _end_step(self, player: Player) -> None:
        """Stops playing at the end of a step that asks for it."""
        step = self.cursor.step
        if not self.finite and self.broken is not None:
            self._stop("not_finite", self.broken.sentence())
        elif player.until is not None and (reason := self._until_met(player.until)):
            self._stop("until", reason)
        elif step >= self.limits.steps:
            self._stop("limit", f"Step {step:,}: a session keeps no more steps than these.")

    def _until_met(self, until: Until) -> str | None:
        """What was played for, if it is reached."""
        step = self.cursor.step
        if until.step is not None:
            return f"Step {step:,} is done." if step >= until.step else None
        if not self.timeline.schedule.ends_epoch(step):
            return None
        found = finish(self.timeline.evaluated(step))
        tested = found.test_cost is not None
        part = "test" if tested else "training"
        if until.cost is not None:
            cost = found.test_cost if found.test_cost is not None else found.train_cost
            return f"The {part} cost is {cost:.4g}." if cost <= until.cost else None
        accuracy = found.test_accuracy if tested else found.train_accuracy
        if accuracy is not None and until.accuracy is not None and accuracy >= until.accuracy:
            return f"The {part} accuracy is {accuracy:.1%}."
        return None

    def _stop(self, reason: str, message: str) -> None:
        self.player = None
        self.revision += 1
        self._events.append((reason, message))

    def drain_events(self) -> list[dict[str, Any]]:
        """What happened since the last call, as the stream tells it."""
        told = [
            {"revision": self.revision, "playing": self.playing, "reason": reason, "message": message}
            for reason, message in self._events
        ]
        self._events.clear()
        return told


def _moment(log: Log, after: int, cursor: Cursor, broken: Broken | None) -> Moment:
    return Moment(Branch(log, after, {}, {}), cursor, broken)


def _moment_document(moment: Moment) -> dict[str, Any]:
    return {
        "log": log_document(moment.branch.log),
        "after": moment.branch.after,
        "cursor": moment.cursor.as_dict(),
        "not_finite": broken_document(moment.broken),
    }
