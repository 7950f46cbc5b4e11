"""What was changed, edited or added, in the terms of the API: for the marks on the time line, and for undo and redo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.sessions.log import Addition, Edit, Log, Settings
from app.sessions.settings_filling import settings_dict

MOST = 500
"""Actions that are told of one log: the last ones."""


def actions_of(log: Log) -> list[dict[str, Any]]:
    """What was done after each step where something was, in order; the last `MOST`."""
    return [
        _action(
            step,
            (log.settings_after(step - 1), log.settings_after(step)),
            log.edits_after(step),
            log.additions_after(step),
        )
        for step in log.action_steps[-MOST:]
    ]


def difference(before: Log, after: Log, step: int) -> dict[str, Any]:
    """The one action after a step by which a log has become another."""
    edits = after.edits_after(step)[len(before.edits_after(step)) :]
    additions = after.additions_after(step)[len(before.additions_after(step)) :]
    return _action(step, (before.settings_after(step), after.settings_after(step)), edits, additions)


def _action(
    step: int, settings: tuple[Settings, Settings], edits: Sequence[Edit], additions: Sequence[Addition]
) -> dict[str, Any]:
    old, new = map(_flat, settings)
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    return {
        "after": step,
        "settings": [{"name": name, "before": old.get(name), "after": new.get(name)} for name in names],
        "weights": sum(len(edit.weights) for edit in edits),
        "biases": sum(len(edit.biases) for edit in edits),
        "examples": len(additions),
    }


def _flat(settings: Settings) -> dict[str, float | str]:
    """Settings by the names of the form: the rule's own numbers beside its name."""
    found = settings_dict(settings)
    optimizer, penalty = found["optimizer"], found["regularization"]
    numbers = {name: value for name, value in optimizer.items() if name != "name"}
    return {
        "optimizer": optimizer["name"],
        **numbers,
        "regularization": penalty["name"],
        "lambda": penalty["lambda"],
        "batch_size": found["batch_size"],
        "feedback": found["feedback"]["name"],
    }
