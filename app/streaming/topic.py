"""What is newest in one session, who views it, and how far each of them has come."""

from __future__ import annotations

from typing import Literal, Protocol

from app.streaming import sse

Kind = Literal["topology", "frame", "key", "state"]


class Event:
    """An encoded event, and its place in the order of publication (`number` rises over the whole topic).

    Attributes
    ----------
    chunk
        The text as one chunk of HTTP/1.1, made once for all viewers.
    """

    __slots__ = ("_chunk", "number", "text")

    def __init__(self, number: int, text: bytes) -> None:
        self.number = number
        self.text = text
        self._chunk = b""

    @property
    def chunk(self) -> bytes:
        """The text, ready for a connection."""
        if not self._chunk:
            self._chunk = sse.chunk(self.text)
        return self._chunk


class Counts:
    """Frames of all topics of a hub: offered to each viewer that was there, and taken; a slow viewer takes fewer."""

    __slots__ = ("offered", "taken")

    def __init__(self) -> None:
        self.offered = 0
        self.taken = 0


NOTHING = Event(0, b"")


class Viewer(Protocol):
    """Whoever is to be told when there is something new."""

    def wake(self) -> None:
        """Something has changed."""

    def beat(self) -> None:
        """A sign of life is due."""

    def finish(self) -> None:
        """Nothing more will come."""


class Topic:
    """The newest event of each kind in one session.

    Attributes
    ----------
    mark
        Goes before its events where a stream carries several topics.
    viewers
        In the order in which they came.
    """

    __slots__ = ("counts", "ended", "frame", "key", "mark", "name", "noun", "published", "state", "topology", "viewers")

    def __init__(self, noun: str, name: str, counts: Counts) -> None:
        self.counts = counts
        self.noun = noun
        self.name = name
        self.mark = Event(0, sse.note("about", {noun: name}))
        self.topology = self.key = self.frame = self.state = NOTHING
        self.published = 0
        self.ended = False
        self.viewers: dict[Viewer, None] = {}

    def put(self, kind: Kind, text: bytes) -> None:
        """Make this event the newest of its kind, and wake the viewers."""
        self.published += 1
        event = Event(self.published, text)
        if kind == "topology":
            self.topology = event
        elif kind == "state":
            self.state = event
        else:
            self.counts.offered += len(self.viewers)
            self.frame = event
            if kind == "key":
                self.key = event
        self.wake()

    def wake(self) -> None:
        """Wake everyone who views it."""
        for viewer in tuple(self.viewers):
            viewer.wake()

    def end(self) -> None:
        """Nothing more will come."""
        self.ended = True
        self.wake()


class Place:
    """How far one viewer has come in one topic. It starts with the topology and the newest key frame."""

    __slots__ = ("frame", "state", "topic", "topology")

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.topology = 0
        self.frame = 0
        self.state = topic.state.number  # what was said before this viewer came is in the key frame

    def next(self) -> Event | None:
        """The next event that this viewer has not had; asked for one by one, since each may take long to send."""
        topic = self.topic
        if topic.topology.number > self.topology:
            self.topology = topic.topology.number
            return topic.topology
        if not self.topology:
            return None
        if topic.key.number > self.frame:
            self.frame = topic.key.number
            topic.counts.taken += 1
            return topic.key
        if topic.frame.number > self.frame:
            self.frame = topic.frame.number
            topic.counts.taken += 1
            return topic.frame
        if topic.state.number > self.state:
            self.state = topic.state.number
            return topic.state
        return None
