"""What was asked and how long it took: counted for `/metrics`, written into the log, numbered for who reports it."""

from __future__ import annotations

import logging
import re
import secrets
import time

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.logs import request_number
from app.web import urls
from app.web.metrics import Metrics

logger = logging.getLogger(__name__)

NUMBER = "X-Request-ID"
_NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Observed:
    """Goes around everything else.

    Parameters
    ----------
    believed
        whether a proxy's number of the request is taken over.
    logged
        whether each request is written into the log; faults are in any case.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, believed: bool, logged: bool) -> None:
        self.app = app
        self.metrics = metrics
        self.believed = believed
        self.logged = logged

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = self.number(Headers(scope=scope))
        request_number.set(number)
        began, answered, status = time.perf_counter(), 0.0, 500

        async def numbered(message: Message) -> None:
            nonlocal answered, status
            if message["type"] == "http.response.start":
                answered, status = time.perf_counter(), message["status"]
                MutableHeaders(scope=message)[NUMBER] = number
            await send(message)

        try:
            await self.app(scope, receive, numbered)
        finally:
            now = time.perf_counter()
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = template(scope)
            self.metrics.asked(method, route, status, (answered or now) - began)
            if self.logged:
                ms = round(1_000 * (now - began), 1)
                told = {"method": method, "route": route, "status": status, "ms": ms}
                logger.info("%s %s %d, %.1f ms", method, route, status, ms, extra=told)

    def number(self, headers: Headers) -> str:
        """The request's number: the proxy's, if there is one, else a new one."""
        given = headers.get(NUMBER, "") if self.believed else ""
        return given if _NUMBER.fullmatch(given) else secrets.token_hex(8)


def template(scope: Scope) -> str:
    """The path with names in place of what differs, such as `/api/sessions/{id}/step`; so there are few of them."""
    path = getattr(scope.get("route"), "path", None)
    if isinstance(path, str) and path and not path.startswith(urls.STATIC):
        return path
    return "/static" if scope["path"].startswith("/static/") else "none"
