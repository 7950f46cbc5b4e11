"""Which sessions make room for new ones, when there are as many as may be kept."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass

from app.hosting.capacity import Capacity
from app.hosting.uploads import SHARED
from app.sessions.errors import TooMany


@dataclass(slots=True)
class Record:
    """What the web process knows of a session."""

    owner: str
    used: float
    """When it was last asked for, in seconds since 1970."""
    touched: bool
    """Whether it was ever written to."""
    made: bool = False
    """Whether the worker has made it."""
    address: str = ""
    """Where who made it came from; empty where addresses are not counted, or the server was started since."""
    claimed: bool = False
    """Whether its owner has come back with the cookie: a script without one never does."""


class Room:
    """The room that there is for sessions.

    Parameters
    ----------
    records
        of all sessions that are kept.
    viewers
        how many watch a session.
    let_go
        deletes a session unless it plays; answers whether it is gone.
    """

    def __init__(
        self,
        records: Mapping[str, Record],
        capacity: Capacity,
        viewers: Callable[[str], int],
        let_go: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._records = records
        self._capacity = capacity
        self._viewers = viewers
        self._let_go = let_go

    async def make(self, owner: str, address: str) -> None:
        """Let go of a session that nobody needs any more if there are too many. Raises TooMany."""
        own = [session for session, record in self._records.items() if record.owner == owner and owner != SHARED]
        limit = self._capacity.sessions_per_owner
        if len(own) >= limit and not await self._one_of(filter(self._left, own)):
            raise TooMany(60, f"You have {len(own)} sessions in use, and {limit} is the most: delete or close one.")
        await self._make_at(address, own)
        limit = self._capacity.sessions
        if len(self._records) < limit or await self._one_of(filter(self._spare, self._records)):
            return
        if not await self._one_of(filter(self._left, own)):
            raise TooMany(60, f"The server keeps {limit} sessions, and they are all in use: try again later.")

    async def _make_at(self, address: str, own: list[str]) -> None:
        """The same where one address has as many as it may: one that nobody owns and nobody uses makes room first."""
        there = [session for session, record in self._records.items() if address and record.address == address]
        limit = max(1, int(self._capacity.sessions * self._capacity.address_part))
        if len(there) < limit:
            return
        for spare, sessions in ((self._spare, there), (self._nobodys, there), (self._left, own)):
            if await self._one_of(filter(spare, sessions)):
                return
        raise TooMany(
            60,
            f"The server keeps {len(there)} sessions from your network, all in use, and {limit} is the most for one:"
            " delete one, or try again later.",
        )

    async def _one_of(self, sessions: Iterable[str]) -> bool:
        """Let go of one of these: of those that were never written to, else of all, the one that has rested longest.

        Answers whether there was one.
        """
        for session in sorted(sessions, key=lambda name: (self._records[name].touched, self._records[name].used)):
            if await self._let_go(session):
                return True
        return False

    def _rests(self, session: str, seconds: float) -> bool:
        """Whether nobody watches the session, nor has asked for it for so long."""
        record = self._records[session]
        return record.made and time.time() - record.used > seconds and not self._viewers(session)

    def _left(self, session: str) -> bool:
        """Whether the session may have to make room for another one of the same visitor's."""
        return self._rests(session, self._capacity.own_seconds)

    def _nobodys(self, session: str) -> bool:
        """Whether a script made the session without a cookie, and has left it long enough for it to be put away."""
        return not self._records[session].claimed and self._rests(session, self._capacity.idle_seconds)

    def _spare(self, session: str) -> bool:
        """Whether the session may have to make room for anybody's."""
        touched = self._records[session].touched
        return self._rests(session, self._capacity.abandoned_seconds if touched else self._capacity.untouched_seconds)
