"""The hub: the newest events of every session, shared by all its viewers.

Promises
--------
- The same bytes go to every viewer; nothing is encoded here.
- No viewer has a queue. A session has one `Topic` with the newest of each kind of event, and a viewer that is slow
  finds, when it comes back, only the newest.
- Weights are never lost by being slow: a frame that carries them is a key frame, and a viewer that has not had the
  newest key frame is given it before the newest frame.
- What a viewer is given of a session has rising numbers.
- A stream of one session ends when the session is deleted, and every stream when the hub closes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.streaming.subscription import Subscription
from app.streaming.topic import Counts, Kind, Topic

KEEP_ALIVE_S = 5.0
"""Every so many seconds viewers are sent a sign of life: quiet connections stay open, and dead ones are noticed."""


class Hub:
    """All topics that somebody views. It belongs to one event loop; call it from that loop's thread only.

    Parameters
    ----------
    interest
        is called with a session's id and whether it has viewers, when the first comes and when the last has gone.
    keep_alive_s
        seconds between the signs of life.
    noun
        what a topic is, for streams of several: their marks say `{"session": id}`.

    Attributes
    ----------
    frames
        How many were published, each encoded once, whoever sees it.
    """

    def __init__(
        self,
        interest: Callable[[str, bool], None] = lambda session, wanted: None,
        keep_alive_s: float = KEEP_ALIVE_S,
        noun: str = "session",
    ) -> None:
        self._interest = interest
        self._keep_alive_s = keep_alive_s
        self._noun = noun
        self.counts = Counts()
        self.frames = 0
        self._topics: dict[str, Topic] = {}
        self._closed = False
        self._beat: asyncio.Task[None] | None = None

    def subscribe(self, session: str) -> Subscription:
        """A new viewer of one session. After `close` it ends at once."""
        subscription = Subscription()
        self.join(subscription, session)
        return subscription

    def join(self, subscription: Subscription, session: str) -> None:
        """Let a viewer follow this session too."""
        if self._closed:
            subscription.finish()
            return
        topic = self._topics.get(session)
        first = topic is None
        if topic is None:
            topic = self._topics[session] = Topic(self._noun, session, self.counts)
        subscription.follow(topic, self._leave)
        if self._beat is None:
            self._beat = asyncio.get_running_loop().create_task(self._keep_alive())
        if first:
            self._interest(session, True)

    def _leave(self, topic: Topic) -> None:
        if not topic.viewers and self._topics.get(topic.name) is topic:
            del self._topics[topic.name]
            self._interest(topic.name, False)

    def publish(self, session: str, kind: Kind, text: bytes) -> None:
        """Show an encoded event to the viewers of a session; where there are none it is forgotten."""
        self.frames += kind in ("frame", "key")
        topic = self._topics.get(session)
        if topic is not None:
            topic.put(kind, text)

    def viewers(self, session: str) -> int:
        """How many view this session now."""
        topic = self._topics.get(session)
        return 0 if topic is None else len(topic.viewers)

    def sessions(self) -> tuple[str, ...]:
        """The sessions that somebody views now."""
        return tuple(self._topics)

    def end(self, session: str) -> None:
        """Nothing more will come of a session: its own streams end, after what is still to be sent."""
        topic = self._topics.pop(session, None)
        if topic is not None:
            topic.end()

    def close(self) -> None:
        """End all streams; later viewers are turned away."""
        self._closed = True
        topics = tuple(self._topics.values())
        self._topics.clear()
        for viewer in {viewer for topic in topics for viewer in topic.viewers}:
            viewer.finish()
        if self._beat is not None:
            self._beat.cancel()
            self._beat = None

    async def _keep_alive(self) -> None:
        while True:
            await asyncio.sleep(self._keep_alive_s)
            self.beat()

    def beat(self) -> None:
        """Send every viewer a sign of life: one timer for all of them."""
        for viewer in {viewer for topic in self._topics.values() for viewer in topic.viewers}:
            viewer.beat()
