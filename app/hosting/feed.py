"""What the viewers of one session are sent, and when: at most 30 frames a second, weights at most 10 times.

A *key* frame carries everything. Other frames leave out what there is per connection: it is still what the last key
frame said, as it is in all phases of one step, or, while the session plays, it may be a little old. A frame is made
only for a session that somebody views, and only when the session has moved since the last one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.hosting.messages import Event
from app.sessions.work import Work
from app.streaming.frames import PROTOCOL, SCALES, encode_event
from app.streaming.topic import Kind

FRAME_S = 1 / 30
"""Shortest time between frames, in seconds."""
KEY_S = 1 / 10
"""Shortest time between key frames while playing, in seconds."""
KEY_BYTES_PER_S = 1_000_000
"""Above it, key frames of a playing session come less often: what one viewer of a large network is sent."""
SHARE = 3
"""While playing, frames are given at most one in so many parts of a session's time."""

HEAVY = frozenset({"w", "w_after", "nabla_w", "feedback"})
"""What a layer has per connection: left out between key frames."""
NOTHING: frozenset[str] = frozenset()
GRADIENTS = frozenset({"nabla_w", "nabla_b"})
"""Left out while whole steps are played: nobody can follow them."""


Carried = list[dict[str, NDArray[np.float64]]]


class Viewed(Protocol):
    """What a feed asks of a session."""

    @property
    def revision(self) -> int: ...
    @property
    def playing(self) -> bool: ...
    def topology(self) -> dict[str, Any]: ...
    def frame_data(self) -> Work[dict[str, Any]]: ...
    def drain_events(self) -> list[dict[str, Any]]: ...


class Feed:
    """The stream of one session, at its source.

    Parameters
    ----------
    push
        takes an encoded event on its way to the viewers.
    clock
        monotonic, in seconds.
    """

    def __init__(
        self, name: str, session: Viewed, push: Callable[[Event], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.viewed = False
        self._session = session
        self._push = push
        self._clock = clock
        self._moved = False
        self._frame_due = 0.0
        self._key_due = 0.0
        self._carried: Carried = []
        self._told: object = None
        self._seq = 0

    def view(self) -> None:
        """Somebody views the session who has nothing yet: a topology and a key frame are due now."""
        self.viewed = True
        self._told = None
        self._carried = []
        self._frame_due = self._key_due = 0.0
        self.changed()

    def leave(self) -> None:
        """Nobody views the session any more."""
        self.viewed = False
        self._carried = []

    def changed(self) -> None:
        """The session was written to: tell its state, perhaps its topology, and a frame is due."""
        told = self._session.drain_events()
        if not self.viewed:
            return
        self._topology()
        for event in told:
            self._send("state", event)
        self._moved = True

    def _topology(self) -> None:
        """Tell what stays the same between frames, where it no longer does."""
        topology = self._session.topology()
        if topology != self._told:
            self._told = topology
            self._carried = []  # with a topology viewers forget what they had: a key frame follows
            self._key_due = 0.0
            self._send("topology", {"protocol": PROTOCOL, "session": self.name, "scales": SCALES, **topology})

    def ticked(self, moved: bool) -> None:
        """The session has played; what it says of itself (that it has ended, say) comes after the frame of it."""
        self._moved = self._moved or moved

    def due(self) -> float | None:
        """When the next frame is due, in seconds of the clock; None if the viewers have the newest."""
        return self._frame_due if self.viewed and self._moved else None

    def soon(self, seconds: float) -> bool:
        """Whether a frame is due within so many seconds, if the session moves: then its step is to be traced."""
        return self.viewed and self._frame_due <= self._clock() + seconds

    def emit(self) -> Work[None]:
        """Make the newest frame and push it."""
        self._moved = False
        spent, resumed = 0.0, self._clock()
        work = self._session.frame_data()
        while True:
            try:
                next(work)
            except StopIteration as end:
                data: dict[str, Any] = end.value
                break
            spent += self._clock() - resumed
            yield
            resumed = self._clock()
        if not self.viewed:
            return
        self._topology()  # it may have played on into steps of other settings, or of more examples
        self._frame(data)
        now = self._clock()
        spent += now - resumed
        self._frame_due = now + (max(FRAME_S, SHARE * spent) if data["playing"] else FRAME_S)

    def _frame(self, data: dict[str, Any]) -> None:
        omitted = GRADIENTS if data["playing"] and data["cursor"]["phase"] == "update" else NOTHING
        key = False
        if not data["playing"] or self._clock() >= self._key_due:
            carried = _carried(data["layers"], HEAVY - omitted)
            key = not _same(carried, self._carried)
        if not key:
            omitted |= HEAVY
        layers = [{name: value for name, value in layer.items() if name not in omitted} for layer in data["layers"]]
        # Numbers rise even when the worker or the server starts anew, since they are the time in ms.
        self._seq = max(self._seq + 1, time.time_ns() // 1_000_000)
        size = self._send("key" if key else "frame", {"seq": self._seq, "key": key, **data, "layers": layers})
        if key:
            self._carried = carried
            self._key_due = self._clock() + max(KEY_S, size / KEY_BYTES_PER_S)

    def _send(self, kind: Kind, content: Mapping[str, object]) -> int:
        """Push an event; answers its size in bytes."""
        text = encode_event("frame" if kind == "key" else kind, content)
        self._push(Event(self.name, kind, text))
        return len(text)


def _carried(layers: list[dict[str, Any]], names: frozenset[str]) -> Carried:
    """What a key frame of these layers carries beyond what every frame does."""
    return [{name: layer[name] for name in names if name in layer} for layer in layers]


def _same(new: Carried, old: Carried) -> bool:
    """Whether viewers have all this already, to the bit."""
    return len(new) == len(old) and all(
        name in had and (value is had[name] or np.array_equal(value, had[name]))
        for layer, had in zip(new, old, strict=True)
        for name, value in layer.items()
    )
