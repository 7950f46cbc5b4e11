"""What the documentation says of answers and refusals; the shapes themselves are in `app.web.api`."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from app.web.answers import PROBLEM
from app.web.safety.control import HEADER

DESCRIPTION = """
Training sessions of small neural networks that can be stepped one phase at a time, forward and back, and looked into.

Arrays are plain nested lists: `weights[i]` has shape `(layers[i+1], layers[i])`, so `weights[0]` is w². Fields that
name a layer or a neuron (`layer`, `j`, `k`) count from 1; positions in a batch or a data set count from 0. Numbers are
float64 and read back exactly; one that is not finite is `null`. Numbers have no unit unless one is given.

Refusals are `application/problem+json` (RFC 9457), and nothing changes when a call is refused. Unknown fields and
parameters are refused, and nothing is converted silently.
"""

TAGS = [
    {"name": "sessions", "description": "Making, seeing, changing and deleting sessions."},
    {"name": "cursor", "description": "Moving through time: step, back, seek, play, pause, undo, redo, fork."},
    {"name": "reading", "description": "Traces, checks, predictions, curves and maps."},
    {"name": "documents", "description": "Files: parameters, traces, whole sessions."},
    {"name": "stream", "description": "Frames as they happen."},
    {"name": "data sets", "description": "The built-in ones, and one's own."},
    {"name": "races", "description": "The error sent back in different ways, side by side."},
    {"name": "lessons", "description": "Lessons on the live page, checked by the engine."},
    {"name": "server", "description": "What there is to choose from."},
]


class WrongPlace(BaseModel):
    """One value that is wrong."""

    loc: list[str | int] = Field(
        description="Where it is: `body`, `query`, `path` or `header`, then names and positions.",
        examples=[["body", "layers", 1]],
    )
    msg: str = Field(description="What is wrong, as a sentence.", examples=["It must be at least 1; 0 was given."])


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    type: str = Field(description="`about:blank`: the status says it all.", examples=["about:blank"])
    title: str = Field(description="The name of the status.", examples=["Unprocessable Content"])
    status: int = Field(description="The HTTP status.", examples=[422])
    detail: str = Field(
        description="What was given and what is allowed, as a sentence.",
        examples=["layers[1]: It must be at least 1; 0 was given."],
    )
    errors: list[WrongPlace] | None = Field(
        default=None,
        description="The values that are wrong, where the body or the query holds them; at most 50.",
        examples=[[{"loc": ["body", "layers", 1], "msg": "It must be at least 1; 0 was given."}]],
    )


ANYWHERE = (400, 403, 421, 429)
"""Refusals that any call may get, before it is looked at."""
REASONS = {
    400: "The body is not JSON, or the request names no server.",
    403: "A page of another site asks for this, or the session belongs to somebody else, who has not given the token.",
    404: "There is no such session, step or data set.",
    409: "Not possible in the session's present state; the sentence says which state.",
    412: "`If-Match` names another revision than the session's.",
    413: "Larger than the server allows; the sentence says by how much, or a way around it.",
    415: "The body is sent under a type that is not taken here.",
    421: "The server is not known by this name: see `--allowed-host`.",
    422: "A value is wrong; `errors` says where.",
    429: "Too much at once: try again after `Retry-After` seconds.",
    503: "Not available for a moment: try again after `Retry-After` seconds.",
}
RETRY_AFTER = {
    "Retry-After": {"description": "When to try again, in seconds.", "schema": {"type": "integer"}, "example": 1}
}
ETAG = {"ETag": {"description": "The revision, in quotes.", "schema": {"type": "string"}, "example": '"17"'}}
CONTROL = {
    HEADER: {
        "description": "The token that allows to change it, to be sent in the same header where sessions belong to who"
        " made them.",
        "schema": {"type": "string"},
    }
}
LOCATION = {"Location": {"description": "The address of what was made.", "schema": {"type": "string"}}}


def refusals(
    *statuses: int, ok: str | None = None, view: str | None = None, created: str | None = None
) -> dict[int | str, dict[str, Any]]:
    """The answers of a route: these refusals, and its good one: anything, a view, or the view of a new session."""
    answers: dict[int | str, dict[str, Any]] = {
        status: {"description": REASONS[status], "content": {PROBLEM: {"schema": PROBLEM_REFERENCE}}}
        for status in statuses
    }
    for status in (429, 503):
        if status in answers:
            answers[status]["headers"] = RETRY_AFTER
    if ok is not None:
        answers[200] = {"description": ok}
    if view is not None:
        answers[200] = {"description": view, "headers": ETAG}
    if created is not None:
        answers[201] = {"description": created, "headers": LOCATION | ETAG | CONTROL}
    return answers


PROBLEM_REFERENCE = {"$ref": "#/components/schemas/Problem"}


def with_problem(schema: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document with the schema of refusals, which no route answers by its model."""
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {})
    schemas["Problem"] = problem
    for item in schema["paths"].values():
        for operation in item.values():
            operation["responses"] = {str(at): said for at, said in refusals(*ANYWHERE).items()} | operation[
                "responses"
            ]
    return schema


def binary(media_type: str, description: str) -> dict[int | str, dict[str, Any]]:
    """A good answer that is a file."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": description, "content": content}}
