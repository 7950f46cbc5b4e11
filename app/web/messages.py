"""What is wrong with a value, as a sentence: what was given and what is allowed. Made from pydantic's errors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.sessions.config import plain_loc

SHOWN = 40
"""Characters of a wrong value that are repeated."""

Context = Mapping[str, Any]


def _must(what: str) -> Callable[[Context], str]:
    return lambda context: f"must be {what}"


def _item_count(word: str, key: str) -> Callable[[Context], str]:
    return lambda context: f"must have at {word} {context[key]:,}; it has {context['actual_length']:,}"


RULES: Mapping[str, Callable[[Context], str]] = {
    "int_type": _must("a whole number"),
    "int_from_float": _must("a whole number"),
    "int_parsing": _must("a whole number"),
    "int_parsing_size": _must("a whole number of fewer digits"),
    "float_type": _must("a number"),
    "float_parsing": _must("a number"),
    "finite_number": _must("a finite number, not NaN or infinity"),
    "string_type": _must("text in quotation marks"),
    "bool_type": _must("true or false"),
    "bool_parsing": _must("true or false"),
    "list_type": _must("a list"),
    "dict_type": _must("an object in braces"),
    "model_type": _must("an object in braces"),
    "model_attributes_type": _must("an object in braces"),
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
    "greater_than": lambda context: f"must be more than {context['gt']}",
    "less_than_equal": lambda context: f"must be at most {context['le']}",
    "less_than": lambda context: f"must be less than {context['lt']}",
    "literal_error": lambda context: f"must be {context['expected']}",
    "too_short": _item_count("least", "min_length"),
    "too_long": _item_count("most", "max_length"),
    "string_too_short": lambda context: f"must have at least {context['min_length']} characters",
    "string_too_long": lambda context: f"must have at most {context['max_length']} characters",
}
NOT_REPEATED = ("too_short", "too_long")


def given(value: object) -> str:
    """A wrong value as JSON would write it, shortened."""
    if isinstance(value, bytes):
        return "something else"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, Mapping):
        return "an object"
    text = json.dumps(value, ensure_ascii=True, default=lambda other: type(other).__name__)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def sentence(error: Mapping[str, Any]) -> str:
    """One of pydantic's errors, as a sentence."""
    kind = error["type"]
    if kind == "missing" and tuple(error["loc"]) == ("body",):
        return "This call needs a body, in JSON."
    if kind == "missing":
        return "This is needed, and was left out."
    if kind == "extra_forbidden":
        return "There is no field of this name."
    if kind in ("value_error", "assertion_error"):
        return str(error["ctx"]["error"])
    rule = RULES.get(kind)
    if rule is None:
        return f"{error['msg']}."
    said = rule(error.get("ctx", {}))
    if kind in NOT_REPEATED:
        return f"It {said}."
    return f"It {said}; {given(error.get('input'))} was given."


def place(loc: Iterable[str | int]) -> str:
    """A place in the body or query in words: `layers[1]`, `optimizer.learning_rate`."""
    text = ""
    for part in list(loc)[1:]:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def refusals(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """`[{"loc": [...], "msg": "..."}]` from pydantic's errors."""
    return [{"loc": list(plain_loc(error["loc"])), "msg": sentence(error)} for error in errors]


def summary(refused: list[dict[str, Any]]) -> str:
    """All of them in one `detail`: the first in full, and how many there are."""
    first = refused[0]
    where = place(first["loc"])
    text = f"{where}: {first['msg']}" if where else str(first["msg"])
    return text if len(refused) == 1 else f"{text} ({len(refused):,} values are wrong in all.)"
