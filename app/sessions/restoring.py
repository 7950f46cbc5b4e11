"""From an exported document to a session that may go on: everything in it is checked, since it comes from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.engine.network import Architecture
from app.engine.training import TrainerState
from app.sessions.adding import check_addition
from app.sessions.config import NamedDataset
from app.sessions.cursor import Cursor, Points
from app.sessions.data import shared_examples
from app.sessions.document import (
    BrokenDocument,
    CursorDocument,
    EchoedDocument,
    HistoryDocument,
    MomentDocument,
    SessionDocument,
    StateDocument,
    check_log,
    check_state,
    parameters_of,
    read_document,
)
from app.sessions.errors import Invalid, Loc
from app.sessions.filling import (
    DataSets,
    Filled,
    check_example,
    check_memory,
    check_outputs,
    check_size,
    check_targets,
    checked_architecture,
    fixed_config,
)
from app.sessions.history import History
from app.sessions.limits import Limits
from app.sessions.log import Addition, Log
from app.sessions.problem import Problem
from app.sessions.settings_filling import check_batch_size
from app.sessions.standing import Broken

MomentParts = tuple[Log, int, Cursor, Broken | None]


@dataclass(frozen=True)
class Restored:
    """A session as a document describes it; ``state`` is the result of ``step``."""

    filled: Filled
    log: Log
    step: int
    state: TrainerState
    cursor: Cursor
    broken: Broken | None
    undo: list[MomentParts]
    redo: list[MomentParts]
    checkpoints: dict[int, TrainerState]
    history: History


def restore(document: Mapping[str, object], limits: Limits, datasets: DataSets | None) -> Restored:
    """What a document describes. Raises Invalid, with the place in it, for anything that cannot be."""
    read = read_document(document)
    architecture = _architecture(read, limits)
    problem = _problem(read, architecture, limits, datasets)
    log = _checked(read.log.log(), read.log.log().additions, problem, limits)
    points = Points(len(architecture.layers))
    cursor = _cursor(read.cursor, points, log)
    if read.state.step != cursor.parameters_step:
        raise Invalid(("body", "state", "step"), "The state is that of another step than the cursor's.")
    broken = _broken(read.not_finite)
    state = _state(read.state, architecture, log, ("body", "state"))
    if not np.isfinite(state.flat).all() and (broken is None or broken.step > read.state.step):
        raise Invalid(("body", "state", "parameters"), "A state with null is one after not_finite.")
    rows = len(problem.examples.targets) + len(log.additions)
    example = check_example(read.example, log.settings_after(cursor.step).batch_size, rows)
    undo, redo = (_moments(moments, log, points, problem, limits) for moments in (read.undo, read.redo))
    filled = Filled(problem, fixed_config(problem, _echoed(read.echoed)), example, read.sgd_rate)
    checkpoints = {
        kept.step: _state(kept, architecture, log, ("body", "checkpoints", place))
        for place, kept in enumerate(read.checkpoints)
    }
    history = _history(read.history, log, limits)
    return Restored(filled, log, read.state.step, state, cursor, broken, undo, redo, checkpoints, history)


def _echoed(read: EchoedDocument) -> dict[str, Any]:
    echoed = read.model_dump(exclude={"dataset"})
    return echoed | {"dataset": read.dataset.model_dump(exclude_none=True)}


def _state(read: StateDocument, architecture: Architecture, log: Log, loc: Loc) -> TrainerState:
    if read.step > log.last_step:
        raise Invalid((*loc, "step"), f"The log ends at step {log.last_step}.")
    optimizer = log.settings_after(read.step - 1) if read.step else log.first
    return check_state(architecture, read.state(), optimizer.optimizer.name, loc)


def _history(read: HistoryDocument, log: Log, limits: Limits) -> History:
    history = History(read.stride, limits.history_points)
    for step, point in read.points().items():
        if step > log.last_step:
            raise Invalid(("body", "history", "steps"), f"The log ends at step {log.last_step}.")
        history.add(step, point)
    return history


def _architecture(read: SessionDocument, limits: Limits) -> Architecture:
    check_size(read.layers, limits)
    return checked_architecture(read.layers, read.activations, read.cost)


def _problem(read: SessionDocument, architecture: Architecture, limits: Limits, datasets: DataSets | None) -> Problem:
    if read.data is not None:
        data = read.data.dataset()
    elif datasets is not None:
        asked = read.echoed.dataset
        if not isinstance(asked, NamedDataset):
            raise Invalid(("body", "data"), "The document has no data: export the session again.")
        data = datasets.get(asked.name, asked.size, asked.noise, read.seed)
    else:
        raise Invalid(("body", "data"), "The document has no data: export the session again.")
    if data.inputs.shape[1] != architecture.layers[0]:
        raise Invalid(("body", "data", "inputs"), "The examples have another number of inputs than the network.")
    check_outputs(architecture.layers, data)
    examples = shared_examples(data, architecture.layers[-1], read.test_fraction, read.seed, limits.evaluation_examples)
    check_targets(architecture, examples)
    return Problem(
        architecture=architecture,
        start=parameters_of(architecture, read.start),
        examples=examples,
        train_biases=read.train_biases,
        shuffle=read.shuffle,
        seed=read.seed,
        settings=read.log.first.settings(),
    )


def _checked(log: Log, additions: Sequence[Addition], problem: Problem, limits: Limits) -> Log:
    """The log, in which the additions are new."""
    architecture = problem.architecture
    if log.actions > limits.actions or log.last_step > limits.steps or len(log.additions) > limits.added_examples:
        raise Invalid(
            ("body", "log"),
            f"A session keeps at most {limits.steps:,} steps, {limits.actions:,} edits, changed settings and added "
            f"examples, and {limits.added_examples:,} of the last.",
        )
    for after, settings in ((0, log.first), *((change.after, change.settings) for change in log.changes)):
        n_train = problem.examples.n_train + sum(addition.after <= after for addition in log.additions)
        check_batch_size(settings.batch_size, n_train, ("body", "log"))
        check_memory(architecture, settings.batch_size, limits)
    for addition in additions:
        check_addition(problem, addition, ("body", "log"))
    return check_log(architecture, log)


def _cursor(read: CursorDocument, points: Points, log: Log) -> Cursor:
    if read.step > log.last_step:
        raise Invalid(("body", "cursor", "step"), f"The log ends at step {log.last_step}.")
    return points.find(read.step, read.phase, read.layer)


def _moments(
    moments: list[MomentDocument], log: Log, points: Points, problem: Problem, limits: Limits
) -> list[MomentParts]:
    """What undo or redo goes back to, the newest last; each log begins like the one that comes next."""
    parts: list[MomentParts] = []
    for read in reversed(moments):
        if read.after > log.last_step:
            raise Invalid(("body", "undo"), f"The log ends at step {log.last_step}.")
        tail = read.log_from(log.first)
        log = _checked(log.before(read.after).joined(tail), tail.additions, problem, limits)
        parts.insert(0, (log, read.after, _cursor(read.cursor, points, log), _broken(read.not_finite)))
    return parts


def _broken(read: BrokenDocument | None) -> Broken | None:
    return None if read is None else Broken(**read.model_dump())
