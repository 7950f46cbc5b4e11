"""Sessions for the tests, and what their numbers are, to the bit."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from pydantic import BaseModel

from app.datasets import DataError, DataSet, build
from app.sessions.config import SessionConfig
from app.sessions.errors import InvalidConfig
from app.sessions.limits import Limits
from app.sessions.requests import (
    NewExample,
    ParametersPatch,
    PlayRequest,
    PredictRequest,
    SeekRequest,
    SettingsPatch,
    StepRequest,
)
from app.sessions.session import Session
from app.sessions.work import finish

BODIES: dict[str, type[BaseModel]] = {
    "step": StepRequest,
    "back": StepRequest,
    "seek": SeekRequest,
    "play": PlayRequest,
    "settings": SettingsPatch,
    "parameters": ParametersPatch,
    "examples": NewExample,
}
SMALL: dict[str, Any] = {"layers": [2, 4, 3, 2], "dataset": {"name": "circle", "size": 50}, "batch_size": 8}
"""Forty training examples: five steps an epoch."""


class BuiltIn:
    """The built-in data sets."""

    def get(self, name: str, size: int | None, noise: float | None, seed: int) -> DataSet:
        try:
            return _build(name, size, noise, seed)
        except DataError as error:
            raise InvalidConfig(("body", "dataset", error.field or "name"), str(error)) from None


@cache
def _build(name: str, size: int | None, noise: float | None, seed: int) -> DataSet:
    return build(name, size, noise, seed)


def make(limits: Limits | None = None, **config: Any) -> Session:
    """A new session."""
    return Session.create(SessionConfig.model_validate(config), BuiltIn(), limits or Limits())


def small(limits: Limits | None = None, **config: Any) -> Session:
    """A new session of five steps an epoch."""
    return make(limits, **(SMALL | config))


def do(session: Session, method: str, now: float = 0.0, **body: Any) -> dict[str, Any]:
    """A call that writes."""
    model = BODIES.get(method)
    return finish(session.perform(method, model.model_validate(body) if model else None, now=now))


def view(session: Session, include_parameters: bool = False) -> dict[str, Any]:
    """The session's view."""
    return finish(session.view(include_parameters))


def trace(session: Session, **query: Any) -> dict[str, Any]:
    """The trace as the API has it."""
    return finish(session.trace(**query))


def predict(session: Session, inputs: list[list[float]]) -> dict[str, Any]:
    """A prediction at the cursor."""
    return finish(session.predict(PredictRequest(inputs=inputs)))


def at(session: Session) -> tuple[int, str, int | None]:
    """Where the cursor stands."""
    return session.cursor.step, session.cursor.phase, session.cursor.layer


def parameters(session: Session) -> np.ndarray[Any, Any]:
    """All weights and biases at the cursor, in one vector of their own."""
    finish(session.timeline.go(session.cursor.parameters_step))
    return session.timeline.trainer.parameters.flat.copy()


def bits(session: Session) -> bytes:
    """Everything that is computed at the cursor: parameters, the optimizer's vectors, cost and accuracy."""
    step = session.cursor.parameters_step
    result = finish(session.timeline.result(step))
    evaluated = finish(session.timeline.evaluated(step))
    arrays = [parameters(session), result.flat, *(result.arrays[name] for name in sorted(result.arrays))]
    return b"".join(array.tobytes() for array in arrays) + repr((result.t, evaluated)).encode()


def trace_bits(session: Session) -> bytes:
    """Everything of the cursor's step."""
    found = finish(session.timeline.trace(session.cursor.step))
    arrays = [value for layer in found.layers for value in vars(layer).values() if isinstance(value, np.ndarray)]
    return b"".join(np.ascontiguousarray(array).tobytes() for array in (found.indices, found.costs, *arrays))


def key(session: Session) -> tuple[Any, ...]:
    """All that determines the numbers at the cursor: the point, and the log as far as it counts there."""
    log, step, complete = session.timeline.log, session.cursor.step, session.cursor.complete
    changes = tuple(change for change in log.changes if change.after < step)
    edits = tuple(edit for edit in log.edits if edit.after < step or (complete and edit.after == step))
    added = tuple(one for one in log.additions if one.after < step or (complete and one.after == step))
    return session.cursor, log.first, changes, edits, added
