"""Playing: a session that goes on by itself, on the caller's clock."""

from __future__ import annotations

from collections.abc import Callable

from app.sessions.changing import Changing
from app.sessions.cursor import end_of
from app.sessions.errors import Conflict, Invalid
from app.sessions.journal import STOPPED, Entry
from app.sessions.player import Player
from app.sessions.requests import PlayRequest, Until
from app.sessions.work import Slice, Work, finish, nobody


class Playing(Changing):
    """A session that plays."""

    def _play(self, request: PlayRequest, now: float) -> Work[None]:
        if not self.finite and self.broken is not None:
            raise Conflict(self.broken.sentence())
        if self.cursor.parameters_step >= self.limits.steps:
            raise Conflict(f"A session keeps at most {self.limits.steps:,} steps, and this one has as many: go back.")
        if request.until is not None:
            yield from self._check_until(request.until)
        self.player = Player(request.unit, request.per_second, request.until, now)
        self.tell("played", "Playing.")

    def resume(self, request: PlayRequest, now: float) -> None:
        """Plays on after a rest that nobody is to notice."""
        if self.finite or self.broken is None:
            self.player = Player(request.unit, request.per_second, request.until, now)

    def _check_until(self, until: Until) -> Work[None]:
        done = self.cursor.parameters_step
        if until.step is not None and until.step <= done:
            raise Invalid(
                ("body", "until", "step"),
                f"Step {until.step:,} is done already: the session stands at step {done:,}. Give a later one.",
            )
        if until.accuracy is not None and (yield from self.timeline.evaluated(done)).train_accuracy is None:
            raise Invalid(
                ("body", "until", "accuracy"), "This data set has no classes, so there is no accuracy: use cost."
            )

    def _pause(self) -> Work[None]:
        self.player = None
        self.tell("paused", "Paused.")
        return
        yield

    def next_due(self) -> float | None:
        """When the next tick has something to do, s on the caller's clock; None: never."""
        return None if self.player is None else self.player.next_due()

    def tick(self, now: float, seconds: float, traced: bool = False, wanted: Callable[[], bool] = nobody) -> bool:
        """Plays what is due, for at most so many seconds or until others want a turn; True if the cursor moved.

        ``traced``: the last step is.
        """
        player = self.player
        if player is None:
            return False
        beats = player.due(now)
        if beats == 0:
            return False
        turn = Slice(seconds, wanted)
        before = self.cursor
        if player.unit == "phase":
            played = self._play_phases(player, beats, turn)
        else:
            played = self._play_steps(player, beats, turn, traced)
        if played:
            player.played(played, now)
        return self.cursor != before

    def _play_phases(self, player: Player, beats: int | None, turn: Slice) -> int:
        played = 0
        while self.playing and (beats is None or played < beats):
            finish(self._go(self.points.cursor(self.points.number(self.cursor) + 1)))
            played += 1
            if self.cursor.complete:
                self._end_step(player)
            if turn.over():
                break
        return played

    def _play_steps(self, player: Player, beats: int | None, turn: Slice, traced: bool) -> int:
        """Plays the steps that are due, while it is its turn; answers how many that were."""
        first = done = self.cursor.parameters_step
        stop = self.limits.steps if beats is None else done + beats
        if player.until is not None and player.until.step is not None:
            stop = min(stop, player.until.step)
        while self.playing and done < stop:
            self._train(done, min(stop, self._next_look(player, done)), turn, traced)
            if self.timeline.position <= done:
                break  # still on the way back to where the session stands
            done = self.timeline.position
            self.cursor = end_of(done)
            finish(self._notice())
            self._end_step(player)
            if turn.over():
                break
        return done - first

    def _next_look(self, player: Player, done: int) -> int:
        """The step at whose end it is next asked whether to go on: the end of the epoch, where cost or accuracy is."""
        if player.until is None or player.until.step is not None:
            return self.limits.steps
        schedule = self.timeline.schedule
        return schedule.end_of_epoch(schedule.at(done)[0] + 1)

    def _train(self, done: int, target: int, turn: Slice, traced: bool) -> None:
        """Trains towards a step while it is its turn; ``traced``: and traces the last one, so that a frame is cheap."""
        timeline = self.timeline
        timeline.train(target - 1 if traced else target, turn)
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
        self.done = Entry(STOPPED, None, self.cursor, self.cursor, self.revision)
        self.tell(reason, message)
