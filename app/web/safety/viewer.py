"""Who looks at a page: a random number in a cookie, which owns sessions and data sets. It is not an account.

Only pages give the cookie; calls of the API never do, and without it what they make belongs to everybody (`SHARED`).
"""

from __future__ import annotations

import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

VIEWER_COOKIE = "blameflow_viewer"
SESSION_COOKIE = "blameflow_session"
COOKIE_AGE_S = 365 * 24 * 3600
SHARED = ""
"""The owner of what was made without the cookie."""

_NUMBER = re.compile(r"[A-Za-z0-9_-]{16,64}")


def of(request: Request) -> str:
    """The viewer of this request; `SHARED` where there is none, or none of ours."""
    number = request.cookies.get(VIEWER_COOKIE, SHARED)
    return number if _NUMBER.fullmatch(number) else SHARED


def new() -> str:
    """A viewer that was never there before; it can't be guessed."""
    return secrets.token_urlsafe(16)


def remember(response: Response, request: Request, cookie: str, value: str) -> None:
    """Set one of our cookies for a year: not for scripts, not for other sites, and only over TLS where there is TLS."""
    response.set_cookie(
        cookie,
        value,
        max_age=COOKIE_AGE_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
    )
