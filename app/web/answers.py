"""Answers of the API: JSON whose numbers read back exactly, and problems as RFC 9457 describes them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

PROBLEM = "application/problem+json"
TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}
"""What RFC 9110 calls them; older versions of Python have the names of before."""
ERRORS_SHOWN = 50
"""A body can be wrong in a million places; so many are told."""


class Json(Response):
    """JSON; floats are printed with the fewest digits that read back exactly, and those not finite are null."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The bytes of the answer."""
        return to_json(content, inf_nan_mode="null")


def view(content: Mapping[str, Any], status: int = 200, location: str | None = None) -> Json:
    """A session's view, with its revision as ETag."""
    headers = {"ETag": f'"{content["revision"]}"'}
    if location is not None:
        headers["Location"] = location
    return Json(content, status, headers)


def file(content: bytes, name: str, media_type: str) -> Response:
    """A file to be saved under this name (letters, digits, dots and dashes only)."""
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def problem(
    status: int,
    detail: str,
    errors: Sequence[Mapping[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
    retry_after: float | None = None,
) -> Response:
    """A refusal.

    Parameters
    ----------
    detail
        a sentence that a student understands: what was given, what is allowed.
    errors
        `{"loc": [...], "msg": "..."}` for each place of a body or query that is wrong.
    retry_after
        when to try again, in seconds.
    """
    content: dict[str, Any] = {
        "type": "about:blank",  # RFC 9457: the status says it all, and the title is its name
        "title": TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors is not None:
        content["errors"] = list(errors[:ERRORS_SHOWN])
    shown = dict(headers or {})
    if retry_after is not None:
        shown["Retry-After"] = str(max(1, math.ceil(retry_after)))
    return Response(to_json(content), status, shown, PROBLEM)
