"""Who may change a session. Where only this machine reaches the server, everybody; else who made it, by the cookie,
and whoever was given its token.

A token follows from the server's secret and the id, so that none has to be kept, and one opens one session.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from typing import cast

from starlette.requests import Request

from app.web.errors import Refused
from app.web.safety import viewer

HEADER = "Blameflow-Control"
COOKIE = "blameflow_control"
MOST_TOKENS = 20
"""That a browser keeps; those that it got first are forgotten first."""
_BETWEEN = "."

WATCHING = (
    "You are watching this session, which somebody else made: make it yours with a fork, or ask its maker for the link"
    f" to control (scripts: its token in the header {HEADER})."
)


class Control:
    """Decides.

    Parameters
    ----------
    public
        whether sessions belong to who made them.
    secret
        of this server, 32 random bytes.
    """

    def __init__(self, public: bool, secret: bytes) -> None:
        self.public = public
        self._secret = secret

    def token(self, name: str) -> str:
        """What allows to change a session or a race, whoever brings it."""
        digest = hmac.digest(self._secret, name.encode(), "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()

    def is_token(self, name: str, given: str) -> bool:
        """Whether this is the token; how long that takes does not tell how much of it is right."""
        return hmac.compare_digest(self.token(name).encode(), given.encode(errors="replace"))

    def allows(self, request: Request, name: str, owner: str) -> bool:
        """Whether the request may change a session or a race that this viewer made."""
        if not self.public:
            return True
        asking = viewer.of(request)
        if owner != viewer.SHARED and hmac.compare_digest(owner.encode(), asking.encode()):
            return True
        given = [request.headers.get(HEADER, ""), *kept(request)]
        return any(self.is_token(name, token) for token in given)

    def check(self, request: Request, name: str, owner: str) -> None:
        """Raises Refused (403) for who may only watch."""
        if not self.allows(request, name, owner):
            raise Refused(403, WATCHING)

    def maker(self, request: Request) -> str:
        """Who owns what this request makes: where sessions belong to somebody, nothing is everybody's."""
        return viewer.of(request) or (viewer.new() if self.public else viewer.SHARED)

    def headers(self, name: str) -> dict[str, str]:
        """What a call that makes a session or a race is answered with."""
        return {HEADER: self.token(name)}


def of(request: Request) -> Control:
    """The server's."""
    return cast(Control, request.app.state.control)


def kept(request: Request) -> list[str]:
    """The tokens in the cookie."""
    return request.cookies.get(COOKIE, "").split(_BETWEEN)[:MOST_TOKENS]


def with_token(request: Request, token: str) -> str:
    """The cookie with one token more."""
    return _BETWEEN.join([token, *(old for old in kept(request) if old and old != token)][:MOST_TOKENS])
