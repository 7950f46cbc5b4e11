"""Every refusal, wherever it comes from, becomes a problem (RFC 9457). Nothing else is ever answered.

`create_app` installs these instead of the framework's own handlers, one of which repeats the whole input and fails
where that holds NaN.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, cast

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match

from app.datasets import DataError
from app.sessions.errors import Invalid, SessionError
from app.web import messages, urls
from app.web.answers import problem
from app.web.observed import template
from app.web.templating import html
from app.web.texts import t

logger = logging.getLogger(__name__)

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Refused(HTTPException):
    """A refusal of the web's own, with the places that are wrong where there are any."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.errors = errors


def refused_value(loc: tuple[str | int, ...], msg: str) -> Refused:
    """422 for one value."""
    return Refused(422, messages.summary([{"loc": loc, "msg": msg}]), [{"loc": list(loc), "msg": msg}])


async def session_error(request: Request, error: Exception) -> Response:
    """What a session or the service refuses."""
    refusal = cast(SessionError, error)
    errors = [{"loc": list(refusal.loc), "msg": refusal.msg}] if isinstance(refusal, Invalid) else None
    return problem(refusal.status, refusal.detail, errors, retry_after=getattr(refusal, "retry_after", None))


async def validation_error(request: Request, error: Exception) -> Response:
    """A body, query or header that its schema refuses."""
    refused = messages.refusals(cast(RequestValidationError, error).errors())
    return problem(422, messages.summary(refused), refused)


async def data_error(request: Request, error: Exception) -> Response:
    """A file that cannot be read as a data set: its place is the file, the row and the column."""
    refusal = cast(DataError, error)
    place = [part for part in (refusal.file or "file", refusal.row, refusal.column) if part is not None]
    loc = ["query", "target"] if refusal.field == "target" else ["body", *place]
    return problem(422, str(refusal), [{"loc": loc, "msg": str(refusal)}])


async def http_error(request: Request, error: Exception) -> Response:
    """404, 405 and the like; also answers OPTIONS, which no route does by itself."""
    refusal = cast(HTTPException, error)
    headers = refusal.headers
    detail = refusal.detail
    errors = refusal.errors if isinstance(refusal, Refused) else None
    if refusal.status_code == 405:
        headers = {"Allow": ", ".join(allowed_methods(request))}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        detail = f"{request.method} is not possible here; {headers['Allow']} is."
    elif refusal.status_code == 404 and not isinstance(refusal, Refused):
        detail = f"There is nothing at {request.url.path}."
        if is_visitor(request):
            return html("refusal.html", 404, sentence=t("refusal-nothing", path=request.url.path))
    return problem(refusal.status_code, detail, errors, headers)


def is_visitor(request: Request) -> bool:
    """Whether a browser asks for a page, and not for an answer of the API."""
    of_api = f"{request.url.path}/".startswith(f"{urls.API}/")
    return request.method == "GET" and not of_api and "text/html" in request.headers.get("accept", "")


def allowed_methods(request: Request) -> list[str]:
    """The methods that the path of this request has routes for."""
    allowed = ["OPTIONS"]
    for method in METHODS:
        scope = dict(request.scope) | {"method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes):
            allowed += ["GET", "HEAD"] if method == "GET" else [method]
    return sorted(allowed)


async def disconnected(request: Request, error: Exception) -> Response:
    """The client went away while it was sending; nobody reads this."""
    return problem(400, "The request was not sent to its end.")


async def fault(request: Request, error: Exception) -> Response:
    """A fault of ours: the server logs it, and the client is told no more than that."""
    logger.error("%s %s failed: %r", request.method, template(request.scope), error)
    return problem(500, "The server made a mistake, and has written it down. Nothing that you did is wrong.")


Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]
HANDLERS: dict[int | type[Exception], Handler] = {
    SessionError: session_error,
    RequestValidationError: validation_error,
    DataError: data_error,
    HTTPException: http_error,
    ClientDisconnect: disconnected,
    Exception: fault,
}
