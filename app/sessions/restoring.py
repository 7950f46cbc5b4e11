"""From an exported document to a session that may go on: everything in it is checked, since it comes from outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.network import Architecture
from app.engine.training import TrainerState
from app.sessions.config import NamedDataset
from app.sessions.cursor import Cursor, Points
from app.sessions.data import Examples
from app.sessions.document import (
    BrokenDocument,
    CursorDocument,
    LogDocument,
    MomentDocument,
    SessionDocument,
    check_log,
    check_state,
    parameters_of,
    read_document,
)
from app.sessions.errors import Invalid, InvalidConfig
from app.sessions.filling import (
    DataSets,
    Filled,
    check_example,
    check_memory,
    check_size,
    check_targets,
    checked_architecture,
    fixed_config,
)
from app.sessions.limits import Limits
from app.sessions.log import Log
from app.sessions.settings_filling import check_batch_size
from app.sessions.standing import Broken
from app.sessions.timeline import Problem

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


def restore(document: Mapping[str, object], limits: Limits, datasets: DataSets | None) -> Restored:
    """What a document describes. Raises Invalid, with the place in it, for anything that cannot be."""
    read = read_document(document)
    architecture = _architecture(read, limits)
    problem = _problem(read, architecture, limits, datasets)
    n_train = len(problem.examples.train)
    log = _log(read.log, architecture, n_train, limits)
    points = Points(len(architecture.layers))
    cursor = _cursor(read.cursor, points, log)
    if read.state.step != cursor.parameters_step:
        raise Invalid(("body", "state", "step"), "The state is that of another step than the cursor's.")
    optimizer = log.settings_after(max(0, read.state.step - 1)).optimizer.name
    state = check_state(architecture, read.state.state(), optimizer)
    example = check_example(read.example, log.settings_after(cursor.step).batch_size, len(problem.examples.targets))
    echoed = {name: read.echoed.get(name) for name in ("initializer", "dataset", "weights", "biases")}
    undo, redo = (
        [_moment(moment, points, architecture, n_train, limits) for moment in moments]
        for moments in (read.undo, read.redo)
    )
    filled = Filled(problem, fixed_config(problem, echoed), example, read.sgd_rate)
    return Restored(filled, log, read.state.step, state, cursor, _broken(read.not_finite), undo, redo)


def _architecture(read: SessionDocument, limits: Limits) -> Architecture:
    check_size(read.layers, limits)
    return checked_architecture(read.layers, read.activations, read.cost)


def _problem(read: SessionDocument, architecture: Architecture, limits: Limits, datasets: DataSets | None) -> Problem:
    if read.data is not None:
        data = read.data.dataset()
    elif datasets is not None:
        asked = NamedDataset.model_validate(read.echoed.get("dataset"))
        data = datasets.get(asked.name, asked.size, asked.noise, read.seed)
    else:
        raise Invalid(("body", "data"), "The document has no data: export the session again.")
    if data.inputs.shape[1] != architecture.layers[0]:
        raise Invalid(("body", "data", "inputs"), "The examples have another number of inputs than the network.")
    examples = Examples(data, architecture.layers[-1], read.test_fraction, read.seed, limits.evaluation_examples)
    try:
        check_targets(architecture, examples)
    except InvalidConfig:
        raise
    except ValueError as error:
        raise Invalid(("body", "data", "values"), str(error)) from None
    return Problem(
        architecture=architecture,
        start=parameters_of(architecture, read.start),
        examples=examples,
        train_biases=read.train_biases,
        shuffle=read.shuffle,
        seed=read.seed,
        settings=read.log.first.settings(),
    )


def _log(read: LogDocument, architecture: Architecture, n_train: int, limits: Limits) -> Log:
    if len(read.actions) > limits.actions or read.last_step > limits.steps:
        raise Invalid(
            ("body", "log"),
            f"A session keeps at most {limits.steps:,} steps and {limits.actions:,} edits and changed settings.",
        )
    log = read.log()
    for settings in (log.first, *(change.settings for change in log.changes)):
        check_batch_size(settings.batch_size, n_train, ("body", "log"))
        check_memory(architecture, settings.batch_size, limits)
    return check_log(architecture, log)


def _cursor(read: CursorDocument, points: Points, log: Log) -> Cursor:
    if read.step > log.last_step:
        raise Invalid(("body", "cursor", "step"), f"The log ends at step {log.last_step}.")
    return points.find(read.step, read.phase, read.layer)


def _moment(
    read: MomentDocument, points: Points, architecture: Architecture, n_train: int, limits: Limits
) -> MomentParts:
    log = _log(read.log, architecture, n_train, limits)
    return log, min(read.after, log.last_step), _cursor(read.cursor, points, log), _broken(read.not_finite)


def _broken(read: BrokenDocument | None) -> Broken | None:
    return None if read is None else Broken(read.step, read.layer, read.what)
