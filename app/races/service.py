"""Races as the web process sees them: waiting, running in a process of their own, and what they have found.

`RaceService` belongs to one event loop. Nothing here computes; a race that is cancelled is killed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import secrets
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Literal

from app.hosting.client import asking
from app.hosting.library import Library
from app.hosting.link import worker_surroundings
from app.hosting.uploads import SHARED
from app.races import runner
from app.races.keeping import RaceArchive, entry_of
from app.races.limits import RaceLimits
from app.races.race import Entry, Point, filled
from app.races.results import Results
from app.sessions.config import SessionConfig
from app.sessions.errors import Invalid, NotFound, SessionError, TooMany
from app.sessions.filling import Filled
from app.sessions.limits import Limits
from app.sessions.settings_filling import settings_dict
from app.storage import WriteQueue
from app.streaming import sse
from app.streaming.hub import Hub
from app.streaming.subscription import Subscription

logger = logging.getLogger(__name__)

State = Literal["waiting", "running", "done", "cancelled", "failed"]
Document = dict[str, Any]

TOLD_S = 0.25
"""Viewers are told of progress at most so often, in seconds."""


@dataclass
class Race:
    """One race, from the call that makes it until it is forgotten."""

    name: str
    owner: str
    entry: Entry
    config: Document
    results: Results
    created: str
    """When it was asked for, UTC."""
    state: State = "waiting"
    message: str | None = None
    started: float = 0.0
    seconds: float = 0.0
    told: float = 0.0
    kept: int = 0
    """How many of its points are kept."""
    process: SpawnProcess | None = None
    address: str = ""
    """Where who made it came from; empty where addresses are not counted."""

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "cancelled", "failed")

    def short(self) -> Document:
        """Where it stands, without the curves."""
        url = f"/api/races/{self.name}"
        return {
            "id": self.name,
            "url": url,
            "stream_url": f"{url}/stream",
            "state": self.state,
            "message": self.message,
            "progress": self.results.progress,
            "created": self.created,
            "seconds": self.seconds,
            "config": self.config,
            "feedbacks": list(self.entry.feedbacks),
            "seeds": list(self.entry.seeds),
            "epochs": self.entry.epochs,
            "summary": self.results.summary(),
        }

    def document(self) -> Document:
        """All of it."""
        return self.short() | {"runs": [curve.document() for curve in self.results.curves.values()]}


class RaceService:
    """All races of a server.

    Parameters
    ----------
    folder
        of the uploaded data sets.
    queue
        where what is to outlive this process is written.
    """

    def __init__(
        self, folder: Path, queue: WriteQueue, limits: Limits, race_limits: RaceLimits, keep_alive_s: float
    ) -> None:
        self._folder = folder
        self._archive = RaceArchive(queue)
        self._limits = limits
        self._bounds = race_limits
        self._races: dict[str, Race] = {}
        self._hub = Hub(keep_alive_s=keep_alive_s, noun="race")
        self._loop = asyncio.get_running_loop()
        self._closed = False

    async def start(self) -> None:
        """Know again the races that are kept; those that were not over begin once more, and find the same."""
        for name, owner, head, points in await self._archive.all():
            entry = entry_of(head)
            made, config = head.get("created", ""), head["config"]
            race = Race(name, owner, entry, config, Results(entry), made, head["state"], head["message"])
            race.seconds = head["seconds"]
            for point in points:
                race.results.add(point)
            race.kept = len(points)
            if not race.over:
                race.state = "waiting"
            self._races[name] = race
        self._begin()

    async def create(
        self, config: SessionConfig, feedbacks: Sequence[str], seeds: Sequence[int], epochs: int, owner: str
    ) -> Document:
        """A new race, which begins as soon as there is room. Raises Invalid, TooMany."""
        entry = Entry(config, tuple(feedbacks), tuple(seeds), epochs)
        self._check_bounds(entry)
        self._check_room(owner)
        found = await asyncio.to_thread(self._filled, entry)
        self._check_work(entry, found)
        self._check_room(owner)
        shown = found.config | settings_dict(found.problem.settings)
        shown = {name: value for name, value in shown.items() if name not in ("seed", "feedback")}
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        race = Race(secrets.token_hex(10), owner, entry, shown, Results(entry), now, address=asking.get().address)
        await self._archive.put(race)
        self._races[race.name] = race
        self._forget_oldest()
        self._begin()
        return race.document()

    def _filled(self, entry: Entry) -> Filled:
        try:
            return filled(entry, Library(self._folder), self._limits, entry.seeds[0])
        except Invalid as error:
            raise type(error)(("body", "session", *error.loc[1:]), error.msg) from None

    # --- bounds

    def _check_bounds(self, entry: Entry) -> None:
        bounds = self._bounds
        for name, values in (("feedbacks", entry.feedbacks), ("seeds", entry.seeds)):
            if len(set(values)) < len(values):
                raise Invalid(("body", name), f"Each of the {name} may be named once; one is named twice.")
        if len(entry.seeds) > bounds.race_seeds:
            raise Invalid(("body", "seeds"), f"At most {bounds.race_seeds} seeds; {len(entry.seeds)} were given.")
        if entry.epochs > bounds.race_epochs:
            raise Invalid(("body", "epochs"), f"At most {bounds.race_epochs:,} epochs; {entry.epochs:,} were given.")

    def _check_work(self, entry: Entry, found: Filled) -> None:
        problem = found.problem
        if len(problem.architecture.layers) < 3:
            raise Invalid(
                ("body", "session", "layers"),
                "Nothing is sent back in a network without hidden layers, so there is nothing to race: give at least"
                " three layers.",
            )
        work = entry.runs * entry.epochs * problem.examples.n_train * problem.architecture.n_parameters
        if work > self._bounds.race_work:
            raise Invalid(
                ("body", "epochs"),
                f"{entry.runs} copies of this network for {entry.epochs:,} epochs are {work:.2g} parameters times"
                f" examples, and a race may take {self._bounds.race_work:.2g}: choose fewer epochs or seeds, or less"
                " data.",
            )

    def _check_room(self, owner: str) -> None:
        waiting = [race for race in self._races.values() if not race.over]
        own = [race for race in waiting if race.owner == owner]
        if owner != SHARED and len(own) >= self._bounds.race_waiting_per_owner:
            raise TooMany(30, f"You have {len(own)} races that are not over yet: wait for one, or cancel it.")
        address = asking.get().address
        there = sum(race.address == address for race in waiting) if address else 0
        if there and there >= self._bounds.race_waiting_per_address:
            raise TooMany(60, f"{there} races from your network wait already, and that is the most: try again later.")
        if len(waiting) >= self._bounds.race_waiting:
            raise TooMany(60, f"{len(waiting)} races wait already, and that is the most: try again later.")

    def _forget_oldest(self) -> None:
        over = [race for race in self._races.values() if race.over]
        for race in over[: max(0, len(self._races) - self._bounds.race_kept)]:
            del self._races[race.name]
            self._archive.delete(race.name)

    # --- running

    def _begin(self) -> None:
        """Start the races that wait, oldest first, as far as there is room."""
        running = sum(race.state == "running" for race in self._races.values())
        for race in self._races.values():
            if running >= self._bounds.race_together or self._closed:
                return
            if race.state == "waiting":
                self._start(race)
                running += 1

    def _start(self, race: Race) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=False)
        arguments = (theirs, race.entry, self._folder, self._limits)
        race.process = context.Process(target=runner.main, args=arguments, name="blameflow-race", daemon=True)
        with worker_surroundings():
            race.process.start()
        theirs.close()
        race.state, race.started = "running", time.monotonic()
        threading.Thread(target=self._read, args=(race, ours), name="blameflow-race-reader", daemon=True).start()
        self._tell(race)

    def _read(self, race: Race, connection: Connection) -> None:
        """The reader thread of one race: until its process closes its end."""
        with suppress(EOFError, OSError):
            while True:
                self._to_loop(self._take, race, connection.recv())
        connection.close()
        self._to_loop(self._ended, race)

    def _to_loop(self, function: Any, *arguments: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: the server has stopped
            self._loop.call_soon_threadsafe(function, *arguments)

    def _take(self, race: Race, message: object) -> None:
        if race.over or self._closed:
            return
        race.seconds = time.monotonic() - race.started
        if isinstance(message, Point):
            race.results.add(message)
            if time.monotonic() - race.told >= TOLD_S:
                self._tell(race)
        elif isinstance(message, SessionError):
            race.state, race.message = "failed", message.detail
        elif message == runner.DONE:
            race.state = "done"

    def _ended(self, race: Race) -> None:
        """Its process has gone."""
        if race.process is not None:
            race.process.join(0)
            race.process = None
        if self._closed:
            return
        if not race.over:
            race.state = "failed"
            race.message = "The process of this race has stopped unexpectedly. What it had found is kept."
            logger.error("the process of race %s has died", race.name)
        self._tell(race)
        self._hub.end(race.name)
        self._begin()

    def _tell(self, race: Race) -> None:
        self._archive.soon(race)
        race.told = time.monotonic()
        self._publish(race)

    def _publish(self, race: Race) -> None:
        self._hub.publish(
            race.name, "topology", sse.event("race", json.dumps(race.short(), separators=(",", ":")).encode())
        )

    # --- asking

    def _race(self, name: str) -> Race:
        race = self._races.get(name)
        if race is None:
            raise NotFound(f"There is no race {name[:40]!r}; it may have been forgotten after others were run.")
        return race

    def owner(self, name: str) -> str:
        """Who started it. Raises NotFound."""
        return self._race(name).owner

    def document(self, name: str) -> Document:
        """The whole race. Raises NotFound."""
        return self._race(name).document()

    def table(self, name: str) -> str:
        """All its points as CSV. Raises NotFound."""
        return self._race(name).results.table()

    def listing(self, owner: str) -> list[Document]:
        """The owner's races without their curves, newest first."""
        return [race.short() for race in reversed(self._races.values()) if race.owner == owner]

    def subscribe(self, name: str) -> Subscription:
        """A viewer of its progress: one event at once, then whenever it has come further. Raises NotFound."""
        subscription = Subscription()
        self.follow(subscription, name)
        return subscription

    def follow(self, subscription: Subscription, name: str) -> None:
        """Let a stream of several follow this race too. Raises NotFound."""
        race = self._race(name)
        self._hub.join(subscription, name)
        self._publish(race)
        if race.over:
            self._hub.end(name)

    async def cancel(self, name: str) -> Document:
        """Stop it, if it is not over; what it has found is kept. Raises NotFound."""
        race = self._race(name)
        if not race.over:
            waiting = race.state == "waiting"
            race.state = "cancelled"
            self._kill(race)
            if waiting:
                self._ended(race)
            else:
                self._archive.soon(race)
            await self._archive.settled()
        return race.document()

    def _kill(self, race: Race) -> None:
        if race.process is not None:
            race.process.kill()

    def end_streams(self) -> None:
        """End all streams now."""
        self._hub.close()

    async def close(self) -> None:
        """Stop everything; races that are not over begin once more with the next server."""
        self._closed = True
        self.end_streams()
        running = [race for race in self._races.values() if race.process is not None]
        for race in running:
            self._kill(race)
        for race in running:
            if race.process is not None:
                await asyncio.to_thread(race.process.join)
