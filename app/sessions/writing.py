"""The parts of a session as a JSON document has them: what `document` reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from app.datasets import DataSet
from app.engine.activations import Floats
from app.engine.training import TrainerState
from app.sessions.config import LARGEST_SEED
from app.sessions.cursor import Cursor
from app.sessions.history import History
from app.sessions.log import Log, Settings
from app.sessions.reading import finite
from app.sessions.standing import Broken


def settings_document(settings: Settings) -> dict[str, Any]:
    """Settings with all their numbers."""
    return {
        "optimizer": dict(vars(settings.optimizer)),
        "regularization": {"name": settings.regularization.name, "lambda": settings.regularization.lambda_},
        "batch_size": settings.batch_size,
        "feedback": settings.feedback,
    }


def log_document(log: Log) -> dict[str, Any]:
    """A log."""
    return {"first": settings_document(log.first), **actions_document(log)}


def moment_document(log: Log, after: int, cursor: Cursor, broken: Broken | None) -> dict[str, Any]:
    """What undo or redo goes back to; the log's beginning is also that of the one that comes next."""
    return {
        "after": after,
        **actions_document(log.since(after)),
        "cursor": cursor.as_dict(),
        "not_finite": broken_document(broken),
    }


def actions_document(log: Log) -> dict[str, Any]:
    """What a log says was done; after the same step, settings come first."""
    actions: list[dict[str, Any]] = [
        {"after": change.after, "settings": settings_document(change.settings)} for change in log.changes
    ]
    for edit in log.edits:
        weights = [{"layer": layer, "j": j, "k": k, "value": value} for layer, j, k, value in edit.weights]
        biases = [{"layer": layer, "j": j, "value": value} for layer, j, value in edit.biases]
        actions.append({"after": edit.after, "weights": weights, "biases": biases})
    for addition in log.additions:
        value = addition.value
        named = {"label": value} if isinstance(value, int) else {"targets": list(value)}
        actions.append({"after": addition.after, "example": {"inputs": list(addition.inputs), **named}})
    actions.sort(key=lambda action: action["after"])
    return {"actions": actions, "last_step": log.last_step}


def broken_document(broken: Broken | None) -> dict[str, Any] | None:
    """Where a number was first no longer finite."""
    return None if broken is None else asdict(broken)


def history_document(history: History) -> dict[str, Any]:
    """The cost curve, in columns."""
    points = history.points(history.limit, LARGEST_SEED)
    columns: dict[str, Any] = {"stride": history.stride, "steps": [step for step, _ in points]}
    for name in ("train_cost", "train_accuracy", "test_cost", "test_accuracy"):
        columns[name] = [finite(getattr(point, name)) for _, point in points]
    return columns


def data_document(data: DataSet) -> dict[str, Any]:
    """A data set with all its examples."""
    return {
        name: value.tolist() if isinstance(value, np.ndarray) else list(value) if isinstance(value, tuple) else value
        for name, value in vars(data).items()
    }


def listed(array: Floats) -> list[float | None]:
    """The numbers of an array, with null for what is not finite."""
    values: list[float | None] = array.tolist()
    if not np.isfinite(array).all():
        values = [value if value is not None and np.isfinite(value) else None for value in values]
    return values


def as_array(array: Floats) -> object:
    """The same for the archive, which takes an array as it is."""
    return array if np.isfinite(array).all() else listed(array)


def state_document(step: int, state: TrainerState, numbers: Callable[[Floats], object] = listed) -> dict[str, Any]:
    """A state."""
    return {
        "step": step,
        "parameters": numbers(state.flat),
        "optimizer": {name: numbers(array) for name, array in state.arrays.items()},
        "updates": state.t,
    }
