"""Who works next in the worker: round robin between owners and their sessions, in slices of a few milliseconds.

Two circles turn: who waits for a command, and owners of sessions that play, so that who has many does not slow down
who has one. They take turns, so that
thirty sessions that play flat out leave half of the time to commands, and no session of either kind waits for more
than one slice of each other one. Commands of one session are done in the order in which they came.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from types import GeneratorType
from typing import Protocol

Work = Generator[None, None, object]
"""Work that pauses between slices, and returns its value at the end."""

Start = Callable[[], Work | object]
"""Begins a command: answers its value at once, or the work that is still to be done."""

Done = Callable[[object, BaseException | None], None]
"""Is told what a command came to: its value, or what it raised."""


class Player(Protocol):
    """A session that may be playing."""

    def due(self) -> float | None:
        """When it goes on, in seconds of the monotonic clock; None if it does not play."""

    def play(self) -> None:
        """One slice."""


class Turns:
    """Sessions whose commands wait, by who waits for them: nobody has a second turn before everybody has had one."""

    def __init__(self) -> None:
        self._circle: dict[str, deque[str]] = {}

    def __bool__(self) -> bool:
        return bool(self._circle)

    def add(self, owner: str, session: str) -> None:
        """A session waits, after those of the same owner that do."""
        self._circle.setdefault(owner, deque()).append(session)

    def next(self) -> str:
        """The session whose turn it is; it waits no longer."""
        owner = next(iter(self._circle))
        sessions = self._circle.pop(owner)
        session = sessions.popleft()
        if sessions:
            self._circle[owner] = sessions
        return session


class Scheduler:
    """Commands and players of all sessions, by session id."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._waiting: dict[str, deque[tuple[Start, Done, str]]] = {}
        self._working: dict[str, tuple[Work, Done, str]] = {}
        self._commands = Turns()
        self._players: dict[str, Player] = {}
        self._owners: dict[str, str] = {}
        self._circle: deque[str] = deque()
        self._own: dict[str, deque[str]] = {}
        self._players_turn = False

    def submit(self, session: str, start: Start, done: Done, owner: str = "") -> None:
        """A command for a session, after those it already has; begun now if it has none.

        `owner`: in whose turns it works; empty: in the session's own.
        """
        owner = owner or session
        if session in self._waiting:
            self._waiting[session].append((start, done, owner))
            return
        self._begin(session, start, done, owner)

    def _begin(self, session: str, start: Start, done: Done, owner: str) -> None:
        """Start a command, and work its first slice if it has any."""
        try:
            work = start()
        except Exception as error:
            done(None, error)
        else:
            if not isinstance(work, GeneratorType):
                done(work, None)
                return
            self._waiting.setdefault(session, deque())
            self._working[session] = (work, done, owner)
            self._work(session)

    def _work(self, session: str) -> None:
        """One slice of the session's command; at its end the next one begins, in its own turn."""
        work, done, owner = self._working[session]
        try:
            next(work)
        except StopIteration as end:
            outcome: tuple[object, BaseException | None] = (end.value, None)
        except Exception as error:
            outcome = (None, error)
        else:
            self._commands.add(owner, session)
            return
        del self._working[session]
        if self._waiting[session]:
            self._commands.add(self._waiting[session][0][2], session)
        else:
            del self._waiting[session]
        done(*outcome)

    def _next_command(self) -> None:
        session = self._commands.next()
        if session in self._working:
            self._work(session)
            return
        waiting = self._waiting.pop(session)
        start, done, owner = waiting.popleft()
        self._begin(session, start, done, owner)
        # What was started at once has ended already; what still works has an (empty) place of its own again.
        if session in self._waiting:
            self._waiting[session].extend(waiting)
        elif waiting:
            self._waiting[session] = waiting
            self._commands.add(waiting[0][2], session)

    def play(self, session: str, player: Player, owner: str = "") -> None:
        """Let a session play from now on, for as long as it has something due; if nobody owns it, in its own turns."""
        if session not in self._players:
            owner = owner or session
            if owner not in self._own:
                self._own[owner] = deque()
                self._circle.append(owner)
            self._own[owner].append(session)
            self._owners[session] = owner
        self._players[session] = player

    def forget(self, session: str) -> None:
        """A session that is no more, or is put away: it plays no longer. Commands that still wait are refused by it."""
        if self._players.pop(session, None) is None:
            return
        owner = self._owners.pop(session)
        self._own[owner].remove(session)
        if not self._own[owner]:
            del self._own[owner]
            self._circle.remove(owner)

    def _next_player(self) -> bool:
        """A slice for the next player that is due, of the next owner who has one; whether there was one."""
        now = self._clock()
        for owner in [*self._circle]:
            self._circle.rotate(-1)
            if self._next_of(owner, now):
                return True
        return False

    def _next_of(self, owner: str, now: float) -> bool:
        """The same among an owner's sessions. A session with a command does not play."""
        own = self._own[owner]
        for session in [*own]:
            player = self._players[session]
            due = player.due()
            if due is None:
                self.forget(session)
                continue
            own.rotate(-1)
            if due <= now and session not in self._working:
                player.play()
                return True
        return False

    def busy(self, session: str) -> bool:
        """Whether a command of this session works or waits."""
        return session in self._waiting

    def playing(self) -> tuple[str, ...]:
        """The sessions that play."""
        return tuple(self._players)

    def run(self) -> bool:
        """One slice of whoever is next; whether there was anything to do now."""
        self._players_turn = not self._players_turn
        if self._commands and not self._players_turn:
            self._next_command()
            return True
        if self._next_player():
            return True
        if self._commands:
            self._next_command()
            return True
        return False

    def next_due(self) -> float | None:
        """When there is something to do: -inf for now, None for never (until a command comes)."""
        if self._commands:
            return float("-inf")
        dues = [due for player in self._players.values() if (due := player.due()) is not None]
        return min(dues, default=None)
