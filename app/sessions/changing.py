"""Changing what comes next: settings, edited weights, added examples, and taking them back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from app.engine.errors import EngineError
from app.sessions.actions import difference
from app.sessions.adding import addition_of
from app.sessions.cursor import Cursor
from app.sessions.editing import changes_nothing, edit_of
from app.sessions.errors import Conflict, InvalidConfig
from app.sessions.filling import Filled, check_example, check_memory
from app.sessions.journal import Entry
from app.sessions.limits import Limits
from app.sessions.log import Addition, Change, Log
from app.sessions.moving import Moving
from app.sessions.requests import NewExample, ParametersPatch, SettingsPatch
from app.sessions.settings_filling import merged
from app.sessions.standing import Broken
from app.sessions.timeline import Branch
from app.sessions.work import Work
from app.sessions.writing import moment_document

EDITED_NUMBERS = 100_000
"""Weights and biases that the edits of one log may set, all together: what an edit takes is kept for ever."""
ADDED_NUMBERS = 250_000
"""Inputs and targets of all examples that are added in one log: they are kept for ever, too."""
UNDO_SHARE = 4
"""What undo, or redo, keeps takes at most one in so many parts of a session's memory."""


@dataclass(frozen=True)
class Moment:
    """What undo or redo goes back to: a log that was left, and where the session stood in it."""

    branch: Branch
    cursor: Cursor
    broken: Broken | None


class Changing(Moving):
    """A session whose log can be changed."""

    def __init__(self, filled: Filled, limits: Limits) -> None:
        super().__init__(filled, limits)
        self._undo: list[Moment] = []
        self._redo: list[Moment] = []
        self._discarded = 0
        self._told_beside: dict[str, Any] = {}
        """What the answer to a call has beside the view."""
        self.done: Entry | None = None
        """What was done last, for the journal."""

    def _change(self, patch: SettingsPatch) -> Work[None]:
        rest = self._rest()
        log = self.timeline.log
        before = log.settings_after(rest.step)
        try:
            after = merged(before, patch, self.pool.n_train(rest.step), self.sgd_rate)
        except EngineError as error:
            raise InvalidConfig(("body", *error.field.split(".")), str(error)) from None
        check_memory(self.problem.architecture, after.batch_size, self.limits)
        example = self.example
        if patch.example is not None:
            example = check_example(patch.example, after.batch_size, self.pool.count(rest.step))
        if after != before:
            self._check_room(log)
        yield from self._come_to_rest(rest)
        if example != self.example:
            self.example = example
            self.tell("edited", "Another example is on view.")
        if after != before:
            yield from self._bring_result(rest)
            self._act(self.timeline.log.changed(Change(rest.step, after), edits=rest.complete))
            self.tell("edited", "Settings changed.", self._discarded)

    def _edit(self, patch: ParametersPatch) -> Work[None]:
        rest = self._rest()
        if not rest.complete:
            raise Conflict(
                f"The session is in the middle of step {rest.step}, after {rest.phase}: weights and biases can be "
                "edited at the start or at the end of a step."
            )
        edit = edit_of(self.problem.architecture, patch, rest.step)
        self._check_room(self.timeline.log, edit.size)
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
        self.tell("edited", "Weights or biases edited.", self._discarded)

    def _add(self, new: NewExample) -> Work[None]:
        rest = self._rest()
        addition = addition_of(self.problem, new, rest.step)
        self._check_room(self.timeline.log)
        self._check_room_for(addition, self.timeline.log)
        yield from self._come_to_rest(rest)
        yield from self._bring_result(rest)
        self._act(self.timeline.log.added(addition, edits=rest.complete))
        self._told_beside = {"index": self.pool.count(rest.step) - 1}
        if rest.complete:
            yield from self.timeline.go(rest.step)
            yield from self._notice()
        self.tell("edited", "An example was added to the data.", self._discarded)

    def _check_room_for(self, addition: Addition, log: Log) -> None:
        """Raises Conflict where the session has no room for one more example."""
        if len(log.additions) >= self.limits.added_examples:
            raise Conflict(
                f"At most {self.limits.added_examples:,} examples are added to a session, and this one has as many: "
                "begin a new session with a data set of your own."
            )
        if log.added_numbers + addition.size > ADDED_NUMBERS:
            raise Conflict(
                f"A session keeps at most {ADDED_NUMBERS:,} numbers of added examples, and has {log.added_numbers:,}: "
                "begin a new session with a data set of your own."
            )

    def _bring_result(self, rest: Cursor) -> Work[None]:
        """Keeps the result of the step after which the log is to change: it stands when everything after it falls."""
        if rest.complete:
            yield from self.timeline.result(rest.step, pinned=True)

    def _check_room(self, log: Log, numbers: int = 0) -> None:
        """Raises Conflict where the log has no room for one more action that sets so many numbers."""
        if log.actions >= self.limits.actions:
            raise Conflict(
                f"A session keeps at most {self.limits.actions:,} edits, changed settings and added examples, and this "
                "one has as many: go back, and change something there."
            )
        if log.edited_numbers + numbers > EDITED_NUMBERS:
            raise Conflict(
                f"A session keeps at most {EDITED_NUMBERS:,} edited weights and biases; this one has "
                f"{log.edited_numbers:,}, and {numbers:,} were given: begin a new session with them as its start."
            )

    def _act(self, log: Log) -> None:
        """Takes up a log that was changed at the cursor; what it cuts can be undone."""
        self._discarded = self.timeline.log.last_step - log.last_step
        step = self.cursor.step
        branch = self.timeline.act(log, step)
        self._keep(self._undo, Moment(branch, self.cursor, self.broken))
        self._redo.clear()
        self._keep_example()
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

    def _take_back(self) -> Work[None]:
        return self._swap(self._undo, self._redo, "undone", "There is nothing to undo: nothing was edited or changed.")

    def _do_again(self) -> Work[None]:
        return self._swap(self._redo, self._undo, "redone", "There is nothing to redo: nothing was undone.")

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
        self._discarded = before - moment.branch.after
        self.cursor, self.broken = moment.cursor, moment.broken
        self._keep_example()
        self.tell(reason, reason.capitalize() + ".", self._discarded)

    def _moments(self) -> dict[str, list[dict[str, Any]]]:
        return {
            name: [
                moment_document(moment.branch.log, moment.branch.after, moment.cursor, moment.broken)
                for moment in stack
            ]
            for name, stack in (("undo", self._undo), ("redo", self._redo))
        }

    def memory_bytes(self) -> int:
        """Memory of the session beside its data set, bytes."""
        return super().memory_bytes() + sum(moment.branch.memory_bytes() for moment in (*self._undo, *self._redo))

    def view(self, include_parameters: bool = False) -> Work[dict[str, Any]]:
        """The view of the API, without id and URLs."""
        view = yield from super().view(include_parameters)
        return view | {
            "can_undo": bool(self._undo),
            "can_redo": bool(self._redo),
            "undo": self._told(self._undo, undoing=True),
            "redo": self._told(self._redo, undoing=False),
        }

    def _told(self, stack: list[Moment], *, undoing: bool) -> dict[str, Any] | None:
        """The action that undo takes back, or redo does again; None where there is none."""
        if not stack:
            return None
        branch, log = stack[-1].branch, self.timeline.log
        before, after = (branch.log, log) if undoing else (log, branch.log)
        return difference(before, after, branch.after)
