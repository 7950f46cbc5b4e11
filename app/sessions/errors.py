"""What a session answers when a call cannot be done: one class per HTTP status, with a sentence for the student.

Every error keeps its arguments in ``args``, so that it can be pickled on its way out of the worker process.
"""

from __future__ import annotations

from typing import ClassVar

Loc = tuple[str | int, ...]


class SessionError(Exception):
    """A refused call; nothing was changed. ``detail`` is a whole sentence: what was given, what is allowed."""

    status: ClassVar[int] = 409

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class NotFound(SessionError):
    """404: no such session, step or data set."""

    status = 404


class Conflict(SessionError):
    """409: not possible in the session's present state; the sentence says which state."""

    status = 409


class PreconditionFailed(SessionError):
    """412: ``If-Match`` names a revision that is no longer the newest."""

    status = 412


class TooLarge(SessionError):
    """413: more than a limit allows; the sentence names the limit and a way around it."""

    status = 413


class Invalid(SessionError):
    """422: a value that cannot be right, wherever the session stands. ``loc`` is its place in the body or the query."""

    status = 422

    def __init__(self, loc: Loc, msg: str) -> None:
        SessionError.__init__(self, msg)
        self.args = (loc, msg)
        self.loc = loc
        self.msg = msg

    def __str__(self) -> str:
        return self.msg


class InvalidConfig(Invalid):
    """422: a session configuration whose parts don't fit each other or the data; ``loc`` starts with ``"body"``."""


class TooMany(SessionError):
    """429: too much at once; ``retry_after`` is when to try again, in seconds."""

    status = 429

    def __init__(self, retry_after: float, detail: str = "The server is busy: try again a little later.") -> None:
        SessionError.__init__(self, detail)
        self.args = (retry_after, detail)
        self.retry_after = retry_after


class Unwritten(SessionError):
    """503: what was asked for cannot be kept, the disk being full, say; so it was not done."""

    status = 503
    retry_after = 10


def examples_from_0(count: int) -> str:
    """How many examples there are, and by which numbers they are named."""
    return "1 example, number 0" if count == 1 else f"{count:,} examples, 0 to {count - 1:,}"
