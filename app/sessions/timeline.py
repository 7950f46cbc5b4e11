"""The state of a session at any step: the nearest checkpoint and an exact replay, on one arithmetic path.

Two states belong to a step: its *result*, which checkpoints keep, and what is *in force* after it, once the log's edits
and changed settings of that step were applied. Training, replaying and tracing all go through ``Trainer.step`` and
``Trainer.traced_step``, which give the same bits.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from app.engine.trace import StepTrace
from app.engine.training import Trainer, TrainerState, TrainingSettings
from app.sessions.checkpoints import Checkpoints, first_spacing, state_bytes
from app.sessions.history import EVALUATION_BYTES, Evaluation, History, first_stride
from app.sessions.limits import Limits
from app.sessions.log import Log, Settings
from app.sessions.pool import Pool
from app.sessions.problem import Problem, largest_harmless
from app.sessions.schedule import Batches, Schedule
from app.sessions.work import Slice, Work

TRACES = 2  # traces kept for being looked at again
EVALUATIONS = 4_096  # costs kept for being looked at again
NOWHERE = -1  # in place of a step: the trainer holds nothing that counts
CHUNK = 256  # steps between two looks at whose turn it is, at most
LOOKS = 12  # how often one looks in a slice of the longest kind
PROBES = 3  # steps that are tried to see how long one takes
TRACES_SHARE = 4  # of the session's memory, what more than one kept trace may take at most: one part in so many
TAKEN_ALONG = 64  # checkpoints that a session takes along when it is put away …
NUMBERS_ALONG = 250_000  # … and numbers in all of them


@dataclass(frozen=True)
class Branch:
    """What a cut took: a log, and what was kept of its steps beyond ``after``."""

    log: Log
    after: int
    states: dict[int, TrainerState]
    points: dict[int, Evaluation]

    def memory_bytes(self) -> int:
        """Memory of what was kept, bytes."""
        return sum(map(state_bytes, self.states.values())) + EVALUATION_BYTES * len(self.points)


class Timeline:
    """Moves one trainer to and fro along the steps of a log."""

    def __init__(self, problem: Problem, limits: Limits) -> None:
        self.problem = problem
        self.limits = limits
        self._log = Log(problem.settings)
        self.pool = Pool(problem.examples)
        self._schedule: tuple[object, object, Schedule] | None = None
        examples = problem.examples
        examples.users.add(self)
        self.batches = Batches(problem.seed, problem.shuffle)
        self.trainer = Trainer(
            problem.architecture,
            examples.padded,
            examples.train.targets,
            self._engine_settings(problem.settings, 0),
            problem.seed,
            problem.start,
        )
        self.checkpoints = Checkpoints(first_spacing(problem.architecture.n_parameters), limits.memory_bytes)
        self.checkpoints.add(0, self.trainer.state())
        evaluated = len(examples.train_evaluated) + len(examples.test_evaluated)
        self.history = History(first_stride(evaluated, problem.settings.batch_size), limits.history_points)
        self._step_seconds: float | None = None
        self._evaluation_seconds = 0.0  # what one takes
        self._evaluating = 0.0  # what all have taken
        self._at = 0  # the step whose result the trainer holds, with what the log does after it in force
        self._traces: OrderedDict[int, StepTrace] = OrderedDict()
        self._evaluations: OrderedDict[int, Evaluation] = OrderedDict()
        self._watched = largest_harmless(problem.architecture, self.pool.largest)
        self.switches = 0
        """How often another log was taken up: what was found out under the one before may no longer hold."""

    # -- where the examples come from

    @property
    def log(self) -> Log:
        """What was done, and after which step."""
        return self._log

    @log.setter
    def log(self, log: Log) -> None:
        self._log = log
        if log.additions is not self.pool.added:
            self.pool = Pool(self.problem.examples, log.additions)
            self.trainer.add_examples(self.pool.inputs_added, self.pool.targets_added)
            self._watched = largest_harmless(self.problem.architecture, self.pool.largest)

    @property
    def schedule(self) -> Schedule:
        """Which examples the steps of the log visit."""
        log, known = self._log, self._schedule
        if known is None or known[0] is not log.changes or known[1] is not log.additions:
            added = [addition.after for addition in log.additions]
            schedule = Schedule(self.problem.examples.n_train, log.batch_sizes, added)
            known = self._schedule = log.changes, log.additions, schedule
        return known[2]

    def batch(self, step: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """The mini-batch of a step, as places among the training examples."""
        return self.batches.at(self.schedule, step - 1, self.log.settings_after(step - 1).batch_size)

    @property
    def position(self) -> int:
        """The step whose result the trainer holds, with what the log does after it in force; -1: none that counts."""
        return self._at

    # -- moving

    def go(self, step: int) -> Work[None]:
        """Brings the trainer to what is in force after a step that was entered before, bit for bit as then."""
        while not self.near(step, Slice(self.limits.slice_seconds)):
            yield

    def near(self, step: int, turn: Slice) -> bool:
        """Goes towards a known step while it is its turn; True once it is there."""
        if self._at != step:
            self._approach(step)
            self._run(step, turn, new=False)
        return self._at == step

    def advance(self, step: int) -> Work[int]:
        """Trains on to a step, or to the first whose result is not finite; returns the step reached."""
        while True:
            reached = self.train(step, Slice(self.limits.slice_seconds))
            if reached is not None:
                return reached
            yield

    def train(self, step: int, turn: Slice) -> int | None:
        """Trains towards a step while it is its turn; the step it ends at, or None if there is more to do.

        The log's last step rises with every step that is new.
        """
        known = min(step, self.log.last_step)
        if not self.near(known, turn):
            return None
        if known < step and self.is_finite():
            self._run(step, turn, new=True)
            self.log = self.log.reaching(self._at)
        return self._at if self._at == step or not self.is_finite() else None

    def _approach(self, step: int) -> None:
        """Restores the nearest kept state, unless the trainer is nearer."""
        base, state = self.checkpoints.nearest(step)
        if base <= self._at <= step:
            return
        self._park()
        self.trainer.configure(self._engine_settings(self.log.settings_after(max(0, base - 1)), base))
        self.trainer.restore(state)
        self._at = base
        self._put_in_force()

    def _park(self) -> None:
        """Keeps the trainer's state for coming straight back, if it is its step's result, unchanged."""
        at = self._at
        if 0 <= at <= self.log.last_step and at not in self.checkpoints and not self.log.has_actions(at):
            self.checkpoints.park(at, self.trainer.state())

    def _put_in_force(self) -> None:
        """Applies what the log does after the step whose result the trainer holds."""
        self.trainer.configure(self._engine_settings(self.log.settings_after(self._at), self._at))
        for edit in self.log.edits_after(self._at):
            edit.apply(self.trainer.parameters)

    def _run(self, target: int, turn: Slice, *, new: bool) -> None:
        """Steps on to the target, while it is its turn; ``new`` steps end at one that is not finite."""
        fine = True
        if self._at < target and self.history.wants(self._at):
            self.evaluation()
        while self._at < target and fine:
            action = self.log.next_action(self._at)
            stop = target if action is None else min(target, action)
            began, first, evaluating = time.perf_counter(), self._at, self._evaluating
            fine = self._steps(min(stop, first + self._chunk()), new=new)
            self._measure((time.perf_counter() - began - (self._evaluating - evaluating)) / (self._at - first))
            if self.log.has_actions(self._at):
                self._put_in_force()
            if self.history.wants(self._at):
                self.evaluation()
            if turn.over():
                return

    def _chunk(self) -> int:
        """Steps between two looks at whose turn it is."""
        if self._step_seconds is None:
            return 1
        return max(1, min(CHUNK, int(self.limits.slice_seconds / (LOOKS * self._step_seconds + 1e-9))))

    def _steps(self, stop: int, *, new: bool) -> bool:
        """The crux: steps up to ``stop`` with unchanging settings. False if a new one is not finite: it ends there."""
        trainer, checkpoints, history, schedule = self.trainer, self.checkpoints, self.history, self.schedule
        size = self.log.settings_after(self._at).batch_size
        epoch, offset = schedule.at(self._at)
        n = schedule.examples_next(self._at)
        order = self.batches.order(epoch + 1, n)
        for number in range(self._at + 1, stop + 1):
            if offset >= n:
                epoch, offset, n = epoch + 1, 0, schedule.examples_next(number - 1)
                order = self.batches.order(epoch + 1, n)
            trainer.step(order[offset : offset + size], number)
            offset += size
            self._at = number
            if checkpoints.wants(number):
                checkpoints.add(number, trainer.state())
            if new and not self.is_finite():
                return False
            if number < stop and history.wants(number):
                self.evaluation()
        return True

    def _measure(self, seconds: float) -> None:
        """Faster is believed at once: what is slower may be a hiccup of the machine."""
        known = self._step_seconds
        self._step_seconds = seconds if known is None or seconds < known else 0.8 * known + 0.2 * seconds

    def estimate(self, steps: int) -> float:
        """Seconds that so many steps take on this very net; measured once more before it is found to be too long."""
        known = self._step_seconds
        if known is None or self._with_evaluations(known) * steps > self.limits.step_seconds:
            known = self._step_seconds = self._probe()
        return self._with_evaluations(known) * steps

    def _with_evaluations(self, step_seconds: float) -> float:
        return step_seconds + self._evaluation_seconds / self.history.stride

    def _probe(self) -> float:
        """Seconds of a step, tried from where the trainer stands, and undone."""
        if self._at == NOWHERE:
            self._approach(self.log.last_step)
        at, times = self._at, []
        state, indices = self.trainer.state(), self.batch(at + 1)
        for _ in range(PROBES):
            began = time.perf_counter()
            self.trainer.step(indices, at + 1)
            times.append(time.perf_counter() - began)
        self.trainer.restore(state)
        return min(times)

    # -- looking

    def trace(self, step: int) -> Work[StepTrace]:
        """The trace of a step that was entered before; afterwards the trainer may stand elsewhere."""
        known = self._traces.get(step)
        if known is not None:
            self._traces.move_to_end(step)
            return known
        yield from self.go(step - 1)
        return self.traced_step()

    def traced_step(self) -> StepTrace:
        """Trains one step from where the trainer stands, and traces it."""
        self._park()
        step = self._at + 1
        trace = self.trainer.traced_step(self.batch(step), step)
        self._at = step
        if self.checkpoints.wants(step):
            self.checkpoints.add(step, self.trainer.state())
        if self.log.has_actions(step):
            self._put_in_force()
        self.log = self.log.reaching(step)
        self._traces[step] = trace
        while len(self._traces) > (TRACES if self._traces_bytes() * TRACES_SHARE <= self.limits.memory_bytes else 1):
            self._traces.popitem(last=False)
        return trace

    def is_finite(self) -> bool:
        """Whether parameters and cost are finite where the trainer stands.

        The cost can only overflow when a number is huge, so it is evaluated only then.
        """
        with np.errstate(all="ignore"):
            squares = float(np.dot(self.trainer.parameters.flat, self.trainer.parameters.flat))
        if squares < self._watched:
            return True
        return self.trainer.is_finite() and _is_finite(self.evaluation())

    def evaluation(self) -> Evaluation:
        """Cost and accuracy where the trainer stands, computed once per step."""
        known = self._evaluations.get(self._at)
        if known is None:
            known = self._evaluate()
            self._evaluations[self._at] = known
            while len(self._evaluations) > EVALUATIONS:
                self._evaluations.popitem(last=False)
        self.history.add(self._at, known)
        return known

    def evaluated(self, step: int) -> Work[Evaluation]:
        """Cost and accuracy after a step that was entered before."""
        known = self._evaluations.get(step)
        if known is not None:
            return known
        yield from self.go(step)
        return self.evaluation()

    def known_evaluation(self, step: int) -> Evaluation | None:
        """Cost and accuracy after a step, if they are at hand."""
        return self._evaluations.get(step)

    def _evaluate(self) -> Evaluation:
        began = time.perf_counter()
        evaluation = self._evaluate_now()
        seconds = time.perf_counter() - began
        self._evaluating += seconds
        self._evaluation_seconds = min(seconds, self._evaluation_seconds or seconds)
        return evaluation

    def _evaluate_now(self) -> Evaluation:
        train, test = self.pool.evaluated(self._at), self.problem.examples.test_evaluated
        train_cost, train_accuracy = self.trainer.evaluate(train.inputs, train.targets)
        if not len(test):
            return Evaluation(train_cost, train_accuracy, None, None)
        return Evaluation(train_cost, train_accuracy, *self.trainer.evaluate(test.inputs, test.targets))

    # -- changing the log

    def act(self, log: Log, step: int) -> Branch:
        """Takes up a log that does something else from the end of a step on; gives back what that cut off."""
        if step not in self.checkpoints and self._at == step and not self.log.has_actions(step):
            self.checkpoints.add(step, self.trainer.state(), pinned=True)
        return self._switch(log, step)

    def take_up(self, branch: Branch) -> Branch:
        """Goes over to a log that was cut off earlier; gives back the present one."""
        cut = self._switch(branch.log, branch.after)
        self.checkpoints.restore(branch.states)
        for step, point in branch.points.items():
            self.history.add(step, point)
        return cut

    def _switch(self, log: Log, step: int) -> Branch:
        if self._at >= step:
            self._at = NOWHERE
        self._step_seconds = None
        self.switches += 1
        cut = Branch(self.log, step, self.checkpoints.cut(step), self.history.cut(step, at_step=True))
        self.log = log
        for at in [at for at in self._evaluations if at >= step]:
            del self._evaluations[at]
        for at in [at for at in self._traces if at > step]:
            del self._traces[at]
        return cut

    # -- leaving and coming back

    def result(self, step: int, *, pinned: bool = False) -> Work[TrainerState]:
        """The result of a step that was entered before, without what was edited after it; ``pinned``: keeps it."""
        base, state = self.checkpoints.nearest(step)
        if base == step:
            pass
        elif self.log.has_actions(step):
            yield from self.go(step - 1)
            self.trainer.step(self.batch(step), step)
            state = self.trainer.state()
            self._at = NOWHERE
        else:
            yield from self.go(step)
            state = self.trainer.state()
        if pinned:
            self.checkpoints.add(step, state, pinned=True)
        return state

    def kept(self) -> list[tuple[int, TrainerState]]:
        """Some of the checkpoints, evenly chosen, the newest among them: few enough to be taken along."""
        steps = [step for step in self.checkpoints if step > 0]
        most = min(TAKEN_ALONG, 8 * NUMBERS_ALONG * len(self.checkpoints) // max(1, self.checkpoints.bytes), len(steps))
        chosen = sorted(steps[-1 - place * len(steps) // most] for place in range(most))
        return [(step, self.checkpoints.nearest(step)[1]) for step in chosen]

    def resume(
        self, log: Log, step: int, state: TrainerState, checkpoints: dict[int, TrainerState], history: History
    ) -> None:
        """Takes up a log of elsewhere whose step had this result; other steps are replayed from what was kept."""
        self.log = log
        self.history = history
        self.checkpoints.add(step, state, pinned=True)
        self.checkpoints.restore(checkpoints)
        self._at = NOWHERE

    def inherit(self, other: Timeline, log: Log) -> None:
        """Takes up the log, which begins like another timeline's, and what that one has kept of it."""
        self.log = log
        self.checkpoints.spacing = other.checkpoints.spacing
        for step in other.checkpoints:
            if step <= log.last_step:
                self.checkpoints.add(step, other.checkpoints.nearest(step)[1])
        last = log.last_step
        same = log.edits_after(last) == other.log.edits_after(last)
        for step, point in other.history.points(self.limits.history_points, last if same else last - 1):
            self.history.add(step, point)
        self._at = NOWHERE

    def memory_bytes(self) -> int:
        """Memory of what is kept beside the data set, bytes."""
        evaluations = EVALUATION_BYTES * (len(self._evaluations) + len(self.history))
        examples = self.problem.examples.memory_bytes() + self.pool.memory_bytes()
        return self.checkpoints.memory_bytes() + self._traces_bytes() + evaluations + examples

    def _traces_bytes(self) -> int:
        return sum(map(trace_bytes, self._traces.values()))

    def _engine_settings(self, settings: Settings, step: int) -> TrainingSettings:
        """As the engine takes them, for what follows a step."""
        return TrainingSettings(
            optimizer=settings.optimizer,
            regularization=settings.regularization,
            feedback=settings.feedback,
            train_biases=self.problem.train_biases,
            examples=self.pool.n_train(step) if settings.regularization.active else None,
        )


def trace_bytes(trace: StepTrace) -> int:
    """Memory of a trace, bytes."""
    return sum(
        value.nbytes for layer in trace.layers for value in vars(layer).values() if isinstance(value, np.ndarray)
    )


def _is_finite(evaluation: Evaluation) -> bool:
    return math.isfinite(evaluation.train_cost) and (
        evaluation.test_cost is None or math.isfinite(evaluation.test_cost)
    )
