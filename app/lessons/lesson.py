"""What a lesson is made of. docs/lessons.md explains how to write one."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

PHASES = Literal["feedforward", "cost", "output_error", "send_back", "gate", "gradient", "update"]


DEEDS = ("turned", "nudged")
"""What is done on the page, and no number of the session tells."""


class Part(BaseModel):
    """Nothing that is not known may stand in a lesson."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Point(Part):
    """Where the session is to stand."""

    step: Annotated[int, Field(ge=0)]
    phase: PHASES | None = None
    layer: Annotated[int, Field(ge=2)] | None = None


class Matrix(Part):
    """How the matrix panel is to stand: the layer its weights lead into, the reading, and what is lit."""

    layer: Annotated[int, Field(ge=2)]
    direction: Literal["forward", "backward", "ledger"] = "backward"
    how: Literal["gather", "scatter"] = "gather"
    row: Annotated[int, Field(ge=1)] | None = None
    column: Annotated[int, Field(ge=1)] | None = None
    question: Literal["", "row", "transpose", "inverse"] = ""


class Stage(Part):
    """What is on view when a step begins.

    ``session``: a configuration as `POST /api/sessions` takes it; left out: the session stays. ``feedback``: what sends
    the error back from then on. ``bug``: a broken backward pass, whose check is shown.
    """

    session: dict[str, Any] | None = None
    at: Point | None = None
    feedback: str | None = None
    connections: Literal["weight", "sent", "charged", "ledger"] | None = None
    neurons: Literal["a", "z", "sigma_prime", "delta", "b"] | None = None
    matrix: Matrix | None = None
    compass: bool = False
    bug: str | None = None
    pin: tuple[str, ...] = ()


class Quantity(Part):
    """One number of the step on view, by the names of the trace; j and k count from 1.

    ``of``: a field of the trace, or ``norm`` (of delta of the layer), ``ledger`` (of a connection, or without j and k
    the grand total), ``cost``, ``accuracy``, ``angle`` (degrees, by which ``operator`` misses), ``cosine``,
    ``condition`` or ``worst_cosine`` (of the weights into the layer).
    """

    of: str
    layer: Annotated[int, Field(ge=1)] | None = None
    j: Annotated[int, Field(ge=1)] | None = None
    k: Annotated[int, Field(ge=1)] | None = None
    operator: str | None = None


class Direction(Part):
    """Two numbers of the step on view as an arrow, one across and one up.

    ``of``: a field of the trace with one number for each neuron of ``layer``, or ``inverse``: the (pseudo-)inverse of
    the weights into ``layer``, times its delta. ``across`` and ``up``: of which neurons, from 1.
    """

    of: str
    layer: Annotated[int, Field(ge=1)]
    across: Annotated[int, Field(ge=1)] = 1
    up: Annotated[int, Field(ge=1)] = 2


class Ask(Part):
    """What the reader is asked for, and what is said then.

    ``kind``: `choice` (of ``options``; ``right`` is the right one, from 1), `number` (``quantity``, off by at most
    ``within`` of its size), `connection` and `neuron` (the one with the largest size of ``largest`` in ``layer``),
    `arrow` (along ``direction``, off by at most ``degrees``; ``axes``: what is across and what is up, ``beside``: an
    arrow that is there to compare with, and ``named``: what that is), or `do` (``until``: a point, an operator, or an
    accuracy that the session has to reach, or `turned`, `nudged`).
    """

    kind: Literal["choice", "number", "connection", "neuron", "arrow", "do"]
    question: str
    options: tuple[str, ...] = ()
    right: Annotated[int, Field(ge=1)] | None = None
    quantity: Quantity | None = None
    within: Annotated[float, Field(gt=0)] = 0.02
    largest: str | None = None
    layer: Annotated[int, Field(ge=1)] | None = None
    direction: Direction | None = None
    beside: Direction | None = None
    named: str = ""
    axes: tuple[str, ...] = ()
    degrees: Annotated[float, Field(gt=0, le=90)] = 15.0
    until: Point | str | None = None
    accuracy: float | None = None
    said: str
    hint: str

    @property
    def operator(self) -> str | None:
        """The feedback operator that is to be chosen, where that is what is asked for."""
        return self.until if isinstance(self.until, str) and self.until not in DEEDS else None

    @model_validator(mode="after")
    def _complete(self) -> Ask:
        needed = {
            "choice": bool(self.options) and self.right is not None and self.right <= len(self.options),
            "number": self.quantity is not None,
            "connection": self.largest is not None and self.layer is not None,
            "neuron": self.largest is not None and self.layer is not None,
            "arrow": self.direction is not None and len(self.axes) == 2,
            "do": self.until is not None or self.accuracy is not None,
        }
        if not needed[self.kind]:
            raise ValueError(f"a question of the kind {self.kind} lacks what it is checked by")
        return self


class Step(Part):
    """One step: what is said, what is on view, and perhaps a question."""

    title: str
    text: str
    stage: Stage = Stage()
    ask: Ask | None = None


class Lesson(Part):
    """A whole lesson."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    title: str
    about: str
    minutes: Annotated[int, Field(ge=1, le=60)]
    steps: Annotated[tuple[Step, ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _opens(self) -> Lesson:
        if self.steps[0].stage.session is None:
            raise ValueError("the first step opens a session")
        return self
