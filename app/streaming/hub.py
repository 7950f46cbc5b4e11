"""The hub: the newest frame of every session, shared by all its viewers.

Promises
--------
- The same bytes go to every viewer; nothing is encoded here.
- No viewer has a queue. A session has one `Topic` with the newest of each kind of event, and one `asyncio.Event` per
  tick that wakes whoever waits. A viewer that is slow finds, when it comes back, only the newest.
- Weights are never lost by being slow: a frame that carries them is a key frame, and a viewer that has not had the
  newest key frame is given it before the newest frame.
- What a viewer is given has rising numbers.
- The stream ends when the session is deleted and when the hub closes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from app.streaming import sse

KEEP_ALIVE_S = 15.0
"""Every so many seconds viewers are sent a comment, so that nothing on the way closes a quiet connection."""

Kind = Literal["topology", "frame", "key", "state"]


@dataclass(frozen=True, slots=True)
class Event:
    """An encoded event and its place in the order of publication (`number` rises over the whole topic)."""

    number: int
    text: bytes


NOTHING = Event(0, b"")


@dataclass(slots=True)
class Topic:
    """What is newest in one session, and who is to be woken."""

    topology: Event = NOTHING
    key: Event = NOTHING
    frame: Event = NOTHING
    state: Event = NOTHING
    published: int = 0
    viewers: int = 0
    beats: int = 0
    ended: bool = False
    tick: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Wake everyone who waits for this tick, and begin the next."""
        tick, self.tick = self.tick, asyncio.Event()
        tick.set()

    def put(self, kind: Kind, text: bytes) -> None:
        """Make this event the newest of its kind, and wake the viewers."""
        self.published += 1
        event = Event(self.published, text)
        if kind == "topology":
            self.topology = event
        elif kind == "state":
            self.state = event
        else:
            self.frame = event
            if kind == "key":
                self.key = event
        self.wake()


class Subscription:
    """One viewer of one session: an async context manager, and an async iterator of bytes to be sent.

    It starts with the topology and the newest key frame, or waits for them.
    """

    def __init__(self, topic: Topic, leave: Callable[[], None]) -> None:
        self._topic = topic
        self._leave = leave
        self._left = False
        self._topology = 0
        self._frame = 0
        self._beats = topic.beats
        self._state = topic.state.number  # what was said before this viewer came is in the key frame

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop viewing; the worker stops encoding when nobody views a session. May be called again."""
        if not self._left:
            self._left = True
            self._leave()

    def _fresh(self) -> Iterator[bytes]:
        """What this viewer has not had, in order; looked up one by one, since each may take long to send."""
        topic = self._topic
        if topic.topology.number > self._topology:
            self._topology = topic.topology.number
            yield topic.topology.text
        if not self._topology:
            return
        if topic.key.number > self._frame:
            self._frame = topic.key.number
            yield topic.key.text
        if topic.frame.number > self._frame and topic.key.number <= self._frame:
            self._frame = topic.frame.number
            yield topic.frame.text
        if topic.state.number > self._state:
            self._state = topic.state.number
            yield topic.state.text

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield sse.RETRY
        while True:
            tick = self._topic.tick
            given = False
            for text in self._fresh():
                given = True
                for piece in sse.pieces(text):
                    yield piece
            if self._topic.ended and not given:
                return
            if self._beats != self._topic.beats:
                self._beats = self._topic.beats
                yield sse.KEEP_ALIVE
            elif not given:
                await tick.wait()


class Hub:
    """All topics that somebody views. It belongs to one event loop; call it from that loop's thread only.

    Parameters
    ----------
    interest
        is called with a session's id and whether it has viewers, when the first comes and when the last has gone.
    keep_alive_s
        seconds between the comments that keep quiet connections open.
    """

    def __init__(
        self,
        interest: Callable[[str, bool], None] = lambda session, wanted: None,
        keep_alive_s: float = KEEP_ALIVE_S,
    ) -> None:
        self._interest = interest
        self._keep_alive_s = keep_alive_s
        self._topics: dict[str, Topic] = {}
        self._closed = False
        self._beat: asyncio.Task[None] | None = None

    def subscribe(self, session: str) -> Subscription:
        """A new viewer of the session. After `close` it ends at once."""
        if self._closed:
            return Subscription(Topic(ended=True), lambda: None)
        topic = self._topics.get(session)
        if topic is None:
            topic = self._topics[session] = Topic()
        topic.viewers += 1
        if self._beat is None:
            self._beat = asyncio.get_running_loop().create_task(self._keep_alive())
        if topic.viewers == 1:
            self._interest(session, True)
        return Subscription(topic, lambda: self._leave(session, topic))

    def _leave(self, session: str, topic: Topic) -> None:
        topic.viewers -= 1
        if not topic.viewers and self._topics.get(session) is topic:
            del self._topics[session]
            self._interest(session, False)

    def publish(self, session: str, kind: Kind, text: bytes) -> None:
        """Show an encoded event to the viewers of a session; where there are none it is forgotten."""
        topic = self._topics.get(session)
        if topic is not None:
            topic.put(kind, text)

    def viewers(self, session: str) -> int:
        """How many view this session now."""
        topic = self._topics.get(session)
        return 0 if topic is None else topic.viewers

    def sessions(self) -> tuple[str, ...]:
        """The sessions that somebody views now."""
        return tuple(self._topics)

    def end(self, session: str) -> None:
        """End the streams of a session that is no more, after what is still to be sent."""
        topic = self._topics.pop(session, None)
        if topic is not None:
            topic.ended = True
            topic.wake()

    def close(self) -> None:
        """End all streams; later viewers are turned away."""
        self._closed = True
        for session in tuple(self._topics):
            self.end(session)
        if self._beat is not None:
            self._beat.cancel()
            self._beat = None

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self._keep_alive_s)
            self.beat()

    def beat(self) -> None:
        """Send every viewer a keep-alive comment: one timer for all of them."""
        for topic in self._topics.values():
            topic.beats += 1
            topic.wake()
