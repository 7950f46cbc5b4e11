"""Routes that take exactly what they say: JSON that is JSON, and no parameter that is unknown or given twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BeforeValidator
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response

from app.web.errors import Refused, refused_value

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

JSON_TYPE = re.compile(r"application/([\w.+-]+\+)?json", re.IGNORECASE)
WHOLE = re.compile(r"-?[0-9]{1,15}")
MOST_FIELDS = 1_000
BODY_METHODS = frozenset({"POST", "PATCH", "DELETE"})


def _whole(text: object) -> object:
    if isinstance(text, str) and not WHOLE.fullmatch(text):
        raise ValueError(f"It must be a whole number of at most 15 digits; {text[:40]!r} was given.")
    return text


Whole = Annotated[int, BeforeValidator(_whole)]
"""A whole number in a query, in digits and nothing else (no spaces, no `1.0`, no `1_000`)."""


def read_json(body: bytes) -> Any:
    """The value that a body holds; NaN and infinity are let through, to be refused where they stand. Raises Refused."""
    try:
        return from_json(body)
    except ValueError as error:
        raise Refused(400, f"The body is not JSON: {error}.") from None


def check_width(value: object) -> None:
    """Raises Refused (422) for an object with so many fields that telling of each would take minutes."""
    if isinstance(value, dict):
        if len(value) > MOST_FIELDS:
            msg = f"An object has {len(value):,} fields; none here has more than {MOST_FIELDS:,}."
            raise refused_value(("body",), msg)
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            if isinstance(part, dict | list):
                check_width(part)


class StrictRequest(Request):
    """A request whose JSON is read by `read_json`: bounded in depth and digits, and only valid Unicode."""

    _value: Any = None
    _read = False

    async def json(self) -> Any:
        """The value of the body. Raises Refused (400, 422)."""
        if not self._read:
            body = await self.body()
            self._value, self._read = read_json(body), True
            if body.count(b":") > MOST_FIELDS:
                check_width(self._value)
        return self._value


def _names(dependant: Dependant) -> Iterator[str]:
    """The query parameters of a route and of what it depends on."""
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _names(inner)


def check_query(request: Request, names: frozenset[str]) -> None:
    """Raises Refused (422) for a parameter that is unknown or given twice."""
    seen: set[str] = set()
    for name, _ in request.query_params.multi_items():
        if name not in names:
            possible = f"possible are {', '.join(sorted(names))}" if names else "this address takes none"
            raise refused_value(("query", name[:40]), f"There is no such parameter; {possible}.")
        if name in seen:
            raise refused_value(("query", name), "It was given twice.")
        seen.add(name)


async def check_body(request: StrictRequest, wanted: bool) -> None:
    """Raises Refused: 400 for what is not JSON, 415 for JSON under another name, 422 where no body is taken."""
    if not await request.body():
        return
    value = await request.json()
    declared = request.headers.get("content-type", "application/json").partition(";")[0].strip()
    if not JSON_TYPE.fullmatch(declared):
        raise Refused(415, f"The body must be sent as application/json; it was sent as {declared[:40]}.")
    if not wanted and value not in (None, {}):
        raise refused_value(("body",), "This call takes no body.")


class StrictRoute(APIRoute):
    """A route of the API."""

    reads_json = True

    def get_route_handler(self) -> Handler:
        """The framework's handler, behind our checks of query and body."""
        handler = super().get_route_handler()
        names = frozenset(_names(self.dependant))
        wanted = self.body_field is not None
        has_body = self.reads_json and not BODY_METHODS.isdisjoint(self.methods or ())

        async def strict(request: Request) -> Response:
            checked = StrictRequest(request.scope, request.receive)
            check_query(checked, names)
            if has_body:
                await check_body(checked, wanted)
            return await handler(checked)

        return strict


class FileRoute(StrictRoute):
    """A route that takes files, and reads its body itself."""

    reads_json = False
