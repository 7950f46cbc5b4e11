"""A new session's settings as parameters of an address: `/new?layers=2,4,3,2&dataset=circle&learning_rate=0.5`.

Values are read as what they look like, and the rest is for the same checks as a body of `POST /api/sessions`: a word
where a number belongs is refused there, in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import QueryParams

from app.sessions.config import SessionConfig
from app.sessions.errors import Invalid
from app.sessions.requests import SeekRequest
from app.web import shown
from app.web.carried import refused

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
MOST_LETTERS = 2_000
"""Of the whole query."""

Reader = Callable[[str], object]


def _number(text: str) -> object:
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _flag(text: str) -> object:
    return {"true": True, "false": False}.get(text, text)


def _list(item: Reader) -> Reader:
    return lambda text: [item(part.strip()) for part in text.split(",")]


def _words(text: str) -> object:
    return _list(str)(text) if "," in text else text


PLACES: dict[str, tuple[tuple[str, ...], Reader]] = {
    "layers": (("layers",), _list(_number)),
    "activations": (("activations",), _words),
    "cost": (("cost",), str),
    "initializer": (("initializer",), str),
    "scale": (("initializer", "scale"), _number),
    "train_biases": (("train_biases",), _flag),
    "optimizer": (("optimizer", "name"), str),
    "learning_rate": (("optimizer", "learning_rate"), _number),
    "momentum": (("optimizer", "momentum"), _number),
    "alpha": (("optimizer", "alpha"), _number),
    "beta1": (("optimizer", "beta1"), _number),
    "beta2": (("optimizer", "beta2"), _number),
    "epsilon": (("optimizer", "epsilon"), _number),
    "regularization": (("regularization", "name"), str),
    "lambda": (("regularization", "lambda"), _number),
    "batch_size": (("batch_size",), _number),
    "shuffle": (("shuffle",), _flag),
    "dataset": (("dataset", "name"), str),
    "size": (("dataset", "size"), _number),
    "noise": (("dataset", "noise"), _number),
    "test_fraction": (("test_fraction",), _number),
    "feedback": (("feedback", "name"), str),
    "example": (("example", "position"), _number),
    "seed": (("seed",), _number),
}
"""Where each parameter stands in the body of `POST /api/sessions`, and how it is read."""


def configuration(query: QueryParams) -> SessionConfig:
    """The configuration that a query asks for. Raises Invalid."""
    try:
        return SessionConfig.model_validate(_body(_given(query, (*PLACES, *shown.NAMES))))
    except ValidationError as error:
        raise refused(error) from None


def point(query: QueryParams) -> SeekRequest | None:
    """The point that a query names, or None. Raises Invalid."""
    given = {name: _number(query[name]) for name in shown.POINT if query.get(name)}
    if not given:
        return None
    try:
        return SeekRequest.model_validate(given)
    except ValidationError as error:
        raise refused(error) from None


def _given(query: QueryParams, known: Iterable[str]) -> dict[str, str]:
    """The parameters, none of them unknown or given twice. Raises Invalid."""
    if sum(len(name) + len(value) for name, value in query.multi_items()) > MOST_LETTERS:
        raise Invalid(("query",), f"This address is too long: {MOST_LETTERS:,} letters is the most.")
    given: dict[str, str] = {}
    for name, value in query.multi_items():
        if name not in known:
            raise Invalid(
                ("query", name[:40]), f"{name[:40]}: There is no such setting; there are {', '.join(PLACES)}."
            )
        if name in given:
            raise Invalid(("query", name), f"{name}: It was given twice.")
        given[name] = value
    return given


def _body(given: dict[str, str]) -> dict[str, Any]:
    """The body for the parameters that are settings."""
    body: dict[str, Any] = {}
    for name, (place, read) in PLACES.items():
        if name not in given:
            continue
        part = body
        for key in place[:-1]:
            inner = part.get(key, {})
            part[key] = part = inner if isinstance(inner, dict) else {"name": inner}
        part[place[-1]] = read(given[name])
    return body
