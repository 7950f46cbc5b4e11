"""Where a session stands: its problem, its timeline, its cursor, and the view of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from app.engine.trace import StepTrace
from app.sessions.cursor import START, Cursor, Points
from app.sessions.filling import Filled
from app.sessions.limits import Limits
from app.sessions.log import Settings
from app.sessions.player import Player
from app.sessions.pool import Pool
from app.sessions.reading import Shown, finite, first_not_finite, plain
from app.sessions.settings_filling import settings_dict
from app.sessions.timeline import Timeline
from app.sessions.work import Work

WHAT = {
    "z": "weighted inputs",
    "a": "activations",
    "cost": "the cost",
    "delta": "deltas",
    "nabla_b": "the gradient of the biases",
    "nabla_w": "the gradient of the weights",
    "b": "biases",
    "w": "weights",
}


Cause = Literal["step", "edit", "example", "start"]


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a number was first no longer finite: the step, the layer (None: the cost), and which number.

    ``cause``: the step itself, what was edited or which example was added after it, or (step 0) the start parameters.
    """

    step: int
    layer: int | None
    what: str
    cause: Cause = "step"

    def sentence(self) -> str:
        """What happened, and the way back."""
        if self.cause == "start":
            return (
                "Already at the start the cost is not a finite number: the data or the start weights are too large. "
                "Edit the weights, or begin anew with smaller numbers."
            )
        if self.cause == "edit":
            return (
                f"With the weights and biases edited after step {self.step}, the cost is not a finite number: they are "
                "too large. Undo the edit, or set smaller ones."
            )
        if self.cause == "example":
            return (
                f"With the example added after step {self.step}, the cost is not a finite number: its numbers are too "
                "large. Undo it, or add one of smaller numbers."
            )
        where = "" if self.layer is None else f" of layer {self.layer}"
        subject = WHAT.get(self.what, self.what)
        verb = "is" if subject.startswith("the ") else "are"
        return (
            f"In step {self.step}, {subject}{where} {verb} no longer a finite number: the steps were too large. Go "
            "back to before it, and try a smaller learning rate."
        )


class Standing:
    """A session that stands somewhere; it can be looked at.

    Attributes
    ----------
    example
        The example on view, ``{"position": p}`` or ``{"index": i}``.
    broken
        Where the log first meets a number that is not finite.
    """

    def __init__(self, filled: Filled, limits: Limits) -> None:
        self.problem = filled.problem
        self.limits = limits
        self.fixed_config = filled.config
        self.sgd_rate = filled.sgd_rate
        self.example = filled.example
        self.timeline = Timeline(filled.problem, limits)
        self.points = Points(len(filled.problem.architecture.layers))
        self.cursor: Cursor = START
        self.revision = 1
        self.broken: Broken | None = None
        self.player: Player | None = None
        self._events: list[tuple[str, str, int]] = []
        if not self.timeline.is_finite():
            self.broken = Broken(0, None, "cost", "start")

    # -- facts

    @property
    def playing(self) -> bool:
        """Whether it goes on by itself."""
        return self.player is not None

    @property
    def finite(self) -> bool:
        """Whether all numbers at the cursor are finite."""
        return self.broken is None or self.cursor.step < self.broken.step

    @property
    def pool(self) -> Pool:
        """Its examples."""
        return self.timeline.pool

    def settings(self) -> Settings:
        """In force at the cursor: in mid-step those of the step, at its end those of the next one."""
        return self.timeline.log.settings_after(self.cursor.parameters_step)

    def config(self) -> dict[str, Any]:
        """Every field of the configuration, as in force at the cursor."""
        settings = self.settings()
        return self.fixed_config | settings_dict(settings) | {"example": self._example_within(settings.batch_size)}

    def _example_within(self, size: int) -> dict[str, int]:
        """The example on view; in a mini-batch of fewer examples, at most its last position.

        The first of the mini-batch in place of one that was added later.
        """
        position = self.example.get("position")
        if position is None and self.example["index"] < self.pool.count(self.cursor.step):
            return dict(self.example)
        return {"position": min(position or 0, size - 1)}

    def _keep_example(self) -> None:
        """Puts another example on view where the one that was is no longer in the log."""
        if self.example.get("index", 0) >= self.pool.own + len(self.pool.added):
            self.example = {"position": 0}

    def pending(self) -> dict[str, Any]:
        """Settings that the next step will use, where they differ from those of the step that is under way."""
        after = settings_dict(self.timeline.log.settings_after(self.cursor.step))
        now = settings_dict(self.settings())
        pending = {name: value for name, value in after.items() if value != now[name]}
        coming = self.examples_count(self.cursor.step)
        return pending if coming == self.examples_count() else pending | {"examples": coming}

    # -- the view

    def view(self, include_parameters: bool = False) -> Work[dict[str, Any]]:
        """The view of the API, without id and URLs."""
        at = self.cursor.parameters_step
        if include_parameters:
            yield from self.timeline.go(at)
        answer = self.status() | (yield from self.evaluation())
        answer |= {"config": self.config(), "preprocessing": self.problem.examples.dataset.preprocessing}
        answer |= {"pending": self.pending(), "examples": self.examples_count()}
        if include_parameters:
            parameters = self.timeline.trainer.parameters
            answer["weights"] = [plain(w) for w in parameters.weights]
            answer["biases"] = [plain(b) for b in parameters.biases]
        return answer

    def status(self) -> dict[str, Any]:
        """Where it stands, and whether it plays."""
        return {
            "revision": self.revision,
            "cursor": self.cursor.as_dict(),
            "last_step": self.timeline.log.last_step,
            "epoch": self.timeline.schedule.epoch(self.cursor.step),
            "playing": self.playing,
            "play": self.player.as_dict() if self.player else None,
            "finite": self.finite,
            "not_finite": None if self.finite or self.broken is None else self.broken_dict(self.broken),
        }

    @staticmethod
    def broken_dict(broken: Broken) -> dict[str, Any]:
        """As in the view."""
        return {"step": broken.step, "layer": broken.layer, "what": broken.what, "message": broken.sentence()}

    def evaluation(self) -> Work[dict[str, Any]]:
        """Cost and accuracy at the cursor."""
        at = self.cursor.parameters_step
        found = yield from self.timeline.evaluated(at)
        return {
            "cost": {
                "train": finite(found.train_cost),
                "test": finite(found.test_cost),
                "regularization": finite((yield from self._penalty(at))),
                "of": len(self.pool.evaluated(at)),
            },
            "accuracy": {"train": finite(found.train_accuracy), "test": finite(found.test_accuracy)},
        }

    def _penalty(self, at: int) -> Work[float]:
        if not self.timeline.log.settings_after(at).regularization.active:
            return 0.0
        yield from self.timeline.go(at)
        return self.timeline.trainer.penalty()

    def examples_count(self, step: int | None = None) -> dict[str, int]:
        """Examples of each part at the end of a step, else at the cursor, and how many of them were added."""
        at = self.cursor.parameters_step if step is None else step
        added = self.pool.added_by(at)
        return {"train": self.pool.n_train(at), "test": self.problem.examples.n_test, "added": added}

    # -- the trace

    def shown(self, trace: StepTrace, position: int | None, index: int | None) -> Shown:
        """The example at a position of the mini-batch, or a row of the data set, in a traced step."""
        rows = self.pool.rows_of(trace.indices)
        if index is None:
            assert position is not None
            return Shown(trace, trace.example(position), position, int(rows[position]))
        places = np.flatnonzero(rows == index)
        if len(places):
            return Shown(trace, trace.example(int(places[0])), int(places[0]), index)
        return Shown(trace, self.timeline.trainer.trace_example(trace, *self.pool.example(index)), None, index)

    def on_view(self, trace: StepTrace) -> Shown:
        """The session's example in a traced step; in a shorter last mini-batch, at most the last position."""
        example = self._example_within(len(trace.indices))
        return self.shown(trace, example.get("position"), example.get("index"))

    def find_broken(self, step: int) -> Work[None]:
        """Notes where a step after which numbers are not finite first has such a number."""
        log = self.timeline.log
        done: Cause | None = "edit" if log.edits_after(step) else "example" if log.additions_after(step) else None
        if step == 0:
            self.broken = Broken(0, None, "cost", done or "start")
            return
        trace = yield from self.timeline.trace(step)
        found = first_not_finite(trace)
        layer, what = found or (None, "cost")
        self.broken = Broken(step, layer, what, done if done and found is None else "step")

    # -- what is told

    def tell(self, reason: str, message: str, discarded: int = 0) -> None:
        """Notes something for the viewers of the stream; ``discarded``: steps that it cut off."""
        self._events.append((reason, message, discarded))

    def drain_events(self) -> list[dict[str, Any]]:
        """What happened since the last call, as the stream tells it."""
        told = [
            {
                "revision": self.revision,
                "playing": self.playing,
                "reason": reason,
                "message": message,
                "discarded_steps": discarded,
            }
            for reason, message, discarded in self._events
        ]
        self._events.clear()
        return told
