"""What the web process and the worker say to each other, over one pipe between processes of our own.

The web process sends `Call`s; a call with the number `NO_ANSWER` is not answered. The worker sends one `Answer` for
every other call, and pushes `Event`s for viewers. Beside the pipe, they share `Counts`.
"""

from __future__ import annotations

import ctypes
from typing import Literal, NamedTuple

from app.sessions.errors import SessionError

NO_ANSWER = 0

EventKind = Literal["topology", "frame", "key", "state", "end"]


class Counts(ctypes.Structure):
    """What both see without asking, each written by one side only.

    Attributes
    ----------
    asked
        Calls that the web process has begun to send.
    beats
        How often the worker has come round.
    """

    _fields_ = (("asked", ctypes.c_uint64), ("beats", ctypes.c_uint64))
    asked: int
    beats: int


class Call(NamedTuple):
    """Do `method` for a session with these arguments, in the turns of `share`; empty: in the session's own."""

    number: int
    method: str
    session: str
    arguments: tuple[object, ...] = ()
    share: str = ""


class Answer(NamedTuple):
    """What became of a call: its value, or the refusal, or (for a fault of ours) its description."""

    number: int
    value: object = None
    refusal: SessionError | None = None
    fault: str | None = None


class Event(NamedTuple):
    """An encoded event for the viewers of a session; `end` says that there will be no more."""

    session: str
    kind: EventKind
    text: bytes


Message = Answer | Event


class Deserted(BaseException):
    """The web process is gone, so that there is nobody to work for. No failure of what was being done: it ends that."""
