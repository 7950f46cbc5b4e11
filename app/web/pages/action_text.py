"""What undo would take back, and redo do again, in words: the twin of `told` in static/js/run/naming.js."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from app.web.picture.text import brief
from app.web.texts import named, t

Action = Mapping[str, Any]


def action_title(way: Literal["undo", "redo"], action: Action | None) -> str:
    """The title of a button: "Take back: learning rate 0.5 → 1, after step 13"."""
    if action is None:
        return t(f"{way}-nothing")
    return t(f"{way}-what", what=action_words(action), step=f"{action['after']:,}")


def action_words(action: Action) -> str:
    """An action in words: "learning rate 0.5 → 1"."""
    words = [
        t("fact", name=t(f"settings-{name}"), value=f"{_value(name, before)} → {_value(name, after)}")
        for name, before, after in (changed.values() for changed in action["settings"])
    ]
    words += [t(f"edited-{what}", count=action[what]) for what in ("weights", "biases") if action[what]]
    words += [t("added-examples", count=action["examples"])] if action["examples"] else []
    return ", ".join(words)


def _value(name: str, value: float | str | None) -> str:
    if value is None:
        return t("fact-none")
    return named(f"option-{name}-{value}", value.replace("_", " ")) if isinstance(value, str) else brief(value)
