"""Moving a session through time: forward, back, anywhere."""

from __future__ import annotations

from app.sessions.cursor import Cursor, end_of
from app.sessions.errors import Conflict, Invalid
from app.sessions.framing import Framing
from app.sessions.requests import SeekRequest, StepRequest
from app.sessions.work import Work


class Moving(Framing):
    """A session whose cursor moves. While it plays, it first comes to rest at the end of the current step."""

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
        return end_of(schedule.end_of_epoch(schedule.at(done)[0] + request.count))

    def _check_ahead(self, start: Cursor, target: Cursor, count: int) -> None:
        """Raises Conflict or Invalid where the session cannot go on so far."""
        if self.broken is not None and start.parameters_step >= self.broken.step:
            raise Conflict(self.broken.sentence())
        if target.step > self.limits.steps:
            raise Conflict(f"A session keeps at most {self.limits.steps:,} steps; it stands at step {start.step:,}.")
        new = target.step - start.parameters_step
        seconds = self.timeline.estimate(new)
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
        target = self._point(request)
        yield from self._come_to_rest(self._rest())
        yield from self._go(target)

    def _point(self, request: SeekRequest) -> Cursor:
        """The point that a request names. Raises Invalid."""
        last = max(self._rest().step, self.timeline.log.last_step)
        if request.step > last:
            raise Invalid(("body", "step"), f"The session has steps 0 (the start) to {last}; {request.step} was given.")
        return self.points.find(request.step, request.phase, request.layer)

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
            self.tell("paused", "Paused.")
            if self.cursor != rest:
                yield from self._go(rest)
