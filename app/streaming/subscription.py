"""One viewer's stream: what it is to be sent next, of one session or of several."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import lru_cache
from types import TracebackType
from typing import Self

from app.streaming import sse
from app.streaming.topic import Event, Place, Topic

KEEP_ALIVE = Event(0, sse.KEEP_ALIVE)
"""A sign of life in a stream of one session: a comment."""


@lru_cache(maxsize=1)
def beat_at(at: int) -> Event:
    """The same in a stream of several: an event, once for all who are sent it in the same ms."""
    return Event(0, sse.beat(at))


class Subscription:
    """A viewer: an async context manager, and an async iterator of bytes to be sent.

    A connection that can be written to at once sets `woken`, and asks for what is `next` whenever it is called.

    Parameters
    ----------
    greeting
        is sent first.
    several
        whether events are marked with the session that they are about, and whether the stream outlives its sessions.
    """

    def __init__(self, greeting: bytes = b"", several: bool = False) -> None:
        self.greeting = sse.RETRY + greeting
        self.woken: Callable[[], None] | None = None
        self._several = several
        self._places: list[Place] = []
        self._marked: Topic | None = None
        self._waiting: list[Event] = []
        self._beat_due = False
        self._finished = False
        self._news = asyncio.Event()
        self._leave: dict[Topic, Callable[[Topic], None]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def follow(self, topic: Topic, leave: Callable[[Topic], None]) -> None:
        """View a topic too; `leave` is called when this viewer has left it."""
        topic.viewers[self] = None
        self._leave[topic] = leave
        self._places.append(Place(topic))

    def close(self) -> None:
        """Stop viewing; the worker stops encoding when nobody views a session. May be called again."""
        self._finished = True
        self.woken = None
        for place in tuple(self._places):
            self._drop(place)

    def _drop(self, place: Place) -> None:
        self._places.remove(place)
        place.topic.viewers.pop(self, None)
        self._leave.pop(place.topic)(place.topic)

    def wake(self) -> None:
        """There is news."""
        if self.woken is not None:
            self.woken()
        else:
            self._news.set()

    def beat(self) -> None:
        """A sign of life is due."""
        self._beat_due = True
        self.wake()

    def finish(self) -> None:
        """Nothing more will come, after what is still to be sent."""
        self._finished = True
        self.wake()

    def ended(self, noun: str, name: str, found: bool = True) -> None:
        """Tell that nothing more will come of one topic; `found`: whether there was one."""
        self._waiting.append(Event(0, sse.note("end", {noun: name, "found": found})))

    @property
    def over(self) -> bool:
        """Whether nothing more will come, once `next` has nothing more to give."""
        return self._finished or not (self._several or self._places)

    def next(self) -> Event | None:
        """What is to be sent next; None: nothing for now."""
        if self._waiting:
            return self._waiting.pop(0)
        for place in self._places:
            event = place.next()
            if event is not None:
                if self._several and self._marked is not place.topic:
                    self._marked = place.topic
                    self._waiting.append(event)
                    return place.topic.mark
                return event
            if place.topic.ended:
                self._drop(place)
                if self._several:
                    self.ended(place.topic.noun, place.topic.name)
                return self.next()
        if self._beat_due:
            self._beat_due = False
            return beat_at(sse.now_ms()) if self._several else KEEP_ALIVE
        return None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.greeting
        while True:
            self._news.clear()
            while (event := self.next()) is not None:
                for piece in sse.pieces(event.text):
                    yield piece
            if self.over:
                return
            await self._news.wait()
