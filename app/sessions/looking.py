"""What a session answers to whoever looks at it; nothing here changes where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from app.engine.activations import Floats
from app.engine.comparison import compare
from app.engine.evaluation import classes_of
from app.engine.gradient_check import gradient_check
from app.engine.optimizers import OPTIMIZERS
from app.engine.trace import StepTrace
from app.sessions.actions import actions_of
from app.sessions.comparing import comparison_json
from app.sessions.errors import Conflict, Invalid, NotFound, TooLarge, examples_from_0
from app.sessions.history import Evaluation
from app.sessions.reading import (
    Plane,
    Shown,
    check_map,
    finite,
    grid,
    inputs_array,
    maps_json,
    npz,
    parameter_arrays,
    parameters_before,
    plain,
    plane,
    trace_arrays,
    trace_json,
)
from app.sessions.requests import PredictRequest
from app.sessions.standing import Standing
from app.sessions.work import Work
from app.sessions.writing import (
    as_array,
    broken_document,
    data_document,
    history_document,
    log_document,
    state_document,
)

FORMAT = "blameflow-session"
VERSION = 1
RNG = "PCG64; every draw is from (seed, purpose, place), so that there is no state to keep"
LARGEST_EPSILON = 0.1
VECTORS = 6
"""Vectors of parameters and gradients that a session works with: the start, the present, gradients, and in between."""
EXPORT_NUMBERS = 5_000_000


class Looking(Standing):
    """A session that can be read."""

    # -- traces

    def _shown(self, step: int | None, example: int | None, index: int | None) -> Work[Shown]:
        """The trace of a step with the example that was asked for. Raises Conflict, NotFound, Invalid."""
        self._check_row(index)
        trace = yield from self.traced(step)
        if index is not None:
            return self.shown(trace, None, index)
        if example is None:
            return self.on_view(trace)
        if not 0 <= example < len(trace.indices):
            raise Invalid(
                ("query", "example"),
                f"The mini-batch of step {trace.step} has {examples_from_0(len(trace.indices))}; {example} was given.",
            )
        return self.shown(trace, example, None)

    def traced(self, step: int | None) -> Work[StepTrace]:
        """The trace of a step, the cursor's where none is named. Raises Conflict, NotFound."""
        last = self.timeline.log.last_step
        if step is None and self.cursor.step == 0:
            raise Conflict("The session stands at the start, before any step: there is nothing to trace. Step first.")
        at = self.cursor.step if step is None else step
        if not 1 <= at <= last:
            steps = f"it has steps 1 to {last}" if last else "it has made none yet"
            raise NotFound(f"This session has no step {at}: {steps}.")
        return (yield from self.timeline.trace(at))

    def _check_row(self, index: int | None) -> None:
        rows = self.pool.count(self.cursor.step)
        if index is not None and not 0 <= index < rows:
            raise Invalid(("query", "index"), f"The data set has {examples_from_0(rows)}; {index:,} was given.")

    def trace(
        self,
        step: int | None = None,
        example: int | None = None,
        index: int | None = None,
        layer: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Work[dict[str, Any]]:
        """The trace of a step, as the API has it."""
        shown = yield from self._shown(step, example, index)
        epoch = self.timeline.schedule.epoch(shown.trace.step)
        return trace_json(shown, self.pool, epoch, self.limits, layer, fields)

    def trace_npz(self, step: int | None = None, example: int | None = None, index: int | None = None) -> Work[bytes]:
        """All of a step as an npz file."""
        shown = yield from self._shown(step, example, index)
        return npz(trace_arrays(shown, self.pool, self.timeline.schedule.epoch(shown.trace.step)))

    def gradient_check(self, epsilon: float = 1e-5) -> Work[dict[str, Any]]:
        """The trace at the cursor against central differences."""
        if not 0 < epsilon <= LARGEST_EPSILON:
            raise Invalid(
                ("query", "epsilon"), f"epsilon is above 0 and at most {LARGEST_EPSILON}; {epsilon} was given."
            )
        shown = yield from self._shown(None, None, None)
        yield
        architecture, seed = self.problem.architecture, self.problem.seed
        before = parameters_before(shown.trace, architecture)
        feedback = self.timeline.log.settings_after(shown.trace.step - 1).feedback
        answer = gradient_check(architecture, before, shown.example, feedback, epsilon, seed)
        place = {"step": shown.trace.step, "example": {"position": shown.position, "index": shown.index}}
        return place | answer

    def feedback_comparison(self) -> Work[dict[str, Any]]:
        """Every operator beside the measured gradient, for the example on view of the step at the cursor."""
        shown = yield from self._shown(None, None, None)
        architecture, start = self.problem.architecture, self.problem.start
        if len(architecture.layers) < 3:
            raise Conflict("The network has no hidden layer, so nothing is sent back.")
        yield
        before, step = parameters_before(shown.trace, architecture), shown.trace.step
        measured, operators = compare(architecture, before, start, self.problem.seed, step, shown.example)
        return comparison_json(shown, self.timeline.log.settings_after(step - 1).feedback, measured, operators)

    # -- the network as it is

    def parameters_npz(self) -> Work[bytes]:
        """Weights and biases at the cursor as an npz file: ``w_2``, ``b_2``, …"""
        yield from self.timeline.go(self.cursor.parameters_step)
        return npz(parameter_arrays(self.timeline.trainer.parameters))

    def predict(self, request: PredictRequest) -> Work[dict[str, Any]]:
        """Outputs at the cursor."""
        inputs = inputs_array(request.inputs, self.problem.architecture.layers, self.limits)
        yield from self.timeline.go(self.cursor.parameters_step)
        outputs = self.timeline.trainer.predict(inputs)
        return {"outputs": plain(outputs)} | self._classes(outputs)

    def _classes(self, outputs: Floats) -> dict[str, Any]:
        """The class that the outputs name, where the data set has classes; None where they are not finite."""
        data = self.problem.examples.dataset
        if data.kind != "classification":
            return {}
        unknown = set(np.flatnonzero(~np.isfinite(outputs).all(axis=1)).tolist())
        numbers = [None if place in unknown else n for place, n in enumerate(classes_of(outputs.T).tolist())]
        names = data.classes or ()
        named = [None if n is None else names[n] if n < len(names) else str(n) for n in numbers]
        return {"labels": numbers, "classes": named}

    def response_maps(self, resolution: int = 50) -> Work[dict[str, Any]]:
        """The activation of every neuron over the plane of two inputs, at the cursor."""
        check_map(self.problem.architecture.layers, resolution, self.limits)
        (x, y), activations = yield from self._over_plane(resolution)
        return {"step": self.cursor.parameters_step} | maps_json(activations, resolution, x, y)

    def _over_plane(self, resolution: int) -> Work[tuple[Plane, Sequence[Floats]]]:
        """The plane that maps cover, and the activations of each layer over its grid, (n_l, resolution²)."""
        yield from self.timeline.go(self.cursor.parameters_step)
        there = self.pool.added_by(self.cursor.step)
        x, y = plane(self.problem.examples.dataset.inputs, self.pool.inputs_added[:there, :-1])
        return (x, y), self.timeline.trainer.feedforward(grid(x, y, resolution))[1]

    # -- the run

    def history(self, points: int = 500) -> Work[dict[str, Any]]:
        """Cost and accuracy over the run: lists of the same length, one entry for each point."""
        if not 2 <= points <= self.limits.history_points:
            raise Invalid(("query", "points"), f"points is from 2 to {self.limits.history_points}; {points} was given.")
        last = self.timeline.log.last_step
        if self.cursor.step < last:  # what lies ahead is told to its very end
            yield from self.timeline.evaluated(last)
        found = self._history_points(points)
        schedule, values = self.timeline.schedule, [point for _, point in found]
        return {
            "last_step": last,
            "steps": [step for step, _ in found],
            "epochs": [schedule.epoch(step) for step, _ in found],
            "cost": {
                "train": [finite(value.train_cost) for value in values],
                "test": [finite(value.test_cost) for value in values],
            },
            "accuracy": {
                "train": [finite(value.train_accuracy) for value in values],
                "test": [finite(value.test_accuracy) for value in values],
            },
            "actions": actions_of(self.timeline.log),
            "batch_sizes": [list(pair) for pair in self.timeline.log.batch_sizes],
            "schedule": [
                {
                    "after": leg.after,
                    "epochs": leg.epochs,
                    "offset": leg.offset,
                    "batch_size": leg.size,
                    "n_train": leg.n,
                }
                for leg in schedule.legs
            ],
        }

    def _history_points(self, count: int) -> list[tuple[int, Evaluation]]:
        """At most so many points of the curve, the last step's and the cursor's among them where they are at hand."""
        last = self.timeline.log.last_step
        known = {step: self.timeline.known_evaluation(step) for step in (last, self.cursor.parameters_step)}
        own = [(step, value) for step, value in known.items() if value is not None][: count - 1]
        return sorted(dict([*self.timeline.history.points(count - len(own), last), *own]).items())

    # -- the whole of it

    def export(self, with_data: bool = True) -> Work[dict[str, Any]]:
        """One document of which an import makes the same session.

        ``with_data``: False is for coming back on this machine: it leaves out a data set that can be looked up again,
        and takes some checkpoints along, as arrays, from which earlier steps are soon replayed.
        """
        data = self.problem.examples.dataset
        if with_data and data.inputs.size > EXPORT_NUMBERS:
            raise TooLarge(
                f"The inputs of the data set are {data.inputs.size:,} numbers, and a document holds at most "
                f"{EXPORT_NUMBERS:,}: take parameters.npz instead."
            )
        at = self.cursor.parameters_step
        state = yield from self.timeline.result(at)
        return self._fixed_document() | {
            "example": dict(self.example),
            "data": data_document(data) if with_data else None,
            "log": log_document(self.timeline.log),
            **self._moments(),
            "cursor": self.cursor.as_dict(),
            "not_finite": broken_document(self.broken),
            "state": state_document(at, state),
            "checkpoints": [] if with_data else [state_document(*kept, as_array) for kept in self.timeline.kept()],
            "history": history_document(self.timeline.history),
        }

    def _fixed_document(self) -> dict[str, Any]:
        """What of a document never changes."""
        architecture = self.problem.architecture
        echoed = ("initializer", "dataset", "weights", "biases")
        return {
            "format": FORMAT,
            "version": VERSION,
            "layers": list(architecture.layers),
            "activations": list(architecture.activations),
            "cost": architecture.cost,
            "train_biases": self.problem.train_biases,
            "shuffle": self.problem.shuffle,
            "seed": self.problem.seed,
            "test_fraction": self.problem.examples.test_fraction,
            "sgd_rate": self.sgd_rate,
            "echoed": {name: self.fixed_config[name] for name in echoed},
            "rng": RNG,
            "start": self.problem.start.flat.tolist(),
        }

    def _moments(self) -> dict[str, list[dict[str, Any]]]:
        """What undo and redo go back to."""
        return {"undo": [], "redo": []}

    def memory_bytes(self) -> int:
        """Memory of the session beside its data set, bytes."""
        architecture, settings = self.problem.architecture, self.settings()
        vectors = VECTORS + len(OPTIMIZERS[settings.optimizer.name].arrays)
        work = 8 * (6 * settings.batch_size * sum(architecture.layers) + vectors * architecture.n_parameters)
        return self.timeline.memory_bytes() + work
