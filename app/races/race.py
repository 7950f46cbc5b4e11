"""A race as plain work: copies from the same start in the same order of data, epoch by epoch side by side."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.engine.comparison import mean_angles
from app.engine.evaluation import evaluate
from app.engine.feedback import Feedback
from app.engine.training import Trainer, TrainingSettings
from app.sessions.config import SessionConfig
from app.sessions.filling import DataSets, Filled, fill
from app.sessions.limits import Limits
from app.sessions.problem import Problem
from app.sessions.schedule import Batches

ANGLED = 100
"""Training examples over which angles are means."""


@dataclass(frozen=True)
class Entry:
    """What is raced: one configuration, with each of these operators and seeds, for so many epochs."""

    config: SessionConfig
    feedbacks: tuple[str, ...]
    seeds: tuple[int, ...]
    epochs: int

    @property
    def runs(self) -> int:
        """How many copies are trained."""
        return len(self.feedbacks) * len(self.seeds)


@dataclass(frozen=True)
class Point:
    """Where one copy stands after an epoch (0: at the start). What is not finite, or not known, is None.

    ``angles`` are those of layers 2 to L-1, degrees.
    """

    feedback: str
    seed: int
    epoch: int
    step: int
    cost: tuple[float | None, float | None]
    accuracy: tuple[float | None, float | None]
    angles: list[float | None]
    finite: bool


@dataclass
class Copy:
    """One copy under way."""

    problem: Problem
    feedback: str
    trainer: Trainer
    operator: Feedback
    batches: Batches
    step: int = 0
    finite: bool = True
    angled: np.ndarray[Any, Any] = field(init=False)

    def __post_init__(self) -> None:
        n = self.problem.examples.n_train
        chosen = np.random.default_rng([self.problem.seed, 0xA17]).choice(n, min(n, ANGLED), replace=False)
        self.angled = np.sort(chosen)

    def epoch(self, number: int) -> None:
        """Train through an epoch; it ends early at a step that is not finite."""
        order = self.batches.order(number, self.problem.examples.n_train)
        size = self.problem.settings.batch_size
        for first in range(0, len(order), size):
            self.step += 1
            self.trainer.step(order[first : first + size], self.step)
            if not self.trainer.is_finite():
                self.finite = False
                return

    def point(self, epoch: int) -> Point:
        """Where it stands; a cost that is not finite ends it, as it ends a session."""
        examples, architecture = self.problem.examples, self.problem.architecture
        parameters = self.trainer.parameters
        parts = []
        with np.errstate(all="ignore"):
            for part in (examples.train_evaluated, examples.test_evaluated):
                found = evaluate(architecture, parameters, part.inputs, part.targets) if len(part) else (None, None)
                parts.append(found)
        self.finite = self.finite and all(cost is None or math.isfinite(cost) for cost, _ in parts)
        x, y = examples.train.inputs[self.angled].T, examples.train.targets[self.angled].T
        angles = mean_angles(architecture, parameters, self.operator, self.step + 1, x, y)
        return Point(
            self.feedback,
            self.problem.seed,
            epoch,
            self.step,
            (_finite(parts[0][0]), _finite(parts[1][0])),
            (_finite(parts[0][1]), _finite(parts[1][1])),
            angles,
            self.finite,
        )


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def filled(entry: Entry, datasets: DataSets, limits: Limits, seed: int) -> Filled:
    """The problem of one seed: start, split, order and drawn data sets all come from it. Raises InvalidConfig."""
    return fill(entry.config.model_copy(update={"seed": seed}), datasets, limits)


def copy_of(found: Filled, feedback: str) -> Copy:
    """A copy at its start."""
    problem, settings = found.problem, found.problem.settings
    examples = problem.examples
    trainer = Trainer(
        problem.architecture,
        examples.padded,
        examples.train.targets,
        TrainingSettings(settings.optimizer, settings.regularization, feedback, problem.train_biases),
        problem.seed,
        problem.start,
    )
    operator = Feedback(feedback, problem.seed, problem.start)
    return Copy(problem, feedback, trainer, operator, Batches(problem.seed, problem.shuffle))


def run(entry: Entry, datasets: DataSets, limits: Limits) -> Iterator[Point]:
    """The whole race, point by point: seed after seed, and within a seed all operators side by side."""
    for seed in entry.seeds:
        found = filled(entry, datasets, limits, seed)
        copies = [copy_of(found, feedback) for feedback in entry.feedbacks]
        for copy in copies:
            yield copy.point(0)
        for epoch in range(1, entry.epochs + 1):
            for copy in copies:
                if copy.finite:
                    copy.epoch(epoch)
                    yield copy.point(epoch)
